/* Two engines, one dialect: all that the rest of the program sees of SQLite and PostgreSQL.
 *
 * SQL text is a literal or does not compile; lists are composed in a struct sql from literals,
 * checked names and bound values. Arguments are $1..$n on both engines. What the engines do
 * differently has a named function here, never an `if` at the caller. This layer knows no kinds.
 *
 * SQLite: one process owns the data directory (lock file). In it one connection writes, with group
 * commit: transactions of several threads share one fsync, and each returns only when it is durable.
 * Readers have connections of their own. PostgreSQL: every session is a connection.
 *
 * Errors are sticky in the context: a statement after a failure gives no rows and does nothing. */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/ctx.h"
#include "base/value.h"

enum db_engine { DB_SQLITE, DB_POSTGRES };

/* How a store is opened. */
enum store_mode {
    STORE_OWN,    /* SQLite: take the lock of the data directory; ERR_BUSY when another process has it */
    STORE_READ,   /* read-only, beside an owner */
    STORE_CREATE  /* SQLite: make the data directory and the file, then own it */
};

struct store;

/* `where`: a data directory, or postgresql://... NULL after fail(). A directory without a database, or
 * with one of another program, is refused with what to do. */
struct store *store_open(struct ctx *, const char *where, enum store_mode);
void store_close(struct store *);
enum db_engine store_engine(const struct store *);
const char *store_where(const struct store *); /* without a password */
/* SQLite: the disk could not keep what it was given (a failed fsync). Nothing more is written; the process should end
 * with the exit code of ERR_FULL and be started again. */
bool store_stopped(struct store *);

/* A session of this thread, hung on c->db. A session must not be shared between threads. */
bool db_connect(struct ctx *, struct store *);
void db_disconnect(struct ctx *);

enum db_mode {
    DB_READ,
    DB_WRITE,
    DB_WRITE_LONG /* an import, a migration: nobody's commit waits for its end */
};

/* Transactions nest by counting; a write inside a read is refused (ERR_BROKEN). READ is one snapshot, taken by its
 * first statement. Reading needs no transaction, writing does. On SQLite, WRITE waits for the writer (30 s, then
 * ERR_BUSY). The outermost db_commit() returns true when the data are durable; when the context has failed it rolls
 * back and returns false. What db_rollback() ends inside another transaction cannot be committed by that one. After
 * db_begin() returned false, db_commit() and db_rollback() may be called or not. Rows opened in a transaction end with
 * it. A server that went away is looked for once more by the next db_begin(). */
bool db_begin(struct ctx *, enum db_mode);
bool db_commit(struct ctx *);
void db_rollback(struct ctx *);
bool db_in_write(const struct ctx *);
bool db_in_long_write(const struct ctx *);
bool db_alone(const struct ctx *); /* in a long write, while which nobody else can write, whatever they do */
bool db_writable(const struct ctx *); /* the store was not opened for reading only */

/* Which state of the data an open read sees: a number that grows as anybody commits. 0: not known, because it is a write, or the engine
 * does not say. */
uint64_t db_state(struct ctx *);
/* Whether any of the tables (bits) was written by a commit that this read may see and one in that state did not. */
bool db_changed(struct ctx *, uint64_t state, uint64_t tables);
/* How many statements this transaction has read with, and the tables read since it were so many. */
size_t db_reads(const struct ctx *);
uint64_t db_read_since(const struct ctx *, size_t reads);
void db_note_read(struct ctx *, uint64_t tables); /* what is answered from memory counts as read */
uint64_t db_round(const struct ctx *); /* another number for each transaction of the session */
/* What this session remembers from one transaction to the next; whoever keeps something here keeps the state with it. */
struct db_memory {
    struct arena arena;
    void *what;
};
struct db_memory *db_memory(struct ctx *);

/* A savepoint inside a write: rolled back alone, the transaction goes on, and the context's failure made since is
 * forgotten. For trying one row of an import. */
