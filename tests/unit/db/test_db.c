/* What both engines promise alike: statements, arguments, transactions, savepoints, errors, words. */
#include "db/db.h"
#include "db/fault.h"
#include "t.h"
#include "testdb.h"

static struct ctx *opened(void)
{
    struct ctx *c = testdb_open();
    assert_true(db_begin(c, DB_WRITE));
    struct sql q = sql_new(c);
    sql_add(&q, "CREATE TABLE thing (id ");
    sql_add_text(&q, db_type_name(c, VALUE_INT));
    sql_add(&q, " NOT NULL, name ");
    sql_add_text(&q, db_type_name(c, VALUE_TEXT));
    sql_add(&q, ", fold ");
    sql_add_text(&q, db_type_name(c, VALUE_TEXT));
    sql_add(&q, ", PRIMARY KEY (id))");
    sql_add_text(&q, db_table_options(c));
    sql_run(&q);
    assert_true(db_commit(c));
    return c;
}

static int64_t put(struct ctx *c, int64_t id, const char *name)
{
    return db_run(c, "INSERT INTO thing (id, name) VALUES ($1, $2)", V(id), V(name));
}

static int64_t count(struct ctx *c)
{
    return db_one_int(c, "SELECT count(*) FROM thing");
}

static void assert_fails(struct ctx *c, enum err_code code)
{
    if (c->err.code != code)
        print_error("code %d instead of %d: %s\n", (int)c->err.code, (int)code, c->err.text ? c->err.text : "");
    assert_int_equal(c->err.code, code);
    assert_non_null(c->err.text);
    testdb_forget(c);
}

static void arguments_go_by_number(void **state)
{
    (void)state;
    struct ctx *c = opened();
    db_begin(c, DB_WRITE);
    assert_int_equal(db_run(c, "INSERT INTO thing (name, id) VALUES ($2, $1)", V(7), V("bảy")), 1);
    db_run(c, "INSERT INTO thing (id, name, fold) VALUES ($2, $1, $1)", V("x"), V((int64_t)INT64_MAX));
    db_run(c, "INSERT INTO thing (id, name) VALUES ($1, $2)", V((int64_t)INT64_MIN), value_null());
    assert_true(db_commit(c));
    struct rows *r = db_query(c, "SELECT id, name, fold, id = 7, $2, $1 FROM thing ORDER BY id DESC", V(1), V("hai"));
    assert_true(rows_next(r));
    assert_int_equal(rows_columns(r), 6);
    assert_string_equal(rows_column_name(r, 1), "name");
    assert_true(rows_int(r, 0) == INT64_MAX);
    assert_string_equal(rows_text(r, 0), "9223372036854775807");
    assert_string_equal(rows_text(r, 2), "x");
    assert_string_equal(rows_text(r, 4), "hai");
    assert_int_equal(rows_int(r, 5), 1);
    assert_true(rows_next(r));
    assert_string_equal(rows_text(r, 1), "bảy");
    assert_int_equal(rows_int(r, 3), 1);
    assert_string_equal(rows_text(r, 3), "1");
    assert_true(rows_null(r, 2));
    assert_true(rows_next(r));
    assert_true(rows_int(r, 0) == INT64_MIN && rows_null(r, 1) && !rows_text(r, 1) && rows_int(r, 1) == 0);
    assert_false(rows_next(r));
    assert_false(rows_next(r));
    rows_close(r);
    assert_false(failed(c));
    testdb_close(c);
}

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    struct ctx *c = opened();
    db_query(c, "SELECT id FROM thing WHERE id = $1");
    assert_fails(c, ERR_BROKEN);
    db_query(c, "SELECT id FROM thing WHERE id = $1 AND name = $3", V(1), V("a"));
    assert_fails(c, ERR_BROKEN);
    db_query(c, "SELECT id FROM nothing_here");
    assert_fails(c, ERR_BROKEN);
    db_query(c, "SELECT 1; SELECT 2");
    assert_fails(c, ERR_BROKEN);
    assert_int_equal(db_one_int(c, "SELECT 5"), 5);
    testdb_close(c);
}

