/* Accounts as the administrator keeps them: made with a first password that must be changed, reset in person, locked and unlocked,
 * their sessions ended. A form changes only what it names. */
#include "account.h"
#include "page.h"
#include "pages.h"
#include "server.h"
#include "session.h"
#include "sign_in.h"
#include "ui.h"

#include "base/str.h"
#include "model/list.h"
#include "model/scope.h"
#include "party/verbs.h"

static const char *text_of(const void *account, const char *field)
{
    const char *s = field_get(field_need(&account_kind, field), account).s;
    return s ? s : "";
}

static bool flag_of(const void *account, const char *field)
{
    return field_get(field_need(&account_kind, field), account).i != 0;
}

static const char *page_of(struct request *r, int64_t id, const char *then)
{
    return arena_printf(&r->c->arena, "/admin/accounts/%lld%s", (long long)id, then);
}

/* The account of the address; NULL after fail(). In a transaction. */
static void *account_of(struct request *r, unsigned act)
{
    int64_t id = 0;
    void *a = int_parse(r->parts[0], &id) && id > 0 ? record_find(r->c, &account_kind, id, act) : NULL;
    if (!a && !failed(r->c))
        fail(r->c, ERR_MISSING, "Không có trang này, hoặc bạn không được xem.", "There is no such page, or it is not yours to see.");
    return a;
}

/* --- the list ---------------------------------------------------------------------------------------------- */

static void list_actions(struct request *r)
{
    ui_button(r, url(r, "/admin/accounts/new", NULL), "plus", T(r, "Tạo tài khoản", "Make an account"), true);
}

static void account_line(struct request *r, const void *a)
{
    const struct row *row = a;
    html_f(&r->out, "<li><span class=\"t\"><a href=\"%s\">%s</a><small>%s</small></span>", url(r, page_of(r, row->id, ""), NULL), text_of(a, "name"), text_of(a, "login"));
    if (flag_of(a, "locked"))
        ui_tag(r, TONE_LATE, "lock", T(r, "Đã khóa", "Locked"));
    else if (flag_of(a, "must_change"))
        ui_tag(r, TONE_DUE, "key", T(r, "Chờ đổi mật khẩu", "Must change the password"));
    html(&r->out, "</li>");
}

void p_admin_accounts(struct request *r)
{
    struct filter f = {.kind = &account_kind, .all_times = true, .search = NULL, .by_id = false, .sort = field_need(&account_kind, "login"), .after = query_get(r, "after")};
    if (query_get(r, "locked"))
        f.terms[f.nterms++] = (struct condition){field_need(&account_kind, "locked"), OP_IS, value_int(1)};
    struct list l = record_list(r->c, &f);
    page_begin(r, &(struct page){.title = T(r, "Tài khoản", "Accounts"), .chapter = CHAPTER_ADMIN, .actions = list_actions,
                                 .lead = T(r, "Ai được đăng nhập. Quyền đến từ chức vụ, hoặc được cấp riêng.", "Who may sign in. Rights come from offices, or are granted."),
                                 .crumbs = {{T(r, "Quản trị", "Administration"), url(r, "/admin", NULL)}, {T(r, "Tài khoản", "Accounts"), NULL}}});
    ui_sheet(r, NULL, NULL, NULL);
    if (!l.n)
        ui_empty(r, T(r, "Không có tài khoản nào như vậy.", "There is no such account."), url(r, "/admin/accounts/new", NULL), T(r, "Tạo tài khoản", "Make an account"));
    else
        html(&r->out, "<ul class=\"list\">");
    for (size_t i = 0; i < l.n; i++)
        account_line(r, l.rows[i]);
    if (l.n)
        html(&r->out, "</ul>");
    if (l.next) {
        html(&r->out, "<div class=\"foot\">");
        ui_button(r, here(r, "after", l.next, NULL), NULL, T(r, "Trang sau", "Next page"), false);
        html(&r->out, "</div>");
    }
    ui_sheet_end(r);
    page_end(r);
}

/* --- one account -------------------------------------------------------------------------------------------- */

