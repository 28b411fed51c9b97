/* Bringing tables in, where it begins and ends: which kind, which file, what was imported before, what came of it. */
#include "history.h"
#include "page.h"
#include "pages.h"
#include "p_import.h"
#include "server.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/export.h"
#include "model/scope.h"
#include "party/verbs.h"

#include <unistd.h>

enum { LISTED_MOST = 20, LISTED_FIRST = 8, NAME_MOST = 200 };

bool kind_importable(struct request *r, const struct kind *k)
{
    bool open = !(k->flags & COMPUTED) && (!(k->flags & SYSTEM) || r->who.administrator);
    return open && (scope_any(r->c, k, ACT_ADD) || scope_any(r->c, k, ACT_CHANGE));
}

/* --- the beginning ------------------------------------------------------------------------------------------ */

static void kinds_to_choose(struct request *r)
{
    size_t n = 0;
    ui_sheet(r, T(r, "Nhập danh sách gì?", "Import what?"), NULL, NULL);
    html(&r->out, "<ul class=\"list\">");
    for (size_t i = 0; i < nkinds; i++) {
        const struct kind *k = kinds[i];
        if (!kind_importable(r, k))
            continue;
        n++;
        html(&r->out, "<li>");
        ui_icon(r, k->person_name ? "people" : k == kind_of_places() ? "tree" : "doc");
        html_f(&r->out, "<span class=\"t\"><a href=\"%s\">%s</a></span></li>", url(r, arena_printf(&r->c->arena, "/import/new/%s", k->name), NULL), in_words(r->c, k->plural));
    }
    html(&r->out, "</ul>");
    if (!n)
        ui_empty(r, T(r, "Đồng chí chưa có quyền thêm hồ sơ loại nào. Hỏi người quản trị để được giao quyền.", "You may not add records of any kind yet. Ask the administrator."), NULL, NULL);
    ui_sheet_end(r);
}

static void open_journeys(struct request *r)
{
    struct journey **all;
    size_t n = journeys_open(r->c, r->server->spool, r->who.account, &all);
    if (!n)
        return;
    ui_sheet(r, T(r, "Đang nhập dở", "Not finished"), NULL, NULL);
    html(&r->out, "<ul class=\"list\">");
    for (size_t i = 0; i < n && i < LISTED_MOST; i++) {
        const struct journey *j = all[i];
        html_f(&r->out, "<li><span class=\"t\"><a href=\"%s\">%s</a><small>%s · %s</small></span>", journey_href(r, j, ""), j->file, in_words(r->c, j->kind->plural),
               moment_words(r, (instant){j->begun}));
        if (j->step == STEP_CHECKED && j->bad)
            ui_tag(r, TONE_DUE, "warn", arena_printf(&r->c->arena, T(r, "%lld dòng lỗi", "%lld rows wrong"), (long long)j->bad));
        html(&r->out, "</li>");
    }
    html(&r->out, "</ul>");
    ui_sheet_end(r);
}

static void past_row(struct request *r, const struct import_brief *b)
{
    struct buf *o = &r->out;
    char n[32];
    html_f(o, "<tr><th scope=\"row\" class=\"name\">%s</th><td data-label=\"%s\">%s</td><td data-label=\"%s\">%s</td>", b->file, T(r, "Loại", "Kind"),
           b->kind ? in_words(r->c, b->kind->plural) : "", T(r, "Lúc", "When"), moment_words(r, b->at));
    html_f(o, "<td class=\"num\" data-label=\"%s\">%s</td>", T(r, "Dòng đã ghi", "Rows saved"), int_vi(b->saved, n));
    html_f(o, "<td class=\"num\" data-label=\"%s\">%s</td><td data-label=\"%s\">%s</td><td>", T(r, "Dòng lỗi", "Rows refused"), int_vi(b->bad, n), T(r, "Người nhập", "By"), b->by);
    if (b->undone)
        ui_tag(r, TONE_INFO, "undo", T(r, "Đã hoàn tác", "Undone"));
    else if (b->own)
        ui_post_button(r, arena_printf(&r->c->arena, "/import/batch/%lld/undo", (long long)b->id), "undo", T(r, "Hoàn tác cả đợt", "Undo it all"), false);
    html(o, "</td></tr>");
}