static void composing(void **state)
{
    (void)state;
    struct ctx *c = opened();
    db_begin(c, DB_WRITE);
    for (int i = 1; i <= 40; i++)
        put(c, i, i % 2 ? "odd" : "even");
    const int64_t ids[] = {3, 4, 5, 40};
    struct sql where = sql_new(c);
    sql_col(&where, "t", "id");
    sql_add(&where, " IN (");
    sql_args(&where, ids, N(ids));
    sql_add(&where, ") AND 'a''$1' <> ");
    sql_arg(&where, V("z"));
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT count(*) FROM ");
    sql_name(&q, "thing");
    sql_add(&q, " t WHERE t.name = ");
    sql_arg(&q, V("odd"));
    sql_add(&q, " AND ");
    sql_append(&q, &where);
    sql_add(&q, " AND t.id < ");
    sql_arg(&q, V(100));
    assert_string_equal(q.text, "SELECT count(*) FROM \"thing\" t WHERE t.name = $1 AND \"t\".\"id\" IN ($2, $3, $4, $5) "
                                "AND 'a''$1' <> $6 AND t.id < $7");
    assert_int_equal(rows_only_int(sql_query(&q)), 2);
    struct sql none = sql_new(c);
    sql_add(&none, "DELETE FROM thing WHERE id IN (");
    sql_args(&none, NULL, 0);
    sql_add(&none, ")");
    assert_int_equal(sql_run(&none), 0);
    struct sql lock = sql_new(c);
    sql_add(&lock, "SELECT id FROM thing WHERE id = 1");
    db_lock_row(&lock);
    assert_int_equal(rows_only_int(sql_query(&lock)), 1);
    assert_true(db_commit(c));
    static const char *const bad[] = {"a\"b", "A", "1a", "", "a b", "a;", "é", "x.y",
                                      "a234567890123456789012345678901234567890123456789012345678901234"};
    for (size_t i = 0; i < N(bad); i++) {
        struct sql b = sql_new(c);
        sql_name(&b, bad[i]);
        assert_fails(c, ERR_BROKEN);
    }
    testdb_close(c);
}

static void transactions_nest(void **state)
{
    (void)state;
    struct ctx *c = opened();
    assert_true(db_begin(c, DB_WRITE));
    assert_true(db_begin(c, DB_WRITE));
    assert_true(db_in_write(c));
    put(c, 1, "a");
    assert_true(db_commit(c));
    assert_true(db_begin(c, DB_READ));
    assert_int_equal(count(c), 1);
    assert_true(db_commit(c));
    struct ctx *other = testdb_again(c);
    assert_int_equal(count(other), 0);
    assert_true(db_commit(c));
    assert_int_equal(count(other), 1);
    assert_false(db_in_write(c));

    db_begin(c, DB_WRITE);
    put(c, 2, "b");
    db_begin(c, DB_WRITE);
    db_rollback(c);
    assert_false(db_commit(c));
    assert_fails(c, ERR_BROKEN);
    assert_int_equal(count(c), 1);

    db_begin(c, DB_READ);
    assert_false(db_begin(c, DB_WRITE));
    assert_fails(c, ERR_BROKEN);
    put(c, 3, "c");
    assert_fails(c, ERR_BROKEN);
    assert_true(db_commit(c));
    put(c, 3, "c");
    assert_fails(c, ERR_BROKEN);
    assert_false(db_commit(c));
    assert_fails(c, ERR_BROKEN);
    assert_int_equal(count(c), 1);
    testdb_close(other);
    testdb_close(c);
}

