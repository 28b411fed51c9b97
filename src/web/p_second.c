/* One's own second factor: turned on with an app and its first code, recovery codes shown once, turned off. Everything here is about who is
 * signed in. The secret stands on the page on which it is turned on, and on no other. */
#include "account.h"
#include "identify.h"
#include "page.h"
#include "pages.h"
#include "qr.h"
#include "server.h"
#include "session.h"
#include "sign_in.h"
#include "ui.h"

#include "base/str.h"

enum { GROUPED = TOTP_BASE32 + TOTP_BASE32 / 4 };

static void begin(struct request *r, const char *title, const char *lead, bool error)
{
    page_begin(r, &(struct page){.title = title, .lead = lead, .error = error, .crumbs = {{T(r, "Tài khoản của tôi", "My account"), url(r, "/account", NULL)}, {title, NULL}}});
}

/* --- turning it on ------------------------------------------------------------------------------------------- */

/* As apps read it. The name is of the program and the account: a phone may hold several. */
static const char *app_address(struct request *r, const char *secret)
{
    struct buf b = {0};
    buf_puts(&b, "otpauth://totp/Dang%20Bo:");
    url_part(&b, r->who.login);
    buf_printf(&b, "?secret=%s&issuer=Dang%%20Bo", secret);
    buf_char(&b, '\0');
    return buf_take(&b, &r->c->arena);
}

static const char *in_fours(struct request *r, const char *secret)
{
    char out[GROUPED], *to = out;
    for (size_t i = 0; secret[i]; i++) {
        if (i && i % 4 == 0)
            *to++ = ' ';
        *to++ = secret[i];
    }
    return arena_copy(&r->c->arena, out, (size_t)(to - out));
}

/* `offer` was made for this account within the hour, or a new one is. */
static void enrol_page(struct request *r, const char *offer, const struct problems *p)
{
    struct ctx *c = r->c;
    const unsigned char *key = gate_second_key(r->server->gate);
    unsigned char secret[TOTP_SECRET];
    char words[TOTP_BASE32];
    if (!second_offered(c, key, r->who.account, offer, secret) && !second_offered(c, key, r->who.account, offer = second_offer(c, key, r->who.account), secret))
        return;
    totp_base32(secret, words);
    const char *address = app_address(r, words);
    begin(r, T(r, "Bật xác thực hai bước", "Turn on the second factor"),
          c->actor->unproven ? T(r, "Tài khoản quản trị cả hệ thống phải bật trước khi làm việc.", "An account that administers the installation must turn it on before any work.") : T(r, "Sau mật khẩu, đăng nhập cần thêm mã trên điện thoại.", "After the password, signing in needs a code of your phone."), p && p->n);
    ui_problems(r, p, NULL);
    ui_form(r, "/account/second", "form sheet");
    html(&r->out, "<div class=\"body\">");
    ui_hidden(r, "back", url_plain(r, "/account/second", "offer", offer, NULL));
    ui_hidden(r, "offer", offer);
    html_f(&r->out, "<p>%s</p>", T(r, "1. Cài một ứng dụng xác thực trên điện thoại (Google Authenticator, Microsoft Authenticator, FreeOTP …) rồi quét hình này.",
                                   "1. Install an authenticator app on your phone (Google Authenticator, Microsoft Authenticator, FreeOTP …) and scan this picture."));
    qr_show(r, address, T(r, "Mã QR để quét bằng ứng dụng xác thực; khóa bằng chữ ở ngay dưới", "QR code for the authenticator app; the key as text is right below"));
    html_f(&r->out, "<p><a href=\"%s\">%s</a></p>", address, T(r, "Đang dùng chính điện thoại ấy: mở ứng dụng xác thực", "On that very phone: open the authenticator app"));
    secret_show(r, T(r, "Không quét được thì nhập khóa này vào ứng dụng:", "If it cannot be scanned, type this key into the app:"), in_fours(r, words));
    html_f(&r->out, "<p>%s</p>", T(r, "2. Nhập mã 6 số mà ứng dụng đang hiện. Các phiên đăng nhập khác của tài khoản sẽ kết thúc.", "2. Type the six digits that the app shows now. Other sessions of the account will end."));
    code_row(r, p, T(r, "Mã 6 số", "Six digits"));
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\">%s</button></div></div>", T(r, "Bật xác thực hai bước", "Turn it on"));
    ui_form_end(r);
    page_end(r);
    crypt_wipe(secret, sizeof secret);
    crypt_wipe(words, sizeof words);
}

static void codes_page(struct request *r, const struct recovery_codes *codes, const char *title)
{
    begin(r, title, T(r, "Mã dự phòng chỉ hiện lần này: in ra hoặc chép lại, cất nơi khóa kín, không để trong máy này.", "Recovery codes are shown this once: print or copy them, lock them away, and not in this computer."), false);
    ui_sheet(r, T(r, "Mã dự phòng", "Recovery codes"), NULL, NULL);
    html(&r->out, "<ol class=\"list\">");
    for (size_t i = 0; i < RECOVERY_CODES; i++)
        html_f(&r->out, "<li><code>%s</code></li>", codes->code[i]);
    html_f(&r->out, "</ol><p class=\"body\">%s</p>", T(r, "Mỗi mã dùng một lần, thay cho mã trên điện thoại.", "Each works once, in place of a code of the phone."));
    html(&r->out, "<div class=\"foot\">");
    ui_button(r, url(r, "/", NULL), NULL, T(r, "Đã cất, vào làm việc", "I have them, go on"), true);
    html(&r->out, "</div>");
    ui_sheet_end(r);
    page_end(r);
}

