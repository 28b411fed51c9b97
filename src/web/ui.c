/* See ui.h. */
#include "ui.h"

#include "assets.h"
#include "base/str.h"

void ui_icon(struct request *r, const char *name)
{
    if (name)
        html_f(&r->out, "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"%s#%s\"/></svg>", asset_path(r->server, "icons.svg"), name);
}

void ui_tag(struct request *r, enum tone tone, const char *icon, const char *words)
{
    static const char *const classes[] = {"ok", "due", "late", "info"};
    html_f(&r->out, "<span class=\"tag %s\">", classes[tone]);
    ui_icon(r, icon);
    html_f(&r->out, "%s</span>", words);
}

void ui_button(struct request *r, const char *href, const char *icon, const char *words, bool main)
{
    html_f(&r->out, "<a class=\"btn%s\" href=\"%s\">", main ? " main" : "", href);
    ui_icon(r, icon);
    html_f(&r->out, "%s</a>", words);
}

void ui_form(struct request *r, const char *action, const char *classes)
{
    html_f(&r->out, "<form method=\"post\" action=\"%s\" class=\"%s\" novalidate>", action, classes ? classes : "form");
    ui_hidden(r, "csrf", r->who.csrf);
}

void ui_form_guarded(struct request *r, const char *action, const char *classes)
{
    html_f(&r->out, "<form method=\"post\" action=\"%s\" class=\"%s\" data-guard novalidate>", action, classes ? classes : "form");
    ui_hidden(r, "csrf", r->who.csrf);
}

void ui_form_end(struct request *r)
{
    html(&r->out, "</form>");
}

void ui_post_button(struct request *r, const char *action, const char *icon, const char *words, bool main)
{
    html_f(&r->out, "<form method=\"post\" action=\"%s\">", action);
    ui_hidden(r, "csrf", r->who.csrf);
    html_f(&r->out, "<button class=\"btn%s\">", main ? " main" : "");
    ui_icon(r, icon);
    html_f(&r->out, "%s</button></form>", words);
}

void ui_hidden(struct request *r, const char *name, const char *value)
{
    if (value)
        html_f(&r->out, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", name, value);
}

void ui_label(struct request *r, const char *id, const char *words)
{
    const char *remark = str_ends(words, ")") ? strrchr(words, '(') : NULL;
    html_f(&r->out, "<label for=\"%s\">%s", id, remark ? arena_copy(&r->c->arena, words, (size_t)(remark - words)) : words);
    if (remark)
        html_f(&r->out, "<small>%s</small>", remark);
    html(&r->out, "</label>");
}

void ui_check(struct request *r, const char *name, const char *value, bool on, const char *words, const char *hint)
{
    html_f(&r->out, "<label class=\"opt\"><input type=\"checkbox\" name=\"%s\" value=\"%s\"", name, value);
    if (on)
        html(&r->out, " checked");
    html_f(&r->out, "><span>%s", words);
    if (hint)
        html_f(&r->out, "<small>%s</small>", hint);
    html(&r->out, "</span></label>");
}

void ui_menu(struct request *r, const char *words, const char *icon)
{
    html(&r->out, "<details class=\"menu\"><summary class=\"btn\">");
    ui_icon(r, icon);
    html_f(&r->out, "%s", words);
    ui_icon(r, "down");
    html(&r->out, "</summary><div class=\"pop\">");
}

void ui_menu_end(struct request *r)
{
    html(&r->out, "</div></details>");
}

void ui_sheet(struct request *r, const char *title, const char *more_href, const char *more)
{
    html(&r->out, "<section class=\"sheet\">");
    if (!title)
        return;
    html_f(&r->out, "<header><h2>%s</h2>", title);
    if (more_href)
        html_f(&r->out, "<a href=\"%s\">%s</a>", more_href, more);
    html(&r->out, "</header>");
}

void ui_sheet_end(struct request *r)
{
    html(&r->out, "</section>");
}

void ui_empty(struct request *r, const char *words, const char *href, const char *action)
{
    html(&r->out, "<div class=\"empty\">");
    html_f(&r->out, "<svg class=\"icon big\" aria-hidden=\"true\"><use href=\"%s#doc\"/></svg><p>%s</p>", asset_path(r->server, "icons.svg"), words);
    if (href)
        ui_button(r, href, NULL, action, false);
    html(&r->out, "</div>");
}

void ui_figures(struct request *r)
{
    html(&r->out, "<div class=\"figures\">");
}

void ui_figures_end(struct request *r)
{
    html(&r->out, "</div>");
}

void ui_figure(struct request *r, const char *label, const char *figure, const char *measure, const char *remark, const char *href)
{
    if (href)
        html_f(&r->out, "<a class=\"fig\" href=\"%s\">", href);
    else
        html(&r->out, "<div class=\"fig\">");
    html_f(&r->out, "<span>%s</span><strong>%s</strong><em>%s</em>", label, figure, measure ? measure : "");
    if (remark)
        html_f(&r->out, "<span class=\"chg\">%s</span>", remark);
    if (href)
        html(&r->out, "</a>");
    else
        html(&r->out, "</div>");
}

/* The first letters of the first and the last word: "NĐ". */
void ui_face(struct request *r, const char *name)
{
    const char *last = strrchr(name, ' ');
    uint32_t cp;
    char letters[16];
    size_t a = utf8_next(name, strlen(name), &cp), b = last ? utf8_next(last + 1, strlen(last + 1), &cp) : 0;
    memcpy(letters, name, a);
    memcpy(letters + a, last ? last + 1 : "", b);
    letters[a + b] = '\0';
    html_f(&r->out, "<span class=\"face\" aria-hidden=\"true\">%s</span>", letters);
}

void ui_notice(struct request *r, const char *words, const char *undo)
{
    html(&r->out, "<div class=\"notice ok\" role=\"status\">");
    ui_icon(r, "ok");
    html_f(&r->out, "<p>%s</p>", words);
    if (undo)
        ui_post_button(r, undo, "undo", T(r, "Hoàn tác", "Undo"), false);
    html(&r->out, "</div>");
}

void ui_notice_of_address(struct request *r)
{
    static const struct {
        const char *name;
        struct words words;
    } all[] = {
        {"saved", {"Đã lưu.", "Saved."}},
        {"added", {"Đã thêm.", "Added."}},
        {"removed", {"Đã xóa khỏi danh sách.", "Removed from the list."}},
        {"restored", {"Đã khôi phục.", "Restored."}},
        {"undone", {"Đã hoàn tác.", "Undone."}},
        {"ended", {"Đã kết thúc.", "Ended."}},
        {"dropped", {"Đã bỏ tệp, chưa ghi gì.", "The file was dropped, nothing was written."}},
        {"file-dropped", {"Đã xóa tệp.", "The file was dropped."}},
        {"locked", {"Đã khóa tài khoản; mọi phiên đã kết thúc.", "Account locked; its sessions were ended."}},
        {"unlocked", {"Đã mở khóa tài khoản.", "Account unlocked."}},
        {"imported", {"Đã nhập xong.", "Imported."}},
        {"password", {"Đã đổi mật khẩu. Các phiên khác đã kết thúc.", "Password changed. Other sessions were ended."}},
        {"second-off", {"Đã tắt xác thực hai bước. Các phiên khác đã kết thúc.", "The second factor is off. Other sessions were ended."}},
        {"second-reset", {"Đã đặt lại xác thực hai bước; mọi phiên của tài khoản đã kết thúc.", "The second factor was reset; the account's sessions were ended."}},
        {"sent", {"Đã giới thiệu chuyển đi; vẫn tính ở nơi đi đến khi nơi đến tiếp nhận.", "Sent; counted where they were until they are received."}},
        {"received", {"Đã tiếp nhận.", "Received."}},
    };
    const char *name = query_get(r, "notice"), *undo = query_get(r, "undo");
    if (undo && (*undo != '/' || !(str_ends(undo, "/restore") || str_ends(undo, "/undo")) || strpbrk(undo, "?#\\") || undo[1] == '/'))
        undo = NULL; /* an address that somebody sends must not make a button of whatever it likes */
    for (size_t i = 0; name && i < N(all); i++)
        if (strcmp(all[i].name, name) == 0)
            ui_notice(r, in_words(r->c, all[i].words), undo);
}

const struct problem *ui_problem_of(const struct problems *p, const char *field)
{
    for (const struct problem *one = p ? p->first : NULL; one; one = one->next)
        if (one->field && strcmp(one->field, field) == 0)
            return one;
    return NULL;
}

void ui_problems(struct request *r, const struct problems *p, const struct kind *k)
{
    if (!p || (!p->n && !p->warnings))
        return;
    html_f(&r->out, "<div class=\"errors%s\" id=\"errors\" role=\"alert\" tabindex=\"-1\"><h2>", p->n ? "" : " warned");
    if (p->n)
        html_text(&r->out, T(r, "Chưa lưu được, hãy sửa các chỗ sau", "Not saved yet: please mend the following"));
    else
        html_text(&r->out, T(r, "Hãy xem lại trước khi lưu", "Please look again before saving"));
    html(&r->out, "</h2><ul>");
    for (const struct problem *one = p->first; one; one = one->next) {
        const struct field *f = one->field && k ? field_find(k, one->field) : NULL;
        const char *label = f && !str_starts(one->text, in_words(r->c, f->label)) ? in_words(r->c, f->label) : "";
        if (one->field)
            html_f(&r->out, "<li><a href=\"#f-%s\">%s%s%s</a></li>", one->field, label, *label ? ": " : "", one->text);
        else
            html_f(&r->out, "<li>%s</li>", one->text);
    }
    html(&r->out, "</ul></div>");
}
