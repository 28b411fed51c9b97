/* What was taken off the list of a kind, newest first, each with the way back. Nothing here is gone: records are never wiped. */
#include "history.h"
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"

static void row_of(struct request *r, const struct row *row, const struct labels *labels)
{
    struct buf *o = &r->out;
    const char *title = shown_title(r, r->kind, row, labels), *code = record_code(r->kind, row);
    html_f(o, "<tr><th scope=\"row\" class=\"name\">%s", title);
    if (*code && strcmp(code, title) != 0)
        html_f(o, " <small>%s</small>", code);
    html_f(o, "</th><td data-label=\"%s\">%s</td><td data-label=\"%s\">%s</td><td>", T(r, "Đơn vị", "Unit"), label_unit(labels, row->unit).title, T(r, "Xóa lúc", "Removed"), moment_words(r, row->removed_at));
    ui_post_button(r, url(r, arena_printf(&r->c->arena, "/%s/%lld/restore", r->kind->name, (long long)row->id), NULL), "undo", T(r, "Khôi phục", "Restore"), false);
    html(o, "</td></tr>");
}

static void table(struct request *r, const struct list *l)
{
    struct buf *o = &r->out;
    const struct labels *labels = labels_of(r->c, r->kind, l->rows, l->n);
    html_f(o, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table class=\"cards\"><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th><td></td></tr></thead><tbody>",
           T(r, "Hồ sơ đã xóa", "Removed records"), in_words(r->c, r->kind->label), T(r, "Đơn vị", "Unit"), T(r, "Xóa lúc", "Removed"));
    for (size_t i = 0; i < l->n; i++)
        row_of(r, l->rows[i], labels);
    html(o, "</tbody></table></div>");
    if (!l->next)
        return;
    html_f(o, "<div class=\"foot\"><nav class=\"pager\" aria-label=\"%s\">", T(r, "Các trang", "Pages"));
    ui_button(r, here(r, "after", l->next, NULL), NULL, arena_printf(&r->c->arena, T(r, "%d dòng tiếp theo", "The next %d"), PAGE), false);
    html(o, "</nav></div>");
}

void p_removed(struct request *r)
{
    const struct kind *k = r->kind;
    struct filter f = {.kind = k, .unit = k->flags & SYSTEM ? 0 : r->place.unit, .at = r->place.at, .removed = true, .all_times = true, .by_id = true, .descending = true,
                       .act = ACT_REMOVE, .after = query_get(r, "after")};
    const char *list = url(r, arena_printf(&r->c->arena, "/%s", k->name), NULL), *title = arena_printf(&r->c->arena, T(r, "%s đã xóa", "Removed: %s"), in_words(r->c, k->plural));
    if (k->flags & COMPUTED) {
        fail(r->c, ERR_MISSING, "%s do chương trình ghi.", "%s are written by the program.", in_words(r->c, k->plural));
        return;
    }
    struct list l = record_list(r->c, &f);
    if (failed(r->c))
        return;
    page_begin(r, &(struct page){.title = title, .chapter = chapter_of(k), .lead = T(r, "Khôi phục thì hồ sơ trở lại danh sách như trước khi xóa.", "A restored record is back on the list as it was."),
                                 .crumbs = {{in_words(r->c, k->plural), list}, {T(r, "Đã xóa", "Removed"), NULL}}});
    html(&r->out, "<section class=\"sheet\">");
    if (l.n)
        table(r, &l);
    else
        ui_empty(r, T(r, "Không có hồ sơ nào đã xóa ở đây.", "Nothing was removed here."), list, T(r, "Về danh sách", "Back to the list"));
    html(&r->out, "</section>");
    page_end(r);
}
