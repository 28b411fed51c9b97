/* Makes the register of a whole country by chance, the same at every run: 34 provinces, before 01/07/2025 districts and ten
 * thousand communes, since then 3,321 communes directly below the provinces, 290,000 units in all, 5.4 million people with
 * their stays. Rows go in directly, many at a time, and so without audit; in everything else it is a register as the program
 * writes it, and proved before it is called done.
 *
 *   generate DIR [--scale=N]              the country, or one Nth of it
 *   generate DIR --before [--scale=N]     one province, as it stood before the restructuring
 *   generate DIR --before --people=0      its units alone
 *   generate FILE.csv|.xlsx --rows=N      a list of people for import into the cells of such a province */
#include "names.h"

#include "base/buf.h"
#include "base/crypt.h"
#include "base/str.h"
#include "base/text.h"
#include "db/db.h"
#include "fmt/xlsx_write.h"
#include "model/record.h"
#include "model/schema.h"
#include "model/tree.h"

enum { EVER = 18000101, CHANGE = 20250701, TODAY = 20260302, PROVINCES = 34 };
static const int64_t MADE_AT = INT64_C(1767225600000); /* 01/01/2026 */

/* A unit, in the order of ids. */
struct node {
    const char *code, *name, *type, *level;
    const char *was_name; /* before the restructuring, when it was another */
    int32_t above, above_since; /* before, and since the restructuring; -1 = none */
    int32_t province, commune;  /* numbers */
    bool founded, closed;       /* by the restructuring */
    bool holds;
};

struct plan {
    struct ctx *c;
    struct dice dice;
    bool before;
    int64_t provinces, districts, old, fresh, units, people;
    struct node *nodes;
    size_t n;
    int32_t *cells; /* nodes that hold members */
    size_t ncells;
    uint32_t *shuffled; /* number of a commune by its place */
};

static int64_t unit_ident(int64_t node)
{
    return (MADE_AT << 21) + 1 + node;
}

static int64_t person_ident(const struct plan *p, int32_t commune, int64_t k)
{
    return (MADE_AT << 21) + (INT64_C(1) << 32) + ((int64_t)p->shuffled[commune] << 16) + k;
}

static void die(struct ctx *c)
{
    fprintf(stderr, "generate: %s\n", c->err.text ? c->err.text : "?");
    exit(70);
}

/* --- rows of a kind, written directly ---------------------------------------------------------------- */

struct table {
    const struct kind *k;
    struct sql q;
    size_t at; /* where the last field was found: fields come in their order */
    int64_t n;
};

static const char *const heads[] = {"id", "shard", "unit", "version", "created_at", "changed_at", "created_by", "changed_by", "removed_at"};
static const char *const found_by[] = {"fold", "words", "sort_key", "part"};

static void table_open(struct ctx *c, struct table *t, const struct kind *k)
{
    *t = (struct table){.k = k, .q = sql_new(c)};
    size_t n = N(heads);
    sql_add(&t->q, "INSERT INTO ");
    sql_name(&t->q, k->name);
    sql_add(&t->q, " (");
    for (size_t i = 0; i < N(heads); i++) {
        if (i)
            sql_add(&t->q, ", ");
        sql_name(&t->q, heads[i]);
    }
    for (size_t i = 0; i < k->nfields; i++) {
        if (!field_stored(&k->fields[i]))
            continue;
        sql_add(&t->q, ", ");
        sql_name(&t->q, k->fields[i].name);
        n++;
    }
    for (size_t i = 0; kind_searched(k) && i < N(found_by); i++, n++) {
        sql_add(&t->q, ", ");
        sql_name(&t->q, found_by[i]);
    }
    sql_add(&t->q, ") VALUES (");
    for (size_t i = 0; i < n; i++) {
        if (i)
            sql_add(&t->q, ", ");
        sql_arg(&t->q, value_null());
    }
    sql_add(&t->q, ")");
}

static void row_begin(struct table *t, int64_t id, int64_t shard, int64_t unit)
{
    const int64_t head[] = {id, shard, unit, 1, MADE_AT, MADE_AT, 0, 0, 0};
    for (size_t i = 0; i < t->q.nargs; i++)
        t->q.args[i] = i < N(head) ? value_int(head[i]) : value_null();
    size_t at = N(heads);
    for (size_t i = 0; i < t->k->nfields; i++) {
        const struct field *f = &t->k->fields[i];
        if (field_stored(f))
            t->q.args[at++] = (f->flags & UNTIL) ? value_int(DAY_OPEN) : f->type == TYPE_FLAG ? value_int(0) : value_null();
    }
    t->at = 0;
}

