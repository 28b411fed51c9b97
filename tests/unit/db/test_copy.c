/* Word search against a plain loop, and backup and restore, also while others write. */
#include "db/db.h"
#include "t.h"
#include "testdb.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static void add_columns(struct sql *q, const char *const *texts)
{
    for (; *texts; texts++) {
        sql_add(q, ", ");
        sql_name(q, *texts);
        sql_add(q, " ");
        sql_add_text(q, db_type_name(q->c, VALUE_TEXT));
    }
}

static void make_tables(struct ctx *c)
{
    db_begin(c, DB_WRITE);
    struct sql q = sql_new(c);
    sql_add(&q, "CREATE TABLE unit (shard ");
    sql_add_text(&q, db_type_name(c, VALUE_INT));
    sql_add(&q, " NOT NULL, id ");
    sql_add_text(&q, db_type_name(c, VALUE_INT));
    sql_add(&q, " NOT NULL, above ");
    sql_add_text(&q, db_type_name(c, VALUE_INT));
    add_columns(&q, (const char *const[]){"name", "fold", NULL});
    sql_add(&q, ", PRIMARY KEY (shard, id), FOREIGN KEY (shard, above) REFERENCES unit)");
    sql_add_text(&q, db_table_options(c));
    sql_run(&q);
    q = sql_new(c); /* sorts before what it points to */
    sql_add(&q, "CREATE TABLE act (id ");
    sql_add_text(&q, db_type_name(c, VALUE_INT));
    sql_add(&q, " NOT NULL PRIMARY KEY, shard ");
    sql_add_text(&q, db_type_name(c, VALUE_INT));
    sql_add(&q, " NOT NULL, unit ");
    sql_add_text(&q, db_type_name(c, VALUE_INT));
    sql_add(&q, " NOT NULL");
    add_columns(&q, (const char *const[]){"note", NULL});
    sql_add(&q, ", FOREIGN KEY (shard, unit) REFERENCES unit)");
    sql_add_text(&q, db_table_options(c));
    sql_run(&q);
    db_words_create(c, "unit");
    assert_true(db_commit(c));
}

static unsigned dice(unsigned below)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 20) % below;
}

/* Words that a parser of the engines' own would take apart, and some that are not Latin. */
static const char *word(void)
{
    static const char *const words[] = {"nguyen", "nguy", "van",  "vang", "a",    "an",  "anh",  "duc", "1e5",  "1e5x", "0x1f", "12a",
                                        "12",     "2",    "tho",  "thon", "xa",   "b12", "1e",   "e5",  "and",  "or",   "not",  "near",
                                        "the",    "日本", "ελλ",  "ελ",   "5",    "50",  "q",    "qu",  "www",  "com",  "фа",   "фамилия"};
    return words[dice(N(words))];
}

static char *text(struct ctx *c, unsigned most)
{
    char *s = arena_text(&c->arena, "");
    for (unsigned n = dice(most + 1), i = 0; i < n; i++)
        s = arena_printf(&c->arena, "%s%s%s", s, i ? " " : "", word());
    return s;
}

static bool begins_some(const char *fold, const char *prefix)
{
    size_t n = strlen(prefix);
    for (const char *w = fold; w; w = strchr(w, ' ')) {
        w += *w == ' ';
        if (strncmp(w, prefix, n) == 0)
            return true;
    }
    return false;
}

static bool matches(struct ctx *c, const char *fold, const char *query)
{
    char *q = arena_text(&c->arena, query);
    for (char *w = q; w && *w;) {
        char *space = strchr(w, ' ');
        if (space)
            *space = '\0';
        if (*w && !begins_some(fold, w))
            return false;
        w = space ? space + 1 : NULL;
    }
    return true;
}

static void put_unit(struct ctx *c, int64_t id, const char *fold)
{
    db_run(c, "INSERT INTO unit (shard, id, above, name, fold) VALUES ($1, $2, $3, $4, $5)", V(id % 3), V(id), value_null(),
           V("Tên"), fold ? V(fold) : value_null());
    db_words_set(c, "unit", id, NULL, fold);
}

static int64_t found(struct ctx *c, const char *query)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT id FROM unit u WHERE ");
    db_words_match(&q, "unit", "u", query);
    sql_add(&q, " AND id > ");
    sql_arg(&q, V(-1));
    sql_add(&q, " ORDER BY id");
    int64_t h = 0;
    for (struct rows *r = sql_query(&q); rows_next(r);)
        h = h * 31 % 1000000007 + rows_int(r, 0) + 1;
    return h;
}

enum { UNITS = 400 };

