/* Who looks after what: a unit, a field of work, or a group of households, by dated decision. An assignment and nothing
 * else: no remark about anybody. */
#include "party/verbs.h"

enum duty_sort { DUTY_NONE, DUTY_UNIT, DUTY_FIELD, DUTY_HOUSEHOLDS };
static const struct word duty_sort_words[] = {
    {NULL, {"", ""}},
    {"unit", {"Phụ trách đơn vị", "Looks after a unit"}},
    {"field", {"Phụ trách lĩnh vực", "Looks after a field of work"}},
    {"households", {"Phụ trách hộ gia đình", "Looks after households"}},
};
COMPLETE(duty_sort, DUTY_HOUSEHOLDS);

struct duty {
    struct row row;
    person_id person;
    unit_id by_unit;
    enum duty_sort sort;
    unit_id target;
    choice field;
    text households, content;
    day since, until;
    text decision;
    day decided_on;
    text note;
};

static const struct field fields[] = {
    REF(duty, person, person, .label = {"Người phụ trách", "Person"}, .flags = REQUIRED | LISTED, .also = "Họ và tên|Mã hồ sơ|Mã đảng viên"),
    REF(duty, by_unit, unit, .label = {"Đơn vị phân công", "Assigned by"}, .flags = REQUIRED | LISTED),
    ENUM(duty, sort, duty_sort, .label = {"Loại phân công", "Sort"}, .flags = REQUIRED | LISTED),
    REF(duty, target, unit, .label = {"Đơn vị được phụ trách", "Unit looked after"}, .flags = LISTED),
    CHOICE(duty, field, duty_field, .label = {"Lĩnh vực", "Field of work"}, .flags = LISTED),
    TEXT(duty, households, .label = {"Nhóm hộ", "Households"}, .flags = LISTED, .max = 300),
    TEXT(duty, content, .label = {"Nội dung phân công", "Content"}, .max = 1000, .also = "Nhiệm vụ"),
    DAY(duty, since, .label = {"Từ ngày", "Since"}, .flags = LISTED),
    DAY(duty, until, .label = {"Kết thúc từ ngày", "Until"}, .flags = UNTIL | LISTED, .also = "Đến ngày"),
    TEXT(duty, decision, .label = {"Số quyết định", "Decision"}, .max = 60, .also = "Quyết định số"),
    DAY(duty, decided_on, .label = {"Ngày quyết định", "Decided on"}),
    TEXT(duty, note, .label = {"Ghi chú", "Note"}, .max = 1000),
};

static void fill(struct ctx *c, void *now, const void *was)
{
    struct duty *d = now;
    (void)c;
    (void)was;
    d->row.unit = d->by_unit.v;
}

static void check(struct ctx *c, struct problems *p, const void *now, const void *was)
{
    const struct duty *d = now;
    (void)was;
    if (d->sort == DUTY_UNIT && !d->target.v)
        problem(p, "target", "Chọn đơn vị được phụ trách.", "Choose the unit looked after.");
    if (d->sort == DUTY_FIELD && !d->field.s)
        problem(p, "field", "Chọn lĩnh vực được phụ trách.", "Choose the field of work.");
    if (d->sort == DUTY_HOUSEHOLDS && !d->households.s)
        problem(p, "households", "Ghi nhóm hộ được phụ trách, ví dụ “Tổ 3: 12 hộ”.", "Name the group of households, such as “Group 3: 12 households”.");
    if (d->target.v && !c->restoring && !db_one_int(c, "SELECT 1 FROM unit WHERE shard = 0 AND id = $1 AND closed_on > $2", V(d->target.v), V(d->since.v ? d->since : c->today)))
        problem(p, "target", "%s đã kết thúc hoạt động trước ngày đó.", "%s was closed before that day.", unit_name(c, d->target.v));
}

static const char *const indexes[] = {"unit, until", "target, until", "person, until", NULL};

const struct kind duty_kind = {
    .name = "duty", .label = {"Phân công phụ trách", "Duty"}, .plural = {"Phân công phụ trách", "Duties"}, .size = sizeof(struct duty),
    FIELDS(fields), .title = "person", .where = "unit", .when = SPELL("since", "until"), .subject = "person", .flags = OPEN_START,
    .indexes = indexes, .fill = fill, .check = check,
};