static void put(struct table *t, const char *name, struct value v)
{
    size_t at = N(heads);
    for (size_t i = 0; i < t->k->nfields; i++) {
        const struct field *f = &t->k->fields[i];
        if (strcmp(f->name, name) == 0) {
            t->q.args[at] = v;
            return;
        }
        at += field_stored(f);
    }
    fprintf(stderr, "generate: %s has no field %s\n", t->k->name, name);
    exit(70);
}

/* What the row is found by; `searched` is what its searched fields hold, in their order. */
static void put_found(struct ctx *c, struct table *t, const char *searched, const char *title, int64_t part)
{
    struct value *v = t->q.args + t->q.nargs - N(found_by);
    v[0] = value_text(text_fold(&c->arena, searched));
    v[1] = value_text(text_words(&c->arena, searched));
    v[2] = value_text(t->k->person_name ? text_person_key(&c->arena, title) : text_sort_key(&c->arena, title));
    v[3] = value_int(part);
}

static void row_end(struct ctx *c, struct table *t)
{
    sql_run(&t->q);
    t->n++;
    if (failed(c))
        die(c);
}

/* --- the plan of units ------------------------------------------------------------------------------- */

static int32_t node_add(struct plan *p, struct node n)
{
    if (n.holds)
        p->cells[p->ncells++] = (int32_t)p->n;
    p->nodes[p->n] = n;
    return (int32_t)p->n++;
}

/* How much of a whole falls to the first `i` of `n` parts that are uneven. */
static int64_t first_of(int64_t whole, int64_t i, int64_t n)
{
    int64_t sum = 0, all = 0;
    for (int64_t j = 0; j < n; j++) {
        int64_t weight = 6 + (j * 7) % 13 + (n == PROVINCES && (j == 0 || j == 26) ? 14 : 0);
        sum += j < i ? weight : 0;
        all += weight;
    }
    return whole * sum / all;
}

static char *print_code(struct plan *p, const char *letter, int64_t province, int64_t place)
{
    return arena_printf(&p->c->arena, "T%02lld-%s%05lld", (long long)province, letter, (long long)place);
}

static void add_cells(struct plan *p, int32_t above, int32_t province, int32_t commune, int64_t n, const char *type, const char *level)
{
    struct arena *a = &p->c->arena;
    for (int64_t i = 0; i < n; i++) {
        const char *name = i % 4 == 3 ? arena_printf(a, "Chi bộ Trường Tiểu học %s", name_place(a, &p->dice))
                                      : arena_printf(a, "Chi bộ thôn %lld %s", (long long)i + 1, name_place(a, &p->dice));
        node_add(p, (struct node){.code = print_code(p, "C", province, (int64_t)p->ncells), .name = name, .type = type, .level = level, .above = above,
                                  .above_since = above, .province = province, .commune = commune, .holds = true});
    }
}

