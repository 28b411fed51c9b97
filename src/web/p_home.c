/* What is due where one works, the key figures of the place, and the ways to the day's work; and the small choices that a browser
 * keeps. */
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"
#include "waits.h"

#include "base/str.h"
#include "model/scope.h"
#include "party/organisation/place.h"
#include "party/reporting/figures.h"

enum { NOBODY_SHOWN = 4 };

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
    bool adds = scope_any(r->c, &person_kind, ACT_ADD);
    if (adds) {
        ui_button(r, url(r, "/person/new", NULL), "plus", T(r, "Thêm đảng viên", "Add a member"), true);
        ui_button(r, url(r, "/import", NULL), "upload", T(r, "Nhập từ Excel", "Import from Excel"), false);
    }
    if (scope_any(r->c, &membership_kind, ACT_CHANGE))
        ui_button(r, url(r, "/transfer", NULL), "arrow-right", T(r, "Chuyển sinh hoạt", "Transfers"), false);
    ui_button(r, url(r, "/report/members", NULL), "doc", T(r, "Lập báo cáo", "Make a report"), !adds);
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

/* `asked`: dossiers were asked about, too. */
static const char *today_words(struct request *r, int64_t waits, bool asked)
{
    static const struct words days[] = {{"", ""}, {"Thứ Hai", "Monday"}, {"Thứ Ba", "Tuesday"}, {"Thứ Tư", "Wednesday"}, {"Thứ Năm", "Thursday"}, {"Thứ Sáu", "Friday"}, {"Thứ Bảy", "Saturday"},
                                        {"Chủ Nhật", "Sunday"}};
    char shown[DAY_TEXT], n[32];
    const char *what = asked ? T(r, "không có việc tồn đọng", "nothing is waiting") : T(r, "việc của các đơn vị trực thuộc", "what waits is below");
    if (waits)
        what = arena_printf(&r->c->arena, T(r, "%s việc cần xem", "%s things to look at"), int_vi(waits, n));
    return arena_printf(&r->c->arena, "%s, %s · %s", in_words(r->c, days[day_weekday(r->c->today)]), day_vi(r->c->today.v, shown), what);
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
    bool asked = waiting_asks_dossiers(c, r->place.unit);
    page_begin(r, &(struct page){.title = greeting(r), .lead = today_words(r, waits, asked), .chapter = CHAPTER_HOME});
    html(&r->out, "<div class=\"two\"><div class=\"stack\">");
    for (enum waiting_sort s = 0; s < WAITING_SORTS; s++)
        waits_sheet(r, all, n, s, counts[s], WAITING_MOST);
    nobody_looks_after(r, NOBODY_SHOWN);
    if (!asked)
        html_f(&r->out, "<section class=\"sheet\"><p class=\"body\">%s</p></section>",
               T(r, "Đơn vị có nhiều cấp dưới: đảng viên dự bị đến hạn và hồ sơ còn thiếu được nhắc ở trang chính của từng đơn vị trực thuộc.",
                 "Much stands below this unit: probation that is over and dossiers that lack numbers are told on the home pages of the units below."));
    if (!waits && asked) {
        html(&r->out, "<section class=\"sheet\">");
        ui_empty(r, T(r, "Không có việc nào đang chờ. Sổ sách của đơn vị đã đủ.", "Nothing is waiting: the books are in order."), NULL, NULL);
        html(&r->out, "</section>");
    }
    html(&r->out, "</div><div class=\"stack\">");
    quick(r);
    key_figures(r);
    html(&r->out, "</div></div>");
    page_end(r);
}

/* --- what a browser keeps ------------------------------------------------------------------------------------------ */

/* Back to a page of ours, whatever the form says: one slash, no host, no other scheme. Browsers leave out tabs and ends of lines. */
const char *own_path(const char *to)
{
    bool ours = to && to[0] == '/' && to[1] != '/' && !strchr(to, '\\');
    for (const char *p = to; ours && *p; p++)
        ours = (unsigned char)*p >= ' ' && *p != 127;
    return ours ? to : "/";
}

static void keep(struct request *r, const char *name, const char *value)
{
    answer_header(r, "Set-Cookie", arena_printf(&r->c->arena, "%s=%s; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax%s", name, value, r->secure ? "; Secure" : ""));
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
