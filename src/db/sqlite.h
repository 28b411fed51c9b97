/* What sqlite.c (statements) and sqlite_store.c (files, lock, the shared writer) agree on; internal. */
#ifndef DB_SQLITE_H
#define DB_SQLITE_H

#include "cache.h"
#include "engine.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

enum { APPLICATION_ID = 0x44426F31 /* "DBo1" */, WRITER_CACHE_KB = 40 * 1024, READER_CACHE_KB = 16 * 1024 };

/* The tables of a store as bits, and the number of the commit that wrote each last; see sqlite_tables.c. */
struct sqlite_tables {
    pthread_mutex_t mutex; /* guards the names */
    char *names[64];
    size_t n;
    uint64_t announced; /* belongs to the owner of the writer */
    _Atomic uint64_t written[64], done;
};

struct sqlite_conn {
    sqlite3 *h;
    struct cache cache;
    struct sqlite_tables *tables; /* NULL: nobody asks */
    struct touches touches;       /* of the statement that was asked for last */
    uint64_t written;             /* by statements since the last end of a batch; of the writer */
};

/* One that has done its work and waits for the COMMIT of its batch. */
struct member {
    struct member *next;
    bool settled;
    int rc;
};

struct sqlite_store {
    struct store base;
    char *path;  /* of the database file */
    int lock_fd; /* -1: not ours to lock */
    bool single; /* one file without WAL, a backup: its one session is the writer */
    struct sqlite_conn writer;
    /* Group commit. Who has set `busy` owns the writer; all that follows is guarded by the mutex, but `fate` and
     * `wal_frames`, which belong to the owner of the writer. */
    pthread_mutex_t mutex;
    pthread_cond_t turn, settled;
    bool busy;
    int waiting;            /* threads that wait for `turn` */
    bool open;              /* a transaction of SQLite is open: a batch */
    int nmembers;           /* work done in it */
    struct member *members; /* those that wait for its COMMIT */
    int64_t opened_ms;
    struct sqlite_tables tables;
    bool stopped; /* the disk failed to keep what it was given: nothing more is written by this process */
    int fate;     /* SQLite has rolled the batch back by itself: why */
    int wal_frames;
};

/* A session: its reader, opened when first needed, and its part in the batch. */
struct sqlite_session {
    struct sqlite_conn reader;
    struct sqlite_conn *conn;  /* the writer while in a write */
    bool own_savepoint;        /* others came before in this batch */
    struct cached *bulk_entry; /* the bulk copy under way */
    uint64_t seen;             /* the last commit that was done before the open read began */
    struct later *later;       /* NULL: each statement is waited for */
};

/* Carries a statement out to its end; a result code, SQLITE_DONE when all is well. */
int sqlite_run_once(struct db *, struct sqlite_conn *, const struct statement *);

/* Writing behind; see sqlite_later.c. */
struct later *later_new(struct db *, struct sqlite_conn *); /* NULL: not to be had */
bool later_add(struct later *, const struct statement *); /* false: it is not for this */
int later_wait(struct later *, const char **failed); /* until all is done: SQLITE_OK, or what went wrong, and in which statement */
void later_free(struct later *); /* when all is done */

void sqlite_tables_watch(struct sqlite_conn *, struct sqlite_tables *); /* before its first statement */
void sqlite_tables_free(struct sqlite_tables *);
uint64_t sqlite_tables_announce(struct sqlite_tables *, uint64_t written); /* a commit is about to be tried: its number */
void sqlite_tables_done(struct sqlite_tables *, uint64_t number);          /* it was, or failed */
/* Whether any of the tables was written by a commit after that one, as far as it can be seen now. */
bool sqlite_tables_written(struct sqlite_tables *, uint64_t after, uint64_t which);

void sqlite_store_close(struct store *);
bool sqlite_store_stopped(struct store *);
int sqlite_conn_open(struct sqlite_conn *, const char *path, int flags, int cache_kb); /* a result code */
void sqlite_conn_close(struct sqlite_conn *);
int sqlite_exec(struct sqlite_conn *, const char *sql);
int64_t sqlite_pragma(struct sqlite_conn *, const char *sql, int64_t otherwise);
void sqlite_fail(struct ctx *, const char *where, sqlite3 *, int rc, const char *sql);

/* The writer: taken at the begin of a write, left at its end. Leaving with kept = true returns when the work is
 * durable, or the reason why it is not. */
int sqlite_writer_take(struct sqlite_store *, bool alone, bool *others_before);
int sqlite_writer_leave(struct sqlite_store *, bool kept, bool alone);

#endif
