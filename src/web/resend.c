/* A form whose session ended while it was being filled in is not lost: the answer carries everything that was typed and sends it again
 * after signing in, by a press of a button. It writes nothing itself, and takes over only what came from a page of ours; files and
 * passwords are not carried. */
#include "identify.h"
#include "page.h"
#include "ui.h"

#include "base/str.h"
#include "route.h"

static bool secret(const char *name)
{
    return strcmp(name, "csrf") == 0 || strstr(name, "password") || strcmp(name, "old") == 0 || strcmp(name, "token") == 0;
}

static bool can_carry(const struct request *r)
{
    if (!r->form || (!r->fetch_site && !r->origin) || (r->route->flags & (API | ANYBODY | ADMIN | FRESH | TAKES_FILE)) || !form_from_us(r))
        return false;
    for (const struct input *in = r->form; in; in = in->next)
        if (in->path)
            return false;
    return true;
}

bool form_resend(struct request *r)
{
    struct buf *o = &r->out;
    bool in = r->who.account;
    if (!can_carry(r))
        return false;
    r->c->err = (struct err){0};
    r->status = in ? 403 : 401;
    const struct page p = {.title = in ? T(r, "Gửi lại biểu mẫu", "Send the form again") : T(r, "Phiên làm việc đã hết", "The session has ended"), .bare = true, .error = true};
    page_begin(r, &p);
    html_f(o, "<div class=\"card\"><p class=\"mark\"><i aria-hidden=\"true\">ĐB</i><span>Đảng Bộ</span></p><h1>%s</h1><p>%s</p>", p.title,
           in ? T(r, "Biểu mẫu được mở trong một phiên làm việc trước. Chưa ghi gì; những gì đã nhập vẫn còn.", "The form was opened in a former session. Nothing was written yet; what you typed is still here.")
              : T(r, "Chưa ghi gì; những gì đã nhập vẫn còn. Đăng nhập ở thẻ mới, rồi trở lại trang này để gửi lại.",
                  "Nothing was written; what you typed is still here. Sign in in a new tab, then come back to this page and send it again."));
    if (!in)
        html_f(o, "<p><a class=\"btn main\" href=\"/sign-in\" target=\"_blank\" rel=\"noopener\">%s</a></p>", T(r, "Đăng nhập ở thẻ mới", "Sign in in a new tab"));
    ui_form(r, r->path, NULL);
    for (const struct input *i = r->form; i; i = i->next)
        if (!secret(i->name))
            ui_hidden(r, i->name, i->value);
    html_f(o, "<div class=\"submit\"><button class=\"btn%s\">%s</button></div>", in ? " main" : "", in ? T(r, "Gửi lại", "Send again") : T(r, "Đã đăng nhập, gửi lại", "I have signed in: send again"));
    ui_form_end(r);
    html(o, "</div>");
    page_end(r);
    return true;
}
