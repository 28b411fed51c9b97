/* PostgreSQL through libpq: a session is a connection. Statements are prepared when they come a second time; results
 * are text. Sessions are read-only but in a write, so that a write outside of one is refused by the server too. */
#define ALLOW_MALLOC
#include "cache.h"
#include "engine.h"
#include "fault.h"

#include "base/buf.h"
#include "base/str.h"

#include <libpq-fe.h>
#include <sys/socket.h>

enum { TYPES_MAX = 64, FETCH = 2000, OID_BOOL = 16, OID_INT8 = 20, OID_TEXT = 25, OID_FLOAT8 = 701 };

struct pg_store {
    struct store base;
    char *dsn;
};

struct pg_conn {
    PGconn *h;
    struct cache cache;
    unsigned last_id, last_portal;
    /* The arguments of the statement being sent. */
    const char **values;
    char (*digits)[32];
    Oid *types;
    size_t room;
    struct buf copy; /* rows on their way in a bulk copy */
};

static struct pg_conn *conn_of(const struct ctx *c)
{
    return c->db->conn;
}

/* Errors */

static void fail_lost(struct ctx *c, const char *why)
{
    c->db->lost = true;
    fail(c, ERR_UNAVAILABLE,
         "Mất kết nối với máy chủ cơ sở dữ liệu (%.300s). Chưa có gì được lưu. Hãy làm lại khi máy chủ hoạt động trở lại.",
         "The connection to the database server was lost (%.300s). Nothing was saved. Try again when the server is back.", why);
}

static bool state_is(const char *state, const char *prefix)
{
    return str_starts(state, prefix);
}

/* One line of what the server says. */
static const char *server_text(struct ctx *c, PGconn *h, const PGresult *res)
{
    const char *s = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    if (!s)
        s = PQerrorMessage(h);
    return str_clean(&c->arena, s, strlen(s));
}

/* Did the connection break? libpq may notice that it cannot send before it says that the connection is bad; every
 * error that comes from the server has a state. */
static bool gone(PGconn *h, const PGresult *res)
{
    if (PQstatus(h) == CONNECTION_BAD || !res)
        return true;
    return PQresultStatus(res) == PGRES_FATAL_ERROR && !PQresultErrorField(res, PG_DIAG_SQLSTATE);
}

static void pg_fail(struct ctx *c, const PGresult *res, const char *sql)
{
    PGconn *h = conn_of(c)->h;
    const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
    const char *why = server_text(c, h, res);
    if (!state)
        state = "";
    if (gone(h, res) || state_is(state, "57P0") || state_is(state, "0800"))
        fail_lost(c, why);
    else if (state_is(state, "23505"))
        fail(c, ERR_CONFLICT, "Đã có bản ghi với giá trị này (%.300s).", "A record with this value exists already (%.300s).", why);
    else if (state_is(state, "40001") || state_is(state, "40P01") || state_is(state, "55P03") || state_is(state, "57014") ||
             state_is(state, "53300"))
        fail(c, ERR_BUSY, "Dữ liệu đang bận vì một việc khác (%.300s). Chưa có gì được lưu. Hãy làm lại.",
             "The data are busy with other work (%.300s). Nothing was saved. Try again.", why);
    else if (state_is(state, "53100") || state_is(state, "58030"))
        fail(c, ERR_FULL,
             "Ổ đĩa của máy chủ cơ sở dữ liệu đã đầy hoặc không ghi được (%.300s). Chưa có gì của lần này được lưu. Hãy giải phóng dung lượng rồi làm lại.",
             "The disk of the database server is full or cannot be written (%.300s). Nothing of this was saved. Free some space, then try again.",
             why);
    else if (state_is(state, "42501"))
        fail(c, ERR_DENIED, "Máy chủ cơ sở dữ liệu không cho phép (%.300s). Hãy cấp quyền cho tài khoản của chương trình.",
             "The database server does not permit it (%.300s). Grant the rights to the program's account.", why);
    else if (state_is(state, "XX00") && state[4] != '0')
        fail(c, ERR_BROKEN, "Dữ liệu trên máy chủ bị hỏng (%.300s). Hãy chạy \"dangbo check\", rồi khôi phục từ bản sao lưu.",
             "The data on the server are damaged (%.300s). Run \"dangbo check\", then restore a backup.", why);
    else
        fail(c, ERR_BROKEN, "Cơ sở dữ liệu không nhận câu lệnh: %.300s. %.300s", "The database refused a statement: %.300s. %.300s",
             why, sql);
}