static void words_as_a_loop(void **state)
{
    (void)state;
    struct ctx *c = testdb_open();
    make_tables(c);
    const char *fold[UNITS];
    db_begin(c, DB_WRITE);
    for (int i = 0; i < UNITS; i++) {
        fold[i] = i % 50 == 7 ? NULL : text(c, 6);
        put_unit(c, i, fold[i]);
    }
    for (int i = 0; i < UNITS; i += 3) { /* changed and removed */
        const char *now = i % 2 ? text(c, 5) : NULL;
        db_words_set(c, "unit", i, fold[i], now);
        db_run(c, "UPDATE unit SET fold = $1 WHERE id = $2", now ? V(now) : value_null(), V(i));
        fold[i] = now;
    }
    assert_true(db_commit(c));
    for (int round = 0; round < 400; round++) {
        if (round == 200) {
            db_begin(c, DB_WRITE);
            db_words_rebuild(c, "unit");
            assert_int_equal(db_integrity(c, NULL, NULL), 0);
            assert_true(db_commit(c));
        }
        char *query = text(c, 3);
        if (round % 3 == 1 && *query && !(query[strlen(query) - 1] & 0x80))
            query[strlen(query) - 1] = '\0';
        if (round % 7 == 1)
            query = arena_printf(&c->arena, "  %s  \"'*&|!:()-\\ ", query);
        char *plain = arena_copy(&c->arena, query, strcspn(query, "\""));
        int64_t h = 0;
        for (int i = 0; i < UNITS; i++)
            if (*plain == '\0' || strspn(plain, " ") == strlen(plain) || (fold[i] && matches(c, fold[i], plain)))
                h = h * 31 % 1000000007 + i + 1;
        if (found(c, query) != h)
            print_error("query [%s]\n", query);
        assert_int_equal(found(c, query), h);
        assert_false(failed(c));
    }
    testdb_close(c);
}

static void long_words(void **state)
{
    (void)state;
    struct ctx *c = testdb_open();
    make_tables(c);
    char big[5001];
    memset(big, 'a', 5000);
    big[5000] = '\0';
    db_begin(c, DB_WRITE);
    put_unit(c, 1, big);
    put_unit(c, 2, "aa");
    assert_true(db_commit(c));
    int64_t both = found(c, "a"), one = found(c, "aaa");
    assert_true(both != one && one == 2);
    assert_int_equal(found(c, big), one);
    testdb_close(c);
}

static int64_t sum_of(struct ctx *c)
{
    return db_one_int(c, "SELECT sum(id * 7 + unit) + count(*) FROM act") + 1000 * db_one_int(c, "SELECT count(*) FROM unit WHERE above IS NULL");
}

static void fill(struct ctx *c)
{
    db_begin(c, DB_WRITE);
    db_run(c, "INSERT INTO unit (shard, id, name, fold) VALUES (1, 500, $1, $2)", V("Tab\there \\ \"new\nline\" 'x' \r, \\N"), V("goc"));
    db_words_set(c, "unit", 500, NULL, "goc");
    for (int i = 1; i < UNITS; i++) { /* 1 points to 500: after it, and to itself */
        db_run(c, "INSERT INTO unit (shard, id, above, name, fold) VALUES (1, $1, $2, $3, $4)", V(i), V(i == 7 ? 7 : 500),
               i % 5 ? V("Xã Đông Anh") : value_null(), V("xa dong anh"));
        db_words_set(c, "unit", i, NULL, "xa dong anh");
    }
    for (int i = 0; i < 3000; i++)
        db_run(c, "INSERT INTO act (id, shard, unit, note) VALUES ($1, 1, $2, $3)", V((int64_t)i * 1000000007), V(1 + i % 300), V(""));
    assert_true(db_commit(c));
}

static void assert_equal_data(struct ctx *a, struct ctx *b)
{
    struct rows *x = db_query(a, "SELECT id, above, name, fold FROM unit ORDER BY shard, id");
    struct rows *y = db_query(b, "SELECT id, above, name, fold FROM unit ORDER BY shard, id");
    int n = 0;
    for (; rows_next(x); n++) {
        assert_true(rows_next(y));
        for (int i = 0; i < 4; i++) {
            assert_int_equal(rows_null(x, i), rows_null(y, i));
            if (!rows_null(x, i))
                assert_string_equal(rows_text(x, i), rows_text(y, i));
        }
    }
    assert_false(rows_next(y));
    assert_int_equal(n, UNITS);
    assert_int_equal(sum_of(a), sum_of(b));
    assert_int_equal(found(a, "do x"), found(b, "do x"));
    assert_int_equal(found(b, "go"), 501);
}

