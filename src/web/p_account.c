/* One's own account: what gives rights today, sessions, tokens of programs, password. Everything here is about who is signed in;
 * no address and no field can name another account. */
#include "account.h"
#include "history.h"
#include "page.h"
#include "pages.h"
#include "server.h"
#include "session.h"
#include "sign_in.h"
#include "ui.h"

#include "base/str.h"
#include "model/scope.h"

enum { DAYS_USUAL = 90 };

static const char *const scope_names[] = {"read", "write", "import", "export"};

static const char *scope_words(struct request *r, const char *name)
{
    static const struct words all[] = {{"Xem", "Read"}, {"Ghi", "Write"}, {"Nhập", "Import"}, {"Xuất", "Export"}};
    for (size_t i = 0; i < N(scope_names); i++)
        if (strcmp(scope_names[i], name) == 0)
            return in_words(r->c, all[i]);
    return name;
}

/* --- tokens ------------------------------------------------------------------------------------------------ */

static void token_line(struct request *r, const struct token *t)
{
    struct buf *o = &r->out;
    char until[DAY_TEXT];
    bool live = !t->ended.v && t->expires.v > r->c->now.v;
    html_f(o, "<li><span class=\"t\">%s<small>%s · %s %s · %s</small></span>", t->name, scopes_text(r->c, t->scopes), T(r, "hết hạn", "until"), day_vi(instant_day(t->expires).v, until),
           t->used.v ? arena_printf(&r->c->arena, T(r, "dùng lần cuối %s", "last used %s"), moment_words(r, t->used)) : T(r, "chưa dùng", "not used yet"));
    if (live) {
        ui_form(r, "/account/token/end", NULL);
        ui_hidden(r, "token", arena_printf(&r->c->arena, "%lld", (long long)t->id));
        html_f(o, "<button class=\"btn\">%s</button>", T(r, "Thu hồi", "End"));
        ui_form_end(r);
    } else {
        ui_tag(r, TONE_INFO, "clock", t->ended.v ? T(r, "Đã thu hồi", "Ended") : T(r, "Hết hạn", "Expired"));
    }
    html(o, "</li>");
}

static void tokens(struct request *r)
{
    struct token *all;
    size_t n = token_list(r->c, r->who.account, &all);
    ui_sheet(r, T(r, "Mã truy cập của chương trình", "Tokens of programs"), url(r, "/account/token", NULL), T(r, "Tạo mã", "Make one"));
    if (!n)
        ui_empty(r, T(r, "Chưa có mã nào. Chương trình khác dùng mã để đọc, ghi thay đồng chí, trong phạm vi quyền của đồng chí.", "No tokens. A program uses one to act for you, within your rights."), NULL, NULL);
    else
        html(&r->out, "<ul class=\"list\">");
    for (size_t i = 0; i < n; i++)
        token_line(r, &all[i]);
    if (n)
        html(&r->out, "</ul>");
    ui_sheet_end(r);
}

static void token_page(struct request *r, const struct problems *p)
{
    const char *title = T(r, "Tạo mã truy cập", "Make a token"), *days = form_get(r, "days");
    page_begin(r, &(struct page){.title = title, .error = p && p->n, .crumbs = {{T(r, "Tài khoản của tôi", "My account"), url(r, "/account", NULL)}, {title, NULL}}});
    ui_problems(r, p, NULL);
    ui_form(r, "/account/token", "form sheet");
    html(&r->out, "<div class=\"body\">");
    ui_hidden(r, "back", "/account/token");
    form_row(r, p, "name", T(r, "Dùng cho việc gì", "What it is for"), T(r, "Ví dụ: Phần mềm báo cáo của tỉnh", "Such as: the province's reporting"), "text", form_get(r, "name"), "off");
    html_f(&r->out, "<fieldset class=\"row\" id=\"f-scopes\"><legend>%s</legend>", T(r, "Được làm gì", "What it may do"));
    for (size_t i = 0; i < N(scope_names); i++)
        ui_check(r, scope_names[i], "1", i == 0 && !p, scope_words(r, scope_names[i]), NULL);
    html(&r->out, "</fieldset>");
    form_row(r, p, "days", T(r, "Có hiệu lực trong bao nhiêu ngày", "For how many days"), T(r, "Từ 1 đến 365", "1 to 365"), "text", days ? days : "90", "off");
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\">%s</button></div></div>", T(r, "Tạo mã", "Make the token"));
    ui_form_end(r);
    page_end(r);
}

