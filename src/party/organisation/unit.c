/* Units of every sort in one dated tree: Party organisations, state bodies, the Front and mass bodies, residential
 * areas. A unit never changes identity. This record holds it as it stands last; unit_state holds what it was and when. Name,
 * type, level and superior change by decision (unit_change); set here, they correct the last state. */
#include "party/verbs.h"

#include "base/str.h"
#include "model/memo.h"
#include "model/type.h"

enum unit_sort { SORT_NONE, SORT_PARTY, SORT_STATE, SORT_MASS, SORT_AREA };
static const struct word unit_sort_words[] = {
    {NULL, {"", ""}},
    {"party", {"Tổ chức đảng", "Party organisation"}},
    {"state", {"Chính quyền", "State body"}},
    {"mass", {"Mặt trận, đoàn thể", "Front or mass body"}},
    {"area", {"Khu dân cư", "Residential area"}},
};
COMPLETE(unit_sort, SORT_AREA);

struct unit {
    struct row row;
    text code, name, short_name;
    enum unit_sort sort;
    choice type, level;
    unit_id superior, serves;
    day founded_on, closed_on;
    text address, phone;
    number position, home;
    text note;
};

static const struct field fields[] = {
    TEXT(unit, code, .label = {"Mã đơn vị", "Code"}, .flags = REQUIRED | LISTED | UNIQUE | SEARCHED, .min = 1, .max = 40, .also = "Mã|Mã số"),
    TEXT(unit, name, .label = {"Tên đơn vị", "Name"}, .flags = REQUIRED | LISTED | SEARCHED, .min = 2, .max = 200, .also = "Tên|Đơn vị|Tên chi bộ|Tên tổ chức"),
    TEXT(unit, short_name, .label = {"Tên gọi tắt", "Short name"}, .max = 80),
    ENUM(unit, sort, unit_sort, .label = {"Khối", "Sort"}, .flags = REQUIRED | LISTED),
    CHOICE(unit, type, unit_type, .label = {"Loại hình", "Type"}, .flags = REQUIRED | LISTED, .also = "Loại đơn vị|Loại"),
    CHOICE(unit, level, level, .label = {"Cấp", "Level"}, .flags = LISTED),
    REF(unit, superior, unit, .label = {"Đơn vị cấp trên", "Superior"}, .flags = LISTED, .also = "Cấp trên|Trực thuộc|Mã cấp trên|Đơn vị cấp trên trực tiếp"),
    REF(unit, serves, unit, .label = {"Địa bàn phụ trách", "Serves"}, .also = "Khu dân cư|Phục vụ|Thôn"),
    DAY(unit, founded_on, .label = {"Ngày thành lập", "Founded on"}, .flags = LISTED, .also = "Thành lập"),
    DAY(unit, closed_on, .label = {"Kết thúc hoạt động từ ngày", "Closed on"}, .flags = UNTIL | READONLY),
    TEXT(unit, address, .label = {"Địa chỉ", "Address"}, .max = 300),
    TEXT(unit, phone, .label = {"Điện thoại", "Telephone"}, .max = 40, .also = "Số điện thoại|ĐT"),
    NUMBER(unit, position, .label = {"Thứ tự", "Position"}, .min = 0, .max = 100000, .also = "TT hiển thị"),
    NUMBER(unit, home, .label = {"Phân vùng", "Shard of its records"}, .flags = READONLY),
    TEXT(unit, note, .label = {"Ghi chú", "Note"}, .max = 1000),
};

static const char *word_of(enum unit_sort s)
{
    return unit_sort_words[s].word;
}

static enum unit_sort sort_of(const char *word)
{
    for (size_t i = 1; word && i < N(unit_sort_words); i++)
        if (strcmp(unit_sort_words[i].word, word) == 0)
            return (enum unit_sort)i;
    return SORT_NONE;
}

