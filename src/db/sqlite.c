/* SQLite: connections, statements, rows. The shared writer is in sqlite_store.c. */
#define ALLOW_MALLOC
#include "fault.h"
#include "sqlite.h"

#include "base/str.h"

#include <limits.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* Errors */

static void fail_full(struct ctx *c, const char *where, const char *why)
{
    fail(c, ERR_FULL,
         "Ổ đĩa chứa %s đã đầy hoặc không ghi được (%s). Chưa có gì của lần này được lưu. Hãy giải phóng dung lượng rồi làm lại.",
         "The disk with %s is full or cannot be written (%s). Nothing of this was saved. Free some space, then try again.", where,
         why);
}

void sqlite_fail(struct ctx *c, const char *where, sqlite3 *h, int rc, const char *sql)
{
    const char *why = h && sqlite3_extended_errcode(h) == rc ? sqlite3_errmsg(h) : sqlite3_errstr(rc);
    switch (rc & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
        fail_full(c, where, why);
        return;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        fail(c, ERR_BUSY, "Dữ liệu ở %s đang bận vì một việc ghi khác. Chưa có gì được lưu. Hãy làm lại sau ít phút.",
             "The data at %s are busy with another write. Nothing was saved. Try again in some minutes.", where);
        return;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        fail(c, ERR_BROKEN, "Dữ liệu ở %s bị hỏng (%s). Hãy chạy \"dangbo check\", rồi khôi phục từ bản sao lưu.",
             "The data at %s are damaged (%s). Run \"dangbo check\", then restore a backup.", where, why);
        return;
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        fail(c, sql ? ERR_BROKEN : ERR_CANNOT_MAKE, "Không mở hoặc không ghi được %s (%s). Hãy kiểm tra quyền truy cập.",
             "Cannot open or write %s (%s). Check its permissions.", where, why);
        return;
    case SQLITE_CONSTRAINT:
        if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID) {
            fail(c, ERR_CONFLICT, "Đã có bản ghi với giá trị này (%s).", "A record with this value exists already (%s).", why);
            return;
        }
        break;
    default:
        break;
    }
    fail(c, ERR_BROKEN, "Cơ sở dữ liệu không nhận câu lệnh: %s. %.300s", "The database refused a statement: %s. %.300s", why,
         sql ? sql : "");
}

/* Connections */

static void drop(void *to UNUSED, struct cached *e)
{
    sqlite3_finalize(e->stmt);
}

static void limits_set(sqlite3 *h)
{
    static const int limits[][2] = {
        {SQLITE_LIMIT_LENGTH, 128 << 20},   {SQLITE_LIMIT_SQL_LENGTH, 1 << 20},  {SQLITE_LIMIT_COLUMN, 500},
        {SQLITE_LIMIT_EXPR_DEPTH, 500},     {SQLITE_LIMIT_COMPOUND_SELECT, 200}, {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 1},    {SQLITE_LIMIT_WORKER_THREADS, 0},    {SQLITE_LIMIT_VARIABLE_NUMBER, ARGS_MAX},
        {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000},
    };
    for (size_t i = 0; i < N(limits); i++)
        sqlite3_limit(h, limits[i][0], limits[i][1]);
}

/* A disk mounted for reading only, where nothing waits in the WAL: the file is read as it stands, since not even a reader's
 * index of the WAL can be made beside it. */
static bool stands_still(const char *path)
{
    struct statvfs disk;
    struct stat wal;
    char beside[PATH_MAX];
    int n = snprintf(beside, sizeof beside, "%s-wal", path);
    return n > 0 && (size_t)n < sizeof beside && statvfs(path, &disk) == 0 && (disk.f_flag & ST_RDONLY) && (stat(beside, &wal) != 0 || wal.st_size == 0);
}

