/* What only PostgreSQL can do to us: go away, come back, and say no in its own ways. Starts a server of its own, which
 * it may crash; without PostgreSQL on the machine it skips. */
#include "db/db.h"
#include "db/fault.h"
#include "t.h"
#include "testdb.h"

#include <sys/wait.h>
#include <unistd.h>

static char place[64], dsn[256];

/* Runs tools/pg_private.sh; its output goes to `out`. */
static int server(const char *verb, char *out, size_t room)
{
    int to[2];
    if (pipe(to) != 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        dup2(to[1], 1);
        close(to[0]);
        close(to[1]);
        execl("/bin/bash", "bash", TOOLS "/pg_private.sh", verb, place, "--durable", (char *)NULL);
        _exit(127);
    }
    close(to[1]);
    size_t n = 0;
    ssize_t got;
    while (n + 1 < room && (got = read(to[0], out + n, room - 1 - n)) > 0)
        n += (size_t)got;
    if (room)
        out[n] = '\0';
    close(to[0]);
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

static struct ctx *opened(void)
{
    struct ctx *c = testdb_open();
    db_begin(c, DB_WRITE);
    db_run(c, "CREATE TABLE t (id BIGINT PRIMARY KEY, name TEXT)");
    assert_true(db_commit(c));
    return c;
}

static bool put(struct ctx *c, int64_t id)
{
    db_begin(c, DB_WRITE);
    db_run(c, "INSERT INTO t (id, name) VALUES ($1, $2)", V(id), V("a"));
    return db_commit(c);
}

static void assert_fails(struct ctx *c, enum err_code code, const char *says)
{
    if (c->err.code != code)
        print_error("%s\n", c->err.text);
    assert_int_equal(c->err.code, code);
    if (!strstr(c->err.text, says))
        print_error("%s\n", c->err.text);
    assert_non_null(strstr(c->err.text, says));
    testdb_forget(c);
}

static void server_crashes_and_comes_back(void **state)
{
    (void)state;
    struct ctx *c = opened(), *idle = testdb_again(c), *reader = testdb_again(c);
    assert_true(put(c, 1) && put(c, 2) && put(c, 3)); /* prepared by now */
    assert_int_equal(db_one_int(reader, "SELECT count(*) FROM t"), 3);
    db_begin(c, DB_WRITE);
    db_run(c, "INSERT INTO t (id, name) VALUES ($1, $2)", V(4), V("a"));
    assert_int_equal(server("crash", NULL, 0), 0);
    db_savepoint(c);
    db_savepoint_rollback(c); /* a lost connection is not forgotten */
    assert_true(failed(c));
    db_run(c, "INSERT INTO t (id, name) VALUES ($1, $2)", V(5), V("a"));
    assert_false(db_commit(c));
    assert_fails(c, ERR_UNAVAILABLE, "Nothing was saved");
    assert_false(db_begin(c, DB_WRITE));
    assert_fails(c, ERR_UNAVAILABLE, "Check that it is running");
    assert_int_equal(server("resume", NULL, 0), 0);
    assert_true(put(idle, 6)); /* did not even notice */
    assert_int_equal(db_one_int(reader, "SELECT count(*) FROM t"), 4);
    assert_true(put(c, 7) && put(c, 8));
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM t WHERE id IN (1, 2, 3, 6, 7, 8)"), 6);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM t"), 6);
    testdb_close(reader);
    testdb_close(idle);
    testdb_close(c);
}

static void connection_breaks(void **state)
{
    (void)state;
    struct ctx *c = opened();
    db_begin(c, DB_WRITE);
    db_fault_after(FAULT_LOST, 2);
    db_run(c, "INSERT INTO t (id) VALUES (1)");
    db_run(c, "INSERT INTO t (id) VALUES (2)");
    assert_false(db_commit(c));
    assert_fails(c, ERR_UNAVAILABLE, "Nothing was saved");
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM t"), 0);
    db_begin(c, DB_WRITE);
    db_run(c, "INSERT INTO t (id) VALUES (3)");
    db_fault_after(FAULT_COMMIT_LOST, 1);
    assert_false(db_commit(c));
    assert_fails(c, ERR_UNAVAILABLE, "not known whether this was saved");
    db_begin(c, DB_READ);
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT i FROM generate_series(1, 5000) AS i");
    struct rows *r = sql_stream(&q);
    int n = 0;
    while (rows_next(r)) {
        if (++n == 1000)
            db_fault_after(FAULT_LOST, 1);
        if (n == 1500)
            db_one_int(c, "SELECT 1");
    }
    assert_true(n < 2000);
    db_rollback(c);
    assert_fails(c, ERR_UNAVAILABLE, "lost");
    assert_true(put(c, 10));
    testdb_close(c);
}

