/* Sessions, transactions and rows, above the engines; see db.h. Holds no SQL but savepoints. */
#define ALLOW_MALLOC
#include "engine.h"
#include "fault.h"

#include <stdatomic.h>

struct rows {
    struct cursor *cursor;
    uint64_t serial;
    bool done;
};

static atomic_int fault_kind, fault_left;
static atomic_llong real_commits;

void db_fault_after(enum db_fault kind, int n)
{
    atomic_store(&fault_left, n);
    atomic_store(&fault_kind, n > 0 ? (int)kind : FAULT_NONE);
}

bool db_fault_hits(enum db_fault kind)
{
    if (atomic_load_explicit(&fault_kind, memory_order_relaxed) != (int)kind)
        return false;
    if (atomic_fetch_sub(&fault_left, 1) != 1)
        return false;
    atomic_store(&fault_kind, FAULT_NONE);
    return true;
}

void db_real_commit(void)
{
    atomic_fetch_add_explicit(&real_commits, 1, memory_order_relaxed);
}

int64_t db_real_commits(void)
{
    return (int64_t)atomic_load(&real_commits);
}

/* Stores and sessions */

struct store *store_open(struct ctx *c, const char *where, enum store_mode mode)
{
    if (failed(c))
        return NULL;
    bool server = strncmp(where, "postgresql://", 13) == 0 || strncmp(where, "postgres://", 11) == 0;
    return server ? postgres_store_open(c, where, mode) : sqlite_store_open(c, where, mode);
}

void store_close(struct store *s)
{
    if (s)
        s->engine->store_close(s);
}

bool store_stopped(struct store *s)
{
    return s->engine->store_stopped(s);
}

enum db_engine store_engine(const struct store *s)
{
    return s->engine->kind;
}

const char *store_where(const struct store *s)
{
    return s->where;
}

bool db_connect(struct ctx *c, struct store *s)
{
    if (failed(c))
        return false;
    if (c->db) {
        fail(c, ERR_BROKEN, "Lỗi chương trình: phiên này đã nối với dữ liệu.",
             "Fault in the program: this session is connected already.");
        return false;
    }
    c->db = calloc(1, sizeof *c->db);
    if (!c->db)
        abort();
    c->db->store = s;
    if (s->engine->connect(c))
        return true;
    free(c->db);
    c->db = NULL;
    return false;
}

static void cursor_close(struct db *db, struct cursor *k)
{
    for (struct cursor **at = &db->open; *at; at = &(*at)->next) {
        if (*at == k) {
            *at = k->next;
            break;
        }
    }
    db->store->engine->finish(k);
    k->serial = 0;
    k->next = db->idle;
    db->idle = k;
}

/* Closes what was opened in the transaction, as far as `saves` or more savepoints were open. */
static void cursors_close(struct db *db, int saves)
{
    for (struct cursor *k = db->open, *next; k; k = next) {
        next = k->next;
        if (k->inside && k->saves >= saves)
            cursor_close(db, k);
    }
}

static void cursors_free(struct cursor *k)
{
    while (k) {
        struct cursor *next = k->next;
        free(k);
        k = next;
    }
}

void db_disconnect(struct ctx *c)
{
    struct db *db = c->db;
    if (!db)
        return;
    if (db->depth) {
        db->depth = 1;
        db_rollback(c);
    }
    while (db->open)
        cursor_close(db, db->open);
    cursors_free(db->idle);
    arena_free(&db->memory.arena);
    db->store->engine->disconnect(db);
    free(db);
    c->db = NULL;
}

int64_t db_statements(const struct ctx *c)
{
    return c->db ? c->db->statements : 0;
}

enum db_engine db_engine(const struct ctx *c)
{
    return db_of(c)->kind;
}

const char *db_version(struct ctx *c)
{
    return db_of(c)->version(c);
}

