/* The home page of the unit in which one works, and the small choices that a browser keeps. */
#include "page.h"
#include "pages.h"
#include "ui.h"

#include "base/str.h"
#include "party/organisation/place.h"

void p_home(struct request *r)
{
    struct ctx *c = r->c;
    char n[32];
    if (!r->place.unit)
        place_set(r, unit_of_actor(c));
    page_begin(r, &(struct page){.title = T(r, "Trang chính", "Home"), .chapter = CHAPTER_HOME});
    ui_figures(r);
    ui_figure(r, T(r, "Đảng viên", "Members"), int_vi(unit_members(c, r->place.unit, r->place.at), n), T(r, "người", "people"), NULL, url(r, "/person", NULL));
    ui_figures_end(r);
    page_end(r);
}

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
