/* A small table in the session's memory; see recall.h. */
#include "recall.h"

enum { SLOTS = 512, BYTES_MOST = 2 << 20 };

struct fact {
    struct recall_key key;
    const void *what; /* NULL: free */
};

struct facts {
    uint64_t state;
    day today;
    size_t n;
    struct fact slots[SLOTS];
};

/* The facts of this state of the data; NULL where that is not known. */
static struct facts *facts_of(struct ctx *c)
{
    uint64_t state = db_state(c);
    if (!state)
        return NULL;
    struct db_memory *memory = db_memory(c);
    struct facts *f = memory->what;
    if (f && f->state == state && f->today.v == c->today.v)
        return f;
    arena_rewind(&memory->arena, (struct arena_mark){0});
    memory->what = f = NEW(&memory->arena, struct facts);
    f->state = state;
    f->today = c->today;
    return f;
}

static bool same(const struct recall_key *a, const struct recall_key *b)
{
    return strcmp(a->question, b->question) == 0 && memcmp(a->about, b->about, sizeof a->about) == 0;
}

static struct fact *slot(struct facts *f, const struct recall_key *k)
{
    uint64_t h = 0;
    for (const char *s = k->question; *s; s++)
        h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
    for (size_t i = 0; i < RECALL_KEY; i++) {
        h = (h ^ (uint64_t)k->about[i]) * UINT64_C(0x9E3779B97F4A7C15);
        h ^= h >> 32;
    }
    size_t at = (size_t)h % SLOTS;
    while (f->slots[at].what && !same(&f->slots[at].key, k))
        at = (at + 1) % SLOTS;
    return &f->slots[at];
}

const void *recall(struct ctx *c, const struct recall_key *k)
{
    struct facts *f = facts_of(c);
    return f ? slot(f, k)->what : NULL;
}

struct arena *recall_room(struct ctx *c)
{
    return facts_of(c) ? &db_memory(c)->arena : NULL;
}

void recall_keep(struct ctx *c, const struct recall_key *k, const void *what)
{
    struct facts *f = failed(c) ? NULL : facts_of(c);
    if (!f || f->n >= SLOTS / 2 || db_memory(c)->arena.used > BYTES_MOST)
        return; /* full until the next commit: what is asked next is asked anew */
    struct fact *to = slot(f, k);
    f->n += !to->what;
    *to = (struct fact){*k, what};
}

bool recall_int(struct ctx *c, const struct recall_key *k, int64_t *out)
{
    const int64_t *known = recall(c, k);
    if (known)
        *out = *known;
    return known != NULL;
}

void recall_keep_int(struct ctx *c, const struct recall_key *k, int64_t v)
{
    struct arena *room = failed(c) ? NULL : recall_room(c);
    if (!room || room->used > BYTES_MOST)
        return;
    int64_t *kept = NEW(room, int64_t);
    *kept = v;
    recall_keep(c, k, kept);
}