static void fill(struct ctx *c, void *now, const void *was)
{
    struct unit *u = now;
    const struct unit *old = was;
    const struct rule_item *type = rule_item(c, "unit_type", u->type.s, u->founded_on);
    if (!u->sort)
        u->sort = sort_of(rule_attr(type, "sort"));
    if (!u->level.s)
        u->level.s = rule_attr(type, "level");
    u->row.unit = u->superior.v ? u->superior.v : u->row.id;
    if (old) {
        u->home = old->home;
        if (!c->consequence && !c->undoing)
            u->closed_on = old->closed_on; /* a unit is closed by a decision */
        return;
    }
    if (c->restoring && u->home.set)
        return;
    if (!c->consequence && !c->undoing && !c->restoring)
        u->closed_on.v = 0;
    /* A province keeps its records together: its own shard; all below share it. */
    int64_t above = u->superior.v ? db_one_int(c, "SELECT home FROM unit WHERE shard = 0 AND id = $1", V(u->superior.v)) : 0;
    bool own = !above || (u->level.s && strcmp(u->level.s, "province") == 0 && u->sort == SORT_PARTY);
    u->home = (number){own ? u->row.id : above, true};
}

static void check_type(struct ctx *c, struct problems *p, const struct unit *u)
{
    const struct rule_item *type = rule_item(c, "unit_type", u->type.s, u->founded_on);
    const char *sort = rule_attr(type, "sort");
    if (sort && u->sort && strcmp(sort, word_of(u->sort)) != 0)
        problem(p, "type", "Loại hình “%s” không thuộc khối “%s”: chọn lại một trong hai.", "Type “%s” is not of the sort “%s”: choose one of them again.",
                in_words(c, type->label), in_words(c, unit_sort_words[u->sort].label));
}

static void check_superior(struct ctx *c, struct problems *p, const struct unit *u, const struct unit *old)
{
    if (!u->superior.v || (old && old->superior.v == u->superior.v))
        return;
    day from = u->founded_on.v ? u->founded_on : (day){DAY_EVER};
    if (u->superior.v == u->row.id || (old && tree_ever_below(c, u->superior.v, u->row.id, from)))
        problem(p, "superior", "“%s” không thể nằm dưới chính nó hoặc dưới đơn vị cấp dưới của nó: chọn cấp trên khác.",
                "“%s” cannot stand under itself or under one of its own: choose another superior.", u->name.s);
    else if (!c->undoing && !scope_allows(c, &unit_kind, old ? ACT_CHANGE : ACT_ADD, u->superior.v, 0))
        problem(p, "superior", "Bạn không có quyền ở đơn vị cấp trên %s.", "You have no rights over the superior %s.", unit_name(c, u->superior.v));
    else if (!c->undoing && u->closed_on.v == 0 && !unit_open_on(c, u->superior.v, old ? c->today : from.v == DAY_EVER ? c->today : from))
        problem(p, "superior", "Đơn vị cấp trên %s không hoạt động vào ngày đó (chưa thành lập hoặc đã kết thúc): chọn đơn vị khác.",
                "The superior %s was not open on that day (not founded yet, or closed): choose another.", unit_name(c, u->superior.v));
}

static void check(struct ctx *c, struct problems *p, const void *now, const void *was)
{
    const struct unit *u = now, *old = was;
    check_type(c, p, u);
    check_superior(c, p, u, old);
    if (u->serves.v && u->serves.v == u->row.id)
        problem(p, "serves", "Đơn vị không thể phụ trách chính nó.", "A unit cannot serve itself.");
    /* Whoever reads the unit reads there: nobody gives more than they have. */
    else if (u->serves.v && (!old || old->serves.v != u->serves.v) && !c->undoing && !scope_allows(c, &unit_kind, ACT_READ, u->serves.v, 0))
        problem(p, "serves", "Bạn không có quyền xem địa bàn này: nhờ người có quyền ở đó hoặc cấp trên ghi đơn vị phụ trách.",
                "You have no right to see this area: somebody with rights there, or a superior, must enter who serves it.");
}

/* --- states: what the unit was and when ----------------------------------------------------------- */

struct unit_state {
    struct row row;
    unit_id of_unit;
    day since, until;
    text name;
    choice type, level;
    unit_id superior;
};

