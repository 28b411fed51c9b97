/* Code and name of what references point at; see list.h. */
#include "list.h"

struct known {
    const struct kind *kind;
    int64_t id;
    struct label label;
};

struct labels {
    struct known *slots; /* open addressing; size is a power of two */
    size_t size;
};

static struct known *slot(const struct labels *l, const struct kind *k, int64_t id)
{
    uint64_t h = ((uint64_t)id ^ (uint64_t)(uintptr_t)k) * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(h >> 20) & (l->size - 1);
    while (l->slots[at].id && (l->slots[at].id != id || l->slots[at].kind != k))
        at = (at + 1) & (l->size - 1);
    return &l->slots[at];
}

static void want(struct labels *l, const struct kind *k, int64_t id)
{
    if (id)
        *slot(l, k, id) = (struct known){k, id, {"", ""}};
}

static void fetch_labels(struct ctx *c, struct labels *l, const struct kind *k)
{
    enum { AT_ONCE = 500 };
    int64_t ids[AT_ONCE];
    for (size_t i = 0; i < l->size;) {
        size_t n = 0;
        for (; i < l->size && n < AT_ONCE; i++)
            if (l->slots[i].kind == k)
                ids[n++] = l->slots[i].id;
        if (!n)
            return;
        struct sql q = sql_new(c);
        sql_add(&q, "SELECT id, ");
        sql_name(&q, k->code ? k->code : "id");
        sql_add(&q, ", ");
        sql_name(&q, k->title ? k->title : "id");
        sql_add(&q, " FROM ");
        sql_name(&q, k->name);
        sql_add(&q, " WHERE ");
        if (k->flags & REFERENCE)
            sql_add(&q, "shard = 0 AND ");
        sql_add(&q, "id IN (");
        sql_args(&q, ids, n);
        sql_add(&q, ")");
        struct rows *r = sql_query(&q);
        while (rows_next(r)) {
            bool points = k->title && field_need(k, k->title)->type == TYPE_REF; /* of another record: no name */
            const char *code = rows_text(r, 1), *title = points ? "" : rows_text(r, 2);
            slot(l, k, rows_int(r, 0))->label = (struct label){arena_text(&c->arena, code ? code : ""), arena_text(&c->arena, title ? title : "")};
        }
    }
}

struct labels *labels_of(struct ctx *c, const struct kind *k, void *const *rows, size_t n)
{
    size_t refs = 1;
    for (size_t j = 0; j < k->nfields; j++)
        refs += k->fields[j].type == TYPE_REF;
    struct labels *l = NEW(&c->arena, struct labels);
    for (l->size = 16; l->size < 2 * refs * (n + 1);)
        l->size *= 2;
    l->slots = NEW_N(&c->arena, struct known, l->size);
    bool wanted[64] = {false};
    for (size_t i = 0; i < n; i++) {
        want(l, kind_of_places(), ((const struct row *)rows[i])->unit);
        wanted[kind_index(kind_of_places())] = true;
        for (size_t j = 0; j < k->nfields; j++) {
            const struct field *f = &k->fields[j];
            if (f->type != TYPE_REF || !field_ref(f, rows[i]))
                continue;
            want(l, f->to, field_ref(f, rows[i]));
            wanted[kind_index(f->to)] = true;
        }
    }
    for (size_t i = 0; i < nkinds && i < N(wanted); i++)
        if (wanted[i])
            fetch_labels(c, l, kinds[i]);
    return l;
}

struct label label_of(const struct labels *l, const struct kind *to, int64_t id)
{
    const struct known *s = id ? slot(l, to, id) : NULL;
    return s && s->id ? s->label : (struct label){"", ""};
}

struct label label_unit(const struct labels *l, int64_t unit)
{
    return label_of(l, kind_of_places(), unit);
}

const char *labelled_title(struct ctx *c, const struct labels *l, const struct kind *k, const void *record)
{
    const struct field *f = k->title ? field_need(k, k->title) : NULL;
    if (f && f->type == TYPE_REF)
        return label_of(l, f->to, field_ref(f, record)).title;
    return record_title(c, k, record);
}
