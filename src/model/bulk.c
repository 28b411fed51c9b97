/* A table of values by their hash, and indexes taken away for a while; see bulk.h. */
#include "bulk.h"

#include "db/db.h"
#include "schema.h"

enum { KINDS_MOST = 4, TOPICS_MOST = 8, FIRST = 1 << 12, VALUES = 5 /* of a record, about */, LEAST = 4000, STORED_MOST = 200000 };

struct slot {
    uint64_t hash;
    int64_t id; /* 0: free */
};

struct bulk {
    const struct kind *kinds[KINDS_MOST]; /* whose indexes were taken away */
    size_t nkinds;
    const char *topics[TOPICS_MOST];
    size_t ntopics;
    struct slot *v; /* open addressing, never more than three quarters full; size is a power of two */
    size_t size, n;
};

static bool more_than(struct ctx *c, const char *table, int64_t n)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT count(*) FROM (SELECT 1 FROM ");
    sql_name(&q, table);
    sql_add(&q, " LIMIT ");
    sql_arg(&q, V(n + 1));
    sql_add(&q, ") few");
    return rows_only_int(sql_query(&q)) > n;
}

static void take_away(struct ctx *c, struct bulk *b, const struct kind *k, int64_t expected)
{
    if (b->nkinds == KINDS_MOST || !k->lists || more_than(c, k->name, expected < STORED_MOST ? expected : STORED_MOST))
        return;
    b->kinds[b->nkinds++] = k;
    schema_drop_lists(c, k);
}

void bulk_begin(struct ctx *c, const struct kind *k, int64_t expected)
{
    if (failed(c) || c->bulk || expected < LEAST || !k->lists || !db_alone(c) || more_than(c, "taken", STORED_MOST) || more_than(c, k->name, STORED_MOST))
        return;
    struct bulk *b = NEW(&c->kept, struct bulk);
    for (b->size = FIRST; (int64_t)b->size < expected * VALUES && b->size < STORED_MOST * VALUES;)
        b->size *= 2;
    b->v = NEW_N(&c->kept, struct slot, b->size);
    take_away(c, b, k, expected);
    for (size_t i = 0; i < nkinds; i++) { /* what is kept beside it, follows from it */
        const struct field *f = kinds[i] != k && kinds[i]->beside ? field_find(kinds[i], kinds[i]->beside) : NULL;
        if (f && f->to == k)
            take_away(c, b, kinds[i], expected);
    }
    c->bulk = b;
}

void bulk_end(struct ctx *c)
{
    struct bulk *b = c->bulk;
    for (size_t i = 0; b && i < b->nkinds; i++)
        schema_make_lists(c, b->kinds[i]);
    c->bulk = NULL;
}

bool bulk_on(const struct ctx *c)
{
    return c->bulk != NULL;
}

bool bulk_load(struct ctx *c, const char *topic)
{
    struct bulk *b = c->bulk;
    for (size_t i = 0; i < b->ntopics; i++)
        if (strcmp(b->topics[i], topic) == 0)
            return false;
    if (b->ntopics == TOPICS_MOST) {
        fail(c, ERR_BROKEN, "Lỗi chương trình: quá nhiều loại giá trị.", "Fault in the program: too many sorts of values.");
        return false;
    }
    b->topics[b->ntopics++] = topic;
    return true;
}

static uint64_t hash_of(const char *topic, const char *value, int64_t with)
{
    uint64_t h = UINT64_C(14695981039346656037) ^ (uint64_t)with;
    for (const char *s = topic; *s; s++)
        h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
    h *= UINT64_C(1099511628211); /* topic and value are told apart */
    for (const char *s = value; *s; s++)
        h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
    return h ^ h >> 32;
}

static struct slot *slot_of(const struct bulk *b, uint64_t h)
{
    size_t at = (size_t)h & (b->size - 1);
    while (b->v[at].id && b->v[at].hash != h)
        at = (at + 1) & (b->size - 1);
    return &b->v[at];
}

void bulk_add(struct ctx *c, const char *topic, const char *value, int64_t with, int64_t id)
{
    struct bulk *b = c->bulk;
    if (!value)
        return;
    if (b->n * 4 >= b->size * 3) {
        struct bulk old = *b;
        b->v = NEW_N(&c->kept, struct slot, b->size *= 2);
        for (size_t i = 0; i < old.size; i++)
            if (old.v[i].id)
                *slot_of(b, old.v[i].hash) = old.v[i];
    }
    uint64_t h = hash_of(topic, value, with);
    struct slot *s = slot_of(b, h);
    if (s->id)
        return;
    *s = (struct slot){h, id};
    b->n++;
}

int64_t bulk_first(struct ctx *c, const char *topic, const char *value, int64_t with)
{
    return slot_of(c->bulk, hash_of(topic, value, with))->id;
}
