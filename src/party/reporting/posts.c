/* Offices and duties: who leads the unit, which heads of residential areas are also secretary of the cell there, who holds several
 * offices, which Party units nobody looks after. */
#include "figures.h"

#include "base/str.h"

/* --- who leads the unit ---------------------------------------------------------------------------- */

static bool leads(const struct rule_item *office)
{
    const char *role = rule_attr(office, "role"), *sort = rule_attr(office, "sort");
    return str_same(sort, "party") && (str_same(role, "secretary") || str_same(role, "deputy_secretary") || str_same(role, "standing_member"));
}

struct holder {
    const char *office, *name;
    day since;
};

static size_t gather_holders(struct ctx *c, int64_t unit, day on, struct holder **out)
{
    struct sql q = sql_new(c);
    add_value(&q, "SELECT m.office, p.name, m.since FROM appointment m LEFT JOIN person p ON p.id = m.person WHERE m.unit = ", unit);
    sql_lasts_ever(&q, "m", on);
    sql_add(&q, " AND m.removed_at = 0");
    scope_where(&q, &appointment_kind, ACT_READ, "m");
    sql_add(&q, " ORDER BY p.sort_key, m.id");
    size_t n = 0, room = 0;
    struct holder *list = NULL;
    struct rows *r = sql_query(&q);
    while (rows_next(r)) {
        if (n == room) {
            struct holder *more = NEW_N(&c->arena, struct holder, room = room ? room * 2 : 32);
            if (n)
                memcpy(more, list, n * sizeof *more);
            list = more;
        }
        list[n++] = (struct holder){rows_copy(c, r, 0), rows_copy(c, r, 1), {(int32_t)rows_int(r, 2)}};
    }
    *out = list;
    return n;
}

static void write_holders(struct ctx *c, struct doc *d, int64_t unit, day on)
{
    const struct rule_item **items;
    struct holder *list;
    size_t nitems = rule_items(c, "office", on, &items), n = gather_holders(c, unit, on, &list);
    struct table *t = doc_table(d, say(c, "Bí thư, phó bí thư, ủy viên ban thường vụ", "Secretary, deputies, members of the standing board"));
    t->empty = say(c, "Chưa ghi ai.", "Nobody is entered.");
    doc_column(t, say(c, "Chức vụ", "Office"), COL_TEXT);
    doc_column(t, say(c, "Họ và tên", "Name"), COL_TEXT)->heads_row = true;
    doc_column(t, say(c, "Từ ngày", "Since"), COL_DAY);
    for (size_t i = 0; i < nitems; i++)
        for (size_t j = 0; leads(items[i]) && j < n; j++) {
            if (strcmp(list[j].office, items[i]->code) != 0)
                continue;
            doc_row(t, ROW_PLAIN);
            doc_put(t, in_words(c, items[i]->label));
            doc_put(t, list[j].name);
            doc_put(t, list[j].since);
        }
}

/* --- head of the area and secretary of its cell in one person --------------------------------------- */

struct area {
    int64_t unit, cell;
    const char *name, *cell_name, *head, *secretary; /* names; NULL = nobody is entered */
    int64_t head_person, secretary_person;
    bool one;
};

static void add_codes(struct sql *q, const char *rule, const char *marked, day on)
{
    const struct rule_item **items;
    size_t n = rule_items(q->c, rule, on, &items);
    sql_add(q, "('?'");
    for (size_t i = 0; i < n; i++)
        if (rule_flag(items[i], marked))
            add_value(q, ", ", items[i]->code);
    sql_add(q, ")");
}

/* An office and who holds it, joined to a unit. */
static void add_office(struct sql *q, const char *a, const char *p, const char *of, const char *column, day on)
{
    sql_add(q, " LEFT JOIN appointment ");
    sql_name(q, a);
    sql_add(q, " ON ");
    sql_col(q, a, "unit");
    sql_add(q, " = ");
    sql_col(q, of, column);
    sql_add(q, " AND ");
    sql_col(q, a, "removed_at");
    sql_add(q, " = 0");
    sql_lasts_ever(q, a, on);
    scope_where(q, &appointment_kind, ACT_READ, a);
    sql_add(q, " AND ");
    sql_col(q, a, "office");
    if (strcmp(a, "h") == 0) {
        sql_add(q, " IN ");
        add_codes(q, "office", "residential", on);
    } else {
        sql_add(q, " = 'secretary'");
    }
    sql_add(q, " LEFT JOIN person ");
    sql_name(q, p);
    sql_add(q, " ON ");
    sql_col(q, p, "id");
    sql_add(q, " = ");
    sql_col(q, a, "person");
}

