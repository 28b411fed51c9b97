/* See waiting.h. */
#include "waiting.h"

#include "figures.h"
#include "model/scope.h"
#include "party/organisation/place.h"

enum { UNITS_MOST = 1000 };

struct gathering {
    struct ctx *c;
    int64_t unit, *counts;
    struct waiting *v;
    size_t n;
};

/* " AND <alias>.<column> IN (what stands below the unit today)". */
static void below(struct sql *q, const struct gathering *g, const char *alias, const char *column)
{
    if (!g->unit)
        return;
    sql_add(q, " AND ");
    sql_col(q, alias, column);
    sql_add(q, " IN (SELECT unit FROM unit_above WHERE above = ");
    sql_arg(q, V(g->unit));
    sql_lasts(q, "unit_above", g->c->today);
    sql_add(q, ")");
}

/* Rows of id, unit, code, name, where, due: the first WAITING_MOST are kept, all up to 1,000 are counted. */
static void gather(struct gathering *g, struct sql *q, enum waiting_sort sort)
{
    size_t kept = 0;
    sql_add(q, " LIMIT 1000");
    struct rows *r = sql_query(q);
    while (rows_next(r)) {
        g->counts[sort]++;
        if (kept++ < WAITING_MOST)
            g->v[g->n++] = (struct waiting){.sort = sort, .id = rows_int(r, 0), .unit = rows_int(r, 1), .code = rows_copy(g->c, r, 2), .name = rows_copy(g->c, r, 3),
                                            .where = rows_copy(g->c, r, 4), .due = {(int32_t)rows_int(r, 5)}};
    }
}

static void transfers(struct gathering *g, bool incoming)
{
    struct sql q = sql_new(g->c);
    sql_add(&q, "SELECT t.id, t.unit, p.code, p.name, ");
    sql_add(&q, "g.name, COALESCE(w.sent_on, 0) FROM membership t CROSS JOIN membership w CROSS JOIN person p CROSS JOIN unit g WHERE w.id = t.previous AND p.id = t.person AND "
                "g.shard = 0 AND g.id = t.unit AND t.removed_at = 0 AND t.since IS NULL AND w.sent_on IS NOT NULL"); /* few are on their way at a time */
    if (incoming) {
        below(&q, g, "t", "unit");
        scope_where(&q, &membership_kind, ACT_CHANGE, "t");
    } else {
        below(&q, g, "w", "unit");
        scope_where(&q, &membership_kind, ACT_CHANGE, "w");
    }
    sql_add(&q, " ORDER BY w.sent_on, t.id");
    gather(g, &q, incoming ? WAITING_TO_RECEIVE : WAITING_SENT);
}

/* Twelve months after admission recognition is considered; shown from a month before. */
static void probation(struct gathering *g)
{
    struct sql q = sql_new(g->c);
    day from = day_add(g->c->today, 31);
    sql_add(&q, "SELECT p.id, p.unit, p.code, p.name, u.name, p.admitted_on + 10000 FROM person p JOIN unit u ON u.shard = 0 AND u.id = p.unit "
                "WHERE p.removed_at = 0 AND p.standing = 'member' AND p.official_on IS NULL AND p.admitted_on IS NOT NULL AND p.admitted_on + 10000 <= ");
    sql_arg(&q, V(from));
    below(&q, g, "p", "unit");
    scope_where(&q, &person_kind, ACT_CHANGE, "p");
    sql_add(&q, " ORDER BY p.admitted_on, p.sort_key");
    gather(g, &q, WAITING_PROBATION);
}

static void terms(struct gathering *g)
{
    struct sql q = sql_new(g->c);
    sql_add(&q, "SELECT t.id, t.unit, t.code, t.name, u.name, t.until FROM term t JOIN unit u ON u.shard = 0 AND u.id = t.unit WHERE t.removed_at = 0 AND u.removed_at = 0 AND u.closed_on > ");
    sql_arg(&q, V(g->c->today));
    sql_add(&q, " AND t.until < ");
    sql_arg(&q, V(day_add(g->c->today, 183)));
    sql_add(&q, " AND NOT EXISTS (SELECT 1 FROM term n WHERE n.of_unit = t.of_unit AND n.removed_at = 0 AND n.since > t.since)");
    below(&q, g, "t", "unit");
    scope_where(&q, &term_kind, ACT_CHANGE, "t");
    sql_add(&q, " ORDER BY t.until, u.sort_key");
    gather(g, &q, WAITING_TERM);
}

