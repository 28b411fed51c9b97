/* See account.h. */
#include "account.h"

#include "history.h"
#include "session.h"
#include "ui.h"

#include "base/str.h"
#include "model/audit_list.h"
#include "model/scope.h"
#include "party/verbs.h"

enum { LATEST = 15, KINDS_SHOWN = 6 };

const char *device_words(struct request *r, const char *agent)
{
    static const struct {
        const char *sign, *name;
    } browsers[] = {{"Edg", "Edge"}, {"coc_coc", "Cốc Cốc"}, {"OPR/", "Opera"}, {"Firefox", "Firefox"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}},
      systems[] = {{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"Linux", "Linux"}};
    const char *browser = NULL, *system = NULL;
    for (size_t i = 0; i < N(browsers) && !browser; i++)
        browser = strstr(agent, browsers[i].sign) ? browsers[i].name : NULL;
    for (size_t i = 0; i < N(systems) && !system; i++)
        system = strstr(agent, systems[i].sign) ? systems[i].name : NULL;
    if (browser && system)
        return arena_printf(&r->c->arena, T(r, "%s trên %s", "%s on %s"), browser, system);
    return browser ? browser : system ? system : T(r, "Thiết bị không rõ", "An unknown device");
}

void sessions_show(struct request *r, int64_t account, const char *end)
{
    struct buf *o = &r->out;
    struct session *all;
    size_t n = session_list(r->c, account, &all);
    int64_t own = r->who.session ? r->who.session->id : 0;
    if (!n) {
        ui_empty(r, T(r, "Không có phiên nào đang mở.", "No session is open."), NULL, NULL);
        return;
    }
    html(o, "<ul class=\"list\">");
    for (size_t i = 0; i < n; i++) {
        const struct session *s = &all[i];
        html_f(o, "<li><span class=\"t\">%s<small>%s · %s %s · %s %s</small></span>", device_words(r, s->agent), *s->address ? s->address : "?", T(r, "từ", "since"),
               moment_words(r, s->created), T(r, "thấy lần cuối", "last seen"), moment_words(r, s->seen));
        if (s->id == own) {
            ui_tag(r, TONE_OK, "ok", T(r, "Phiên này", "This session"));
        } else {
            ui_form(r, end, NULL);
            ui_hidden(r, "session", arena_printf(&r->c->arena, "%lld", (long long)s->id));
            html_f(o, "<button class=\"btn\">%s</button>", T(r, "Kết thúc", "End"));
            ui_form_end(r);
        }
        html(o, "</li>");
    }
    html(o, "</ul>");
    if (n > 1) {
        html(o, "<div class=\"foot\">");
        ui_form(r, end, NULL);
        ui_hidden(r, "session", "others");
        html_f(o, "<button class=\"btn\">%s</button>", T(r, "Kết thúc mọi phiên khác", "End all other sessions"));
        ui_form_end(r);
        html(o, "</div>");
    }
}

static const char *acts_words(struct request *r, unsigned acts)
{
    static const struct {
        unsigned act;
        struct words words;
    } all[] = {{ACT_READ, {"xem", "read"}},         {ACT_ADD, {"thêm", "add"}},      {ACT_CHANGE, {"sửa", "change"}},
               {ACT_REMOVE, {"xóa", "remove"}},     {ACT_EXPORT, {"xuất", "export"}}};
    const char *out = "";
    for (size_t i = 0; i < N(all); i++)
        if (acts & all[i].act)
            out = arena_printf(&r->c->arena, "%s%s%s", out, *out ? ", " : "", in_words(r->c, all[i].words));
    return out;
}

static const char *kinds_words(struct request *r, uint64_t bits)
{
    const char *out = "";
    size_t n = 0;
    for (size_t i = 0; i < nkinds; i++) {
        if (!(bits & kind_bit(kinds[i]->name)))
            continue;
        if (n++ < KINDS_SHOWN)
            out = arena_printf(&r->c->arena, "%s%s%s", out, *out ? ", " : "", in_words(r->c, kinds[i]->plural));
    }
    return n > KINDS_SHOWN ? arena_printf(&r->c->arena, T(r, "%s và %zu loại khác", "%s and %zu other kinds"), out, n - KINDS_SHOWN) : out;
}

void rights_show(struct request *r, const struct right *rights, size_t n)
{
    struct buf *o = &r->out;
    if (!n) {
        ui_empty(r, T(r, "Hôm nay chưa có quyền nào: quyền theo chức vụ đang giữ, hoặc được cấp riêng.", "No rights today: they come from offices held, or are granted."), NULL, NULL);
        return;
    }
    html_f(o, "<div class=\"scroll wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table class=\"cards\"><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
           T(r, "Quyền", "Rights"), T(r, "Qua", "Through"), T(r, "Phạm vi", "Over"), T(r, "Được làm", "May"), T(r, "Với", "With"));
    for (size_t i = 0; i < n; i++)
        html_f(o, "<tr><td class=\"name\">%s</td><td>%s</td><td data-label=\"%s\">%s</td><td data-label=\"%s\">%s</td></tr>", rights[i].through,
               !rights[i].unit ? T(r, "cả hệ thống", "the installation") : rights[i].subtree ? T(r, "đơn vị và cấp dưới", "the unit and below") : T(r, "riêng đơn vị", "the unit alone"),
               T(r, "Được làm", "May"), acts_words(r, rights[i].acts), T(r, "Với", "With"), kinds_words(r, rights[i].kinds));
    html(o, "</tbody></table></div>");
}

