/* The page of a unit: what stands in it and below it, who leads, who looks after what, and what became of it. */
#include "filters.h"
#include "history.h"
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/model.h"
#include "model/scope.h"
#include "party/organisation/place.h"
#include "party/organisation/story.h"
#include "party/reporting/figures.h"

enum { CHILDREN = 12, CHILDREN_PAGE = 50, POSTS = 12, TOGETHER = 8, DUTIES = 100, FEW = 2000, COUNTED_MOST = 9999 };

/* Whether to offer it here: what is read because it is served is not theirs to write. Asked whatever there is, so that a page always asks as much. */
static bool may_here(struct request *r, const struct kind *k, unsigned act)
{
    return scope_any(r->c, k, act) && scope_allows(r->c, k, act, r->place.unit, 0);
}

static const char *type_label(struct request *r, const char *type)
{
    const struct rule_item *item = rule_item(r->c, "unit_type", type, r->place.at);
    return item ? in_words(r->c, item->label) : rule_label(r->c, "unit_type", type);
}

const char *decision_words(struct request *r, const struct decision *d)
{
    char shown[DAY_TEXT];
    if (!d->id)
        return NULL;
    return arena_printf(&r->c->arena, T(r, "Quyết định số %s, %s, hiệu lực %s", "Decision %s, %s, effective %s"), d->number, d->by, day_vi(d->effective.v, shown));
}

/* --- figures --------------------------------------------------------------------------------------------------- */

static const char *change_words(struct request *r, int64_t now, int64_t was)
{
    char n[32];
    if (now == was)
        return T(r, "như một năm trước", "as a year before");
    return arena_printf(&r->c->arena, T(r, "%s %s so với một năm trước", "%s %s on a year before"), now > was ? "▲" : "▼", int_vi(now > was ? now - was : was - now, n));
}

/* A figure that is the length of a list, and opens it; nothing where the actor may read none of the kind. */
static void figure_of_list(struct request *r, const struct kind *k, const char *field, const char *value, const char *label)
{
    struct filter f = {.kind = k, .unit = r->place.unit, .at = r->place.at_given ? r->place.at : (day){0}};
    char n[32];
    const char *name = address_name(r->c, field_need(k, field));
    if (!scope_any(r->c, k, ACT_READ) || !filter_set(r->c, &f, name, value))
        return;
    int64_t count = record_count_to(r->c, &f, COUNTED_MOST);
    const char *exact = int_vi(count > COUNTED_MOST ? COUNTED_MOST : count, n);
    ui_figure(r, label, count > COUNTED_MOST ? arena_printf(&r->c->arena, "> %s", exact) : exact, T(r, "người", "people"), NULL, url(r, arena_printf(&r->c->arena, "/%s", k->name), name, value, NULL));
}

