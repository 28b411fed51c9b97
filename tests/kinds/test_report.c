/* Reports on units and members: that figures agree with each other and with a second way of counting, whatever the history;
 * what they say of a small world, word for word; that rights hold, and that statements do not multiply. */
#include "base/str.h"
#include "histories.h"
#include "party/reporting/figures.h"
#include "t.h"
#include "testdb.h"

static const char *golden;

/* --- any history -------------------------------------------------------------------------------------- */

struct naive { /* counted day by day */
    int64_t start, end, in, out, start_probation, end_probation, recognised, passed, returned;
};

static struct naive count_naively(const struct history *h, size_t unit, int32_t before, int32_t last)
{
    struct naive n = {0};
    for (size_t p = 0; p < h->people; p++) {
        bool first = history_present(h, p, unit, before), was = first;
        bool came_first = false, moved = false;
        n.start += was;
        n.start_probation += was && h->official[p] > day_add((day){FIRST_DAY}, before).v;
        for (int32_t d = before + 1; d <= last; d++) {
            bool is = history_present(h, p, unit, d);
            if (is != was && !moved) {
                moved = true;
                came_first = is;
            }
            n.in += is && !was;
            n.out += was && !is;
            n.recognised += is && was && h->official[p] == day_add((day){FIRST_DAY}, d).v;
            was = is;
        }
        n.end += was;
        n.end_probation += was && h->official[p] > day_add((day){FIRST_DAY}, last).v;
        n.passed += moved && first == was && came_first;
        n.returned += moved && first == was && !came_first;
    }
    return n;
}

static int64_t list_count(struct ctx *c, int64_t unit, day at)
{
    struct filter f = {.kind = &membership_kind, .unit = unit, .at = at};
    assert_true(filter_set(c, &f, "stay", "home"));
    int64_t n = record_count(c, &f);
    f.limit = PAGE_MOST;
    assert_int_equal(record_list(c, &f).n, n);
    return n;
}

static void check_unit(struct history *h, size_t unit, int32_t before, int32_t last)
{
    struct ctx *c = h->c;
    struct roll roll;
    struct movement v;
    struct period period = {.from = day_add((day){FIRST_DAY}, before + 1), .to = day_add((day){FIRST_DAY}, last), .sort = PERIOD_RANGE};
    bool good = roll_gather(c, &roll, h->unit[unit], period.to) && movement_gather(c, &v, h->unit[unit], &period);
    if (!good)
        fail_msg("%s", c->err.text);
    struct naive n = count_naively(h, unit, before, last);
    assert_int_equal(v.start.n, n.start);
    assert_int_equal(v.end.n, n.end);
    assert_int_equal(v.in.n, n.in);
    assert_int_equal(v.out.n, n.out);
    assert_int_equal(v.start.probation, n.start_probation);
    assert_int_equal(v.end.probation, n.end_probation);
    assert_int_equal(v.recognised, n.recognised);
    assert_int_equal(v.passed, n.passed);
    assert_int_equal(v.returned, n.returned);
    assert_int_equal(v.start.probation + v.in.probation - v.out.probation - v.recognised, v.end.probation);
    assert_int_equal(roll.official + roll.probation, n.end);
    assert_int_equal(list_count(c, h->unit[unit], period.to), n.end);
}

static void any_history(void **state)
{
    (void)state;
    static struct history h;
    const char *more = getenv("HISTORIES");
    int64_t seeds = 3;
    if (more)
        assert_true(int_parse(more, &seeds));
    for (uint64_t seed = 1; seed <= (uint64_t)seeds; seed++) {
        struct ctx *c = small_open();
        history_make(&h, c, seed, 150);
        assert_true(db_begin(c, DB_READ));
        history_read(&h);
        assert_int_equal(tree_faults(c), 0);
        for (int round = 0; round < 8; round++)
            for (size_t unit = 0; unit < h.units; unit++) {
                struct arena_mark mark = arena_mark(&c->arena);
                int32_t before = (int32_t)draw(&h, DAYS - 1), last = before + 1 + (int32_t)draw(&h, (uint64_t)(DAYS - 1 - before));
                check_unit(&h, unit, before, last);
                arena_rewind(&c->arena, mark);
            }
        assert_true(db_commit(c));
        small_close(c);
    }
}

/* --- a small world -------------------------------------------------------------------------------------- */

static void person(struct ctx *c, const char *code, const char *name, const char *sex, const char *born, const char *ethnicity, const char *theory,
                   const char *admitted, const char *official, const char *cell)
{
    put(c, &person_kind, "code", code, "name", name, "sex", sex, "born", born, "ethnicity", ethnicity, "theory", theory, "schooling", "THPT", "qualification",
        *theory ? "Đại học" : "", "admitted_on", admitted, "official_on", official, "cell", cell, "cell_since", admitted, NULL);
}

static int64_t stay_of(struct ctx *c, const char *code)
{
    return db_one_int(c, "SELECT m.id FROM membership m JOIN person p ON p.id = m.person WHERE p.code = $1 AND m.until = 99999999", V(code));
}

