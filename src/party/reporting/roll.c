/* The roll of a unit on a day: who is at home in it and below it, by what is known of them. Counted in the database; each
 * table is counted by itself and compared with the whole. */
#include "figures.h"

#include "base/str.h"

void count_add(struct count *to, const struct count *more)
{
    to->n += more->n;
    to->women += more->women;
    to->probation += more->probation;
}

void tally_add(struct ctx *c, struct tallies *t, const char *code, const struct count *more)
{
    size_t i = 0;
    while (i < t->n && strcmp(t->v[i].code, code) != 0)
        i++;
    if (i == t->room) {
        struct tally *v = NEW_N(&c->arena, struct tally, t->room = t->room ? t->room * 2 : 16);
        if (t->n)
            memcpy(v, t->v, t->n * sizeof *v);
        t->v = v;
    }
    if (i == t->n)
        t->v[t->n++] = (struct tally){.code = arena_text(&c->arena, code)};
    count_add(&t->v[i].count, more);
}

struct count tally_of(const struct tallies *t, const char *code)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->v[i].code, code) == 0)
            return t->v[i].count;
    return (struct count){0};
}

struct count roll_sum(const struct count *counts, size_t n)
{
    struct count sum = {0};
    for (size_t i = 0; i < n; i++)
        count_add(&sum, &counts[i]);
    return sum;
}

static int64_t tally_sum(const struct tallies *t)
{
    int64_t sum = 0;
    for (size_t i = 0; i < t->n; i++)
        sum += t->v[i].count.n;
    return sum;
}

/* Stays of a sort that are open on the day. */
static void add_stays(struct sql *q, const struct roll *roll, bool home)
{
    if (home)
        sql_add(q, " AND m.stay = 'home'");
    else
        sql_add(q, " AND m.stay = 'temporary'");
    sql_lasts(q, "m", roll->on);
    sql_add(q, " AND m.removed_at = 0");
    scope_where_below(q, &membership_kind, ACT_READ, "m", roll->unit, roll->on);
}

void roll_whole(struct ctx *c, struct roll *roll)
{
    struct sql q = sql_new(c);
    add_value(&q, "SELECT sum(CASE WHEN m.official_on > ", roll->on); /* grouping would sort them all */
    sql_add(&q, " THEN 1 ELSE 0 END), count(*) FROM membership m");
    tree_join(&q, "m", "unit", roll->unit, roll->on);
    sql_add(&q, " WHERE 1 = 1");
    add_stays(&q, roll, true);
    struct rows *r = sql_query(&q);
    if (rows_next(r)) {
        roll->probation = rows_int(r, 0);
        roll->official = rows_int(r, 1) - roll->probation;
    }
    rows_close(r);
}

static void gather_guests(struct ctx *c, struct roll *roll)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT count(*) FROM membership m");
    tree_join(&q, "m", "unit", roll->unit, roll->on);
    sql_add(&q, " WHERE 1 = 1");
    add_stays(&q, roll, false);
    roll->guests = rows_only_int(sql_query(&q));
}

static void gather_spells(struct ctx *c, struct roll *roll)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT sp.sort, count(DISTINCT m.person) FROM membership m");
    tree_join(&q, "m", "unit", roll->unit, roll->on);
    sql_add(&q, " JOIN spell sp ON sp.shard = m.shard AND sp.person = m.person AND sp.removed_at = 0");
    sql_lasts(&q, "sp", roll->on);
    sql_add(&q, " WHERE 1 = 1");
    scope_where(&q, &spell_kind, ACT_READ, "sp");
    add_stays(&q, roll, true);
    sql_add(&q, " GROUP BY sp.sort");
    struct rows *r = sql_query(&q);
    while (rows_next(r))
        tally_add(c, &roll->spells, rows_copy(c, r, 0), &(struct count){.n = rows_int(r, 1)});
}

/* --- by sex, age and branch ------------------------------------------------------------------------ */

static int sex_of(const char *word)
{
    return !word ? SEX_NOT_KNOWN : strcmp(word, "female") == 0 ? WOMEN : strcmp(word, "male") == 0 ? MEN : SEX_NOT_KNOWN;
}

static int age_band(int64_t years, bool known)
{
    if (!known || years < 0)
        return AGE_UNKNOWN;
    return years <= 30 ? AGE_30 : years <= 40 ? AGE_40 : years <= 50 ? AGE_50 : years <= 60 ? AGE_60 : AGE_OVER;
}