void p_account_token(struct request *r)
{
    token_page(r, NULL);
}

static unsigned scopes_given(struct request *r)
{
    unsigned scopes = 0;
    for (size_t i = 0; i < N(scope_names); i++)
        if (form_get(r, scope_names[i]))
            scopes |= scopes_parse(scope_names[i]);
    return scopes;
}

void p_account_token_post(struct request *r)
{
    struct ctx *c = r->c;
    struct problems p;
    int64_t days = DAYS_USUAL;
    const char *given = form_get(r, "days"), *name = form_get(r, "name"), *title = T(r, "Mã truy cập mới", "The new token");
    problems_start(&p, c);
    if (given && (!int_parse(given, &days) || days < 0 || days > 100000))
        days = 0;
    if (!db_begin(c, DB_WRITE))
        return;
    const char *token = token_make(c, r->who.account, name ? name : "", scopes_given(r), (int)days, &p);
    if (!token)
        db_rollback(c);
    else if (!db_commit(c))
        return;
    if (failed(c))
        return;
    if (!token) {
        r->status = 422;
        token_page(r, &p);
        return;
    }
    page_begin(r, &(struct page){.title = title, .crumbs = {{T(r, "Tài khoản của tôi", "My account"), url(r, "/account", NULL)}, {title, NULL}}});
    ui_sheet(r, NULL, NULL, NULL);
    html(&r->out, "<div class=\"body\">");
    secret_show(r, T(r, "Mã chỉ hiện lần này: chép ngay vào nơi chương trình cần.", "It is shown this once: put it where the program needs it now."), token);
    html(&r->out, "</div>");
    ui_sheet_end(r);
    ui_button(r, url(r, "/account", NULL), NULL, T(r, "Đã chép, quay lại", "I have it, go back"), true);
    page_end(r);
}

void p_account_token_end(struct request *r)
{
    struct ctx *c = r->c;
    int64_t id = 0;
    const char *given = form_get(r, "token");
    if (!db_begin(c, DB_WRITE))
        return;
    if (!given || !int_parse(given, &id) || !token_end(c, r->who.account, id))
        fail(c, ERR_MISSING, "Không có mã truy cập này, hoặc đã thu hồi.", "There is no such token, or it has ended.");
    if (db_commit(c))
        redirect(r, url(r, "/account", "notice", "ended", NULL));
}

/* --- the page ---------------------------------------------------------------------------------------------- */

static void actions(struct request *r)
{
    ui_button(r, url(r, "/account/password", NULL), "lock", T(r, "Đổi mật khẩu", "Change the password"), true);
}

static void second(struct request *r)
{
    struct second_look s;
    char since[DAY_TEXT];
    bool on = second_look(r->c, r->who.account, &s);
    ui_sheet(r, T(r, "Xác thực hai bước", "Second factor"), on ? url(r, "/account/second", NULL) : NULL, T(r, "Đổi hoặc tắt", "Change or turn off"));
    if (on)
        html_f(&r->out, "<p class=\"body\">%s</p>", arena_printf(&r->c->arena, T(r, "Đã bật từ ngày %s; còn %lld mã dự phòng.", "On since %s; %lld recovery codes are left."), day_vi(instant_day(s.since).v, since), (long long)s.codes));
    else
        ui_empty(r, r->c->actor->unproven ? T(r, "Tài khoản này quản trị cả hệ thống nên phải bật trước khi làm việc.", "This account administers the installation: turn it on before you work.")
                                          : T(r, "Chưa bật. Khi bật, đăng nhập cần thêm mã trên điện thoại: ai biết mật khẩu cũng chưa vào được.", "Off. When it is on, signing in needs a code of your phone, too: a password alone opens nothing."),
                 url(r, "/account/second", NULL), T(r, "Bật xác thực hai bước", "Turn it on"));
    ui_sheet_end(r);
}

