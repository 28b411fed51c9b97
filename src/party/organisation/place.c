/* See place.h. */
#include "place.h"

#include "base/str.h"
#include "base/text.h"
#include "model/recall.h"

static struct unit_brief brief_of(struct ctx *c, struct rows *r)
{
    struct unit_brief b = {.id = rows_int(r, 0), .above = rows_int(r, 1), .code = arena_text(&c->arena, rows_text(r, 2)), .name = arena_text(&c->arena, rows_text(r, 3)),
                           .type = arena_text(&c->arena, rows_text(r, 4)), .sort = arena_text(&c->arena, rows_text(r, 5)), .members = -1, .below = -1};
    b.organ = rule_flag(rule_item(c, "unit_type", b.type, (day){0}), "organ");
    return b;
}

static void mark_readable(struct ctx *c, struct unit_brief *line, size_t n)
{
    int64_t *ids = NEW_N(&c->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = line[i].id;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT u.id FROM unit u WHERE u.shard = 0 AND u.id IN (");
    sql_args(&q, ids, n);
    sql_add(&q, ")");
    scope_where(&q, &unit_kind, ACT_READ, "u");
    struct rows *r = sql_query(&q);
    while (rows_next(r))
        for (size_t i = 0; i < n; i++)
            line[i].readable |= line[i].id == rows_int(r, 0);
}

size_t unit_line(struct ctx *c, int64_t unit, day at, struct unit_brief **out)
{
    enum { MOST = 64 };
    struct unit_brief *line = NEW_N(&c->arena, struct unit_brief, MOST);
    size_t n = 0;
    struct rows *r = db_query(c,
                              "SELECT u.id, COALESCE(s.superior, 0), u.code, COALESCE(s.name, u.name), COALESCE(s.type, u.type), u.sort FROM unit_above x "
                              "JOIN unit u ON u.shard = 0 AND u.id = x.above LEFT JOIN unit_state s ON s.of_unit = u.id AND s.removed_at = 0 AND s.since <= $2 AND s.until > $2 "
                              "WHERE x.shard = 0 AND x.unit = $1 AND x.since <= $2 AND x.until > $2 ORDER BY x.depth DESC",
                              V(unit), V(at));
    while (n < MOST && rows_next(r))
        line[n++] = brief_of(c, r);
    rows_close(r);
    if (n)
        mark_readable(c, line, n);
    *out = line;
    return n;
}

/* " AND s.superior = unit", or for unit 0: what is readable and stands under nothing that is. */
static void where_above(struct sql *q, int64_t unit, day at)
{
    if (unit) {
        sql_add(q, " AND s.superior = ");
        sql_arg(q, V(unit));
        return;
    }
    sql_add(q, " AND (s.superior IS NULL OR NOT EXISTS (SELECT 1 FROM unit a WHERE a.shard = 0 AND a.id = s.superior AND a.removed_at = 0");
    scope_where(q, &unit_kind, ACT_READ, "a");
    sql_add(q, "))");
    if (at.v == q->c->today.v) /* on another day what stands below one of them may have stood elsewhere */
        scope_where_top(q, &unit_kind, ACT_READ, "u");
}

static void where_words(struct sql *q, const char *words)
{
    const char *fold = words ? text_fold(&q->c->arena, words) : "";
    while (*fold) {
        size_t n = strcspn(fold, " ");
        sql_add(q, " AND (' ' || u.fold) LIKE ");
        sql_arg(q, V((const char *)arena_printf(&q->c->arena, "%% %.*s%%", (int)n, fold)));
        fold += n + (fold[n] == ' ');
    }
}

static void where_after(struct sql *q, const char *after)
{
    int64_t position;
    const char *colon = after ? strchr(after, ':') : NULL;
    if (!colon || !int_parse(arena_copy(&q->c->arena, after, (size_t)(colon - after)), &position))
        return;
    sql_add(q, " AND (COALESCE(u.position, 0) > ");
    sql_arg(q, V(position));
    sql_add(q, " OR (COALESCE(u.position, 0) = ");
    sql_arg(q, V(position));
    sql_add(q, " AND u.sort_key > ");
    sql_arg(q, V(colon + 1));
    sql_add(q, "))");
}

static void on_day(struct sql *q, day at)
{
    tree_open(q, "u", at);
    sql_lasts(q, "s", at);
}

static struct unit_brief *child_of(struct unit_brief *all, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (all[i].id == id)
            return &all[i];
    return NULL;
}

void unit_count_each(struct ctx *c, int64_t unit, day at, struct unit_brief *all, size_t n)
{
    int64_t *ids = NEW_N(&c->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        ids[i] = all[i].id;
        all[i].members = all[i].below = 0;
    }
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT x.above, count(*) FROM unit_above x CROSS JOIN membership m WHERE m.unit = x.unit AND m.stay = 'home' AND m.removed_at = 0");
    sql_lasts(&q, "m", at);
    sql_lasts(&q, "x", at);
    sql_add(&q, " AND x.above IN (");
    sql_args(&q, ids, n);
    sql_add(&q, ")");
    scope_where_below(&q, &membership_kind, ACT_READ, "m", unit ? unit : n == 1 ? ids[0] : 0, at);
    sql_add(&q, " GROUP BY x.above");
    struct unit_brief *b;
    for (struct rows *r = sql_query(&q); rows_next(r);)
        if ((b = child_of(all, n, rows_int(r, 0))))
            b->members = rows_int(r, 1);
    q = sql_new(c);
    sql_add(&q, "SELECT s.superior, count(*) FROM unit_state s CROSS JOIN unit u WHERE u.shard = 0 AND u.id = s.of_unit AND s.removed_at = 0");
    on_day(&q, at);
    sql_add(&q, " AND s.superior IN (");
    sql_args(&q, ids, n);
    sql_add(&q, ")");
    scope_where_below(&q, &unit_kind, ACT_READ, "u", unit ? unit : n == 1 ? ids[0] : 0, at);
    sql_add(&q, " GROUP BY s.superior");
    for (struct rows *r = sql_query(&q); rows_next(r);)
        if ((b = child_of(all, n, rows_int(r, 0))))
            b->below = rows_int(r, 1);
}

/* Organs before others; within each the order that the statement gave. */
static void organs_first(struct ctx *c, struct unit_brief *all, size_t n)
{
    struct unit_brief *sorted = NEW_N(&c->arena, struct unit_brief, n + 1);
    size_t k = 0;
    for (int organ = 1; organ >= 0; organ--)
        for (size_t i = 0; i < n; i++)
            if (all[i].organ == (bool)organ)
                sorted[k++] = all[i];
    if (n)
        memcpy(all, sorted, n * sizeof *all);
}

size_t unit_children(struct ctx *c, const struct unit_children_ask *ask, struct unit_brief **out, const char **next)
{
    struct unit_brief *all = NEW_N(&c->arena, struct unit_brief, ask->most + 1);
    const char *last = NULL;
    size_t n = 0;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT u.id, COALESCE(s.superior, 0), u.code, s.name, s.type, u.sort, COALESCE(u.position, 0), u.sort_key FROM unit_state s "
                "CROSS JOIN unit u WHERE u.shard = 0 AND u.id = s.of_unit AND s.removed_at = 0"); /* the state first: few stand below one */
    where_above(&q, ask->unit, ask->at);
    on_day(&q, ask->at);
    where_words(&q, ask->words);
    where_after(&q, ask->after);
    scope_where_below(&q, &unit_kind, ACT_READ, "u", ask->unit, ask->at);
    sql_add(&q, " ORDER BY COALESCE(u.position, 0), u.sort_key, u.id LIMIT ");
    sql_arg(&q, V((int64_t)ask->most + 1));
    struct rows *r = sql_query(&q);
    *next = NULL;
    while (rows_next(r)) {
        if (n == ask->most) {
            *next = last;
            rows_close(r);
            break;
        }
        all[n++] = brief_of(c, r);
        last = arena_printf(&c->arena, "%lld:%s", (long long)rows_int(r, 6), rows_text(r, 7));
    }
    if (n && ask->count)
        unit_count_each(c, ask->unit, ask->at, all, n);
    organs_first(c, all, n);
    *out = all;
    return n;
}

bool unit_has_few_below(struct ctx *c, int64_t unit, day at, int64_t few)
{
    return db_one_int(c, "SELECT count(*) FROM (SELECT 1 FROM unit_above WHERE shard = 0 AND above = $1 AND since <= $2 AND until > $2 LIMIT $3) few", V(unit), V(at), V(few + 1)) <=
           few;
}

int64_t unit_members(struct ctx *c, int64_t unit, day at)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT count(*) FROM membership m");
    if (unit)
        tree_join(&q, "m", "unit", unit, at);
    sql_add(&q, " WHERE m.stay = 'home' AND m.removed_at = 0");
    sql_lasts(&q, "m", at);
    scope_where_below(&q, &membership_kind, ACT_READ, "m", unit, at);
    return recall_only_int(&q);
}

