/* Which column of the file is what: as it was recognised, to be corrected; with the first rows, and how the file is to be read. */
#include "job.h"
#include "page.h"
#include "pages.h"
#include "p_import.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "party/verbs.h"

#include <unistd.h>

enum { COLUMNS_MOST = 200, QUICK_MS = 1500 };

/* --- the page ----------------------------------------------------------------------------------------------- */

static void option(struct request *r, const char *value, const char *words, bool on)
{
    html_f(&r->out, "<option value=\"%s\"", value);
    if (on)
        html(&r->out, " selected");
    html_f(&r->out, ">%s</option>", words);
}

static void choose_field(struct request *r, const struct journey *j, const struct import_head *h)
{
    const struct field **fields;
    size_t n = import_fields(r->c, j->kind, &fields);
    html_f(&r->out, "<select class=\"field\" name=\"c-%s\" aria-label=\"%s %s\">", h->column, T(r, "Là trường nào: cột", "Which field: column"), h->column);
    if (h->as)
        option(r, "=", h->as, true);
    option(r, "-", T(r, "— không đọc cột này —", "— not read —"), !h->as && !*h->to);
    for (size_t i = 0; i < n; i++) {
        const char *label = in_words(r->c, fields[i]->label);
        option(r, fields[i]->name, fields[i]->flags & REQUIRED ? arena_printf(&r->c->arena, "%s *", label) : label, !h->as && strcmp(h->to, fields[i]->name) == 0);
    }
    if (j->kind != kind_of_places())
        option(r, IMPORT_UNIT, T(r, "Đơn vị quản lý hồ sơ", "Unit that keeps the record"), strcmp(h->to, IMPORT_UNIT) == 0);
    option(r, IMPORT_ID, T(r, "Mã số (id) của bản xuất", "Id of an export"), strcmp(h->to, IMPORT_ID) == 0);
    html(&r->out, "</select>");
}

static bool is_blank(const struct import_look *look, size_t at)
{
    for (size_t i = 0; i < look->nsamples; i++)
        if (!str_blank(look->samples[i][at]))
            return false;
    return !*look->heads[at].head;
}

static void column_row(struct request *r, const struct journey *j, const struct import_look *look, size_t at)
{
    const struct import_head *h = &look->heads[at];
    struct buf *o = &r->out;
    html_f(o, "<tr><th scope=\"row\"><span class=\"soft\">%s</span> %s</th><td>", h->column, *h->head ? h->head : T(r, "(không có tiêu đề)", "(no head)"));
    choose_field(r, j, h);
    html(o, "</td><td>");
    if (h->as || *h->to)
        ui_tag(r, TONE_OK, "ok", T(r, "đã nhận ra", "recognised"));
    else if (h->numbering)
        ui_tag(r, TONE_INFO, "info", T(r, "số thứ tự", "row number"));
    else
        ui_tag(r, TONE_DUE, "warn", T(r, "chưa rõ", "not known"));
    html(o, "</td><td class=\"soft\">");
    for (size_t i = 0, shown = 0; i < look->nsamples && shown < 3; i++)
        if (!str_blank(look->samples[i][at]))
            html_f(o, "%s%s", shown++ ? " · " : "", look->samples[i][at]);
    html(o, "</td></tr>");
}

static void columns_table(struct request *r, const struct journey *j, const struct import_look *look)
{
    struct buf *o = &r->out;
    html_f(o, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table class=\"mapping\"><thead><tr>", T(r, "Các cột của tệp", "Columns of the file"));
    html_f(o, "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
           T(r, "Cột trong tệp", "Head in the file"), T(r, "Ghi vào trường", "Goes to field"), T(r, "Nhận ra", "Recognised"), T(r, "Vài ô đầu", "First cells"));
    for (size_t i = 0; i < look->n && i < COLUMNS_MOST; i++)
        if (!is_blank(look, i))
            column_row(r, j, look, i);
    html(o, "</tbody></table></div>");
}