/* One province: its districts, old and new communes, cells. The restructuring merges old communes by twos and threes. */
static void add_province(struct plan *p, int32_t nation, int32_t province, int64_t units, int64_t districts, int64_t old, int64_t fresh, int32_t *communes)
{
    struct arena *a = &p->c->arena;
    int32_t self = node_add(p, (struct node){.code = arena_printf(a, "T%02d", province), .name = arena_printf(a, "Đảng bộ %s", name_province((size_t)province)), .type = "party_province",
                                             .level = "province", .above = nation, .above_since = nation, .province = province});
    int64_t cells = units - 1 - districts - old - (p->before ? 0 : fresh), parts = old / 8;
    int64_t of_districts = districts * 10;
    cells -= of_districts + parts;
    int32_t into = -1;
    for (int64_t i = 0, d = -1, f = -1; i < old; i++) {
        if (i * districts / old != d) {
            d = i * districts / old;
            into = node_add(p, (struct node){.code = print_code(p, "H", province, d), .name = arena_printf(a, "Đảng bộ huyện %s", name_place(a, &p->dice)), .type = "party_district",
                                             .level = "district", .above = self, .above_since = self, .province = province, .closed = !p->before});
            add_cells(p, into, province, *communes, 10, "base_cell", "base");
            for (size_t j = p->n - 10; j < p->n && !p->before; j++)
                p->nodes[j].above_since = self;
        }
        int32_t district = into;
        while (!p->before && i * fresh / old > f) {
            f++;
            node_add(p, (struct node){.code = print_code(p, "M", province, f), .name = arena_printf(a, "Đảng bộ xã %s", name_place(a, &p->dice)), .type = "party_commune",
                                      .level = "commune", .above = -1, .above_since = self, .province = province, .founded = true});
        }
        int32_t successor = -1;
        for (int32_t j = (int32_t)p->n - 1; successor < 0 && !p->before; j--)
            if (p->nodes[j].founded)
                successor = j;
        int32_t commune = node_add(p, (struct node){.code = print_code(p, "X", province, i), .name = arena_printf(a, "Đảng bộ xã %s", name_place(a, &p->dice)), .type = "base_committee",
                                                    .level = "base", .above = district, .above_since = p->before ? district : successor, .province = province, .commune = *communes,
                                                    .closed = !p->before});
        int64_t mine = cells * (i + 1) / old - cells * i / old, in_part = 0;
        size_t from = p->n;
        if (i % 8 == 7) {
            in_part = mine / 3;
            int32_t part = node_add(p, (struct node){.code = print_code(p, "P", province, i), .name = arena_printf(a, "Đảng bộ bộ phận %s", name_place(a, &p->dice)), .type = "part_committee",
                                                     .level = "part", .above = commune, .above_since = commune, .province = province, .commune = *communes});
            add_cells(p, part, province, *communes, in_part, "cell", "below_base");
        }
        add_cells(p, commune, province, *communes, mine - in_part, "cell", "below_base");
        for (size_t j = from; j < p->n && !p->before; j++)
            if (p->nodes[j].above == commune)
                p->nodes[j].above_since = successor;
        (*communes)++;
    }
}

static void plan_units(struct plan *p)
{
    struct arena *a = &p->c->arena;
    size_t room = (size_t)p->units + 4096;
    int32_t communes = 0;
    p->nodes = NEW_N(a, struct node, room);
    p->cells = NEW_N(a, int32_t, room);
    int32_t nation = node_add(p, (struct node){.code = "TW", .name = "Trung ương Đảng", .type = "party_central", .level = "central", .above = -1, .above_since = -1, .province = -1});
    for (int64_t i = 0; i < p->provinces; i++) {
        int64_t n = p->provinces;
        int64_t districts = first_of(p->districts, i + 1, n) - first_of(p->districts, i, n), old = first_of(p->old, i + 1, n) - first_of(p->old, i, n);
        int64_t fresh = first_of(p->fresh, i + 1, n) - first_of(p->fresh, i, n), units = first_of(p->units, i + 1, n) - first_of(p->units, i, n);
        districts = districts ? districts : 1;
        old = old < 2 ? 2 : old;
        fresh = fresh ? fresh : 1;
        add_province(p, nation, (int32_t)i, units, districts, old, fresh, &communes);
    }
    /* People are entered commune by commune, provinces in between each other: their ids are no sign of where they are. */
    p->shuffled = NEW_N(a, uint32_t, communes + 1);
    for (int32_t i = 0; i <= communes; i++)
        p->shuffled[i] = (uint32_t)i;
    for (int32_t i = communes; i > 0; i--) {
        uint32_t j = dice_below(&p->dice, (uint32_t)i + 1), swap = p->shuffled[i];
        p->shuffled[i] = p->shuffled[j];
        p->shuffled[j] = swap;
    }
}

/* --- writing units ----------------------------------------------------------------------------------- */

static int64_t home_of(const struct plan *p, int32_t node)
{
    while (strcmp(p->nodes[node].type, "party_province") != 0 && p->nodes[node].above_since >= 0)
        node = p->nodes[node].above_since;
    return unit_ident(node);
}

static void write_state(struct plan *p, struct table *t, int32_t i, int64_t *id, int32_t since, int32_t until, int32_t above)
{
    const struct node *n = &p->nodes[i];
    row_begin(t, (*id)++, 0, unit_ident(i));
    put(t, "of_unit", V(unit_ident(i)));
    put(t, "since", V(since));
    put(t, "until", V(until));
    put(t, "name", V(n->name));
    put(t, "type", V(n->type));
    put(t, "level", V(n->level));
    put(t, "superior", above >= 0 ? V(unit_ident(above)) : value_null());
    row_end(p->c, t);
}