static const struct field state_fields[] = {
    REF(unit_state, of_unit, unit, .label = {"Đơn vị", "Unit"}, .flags = REQUIRED | LISTED),
    DAY(unit_state, since, .label = {"Từ ngày", "Since"}, .flags = REQUIRED | LISTED),
    DAY(unit_state, until, .label = {"Đến trước ngày", "Until"}, .flags = UNTIL | LISTED),
    TEXT(unit_state, name, .label = {"Tên", "Name"}, .flags = REQUIRED | LISTED, .max = 200),
    CHOICE(unit_state, type, unit_type, .label = {"Loại hình", "Type"}, .flags = LISTED),
    CHOICE(unit_state, level, level, .label = {"Cấp", "Level"}, .flags = LISTED),
    REF(unit_state, superior, unit, .label = {"Đơn vị cấp trên", "Superior"}, .flags = LISTED),
};

static void state_fill(struct ctx *c, void *now, const void *was)
{
    struct unit_state *s = now;
    (void)c;
    (void)was;
    s->row.unit = s->of_unit.v;
}

/* A unit that was restored without its states has one that bears its own id. */
static void drop_stand_in(struct ctx *c, int64_t unit)
{
    struct problems p;
    problems_start(&p, c);
    if (db_one_int(c, "SELECT 1 FROM unit_state WHERE id = $1 AND of_unit = $1 AND removed_at = 0", V(unit)))
        record_remove(c, &unit_state_kind, unit, 0, &p);
}

static void state_saved(struct ctx *c, const void *now, const void *was)
{
    const struct unit_state *s = now ? now : was, *old = was;
    if (c->restoring && now && !was && s->row.id != s->of_unit.v)
        drop_stand_in(c, s->of_unit.v);
    bool same = now && was && s->since.v == old->since.v && s->until.v == old->until.v && s->superior.v == old->superior.v;
    if (!same)
        tree_refresh(c, s->of_unit.v);
}

static const char *const state_indexes[] = {"of_unit, since", "superior", NULL};

const struct kind unit_state_kind = {
    .name = "unit_state", .label = {"Giai đoạn của đơn vị", "State of a unit"}, .plural = {"Giai đoạn của đơn vị", "States of units"},
    .size = sizeof(struct unit_state), FIELDS(state_fields), .title = "name", .where = "unit", .when = SPELL("since", "until"),
    .flags = REFERENCE | COMPUTED, .indexes = state_indexes, .fill = state_fill, .saved = state_saved,
};

/* The state that a day falls into, or the last one. NULL when the unit has none. */
static struct unit_state *state_on(struct ctx *c, int64_t unit, int32_t on)
{
    int64_t id = db_one_int(c, "SELECT id FROM unit_state WHERE of_unit = $1 AND removed_at = 0 AND since <= $2 ORDER BY since DESC LIMIT 1",
                            V(unit), V(on));
    return id ? record_find(c, &unit_state_kind, id, 0) : NULL;
}

static void state_from_unit(struct ctx *c, const struct unit *u)
{
    struct unit_state *s = record_new(c, unit_state);
    s->of_unit.v = u->row.id;
    s->since.v = u->founded_on.v ? u->founded_on.v : DAY_EVER;
    s->name = u->name;
    s->type = u->type;
    s->level = u->level;
    s->superior = u->superior;
    s->row.id = c->restoring ? u->row.id : 0; /* stands in until the true states are brought, see state_saved() */
    record_must_save(c, &unit_state_kind, s);
}

/* A correction goes into the last state; another founding day moves the first. */
static void correct_states(struct ctx *c, const struct unit *u, const struct unit *old)
{
    struct unit_state *s = state_on(c, u->row.id, DAY_OPEN);
    if (!s)
        return;
    s->name = u->name;
    s->type = u->type;
    s->level = u->level;
    s->superior = u->superior;
    record_must_save(c, &unit_state_kind, s);
    if (u->founded_on.v == old->founded_on.v)
        return;
    int64_t first = db_one_int(c, "SELECT id FROM unit_state WHERE of_unit = $1 AND removed_at = 0 ORDER BY since LIMIT 1", V(u->row.id));
    s = first ? record_find(c, &unit_state_kind, first, 0) : NULL;
    if (s) {
        s->since.v = u->founded_on.v ? u->founded_on.v : DAY_EVER;
        record_must_save(c, &unit_state_kind, s);
    }
}