static void words_of_the_server(void **state)
{
    (void)state;
    struct ctx *c = opened();
    static const struct {
        const char *state;
        enum err_code code;
    } cases[] = {{"23505", ERR_CONFLICT}, {"40001", ERR_BUSY},   {"40P01", ERR_BUSY},   {"55P03", ERR_BUSY},   {"53100", ERR_FULL},
                 {"42501", ERR_DENIED},   {"23503", ERR_BROKEN}, {"XX001", ERR_BROKEN}, {"57P01", ERR_UNAVAILABLE}};
    for (size_t i = 0; i < N(cases); i++) {
        struct sql q = sql_new(c);
        sql_add(&q, "DO $$ BEGIN RAISE EXCEPTION 'the reason' USING ERRCODE = '");
        sql_add_text(&q, cases[i].state);
        sql_add(&q, "'; END $$");
        db_begin(c, DB_WRITE);
        sql_run(&q);
        assert_false(db_commit(c));
        assert_fails(c, cases[i].code, "the reason");
    }
    testdb_close(c);
}

static void writes_need_a_write(void **state)
{
    (void)state;
    struct ctx *c = opened();
    db_query(c, "INSERT INTO t (id) VALUES (1) RETURNING id");
    assert_fails(c, ERR_BROKEN, "read-only");
    db_begin(c, DB_READ);
    db_query(c, "INSERT INTO t (id) VALUES (1) RETURNING id");
    assert_false(db_commit(c));
    assert_fails(c, ERR_BROKEN, "read-only");
    db_begin(c, DB_WRITE);
    assert_int_equal(db_one_int(c, "INSERT INTO t (id) VALUES (1) RETURNING id"), 1);
    assert_true(db_commit(c));
    testdb_close(c);
}

static void tables_change_under_statements(void **state)
{
    (void)state;
    struct ctx *c = opened(), *other = testdb_again(c);
    put(c, 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(db_one_int(other, "SELECT * FROM t"), 1);
    db_begin(c, DB_WRITE);
    db_run(c, "ALTER TABLE t ADD COLUMN more BIGINT");
    assert_true(db_commit(c));
    db_one_int(other, "SELECT * FROM t"); /* refused once at most */
    testdb_forget(other);
    assert_int_equal(db_one_int(other, "SELECT * FROM t"), 1);
    assert_false(failed(other));
    testdb_close(other);
    testdb_close(c);
}

static void addresses(void **state)
{
    (void)state;
    struct ctx c = {.lang = LANG_EN};
    assert_null(store_open(&c, "postgresql://me:secret@/x?host=/nonexistent&password=hidden", STORE_OWN));
    assert_int_equal(c.err.code, ERR_UNAVAILABLE);
    assert_null(strstr(c.err.text, "secret"));
    assert_null(strstr(c.err.text, "hidden"));
    ctx_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(server_crashes_and_comes_back), cmocka_unit_test(connection_breaks),
        cmocka_unit_test(words_of_the_server),           cmocka_unit_test(writes_need_a_write),
        cmocka_unit_test(tables_change_under_statements), cmocka_unit_test(addresses),
    };
    snprintf(place, sizeof place, "/tmp/testpg-%ld", (long)getpid());
    int status = server("start", dsn, sizeof dsn);
    if (status != 0) {
        printf("no PostgreSQL can be started here: skipped\n");
        bool missing = WIFEXITED(status) && WEXITSTATUS(status) == 69;
        return t_run("postgres", tests, 0) || !missing;
    }
    dsn[strcspn(dsn, "\n")] = '\0';
    setenv("DANGBO_TEST_DB", dsn, 1);
    int bad = t_run("postgres", tests, N(tests));
    server("stop", NULL, 0);
    return bad;
}