void db_savepoint(struct ctx *);
void db_savepoint_release(struct ctx *);
void db_savepoint_rollback(struct ctx *);

struct rows;

/* A statement and its arguments: db_query(c, "SELECT id FROM unit WHERE code = $1", V(code)). The "" before the
 * first argument is what refuses anything but a literal. */
struct sql_call {
    const char *sql;
    struct value args[16];
};
#define SQL_COUNT(...) SQL_COUNT_(__VA_ARGS__, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define SQL_COUNT_(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, n, ...) n

/* Rows are stepped with rows_next() and need no closing when run to the end; rows_close() before. Text lives until
 * the next step. On PostgreSQL the result is in memory: use sql_stream() for more than some thousand rows. Another
 * statement may run while rows are open. */
#define db_query(c, ...) db_query_call((c), &(const struct sql_call){.sql = "" __VA_ARGS__}, SQL_COUNT(__VA_ARGS__) - 1)
#define db_run(c, ...) db_run_call((c), &(const struct sql_call){.sql = "" __VA_ARGS__}, SQL_COUNT(__VA_ARGS__) - 1)
/* Of which nobody asks how many rows it changed. After db_later_begin(), in a long write, it may be carried out after the call has returned;
 * what goes wrong is told by a later call, at the latest by db_commit(). Every other statement sees what it did. */
#define db_run_later(c, ...) db_run_later_call((c), &(const struct sql_call){.sql = "" __VA_ARGS__}, SQL_COUNT(__VA_ARGS__) - 1)
void db_later_begin(struct ctx *);
/* First column of the first row, or 0. */
#define db_one_int(c, ...) rows_only_int(db_query((c), __VA_ARGS__))

bool rows_next(struct rows *);
void rows_close(struct rows *);
int rows_columns(const struct rows *);
const char *rows_column_name(const struct rows *, int col);
bool rows_null(const struct rows *, int col);
int64_t rows_int(const struct rows *, int col);      /* null reads as 0 */
const char *rows_text(const struct rows *, int col); /* NULL when null */
int64_t rows_only_int(struct rows *);

/* A statement being composed, in the context's arena. Names are checked: [a-z][a-z0-9_]*, at most 63, and quoted. */
struct sql {
    struct ctx *c;
    char *text; /* always a string */
    size_t n, cap;
    struct value *args;
    size_t nargs, room;
};

struct sql sql_new(struct ctx *);
/* What was composed before: the text of another struct sql, whose arguments $1, $2 ... are bound anew, in their order. More may be
 * added behind. `text` is not changed and must outlive it. */
struct sql sql_from(struct ctx *, const char *text, size_t nargs);
void sql_bind(struct sql *, struct value);
#define sql_add(q, lit) sql_add_text((q), "" lit "")
void sql_name(struct sql *, const char *name);                            /* "name" */
void sql_col(struct sql *, const char *table, const char *column);        /* "table"."column" */
void sql_arg(struct sql *, struct value);                                 /* $n, bound */
void sql_lasts(struct sql *, const char *table, day);                     /* AND "table"."since" <= $n AND "table"."until" > $n */
void sql_lasts_ever(struct sql *, const char *table, day);                /* the same where no first day means ever since */
void sql_args(struct sql *, const int64_t *ids, size_t n);                /* $n, $n+1, ... for IN (...) */
void sql_append(struct sql *, const struct sql *part);                    /* a composed part, its arguments renumbered; pieces share no arguments */
struct rows *sql_query(struct sql *);
struct rows *sql_stream(struct sql *); /* for any number of rows; inside a transaction */
int64_t sql_run(struct sql *);         /* rows changed */
void sql_run_later(struct sql *);      /* as db_run_later() */