static int64_t small_units(struct ctx *c)
{
    put(c, &unit_kind, "code", "QY", "name", "Đảng bộ thị xã Quảng Yên", "type", "party_district", NULL);
    put(c, &unit_kind, "code", "XHH", "name", "Xã Hiệp Hòa", "type", "commune", NULL);
    int64_t id = put(c, &unit_kind, "code", "HH", "name", "Đảng bộ xã Hiệp Hòa", "type", "base_committee", "superior", "QY", "serves", "XHH", NULL);
    for (int i = 1; i <= 3; i++) {
        const char *village = arena_printf(&c->arena, "T%d", i), *cell = arena_printf(&c->arena, "CB%d", i);
        put(c, &unit_kind, "code", village, "name", arena_printf(&c->arena, "Thôn %d", i), "type", "village", "superior", "XHH", NULL);
        put(c, &unit_kind, "code", cell, "name", arena_printf(&c->arena, "Chi bộ thôn %d", i), "type", "cell", "superior", "HH", "serves", village, NULL);
    }
    put(c, &unit_kind, "code", "UB", "name", "Ủy ban nhân dân xã", "type", "people_committee", "superior", "XHH", NULL);
    put(c, &unit_kind, "code", "VP", "name", "Văn phòng Đảng ủy", "type", "party_office", "superior", "HH", NULL);
    put(c, &unit_kind, "code", "CBX", "name", "Chi bộ xã khác", "type", "base_cell", "superior", "QY", NULL);
    return id;
}

static int64_t small_world(struct ctx *c)
{
    int64_t id = small_units(c);
    person(c, "DV1", "Nguyễn Văn An", "Nam", "05/06/1958", "Kinh", "Trung cấp", "03/02/1980", "03/02/1981", "CB1");
    person(c, "DV2", "Lê Thị Bình", "Nữ", "1990", "Kinh", "", "19/05/2017", "19/05/2018", "CB1");
    person(c, "DV3", "Trần Văn Cường", "Nam", "12/1970", "Tày", "Sơ cấp", "02/09/1995", "02/09/1996", "CB2");
    person(c, "DV4", "Phạm Thị Dung", "Nữ", "", "", "", "10/03/2018", "", "CB2");
    person(c, "DV5", "Vũ Đức Đạt", "", "20/10/1940", "Kinh", "", "07/11/1965", "07/11/1966", "CB3");
    person(c, "DV6", "Hoàng Văn Em", "Nam", "1985", "Kinh", "", "01/01/2010", "01/01/2011", "CBX");
    put(c, &membership_kind, "person", "DV6", "cell", "CB3", "stay", "temporary", "since", "01/02/2018", NULL);
    change(c, &membership_kind, stay_of(c, "DV5"), "until", "20/06/2018", "ended", "Từ trần", NULL);
    change(c, &membership_kind, stay_of(c, "DV3"), "until", "01/04/2018", "ended", "Chuyển đi", NULL);
    put(c, &membership_kind, "person", "DV3", "cell", "CB1", "stay", "home", "since", "01/04/2018", "began", "Chuyển đến", NULL);
    put(c, &spell_kind, "person", "DV1", "sort", "Miễn công tác và sinh hoạt đảng", "since", "01/05/2018", NULL);
    put(c, &appointment_kind, "person", "DV1", "office", "Bí thư", "at_unit", "HH", "since", "01/01/2015", NULL);
    put(c, &appointment_kind, "person", "DV3", "office", "Phó bí thư", "at_unit", "HH", "since", "01/01/2016", NULL);
    put(c, &appointment_kind, "person", "DV3", "office", "Chủ tịch Ủy ban nhân dân", "at_unit", "UB", NULL);
    put(c, &appointment_kind, "person", "DV1", "office", "secretary", "at_unit", "CB1", NULL);
    put(c, &appointment_kind, "person", "DV1", "office", "village_head", "at_unit", "T1", NULL);
    put(c, &appointment_kind, "person", "DV4", "office", "secretary", "at_unit", "CB2", NULL);
    put(c, &appointment_kind, "person", "DV2", "office", "village_head", "at_unit", "T2", NULL);
    put(c, &duty_kind, "person", "DV1", "by_unit", "HH", "sort", "unit", "target", "CB2", "since", "01/01/2018", NULL);
    return id;
}

static struct doc *made(struct ctx *c, const char *name, const char *unit, const char *when)
{
    struct period period;
    const struct report *report = report_find(name);
    assert_non_null(report);
    bool good = period_parse(c, when, NULL, &period);
    struct doc *d = good ? report_make(c, report, unit_by_code(c, unit), &period) : NULL;
    if (!d)
        print_error("%s\n", c->err.text);
    return d;
}

