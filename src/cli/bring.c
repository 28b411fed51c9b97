/* dangbo import | export | report | attachment | demo: what goes in and out as files. */
#include "cli.h"

#include "base/crypt.h"
#include "base/embedded.h"
#include "base/str.h"
#include "doc/doc.h"
#include "fmt/table_out.h"
#include "measure/period.h"
#include "model/export.h"
#include "model/import.h"
#include "model/schema.h"
#include "party/reporting/report.h"
#include "party/verbs.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct kind *kind_word(struct cli *cli, size_t i)
{
    const char *name = cli_word(cli, i, "loại hồ sơ", "the kind");
    const struct kind *k = name ? kind_find(name) : NULL;
    const char *all[64];
    for (size_t j = 0; j < nkinds; j++)
        all[j] = kinds[j]->name;
    const char *near = name && !k ? cli_nearest(name, all, nkinds) : NULL;
    if (name && !k)
        fail(cli->c, ERR_USAGE, "Không có loại hồ sơ “%s”%s%s%s.", "There is no kind “%s”%s%s%s.", name, near ? say(cli->c, "; có phải ý bạn là “", "; did you mean “") : "",
             near ? near : "", near ? "”" : "");
    return k;
}

static void show_progress(void *to, int64_t done, int64_t total)
{
    (void)to;
    if (total > 0)
        fprintf(stderr, "\r%3d %%", (int)(100 * done / total));
}

static void tell_import(struct cli *cli, const struct import_result *r)
{
    struct ctx *c = cli->c;
    for (size_t i = 0; i < r->nerrors; i++) {
        const struct import_error *e = &r->errors[i];
        buf_printf(&cli->out, "%s %lld", say(c, "Dòng", "Row"), (long long)e->row);
        if (e->column)
            buf_printf(&cli->out, ", %s %s", say(c, "cột", "column"), e->column);
        if (e->head)
            buf_printf(&cli->out, " “%s”", e->head);
        buf_printf(&cli->out, ": %s%s\n", e->warning ? say(c, "(lưu ý) ", "(note) ") : "", e->text);
    }
    if (r->mapping)
        cli_note(cli, "Cột nhận ra: %s", "Columns recognised: %s", r->mapping);
    if (r->ignored && *r->ignored)
        cli_note(cli, "Cột bỏ qua: %s", "Columns left out: %s", r->ignored);
    if (r->encoding)
        cli_note(cli, "Bảng mã: %s", "Encoding: %s", r->encoding);
    cli_note(cli, "Đọc %lld dòng: %lld ghi được, %lld không đổi, %lld lỗi, %lld lưu ý.", "Read %lld rows: %lld saved, %lld unchanged, %lld refused, %lld notes.",
             (long long)r->read, (long long)r->saved, (long long)r->unchanged, (long long)r->bad, (long long)r->warned);
    if (r->committed)
        cli_note(cli, "Đã nhập. Hoàn lại cả đợt bằng: dangbo import undo %lld", "Imported. Undo the whole by: dangbo import undo %lld", (long long)r->batch);
    else
        cli_note(cli, "Chưa ghi gì.", "Nothing was saved.");
}

void run_import(struct cli *cli)
{
    struct ctx *c = cli->c;
    const struct kind *k = kind_word(cli, 0);
    const char *path = cli_word(cli, 1, "tên tệp", "the file"), *enc = cli_option(cli, "encoding"), *sheet = cli_option(cli, "sheet");
    struct import_options o = {.dry_run = cli_switch(cli, "dry-run"), .good_rows = cli_switch(cli, "good-rows"), .keep_duplicates = cli_switch(cli, "keep-duplicates"),
                               .unit = cli_option(cli, "unit"), .mapping = cli_option(cli, "map"), .errors_to = cli_option(cli, "errors"), .note = import_batch_note};
    int64_t sheet_number = 0;
    if (enc && !encoding_parse(enc, &o.table.enc))
        fail(c, ERR_USAGE, "Không có bảng mã “%s”: chọn auto, utf8, utf16le, utf16be, tcvn3, vni hoặc cp1258.",
             "There is no encoding “%s”: choose auto, utf8, utf16le, utf16be, tcvn3, vni or cp1258.", enc);
    if (sheet && (!int_parse(sheet, &sheet_number) || sheet_number < 1 || sheet_number > 1000))
        fail(c, ERR_USAGE, "--sheet phải là số thứ tự của trang tính, từ 1.", "--sheet must be the number of a sheet, from 1.");
    o.table.sheet = (int)sheet_number;
    if (isatty(2) && !cli->json)
        o.progress = show_progress;
    struct import_result r = {0};
    if (!k || !path || failed(c))
        return;
    bool ok = import_file(c, k, path, &o, &r);
    if (o.progress)
        fputs("\r      \r", stderr);
    tell_import(cli, &r);
    if (!ok && !failed(c))
        fail(c, ERR_BAD_INPUT, "Có %lld dòng lỗi: sửa rồi nhập lại, hoặc thêm --good-rows để nhập các dòng đúng.",
             "%lld rows are wrong: correct them and import again, or add --good-rows to take the good ones.", (long long)r.bad);
}

void run_import_undo(struct cli *cli)
{
    struct ctx *c = cli->c;
    int64_t batch = 0;
    const char *word = cli_word(cli, 0, "số của đợt nhập, xem “dangbo import_batch list”", "the number of the import, see “dangbo import_batch list”");
    if (!word)
        return;
    if (!int_parse(word, &batch)) {
        fail(c, ERR_USAGE, "“%s” không phải là số của đợt nhập.", "“%s” is not the number of an import.", word);
        return;
    }
    struct problems p;
    problems_start(&p, c);
    if (!db_begin(c, DB_WRITE))
        return;
    int64_t n = import_undo(c, batch, &p);
    cli_problems(cli, &import_batch_kind, &p, true);
    if (db_commit(c) && n >= 0)
        cli_note(cli, "Đã hoàn lại đợt nhập: %lld lần ghi.", "Undid the import: %lld writes.", (long long)n);
}

