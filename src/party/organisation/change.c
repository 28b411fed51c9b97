/* See change.h. */
#include "change.h"

struct change_effects change_effects(struct ctx *c, int64_t batch)
{
    struct change_effects e = {.units = NEW_N(&c->arena, struct change_unit, CHANGE_UNITS_MOST)};
    e.founded = db_one_int(c, "SELECT count(*) FROM audit WHERE batch = $1 AND kind = 'unit' AND act = 'add'", V(batch));
    e.closed = db_one_int(c, "SELECT count(DISTINCT record) FROM audit WHERE batch = $1 AND kind = 'unit' AND after LIKE '%\"closed_on\"%'", V(batch));
    e.restated = db_one_int(c, "SELECT count(DISTINCT record) FROM audit WHERE batch = $1 AND kind = 'unit'", V(batch)) - e.founded - e.closed;
    e.members = db_one_int(c, "SELECT count(*) FROM audit WHERE batch = $1 AND kind = 'membership' AND act = 'add'", V(batch));
    struct rows *r = db_query(c,
                              "SELECT u.id, u.code, u.name, u.closed_on, min(CASE WHEN a.act = 'add' THEN 0 ELSE 1 END) FROM audit a JOIN unit u ON u.id = a.record "
                              "WHERE a.batch = $1 AND a.kind = 'unit' GROUP BY u.id, u.code, u.name, u.closed_on ORDER BY min(a.id) LIMIT 60",
                              V(batch));
    while (e.nunits < CHANGE_UNITS_MOST && rows_next(r)) {
        bool founded = rows_int(r, 4) == 0;
        e.units[e.nunits++] = (struct change_unit){.id = rows_int(r, 0), .code = arena_text(&c->arena, rows_text(r, 1)), .name = arena_text(&c->arena, rows_text(r, 2)),
                                                   .founded = founded, .closed = !founded && rows_int(r, 3) != DAY_OPEN};
    }
    rows_close(r);
    return e;
}

bool change_carry_out(struct ctx *c, void *change, bool preview, struct problems *p, struct change_effects *out)
{
    day effective = {(int32_t)field_get(field_need(&unit_change_kind, "effective_on"), change).i};
    if (preview && effective.v > c->today.v)
        c->today = effective;
    if (!record_save(c, &unit_change_kind, change, p))
        return false;
    *out = change_effects(c, field_get(field_need(&unit_change_kind, "batch"), change).i);
    return !failed(c);
}
