/* Upkeep of the dated closure; see tree.h. No recursive query anywhere: what stands below is gathered level by level, and the
 * closure of all of it is made in memory from the states. Whoever stood above another may stand below it later, so the way up is a
 * way within some time. */
#include "tree.h"

#include "recall.h"

enum { DEEPEST = 64, AT_ONCE = 500 /* units a statement */, ROWS_AT_ONCE = 100 };

/* A state: `unit` under `above` (0: nothing), depth 1. Or a row of the closure. */
struct span {
    int64_t unit, above;
    int32_t since, until;
    int depth;
};
struct spans {
    struct span *v;
    size_t n, room;
};

static void spans_add(struct ctx *c, struct spans *l, struct span one)
{
    if (l->n == l->room) {
        struct span *more = NEW_N(&c->arena, struct span, l->room = l->room ? l->room * 2 : 64);
        if (l->n)
            memcpy(more, l->v, l->n * sizeof *more);
        l->v = more;
    }
    l->v[l->n++] = one;
}

/* The first of those of a unit; the list is in the order of units. */
static const struct span *spans_of(const struct spans *l, int64_t unit)
{
    size_t low = 0, high = l->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (l->v[middle].unit < unit)
            low = middle + 1;
        else
            high = middle;
    }
    return low < l->n && l->v[low].unit == unit ? &l->v[low] : NULL;
}

static const struct span *span_next(const struct spans *l, const struct span *s)
{
    return s + 1 < l->v + l->n && s[1].unit == s->unit ? s + 1 : NULL;
}

/* A set of units in the order in which they came. */
struct set {
    int64_t *ids, *slots; /* open addressing; size is a power of two */
    size_t n, size;
};

