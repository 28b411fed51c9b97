/* Long imports: what is written behind, answered from memory and indexed at the end is the same as row by row; and a disk that
 * gets full in the middle leaves nothing behind. */
#include "world.h"

#include "base/buf.h"
#include "base/str.h"
#include "db/fault.h"
#include "model/bulk.h"

enum { ROWS = 8000, PIECES = 8, TOLD = 400 };

struct seen {
    struct ctx *c;
    bool bulk;
};

static void look(void *to, int64_t done, int64_t total)
{
    struct seen *s = to;
    (void)done;
    (void)total;
    s->bulk |= bulk_on(s->c);
}

/* One person a row; now and then a number, or name and birth, of somebody before. */
static const char *register_file(const char *name, int from, int to)
{
    static const char *const names[] = {"Nguyễn Văn Hùng", "Trần Thị Hòa", "Lê Đức Ân", "Phạm Ánh", "Hồ Thị Kỷ"};
    struct buf b = {0};
    buf_puts(&b, "Họ và tên,Ngày sinh,Số CCCD,Số thẻ đảng viên,Ngày vào Đảng,Mã chi bộ\n");
    for (int i = from; i < to; i++) {
        int card = i % 700 == 699 ? i - 650 : i, born = i % 900 == 899 ? i - 850 : i, cccd = i % 1100 == 1099 ? i - 1000 : i;
        buf_printf(&b, "%s Số %d,%02d/%02d/%d,%09d,%08d,03/02/%d,CB%d\n", names[(size_t)born % N(names)], born % 7, 1 + born % 28, 1 + born / 28 % 12, 1940 + born / 336 % 40, 100000000 + cccd,
                   10000000 + card, 2001 + i % 20, 1 + i % 3);
    }
    const char *path = world_text(name, buf_text(&b));
    buf_free(&b);
    return path;
}

struct told {
    int64_t row;
    char column[8];
};

static int by_place(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    return x->row != y->row ? (x->row > y->row) - (x->row < y->row) : strcmp(x->column, y->column);
}

/* Brings a register in, in so many pieces; adds what was told, with rows counted through. */
static size_t bring(struct ctx *c, int pieces, struct told *told, bool *bulk)
{
    size_t n = 0;
    struct seen seen = {.c = c};
    for (int i = 0; i < pieces; i++) {
        struct import_result r;
        struct import_options o = {.keep_duplicates = true, .progress = look, .progress_to = &seen};
        int each = ROWS / pieces;
        import_file(c, &person_kind, register_file("many.csv", i * each, (i + 1) * each), &o, &r);
        world_must(c, r.committed);
        assert_int_equal(r.saved, each);
        for (size_t j = 0; j < r.nerrors && n < TOLD; j++, n++) {
            told[n].row = r.errors[j].row + (int64_t)i * each;
            snprintf(told[n].column, sizeof told[n].column, "%s", r.errors[j].column ? r.errors[j].column : "");
        }
    }
    qsort(told, n, sizeof *told, by_place);
    *bulk = seen.bulk;
    return n;
}

static const char *of_everybody(struct ctx *c)
{
    struct buf b = {0};
    struct rows *r = db_query(c,
                              "SELECT p.name, p.sort_key, p.born, p.cccd, p.card_number, p.standing, u.code, m.since, m.official_on, t.id = p.id, p.part = u.home "
                              "FROM person p JOIN unit u ON u.id = p.unit JOIN membership m ON m.person = p.id AND m.unit = p.unit AND m.removed_at = 0 "
                              "JOIN (SELECT value, id FROM taken WHERE kind = 'person') t ON t.value = p.code ORDER BY p.cccd, p.card_number");
    while (rows_next(r))
        for (int i = 0; i < rows_columns(r); i++)
            buf_printf(&b, "%s%c", rows_text(r, i) ? rows_text(r, i) : "-", i + 1 < rows_columns(r) ? '|' : '\n');
    return buf_take(&b, &c->arena);
}

static void fault(void *to, const char *what)
{
    (void)to;
    print_error("%s\n", what);
}

static int64_t found(struct ctx *c, const char *q)
{
    struct filter f = {.kind = &person_kind, .search = q};
    world_must(c, db_begin(c, DB_READ));
    int64_t n = record_count(c, &f);
    db_commit(c);
    return n;
}

static void sound(struct ctx *c)
{
    world_must(c, schema_difference(c, NULL, NULL) == 0);
    world_must(c, db_begin(c, DB_READ));
    assert_true(audit_verify(c, fault, NULL, NULL) >= 0);
    db_commit(c);
    assert_int_equal(db_integrity(c, fault, NULL), 0);
}

static void many_rows_are_as_few(void **state)
{
    (void)state;
    static struct told many[TOLD], few[TOLD];
    bool bulk[2];
    struct ctx *a = world_open(), *c;
    world_units(a);
    size_t n = bring(a, 1, many, &bulk[0]);
    struct arena kept = {0};
    const char *whole = arena_text(&kept, of_everybody(a));
    int64_t hits = found(a, "Hùng 10000"), audited = db_one_int(a, "SELECT count(*) FROM audit WHERE kind IN ('person', 'membership')");
    bool alone = db_engine(a) == DB_SQLITE;
    sound(a);
    world_close(a);

    c = world_open();
    world_units(c);
    assert_int_equal(bring(c, PIECES, few, &bulk[1]), n);
    assert_int_equal(bulk[0], alone); /* else this compares like with like */
    assert_false(bulk[1]);
    assert_in_range(n, 15, TOLD - 1);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(many[i].row, few[i].row);
        assert_string_equal(many[i].column, few[i].column);
    }
    assert_string_equal(of_everybody(c), whole);
    assert_int_equal(found(c, "Hùng 10000"), hits);
    assert_true(hits > 0);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM audit WHERE kind IN ('person', 'membership')"), audited);
    sound(c);
    world_close(c);
    arena_free(&kept);
}

static void a_full_disk_leaves_nothing(void **state)
{
    (void)state;
    static const int after[] = {900, 12000, 30000};
    struct ctx *c = world_open();
    world_units(c);
    const char *path = register_file("full.csv", 0, ROWS);
    for (size_t i = 0; i < N(after); i++) {
        struct import_result r;
        db_fault_after(FAULT_STATEMENT_FULL, after[i]);
        import_file(c, &person_kind, path, &(struct import_options){.keep_duplicates = true}, &r);
        db_fault_after(FAULT_NONE, 0);
        assert_int_equal(c->err.code, ERR_FULL);
        assert_false(r.committed);
        testdb_forget(c);
        assert_int_equal(db_one_int(c, "SELECT count(*) FROM person") + db_one_int(c, "SELECT count(*) FROM membership"), 0);
        sound(c);
    }
    struct import_result r;
    import_file(c, &person_kind, path, &(struct import_options){.keep_duplicates = true, .dry_run = true}, &r);
    world_must(c, !r.committed && r.saved == ROWS);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM person"), 0);
    sound(c);
    world_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(many_rows_are_as_few), cmocka_unit_test(a_full_disk_leaves_nothing)};
    int bad = t_run("bulk", tests, N(tests));
    world_end();
    return bad;
}
