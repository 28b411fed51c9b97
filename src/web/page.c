/* See page.h. */
#include "page.h"

#include "assets.h"
#include "base/str.h"
#include "model/recall.h"
#include "help.h"
#include "party/organisation/place.h"
#include "ui.h"

enum { RAIL_CHILDREN = 24, FEW = 100 };

static void head(struct request *r, const struct page *p)
{
    struct buf *o = &r->out;
    const char *theme = cookie_get(r, "theme");
    html_f(o, "<!doctype html><html lang=\"%s\"", r->c->lang == LANG_EN ? "en" : "vi");
    if (theme && (strcmp(theme, "dark") == 0 || strcmp(theme, "light") == 0))
        html_f(o, " data-theme=\"%s\"", theme);
    html(o, "><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">");
    html_f(o, "<title>%s%s%s%s – Đảng Bộ</title>", p->error ? T(r, "Lỗi: ", "Error: ") : "", p->title, r->place.unit && !p->bare ? " – " : "",
           r->place.unit && !p->bare ? r->place.name : "");
    html_f(o, "<meta name=\"description\" content=\"%s\">", p->lead ? p->lead : T(r, "Sổ sách của tổ chức đảng", "The working record of a Party organisation"));
    html_f(o, "<link rel=\"stylesheet\" href=\"%s\"><link rel=\"icon\" href=\"%s\"><script src=\"%s\" defer></script>", asset_path(r->server, "app.css"),
           asset_path(r->server, "favicon.svg"), asset_path(r->server, "app.js"));
    if (r->who.account)
        html_f(o, "<meta name=\"session-ends\" content=\"%lld\">", (long long)r->who.ends_in);
    if (p->refresh)
        html_f(o, "<noscript><meta http-equiv=\"refresh\" content=\"%d\"></noscript>", p->refresh);
    html_f(o, "</head><body class=\"%s\"><a class=\"skip\" href=\"#main\">%s</a>", p->bare ? "bare" : "", T(r, "Đến nội dung chính", "Skip to content"));
}

static void mark(struct request *r)
{
    html_f(&r->out, "<a class=\"mark\" href=\"%s\"><i aria-hidden=\"true\">ĐB</i><span>Đảng Bộ</span></a>", url(r, "/", NULL));
}

/* "Đến 05/08/2018": the day that everything below is as at, and a form that changes it. */
static void time_menu(struct request *r)
{
    struct buf *o = &r->out;
    char shown_day[DAY_TEXT];
    html(o, "<details class=\"menu\"><summary>");
    if (r->place.at_given)
        html_f(o, "%s %s", T(r, "Đến", "As at"), day_vi(r->place.at.v, shown_day));
    else
        html_text(o, T(r, "Hôm nay", "Today"));
    ui_icon(r, "down");
    html_f(o, "</summary><form class=\"pop\" action=\"%s\"><label for=\"place-at\">%s</label>", r->path, T(r, "Xem như vào ngày", "See everything as at"));
    html_f(o, "<input class=\"field\" id=\"place-at\" name=\"at\" value=\"%s\" placeholder=\"30/06/2025\" inputmode=\"numeric\" autocomplete=\"off\">",
           r->place.at_given ? day_vi(r->place.at.v, shown_day) : "");
    for (const struct input *in = r->query; in; in = in->next)
        if (strcmp(in->name, "at") != 0 && strcmp(in->name, "after") != 0 && strcmp(in->name, "notice") != 0)
            ui_hidden(r, in->name, in->value);
    html_f(o, "<button class=\"btn\">%s</button>", T(r, "Xem ngày này", "Show this day"));
    if (r->place.at_given)
        ui_button(r, here(r, "at", "", NULL), NULL, T(r, "Về hôm nay", "Back to today"), false);
    html(o, "</form></details>");
}

static void place_bar(struct request *r)
{
    struct buf *o = &r->out;
    html_f(o, "<div class=\"place\" role=\"group\" aria-label=\"%s\">", T(r, "Nơi và thời điểm", "Place and time"));
    html_f(o, "<a href=\"%s\">", url(r, "/tree", NULL));
    ui_icon(r, "tree");
    html_f(o, "<b>%s</b>", r->place.unit ? r->place.name : T(r, "Mọi đơn vị được xem", "All that you may see"));
    ui_icon(r, "down");
    html(o, "</a>");
    time_menu(r);
    html(o, "</div>");
}

static const char *two_letters(struct request *r)
{
    const char *name = r->who.name ? r->who.name : r->who.login, *last = strrchr(name, ' ');
    uint32_t cp;
    last = last ? last + 1 : name;
    size_t a = utf8_next(name, strlen(name), &cp), b = utf8_next(last, strlen(last), &cp);
    return arena_printf(&r->c->arena, "%.*s%.*s", (int)a, name, last == name ? 0 : (int)b, last);
}

static void theme_button(struct request *r, const char *theme, const char *icon, const char *words)
{
    html_f(&r->out, "<button name=\"theme\" value=\"%s\">", theme);
    ui_icon(r, icon);
    html_f(&r->out, "%s</button>", words);
}

static void account_menu(struct request *r)
{
    struct buf *o = &r->out;
    html_f(o, "<details class=\"menu\"><summary class=\"who\"><span aria-hidden=\"true\">%s</span><span class=\"vh\">%s: %s</span></summary><div class=\"pop\"><p><b>%s</b><small>%s</small></p>", two_letters(r),
           T(r, "Tài khoản", "Account"), r->who.name ? r->who.name : r->who.login, r->who.name ? r->who.name : "", r->who.login);
    html(o, "<a href=\"/account\">");
    ui_icon(r, "user");
    html_f(o, "%s</a><a href=\"%s\">", T(r, "Tài khoản của tôi", "My account"), url(r, "/help", NULL));
    ui_icon(r, "help");
    html_f(o, "%s</a><hr>", T(r, "Trợ giúp", "Help"));
    html_f(o, "<form method=\"post\" action=\"/language\"><button name=\"lang\" value=\"%s\">", r->c->lang == LANG_EN ? "vi" : "en");
    ui_icon(r, "voice");
    html_f(o, "%s</button>", r->c->lang == LANG_EN ? "Tiếng Việt" : "English");
    ui_hidden(r, "csrf", r->who.csrf);
    ui_hidden(r, "back", here(r, NULL));
    html(o, "</form><form method=\"post\" action=\"/theme\" data-theme-form>");
    ui_hidden(r, "csrf", r->who.csrf);
    ui_hidden(r, "back", here(r, NULL));
    theme_button(r, "light", "sun", T(r, "Nền sáng", "Light"));
    theme_button(r, "dark", "moon", T(r, "Nền tối", "Dark"));
    theme_button(r, "auto", "settings", T(r, "Nền theo máy", "As the device"));
    html(o, "</form><hr><form method=\"post\" action=\"/sign-out\">");
    ui_hidden(r, "csrf", r->who.csrf);
    html(o, "<button>");
    ui_icon(r, "sign-out");
    html_f(o, "%s</button></form></div></details>", T(r, "Đăng xuất", "Sign out"));
}

static void top_bar(struct request *r)
{
    struct buf *o = &r->out;
    html(o, "<header class=\"top\">");
    mark(r);
    place_bar(r);
    html_f(o, "<form class=\"search\" role=\"search\" action=\"/search\" aria-label=\"%s\">", T(r, "Tìm nhanh", "Quick search"));
    ui_icon(r, "find");
    html_f(o, "<input name=\"q\" type=\"search\" aria-label=\"%s\" placeholder=\"%s\" autocomplete=\"off\"><kbd aria-hidden=\"true\">/</kbd>", T(r, "Tìm người, đơn vị, lệnh", "Find people, units, commands"),
           T(r, "Tìm người, đơn vị…", "Find people, units…"));
    if (r->place.unit)
        ui_hidden(r, "unit", r->place.code);
    html(o, "</form>");
    account_menu(r);
    html(o, "</header>");
}

/* --- the rail ------------------------------------------------------------------------------------------ */

static const char *unit_href(struct request *r, const char *code)
{
    char at[DAY_TEXT];
    struct buf b = {0};
    buf_puts(&b, "/u/");
    url_part(&b, code);
    return url_plain(r, buf_take(&b, &r->c->arena), "at", r->place.at_given ? day_iso(r->place.at.v, at) : NULL, NULL);
}

static void rail_child(struct request *r, const struct unit_brief *u)
{
    char n[32];
    html_f(&r->out, "<li><a class=\"sub\" href=\"%s\">%s", unit_href(r, u->code), u->name);
    if (u->members > 0)
        html_f(&r->out, " <span class=\"n\">%s</span>", int_vi(u->members, n));
    html(&r->out, "</a></li>");
}

static void rail_units(struct request *r, const struct unit_brief *line, size_t n)
{
    struct buf *o = &r->out;
    struct unit_brief *below;
    const char *next;
    const struct unit_children_ask ask = {.unit = r->place.unit, .at = r->place.at, .most = RAIL_CHILDREN,
                                          .count = r->place.unit && unit_has_few_below(r->c, r->place.unit, r->place.at, FEW)};
    size_t nbelow = unit_children(r->c, &ask, &below, &next), i = 0;
    if (n > 1 && line[n - 2].readable) {
        html_f(o, "<a class=\"up\" href=\"%s\">", unit_href(r, line[n - 2].code));
        ui_icon(r, "up");
        html_f(o, "%s</a>", line[n - 2].name);
    }
    if (n)
        html_f(o, "<a class=\"here\" href=\"%s\">%s</a>", unit_href(r, line[n - 1].code), line[n - 1].name);
    if (nbelow && below[0].organ)
        html(o, "<ul>");
    for (; i < nbelow && below[i].organ; i++)
        rail_child(r, &below[i]);
    if (i)
        html(o, "</ul>");
    if (i < nbelow)
        html_f(o, "<h2>%s</h2>", r->place.unit ? T(r, "Trực thuộc", "Directly below") : T(r, "Đơn vị", "Units"));
    if (nbelow - i > 8)
        html_f(o, "<input type=\"search\" data-filter=\"#children\" data-js placeholder=\"%s\" aria-label=\"%s\" hidden>", T(r, "Lọc đơn vị…", "Filter units…"), T(r, "Lọc đơn vị", "Filter units"));
    if (i < nbelow)
        html(o, "<ul id=\"children\">");
    for (size_t k = i; k < nbelow; k++)
        rail_child(r, &below[k]);
    if (i < nbelow)
        html(o, "</ul>");
    if (next)
        html_f(o, "<a class=\"sub\" href=\"%s\">%s</a>", url(r, "/tree", NULL), T(r, "Xem tất cả trên cây…", "All of them on the tree…"));
}

enum chapter chapter_of(const struct kind *k)
{
    if (k->flags & SYSTEM)
        return CHAPTER_ADMIN;
    bool people = k->person_name || (k->subject && !(k->flags & SYSTEM));
    return people ? CHAPTER_PEOPLE : CHAPTER_UNITS;
}

struct chapter_link {
    enum chapter of;
    const char *icon, *path, *key;
    struct words label;
};

static const struct chapter_link chapters[] = {
    {CHAPTER_HOME, "home", "/", "t", {"Trang chính", "Home"}},
    {CHAPTER_UNITS, "tree", "/organisation", "d", {"Tổ chức", "Organisation"}},
    {CHAPTER_PEOPLE, "people", "/people", "n", {"Con người", "People"}},
    {CHAPTER_REPORTS, "doc", "/report", "b", {"Báo cáo", "Reports"}},
    {CHAPTER_IMPORT, "upload", "/import", "i", {"Nhập từ Excel", "Import from Excel"}},
    {CHAPTER_ADMIN, "settings", "/admin", "q", {"Quản trị", "Administration"}},
};

static bool shown(const struct request *r, enum chapter of)
{
    return of != CHAPTER_ADMIN || r->who.administrator;
}

/* The parts of the frame that the place alone decides. */
struct frame {
    const char *units, *line; /* of the rail; of the path above the title */
};

static void line_of_units(struct request *r, const struct unit_brief *line, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (line[i].readable)
            html_f(&r->out, "<li><a href=\"%s\">%s</a></li>", unit_href(r, line[i].code), line[i].name);
        else
            html_f(&r->out, "<li>%s</li>", line[i].name);
    }
}

