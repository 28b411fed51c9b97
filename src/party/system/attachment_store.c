/* See attachment_store.h. This layer serves the command line and the pages alike; it opens no file but the one that it is given. */
#include "attachment_store.h"

#include "base/crypt.h"
#include "base/str.h"
#include "fmt/zip_in.h"
#include "party/verbs.h"

#include <errno.h>
#include <sodium.h>

enum { PART = 512 * 1024 };

/* Documents of Word and Excel are zip files; what makes them so is inside. Macros are programs, and are not taken. */
static const char *media_of_zip(struct ctx *c, const char *path, const unsigned char *bytes, size_t n)
{
    const char *media = NULL;
    const struct source s = {.path = bytes ? NULL : path, .p = bytes, .total = (int64_t)n};
    struct zip_in *z = zip_in_open(c, &s, 0);
    if (!z)
        return NULL;
    if (zip_in_has(z, "word/document.xml") && !zip_in_has(z, "word/vbaProject.bin"))
        media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    else if (zip_in_has(z, "xl/workbook.xml") && !zip_in_has(z, "xl/vbaProject.bin"))
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    zip_in_close(z);
    return media;
}

const char *attachment_media(struct ctx *c, const char *path, const unsigned char *bytes, size_t n)
{
    static const struct {
        const char *magic;
        size_t n;
        const char *media;
    } known[] = {{"%PDF-", 5, "application/pdf"}, {"\xFF\xD8\xFF", 3, "image/jpeg"}, {"\x89PNG\r\n\x1A\n", 8, "image/png"}};
    for (size_t i = 0; i < N(known); i++)
        if (n >= known[i].n && memcmp(bytes, known[i].magic, known[i].n) == 0)
            return known[i].media;
    return n >= 4 && memcmp(bytes, "PK\003\004", 4) == 0 ? media_of_zip(c, path, bytes, n) : NULL;
}

static unsigned char *read_whole(struct ctx *c, const char *path, const char *name, size_t *n)
{
    FILE *f = fopen(path, "re");
    if (!f) {
        fail(c, ERR_MISSING, "Không mở được tệp %s: %s.", "Cannot open the file %s: %s.", name, os_says(c, errno));
        return NULL;
    }
    unsigned char *bytes = arena_try(&c->arena, ATTACHMENT_LARGEST + 1);
    *n = bytes ? fread(bytes, 1, ATTACHMENT_LARGEST + 1, f) : 0;
    bool ok = bytes && !ferror(f);
    fclose(f);
    if (!ok || !*n || *n > ATTACHMENT_LARGEST)
        fail(c, ERR_BAD_INPUT, "Tệp %s trống, không đọc được hoặc lớn hơn 20 MB.", "The file %s is empty, cannot be read or is larger than 20 MB.", name);
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

/* The record of a file, with what was found in it. */
static struct row *described(struct ctx *c, const struct to_attach *a, const char *media, const unsigned char *bytes, size_t n)
{
    unsigned char raw[HASH_BYTES];
    char hex[HASH_HEX];
    struct hash_state h;
    struct row *row = arena_alloc(&c->arena, attachment_kind.size);
    hash_begin(&h);
    hash_add(&h, bytes, n);
    hash_end(&h, raw);
    hash_hex(raw, hex);
    row->id = a->id;
    field_set(field_need(&attachment_kind, "code"), row, value_text(a->code));
    field_set(field_need(&attachment_kind, "name"), row, value_text(a->name));
    field_set(field_need(&attachment_kind, "media"), row, value_text(media));
    field_set(field_need(&attachment_kind, "hash"), row, value_text(arena_text(&c->arena, hex)));
    field_set(field_need(&attachment_kind, "size"), row, value_int((int64_t)n));
    field_set(field_need(&attachment_kind, "note"), row, value_text(a->note));
    field_set(field_need(&attachment_kind, "of_unit"), row, value_int(a->unit));
    return row;
}

struct row *attachment_put(struct ctx *c, const struct to_attach *a, struct problems *p)
{
    size_t n = 0;
    unsigned char *bytes = read_whole(c, a->path, a->name, &n);
    const char *media = bytes ? attachment_media(c, a->path, bytes, n) : NULL;
    if (bytes && !media) {
        c->err = (struct err){0}; /* whatever is wrong with a zip file: it is not one of those */
        fail(c, ERR_BAD_INPUT, "Chỉ nhận tệp PDF, DOCX, XLSX, JPG, PNG; %s không phải loại đó.", "Only PDF, DOCX, XLSX, JPG and PNG files are taken; %s is none of them.", a->name);
    }
    if (failed(c))
        return NULL;
    struct row *row = described(c, a, media, bytes, n);
    if (!record_save(c, &attachment_kind, row, p))
        return NULL;
    put_parts(c, row, bytes, n);
    return failed(c) ? NULL : row;
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

const char *attachment_file_name(struct ctx *c, const void *record)
{
    static const struct {
        const char *media, *ends[2];
    } known[] = {{"application/pdf", {".pdf", NULL}}, {"image/jpeg", {".jpg", ".jpeg"}}, {"image/png", {".png", NULL}},
                 {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", {".docx", NULL}},
                 {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", {".xlsx", NULL}}};
    const struct value media = field_get(field_need(&attachment_kind, "media"), record), name = field_get(field_need(&attachment_kind, "name"), record);
    for (size_t i = 0; i < N(known); i++) {
        size_t n = strlen(name.s), m = known[i].ends[1] ? strlen(known[i].ends[1]) : 0;
        if (!str_same(media.s, known[i].media))
            continue;
        bool ends = (n > strlen(known[i].ends[0]) && strcasecmp(name.s + n - strlen(known[i].ends[0]), known[i].ends[0]) == 0) || (m && n > m && strcasecmp(name.s + n - m, known[i].ends[1]) == 0);
        return ends ? name.s : arena_printf(&c->arena, "%s%s", name.s, known[i].ends[0]);
    }
    return name.s;
}
