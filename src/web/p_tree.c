/* The tree of units on any day, opened node by node, and what differs between two days. */
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/model.h"
#include "party/organisation/place.h"
#include "party/organisation/story.h"
#include "party/reporting/figures.h"

enum { AT_ONCE = 100, FEW = 2000 };

struct branch_of { /* the line of units that stand open */
    const struct unit_brief *line;
    size_t n;
};

static const char *icon_of(const struct unit_brief *u)
{
    if (u->organ)
        return "settings";
    return strcmp(u->sort, "area") == 0 ? "home" : strcmp(u->sort, "state") == 0 ? "doc" : strcmp(u->sort, "mass") == 0 ? "people" : "tree";
}

static void counts(struct request *r, const struct unit_brief *u)
{
    char n[32], m[32];
    if (u->below > 0 && u->members > 0)
        html_f(&r->out, "<span class=\"n\">%s %s · %s %s</span>", int_vi(u->below, m), T(r, "đơn vị", "units"), int_vi(u->members, n), T(r, "đảng viên", "members"));
    else if (u->members > 0)
        html_f(&r->out, "<span class=\"n\">%s %s</span>", int_vi(u->members, n), T(r, "đảng viên", "members"));
    else if (u->below > 0)
        html_f(&r->out, "<span class=\"n\">%s %s</span>", int_vi(u->below, m), T(r, "đơn vị", "units"));
}

static const char *label_of_type(struct request *r, const struct unit_brief *u)
{
    const struct rule_item *item = rule_item(r->c, "unit_type", u->type, r->place.at);
    return item ? in_words(r->c, item->label) : "";
}

static void name_of(struct request *r, const struct unit_brief *u)
{
    ui_icon(r, icon_of(u));
    html_f(&r->out, "<a href=\"%s\" title=\"%s\">%s</a>", record_href(r, kind_of_places(), u->id, u->code), label_of_type(r, u), u->name);
    counts(r, u);
}

static void below(struct request *r, int64_t unit, const struct branch_of *open, size_t depth);

static void node(struct request *r, const struct unit_brief *u, const struct branch_of *open, size_t depth)
{
    struct buf *o = &r->out;
    bool on = depth < open->n && open->line[depth].id == u->id, here_now = r->place.unit == u->id;
    char at[DAY_TEXT];
    html(o, "<li>");
    if (u->below == 0) {
        html_f(o, "<div class=\"leaf%s\">", here_now ? " here" : "");
        name_of(r, u);
        html(o, "</div></li>");
        return;
    }
    html_f(o, "<div class=\"line%s\">", here_now ? " here" : "");
    name_of(r, u);
    html_f(o, "</div><details data-src=\"%s\"", url_plain(r, "/tree", "part", "1", "of", u->code, "at", r->place.at_given ? day_iso(r->place.at.v, at) : NULL, NULL));
    if (on)
        html(o, " open");
    html_f(o, "><summary><span class=\"vh\">%s %s</span></summary>", T(r, "Các đơn vị của", "Units of"), u->name);
    if (on)
        below(r, u->id, open, depth + 1);
    else /* without script the node opens as a page of its own */
        html_f(o, "<ul><li><a href=\"%s\">%s</a></li></ul>", url_plain(r, "/tree", "unit", u->code, "at", r->place.at_given ? day_iso(r->place.at.v, at) : NULL, NULL),
               T(r, "Mở các đơn vị trực thuộc", "Open what stands below"));
    html(o, "</details></li>");
}

static void below(struct request *r, int64_t unit, const struct branch_of *open, size_t depth)
{
    struct unit_brief *all;
    const char *next;
    bool few = unit && unit_has_few_below(r->c, unit, r->place.at, FEW);
    const struct unit_children_ask ask = {.unit = unit, .at = r->place.at, .most = AT_ONCE, .after = depth == open->n ? query_get(r, "after") : NULL, .count = few || !unit};
    size_t n = unit_children(r->c, &ask, &all, &next);
    html_f(&r->out, "<ul class=\"%s\">", depth || query_get(r, "part") ? "" : "tree");
    for (size_t i = 0; i < n; i++)
        node(r, &all[i], open, depth);
    if (next)
        html_f(&r->out, "<li><a href=\"%s\">%s</a></li>", here(r, "part", "", "after", next, NULL), T(r, "Các đơn vị tiếp theo…", "The next units…"));
    html(&r->out, "</ul>");
}