/* The ids of states: those in force, or those that were taken off together last. */
static size_t states_of(struct ctx *c, int64_t unit, bool removed, int64_t **out)
{
    int64_t at = removed ? db_one_int(c, "SELECT max(removed_at) FROM unit_state WHERE of_unit = $1", V(unit)) : 0;
    int64_t n = removed && !at ? 0 : db_one_int(c, "SELECT count(*) FROM unit_state WHERE of_unit = $1 AND removed_at = $2", V(unit), V(at)), i = 0;
    *out = NEW_N(&c->arena, int64_t, n + 1);
    struct rows *r = n ? db_query(c, "SELECT id FROM unit_state WHERE of_unit = $1 AND removed_at = $2 ORDER BY since", V(unit), V(at)) : NULL;
    while (i < n && rows_next(r))
        (*out)[i++] = rows_int(r, 0);
    rows_close(r);
    return (size_t)i;
}

/* A unit that is taken off the lists takes its states along, and brings them back. */
static void remove_states(struct ctx *c, int64_t unit)
{
    int64_t *ids;
    size_t n = states_of(c, unit, false, &ids);
    struct problems p;
    problems_start(&p, c);
    for (size_t i = 0; i < n && !failed(c); i++)
        record_remove(c, &unit_state_kind, ids[i], 0, &p);
}

static bool restore_states(struct ctx *c, int64_t unit)
{
    int64_t *ids;
    size_t n = states_of(c, unit, true, &ids);
    for (size_t i = 0; i < n && !failed(c); i++)
        record_restore(c, &unit_state_kind, ids[i]);
    return n > 0;
}

static void saved(struct ctx *c, const void *now, const void *was)
{
    const struct unit *u = now, *old = was;
    if (c->undoing && !c->restoring)
        return;
    if (!u)
        remove_states(c, old->row.id);
    else if (!old && restore_states(c, u->row.id))
        return;
    if (u && !old && !db_one_int(c, "SELECT 1 FROM unit_state WHERE of_unit = $1 AND removed_at = 0 LIMIT 1", V(u->row.id)))
        state_from_unit(c, u);
    else if (u && old && c->consequence < 2) /* by a decision, unit_restate() writes the states itself */
        correct_states(c, u, old);
}