/* Connections */

static void drop(void *to, struct cached *e)
{
    struct pg_conn *k = to;
    if (!e->id || PQstatus(k->h) != CONNECTION_OK || PQtransactionStatus(k->h) == PQTRANS_INERROR)
        return; /* a name that stays behind is harmless: numbers are not used again */
    char sql[40];
    snprintf(sql, sizeof sql, "DEALLOCATE s%u", e->id);
    PQclear(PQexec(k->h, sql));
}

static void quiet(void *to UNUSED, const PGresult *res UNUSED) {}

static bool set_up(PGconn *h)
{
    PQsetNoticeReceiver(h, quiet, NULL);
    PGresult *res = PQexec(h, "SET default_transaction_read_only = on; SET standard_conforming_strings = on; "
                              "SET default_text_search_config = 'pg_catalog.simple'; SET datestyle = 'ISO'; "
                              "SET idle_in_transaction_session_timeout = '10min'; SET lock_timeout = '30s'");
    bool ok = PQresultStatus(res) == PGRES_COMMAND_OK;
    PQclear(res);
    return ok;
}

static PGconn *pg_open(const char *dsn)
{
    static const char *const names[] = {"connect_timeout", "tcp_user_timeout", "application_name", "dbname", "client_encoding", NULL};
    const char *const values[] = {"5", "30000", "dangbo", dsn, "UTF8", NULL};
    PGconn *h = PQconnectdbParams(names, values, 1);
    if (PQstatus(h) == CONNECTION_OK)
        set_up(h);
    return h;
}

static void fail_unreachable(struct ctx *c, const char *where, PGconn *h)
{
    fail(c, ERR_UNAVAILABLE,
         "Không nối được với máy chủ cơ sở dữ liệu %s (%.300s). Hãy kiểm tra máy chủ có đang chạy và địa chỉ có đúng không.",
         "Cannot reach the database server %s (%.300s). Check that it is running and that the address is right.", where,
         server_text(c, h, NULL));
}

static bool pg_connect(struct ctx *c)
{
    struct pg_store *s = (struct pg_store *)c->db->store;
    struct pg_conn *k = calloc(1, sizeof *k);
    if (!k)
        abort();
    k->h = pg_open(s->dsn);
    k->cache = (struct cache){.drop = drop, .to = k};
    c->db->conn = k;
    if (PQstatus(k->h) == CONNECTION_OK)
        return true;
    fail_unreachable(c, s->base.where, k->h);
    PQfinish(k->h);
    free(k);
    return false;
}

static void forget_statements(struct pg_conn *k)
{
    k->cache.drop = NULL;
    cache_clear(&k->cache);
    k->cache.drop = drop;
}

static void pg_disconnect(struct db *db)
{
    struct pg_conn *k = db->conn;
    forget_statements(k);
    PQfinish(k->h);
    free(k->values);
    free(k->digits);
    free(k->types);
    buf_free(&k->copy);
    free(k);
}

static bool reconnect(struct pg_conn *k)
{
    forget_statements(k);
    PQreset(k->h);
    return PQstatus(k->h) == CONNECTION_OK && set_up(k->h);
}

/* A command without rows; the caller clears the result. */
static PGresult *command(struct pg_conn *k, const char *sql, bool *ok)
{
    PGresult *res = PQexec(k->h, sql);
    *ok = PQresultStatus(res) == PGRES_COMMAND_OK;
    return res;
}

static bool pg_control(struct ctx *c, const char *sql)
{
    bool ok;
    PGresult *res = command(conn_of(c), sql, &ok);
    if (!ok)
        pg_fail(c, res, sql);
    PQclear(res);
    return ok;
}

/* Transactions */