/* The children of one node, for a tree that is being opened. */
static void part(struct request *r, const char *code)
{
    void *u = record_by_code(r->c, kind_of_places(), code, ACT_READ);
    html(&r->out, "<!doctype html><html lang=\"vi\"><head><title>-</title></head><body>");
    if (u)
        below(r, ((struct row *)u)->id, &(struct branch_of){0}, 0);
    else
        html(&r->out, "<ul></ul>");
    html(&r->out, "</body></html>");
}

static void found(struct request *r, const char *words)
{
    struct filter f = {.kind = kind_of_places(), .search = words, .at = r->place.at, .limit = 50};
    struct list l = record_list(r->c, &f);
    const struct labels *labels = labels_of(r->c, f.kind, l.rows, l.n);
    const struct field *superior = field_need(f.kind, "superior");
    if (!l.n)
        ui_empty(r, arena_printf(&r->c->arena, T(r, "Không có đơn vị nào tên có “%s”.", "No unit has “%s” in its name."), words), url(r, "/tree", NULL), T(r, "Về cây tổ chức", "Back to the tree"));
    else
        html(&r->out, "<ul class=\"list\">");
    for (size_t i = 0; i < l.n; i++)
        html_f(&r->out, "<li><span class=\"t\"><a href=\"%s\">%s</a><small>%s</small></span></li>", record_href(r, f.kind, ((struct row *)l.rows[i])->id, record_code(f.kind, l.rows[i])),
               record_title(r->c, f.kind, l.rows[i]), value_words(r, superior, l.rows[i], labels, false));
    if (l.n)
        html(&r->out, "</ul>");
}

static void actions(struct request *r)
{
    ui_button(r, url(r, "/tree/diff", NULL), "history", T(r, "So sánh hai thời điểm", "Compare two days"), false);
}

void p_tree(struct request *r)
{
    struct unit_brief *line = NULL;
    const char *of = query_get(r, "of"), *words = query_get(r, "q");
    char shown[DAY_TEXT], at[DAY_TEXT];
    if (query_get(r, "part") && of) {
        part(r, of);
        return;
    }
    int64_t opened = r->place.unit ? r->place.unit : unit_of_actor(r->c);
    size_t n = opened ? unit_line(r->c, opened, r->place.at, &line) : 0, skip = 0;
    while (skip < n && !line[skip].readable)
        skip++;
    page_begin(r, &(struct page){.title = T(r, "Cây tổ chức", "The tree of units"), .chapter = CHAPTER_UNITS, .actions = actions,
                                 .lead = arena_printf(&r->c->arena, T(r, "Tính đến ngày %s", "As at %s"), day_vi(r->place.at.v, shown))});
    html_f(&r->out, "<section class=\"sheet\"><form class=\"filters\" action=\"/tree\" role=\"search\"><input class=\"field\" type=\"search\" name=\"q\" value=\"%s\" placeholder=\"%s\" aria-label=\"%s\">", words ? words : "",
           T(r, "Tìm đơn vị, không cần dấu", "Find a unit, diacritics optional"), T(r, "Tìm đơn vị", "Find a unit"));
    if (r->place.at_given)
        ui_hidden(r, "at", day_iso(r->place.at.v, at));
    html_f(&r->out, "<button class=\"btn\">%s</button></form>", T(r, "Tìm", "Find"));
    if (words && *words) {
        found(r, words);
    } else {
        html(&r->out, "<div class=\"pad\">");
        below(r, 0, &(struct branch_of){line + skip, n - skip}, 0);
        html(&r->out, "</div>");
    }
    html(&r->out, "</section>");
    page_end(r);
}

/* --- two days ------------------------------------------------------------------------------------------------- */

/* A day that the address asks for; none = what was typed is no day, which is said beside the field. */
static day day_asked(struct request *r, const char *name, day otherwise)
{
    const char *s = query_get(r, name);
    day d = otherwise;
    if (s && *s && !day_parse(s, strlen(s), false, &d.v))
        d.v = 0;
    return d;
}