static void past_imports(struct request *r)
{
    struct import_brief *all;
    int64_t before = 0;
    const char *after = query_get(r, "after");
    size_t most = after ? LISTED_MOST : LISTED_FIRST;
    if (after && !int_parse(after, &before))
        before = 0;
    size_t n = import_list(r->c, before, most + 1, &all);
    if (failed(r->c))
        return;
    html_f(&r->out, "<section class=\"sheet\" id=\"past\"><header><h2>%s</h2></header>", T(r, "Các đợt đã nhập", "Imports so far"));
    if (!n)
        ui_empty(r, T(r, "Chưa nhập tệp nào. Chọn loại danh sách ở trên để bắt đầu.", "No file was imported yet. Choose a kind above to begin."), NULL, NULL);
    else {
        html_f(&r->out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table class=\"cards\"><thead><tr>", T(r, "Các đợt đã nhập", "Imports so far"));
        html_f(&r->out, "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\" class=\"num\">%s</th><th scope=\"col\" class=\"num\">%s</th><th scope=\"col\">%s</th>",
               T(r, "Tệp", "File"), T(r, "Loại", "Kind"), T(r, "Lúc", "When"), T(r, "Dòng đã ghi", "Rows saved"), T(r, "Dòng lỗi", "Rows refused"), T(r, "Người nhập", "By"));
        html_f(&r->out, "<th scope=\"col\"><span class=\"vh\">%s</span></th></tr></thead><tbody>", T(r, "Việc", "Actions"));
        for (size_t i = 0; i < n && i < most; i++)
            past_row(r, &all[i]);
        html(&r->out, "</tbody></table></div>");
    }
    if (n > most) {
        html(&r->out, "<div class=\"foot\"><nav class=\"pager\">");
        ui_button(r, here(r, "after", arena_printf(&r->c->arena, "%lld", (long long)all[most - 1].id), NULL), NULL, T(r, "Các đợt trước đó", "Older imports"), false);
        html(&r->out, "</nav></div>");
    }
    ui_sheet_end(r);
}

void p_import(struct request *r)
{
    page_begin(r, &(struct page){.title = T(r, "Nhập từ Excel", "Import from Excel"), .chapter = CHAPTER_IMPORT, .help = "import",
                                 .lead = T(r, "Từ tệp Excel, CSV hoặc khối ô dán vào. Chưa có gì được ghi trước khi đồng chí kiểm tra và bấm nhập.",
                                           "From an Excel or CSV file, or cells pasted in. Nothing is written before you have checked it and say so.")});
    html(&r->out, "<div class=\"stack\">");
    open_journeys(r);
    kinds_to_choose(r);
    past_imports(r);
    html(&r->out, "</div>");
    page_end(r);
}

/* --- the file ------------------------------------------------------------------------------------------------- */

static void unit_input(struct request *r, const struct kind *k, const char *id)
{
    const char *given = form_get(r, "unit");
    if (k == kind_of_places())
        return;
    html(&r->out, "<div class=\"row\">");
    ui_label(r, id, T(r, "Đơn vị của các dòng không ghi đơn vị (không bắt buộc)", "Unit of rows that name none (optional)"));
    html_f(&r->out, "<p class=\"hint\">%s</p><div class=\"ref\"><input class=\"field\" id=\"%s\" name=\"unit\" value=\"%s\" data-ref=\"unit\" autocomplete=\"off\"></div></div>",
           T(r, "Mã đơn vị, ví dụ HH.CB01", "The unit's code, such as HH.CB01"), id, given ? given : r->place.unit ? r->place.code : "");
}