static void figures(struct request *r, const struct roll *roll)
{
    struct ctx *c = r->c;
    char n[32], m[32];
    day at = r->place.at, year_before = {at.v - 10000};
    if (!day_valid(year_before.v))
        year_before = day_add(at, -365);
    int64_t before = unit_members(c, r->place.unit, year_before), of = 0, cells = unit_count_of(c, r->place.unit, at, "holds_members");
    struct unwatched *nobody;
    int64_t members = roll->official + roll->probation;
    ui_figures(r);
    ui_figure(r, T(r, "Đảng viên", "Members"), int_vi(members, n), T(r, "người", "people"), change_words(r, members, before), url(r, "/person", "standing", "member", NULL));
    ui_figure(r, T(r, "Đảng viên dự bị", "Probationary"), int_vi(roll->probation, n), T(r, "người", "people"), NULL, url(r, "/membership", "stay", "home", "official_on", "-", NULL));
    if (!r->place.at_given) /* of a past day it is not known who they were */
        figure_of_list(r, &person_kind, "standing", "candidate", T(r, "Quần chúng ưu tú", "Candidates"));
    figure_of_list(r, &spell_kind, "sort", "exempt", T(r, "Miễn sinh hoạt", "Exempt"));
    ui_figure(r, T(r, "Chi bộ", "Cells"), int_vi(cells, n), T(r, "chi bộ", "cells"), NULL, url(r, "/tree", NULL));
    int64_t heads, areas = areas_one_holder(c, r->place.unit, at, &heads);
    if (areas)
        ui_figure(r, T(r, "Bí thư chi bộ kiêm trưởng thôn, khu", "Secretary and head in one"), arena_printf(&c->arena, "%s/%s", int_vi(heads, n), int_vi(areas, m)), T(r, "khu dân cư", "areas"),
                  NULL, url(r, "/report/posts", NULL));
    size_t missing = duties_missing(c, r->place.unit, at, &nobody, &of);
    if (of)
        ui_figure(r, T(r, "Đơn vị chưa ai phụ trách", "Units nobody looks after"), int_vi((int64_t)missing, n), T(r, "đơn vị", "units"),
                  arena_printf(&c->arena, T(r, "trong %s", "of %s"), int_vi(of, m)), url(r, "/report/duties", NULL));
    ui_figures_end(r);
}

/* --- children ---------------------------------------------------------------------------------------------------- */

static const char *secretary_of(const struct post *posts, size_t n, int64_t unit)
{
    for (size_t i = 0; i < n; i++)
        if (posts[i].unit == unit)
            return posts[i].person_name;
    return NULL;
}

/* `typed`: with what sort of unit it is; beside other sheets its name must do. */
static void child_row(struct request *r, const struct unit_brief *u, const char *secretary, bool typed)
{
    struct buf *o = &r->out;
    char n[32];
    html_f(o, "<tr><th scope=\"row\" class=\"name\"><a href=\"%s\">%s</a></th>", record_href(r, kind_of_places(), u->id, u->code), u->name);
    if (typed)
        html_f(o, "<td data-label=\"%s\">%s</td>", T(r, "Loại hình", "Type"), type_label(r, u->type));
    html_f(o, "<td class=\"nowrap\" data-label=\"%s\">%s</td>", T(r, "Bí thư", "Secretary"), secretary ? secretary : "—");
    html_f(o, "<td class=\"num opt-col\" data-label=\"%s\">%s</td><td class=\"num\" data-label=\"%s\">", T(r, "Trực thuộc", "Below"), u->below > 0 ? int_vi(u->below, n) : "—", T(r, "Đảng viên", "Members"));
    if (u->members >= 0)
        html_f(o, "<a href=\"%s\">%s</a></td></tr>", url_plain(r, "/person", "unit", u->code, "standing", "member", NULL), int_vi(u->members, n));
    else
        html(o, "—</td></tr>");
}

