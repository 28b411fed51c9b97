/* Upkeep of the dated closure; see tree.h. No recursive query anywhere: descent goes level by level in the program. */
#include "tree.h"

enum { DEEPEST = 64, AT_ONCE = 500 /* units a statement */ };

struct ids {
    int64_t *v;
    size_t n, room;
};

static void ids_add(struct ctx *c, struct ids *l, int64_t id)
{
    if (l->n == l->room) {
        int64_t *more = NEW_N(&c->arena, int64_t, l->room = l->room ? l->room * 2 : 64);
        if (l->n)
            memcpy(more, l->v, l->n * sizeof *more);
        l->v = more;
    }
    l->v[l->n++] = id;
}

static void too_deep(struct ctx *c)
{
    fail(c, ERR_BROKEN, "Cây đơn vị sâu quá %d cấp: có đơn vị nằm dưới chính nó.", "The tree is deeper than %d levels: a unit stands below itself.", DEEPEST);
}

static void and_units(struct sql *q, const char *column, const int64_t *ids, size_t n)
{
    sql_add(q, " AND ");
    sql_name(q, column);
    sql_add(q, " IN (");
    sql_args(q, ids, n);
    sql_add(q, ")");
}

/* The closure of some units from their states and from what stands above their superiors. CROSS JOIN: the states come first,
 * whatever the engine thinks of the sizes. */
static void refresh_some(struct ctx *c, const int64_t *ids, size_t n)
{
    struct sql q = sql_new(c);
    sql_add(&q, "DELETE FROM unit_above WHERE shard = 0");
    and_units(&q, "unit", ids, n);
    sql_run(&q);
    q = sql_new(c);
    sql_add(&q, "INSERT INTO unit_above (shard, unit, above, since, until, depth) "
                "SELECT 0, of_unit, of_unit, min(since), 99999999, 0 FROM unit_state WHERE removed_at = 0");
    and_units(&q, "of_unit", ids, n);
    sql_add(&q, " GROUP BY of_unit");
    sql_run(&q);
    q = sql_new(c);
    sql_add(&q, "INSERT INTO unit_above (shard, unit, above, since, until, depth) "
                "SELECT 0, s.of_unit, a.above, CASE WHEN a.since > s.since THEN a.since ELSE s.since END, "
                "CASE WHEN a.until < s.until THEN a.until ELSE s.until END, a.depth + 1 FROM unit_state s CROSS JOIN unit_above a "
                "WHERE a.shard = 0 AND a.unit = s.superior AND s.removed_at = 0 AND a.since < s.until AND s.since < a.until AND s.since < s.until");
    and_units(&q, "of_unit", ids, n);
    sql_run(&q);
    q = sql_new(c);
    sql_add(&q, "INSERT INTO unit_part (shard, above, part) "
                "SELECT DISTINCT 0, COALESCE(o.home, 0), COALESCE(u.home, 0) FROM unit u JOIN unit_above a ON a.shard = 0 AND a.unit = u.id "
                "JOIN unit o ON o.shard = 0 AND o.id = a.above WHERE u.shard = 0 AND u.id IN (");
    sql_args(&q, ids, n);
    sql_add(&q, ") ON CONFLICT (shard, above, part) DO NOTHING");
    sql_run(&q);
}

static void add_below(struct ctx *c, const int64_t *ids, size_t n, struct ids *below)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT DISTINCT of_unit FROM unit_state WHERE removed_at = 0");
    and_units(&q, "superior", ids, n);
    struct rows *r = sql_query(&q);
    while (rows_next(r))
        ids_add(c, below, rows_int(r, 0));
}

/* Level by level. A unit that stood at several depths is made anew at each; the last time all above it is right. */
static void refresh_levels(struct ctx *c, struct ids level)
{
    int depth = 0;
    for (; level.n && depth < DEEPEST && !failed(c); depth++) {
        struct ids below = {0};
        for (size_t i = 0; i < level.n; i += AT_ONCE) {
            size_t n = level.n - i < AT_ONCE ? level.n - i : AT_ONCE;
            refresh_some(c, level.v + i, n);
            add_below(c, level.v + i, n, &below);
        }
        level = below;
    }
    if (level.n)
        too_deep(c);
}

void tree_refresh(struct ctx *c, int64_t unit)
{
    struct ids level = {0};
    ids_add(c, &level, unit);
    refresh_levels(c, level);
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

size_t tree_parts(struct ctx *c, int64_t unit, int64_t **out)
{
    struct ids parts = {0};
    struct rows *r = unit ? db_query(c, "SELECT DISTINCT p.part FROM unit u JOIN unit_part p ON p.shard = 0 AND p.above = COALESCE(u.home, 0) WHERE u.shard = 0 AND u.id = $1", V(unit))
                          : db_query(c, "SELECT DISTINCT part FROM unit_part WHERE shard = 0");
    while (rows_next(r))
        ids_add(c, &parts, rows_int(r, 0));
    if (!unit)
        ids_add(c, &parts, 0);
    *out = parts.v;
    return parts.n;
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
    sql_add(q, " AND ua.since <= ");
    sql_arg(q, V(d));
    sql_add(q, " AND ua.until > ");
    sql_arg(q, V(d));
}
