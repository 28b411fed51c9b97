/* How many units there are below, of which type. */
#include "figures.h"

#include "base/str.h"

struct type_count {
    const char *sort, *type;
    int64_t all, direct;
};

static const struct {
    const char *sort;
    struct words label;
} sorts[] = {{"party", {"Tổ chức đảng", "Party organisations"}},
             {"organ", {"Cơ quan tham mưu, giúp việc", "Organs of committees"}},
             {"state", {"Chính quyền", "State bodies"}},
             {"mass", {"Mặt trận, đoàn thể", "Front and mass bodies"}},
             {"area", {"Khu dân cư, địa bàn", "Residential and other areas"}}};

/* Open units below and in the areas that are served; the area that the unit itself serves is not below it, unless it is
 * residential. */
static size_t gather_types(struct ctx *c, int64_t unit, day on, struct type_count **out)
{
    struct sql q = sql_new(c);
    add_value(&q, "SELECT u.sort, s.type, CASE WHEN u.id = (SELECT w.serves FROM unit w WHERE w.shard = 0 AND w.id = ", unit);
    add_value(&q, ") THEN 2 WHEN s.superior = ", unit);
    add_value(&q, " OR s.superior = (SELECT w.serves FROM unit w WHERE w.shard = 0 AND w.id = ", unit);
    sql_add(&q, ") THEN 1 ELSE 0 END, count(*) FROM unit u");
    add_state(&q, on);
    add_value(&q, " WHERE u.shard = 0 AND u.id <> ", unit);
    sql_add(&q, " AND u.id IN ");
    add_units_of(&q, unit, on);
    tree_open(&q, "u", on);
    scope_where(&q, &unit_kind, ACT_READ, "u");
    sql_add(&q, " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3");
    size_t n = 0, room = 0;
    struct type_count *list = NULL;
    struct rows *r = sql_query(&q);
    while (rows_next(r)) {
        const struct rule_item *type = rule_item(c, "unit_type", rows_text(r, 1), on);
        const char *sort = rule_flag(type, "organ") ? "organ" : rows_copy(c, r, 0);
        if (rows_int(r, 2) == 2 && !rule_flag(type, "residential"))
            continue;
        if (n == room) {
            struct type_count *more = NEW_N(&c->arena, struct type_count, room = room ? room * 2 : 32);
            if (n)
                memcpy(more, list, n * sizeof *more);
            list = more;
        }
        if (!n || strcmp(list[n - 1].type, rows_copy(c, r, 1)) != 0 || strcmp(list[n - 1].sort, sort) != 0)
            list[n++] = (struct type_count){.sort = sort, .type = rows_copy(c, r, 1)};
        list[n - 1].all += rows_int(r, 3);
        list[n - 1].direct += rows_int(r, 2) ? rows_int(r, 3) : 0;
    }
    *out = list;
    return n;
}

static void type_row(struct table *t, enum row_kind kind, const char *label, int64_t all, int64_t direct)
{
    doc_row(t, kind);
    doc_put(t, label);
    doc_put(t, all);
    doc_put(t, direct);
}

/* The types of one sort, in the order of the rule, and their sum. */
static void sort_rows(struct ctx *c, struct table *t, const char *label, const char *sort, struct type_count *list, size_t n, day on)
{
    const struct rule_item **items;
    int64_t all = 0, direct = 0;
    size_t nitems = rule_items(c, "unit_type", on, &items);
    for (size_t k = 0; k <= nitems; k++) /* one more time for types of other days */
        for (size_t i = 0; i < n; i++) {
            if (!list[i].all || strcmp(list[i].sort, sort) != 0 || (k < nitems && strcmp(list[i].type, items[k]->code) != 0))
                continue;
            type_row(t, ROW_PLAIN, code_label(c, "unit_type", list[i].type, on), list[i].all, list[i].direct);
            all += list[i].all;
            direct += list[i].direct;
            list[i].all = 0;
        }
    if (all)
        type_row(t, ROW_PART, label, all, direct);
}

void write_units(struct ctx *c, struct doc *d, const struct roll *roll)
{
    struct type_count *list;
    int64_t cells = 0, in_branches = 0, party = 0, direct = 0;
    size_t n = gather_types(c, roll->unit, roll->on, &list);
    for (size_t i = 0; i < n; i++) {
        if (rule_flag(rule_item(c, "unit_type", list[i].type, roll->on), "holds_members"))
            cells += list[i].all;
        if (strcmp(list[i].sort, "party") == 0) {
            party += list[i].all;
            direct += list[i].direct;
        }
    }
    for (size_t i = 0; i < roll->nbranches; i++)
        in_branches += roll->branches[i].unit == roll->unit ? 0 : roll->branches[i].cells;
    must_agree(c, say(c, "số chi bộ theo đơn vị trực thuộc", "the cells by unit below"), in_branches, cells);
    doc_put_pair(d, say(c, "Số tổ chức đảng cấp dưới", "Party organisations below"), party);
    doc_put_pair(d, say(c, "Trong đó trực thuộc trực tiếp", "Of them directly below"), direct);
    doc_put_pair(d, say(c, "Trong đó chi bộ", "Of them cells"), cells);
    struct table *t = doc_table(d, say(c, "Đơn vị theo loại hình", "Units by type"));
    t->empty = say(c, "Không có đơn vị nào cấp dưới.", "There are no units below.");
    doc_column(t, say(c, "Loại hình", "Type"), COL_TEXT)->heads_row = true;
    doc_column(t, say(c, "Tất cả", "In all"), COL_NUMBER);
    doc_column(t, say(c, "Trực thuộc trực tiếp", "Directly below"), COL_NUMBER);
    for (size_t i = 0; i < N(sorts); i++)
        sort_rows(c, t, in_words(c, sorts[i].label), sorts[i].sort, list, n, roll->on);
    doc_table_note(t, say(c, "Đếm đơn vị đang hoạt động trong ngày đó, với loại hình khi ấy: cấp dưới của đơn vị, và chính quyền, đoàn thể, khu dân cư trên địa "
                             "bàn mà tổ chức đảng trong đơn vị phụ trách.",
                          "Units open on that day, by their type then: those below the unit, and the authorities, mass bodies and residential areas where Party "
                          "organisations of the unit serve."));
}
