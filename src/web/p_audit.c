/* The audit for the administrator: who did what when, never what stood in the records. */
#include "account.h"
#include "history.h"
#include "page.h"
#include "pages.h"
#include "ui.h"

#include "base/str.h"
#include "model/audit_list.h"

enum { LINES = 50 };

static day day_of_query(struct request *r, const char *name)
{
    const char *s = query_get(r, name);
    day d = {0};
    if (s && *s && !day_parse(s, strlen(s), false, &d.v))
        fail(r->c, ERR_USAGE, "Ngày “%s” không có trong lịch: viết như 30/06/2025.", "Day “%s” is not in the calendar: write it as 30/06/2025.", s);
    return d;
}

static int64_t number_of_query(struct request *r, const char *name)
{
    int64_t v = 0;
    const char *s = query_get(r, name);
    return s && int_parse(s, &v) && v > 0 ? v : 0;
}

static void box(struct request *r, const char *name, const char *label)
{
    html_f(&r->out, "<div class=\"row\"><label for=\"f-%s\">%s</label><input class=\"field\" id=\"f-%s\" name=\"%s\" value=\"%s\" autocomplete=\"off\"></div>", name, label, name, name,
           query_get(r, name) ? query_get(r, name) : "");
}

static void kinds_box(struct request *r)
{
    const char *given = query_get(r, "kind");
    html_f(&r->out, "<div class=\"row\"><label for=\"f-kind\">%s</label><select class=\"field\" id=\"f-kind\" name=\"kind\"><option value=\"\">%s</option>", T(r, "Loại hồ sơ", "Kind"), T(r, "tất cả", "all"));
    for (size_t i = 0; i < nkinds; i++)
        html_f(&r->out, "<option value=\"%s\"%s>%s</option>", kinds[i]->name, str_same(given, kinds[i]->name) ? " selected" : "", in_words(r->c, kinds[i]->label));
    html(&r->out, "</select></div>");
}

static void filters(struct request *r)
{
    html(&r->out, "<form class=\"filters asked\" action=\"/admin/audit\">");
    box(r, "actor", T(r, "Tài khoản", "Account"));
    kinds_box(r);
    box(r, "act", T(r, "Việc làm", "Act"));
    box(r, "from", T(r, "Từ ngày", "From"));
    box(r, "to", T(r, "Đến ngày", "To"));
    box(r, "chain", T(r, "Chuỗi", "Chain"));
    html_f(&r->out, "<button class=\"btn\">%s</button></form>", T(r, "Lọc", "Filter"));
}

static void verify_button(struct request *r)
{
    ui_post_button(r, "/admin/audit/verify", "check", T(r, "Kiểm tra chuỗi nhật ký", "Verify the chains"), false);
}

static void line(struct request *r, const struct audit_line *l)
{
    const struct kind *k = l->kind ? kind_find(l->kind) : NULL;
    /* remarks on records may say what stands in them; those on accounts and settings are the administrator's own */
    const char *note = l->note && (!k || (k->flags & SYSTEM)) ? l->note : "";
    html_f(&r->out, "<tr><td class=\"nowrap\">%s</td><td>%s</td><td class=\"strong\">%s</td><td>%s</td><td>%lld</td><td>%s</td></tr>", moment_words(r, l->at), l->actor, audit_act_words(r, l->act),
           k ? in_words(r->c, k->label) : "", (long long)l->record, note);
}

void p_audit(struct request *r)
{
    struct audit_line *all;
    bool more;
    const struct audit_filter f = {.shard = number_of_query(r, "chain"), .actor = query_get(r, "actor"), .act = query_get(r, "act"), .kind = query_get(r, "kind"),
                                   .from = day_of_query(r, "from"), .to = day_of_query(r, "to"), .before = number_of_query(r, "before"), .limit = LINES};
    size_t n = audit_list(r->c, &f, &all, &more);
    if (failed(r->c))
        return;
    page_begin(r, &(struct page){.title = T(r, "Nhật ký", "Audit"), .chapter = CHAPTER_ADMIN, .actions = verify_button,
                                 .lead = T(r, "Ai đã làm gì, khi nào; mới nhất ở trên.", "Who did what, and when; the latest first."),
                                 .crumbs = {{T(r, "Quản trị", "Administration"), url(r, "/admin", NULL)}, {T(r, "Nhật ký", "Audit"), NULL}}});
    ui_sheet(r, NULL, NULL, NULL);
    filters(r);
    if (!n)
        ui_empty(r, T(r, "Không có mục nào như vậy.", "There is no such entry."), url(r, "/admin/audit", NULL), T(r, "Bỏ lọc", "Clear the filter"));
    else
        html_f(&r->out, "<div class=\"scroll wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table class=\"cards\"><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
               T(r, "Nhật ký", "Audit"), T(r, "Lúc", "When"), T(r, "Ai", "Who"), T(r, "Việc", "Act"), T(r, "Loại", "Kind"), T(r, "Số hồ sơ", "Record"), T(r, "Ghi chú", "Note"));
    for (size_t i = 0; i < n; i++)
        line(r, &all[i]);
    if (n)
        html(&r->out, "</tbody></table></div>");
    if (more) {
        html(&r->out, "<div class=\"foot\">");
        ui_button(r, here(r, "before", arena_printf(&r->c->arena, "%lld", (long long)all[n - 1].seq), NULL), NULL, T(r, "Cũ hơn", "Older"), false);
        html(&r->out, "</div>");
    }
    ui_sheet_end(r);
    page_end(r);
}

static void fault_told(void *to, const char *what)
{
    struct request *r = to;
    html_f(&r->out, "<li>%s</li>", what);
}

static void head_told(void *to, const char *what)
{
    (void)to; /* the ends stand on the overview */
    (void)what;
}

void p_audit_verify(struct request *r)
{
    const char *title = T(r, "Kiểm tra chuỗi nhật ký", "The audit's chains");
    page_begin(r, &(struct page){.title = title, .chapter = CHAPTER_ADMIN, .crumbs = {{T(r, "Nhật ký", "Audit"), url(r, "/admin/audit", NULL)}, {title, NULL}}});
    if (!db_begin(r->c, DB_READ))
        return;
    html(&r->out, "<ul class=\"list\">");
    int64_t n = audit_verify(r->c, fault_told, head_told, r);
    html(&r->out, "</ul>");
    db_commit(r->c);
    if (failed(r->c))
        return;
    if (n >= 0)
        ui_notice(r, arena_printf(&r->c->arena, T(r, "Chuỗi nhật ký nguyên vẹn: %lld mục.", "The chains are whole: %lld entries."), (long long)n), NULL);
    ui_button(r, url(r, "/admin/audit", NULL), "back", T(r, "Về nhật ký", "Back to the audit"), false);
    page_end(r);
}