static void write_units(struct plan *p)
{
    struct ctx *c = p->c;
    struct table unit, state;
    table_open(c, &unit, &unit_kind);
    table_open(c, &state, &unit_state_kind);
    int64_t id = unit_ident(0) + (INT64_C(1) << 24);
    for (int32_t i = 0; i < (int32_t)p->n; i++) {
        const struct node *n = &p->nodes[i];
        struct arena_mark mark = arena_mark(&c->arena);
        int64_t above = n->above_since >= 0 ? unit_ident(n->above_since) : 0;
        row_begin(&unit, unit_ident(i), 0, above ? above : unit_ident(i));
        put(&unit, "code", V(n->code));
        put(&unit, "name", V(n->name));
        put(&unit, "sort", V("party"));
        put(&unit, "type", V(n->type));
        put(&unit, "level", V(n->level));
        put(&unit, "superior", above ? V(above) : value_null());
        put(&unit, "founded_on", n->founded ? V(CHANGE) : value_null());
        put(&unit, "closed_on", V(n->closed ? CHANGE : DAY_OPEN));
        put(&unit, "home", V(home_of(p, i)));
        put_found(c, &unit, arena_printf(&c->arena, "%s %s", n->code, n->name), n->name, home_of(p, i));
        row_end(c, &unit);
        bool moved = !p->before && (n->closed || n->above != n->above_since) && !n->founded;
        if (!n->founded)
            write_state(p, &state, i, &id, EVER, moved ? CHANGE : DAY_OPEN, n->above);
        if (moved || n->founded)
            write_state(p, &state, i, &id, CHANGE, DAY_OPEN, n->above_since);
        arena_rewind(&c->arena, mark);
    }
}

/* The decisions that restructured, and who came after whom. */
static void write_changes(struct plan *p)
{
    struct ctx *c = p->c;
    struct table change, link;
    table_open(c, &change, &unit_change_kind);
    table_open(c, &link, &succession_kind);
    int64_t id = unit_ident(0) + (INT64_C(1) << 26), link_id = id + (INT64_C(1) << 24);
    for (int32_t i = 0; i < (int32_t)p->n; i++) {
        const struct node *n = &p->nodes[i];
        bool district = n->closed && strcmp(n->type, "party_district") == 0;
        if (!n->founded && !district)
            continue;
        struct arena_mark mark = arena_mark(&c->arena);
        struct buf codes = {0};
        int32_t last = i;
        for (int32_t j = i + 1; n->founded && j < (int32_t)p->n && !p->nodes[j].founded; j++)
            if (p->nodes[j].above_since == i && p->nodes[j].closed) {
                buf_printf(&codes, "%s%s", codes.n ? "; " : "", p->nodes[j].code);
                last = j;
            }
        row_begin(&change, ++id, 0, unit_ident(n->above_since));
        put(&change, "number", V((const char *)arena_printf(&c->arena, "%d-QĐ/TU", i)));
        put(&change, "decided_on", V(20250616));
        put(&change, "effective_on", V(CHANGE));
        put(&change, "decided_by", V("Ban Thường vụ Tỉnh ủy"));
        put(&change, "act", V(district ? "close" : "merge"));
        put(&change, "units", V(district ? n->code : buf_text(&codes)));
        put(&change, "into", V(district ? p->nodes[n->above_since].code : n->code));
        put(&change, "new_name", district ? value_null() : V(n->name));
        put(&change, "superior", V(unit_ident(n->above_since)));
        put(&change, "state", V("done"));
        put(&change, "batch", V(id));
        row_end(c, &change);
        for (int32_t j = i; j <= last; j++) {
            bool pair = district ? j == i : p->nodes[j].above_since == i && p->nodes[j].closed;
            if (!pair)
                continue;
            int64_t successor = unit_ident(p->nodes[j].above_since);
            row_begin(&link, ++link_id, 0, successor);
            put(&link, "change", V(id));
            put(&link, "predecessor", V(unit_ident(j)));
            put(&link, "successor", V(successor));
            put(&link, "on_day", V(CHANGE));
            row_end(c, &link);
        }
        buf_free(&codes);
        arena_rewind(&c->arena, mark);
    }
}

/* --- people ------------------------------------------------------------------------------------------ */

struct someone {
    bool woman;
    const char *name, *card, *cccd;
    int32_t born, admitted, official; /* official 0: probationary */
    const char *ethnicity, *schooling, *qualification, *theory, *job;
};

static int32_t some_day(struct dice *d, int32_t year)
{
    return year * 10000 + (int32_t)(1 + dice_below(d, 12)) * 100 + (int32_t)(1 + dice_below(d, 28));
}