static void how_to_read(struct request *r, const struct journey *j, const struct import_look *look)
{
    static const struct {
        enum encoding enc;
        struct words label;
    } encodings[] = {{ENC_AUTO, {"Tự nhận", "As it seems"}}, {ENC_UTF8, {"Unicode (UTF-8)", "Unicode (UTF-8)"}}, {ENC_TCVN3, {"TCVN3 (ABC, phông .Vn…)", "TCVN3 (ABC, .Vn fonts)"}},
                     {ENC_VNI, {"VNI (phông VNI-…)", "VNI (VNI fonts)"}}, {ENC_CP1258, {"Windows-1258", "Windows-1258"}}};
    struct buf *o = &r->out;
    const char *sheet = j->sheet ? arena_printf(&r->c->arena, "%lld", (long long)j->sheet) : "";
    html_f(o, "<details class=\"gap\"><summary>%s</summary><div class=\"body\">", T(r, "Đọc chưa đúng trang tính, hoặc chữ bị sai phông?", "The wrong sheet, or letters in a wrong font?"));
    html(o, "<div class=\"row\">");
    ui_label(r, "f-sheet", T(r, "Trang tính thứ (không bắt buộc)", "Number of the sheet (optional)"));
    html_f(o, "<p class=\"hint\">%s%s%s</p><input class=\"field short\" id=\"f-sheet\" name=\"sheet\" inputmode=\"numeric\" value=\"%s\"></div>",
           *look->sheet ? T(r, "Đang đọc trang ", "It reads sheet ") : T(r, "Chỉ với tệp Excel", "Of Excel files only"), look->sheet,
           *look->sheet ? T(r, "; ví dụ 2 là trang thứ hai", "; 2 is the second") : "", sheet);
    html_f(o, "<div class=\"row\"><label for=\"f-encoding\">%s</label><select class=\"field\" id=\"f-encoding\" name=\"encoding\">", T(r, "Bảng mã chữ Việt", "Encoding"));
    for (size_t i = 0; i < N(encodings); i++)
        option(r, arena_printf(&r->c->arena, "%d", (int)encodings[i].enc), in_words(r->c, encodings[i].label), j->encoding == (int64_t)encodings[i].enc);
    html_f(o, "</select></div><div class=\"submit\"><button class=\"btn\" name=\"again\" value=\"1\">%s</button></div></div></details>", T(r, "Đọc lại tệp", "Read the file again"));
}

static void unit_row(struct request *r, const struct journey *j)
{
    if (j->kind == kind_of_places())
        return;
    html(&r->out, "<div class=\"row\">");
    ui_label(r, "f-unit", T(r, "Đơn vị của các dòng không ghi đơn vị (không bắt buộc)", "Unit of rows that name none (optional)"));
    html_f(&r->out, "<p class=\"hint\">%s</p><div class=\"ref\"><input class=\"field\" id=\"f-unit\" name=\"unit\" value=\"%s\" data-ref=\"unit\" autocomplete=\"off\"></div></div>",
           T(r, "Mã đơn vị, ví dụ HH.CB01", "The unit's code, such as HH.CB01"), j->unit);
}

static void errors_box(struct request *r, const char *title, const char *why)
{
    html_f(&r->out, "<div class=\"errors\" id=\"errors\" role=\"alert\" tabindex=\"-1\"><h2>%s</h2><ul><li>%s</li></ul></div>", title, why);
}

/* In a transaction. `why`: what a check stumbled over, NULL = nothing. */
static void columns_page(struct request *r, const struct journey *j, const char *why)
{
    struct import_look look;
    struct import_options o = journey_options(r->c, r->server->spool, j, false);
    if (!import_look(r->c, j->kind, journey_path(r->c, r->server->spool, j, "in"), &o, &look))
        return;
    if (!why)
        why = look.missing;
    page_begin(r, &(struct page){.title = T(r, "Cột nào là gì?", "Which column is what?"), .chapter = CHAPTER_IMPORT, .error = why != NULL, .crumbs = IMPORT_CRUMBS(r, j), .help = "import",
                                 .lead = arena_printf(&r->c->arena, T(r, "%s. Ghép một lần, lần sau tệp cùng tiêu đề tự nhận ra.", "%s. Mapped once, the same heads are known next time."), j->file)});
    journey_steps(r, 2);
    if (why)
        errors_box(r, T(r, "Chưa kiểm tra được", "It cannot be checked yet"), why);
    ui_form(r, journey_href(r, j, "columns"), "form sheet wide-form");
    columns_table(r, j, &look);
    html(&r->out, "<div class=\"body\">");
    unit_row(r, j);
    how_to_read(r, j, &look);
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\">%s</button>", T(r, "Kiểm tra các dòng", "Check the rows"));
    ui_button(r, url(r, "/import", NULL), NULL, T(r, "Để sau", "Later"), false);
    html_f(&r->out, "<button class=\"btn plain\" formaction=\"%s\">%s</button></div></div>", journey_href(r, j, "drop"), T(r, "Bỏ tệp này", "Drop this file"));
    ui_form_end(r);
    page_end(r);
}

void p_import_columns(struct request *r)
{
    const struct journey *j = journey_of(r);
    if (j)
        columns_page(r, j, NULL);
}

/* --- what was chosen ------------------------------------------------------------------------------------------ */

/* Only what differs from what would be recognised anyway, by the columns' letters. */
static const char *chosen_mapping(struct request *r, const struct journey *j, const struct import_look *look)
{
    struct buf b = {0};
    for (size_t i = 0; i < look->n && i < COLUMNS_MOST; i++) {
        const struct import_head *h = &look->heads[i];
        const char *to = form_get(r, arena_printf(&r->c->arena, "c-%s", h->column));
        bool known = to && (strcmp(to, "-") == 0 || strcmp(to, IMPORT_ID) == 0 || strcmp(to, IMPORT_UNIT) == 0 || field_find(j->kind, to));
        bool same = known && !h->as && strcmp(*h->to ? h->to : "-", to) == 0;
        if (known && !same)
            buf_printf(&b, "%s%s=%s", b.n ? ";" : "", h->column, to);
    }
    return buf_take(&b, &r->c->arena);
}