/* Residential areas with the cell that serves each; a row for every pair of head and secretary. */
static void add_areas(struct sql *q, int64_t unit, day on)
{
    sql_add(q, "SELECT u.id, s.name, cell.id, COALESCE(cs.name, cell.name), h.person, hp.name, b.person, bp.name FROM unit u");
    add_state(q, on);
    sql_add(q, " LEFT JOIN unit cell ON cell.shard = 0 AND cell.serves = u.id AND cell.sort = 'party'");
    tree_open(q, "cell", on);
    sql_add(q, " LEFT JOIN unit_state cs ON cs.of_unit = cell.id AND cs.removed_at = 0");
    sql_lasts(q, "cs", on);
    add_office(q, "h", "hp", "u", "id", on);
    add_office(q, "b", "bp", "cell", "id", on);
    sql_add(q, " WHERE u.shard = 0 AND s.type IN ");
    add_codes(q, "unit_type", "residential", on);
    sql_add(q, " AND u.id IN ");
    add_units_of(q, unit, on);
    tree_open(q, "u", on);
    scope_where(q, &unit_kind, ACT_READ, "u");
    sql_add(q, " ORDER BY u.sort_key, u.id, cell.id, h.id, b.id");
}

static size_t gather_areas(struct ctx *c, int64_t unit, day on, struct area **out)
{
    struct sql q = sql_new(c);
    add_areas(&q, unit, on);
    size_t n = 0, room = 0;
    struct area *list = NULL;
    struct rows *r = sql_query(&q);
    while (rows_next(r)) {
        struct area now = {rows_int(r, 0), rows_int(r, 2), rows_copy(c, r, 1), rows_null(r, 3) ? NULL : rows_copy(c, r, 3),
                           rows_null(r, 5) ? NULL : rows_copy(c, r, 5), rows_null(r, 7) ? NULL : rows_copy(c, r, 7), rows_int(r, 4), rows_int(r, 6), false};
        now.one = now.head_person && now.head_person == now.secretary_person;
        if (n && list[n - 1].unit == now.unit) {
            if (now.one && !list[n - 1].one)
                list[n - 1] = now;
            continue;
        }
        if (n == room) {
            struct area *more = NEW_N(&c->arena, struct area, room = room ? room * 2 : 32);
            if (n)
                memcpy(more, list, n * sizeof *more);
            list = more;
        }
        list[n++] = now;
    }
    *out = list;
    return n;
}

static const char *of_all(struct ctx *c, const struct doc *d, int64_t n, int64_t all)
{
    if (!all)
        return say(c, "không có", "none");
    return arena_printf(&c->arena, "%lld/%lld (%s)", (long long)n, (long long)all,
                        doc_value(d, &(struct column){.kind = COL_PERCENT, .decimals = 1}, share_of(n, all)));
}

int64_t areas_one_holder(struct ctx *c, int64_t unit, day on, int64_t *one)
{
    struct area *list;
    size_t n = gather_areas(c, unit, on, &list);
    *one = 0;
    for (size_t i = 0; i < n; i++)
        *one += list[i].one;
    return (int64_t)n;
}

static void write_areas(struct ctx *c, struct doc *d, int64_t unit, day on)
{
    struct area *list;
    size_t n = gather_areas(c, unit, on, &list);
    int64_t one = 0;
    for (size_t i = 0; i < n; i++)
        one += list[i].one;
    doc_put_pair(d, say(c, "Bí thư chi bộ đồng thời là trưởng khu dân cư", "Secretary of the cell who is head of the area too"), of_all(c, d, one, (int64_t)n));
    if (one == (int64_t)n)
        return;
    const char *nobody = say(c, "chưa ghi", "not entered");
    struct table *t = doc_table(d, say(c, "Khu dân cư chưa nhất thể hóa", "Residential areas where they are not one person"));
    doc_column(t, say(c, "Khu dân cư", "Area"), COL_TEXT)->heads_row = true;
    doc_column(t, say(c, "Trưởng", "Head"), COL_TEXT);
    doc_column(t, say(c, "Chi bộ phụ trách", "Cell that serves"), COL_TEXT);
    doc_column(t, say(c, "Bí thư", "Secretary"), COL_TEXT);
    for (size_t i = 0; i < n; i++) {
        if (list[i].one)
            continue;
        doc_row(t, ROW_PLAIN);
        doc_put(t, list[i].name);
        doc_put(t, list[i].head ? list[i].head : nobody);
        doc_put(t, list[i].cell_name ? list[i].cell_name : nobody);
        doc_put(t, list[i].secretary ? list[i].secretary : nobody);
    }
    doc_table_note(t, say(c, "Tính là nhất thể hóa khi người giữ chức trưởng thôn, bản, khu phố… cũng là bí thư chi bộ có “Địa bàn phụ trách” là khu dân cư đó.",
                          "It counts as one when the head of the area is also secretary of the cell whose area served it is."));
}

