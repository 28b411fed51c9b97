/* The tree through random histories: units founded, moved, merged, split, renamed, reclassed and closed. After each change the closure is
 * what a slow walk over the states says, for any day; made anew it is the same; and taking the changes back one by one, the last
 * first, leads through every former state. */
#include "lawful.h"

#include "base/str.h"
#include "model/type.h"
#include "small.h"
#include "t.h"
#include "testdb.h"

enum { UNITS = 60, CHANGES = 60, MEMBERS = 60, MOST = 1000 };

struct history {
    struct ctx *c;
    struct luck luck;
    day on;
    int64_t change[CHANGES];
    char *before[CHANGES]; /* the logical state before it */
    size_t n;
};

static void must(struct ctx *c, bool ok, const char *what)
{
    if (!ok || failed(c))
        fail_msg("%s: %s", what, failed(c) ? c->err.text : "no");
}

/* --- the slow walk ------------------------------------------------------------------------------------- */

struct state_row {
    int64_t unit, superior;
    int32_t since, until;
};
struct states {
    struct state_row *row;
    size_t n;
};

static struct states read_states(struct ctx *c)
{
    struct states s = {NEW_N(&c->arena, struct state_row, 4 * MOST), 0};
    struct rows *r = db_query(c, "SELECT of_unit, superior, since, until FROM unit_state WHERE removed_at = 0 ORDER BY of_unit, since");
    while (s.n < 4 * MOST && rows_next(r))
        s.row[s.n++] = (struct state_row){rows_int(r, 0), rows_int(r, 1), (int32_t)rows_int(r, 2), (int32_t)rows_int(r, 3)};
    rows_close(r);
    return s;
}

/* What stood directly above a unit on a day; -1 when the unit was not there yet. */
static int64_t superior_on(const struct states *s, int64_t unit, int32_t on)
{
    int64_t found = -1;
    for (size_t i = 0; i < s->n; i++)
        if (s->row[i].unit == unit && s->row[i].since <= on && on < s->row[i].until)
            found = s->row[i].superior;
    return found;
}

static void must_be_closure(struct ctx *c, const struct states *s, int32_t on)
{
    struct rows *r = db_query(c, "SELECT unit, above, depth FROM unit_above WHERE since <= $1 AND until > $1 ORDER BY unit, depth, above", V(on));
    for (size_t i = 0; i < s->n; i++) {
        int64_t unit = s->row[i].unit, above = unit;
        if (i && s->row[i - 1].unit == unit)
            continue;
        for (int depth = 0; above && superior_on(s, above, on) >= 0 && depth < 64; depth++) {
            if (!rows_next(r) || rows_int(r, 0) != unit || rows_int(r, 1) != above || rows_int(r, 2) != depth)
                fail_msg("on %d unit %lld should stand below %lld at depth %d", on, (long long)unit, (long long)above, depth);
            above = superior_on(s, above, on);
        }
    }
    if (rows_next(r))
        fail_msg("on %d unit %lld stands below %lld, and should not", on, (long long)rows_int(r, 0), (long long)rows_int(r, 1));
    rows_close(r);
}

/* --- the logical state, as text ---------------------------------------------------------------------------- */

static void add_rows(struct buf *b, struct rows *r)
{
    while (rows_next(r)) {
        for (int i = 0; i < rows_columns(r); i++)
            buf_printf(b, "%s|", rows_null(r, i) ? "-" : rows_text(r, i));
        buf_char(b, '\n');
    }
}

static char *logical_state(struct ctx *c)
{
    struct buf b = {0};
    add_rows(&b, db_query(c, "SELECT id, code, name, type, level, sort, superior, founded_on, closed_on, unit FROM unit WHERE removed_at = 0 ORDER BY id"));
    add_rows(&b, db_query(c, "SELECT of_unit, since, until, name, type, level, superior FROM unit_state WHERE removed_at = 0 ORDER BY of_unit, since, until"));
    add_rows(&b, db_query(c, "SELECT unit, above, since, until, depth FROM unit_above ORDER BY unit, depth, since, above"));
    add_rows(&b, db_query(c, "SELECT person, cell, unit, stay, since, until, began, ended, decision, end_decision, official_on FROM membership WHERE removed_at = 0 "
                             "ORDER BY person, since, until, cell"));
    add_rows(&b, db_query(c, "SELECT id, unit, standing FROM person WHERE removed_at = 0 ORDER BY id"));
    add_rows(&b, db_query(c, "SELECT kind, field, value, id FROM taken ORDER BY kind, field, value"));
    add_rows(&b, db_query(c, "SELECT predecessor, successor, on_day FROM succession WHERE removed_at = 0 ORDER BY predecessor, successor"));
    return buf_take(&b, &c->arena);
}