static void errors_stick_and_roll_back(void **state)
{
    (void)state;
    struct ctx *c = opened();
    db_begin(c, DB_WRITE);
    put(c, 1, "a");
    put(c, 1, "again");
    assert_int_equal(c->err.code, ERR_CONFLICT);
    const char *first = c->err.text;
    int64_t sent = db_statements(c);
    assert_int_equal(put(c, 2, "b"), 0);
    assert_int_equal(count(c), 0);
    assert_false(rows_next(db_query(c, "SELECT 1")));
    assert_false(db_begin(c, DB_WRITE));
    assert_ptr_equal(c->err.text, first);
    assert_int_equal(db_statements(c), sent);
    assert_false(db_commit(c));
    assert_fails(c, ERR_CONFLICT);
    assert_int_equal(count(c), 0);
    db_begin(c, DB_WRITE);
    put(c, 1, "a");
    assert_true(db_commit(c));
    assert_int_equal(count(c), 1);
    db_begin(c, DB_WRITE);
    put(c, 2, "b");
    db_rollback(c);
    assert_false(failed(c));
    assert_int_equal(count(c), 1);
    testdb_close(c);
}

static void savepoints(void **state)
{
    (void)state;
    struct ctx *c = opened();
    db_begin(c, DB_WRITE);
    put(c, 1, "a");
    for (int i = 0; i < 5; i++) { /* rows of an import: the second of each pair fails */
        db_savepoint(c);
        put(c, 10 + i, "kept");
        db_savepoint_release(c);
        db_savepoint(c);
        put(c, 20 + i, "lost");
        put(c, 1, "twice");
        assert_true(failed(c));
        db_savepoint_rollback(c);
        assert_false(failed(c));
    }
    db_savepoint(c); /* nested, the inner one released, the outer rolled back with an inner rollback of a transaction */
    db_savepoint(c);
    put(c, 30, "x");
    db_savepoint_release(c);
    db_begin(c, DB_WRITE);
    db_rollback(c);
    db_savepoint_rollback(c);
    struct rows *open = db_query(c, "SELECT id FROM thing ORDER BY id");
    assert_true(rows_next(open));
    db_savepoint(c);
    struct rows *gone = db_query(c, "SELECT id FROM thing ORDER BY id");
    assert_true(rows_next(gone));
    db_savepoint_rollback(c);
    assert_true(rows_next(open));
    rows_close(open);
    assert_false(rows_next(gone));
    assert_fails(c, ERR_BROKEN);
    assert_int_equal(count(c), 6);
    assert_true(db_commit(c));
    assert_int_equal(count(c), 6);

    db_savepoint(c);
    assert_fails(c, ERR_BROKEN);
    db_begin(c, DB_WRITE); /* a failure from before the savepoint is not forgotten by it */
    put(c, 1, "twice");
    db_savepoint(c);
    put(c, 40, "x");
    db_savepoint_rollback(c);
    assert_int_equal(c->err.code, ERR_CONFLICT);
    assert_false(db_commit(c));
    testdb_forget(c);
    assert_int_equal(count(c), 6);
    testdb_close(c);
}

static void read_is_one_snapshot(void **state)
{
    (void)state;
    struct ctx *c = opened(), *w = testdb_again(c);
    assert_true(db_begin(c, DB_READ));
    assert_int_equal(count(c), 0);
    db_begin(w, DB_WRITE);
    put(w, 1, "a");
    assert_int_equal(count(w), 1);
    assert_int_equal(count(c), 0);
    assert_true(db_commit(w));
    assert_int_equal(count(c), 0);
    assert_true(db_commit(c));
    assert_int_equal(count(c), 1);
    testdb_close(w);
    testdb_close(c);
}

static void begin_read(struct ctx *c, uint64_t *state, uint64_t *tables)
{
    assert_true(db_begin(c, DB_READ));
    *state = db_state(c);
    size_t before = db_reads(c);
    count(c);
    *tables = db_read_since(c, before);
}

static bool changed_since(struct ctx *c, uint64_t state, uint64_t tables)
{
    assert_true(db_begin(c, DB_READ));
    bool changed = db_changed(c, state, tables);
    db_commit(c);
    return changed;
}

