/* The first of July 2025 in one province: every district ends, communes merge by twos and threes directly under the province, each by a
 * decision of its own. The tree on the day before and on the day, and who counts where. Times are printed, not judged.
 *   test_restructure [DISTRICTS COMMUNES CELLS MEMBERS]      communes a district, cells a commune, members a cell */
#include "small.h"

#include "base/str.h"
#include "model/type.h"
#include "t.h"
#include "testdb.h"

#include <time.h>

static int districts = 3, communes = 8, cells = 4, members = 2;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double told(const char *what, double since)
{
    printf("%-34s %8.2f s\n", what, now() - since);
    fflush(stdout);
    return now();
}

static void must(struct ctx *c, bool ok, const char *what)
{
    if (!ok || failed(c))
        fail_msg("%s: %s", what, failed(c) ? c->err.text : "no");
}

static void must_save(struct ctx *c, const struct kind *k, ...) __attribute__((sentinel));
static void must_save(struct ctx *c, const struct kind *k, ...)
{
    struct arena_mark mark = arena_mark(&c->arena);
    void *record = arena_alloc(&c->arena, k->size);
    va_list args;
    va_start(args, k);
    for (const char *name; (name = va_arg(args, const char *));) {
        const char *value = va_arg(args, const char *), *why = value ? type_parse(c, field_need(k, name), value_text(value), record) : NULL;
        if (why)
            fail_msg("%s: %s", name, why);
    }
    va_end(args);
    must(c, record_must_save(c, k, record), k->name);
    arena_rewind(&c->arena, mark);
}

static void build(struct ctx *c)
{
    char d[16], x[32], cell[48], code[64];
    must(c, db_begin(c, DB_WRITE_LONG), "begin");
    must_save(c, &unit_kind, "code", "T", "name", "Đảng bộ tỉnh", "type", "party_province", "founded_on", "01/01/1997", NULL);
    for (int i = 0; i < districts; i++) {
        snprintf(d, sizeof d, "H%d", i);
        must_save(c, &unit_kind, "code", d, "name", "Đảng bộ huyện", "type", "party_district", "superior", "T", "founded_on", "01/01/1997", NULL);
        for (int j = 0; j < communes; j++) {
            snprintf(x, sizeof x, "H%d.X%d", i, j);
            must_save(c, &unit_kind, "code", x, "name", "Đảng bộ xã", "type", "base_committee", "superior", d, "founded_on", "01/01/1997", NULL);
            for (int n = 0; n < cells; n++) {
                snprintf(cell, sizeof cell, "%s.C%d", x, n);
                must_save(c, &unit_kind, "code", cell, "name", "Chi bộ thôn", "type", "cell", "superior", x, "founded_on", "01/01/1997", NULL);
                for (int m = 0; m < members; m++) {
                    snprintf(code, sizeof code, "%s.%d", cell, m);
                    must_save(c, &person_kind, "code", code, "name", "Nguyễn Văn Đức", "cell", cell, "admitted_on", "03/02/2005", NULL);
                }
            }
        }
    }
    must(c, db_commit(c), "build");
}

static void decide(struct ctx *c, const char *act, const char *units, const char *into, const char *superior, const char *type)
{
    must_save(c, &unit_change_kind, "number", "1", "decided_on", "16/06/2025", "effective_on", "01/07/2025", "decided_by", "Tỉnh ủy", "act", act, "units", units, "into", into,
              "superior", superior, "new_type", type, "new_name", "Đảng bộ xã mới", NULL);
}