static bool connected(struct ctx *c)
{
    if (!failed(c) && !c->db)
        fail(c, ERR_BROKEN, "Lỗi chương trình: phiên này chưa nối với dữ liệu.",
             "Fault in the program: this session is not connected to a database.");
    return !failed(c);
}

/* Transactions */

bool db_in_write(const struct ctx *c)
{
    return c->db && db_writing(c->db);
}

bool db_in_long_write(const struct ctx *c)
{
    return c->db && c->db->depth && c->db->mode == DB_WRITE_LONG;
}

bool db_alone(const struct ctx *c)
{
    return db_in_long_write(c) && db_of(c)->kind == DB_SQLITE;
}

bool db_writable(const struct ctx *c)
{
    return c->db && c->db->store->mode != STORE_READ;
}

bool db_begin(struct ctx *c, enum db_mode mode)
{
    if (!connected(c))
        return false;
    struct db *db = c->db;
    if (db->depth) {
        if (mode != DB_READ && db->mode == DB_READ) {
            fail(c, ERR_BROKEN, "Lỗi chương trình: ghi trong một giao dịch chỉ đọc.",
                 "Fault in the program: a write inside a read-only transaction.");
            return false;
        }
        db->depth++;
        return true;
    }
    if (mode != DB_READ && db->store->mode == STORE_READ) {
        fail(c, ERR_BROKEN, "Lỗi chương trình: dữ liệu ở %s đang mở chỉ để đọc.",
             "Fault in the program: the data at %s are open for reading only.", db->store->where);
        return false;
    }
    db->lost = db->doomed = false;
    db->saves = 0;
    db->mode = mode;
    if (!db->store->engine->begin(c, mode))
        return false;
    db->depth = 1;
    arena_rewind(&c->kept, (struct arena_mark){0});
    db->learnt = NULL;
    db->state = 0;
    db->nreads = 0;
    db->round++;
    c->audit = c->memo = c->bulk = NULL;
    if (c->after_begin)
        c->after_begin(c);
    return true;
}

uint64_t db_state(struct ctx *c)
{
    struct db *db = c->db;
    bool known = !failed(c) && db && db->depth && db->mode == DB_READ && db_of(c)->state;
    if (known && !db->state)
        db->state = db_of(c)->state(c);
    return known ? db->state : 0;
}

bool db_changed(struct ctx *c, uint64_t state, uint64_t tables)
{
    return !db_state(c) || db_of(c)->changed(c, state, tables);
}

uint64_t db_round(const struct ctx *c)
{
    return c->db ? c->db->round : 0;
}

void db_note_read(struct ctx *c, uint64_t tables)
{
    struct db *db = c->db;
    if (db->nreads < READS_MOST)
        db->reads[db->nreads++] = tables;
    else
        db->reads[READS_MOST - 1] |= tables;
}

size_t db_reads(const struct ctx *c)
{
    return c->db->nreads;
}

uint64_t db_read_since(const struct ctx *c, size_t from)
{
    uint64_t tables = 0;
    for (size_t i = from < READS_MOST ? from : READS_MOST - 1; i < c->db->nreads; i++)
        tables |= c->db->reads[i];
    return tables;
}

struct db_memory *db_memory(struct ctx *c)
{
    return &c->db->memory;
}

static void transaction_ended(struct db *db)
{
    db->depth = db->saves = 0;
    db->doomed = db->lost = db->later = false;
}

void db_rollback(struct ctx *c)
{
    struct db *db = c->db;
    if (!db || !db->depth)
        return;
    if (db->depth > 1) {
        db->depth--;
        db->doomed = true;
        return;
    }
    cursors_close(db, 0);
    db->store->engine->rollback(c);
    transaction_ended(db);
}

