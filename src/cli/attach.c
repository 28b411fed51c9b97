/* dangbo attachment put | get: files that belong to records. */
#include "cli.h"

#include "base/str.h"
#include "party/system/attachment_store.h"
#include "party/verbs.h"

void run_attachment_put(struct cli *cli)
{
    struct ctx *c = cli->c;
    const char *path = cli_word(cli, 0, "tên tệp", "the file"), *unit = cli_need_option(cli, "unit"), *name = cli_option(cli, "name");
    const char *slash = path ? strrchr(path, '/') : NULL;
    struct problems p;
    problems_start(&p, c);
    if (!path || !unit || !db_begin(c, DB_WRITE))
        return;
    const struct to_attach a = {.path = path, .name = name ? name : slash ? slash + 1 : path, .note = cli_option(cli, "note"), .unit = unit_by_code(c, unit)};
    struct row *row = attachment_put(c, &a, &p);
    cli_problems(cli, &attachment_kind, &p, true);
    if (row && !failed(c))
        cli_show_one(cli, &attachment_kind, row);
    db_commit(c);
}

void run_attachment_get(struct cli *cli)
{
    struct ctx *c = cli->c;
    const char *code = cli_word(cli, 0, "mã tệp", "the code of the file"), *path = cli_need_option(cli, "output");
    if (!code || !path || !db_begin(c, DB_READ))
        return;
    const struct row *row = record_by_code(c, &attachment_kind, code, ACT_READ);
    if (!row)
        fail(c, ERR_MISSING, "Không có tệp “%s”, hoặc bạn không được xem.", "There is no file “%s”, or it is not yours to see.", code);
    struct cli_file file;
    FILE *f = cli_file_begin(cli, path, &file);
    if (f && !attachment_read(c, row->shard, row->id, f))
        fail(c, ERR_BROKEN, "Tệp lấy ra không khớp mã băm: dữ liệu hỏng, chạy “dangbo check”.", "The file does not match its hash: the data are damaged, run “dangbo check”.");
    cli_file_end(cli, &file);
    db_commit(c);
}