static bool pg_begin(struct ctx *c, enum db_mode mode)
{
    struct pg_conn *k = conn_of(c);
    const char *sql = mode == DB_READ ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
    bool ok = false;
    PGresult *res = NULL;
    if (PQstatus(k->h) == CONNECTION_OK)
        res = command(k, sql, &ok);
    if (!ok && gone(k->h, res)) { /* nothing was begun: a new connection is as good */
        PQclear(res);
        res = NULL;
        if (reconnect(k))
            res = command(k, sql, &ok);
        else
            fail_unreachable(c, c->db->store->where, k->h);
    }
    if (!ok)
        pg_fail(c, res, sql);
    PQclear(res);
    return ok;
}

static void pg_rollback(struct ctx *c)
{
    struct pg_conn *k = conn_of(c);
    if (PQstatus(k->h) == CONNECTION_OK)
        PQclear(PQexec(k->h, "ROLLBACK"));
}

static const char RAISE_FULL[] = "DO $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$";

static PGresult *send_commit(struct pg_conn *k)
{
    if (db_fault_hits(FAULT_COMMIT_FULL)) {
        PGresult *res = PQexec(k->h, RAISE_FULL);
        PQclear(PQexec(k->h, "ROLLBACK"));
        return res;
    }
    if (!db_fault_hits(FAULT_COMMIT_LOST))
        return PQexec(k->h, "COMMIT");
    PQsendQuery(k->h, "COMMIT");
    PQflush(k->h);
    shutdown(PQsocket(k->h), SHUT_RDWR);
    PGresult *res = PQgetResult(k->h);
    PGresult *more = PQgetResult(k->h);
    PQclear(more);
    return res;
}

static bool pg_commit(struct ctx *c)
{
    struct pg_conn *k = conn_of(c);
    PGresult *res = send_commit(k);
    bool ok = PQresultStatus(res) == PGRES_COMMAND_OK && strcmp(PQcmdStatus(res), "COMMIT") == 0;
    if (ok)
        db_real_commit();
    else if (gone(k->h, res) && db_writing(c->db))
        fail(c, ERR_UNAVAILABLE,
             "Mất kết nối với máy chủ cơ sở dữ liệu đúng lúc lưu: không biết đã lưu hay chưa. Hãy xem lại trước khi làm lại.",
             "The connection to the database server was lost while saving: it is not known whether this was saved. Look before "
             "you do it again.");
    else if (PQresultStatus(res) == PGRES_COMMAND_OK)
        fail(c, ERR_BROKEN, "Máy chủ cơ sở dữ liệu đã bỏ giao dịch này: không có gì được lưu.",
             "The database server undid this transaction: nothing was saved.");
    else
        pg_fail(c, res, "COMMIT");
    PQclear(res);
    return ok;
}

/* Statements */

static void args_room(struct pg_conn *k, size_t n)
{
    if (n <= k->room)
        return;
    size_t room = n * 2 > TYPES_MAX ? n * 2 : TYPES_MAX;
    const char **values = realloc(k->values, room * sizeof *values);
    k->values = values ? values : k->values;
    char(*digits)[32] = realloc(k->digits, room * sizeof *digits);
    k->digits = digits ? digits : k->digits;
    Oid *types = realloc(k->types, room * sizeof *types);
    k->types = types ? types : k->types;
    if (!values || !digits || !types)
        abort();
    k->room = room;
}

/* Integers are bigint and text is text, whatever stands around the $n, as on SQLite; only NULL takes its type
 * from the statement. `kinds` tells statements of the same text apart. */
static void args_set(struct pg_conn *k, const struct statement *s, char kinds[TYPES_MAX + 1])
{
    args_room(k, s->n);
    for (size_t i = 0; i < s->n; i++) {
        const struct value *v = &s->args[i];
        char kind = 'n';
        k->values[i] = NULL;
        k->types[i] = 0;
        if (v->type == VALUE_TEXT) {
            kind = 't';
            k->values[i] = v->s;
            k->types[i] = OID_TEXT;
        } else if (v->type == VALUE_REAL) {
            kind = 'r';
            snprintf(k->digits[i], sizeof k->digits[i], "%.17g", v->r);
            k->values[i] = k->digits[i];
            k->types[i] = OID_FLOAT8;
        } else if (v->type != VALUE_NULL) {
            kind = 'i';
            snprintf(k->digits[i], sizeof k->digits[i], "%lld", (long long)v->i);
            k->values[i] = k->digits[i];
            k->types[i] = OID_INT8;
        }
        if (i < TYPES_MAX)
            kinds[i] = kind;
    }
    kinds[s->n < TYPES_MAX ? s->n : TYPES_MAX] = '\0';
}

