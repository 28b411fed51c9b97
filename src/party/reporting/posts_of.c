/* The open offices of many people, or of many units, with one statement: for lists that show them beside names. */
#include "figures.h"

static size_t gather(struct ctx *c, struct sql *q, struct post **out)
{
    size_t n = 0, room = 0;
    struct post *list = NULL;
    for (struct rows *r = sql_query(q); rows_next(r);) {
        if (n == room) {
            struct post *more = NEW_N(&c->arena, struct post, room = room ? room * 2 : 64);
            if (n)
                memcpy(more, list, n * sizeof *more);
            list = more;
        }
        const struct rule_item *office = rule_item(c, "office", rows_text(r, 1), (day){(int32_t)rows_int(r, 6)});
        list[n] = (struct post){.person = rows_int(r, 0), .office = rows_copy(c, r, 1), .unit = rows_int(r, 2), .unit_name = rows_copy(c, r, 3),
                                .person_code = rows_copy(c, r, 4), .person_name = rows_copy(c, r, 5), .since = {(int32_t)rows_int(r, 6)}, .readable = rows_int(r, 7) == 1};
        list[n].office_label = office ? office->label : (struct words){list[n].office, list[n].office};
        n++;
    }
    *out = list;
    return n;
}

void add_readable(struct sql *q)
{
    sql_add(q, "CASE WHEN p.removed_at = 0");
    scope_where(q, &person_kind, ACT_READ, "p");
    sql_add(q, " THEN 1 ELSE 0 END");
}

static void begin(struct sql *q, const char *column, const int64_t *ids, size_t n, day on)
{
    sql_add(q, "SELECT m.person, m.office, m.unit, u.name, p.code, p.name, COALESCE(m.since, 0), ");
    add_readable(q);
    sql_add(q, " FROM appointment m CROSS JOIN unit u "
               "LEFT JOIN person p ON p.id = m.person WHERE u.shard = 0 AND u.id = m.unit AND m.removed_at = 0 AND ");
    sql_col(q, "m", column);
    sql_add(q, " IN (");
    sql_args(q, ids, n);
    sql_add(q, ")");
    sql_lasts_ever(q, "m", on);
    scope_where(q, &appointment_kind, ACT_READ, "m");
}

size_t posts_of_people(struct ctx *c, const int64_t *people, size_t n, day on, struct post **out)
{
    struct sql q = sql_new(c);
    *out = NULL;
    if (!n)
        return 0;
    begin(&q, "person", people, n, on);
    sql_add(&q, " ORDER BY m.id");
    return gather(c, &q, out);
}

size_t posts_of_units(struct ctx *c, const int64_t *units, size_t n, const char *office, day on, struct post **out)
{
    struct sql q = sql_new(c);
    *out = NULL;
    if (!n)
        return 0;
    begin(&q, "unit", units, n, on);
    if (office) {
        sql_add(&q, " AND m.office = ");
        sql_arg(&q, V(office));
    }
    sql_add(&q, " ORDER BY m.unit, m.id");
    return gather(c, &q, out);
}
