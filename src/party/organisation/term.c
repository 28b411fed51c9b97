/* A term (nhiệm kỳ) of a committee, opened by a congress. Its length is its own: rules of five and of two and a half years have
 * both been in force. Congress numbers start again in a new unit. */
#include "party/verbs.h"

struct term {
    struct row row;
    text code, name;
    unit_id of_unit;
    number congress;
    day congress_on, since, until;
    text note;
};

static const struct field fields[] = {
    TEXT(term, code, .label = {"Mã nhiệm kỳ", "Code"}, .flags = LISTED | UNIQUE, .max = 60),
    TEXT(term, name, .label = {"Nhiệm kỳ", "Term"}, .flags = REQUIRED | LISTED, .min = 4, .max = 60, .also = "Tên nhiệm kỳ"),
    REF(term, of_unit, unit, .label = {"Đơn vị", "Unit"}, .flags = REQUIRED | LISTED, .also = "Mã đơn vị|Đảng bộ"),
    NUMBER(term, congress, .label = {"Đại hội lần thứ", "Congress number"}, .flags = LISTED, .min = 1, .max = 100, .also = "Đại hội"),
    DAY(term, congress_on, .label = {"Ngày đại hội", "Congress on"}, .flags = LISTED),
    DAY(term, since, .label = {"Từ ngày", "Since"}, .flags = REQUIRED | LISTED),
    DAY(term, until, .label = {"Kết thúc từ ngày", "Until"}, .flags = UNTIL | LISTED, .also = "Đến ngày"),
    TEXT(term, note, .label = {"Ghi chú", "Note"}, .max = 1000),
};

static void fill(struct ctx *c, void *now, const void *was)
{
    struct term *t = now;
    (void)was;
    t->row.unit = t->of_unit.v;
    if (!t->code.s)
        t->code.s = arena_printf(&c->arena, "NK%llX", (unsigned long long)t->row.id);
}

static void check(struct ctx *c, struct problems *p, const void *now, const void *was)
{
    const struct term *t = now;
    (void)was;
    int32_t until = t->until.v ? t->until.v : DAY_OPEN;
    struct rows *r = db_query(c, "SELECT name FROM term WHERE of_unit = $1 AND id <> $2 AND removed_at = 0 AND since < $3 AND until > $4 LIMIT 1", V(t->of_unit.v),
                              V(t->row.id), V(until), V(t->since));
    if (rows_next(r)) {
        problem(p, "since", "Trùng thời gian với nhiệm kỳ %s của đơn vị này: sửa ngày.", "Overlaps the term %s of this unit: correct the days.", rows_text(r, 0));
        rows_close(r);
    }
}

bool term_named(void *term_of, const char *name, day *from, day *until)
{
    struct term_of *t = term_of;
    struct rows *r = db_query(t->c,
                              "SELECT x.since, x.until FROM term x JOIN unit_above a ON a.shard = 0 AND a.unit = $1 AND a.above = x.of_unit WHERE x.name = $2 "
                              "AND x.removed_at = 0 ORDER BY a.depth LIMIT 1",
                              V(t->unit), V(name));
    if (!rows_next(r))
        return false;
    *from = (day){(int32_t)rows_int(r, 0)};
    *until = (day){(int32_t)rows_int(r, 1)};
    rows_close(r);
    return true;
}

size_t term_names(struct ctx *c, int64_t unit, const char **out, size_t most)
{
    size_t n = 0;
    struct rows *r = db_query(c,
                              "SELECT x.name, max(x.since) AS since FROM term x JOIN unit_above a ON a.shard = 0 AND a.unit = $1 AND a.above = x.of_unit "
                              "WHERE x.removed_at = 0 GROUP BY x.name ORDER BY since DESC LIMIT $2",
                              V(unit), V((int64_t)most));
    while (rows_next(r))
        out[n++] = arena_text(&c->arena, rows_text(r, 0));
    return n;
}

static const char *const indexes[] = {"of_unit, since", NULL};

const struct kind term_kind = {
    .name = "term", .label = {"Nhiệm kỳ", "Term"}, .plural = {"Nhiệm kỳ", "Terms"}, .size = sizeof(struct term), FIELDS(fields), .code = "code", .title = "name",
    .where = "unit", .when = SPELL("since", "until"), .indexes = indexes, .fill = fill, .check = check,
};