static void write_one(struct ctx *w, const char *table, int64_t id, bool keep)
{
    db_begin(w, DB_WRITE);
    if (strcmp(table, "thing") == 0)
        put(w, id, "n");
    else
        db_run(w, "INSERT INTO other (id) VALUES ($1)", V(id));
    if (keep)
        assert_true(db_commit(w));
    else
        db_rollback(w);
}

/* What was read from a table holds until somebody writes to that one; on a server it is not known, and so nothing holds. */
static void changes_are_known_by_table(void **state)
{
    (void)state;
    struct ctx *c = opened(), *w = testdb_again(c);
    uint64_t then, tables;
    db_begin(c, DB_WRITE);
    db_run(c, "CREATE TABLE other (id BIGINT NOT NULL, PRIMARY KEY (id))");
    assert_true(db_state(c) == 0);
    assert_true(db_commit(c));
    begin_read(c, &then, &tables);
    if (db_engine(c) == DB_POSTGRES) {
        assert_true(then == 0);
        assert_true(db_changed(c, 1, 1));
        db_commit(c);
    } else {
        assert_true(then && tables);
        assert_false(db_changed(c, then, tables));
        write_one(w, "thing", 1, true); /* not seen by a read that began before, and counted as changed all the same: nothing old is given as new */
        assert_int_equal(count(c), 0);
        assert_true(db_commit(c));
        assert_true(changed_since(c, then, tables));

        begin_read(c, &then, &tables);
        db_commit(c);
        write_one(w, "other", 1, true);
        assert_false(changed_since(c, then, tables));
        write_one(w, "thing", 2, false);
        assert_false(changed_since(c, then, tables));
        write_one(c, "thing", 2, true); /* one's own write */
        assert_true(changed_since(c, then, tables));

        begin_read(c, &then, &tables);
        db_commit(c);
        db_begin(w, DB_WRITE);
        db_run(w, "UPDATE thing SET name = 'x' WHERE id = 2");
        assert_true(db_commit(w));
        assert_true(changed_since(c, then, tables));

        begin_read(c, &then, &tables);
        db_commit(c);
        db_begin(w, DB_WRITE);
        db_run(w, "CREATE INDEX other_id ON other (id)"); /* of the schema: everything */
        assert_true(db_commit(w));
        assert_true(changed_since(c, then, tables));
    }
    testdb_close(w);
    testdb_close(c);
}

static void statements_are_counted(void **state)
{
    (void)state;
    struct ctx *c = opened();
    int64_t before = db_statements(c);
    db_begin(c, DB_READ);
    for (int i = 0; i < 5; i++)
        count(c);
    db_commit(c);
    assert_int_equal(db_statements(c) - before, 5);
    testdb_close(c);
}

static void rows_inside_rows(void **state)
{
    (void)state;
    struct ctx *c = opened();
    db_begin(c, DB_WRITE);
    for (int i = 0; i < 300; i++)
        put(c, i, "n");
    int64_t sum = 0;
    struct rows *a = db_query(c, "SELECT id FROM thing WHERE id < $1 ORDER BY id", V(20));
    while (rows_next(a)) { /* the same text while it is open */
        struct rows *b = db_query(c, "SELECT id FROM thing WHERE id < $1 ORDER BY id", V(rows_int(a, 0)));
        while (rows_next(b))
            sum += rows_int(b, 0);
    }
    assert_int_equal(sum, 1140);
    for (int i = 0; i < 600; i++) { /* more texts than the cache holds, with rows of an old one open */
        struct sql q = sql_new(c);
        a = i == 0 ? db_query(c, "SELECT id FROM thing ORDER BY id DESC") : a;
        sql_add(&q, "SELECT count(*) AS ");
        sql_name(&q, arena_printf(&c->arena, "n%d", i % 400));
        sql_add(&q, " FROM thing WHERE id = ");
        sql_arg(&q, V(i));
        assert_int_equal(rows_only_int(sql_query(&q)), i < 300);
    }
    assert_true(rows_next(a));
    assert_int_equal(rows_int(a, 0), 299);
    assert_true(db_commit(c));
    assert_false(rows_next(a)); /* ended with its transaction: said, not silently short */
    assert_fails(c, ERR_BROKEN);
    struct rows *out = db_query(c, "SELECT id FROM thing ORDER BY id");
    int n = 0;
    while (rows_next(out)) { /* begun outside of a transaction: goes on while others come and go */
        db_begin(c, DB_WRITE);
        db_run(c, "UPDATE thing SET name = $1 WHERE id = $2", V("m"), V(rows_int(out, 0)));
        assert_true(db_commit(c));
        n++;
    }
    assert_int_equal(n, 300);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM thing WHERE name = $1", V("m")), 300);
    testdb_close(c);
}

