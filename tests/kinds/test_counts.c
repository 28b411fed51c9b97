/* Counts by a field against counts one by one; what was removed, as a list; ranges of partial days; files as they are told apart. */
#include "small.h"

#include "base/str.h"
#include "party/system/attachment_store.h"
#include "t.h"

#include <unistd.h>

static struct ctx *c;
static int64_t cells[2];

static void make(void)
{
    static const char *const born[] = {"1970", "03/1970", "27/03/1970", "31/12/1970", "1971", "01/01/1971", "12/1969", NULL};
    put(c, &unit_kind, "code", "X", "name", "Đảng bộ xã", "type", "base_committee", NULL);
    cells[0] = put(c, &unit_kind, "code", "A", "name", "Chi bộ A", "type", "cell", "superior", "X", NULL);
    cells[1] = put(c, &unit_kind, "code", "B", "name", "Chi bộ B", "type", "cell", "superior", "X", NULL);
    for (int i = 0; i < 24; i++)
        put(c, &person_kind, "name", arena_printf(&c->arena, "Nguyễn Văn %c", 'A' + i), "cell", i % 3 ? "A" : "B", "admitted_on", "03/02/2000", "sex", i % 5 == 0 ? "" : i % 2 ? "male" : "female",
            born[i % 8] ? "born" : NULL, born[i % 8], NULL);
}

static struct filter people(int64_t unit)
{
    return (struct filter){.kind = &person_kind, .unit = unit};
}

/* Each value that is counted, asked for by itself; and their sum. */
static void agree(const struct filter *f, const char *name)
{
    const struct field *field = field_need(f->kind, name);
    struct value_count counts[32];
    int64_t total = 0, sum = 0, none;
    size_t n = record_count_by(c, f, field, 1000, counts, N(counts), &total);
    struct filter whole = *f;
    whole.nterms = 0;
    assert_int_equal(total, record_count(c, &whole));
    for (size_t i = 0; i < n; i++) {
        struct filter one = whole;
        one.terms[one.nterms++] = (struct condition){.field = field, .op = counts[i].value.type == VALUE_NULL ? OP_NONE : OP_IS, .value = counts[i].value};
        assert_int_equal(record_count(c, &one), counts[i].n);
        assert_true(!i || counts[i].n <= counts[i - 1].n);
        sum += counts[i].n;
    }
    assert_int_equal(sum, total);
    assert_int_equal(record_count_by(c, f, field, total - 1, counts, N(counts), &none), 0); /* too many to be counted quickly */
    assert_true(none > total - 1);
}

static void counts_by_a_field(void **state)
{
    (void)state;
    assert_true(db_begin(c, DB_READ));
    static const char *const by[] = {"sex", "standing", "born", "code"};
    for (int place = 0; place < 3; place++)
        for (size_t i = 0; i < N(by); i++) {
            struct filter f = people(place ? cells[place - 1] : 0);
            agree(&f, by[i]);
            assert_true(filter_set(c, &f, by[i], "") || failed(c)); /* terms on the field itself do not count */
            agree(&f, by[i]);
        }
    assert_false(failed(c));
    db_commit(c);
}

static int64_t born(const char *from, const char *to)
{
    struct filter f = people(0);
    assert_true(!from || filter_set(c, &f, "born.from", from));
    assert_true(!to || filter_set(c, &f, "born.to", to));
    return record_count(c, &f);
}

static void ranges_take_in_whole_years(void **state)
{
    (void)state;
    assert_true(db_begin(c, DB_READ));
    assert_int_equal(born("1970", "1970"), 12); /* the year, the month, two days: three of each */
    assert_int_equal(born(NULL, "1970"), 15);
    assert_int_equal(born(NULL, "03/1970"), 12);
    assert_int_equal(born(NULL, "26/03/1970"), 9);
    assert_int_equal(born("1971", NULL), 6);
    db_commit(c);
}

static void what_was_removed(void **state)
{
    struct problems p;
    (void)state;
    assert_true(db_begin(c, DB_WRITE));
    put(c, &term_kind, "name", "Nhiệm kỳ 1", "of_unit", "A", "since", "01/01/2020", "until", "01/01/2025", NULL);
    int64_t id = put(c, &term_kind, "name", "Nhiệm kỳ 2", "of_unit", "A", "since", "01/01/2025", NULL);
    struct filter f = {.kind = &term_kind, .unit = cells[0], .all_times = true};
    struct list l;
    int64_t before = record_count(c, &f);
    problems_start(&p, c);
    assert_true(record_remove(c, &term_kind, id, 0, &p));
    assert_int_equal(record_count(c, &f), before - 1);
    struct filter gone = {.kind = &term_kind, .removed = true, .by_id = true, .descending = true, .all_times = true, .act = ACT_REMOVE};
    for (int i = 0; i < 2; i++) {
        gone.unit = i ? cells[0] : 0;
        l = record_list(c, &gone);
        assert_int_equal(l.n, 1);
        assert_int_equal(((struct row *)l.rows[0])->id, id);
    }
    gone.unit = cells[1];
    assert_int_equal(record_list(c, &gone).n, 0);
    assert_true(record_restore(c, &term_kind, id));
    gone.unit = 0;
    assert_int_equal(record_list(c, &gone).n, 0);
    assert_int_equal(record_count(c, &f), before);
    assert_true(db_commit(c));
}

static struct row *attach(const void *bytes, size_t n, const char *name)
{
    struct problems p;
    char path[] = "/tmp/dangbo-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, bytes, n) == (ssize_t)n && close(fd) == 0);
    problems_start(&p, c);
    struct row *row = attachment_put(c, &(struct to_attach){.path = path, .name = name, .unit = cells[0]}, &p);
    unlink(path);
    return row;
}

static void files_are_told_apart(void **state)
{
    (void)state;
    assert_true(db_begin(c, DB_WRITE));
    struct row *row = attach("%PDF-1.7 abc", 12, "Quyết định 1");
    assert_non_null(row);
    assert_string_equal(attachment_file_name(c, row), "Quyết định 1.pdf");
    assert_true(attachment_read(c, row->shard, row->id, NULL));
    row = attach("\xFF\xD8\xFF....", 7, "ảnh.JPEG");
    assert_non_null(row);
    assert_string_equal(attachment_file_name(c, row), "ảnh.JPEG");
    db_run(c, "UPDATE attachment_part SET data = 'AAAA' WHERE attachment = $1", V(row->id));
    assert_false(attachment_read(c, row->shard, row->id, NULL));
    static const char *const bad[] = {"", "MZ\x90", "PK\x03\x04 none", "<html>", "%PD", "\x89PNG\r\n"};
    for (size_t i = 0; i < N(bad); i++) {
        db_savepoint(c);
        assert_null(attach(bad[i], strlen(bad[i]), "x.pdf"));
        assert_int_equal(c->err.code, ERR_BAD_INPUT);
        db_savepoint_rollback(c);
    }
    db_rollback(c);
}

int main(void)
{
    c = small_open();
    assert_true(db_begin(c, DB_WRITE_LONG));
    make();
    assert_true(db_commit(c));
    const struct CMUnitTest tests[] = {cmocka_unit_test(counts_by_a_field), cmocka_unit_test(ranges_take_in_whole_years), cmocka_unit_test(what_was_removed), cmocka_unit_test(files_are_told_apart)};
    int wrong = t_run("counts", tests, N(tests));
    small_close(c);
    return wrong;
}
