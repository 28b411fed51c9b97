/* Undoing a batch: an import, or the carrying out of a change of units. The audit knows what each write of the batch
 * replaced; they are put back from the last to the first, each only if nothing was written to its record since. */
#include "record.h"

#include "base/str.h"

struct undo {
    const struct kind *kind;
    int64_t record, version;
    const char *act, *before;
};

static size_t read_batch(struct ctx *c, int64_t batch, struct undo **out)
{
    size_t n = (size_t)db_one_int(c, "SELECT count(*) FROM audit WHERE batch = $1 AND act IN ('add', 'change', 'remove', 'restore')", V(batch));
    struct undo *list = NEW_N(&c->arena, struct undo, n + 1);
    size_t at = 0;
    struct rows *r = db_query(c,
                              "SELECT kind, record, version, act, before FROM audit WHERE batch = $1 "
                              "AND act IN ('add', 'change', 'remove', 'restore') ORDER BY id DESC",
                              V(batch));
    while (at < n && rows_next(r)) {
        list[at++] = (struct undo){kind_find(rows_text(r, 0)), rows_int(r, 1), rows_int(r, 2), arena_text(&c->arena, rows_text(r, 3)),
                                   arena_text(&c->arena, rows_text(r, 4))};
    }
    rows_close(r);
    *out = list;
    return at;
}

/* Writes that were undone, and their undoing, cancel out: neither stands in the way. The audit notes each undoing as an
 * entry "undo" whose record is the batch that was undone. */
#define NOT_CANCELLED                                                                                             \
    "NOT EXISTS (SELECT 1 FROM audit u WHERE u.act = 'undo' AND u.record = a.batch) "                              \
    "AND NOT EXISTS (SELECT 1 FROM audit u WHERE u.act = 'undo' AND u.batch = a.batch) "

/* Whether anything outside the batch was written to its records after it. */
static void check_since(struct ctx *c, int64_t batch, struct problems *p)
{
    struct rows *r = db_query(c,
                              "SELECT a.kind, a.record, a.at, a.actor FROM audit b JOIN audit a ON a.record = b.record AND a.id > b.id "
                              "WHERE b.batch = $1 AND b.act IN ('add', 'change', 'remove', 'restore') AND a.batch <> $1 "
                              "AND a.act IN ('add', 'change', 'remove', 'restore') AND " NOT_CANCELLED "ORDER BY a.id LIMIT 20",
                              V(batch));
    while (rows_next(r)) {
        const struct kind *k = kind_find(rows_text(r, 0));
        int64_t id = rows_int(r, 1);
        char at[INSTANT_TEXT];
        instant_iso((instant){rows_int(r, 2)}, at);
        const char *actor = arena_text(&c->arena, rows_text(r, 3));
        void *rec = k ? record_find(c, k, id, 0) : NULL;
        problem(p, NULL, "%s %s đã được %s sửa lúc %s: hoàn lại thay đổi đó trước.", "%s %s was changed by %s at %s: take that back first.",
                k ? in_words(c, k->label) : "?", rec ? record_name(c, k, rec) : say(c, "số %lld", "number %lld", (long long)id), actor, at);
    }
    rows_close(r);
}

/* What was made by the batch and is pointed at from outside it. */
static void check_used(struct ctx *c, int64_t batch, const struct kind *k, struct problems *p)
{
    for (size_t i = 0; i < nkinds && p->n < 20; i++)
        for (size_t j = 0; j < kinds[i]->nfields; j++) {
            const struct field *f = &kinds[i]->fields[j];
            if (f->type != TYPE_REF || f->to != k || !field_stored(f))
                continue;
            struct sql q = sql_new(c);
            sql_add(&q, "SELECT count(*) FROM ");
            sql_name(&q, kinds[i]->name);
            /* Sets, made once: asked row by row, the batch would be read anew for each row of the kind. */
            sql_add(&q, " t WHERE t.removed_at = 0 AND ");
            sql_col(&q, "t", f->name);
            sql_add(&q, " IN (SELECT a.record FROM audit a WHERE a.act = 'add' AND a.batch = ");
            sql_arg(&q, V(batch));
            sql_add(&q, ") AND t.id NOT IN (SELECT b.record FROM audit b WHERE b.batch = ");
            sql_arg(&q, V(batch));
            /* A record that was a batch of its own and was undone only tells what was once decided. */
            sql_add(&q, ") AND NOT EXISTS (SELECT 1 FROM audit u WHERE u.act = 'undo' AND u.record = t.id)");
            int64_t n = rows_only_int(sql_query(&q));
            if (n)
                problem(p, NULL, "%lld %s nhập sau đang dùng %s của đợt này: xử lý trước.", "%lld %s entered later use %s of this batch: deal with them first.",
                        (long long)n, in_words(c, kinds[i]->label), in_words(c, k->plural));
        }
}