/* Communes of each district by twos and threes; then the districts, empty now, end. Returns how many communes there are then. */
static int restructure(struct ctx *c)
{
    int made = 0;
    must(c, db_begin(c, DB_WRITE_LONG), "begin");
    for (int i = 0; i < districts; i++)
        for (int j = 0, by; j < communes; j += by) {
            struct buf units = {0};
            char into[40];
            by = 2 + made % 2;
            if (communes - j - by == 1 || communes - j < by)
                by = communes - j;
            for (int n = j; n < j + by; n++)
                buf_printf(&units, "%sH%d.X%d", units.n ? "; " : "", i, n);
            snprintf(into, sizeof into, "M%d", made++);
            decide(c, "merge", buf_text(&units), into, "T", "party_commune");
            buf_free(&units);
        }
    for (int i = 0; i < districts; i++) {
        char d[40];
        snprintf(d, sizeof d, "H%d", i);
        must_save(c, &unit_change_kind, "number", "2", "decided_on", "16/06/2025", "effective_on", "01/07/2025", "decided_by", "Tỉnh ủy", "act", "close", "units", d,
                  "into", "T", NULL);
    }
    must(c, db_commit(c), "restructure");
    return made;
}

static int64_t open_units(struct ctx *c, const char *type, int64_t depth, day on)
{
    return db_one_int(c,
                      "SELECT count(*) FROM unit u JOIN unit_above a ON a.shard = 0 AND a.unit = u.id AND a.since <= $3 AND a.until > $3 JOIN unit t ON t.id = a.above "
                      "AND t.code = 'T' WHERE u.type = $1 AND a.depth = $2 AND COALESCE(u.founded_on, 0) <= $3 AND u.closed_on > $3",
                      V(type), V(depth), V(on));
}

static int64_t counted(struct ctx *c, const char *code, day on)
{
    struct filter f = {.kind = &membership_kind, .unit = record_id_of_code(c, &unit_kind, code), .at = on};
    return record_count(c, &f);
}

static void check_both_days(struct ctx *c, int made)
{
    day before = {20250630}, after = {20250701};
    int64_t every = (int64_t)districts * communes * cells * members;
    must(c, db_begin(c, DB_READ), "begin");
    assert_int_equal(tree_faults(c), 0);
    assert_int_equal(open_units(c, "party_district", 1, before), districts);
    assert_int_equal(open_units(c, "base_committee", 2, before), districts * communes);
    assert_int_equal(open_units(c, "cell", 3, before), districts * communes * cells);
    assert_int_equal(open_units(c, "party_commune", 1, before), 0);
    assert_int_equal(open_units(c, "party_district", 1, after), 0);
    assert_int_equal(open_units(c, "base_committee", 2, after), 0);
    assert_int_equal(open_units(c, "party_commune", 1, after), made);
    assert_int_equal(open_units(c, "cell", 2, after), districts * communes * cells);
    assert_int_equal(open_units(c, "cell", 3, after), 0);
    assert_int_equal(counted(c, "T", before), every);
    assert_int_equal(counted(c, "T", after), every);
    assert_int_equal(counted(c, "H0", before), every / districts);
    assert_int_equal(counted(c, "M0", before), 0);
    assert_int_equal(counted(c, "M0", after), (int64_t)2 * cells * members);
    assert_int_equal(counted(c, "H0.X0", before), (int64_t)cells * members);
    assert_int_equal(counted(c, "H0.X0", after), 0);
    must(c, db_commit(c), "counts");
}

static void the_first_of_july(void **state)
{
    (void)state;
    struct ctx *c = small_open();
    c->today = (day){20250701};
    double t = now(), start = t;
    build(c);
    t = told("built", t);
    int made = restructure(c);
    t = told("restructured", t);
    check_both_days(c, made);
    t = told("counted", t);
    must(c, db_begin(c, DB_WRITE_LONG), "begin");
    tree_rebuild(c);
    must(c, db_commit(c), "rebuild");
    t = told("closure made anew", t);
    check_both_days(c, made);
    told("all", start);
    small_close(c);
}

int main(int argc, char **argv)
{
    int *const sizes[] = {&districts, &communes, &cells, &members};
    for (int i = 1; i < argc && i <= (int)N(sizes); i++) {
        int64_t v;
        if (int_parse(argv[i], &v) && v > 0 && v < 1000)
            *sizes[i - 1] = (int)v;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_of_july)};
    return t_run("restructure", tests, N(tests));
}
