/* One import: which file, how many rows, by whom, and whether it was undone. Its id is the batch under which the audit
 * keeps every write. */
#include "model/import.h"
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
    .title = "file", .where = "unit", .flags = REFERENCE | SYSTEM | COMPUTED,
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

bool import_batch_undone(struct ctx *c, int64_t id)
{
    struct import_batch *b = record_find(c, &import_batch_kind, id, 0);
    if (!b)
        return false;
    b->undone.v = true;
    c->consequence++;
    record_must_save(c, &import_batch_kind, b);
    c->consequence--;
    return true;
}
