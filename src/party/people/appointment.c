/* An office held by a person in a unit, from a day until a day: Party, state or mass, elected, designated or approved.
 * Rights follow from it and end with it. Posts held together are found by query, in one unit and across sorts. */
#include "party/verbs.h"

#include "base/str.h"

struct appointment {
    struct row row;
    person_id person;
    choice office;
    unit_id at_unit;
    day since, until;
    choice began, ended;
    text decision;
    day decided_on;
    text end_decision;
    term_id term;
    text note;
};

static const struct field fields[] = {
    REF(appointment, person, person, .label = {"Người giữ chức vụ", "Holder"}, .flags = REQUIRED | LISTED, .also = "Họ và tên|Họ tên|Mã hồ sơ|Mã đảng viên"),
    CHOICE(appointment, office, office, .label = {"Chức vụ", "Office"}, .flags = REQUIRED | LISTED, .also = "Chức danh"),
    REF(appointment, at_unit, unit, .label = {"Đơn vị", "Unit"}, .flags = REQUIRED | LISTED, .also = "Mã đơn vị|Nơi giữ chức vụ|Tại đơn vị"),
    DAY(appointment, since, .label = {"Từ ngày", "Since"}, .flags = LISTED, .also = "Ngày bổ nhiệm|Giữ chức từ ngày"),
    DAY(appointment, until, .label = {"Thôi từ ngày", "Until"}, .flags = UNTIL | LISTED, .also = "Đến ngày|Ngày thôi"),
    CHOICE(appointment, began, appointment_begin, .label = {"Hình thức", "Began by"}, .flags = LISTED, .also = "Bầu/Chỉ định|Cách thức"),
    CHOICE(appointment, ended, appointment_end, .label = {"Lý do thôi", "Ended by"}),
    TEXT(appointment, decision, .label = {"Số quyết định", "Decision"}, .max = 60, .also = "Quyết định số"),
    DAY(appointment, decided_on, .label = {"Ngày quyết định", "Decided on"}),
    TEXT(appointment, end_decision, .label = {"Số quyết định thôi", "Decision that ended it"}, .max = 60),
    REF(appointment, term, term, .label = {"Nhiệm kỳ", "Term"}),
    TEXT(appointment, note, .label = {"Ghi chú", "Note"}, .max = 1000),
};

static void fill(struct ctx *c, void *now, const void *was)
{
    struct appointment *a = now;
    (void)c;
    (void)was;
    a->row.unit = a->at_unit.v;
}

/* Nobody gives an office with more rights than their own. One that has ended gives none, and to end one is no giving. */
static void check_giving(struct ctx *c, struct problems *p, const struct appointment *a, const struct appointment *old)
{
    int32_t until = a->until.v ? a->until.v : DAY_OPEN;
    bool longer = !old || a->since.v < old->since.v || until > (old->until.v ? old->until.v : DAY_OPEN);
    bool other = !old || old->person.v != a->person.v || !str_same(old->office.s, a->office.s) || old->at_unit.v != a->at_unit.v;
    if (until > c->today.v && (longer || other) && !access_may_appoint(c, a->office.s, a->at_unit.v))
        problem(p, "office", "Chức vụ này có quyền mà bạn không có ở %s: người có đủ quyền ghi.", "This office has rights that you do not have at %s: somebody who has them enters it.",
                unit_name(c, a->at_unit.v));
}

/* A Party office is held in a Party unit, and others are not: "Trưởng thôn" belongs to the village, not to its cell. */
static void check_place(struct ctx *c, struct problems *p, const struct appointment *a, const struct rule_item *office)
{
    const char *sort = office ? rule_attr(office, "sort") : NULL;
    if (!sort || c->restoring)
        return;
    bool at_party = db_one_int(c, "SELECT 1 FROM unit WHERE shard = 0 AND id = $1 AND sort = 'party'", V(a->at_unit.v)) == 1, of_party = strcmp(sort, "party") == 0;
    if (at_party != of_party)
        warning(p, "at_unit", "%s là chức vụ %s, còn %s %s: xem lại đơn vị.", "%s is an office %s, and %s is %s: look at the unit again.", in_words(c, office->label),
                of_party ? say(c, "trong Đảng", "of the Party") : say(c, "ngoài tổ chức đảng", "outside the Party"), unit_name(c, a->at_unit.v),
                at_party ? say(c, "là tổ chức đảng", "a Party unit") : say(c, "không phải là tổ chức đảng", "no Party unit"));
}

static void check(struct ctx *c, struct problems *p, const void *now, const void *was)
{
    const struct appointment *a = now, *old = was;
    if (old && old->person.v == a->person.v && str_same(old->office.s, a->office.s) && old->since.v == a->since.v && old->until.v == a->until.v &&
        old->at_unit.v == a->at_unit.v)
        return;
    check_giving(c, p, a, old);
    const struct rule_item *office = rule_item(c, "office", a->office.s, a->since);
    check_place(c, p, a, office);
    int32_t until = a->until.v ? a->until.v : DAY_OPEN;
    struct rows *r = db_query(c,
                              "SELECT t.person, p.name FROM appointment t JOIN person p ON p.id = t.person WHERE t.unit = $1 AND t.office = $2 "
                              "AND t.removed_at = 0 AND t.id <> $3 AND COALESCE(t.since, 0) < $4 AND t.until > $5 ORDER BY t.id LIMIT 50",
                              V(a->at_unit.v), V(a->office.s), V(a->row.id), V(until), V(a->since.v));
    while (rows_next(r)) {
        if (rows_int(r, 0) == a->person.v)
            problem(p, "office", "Người này đã giữ chức vụ đó ở đơn vị này trong thời gian ấy.", "This person already holds that office in this unit at that time.");
        else if (rule_flag(office, "single"))
            warning(p, "office", "Chức vụ này đang do %s giữ: ghi ngày thôi của người đó trước.", "This office is held by %s: enter when they leave it first.", rows_text(r, 1));
    }
    if (!failed(c) && !c->restoring && !db_one_int(c, "SELECT 1 FROM unit WHERE shard = 0 AND id = $1 AND closed_on > $2", V(a->at_unit.v), V(a->since.v ? a->since : c->today)))
        problem(p, "since", "%s đã kết thúc hoạt động trước ngày đó.", "%s was closed before that day.", unit_name(c, a->at_unit.v));
    if (a->ended.s && !a->until.v)
        problem(p, "until", "Nhập ngày thôi giữ chức vụ, vì đã ghi lý do.", "Enter the day on which it ended, since the reason is given.");
}

static const char *const indexes[] = {"unit, until, since, office, person", "person, until, since, office, unit", NULL};

const struct kind appointment_kind = {
    .name = "appointment", .label = {"Chức vụ", "Appointment"}, .plural = {"Chức vụ", "Appointments"}, .size = sizeof(struct appointment),
    FIELDS(fields), .title = "office", .where = "unit", .when = SPELL("since", "until"), .subject = "person", .flags = OPEN_START | SERVED,
    .indexes = indexes, .fill = fill, .check = check,
};
