/* What only the SQLite store has: its lock, its shared writer, full and failing disks. With DANGBO_TEST_DB set nothing
 * is run: the engine is another. */
#include "base/str.h"
#include "db/db.h"
#include "db/fault.h"
#include "t.h"
#include "testdb.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void make_table(struct ctx *c)
{
    db_begin(c, DB_WRITE);
    db_run(c, "CREATE TABLE t (id INTEGER PRIMARY KEY, who INTEGER NOT NULL, what TEXT) STRICT");
    assert_true(db_commit(c));
}

static bool put(struct ctx *c, int64_t id, int64_t who)
{
    db_begin(c, DB_WRITE);
    db_run(c, "INSERT INTO t (id, who) VALUES ($1, $2)", V(id), V(who));
    return db_commit(c);
}

static int64_t count(struct ctx *c)
{
    return db_one_int(c, "SELECT count(*) FROM t");
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void open_fails(const char *where, enum store_mode mode, enum err_code code, const char *says)
{
    struct ctx c = {.lang = LANG_EN};
    assert_null(store_open(&c, where, mode));
    assert_int_equal(c.err.code, code);
    if (!strstr(c.err.text, says))
        print_error("%s\n", c.err.text);
    assert_non_null(strstr(c.err.text, says));
    ctx_free(&c);
}

static void one_owner(void **state)
{
    (void)state;
    struct ctx *c = testdb_open();
    make_table(c);
    const char *dir = testdb_where(c);
    char pid[40];
    snprintf(pid, sizeof pid, "Process %ld ", (long)getpid());
    open_fails(dir, STORE_OWN, ERR_BUSY, pid);
    open_fails(dir, STORE_CREATE, ERR_BUSY, pid);
    pid_t child = fork();
    if (child == 0) { /* another process: may not own, may read, and sees what is committed */
        struct ctx r = {.lang = LANG_VI};
        bool busy = !store_open(&r, dir, STORE_OWN) && r.err.code == ERR_BUSY;
        r.err = (struct err){0};
        struct store *s = store_open(&r, dir, STORE_READ);
        bool reads = s && db_connect(&r, s) && db_one_int(&r, "SELECT count(*) FROM t") == 0 && !failed(&r);
        bool writes = db_begin(&r, DB_WRITE);
        _exit(busy && reads && !writes && r.err.code == ERR_BROKEN ? 0 : 1);
    }
    int status = 1;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_true(put(c, 1, 1));
    testdb_close(c);
}

static void reads_beside_an_owner(void **state)
{
    (void)state;
    struct ctx *c = testdb_open();
    make_table(c);
    int to[2], from[2];
    assert_true(pipe(to) == 0 && pipe(from) == 0);
    pid_t child = fork();
    if (child == 0) {
        struct ctx r = {.lang = LANG_VI};
        struct store *s = store_open(&r, testdb_where(c), STORE_READ);
        char seen = s && db_connect(&r, s) ? 'y' : 'n', go;
        while (seen == 'y' && read(to[0], &go, 1) == 1 && go != 'q') {
            seen = db_one_int(&r, "SELECT count(*) FROM t") == go && !failed(&r) ? 'y' : 'n';
            if (write(from[1], &seen, 1) != 1)
                seen = 'n';
        }
        db_disconnect(&r);
        store_close(s);
        _exit(seen == 'y' ? 0 : 1);
    }
    for (char i = 1; i <= 20; i++) {
        char seen = 'n';
        assert_true(put(c, i, i));
        assert_true(write(to[1], &i, 1) == 1 && read(from[0], &seen, 1) == 1);
        assert_int_equal(seen, 'y');
    }
    int status = 1;
    assert_true(write(to[1], "q", 1) == 1);
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_true(put(c, 100, 1));
    testdb_close(c);
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void foreign_places_are_refused(void **state)
{
    (void)state;
    struct ctx *c = testdb_open();
    char dir[300], path[340];
    snprintf(dir, sizeof dir, "%s.d", testdb_where(c));
    snprintf(path, sizeof path, "%s/dangbo.db", dir);
    open_fails(dir, STORE_OWN, ERR_MISSING, "dangbo init");
    open_fails(dir, STORE_READ, ERR_MISSING, "dangbo init");
    assert_int_equal(mkdir(dir, 0700), 0);
    write_file(path, "this is a letter to somebody, and certainly not a database of any program at all .........................");
    open_fails(dir, STORE_OWN, ERR_BAD_INPUT, "not a database of this program");
    open_fails(dir, STORE_READ, ERR_BAD_INPUT, "not a database of this program");
    open_fails(dir, STORE_CREATE, ERR_BAD_INPUT, "not a database of this program");
    unlink(path);
    write_file(path, ""); /* what an interrupted creation leaves */
    open_fails(dir, STORE_OWN, ERR_BAD_INPUT, "not a database of this program");
    struct ctx d = {.lang = LANG_EN};
    struct store *s = store_open(&d, dir, STORE_CREATE);
    assert_non_null(s);
    store_close(s);
    open_fails(dir, STORE_CREATE, ERR_CANNOT_MAKE, "already");
    s = store_open(&d, dir, STORE_OWN);
    assert_non_null(s);
    assert_true(store_engine(s) == DB_SQLITE);
    assert_string_equal(store_where(s), dir);
    store_close(s);
    snprintf(path, sizeof path, "%s/dangbo.db-wal", dir);
    struct stat st;
    assert_true(stat(path, &st) != 0 || st.st_size == 0);
    open_fails("/proc/nothing/here", STORE_CREATE, ERR_CANNOT_MAKE, "Cannot make");
    ctx_free(&d);
    static const char *const files[] = {"dangbo.db", "dangbo.db-wal", "dangbo.db-shm", "lock"};
    for (size_t i = 0; i < N(files); i++) {
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        unlink(path);
    }
    rmdir(dir);
    testdb_close(c);
}

/* Group commit */

enum { THREADS = 32, EACH = 60 };

struct worker {
    struct ctx *c;
    int who;
    int acknowledged;
    bool acked[EACH];
};

/* Some work is committed, some rolled back, some refused by the engine; what a commit acknowledged is noted. */
static void *work(void *arg)
{
    struct worker *w = arg;
    for (int i = 0; i < EACH; i++) {
        int64_t id = (int64_t)w->who * 1000 + i;
        db_begin(w->c, i % 13 == 5 ? DB_WRITE_LONG : DB_WRITE);
        db_run(w->c, "INSERT INTO t (id, who) VALUES ($1, $2)", V(id), V(w->who));
        db_savepoint(w->c);
        db_run(w->c, "INSERT INTO t (id, who) VALUES ($1, $2)", V(id + 500), V(w->who));
        if (i % 5 == 2)
            db_savepoint_rollback(w->c);
        else
            db_savepoint_release(w->c);
        if (i % 7 == 3)
            db_run(w->c, "INSERT INTO t (id, who) VALUES ($1, $2)", V(id), V(w->who));
        if (i % 11 == 4)
            db_rollback(w->c);
        else
            w->acked[i] = db_commit(w->c);
        w->acknowledged += w->acked[i];
        testdb_forget(w->c);
    }
    return NULL;
}

static void run_threads(struct ctx *c, struct worker *w, void *(*f)(void *))
{
    pthread_t t[THREADS];
    for (int i = 0; i < THREADS; i++) {
        w[i] = (struct worker){.c = testdb_again(c), .who = i + 1};
        pthread_create(&t[i], NULL, f, &w[i]);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
}

/* Exactly what was acknowledged is there. */
static int check_rows(struct ctx *c, struct worker *w)
{
    int all = 0;
    for (int k = 0; k < THREADS; k++) {
        all += w[k].acknowledged;
        for (int i = 0; i < EACH; i++) {
            int64_t id = (int64_t)w[k].who * 1000 + i;
            assert_int_equal(db_one_int(c, "SELECT count(*) FROM t WHERE id = $1", V(id)), w[k].acked[i]);
            assert_int_equal(db_one_int(c, "SELECT count(*) FROM t WHERE id = $1", V(id + 500)), w[k].acked[i] && i % 5 != 2);
        }
        testdb_close(w[k].c);
    }
    return all;
}

static void commits_are_shared(void **state)
{
    (void)state;
    static struct worker w[THREADS];
    struct ctx *c = testdb_open();
    make_table(c);
    int64_t before = db_real_commits(), t0 = now_us();
    run_threads(c, w, work);
    int64_t real = db_real_commits() - before, us = now_us() - t0;
    int all = check_rows(c, w);
    print_message("%d transactions acknowledged by %lld commits, %lld/s\n", all, (long long)real, (long long)all * 1000000 / us);
    int lawful = 0;
    for (int i = 0; i < EACH; i++)
        lawful += i % 7 != 3 && i % 11 != 4;
    assert_int_equal(all, THREADS * lawful);
    assert_true(real < all);
    db_begin(c, DB_WRITE);
    assert_int_equal(db_integrity(c, NULL, NULL), 0);
    assert_true(db_commit(c));
    testdb_close(c);
}

static atomic_bool over;

static void *trouble(void *arg)
{
    const enum db_fault *kind = arg;
    while (!atomic_load(&over)) {
        db_fault_after(*kind, 3);
        usleep(3000);
    }
    db_fault_after(FAULT_NONE, 0);
    return NULL;
}

static void failures_in_a_batch(void **state)
{
    (void)state;
    static struct worker w[THREADS];
    static enum db_fault kinds[] = {FAULT_COMMIT_FULL, FAULT_STATEMENT_FULL};
    for (size_t k = 0; k < N(kinds); k++) {
        struct ctx *c = testdb_open();
        make_table(c);
        pthread_t t;
        atomic_store(&over, false);
        pthread_create(&t, NULL, trouble, &kinds[k]);
        run_threads(c, w, work);
        atomic_store(&over, true);
        pthread_join(t, NULL);
        int all = check_rows(c, w);
        print_message("with failures: %d acknowledged, all of them there\n", all);
        assert_true(all > 0);
        assert_true(put(c, 999999, 1));
        testdb_close(c);
    }
}

static atomic_int begun;

static void *join_batch(void *arg)
{
    struct worker *w = arg;
    atomic_fetch_add(&begun, 1);
    w->acked[0] = put(w->c, w->who, w->who);
    return NULL;
}

/* One COMMIT for all who waited; when it fails, it fails for all, and none of their work is there. */
static void whole_batch_fails(void **state)
{
    (void)state;
    static struct worker w[8];
    struct ctx *c = testdb_open();
    make_table(c);
    for (int round = 0; round < 2; round++) {
        pthread_t t[8];
        atomic_store(&begun, 0);
        assert_true(db_begin(c, DB_WRITE)); /* all wait for this one */
        for (int i = 0; i < 8; i++) {
            w[i] = (struct worker){.c = testdb_again(c), .who = i + 1};
            pthread_create(&t[i], NULL, join_batch, &w[i]);
        }
        while (atomic_load(&begun) < 8)
            usleep(1000);
        usleep(50000); /* opened long ago: commits by itself, the eight share the next */
        int64_t before = db_real_commits();
        db_fault_after(round ? FAULT_NONE : FAULT_COMMIT_FULL, round ? 0 : 2);
        assert_true(db_commit(c));
        int acked = 0;
        for (int i = 0; i < 8; i++) {
            pthread_join(t[i], NULL);
            acked += w[i].acked[0];
            assert_int_equal(w[i].c->err.code, w[i].acked[0] ? ERR_NONE : ERR_FULL);
            testdb_close(w[i].c);
        }
        assert_int_equal(count(c), acked);
        int64_t real = db_real_commits() - before;
        print_message("8 waited: %d acknowledged, %lld commits\n", acked, (long long)real);
        if (round)
            assert_int_equal(acked, 8);
        else
            assert_true(acked < 8);
        assert_true(real <= 3);
    }
    testdb_close(c);
}

/* A statement that takes the whole transaction with it: those before it in the batch fail too, those after do not. */
static void lost_batch_fails_who_was_in_it(void **state)
{
    (void)state;
    static struct worker w[8];
    pthread_t t[8];
    struct ctx *c = testdb_open();
    make_table(c);
    atomic_store(&begun, 0);
    assert_true(db_begin(c, DB_WRITE));
    for (int i = 0; i < 8; i++) {
        w[i] = (struct worker){.c = testdb_again(c), .who = i + 1};
        pthread_create(&t[i], NULL, join_batch, &w[i]);
    }
    while (atomic_load(&begun) < 8)
        usleep(1000);
    usleep(50000);
    db_fault_after(FAULT_STATEMENT_FULL, 4);
    assert_true(db_commit(c));
    int acked = 0;
    for (int i = 0; i < 8; i++) {
        pthread_join(t[i], NULL);
        acked += w[i].acked[0];
        assert_int_equal(w[i].c->err.code, w[i].acked[0] ? ERR_NONE : ERR_FULL);
        assert_int_equal(db_one_int(c, "SELECT count(*) FROM t WHERE id = $1", V(i + 1)), w[i].acked[0]);
        testdb_close(w[i].c);
    }
    print_message("the fourth lost the transaction: %d of 8 acknowledged\n", acked);
    assert_int_equal(acked, 4);
    testdb_close(c);
}

static void settings_are_safe(void **state)
{
    (void)state;
    struct ctx *c = testdb_open();
    make_table(c);
    for (int k = 0; k < 2; k++) { /* the reader, the writer */
        db_begin(c, k ? DB_WRITE : DB_READ);
        assert_int_equal(db_one_int(c, "PRAGMA synchronous"), 2);
        assert_int_equal(db_one_int(c, "PRAGMA foreign_keys"), 1);
        assert_int_equal(db_one_int(c, "PRAGMA trusted_schema"), 0);
        assert_int_equal(db_one_int(c, "PRAGMA mmap_size"), 0);
        assert_int_equal(db_one_int(c, "PRAGMA query_only"), !k);
        assert_int_equal(db_one_int(c, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
        db_query(c, "SELECT \"no_such_column\" FROM t");
        assert_int_equal(c->err.code, ERR_BROKEN);
        testdb_forget(c);
        db_query(c, "ATTACH '/tmp/elsewhere.db' AS e");
        assert_int_equal(c->err.code, ERR_BROKEN);
        testdb_forget(c);
        db_query(c, "PRAGMA writable_schema = ON");
        db_query(c, "UPDATE sqlite_schema SET name = 'x'");
        assert_int_equal(c->err.code, ERR_BROKEN);
        testdb_forget(c);
        db_rollback(c);
    }
    testdb_close(c);
}

static void failed_sync_stops_writing(void **state)
{
    (void)state;
    struct ctx *c = testdb_open();
    make_table(c);
    assert_true(put(c, 1, 1));
    db_fault_after(FAULT_COMMIT_SYNC, 1);
    assert_false(put(c, 2, 2));
    assert_int_equal(c->err.code, ERR_FULL);
    testdb_forget(c);
    assert_true(store_stopped(testdb_store(c)));
    assert_false(put(c, 3, 3));
    assert_int_equal(c->err.code, ERR_FULL);
    assert_non_null(strstr(c->err.text, "restart"));
    testdb_forget(c);
    assert_int_equal(count(c), 1);
    testdb_close(c);
}

static void *join_with_a_fault(void *arg)
{
    struct worker *w = arg;
    atomic_fetch_add(&begun, 1);
    db_begin(w->c, DB_WRITE);
    db_run(w->c, "INSERT INTO child (id, t) VALUES ($1, $2)", V(w->who), V(w->who % 4 ? 1 : 77));
    w->acked[0] = db_commit(w->c);
    return NULL;
}

/* A key that points nowhere is found at the member's commit, not at that of the whole batch. */
static void foreign_key_fails_its_member_only(void **state)
{
    (void)state;
    static struct worker w[8];
    pthread_t t[8];
    struct ctx *c = testdb_open();
    make_table(c);
    db_begin(c, DB_WRITE);
    db_run(c, "CREATE TABLE child (id INTEGER PRIMARY KEY, t INTEGER REFERENCES t DEFERRABLE INITIALLY DEFERRED)");
    db_run(c, "INSERT INTO child (id, t) VALUES (100, 1)");
    db_run(c, "INSERT INTO t (id, who) VALUES (1, 1)");
    assert_true(db_commit(c));
    assert_true(db_begin(c, DB_WRITE));
    atomic_store(&begun, 0);
    for (int i = 0; i < 8; i++) {
        w[i] = (struct worker){.c = testdb_again(c), .who = i + 1};
        pthread_create(&t[i], NULL, join_with_a_fault, &w[i]);
    }
    while (atomic_load(&begun) < 8)
        usleep(1000);
    usleep(50000);
    assert_true(db_commit(c));
    for (int i = 0; i < 8; i++) {
        pthread_join(t[i], NULL);
        assert_int_equal(w[i].acked[0], (i + 1) % 4 != 0);
        assert_int_equal(w[i].c->err.code, (i + 1) % 4 ? ERR_NONE : ERR_BROKEN);
        testdb_close(w[i].c);
    }
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM child"), 7);
    testdb_close(c);
}

/* Crashes and disks */

static void killed_keeps_what_was_acknowledged(void **state)
{
    (void)state;
    struct ctx *c = testdb_open();
    char dir[300];
    snprintf(dir, sizeof dir, "%s", testdb_where(c));
    for (int round = 0; round < 5; round++) {
        char sub[340];
        snprintf(sub, sizeof sub, "%s-%d", dir, round);
        int out[2];
        assert_int_equal(pipe(out), 0);
        pid_t child = fork();
        if (child == 0) {
            struct ctx w = {.lang = LANG_EN};
            struct store *s = store_open(&w, sub, STORE_CREATE);
            db_connect(&w, s);
            make_table(&w);
            for (int i = 1; put(&w, i, i); i++)
                if (write(out[1], &i, sizeof i) != sizeof i)
                    _exit(1);
            _exit(1);
        }
        close(out[1]);
        int last = 0, got;
        for (int n = 0; n < 50 + round * 300 && read(out[0], &got, sizeof got) == sizeof got; n++)
            last = got;
        kill(child, SIGKILL);
        while (read(out[0], &got, sizeof got) == sizeof got)
            last = got;
        close(out[0]);
        waitpid(child, NULL, 0);
        struct ctx r = {.lang = LANG_EN};
        struct store *s = store_open(&r, sub, STORE_OWN);
        assert_non_null(s);
        assert_true(db_connect(&r, s));
        assert_true(count(&r) == last || count(&r) == last + 1);
        assert_int_equal(db_integrity(&r, NULL, NULL), 0);
        db_disconnect(&r);
        store_close(s);
        ctx_free(&r);
        static const char *const files[] = {"dangbo.db", "dangbo.db-wal", "dangbo.db-shm", "lock"};
        for (size_t i = 0; i < N(files); i++) {
            char path[400];
            snprintf(path, sizeof path, "%s/%s", sub, files[i]);
            unlink(path);
        }
        rmdir(sub);
    }
    testdb_close(c);
}

/* Writes until the disk is full, in transactions of ten rows; then room is made. */
static void fill_up(struct ctx *c, void (*make_room)(const char *), const char *where)
{
    char big[4001];
    memset(big, 'x', 4000);
    big[4000] = '\0';
    int64_t acked = 0;
    for (int i = 0; i < 10000 && !failed(c); i++) {
        db_begin(c, DB_WRITE);
        for (int k = 0; k < 10; k++)
            db_run(c, "INSERT INTO t (id, who, what) VALUES ($1, $2, $3)", V((int64_t)i * 10 + k), V(i), V(big));
        acked += db_commit(c) ? 10 : 0;
    }
    assert_int_equal(c->err.code, ERR_FULL);
    assert_non_null(strstr(c->err.text, "Nothing of this was saved"));
    assert_true(acked > 50);
    testdb_forget(c);
    assert_int_equal(count(c), acked);
    make_room(where);
    int64_t there = count(c);
    assert_true(there >= acked);
    assert_true(put(c, 2000000, 1));
    assert_int_equal(count(c), there + 1);
    assert_int_equal(db_integrity(c, NULL, NULL), 0);
    assert_false(store_stopped(testdb_store(c)));
}

static void larger_tmpfs(const char *dir)
{
    assert_int_equal(mount("none", dir, "tmpfs", MS_REMOUNT, "size=64m"), 0);
}

static void larger_limit(const char *dir)
{
    (void)dir;
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY});
}

static void full_disk(void **state)
{
    (void)state;
    char dir[] = "/tmp/testdb-full-XXXXXX";
    assert_non_null(mkdtemp(dir));
    if (mount("none", dir, "tmpfs", 0, "size=3m") != 0) {
        rmdir(dir);
        print_message("no right to mount: the limit of file size stands in for a full disk\n");
        skip();
    }
    char was[300] = "";
    if (getenv("TMPDIR"))
        snprintf(was, sizeof was, "%s", getenv("TMPDIR"));
    setenv("TMPDIR", dir, 1);
    struct ctx *c = testdb_open();
    make_table(c);
    fill_up(c, larger_tmpfs, dir);
    testdb_close(c);
    if (*was)
        setenv("TMPDIR", was, 1);
    else
        unsetenv("TMPDIR");
    assert_int_equal(umount(dir), 0);
    rmdir(dir);
}

static void largest_file(void **state)
{
    (void)state;
    struct ctx *c = testdb_open();
    make_table(c);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){2 << 20, RLIM_INFINITY});
    fill_up(c, larger_limit, NULL);
    testdb_close(c);
}

/* For notes only: how many durable commits a second. */
static void *only_put(void *arg)
{
    struct worker *w = arg;
    for (int i = 0; i < 200; i++)
        w->acknowledged += put(w->c, (int64_t)w->who * 10000 + i, i);
    return NULL;
}

static void pace(void **state)
{
    (void)state;
    static struct worker w[THREADS];
    struct ctx *c = testdb_open();
    make_table(c);
    int64_t t0 = now_us();
    for (int i = 0; i < 1000; i++)
        assert_true(put(c, i + 1, i));
    int64_t t1 = now_us(), before = db_real_commits();
    run_threads(c, w, only_put);
    int64_t t2 = now_us();
    print_message("durable commits a second: %lld by one thread, %lld by %d (%lld commits for %d)\n", 1000000000LL / (long long)(t1 - t0),
                  (long long)(200 * THREADS) * 1000000 / (long long)(t2 - t1), THREADS, (long long)(db_real_commits() - before),
                  200 * THREADS);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(w[i].acknowledged, 200);
        testdb_close(w[i].c);
    }
    testdb_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_owner),
        cmocka_unit_test(reads_beside_an_owner),
        cmocka_unit_test(foreign_places_are_refused),
        cmocka_unit_test(commits_are_shared),
        cmocka_unit_test(failures_in_a_batch),
        cmocka_unit_test(whole_batch_fails),
        cmocka_unit_test(lost_batch_fails_who_was_in_it),
        cmocka_unit_test(settings_are_safe),
        cmocka_unit_test(failed_sync_stops_writing),
        cmocka_unit_test(foreign_key_fails_its_member_only),
        cmocka_unit_test(killed_keeps_what_was_acknowledged),
        cmocka_unit_test(full_disk),
        cmocka_unit_test(largest_file),
        cmocka_unit_test(pace),
    };
    const char *server = getenv("DANGBO_TEST_DB");
    return t_run("sqlite", tests, server && *server ? 0 : N(tests));
}