static void secretaries(struct gathering *g)
{
    struct ctx *c = g->c;
    const struct rule_item **items;
    if (!scope_any(c, &appointment_kind, ACT_ADD)) /* it waits for whoever may enter one */
        return;
    size_t n = rule_items(c, "unit_type", c->today, &items);
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT u.id, u.id, u.code, u.name, COALESCE(a.name, ''), 0 FROM unit u LEFT JOIN unit a ON a.shard = 0 AND a.id = u.superior WHERE u.removed_at = 0 AND u.closed_on > ");
    sql_arg(&q, V(c->today));
    sql_add(&q, " AND u.type IN ('?'");
    for (size_t i = 0; i < n; i++)
        if (rule_flag(items[i], "holds_members"))
            add_value(&q, ", ", items[i]->code);
    sql_add(&q, ") AND NOT EXISTS (SELECT 1 FROM appointment m WHERE m.unit = u.id AND m.office = 'secretary' AND m.removed_at = 0");
    sql_lasts_ever(&q, "m", c->today);
    sql_add(&q, ")");
    below(&q, g, "u", "id");
    scope_where_below(&q, &unit_kind, ACT_READ, "u", g->unit, c->today);
    sql_add(&q, " ORDER BY u.sort_key, u.id");
    gather(g, &q, WAITING_SECRETARY);
}

static void numbers(struct gathering *g)
{
    struct sql q = sql_new(g->c);
    sql_add(&q, "SELECT p.id, p.unit, p.code, p.name, u.name, 0 FROM person p JOIN unit u ON u.shard = 0 AND u.id = p.unit WHERE p.removed_at = 0 AND p.standing = 'member' "
                "AND (p.born IS NULL OR p.cccd IS NULL OR (p.card_number IS NULL AND p.official_on IS NOT NULL))");
    below(&q, g, "p", "unit");
    scope_where(&q, &person_kind, ACT_CHANGE, "p");
    sql_add(&q, " ORDER BY p.unit, p.sort_key");
    gather(g, &q, WAITING_NUMBERS);
}

static void ask(struct gathering *g, enum waiting_sort sort)
{
    switch (sort) {
    case WAITING_TO_RECEIVE:
    case WAITING_SENT: transfers(g, sort == WAITING_TO_RECEIVE); break;
    case WAITING_PROBATION: probation(g); break;
    case WAITING_TERM: terms(g); break;
    case WAITING_SECRETARY: secretaries(g); break;
    case WAITING_NUMBERS: numbers(g); break;
    case WAITING_SORTS:
    default: break;
    }
}

bool waiting_asks_dossiers(struct ctx *c, int64_t unit)
{
    return !unit || unit_has_few_below(c, unit, c->today, UNITS_MOST);
}

size_t waiting_of_sorts(struct ctx *c, int64_t unit, const enum waiting_sort *sorts, size_t nsorts, struct waiting **out, int64_t counts[WAITING_SORTS])
{
    struct gathering g = {.c = c, .unit = unit, .counts = counts, .v = NEW_N(&c->arena, struct waiting, (size_t)WAITING_MOST * WAITING_SORTS)};
    memset(counts, 0, WAITING_SORTS * sizeof *counts);
    bool dossiers = waiting_asks_dossiers(c, unit);
    for (size_t i = 0; i < nsorts; i++)
        if (dossiers || (sorts[i] != WAITING_PROBATION && sorts[i] != WAITING_NUMBERS))
            ask(&g, sorts[i]);
    *out = g.v;
    return g.n;
}

size_t waiting_of(struct ctx *c, int64_t unit, struct waiting **out, int64_t counts[WAITING_SORTS])
{
    static const enum waiting_sort all[] = {WAITING_TO_RECEIVE, WAITING_SENT, WAITING_PROBATION, WAITING_TERM, WAITING_SECRETARY, WAITING_NUMBERS};
    _Static_assert(N(all) == WAITING_SORTS, "every sort is asked for");
    return waiting_of_sorts(c, unit, all, N(all), out, counts);
}