int64_t unit_count_below(struct ctx *c, int64_t unit, day at)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT count(*) FROM unit_state s CROSS JOIN unit u WHERE u.shard = 0 AND u.id = s.of_unit AND s.removed_at = 0");
    where_above(&q, unit, at);
    on_day(&q, at);
    scope_where_below(&q, &unit_kind, ACT_READ, "u", unit, at);
    return recall_only_int(&q);
}

int64_t unit_count_of(struct ctx *c, int64_t unit, day at, const char *mark)
{
    const struct rule_item **items;
    size_t n = rule_items(c, "unit_type", at, &items);
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT count(*) FROM ");
    if (unit)
        sql_add(&q, "unit_above x CROSS JOIN ");
    sql_add(&q, "unit_state s CROSS JOIN unit u WHERE u.shard = 0 AND u.id = s.of_unit AND s.removed_at = 0");
    on_day(&q, at);
    if (unit) {
        sql_add(&q, " AND s.of_unit = x.unit AND x.above = ");
        sql_arg(&q, V(unit));
        sql_lasts(&q, "x", at);
    }
    sql_add(&q, " AND s.type IN ('?'");
    for (size_t i = 0; i < n; i++)
        if (rule_flag(items[i], mark)) {
            sql_add(&q, ", ");
            sql_arg(&q, V(items[i]->code));
        }
    sql_add(&q, ")");
    scope_where_below(&q, &unit_kind, ACT_READ, "u", unit, at);
    return recall_only_int(&q);
}

int64_t unit_of_actor(struct ctx *c)
{
    const struct actor *a = c->actor;
    if (!a)
        return 0;
    if (a->system) /* the operator: the only root, if there is just one */
        return db_one_int(c, "SELECT CASE WHEN count(*) = 1 THEN max(id) ELSE 0 END FROM unit WHERE superior IS NULL AND removed_at = 0 AND closed_on > $1 AND sort = 'party'", V(c->today));
    for (int subtree = 1; subtree >= 0; subtree--)
        for (size_t i = 0; i < a->nrights; i++)
            if (a->rights[i].unit && a->rights[i].subtree == (bool)subtree && (a->rights[i].acts & ACT_READ))
                return a->rights[i].unit;
    return a->person ? db_one_int(c, "SELECT unit FROM person WHERE id = $1 AND removed_at = 0", V(a->person)) : 0;
}
