/* See story.h. */
#include "story.h"

#include "base/str.h"

static const char *kept(struct ctx *c, struct rows *r, int col)
{
    return arena_text(&c->arena, rows_text(r, col));
}

/* --- decisions: which one wrote to a unit, known by the batch that its writes share ------------------------ */

struct written {
    int64_t unit;
    struct decision d;
};
struct decisions {
    struct written *v;
    size_t n;
};

static struct decisions decisions_on(struct ctx *c, const int64_t *units, size_t n)
{
    enum { MOST = 4000 };
    struct decisions all = {.v = NEW_N(&c->arena, struct written, MOST)};
    struct sql q = sql_new(c);
    if (!n)
        return all;
    sql_add(&q, "SELECT DISTINCT a.record, h.id, h.number, h.decided_by, h.act, h.effective_on FROM audit a JOIN unit_change h ON h.batch = a.batch "
                "WHERE a.kind = 'unit' AND a.batch <> 0 AND h.state = 'done' AND h.removed_at = 0 AND a.record IN (");
    sql_args(&q, units, n);
    sql_add(&q, ")");
    struct rows *r = sql_query(&q);
    while (all.n < MOST && rows_next(r))
        all.v[all.n++] = (struct written){rows_int(r, 0), {.id = rows_int(r, 1), .number = kept(c, r, 2), .by = kept(c, r, 3), .act = kept(c, r, 4), .effective = {(int32_t)rows_int(r, 5)}}};
    rows_close(r);
    return all;
}

static struct decision decision_of(const struct decisions *all, int64_t unit, day after, day until)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].unit == unit && all->v[i].d.effective.v > after.v && all->v[i].d.effective.v <= until.v)
            return all->v[i].d;
    return (struct decision){0};
}

/* --- the story of a unit ------------------------------------------------------------------------------------ */

enum { ENTRIES_MOST = 300 };

struct story {
    struct ctx *c;
    struct story_entry *v;
    size_t n;
    struct decisions decisions;
    int64_t unit;
};

static void tell(struct story *s, struct story_entry e)
{
    if (s->n == ENTRIES_MOST)
        return;
    day before = day_add(e.on, -1);
    e.decision = e.on.v && e.what != CONGRESS ? decision_of(&s->decisions, s->unit, before, e.on) : (struct decision){0};
    s->v[s->n++] = e;
}

static void from_states(struct story *s)
{
    struct ctx *c = s->c;
    const char *name = NULL, *type = NULL;
    int64_t superior = 0;
    struct rows *r = db_query(c,
                              "SELECT s.since, s.name, s.type, COALESCE(s.superior, 0), a.name, a.code FROM unit_state s LEFT JOIN unit a ON a.shard = 0 AND a.id = s.superior "
                              "WHERE s.of_unit = $1 AND s.removed_at = 0 ORDER BY s.since",
                              V(s->unit));
    for (bool first = true; rows_next(r); first = false) {
        day on = {(int32_t)rows_int(r, 0)};
        const char *now = kept(c, r, 1), *kind = kept(c, r, 2), *above = kept(c, r, 4), *code = kept(c, r, 5);
        int64_t under = rows_int(r, 3);
        if (on.v == DAY_EVER)
            on.v = 0;
        if (first)
            tell(s, (struct story_entry){.on = on, .what = FOUNDED, .now = now, .other = under, .other_code = code, .was = above});
        if (!first && !str_same(name, now))
            tell(s, (struct story_entry){.on = on, .what = RENAMED, .was = name, .now = now});
        if (!first && !str_same(type, kind))
            tell(s, (struct story_entry){.on = on, .what = RECLASSED, .was = type, .now = kind});
        if (!first && superior != under && under)
            tell(s, (struct story_entry){.on = on, .what = MOVED_UNDER, .now = above, .other = under, .other_code = code});
        name = now;
        type = kind;
        superior = under;
    }
    int32_t closed = (int32_t)db_one_int(c, "SELECT closed_on FROM unit WHERE shard = 0 AND id = $1", V(s->unit));
    if (closed && closed != DAY_OPEN)
        tell(s, (struct story_entry){.on = {closed}, .what = CLOSED_DOWN, .now = name});
}