bool db_commit(struct ctx *c)
{
    struct db *db = c->db;
    if (!db || !db->depth) {
        fail(c, ERR_BROKEN, "Lỗi chương trình: kết thúc một giao dịch chưa bắt đầu.",
             "Fault in the program: the end of a transaction that has not begun.");
        return false;
    }
    if (db->depth > 1) {
        db->depth--;
        return !failed(c) && !db->doomed;
    }
    if (db->doomed || db->lost)
        fail(c, ERR_BROKEN, "Một phần của thay đổi này đã bị bỏ, nên không có gì được lưu.",
             "A part of this change was undone, so nothing of it was saved.");
    if (c->before_commit && !failed(c))
        c->before_commit(c);
    if (failed(c)) {
        db_rollback(c);
        return false;
    }
    cursors_close(db, 0);
    bool ok = db->store->engine->commit(c);
    transaction_ended(db);
    return ok;
}

/* Savepoints */

static bool control(struct ctx *c, const char *verb, int n)
{
    char sql[80];
    snprintf(sql, sizeof sql, "%s SAVEPOINT s%d", verb, n);
    return db_of(c)->control(c, sql);
}

void db_savepoint(struct ctx *c)
{
    struct db *db = c->db;
    if (!connected(c) && (!db || !db->depth))
        return;
    if (!db_writing(db) || db->saves == SAVES_MAX) {
        fail(c, ERR_BROKEN, "Lỗi chương trình: điểm lưu ngoài một giao dịch ghi.",
             "Fault in the program: a savepoint outside of a write, or too many of them.");
        return;
    }
    struct save *s = &db->save[db->saves++];
    *s = (struct save){.doomed = db->doomed};
    if (!failed(c) && !db->lost)
        s->made = control(c, "", db->saves);
}

static struct save *last_save(struct ctx *c)
{
    struct db *db = c->db;
    if (db && db->saves)
        return &db->save[--db->saves];
    fail(c, ERR_BROKEN, "Lỗi chương trình: không có điểm lưu nào.", "Fault in the program: there is no savepoint.");
    return NULL;
}

void db_savepoint_release(struct ctx *c)
{
    struct save *s = last_save(c);
    if (s && s->made && !failed(c) && !c->db->lost)
        control(c, "RELEASE", c->db->saves + 1);
}

void db_savepoint_rollback(struct ctx *c)
{
    struct save *s = last_save(c);
    if (!s || !s->made)
        return;
    struct db *db = c->db;
    db->learnt = NULL;
    cursors_close(db, db->saves + 1);
    if (db->lost || !control(c, "ROLLBACK TO", db->saves + 1) || !control(c, "RELEASE", db->saves + 1))
        return; /* what is lost cannot be forgotten */
    db->doomed = s->doomed;
    c->err = (struct err){0};
}

/* Statements */

static bool may_run(struct ctx *c, const struct statement *s, bool writes)
{
    if (!connected(c))
        return false;
    struct db *db = c->db;
    if (db->lost || db->doomed)
        fail(c, ERR_BROKEN, "Giao dịch này đã bị bỏ: không có gì được lưu. Hãy làm lại.",
             "This transaction was undone: nothing was saved. Try again.");
    else if (writes && !db_writing(db))
        fail(c, ERR_BROKEN, "Lỗi chương trình: ghi ngoài một giao dịch ghi: %.200s",
             "Fault in the program: a write outside of a transaction that writes: %.200s", s->sql);
    else if (s->stream && !db->depth)
        fail(c, ERR_BROKEN, "Lỗi chương trình: đọc dòng chảy ngoài giao dịch: %.200s",
             "Fault in the program: a stream outside of a transaction: %.200s", s->sql);
    else if (s->n > ARGS_MAX)
        fail(c, ERR_BROKEN, "Lỗi chương trình: câu lệnh có %zu tham số, quá nhiều.",
             "Fault in the program: a statement with %zu arguments, too many.", s->n);
    db->statements += !failed(c);
    return !failed(c);
}

