/* What the check of a file found: every error by row and column, in a grid like the file itself; rows that may be there already beside
 * what is there. From here it is imported, or mended and brought again. */
#include "page.h"
#include "pages.h"
#include "p_import.h"
#include "server.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/type.h"

enum { ROWS_MOST = 50, COLUMNS_MOST = 60, PAIRS_MOST = 10, ERRORS_MOST = 2000 };

/* One row of the file, kept. */
struct file_row {
    int64_t number;
    const char **texts; /* as many as the file has columns */
};

struct check {
    struct request *r;
    const struct journey *j;
    struct import_look look;
    struct import_error *told;
    size_t ntold;
    struct file_row rows[ROWS_MOST];
    size_t nrows;
    int64_t next; /* the row where the next page begins; 0 = none */
};

/* --- reading -------------------------------------------------------------------------------------------------- */

/* The first thing told of the row or of one after it. The errors stand by row. */
static size_t told_from(const struct check *k, int64_t row)
{
    size_t low = 0, high = k->ntold;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (k->told[mid].row < row)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool is_told(const struct check *k, int64_t row)
{
    size_t at = told_from(k, row);
    return at < k->ntold && k->told[at].row == row;
}

static void keep_row(struct check *k, const struct table_row *row)
{
    struct ctx *c = k->r->c;
    struct file_row *f = &k->rows[k->nrows++];
    f->number = row->number;
    f->texts = NEW_N(&c->arena, const char *, k->look.n + 1);
    for (size_t i = 0; i < row->n; i++)
        if (row->cells[i].column < k->look.n)
            f->texts[row->cells[i].column] = arena_text(&c->arena, value_as_text(c, row->cells[i].v));
}

/* Rows of the file: those told of from `from` on, or all, or those of a list of numbers. */
static void read_rows(struct check *k, int64_t from, bool only_told, const int64_t *numbers, size_t n)
{
    struct ctx *c = k->r->c;
    struct import_options o = journey_options(c, k->r->server->spool, k->j, false);
    struct table_in *in = table_open(c, journey_path(c, k->r->server->spool, k->j, "in"), &o.table);
    struct table_row row;
    while (in && !k->next && table_next(in, &row)) {
        bool wanted = row.number >= from && (!only_told || is_told(k, row.number));
        for (size_t i = 0; numbers && i < n && !wanted; i++)
            wanted = numbers[i] == row.number;
        if (!wanted)
            continue;
        if (k->nrows == ROWS_MOST)
            k->next = row.number;
        else
            keep_row(k, &row);
    }
    table_close(in);
}

static const struct file_row *row_numbered(const struct check *k, int64_t nth)
{
    for (size_t i = 0; i < k->nrows; i++)
        if (k->rows[i].number == nth)
            return &k->rows[i];
    return NULL;
}

/* --- the grid ------------------------------------------------------------------------------------------------- */

static bool is_read(const struct import_head *h)
{
    return h->as || *h->to;
}

/* Errors of one cell, or of the row as a whole (column NULL), joined; `bad`: one of them is more than a warning. */
static const char *words_at(const struct check *k, int64_t row, const char *column, bool *bad)
{
    struct buf b = {0};
    *bad = false;
    for (size_t i = told_from(k, row); i < k->ntold && k->told[i].row == row; i++) {
        const struct import_error *e = &k->told[i];
        if (e->column ? !column || strcmp(e->column, column) != 0 : column != NULL)
            continue;
        *bad |= !e->warning;
        buf_printf(&b, "%s%s", b.n ? " " : "", e->text);
    }
    return b.n ? buf_take(&b, &k->r->c->arena) : NULL;
}

static void grid_cell(const struct check *k, const struct file_row *row, size_t at)
{
    struct buf *o = &k->r->out;
    bool bad;
    const char *value = row->texts[at], *words = words_at(k, row->number, k->look.heads[at].column, &bad);
    if (words)
        html_f(o, "<td class=\"%s\">%s<small>%s</small></td>", bad ? "bad" : "warn", value ? value : "", words);
    else
        html_f(o, "<td>%s</td>", value ? value : "");
}

static void grid_row(const struct check *k, const struct file_row *row, bool whole)
{
    struct buf *o = &k->r->out;
    bool bad;
    const char *words = words_at(k, row->number, NULL, &bad);
    html_f(o, "<tr><th scope=\"row\">%lld</th>", (long long)row->number);
    if (whole && words)
        html_f(o, "<td class=\"%s\"><small>%s</small></td>", bad ? "bad" : "warn", words);
    else if (whole)
        html(o, "<td></td>");
    for (size_t i = 0, n = 0; i < k->look.n && n < COLUMNS_MOST; i++)
        if (is_read(&k->look.heads[i])) {
            grid_cell(k, row, i);
            n++;
        }
    html(o, "</tr>");
}

static void grid(const struct check *k)
{
    struct request *r = k->r;
    struct buf *o = &r->out;
    bool whole = false, bad;
    for (size_t i = 0; i < k->nrows; i++)
        whole |= words_at(k, k->rows[i].number, NULL, &bad) != NULL;
    html_f(o, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table class=\"grid keep\"><thead><tr><th scope=\"col\">%s</th>", T(r, "Các dòng của tệp", "Rows of the file"),
           T(r, "Dòng", "Row"));
    if (whole)
        html_f(o, "<th scope=\"col\">%s</th>", T(r, "Cả dòng", "The row"));
    for (size_t i = 0, n = 0; i < k->look.n && n < COLUMNS_MOST; i++)
        if (is_read(&k->look.heads[i])) {
            html_f(o, "<th scope=\"col\"><span class=\"soft\">%s</span> %s</th>", k->look.heads[i].column, k->look.heads[i].head);
            n++;
        }
    html(o, "</tr></thead><tbody>");
    for (size_t i = 0; i < k->nrows; i++)
        grid_row(k, &k->rows[i], whole);
    html(o, "</tbody></table></div>");
}

/* --- side by side ------------------------------------------------------------------------------------------------ */

struct pair {
    const struct import_error *error;
    void *record;              /* that is there; NULL: another row of the file, or none that may be shown */
    const struct labels *labels;
};

static void pair_values(const struct check *k, const struct pair *p, const struct file_row *row, const struct file_row *twin)
{
    struct request *r = k->r;
    for (size_t i = 0; i < k->look.n; i++) {
        const struct import_head *h = &k->look.heads[i];
        const struct field *f = *h->to ? field_find(k->j->kind, h->to) : NULL;
        const char *mine = row && row->texts[i] ? row->texts[i] : "", *theirs = "";
        if (!f || !field_stored(f))
            continue;
        if (p->record)
            theirs = value_words(r, f, p->record, p->labels, false);
        else if (twin && twin->texts[i])
            theirs = twin->texts[i];
        if (!*mine && !*theirs)
            continue;
        if (strcmp(mine, theirs) == 0)
            html(&r->out, "<tr>");
        else
            html(&r->out, "<tr class=\"differs\">");
        html_f(&r->out, "<th scope=\"row\">%s</th><td>%s</td><td>%s</td></tr>", in_words(r->c, f->label), mine, theirs);
    }
}

static void one_pair(const struct check *k, const struct pair *p)
{
    struct request *r = k->r;
    struct buf *o = &r->out;
    const struct import_error *e = p->error;
    const struct file_row *row = row_numbered(k, e->row), *twin = e->twin ? row_numbered(k, e->twin) : NULL;
    html_f(o, "<section class=\"sheet\"><header><h2>%s %lld</h2></header><div class=\"body\"><p>%s</p></div>", T(r, "Dòng", "Row"), (long long)e->row, e->text);
    if (p->record || twin) {
        html_f(o, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s %lld\"><table class=\"compare\"><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s %lld</th><th scope=\"col\">",
               T(r, "So sánh dòng", "Comparison of row"), (long long)e->row, T(r, "Trường", "Field"), T(r, "Dòng", "Row"), (long long)e->row);
        if (twin)
            html_f(o, "%s %lld", T(r, "Dòng", "Row"), (long long)e->twin);
        else
            html_f(o, "<a href=\"%s\">%s</a>", record_href(r, k->j->kind, ((const struct row *)p->record)->id, record_code(k->j->kind, p->record)), T(r, "Hồ sơ đang có", "The record that is there"));
        html(o, "</th></tr></thead><tbody>");
        pair_values(k, p, row, twin);
        html(o, "</tbody></table></div>");
    }
    html(o, "</section>");
}

/* Those of one page, from the n-th on. */
static void side_by_side(struct check *k, int64_t from)
{
    struct request *r = k->r;
    struct pair pairs[PAIRS_MOST];
    void *records[PAIRS_MOST];
    int64_t numbers[2 * PAIRS_MOST] = {0}, at = 0;
    size_t n = 0, nrecords = 0;
    bool more = false;
    for (size_t i = 0; i < k->ntold; i++) {
        if (!k->told[i].duplicate || at++ < from)
            continue;
        more |= n == PAIRS_MOST;
        if (n < PAIRS_MOST)
            pairs[n++] = (struct pair){.error = &k->told[i]};
    }
    for (size_t i = 0; i < n; i++) {
        const struct import_error *e = pairs[i].error;
        numbers[2 * i] = e->row;
        numbers[2 * i + 1] = e->twin;
        pairs[i].record = e->other ? record_find(r->c, k->j->kind, e->other, ACT_READ) : NULL;
        if (pairs[i].record)
            records[nrecords++] = pairs[i].record;
    }
    read_rows(k, INT64_MAX, false, numbers, 2 * n);
    const struct labels *labels = labels_of(r->c, k->j->kind, records, nrecords);
    html(&r->out, "<div class=\"stack\">");
    for (size_t i = 0; i < n; i++) {
        pairs[i].labels = labels;
        one_pair(k, &pairs[i]);
    }
    html(&r->out, "</div>");
    if (more) {
        html(&r->out, "<nav class=\"pager\">");
        ui_button(r, here(r, "from", arena_printf(&r->c->arena, "%lld", (long long)from + PAIRS_MOST), NULL), NULL, T(r, "Các dòng tiếp theo", "Next rows"), false);
        html(&r->out, "</nav>");
    }
}

/* --- the page ------------------------------------------------------------------------------------------------------ */

static void decide(struct request *r, const struct journey *j)
{
    struct buf *o = &r->out;
    char n[32];
    ui_form(r, journey_href(r, j, "run"), "form sheet wide-form gap");
    html(o, "<div class=\"body\">");
    if (j->bad)
        html_f(o, "<p>%s</p>", T(r, "Các dòng lỗi không được ghi. Tải chúng về Excel (cột “Lỗi” nói chỗ sai), sửa rồi nhập tiếp phần ấy; hoặc sửa trong tệp gốc và chọn lại tệp.",
                                 "Rows with errors are not written. Take them as Excel (the column “Error” says what is wrong), mend them and import that part; or mend the file and choose it again."));
    if (j->only_duplicates)
        ui_check(r, "keep", "1", false, arena_printf(&r->c->arena, T(r, "Nhập cả %s dòng nghi trùng", "Import the %s rows that may be duplicates too"), int_vi(j->only_duplicates, n)),
                 T(r, "Chỉ chọn khi đã xem từng cặp và chắc là người hay hồ sơ khác nhau", "Only when you have looked at each pair and are sure that they differ"));
    html(o, "<div class=\"submit\">");
    if (j->saved || j->only_duplicates)
        html_f(o, "<button class=\"btn main\">%s</button>",
               j->bad ? arena_printf(&r->c->arena, T(r, "Chỉ nhập %s dòng đúng", "Import the %s good rows only"), int_vi(j->saved, n))
                      : arena_printf(&r->c->arena, T(r, "Nhập cả %s dòng", "Import all %s rows"), int_vi(j->saved, n)));
    if (j->bad)
        ui_button(r, journey_href(r, j, "refused"), "download", T(r, "Tải các dòng lỗi (Excel)", "Take the refused rows (Excel)"), false);
    ui_button(r, journey_href(r, j, "columns"), "back", T(r, "Sửa ghép cột", "Change the columns"), false);
    ui_button(r, url(r, arena_printf(&r->c->arena, "/import/new/%s", j->kind->name), NULL), "upload", T(r, "Chọn lại tệp", "Choose the file again"), false);
    html(o, "</div></div>");
    ui_form_end(r);
}

static void shown_rows(struct check *k, const char *show, int64_t from)
{
    struct request *r = k->r;
    bool told = strcmp(show, "all") != 0;
    char n[32];
    read_rows(k, from, told, NULL, 0);
    ui_sheet(r, told ? T(r, "Các dòng có lỗi hoặc lưu ý", "Rows with errors or notes") : T(r, "Các dòng của tệp", "Rows of the file"), NULL, NULL);
    if (k->nrows)
        grid(k);
    else
        ui_empty(r, told ? T(r, "Không có dòng nào lỗi hay cần lưu ý.", "No row has an error or a note.") : T(r, "Tệp không có dòng nào.", "The file has no rows."), NULL, NULL);
    if (k->ntold >= ERRORS_MOST)
        html_f(&r->out, "<p class=\"body soft\">%s %s %s</p>", T(r, "Trang này nêu", "This page tells the first"), int_vi((int64_t)k->ntold, n),
               T(r, "lỗi và lưu ý đầu; tệp các dòng lỗi có đủ.", "errors and notes; the file of refused rows has all."));
    if (k->next) {
        html(&r->out, "<div class=\"foot\"><nav class=\"pager\">");
        ui_button(r, here(r, "from", arena_printf(&r->c->arena, "%lld", (long long)k->next), NULL), NULL, T(r, "Các dòng tiếp theo", "Next rows"), false);
        html(&r->out, "</nav></div>");
    }
    ui_sheet_end(r);
}

static void verdict(struct request *r, const struct journey *j)
{
    char n[32];
    if (!j->bad) {
        html(&r->out, "<div class=\"notice ok\" role=\"status\">");
        ui_icon(r, "ok");
        html_f(&r->out, "<p>%s</p></div>", j->warned ? arena_printf(&r->c->arena, T(r, "Không có lỗi, có %lld lưu ý nên xem ở bảng dưới. Bấm nhập để ghi; hoàn tác được cả đợt.",
                                                                                        "No errors, but %lld warnings to be looked at below. Press import to write; all of it can be undone."), (long long)j->warned)
                                                   : T(r, "Không có lỗi. Bấm nhập để ghi; hoàn tác được cả đợt.", "No errors. Press import to write; all of it can be undone."));
        return;
    }
    html(&r->out, "<div class=\"notice late\" role=\"status\">");
    ui_icon(r, "warn");
    html_f(&r->out, "<p>%s %s</p></div>", int_vi(j->bad, n), T(r, "dòng có lỗi. Chưa có gì được ghi.", "rows have errors. Nothing was written."));
}

void p_import_check(struct request *r)
{
    const struct journey *j = journey_of(r);
    const char *show = query_get(r, "show"), *from = query_get(r, "from");
    int64_t begin = 0, errors = 0;
    if (!j)
        return;
    if (j->step != STEP_CHECKED) {
        redirect(r, journey_href(r, j, ""));
        return;
    }
    struct check *k = NEW(&r->c->arena, struct check);
    struct import_options o = journey_options(r->c, r->server->spool, j, false);
    *k = (struct check){.r = r, .j = j};
    if (from && !int_parse(from, &begin))
        begin = 0;
    if (!import_look(r->c, j->kind, journey_path(r->c, r->server->spool, j, "in"), &o, &k->look))
        return;
    k->ntold = journey_told(r->c, r->server->spool, j, &k->told);
    for (size_t i = 0; i < k->ntold; i++)
        errors += i == 0 || k->told[i].row != k->told[i - 1].row;
    if (!show)
        show = errors ? "errors" : "all";
    page_begin(r, &(struct page){.title = T(r, "Kiểm tra trước khi nhập", "Check before importing"), .lead = j->file, .chapter = CHAPTER_IMPORT, .crumbs = IMPORT_CRUMBS(r, j), .help = "import"});
    journey_steps(r, 3);
    verdict(r, j);
    import_figures(r, j);
    decide(r, j);
    html(&r->out, "<div class=\"gap\"></div>");
    const struct tab tabs[] = {{T(r, "Lỗi và lưu ý", "Errors and notes"), here(r, "show", "errors", "from", "", NULL), errors, strcmp(show, "errors") == 0},
                               {T(r, "Nghi trùng", "Possible duplicates"), here(r, "show", "same", "from", "", NULL), j->duplicates, strcmp(show, "same") == 0},
                               {T(r, "Mọi dòng", "All rows"), here(r, "show", "all", "from", "", NULL), j->read, strcmp(show, "all") == 0}};
    page_tabs(r, tabs, N(tabs));
    if (strcmp(show, "same") == 0 && j->duplicates)
        side_by_side(k, begin);
    else if (strcmp(show, "same") == 0)
        ui_empty(r, T(r, "Không thấy dòng nào có thể đã có trong sổ.", "No row looks like one that is there already."), NULL, NULL);
    else
        shown_rows(k, show, begin);
    page_end(r);
}

void p_import_run(struct request *r)
{
    const struct journey *j = journey_of(r);
    bool keep = str_same(form_get(r, "keep"), "1");
    if (!j)
        return;
    if (j->step != STEP_CHECKED)
        redirect(r, journey_href(r, j, ""));
    else
        import_job(r, j, true, j->bad > 0, keep);
}
