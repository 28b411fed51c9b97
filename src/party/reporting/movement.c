/* Coming and going. A home stay is present in a unit while it lasts and its cell stands below the unit: [begin, end) is
 * where [since, until) meets a row of the closure. Each presence gives +1 on its first day and -1 on its end; of one
 * person on one day they cancel, so that transfers between two cells of the unit, and cells moved within it, are neither. What
 * is left over proves start + in - out = end, exactly, for any unit and any period. */
#include "figures.h"

#include "base/str.h"

/* Where stay and closure meet, of all that ever was below the unit and lasted beyond a day. Nothing but what the index of
 * stays by unit holds; `w` is the same stay whole. */
static void add_presence(struct sql *q, int64_t unit, day beyond, bool whole)
{
    sql_add(q, " FROM unit_above ua JOIN membership m ON m.unit = ua.unit AND m.stay = 'home' AND m.removed_at = 0");
    scope_where(q, &membership_kind, ACT_READ, "m");
    add_value(q, " AND m.until > ", beyond);
    if (whole)
        sql_add(q, " JOIN membership w ON w.shard = m.shard AND w.id = m.id");
    add_value(q, " WHERE ua.above = ", unit);
    add_value(q, " AND ua.until > ", beyond);
    sql_add(q, " AND m.since < ua.until AND ua.since < m.until AND m.since < m.until AND ua.since < ua.until");
}

/* Present on the day. */
static struct count count_on(struct ctx *c, int64_t unit, day on)
{
    struct sql q = sql_new(c);
    struct count sum = {0};
    add_value(&q, "SELECT count(*), sum(CASE WHEN p.sex = 'female' THEN 1 ELSE 0 END), sum(CASE WHEN m.official_on > ", on);
    sql_add(&q, " THEN 1 ELSE 0 END) FROM membership m");
    tree_join(&q, "m", "unit", unit, on);
    add_person(&q);
    sql_add(&q, " WHERE m.stay = 'home' AND m.removed_at = 0");
    sql_lasts(&q, "m", on);
    scope_where(&q, &membership_kind, ACT_READ, "m");
    struct rows *r = sql_query(&q);
    if (rows_next(r))
        sum = (struct count){rows_int(r, 0), rows_int(r, 1), rows_int(r, 2)};
    rows_close(r);
    return sum;
}

/* +1 on the first day of each presence that begins within the period. */
static void add_beginnings(struct sql *q, const struct movement *v, int64_t unit)
{
    sql_add(q, "SELECT m.shard, m.person, m.official_on, 1 AS n, CASE WHEN ua.since > m.since THEN ua.since ELSE m.since END AS on_day, "
               "CASE WHEN ua.since > m.since THEN 'moved_with_unit' ELSE COALESCE(w.began, '') END AS came, '' AS went");
    add_presence(q, unit, v->before, true);
    add_value(q, " AND m.since <= ", v->last);
    add_value(q, " AND ua.since <= ", v->last);
    add_value(q, " AND (m.since > ", v->before);
    add_value(q, " OR ua.since > ", v->before);
    sql_add(q, ")");
}

/* -1 on the first day after each presence that ends within the period. */
static void add_ends(struct sql *q, const struct movement *v, int64_t unit)
{
    sql_add(q, "SELECT m.shard, m.person, m.official_on, -1 AS n, CASE WHEN ua.until < m.until THEN ua.until ELSE m.until END AS on_day, "
               "'' AS came, CASE WHEN ua.until < m.until THEN 'moved_with_unit' ELSE COALESCE(w.ended, '') END AS went");
    add_presence(q, unit, v->before, true);
    add_value(q, " AND (m.until <= ", v->last);
    add_value(q, " OR ua.until <= ", v->last);
    sql_add(q, ")");
}

struct walk { /* along the events of one person, in the order of days */
    int64_t person, sum;
    bool came_first;
};

static void walk_end(struct movement *v, const struct walk *w)
{
    if (w->person && !w->sum)
        (*(w->came_first ? &v->passed : &v->returned))++;
}

/* One day on which a person came (n > 0) or went. Whoever becomes official on the day of coming comes as such; who
 * becomes so on the day of going goes as probationary. */
static void walk_step(struct ctx *c, struct movement *v, struct walk *w, struct rows *r)
{
    int64_t person = rows_int(r, 0), on = rows_int(r, 1), n = rows_int(r, 2), official = rows_int(r, 5);
    if (person != w->person) {
        walk_end(v, w);
        *w = (struct walk){.person = person, .came_first = n > 0};
    }
    w->sum += n;
    int64_t many = n > 0 ? n : -n;
    bool probation = n > 0 ? official > on : official >= on;
    struct count one = {many, str_same(rows_text(r, 6), "female") ? many : 0, probation ? many : 0};
    count_add(n > 0 ? &v->in : &v->out, &one);
    tally_add(c, n > 0 ? &v->came : &v->went, n > 0 ? rows_text(r, 3) : rows_text(r, 4), &one);
    if (n > 0 && official == on) /* counted among those made official on a day on which they were present */
        v->recognised -= n;
}

static void gather_events(struct ctx *c, struct movement *v, int64_t unit)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT m.person, m.on_day, m.n, m.came, m.went, m.official_on, p.sex FROM (SELECT e.shard, e.person, e.on_day, SUM(e.n) AS n, "
                "MAX(e.came) AS came, MAX(e.went) AS went, MAX(e.official_on) AS official_on FROM (");
    add_beginnings(&q, v, unit);
    sql_add(&q, " UNION ALL ");
    add_ends(&q, v, unit);
    sql_add(&q, ") e GROUP BY e.shard, e.person, e.on_day HAVING SUM(e.n) <> 0) m");
    add_person(&q);
    sql_add(&q, " ORDER BY m.person, m.on_day");
    struct walk w = {0};
    struct rows *r = sql_stream(&q);
    while (rows_next(r))
        walk_step(c, v, &w, r);
    walk_end(v, &w);
}

/* Made official on a day of the period on which they were present. */
static void gather_recognised(struct ctx *c, struct movement *v, int64_t unit)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT count(*)");
    add_presence(&q, unit, v->before, false);
    add_value(&q, " AND m.official_on > ", v->before);
    add_value(&q, " AND m.official_on <= ", v->last);
    sql_add(&q, " AND m.since <= m.official_on AND m.until > m.official_on AND ua.since <= m.official_on AND ua.until > m.official_on");
    v->recognised += rows_only_int(sql_query(&q));
}

bool movement_gather(struct ctx *c, struct movement *v, int64_t unit, const struct period *period)
{
    *v = (struct movement){.before = day_add(period->from, -1), .last = period->to};
    v->start = count_on(c, unit, v->before);
    v->end = count_on(c, unit, v->last);
    gather_recognised(c, v, unit);
    gather_events(c, v, unit);
    const char *what = say(c, "bảng biến động", "the table of movement");
    if (!failed(c))
        must_agree(c, what, v->start.n + v->in.n - v->out.n, v->end.n);
    if (!failed(c))
        must_agree(c, what, v->start.women + v->in.women - v->out.women, v->end.women);
    return !failed(c);
}