void p_account(struct request *r)
{
    const struct actor *a = r->c->actor;
    page_begin(r, &(struct page){.title = T(r, "Tài khoản của tôi", "My account"), .actions = actions,
                                 .lead = arena_printf(&r->c->arena, "%s · %s", r->who.name, r->who.login)});
    html(&r->out, "<div class=\"stack\">");
    ui_sheet(r, T(r, "Quyền hôm nay", "Rights today"), NULL, NULL);
    rights_show(r, a->rights, a->nrights);
    ui_sheet_end(r);
    ui_sheet(r, T(r, "Phiên đăng nhập", "Sessions"), NULL, NULL);
    sessions_show(r, r->who.account, "/account/end");
    ui_sheet_end(r);
    second(r);
    tokens(r);
    ui_sheet(r, T(r, "Gần đây", "Recently"), NULL, NULL);
    account_audit_show(r, r->who.account);
    ui_sheet_end(r);
    html(&r->out, "</div>");
    page_end(r);
}

void p_account_end(struct request *r)
{
    int64_t id = 0;
    const char *which = form_get(r, "session");
    int64_t own = r->who.session ? r->who.session->id : 0;
    int64_t n = str_same(which, "others")                   ? session_end_all(r->server->sessions, r->c, r->who.account, own)
                : which && int_parse(which, &id) && id > 0 ? session_end(r->server->sessions, r->c, r->who.account, id)
                                                            : 0;
    if (n == 0 && !str_same(which, "others"))
        fail(r->c, ERR_MISSING, "Không có phiên này, hoặc đã kết thúc.", "There is no such session, or it has ended.");
    if (!failed(r->c))
        redirect(r, url(r, "/account", "notice", "ended", NULL));
}

/* --- the password ------------------------------------------------------------------------------------------ */

static void password_page(struct request *r, const struct problems *p)
{
    bool must = r->who.session && r->who.session->must_change;
    const char *title = T(r, "Đổi mật khẩu", "Change the password");
    page_begin(r, &(struct page){.title = title, .error = p && p->n, .bare = must,
                                 .lead = must ? T(r, "Mật khẩu này do người khác đặt: hãy đặt mật khẩu của riêng đồng chí trước khi làm việc.", "Somebody else set this password: set your own before you work.")
                                              : T(r, "Các phiên đăng nhập khác sẽ kết thúc.", "All other sessions will end.")});
    if (must)
        html_f(&r->out, "<div class=\"card\"><h1>%s</h1><p class=\"soft\">%s</p>", title, T(r, "Mật khẩu hiện tại do người khác đặt: hãy đặt mật khẩu của riêng đồng chí trước khi làm việc.", "Somebody else set the present password: set your own before you work."));
    ui_problems(r, p, NULL);
    ui_form(r, "/account/password", must ? NULL : "form sheet");
    html(&r->out, "<div class=\"body\">");
    form_row(r, p, "old", T(r, "Mật khẩu hiện tại", "The present password"), NULL, "password", NULL, "current-password");
    form_row(r, p, "password", T(r, "Mật khẩu mới (từ 12 ký tự)", "The new password (12 characters or more)"),
             T(r, "Một câu vài từ dễ nhớ, khó đoán, ví dụ bốn từ không liên quan.", "A few words that are easy to keep and hard to guess."), "password", NULL, "new-password");
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\">%s</button></div></div>", title);
    ui_form_end(r);
    if (must)
        html(&r->out, "</div>");
    page_end(r);
}

void p_account_password(struct request *r)
{
    password_page(r, NULL);
}

void p_account_password_post(struct request *r)
{
    struct problems p;
    const char *old = form_get(r, "old"), *fresh = form_get(r, "password");
    problems_start(&p, r->c);
    if (r->who.session && password_change(r->server->gate, r->server->sessions, r->c, r->who.session, old ? old : "", fresh ? fresh : "", &p)) {
        redirect(r, url(r, "/account", "notice", "password", NULL));
        return;
    }
    if (failed(r->c))
        return;
    r->status = 422;
    password_page(r, &p);
}
