/* Signing in and out, the first administrator, and the password given again. */
#include "account.h"
#include "identify.h"
#include "page.h"
#include "pages.h"
#include "server.h"
#include "sign_in.h"
#include "ui.h"

#include "base/str.h"

static const char device_cookie[] = "__Host-device";

static void field(struct request *r, const char *name, const char *label, const char *type, const char *value, const char *complete, const struct problems *p)
{
    struct buf *o = &r->out;
    const struct problem *wrong = ui_problem_of(p, name);
    html_f(o, "<div class=\"row%s\">", wrong ? " bad" : "");
    ui_label(r, arena_printf(&r->c->arena, "f-%s", name), label);
    if (wrong)
        html_f(o, "<p class=\"error\" id=\"e-%s\">%s</p>", name, wrong->text);
    html_f(o, "<input class=\"field\" id=\"f-%s\" name=\"%s\" type=\"%s\" value=\"%s\" autocomplete=\"%s\" autocapitalize=\"none\" spellcheck=\"false\"", name, name, type, value ? value : "", complete);
    if (wrong)
        html_f(o, " aria-invalid=\"true\" aria-describedby=\"e-%s\"", name);
    html(o, "></div>");
}

static void card_begin(struct request *r, const char *title, bool error)
{
    page_begin(r, &(struct page){.title = title, .bare = true, .error = error});
    html_f(&r->out, "<div class=\"card\"><p class=\"mark\"><i aria-hidden=\"true\">ĐB</i><span>Đảng Bộ</span></p><h1>%s</h1>", title);
}

static void card_end(struct request *r)
{
    html(&r->out, "</div>");
    page_end(r);
}

static void wrong_box(struct request *r, const char *words)
{
    if (words)
        html_f(&r->out, "<div class=\"errors\" id=\"errors\" role=\"alert\" tabindex=\"-1\"><h2>%s</h2></div>", words);
}

static void language_choice(struct request *r)
{
    html_f(&r->out, "<form method=\"post\" action=\"/language\"><input type=\"hidden\" name=\"back\" value=\"%s\"><button class=\"link\" name=\"lang\" value=\"%s\" lang=\"%s\">%s</button></form>",
           here(r, NULL), r->c->lang == LANG_EN ? "vi" : "en", r->c->lang == LANG_EN ? "vi" : "en", r->c->lang == LANG_EN ? "Tiếng Việt" : "English");
}

static void sign_in_page(struct request *r, const char *wrong, const char *next)
{
    card_begin(r, T(r, "Đăng nhập", "Sign in"), wrong != NULL);
    wrong_box(r, wrong);
    ui_form(r, "/sign-in", NULL);
    ui_hidden(r, "next", own_path(next));
    field(r, "login", T(r, "Tên đăng nhập", "Login"), "text", form_get(r, "login"), "username", NULL);
    field(r, "password", T(r, "Mật khẩu", "Password"), "password", NULL, "current-password", NULL);
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\">%s</button></div>", T(r, "Đăng nhập", "Sign in"));
    ui_form_end(r);
    html_f(&r->out, "<p class=\"soft\">%s</p>", T(r, "Quên mật khẩu: gặp người quản trị của cơ quan để được đặt lại.", "Forgot the password: your administrator sets a new one, in person."));
    language_choice(r);
    card_end(r);
}

void p_sign_in(struct request *r)
{
    bool first = false;
    if (r->who.account) {
        redirect(r, own_path(query_get(r, "next")));
        return;
    }
    if (db_begin(r->c, DB_READ)) {
        first = setup_first(r->c); /* who has an account already signs in, administrator or not */
        db_commit(r->c);
    }
    if (first)
        redirect(r, "/setup");
    else if (!failed(r->c))
        sign_in_page(r, NULL, query_get(r, "next"));
}

/* A browser that was signed in as somebody else is not any more. */
static void end_former(struct request *r)
{
    if (r->who.session)
        session_end(r->server->sessions, r->c, r->who.account, r->who.session->id);
    r->who = (struct signed_in){0};
    r->c->actor = NULL;
    r->c->after_begin = NULL;
}