/* Statements that change tables, or come alone: not worth preparing, and some must not be. */
static bool never_prepared(const char *sql)
{
    static const char *const words[] = {"CREATE", "ALTER", "DROP", "ANALYZE", "REINDEX", "SET", "TRUNCATE", "DECLARE", "DO"};
    sql += strspn(sql, " \n\t");
    for (size_t i = 0; i < N(words); i++) {
        if (str_starts(sql, words[i]))
            return true;
    }
    return false;
}

/* The prepared statement of this text, from its second use on; NULL: send it as it is. */
static struct cached *prepared(struct pg_conn *k, const struct statement *s, const char *kinds, PGresult **fault)
{
    *fault = NULL;
    if (s->n > TYPES_MAX)
        return NULL;
    struct cached *e = cache_find(&k->cache, s->sql, kinds);
    if (!e) {
        cache_add(&k->cache, s->sql, kinds);
        return NULL;
    }
    if (e->id)
        return e;
    char name[24];
    snprintf(name, sizeof name, "s%u", ++k->last_id);
    PGresult *res = PQprepare(k->h, name, s->sql, (int)s->n, k->types);
    if (PQresultStatus(res) == PGRES_COMMAND_OK) {
        e->id = k->last_id;
        PQclear(res);
        return e;
    }
    cache_remove(&k->cache, e);
    *fault = res;
    return NULL;
}

static PGresult *execute_once(struct pg_conn *k, const struct statement *s)
{
    char kinds[TYPES_MAX + 1];
    PGresult *fault;
    if (db_fault_hits(FAULT_LOST))
        shutdown(PQsocket(k->h), SHUT_RDWR);
    if (db_fault_hits(FAULT_STATEMENT_FULL))
        return PQexec(k->h, RAISE_FULL);
    args_set(k, s, kinds);
    if (never_prepared(s->sql)) {
        if (str_starts(s->sql, "ALTER") || str_starts(s->sql, "DROP"))
            cache_clear(&k->cache); /* plans would give rows of another shape */
        return PQexecParams(k->h, s->sql, (int)s->n, k->types, k->values, NULL, NULL, 0);
    }
    struct cached *e = prepared(k, s, kinds, &fault);
    if (fault)
        return fault;
    if (!e)
        return PQexecParams(k->h, s->sql, (int)s->n, k->types, k->values, NULL, NULL, 0);
    char name[24];
    snprintf(name, sizeof name, "s%u", e->id);
    PGresult *res = PQexecPrepared(k->h, name, (int)s->n, k->values, NULL, NULL, 0);
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    if (state && (strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0))
        cache_remove(&k->cache, e); /* its tables were changed by another session: right the next time */
    return res;
}

/* Reading outside of a transaction survives a server that was restarted in between. */
static PGresult *execute(struct ctx *c, const struct statement *s)
{
    struct pg_conn *k = conn_of(c);
    PGresult *res = execute_once(k, s);
    if (gone(k->h, res) && !c->db->depth && reconnect(k)) {
        PQclear(res);
        res = execute_once(k, s);
    }
    return res;
}

static bool good(const PGresult *res)
{
    ExecStatusType st = PQresultStatus(res);
    return st == PGRES_TUPLES_OK || st == PGRES_COMMAND_OK;
}

static bool fetch(struct cursor *k)
{
    char sql[64];
    struct pg_conn *conn = conn_of(k->c);
    snprintf(sql, sizeof sql, "FETCH %d FROM c%u", FETCH, k->portal);
    PQclear(k->handle);
    PGresult *res = PQexec(conn->h, sql);
    k->handle = res;
    k->row = -1;
    k->count = PQntuples(res);
    if (PQresultStatus(res) == PGRES_TUPLES_OK)
        return true;
    pg_fail(k->c, res, sql);
    return false;
}