void p_second_post(struct request *r)
{
    struct ctx *c = r->c;
    struct problems p;
    struct recovery_codes codes;
    const char *token = NULL, *offer = form_get(r, "offer");
    problems_start(&p, c);
    if (!db_begin(c, DB_WRITE))
        return;
    bool on = second_turn_on(c, gate_second_key(r->server->gate), r->who.account, offer, form_get(r, "code"), &codes, &p);
    if (on) /* it can do more than the one before, so it is another */
        token = session_begin(r->server->sessions, c, r->who.account, "code", r->address, r->agent);
    if (!on)
        db_rollback(c);
    else if (!db_commit(c))
        return;
    if (failed(c))
        return;
    if (!on) {
        r->status = 422;
        enrol_page(r, offer, &p);
        return;
    }
    session_forget(r->server->sessions, r->who.account);
    session_cookie(r, token);
    codes_page(r, &codes, T(r, "Đã bật xác thực hai bước", "The second factor is on"));
    crypt_wipe(&codes, sizeof codes);
}

/* --- once it is on ------------------------------------------------------------------------------------------- */

static void kept_page(struct request *r, const struct second_look *s)
{
    char since[DAY_TEXT];
    begin(r, T(r, "Xác thực hai bước", "Second factor"),
          arena_printf(&r->c->arena, T(r, "Đã bật từ ngày %s; còn %lld mã dự phòng.", "On since %s; %lld recovery codes are left."), day_vi(instant_day(s->since).v, since), (long long)s->codes), false);
    html(&r->out, "<div class=\"stack\">");
    ui_sheet(r, T(r, "Mã dự phòng mới", "New recovery codes"), NULL, NULL);
    html_f(&r->out, "<p class=\"body\">%s</p><div class=\"foot\">", T(r, "Mười mã mới; các mã cũ hết dùng được và các phiên đăng nhập khác kết thúc.", "Ten new ones; the old ones stop working and other sessions end."));
    ui_form(r, "/account/second/codes", NULL);
    ui_hidden(r, "back", "/account/second");
    html_f(&r->out, "<button class=\"btn\">%s</button>", T(r, "Tạo mã dự phòng mới", "Make new recovery codes"));
    ui_form_end(r);
    html(&r->out, "</div>");
    ui_sheet_end(r);
    ui_sheet(r, T(r, "Đổi điện thoại, hoặc tắt", "Another phone, or off"), NULL, NULL);
    html_f(&r->out, "<p class=\"body\">%s</p><div class=\"foot\">", T(r, "Đổi điện thoại: tắt, rồi bật lại trên máy mới. Khi tắt, mã dự phòng cũng hết dùng được và các phiên đăng nhập khác kết thúc. Tài khoản quản trị phải bật lại ngay.",
                                                                   "To change phones, turn it off, then on again with the new one. When off, recovery codes stop working too, and other sessions end. An administrator's account must turn it on again at once."));
    ui_form(r, "/account/second/off", NULL);
    ui_hidden(r, "back", "/account/second");
    html_f(&r->out, "<button class=\"btn\">%s</button>", T(r, "Tắt xác thực hai bước", "Turn it off"));
    ui_form_end(r);
    html(&r->out, "</div>");
    ui_sheet_end(r);
    html(&r->out, "</div>");
    page_end(r);
}

void p_second(struct request *r)
{
    struct second_look s;
    if (second_look(r->c, r->who.account, &s))
        kept_page(r, &s);
    else if (!failed(r->c))
        enrol_page(r, query_get(r, "offer"), NULL);
}

static int64_t own_session(const struct request *r)
{
    return r->who.session ? r->who.session->id : 0;
}

void p_second_codes_post(struct request *r)
{
    struct ctx *c = r->c;
    struct recovery_codes codes;
    if (!db_begin(c, DB_WRITE))
        return;
    second_new_codes(c, r->who.account, own_session(r), &codes);
    if (!db_commit(c))
        return;
    session_forget(r->server->sessions, r->who.account);
    codes_page(r, &codes, T(r, "Mã dự phòng mới", "New recovery codes"));
    crypt_wipe(&codes, sizeof codes);
}

void p_second_off_post(struct request *r)
{
    struct ctx *c = r->c;
    if (!db_begin(c, DB_WRITE))
        return;
    second_turn_off(c, r->who.account, own_session(r), "second_off", NULL);
    if (!db_commit(c))
        return;
    session_forget(r->server->sessions, r->who.account);
    redirect(r, url(r, "/account", "notice", "second-off", NULL));
}
