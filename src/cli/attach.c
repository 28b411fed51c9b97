/* dangbo attachment put | get: files that belong to records. What a file is, is read from its first bytes; only kinds that an
 * office needs are taken. */
#include "cli.h"

#include "base/crypt.h"
#include "base/str.h"
#include "party/verbs.h"

#include <errno.h>
#include <sodium.h>

enum { LARGEST = 20 << 20, PART = 512 * 1024 };

static const char *media_of(const unsigned char *p, size_t n)
{
    static const struct {
        const char *magic;
        size_t n;
        const char *media;
    } known[] = {{"%PDF-", 5, "application/pdf"},
                 {"PK\003\004", 4, "application/vnd.openxmlformats-officedocument"},
                 {"\xFF\xD8\xFF", 3, "image/jpeg"},
                 {"\x89PNG\r\n\x1A\n", 8, "image/png"}};
    for (size_t i = 0; i < N(known); i++)
        if (n >= known[i].n && memcmp(p, known[i].magic, known[i].n) == 0)
            return known[i].media;
    return NULL;
}

static unsigned char *read_whole(struct ctx *c, const char *path, size_t *n)
{
    FILE *f = fopen(path, "re");
    if (!f) {
        fail(c, ERR_MISSING, "Không mở được tệp %s: %s.", "Cannot open the file %s: %s.", path, os_says(c, errno));
        return NULL;
    }
    unsigned char *bytes = arena_try(&c->arena, LARGEST + 1);
    *n = bytes ? fread(bytes, 1, LARGEST + 1, f) : 0;
    bool ok = bytes && !ferror(f);
    fclose(f);
    if (!ok || !*n || *n > LARGEST)
        fail(c, ERR_BAD_INPUT, "Tệp %s trống, không đọc được hoặc lớn hơn 20 MB.", "The file %s is empty, cannot be read or is larger than 20 MB.", path);
    return failed(c) ? NULL : bytes;
}

static void put_parts(struct ctx *c, const struct row *row, const unsigned char *bytes, size_t n)
{
    for (size_t at = 0, part = 0; at < n && !failed(c); at += PART, part++) {
        size_t len = n - at < PART ? n - at : PART, room = sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL);
        struct arena_mark mark = arena_mark(&c->arena);
        char *text64 = arena_alloc(&c->arena, room);
        sodium_bin2base64(text64, room, bytes + at, len, sodium_base64_VARIANT_ORIGINAL);
        db_run(c, "INSERT INTO attachment_part (shard, attachment, part, data) VALUES ($1, $2, $3, $4)", V(row->shard), V(row->id), V((int64_t)part), V(text64));
        if (!failed(c))
            arena_rewind(&c->arena, mark);
    }
}

void run_attachment_put(struct cli *cli)
{
    struct ctx *c = cli->c;
    size_t n = 0;
    const char *path = cli_word(cli, 0, "tên tệp", "the file"), *unit = cli_need_option(cli, "unit"), *name = cli_option(cli, "name");
    unsigned char *bytes = path && unit ? read_whole(c, path, &n) : NULL;
    if (!bytes)
        return;
    const char *media = media_of(bytes, n), *slash = strrchr(path, '/');
    if (!media) {
        fail(c, ERR_BAD_INPUT, "Chỉ nhận tệp PDF, DOCX, XLSX, JPG, PNG; %s không phải loại đó.", "Only PDF, DOCX, XLSX, JPG and PNG files are taken; %s is none of them.", path);
        return;
    }
    unsigned char raw[HASH_BYTES];
    char hex[HASH_HEX];
    struct hash_state h;
    hash_begin(&h);
    hash_add(&h, bytes, n);
    hash_end(&h, raw);
    hash_hex(raw, hex);
    if (!db_begin(c, DB_WRITE))
        return;
    struct row *row = arena_alloc(&c->arena, attachment_kind.size);
    field_set(field_need(&attachment_kind, "name"), row, value_text(name ? name : slash ? slash + 1 : path));
    field_set(field_need(&attachment_kind, "media"), row, value_text(media));
    field_set(field_need(&attachment_kind, "hash"), row, value_text(hex));
    field_set(field_need(&attachment_kind, "size"), row, value_int((int64_t)n));
    field_set(field_need(&attachment_kind, "note"), row, value_text(cli_option(cli, "note")));
    field_set(field_need(&attachment_kind, "of_unit"), row, value_int(unit_by_code(c, unit)));
    struct problems p;
    problems_start(&p, c);
    bool ok = record_save(c, &attachment_kind, row, &p);
    cli_problems(cli, &attachment_kind, &p, true);
    if (ok)
        put_parts(c, row, bytes, n);
    if (ok && !failed(c))
        cli_show_one(cli, &attachment_kind, row);
    db_commit(c);
}

bool attachment_read(struct ctx *c, int64_t shard, int64_t id, FILE *to)
{
    struct rows *h = db_query(c, "SELECT hash FROM attachment WHERE shard = $1 AND id = $2", V(shard), V(id));
    const char *wanted = rows_next(h) && rows_text(h, 0) ? arena_text(&c->arena, rows_text(h, 0)) : "";
    rows_close(h);
    struct hash_state state;
    hash_begin(&state);
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT data FROM attachment_part WHERE shard = ");
    sql_arg(&q, V(shard));
    sql_add(&q, " AND attachment = ");
    sql_arg(&q, V(id));
    sql_add(&q, " ORDER BY part");
    struct rows *r = sql_stream(&q);
    unsigned char *bytes = arena_alloc(&c->arena, PART);
    bool ok = true;
    while (ok && rows_next(r)) {
        size_t n = 0;
        const char *s = rows_text(r, 0);
        ok = sodium_base642bin(bytes, PART, s, strlen(s), NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0;
        hash_add(&state, bytes, n);
        if (to)
            fwrite(bytes, 1, n, to); /* errors are asked for at its end */
    }
    rows_close(r);
    unsigned char raw[HASH_BYTES];
    char hex[HASH_HEX];
    hash_end(&state, raw);
    hash_hex(raw, hex);
    return ok && str_same(hex, wanted);
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