static struct someone someone_new(struct arena *a, struct dice *d, int64_t nth)
{
    static const int provinces[] = {1, 2, 4, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 79, 80, 82, 83, 86, 87, 89, 91, 92, 96};
    static const char *const minorities[] = {"tay", "thai", "muong", "khmer", "nung", "mong", "dao", "gia_rai", "e_de", "hoa"};
    static const char *const qualifications[] = {"none", "elementary", "intermediate", "college", "bachelor", "bachelor", "bachelor", "master"};
    static const char *const theories[] = {"none", "none", "elementary", "elementary", "intermediate", "intermediate", "advanced", "bachelor"};
    struct someone s = {.woman = dice_in(d, 345)};
    s.name = name_person(a, d, s.woman);
    int32_t year = 1938 + (int32_t)dice_below(d, 68);
    s.born = dice_in(d, 30) ? year * 10000 : some_day(d, year);
    int32_t joined = year + 19 + (int32_t)dice_below(d, 16);
    s.admitted = some_day(d, joined > 2025 ? 2025 : joined);
    s.official = s.admitted + 10000 <= TODAY ? s.admitted + 10000 : 0;
    s.card = arena_printf(a, "%08lld", (long long)(10000000 + nth * 7 % 89999983));
    s.cccd = dice_in(d, 900) ? arena_printf(a, "%03d%d%02d%06lld", provinces[dice_below(d, N(provinces))], (year >= 2000) * 2 + s.woman, year % 100, (long long)(nth % 1000000)) : NULL;
    s.ethnicity = dice_in(d, 860) ? "kinh" : minorities[dice_below(d, N(minorities))];
    s.schooling = dice_in(d, 900) ? "upper_secondary" : "lower_secondary";
    s.qualification = qualifications[dice_below(d, N(qualifications))];
    s.theory = theories[dice_below(d, N(theories))];
    s.job = name_job(d);
    return s;
}

/* Where and when a person was at home: one stay, seldom two. */
struct home_stays {
    int32_t first, second;      /* cells; second -1: none */
    int32_t since, moved, left; /* left 0: still there */
};

static struct home_stays stays_new(struct plan *p, size_t cell, const struct someone *s)
{
    struct dice *d = &p->dice;
    struct home_stays y = {p->cells[cell], -1, s->admitted, 0, 0};
    if (dice_in(d, 55)) {
        int32_t when = some_day(d, 2015 + (int32_t)dice_below(d, 11));
        size_t other = dice_in(d, 60) ? dice_below(d, (uint32_t)p->ncells) : (cell + 1 + dice_below(d, 400)) % p->ncells;
        if (when > s->admitted && when != s->admitted && other != cell) {
            y.second = p->cells[other];
            y.moved = when;
        }
    }
    if (dice_in(d, 12) && s->admitted < 20250101)
        y.left = some_day(d, 2025) > y.moved ? some_day(d, 2026) / 10000 * 10000 + 115 : 0;
    return y;
}

struct people {
    struct table person, membership;
    int64_t stay_id, *ids, n;
};

static void write_stay(struct plan *p, struct people *w, int64_t person, int64_t shard, int32_t cell, int32_t since, int32_t until, const struct someone *s, const char *began,
                       const char *ended, int64_t previous)
{
    struct table *t = &w->membership;
    row_begin(t, ++w->stay_id, shard, unit_ident(cell));
    put(t, "person", V(person));
    put(t, "cell", V(unit_ident(cell)));
    put(t, "stay", V("home"));
    put(t, "since", V(since));
    put(t, "until", V(until));
    put(t, "began", V(began));
    put(t, "ended", V(ended));
    put(t, "official_on", V(s->official ? s->official : DAY_OPEN));
    put(t, "previous", previous ? V(previous) : value_null());
    row_end(p->c, t);
}