static void against(struct ctx *c, const char *name, const struct doc *d)
{
    char *path = arena_printf(&c->arena, "%s/%s", golden, name);
    const char *mode = getenv("GOLDEN");
    bool anew = mode && str_same(mode, "write");
    struct buf b = {0};
    assert_non_null(d);
    doc_to_text(d, &b, 100);
    FILE *f = fopen(path, anew ? "wb" : "rb");
    assert_non_null(f);
    if (anew) {
        assert_int_equal(fwrite(b.p, 1, b.n, f), b.n);
    } else {
        char *was = arena_alloc(&c->arena, 1 << 20);
        was[fread(was, 1, (1 << 20) - 1, f)] = '\0';
        assert_string_equal(buf_text(&b), was);
    }
    assert_int_equal(fclose(f), 0);
    buf_free(&b);
}

static void word_for_word(void **state)
{
    (void)state;
    struct ctx *c = small_open();
    c->lang = LANG_VI;
    small_world(c);
    against(c, "members.txt", made(c, "to-chuc-dang-vien", "HH", "2018"));
    against(c, "members-cell.txt", made(c, "members", "CB1", "2018-Q2"));
    against(c, "posts.txt", made(c, "kiem-nhiem", "HH", "2018"));
    against(c, "duties.txt", made(c, "phu-trach", "HH", "2018"));
    c->lang = LANG_EN;
    against(c, "members-en.txt", made(c, "members", "QY", "2018"));
    assert_null(report_find("no such report"));
    small_close(c);
}

/* --- rights ------------------------------------------------------------------------------------------------ */

static void only_what_is_ones_own(void **state)
{
    (void)state;
    struct ctx *c = small_open();
    int64_t base = small_world(c);
    struct right right = {.unit = base, .subtree = true, .kinds = kind_bit("*"), .acts = ACT_READ, .through = "test"};
    struct actor actor = {.login = "x", .rights = &right, .nrights = 1};
    const struct actor *was = c->actor;
    struct period period;
    struct movement all, own;
    assert_true(period_parse(c, "2018", NULL, &period) && db_begin(c, DB_READ));
    assert_true(movement_gather(c, &all, base, &period));
    c->actor = &actor;
    assert_true(movement_gather(c, &own, base, &period));
    assert_memory_equal(&all.start, &own.start, sizeof own.start);
    assert_memory_equal(&all.end, &own.end, sizeof own.end);
    assert_non_null(made(c, "members", "HH", "2018"));
    struct roll roll;
    assert_true(roll_gather(c, &roll, unit_by_code(c, "QY"), period.to)); /* of the district no more than the own part */
    assert_int_equal(roll.official + roll.probation, own.end.n);
    assert_null(made(c, "members", "QY", "2018"));
    assert_int_equal(c->err.code, ERR_MISSING);
    db_commit(c);
    testdb_forget(c);
    assert_true(db_begin(c, DB_READ));
    right.unit = unit_by_code(c, "CB1");
    assert_true(roll_gather(c, &roll, base, period.to));
    assert_int_equal(roll.official + roll.probation, 3);
    right.kinds = kind_bit("unit");
    assert_true(roll_gather(c, &roll, base, period.to));
    assert_int_equal(roll.official + roll.probation, 0);
    right.kinds = kind_bit("unit") | kind_bit("membership"); /* may count members, not read their dossiers */
    assert_true(roll_gather(c, &roll, base, period.to));
    assert_int_equal(roll.sex[SEX_NOT_KNOWN].n, 3);
    c->actor = was;
    assert_true(db_commit(c));
    small_close(c);
}

/* --- statements -------------------------------------------------------------------------------------------- */

static int64_t statements(struct ctx *c, const char *report)
{
    int64_t before = db_statements(c);
    assert_non_null(made(c, report, "HH", "2018"));
    return db_statements(c) - before;
}

static void a_fixed_number_of_statements(void **state)
{
    (void)state;
    static const char *const names[] = {"members", "posts", "duties"};
    struct ctx *c = small_open();
    int64_t few[N(names)];
    small_world(c);
    for (size_t i = 0; i < N(names); i++)
        few[i] = statements(c, names[i]);
    for (int i = 10; i < 30; i++) {
        const char *cell = arena_printf(&c->arena, "CB%d", i), *who = arena_printf(&c->arena, "DV%d", i);
        put(c, &unit_kind, "code", cell, "name", arena_printf(&c->arena, "Chi bộ %d", i), "type", "cell", "superior", "HH", NULL);
        person(c, who, "Đỗ Văn Giang", "Nam", "1980", "Nùng", "", "01/02/2018", "", cell);
        put(c, &appointment_kind, "person", who, "office", "secretary", "at_unit", cell, NULL);
    }
    for (size_t i = 0; i < N(names); i++) {
        assert_int_equal(statements(c, names[i]), few[i]);
        print_message("%s: %lld statements\n", names[i], (long long)few[i]);
    }
    small_close(c);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_history), cmocka_unit_test(word_for_word), cmocka_unit_test(only_what_is_ones_own),
                                       cmocka_unit_test(a_fixed_number_of_statements)};
    golden = argc > 1 ? argv[1] : "tests/kinds/golden";
    return t_run("report", tests, N(tests));
}