static bool pg_query(struct ctx *c, struct cursor *k, const struct statement *s)
{
    struct pg_conn *conn = conn_of(c);
    struct statement sent = *s;
    if (s->stream) {
        k->portal = ++conn->last_portal;
        sent.sql = arena_printf(&c->arena, "DECLARE c%u NO SCROLL CURSOR FOR %s", k->portal, s->sql);
    }
    PGresult *res = execute(c, &sent);
    k->handle = res;
    k->row = -1;
    k->count = PQntuples(res);
    if (!good(res)) {
        k->portal = 0;
        pg_fail(c, res, s->sql);
        return false;
    }
    return !k->portal || fetch(k);
}

static int64_t pg_run(struct ctx *c, const struct statement *s)
{
    PGresult *res = execute(c, s);
    int64_t n = 0;
    const char *count = PQcmdTuples(res);
    if (!good(res))
        pg_fail(c, res, s->sql);
    else if (PQresultStatus(res) == PGRES_COMMAND_OK && (!*count || !int_parse(count, &n)))
        n = 0;
    PQclear(res);
    return n;
}

static bool pg_next(struct cursor *k)
{
    if (++k->row < k->count)
        return true;
    if (!k->portal || k->count < FETCH || !fetch(k))
        return false;
    return ++k->row < k->count;
}

static void pg_finish(struct cursor *k)
{
    struct pg_conn *conn = k->c->db->conn;
    PQclear(k->handle);
    k->handle = NULL;
    if (k->portal && PQtransactionStatus(conn->h) == PQTRANS_INTRANS) {
        char sql[40];
        snprintf(sql, sizeof sql, "CLOSE c%u", k->portal);
        PQclear(PQexec(conn->h, sql));
    }
    k->portal = 0;
}

static int pg_columns(const struct cursor *k)
{
    return PQnfields(k->handle);
}

static const char *pg_name(const struct cursor *k, int col)
{
    return PQfname(k->handle, col);
}

static bool pg_null(const struct cursor *k, int col)
{
    return k->row < 0 || PQgetisnull(k->handle, k->row, col);
}

/* As SQLite would show it: truth as 1 and 0. */
static const char *pg_text(const struct cursor *k, int col)
{
    if (pg_null(k, col))
        return NULL;
    const char *s = PQgetvalue(k->handle, k->row, col);
    return PQftype(k->handle, col) == OID_BOOL ? (*s == 't' ? "1" : "0") : s;
}

static int64_t pg_integer(const struct cursor *k, int col)
{
    const char *s = pg_text(k, col);
    int64_t v = 0;
    if (!s || int_parse(s, &v))
        return v;
    char whole[24]; /* a numeric with decimals: the whole part, as SQLite gives it */
    size_t n = strcspn(s, ".");
    if (!s[n] || n >= sizeof whole)
        return 0;
    memcpy(whole, s, n);
    whole[n] = '\0';
    return int_parse(whole, &v) ? v : 0;
}

static const char *pg_version(struct ctx *c)
{
    const char *s = PQparameterStatus(conn_of(c)->h, "server_version");
    return s ? arena_printf(&c->arena, "PostgreSQL %.*s", (int)strcspn(s, " "), s) : "PostgreSQL";
}

/* Bulk copy, in COPY's text format */

static bool pg_bulk_begin(struct ctx *c, const char *insert UNUSED, const char *copy)
{
    PGresult *res = PQexec(conn_of(c)->h, copy);
    bool ok = PQresultStatus(res) == PGRES_COPY_IN;
    if (!ok)
        pg_fail(c, res, copy);
    PQclear(res);
    buf_clear(&conn_of(c)->copy);
    return ok;
}

static void copy_text(struct buf *b, const char *s)
{
    for (;;) {
        size_t n = strcspn(s, "\\\t\n\r");
        buf_add(b, s, n);
        s += n;
        if (!*s)
            return;
        buf_char(b, '\\');
        buf_char(b, *s == '\t' ? 't' : *s == '\n' ? 'n' : *s == '\r' ? 'r' : '\\');
        s++;
    }
}