static void write_person(struct plan *p, struct people *w, size_t cell, int64_t id)
{
    struct ctx *c = p->c;
    struct arena *a = &c->arena;
    struct someone s = someone_new(a, &p->dice, w->n);
    struct home_stays y = stays_new(p, cell, &s);
    int32_t now = y.second >= 0 ? y.second : y.first;
    int64_t shard = home_of(p, y.first);
    const char *code = arena_printf(a, "HS%llX", (unsigned long long)id);
    struct table *t = &w->person;
    row_begin(t, id, shard, unit_ident(now));
    put(t, "code", V(code));
    put(t, "name", V(s.name));
    put(t, "sex", V(s.woman ? "female" : "male"));
    put(t, "standing", V(y.left ? "former" : "member"));
    put(t, "born", V(s.born));
    put(t, "home_town", V((const char *)arena_printf(a, "xã %s, tỉnh %s", name_place(a, &p->dice), name_province((size_t)p->nodes[y.first].province))));
    put(t, "ethnicity", V(s.ethnicity));
    put(t, "residence", V((const char *)arena_printf(a, "thôn %d, xã %s", (int)(1 + dice_below(&p->dice, 20)), name_place(a, &p->dice))));
    put(t, "occupation", V(s.job));
    put(t, "schooling", V(s.schooling));
    put(t, "qualification", V(s.qualification));
    put(t, "theory", V(s.theory));
    put(t, "cccd", V(s.cccd));
    put(t, "card_number", V(s.card));
    put(t, "admitted_on", V(s.admitted));
    put(t, "official_on", s.official ? V(s.official) : value_null());
    put_found(c, t, arena_printf(a, "%s %s %s", code, s.name, s.card), s.name, home_of(p, now));
    row_end(c, t);
    int32_t end = y.left ? y.left : DAY_OPEN;
    write_stay(p, w, id, shard, y.first, y.since, y.second >= 0 ? y.moved : end, &s, "admitted", y.second >= 0 ? "transferred_out" : y.left ? "died" : NULL, 0);
    if (y.second >= 0)
        write_stay(p, w, id, shard, y.second, y.moved, end, &s, "transferred_in", y.left ? "died" : NULL, w->stay_id);
    w->ids[w->n++] = id;
}

/* What no two records share: the codes, in the order of their table. */
static void write_taken(struct plan *p, const struct people *w)
{
    enum { SHARDS = 1024 };
    struct ctx *c = p->c;
    int64_t total = w->n + (int64_t)p->n, *sorted = NEW_N(&c->arena, int64_t, total + 1), count[SHARDS + 1] = {0};
    for (int round = 0; round < 2; round++)
        for (int64_t i = 0; i < total; i++) {
            char code[24];
            snprintf(code, sizeof code, "HS%llX", i < w->n ? (unsigned long long)w->ids[i] : 0);
            uint64_t h = UINT64_C(14695981039346656037);
            for (const char *s = i < w->n ? code : p->nodes[i - w->n].code; *s; s++)
                h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
            if (round == 0)
                count[h % SHARDS + 1]++;
            else
                sorted[count[h % SHARDS]++] = i;
            if (round == 0 && i == total - 1)
                for (int j = 0; j < SHARDS; j++)
                    count[j + 1] += count[j];
        }
    for (int64_t shard = 0, at = 0; shard < SHARDS; shard++)
        for (; at < count[shard]; at++) {
            struct arena_mark mark = arena_mark(&c->arena);
            int64_t i = sorted[at];
            bool person = i < w->n;
            int64_t id = person ? w->ids[i] : unit_ident(i - w->n);
            const char *code = person ? arena_printf(&c->arena, "HS%llX", (unsigned long long)id) : p->nodes[i - w->n].code;
            db_run(c, "INSERT INTO taken (shard, kind, field, value, id) VALUES ($1, $2, $3, $4, $5)", V(shard), V(person ? "person" : "unit"), V("code"), V(code), V(id));
            arena_rewind(&c->arena, mark);
        }
}

static void write_people(struct plan *p)
{
    struct ctx *c = p->c;
    struct people w = {.stay_id = unit_ident(0) + (INT64_C(1) << 34)};
    table_open(c, &w.person, &person_kind);
    table_open(c, &w.membership, &membership_kind);
    w.ids = NEW_N(&c->arena, int64_t, p->people + 1);
    int32_t commune = -1;
    int64_t k = 0;
    for (size_t i = 0; i < p->ncells; i++) {
        const struct node *n = &p->nodes[p->cells[i]];
        if (n->commune != commune) {
            k = i && p->nodes[p->cells[i - 1]].commune > n->commune ? 30000 : 0;
            commune = n->commune;
        }
        int64_t upto = p->people * (int64_t)(i + 1) / (int64_t)p->ncells, more = (int64_t)dice_below(&p->dice, 15);
        upto = i + 1 == p->ncells ? p->people : upto - more > w.n ? upto - more : upto;
        while (w.n < upto && !failed(c)) {
            struct arena_mark mark = arena_mark(&c->arena);
            write_person(p, &w, i, person_ident(p, commune, k++));
            arena_rewind(&c->arena, mark);
        }
        if (i % 8000 == 7999) {
            fprintf(stderr, "\rgenerate: %lld people", (long long)w.n);
            db_commit(c);
            db_begin(c, DB_WRITE_LONG);
        }
    }
    fprintf(stderr, "\rgenerate: %lld people\n", (long long)w.n);
    write_taken(p, &w);
}

