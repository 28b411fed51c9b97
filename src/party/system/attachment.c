/* A file that belongs to a record: a decision as PDF, a scanned form. What it is stands here, with its hash; its bytes stand in
 * attachment_part, in pieces, so that backup and restore take them along. */
#include "party/verbs.h"

struct attachment {
    struct row row;
    text code, name, media, hash;
    number size;
    unit_id of_unit;
    text note;
};

static const struct field fields[] = {
    TEXT(attachment, code, .label = {"Mã tệp", "Code"}, .flags = LISTED | UNIQUE, .max = 60),
    TEXT(attachment, name, .label = {"Tên tệp", "File name"}, .flags = REQUIRED | LISTED, .max = 200),
    TEXT(attachment, media, .label = {"Loại tệp", "Media type"}, .flags = READONLY | LISTED, .max = 100),
    TEXT(attachment, hash, .label = {"Mã băm", "Hash"}, .flags = READONLY, .max = 64),
    NUMBER(attachment, size, .label = {"Số byte", "Bytes"}, .flags = READONLY | LISTED),
    REF(attachment, of_unit, unit, .label = {"Đơn vị", "Unit"}, .flags = REQUIRED | LISTED),
    TEXT(attachment, note, .label = {"Ghi chú", "Note"}, .max = 1000),
};

static void fill(struct ctx *c, void *now, const void *was)
{
    struct attachment *a = now;
    (void)was;
    a->row.unit = a->of_unit.v;
    if (!a->code.s)
        a->code.s = arena_printf(&c->arena, "TEP%llX", (unsigned long long)a->row.id);
}

static void check(struct ctx *c, struct problems *p, const void *now, const void *was)
{
    const struct attachment *a = now;
    (void)c;
    if (!was && !a->hash.s)
        problem(p, "name", "Đính kèm tệp bằng lệnh “dangbo attachment put TỆP --unit MÃ”.", "Attach a file by “dangbo attachment put FILE --unit CODE”.");
}

const struct kind attachment_kind = {
    .name = "attachment", .label = {"Tệp đính kèm", "Attachment"}, .plural = {"Tệp đính kèm", "Attachments"}, .size = sizeof(struct attachment), FIELDS(fields),
    .code = "code", .title = "name", .where = "unit", .fill = fill, .check = check,
};