static void code_page(struct request *r, const char *wrong, const char *half)
{
    card_begin(r, T(r, "Nhập mã xác thực", "Your code"), wrong != NULL);
    html_f(&r->out, "<p class=\"soft\">%s</p>", T(r, "Mở ứng dụng xác thực trên điện thoại và nhập mã 6 số đang hiện.", "Open the authenticator app of your phone and type the six digits that it shows."));
    wrong_box(r, wrong);
    ui_form(r, "/sign-in/code", NULL);
    ui_hidden(r, "half", half);
    ui_hidden(r, "next", own_path(form_get(r, "next")));
    code_row(r, NULL, T(r, "Mã 6 số", "Six digits"));
    html_f(&r->out, "<details><summary>%s</summary>", T(r, "Không có điện thoại: dùng mã dự phòng", "Without the phone: use a recovery code"));
    field(r, "recovery", T(r, "Mã dự phòng", "Recovery code"), "text", NULL, "off", NULL);
    html(&r->out, "</details>");
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\">%s</button></div>", T(r, "Đăng nhập", "Sign in"));
    ui_form_end(r);
    html_f(&r->out, "<p class=\"soft\"><a href=\"/sign-in\">%s</a></p>", T(r, "Đăng nhập bằng tài khoản khác", "Sign in with another account"));
    card_end(r);
}

static void signed_in(struct request *r, const struct sign_in_result *result)
{
    session_cookie(r, result->token);
    if (result->device)
        answer_header(r, "Set-Cookie", arena_printf(&r->c->arena, "%s=%s; Path=/; Max-Age=15552000; Secure; HttpOnly; SameSite=Lax", device_cookie, result->device));
    redirect(r, result->must_change ? "/account/password" : result->must_enrol ? "/account/second" : own_path(form_get(r, "next")));
}

/* What came of either step, as a page. */
static void answer_with(struct request *r, enum sign_in_answer answer, const struct sign_in_result *result)
{
    struct ctx *c = r->c;
    const char *words = sign_in_words(c, answer, result->wait);
    if (answer == SIGN_IN_OK) {
        signed_in(r, result);
        return;
    }
    if (answer == SIGN_IN_CODE) {
        code_page(r, NULL, result->half);
        return;
    }
    if (failed(c) && answer != SIGN_IN_BUSY)
        return;
    c->err = (struct err){0};
    r->status = answer == SIGN_IN_WRONG || answer == SIGN_IN_AGAIN ? 401 : answer == SIGN_IN_WAIT ? 429 : 503;
    if (answer == SIGN_IN_WAIT)
        answer_header(r, "Retry-After", arena_printf(&c->arena, "%lld", (long long)result->wait));
    if (answer == SIGN_IN_AGAIN || !result->half)
        sign_in_page(r, words, form_get(r, "next"));
    else
        code_page(r, answer == SIGN_IN_WRONG ? T(r, "Mã không đúng hoặc đã dùng: chờ mã mới trên điện thoại rồi nhập lại.", "The code is wrong or was used: wait for the next one on the phone, then type it.") : words, result->half);
}

static struct attempt attempt_of(struct request *r)
{
    return (struct attempt){.address = r->address, .agent = r->agent, .device = cookie_get(r, device_cookie)};
}

void p_sign_in_post(struct request *r)
{
    struct sign_in_result result = {0};
    struct attempt a = attempt_of(r);
    const char *login = form_get(r, "login"), *password = form_get(r, "password");
    a.login = login ? login : "";
    a.password = password ? password : "";
    end_former(r);
    enum sign_in_answer answer = sign_in(r->server->gate, r->server->sessions, r->c, &a, &result);
    answer_with(r, answer, &result);
}

void p_sign_in_code_post(struct request *r)
{
    struct sign_in_result result = {0};
    struct attempt a = attempt_of(r);
    const char *code = form_get(r, "code"), *recovery = form_get(r, "recovery");
    a.half = form_get(r, "half");
    a.code = !str_blank(recovery) ? recovery : code ? code : "";
    end_former(r);
    enum sign_in_answer answer = sign_in_code(r->server->gate, r->server->sessions, r->c, &a, &result);
    answer_with(r, answer, &result);
}