/* Name, type, level and superior as they were on a past day: one statement for all. */
static void as_at(struct ctx *c, day d, void **records, size_t n)
{
    int64_t *ids = NEW_N(&c->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = ((struct unit *)records[i])->row.id;
    for (size_t at = 0; at < n; at += 500) {
        struct sql q = sql_new(c);
        sql_add(&q, "SELECT of_unit, name, type, level, superior FROM unit_state WHERE removed_at = 0");
        sql_lasts(&q, "unit_state", d);
        sql_add(&q, " AND of_unit IN (");
        sql_args(&q, ids + at, n - at < 500 ? n - at : 500);
        sql_add(&q, ")");
        struct rows *r = sql_query(&q);
        while (rows_next(r))
            for (size_t i = at; i < n && i < at + 500; i++) {
                struct unit *u = records[i];
                if (u->row.id != rows_int(r, 0))
                    continue;
                u->name.s = arena_text(&c->arena, rows_text(r, 1));
                u->type.s = arena_text(&c->arena, rows_text(r, 2));
                u->level.s = arena_text(&c->arena, rows_text(r, 3));
                u->superior.v = rows_int(r, 4);
            }
    }
}

static const char *const indexes[] = {"superior", "serves", NULL};

const struct kind unit_kind = {
    .name = "unit", .label = {"Đơn vị", "Unit"}, .plural = {"Đơn vị", "Units"}, .size = sizeof(struct unit), FIELDS(fields),
    .code = "code", .title = "name", .where = "id", .when = SPELL("founded_on", "closed_on"), .flags = REFERENCE | OPEN_START | SERVED,
    .indexes = indexes, .fill = fill, .check = check, .saved = saved, .as_at = as_at,
};

/* --- verbs ---------------------------------------------------------------------------------------- */

int64_t unit_by_code(struct ctx *c, const char *code)
{
    return record_id_of_code(c, &unit_kind, code);
}

const char *unit_name(struct ctx *c, int64_t unit)
{
    struct unit *u = record_find(c, &unit_kind, unit, 0);
    return u ? record_name(c, &unit_kind, u) : "?";
}

/* What others ask of a unit, again and again. */
struct facts {
    int32_t founded, closed;
    bool live, holds_members;
};

static struct facts facts_of(struct ctx *c, int64_t unit)
{
    struct memo *m = memo_of(c, &unit_kind, unit);
    if (m && m->facts)
        return *(const struct facts *)m->facts;
    struct facts f = {0};
    struct rows *r = db_query(c, "SELECT founded_on, closed_on, type FROM unit WHERE shard = 0 AND id = $1 AND removed_at = 0", V(unit));
    if (rows_next(r)) {
        f = (struct facts){(int32_t)rows_int(r, 0), (int32_t)rows_int(r, 1), true, rule_flag(rule_item(c, "unit_type", rows_text(r, 2), (day){0}), "holds_members")};
        rows_close(r);
    }
    if (!failed(c) && (m = memo_of(c, &unit_kind, unit))) {
        struct facts *kept = NEW(&c->kept, struct facts);
        *kept = f;
        m->facts = kept;
    }
    return f;
}

bool unit_holds_members(struct ctx *c, int64_t unit)
{
    return facts_of(c, unit).holds_members;
}

bool unit_open_on(struct ctx *c, int64_t unit, day d)
{
    struct facts f = facts_of(c, unit);
    return f.live && f.founded <= d.v && d.v < f.closed;
}

day unit_founded_on(struct ctx *c, int64_t unit)
{
    return (day){facts_of(c, unit).founded};
}

int64_t unit_found(struct ctx *c, const char *code, const char *name, const char *sort, const char *type, const char *level,
                   int64_t superior, day from, int64_t like)
{
    struct unit *u = record_new(c, unit), *model = like ? record_find(c, &unit_kind, like, 0) : NULL;
    u->code.s = code;
    u->name.s = name;
    u->type.s = type ? type : model ? model->type.s : NULL;
    u->level.s = level ? level : model && !type ? model->level.s : NULL;
    u->sort = sort ? sort_of(sort) : model && !type ? model->sort : SORT_NONE;
    u->superior.v = superior ? superior : model ? model->superior.v : 0;
    u->founded_on = from;
    return record_must_save(c, &unit_kind, u) ? u->row.id : 0;
}

void unit_restate(struct ctx *c, int64_t unit, day from, const char *name, const char *type, const char *level, int64_t superior)
{
    struct unit *u = record_find(c, &unit_kind, unit, 0);
    struct unit_state *last = u ? state_on(c, unit, DAY_OPEN) : NULL;
    if (!last) {
        fail(c, ERR_BROKEN, "Đơn vị %lld không có giai đoạn nào: chạy “dangbo check”.", "Unit %lld has no state: run “dangbo check”.", (long long)unit);
        return;
    }
    if (last->since.v > from.v) {
        char on[DAY_TEXT];
        fail(c, ERR_BAD_INPUT, "%s đã thay đổi vào ngày %s, sau ngày hiệu lực: hoàn lại thay đổi đó trước.",
             "%s already changed on %s, after the effective day: take that change back first.", record_name(c, &unit_kind, u), day_vi(last->since.v, on));
        return;
    }
    struct unit_state *next = last;
    if (last->since.v < from.v) {
        next = record_new(c, unit_state);
        *next = *last;
        next->row = (struct row){0};
        next->since = from;
        last->until = from;
        record_must_save(c, &unit_state_kind, last);
    }
    next->name.s = name ? name : next->name.s;
    next->type.s = type ? type : next->type.s;
    next->level.s = level ? level : next->level.s;
    next->superior.v = superior ? superior : next->superior.v;
    record_must_save(c, &unit_state_kind, next);
    u->name = next->name;
    u->type = next->type;
    u->level = next->level;
    u->superior = next->superior;
    record_must_save(c, &unit_kind, u);
}

void unit_close(struct ctx *c, int64_t unit, day from, int64_t keeper)
{
    if (keeper && keeper != unit)
        unit_restate(c, unit, from, NULL, NULL, NULL, keeper);
    struct unit *u = record_find(c, &unit_kind, unit, 0);
    if (!u)
        return;
    u->closed_on = from;
    record_must_save(c, &unit_kind, u);
}