static struct cursor *cursor_new(struct ctx *c)
{
    struct db *db = c->db;
    struct cursor *k = db->idle;
    if (k)
        db->idle = k->next;
    else if (!(k = malloc(sizeof *k)))
        abort();
    *k = (struct cursor){.c = c, .serial = ++db->serial, .inside = db->depth > 0, .saves = db->saves, .next = db->open};
    db->open = k;
    return k;
}

struct rows *db_query_args(struct ctx *c, const struct statement *s)
{
    if (!may_run(c, s, false))
        return NULL;
    struct cursor *k = cursor_new(c);
    if (!db_of(c)->query(c, k, s)) {
        cursor_close(c->db, k);
        return NULL;
    }
    struct rows *r = NEW(&c->arena, struct rows);
    r->cursor = k;
    r->serial = k->serial;
    return r;
}

int64_t db_run_args(struct ctx *c, const struct statement *s)
{
    return may_run(c, s, true) ? db_of(c)->run(c, s) : 0;
}

void db_later_begin(struct ctx *c)
{
    if (failed(c) || !db_in_long_write(c) || !db_of(c)->later_begin)
        return;
    db_of(c)->later_begin(c);
    c->db->later = true;
}

/* While rows are open the connection is in use: then it is waited for. */
void db_run_later_args(struct ctx *c, const struct statement *s)
{
    if (!may_run(c, s, true))
        return;
    if (c->db->later && !c->db->open)
        db_of(c)->run_later(c, s);
    else
        db_of(c)->run(c, s);
}

void db_run_later_call(struct ctx *c, const struct sql_call *call, size_t n)
{
    db_run_later_args(c, &(struct statement){call->sql, call->args, n, false});
}

struct rows *db_query_call(struct ctx *c, const struct sql_call *call, size_t n)
{
    return db_query_args(c, &(struct statement){call->sql, call->args, n, false});
}

int64_t db_run_call(struct ctx *c, const struct sql_call *call, size_t n)
{
    return db_run_args(c, &(struct statement){call->sql, call->args, n, false});
}

/* Rows */

/* The cursor of rows that are on a row, or NULL. */
static const struct cursor *on_row(const struct rows *r)
{
    return r && !r->done && r->cursor->serial == r->serial ? r->cursor : NULL;
}

bool rows_next(struct rows *r)
{
    if (!r || r->done)
        return false;
    struct cursor *k = r->cursor;
    if (k->serial != r->serial) {
        r->done = true;
        fail(k->c, ERR_BROKEN, "Lỗi chương trình: đọc tiếp kết quả của một giao dịch đã kết thúc.",
             "Fault in the program: rows read on after their transaction has ended.");
        return false;
    }
    if (!failed(k->c) && k->c->db->store->engine->next(k))
        return true;
    rows_close(r);
    return false;
}

void rows_close(struct rows *r)
{
    if (!r || r->done)
        return;
    r->done = true;
    if (r->cursor->serial == r->serial)
        cursor_close(r->cursor->c->db, r->cursor);
}

int rows_columns(const struct rows *r)
{
    const struct cursor *k = on_row(r);
    return k ? db_of(k->c)->columns(k) : 0;
}

const char *rows_column_name(const struct rows *r, int col)
{
    const struct cursor *k = on_row(r);
    return k ? db_of(k->c)->name(k, col) : "";
}

bool rows_null(const struct rows *r, int col)
{
    const struct cursor *k = on_row(r);
    return !k || db_of(k->c)->null(k, col);
}

int64_t rows_int(const struct rows *r, int col)
{
    const struct cursor *k = on_row(r);
    return k ? db_of(k->c)->integer(k, col) : 0;
}

const char *rows_text(const struct rows *r, int col)
{
    const struct cursor *k = on_row(r);
    return k ? db_of(k->c)->text(k, col) : NULL;
}

int64_t rows_only_int(struct rows *r)
{
    int64_t v = rows_next(r) ? rows_int(r, 0) : 0;
    rows_close(r);
    return v;
}
