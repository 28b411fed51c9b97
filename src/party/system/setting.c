/* Settings of the installation, by name. What is not sure or local is a setting, not a rule of the program. */
#include "party/verbs.h"

#include "base/str.h"

struct setting {
    struct row row;
    text name, value;
    text note;
};

static const struct field fields[] = {
    TEXT(setting, name, .label = {"Tên thiết lập", "Name"}, .flags = REQUIRED | LISTED | UNIQUE, .min = 2, .max = 80),
    TEXT(setting, value, .label = {"Giá trị", "Value"}, .flags = LISTED, .max = 2000),
    TEXT(setting, note, .label = {"Ghi chú", "Note"}, .max = 500),
};

static void check(struct ctx *c, struct problems *p, const void *now, const void *was)
{
    const struct setting *s = now;
    (void)c, (void)was;
    if (str_same(s->name.s, "second_factor.administrators") && !str_same(s->value.s, "required") && !str_same(s->value.s, "optional"))
        problem(p, "value", "Giá trị là required (bắt buộc) hoặc optional (tùy chọn).", "The value is required or optional.");
}

const struct kind setting_kind = {
    .name = "setting", .label = {"Thiết lập", "Setting"}, .plural = {"Thiết lập", "Settings"}, .size = sizeof(struct setting), FIELDS(fields), .code = "name",
    .title = "name", .where = "unit", .flags = REFERENCE | SYSTEM, .check = check,
};