/* The first line in which two states differ. */
static const char *difference(struct ctx *c, const char *a, const char *b)
{
    while (*a && *b) {
        size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");
        if (n != m || memcmp(a, b, n) != 0)
            return arena_printf(&c->arena, "%.*s\n%.*s", (int)n, a, (int)m, b);
        a += n + 1;
        b += m + 1;
    }
    return *a ? a : b;
}

static char *closure(struct ctx *c)
{
    struct buf b = {0};
    add_rows(&b, db_query(c, "SELECT unit, above, since, until, depth FROM unit_above ORDER BY unit, above, depth, since"));
    return buf_take(&b, &c->arena);
}

static void must_be_sound(struct history *h)
{
    struct ctx *c = h->c;
    struct states s = read_states(c);
    const int32_t days[] = {20000101, h->on.v, day_add(h->on, -1).v, day_add((day){20000101}, (int)luck_below(&h->luck, 400)).v, 20250602};
    for (size_t i = 0; i < N(days); i++)
        must_be_closure(c, &s, days[i]);
    assert_int_equal(tree_faults(c), 0);
}

/* --- a random change ----------------------------------------------------------------------------------------- */

static const char *random_unit(struct history *h, bool cell)
{
    struct ctx *c = h->c;
    int64_t n = db_one_int(c, "SELECT count(*) FROM unit WHERE removed_at = 0 AND closed_on > 20250602 AND superior IS NOT NULL AND (type = 'cell' OR $1 = 0)", V((int64_t)cell));
    struct rows *r = db_query(c, "SELECT code FROM unit WHERE removed_at = 0 AND closed_on > 20250602 AND superior IS NOT NULL AND (type = 'cell' OR $2 = 0) ORDER BY id LIMIT 1 OFFSET $1",
                              V((int64_t)luck_below(&h->luck, (size_t)n)), V((int64_t)cell));
    const char *code = rows_next(r) ? arena_text(&c->arena, rows_text(r, 0)) : "";
    rows_close(r);
    return code;
}

static void set(struct ctx *c, void *record, const char *name, const char *value)
{
    const char *why = value ? type_parse(c, field_need(&unit_change_kind, name), value_text(value), record) : NULL;
    if (why)
        fail_msg("%s: %s", name, why);
}

static void *random_change(struct history *h)
{
    static const char *const acts[] = {"found", "merge", "merge", "split", "move", "move", "rename", "reclass", "close"};
    struct ctx *c = h->c;
    void *u = arena_alloc(&c->arena, unit_change_kind.size);
    char on[DAY_TEXT];
    const char *act = acts[luck_below(&h->luck, N(acts))], *fresh = arena_printf(&c->arena, "N%d", ++h->luck.number);
    bool cells = luck_below(&h->luck, 2);
    const char *one = random_unit(h, cells), *two = random_unit(h, cells), *three = random_unit(h, false);
    set(c, u, "number", fresh);
    set(c, u, "decided_by", "Cấp trên");
    set(c, u, "act", act);
    set(c, u, "decided_on", day_vi(h->on.v, on));
    set(c, u, "effective_on", on);
    if (strcmp(act, "found") == 0) {
        set(c, u, "into", fresh);
        set(c, u, "new_type", cells ? "cell" : "base_committee");
        set(c, u, "superior", three);
        return u;
    }
    set(c, u, "units", strcmp(act, "merge") == 0 ? arena_printf(&c->arena, "%s;%s", one, two) : one);
    if (strcmp(act, "merge") == 0)
        set(c, u, "into", luck_below(&h->luck, 2) ? fresh : two);
    if (strcmp(act, "merge") == 0 && luck_below(&h->luck, 3) == 0)
        set(c, u, "superior", three);
    if (strcmp(act, "split") == 0) {
        bool stays = luck_below(&h->luck, 2);
        set(c, u, "into", arena_printf(&c->arena, "%s; %s-B", stays ? one : fresh, fresh));
        set(c, u, "rest", luck_below(&h->luck, 2) ? arena_printf(&c->arena, "%s-B", fresh) : stays ? one : fresh);
    }
    if (strcmp(act, "move") == 0)
        set(c, u, "superior", three);
    if (strcmp(act, "rename") == 0)
        set(c, u, "new_name", arena_printf(&c->arena, "Tên mới %s", fresh));
    if (strcmp(act, "reclass") == 0)
        set(c, u, "new_level", "part");
    if (strcmp(act, "close") == 0)
        set(c, u, "into", two);
    return u;
}