static void many_arguments_and_null_types(void **state)
{
    (void)state;
    struct ctx *c = opened();
    db_begin(c, DB_WRITE);
    for (int i = 0; i < 4; i++) /* the same text with and without NULL */
        db_run(c, "INSERT INTO thing (id, name) VALUES ($1, $2)", V(i), i % 2 ? V("a") : value_null());
    assert_true(db_commit(c));
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM thing WHERE name IS NULL"), 2);
    int64_t *ids = NEW_N(&c->arena, int64_t, 5000);
    for (int i = 0; i < 5000; i++)
        ids[i] = i;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT count(*) FROM thing WHERE id IN (");
    sql_args(&q, ids, 5000);
    sql_add(&q, ")");
    assert_int_equal(rows_only_int(sql_query(&q)), 4);
    testdb_close(c);
}

/* Sanitizers keep freed memory for a while. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static long resident_kb(void)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[200];
    long kb = 0;
    while (f && fgets(line, sizeof line, f)) {
        if (strncmp(line, "VmRSS:", 6) == 0) {
            for (const char *p = line; *p; p++)
                kb = *p >= '0' && *p <= '9' ? kb * 10 + (*p - '0') : kb;
        }
    }
    if (f)
        fclose(f);
    return kb;
}

static void stream_keeps_memory(void **state)
{
    (void)state;
    struct ctx *c = opened();
    char long_text[301];
    memset(long_text, 'x', 300);
    long_text[300] = '\0';
    db_begin(c, DB_WRITE_LONG);
    struct sql fill = sql_new(c);
    sql_add(&fill, "INSERT INTO thing (id, name) WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
                   "SELECT i, ");
    sql_arg(&fill, V(long_text));
    sql_add(&fill, " FROM n");
    assert_int_equal(sql_run(&fill), 100000);
    assert_true(db_commit(c));
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT id, name FROM thing WHERE id > ");
    sql_arg(&q, V(0));
    sql_add(&q, " ORDER BY id");
    sql_stream(&q); /* outside of a transaction */
    assert_fails(c, ERR_BROKEN);
    db_begin(c, DB_READ);
    struct rows *r = sql_stream(&q);
    long before = resident_kb();
    int64_t n = 0, sum = 0;
    while (rows_next(r)) {
        n++;
        sum += rows_int(r, 0);
        if (n == 50000)
            assert_int_equal(count(c), 100000); /* another statement meanwhile */
    }
    assert_int_equal(n, 100000);
    assert_true(sum == 5000050000);
    print_message("100,000 rows of 300 bytes: %ld KB more than at the first\n", resident_kb() - before);
    assert_true(SANITIZED || resident_kb() - before < 24 * 1024);
    assert_true(db_commit(c));
    testdb_close(c);
}

