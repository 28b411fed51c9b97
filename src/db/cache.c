/* The statement cache; see cache.h. */
#define ALLOW_MALLOC
#include "cache.h"

/* Eight bytes at a time: texts of statements are long, and looked up all the time. */
static uint64_t mix(uint64_t h, const char *s)
{
    size_t n = strlen(s);
    for (uint64_t w; n >= sizeof w; s += sizeof w, n -= sizeof w) {
        memcpy(&w, s, sizeof w);
        h = (h ^ w) * 0x9E3779B97F4A7C15u;
        h ^= h >> 32;
    }
    for (; n; s++, n--)
        h = (h ^ (unsigned char)*s) * 0x100000001b3u;
    return h ^ h >> 29;
}

static uint64_t hash_of(const char *sql, const char *types)
{
    return mix(mix(0xcbf29ce484222325u, sql), types);
}

static void unlink_use(struct cache *k, struct cached *e)
{
    *(e->newer ? &e->newer->older : &k->newest) = e->older;
    *(e->older ? &e->older->newer : &k->oldest) = e->newer;
    e->newer = e->older = NULL;
}

static void link_newest(struct cache *k, struct cached *e)
{
    e->older = k->newest;
    *(k->newest ? &k->newest->newer : &k->oldest) = e;
    k->newest = e;
}

struct cached *cache_find(struct cache *k, const char *sql, const char *types)
{
    uint64_t h = hash_of(sql, types);
    for (struct cached *e = k->bucket[h % CACHE_BUCKETS]; e; e = e->chain) {
        if (e->hash == h && strcmp(e->sql, sql) == 0 && strcmp(e->types, types) == 0) {
            if (e != k->newest) {
                unlink_use(k, e);
                link_newest(k, e);
            }
            return e;
        }
    }
    return NULL;
}

void cache_remove(struct cache *k, struct cached *e)
{
    struct cached **at = &k->bucket[e->hash % CACHE_BUCKETS];
    while (*at != e)
        at = &(*at)->chain;
    *at = e->chain;
    unlink_use(k, e);
    k->n--;
    if (k->drop)
        k->drop(k->to, e);
    free(e);
}

struct cached *cache_add(struct cache *k, const char *sql, const char *types)
{
    if (k->n >= CACHE_SIZE) {
        struct cached *old = k->oldest;
        while (old && old->busy)
            old = old->newer;
        if (old)
            cache_remove(k, old);
    }
    size_t n = strlen(sql) + 1, m = strlen(types) + 1;
    struct cached *e = malloc(sizeof *e + n + m);
    if (!e)
        abort();
    *e = (struct cached){.hash = hash_of(sql, types), .sql = (char *)(e + 1), .types = (char *)(e + 1) + n};
    memcpy(e->sql, sql, n);
    memcpy(e->types, types, m);
    e->chain = k->bucket[e->hash % CACHE_BUCKETS];
    k->bucket[e->hash % CACHE_BUCKETS] = e;
    link_newest(k, e);
    k->n++;
    return e;
}

void cache_clear(struct cache *k)
{
    while (k->newest)
        cache_remove(k, k->newest);
}
