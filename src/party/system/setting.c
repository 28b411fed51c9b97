/* Settings of the installation, by name. What is not sure or local is a setting, not a rule of the program. */
#include "party/verbs.h"

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

const struct kind setting_kind = {
    .name = "setting", .label = {"Thiết lập", "Setting"}, .plural = {"Thiết lập", "Settings"}, .size = sizeof(struct setting), FIELDS(fields), .code = "name",
    .title = "name", .where = "unit", .flags = REFERENCE | SYSTEM,
};
