/* Upkeep of the dated closure; see tree.h. No recursive query anywhere: descent goes level by level in the program. */
#include "tree.h"

enum { DEEPEST = 64 };

/* The closure of one unit from its states and from what stands above its superiors. */
static void refresh_one(struct ctx *c, int64_t unit)
{
    db_run(c, "DELETE FROM unit_above WHERE shard = 0 AND unit = $1", V(unit));
    db_run(c,
           "INSERT INTO unit_above (shard, unit, above, since, until, depth) "
           "SELECT 0, s.of_unit, s.of_unit, min(s.since), 99999999, 0 FROM unit_state s "
           "WHERE s.of_unit = $1 AND s.removed_at = 0 GROUP BY s.of_unit",
           V(unit));
    db_run(c,
           "INSERT INTO unit_above (shard, unit, above, since, until, depth) "
           "SELECT 0, s.of_unit, a.above, CASE WHEN a.since > s.since THEN a.since ELSE s.since END, "
           "CASE WHEN a.until < s.until THEN a.until ELSE s.until END, a.depth + 1 "
           "FROM unit_state s JOIN unit_above a ON a.shard = 0 AND a.unit = s.superior "
           "WHERE s.of_unit = $1 AND s.removed_at = 0 AND a.since < s.until AND s.since < a.until AND s.since < s.until",
           V(unit));
}

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

void tree_refresh(struct ctx *c, int64_t unit)
{
    struct ids level = {0};
    ids_add(c, &level, unit);
    for (int depth = 0; level.n && depth < DEEPEST && !failed(c); depth++) {
        struct ids below = {0};
        for (size_t i = 0; i < level.n; i++) {
            refresh_one(c, level.v[i]);
            struct rows *r = db_query(c, "SELECT DISTINCT of_unit FROM unit_state WHERE superior = $1 AND removed_at = 0", V(level.v[i]));
            while (rows_next(r))
                ids_add(c, &below, rows_int(r, 0));
        }
        level = below;
    }
    if (level.n)
        fail(c, ERR_BROKEN, "Cây đơn vị sâu quá %d cấp: có đơn vị nằm dưới chính nó.", "The tree is deeper than %d levels: a unit stands below itself.", DEEPEST);
}

void tree_rebuild(struct ctx *c)
{
    struct ids roots = {0};
    db_run(c, "DELETE FROM unit_above WHERE shard = 0");
    struct rows *r = db_query(c,
                              "SELECT DISTINCT s.of_unit FROM unit_state s WHERE s.removed_at = 0 AND s.superior IS NULL "
                              "ORDER BY s.of_unit");
    while (rows_next(r))
        ids_add(c, &roots, rows_int(r, 0));
    for (size_t i = 0; i < roots.n; i++)
        tree_refresh(c, roots.v[i]);
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