static void day_input(struct request *r, const char *name, const char *label, day d)
{
    char shown[DAY_TEXT];
    html_f(&r->out, "<div class=\"row%s\"><label for=\"f-%s\">%s</label>", d.v ? "" : " bad", name, label);
    if (!d.v)
        html_f(&r->out, "<p class=\"error\" id=\"e-%s\">%s</p>", name, T(r, "Ngày không có trong lịch: viết như 30/06/2025.", "Not a day of the calendar: write it as 30/06/2025."));
    html_f(&r->out, "<input class=\"field short\" id=\"f-%s\" name=\"%s\" value=\"%s\" inputmode=\"numeric\" autocomplete=\"off\"%s></div>", name, name, d.v ? day_vi(d.v, shown) : query_get(r, name),
           d.v ? "" : " aria-invalid=\"true\"");
}

static void tags(struct request *r, const struct tree_change *t)
{
    struct buf *o = &r->out;
    bool split = str_same(t->decision.act, "split");
    if (t->founded)
        html_f(o, "<span class=\"tag founded\">%s</span> ",
               split ? T(r, "Lập do chia, tách", "Founded by a split") : t->npredecessors ? T(r, "Lập do hợp nhất", "Founded by a merger") : T(r, "Lập mới", "Founded"));
    if (t->closed)
        html_f(o, "<span class=\"tag closed\">%s</span> ",
               split ? T(r, "Chia, tách", "Split") : t->nsuccessors ? T(r, "Nhập vào đơn vị khác", "Merged into another") : T(r, "Kết thúc hoạt động", "Closed"));
    if (!t->founded && !t->closed && t->npredecessors)
        html_f(o, "<span class=\"tag merged\">%s</span> ", T(r, "Nhận đơn vị khác nhập vào", "Took others in"));
    if (t->moved)
        html_f(o, "<span class=\"tag moved\">%s</span> ", T(r, "Chuyển trực thuộc", "Moved"));
    if (t->renamed)
        html_f(o, "<span class=\"tag merged\">%s</span> ", T(r, "Đổi tên", "Renamed"));
    if (t->reclassed)
        html_f(o, "<span class=\"tag\">%s</span> ", T(r, "Đổi loại hình", "Class changed"));
}

static void change_row(struct request *r, const struct tree_change *t)
{
    struct buf *o = &r->out;
    const char *decision = decision_words(r, &t->decision), *was = t->name_was ? t->name_was : "—", *now = t->name_now ? t->name_now : "—";
    html_f(o, "<tr><th scope=\"row\" class=\"name\"><a href=\"%s\">%s</a></th><td data-label=\"%s\">", record_href(r, kind_of_places(), t->unit, t->code), t->name_now ? t->name_now : t->name_was,
           T(r, "Thay đổi", "Change"));
    tags(r, t);
    if (t->renamed)
        html_f(o, "<small>“%s” → “%s”</small> ", was, now);
    if (t->moved)
        html_f(o, "<small>%s → %s</small> ", t->above_was ? t->above_was : "—", t->above_now ? t->above_now : "—");
    if (t->predecessors)
        html_f(o, "<small>%s: %s</small> ", T(r, "Từ", "From"), t->predecessors);
    if (t->successors)
        html_f(o, "<small>%s: %s</small>", T(r, "Thành", "Into"), t->successors);
    html_f(o, "</td><td data-label=\"%s\">", T(r, "Quyết định", "Decision"));
    if (decision)
        html_f(o, "<a href=\"%s\">%s</a>", record_href(r, &unit_change_kind, t->decision.id, NULL), decision);
    else
        html(o, "—");
    html(o, "</td></tr>");
}