static void what_can_be_done(struct request *r, const void *a, int64_t id)
{
    bool locked = flag_of(a, "locked"), own = id == r->who.account;
    html(&r->out, "<div class=\"foot\">");
    ui_button(r, url(r, page_of(r, id, "/reset"), NULL), "key", T(r, "Đặt lại mật khẩu", "Reset the password"), false);
    if (second_look(r->c, id, &(struct second_look){0}) && !own)
        ui_button(r, url(r, page_of(r, id, "/second"), NULL), "lock", T(r, "Đặt lại xác thực hai bước", "Reset the second factor"), false);
    if (!own) {
        ui_form(r, page_of(r, id, "/lock"), NULL);
        ui_hidden(r, "locked", locked ? "0" : "1");
        html_f(&r->out, "<button class=\"btn\">%s</button>", locked ? T(r, "Mở khóa", "Unlock") : T(r, "Khóa", "Lock"));
        ui_form_end(r);
    }
    ui_button(r, url(r, "/grant/new", "account", arena_printf(&r->c->arena, "%lld", (long long)id), NULL), "plus", T(r, "Cấp quyền", "Grant rights"), false);
    ui_button(r, url(r, arena_printf(&r->c->arena, "/account/%lld/edit", (long long)id), NULL), "edit", T(r, "Sửa", "Edit"), false);
    html(&r->out, "</div>");
}

void p_admin_account(struct request *r)
{
    const void *a = account_of(r, ACT_READ);
    if (!a)
        return;
    int64_t id = ((const struct row *)a)->id;
    struct actor as = {.account = id, .person = field_get(field_need(&account_kind, "person"), a).i, .login = text_of(a, "login")};
    access_refresh(r->c, &as);
    page_begin(r, &(struct page){.title = text_of(a, "name"), .chapter = CHAPTER_ADMIN,
                                 .lead = arena_printf(&r->c->arena, "%s · %s", text_of(a, "login"), flag_of(a, "locked") ? T(r, "đã khóa", "locked") : T(r, "được đăng nhập", "may sign in")),
                                 .crumbs = {{T(r, "Tài khoản", "Accounts"), url(r, "/admin/accounts", NULL)}, {text_of(a, "name"), NULL}}});
    html(&r->out, "<div class=\"stack\">");
    ui_sheet(r, T(r, "Tài khoản này được xem và làm gì hôm nay", "What this account may see and do today"), NULL, NULL);
    rights_show(r, as.rights, as.nrights);
    what_can_be_done(r, a, id);
    ui_sheet_end(r);
    ui_sheet(r, T(r, "Phiên đăng nhập", "Sessions"), NULL, NULL);
    sessions_show(r, id, page_of(r, id, "/end"));
    ui_sheet_end(r);
    ui_sheet(r, T(r, "Gần đây", "Recently"), NULL, NULL);
    account_audit_show(r, id);
    ui_sheet_end(r);
    html(&r->out, "</div>");
    page_end(r);
}

void p_admin_account_end(struct request *r)
{
    struct ctx *c = r->c;
    int64_t session = 0, own = r->who.session ? r->who.session->id : 0;
    const char *which = form_get(r, "session");
    if (!db_begin(c, DB_READ))
        return;
    const struct row *a = account_of(r, ACT_CHANGE);
    if (!db_commit(c) || !a)
        return;
    if (str_same(which, "others"))
        session_end_all(r->server->sessions, c, a->id, own);
    else if (!which || !int_parse(which, &session) || session <= 0 || session_end(r->server->sessions, c, a->id, session) == 0)
        fail(c, ERR_MISSING, "Không có phiên này, hoặc đã kết thúc.", "There is no such session, or it has ended.");
    if (!failed(c))
        redirect(r, url(r, page_of(r, a->id, ""), "notice", "ended", NULL));
}