static void upload_form(struct request *r, const struct kind *k)
{
    struct buf *o = &r->out;
    const char *action = url_plain(r, arena_printf(&r->c->arena, "/import/new/%s", k->name), NULL);
    ui_sheet(r, T(r, "Chọn tệp trong máy", "Choose a file"), NULL, NULL);
    html_f(o, "<form method=\"post\" enctype=\"multipart/form-data\" action=\"%s\" class=\"form\" novalidate><div class=\"body\">", action);
    ui_hidden(r, "csrf", r->who.csrf);
    html_f(o, "<div class=\"row\"><div class=\"drop\"><label for=\"f-file\">%s</label><p class=\"hint\">%s</p><input type=\"file\" id=\"f-file\" name=\"file\" accept=\".xlsx,.csv,.tsv,.txt\"></div></div>",
           T(r, "Tệp Excel (.xlsx) hoặc CSV", "Excel (.xlsx) or CSV file"), T(r, "Đến 20 MB. Dùng nguyên sổ đang có: tiêu đề cột ở dòng nào cũng nhận ra.", "Up to 20 MB. Use the register as it is: the heads may stand in any row."));
    unit_input(r, k, "f-unit");
    html_f(o, "<div class=\"submit\"><button class=\"btn main\">%s</button></div></div></form>", T(r, "Đọc tệp này", "Read this file"));
    ui_sheet_end(r);
    ui_sheet(r, T(r, "Hoặc dán từ Excel", "Or paste from Excel"), NULL, NULL);
    html_f(o, "<form method=\"post\" enctype=\"multipart/form-data\" action=\"%s\" class=\"form\" data-guard novalidate><div class=\"body\">", action);
    ui_hidden(r, "csrf", r->who.csrf);
    const char *pasted = form_get(r, "text");
    html_f(o, "<div class=\"row\"><label for=\"f-text\">%s</label><p class=\"hint\">%s</p><textarea class=\"field\" id=\"f-text\" name=\"text\" rows=\"8\" data-paste>%s</textarea></div>",
           T(r, "Các ô đã chép, cả dòng tiêu đề", "The copied cells with their heads"), T(r, "Trong Excel bôi đen vùng cần nhập, Ctrl+C, rồi Ctrl+V vào đây", "Mark the block in Excel, Ctrl+C, then Ctrl+V here"),
           pasted ? pasted : "");
    unit_input(r, k, "f-unit-2");
    html_f(o, "<div class=\"submit\"><button class=\"btn main\">%s</button></div></div></form>", T(r, "Đọc các ô này", "Read these cells"));
    ui_sheet_end(r);
}

static void template_links(struct request *r, const struct kind *k)
{
    const char *path = arena_printf(&r->c->arena, "/import/template/%s", k->name);
    ui_sheet(r, T(r, "Chưa có tệp?", "No file yet?"), NULL, NULL);
    html_f(&r->out, "<div class=\"body\"><p>%s</p><div class=\"submit\">", T(r, "Tải biểu mẫu trống, điền trong Excel rồi chọn lại ở trên. Trang thứ hai của tệp giải thích từng cột.",
                                                                              "Take the blank template, fill it in Excel, then choose it above. Its second sheet explains each column."));
    ui_button(r, url_plain(r, path, "format", "xlsx", NULL), "download", T(r, "Biểu mẫu Excel", "Excel template"), false);
    ui_button(r, url_plain(r, path, "format", "csv", NULL), "download", T(r, "Biểu mẫu CSV", "CSV template"), false);
    html(&r->out, "</div></div>");
    ui_sheet_end(r);
}

/* In a transaction of its own, after a refusal or for the first time. */
static void file_page(struct request *r, const char *why)
{
    const struct kind *k = r->kind;
    struct problems p;
    problems_start(&p, r->c);
    if (why)
        problem(&p, "file", "%s", "%s", why);
    page_begin(r, &(struct page){.title = arena_printf(&r->c->arena, T(r, "Nhập %s", "Import %s"), kind_noun(r, k)), .chapter = CHAPTER_IMPORT, .error = why != NULL, .help = "import",
                                 .crumbs = {{T(r, "Nhập từ Excel", "Import from Excel"), url(r, "/import", NULL)}, {in_words(r->c, k->plural), NULL}}});
    journey_steps(r, 1);
    if (why)
        html_f(&r->out, "<div class=\"errors\" id=\"errors\" role=\"alert\" tabindex=\"-1\"><h2>%s</h2><ul><li><a href=\"#f-file\">%s</a></li></ul></div>", T(r, "Chưa đọc được", "It could not be read"), why);
    html(&r->out, "<div class=\"two\"><div class=\"stack\">");
    upload_form(r, k);
    html(&r->out, "</div><div class=\"stack\">");
    template_links(r, k);
    html(&r->out, "</div></div>");
    page_end(r);
}

void p_import_new(struct request *r)
{
    if (kind_importable(r, r->kind))
        file_page(r, NULL);
    else
        fail(r->c, ERR_MISSING, "Không nhập được loại hồ sơ này, hoặc bạn không có quyền.", "This kind cannot be imported, or it is not yours to do.");
}