static void full_disk_in_a_statement(void **state)
{
    (void)state;
    struct ctx *c = opened();
    db_begin(c, DB_WRITE);
    put(c, 1, "a");
    db_savepoint(c);
    db_fault_after(FAULT_STATEMENT_FULL, 2);
    put(c, 2, "b");
    assert_false(failed(c));
    put(c, 3, "c");
    assert_int_equal(c->err.code, ERR_FULL);
    assert_non_null(strstr(c->err.text, "Nothing of this was saved"));
    db_savepoint_rollback(c);
    if (db_engine(c) == DB_SQLITE) /* the engine took all with it: cannot be forgotten */
        assert_int_equal(c->err.code, ERR_FULL);
    else
        (fail)(c, ERR_FULL, "x", "x");
    assert_false(db_commit(c));
    assert_fails(c, ERR_FULL);
    assert_int_equal(count(c), 0);
    db_begin(c, DB_WRITE);
    put(c, 1, "a");
    db_fault_after(FAULT_COMMIT_FULL, 1);
    assert_false(db_commit(c));
    assert_fails(c, ERR_FULL);
    assert_int_equal(count(c), 0);
    db_begin(c, DB_WRITE);
    put(c, 1, "a");
    assert_true(db_commit(c));
    assert_int_equal(count(c), 1);
    testdb_close(c);
}

static void catalog(void **state)
{
    (void)state;
    struct ctx *c = opened();
    db_begin(c, DB_WRITE);
    db_run(c, "CREATE INDEX thing_name ON thing (name)");
    db_words_create(c, "thing");
    assert_true(db_commit(c));
    struct db_column *col;
    assert_int_equal(db_columns(c, &col), 3);
    assert_string_equal(col[0].table, "thing");
    assert_string_equal(col[0].name, "id");
    assert_string_equal(col[0].type, "int");
    assert_string_equal(col[1].name, "name");
    assert_string_equal(col[1].type, "text");
    assert_true(db_has_table(c, "thing"));
    assert_false(db_has_table(c, "thin"));
    assert_true(db_has_index(c, "thing_name"));
    assert_false(db_has_index(c, "thing"));
    assert_true(strncmp(db_version(c), db_engine(c) == DB_SQLITE ? "SQLite 3." : "PostgreSQL 1", 9) == 0);
    db_analyze(c);
    assert_false(failed(c));
    db_begin(c, DB_WRITE);
    assert_int_equal(db_integrity(c, NULL, NULL), 0);
    assert_true(db_commit(c));
    db_begin(c, DB_WRITE); /* text does not go into a column of numbers */
    db_run(c, "INSERT INTO thing (id) VALUES ($1)", V("abc"));
    assert_true(failed(c));
    assert_false(db_commit(c));
    testdb_forget(c);
    testdb_close(c);
}

static void order_is_by_bytes(void **state)
{
    (void)state;
    struct ctx *c = opened();
    static const char *const names[] = {"b", "B", "a b", "a", "ab", "Z", "_"};
    db_begin(c, DB_WRITE);
    for (size_t i = 0; i < N(names); i++)
        put(c, (int64_t)i, names[i]);
    assert_true(db_commit(c));
    struct rows *r = db_query(c, "SELECT name FROM thing ORDER BY name");
    char all[64] = "";
    size_t n = 0;
    while (rows_next(r))
        n += (size_t)snprintf(all + n, sizeof all - n, "%s|", rows_text(r, 0));
    assert_string_equal(all, "B|Z|_|a|a b|ab|b|");
    testdb_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_go_by_number),   cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(composing),                cmocka_unit_test(transactions_nest),
        cmocka_unit_test(errors_stick_and_roll_back), cmocka_unit_test(savepoints),
        cmocka_unit_test(read_is_one_snapshot),     cmocka_unit_test(statements_are_counted),
        cmocka_unit_test(changes_are_known_by_table),
        cmocka_unit_test(rows_inside_rows),         cmocka_unit_test(many_arguments_and_null_types),
        cmocka_unit_test(stream_keeps_memory),      cmocka_unit_test(full_disk_in_a_statement),
        cmocka_unit_test(catalog),                  cmocka_unit_test(order_is_by_bytes),
    };
    return t_run("db", tests, N(tests));
}