void p_admin_account_lock(struct request *r)
{
    struct ctx *c = r->c;
    struct problems p;
    bool lock = !str_same(form_get(r, "locked"), "0");
    problems_start(&p, c);
    if (!db_begin(c, DB_WRITE))
        return;
    void *a = account_of(r, ACT_CHANGE);
    if (a && ((struct row *)a)->id == r->who.account)
        fail(c, ERR_CONFLICT, "Không tự khóa tài khoản của mình được.", "Nobody locks their own account.");
    if (a && !failed(c)) {
        field_set(field_need(&account_kind, "locked"), a, value_int(lock));
        if (!record_save(c, &account_kind, a, &p) && !failed(c))
            fail(c, ERR_DENIED, "%s", "%s", p.first ? p.first->text : "?");
    }
    if (!db_commit(c) || !a)
        return;
    session_forget(r->server->sessions, ((struct row *)a)->id);
    if (!lock)
        gate_forgive(r->server->gate, text_of(a, "login"));
    redirect(r, url(r, page_of(r, ((struct row *)a)->id, ""), "notice", lock ? "locked" : "unlocked", NULL));
}

/* --- first passwords ---------------------------------------------------------------------------------------- */

static const char *first_password(struct request *r)
{
    char *out = arena_alloc(&r->c->arena, READABLE_TEXT);
    readable_random(out);
    return out;
}

/* The typed password, or a new one; its hash. NULL after fail() or with problems. */
static const char *password_of_form(struct request *r, int64_t account, const char *login, const char *name, char hash[PASSWORD_HASH], struct problems *p)
{
    const char *typed = form_get(r, "password");
    const char *password = str_blank(typed) ? first_password(r) : typed;
    const char *normal = db_begin(r->c, DB_READ) ? password_accept(r->c, p, password, account, login, name) : NULL;
    if (!db_commit(r->c) || !normal)
        return NULL;
    if (!password_hash(normal, hash))
        fail(r->c, ERR_FULL, "Không đủ bộ nhớ để băm mật khẩu.", "Not enough memory to hash the password.");
    return failed(r->c) ? NULL : password;
}

static void shown_once(struct request *r, const char *title, int64_t id, const char *password)
{
    page_begin(r, &(struct page){.title = title, .chapter = CHAPTER_ADMIN, .crumbs = {{T(r, "Tài khoản", "Accounts"), url(r, "/admin/accounts", NULL)}, {title, NULL}}});
    ui_sheet(r, NULL, NULL, NULL);
    html(&r->out, "<div class=\"body\">");
    secret_show(r, T(r, "Mật khẩu đầu chỉ hiện lần này: trao tận tay. Người dùng phải đổi ngay khi đăng nhập.", "The first password is shown this once: hand it over in person. It must be changed at the first sign-in."), password);
    html(&r->out, "</div>");
    ui_sheet_end(r);
    ui_button(r, url(r, page_of(r, id, ""), NULL), NULL, T(r, "Mở tài khoản", "Open the account"), true);
    page_end(r);
}

static void form_begin(struct request *r, const char *title, const char *action, const char *lead, const struct problems *p)
{
    page_begin(r, &(struct page){.title = title, .lead = lead, .chapter = CHAPTER_ADMIN, .error = p && p->n,
                                 .crumbs = {{T(r, "Tài khoản", "Accounts"), url(r, "/admin/accounts", NULL)}, {title, NULL}}});
    ui_problems(r, p, NULL);
    ui_form(r, action, "form sheet");
    html(&r->out, "<div class=\"body\">");
    ui_hidden(r, "back", action);
}

static void form_finish(struct request *r, const struct problems *p, const char *words)
{
    form_row(r, p, "password", T(r, "Mật khẩu đầu (để trống thì máy tạo)", "First password (blank: one is made)"), T(r, "Từ 12 ký tự. Người dùng phải đổi khi đăng nhập lần đầu.", "12 characters or more. It must be changed at the first sign-in."),
             "password", NULL, "new-password");
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\">%s</button>", words);
    ui_button(r, url(r, "/admin/accounts", NULL), NULL, T(r, "Thôi", "Cancel"), false);
    html(&r->out, "</div></div>");
    ui_form_end(r);
    page_end(r);
}

