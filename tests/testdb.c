/* Stores for tests; see testdb.h. */
#define ALLOW_MALLOC
#include "testdb.h"

#include <dirent.h>
#include <libpq-fe.h>
#include <unistd.h>

struct testdb {
    struct ctx c; /* first: what the tests hold */
    struct store *store;
    bool first;
    char where[512];
    char schema[40];
};

static struct testdb *of(const struct ctx *c)
{
    return (struct testdb *)(uintptr_t)c;
}

static void die(const char *what, const char *why)
{
    fprintf(stderr, "testdb: %s: %s\n", what, why ? why : "?");
    exit(70);
}

static void quiet(void *to UNUSED, const PGresult *res UNUSED) {}

static void server_run(const char *sql)
{
    PGconn *h = PQconnectdb(getenv("DANGBO_TEST_DB"));
    PQsetNoticeReceiver(h, quiet, NULL);
    PGresult *res = PQexec(h, sql);
    if (PQresultStatus(res) != PGRES_COMMAND_OK)
        die(sql, PQerrorMessage(h));
    PQclear(res);
    PQfinish(h);
}

static void place_make(struct testdb *t)
{
    static int number;
    const char *server = getenv("DANGBO_TEST_DB");
    if (!server || !*server) {
        const char *tmp = getenv("TMPDIR");
        snprintf(t->where, sizeof t->where, "%s/testdb-XXXXXX", tmp ? tmp : "/tmp");
        if (!mkdtemp(t->where))
            die(t->where, "cannot be made");
        return;
    }
    char sql[80];
    snprintf(t->schema, sizeof t->schema, "t_%ld_%d", (long)getpid(), ++number);
    snprintf(sql, sizeof sql, "CREATE SCHEMA %s", t->schema);
    server_run(sql);
    snprintf(t->where, sizeof t->where, "%s%soptions=-csearch_path%%3D%s", server, strchr(server, '?') ? "&" : "?", t->schema);
}

static void place_remove(struct testdb *t)
{
    if (*t->schema) {
        char sql[80];
        snprintf(sql, sizeof sql, "DROP SCHEMA %s CASCADE", t->schema);
        server_run(sql);
        return;
    }
    DIR *d = opendir(t->where);
    for (struct dirent *e; d && (e = readdir(d));)
        unlinkat(dirfd(d), e->d_name, 0);
    if (d)
        closedir(d);
    rmdir(t->where);
}

static struct testdb *session_new(void)
{
    struct testdb *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    t->c.lang = LANG_EN;
    t->c.now.v = 1748826000000;
    t->c.today = (day){20250602};
    return t;
}

struct ctx *testdb_open(void)
{
    struct testdb *t = session_new();
    t->first = true;
    place_make(t);
    t->store = store_open(&t->c, t->where, STORE_CREATE);
    if (!t->store || !db_connect(&t->c, t->store))
        die(t->where, t->c.err.text);
    return &t->c;
}

struct ctx *testdb_again(struct ctx *c)
{
    struct testdb *t = session_new();
    t->store = of(c)->store;
    if (!db_connect(&t->c, t->store))
        die(of(c)->where, t->c.err.text);
    return &t->c;
}

struct store *testdb_store(const struct ctx *c)
{
    return of(c)->store;
}

const char *testdb_where(const struct ctx *c)
{
    return of(c)->where;
}

void testdb_forget(struct ctx *c)
{
    c->err = (struct err){0};
}

void testdb_close(struct ctx *c)
{
    struct testdb *t = of(c);
    db_disconnect(c);
    if (t->first) {
        store_close(t->store);
        place_remove(t);
    }
    ctx_free(c);
    free(t);
}
