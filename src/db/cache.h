/* Prepared statements of one connection by their text: a hash table, the least used leave first. */
#ifndef DB_CACHE_H
#define DB_CACHE_H

#include "base/base.h"

enum { CACHE_SIZE = 256, CACHE_BUCKETS = 512 };

/* Tables as bits. */
struct touches {
    uint64_t reads, writes;
};

struct cached {
    struct cached *chain, *newer, *older;
    uint64_t hash;
    char *sql, *types; /* the key; types is "" where an engine does not tell them apart */
    void *stmt;        /* SQLite */
    struct touches touches; /* SQLite */
    unsigned id;       /* PostgreSQL: number of the prepared statement, 0 = not prepared yet */
    signed char in_order; /* SQLite: 1 = its arguments are $1, $2 ... as they stand, -1 = they are not, 0 = not looked at */
    bool busy;         /* rows of it are open: it must not go, and cannot be used twice */
};

struct cache {
    struct cached *bucket[CACHE_BUCKETS];
    struct cached *newest, *oldest;
    size_t n;
    void (*drop)(void *to, struct cached *); /* an entry leaves: give its statement back */
    void *to;
};

struct cached *cache_find(struct cache *, const char *sql, const char *types);
struct cached *cache_add(struct cache *, const char *sql, const char *types); /* what was not found; never NULL */
void cache_remove(struct cache *, struct cached *);
void cache_clear(struct cache *); /* also what is busy */

#endif
