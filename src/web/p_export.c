/* Taking records of any kind out as a file: all that match the list's conditions, those it shows, or those that were ticked. Rights and the
 * note in the audit are those of export_records(); many personal records ask for a reason and the password. */
#include "filters.h"
#include "history.h"
#include "identify.h"
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "base/temp.h"
#include "model/export.h"
#include "model/scope.h"

#include <unistd.h>

enum { COUNT_MOST = 10000, TICKED_MOST = 200 };

enum { UNASKED = 50 }; /* so many personal records leave without a reason */

static void ask_reason(struct request *r, int64_t n)
{
    char all[32];
    page_begin(r, &(struct page){.title = T(r, "Vì sao xuất danh sách này?", "Why is this list taken out?"), .chapter = chapter_of(r->kind),
                                 .lead = arena_printf(&r->c->arena, T(r, "%s hồ sơ cá nhân sẽ ra khỏi hệ thống. Lý do được ghi vào nhật ký cùng tên đồng chí.",
                                                                        "%s personal records will leave the system. The reason goes into the audit with your name."),
                                                      int_vi(n, all))});
    html_f(&r->out, "<form class=\"form sheet\" action=\"%s\"><div class=\"body\">", r->path);
    for (const struct input *in = r->query; in; in = in->next)
        if (strcmp(in->name, "reason") != 0)
            ui_hidden(r, in->name, in->value);
    html_f(&r->out, "<div class=\"row\"><label for=\"f-reason\">%s</label><p class=\"hint\">%s</p><input class=\"field\" id=\"f-reason\" name=\"reason\" maxlength=\"300\"></div>", T(r, "Lý do", "Reason"),
           T(r, "Ví dụ: lập danh sách đại hội chi bộ tháng 3/2027", "For example: list for the congress of March 2027"));
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\">%s</button></div></div></form>", T(r, "Xuất danh sách", "Export the list"));
    page_end(r);
}

/* Who took it out, when, from where and why: on a sheet of its own, so that the list itself can be read back. */
static void marks_of(struct request *r, const struct filter *f, struct export_options *o)
{
    char day_text[DAY_TEXT];
    struct export_mark *m = NEW_N(&r->c->arena, struct export_mark, 7);
    size_t n = 0;
    m[n++] = (struct export_mark){T(r, "Danh sách", "List"), in_words(r->c, r->kind->plural)};
    if (f->nids)
        m[n++] = (struct export_mark){T(r, "Phạm vi", "Which"), arena_printf(&r->c->arena, T(r, "%zu dòng được chọn", "%zu that were chosen"), f->nids)};
    m[n++] = (struct export_mark){T(r, "Đơn vị", "Unit"), r->place.unit ? r->place.name : T(r, "Mọi đơn vị được xem", "All that may be seen")};
    m[n++] = (struct export_mark){T(r, "Tính đến ngày", "As at"), arena_text(&r->c->arena, day_vi(r->place.at.v, day_text))};
    m[n++] = (struct export_mark){T(r, "Người xuất", "Taken out by"), r->who.name && *r->who.name ? arena_printf(&r->c->arena, "%s (%s)", r->who.name, r->who.login) : r->who.login};
    m[n++] = (struct export_mark){T(r, "Xuất lúc", "Taken out at"), moment_words(r, r->c->now)};
    m[n++] = (struct export_mark){T(r, "Lý do", "Reason"), o->reason ? o->reason : "—"};
    o->marks = m;
    o->nmarks = n;
}

static int64_t count_of(struct ctx *c, const struct filter *f)
{
    struct filter may = *f;
    may.act = ACT_EXPORT;
    return record_count_to(c, &may, COUNT_MOST);
}