static void changes(struct request *r, day from, day to)
{
    struct buf *o = &r->out;
    struct tree_change *all;
    struct movement m = {0};
    char n[32], a[32], b[32];
    size_t count = tree_difference(r->c, r->place.unit, from, to, &all), founded = 0, closed = 0, moved = 0, renamed = 0;
    for (size_t i = 0; i < count; i++) {
        founded += all[i].founded;
        closed += all[i].closed;
        moved += all[i].moved;
        renamed += all[i].renamed;
    }
    int64_t before = unit_members(r->c, r->place.unit, from), after = unit_members(r->c, r->place.unit, to);
    if (r->place.unit && from.v < to.v && !movement_gather(r->c, &m, r->place.unit, &(struct period){.from = day_add(from, 1), .to = to, .sort = PERIOD_RANGE}))
        return;
    ui_figures(r);
    ui_figure(r, T(r, "Lập mới", "Founded"), int_vi((int64_t)founded, n), T(r, "đơn vị", "units"), NULL, NULL);
    ui_figure(r, T(r, "Kết thúc", "Closed"), int_vi((int64_t)closed, n), T(r, "đơn vị", "units"), NULL, NULL);
    ui_figure(r, T(r, "Chuyển trực thuộc", "Moved"), int_vi((int64_t)moved, n), T(r, "đơn vị", "units"), NULL, NULL);
    ui_figure(r, T(r, "Đổi tên", "Renamed"), int_vi((int64_t)renamed, n), T(r, "đơn vị", "units"), NULL, NULL);
    ui_figure(r, T(r, "Đảng viên", "Members"), int_vi(after, b), T(r, "người", "people"), arena_printf(&r->c->arena, T(r, "ngày đầu: %s", "on the first day: %s"), int_vi(before, a)), NULL);
    if (r->place.unit)
        ui_figure(r, T(r, "Vào, ra trong thời gian đó", "Came and went between"), arena_printf(&r->c->arena, "+%s −%s", int_vi(m.in.n, a), int_vi(m.out.n, b)), T(r, "người", "people"), NULL, NULL);
    ui_figures_end(r);
    html(o, "<section class=\"sheet gap\">");
    if (!count)
        ui_empty(r, T(r, "Tổ chức không thay đổi giữa hai ngày này.", "Nothing changed between these two days."), NULL, NULL);
    else
        html_f(o, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table class=\"cards\"><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
               T(r, "Thay đổi", "Changes"), T(r, "Đơn vị", "Unit"), T(r, "Thay đổi", "Change"), T(r, "Quyết định", "Decision"));
    for (size_t i = 0; i < count; i++)
        change_row(r, &all[i]);
    if (count)
        html(o, "</tbody></table></div>");
    if (count == TREE_CHANGES_MOST)
        html_f(o, "<div class=\"foot\"><span>%s</span></div>", T(r, "Còn nữa: chọn một đơn vị hoặc khoảng thời gian hẹp hơn.", "There are more: choose a unit or days closer together."));
    html(o, "</section>");
}

void p_tree_diff(struct request *r)
{
    day year_ago = day_valid(r->c->today.v - 10000) ? (day){r->c->today.v - 10000} : day_add(r->c->today, -365);
    day from = day_asked(r, "from", year_ago), to = day_asked(r, "to", r->place.at);
    if (from.v && to.v && from.v > to.v) {
        day earlier = to;
        to = from;
        from = earlier;
    }
    page_begin(r, &(struct page){.title = T(r, "So sánh tổ chức giữa hai ngày", "The tree on two days"), .chapter = CHAPTER_UNITS, .error = !from.v || !to.v,
                                 .lead = T(r, "Mỗi thay đổi kèm quyết định đã làm nên nó.", "Each change with the decision that made it."),
                                 .crumbs = {{T(r, "Cây tổ chức", "The tree of units"), url(r, "/tree", NULL)}, {T(r, "So sánh hai ngày", "Two days"), NULL}}});
    html(&r->out, "<section class=\"sheet\"><form class=\"filters more\" action=\"/tree/diff\">");
    if (r->place.unit)
        ui_hidden(r, "unit", r->place.code);
    day_input(r, "from", T(r, "Từ ngày", "From"), from);
    day_input(r, "to", T(r, "Đến ngày", "To"), to);
    html_f(&r->out, "<button class=\"btn main\">%s</button></form></section>", T(r, "So sánh", "Compare"));
    if (from.v && to.v) {
        html(&r->out, "<div class=\"gap\">");
        changes(r, from, to);
        html(&r->out, "</div>");
    } else {
        r->status = 422;
    }
    page_end(r);
}
