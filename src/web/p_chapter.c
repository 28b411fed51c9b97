/* The pages of two chapters, units and people: what an office wants first, and the ways to everything else. */
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"
#include "waits.h"

#include "base/str.h"
#include "model/scope.h"
#include "party/organisation/place.h"

enum { DECISIONS = 6, WAITING_SHOWN = 4 };

static void chapter_row(struct request *r, const struct kind *k, const char *icon, const char *what)
{
    char n[32];
    struct filter f = {.kind = k, .unit = r->place.unit, .at = r->place.at};
    if (!scope_any(r->c, k, ACT_READ))
        return;
    int64_t count = record_count_to(r->c, &f, 9999);
    html(&r->out, "<li>");
    ui_icon(r, icon);
    html_f(&r->out, "<span class=\"t\"><a href=\"%s\">%s</a><small>%s</small></span><span class=\"n\">%s%s</span></li>", url(r, arena_printf(&r->c->arena, "/%s", k->name), NULL), in_words(r->c, k->plural), what,
           count > 9999 ? "> " : "", int_vi(count > 9999 ? 9999 : count, n));
}

static void link_row(struct request *r, const char *href, const char *icon, const char *words, const char *what)
{
    html(&r->out, "<li>");
    ui_icon(r, icon);
    html_f(&r->out, "<span class=\"t\"><a href=\"%s\">%s</a><small>%s</small></span></li>", href, words, what);
}

/* The last decisions about units, each with its day, number and who decided. */
static void decisions(struct request *r)
{
    const struct kind *k = &unit_change_kind;
    const struct filter f = {.kind = k, .unit = r->place.unit, .at = r->place.at, .all_times = true, .sort = field_need(k, "effective_on"), .descending = true, .limit = DECISIONS};
    if (!scope_any(r->c, k, ACT_READ))
        return;
    const struct list l = record_list(r->c, &f);
    const struct labels *labels = labels_of(r->c, k, l.rows, l.n);
    ui_sheet(r, T(r, "Quyết định gần đây về tổ chức", "Latest decisions about units"), url(r, "/unit_change", NULL), T(r, "Xem tất cả", "All of them"));
    if (!l.n)
        ui_empty(r, T(r, "Chưa có quyết định nào được ghi ở đây. Lập, hợp nhất, chia tách, đổi tên đều bắt đầu từ một quyết định.", "No decision is entered here. Founding, merging, splitting and renaming begin with one."),
                 scope_any(r->c, k, ACT_DECIDE) ? url(r, "/change", NULL) : NULL, T(r, "Thay đổi tổ chức", "Change units"));
    else
        html(&r->out, "<ol class=\"time\">");
    for (size_t i = 0; i < l.n; i++)
        html_f(&r->out, "<li>%s: <a href=\"%s\">%s</a><small>%s · %s · %s %s</small></li>", value_words(r, field_need(k, "act"), l.rows[i], labels, false),
               record_href(r, k, ((const struct row *)l.rows[i])->id, NULL), value_words(r, field_need(k, "number"), l.rows[i], labels, false), value_words(r, field_need(k, "decided_by"), l.rows[i], labels, false),
               value_words(r, field_need(k, "state"), l.rows[i], labels, false), T(r, "hiệu lực", "effective"), value_words(r, field_need(k, "effective_on"), l.rows[i], labels, false));
    if (l.n)
        html(&r->out, "</ol>");
    ui_sheet_end(r);
}