static void new_page(struct request *r, const struct problems *p)
{
    form_begin(r, T(r, "Tạo tài khoản", "Make an account"), "/admin/accounts/new", T(r, "Quyền đến từ chức vụ của người dùng, hoặc được cấp riêng sau đó.", "Rights come from the person's offices, or are granted afterwards."), p);
    form_row(r, p, "login", T(r, "Tên đăng nhập", "Login"), T(r, "Chữ thường không dấu, ví dụ nv.duc", "Small letters, such as nv.duc"), "text", form_get(r, "login"), "off");
    form_row(r, p, "name", T(r, "Tên hiển thị (không bắt buộc)", "Name (optional)"), NULL, "text", form_get(r, "name"), "off");
    form_row(r, p, "person", T(r, "Mã hồ sơ đảng viên của người dùng (không bắt buộc)", "Code of the person's record (optional)"), NULL, "text", form_get(r, "person"), "off");
    form_finish(r, p, T(r, "Tạo tài khoản", "Make the account"));
}

void p_admin_account_new(struct request *r)
{
    new_page(r, NULL);
}

/* Makes it; 0 with problems or after fail(). */
static int64_t make(struct request *r, const char *hash, struct problems *p)
{
    struct ctx *c = r->c;
    const char *person = form_get(r, "person");
    if (!db_begin(c, DB_WRITE))
        return 0;
    void *a = arena_alloc(&c->arena, account_kind.size);
    int64_t who = str_blank(person) ? 0 : record_id_of_code(c, &person_kind, person);
    if (!str_blank(person) && !who)
        problem(p, "person", "Không có hồ sơ mang mã “%s”.", "There is no person of code “%s”.", person);
    field_set(field_need(&account_kind, "login"), a, value_text(form_get(r, "login")));
    field_set(field_need(&account_kind, "name"), a, value_text(str_blank(form_get(r, "name")) ? NULL : form_get(r, "name")));
    field_set(field_need(&account_kind, "password"), a, value_text(hash));
    field_set(field_need(&account_kind, "must_change"), a, value_int(1));
    field_set(field_need(&account_kind, "person"), a, value_int(who));
    if (p->n || !record_save(c, &account_kind, a, p)) {
        db_rollback(c);
        return 0;
    }
    return db_commit(c) ? ((struct row *)a)->id : 0;
}

void p_admin_account_new_post(struct request *r)
{
    struct problems p;
    char hash[PASSWORD_HASH];
    const char *login = form_get(r, "login"), *name = form_get(r, "name");
    problems_start(&p, r->c);
    const char *password = password_of_form(r, 0, login ? login : "", name, hash, &p);
    int64_t id = password ? make(r, hash, &p) : 0;
    if (failed(r->c))
        return;
    if (id) {
        shown_once(r, T(r, "Đã tạo tài khoản", "The account is made"), id, password);
        return;
    }
    r->status = 422;
    new_page(r, &p);
}

static void reset_page(struct request *r, int64_t id, const char *name, const struct problems *p)
{
    form_begin(r, arena_printf(&r->c->arena, T(r, "Đặt lại mật khẩu của %s", "Reset the password of %s"), name), page_of(r, id, "/reset"),
               T(r, "Chỉ đặt lại khi người đó có mặt. Mọi phiên đăng nhập của tài khoản sẽ kết thúc.", "Only when the person is there. All sessions of the account will end."), p);
    form_finish(r, p, T(r, "Đặt lại mật khẩu", "Reset the password"));
}

void p_admin_account_reset(struct request *r)
{
    const void *a = account_of(r, ACT_CHANGE);
    if (a)
        reset_page(r, ((const struct row *)a)->id, text_of(a, "name"), NULL);
}