/* What the engines do differently. */
enum db_engine db_engine(const struct ctx *);
const char *db_built_with(struct ctx *);                    /* the engines that the program runs with */
const char *db_version(struct ctx *);                       /* "SQLite 3.40.1" */
struct db_column { const char *table, *name, *type; };      /* type: "int" or "text" */
size_t db_columns(struct ctx *, struct db_column **out);    /* of every table of the program, in order */
bool db_has_table(struct ctx *, const char *name);
bool db_has_index(struct ctx *, const char *name);
const char *db_type_name(const struct ctx *, enum value_type); /* a column's type, as DDL writes it */
const char *db_table_options(const struct ctx *);           /* after the closing bracket of CREATE TABLE: SQLite clusters by key */
void sql_type(struct sql *, enum value_type);
void sql_table_options(struct sql *);
void db_lock_row(struct sql *);                             /* FOR UPDATE where the engine has it */

/* Word search over a table's column `fold` (words of a-z0-9 separated by single spaces).
 * The index of a table is made once; each write tells the old and new text (NULL: none). */
void db_words_create(struct ctx *, const char *table);
bool db_has_words(struct ctx *, const char *table);
void db_words_set(struct ctx *, const char *table, int64_t id, const char *old_fold, const char *new_fold);
/* Adds a condition that is true for rows whose fold has, for each word of `fold_query`, a word beginning with it. */
void db_words_match(struct sql *, const char *table, const char *alias, const char *fold_query);
/* The same for a table that has a column `part`, so that a search within some parts need not look at all. Besides its index it
 * needs the table word_known (shard, of_table, word). */
struct db_words {
    int64_t part;
    const char *fold;  /* NULL: none */
    const char *words; /* the same with diacritics */
    const char *first; /* the word of the fold by which the row is sorted; "" = none in particular */
};
void db_words_set_in(struct ctx *, const char *table, int64_t id, struct db_words was, struct db_words now);
/* What to put to the index to find, in these parts, all rows that match (and perhaps more: the statement must look at each).
 * NULL when the words are too short to be worth asking for. */
const char *db_words_query(struct ctx *, const char *table, const char *fold_query, const int64_t *parts, size_t n);
/* The same for the rows in which each of these words, diacritics included, stands as it is. NULL where the engine does not know them. */
const char *db_words_exact(struct ctx *, const char *words, const int64_t *parts, size_t n);
/* The same for the rows in which the last word of the query begins another word than the first one of their order. False where the engine
 * does not keep these apart; true with NULL when the word is too short to be worth asking for. */
bool db_words_apart(struct ctx *, const char *table, const char *fold_query, const int64_t *parts, size_t n, const char **query);
/* The first `most` rows that such a query finds. */
struct db_hits {
    const char *query; /* for db_words_among(); NULL where they are no more quickly found than all, or there is no query */
    bool all;          /* there are no others */
};
struct db_hits db_words_first(struct ctx *, const char *table, const char *query, int64_t most);
/* Whether the first of them can be had apart from the others, when there are more. */
bool db_words_come_apart(struct ctx *);
void db_words_among(struct sql *, const char *table, const char *alias, const char *query_or_found); /* adds the condition */
void db_words_rebuild(struct ctx *, const char *table);

/* A consistent copy of the whole database into one SQLite file at `path` (made whole or not at all: temporary
 * name, fsync, rename), from either engine, beside writers. */
bool db_backup(struct ctx *, struct store *, const char *path);
/* Copies every table of the SQLite file into the open, empty database of this session. */
bool db_restore_tables(struct ctx *, const char *path);
void db_analyze(struct ctx *);
/* Integrity of the engine's own structures: the number of faults found, each told through `tell`. */
int64_t db_integrity(struct ctx *, void (*tell)(void *to, const char *what), void *to);

/* How many statements this session has sent: a page asks a fixed number (tests assert it). */
int64_t db_statements(const struct ctx *);

/* Used by the macros above. */
struct rows *db_query_call(struct ctx *, const struct sql_call *, size_t nargs);
int64_t db_run_call(struct ctx *, const struct sql_call *, size_t nargs);
void db_run_later_call(struct ctx *, const struct sql_call *, size_t nargs);
void sql_add_text(struct sql *, const char *literal);

#endif
