/* Times within a membership when a member is exempt from work and meetings, or suspended. The member stays on the roll. */
#include "party/verbs.h"

struct spell {
    struct row row;
    person_id person;
    choice sort;
    day since, until;
    text decision;
    day decided_on;
    text note;
};

static const struct field fields[] = {
    REF(spell, person, person, .label = {"Đảng viên", "Member"}, .flags = REQUIRED | LISTED, .also = "Họ và tên|Mã hồ sơ|Mã đảng viên"),
    CHOICE(spell, sort, spell, .label = {"Loại", "Sort"}, .flags = REQUIRED | LISTED),
    DAY(spell, since, .label = {"Từ ngày", "Since"}, .flags = REQUIRED | LISTED),
    DAY(spell, until, .label = {"Kết thúc từ ngày", "Until"}, .flags = UNTIL | LISTED, .also = "Đến ngày"),
    TEXT(spell, decision, .label = {"Số quyết định", "Decision"}, .flags = LISTED, .max = 60, .also = "Quyết định số"),
    DAY(spell, decided_on, .label = {"Ngày quyết định", "Decided on"}),
    TEXT(spell, note, .label = {"Ghi chú", "Note"}, .max = 1000),
};

/* It counts where the member is at home on its first day. */
static void fill(struct ctx *c, void *now, const void *was)
{
    struct spell *s = now;
    const struct spell *old = was;
    if (!old && c->restoring && s->row.unit)
        return;
    if (old && s->row.unit && (old->person.v == s->person.v || c->consequence || c->undoing))
        return;
    int64_t cell = db_one_int(c, "SELECT unit FROM membership WHERE person = $1 AND stay = 'home' AND removed_at = 0 AND since <= $2 AND until > $2 LIMIT 1",
                              V(s->person.v), V(s->since));
    s->row.unit = cell ? cell : db_one_int(c, "SELECT unit FROM person WHERE id = $1", V(s->person.v));
}

static void check(struct ctx *c, struct problems *p, const void *now, const void *was)
{
    const struct spell *s = now;
    (void)was;
    int32_t until = s->until.v ? s->until.v : DAY_OPEN;
    if (!db_one_int(c, "SELECT 1 FROM membership WHERE person = $1 AND removed_at = 0 AND since <= $2 AND until > $2 LIMIT 1", V(s->person.v), V(s->since)))
        problem(p, "since", "Vào ngày đó người này không sinh hoạt ở chi bộ nào: xem lại ngày.", "On that day the person belonged to no cell: look at the day again.");
    if (db_one_int(c, "SELECT 1 FROM spell WHERE person = $1 AND sort = $2 AND id <> $3 AND removed_at = 0 AND since < $4 AND until > $5 LIMIT 1", V(s->person.v),
                   V(s->sort.s), V(s->row.id), V(until), V(s->since)))
        problem(p, "since", "Đã có một lần %s trùng thời gian: sửa lần đó.", "There is one of the same sort at that time already (%s): change that one.",
                rule_label(c, "spell", s->sort.s));
}

static const char *const indexes[] = {"unit, sort, until, since", "person, since", NULL};

const struct kind spell_kind = {
    .name = "spell", .label = {"Miễn, đình chỉ sinh hoạt", "Exemption or suspension"}, .plural = {"Miễn, đình chỉ sinh hoạt", "Exemptions and suspensions"},
    .size = sizeof(struct spell), FIELDS(fields), .title = "sort", .beside = "person", .where = "unit", .when = SPELL("since", "until"), .subject = "person",
    .indexes = indexes, .fill = fill, .check = check,
};
