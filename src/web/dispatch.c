/* The way of every request: who asks, what must hold, transaction, page, errors. A page that runs here cannot be reached
 * without these checks, and what a page read that is sensitive is noted before it is sent. */
#include "identify.h"
#include "kept.h"
#include "page.h"
#include "route.h"
#include "server.h"
#include "session.h"

#include "base/str.h"
#include "model/record.h"
#include "party/organisation/place.h"

int status_of(enum err_code e)
{
    static const int of[] = {[ERR_NONE] = 200,     [ERR_USAGE] = 400, [ERR_BAD_INPUT] = 422, [ERR_DENIED] = 403,      [ERR_MISSING] = 404, [ERR_CONFLICT] = 409,
                             [ERR_BUSY] = 503,     [ERR_UNAVAILABLE] = 503, [ERR_FULL] = 507, [ERR_CANNOT_MAKE] = 500, [ERR_CONFIG] = 500, [ERR_BROKEN] = 500};
    return of[e];
}

static void read_language(struct request *r)
{
    const char *lang = cookie_get(r, "lang");
    r->c->lang = lang && strcmp(lang, "en") == 0 ? LANG_EN : LANG_VI;
}

/* ?unit= and ?at=. Within a transaction. */
static void read_place(struct request *r)
{
    struct ctx *c = r->c;
    const char *unit = query_get(r, "unit"), *at = query_get(r, "at");
    if (!unit)
        unit = form_get(r, "unit"); /* a form carries the place along */
    if (!at)
        at = form_get(r, "at");
    r->place.at = c->today;
    if (at && *at && !day_parse(at, strlen(at), false, &r->place.at.v)) {
        fail(c, ERR_USAGE, "Ngày “%s” không có trong lịch: viết như 30/06/2025.", "Day “%s” is not in the calendar: write it as 30/06/2025.", at);
        return;
    }
    r->place.at_given = at && *at && r->place.at.v != c->today.v;
    void *u = unit && *unit ? record_by_code(c, kind_of_places(), unit, ACT_READ) : NULL;
    if (unit && *unit && !u && !failed(c))
        fail(c, ERR_MISSING, "Không có đơn vị mang mã “%s”, hoặc bạn không được xem.", "There is no unit of code “%s”, or it is not yours to see.", unit);
    if (u)
        place_set(r, ((struct row *)u)->id);
}

void place_set(struct request *r, int64_t unit)
{
    void *u = unit ? record_find(r->c, kind_of_places(), unit, ACT_READ) : NULL;
    if (!u)
        return;
    r->place.unit = unit;
    r->place.code = record_code(kind_of_places(), u);
    r->place.name = record_title(r->c, kind_of_places(), u);
}

static void sign_in_first(struct request *r)
{
    bool api = r->route->flags & API;
    if (strcmp(r->method, "GET") != 0 && form_resend(r))
        return;
    if (api)
        fail(r->c, ERR_DENIED, "Cần đăng nhập hoặc mã truy cập còn hiệu lực.", "Sign in, or send a token that is still good.");
    else
        redirect(r, url_plain(r, "/sign-in", "next", strcmp(r->method, "GET") == 0 ? here(r, NULL) : "", NULL));
    r->status = api ? 401 : 303;
}

/* What must hold before the page runs: true, or an answer was made. */
static bool may_run(struct request *r)
{
    const struct route *route = r->route;
    bool get = strcmp(r->method, "GET") == 0;
    if (!(route->flags & ANYBODY) && !r->who.account) {
        sign_in_first(r);
        return false;
    }
    if (!get && !trusted_form(r)) {
        form_resend(r);
        return false;
    }
    if ((route->flags & ADMIN) && !r->who.administrator) {
        fail(r->c, ERR_MISSING, "Không có trang này, hoặc bạn không được xem.", "There is no such page, or it is not yours to see.");
        return false;
    }
    if (!still_open(r))
        return false;
    return true;
}

/* Whether the session, the account or the office ended since, here or elsewhere: then they are nobody any more. */
static bool gone(struct request *r)
{
    if (!r->c->actor || !r->c->actor->gone)
        return false;
    session_forget(r->server->sessions, r->who.account);
    r->who = (struct signed_in){0};
    sign_in_first(r);
    return true;
}

/* Within a transaction: the place, and whether the actor may do with this kind, anywhere, what the route is for. */
static bool place_and_rights(struct request *r)
{
    const struct route *route = r->route;
    if (r->who.account)
        read_place(r);
    else
        r->place.at = r->c->today;
    if (!failed(r->c) && r->kind && route->act && !scope_any(r->c, r->kind, route->act) && !(route->act == ACT_READ && r->kind->subject))
        fail(r->c, ERR_MISSING, "Không có trang này, hoặc bạn không được xem.", "There is no such page, or it is not yours to see.");
    return !failed(r->c);
}

static void run_page(struct request *r)
{
    struct ctx *c = r->c;
    if (!db_begin(c, DB_READ))
        return;
    bool runs = !gone(r) && !still_unproven(r) && !page_again(r) && place_and_rights(r);
    if (runs && !(r->route->flags & OWN)) {
        r->route->run(r);
        page_keep(r);
    }
    if (!db_commit(c))
        return;
    if (runs && (r->route->flags & OWN))
        r->route->run(r);
}

/* The notes of what was read, in a transaction of their own: without them the page is not sent. */
static void note_reads(struct request *r)
{
    struct ctx *c = r->c;
    if (!r->nreads || failed(c) || !db_begin(c, DB_WRITE))
        return;
    for (size_t i = 0; i < r->nreads; i++)
        record_log_read(c, r->reads[i].kind, r->reads[i].record, r->reads[i].act, r->reads[i].note);
    db_commit(c);
}

void dispatch(struct request *r)
{
    struct ctx *c = r->c;
    int64_t asked = db_statements(c);
    read_language(r);
    r->place.at = c->today;
    if (r->route->flags & NAMELESS) {
        r->route->run(r);
    } else {
        identify(r);
        if (!failed(c) && may_run(r))
            run_page(r);
        note_reads(r);
    }
    if (failed(c))
        error_page(r, r->status >= 400 ? r->status : status_of(c->err.code));
    r->statements = db_statements(c) - asked;
}