/* ?id=…&id=…: those that were ticked, whatever else the list asked; ?shown=1: those of the page that is looked at. */
static void only_some(struct request *r, struct filter *f)
{
    int64_t *ids = NEW_N(&r->c->arena, int64_t, PAGE_MOST), id;
    size_t n = 0;
    for (const struct input *in = r->query; in; in = in->next)
        if (strcmp(in->name, "id") == 0 && int_parse(in->value, &id) && n < TICKED_MOST)
            ids[n++] = id;
    if (n)
        *f = (struct filter){.kind = f->kind, .at = f->at, .all_times = true, .sort = f->sort, .descending = f->descending};
    if (!n && str_same(query_get(r, "shown"), "1")) {
        struct list l = record_list(r->c, f);
        while (n < l.n)
            ids[n] = ((const struct row *)l.rows[n])->id, n++;
        if (!n)
            ids[n++] = 0; /* nothing is shown */
    }
    f->ids = n ? ids : NULL;
    f->nids = n;
    f->after = NULL;
}

void p_export(struct request *r)
{
    struct filter f;
    char day_text[DAY_TEXT];
    struct ctx *c = r->c;
    const char *format = query_get(r, "format"), *reason = query_get(r, "reason");
    struct export_options o = {.reason = reason && *reason ? reason : NULL};
    int64_t n = 0;
    if (!db_begin(c, DB_READ))
        return;
    if (!filter_of_address(r, &f) || !export_format_parse(format ? format : "xlsx", &o.format)) {
        fail(c, ERR_USAGE, "Định dạng phải là xlsx, csv hoặc json.", "The format must be xlsx, csv or json.");
    } else {
        only_some(r, &f);
        n = (r->kind->flags & SENSITIVE) ? count_of(c, &f) : 0;
        if (n > UNASKED && str_blank(reason))
            ask_reason(r, n);
    }
    if (!db_commit(c) || r->whole || (n > UNASKED && !still_fresh(r)))
        return;
    const char *ext = o.format == EXPORT_CSV ? "csv" : o.format == EXPORT_JSON ? "json" : "xlsx";
    char *path;
    int fd = temp_file(&c->arena, "export", &path);
    if (fd < 0) {
        fail(c, ERR_FULL, "Không tạo được tệp tạm.", "Cannot make a temporary file.");
        return;
    }
    close(fd);
    o.path = path;
    marks_of(r, &f, &o);
    if (export_records(c, &f, &o) < 0) {
        unlink(path);
        return;
    }
    r->file = path;
    r->type = o.format == EXPORT_CSV ? "text/csv; charset=utf-8" : o.format == EXPORT_JSON ? "application/json" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    r->download = arena_printf(&c->arena, "%s%s%s-%s-%s.%s", in_words(c, r->kind->plural), r->place.unit ? " " : "", r->place.unit ? r->place.code : "", day_iso(r->place.at.v, day_text),
                               r->who.login, ext);
}

/* The form of a list: leads to the address of the export, so that a reason and the password can be asked and the file be fetched again. */
void p_export_ticked(struct request *r)
{
    struct buf b = {0};
    int64_t id;
    size_t n = 0;
    const char *format = form_get(r, "format"), *path = arena_printf(&r->c->arena, "/%s/export", r->kind->name);
    if (!format)
        format = "xlsx";
    if (str_same(form_get(r, "whole"), "1")) {
        redirect(r, filter_address(r, path, "format", format, NULL));
        return;
    }
    buf_puts(&b, filter_address(r, path, "format", format, NULL));
    for (const struct input *in = r->form; in; in = in->next)
        if (strcmp(in->name, "id") == 0 && int_parse(in->value, &id) && ++n <= TICKED_MOST)
            buf_printf(&b, "&id=%lld", (long long)id);
    const char *to = buf_take(&b, &r->c->arena);
    if (!n || n > TICKED_MOST)
        fail(r->c, ERR_BAD_INPUT, "Hãy đánh dấu từ 1 đến %d dòng; nhiều hơn thì dùng “Tất cả dòng khớp điều kiện”.", "Please tick from 1 to %d rows; for more take all that match.", TICKED_MOST);
    else
        redirect(r, to);
}