void write_posts(struct ctx *c, struct doc *d, int64_t unit, day on)
{
    struct unwatched *list;
    int64_t of = 0;
    write_holders(c, d, unit, on);
    write_areas(c, d, unit, on);
    int64_t missing = (int64_t)duties_missing(c, unit, on, &list, &of);
    doc_put_pair(d, say(c, "Tổ chức đảng cấp dưới có người được phân công phụ trách", "Party units below that somebody looks after"), of_all(c, d, of - missing, of));
}

/* --- posts held together ---------------------------------------------------------------------------- */

/* How many posts stay when one person's end: those of somebody with a single one are dropped. */
static size_t keep_person(size_t n, size_t from)
{
    return n - from > 1 ? n : from;
}

static size_t together(struct ctx *c, struct rows *r, struct post **out, day on)
{
    size_t n = 0, from = 0, room = 64;
    struct post *list = NEW_N(&c->arena, struct post, room);
    while (rows_next(r)) {
        if (n && list[n - 1].person != rows_int(r, 0))
            n = from = keep_person(n, from);
        if (n == room) {
            struct post *more = NEW_N(&c->arena, struct post, room *= 2);
            memcpy(more, list, n * sizeof *more);
            list = more;
        }
        const char *office = rows_copy(c, r, 4);
        const struct rule_item *item = rule_item(c, "office", office, on);
        list[n++] = (struct post){rows_int(r, 0), rows_int(r, 1), rows_copy(c, r, 2), rows_copy(c, r, 3), office, rows_copy(c, r, 5),
                                  item ? item->label : (struct words){office, office}, {(int32_t)rows_int(r, 6)}, rows_int(r, 7) == 1};
    }
    *out = list;
    return keep_person(n, from);
}

size_t posts_together(struct ctx *c, int64_t unit, day on, struct post **out)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT m.person, m.unit, p.code, p.name, m.office, s.name, m.since, ");
    add_readable(&q);
    sql_add(&q, " FROM appointment m CROSS JOIN unit u");
    add_state(&q, on);
    sql_add(&q, " LEFT JOIN person p ON p.id = m.person WHERE u.shard = 0 AND u.id = m.unit AND m.removed_at = 0 AND m.unit IN ");
    add_units_of(&q, unit, on);
    sql_lasts_ever(&q, "m", on);
    sql_add(&q, " AND EXISTS (SELECT 1 FROM appointment o WHERE o.person = m.person AND o.id <> m.id AND o.removed_at = 0"); /* most hold one */
    sql_lasts_ever(&q, "o", on);
    sql_add(&q, ")");
    tree_open(&q, "u", on);
    scope_where(&q, &appointment_kind, ACT_READ, "m");
    sql_add(&q, " ORDER BY p.sort_key, m.person, COALESCE(m.since, 0), m.id");
    return together(c, sql_query(&q), out, on);
}

