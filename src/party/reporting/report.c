/* The table of reports, the block at the head of each, and what their statements share. */
#include "figures.h"

#include "base/str.h"

static const struct report reports[] = {
    {"members", "to-chuc-dang-vien", {"Tổ chức đảng và đảng viên", "Party organisations and members"}, make_members},
    {"posts", "kiem-nhiem", {"Kiêm nhiệm chức vụ", "Posts held together"}, make_posts},
    {"duties", "phu-trach", {"Phân công phụ trách tổ chức đảng", "Who looks after Party units"}, make_duties},
};

size_t report_all(const struct report **first)
{
    *first = reports;
    return N(reports);
}

const struct report *report_find(const char *name)
{
    for (size_t i = 0; name && i < N(reports); i++)
        if (strcmp(reports[i].name, name) == 0 || strcmp(reports[i].also, name) == 0)
            return &reports[i];
    return NULL;
}

/* The unit's name on the day; its last one when it had none then. NULL: not there, or not the actor's to see. */
static const char *name_on(struct ctx *c, int64_t unit, day on)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT COALESCE((SELECT s.name FROM unit_state s WHERE s.of_unit = u.id AND s.removed_at = 0");
    sql_lasts(&q, "s", on);
    add_value(&q, " ORDER BY s.since DESC LIMIT 1), u.name) FROM unit u WHERE u.shard = 0 AND u.id = ", unit);
    sql_add(&q, " AND u.removed_at = 0");
    scope_where(&q, &unit_kind, ACT_READ, "u");
    struct rows *r = sql_query(&q);
    const char *name = rows_next(r) ? rows_copy(c, r, 0) : NULL;
    rows_close(r);
    return name;
}

/* What a reader must know before the figures: that the period is not over, or that the unit was not there at its end. */
static void note_bounds(struct ctx *c, struct doc *d, int64_t unit, const struct period *period)
{
    char on[DAY_TEXT];
    if (period->to.v > c->today.v)
        doc_note(d, say(c, "Kỳ chưa kết thúc: số liệu theo những gì đã ghi đến ngày %s.", "The period is not over: the figures are as entered until %s.", day_vi(c->today.v, on)));
    struct rows *r = db_query(c, "SELECT COALESCE(founded_on, 0), closed_on FROM unit WHERE shard = 0 AND id = $1", V(unit));
    bool there = rows_next(r);
    int32_t founded = there ? (int32_t)rows_int(r, 0) : 0, closed = there ? (int32_t)rows_int(r, 1) : DAY_OPEN;
    rows_close(r);
    if (founded > period->to.v)
        doc_note(d, say(c, "Đơn vị thành lập ngày %s, sau kỳ này.", "The unit was founded on %s, after this period.", day_vi(founded, on)));
    if (closed > period->to.v)
        return;
    struct buf heirs = {0};
    r = db_query(c, "SELECT DISTINCT u.code, u.name FROM succession s JOIN unit u ON u.shard = 0 AND u.id = s.successor WHERE s.predecessor = $1 AND s.removed_at = 0 ORDER BY u.code",
                 V(unit));
    while (rows_next(r))
        buf_printf(&heirs, "%s%s %s", heirs.n ? "; " : "", rows_text(r, 0), rows_text(r, 1));
    const char *after = heirs.n ? say(c, "; đơn vị kế thừa: %s", "; its successors: %s", buf_text(&heirs)) : "";
    buf_free(&heirs);
    doc_note(d, say(c, "Đơn vị đã kết thúc hoạt động từ ngày %s%s.", "The unit was closed on %s%s.", day_vi(closed, on), after));
}

struct doc *report_make(struct ctx *c, const struct report *report, int64_t unit, const struct period *period)
{
    if (!db_begin(c, DB_READ))
        return NULL;
    struct doc *d = doc_new(&c->arena, c->lang, in_words(c, report->label));
    d->unit = name_on(c, unit, period->to);
    d->period = period_words(c, *period);
    d->made_at = c->now;
    d->made_by = c->actor ? c->actor->login : NULL;
    if (!d->unit)
        fail(c, ERR_MISSING, "Không có đơn vị này, hoặc bạn không được xem.", "There is no such unit, or it is not yours to see.");
    else {
        note_bounds(c, d, unit, period);
        report->make(c, d, unit, period);
    }
    return db_commit(c) ? d : NULL;
}

/* --- statements ----------------------------------------------------------------------------------- */

void add_state(struct sql *q, day on)
{
    sql_add(q, " JOIN unit_state s ON s.of_unit = u.id AND s.removed_at = 0"); /* by the unit: asked for its shard, all would be read */
    sql_lasts(q, "s", on);
}

void add_person(struct sql *q)
{
    sql_add(q, " LEFT JOIN person p ON p.shard = m.shard AND p.id = m.person AND p.removed_at = 0");
    scope_where(q, &person_kind, ACT_READ, "p");
}

void add_units_of(struct sql *q, int64_t unit, day on)
{
    add_value(q, "(SELECT x.unit FROM unit_above x WHERE x.above = ", unit);
    sql_lasts(q, "x", on);
    sql_add(q, " UNION ");
    tree_served(q, &unit, 1, on);
    sql_add(q, ")");
}

void must_agree(struct ctx *c, const char *what, int64_t counted, int64_t whole)
{
    if (counted != whole)
        fail(c, ERR_BROKEN, "Số liệu không khớp: %s cộng được %lld, tính riêng được %lld. Chạy “dangbo check”.",
             "The figures do not agree: %s adds up to %lld, counted alone it is %lld. Run “dangbo check”.", what, (long long)counted, (long long)whole);
}

const char *rows_copy(struct ctx *c, struct rows *r, int col)
{
    const char *s = rows_text(r, col);
    return s ? arena_text(&c->arena, s) : "";
}

/* --- writing down ---------------------------------------------------------------------------------- */

const char *code_label(struct ctx *c, const char *rule, const char *code, day on)
{
    const struct rule_item *item = rule_item(c, rule, code, on);
    return item ? in_words(c, item->label) : code && *code ? code : say(c, "Chưa rõ", "Not known");
}

struct value share_of(int64_t n, int64_t all)
{
    return all ? value_real(100.0 * (double)n / (double)all) : value_null();
}