/* Rows come in the order of branches, mostly, so the last one is looked at first. */
static struct branch *branch_of(struct roll *roll, int64_t unit)
{
    struct branch *last = &roll->branches[roll->last];
    if (last->unit == unit)
        return last;
    for (roll->last = 0; roll->last < roll->nbranches - 1; roll->last++)
        if (roll->branches[roll->last].unit == unit)
            break;
    return &roll->branches[roll->last]; /* the one of no unit takes what no listed branch holds */
}

/* From the branches down: those directly below with all below them, and the unit itself without. The branch, then the
 * closure of what stands under it; whoever continues may begin with " AND" or "JOIN". */
static void add_branches(struct sql *q, const struct roll *roll)
{
    sql_add(q, " FROM unit_above ua JOIN unit_above ub ON ub.above = ua.unit AND (ua.depth = 1 OR ub.depth = 0)");
    sql_lasts(q, "ub", roll->on);
}

static void end_branches(struct sql *q, const struct roll *roll)
{
    add_value(q, " WHERE ua.depth <= 1 AND ua.above = ", roll->unit);
    sql_lasts(q, "ua", roll->on);
}

static void gather_branch_members(struct ctx *c, struct roll *roll)
{
    struct sql q = sql_new(c);
    add_value(&q, "SELECT ua.unit, CASE WHEN m.official_on > ", roll->on);
    add_value(&q, " THEN 1 ELSE 0 END, p.sex, (", roll->on);
    sql_add(&q, " - p.born) / 10000, count(*)");
    add_branches(&q, roll);
    sql_add(&q, " JOIN membership m ON m.unit = ub.unit");
    add_person(&q);
    end_branches(&q, roll);
    add_stays(&q, roll, true);
    sql_add(&q, " GROUP BY 1, 2, 3, 4");
    struct rows *r = sql_query(&q);
    while (rows_next(r)) {
        int sex = sex_of(rows_text(r, 2)), band = age_band(rows_int(r, 3), !rows_null(r, 3));
        int64_t n = rows_int(r, 4);
        struct count one = {n, sex == WOMEN ? n : 0, rows_int(r, 1) ? n : 0};
        struct branch *b = branch_of(roll, rows_int(r, 0));
        count_add(&b->count, &one);
        count_add(&roll->sex[sex], &one);
        count_add(&roll->age[band], &one);
        b->young += band == AGE_30 ? n : 0;
        if (band != AGE_UNKNOWN) {
            roll->age_sum += rows_int(r, 3) * n;
            roll->age_known += n;
        }
    }
}

static void gather_branch_cells(struct ctx *c, struct roll *roll)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT ua.unit, s.type, count(*)");
    add_branches(&q, roll);
    sql_add(&q, " JOIN unit u ON u.shard = 0 AND u.id = ub.unit");
    tree_open(&q, "u", roll->on);
    add_state(&q, roll->on);
    end_branches(&q, roll);
    scope_where_below(&q, &unit_kind, ACT_READ, "u", roll->unit, roll->on);
    sql_add(&q, " GROUP BY 1, 2");
    struct rows *r = sql_query(&q);
    while (rows_next(r))
        if (rule_flag(rule_item(c, "unit_type", rows_text(r, 1), roll->on), "holds_members"))
            branch_of(roll, rows_int(r, 0))->cells += rows_int(r, 2);
}

static void gather_branches(struct ctx *c, struct roll *roll)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT u.id, s.name, s.type, u.sort FROM unit u");
    add_state(&q, roll->on);
    tree_join(&q, "u", "id", roll->unit, roll->on);
    sql_add(&q, " WHERE u.shard = 0 AND ua.depth = 1");
    tree_open(&q, "u", roll->on);
    scope_where_below(&q, &unit_kind, ACT_READ, "u", roll->unit, roll->on);
    sql_add(&q, " ORDER BY COALESCE(u.position, 1000000), u.sort_key, u.id");
    size_t room = 64;
    roll->branches = NEW_N(&c->arena, struct branch, room);
    struct rows *r = sql_query(&q);
    while (rows_next(r)) {
        if (roll->nbranches + 2 == room) {
            struct branch *more = NEW_N(&c->arena, struct branch, room *= 2);
            memcpy(more, roll->branches, roll->nbranches * sizeof *more);
            roll->branches = more;
        }
        roll->branches[roll->nbranches++] =
            (struct branch){.unit = rows_int(r, 0), .name = rows_copy(c, r, 1), .type = rows_copy(c, r, 2), .sort = rows_copy(c, r, 3)};
    }
    roll->branches[roll->nbranches++] = (struct branch){.unit = roll->unit, .name = "", .type = "", .sort = ""};
    roll->branches[roll->nbranches++] = (struct branch){.name = "", .type = "", .sort = ""};
}

