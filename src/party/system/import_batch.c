/* One import: which file, how many rows, by whom, and whether it was undone. Its id is the batch under which the audit
 * keeps every write. It tells a file's name and how much was in it, wherever that belongs, so it is read by who made it and by who
 * administers the installation. */
#include "model/import.h"
#include "model/scope.h"
#include "party/verbs.h"

struct import_batch {
    struct row row;
    text file, kind, hash;
    number rows_read, rows_saved, rows_bad;
    flag undone;
};

static const struct field fields[] = {
    TEXT(import_batch, file, .label = {"Tệp", "File"}, .flags = REQUIRED | LISTED, .max = 300),
    TEXT(import_batch, kind, .label = {"Loại hồ sơ", "Kind"}, .flags = REQUIRED | LISTED, .max = 60),
    TEXT(import_batch, hash, .label = {"Mã băm", "Hash"}, .max = 64),
    NUMBER(import_batch, rows_read, .label = {"Số dòng đọc", "Rows read"}, .flags = LISTED),
    NUMBER(import_batch, rows_saved, .label = {"Số dòng đã ghi", "Rows saved"}, .flags = LISTED),
    NUMBER(import_batch, rows_bad, .label = {"Số dòng lỗi", "Rows refused"}, .flags = LISTED),
    FLAG(import_batch, undone, .label = {"Đã hoàn lại", "Undone"}, .flags = LISTED),
};

const struct kind import_batch_kind = {
    .name = "import_batch", .label = {"Đợt nhập", "Import"}, .plural = {"Các đợt nhập", "Imports"}, .size = sizeof(struct import_batch), FIELDS(fields),
    .title = "file", .where = "unit", .subject = "created_by", .flags = REFERENCE | SYSTEM | COMPUTED,
};

void import_batch_note(struct ctx *c, const struct import_result *r, const char *file, const struct kind *k, const char *hash)
{
    struct import_batch *b = record_new(c, import_batch);
    b->row.id = r->batch;
    b->file.s = file;
    b->kind.s = k->name;
    b->hash.s = hash;
    b->rows_read = (number){r->read, true};
    b->rows_saved = (number){r->saved, true};
    b->rows_bad = (number){r->bad, true};
    c->consequence++; /* whoever may import may note that they did */
    record_must_save(c, &import_batch_kind, b);
    c->consequence--;
}

static void note_undone(struct ctx *c, int64_t id)
{
    struct import_batch *b = record_find(c, &import_batch_kind, id, 0);
    if (!b)
        return;
    b->undone.v = true;
    c->consequence++;
    record_must_save(c, &import_batch_kind, b);
    c->consequence--;
}

int64_t import_undo(struct ctx *c, int64_t batch, struct problems *p)
{
    int64_t n = -1;
    const struct import_batch *b = record_find(c, &import_batch_kind, batch, 0);
    bool own = c->actor && (c->actor->system || (b && b->row.created_by == c->actor->account));
    if (!b)
        fail(c, ERR_MISSING, "Không có đợt nhập số %lld.", "There is no import %lld.", (long long)batch);
    else if (!own)
        fail(c, ERR_DENIED, "Chỉ người đã nhập đợt này được hoàn lại.", "Only whoever made this import may undo it.");
    else
        n = record_undo_batch(c, batch, p);
    if (n >= 0)
        note_undone(c, batch);
    return n;
}

/* --- which there were ------------------------------------------------------------------------------------- */

static struct sql briefs(struct ctx *c)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT t.id, t.created_at, t.file, t.kind, t.rows_read, t.rows_saved, t.rows_bad, t.undone, t.created_by, a.login FROM import_batch t "
                "LEFT JOIN account a ON a.shard = 0 AND a.id = t.created_by WHERE t.shard = 0 AND t.removed_at = 0");
    scope_where(&q, &import_batch_kind, ACT_READ, "t");
    return q;
}

static const char *text_at(struct ctx *c, struct rows *r, int col)
{
    const char *s = rows_text(r, col);
    return s ? arena_text(&c->arena, s) : "";
}

static struct import_brief brief_of(struct ctx *c, struct rows *r)
{
    return (struct import_brief){.id = rows_int(r, 0), .at = {rows_int(r, 1)}, .file = text_at(c, r, 2), .by = text_at(c, r, 9), .kind = kind_find(text_at(c, r, 3)),
                                 .read = rows_int(r, 4), .saved = rows_int(r, 5), .bad = rows_int(r, 6), .undone = rows_int(r, 7) != 0,
                                 .own = c->actor && (c->actor->system || rows_int(r, 8) == c->actor->account)};
}

size_t import_list(struct ctx *c, int64_t before, size_t most, struct import_brief **out)
{
    struct sql q = briefs(c);
    size_t n = 0;
    *out = NEW_N(&c->arena, struct import_brief, most + 1);
    if (before) {
        sql_add(&q, " AND t.id < ");
        sql_arg(&q, V(before));
    }
    sql_add(&q, " ORDER BY t.id DESC LIMIT ");
    sql_arg(&q, V((int64_t)most));
    struct rows *r = sql_query(&q);
    while (rows_next(r))
        (*out)[n++] = brief_of(c, r);
    return n;
}

bool import_brief(struct ctx *c, int64_t id, struct import_brief *out)
{
    struct sql q = briefs(c);
    sql_add(&q, " AND t.id = ");
    sql_arg(&q, V(id));
    struct rows *r = sql_query(&q);
    bool found = rows_next(r);
    if (found)
        *out = brief_of(c, r);
    rows_close(r);
    return found;
}