void p_import_template(struct request *r)
{
    struct ctx *c = r->c;
    const char *word = query_get(r, "format");
    enum export_format format = EXPORT_XLSX;
    char name[SPOOL_NAME];
    if (word && (!export_format_parse(word, &format) || format == EXPORT_JSON)) {
        fail(c, ERR_USAGE, "Biểu mẫu có hai dạng: xlsx và csv.", "The template comes as xlsx or csv.");
        return;
    }
    if (r->kind->flags & COMPUTED) {
        fail(c, ERR_MISSING, "Chương trình tự ghi loại hồ sơ này.", "The program writes this kind itself.");
        return;
    }
    spool_name(name);
    const char *path = spool_path(c, r->server->spool, name, "out");
    if (!export_template(c, r->kind, format, path))
        return;
    r->file = path;
    r->type = format == EXPORT_CSV ? "text/csv; charset=utf-8" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    r->download = arena_printf(&c->arena, "%s %s.%s", T(r, "Biểu mẫu", "Template"), in_words(c, r->kind->plural), format == EXPORT_CSV ? "csv" : "xlsx");
}

/* What was sent lies in the spool: the file, or the pasted cells as one. NULL with words when there is nothing. */
static struct journey *receive(struct request *r, const char **why)
{
    struct ctx *c = r->c;
    const struct input *file = form_file(r, "file");
    const char *cells = form_get(r, "text"), *unit = form_get(r, "unit");
    const char *slash = file ? strrchr(file->value, '\\') : NULL;
    const char *name = !file ? T(r, "Ô dán từ Excel", "Cells pasted") : slash ? slash + 1 : file->value;
    struct journey *j = journey_new(r, r->kind, strlen(name) > NAME_MOST ? name + strlen(name) - NAME_MOST : name);
    const char *to = journey_path(c, r->server->spool, j, "in");
    j->unit = unit ? str_clean(&c->arena, unit, strlen(unit)) : "";
    if (file && file->size)
        return spool_take(c, file->path, to) ? j : NULL;
    if (!str_blank(cells))
        return spool_write(c, to, cells, strlen(cells)) ? j : NULL;
    *why = file ? T(r, "Tệp này rỗng: chọn tệp khác.", "This file is empty: choose another.")
                : T(r, "Chưa có gì để đọc: chọn một tệp, hoặc dán các ô đã chép từ Excel.", "There is nothing to read: choose a file, or paste cells from Excel.");
    return NULL;
}

void p_import_file(struct request *r)
{
    struct ctx *c = r->c;
    const char *why = NULL;
    struct import_look look;
    if (!db_begin(c, DB_READ))
        return;
    bool may = kind_importable(r, r->kind);
    if (!may)
        fail(c, ERR_MISSING, "Không nhập được loại hồ sơ này, hoặc bạn không có quyền.", "This kind cannot be imported, or it is not yours to do.");
    struct journey *j = may ? receive(r, &why) : NULL;
    struct import_options o = j ? journey_options(c, r->server->spool, j, false) : (struct import_options){0};
    if (j && !import_look(c, r->kind, journey_path(c, r->server->spool, j, "in"), &o, &look) && c->err.code == ERR_BAD_INPUT) {
        why = c->err.text;
        c->err = (struct err){0};
    }
    if (!db_commit(c) || (!why && !j))
        return;
    if (why) {
        if (j)
            spool_drop(c, r->server->spool, j->id);
        r->status = 422;
        if (db_begin(c, DB_READ)) {
            file_page(r, why);
            db_commit(c);
        }
    } else if (journey_save(c, r->server->spool, j)) {
        redirect(r, journey_href(r, j, "columns"));
    }
}

/* --- going on, and leaving ------------------------------------------------------------------------------------ */

void p_import_resume(struct request *r)
{
    static const char *const pages[] = {"columns", "check", "result"};
    const struct journey *j = journey_of(r);
    if (j)
        redirect(r, journey_href(r, j, pages[j->step]));
}

void p_import_drop(struct request *r)
{
    const struct journey *j = journey_of(r);
    if (!j)
        return;
    spool_drop(r->c, r->server->spool, j->id);
    redirect(r, url(r, "/import", "notice", "dropped", NULL));
}

void p_import_undo(struct request *r)
{
    struct problems p;
    int64_t batch = 0;
    struct ctx *c = r->c;
    problems_start(&p, c);
    if (!int_parse(r->parts[0], &batch) || !db_begin(c, DB_WRITE))
        return;
    if (import_undo(c, batch, &p) < 0 && !failed(c))
        fail(c, ERR_CONFLICT, "Không hoàn tác được đợt nhập: %s", "The import cannot be undone: %s", p.first ? p.first->text : "");
    if (db_commit(c))
        redirect(r, url(r, "/import", "notice", "undone", NULL));
}

