/* What is due where one works, the key figures of the place, and the ways to the day's work; and the small choices that a browser
 * keeps. */
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/scope.h"
#include "party/organisation/place.h"
#include "party/reporting/figures.h"
#include "party/reporting/waiting.h"

struct waiting_words {
    const char *icon, *all; /* all: path of the list of them */
    struct words title;
};

static const struct waiting_words words_of[WAITING_SORTS] = {
    [WAITING_TO_RECEIVE] = {"arrow-right", "/transfer", {"Chờ tiếp nhận", "To be received"}},
    [WAITING_SENT] = {"external", "/transfer", {"Đã giới thiệu, nơi đến chưa tiếp nhận", "Sent, not yet received"}},
    [WAITING_PROBATION] = {"calendar", "/person", {"Hết 12 tháng dự bị", "Twelve months of probation"}},
    [WAITING_TERM] = {"clock", "/term", {"Nhiệm kỳ sắp hết hoặc đã hết", "Terms that end or have ended"}},
    [WAITING_SECRETARY] = {"user", "/appointment", {"Chi bộ chưa ghi bí thư", "Cells without a secretary entered"}},
    [WAITING_NUMBERS] = {"edit", "/person", {"Hồ sơ thiếu ngày sinh hoặc số định danh, số thẻ", "Dossiers without birth, id or card number"}},
};

static const char *href_of(struct request *r, const struct waiting *w)
{
    switch (w->sort) {
    case WAITING_TO_RECEIVE: return url(r, arena_printf(&r->c->arena, "/transfer/%lld/receive", (long long)w->id), NULL);
    case WAITING_SENT: return url(r, "/transfer", NULL);
    case WAITING_PROBATION:
    case WAITING_NUMBERS: return url(r, arena_printf(&r->c->arena, "/person/%lld/edit", (long long)w->id), NULL);
    case WAITING_TERM: return record_href(r, &term_kind, w->id, NULL);
    case WAITING_SECRETARY: return url_plain(r, "/appointment/new", "at_unit", w->code, "office", "secretary", "unit", w->code, NULL);
    case WAITING_SORTS:
    default: return "/";
    }
}

static void due_tag(struct request *r, const struct waiting *w)
{
    if (!w->due.v)
        return;
    bool sent = w->sort == WAITING_TO_RECEIVE || w->sort == WAITING_SENT;
    int days = day_number(w->due) - day_number(r->c->today);
    if (sent)
        ui_tag(r, days < -42 ? TONE_LATE : TONE_DUE, days < -42 ? "late" : "clock", arena_printf(&r->c->arena, T(r, "Chờ %d ngày", "Waits %d days"), -days));
    else if (days < 0)
        ui_tag(r, TONE_LATE, "late", arena_printf(&r->c->arena, T(r, "Quá %d ngày", "%d days over"), -days));
    else
        ui_tag(r, TONE_DUE, "clock", days ? arena_printf(&r->c->arena, T(r, "%d ngày nữa", "in %d days"), days) : T(r, "Hôm nay", "Today"));
}

static void sheet_of(struct request *r, const struct waiting *all, size_t n, enum waiting_sort sort, int64_t count)
{
    struct buf *o = &r->out;
    char number_of[32], shown[DAY_TEXT];
    if (!count)
        return;
    ui_sheet(r, in_words(r->c, words_of[sort].title), url(r, words_of[sort].all, NULL), arena_printf(&r->c->arena, "%s%s", count >= 1000 ? "≥ " : "", int_vi(count, number_of)));
    html(o, "<ul class=\"list\">");
    for (size_t i = 0; i < n; i++) {
        const struct waiting *w = &all[i];
        if (w->sort != sort)
            continue;
        html(o, "<li>");
        due_tag(r, w);
        html_f(o, "<span class=\"t\"><a href=\"%s\">%s</a><small>%s%s%s</small></span></li>", href_of(r, w), sort == WAITING_TERM ? w->where : w->name, sort == WAITING_TERM ? w->name : w->where,
               w->due.v ? " · " : "", w->due.v ? day_vi(w->due.v, shown) : "");
    }
    html(o, "</ul>");
    ui_sheet_end(r);
}

static void key_figures(struct request *r)
{
    char n[32];
    struct roll roll = {.unit = r->place.unit, .on = r->place.at};
    if (!r->place.unit)
        return;
    roll_whole(r->c, &roll);
    ui_figures(r);
    ui_figure(r, T(r, "Đảng viên", "Members"), int_vi(roll.official + roll.probation, n), T(r, "người", "people"), NULL, url(r, "/person", "standing", "member", NULL));
    ui_figure(r, T(r, "Dự bị", "Probationary"), int_vi(roll.probation, n), T(r, "người", "people"), NULL, url(r, "/membership", "stay", "home", "official_on", "-", NULL));
    ui_figure(r, T(r, "Chi bộ", "Cells"), int_vi(unit_count_of(r->c, r->place.unit, r->place.at, "holds_members"), n), T(r, "chi bộ", "cells"), NULL, url(r, "/tree", NULL));
    ui_figures_end(r);
}