/* --- the whole --------------------------------------------------------------------------------------- */

/* Indexes are quicker made of rows that are there: schema_apply() makes what is missing. */
static void drop_indexes(struct ctx *c)
{
    struct rows *r = db_query(c, "SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE 'ix_%' AND tbl_name IN ('person', 'membership')");
    const char *names[64];
    size_t n = 0;
    while (n < N(names) && rows_next(r))
        names[n++] = arena_text(&c->arena, rows_text(r, 0));
    for (size_t i = 0; i < n; i++) {
        struct sql q = sql_new(c);
        sql_add(&q, "DROP INDEX ");
        sql_name(&q, names[i]);
        sql_run(&q);
    }
}

static void say_step(const char *what)
{
    static struct timespec last;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (last.tv_sec)
        fprintf(stderr, "generate: %6.1f s\n", (double)(now.tv_sec - last.tv_sec) + (double)(now.tv_nsec - last.tv_nsec) / 1e9);
    fprintf(stderr, "generate: %s\n", what);
    last = now;
}

static void prove(struct ctx *c)
{
    int64_t faults = tree_faults(c);
    faults += db_one_int(c, "SELECT count(*) FROM person p JOIN membership m ON m.shard = p.shard AND m.person = p.id WHERE m.stay = 'home' AND m.until = 99999999 AND p.unit <> m.unit");
    faults += db_one_int(c, "SELECT count(*) FROM membership a JOIN membership b ON b.person = a.person AND b.id > a.id WHERE a.since < b.until AND b.since < a.until");
    if (faults && !failed(c))
        fail(c, ERR_BROKEN, "%lld lỗi", "%lld faults", (long long)faults);
    fprintf(stderr, "generate: %lld units, %lld rows of the closure, %lld people, %lld stays, 0 faults\n", (long long)db_one_int(c, "SELECT count(*) FROM unit"),
            (long long)db_one_int(c, "SELECT count(*) FROM unit_above"), (long long)db_one_int(c, "SELECT count(*) FROM person"),
            (long long)db_one_int(c, "SELECT count(*) FROM membership"));
}

static void make_register(struct plan *p, const char *dir)
{
    struct ctx *c = p->c;
    struct store *s = store_open(c, dir, STORE_CREATE);
    if (!s || !db_connect(c, s) || !schema_apply(c))
        die(c);
    say_step("units");
    plan_units(p);
    db_begin(c, DB_WRITE_LONG);
    drop_indexes(c);
    write_units(p);
    if (!p->before)
        write_changes(p);
    say_step("people and their stays");
    write_people(p);
    if (!db_commit(c))
        die(c);
    say_step("indexes");
    if (!schema_apply(c))
        die(c);
    say_step("tree");
    db_begin(c, DB_WRITE_LONG);
    tree_rebuild(c);
    db_commit(c);
    say_step("words");
    db_begin(c, DB_WRITE_LONG);
    db_words_rebuild(c, "unit");
    db_words_rebuild(c, "person");
    db_commit(c);
    say_step("proof");
    db_begin(c, DB_READ);
    prove(c);
    db_commit(c);
    say_step("done");
    if (failed(c))
        die(c);
    db_disconnect(c);
    store_close(s);
}

/* --- lists for the importer -------------------------------------------------------------------------- */

enum { COLUMNS = 14 };
static const struct xlsx_column list_head[COLUMNS] = {{"Họ và tên", 0}, {"Giới tính", 0}, {"Ngày sinh", 0}, {"Quê quán", 0}, {"Dân tộc", 0}, {"Nơi thường trú", 0}, {"Nghề nghiệp", 0},
                                                      {"Trình độ chuyên môn", 0}, {"LLCT", 0}, {"Số CCCD", 0}, {"Số thẻ đảng viên", 0}, {"Ngày vào Đảng", 0}, {"Ngày chính thức", 0}, {"Mã chi bộ", 0}};