void p_sign_out(struct request *r)
{
    end_former(r);
    session_cookie_end(r);
    answer_header(r, "Clear-Site-Data", "\"cache\", \"storage\"");
    redirect(r, "/sign-in");
}

/* --- the first administrator ------------------------------------------------------------------------------ */

static void setup_page(struct request *r, const struct problems *p)
{
    card_begin(r, T(r, "Lập người quản trị đầu tiên", "Make the first administrator"), p && p->n);
    html_f(&r->out, "<p class=\"soft\">%s</p>", T(r, "Mã một lần do lệnh “dangbo init” in ra, dùng được trong một giờ; xin mã khác bằng “dangbo setup”.",
                                                  "The one-time token was printed by “dangbo init” and is good for an hour; “dangbo setup” gives another."));
    ui_problems(r, p, NULL);
    ui_form(r, "/setup", NULL);
    field(r, "token", T(r, "Mã một lần", "One-time token"), "text", form_get(r, "token"), "one-time-code", p);
    field(r, "login", T(r, "Tên đăng nhập (chữ thường không dấu, ví dụ quan.tri)", "Login (small letters, such as quan.tri)"), "text", form_get(r, "login"), "username", p);
    field(r, "name", T(r, "Họ và tên", "Full name"), "text", form_get(r, "name"), "name", p);
    field(r, "password", T(r, "Mật khẩu (từ 12 ký tự)", "Password (12 characters or more)"), "password", NULL, "new-password", p);
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\">%s</button></div>", T(r, "Lập người quản trị", "Make the administrator"));
    ui_form_end(r);
    language_choice(r);
    card_end(r);
}

void p_setup(struct request *r)
{
    bool needed = false;
    if (db_begin(r->c, DB_READ)) {
        needed = setup_needed(r->c);
        db_commit(r->c);
    }
    if (needed)
        setup_page(r, NULL);
    else
        redirect(r, "/sign-in");
}

void p_setup_post(struct request *r)
{
    struct problems p;
    const char *token = form_get(r, "token"), *login = form_get(r, "login"), *password = form_get(r, "password"), *name = form_get(r, "name");
    problems_start(&p, r->c);
    if (setup_accept(r->c, token ? token : "", login ? login : "", password ? password : "", name ? name : "", &p)) {
        p_sign_in_post(r);
    } else if (!failed(r->c)) {
        r->status = 422;
        setup_page(r, &p);
    }
}

/* --- the password again ----------------------------------------------------------------------------------- */

static void confirm_page(struct request *r, const char *wrong, const char *next)
{
    card_begin(r, T(r, "Nhập lại mật khẩu", "Your password again"), wrong != NULL);
    html_f(&r->out, "<p class=\"soft\">%s</p>", T(r, "Việc này cần xác nhận đúng là đồng chí. Có hiệu lực trong năm phút.", "This needs to be you. It holds for five minutes."));
    wrong_box(r, wrong);
    ui_form(r, "/confirm", NULL);
    ui_hidden(r, "next", own_path(next));
    field(r, "password", T(r, "Mật khẩu", "Password"), "password", NULL, "current-password", NULL);
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\">%s</button></div>", T(r, "Tiếp tục", "Go on"));
    ui_form_end(r);
    card_end(r);
}

void p_confirm(struct request *r)
{
    confirm_page(r, NULL, query_get(r, "next"));
}

void p_confirm_post(struct request *r)
{
    const char *password = form_get(r, "password");
    int64_t wait = 0;
    enum sign_in_answer answer = sign_in_again(r->server->gate, r->server->sessions, r->c, r->who.session, password ? password : "", r->address, &wait);
    if (answer == SIGN_IN_OK) {
        redirect(r, own_path(form_get(r, "next")));
        return;
    }
    r->c->err = (struct err){0};
    r->status = answer == SIGN_IN_WAIT ? 429 : 401;
    confirm_page(r, sign_in_words(r->c, answer, wait), form_get(r, "next"));
}
