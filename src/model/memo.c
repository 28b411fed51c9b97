/* A small table in which later entries push out earlier ones; see memo.h. */
#include "memo.h"

#include "db/db.h"

enum { BITS = 8, BITS_LONG = 15, TRIES = 8 }; /* an import meets every cell of a province again and again */

struct memos {
    unsigned bits;
    struct memo slots[];
};

/* The entry, or the place for it: one that is free, or else the first that it may have. What is written does not push out the places. */
static struct memo *slot(struct memos *table, const struct kind *k, int64_t id)
{
    uint64_t h = ((uint64_t)id ^ (uint64_t)(uintptr_t)k) * UINT64_C(0x9E3779B97F4A7C15), place = k == kind_of_places();
    size_t half = (size_t)1 << (table->bits - 1), first = (size_t)(h >> (65 - table->bits));
    struct memo *of = &table->slots[place ? half : 0], *free_one = NULL;
    for (size_t i = 0; i < TRIES; i++) {
        struct memo *m = &of[(first + i) & (half - 1)];
        if (m->kind == k && m->id == id)
            return m;
        if (!free_one && !m->kind)
            free_one = m;
    }
    return free_one ? free_one : &of[first];
}

struct memo *memo_of(struct ctx *c, const struct kind *k, int64_t id)
{
    if (!db_in_write(c))
        return NULL;
    if (!c->memo) {
        unsigned bits = db_in_long_write(c) ? BITS_LONG : BITS;
        struct memos *table = arena_alloc(&c->kept, sizeof *table + (sizeof *table->slots << bits));
        table->bits = bits;
        c->memo = table;
    }
    struct memo *m = slot(c->memo, k, id);
    if (m->kind != k || m->id != id)
        *m = (struct memo){.kind = k, .id = id};
    return m;
}

void memo_forget(struct ctx *c, const struct kind *k, int64_t id)
{
    struct memo *m = c->memo ? slot(c->memo, k, id) : NULL;
    if (m && m->kind == k && m->id == id)
        *m = (struct memo){0};
}

void memo_forget_all(struct ctx *c)
{
    c->memo = NULL;
}