/* How the form says that the file is to be read; a new way forgets what the columns were. */
static bool read_anew(struct request *r, struct journey *j)
{
    const char *sheet = form_get(r, "sheet"), *encoding = form_get(r, "encoding"), *unit = form_get(r, "unit");
    int64_t nth = 0, enc = 0, was_sheet = j->sheet, was_enc = j->encoding;
    if (sheet && *sheet && (!int_parse(sheet, &nth) || nth < 1 || nth > 1000)) {
        fail(r->c, ERR_USAGE, "Trang tính phải là số thứ tự, ví dụ 2.", "The sheet must be a number, such as 2.");
        return false;
    }
    if (encoding && int_parse(encoding, &enc) && enc >= ENC_AUTO && enc < ENC_COUNT)
        j->encoding = enc;
    j->sheet = nth;
    j->unit = unit ? str_clean(&r->c->arena, unit, strlen(unit)) : j->unit;
    if (str_same(form_get(r, "again"), "1") || j->sheet != was_sheet || j->encoding != was_enc) {
        j->mapping = "";
        return true;
    }
    return false;
}

/* True when the check may begin; else `why`, or the context has failed. */
static bool take_columns(struct request *r, struct journey *j, const char **why)
{
    struct ctx *c = r->c;
    struct import_look look;
    j->mapping = "";
    struct import_options o = journey_options(c, r->server->spool, j, false);
    const char *path = journey_path(c, r->server->spool, j, "in");
    if (*j->unit && !record_id_of_code(c, kind_of_places(), j->unit))
        *why = say(c, "Không có đơn vị mang mã “%s”: chọn lại đơn vị.", "There is no unit of code “%s”: choose it again.", j->unit);
    if (!import_look(c, j->kind, path, &o, &look))
        return false;
    j->mapping = chosen_mapping(r, j, &look);
    o = journey_options(c, r->server->spool, j, false);
    if (!*why && import_look(c, j->kind, path, &o, &look))
        *why = look.missing;
    return !*why && !failed(c);
}

void p_import_columns_post(struct request *r)
{
    struct ctx *c = r->c;
    struct journey *j = journey_of(r);
    const char *why = NULL;
    if (!j || !db_begin(c, DB_READ))
        return;
    if (read_anew(r, j) || failed(c)) {
        if (db_commit(c) && journey_save(c, r->server->spool, j))
            redirect(r, journey_href(r, j, "columns"));
        return;
    }
    bool ready = take_columns(r, j, &why);
    j->step = STEP_COLUMNS;
    if (ready || why) {
        if (!journey_save(c, r->server->spool, j))
            why = NULL;
    }
    if (why) {
        r->status = 422;
        columns_page(r, j, why);
    }
    if (db_commit(c) && ready)
        import_job(r, j, false, false, false);
}

/* --- the jobs ------------------------------------------------------------------------------------------------- */

struct task {
    char id[SPOOL_NAME];
    int64_t account;
    bool save, good_rows, keep_duplicates;
};

/* The check and the import are one: the check saves nothing. */
static void run_import(struct ctx *c, struct job *job, const void *of)
{
    const struct task *t = of;
    const char *spool = job_server(job)->spool;
    struct journey *j = journey_load(c, spool, t->id, t->account);
    struct import_result result = {0};
    if (!j) {
        fail(c, ERR_MISSING, "Tệp này đã bị bỏ.", "This file was dropped.");
        return;
    }
    if (j->step == STEP_DONE)
        return; /* sent twice */
    unlink(journey_path(c, spool, j, "refused.xlsx"));
    struct import_options o = journey_options(c, spool, j, true);
    o.dry_run = !t->save;
    o.good_rows = t->good_rows;
    o.keep_duplicates = t->keep_duplicates;
    o.progress = job_progress;
    o.progress_to = job;
    o.note = import_batch_note;
    bool done = import_file(c, j->kind, journey_path(c, spool, j, "in"), &o, &result);
    if (failed(c))
        return;
    j->step = done && t->save ? STEP_DONE : STEP_CHECKED;
    if (done && t->save)
        unlink(journey_path(c, spool, j, "in"));
    journey_tell(c, spool, j, &result);
}

void import_job(struct request *r, const struct journey *j, bool save, bool good_rows, bool keep_duplicates)
{
    struct task t = {.account = r->who.account, .save = save, .good_rows = good_rows, .keep_duplicates = keep_duplicates};
    memcpy(t.id, j->id, SPOOL_NAME);
    const char *result = journey_href(r, j, "");
    const char *title = arena_printf(&r->c->arena, save ? T(r, "Nhập %s", "Import %s") : T(r, "Kiểm tra %s", "Check %s"), j->file);
    const char *id = job_begin(r, &(struct job_order){.title = title, .result = result, .back = journey_href(r, j, save ? "check" : "columns"), .key = j->id, .only = save, .may_stop = true, .run = run_import, .of = &t, .size = sizeof t});
    if (!id)
        return;
    struct job_look look;
    bool quick = job_wait(r->server->jobs, id, QUICK_MS) && job_look(r->server->jobs, r->c, r->who.account, id, &look) && look.state == JOB_DONE;
    redirect(r, quick ? result : url(r, arena_printf(&r->c->arena, "/job/%s", id), NULL));
}