static struct frame frame_anew(struct request *r)
{
    struct unit_brief *line = NULL;
    struct frame f;
    struct buf page = r->out;
    size_t n = r->place.unit ? unit_line(r->c, r->place.unit, r->place.at, &line) : 0;
    r->out = (struct buf){0};
    rail_units(r, line, n);
    f.units = buf_take(&r->out, &r->c->arena);
    r->out = (struct buf){0};
    line_of_units(r, line, n > 1 ? n : 0);
    f.line = buf_take(&r->out, &r->c->arena);
    r->out = page;
    return f;
}

/* Remembered: every page of a place has the same. */
static struct frame frame_of(struct request *r)
{
    const struct recall_key key = {"frame", {r->who.account, r->place.unit, r->place.at.v, r->place.at_given, (int64_t)r->c->lang, r->c->actor ? (int64_t)r->c->actor->print : 0}};
    const struct frame *known = recall(r->c, &key);
    if (known)
        return *known;
    struct frame f = frame_anew(r);
    struct arena *room = recall_room(r->c);
    if (room && !failed(r->c)) {
        struct frame *kept = NEW(room, struct frame);
        *kept = (struct frame){arena_text(room, f.units), arena_text(room, f.line)};
        recall_keep(r->c, &key, kept);
    }
    return f;
}