static size_t slot_of(const struct set *s, int64_t id)
{
    size_t at = (size_t)((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (s->size - 1);
    while (s->slots[at] && s->slots[at] != id)
        at = (at + 1) & (s->size - 1);
    return at;
}

static bool set_has(const struct set *s, int64_t id)
{
    return s->size && s->slots[slot_of(s, id)];
}

static void set_add(struct ctx *c, struct set *s, int64_t id)
{
    if (!id || set_has(s, id))
        return;
    if (2 * (s->n + 1) > s->size) {
        struct set more = {.size = s->size ? s->size * 2 : 64};
        more.ids = NEW_N(&c->arena, int64_t, more.size / 2);
        more.slots = NEW_N(&c->arena, int64_t, more.size);
        for (size_t i = 0; i < s->n; i++)
            more.slots[slot_of(&more, s->ids[i])] = more.ids[more.n++] = s->ids[i];
        *s = more;
    }
    s->slots[slot_of(s, id)] = s->ids[s->n++] = id;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

struct work {
    struct ctx *c;
    struct set units;     /* made anew: all that ever stood below one of them is among them */
    struct spans states;  /* theirs */
    struct spans outside; /* the closure of their superiors that are not among them */
    struct spans rows;    /* what is found */
};

/* "... AND column IN (...)" for a part of a set. */
static size_t and_some(struct sql *q, const char *column, const struct set *s, size_t from)
{
    size_t n = s->n - from < AT_ONCE ? s->n - from : AT_ONCE;
    sql_add(q, " AND ");
    sql_name(q, column);
    sql_add(q, " IN (");
    sql_args(q, s->ids + from, n);
    sql_add(q, ")");
    return n;
}

static void gather_below(struct work *w)
{
    for (size_t i = 0, n; i < w->units.n; i += n) {
        struct sql q = sql_new(w->c);
        sql_add(&q, "SELECT DISTINCT of_unit FROM unit_state WHERE removed_at = 0");
        n = and_some(&q, "superior", &w->units, i);
        struct rows *r = sql_query(&q);
        while (rows_next(r))
            set_add(w->c, &w->units, rows_int(r, 0));
    }
}

static void read_states(struct work *w, struct set *superiors)
{
    qsort(w->units.ids, w->units.n, sizeof *w->units.ids, by_id);
    for (size_t i = 0, n; i < w->units.n; i += n) {
        struct sql q = sql_new(w->c);
        sql_add(&q, "SELECT of_unit, superior, since, until FROM unit_state WHERE removed_at = 0");
        n = and_some(&q, "of_unit", &w->units, i);
        sql_add(&q, " ORDER BY of_unit, since");
        struct rows *r = sql_query(&q);
        while (rows_next(r)) {
            spans_add(w->c, &w->states, (struct span){rows_int(r, 0), rows_int(r, 1), (int32_t)rows_int(r, 2), (int32_t)rows_int(r, 3), 1});
            if (!set_has(&w->units, rows_int(r, 1)))
                set_add(w->c, superiors, rows_int(r, 1));
        }
    }
}

static void read_outside(struct work *w, struct set *superiors)
{
    if (superiors->n)
        qsort(superiors->ids, superiors->n, sizeof *superiors->ids, by_id);
    for (size_t i = 0, n; i < superiors->n; i += n) {
        struct sql q = sql_new(w->c);
        sql_add(&q, "SELECT unit, above, since, until, depth FROM unit_above WHERE shard = 0");
        n = and_some(&q, "unit", superiors, i);
        sql_add(&q, " ORDER BY unit, depth, since");
        struct rows *r = sql_query(&q);
        while (rows_next(r))
            spans_add(w->c, &w->outside,
                      (struct span){rows_int(r, 0), rows_int(r, 1), (int32_t)rows_int(r, 2), (int32_t)rows_int(r, 3), (int)rows_int(r, 4)});
    }
}

static void add_row(struct work *w, int64_t unit, struct span way, const struct span *of, int depth)
{
    int32_t since = way.since > of->since ? way.since : of->since, until = way.until < of->until ? way.until : of->until;
    if (since < until)
        spans_add(w->c, &w->rows, (struct span){unit, of->above, since, until, depth});
}

static void too_deep(struct ctx *c)
{
    fail(c, ERR_BROKEN, "Cây đơn vị sâu quá %d cấp: có đơn vị nằm dưới chính nó.", "The tree is deeper than %d levels: a unit stands below itself.", DEEPEST);
}

/* What stands above `way.above` while the way leads there. No deeper than DEEPEST, or the tree is broken. */
static void climb(struct work *w, int64_t unit, struct span way, int depth)
{
    if (depth > DEEPEST) {
        too_deep(w->c);
        return;
    }
    for (const struct span *o = spans_of(&w->outside, way.above); o; o = span_next(&w->outside, o))
        add_row(w, unit, way, o, depth + o->depth);
    const struct span *first = spans_of(&w->states, way.above);
    if (!first)
        return;
    add_row(w, unit, way, &(struct span){.above = way.above, .since = first->since, .until = DAY_OPEN}, depth);
    for (const struct span *s = first; s && !failed(w->c); s = span_next(&w->states, s)) {
        struct span on = {unit, s->above, way.since > s->since ? way.since : s->since, way.until < s->until ? way.until : s->until, 0};
        if (s->above && on.since < on.until)
            climb(w, unit, on, depth + 1);
    }
}

static void write_rows(struct work *w)
{
    for (size_t i = 0, n; i < w->units.n; i += n) {
        struct sql q = sql_new(w->c);
        sql_add(&q, "DELETE FROM unit_above WHERE shard = 0");
        n = and_some(&q, "unit", &w->units, i);
        sql_run(&q);
    }
    for (size_t i = 0, n; i < w->rows.n; i += n) { /* two texts of a statement, whatever the number of rows */
        struct sql q = sql_new(w->c);
        n = w->rows.n - i < ROWS_AT_ONCE ? 1 : ROWS_AT_ONCE;
        sql_add(&q, "INSERT INTO unit_above (shard, unit, above, since, until, depth) VALUES ");
        for (size_t j = i; j < i + n; j++) {
            const struct span *s = &w->rows.v[j];
            const int64_t row[] = {0, s->unit, s->above, s->since, s->until, s->depth};
            if (j > i)
                sql_add(&q, ", ");
            sql_add(&q, "(");
            sql_args(&q, row, N(row));
            sql_add(&q, ")");
        }
        sql_run(&q);
    }
}

/* Which homes now have something below units of which homes. */
static void write_parts(struct work *w)
{
    for (size_t i = 0, n; i < w->units.n; i += n) {
        struct sql q = sql_new(w->c);
        n = w->units.n - i < AT_ONCE ? w->units.n - i : AT_ONCE;
        sql_add(&q, "INSERT INTO unit_part (shard, above, part) "
                    "SELECT DISTINCT 0, COALESCE(o.home, 0), COALESCE(u.home, 0) FROM unit u JOIN unit_above a ON a.shard = 0 AND a.unit = u.id "
                    "JOIN unit o ON o.shard = 0 AND o.id = a.above WHERE u.shard = 0 AND u.id IN (");
        sql_args(&q, w->units.ids + i, n);
        sql_add(&q, ") ON CONFLICT (shard, above, part) DO NOTHING");
        sql_run(&q);
    }
}

/* Ends with what memory it took given back, but for a failure's text. */
static void refresh(struct work *w, struct arena_mark mark)
{
    struct set superiors = {0};
    gather_below(w);
    read_states(w, &superiors);
    read_outside(w, &superiors);
    for (size_t i = 0; i < w->units.n && !failed(w->c); i++)
        climb(w, w->units.ids[i], (struct span){.above = w->units.ids[i], .until = DAY_OPEN}, 0);
    if (!failed(w->c))
        write_rows(w);
    if (!failed(w->c))
        write_parts(w);
    if (!failed(w->c))
        arena_rewind(&w->c->arena, mark);
}

void tree_refresh(struct ctx *c, int64_t unit)
{
    struct work w = {.c = c};
    struct arena_mark mark = arena_mark(&c->arena);
    set_add(c, &w.units, unit);
    refresh(&w, mark);
}

/* Level by level, all units of a level by one statement: what stands n levels above a unit stands n - 1 above its superior. */
void tree_rebuild(struct ctx *c)
{
    db_run(c, "DELETE FROM unit_above WHERE shard = 0");
    db_run(c, "DELETE FROM unit_part WHERE shard = 0");
    int64_t made = db_run(c, "INSERT INTO unit_above (shard, unit, above, since, until, depth) "
                             "SELECT 0, s.of_unit, s.of_unit, min(s.since), 99999999, 0 FROM unit_state s WHERE s.removed_at = 0 GROUP BY s.of_unit");
    for (int depth = 0; made && depth < DEEPEST && !failed(c); depth++)
        made = db_run(c,
                      "INSERT INTO unit_above (shard, unit, above, since, until, depth) "
                      "SELECT 0, s.of_unit, a.above, CASE WHEN a.since > s.since THEN a.since ELSE s.since END, "
                      "CASE WHEN a.until < s.until THEN a.until ELSE s.until END, a.depth + 1 "
                      "FROM unit_state s JOIN unit_above a ON a.shard = 0 AND a.unit = s.superior "
                      "WHERE a.depth = $1 AND s.removed_at = 0 AND a.since < s.until AND s.since < a.until AND s.since < s.until",
                      V(depth));
    if (made)
        too_deep(c);
    db_run(c, "INSERT INTO unit_part (shard, above, part) "
              "SELECT DISTINCT 0, COALESCE(o.home, 0), COALESCE(u.home, 0) FROM unit u JOIN unit_above a ON a.shard = 0 AND a.unit = u.id "
              "JOIN unit o ON o.shard = 0 AND o.id = a.above WHERE u.shard = 0");
}

int64_t tree_faults(struct ctx *c)
{
    int64_t wrong = db_one_int(c,
                               "SELECT count(*) FROM unit_state s WHERE s.removed_at = 0 AND s.superior IS NOT NULL AND s.since < s.until "
                               "AND NOT EXISTS (SELECT 1 FROM unit_above a WHERE a.shard = 0 AND a.unit = s.of_unit "
                               "AND a.above = s.superior AND a.depth = 1 AND a.until > s.since AND a.since <= (SELECT CASE WHEN min(p.since) > s.since "
                               "THEN min(p.since) ELSE s.since END FROM unit_state p WHERE p.of_unit = s.superior AND p.removed_at = 0))");
    wrong += db_one_int(c,
                        "SELECT count(*) FROM unit_above a JOIN unit_above b ON b.shard = 0 AND b.unit = a.above "
                        "WHERE a.shard = 0 AND a.depth = 1 AND b.depth > 0 AND b.since < a.until AND a.since < b.until "
                        "AND NOT EXISTS (SELECT 1 FROM unit_above x WHERE x.shard = 0 AND x.unit = a.unit AND x.above = b.above "
                        "AND x.depth = b.depth + 1 AND x.since = CASE WHEN a.since > b.since THEN a.since ELSE b.since END)");
    wrong += db_one_int(c,
                        "SELECT count(*) FROM unit_above a WHERE a.shard = 0 AND a.depth = 1 AND NOT EXISTS (SELECT 1 FROM unit_state s "
                        "WHERE s.of_unit = a.unit AND s.superior = a.above AND s.removed_at = 0 AND s.since < a.until AND a.since < s.until)");
    wrong += db_one_int(c,
                        "SELECT count(*) FROM unit u WHERE u.removed_at = 0 AND NOT EXISTS (SELECT 1 FROM unit_above a "
                        "WHERE a.shard = 0 AND a.unit = u.id AND a.depth = 0)");
    return wrong;
}

struct parts {
    int64_t *v;
    size_t n;
};

static struct parts parts_of(struct ctx *c, struct arena *a, int64_t unit)
{
    size_t room = (size_t)db_one_int(c, "SELECT count(*) FROM unit_part WHERE shard = 0") + 1;
    struct parts p = {NEW_N(a, int64_t, room), 0};
    struct rows *r = unit ? db_query(c, "SELECT DISTINCT p.part FROM unit u JOIN unit_part p ON p.shard = 0 AND p.above = COALESCE(u.home, 0) WHERE u.shard = 0 AND u.id = $1", V(unit))
                          : db_query(c, "SELECT DISTINCT part FROM unit_part WHERE shard = 0");
    while (p.n < room && rows_next(r))
        p.v[p.n++] = rows_int(r, 0);
    rows_close(r);
    if (!unit && p.n < room)
        p.v[p.n++] = 0;
    return p;
}

size_t tree_parts(struct ctx *c, int64_t unit, int64_t **out)
{
    const struct recall_key key = {"parts", {unit}};
    const struct parts *known = recall(c, &key);
    if (!known) {
        struct arena *room = recall_room(c);
        struct parts *found = NEW(room ? room : &c->arena, struct parts);
        *found = parts_of(c, room ? room : &c->arena, unit);
        recall_keep(c, &key, found);
        known = found;
    }
    *out = known->v;
    return known->n;
}

bool tree_below(struct ctx *c, int64_t unit, int64_t above, day d)
{
    return db_one_int(c, "SELECT 1 FROM unit_above WHERE shard = 0 AND unit = $1 AND above = $2 AND since <= $3 AND until > $3 LIMIT 1",
                      V(unit), V(above), V(d)) == 1;
}

bool tree_ever_below(struct ctx *c, int64_t unit, int64_t above, day since)
{
    return db_one_int(c, "SELECT 1 FROM unit_above WHERE shard = 0 AND unit = $1 AND above = $2 AND until > $3 LIMIT 1", V(unit),
                      V(above), V(since)) == 1;
}

void tree_join(struct sql *q, const char *alias, const char *column, int64_t above, day d)
{
    sql_add(q, " JOIN unit_above ua ON ua.unit = ");
    sql_col(q, alias, column);
    sql_add(q, " AND ua.above = ");
    sql_arg(q, V(above));
    sql_lasts(q, "ua", d);
}

void tree_served(struct sql *q, const int64_t *units, size_t n, day on)
{
    sql_add(q, "SELECT z.unit FROM unit_above x JOIN unit v ON v.shard = 0 AND v.id = x.unit");
    tree_open(q, "v", on);
    sql_add(q, " JOIN unit_above z ON z.above = v.serves");
    sql_lasts(q, "z", on);
    sql_add(q, " JOIN unit y ON y.shard = 0 AND y.id = z.unit AND y.sort <> 'party' WHERE x.above IN (");
    sql_args(q, units, n);
    sql_add(q, ")");
    sql_lasts(q, "x", on);
}

/* From the unit up, in this order: few stand above it, and few serve one of those. The plus keeps SQLite from beginning with all that
 * stands below `units`. */
void tree_is_served(struct sql *q, const char *alias, const char *column, const int64_t *units, size_t n, day on)
{
    sql_add(q, "EXISTS (SELECT 1 FROM unit_above tz CROSS JOIN unit tv CROSS JOIN unit_above tx CROSS JOIN unit ty WHERE tz.shard = 0 AND tz.unit = ");
    sql_col(q, alias, column);
    sql_lasts(q, "tz", on);
    sql_add(q, " AND tv.shard = 0 AND tv.serves = tz.above");
    tree_open(q, "tv", on);
    sql_add(q, " AND tx.shard = 0 AND tx.unit = tv.id AND +tx.above IN (");
    sql_args(q, units, n);
    sql_add(q, ")");
    sql_lasts(q, "tx", on);
    sql_add(q, " AND ty.shard = 0 AND ty.id = tz.unit AND ty.sort <> 'party')");
}

void tree_open(struct sql *q, const char *alias, day on)
{
    sql_add(q, " AND ");
    sql_col(q, alias, "removed_at");
    sql_add(q, " = 0 AND COALESCE(");
    sql_col(q, alias, "founded_on");
    sql_add(q, ", 0) <= ");
    sql_arg(q, V(on));
    sql_add(q, " AND ");
    sql_col(q, alias, "closed_on");
    sql_add(q, " > ");
    sql_arg(q, V(on));
}
