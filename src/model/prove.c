/* Proves records by their audit: what stands in a kind's table must be what its audited writes add up to. Finds what was
 * changed, added or taken away behind the program's back. Two streams side by side, one pass a kind. */
#include "record.h"

#include "base/str.h"

struct proof {
    struct ctx *c;
    const struct kind *kind;
    void (*fault)(void *to, const char *what);
    void *to;
    struct rows *audit; /* record, version, unit, removed?, after; in the order of records and versions */
    bool more;
    int64_t faults;
};

enum { MOST_TOLD = 20 };

static void tell(struct proof *p, const char *vi, const char *en, int64_t id, const char *name)
{
    struct ctx *c = p->c;
    if (p->faults++ < MOST_TOLD)
        p->fault(p->to, say(c, "%s “%s” (số %lld): %s", "%s “%s” (number %lld): %s", in_words(c, p->kind->label), name, (long long)id, c->lang == LANG_EN ? en : vi));
}

static int64_t audited(const struct proof *p)
{
    return p->more ? rows_int(p->audit, 0) : INT64_MAX;
}

/* Audited writes of records that the table does not have. */
static void skip_to(struct proof *p, int64_t id)
{
    for (int64_t last = 0; p->more && audited(p) < id; p->more = rows_next(p->audit)) {
        if (audited(p) != last)
            tell(p, "nhật ký có, dữ liệu không còn", "the audit has it, the data have not", audited(p), "?");
        last = audited(p);
    }
}

/* The first field in which two records differ; NULL when none. What is secret is not in the audit. */
static const struct field *differs(const struct kind *k, const void *a, const void *b)
{
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if (field_stored(f) && !(f->flags & SECRET) && !field_same(f, a, b))
            return f;
    }
    return NULL;
}

/* Whether the texts for search and order, the last columns of the row, are those of the record. */
static bool found_so(struct proof *p, const struct row *row, const struct rows *r)
{
    struct found_by by = record_found_by(p->c, p->kind, row);
    int at = record_column_count(p->kind);
    return !by.fold || (str_same(by.fold, rows_text(r, at)) && str_same(by.words, rows_text(r, at + 1)) && str_same(by.sort_key, rows_text(r, at + 2)));
}

static void prove_one(struct proof *p, const struct row *row, const struct rows *r)
{
    struct ctx *c = p->c;
    struct row *sum = arena_alloc(&c->arena, p->kind->size);
    int64_t version = 0, unit = 0;
    bool removed = false;
    skip_to(p, row->id);
    for (; p->more && audited(p) == row->id && !failed(c); p->more = rows_next(p->audit)) {
        version = rows_int(p->audit, 1);
        unit = rows_int(p->audit, 2);
        removed = rows_int(p->audit, 3) != 0;
        audit_apply(c, p->kind, sum, rows_text(p->audit, 4));
    }
    if (failed(c))
        return;
    const struct field *f = differs(p->kind, row, sum);
    const char *name = record_name(c, p->kind, row);
    if (!version)
        tell(p, "không có trong nhật ký", "is not in the audit", row->id, name);
    else if (f)
        tell(p, arena_printf(&c->arena, "“%s” khác với nhật ký", f->label.vi), arena_printf(&c->arena, "“%s” is not what the audit says", f->label.en), row->id, name);
    else if (version != row->version || unit != row->unit || removed != (row->removed_at.v != 0))
        tell(p, "phiên bản, đơn vị hoặc việc xóa khác với nhật ký", "its version, unit or removal is not what the audit says", row->id, name);
    else if (!found_so(p, row, r))
        tell(p, "chữ dùng để tìm và sắp xếp không khớp", "its words for search and order do not fit", row->id, name);
}

int64_t record_prove(struct ctx *c, const struct kind *k, void (*fault)(void *to, const char *what), void *to)
{
    struct proof p = {.c = c, .kind = k, .fault = fault, .to = to};
    struct sql q = sql_new(c), a = sql_new(c);
    sql_add(&a, "SELECT record, version, unit, CASE WHEN act = 'remove' THEN 1 ELSE 0 END, after FROM audit WHERE kind = ");
    sql_arg(&a, V(k->name));
    sql_add(&a, " AND act IN ('add', 'change', 'remove', 'restore') ORDER BY record, version");
    sql_add(&q, "SELECT ");
    record_columns(&q, k, "t");
    if (kind_searched(k))
        sql_add(&q, ", t.fold, t.words, t.sort_key");
    sql_add(&q, " FROM ");
    sql_name(&q, k->name);
    sql_add(&q, " t ORDER BY t.id");
    p.audit = sql_stream(&a);
    struct rows *r = sql_stream(&q);
    p.more = rows_next(p.audit);
    while (!failed(c) && rows_next(r)) {
        struct arena_mark mark = arena_mark(&c->arena);
        prove_one(&p, record_from_row(c, k, r), r);
        if (!failed(c))
            arena_rewind(&c->arena, mark);
    }
    skip_to(&p, INT64_MAX);
    rows_close(p.audit);
    if (p.faults > MOST_TOLD)
        fault(to, say(c, "%s: và %lld chỗ khác nữa", "%s: and %lld more", in_words(c, k->plural), (long long)(p.faults - MOST_TOLD)));
    return p.faults;
}