static void rail(struct request *r, const struct page *p, const struct frame *f)
{
    struct buf *o = &r->out;
    html_f(o, "<nav class=\"rail\" id=\"rail\" tabindex=\"-1\" aria-label=\"%s\"><a class=\"close\" href=\"#main\">%s</a>", T(r, "Nơi đang làm việc", "Where you are"), T(r, "Đóng", "Close"));
    buf_puts(o, f->units);
    html_f(o, "<h2>%s</h2>", T(r, "Chương", "Chapters"));
    for (size_t i = 0; i < N(chapters); i++) {
        if (!shown(r, chapters[i].of))
            continue;
        bool here_now = chapters[i].of == p->chapter;
        html_f(o, "<a href=\"%s\" data-key=\"g%s\"", url(r, chapters[i].path, NULL), chapters[i].key);
        if (here_now)
            html(o, " aria-current=\"page\" class=\"here\"");
        html(o, ">");
        ui_icon(r, chapters[i].icon);
        html_f(o, "%s</a>", in_words(r->c, chapters[i].label));
    }
    html(o, "</nav>");
}

/* --- head ---------------------------------------------------------------------------------------------- */

static void crumbs(struct request *r, const struct page *p, const struct frame *f)
{
    struct buf *o = &r->out;
    if (!*f->line && !p->crumbs[0].name)
        return;
    html_f(o, "<nav class=\"crumb\" aria-label=\"%s\"><ol>", T(r, "Đường dẫn", "Path"));
    buf_puts(o, f->line);
    for (size_t i = 0; i < N(p->crumbs) && p->crumbs[i].name; i++) {
        if (p->crumbs[i].href)
            html_f(o, "<li><a href=\"%s\">%s</a></li>", p->crumbs[i].href, p->crumbs[i].name);
        else
            html_f(o, "<li>%s</li>", p->crumbs[i].name);
    }
    html(o, "</ol>");
    html(o, "</nav>");
}