static void backup_comes_back(void **state)
{
    (void)state;
    struct ctx *c = testdb_open();
    make_tables(c);
    fill(c);
    const char *path = arena_printf(&c->arena, "%s/testdb-backup-%ld.db", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (long)getpid());
    assert_true(db_backup(c, testdb_store(c), path));
    struct ctx *d = testdb_open();
    make_tables(d);
    if (!db_restore_tables(d, path))
        print_error("%s\n", d->err.text);
    assert_false(failed(d));
    assert_equal_data(c, d);
    assert_false(db_restore_tables(d, path)); /* not empty any more */
    assert_int_equal(d->err.code, ERR_CONFLICT);
    testdb_forget(d);
    assert_equal_data(c, d);
    testdb_close(d);
    d = testdb_open();
    assert_false(db_restore_tables(d, path)); /* no tables there */
    assert_int_equal(d->err.code, ERR_BAD_INPUT);
    testdb_forget(d);
    const char *nowhere = arena_printf(&c->arena, "%s.missing/x.db", path);
    assert_false(db_restore_tables(d, nowhere));
    assert_int_equal(d->err.code, ERR_BAD_INPUT);
    testdb_forget(d);
    assert_false(db_backup(d, testdb_store(d), nowhere));
    assert_true(failed(d));
    testdb_close(d);
    unlink(path);
    testdb_close(c);
}

/* Mutated backups are refused with the file's name, and nothing of them stays. */
static void broken_backups(void **state)
{
    (void)state;
    struct ctx *c = testdb_open();
    make_tables(c);
    fill(c);
    const char *path = arena_printf(&c->arena, "%s/testdb-broken-%ld.db", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (long)getpid());
    assert_true(db_backup(c, testdb_store(c), path));
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t room = 4 << 20;
    unsigned char *bytes = arena_alloc(&c->arena, room);
    size_t n = fread(bytes, 1, room, f);
    fclose(f);
    assert_true(n > 4096 && n < room);
    struct ctx *d = testdb_open();
    make_tables(d);
    int refused = 0;
    for (int round = 0; round < 60; round++) {
        f = fopen(path, "wb");
        assert_non_null(f);
        size_t keep = round % 4 == 3 ? dice((unsigned)n) : n;
        fwrite(bytes, 1, keep, f);
        for (int i = 0; i < 30; i++) {
            fseek(f, (long)dice(round % 2 ? 4096 : (unsigned)n), SEEK_SET);
            fputc((int)dice(256), f);
        }
        fclose(f);
        if (db_restore_tables(d, path)) {
            testdb_close(d);
            d = testdb_open();
            make_tables(d);
            continue;
        }
        refused++;
        testdb_forget(d);
        assert_int_equal(db_one_int(d, "SELECT count(*) FROM unit"), 0);
    }
    print_message("%d of 60 mutated backups refused\n", refused);
    assert_int_equal(refused, 60);
    testdb_close(d);
    unlink(path);
    testdb_close(c);
}

static atomic_bool stop;

/* Each transaction writes a unit and its act: a consistent copy has as many of the one as of the other. */
static void *writer(void *arg)
{
    struct ctx *c = arg;
    for (int i = 1000; !atomic_load(&stop) && !failed(c); i++) {
        db_begin(c, DB_WRITE);
        db_run(c, "INSERT INTO unit (shard, id, name, fold) VALUES (1, $1, $2, $3)", V(i), V("n"), V("n"));
        db_words_set(c, "unit", i, NULL, "n");
        db_run(c, "INSERT INTO act (id, shard, unit, note) VALUES ($1, 1, $1, $2)", V(i), V("n"));
        db_commit(c);
    }
    return NULL;
}

static void backup_beside_writers(void **state)
{
    (void)state;
    struct ctx *c = testdb_open();
    make_tables(c);
    struct ctx *w = testdb_again(c);
    pthread_t t;
    atomic_store(&stop, false);
    pthread_create(&t, NULL, writer, w);
    const char *path = arena_printf(&c->arena, "%s/testdb-live-%ld.db", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (long)getpid());
    int64_t last = -1;
    for (int i = 0; i < 5; i++) {
        usleep(100000);
        assert_true(db_backup(c, testdb_store(c), path));
        struct ctx *d = testdb_open();
        make_tables(d);
        assert_true(db_restore_tables(d, path));
        int64_t units = db_one_int(d, "SELECT count(*) FROM unit"), acts = db_one_int(d, "SELECT count(*) FROM act");
        assert_int_equal(units, acts);
        assert_true(units > last);
        last = units;
        testdb_close(d);
    }
    atomic_store(&stop, true);
    pthread_join(t, NULL);
    assert_false(failed(w));
    testdb_close(w);
    unlink(path);
    testdb_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_as_a_loop), cmocka_unit_test(long_words),            cmocka_unit_test(backup_comes_back),
        cmocka_unit_test(broken_backups),  cmocka_unit_test(backup_beside_writers),
    };
    return t_run("copy", tests, N(tests));
}