/* file:PATH?immutable=1 */
static bool still_name(const char *path, char *out, size_t room)
{
    static const char hex[] = "0123456789ABCDEF";
    static const char end[] = "?immutable=1";
    size_t at = (size_t)snprintf(out, room, "file:");
    for (; *path && at + 3 + sizeof end <= room; path++) {
        unsigned char u = (unsigned char)*path;
        if (u != '?' && u != '#' && u != '%') {
            out[at++] = *path;
            continue;
        }
        out[at++] = '%';
        out[at++] = hex[u >> 4];
        out[at++] = hex[u & 15];
    }
    if (*path)
        return false;
    memcpy(out + at, end, sizeof end);
    return true;
}

int sqlite_conn_open(struct sqlite_conn *conn, const char *path, int flags, int cache_kb)
{
    static const int on[] = {SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_ENABLE_FKEY};
    static const int off[] = {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_DQS_DML,
                              SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, SQLITE_DBCONFIG_ENABLE_TRIGGER};
    char still[PATH_MAX];
    if ((flags & SQLITE_OPEN_READONLY) && stands_still(path) && still_name(path, still, sizeof still)) {
        path = still;
        flags |= SQLITE_OPEN_URI;
    }
    int rc = sqlite3_open_v2(path, &conn->h, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (rc != SQLITE_OK)
        return rc;
    for (size_t i = 0; i < N(on); i++)
        sqlite3_db_config(conn->h, on[i], 1, NULL);
    for (size_t i = 0; i < N(off); i++)
        sqlite3_db_config(conn->h, off[i], 0, NULL);
    limits_set(conn->h);
    sqlite3_busy_timeout(conn->h, 5000);
    conn->cache = (struct cache){.drop = drop};
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA cache_size = -%d", cache_kb);
    sqlite_exec(conn, sql);
    sqlite_exec(conn, "PRAGMA mmap_size = 0");
    if (flags & SQLITE_OPEN_READONLY)
        sqlite_exec(conn, "PRAGMA query_only = ON");
    return SQLITE_OK;
}

void sqlite_conn_close(struct sqlite_conn *conn)
{
    cache_clear(&conn->cache);
    sqlite3_close_v2(conn->h);
    conn->h = NULL;
}

static void touched(struct sqlite_conn *conn, struct touches t)
{
    conn->touches = t;
    conn->written |= t.writes;
}

/* A statement of this text that nobody is using; *entry is NULL when it is to be finalized after. */
static int statement_get(struct sqlite_conn *conn, const char *sql, struct cached **entry, sqlite3_stmt **out)
{
    struct cached *e = cache_find(&conn->cache, sql, "");
    *entry = e;
    *out = e ? e->stmt : NULL;
    if (e && !e->busy) {
        e->busy = true;
        touched(conn, e->touches);
        return SQLITE_OK;
    }
    bool twice = e != NULL;
    *entry = NULL;
    const char *rest = "";
    conn->touches = (struct touches){0};
    int rc = sqlite3_prepare_v3(conn->h, sql, -1, twice ? 0 : SQLITE_PREPARE_PERSISTENT, out, &rest);
    if (rc != SQLITE_OK)
        return rc;
    if (!*out || !str_blank(rest)) { /* nothing, or more than one */
        sqlite3_finalize(*out);
        *out = NULL;
        return SQLITE_MISUSE;
    }
    if (!twice) {
        *entry = cache_add(&conn->cache, sql, "");
        (*entry)->stmt = *out;
        (*entry)->busy = true;
        (*entry)->touches = conn->touches;
    }
    touched(conn, conn->touches);
    return SQLITE_OK;
}

static void statement_put(struct cached *e, sqlite3_stmt *stmt)
{
    if (!e) {
        sqlite3_finalize(stmt);
        return;
    }
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
    e->busy = false;
}

int sqlite_exec(struct sqlite_conn *conn, const char *sql)
{
    struct cached *e;
    sqlite3_stmt *stmt;
    int rc = statement_get(conn, sql, &e, &stmt);
    if (rc != SQLITE_OK)
        return rc;
    do {
        rc = sqlite3_step(stmt);
    } while (rc == SQLITE_ROW);
    statement_put(e, stmt);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int64_t sqlite_pragma(struct sqlite_conn *conn, const char *sql, int64_t otherwise)
{
    struct cached *e;
    sqlite3_stmt *stmt;
    if (statement_get(conn, sql, &e, &stmt) != SQLITE_OK)
        return otherwise;
    int64_t v = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : otherwise;
    statement_put(e, stmt);
    return v;
}

/* Sessions */

static struct sqlite_store *store_of(const struct db *db)
{
    return (struct sqlite_store *)db->store;
}

static bool sqlite_connect(struct ctx *c)
{
    struct sqlite_store *s = store_of(c->db);
    struct sqlite_session *me = calloc(1, sizeof *me);
    if (!me)
        abort();
    c->db->conn = me;
    if (s->single && s->base.mode != STORE_READ) {
        me->conn = &s->writer;
        return true;
    }
    int rc = sqlite_conn_open(&me->reader, s->path, SQLITE_OPEN_READONLY, READER_CACHE_KB);
    me->conn = &me->reader;
    if (rc == SQLITE_OK) {
        sqlite_tables_watch(&me->reader, &s->tables);
        return true;
    }
    sqlite_fail(c, s->base.where, me->reader.h, rc, NULL);
    sqlite_conn_close(&me->reader);
    free(me);
    return false;
}

static void sqlite_disconnect(struct db *db)
{
    struct sqlite_session *me = db->conn;
    sqlite_conn_close(&me->reader);
    free(me);
}

static bool sqlite_begin(struct ctx *c, enum db_mode mode)
{
    struct sqlite_store *s = store_of(c->db);
    struct sqlite_session *me = c->db->conn;
    int rc;
    if (mode == DB_READ) {
        me->seen = atomic_load(&s->tables.done) + 1; /* before anything is looked at */
        rc = sqlite_exec(me->conn, "BEGIN");
    } else {
        rc = sqlite_writer_take(s, mode == DB_WRITE_LONG, &me->own_savepoint);
        if (rc == SQLITE_OK)
            me->conn = &s->writer;
    }
    if (rc == SQLITE_IOERR_FSYNC)
        fail(c, ERR_FULL, "Ổ đĩa chứa %s đã báo lỗi khi lưu, nên chương trình không ghi nữa. Hãy kiểm tra ổ đĩa rồi khởi động lại.",
             "The disk with %s reported an error while saving, so nothing more is written. Check the disk, then restart.",
             s->base.where);
    else if (rc != SQLITE_OK)
        sqlite_fail(c, s->base.where, NULL, rc, NULL);
    return rc == SQLITE_OK;
}

/* Beside an owner it is not known who writes what; but SQLite counts for a connection that only reads how often others have committed,
 * and it takes the snapshot before it says so. */
static uint64_t sqlite_state(struct ctx *c)
{
    struct sqlite_session *me = c->db->conn;
    struct sqlite_store *s = store_of(c->db);
    if (s->single)
        return 0;
    uint64_t version = (uint64_t)sqlite_pragma(me->conn, "PRAGMA data_version", -1) + 1;
    return s->base.mode == STORE_READ ? version : me->seen;
}

static bool sqlite_changed(struct ctx *c, uint64_t state, uint64_t tables)
{
    struct sqlite_store *s = store_of(c->db);
    return s->base.mode == STORE_READ ? state != c->db->state : sqlite_tables_written(&s->tables, state - 1, tables);
}

/* After an error: has SQLite rolled back the whole transaction, and with it the batch? */
static void notice_loss(struct db *db, int rc)
{
    if (db_writing(db) && sqlite3_get_autocommit(store_of(db)->writer.h)) {
        store_of(db)->fate = rc;
        db->lost = true;
    }
}

static int leave(struct db *db, bool kept)
{
    struct sqlite_session *me = db->conn;
    struct sqlite_store *s = store_of(db);
    if (!s->single)
        me->conn = &me->reader;
    return sqlite_writer_leave(s, kept, db->mode == DB_WRITE_LONG);
}

static int undo(struct db *db)
{
    struct sqlite_session *me = db->conn;
    struct sqlite_store *s = store_of(db);
    if (me->own_savepoint && !s->fate) {
        int rc = sqlite_exec(&s->writer, "ROLLBACK TO m");
        if (rc == SQLITE_OK)
            rc = sqlite_exec(&s->writer, "RELEASE m");
        if (rc != SQLITE_OK)
            s->fate = rc; /* the others' work cannot be told from this any more */
    }
    return leave(db, false);
}

static void fail_statement(struct ctx *c, sqlite3 *h, int rc, const char *sql);

/* Before the connection is used: what is written behind is done first. What went wrong there is told here. */
static void catch_up(struct ctx *c)
{
    struct sqlite_session *me = c->db->conn;
    const char *sql;
    int rc = me->later ? later_wait(me->later, &sql) : SQLITE_OK;
    if (rc != SQLITE_OK && !failed(c))
        fail_statement(c, me->conn->h, rc, sql);
}

static void later_end(struct ctx *c)
{
    struct sqlite_session *me = c->db->conn;
    catch_up(c);
    if (me->later)
        later_free(me->later);
    me->later = NULL;
}

static void sqlite_later_begin(struct ctx *c)
{
    struct sqlite_session *me = c->db->conn;
    if (!me->later)
        me->later = later_new(c->db, me->conn);
}

static void sqlite_rollback(struct ctx *c)
{
    later_end(c);
    if (db_writing(c->db))
        undo(c->db);
    else
        sqlite_exec(((struct sqlite_session *)c->db->conn)->conn, "ROLLBACK");
}

static bool sqlite_commit(struct ctx *c)
{
    struct db *db = c->db;
    struct sqlite_session *me = db->conn;
    struct sqlite_store *s = store_of(db);
    if (!db_writing(db)) {
        sqlite_exec(me->conn, "ROLLBACK"); /* nothing was written; this cannot fail */
        return true;
    }
    later_end(c);
    if (failed(c)) {
        undo(db);
        return false;
    }
    int dangling = 0, unused;
    sqlite3_db_status(s->writer.h, SQLITE_DBSTATUS_DEFERRED_FKS, &dangling, &unused, 0);
    if (dangling) { /* seen here, so that only this member of the batch fails */
        fail(c, ERR_BROKEN, "Cơ sở dữ liệu không nhận: một khóa ngoại trỏ vào bản ghi không có.",
             "The database refused: a foreign key points to a record that does not exist.");
        undo(db);
        return false;
    }
    int rc = me->own_savepoint ? sqlite_exec(&s->writer, "RELEASE m") : SQLITE_OK;
    if (rc == SQLITE_OK)
        rc = leave(db, true);
    else
        undo(db);
    if (rc != SQLITE_OK)
        sqlite_fail(c, s->base.where, NULL, rc, NULL);
    return rc == SQLITE_OK;
}

static bool sqlite_control(struct ctx *c, const char *sql)
{
    struct sqlite_session *me = c->db->conn;
    catch_up(c);
    if (c->db->lost)
        return false;
    int rc = sqlite_exec(me->conn, sql);
    if (rc == SQLITE_OK)
        return true;
    notice_loss(c->db, rc);
    sqlite_fail(c, c->db->store->where, me->conn->h, rc, sql);
    return false;
}

/* Statements */

static int bind_one(sqlite3_stmt *stmt, int at, const struct value *v, bool copies)
{
    switch (v->type) {
    case VALUE_NULL:
        return sqlite3_bind_null(stmt, at);
    case VALUE_INT:
    case VALUE_DAY:
    case VALUE_BOOL:
        return sqlite3_bind_int64(stmt, at, v->i);
    case VALUE_REAL:
        return sqlite3_bind_double(stmt, at, v->r);
    case VALUE_TEXT:
        return sqlite3_bind_text(stmt, at, v->s, -1, copies ? SQLITE_TRANSIENT : SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

static bool in_order(sqlite3_stmt *stmt, int n)
{
    int64_t number;
    for (int at = 1; at <= n; at++) {
        const char *name = sqlite3_bind_parameter_name(stmt, at);
        if (!name || *name != '$' || !int_parse(name + 1, &number) || number != at)
            return false;
    }
    return true;
}

/* $n are names to SQLite, numbered as they appear: each is bound by its own number. Mostly that is the same. */
static int bind_all(struct cached *e, sqlite3_stmt *stmt, const struct statement *s, bool copies)
{
    int n = sqlite3_bind_parameter_count(stmt);
    if ((size_t)n != s->n)
        return SQLITE_RANGE;
    if (e && !e->in_order)
        e->in_order = in_order(stmt, n) ? 1 : -1;
    if (e && e->in_order > 0) {
        int rc = SQLITE_OK;
        for (int at = 1; at <= n && rc == SQLITE_OK; at++)
            rc = bind_one(stmt, at, &s->args[at - 1], copies);
        return rc;
    }
    for (int at = 1; at <= n; at++) {
        const char *name = sqlite3_bind_parameter_name(stmt, at);
        int64_t number;
        if (!name || *name != '$' || !int_parse(name + 1, &number) || number < 1 || number > n)
            return SQLITE_RANGE;
        int rc = bind_one(stmt, at, &s->args[number - 1], copies);
        if (rc != SQLITE_OK)
            return rc;
    }
    return SQLITE_OK;
}

static void fail_statement(struct ctx *c, sqlite3 *h, int rc, const char *sql)
{
    notice_loss(c->db, rc);
    if (rc == SQLITE_RANGE)
        fail(c, ERR_BROKEN, "Lỗi chương trình: tham số không khớp với câu lệnh: %.300s",
             "Fault in the program: the arguments do not fit the statement: %.300s", sql);
    else if (rc == SQLITE_MISUSE)
        fail(c, ERR_BROKEN, "Lỗi chương trình: không phải đúng một câu lệnh: %.300s",
             "Fault in the program: not exactly one statement: %.300s", sql);
    else
        sqlite_fail(c, c->db->store->where, h, rc, sql);
}

static int step(struct db *db, sqlite3_stmt *stmt)
{
    if (db_fault_hits(FAULT_STATEMENT_FULL)) {
        if (db_writing(db))
            sqlite_exec(&store_of(db)->writer, "ROLLBACK");
        return SQLITE_FULL;
    }
    return sqlite3_step(stmt);
}

static bool sqlite_next(struct cursor *k)
{
    if (k->primed) {
        k->primed = false;
        return sqlite3_data_count(k->handle) > 0;
    }
    catch_up(k->c);
    int rc = sqlite3_step(k->handle);
    if (rc == SQLITE_ROW)
        return true;
    if (rc != SQLITE_DONE)
        fail_statement(k->c, sqlite3_db_handle(k->handle), rc, sqlite3_sql(k->handle));
    return false;
}

/* Takes the first step at once, so that errors come where they do on PostgreSQL. */
static bool sqlite_query(struct ctx *c, struct cursor *k, const struct statement *s)
{
    struct sqlite_session *me = c->db->conn;
    sqlite3_stmt *stmt = NULL;
    catch_up(c);
    if (failed(c))
        return false;
    int rc = statement_get(me->conn, s->sql, &k->entry, &stmt);
    k->handle = stmt;
    if (rc == SQLITE_OK)
        db_note_read(c, me->conn->touches.reads);
    if (rc == SQLITE_OK)
        rc = bind_all(k->entry, stmt, s, true);
    if (rc == SQLITE_OK)
        rc = step(c->db, stmt);
    k->primed = true;
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
        return true;
    fail_statement(c, me->conn->h, rc, s->sql);
    return false;
}

int sqlite_run_once(struct db *db, struct sqlite_conn *conn, const struct statement *s)
{
    struct cached *e = NULL;
    sqlite3_stmt *stmt = NULL;
    int rc = statement_get(conn, s->sql, &e, &stmt);
    if (rc == SQLITE_OK)
        rc = bind_all(e, stmt, s, false);
    if (rc == SQLITE_OK) {
        do {
            rc = step(db, stmt);
        } while (rc == SQLITE_ROW);
    }
    if (stmt)
        statement_put(e, stmt);
    return rc;
}

static int64_t sqlite_run(struct ctx *c, const struct statement *s)
{
    struct sqlite_conn *conn = ((struct sqlite_session *)c->db->conn)->conn;
    catch_up(c);
    if (failed(c))
        return 0;
    int64_t before = sqlite3_total_changes64(conn->h);
    int rc = sqlite_run_once(c->db, conn, s);
    if (rc != SQLITE_DONE) {
        fail_statement(c, conn->h, rc, s->sql);
        return 0;
    }
    return sqlite3_total_changes64(conn->h) == before ? 0 : sqlite3_changes64(conn->h);
}

static void sqlite_run_later(struct ctx *c, const struct statement *s)
{
    struct sqlite_session *me = c->db->conn;
    if (!me->later || !later_add(me->later, s))
        sqlite_run(c, s);
}

static void sqlite_finish(struct cursor *k)
{
    if (k->handle) {
        catch_up(k->c);
        statement_put(k->entry, k->handle);
    }
    k->handle = NULL;
}

static int sqlite_columns(const struct cursor *k)
{
    return sqlite3_column_count(k->handle);
}

static const char *sqlite_name(const struct cursor *k, int col)
{
    return sqlite3_column_name(k->handle, col);
}

static bool sqlite_null(const struct cursor *k, int col)
{
    return sqlite3_column_type(k->handle, col) == SQLITE_NULL;
}

static int64_t sqlite_integer(const struct cursor *k, int col)
{
    return sqlite3_column_int64(k->handle, col);
}

static const char *sqlite_text(const struct cursor *k, int col)
{
    return (const char *)sqlite3_column_text(k->handle, col);
}

static const char *sqlite_version(struct ctx *c)
{
    return arena_printf(&c->arena, "SQLite %s", sqlite3_libversion());
}

static bool sqlite_bulk_begin(struct ctx *c, const char *insert, const char *copy UNUSED)
{
    struct sqlite_session *me = c->db->conn;
    sqlite3_stmt *stmt;
    catch_up(c);
    int rc = statement_get(me->conn, insert, &me->bulk_entry, &stmt);
    if (rc != SQLITE_OK)
        fail_statement(c, me->conn->h, rc, insert);
    return rc == SQLITE_OK;
}

static void sqlite_bulk_row(struct ctx *c, const struct value *v, size_t n)
{
    struct sqlite_session *me = c->db->conn;
    if (failed(c))
        return;
    sqlite3_stmt *stmt = me->bulk_entry->stmt;
    int rc = bind_all(me->bulk_entry, stmt, &(struct statement){.args = v, .n = n}, false);
    if (rc == SQLITE_OK)
        rc = step(c->db, stmt);
    if (rc != SQLITE_DONE)
        fail_statement(c, me->conn->h, rc, me->bulk_entry->sql);
    sqlite3_reset(stmt);
}

static bool sqlite_bulk_end(struct ctx *c)
{
    struct sqlite_session *me = c->db->conn;
    statement_put(me->bulk_entry, me->bulk_entry->stmt);
    me->bulk_entry = NULL;
    return !failed(c);
}

const struct engine sqlite_engine = {
    .kind = DB_SQLITE,
    .store_close = sqlite_store_close,
    .store_stopped = sqlite_store_stopped,
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .state = sqlite_state,
    .changed = sqlite_changed,
    .control = sqlite_control,
    .query = sqlite_query,
    .run = sqlite_run,
    .later_begin = sqlite_later_begin,
    .run_later = sqlite_run_later,
    .next = sqlite_next,
    .finish = sqlite_finish,
    .columns = sqlite_columns,
    .name = sqlite_name,
    .null = sqlite_null,
    .integer = sqlite_integer,
    .text = sqlite_text,
    .version = sqlite_version,
    .bulk_begin = sqlite_bulk_begin,
    .bulk_row = sqlite_bulk_row,
    .bulk_end = sqlite_bulk_end,
};

const char *db_built_with(struct ctx *c)
{
    int pg = postgres_client();
    return arena_printf(&c->arena, "SQLite %s, libpq %d.%d", sqlite3_libversion(), pg / 10000, pg % 10000);
}