/* --- what came of it -------------------------------------------------------------------------------------------- */

void import_figures(struct request *r, const struct journey *j)
{
    char n[32];
    bool over = j->step == STEP_DONE;
    ui_figures(r);
    ui_figure(r, T(r, "Đã đọc", "Read"), int_vi(j->read, n), T(r, "dòng", "rows"), NULL, NULL);
    ui_figure(r, over ? T(r, "Đã ghi", "Saved") : T(r, "Sẽ ghi", "To be saved"), int_vi(j->saved, n), T(r, "dòng", "rows"), NULL, NULL);
    ui_figure(r, T(r, "Không đổi", "Unchanged"), int_vi(j->unchanged, n), T(r, "dòng", "rows"), NULL, NULL);
    ui_figure(r, T(r, "Có lỗi", "Refused"), int_vi(j->bad, n), T(r, "dòng", "rows"), NULL, NULL);
    ui_figures_end(r);
}

static void result_actions(struct request *r)
{
    ui_button(r, url(r, "/import", NULL), "upload", T(r, "Nhập tệp khác", "Import another"), false);
}

void p_import_result(struct request *r)
{
    const struct journey *j = journey_of(r);
    struct import_brief b = {0};
    if (!j)
        return;
    if (j->step != STEP_DONE) {
        redirect(r, journey_href(r, j, ""));
        return;
    }
    bool known = j->batch && import_brief(r->c, j->batch, &b), undone = known && b.undone;
    page_begin(r, &(struct page){.title = T(r, "Kết quả nhập", "What came of it"), .chapter = CHAPTER_IMPORT, .lead = j->file, .crumbs = IMPORT_CRUMBS(r, j), .actions = result_actions, .help = "import"});
    journey_steps(r, 4);
    html_f(&r->out, "<div class=\"done\"><h2>%s</h2><p>%s</p></div>",
           undone ? T(r, "Đã hoàn tác cả đợt", "All of it was undone") : j->saved ? T(r, "Đã nhập xong", "Imported") : T(r, "Không có gì cần ghi", "There was nothing to write"),
           undone ? T(r, "Mọi dòng đã ghi được trả về như trước khi nhập.", "Every row that was written is as it was before.")
                  : T(r, "Xem lại danh sách. Nếu nhầm tệp, hoàn tác được cả đợt một lần.", "Look at the list. If it was the wrong file, all of it can be undone at once."));
    import_figures(r, j);
    html(&r->out, "<div class=\"submit\">");
    ui_button(r, url(r, arena_printf(&r->c->arena, "/%s", j->kind->name), NULL), NULL, T(r, "Xem danh sách", "See the list"), true);
    if (j->bad)
        ui_button(r, journey_href(r, j, "refused"), "download", T(r, "Tải các dòng lỗi (Excel)", "Take the refused rows (Excel)"), false);
    if (j->batch && !undone)
        ui_post_button(r, arena_printf(&r->c->arena, "/import/batch/%lld/undo", (long long)j->batch), "undo", T(r, "Hoàn tác cả đợt", "Undo it all"), false);
    html(&r->out, "</div>");
    page_end(r);
}

/* The refused rows as the table that they came from, with a column that says what is wrong. Sent as a copy, which the answer removes. */
void p_import_refused(struct request *r)
{
    struct ctx *c = r->c;
    const struct journey *j = journey_of(r);
    char name[SPOOL_NAME];
    size_t n = 0;
    if (!j)
        return;
    const char *bytes = spool_read(c, journey_path(c, r->server->spool, j, "refused.xlsx"), &n);
    if (!bytes) {
        fail(c, ERR_MISSING, "Không có dòng nào bị từ chối.", "No row was refused.");
        return;
    }
    spool_name(name);
    const char *path = spool_path(c, r->server->spool, name, "out");
    if (!spool_write(c, path, bytes, n))
        return;
    r->file = path;
    r->type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    const char *dot = strrchr(j->file, '.');
    r->download = arena_printf(&c->arena, "%.*s - %s.xlsx", dot && dot != j->file ? (int)(dot - j->file) : (int)strlen(j->file), j->file, T(r, "dòng lỗi", "refused rows"));
}