void make_posts(struct ctx *c, struct doc *d, int64_t unit, const struct period *period)
{
    struct post *list;
    char on[DAY_TEXT];
    size_t n = posts_together(c, unit, period->to, &list);
    int64_t people = 0;
    for (size_t i = 0; i < n; i++)
        people += !i || list[i].person != list[i - 1].person;
    doc_put_pair(d, say(c, "Số người giữ từ hai chức vụ trở lên", "People who hold two offices or more"), people);
    write_areas(c, d, unit, period->to);
    struct table *t = doc_table(d, say(c, "Chức vụ kiêm nhiệm tại hết ngày %s", "Posts held together at the end of %s", day_vi(period->to.v, on)));
    t->empty = say(c, "Không có ai kiêm nhiệm.", "Nobody holds two offices.");
    doc_column(t, say(c, "Họ và tên", "Name"), COL_TEXT)->heads_row = true;
    doc_column(t, say(c, "Mã hồ sơ", "Code"), COL_TEXT);
    doc_column(t, say(c, "Chức vụ", "Office"), COL_TEXT);
    doc_column(t, say(c, "Đơn vị", "Unit"), COL_TEXT);
    doc_column(t, say(c, "Từ ngày", "Since"), COL_DAY);
    for (size_t i = 0; i < n; i++) {
        bool same = i && list[i].person == list[i - 1].person;
        doc_row(t, ROW_PLAIN);
        doc_put(t, same ? "" : list[i].person_name);
        doc_put(t, same || !list[i].readable ? "" : list[i].person_code); /* of others the name is told, not the code */
        doc_put(t, in_words(c, list[i].office_label));
        doc_put(t, list[i].unit_name);
        doc_put(t, list[i].since);
    }
    doc_table_note(t, say(c, "Tính mọi chức vụ đảng, chính quyền, đoàn thể đang giữ trong ngày đó ở đơn vị, cấp dưới và trên địa bàn mà các đơn vị ấy phụ trách.",
                          "All Party, state and mass offices open on that day count, in the unit, below it and in the areas that these serve."));
}

/* --- who looks after Party units --------------------------------------------------------------------- */

size_t duties_missing(struct ctx *c, int64_t unit, day on, struct unwatched **out, int64_t *of)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT u.id, u.code, s.name, s.type, CASE WHEN EXISTS (SELECT 1 FROM duty m WHERE m.target = u.id AND m.sort = 'unit' AND m.removed_at = 0");
    sql_lasts_ever(&q, "m", on);
    scope_where(&q, &duty_kind, ACT_READ, "m");
    sql_add(&q, ") THEN 1 ELSE 0 END FROM unit u");
    add_state(&q, on);
    tree_join(&q, "u", "id", unit, on);
    sql_add(&q, " WHERE u.shard = 0 AND u.sort = 'party' AND ua.depth > 0");
    tree_open(&q, "u", on);
    scope_where_below(&q, &unit_kind, ACT_READ, "u", unit, on);
    sql_add(&q, " ORDER BY u.sort_key, u.id");
    size_t n = 0, room = 64;
    struct unwatched *list = NEW_N(&c->arena, struct unwatched, room);
    struct rows *r = sql_query(&q);
    for (*of = 0; rows_next(r);) {
        if (rule_flag(rule_item(c, "unit_type", rows_text(r, 3), on), "organ"))
            continue;
        ++*of;
        if (rows_int(r, 4))
            continue;
        if (n == room) {
            struct unwatched *more = NEW_N(&c->arena, struct unwatched, room *= 2);
            memcpy(more, list, n * sizeof *more);
            list = more;
        }
        list[n++] = (struct unwatched){rows_int(r, 0), rows_copy(c, r, 1), rows_copy(c, r, 2), rows_copy(c, r, 3)};
    }
    *out = list;
    return n;
}

void make_duties(struct ctx *c, struct doc *d, int64_t unit, const struct period *period)
{
    struct unwatched *list;
    int64_t of = 0;
    char on[DAY_TEXT];
    size_t n = duties_missing(c, unit, period->to, &list, &of);
    doc_put_pair(d, say(c, "Tổ chức đảng cấp dưới có người được phân công phụ trách", "Party units below that somebody looks after"),
                 of_all(c, d, of - (int64_t)n, of));
    struct table *t = doc_table(d, say(c, "Tổ chức đảng chưa có người phụ trách tại hết ngày %s", "Party units that nobody looks after at the end of %s",
                                       day_vi(period->to.v, on)));
    t->empty = say(c, "Không có: mọi tổ chức đảng đều có người phụ trách.", "None: somebody looks after each.");
    doc_column(t, say(c, "Mã", "Code"), COL_TEXT);
    doc_column(t, say(c, "Tổ chức đảng", "Party unit"), COL_TEXT)->heads_row = true;
    doc_column(t, say(c, "Loại hình", "Type"), COL_TEXT);
    for (size_t i = 0; i < n; i++) {
        doc_row(t, ROW_PLAIN);
        doc_put(t, list[i].code);
        doc_put(t, list[i].name);
        doc_put(t, code_label(c, "unit_type", list[i].type, period->to));
    }
    doc_table_note(t, say(c, "Có người phụ trách: trong ngày đó còn một phân công loại “phụ trách đơn vị” nhằm vào tổ chức đảng ấy.",
                          "Looked after: on that day there is an assignment of the sort “looks after a unit” whose target it is."));
}