const char *audit_act_words(struct request *r, const char *act)
{
    static const struct {
        const char *act;
        struct words words;
    } all[] = {{"sign_in", {"Đăng nhập", "Signed in"}},
               {"sign_in_failed", {"Đăng nhập không thành", "Failed to sign in"}},
               {"sign_out", {"Kết thúc phiên", "Session ended"}},
               {"token_made", {"Tạo mã truy cập", "Token made"}},
               {"token_ended", {"Thu hồi mã truy cập", "Token ended"}},
               {"setup_token", {"Tạo mã lập người quản trị", "Setup token made"}},
               {"second_on", {"Bật xác thực hai bước", "Second factor turned on"}},
               {"second_off", {"Tắt xác thực hai bước", "Second factor turned off"}},
               {"second_codes", {"Tạo mã dự phòng mới", "New recovery codes"}},
               {"second_reset", {"Đặt lại xác thực hai bước", "Second factor reset"}},
               {"recovery_used", {"Đăng nhập bằng mã dự phòng; còn lại", "Signed in by a recovery code; left"}},
               {"password", {"Đổi mật khẩu", "Password changed"}}};
    for (size_t i = 0; i < N(all); i++)
        if (strcmp(all[i].act, act) == 0)
            return in_words(r->c, all[i].words);
    return act_words(r, act);
}

void account_audit_show(struct request *r, int64_t account)
{
    struct audit_line *all;
    bool more;
    const struct audit_filter f = {.kind = account_kind.name, .record = account, .limit = LATEST};
    size_t n = audit_list(r->c, &f, &all, &more);
    if (!n) {
        ui_empty(r, T(r, "Nhật ký chưa có gì về tài khoản này.", "The audit tells nothing of this account yet."), NULL, NULL);
        return;
    }
    html(&r->out, "<ol class=\"time\">");
    for (size_t i = 0; i < n; i++)
        html_f(&r->out, "<li><b>%s</b><small>%s · %s%s%s</small></li>", audit_act_words(r, all[i].act), moment_words(r, all[i].at), all[i].actor, all[i].note ? " · " : "",
               all[i].note ? all[i].note : "");
    html(&r->out, "</ol>");
}

void form_row(struct request *r, const struct problems *p, const char *name, const char *label, const char *hint, const char *type, const char *value, const char *complete)
{
    struct buf *o = &r->out;
    const struct problem *wrong = ui_problem_of(p, name);
    html_f(o, "<div class=\"row%s\">", wrong ? " bad" : "");
    ui_label(r, arena_printf(&r->c->arena, "f-%s", name), label);
    if (hint)
        html_f(o, "<p class=\"hint\" id=\"h-%s\">%s</p>", name, hint);
    if (wrong)
        html_f(o, "<p class=\"error\" id=\"e-%s\">%s</p>", name, wrong->text);
    html_f(o, "<input class=\"field\" id=\"f-%s\" name=\"%s\" type=\"%s\" value=\"%s\" autocomplete=\"%s\" autocapitalize=\"none\" spellcheck=\"false\"", name, name, type, value ? value : "",
           complete);
    if (wrong)
        html_f(o, " aria-invalid=\"true\" aria-describedby=\"e-%s\"", name);
    else if (hint)
        html_f(o, " aria-describedby=\"h-%s\"", name);
    html(o, "></div>");
}

void code_row(struct request *r, const struct problems *p, const char *label)
{
    struct buf *o = &r->out;
    const struct problem *wrong = ui_problem_of(p, "code");
    html_f(o, "<div class=\"row%s\">", wrong ? " bad" : "");
    ui_label(r, "f-code", label);
    if (wrong)
        html_f(o, "<p class=\"error\" id=\"e-code\">%s</p>", wrong->text);
    html(o, "<input class=\"field\" id=\"f-code\" name=\"code\" type=\"text\" inputmode=\"numeric\" autocomplete=\"one-time-code\" autocapitalize=\"none\" spellcheck=\"false\" maxlength=\"12\"");
    if (wrong)
        html(o, " aria-invalid=\"true\" aria-describedby=\"e-code\"");
    html(o, "></div>");
}

void secret_show(struct request *r, const char *words, const char *secret)
{
    html_f(&r->out, "<p>%s</p><div class=\"secret\"><code>%s</code></div>", words, secret);
}