static void copy_send(struct ctx *c)
{
    struct pg_conn *k = conn_of(c);
    if (k->copy.n && PQputCopyData(k->h, k->copy.p, (int)k->copy.n) != 1)
        pg_fail(c, NULL, "COPY");
    buf_clear(&k->copy);
}

static void pg_bulk_row(struct ctx *c, const struct value *v, size_t n)
{
    struct buf *b = &conn_of(c)->copy;
    if (failed(c))
        return;
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_char(b, '\t');
        if (v[i].type == VALUE_NULL)
            buf_puts(b, "\\N");
        else if (v[i].type == VALUE_TEXT)
            copy_text(b, v[i].s);
        else
            buf_printf(b, "%lld", (long long)v[i].i);
    }
    buf_char(b, '\n');
    if (b->n > 64 * 1024)
        copy_send(c);
}

static bool pg_bulk_end(struct ctx *c)
{
    struct pg_conn *k = conn_of(c);
    copy_send(c);
    PQputCopyEnd(k->h, failed(c) ? "stopped" : NULL);
    for (PGresult *res; (res = PQgetResult(k->h));) {
        if (PQresultStatus(res) != PGRES_COMMAND_OK)
            pg_fail(c, res, "COPY");
        PQclear(res);
    }
    return !failed(c);
}

/* Stores */

/* The address without its password, for messages. */
static void mask(char *s)
{
    char *user = strstr(s, "://"), *at = user ? strchr(user + 3, '@') : NULL;
    char *colon = user ? strchr(user + 3, ':') : NULL;
    if (at && colon && colon < at)
        memmove(colon, at, strlen(at) + 1);
    char *p = strstr(s, "password=");
    if (p) {
        p += 9;
        size_t n = strcspn(p, "&");
        memmove(p, p + n, strlen(p + n) + 1);
    }
}

static void pg_store_close(struct store *store)
{
    struct pg_store *s = (struct pg_store *)store;
    free(s->base.where);
    free(s);
}

static bool pg_store_stopped(struct store *s UNUSED)
{
    return false;
}

struct store *postgres_store_open(struct ctx *c, const char *dsn, enum store_mode mode)
{
    size_t n = strlen(dsn) + 1;
    struct pg_store *s = calloc(1, sizeof *s);
    char *text = s ? malloc(2 * n) : NULL;
    if (!text)
        abort();
    memcpy(text, dsn, n);
    memcpy(text + n, dsn, n);
    mask(text);
    *s = (struct pg_store){.base = {.engine = &postgres_engine, .mode = mode, .where = text}, .dsn = text + n};
    PGconn *h = pg_open(dsn); /* a wrong address is told now, not at the first page */
    if (PQstatus(h) != CONNECTION_OK)
        fail_unreachable(c, text, h);
    else if (PQserverVersion(h) < 140000)
        fail(c, ERR_CONFIG, "Máy chủ PostgreSQL quá cũ (%s): cần bản 14 trở lên.", "The PostgreSQL server is too old (%s): 14 is needed.",
             PQparameterStatus(h, "server_version"));
    PQfinish(h);
    if (!failed(c))
        return &s->base;
    pg_store_close(&s->base);
    return NULL;
}

const struct engine postgres_engine = {
    .kind = DB_POSTGRES,
    .store_close = pg_store_close,
    .store_stopped = pg_store_stopped,
    .connect = pg_connect,
    .disconnect = pg_disconnect,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .control = pg_control,
    .query = pg_query,
    .run = pg_run,
    .next = pg_next,
    .finish = pg_finish,
    .columns = pg_columns,
    .name = pg_name,
    .null = pg_null,
    .integer = pg_integer,
    .text = pg_text,
    .version = pg_version,
    .bulk_begin = pg_bulk_begin,
    .bulk_row = pg_bulk_row,
    .bulk_end = pg_bulk_end,
};

int postgres_client(void)
{
    return PQlibVersion();
}