/* The format by its word, else by the end of the file's name. */
static enum export_format format_named(struct cli *cli, const char *format, const char *path)
{
    enum export_format f = EXPORT_CSV;
    if (!format)
        format = path && str_ends(path, ".xlsx") ? "xlsx" : path && str_ends(path, ".json") ? "json" : "csv";
    if (!export_format_parse(format, &f))
        fail(cli->c, ERR_USAGE, "Không có định dạng “%s”: chọn csv, xlsx hoặc json.", "There is no format “%s”: choose csv, xlsx or json.", format);
    return f;
}

void run_template(struct cli *cli)
{
    const struct kind *k = kind_word(cli, 0);
    const char *path = cli_need_option(cli, "output");
    if (!k || !path)
        return;
    enum export_format f = format_named(cli, cli_option(cli, "format"), path);
    if (!failed(cli->c) && export_template(cli->c, k, f, path))
        cli_note(cli, "Đã ghi tệp mẫu %s.", "Wrote the template %s.", path);
}

void run_export(struct cli *cli)
{
    struct ctx *c = cli->c;
    const struct kind *k = kind_word(cli, 0);
    const char *path = cli_option(cli, "output");
    enum export_format format = format_named(cli, cli_option(cli, "format"), path);
    if (!k || failed(c))
        return;
    if (format == EXPORT_XLSX && !path) {
        fail(c, ERR_USAGE, "Tệp Excel cần tên: thêm -o TỆP.xlsx", "An Excel file needs a name: add -o FILE.xlsx");
        return;
    }
    struct filter f = {.kind = k, .all_times = cli_switch(cli, "all")};
    const char *at = cli_option(cli, "at"), *unit = cli_option(cli, "unit"), *search = cli_option(cli, "search");
    if ((at && !filter_set(c, &f, "at", at)) || (unit && !filter_set(c, &f, "unit", unit)) || (search && !filter_set(c, &f, "q", search)))
        return;
    int64_t n = export_records(c, &f, &(struct export_options){.format = format, .path = path, .to = path ? NULL : &cli->out, .reason = cli_option(cli, "reason")});
    if (n >= 0 && !failed(c))
        cli_note(cli, "Đã xuất %lld dòng.", "Exported %lld rows.", (long long)n);
}

static bool write_file(struct cli *cli, const char *path, const struct buf *b)
{
    struct cli_file file;
    FILE *f = cli_file_begin(cli, path, &file);
    if (f && b->n)
        fwrite(buf_text(b), 1, b->n, f);
    return cli_file_end(cli, &file);
}

static void render(struct cli *cli, const struct doc *d, const char *to, struct buf *b)
{
    if (strcmp(to, "html") == 0)
        doc_to_html(d, b);
    else if (strcmp(to, "text") == 0)
        doc_to_text(d, b, 100);
    else if (strcmp(to, "csv") == 0)
        doc_to_csv(d, b, ',');
    else if (strcmp(to, "json") == 0)
        doc_to_json(d, b);
    else
        fail(cli->c, ERR_USAGE, "Không có dạng “%s”: chọn html, text, csv, xlsx hoặc json.", "There is no form “%s”: choose html, text, csv, xlsx or json.", to);
}

void run_report(struct cli *cli)
{
    struct ctx *c = cli->c;
    const char *name = cli_word(cli, 0, "tên báo cáo: members, posts hoặc duties", "the report: members, posts or duties");
    const char *code = cli_need_option(cli, "unit"), *period = cli_need_option(cli, "period"), *to = cli_option(cli, "to"), *path = cli_option(cli, "output");
    const struct report *report = name ? report_find(name) : NULL;
    if (name && !report)
        fail(c, ERR_USAGE, "Không có báo cáo “%s”: chọn members, posts hoặc duties.", "There is no report “%s”: choose members, posts or duties.", name);
    if (failed(c) || !db_begin(c, DB_READ))
        return;
    struct term_of t = {c, unit_by_code(c, code)};
    struct period p;
    if (!t.unit)
        fail(c, ERR_MISSING, "Không có đơn vị mang mã “%s”: xem mã bằng “dangbo unit list”.", "There is no unit of code “%s”: “dangbo unit list” shows the codes.", code);
    if (!failed(c) && period_parse(c, period, &(struct period_terms){term_named, &t}, &p)) {
        struct doc *d = report_make(c, report, t.unit, &p);
        struct buf b = {0};
        const char *form = to ? to : path && table_path_is_xlsx(path) ? "xlsx" : cli->json ? "json" : "text";
        bool xlsx = strcmp(form, "xlsx") == 0;
        if (xlsx && !path)
            fail(c, ERR_USAGE, "Tệp Excel cần tên: thêm -o TỆP.xlsx", "An Excel file needs a name: add -o FILE.xlsx");
        if (d && !failed(c) && xlsx)
            doc_to_xlsx(c, d, path);
        else if (d && !failed(c))
            render(cli, d, form, path ? &b : &cli->out);
        if (path && !failed(c) && (xlsx || write_file(cli, path, &b)))
            cli_note(cli, "Đã ghi %s.", "Wrote %s.", path);
        buf_free(&b);
    }
    db_commit(c);
}