static void from_successions(struct story *s)
{
    struct ctx *c = s->c;
    struct rows *r = db_query(c,
                              "SELECT x.on_day, x.predecessor, x.successor, u.id, u.name, u.code FROM succession x JOIN unit u ON u.shard = 0 AND u.id = CASE WHEN x.predecessor = $1 THEN x.successor "
                              "ELSE x.predecessor END WHERE (x.predecessor = $1 OR x.successor = $1) AND x.removed_at = 0 ORDER BY x.on_day, u.sort_key",
                              V(s->unit));
    while (rows_next(r))
        tell(s, (struct story_entry){.on = {(int32_t)rows_int(r, 0)}, .what = rows_int(r, 1) == s->unit ? WENT_INTO : CAME_FROM, .other = rows_int(r, 3), .now = kept(c, r, 4),
                                     .other_code = kept(c, r, 5)});
}

static void from_terms(struct story *s)
{
    struct ctx *c = s->c;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT COALESCE(t.congress_on, t.since), t.name, COALESCE(t.congress, 0), t.id FROM term t WHERE t.removed_at = 0 AND t.of_unit = ");
    sql_arg(&q, V(s->unit));
    scope_where(&q, &term_kind, ACT_READ, "t");
    struct rows *r = sql_query(&q);
    while (rows_next(r))
        tell(s, (struct story_entry){.on = {(int32_t)rows_int(r, 0)}, .what = CONGRESS, .now = kept(c, r, 1), .other = rows_int(r, 3),
                                     .was = rows_int(r, 2) ? arena_printf(&c->arena, "%lld", (long long)rows_int(r, 2)) : NULL});
}

static int latest_first(const void *a, const void *b)
{
    const struct story_entry *x = a, *y = b;
    return x->on.v != y->on.v ? (x->on.v < y->on.v ? 1 : -1) : (int)y->what - (int)x->what;
}

size_t unit_story(struct ctx *c, int64_t unit, struct story_entry **out)
{
    struct story s = {.c = c, .v = NEW_N(&c->arena, struct story_entry, ENTRIES_MOST), .decisions = decisions_on(c, &unit, 1), .unit = unit};
    from_states(&s);
    from_successions(&s);
    from_terms(&s);
    if (s.n)
        qsort(s.v, s.n, sizeof *s.v, latest_first);
    *out = s.v;
    return s.n;
}

/* --- the difference between two days -------------------------------------------------------------------------- */

static void open_flag(struct sql *q, day on)
{
    sql_add(q, "CASE WHEN COALESCE(u.founded_on, 0) <= ");
    sql_arg(q, V(on));
    sql_add(q, " AND u.closed_on > ");
    sql_arg(q, V(on));
    sql_add(q, " THEN 1 ELSE 0 END");
}

static void join_state(struct sql *q, const char *a, const char *above, day on)
{
    sql_add(q, " LEFT JOIN unit_state ");
    sql_name(q, a);
    sql_add(q, " ON ");
    sql_col(q, a, "of_unit");
    sql_add(q, " = u.id AND ");
    sql_col(q, a, "removed_at");
    sql_add(q, " = 0");
    sql_lasts(q, a, on);
    sql_add(q, " LEFT JOIN unit ");
    sql_name(q, above);
    sql_add(q, " ON ");
    sql_col(q, above, "shard");
    sql_add(q, " = 0 AND ");
    sql_col(q, above, "id");
    sql_add(q, " = ");
    sql_col(q, a, "superior");
}

static void below_on(struct sql *q, int64_t unit, day from, day to)
{
    if (!unit)
        return;
    sql_add(q, " AND u.id IN (SELECT unit FROM unit_above WHERE above = ");
    sql_arg(q, V(unit));
    sql_add(q, " AND ((shard = 0");
    sql_lasts(q, "unit_above", from);
    sql_add(q, ") OR (shard = 0");
    sql_lasts(q, "unit_above", to);
    sql_add(q, ")))");
}

