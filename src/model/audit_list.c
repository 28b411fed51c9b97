/* See audit_list.h. */
#include "audit_list.h"

#include "base/str.h"

enum { HEADS_MOST = 64 };
static const int64_t HOUR_MS = 3600000;

/* The first moment of a day in Việt Nam. */
static int64_t begin_of(day d)
{
    return (int64_t)day_number(d) * 24 * HOUR_MS - 7 * HOUR_MS;
}

static void narrow(struct sql *q, const struct audit_filter *f)
{
    if (!str_blank(f->actor)) {
        sql_add(q, " AND actor = ");
        sql_arg(q, V(f->actor));
    }
    if (!str_blank(f->act)) {
        sql_add(q, " AND act = ");
        sql_arg(q, V(f->act));
    }
    if (!str_blank(f->kind)) {
        sql_add(q, " AND kind = ");
        sql_arg(q, V(f->kind));
    }
    if (f->record) {
        sql_add(q, " AND record = ");
        sql_arg(q, V(f->record));
    }
    if (f->from.v) {
        sql_add(q, " AND at >= ");
        sql_arg(q, V(begin_of(f->from)));
    }
    if (f->to.v) {
        sql_add(q, " AND at < ");
        sql_arg(q, V(begin_of(day_add(f->to, 1))));
    }
    if (f->before) {
        sql_add(q, " AND seq < ");
        sql_arg(q, V(f->before));
    }
}

size_t audit_list(struct ctx *c, const struct audit_filter *f, struct audit_line **out, bool *more)
{
    struct audit_line *lines = NEW_N(&c->arena, struct audit_line, (size_t)f->limit + 1);
    struct sql q = sql_new(c);
    size_t n = 0;
    sql_add(&q, "SELECT seq, record, at, actor, act, kind, note FROM audit WHERE shard = ");
    sql_arg(&q, V(f->shard));
    narrow(&q, f);
    sql_add(&q, " ORDER BY seq DESC LIMIT ");
    sql_arg(&q, V(f->limit + 1));
    struct rows *r = sql_query(&q);
    while (rows_next(r)) {
        const char *kind = rows_text(r, 5), *note = rows_text(r, 6);
        lines[n++] = (struct audit_line){.seq = rows_int(r, 0), .record = rows_int(r, 1), .at = {rows_int(r, 2)}, .actor = arena_text(&c->arena, rows_text(r, 3)),
                                         .act = arena_text(&c->arena, rows_text(r, 4)), .kind = kind ? arena_text(&c->arena, kind) : NULL,
                                         .note = note ? arena_text(&c->arena, note) : NULL};
    }
    *more = (int64_t)n > f->limit;
    *out = lines;
    return *more ? (size_t)f->limit : n;
}

size_t audit_heads(struct ctx *c, struct audit_head **out)
{
    struct audit_head *heads = NEW_N(&c->arena, struct audit_head, HEADS_MOST);
    size_t n = 0;
    struct rows *r = db_query(c, "SELECT shard, seq, hash FROM audit_end ORDER BY shard LIMIT $1", V(HEADS_MOST));
    while (rows_next(r))
        heads[n++] = (struct audit_head){rows_int(r, 0), rows_int(r, 1), arena_text(&c->arena, rows_text(r, 2))};
    *out = heads;
    return n;
}