static void headline(struct request *r, const struct page *p)
{
    struct buf *o = &r->out;
    html_f(o, "<div class=\"head\"><div><h1>%s</h1>", p->title);
    if (p->lead)
        html_f(o, "<p class=\"state\">%s</p>", p->lead);
    html(o, "</div><div class=\"actions\">");
    if (p->actions)
        p->actions(r);
    help_panel(r, p->help);
    html(o, "</div></div>");
}

static void past_day(struct request *r)
{
    char shown_day[DAY_TEXT];
    if (r->place.at_given)
        html_f(&r->out, "<div class=\"notice info\"><p>%s %s. <a href=\"%s\">%s</a></p></div>", T(r, "Đang xem như vào ngày", "Shown as at"), day_vi(r->place.at.v, shown_day), here(r, "at", "", NULL),
               T(r, "Về hôm nay", "Back to today"));
}

void page_begin(struct request *r, const struct page *p)
{
    struct frame f = {"", ""};
    head(r, p);
    r->bare = p->bare;
    r->chapter = p->chapter;
    if (p->bare) {
        html(&r->out, "<main id=\"main\" tabindex=\"-1\">");
        return;
    }
    top_bar(r);
    html(&r->out, "<div class=\"cols\">");
    if (db_begin(r->c, DB_READ)) {
        f = frame_of(r);
        rail(r, p, &f);
        db_commit(r->c);
    }
    html(&r->out, "<main id=\"main\" tabindex=\"-1\">");
    crumbs(r, p, &f);
    ui_notice_of_address(r);
    headline(r, p);
    past_day(r);
}