/* --- by what the dossier says ---------------------------------------------------------------------- */

static void gather_dossiers(struct ctx *c, struct roll *roll)
{
    struct sql q = sql_new(c);
    add_value(&q, "SELECT p.ethnicity, p.schooling, p.qualification, p.theory, (", roll->on);
    sql_add(&q, " - COALESCE(p.admission_decided_on, p.admitted_on)) / 100000, p.sex, ");
    add_value(&q, "CASE WHEN m.official_on > ", roll->on);
    sql_add(&q, " THEN 1 ELSE 0 END, count(*) FROM membership m");
    tree_join(&q, "m", "unit", roll->unit, roll->on);
    add_person(&q);
    sql_add(&q, " WHERE 1 = 1");
    add_stays(&q, roll, true);
    sql_add(&q, " GROUP BY 1, 2, 3, 4, 5, 6, 7");
    struct tallies *const by[] = {&roll->ethnicity, &roll->schooling, &roll->qualification, &roll->theory};
    struct rows *r = sql_query(&q);
    while (rows_next(r)) {
        int64_t n = rows_int(r, 7), decade = rows_int(r, 4);
        size_t band = rows_null(r, 4) || decade < 0 ? PARTY_AGE_UNKNOWN : decade > 6 ? 6 : (size_t)decade;
        struct count one = {n, sex_of(rows_text(r, 5)) == WOMEN ? n : 0, rows_int(r, 6) ? n : 0};
        for (int i = 0; i < (int)N(by); i++)
            tally_add(c, by[i], rows_null(r, i) ? "" : rows_text(r, i), &one);
        count_add(&roll->party_age[band], &one);
    }
}

static void compare(struct ctx *c, const struct roll *roll)
{
    int64_t whole = roll->official + roll->probation, branches = 0;
    struct count sex = roll_sum(roll->sex, SEXES), party_age = roll_sum(roll->party_age, PARTY_AGES);
    for (size_t i = 0; i < roll->nbranches; i++)
        branches += roll->branches[i].count.n;
    must_agree(c, say(c, "bảng theo giới tính", "the table by sex"), sex.n, whole);
    must_agree(c, say(c, "bảng theo độ tuổi", "the table by age"), roll_sum(roll->age, AGES).n, whole);
    must_agree(c, say(c, "bảng theo tuổi đảng", "the table by years in the Party"), party_age.n, whole);
    must_agree(c, say(c, "bảng theo dân tộc", "the table by ethnicity"), tally_sum(&roll->ethnicity), whole);
    must_agree(c, say(c, "bảng theo học vấn", "the table by schooling"), tally_sum(&roll->schooling), whole);
    must_agree(c, say(c, "bảng theo chuyên môn", "the table by qualification"), tally_sum(&roll->qualification), whole);
    must_agree(c, say(c, "bảng theo lý luận chính trị", "the table by political theory"), tally_sum(&roll->theory), whole);
    must_agree(c, say(c, "bảng theo đơn vị trực thuộc", "the table by unit below"), branches, whole);
    must_agree(c, say(c, "số nữ", "women"), sex.women, party_age.women);
    must_agree(c, say(c, "số dự bị", "probationary members"), sex.probation, roll->probation);
}

bool roll_gather(struct ctx *c, struct roll *roll, int64_t unit, day on)
{
    *roll = (struct roll){.unit = unit, .on = on};
    roll_whole(c, roll);
    gather_guests(c, roll);
    gather_spells(c, roll);
    gather_branches(c, roll);
    gather_branch_members(c, roll);
    gather_branch_cells(c, roll);
    gather_dossiers(c, roll);
    if (!failed(c))
        compare(c, roll);
    return !failed(c);
}