void p_organisation(struct request *r)
{
    static const enum waiting_sort sorts[] = {WAITING_SECRETARY, WAITING_TERM};
    struct waiting *all;
    int64_t counts[WAITING_SORTS], waits = 0;
    if (!r->place.unit)
        place_set(r, unit_of_actor(r->c));
    size_t n = waiting_of_sorts(r->c, r->place.unit, sorts, N(sorts), &all, counts);
    for (size_t i = 0; i < WAITING_SORTS; i++)
        waits += counts[i];
    page_begin(r, &(struct page){.title = T(r, "Tổ chức", "Organisation"), .chapter = CHAPTER_UNITS, .lead = r->place.name});
    html(&r->out, "<div class=\"halves\"><section class=\"sheet\"><ul class=\"list\">");
    if (r->place.unit)
        link_row(r, record_href(r, kind_of_places(), r->place.unit, r->place.code), "tree", r->place.name, T(r, "Trang của đơn vị", "The unit's page"));
    link_row(r, url(r, "/tree", NULL), "tree", T(r, "Cây tổ chức", "The tree of units"), T(r, "Vào bất kỳ ngày nào", "On any day"));
    link_row(r, url(r, "/tree/diff", NULL), "history", T(r, "So sánh hai ngày", "Compare two days"), T(r, "Lập, hợp nhất, tách, chuyển, đổi tên, kết thúc", "Founded, merged, split, moved, renamed, closed"));
    link_row(r, url(r, "/change", NULL), "merge", T(r, "Thay đổi tổ chức theo quyết định", "Change units by decision"), T(r, "Xem trước, thực hiện, hoàn tác", "Preview, carry out, undo"));
    html(&r->out, "</ul></section><section class=\"sheet\"><ul class=\"list\">");
    chapter_row(r, &unit_kind, "tree", T(r, "Danh sách mọi đơn vị", "All units as a list"));
    chapter_row(r, &unit_change_kind, "merge", T(r, "Các quyết định về tổ chức", "Decisions about units"));
    chapter_row(r, &term_kind, "calendar", T(r, "Nhiệm kỳ và đại hội", "Terms and congresses"));
    chapter_row(r, &attachment_kind, "doc", T(r, "Văn bản kèm theo", "Files that were attached"));
    html(&r->out, "</ul></section></div><div class=\"halves gap\"><div class=\"stack\">");
    decisions(r);
    html(&r->out, "</div><div class=\"stack\">");
    for (size_t i = 0; i < N(sorts); i++)
        waits_sheet(r, all, n, sorts[i], counts[sorts[i]], WAITING_SHOWN);
    nobody_looks_after(r, WAITING_SHOWN);
    if (!waits)
        html_f(&r->out, "<section class=\"sheet\"><p class=\"body\">%s</p></section>", T(r, "Chi bộ nào cũng có bí thư; không nhiệm kỳ nào sắp hết.", "Every cell has a secretary; no term is about to end."));
    html(&r->out, "</div></div>");
    page_end(r);
}

void p_people(struct request *r)
{
    if (!r->place.unit)
        place_set(r, unit_of_actor(r->c));
    page_begin(r, &(struct page){.title = T(r, "Con người", "People"), .chapter = CHAPTER_PEOPLE, .lead = r->place.name});
    html(&r->out, "<div class=\"halves\"><section class=\"sheet\"><ul class=\"list\">");
    chapter_row(r, &person_kind, "people", T(r, "Đảng viên, quần chúng ưu tú, người đã ra khỏi Đảng", "Members, candidates, former members"));
    chapter_row(r, &membership_kind, "home", T(r, "Sinh hoạt ở chi bộ nào, từ bao giờ", "Who belongs to which cell, since when"));
    chapter_row(r, &spell_kind, "clock", T(r, "Miễn sinh hoạt, đình chỉ", "Exempt, suspended"));
    html(&r->out, "</ul></section><section class=\"sheet\"><ul class=\"list\">");
    link_row(r, url(r, "/transfer", NULL), "arrow-right", T(r, "Chuyển sinh hoạt đảng", "Transfers"), T(r, "Giới thiệu đi, tiếp nhận", "Sent and received"));
    chapter_row(r, &appointment_kind, "user", T(r, "Chức vụ đảng, chính quyền, đoàn thể", "Party, state and mass offices"));
    chapter_row(r, &duty_kind, "check", T(r, "Phụ trách đơn vị, lĩnh vực, hộ", "Units, fields and households looked after"));
    html(&r->out, "</ul></section></div>");
    page_end(r);
}