static void foot_bar(struct request *r)
{
    static const struct chapter_link links[] = {
        {CHAPTER_HOME, "home", "/", "", {"Trang chính", "Home"}},
        {CHAPTER_PEOPLE, "people", "/people", "", {"Con người", "People"}},
        {CHAPTER_NONE, "find", "/search", "", {"Tìm", "Find"}},
        {CHAPTER_UNITS, "tree", "#rail", "", {"Đơn vị", "Units"}},
    };
    html_f(&r->out, "<nav class=\"nav\" aria-label=\"%s\">", T(r, "Lối tắt", "Shortcuts"));
    for (size_t i = 0; i < N(links); i++) {
        html_f(&r->out, "<a href=\"%s\"", *links[i].path == '#' ? links[i].path : url(r, links[i].path, NULL));
        if (strcmp(links[i].path, r->path) == 0)
            html(&r->out, " aria-current=\"page\"");
        else if (links[i].of != CHAPTER_NONE && links[i].of == r->chapter)
            html(&r->out, " class=\"on\"");
        html(&r->out, ">");
        ui_icon(r, links[i].icon);
        html_f(&r->out, "%s</a>", in_words(r->c, links[i].label));
    }
    html(&r->out, "</nav>");
}

/* On paper only: what the page is about, when it was printed and by whom. */
static void printed(struct request *r)
{
    char shown_day[DAY_TEXT], printed_on[DAY_TEXT];
    html_f(&r->out, "<p class=\"printed print-only\">%s · %s · %s %s · %s</p>", r->place.unit ? r->place.name : "Đảng Bộ", day_vi(r->place.at.v, shown_day), T(r, "in ngày", "printed on"),
           day_vi(r->c->today.v, printed_on), r->who.name && *r->who.name ? r->who.name : r->who.login);
}

void page_end(struct request *r)
{
    html(&r->out, "</main>");
    if (!r->bare) {
        html_f(&r->out, "<footer class=\"base\"><a href=\"%s\">%s</a> <button class=\"link\" type=\"button\" data-shortcuts data-js hidden>%s</button></footer></div>", url(r, "/help", NULL),
               T(r, "Trợ giúp", "Help"), T(r, "Phím tắt", "Shortcuts"));
        foot_bar(r);
        printed(r);
    }
    html(&r->out, "</body></html>\n");
    r->whole = true;
}

void page_tabs(struct request *r, const struct tab *tabs, size_t n)
{
    char count[32];
    html_f(&r->out, "<nav class=\"tabs\" aria-label=\"%s\">", T(r, "Các mục", "Tabs"));
    for (size_t i = 0; i < n; i++) {
        html_f(&r->out, "<a href=\"%s\"", tabs[i].href);
        if (tabs[i].on)
            html(&r->out, " aria-current=\"page\"");
        html_f(&r->out, ">%s", tabs[i].label);
        if (tabs[i].count >= 0)
            html_f(&r->out, " <span class=\"n\">%s</span>", int_vi(tabs[i].count, count));
        html(&r->out, "</a>");
    }
    html(&r->out, "</nav>");
}
