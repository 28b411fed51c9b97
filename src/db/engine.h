/* What db.c and the two engines agree on; internal to src/db/. */
#ifndef DB_ENGINE_H
#define DB_ENGINE_H

#include "db.h"

enum { SAVES_MAX = 16, READS_MOST = 64, ARGS_MAX = 32000 };

struct engine;

/* The common head of a store; each engine puts its own after it. */
struct store {
    const struct engine *engine;
    enum store_mode mode;
    char *where; /* as it may be shown: without a password */
};

struct statement {
    const char *sql;
    const struct value *args;
    size_t n;
    bool stream;
};

/* What stands behind struct rows. Belongs to the session; is used again when given back, under a new serial, so that
 * old rows are recognised. */
struct cursor {
    struct cursor *next;
    struct ctx *c;
    uint64_t serial;
    bool inside;          /* begun in the transaction that is open: ends with it */
    int saves;            /* savepoints open when it began */
    bool primed;          /* SQLite: the first step is done */
    void *handle;         /* sqlite3_stmt, PGresult */
    struct cached *entry; /* SQLite: where the statement goes back to */
    int row, count;       /* PostgreSQL: within the result */
    unsigned portal;      /* PostgreSQL: number of the stream's cursor, 0 = all is here */
};

struct save {
    bool made, doomed;
};

struct db {
    struct store *store;
    void *conn; /* the engine's */
    int depth;
    enum db_mode mode; /* of the outermost transaction */
    bool doomed;       /* an inner part was rolled back */
    bool lost;         /* the engine has ended the transaction by itself */
    bool later;        /* what need not be waited for is written behind */
    int saves;
    struct save save[SAVES_MAX];
    int64_t statements;
    uint64_t serial;
    struct cursor *open, *idle;
    struct db_memory memory;
    uint64_t state; /* that the open read sees; 0 = not asked for yet */
    uint64_t round; /* counts transactions */
    uint64_t reads[READS_MOST]; /* the tables that each statement of the open read reads; the last one: and all after it */
    size_t nreads;
    uint64_t *learnt; /* words.c: hashes of what a long write has learnt already; NULL when nothing */
};

/* The calls that take a context report their errors in it. `query`, `run` and `begin` are not called in a failed one,
 * `commit` neither; `rollback` and `control` are. */
struct engine {
    enum db_engine kind;
    void (*store_close)(struct store *);
    bool (*store_stopped)(struct store *);
    bool (*connect)(struct ctx *);
    void (*disconnect)(struct db *);
    bool (*begin)(struct ctx *, enum db_mode);
    bool (*commit)(struct ctx *);
    void (*rollback)(struct ctx *);
    uint64_t (*state)(struct ctx *); /* within a read; NULL: the engine cannot know */
    bool (*changed)(struct ctx *, uint64_t state, uint64_t tables); /* the same */
    bool (*control)(struct ctx *, const char *sql); /* savepoints */
    bool (*query)(struct ctx *, struct cursor *, const struct statement *);
    int64_t (*run)(struct ctx *, const struct statement *);
    void (*later_begin)(struct ctx *); /* NULL: the engine knows no writing behind. It ends with the transaction */
    void (*run_later)(struct ctx *, const struct statement *);
    bool (*next)(struct cursor *);
    void (*finish)(struct cursor *); /* gives the handle back */
    int (*columns)(const struct cursor *);
    const char *(*name)(const struct cursor *, int);
    bool (*null)(const struct cursor *, int);
    int64_t (*integer)(const struct cursor *, int);
    const char *(*text)(const struct cursor *, int);
    const char *(*version)(struct ctx *);
    /* Many rows into one table, within a write; no other statement between begin and end. */
    bool (*bulk_begin)(struct ctx *, const char *insert, const char *copy);
    void (*bulk_row)(struct ctx *, const struct value *, size_t n);
    bool (*bulk_end)(struct ctx *);
};

extern const struct engine sqlite_engine, postgres_engine;

struct store *sqlite_store_open(struct ctx *, const char *dir, enum store_mode);
struct store *postgres_store_open(struct ctx *, const char *dsn, enum store_mode);
/* A single file as a store: a backup being made (create) or read. No lock, no WAL. */
struct store *sqlite_file_open(struct ctx *, const char *path, bool create);
/* Copies the SQLite database of this store to `path`, as one snapshot. */
bool sqlite_backup(struct ctx *, struct store *, const char *path);

static inline bool db_writing(const struct db *db)
{
    return db->depth && db->mode != DB_READ;
}

static inline const struct engine *db_of(const struct ctx *c)
{
    return c->db->store->engine;
}

struct rows *db_query_args(struct ctx *, const struct statement *);
int64_t db_run_args(struct ctx *, const struct statement *);
void db_run_later_args(struct ctx *, const struct statement *);
void db_real_commit(void); /* counts one */

int postgres_client(void); /* the version of its library: 150015 is 15.15 */

#endif