static void quick(struct request *r)
{
    ui_sheet(r, T(r, "Việc thường làm", "Often done"), NULL, NULL);
    html(&r->out, "<div class=\"body actions\">");
    if (scope_any(r->c, &person_kind, ACT_ADD)) {
        ui_button(r, url(r, "/person/new", NULL), "plus", T(r, "Thêm đảng viên", "Add a member"), false);
        ui_button(r, url(r, "/import", NULL), "upload", T(r, "Nhập từ Excel", "Import from Excel"), false);
    }
    if (scope_any(r->c, &membership_kind, ACT_CHANGE))
        ui_button(r, url(r, "/transfer", NULL), "arrow-right", T(r, "Chuyển sinh hoạt", "Transfers"), false);
    ui_button(r, url(r, "/report/members", NULL), "doc", T(r, "Lập báo cáo", "Make a report"), false);
    if (r->who.person)
        ui_button(r, url(r, arena_printf(&r->c->arena, "/person/%lld", (long long)r->who.person), NULL), "user", T(r, "Hồ sơ của tôi", "My own record"), false);
    html(&r->out, "</div>");
    ui_sheet_end(r);
}

/* "Chào đồng chí Ước": by the given name, the last word. */
static const char *greeting(struct request *r)
{
    const char *name = r->who.name && *r->who.name ? r->who.name : r->who.login, *last = strrchr(name, ' ');
    return arena_printf(&r->c->arena, T(r, "Chào đồng chí %s", "Hello, comrade %s"), r->who.person && last ? last + 1 : name);
}

static const char *today_words(struct request *r, int64_t waits)
{
    static const struct words days[] = {{"", ""}, {"Thứ Hai", "Monday"}, {"Thứ Ba", "Tuesday"}, {"Thứ Tư", "Wednesday"}, {"Thứ Năm", "Thursday"}, {"Thứ Sáu", "Friday"}, {"Thứ Bảy", "Saturday"},
                                        {"Chủ Nhật", "Sunday"}};
    char shown[DAY_TEXT], n[32];
    return arena_printf(&r->c->arena, "%s, %s · %s", in_words(r->c, days[day_weekday(r->c->today)]), day_vi(r->c->today.v, shown),
                        waits ? arena_printf(&r->c->arena, T(r, "%s việc cần xem", "%s things to look at"), int_vi(waits, n)) : T(r, "không có việc tồn đọng", "nothing is waiting"));
}

void p_home(struct request *r)
{
    struct ctx *c = r->c;
    struct waiting *all;
    int64_t counts[WAITING_SORTS], waits = 0;
    if (!r->place.unit)
        place_set(r, unit_of_actor(c));
    size_t n = waiting_of(c, r->place.unit, &all, counts);
    for (size_t i = 0; i < WAITING_SORTS; i++)
        waits += counts[i];
    page_begin(r, &(struct page){.title = greeting(r), .lead = today_words(r, waits), .chapter = CHAPTER_HOME});
    html(&r->out, "<div class=\"stack\">");
    key_figures(r);
    for (enum waiting_sort s = 0; s < WAITING_SORTS; s++)
        sheet_of(r, all, n, s, counts[s]);
    if (!waits) {
        html(&r->out, "<section class=\"sheet\">");
        ui_empty(r, T(r, "Không có việc nào đang chờ. Sổ sách của đơn vị đã đủ.", "Nothing is waiting: the books are in order."), NULL, NULL);
        html(&r->out, "</section>");
    }
    quick(r);
    html(&r->out, "</div>");
    page_end(r);
}

/* --- the chapter of units ------------------------------------------------------------------------------------- */

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

void p_organisation(struct request *r)
{
    if (!r->place.unit)
        place_set(r, unit_of_actor(r->c));
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
    html(&r->out, "</ul></section></div>");
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

/* --- what a browser keeps ------------------------------------------------------------------------------------------ */

/* Back to a page of ours, whatever the form says: one slash, no host, no other scheme. */
const char *own_path(const char *to)
{
    return to && to[0] == '/' && to[1] != '/' && to[1] != '\\' && !strpbrk(to, "\r\n\\") ? to : "/";
}

static void keep(struct request *r, const char *name, const char *value)
{
    answer_header(r, "Set-Cookie", arena_printf(&r->c->arena, "%s=%s; Path=/; Max-Age=31536000; SameSite=Lax%s", name, value, r->secure ? "; Secure" : ""));
    redirect(r, own_path(form_get(r, "back")));
}

void p_language(struct request *r)
{
    keep(r, "lang", str_same(form_get(r, "lang"), "en") ? "en" : "vi");
}

void p_theme(struct request *r)
{
    const char *theme = form_get(r, "theme");
    keep(r, "theme", str_same(theme, "dark") ? "dark" : str_same(theme, "light") ? "light" : "auto");
}