/* Tries one; what the rules refuse is not done. */
static void one_change(struct history *h)
{
    struct ctx *c = h->c;
    struct problems p;
    problems_start(&p, c);
    if (luck_below(&h->luck, 3))
        h->on = day_add(h->on, 1 + (int)luck_below(&h->luck, 5));
    must(c, db_begin(c, DB_WRITE), "begin");
    char *before = logical_state(c);
    struct row *u = random_change(h);
    bool ok = record_save(c, &unit_change_kind, u, &p);
    if (c->err.code == ERR_BROKEN)
        fail_msg("%s: %s", c->err.text, audit_json(c, &unit_change_kind, u, NULL));
    if (!ok) { /* nothing at all is left of it */
        db_rollback(c);
        testdb_forget(c);
        must(c, db_begin(c, DB_READ), "begin");
        assert_string_equal(before, logical_state(c));
        must(c, db_commit(c), "read");
        return;
    }
    must_be_sound(h);
    must(c, db_commit(c), "change");
    h->change[h->n] = u->id;
    h->before[h->n++] = before;
}

static void plant(struct history *h)
{
    struct ctx *c = h->c;
    put(c, &unit_kind, "code", "ROOT", "name", "Đảng bộ tỉnh", "type", "party_province", "founded_on", "01/01/2000", NULL);
    for (int i = 1; i < UNITS; i++)
        put(c, &unit_kind, "code", arena_printf(&c->arena, "U%d", i), "name", arena_printf(&c->arena, "Đơn vị %d", i), "type", i % 3 ? "cell" : "base_committee", "superior",
            i < 4 ? "ROOT" : arena_printf(&c->arena, "U%zu", 3 * (luck_below(&h->luck, (size_t)(i - 1) / 3) + 1)), "founded_on", i % 5 ? "01/01/2000" : NULL, NULL);
    for (int i = 0; i < MEMBERS; i++)
        put(c, &person_kind, "code", arena_printf(&c->arena, "P%d", i), "name", "Nguyễn Văn Đức", "cell", random_unit(h, true), "admitted_on", "03/02/2000", NULL);
}

static void through_every_state_and_back(uint64_t seed)
{
    struct history h = {.c = small_open(), .luck = {.state = seed}, .on = {20000301}};
    struct ctx *c = h.c;
    plant(&h);
    for (int tries = 0; tries < 4 * CHANGES && h.n < CHANGES; tries++)
        one_change(&h);
    assert_int_equal(h.n, CHANGES);

    must(c, db_begin(c, DB_WRITE), "begin");
    char *kept = closure(c);
    tree_rebuild(c);
    const char *rebuilt = closure(c);
    if (strcmp(kept, rebuilt) != 0)
        fail_msg("made anew the closure differs: %s", difference(c, kept, rebuilt));
    assert_int_equal(db_one_int(c, "SELECT count(DISTINCT act) FROM unit_change"), 7);
    must(c, db_commit(c), "rebuild");

    while (h.n--) {
        struct problems p;
        problems_start(&p, c);
        if (!unit_change_undo(c, h.change[h.n], &p))
            fail_msg("seed %llu, change %zu: %s", (unsigned long long)seed, h.n, p.first ? p.first->text : failed(c) ? c->err.text : "?");
        must(c, db_begin(c, DB_READ), "begin");
        char *now = logical_state(c);
        if (strcmp(now, h.before[h.n]) != 0)
            fail_msg("seed %llu: change %zu is not wholly undone:\n%s", (unsigned long long)seed, h.n, difference(c, now, h.before[h.n]));
        assert_int_equal(tree_faults(c), 0);
        must(c, db_commit(c), "read");
    }
    small_close(c);
}

static int64_t first = 1, last = 3;

static void random_histories(void **state)
{
    (void)state;
    for (int64_t seed = first; seed <= last; seed++)
        through_every_state_and_back((uint64_t)seed * UINT64_C(88172645463325253));
}

/* test_tree [FIRST LAST]: which histories */
int main(int argc, char **argv)
{
    if (argc == 3 && (!int_parse(argv[1], &first) || !int_parse(argv[2], &last)))
        return 2;
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_histories)};
    return t_run("tree", tests, N(tests));
}