/* One row, as an office would write it; the words live in the arena. */
static void list_row(struct plan *p, int64_t i, const char *cells[COLUMNS])
{
    struct arena *a = &p->c->arena;
    struct someone s = someone_new(a, &p->dice, i);
    char born[DAY_TEXT], admitted[DAY_TEXT], official[DAY_TEXT];
    const char *row[COLUMNS] = {
        s.name, s.woman ? "Nữ" : "Nam", day_vi(s.born, born), arena_printf(a, "xã %s, tỉnh %s", name_place(a, &p->dice), name_province(dice_below(&p->dice, PROVINCES))),
        strcmp(s.ethnicity, "kinh") == 0 ? "Kinh" : "Tày", arena_printf(a, "thôn %d, xã %s", (int)(1 + dice_below(&p->dice, 20)), name_place(a, &p->dice)), s.job, "Đại học", "Trung cấp",
        s.cccd, s.card, day_vi(s.admitted, admitted), day_vi(s.official, official), p->nodes[p->cells[(size_t)i % p->ncells]].code};
    for (size_t j = 0; j < COLUMNS; j++)
        cells[j] = arena_text(a, row[j] ? row[j] : "");
}

static void make_csv(struct plan *p, const char *path)
{
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        exit(73);
    }
    for (size_t j = 0; j < COLUMNS; j++)
        fprintf(f, "%s%s", list_head[j].head, j + 1 < COLUMNS ? "," : "\n");
    for (int64_t i = 0; i < p->people; i++) {
        struct arena_mark mark = arena_mark(&p->c->arena);
        const char *cells[COLUMNS];
        list_row(p, i, cells);
        for (size_t j = 0; j < COLUMNS; j++)
            fprintf(f, strchr(cells[j], ',') ? "\"%s\"%s" : "%s%s", cells[j], j + 1 < COLUMNS ? "," : "\n");
        arena_rewind(&p->c->arena, mark);
    }
    if (fclose(f) != 0)
        exit(74);
}

static void make_xlsx(struct plan *p, const char *path)
{
    struct ctx *c = p->c;
    struct xlsx_out *x = xlsx_create(c, path, "Danh sách");
    xlsx_head(x, list_head, COLUMNS);
    for (int64_t i = 0; i < p->people; i++) {
        struct arena_mark mark = arena_mark(&c->arena);
        const char *cells[COLUMNS];
        list_row(p, i, cells);
        for (size_t j = 0; j < COLUMNS; j++)
            xlsx_cell(x, value_text(cells[j]));
        xlsx_end_row(x);
        arena_rewind(&c->arena, mark);
    }
    if (!xlsx_close(x))
        die(c);
}

int main(int argc, char **argv)
{
    struct ctx c = {.lang = LANG_EN, .now = {MADE_AT}, .today = {TODAY}};
    int64_t scale = 1, people = -1, rows = -1;
    const char *where = NULL;
    struct plan p = {.c = &c, .dice = {20250701}};
    for (int i = 1; i < argc; i++) {
        bool good = true;
        if (str_starts(argv[i], "--scale="))
            good = int_parse(argv[i] + 8, &scale) && scale >= 1;
        else if (str_starts(argv[i], "--people="))
            good = int_parse(argv[i] + 9, &people);
        else if (str_starts(argv[i], "--rows="))
            good = int_parse(argv[i] + 7, &rows);
        else if (strcmp(argv[i], "--before") == 0)
            p.before = true;
        else
            where = argv[i];
        if (!good)
            where = NULL, argc = 0;
    }
    if (!where || !crypt_start()) {
        fprintf(stderr, "generate DIR [--before] [--scale=N] [--people=N]\ngenerate FILE.csv|FILE.xlsx --rows=N\n");
        return 64;
    }
    p.before |= rows >= 0;
    p.provinces = p.before ? 1 : PROVINCES;
    p.districts = (p.before ? 24 : 696) / scale;
    p.old = (p.before ? 360 : 10035) / scale;
    p.fresh = (p.before ? 120 : 3321) / scale;
    p.units = (p.before ? 10500 : 290000) / scale;
    p.people = people >= 0 ? people : (p.before ? 195000 : 5400000) / scale;
    c.arena.cap = (size_t)1 << 31;
    if (rows >= 0) {
        p.people = rows;
        plan_units(&p);
        if (str_ends(where, ".xlsx"))
            make_xlsx(&p, where);
        else
            make_csv(&p, where);
    } else {
        make_register(&p, where);
    }
    ctx_free(&c);
    return 0;
}