void p_admin_account_reset_post(struct request *r)
{
    struct ctx *c = r->c;
    struct problems p;
    char hash[PASSWORD_HASH];
    problems_start(&p, c);
    if (!db_begin(c, DB_READ))
        return;
    const struct row *a = account_of(r, ACT_CHANGE);
    if (!db_commit(c) || !a)
        return;
    const char *password = password_of_form(r, a->id, text_of(a, "login"), text_of(a, "name"), hash, &p);
    bool ok = password && db_begin(c, DB_WRITE);
    if (ok && (!account_of(r, ACT_CHANGE) || !password_set(c, a->id, hash, true, 0, &p))) {
        db_rollback(c);
        ok = false;
    } else if (ok) {
        ok = db_commit(c);
    }
    if (failed(c))
        return;
    if (!ok) {
        r->status = 422;
        reset_page(r, a->id, text_of(a, "name"), &p);
        return;
    }
    session_forget(r->server->sessions, a->id);
    gate_forgive(r->server->gate, text_of(a, "login"));
    shown_once(r, T(r, "Đã đặt lại mật khẩu", "The password is reset"), a->id, password);
}

/* --- the second factor of somebody else ------------------------------------------------------------------------ */

static void second_page(struct request *r, int64_t id, const char *name, const struct problems *p)
{
    const char *title = arena_printf(&r->c->arena, T(r, "Đặt lại xác thực hai bước của %s", "Reset the second factor of %s"), name);
    form_begin(r, title, page_of(r, id, "/second"), T(r, "Chỉ làm khi người đó có mặt, hoặc đã kiểm tra đúng người bằng cách chắc chắn khác; không làm theo điện thoại hay tin nhắn. Ứng dụng và mã dự phòng cũ hết dùng được, mọi phiên của tài khoản kết thúc; mật khẩu giữ nguyên.",
                                                      "Only when the person is there, or you made sure of them in another certain way; never because of a call or a message. The app and the recovery codes stop working, all sessions of the account end; the password stays."), p);
    form_row(r, p, "reason", T(r, "Lý do, và đã kiểm tra đúng người bằng cách nào", "Why, and how you made sure of the person"), T(r, "Ghi vào nhật ký, ví dụ: mất điện thoại, đã đến gặp trực tiếp tại văn phòng", "For the audit, such as: phone lost, came to the office in person"), "text",
             form_get(r, "reason"), "off");
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\">%s</button>", T(r, "Đặt lại", "Reset"));
    ui_button(r, url(r, page_of(r, id, ""), NULL), NULL, T(r, "Thôi", "Cancel"), false);
    html(&r->out, "</div></div>");
    ui_form_end(r);
    page_end(r);
}

/* The account of the address, somebody else's; NULL after fail(). In a transaction. */
static const struct row *other_account(struct request *r)
{
    int64_t id = 0;
    if (int_parse(r->parts[0], &id) && id == r->who.account)
        fail(r->c, ERR_CONFLICT, "Không tự đặt lại cho mình được: dùng trang “Tài khoản của tôi”, hoặc nhờ người quản trị khác.", "Nobody resets their own: use “My account”, or ask another administrator.");
    return failed(r->c) ? NULL : account_of(r, ACT_CHANGE);
}

void p_admin_account_second(struct request *r)
{
    const void *a = other_account(r);
    if (a)
        second_page(r, ((const struct row *)a)->id, text_of(a, "name"), NULL);
}

void p_admin_account_second_post(struct request *r)
{
    enum { REASON_LEAST = 5, REASON_MOST = 500 };
    struct ctx *c = r->c;
    struct problems p;
    const char *reason = form_get(r, "reason");
    bool told = reason && utf8_width(reason) >= REASON_LEAST && strlen(reason) <= REASON_MOST;
    problems_start(&p, c);
    if (!db_begin(c, DB_WRITE))
        return;
    const struct row *a = other_account(r);
    if (!told)
        problem(&p, "reason", "Ghi lý do, từ %d ký tự.", "Say why, in %d letters or more.", REASON_LEAST);
    else if (a && !failed(c))
        second_turn_off(c, a->id, 0, "second_reset", reason);
    if (!db_commit(c) || !a)
        return;
    if (!told) {
        r->status = 422;
        second_page(r, a->id, text_of(a, "name"), &p);
        return;
    }
    session_forget(r->server->sessions, a->id);
    gate_forgive(r->server->gate, text_of(a, "login"));
    redirect(r, url(r, page_of(r, a->id, ""), "notice", "second-reset", NULL));
}
