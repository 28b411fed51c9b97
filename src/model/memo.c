/* A small table in which later entries push out earlier ones; see memo.h. */
#include "memo.h"

#include "db/db.h"

enum { SLOTS = 1024 };

static struct memo *slot(struct memo *table, const struct kind *k, int64_t id)
{
    uint64_t h = ((uint64_t)id ^ (uint64_t)(uintptr_t)k) * UINT64_C(0x9E3779B97F4A7C15);
    return &table[h >> 54];
}
_Static_assert(SLOTS == 1 << (64 - 54), "as many slots as the hash has values");

struct memo *memo_of(struct ctx *c, const struct kind *k, int64_t id)
{
    if (!db_in_write(c))
        return NULL;
    if (!c->memo)
        c->memo = NEW_N(&c->kept, struct memo, SLOTS);
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
