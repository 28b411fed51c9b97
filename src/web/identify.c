/* See identify.h. Cookies and headers are only read and written here. */
#include "identify.h"

#include "base/crypt.h"
#include "base/str.h"
#include "model/scope.h"
#include "route.h"
#include "server.h"
#include "sign_in.h"

static const char cookie[] = "__Host-dangbo";
enum { FRESH_MS = 5 * 60 * 1000 };

const char *session_token(struct request *r)
{
    const char *token = cookie_get(r, cookie);
    return token && *token ? token : NULL;
}

void session_cookie_end(struct request *r)
{
    answer_header(r, "Set-Cookie", arena_printf(&r->c->arena, "%s=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax", cookie));
}

/* --- the token that forms carry: under another mask on each page, so that its length when compressed tells nothing --- */

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static const char *masked(struct request *r, const char *csrf)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char pad[HASH_HEX];
    size_t n = strlen(csrf);
    char *out = arena_alloc(&r->c->arena, 2 * n + 1);
    crypt_random(pad, n);
    for (size_t i = 0; i < n; i++) {
        out[i] = hex[pad[i] & 15];
        out[n + i] = hex[(nibble(csrf[i]) ^ pad[i]) & 15];
    }
    return out;
}

static const char *unmasked(struct request *r, const char *given)
{
    static const char hex[] = "0123456789abcdef";
    size_t n = given ? strlen(given) / 2 : 0;
    char *out = arena_alloc(&r->c->arena, n + 1);
    for (size_t i = 0; i < n; i++) {
        int a = nibble(given[i]), b = nibble(given[n + i]);
        if (a < 0 || b < 0)
            return "";
        out[i] = hex[a ^ b];
    }
    return out;
}

void session_cookie(struct request *r, const char *token)
{
    char csrf[HASH_HEX];
    answer_header(r, "Set-Cookie", arena_printf(&r->c->arena, "%s=%s; Path=/; Secure; HttpOnly; SameSite=Lax", cookie, token));
    if (!r->who.session)
        return;
    session_csrf(token, csrf); /* the forms of this page are of the new session */
    r->who.csrf = masked(r, csrf);
}

/* --- who -------------------------------------------------------------------------------------------------- */

static void by_session(struct request *r, const char *token)
{
    struct ctx *c = r->c;
    struct session *s = NEW(&c->arena, struct session);
    char csrf[HASH_HEX];
    if (!session_find(r->server->sessions, c, token, s))
        return;
    session_csrf(token, csrf);
    c->actor = actor_of_session(c, s);
    c->after_begin = actor_refresh;
    r->who = (struct signed_in){.account = s->account, .person = s->person, .session = s, .login = s->login, .name = s->name, .csrf = masked(r, csrf),
                                .administrator = s->administrator, .ends_in = session_ends_in(r->server->sessions, s, c->now)};
}

static void by_token(struct request *r, const char *given)
{
    struct ctx *c = r->c;
    struct token t;
    if (!db_begin(c, DB_READ))
        return;
    if (token_find(c, given, &t)) {
        c->actor = actor_of_token(c, &t);
        r->who = (struct signed_in){.account = t.account, .person = t.person, .login = t.login, .name = t.account_name, .scopes = t.scopes};
        session_note_token(r->server->sessions, t.id, c->now);
    }
    db_commit(c);
    c->after_begin = actor_refresh;
}

void identify(struct request *r)
{
    const char *token = session_token(r);
    if ((r->route->flags & API) && r->authorization && str_starts(r->authorization, "Bearer "))
        by_token(r, r->authorization + strlen("Bearer "));
    else if (token)
        by_session(r, token);
}

/* --- forms ------------------------------------------------------------------------------------------------ */

/* Browsers say from where a form comes; a page of another site is refused whatever it carries. */
bool form_from_us(const struct request *r)
{
    if (r->fetch_site && strcmp(r->fetch_site, "same-origin") != 0 && strcmp(r->fetch_site, "none") != 0)
        return false;
    if (!r->origin)
        return true;
    const char *host = strstr(r->origin, "://");
    return host && r->host && strcmp(host + 3, r->host) == 0;
}

bool trusted_form(struct request *r)
{
    bool program = r->who.account && !r->who.session;
    const char *token = session_token(r);
    if (program)
        return true; /* nothing that a browser sends by itself was asked */
    bool right = form_from_us(r);
    if (right && r->who.session)
        right = r->route->flags & API ? r->fetch_site != NULL : session_csrf_right(token, unmasked(r, form_get(r, "csrf")));
    if (!right) {
        fail(r->c, ERR_DENIED, "Biểu mẫu này không còn dùng được (mở từ lâu, hoặc từ trang khác). Mở lại trang rồi gửi lại; chưa có gì được ghi.",
             "This form is no longer good (opened long ago, or from another page). Open the page again and send it once more; nothing was written.");
        r->status = 403;
    }
    return right;
}

bool still_fresh(struct request *r)
{
    const struct session *s = r->who.session;
    if (!s || r->c->now.v - s->fresh.v <= FRESH_MS)
        return true;
    if (r->route->flags & API)
        fail(r->c, ERR_DENIED, "Việc này cần nhập lại mật khẩu trên trang trước.", "This needs the password again, on a page.");
    else
        redirect(r, url_plain(r, "/confirm", "next", strcmp(r->method, "GET") == 0 ? here(r, NULL) : form_get(r, "back"), NULL));
    return false;
}

/* Who may sign in and who may do what: writing that asks for the password again, whatever route leads there. */
static bool needs_fresh(const struct request *r)
{
    return (r->route->flags & FRESH) || (r->kind && (r->kind->flags & SYSTEM) && (r->route->act & (ACT_ADD | ACT_CHANGE | ACT_REMOVE)));
}

bool still_open(struct request *r)
{
    const struct session *s = r->who.session;
    if (!s || (r->route->flags & ANYBODY))
        return true;
    if (s->must_change && !str_starts(r->path, "/account/password") && strcmp(r->path, "/sign-out") != 0) {
        redirect(r, "/account/password");
        return false;
    }
    if (needs_fresh(r) && !still_fresh(r))
        return false;
    return true;
}

bool still_unproven(struct request *r)
{
    static const char *const open[] = {"/account", "/account/end", "/account/password", "/account/second", "/confirm", "/sign-out"};
    const struct actor *a = r->c->actor;
    if (!a || !a->unproven || (r->route->flags & ANYBODY))
        return false;
    for (size_t i = 0; i < N(open); i++)
        if (strcmp(r->path, open[i]) == 0)
            return false;
    if (r->route->flags & API)
        fail(r->c, ERR_DENIED, "Tài khoản quản trị phải bật xác thực hai bước trước, ở trang “Tài khoản của tôi”.", "An administrator's account needs its second factor first, on the page “My account”.");
    else
        redirect(r, "/account/second");
    return true;
}
