/* A small table in the session's memory; see recall.h. */
#include "recall.h"

#include "base/crypt.h"

enum { SLOTS = 1024, FACTS_MOST = SLOTS / 2, BYTES_MOST = 8 << 20 };

struct fact {
    struct recall_key key; /* question NULL: free */
    const void *what;      /* NULL: it is being found out */
    uint64_t state, tables; /* as of which state, from which tables */
    uint64_t round;         /* the transaction that asked in vain */
    size_t from;            /* how many statements had read before */
};

struct facts {
    day today;
    uint64_t round; /* the transaction that asked last */
    size_t n;
    bool full;
    struct fact slots[SLOTS];
};

/* NULL where what others write is not known. What grew full is forgotten, between transactions. */
static struct facts *facts_of(struct ctx *c)
{
    if (!db_state(c))
        return NULL;
    struct db_memory *memory = db_memory(c);
    struct facts *f = memory->what;
    uint64_t round = db_round(c);
    if (!f || f->today.v != c->today.v || (f->full && f->round != round)) {
        arena_rewind(&memory->arena, (struct arena_mark){0});
        memory->what = f = NEW(&memory->arena, struct facts);
        f->today = c->today;
    }
    f->round = round;
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
    while (f->slots[at].key.question && !same(&f->slots[at].key, k))
        at = (at + 1) % SLOTS;
    return &f->slots[at];
}

const void *recall(struct ctx *c, const struct recall_key *k)
{
    struct facts *f = facts_of(c);
    struct fact *known = f ? slot(f, k) : NULL;
    if (!known)
        return NULL;
    if (known->what && !db_changed(c, known->state, known->tables)) {
        db_note_read(c, known->tables);
        return known->what;
    }
    if (!known->key.question && f->n >= FACTS_MOST) {
        f->full = true;
        return NULL;
    }
    f->n += !known->key.question;
    *known = (struct fact){.key = *k, .round = f->round, .from = db_reads(c)};
    return NULL;
}

struct arena *recall_room(struct ctx *c)
{
    return facts_of(c) ? &db_memory(c)->arena : NULL;
}

void recall_keep(struct ctx *c, const struct recall_key *k, const void *what)
{
    struct facts *f = failed(c) ? NULL : facts_of(c);
    struct fact *to = f ? slot(f, k) : NULL;
    if (!to || !to->key.question || to->round != f->round)
        return;
    to->what = what;
    to->state = db_state(c);
    to->tables = db_read_since(c, to->from);
    f->full |= db_memory(c)->arena.used > BYTES_MOST;
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
    if (!room)
        return;
    int64_t *kept = NEW(room, int64_t);
    *kept = v;
    recall_keep(c, k, kept);
}

struct recall_key recall_key_of(const char *question, const struct sql *q)
{
    struct recall_key key = {question, {0}};
    struct hash_state h;
    unsigned char sum[HASH_BYTES];
    hash_begin(&h);
    hash_add(&h, q->text, q->n);
    for (size_t i = 0; i < q->nargs; i++) {
        hash_add(&h, &q->args[i].type, sizeof q->args[i].type);
        hash_add(&h, &q->args[i].i, sizeof q->args[i].i);
        if (q->args[i].s)
            hash_add(&h, q->args[i].s, strlen(q->args[i].s) + 1);
    }
    hash_end(&h, sum);
    memcpy(key.about, sum, sizeof sum);
    return key;
}

int64_t recall_only_int(struct sql *q)
{
    const struct recall_key key = recall_key_of("only number", q);
    int64_t n = 0;
    if (recall_int(q->c, &key, &n))
        return n;
    n = rows_only_int(sql_query(q));
    recall_keep_int(q->c, &key, n);
    return n;
}