static struct tree_change change_from(struct ctx *c, struct rows *r)
{
    bool was = rows_int(r, 2), now = rows_int(r, 3);
    struct tree_change t = {.unit = rows_int(r, 0), .code = kept(c, r, 1)};
    if (was) {
        t.name_was = kept(c, r, 4);
        t.type_was = kept(c, r, 5);
        t.above_was = kept(c, r, 7);
    }
    if (now) {
        t.name_now = kept(c, r, 8);
        t.type_now = kept(c, r, 9);
        t.above_now = kept(c, r, 11);
    }
    t.founded = now && !was;
    t.closed = was && !now;
    t.renamed = was && now && !str_same(t.name_was, t.name_now);
    t.reclassed = was && now && !str_same(t.type_was, t.type_now);
    t.moved = was && now && rows_int(r, 6) != rows_int(r, 10);
    return t;
}

/* Names of predecessors and successors of all of them, by one statement. */
static void add_kin(struct ctx *c, struct tree_change *v, size_t n, const int64_t *ids, day from, day to)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT x.predecessor, x.successor, p.name, s.name FROM succession x JOIN unit p ON p.shard = 0 AND p.id = x.predecessor JOIN unit s ON s.shard = 0 AND s.id = x.successor "
                "WHERE x.removed_at = 0 AND x.on_day > ");
    sql_arg(&q, V(from));
    sql_add(&q, " AND x.on_day <= ");
    sql_arg(&q, V(to));
    sql_add(&q, " AND (x.predecessor IN (");
    sql_args(&q, ids, n);
    sql_add(&q, ") OR x.successor IN (");
    sql_args(&q, ids, n);
    sql_add(&q, ")) ORDER BY p.sort_key, s.sort_key");
    struct rows *r = sql_query(&q);
    while (rows_next(r))
        for (size_t i = 0; i < n; i++) {
            bool before = v[i].unit == rows_int(r, 1), after = v[i].unit == rows_int(r, 0);
            const char **to_names = before ? &v[i].predecessors : &v[i].successors;
            if (!before && !after)
                continue;
            *to_names = arena_printf(&c->arena, "%s%s%s", *to_names ? *to_names : "", *to_names ? "; " : "", rows_text(r, before ? 2 : 3));
            v[i].npredecessors += before;
            v[i].nsuccessors += after;
        }
}

size_t tree_difference(struct ctx *c, int64_t unit, day from, day to, struct tree_change **out)
{
    struct tree_change *v = NEW_N(&c->arena, struct tree_change, TREE_CHANGES_MOST);
    int64_t *ids = NEW_N(&c->arena, int64_t, TREE_CHANGES_MOST);
    size_t n = 0;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT u.id, u.code, ");
    open_flag(&q, from);
    sql_add(&q, ", ");
    open_flag(&q, to);
    sql_add(&q, ", f.name, f.type, COALESCE(f.superior, 0), fa.name, t.name, t.type, COALESCE(t.superior, 0), ta.name FROM unit u");
    join_state(&q, "f", "fa", from);
    join_state(&q, "t", "ta", to);
    sql_add(&q, " WHERE u.removed_at = 0");
    below_on(&q, unit, from, to);
    scope_where(&q, &unit_kind, ACT_READ, "u");
    sql_add(&q, " AND (");
    open_flag(&q, from);
    sql_add(&q, " <> ");
    open_flag(&q, to);
    sql_add(&q, " OR (");
    open_flag(&q, to);
    sql_add(&q, " = 1 AND (COALESCE(f.name, '') <> COALESCE(t.name, '') OR COALESCE(f.type, '') <> COALESCE(t.type, '') OR COALESCE(f.superior, 0) <> COALESCE(t.superior, 0)))) "
                "ORDER BY u.sort_key, u.id LIMIT ");
    sql_arg(&q, V((int64_t)TREE_CHANGES_MOST));
    struct rows *r = sql_query(&q);
    while (n < TREE_CHANGES_MOST && rows_next(r)) {
        v[n] = change_from(c, r);
        ids[n] = v[n].unit;
        n++;
    }
    rows_close(r);
    struct decisions all = decisions_on(c, ids, n);
    for (size_t i = 0; i < n; i++)
        v[i].decision = decision_of(&all, v[i].unit, from, to);
    if (n)
        add_kin(c, v, n, ids, from, to);
    *out = v;
    return n;
}