/* Records of a kind that the batch wrote; with an act, only those on which the actor has it. */
static int64_t count_written(struct ctx *c, int64_t batch, const struct kind *k, unsigned act)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT count(*) FROM ");
    sql_name(&q, k->name);
    sql_add(&q, " t WHERE t.id IN (SELECT a.record FROM audit a WHERE a.kind = ");
    sql_arg(&q, V(k->name));
    sql_add(&q, " AND a.act IN ('add', 'change', 'remove', 'restore') AND a.batch = ");
    sql_arg(&q, V(batch));
    sql_add(&q, ")");
    if (act)
        scope_where(&q, k, act, "t");
    return rows_only_int(sql_query(&q));
}

/* Whoever made a batch may take it back while they may still write where it wrote. What follows from another act (the change of
 * units) was allowed there. */
static void check_rights(struct ctx *c, int64_t batch, struct problems *p)
{
    if (c->consequence || (c->actor && c->actor->system))
        return;
    int64_t account = c->actor ? c->actor->account : 0;
    bool own = account && db_one_int(c, "SELECT 1 FROM audit WHERE batch = $1 LIMIT 1", V(batch)) && /* else any number could be called undone */
               !db_one_int(c, "SELECT 1 FROM audit WHERE batch = $1 AND account <> $2 LIMIT 1", V(batch), V(account));
    for (size_t i = 0; own && i < nkinds; i++)
        if (!(kinds[i]->flags & COMPUTED))
            own = count_written(c, batch, kinds[i], 0) == count_written(c, batch, kinds[i], ACT_CHANGE);
    if (!own)
        problem(p, NULL, "Chỉ người đã ghi đợt này, còn quyền ở các đơn vị đó, hoặc người giữ máy chủ mới hoàn lại được.",
                "Only who wrote this batch and still has rights over its units, or the operator of the machine, can undo it.");
}

int64_t record_undo_batch(struct ctx *c, int64_t batch, struct problems *p)
{
    if (!db_begin(c, DB_WRITE))
        return -1;
    struct undo *list;
    size_t n = read_batch(c, batch, &list);
    bool made[64] = {false};
    for (size_t i = 0; i < n; i++)
        if (list[i].kind && strcmp(list[i].act, "add") == 0)
            made[kind_index(list[i].kind)] = true;
    if (db_one_int(c, "SELECT 1 FROM audit WHERE record = $1 AND act = 'undo' LIMIT 1", V(batch)))
        problem(p, NULL, "Đợt này đã được hoàn lại rồi.", "This batch was undone already.");
    else
        check_rights(c, batch, p);
    if (!p->n)
        check_since(c, batch, p);
    for (size_t i = 0; i < nkinds && i < N(made) && !p->n; i++)
        if (made[i])
            check_used(c, batch, kinds[i], p);
    if (p->n || failed(c)) {
        db_commit(c); /* nothing was written */
        return -1;
    }
    int64_t was_batch = c->batch;
    c->batch = record_new_id(c); /* the undoing is a batch of its own */
    c->undoing = true;
    for (size_t i = 0; i < n && !failed(c); i++) {
        struct arena_mark mark = arena_mark(&c->arena);
        record_put_back(c, list[i].kind, list[i].record, list[i].act, list[i].before);
        if (!failed(c))
            arena_rewind(&c->arena, mark);
    }
    audit_write(c, &(struct audit_entry){.act = "undo", .kind = "batch", .record = batch});
    c->batch = was_batch;
    c->undoing = false;
    return db_commit(c) ? (int64_t)n : -1;
}
