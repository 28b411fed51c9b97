/* The administrator's overview: accounts, grants that end soon, the audit's chains, versions. It shows how the installation does,
 * never what the records say: who runs the machine is no reader of them. */
#include "account.h"
#include "page.h"
#include "pages.h"
#include "server.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/audit_list.h"
#include "model/list.h"
#include "party/verbs.h"

enum { SOON_DAYS = 30, SOON_MOST = 20 };

static int64_t accounts(struct request *r, bool locked_only)
{
    struct filter f = {.kind = &account_kind, .all_times = true};
    if (locked_only)
        f.terms[f.nterms++] = (struct condition){field_need(&account_kind, "locked"), OP_IS, value_int(1)};
    return record_count(r->c, &f);
}

static void figure(struct request *r, const char *label, int64_t n, const char *href)
{
    char digits[32];
    ui_figure(r, label, int_vi(n, digits), NULL, NULL, href);
}

/* Grants whose last day comes within a month. */
static void ending_grants(struct request *r)
{
    char until[DAY_TEXT];
    const struct field *f = field_need(&grant_kind, "until");
    struct filter soon = {.kind = &grant_kind, .sort = f, .limit = SOON_MOST};
    soon.terms[soon.nterms++] = (struct condition){f, OP_TO, value_int(day_add(r->c->today, SOON_DAYS).v)};
    struct list l = record_list(r->c, &soon);
    const struct labels *labels = labels_of(r->c, &grant_kind, l.rows, l.n);
    ui_sheet(r, T(r, "Quyền cấp riêng sắp hết hạn", "Grants that end soon"), url(r, "/grant", NULL), T(r, "Tất cả", "All"));
    if (!l.n)
        ui_empty(r, T(r, "Không có quyền nào hết hạn trong 30 ngày tới.", "No grant ends within 30 days."), url(r, "/grant/new", NULL), T(r, "Cấp quyền", "Grant rights"));
    else
        html(&r->out, "<ul class=\"list\">");
    for (size_t i = 0; i < l.n; i++) {
        const struct row *row = l.rows[i];
        html_f(&r->out, "<li><span class=\"t\"><a href=\"%s\">%s</a><small>%s %s</small></span></li>", record_href(r, &grant_kind, row->id, NULL), shown_title(r, &grant_kind, l.rows[i], labels),
               T(r, "đến", "until"), day_vi((int32_t)field_get(f, l.rows[i]).i, until));
    }
    if (l.n)
        html(&r->out, "</ul>");
    ui_sheet_end(r);
}

static void chains(struct request *r)
{
    struct audit_head *heads;
    char shown[32];
    size_t n = audit_heads(r->c, &heads);
    ui_sheet(r, T(r, "Nhật ký", "Audit"), url(r, "/admin/audit", NULL), T(r, "Xem nhật ký", "Look at the audit"));
    html_f(&r->out, "<p class=\"soft body\">%s</p><dl class=\"pairs\">", T(r, "Chép các đầu chuỗi này ra giấy hoặc nơi khác: ai sửa nhật ký thì chúng không còn khớp.", "Keep these ends of the chains elsewhere: whoever alters the audit cannot make them match."));
    for (size_t i = 0; i < n; i++)
        html_f(&r->out, "<div><dt>%s %lld<small>%s %s</small></dt><dd><code>%s</code></dd></div>", T(r, "Chuỗi", "Chain"), (long long)heads[i].shard, int_vi(heads[i].seq, shown), T(r, "mục", "entries"), heads[i].hash);
    html(&r->out, "</dl>");
    ui_sheet_end(r);
}

static void actions(struct request *r)
{
    ui_button(r, url(r, "/admin/accounts/new", NULL), "plus", T(r, "Tạo tài khoản", "Make an account"), true);
}

void p_admin(struct request *r)
{
    page_begin(r, &(struct page){.title = T(r, "Quản trị", "Administration"), .chapter = CHAPTER_ADMIN, .actions = actions,
                                 .lead = T(r, "Tài khoản, quyền và nhật ký. Quản trị hệ thống không đồng nghĩa với được xem hồ sơ.", "Accounts, rights and audit. Whoever administers is not thereby a reader of records.")});
    html(&r->out, "<div class=\"stack\">");
    ui_figures(r);
    figure(r, T(r, "Tài khoản", "Accounts"), accounts(r, false), url(r, "/admin/accounts", NULL));
    figure(r, T(r, "Đang khóa", "Locked"), accounts(r, true), url(r, "/admin/accounts", "locked", "1", NULL));
    figure(r, T(r, "Quyền cấp riêng", "Grants"), record_count(r->c, &(struct filter){.kind = &grant_kind}), url(r, "/grant", NULL));
    figure(r, T(r, "Lần nhập dữ liệu", "Imports"), record_count(r->c, &(struct filter){.kind = kind_find("import_batch"), .all_times = true}), url(r, "/import_batch", NULL));
    ui_figures_end(r);
    ending_grants(r);
    chains(r);
    ui_sheet(r, T(r, "Phiên bản", "Versions"), NULL, NULL);
    html_f(&r->out, "<dl class=\"pairs\"><div><dt>%s</dt><dd>%s</dd></div></dl>", T(r, "Cơ sở dữ liệu", "Database"), db_version(r->c));
    html(&r->out, "<div class=\"foot\">");
    ui_button(r, url(r, "/setting", NULL), "settings", T(r, "Thiết lập", "Settings"), false);
    html(&r->out, "</div>");
    ui_sheet_end(r);
    html(&r->out, "</div>");
    page_end(r);
}