static void children(struct request *r, size_t most, const char *title)
{
    struct buf *o = &r->out;
    struct unit_brief *all;
    struct post *posts;
    const char *next;
    bool typed = most > CHILDREN;
    const struct unit_children_ask ask = {.unit = r->place.unit, .at = r->place.at, .most = most, .after = query_get(r, "after"), .words = query_get(r, "q"),
                                          .count = unit_has_few_below(r->c, r->place.unit, r->place.at, FEW)};
    size_t n = unit_children(r->c, &ask, &all, &next);
    int64_t *ids = NEW_N(&r->c->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = all[i].id;
    size_t np = posts_of_units(r->c, ids, n, "secretary", r->place.at, &posts);
    ui_sheet(r, title, url(r, "/tree", NULL), T(r, "Xem trên cây tổ chức", "On the tree"));
    if (!n) {
        ui_empty(r, T(r, "Không có đơn vị nào trực thuộc vào ngày này.", "No unit stands directly below on this day."), NULL, NULL);
    } else {
        html_f(o, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table class=\"cards\"><thead><tr><th scope=\"col\">%s</th>", title, T(r, "Đơn vị", "Unit"));
        if (typed)
            html_f(o, "<th scope=\"col\">%s</th>", T(r, "Loại hình", "Type"));
        html_f(o, "<th scope=\"col\">%s</th><th scope=\"col\" class=\"num opt-col\">%s</th><th scope=\"col\" class=\"num\">%s</th></tr></thead><tbody>", T(r, "Bí thư", "Secretary"), T(r, "Trực thuộc", "Below"),
               T(r, "Đảng viên", "Members"));
        for (size_t i = 0; i < n; i++)
            child_row(r, &all[i], secretary_of(posts, np, all[i].id), typed);
        html(o, "</tbody></table></div>");
    }
    if (next && most == CHILDREN)
        html_f(o, "<div class=\"foot\"><a href=\"%s\">%s</a></div>", here(r, "tab", "below", NULL), T(r, "Xem tất cả đơn vị trực thuộc", "All that stands directly below"));
    else if (next)
        html_f(o, "<div class=\"foot\"><nav class=\"pager\"><a class=\"btn\" href=\"%s\">%s</a></nav></div>", here(r, "after", next, NULL), T(r, "Các đơn vị tiếp theo", "The next units"));
    ui_sheet_end(r);
}

/* --- who leads ------------------------------------------------------------------------------------------------------ */

static int by_rank(const void *a, const void *b, void *of)
{
    struct request *r = of;
    const struct post *x = a, *y = b;
    int64_t p = rule_number(rule_item(r->c, "office", x->office, x->since), "rank"), q = rule_number(rule_item(r->c, "office", y->office, y->since), "rank");
    return p != q ? (p < q ? -1 : 1) : x->person < y->person ? -1 : x->person > y->person;
}

/* The holder, with the way to their record where one may read it. */
static void holder(struct request *r, const struct post *p)
{
    if (p->readable)
        html_f(&r->out, "<a href=\"%s\">%s</a>", record_href(r, &person_kind, p->person, NULL), p->person_name);
    else
        html_f(&r->out, "%s", p->person_name);
}

static void posts_sheet(struct request *r, size_t most)
{
    struct buf *o = &r->out;
    struct post *posts;
    char shown[DAY_TEXT];
    size_t n = posts_of_units(r->c, &r->place.unit, 1, NULL, r->place.at, &posts);
    bool adds = may_here(r, &appointment_kind, ACT_ADD);
    if (n)
        qsort_r(posts, n, sizeof *posts, by_rank, r);
    ui_sheet(r, T(r, "Chức vụ", "Offices"), url(r, "/appointment", NULL), T(r, "Cả cấp dưới", "Also below"));
    if (!n)
        ui_empty(r, T(r, "Chưa ghi ai giữ chức vụ ở đây vào ngày này.", "Nobody is entered as holding an office here on this day."),
                 adds ? url(r, "/appointment/new", "at_unit", r->place.code, NULL) : NULL, T(r, "Ghi chức vụ", "Enter an office"));
    else
        html(o, "<ul class=\"list\">");
    for (size_t i = 0; i < n && i < most; i++) {
        html(o, "<li>");
        ui_face(r, *posts[i].person_name ? posts[i].person_name : "?");
        html(o, "<span class=\"t\">");
        holder(r, &posts[i]);
        html_f(o, "<small>%s%s%s</small></span></li>",
               in_words(r->c, posts[i].office_label), posts[i].since.v ? T(r, " · từ ", " · since ") : "", posts[i].since.v ? day_vi(posts[i].since.v, shown) : "");
    }
    if (n)
        html(o, "</ul>");
    if (n > most)
        html_f(o, "<div class=\"foot\"><a href=\"%s\">%s</a></div>", here(r, "tab", "posts", NULL), T(r, "Xem tất cả", "All of them"));
    ui_sheet_end(r);
}

static void together_sheet(struct request *r)
{
    struct buf *o = &r->out;
    struct post *posts;
    char shown[32];
    size_t people = 0, n = posts_together(r->c, r->place.unit, r->place.at, &posts);
    ui_sheet(r, T(r, "Kiêm nhiệm", "Posts held together"), url(r, "/report/posts", NULL), T(r, "Báo cáo", "Report"));
    if (!n)
        ui_empty(r, T(r, "Không ai giữ từ hai chức vụ trở lên.", "Nobody holds two offices or more."), NULL, NULL);
    else
        html(o, "<ul class=\"list\">");
    for (size_t i = 0; i < n;) {
        size_t j = i;
        if (people++ >= TOGETHER) {
            while (j < n && posts[j].person == posts[i].person)
                j++;
            i = j;
            continue;
        }
        html(o, "<li><span class=\"t\">");
        holder(r, &posts[i]);
        html(o, "<small>");
        for (; j < n && posts[j].person == posts[i].person; j++)
            html_f(o, "%s%s, %s", j > i ? "; " : "", in_words(r->c, posts[j].office_label), posts[j].unit_name);
        html(o, "</small></span></li>");
        i = j;
    }
    if (n)
        html(o, "</ul>");
    if (people > TOGETHER)
        html_f(o, "<div class=\"foot\"><a href=\"%s\">%s</a></div>", url(r, "/report/posts", NULL),
               arena_printf(&r->c->arena, T(r, "Xem tất cả %s người kiêm nhiệm", "All %s who hold several"), int_vi((int64_t)people, shown)));
    ui_sheet_end(r);
}

static void duty_row(struct request *r, const void *d, const struct labels *labels)
{
    struct buf *o = &r->out;
    static const char *const whats[] = {"target", "field", "households"};
    struct buf what = {0};
    for (size_t i = 0; i < N(whats); i++) {
        const char *words = value_words(r, field_need(&duty_kind, whats[i]), d, labels, false);
        if (*words)
            buf_printf(&what, "%s%s", what.n ? "; " : "", words);
    }
    const char *since = value_words(r, field_need(&duty_kind, "since"), d, labels, false), *decision = value_words(r, field_need(&duty_kind, "decision"), d, labels, false);
    html_f(o, "<tr><th scope=\"row\" class=\"name\"><a href=\"%s\">%s</a></th><td data-label=\"%s\">%s</td>", record_href(r, &duty_kind, ((const struct row *)d)->id, NULL),
           value_words(r, field_need(&duty_kind, "person"), d, labels, false), T(r, "Phụ trách", "Looks after"), buf_take(&what, &r->c->arena));
    html_f(o, "<td data-label=\"%s\">%s</td><td data-label=\"%s\">%s</td></tr>", T(r, "Từ ngày", "Since"), *since ? since : "—", T(r, "Quyết định", "Decision"), *decision ? decision : "—");
}

/* Who looks after what, as this unit assigned it. */
static void assigned(struct request *r)
{
    struct buf *o = &r->out;
    const struct filter f = {.kind = &duty_kind, .unit = r->place.unit, .alone = true, .at = r->place.at, .limit = DUTIES};
    const struct list l = record_list(r->c, &f);
    const struct labels *labels = labels_of(r->c, &duty_kind, l.rows, l.n);
    bool adds = may_here(r, &duty_kind, ACT_ADD);
    ui_sheet(r, T(r, "Phân công của đơn vị", "As the unit assigned"), url(r, "/duty", NULL), T(r, "Cả cấp dưới", "Also below"));
    if (!l.n)
        ui_empty(r, T(r, "Chưa ghi phân công nào của đơn vị vào ngày này.", "The unit has assigned nothing on this day."),
                 adds ? url(r, "/duty/new", "by_unit", r->place.code, NULL) : NULL, T(r, "Ghi phân công", "Enter a duty"));
    else
        html_f(o, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table class=\"cards\"><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
               T(r, "Phân công của đơn vị", "As the unit assigned"), T(r, "Người phụ trách", "Person"), T(r, "Phụ trách", "Looks after"), T(r, "Từ ngày", "Since"), T(r, "Quyết định", "Decision"));
    for (size_t i = 0; i < l.n; i++)
        duty_row(r, l.rows[i], labels);
    if (l.n)
        html(o, "</tbody></table></div>");
    if (l.next)
        html_f(o, "<div class=\"foot\"><a href=\"%s\">%s</a></div>", url(r, "/duty", NULL), T(r, "Xem tất cả phân công", "All duties"));
    ui_sheet_end(r);
}

static void nobody_sheet(struct request *r)
{
    struct buf *o = &r->out;
    struct unwatched *nobody;
    int64_t of;
    size_t n = duties_missing(r->c, r->place.unit, r->place.at, &nobody, &of);
    bool adds = may_here(r, &duty_kind, ACT_ADD);
    ui_sheet(r, T(r, "Đơn vị chưa ai phụ trách", "Units nobody looks after"), url(r, "/report/duties", NULL), T(r, "Báo cáo", "Report"));
    if (!n)
        ui_empty(r, of ? T(r, "Mọi đơn vị đều có người phụ trách.", "Somebody looks after every unit.") : T(r, "Không có tổ chức đảng nào bên dưới.", "There is no Party unit below."), NULL, NULL);
    else
        html(o, "<ul class=\"list\">");
    for (size_t i = 0; i < n && i < 200; i++) {
        html(o, "<li>");
        ui_tag(r, TONE_DUE, "warn", T(r, "Chưa có", "Nobody"));
        html_f(o, "<span class=\"t\"><a href=\"%s\">%s</a><small>%s</small></span>", record_href(r, kind_of_places(), nobody[i].unit, nobody[i].code), nobody[i].name, type_label(r, nobody[i].type));
        if (adds)
            ui_button(r, url(r, "/duty/new", "by_unit", r->place.code, "sort", "unit", "target", nobody[i].code, NULL), "plus", T(r, "Phân công", "Assign"), false);
        html(o, "</li>");
    }
    if (n)
        html(o, "</ul>");
    ui_sheet_end(r);
}

static void duties_tab(struct request *r)
{
    html(&r->out, "<div class=\"stack\">");
    assigned(r);
    nobody_sheet(r);
    html(&r->out, "</div>");
}

/* --- what became of it ------------------------------------------------------------------------------------------------ */

static void story_line(struct request *r, const struct story_entry *e)
{
    struct buf *o = &r->out;
    const char *other = e->other_code ? record_href(r, kind_of_places(), e->other, e->other_code) : NULL;
    switch (e->what) {
    case FOUNDED: html_f(o, "%s%s%s", T(r, "Thành lập", "Founded"), e->was ? T(r, ", trực thuộc ", ", under ") : "", e->was ? e->was : ""); break;
    case RENAMED: html_f(o, "%s: “%s” → “%s”", T(r, "Đổi tên", "Renamed"), e->was, e->now); break;
    case RECLASSED: html_f(o, "%s: %s → %s", T(r, "Đổi loại hình", "Class changed"), type_label(r, e->was), type_label(r, e->now)); break;
    case MOVED_UNDER: html_f(o, "%s <a href=\"%s\">%s</a>", T(r, "Chuyển về trực thuộc", "Moved under"), other ? other : "#", e->now ? e->now : "?"); break;
    case CLOSED_DOWN: html_f(o, "%s", T(r, "Kết thúc hoạt động", "Closed")); break;
    case CAME_FROM: html_f(o, "%s <a href=\"%s\">%s</a>", T(r, "Tiếp nhận từ", "Took over from"), other ? other : "#", e->now); break;
    case WENT_INTO: html_f(o, "%s <a href=\"%s\">%s</a>", T(r, "Chuyển thành, nhập vào", "Became part of"), other ? other : "#", e->now); break;
    case CONGRESS: html_f(o, "%s %s%s%s", T(r, "Nhiệm kỳ", "Term"), e->now, e->was ? T(r, ", Đại hội lần thứ ", ", congress ") : "", e->was ? e->was : ""); break;
    default: break;
    }
}

static void story(struct request *r, size_t most)
{
    struct buf *o = &r->out;
    struct story_entry *all;
    char shown[DAY_TEXT];
    size_t n = unit_story(r->c, r->place.unit, &all);
    html(o, "<ol class=\"time\">");
    for (size_t i = 0; i < n && i < most; i++) {
        const char *decision = decision_words(r, &all[i].decision);
        html(o, "<li>");
        story_line(r, &all[i]);
        html_f(o, "<small>%s", all[i].on.v ? day_vi(all[i].on.v, shown) : T(r, "chưa rõ ngày", "day not known"));
        if (decision)
            html_f(o, " · <a href=\"%s\">%s</a>", record_href(r, &unit_change_kind, all[i].decision.id, NULL), decision);
        html(o, "</small></li>");
    }
    html(o, "</ol>");
    if (n > most)
        html_f(o, "<div class=\"foot\"><a href=\"%s\">%s</a></div>", here(r, "tab", "story", NULL), T(r, "Toàn bộ lịch sử", "The whole story"));
}

static void story_sheet(struct request *r, size_t most)
{
    ui_sheet(r, T(r, "Lịch sử tổ chức", "What became of it"), most < 100 ? here(r, "tab", "story", NULL) : NULL, T(r, "Xem tất cả", "All of it"));
    story(r, most);
    ui_sheet_end(r);
}

/* --- the page ------------------------------------------------------------------------------------------------------------ */

static void actions(struct request *r)
{
    bool change = may_here(r, kind_of_places(), ACT_CHANGE), add = may_here(r, kind_of_places(), ACT_ADD), decide = scope_any(r->c, &unit_change_kind, ACT_DECIDE);
    const char *id = arena_printf(&r->c->arena, "/unit/%lld", (long long)r->place.unit);
    ui_menu(r, T(r, "Khác", "More"), NULL);
    if (change)
        html_f(&r->out, "<a href=\"%s\">%s</a>", url(r, arena_printf(&r->c->arena, "%s/edit", id), NULL), T(r, "Sửa thông tin đơn vị", "Correct the unit's data"));
    if (decide)
        html_f(&r->out, "<a href=\"%s\">%s</a>", url(r, "/change", NULL), T(r, "Thay đổi tổ chức theo quyết định", "Change by decision"));
    if (add)
        html_f(&r->out, "<a href=\"%s\">%s</a>", url(r, "/unit/new", "superior", r->place.code, NULL), T(r, "Thêm đơn vị trực thuộc", "Add a unit below"));
    html_f(&r->out, "<a href=\"%s\">%s</a>", url(r, "/tree/diff", NULL), T(r, "So sánh hai thời điểm", "Compare two days"));
    html_f(&r->out, "<a href=\"%s\">%s</a>", here(r, "tab", "who", NULL), T(r, "Ai xem được", "Who can see this"));
    ui_menu_end(r);
    ui_button(r, url(r, "/report/members", NULL), "doc", T(r, "Lập báo cáo", "Make a report"), true);
}

static void overview(struct request *r, const struct roll *roll)
{
    figures(r, roll);
    html(&r->out, "<div class=\"two\"><div class=\"stack\">");
    children(r, CHILDREN, T(r, "Đơn vị trực thuộc", "Directly below"));
    together_sheet(r);
    html(&r->out, "</div><div class=\"stack\">");
    posts_sheet(r, POSTS);
    story_sheet(r, 6);
    html(&r->out, "</div></div>");
}

/* "Đảng bộ cơ sở · nhiệm kỳ 2015–2020 · nay là Đảng bộ phường Hiệp Hòa" */
static const char *lead(struct request *r, const struct unit_brief *u)
{
    struct buf b = {0};
    struct story_entry *all;
    char shown[DAY_TEXT];
    size_t n = unit_story(r->c, r->place.unit, &all);
    buf_puts(&b, type_label(r, u->type));
    for (size_t i = 0; i < n; i++)
        if (all[i].what == CONGRESS && all[i].on.v <= r->place.at.v) {
            buf_printf(&b, T(r, " · nhiệm kỳ %s", " · term %s"), all[i].now);
            break;
        }
    for (size_t i = 0; i < n; i++) {
        if (all[i].what == WENT_INTO)
            buf_printf(&b, T(r, " · nay là %s", " · now %s"), all[i].now);
        if (all[i].what == CLOSED_DOWN && all[i].on.v <= r->place.at.v)
            buf_printf(&b, T(r, " · kết thúc hoạt động từ %s", " · closed on %s"), day_vi(all[i].on.v, shown));
    }
    return buf_take(&b, &r->c->arena);
}

static void who_tab(struct request *r)
{
    const struct kind *kind = r->kind;
    void *u = record_find(r->c, kind_of_places(), r->place.unit, ACT_READ);
    r->kind = kind_of_places();
    if (u)
        show_who_sees(r, u);
    r->kind = kind;
}

void p_unit(struct request *r)
{
    struct ctx *c = r->c;
    struct unit_brief *line;
    const char *tab = query_get(r, "tab");
    void *u = record_by_code(c, kind_of_places(), r->parts[0], ACT_READ);
    if (!u) {
        fail(c, ERR_MISSING, "Không có đơn vị này, hoặc bạn không được xem.", "There is no such unit, or it is not yours to see.");
        return;
    }
    place_set(r, ((struct row *)u)->id);
    size_t n = unit_line(c, r->place.unit, r->place.at, &line);
    struct unit_brief self = n ? line[n - 1] : (struct unit_brief){.name = r->place.name, .type = ""};
    tab = tab ? tab : "";
    struct roll roll = {.unit = r->place.unit, .on = r->place.at};
    roll_whole(c, &roll);
    const struct tab tabs[] = {
        {T(r, "Tổng quan", "Overview"), here(r, "tab", "", "after", "", NULL), -1, !*tab},
        {T(r, "Trực thuộc", "Below"), here(r, "tab", "below", "after", "", NULL), unit_count_below(c, r->place.unit, r->place.at), strcmp(tab, "below") == 0},
        {T(r, "Đảng viên", "Members"), url(r, "/person", "standing", "member", NULL), roll.official + roll.probation, false},
        {T(r, "Chức vụ", "Offices"), here(r, "tab", "posts", "after", "", NULL), -1, strcmp(tab, "posts") == 0},
        {T(r, "Phân công phụ trách", "Duties"), here(r, "tab", "duties", "after", "", NULL), -1, strcmp(tab, "duties") == 0},
        {T(r, "Lịch sử tổ chức", "History"), here(r, "tab", "story", "after", "", NULL), -1, strcmp(tab, "story") == 0},
        {T(r, "Nhật ký", "Audit"), here(r, "tab", "history", "after", "", NULL), -1, strcmp(tab, "history") == 0},
    };
    page_begin(r, &(struct page){.title = self.name, .lead = lead(r, &self), .chapter = CHAPTER_UNITS, .actions = actions});
    page_tabs(r, tabs, N(tabs));
    if (strcmp(tab, "below") == 0)
        children(r, CHILDREN_PAGE, T(r, "Đơn vị trực thuộc", "Directly below"));
    else if (strcmp(tab, "posts") == 0)
        posts_sheet(r, 500);
    else if (strcmp(tab, "duties") == 0)
        duties_tab(r);
    else if (strcmp(tab, "story") == 0)
        story_sheet(r, 300);
    else if (strcmp(tab, "history") == 0)
        history_show(r, kind_of_places(), r->place.unit);
    else if (strcmp(tab, "who") == 0)
        who_tab(r);
    else
        overview(r, &roll);
    page_end(r);
}
