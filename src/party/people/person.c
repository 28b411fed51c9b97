/* The dossier of a candidate, member or former member, after the form 1-HSĐV. Family background and religion are left
 * out on purpose, and so is anything that anybody thinks. Numbers are checked with warnings: real registers hold exceptions.
 * Status and cell follow from the stays (membership.c). */
#include "party/verbs.h"

#include "base/str.h"
#include "base/text.h"
#include "model/bulk.h"
#include "model/type.h"

enum sex { SEX_UNKNOWN, SEX_MALE, SEX_FEMALE };
static const struct word sex_words[] = {{NULL, {"", ""}}, {"male", {"Nam", "Male"}}, {"female", {"Nữ", "Female"}}};
COMPLETE(sex, SEX_FEMALE);

enum standing { STANDING_NONE, STANDING_CANDIDATE, STANDING_MEMBER, STANDING_FORMER, STANDING_OTHER };
static const struct word standing_words[] = {
    {NULL, {"", ""}},
    {"candidate", {"Quần chúng ưu tú", "Candidate"}},
    {"member", {"Đảng viên", "Member"}},
    {"former", {"Đã ra khỏi danh sách", "Former member"}},
    {"other", {"Người khác", "Not a member"}},
};
COMPLETE(standing, STANDING_OTHER);

struct person {
    struct row row;
    text code, name, birth_name, alias;
    enum sex sex;
    enum standing standing;
    pday born;
    text birth_place, home_town;
    choice ethnicity;
    text residence, lodging, phone, email, occupation;
    choice schooling, qualification, theory, title;
    text speciality, languages, computing;
    text cccd, card_number, dossier_number;
    pday youth_on;
    day admission_decided_on, admitted_on, official_on;
    text admitted_at, official_at, introducers;
    pday died_on;
    text note;
    unit_id cell;
    day cell_since;
};

static const struct field fields[] = {
    TEXT(person, code, .label = {"Mã hồ sơ", "Code"}, .flags = LISTED | UNIQUE | SEARCHED, .max = 40, .also = "Mã đảng viên|Mã ĐV|Mã"),
    TEXT(person, name, .label = {"Họ và tên", "Full name"}, .flags = REQUIRED | LISTED | SEARCHED, .min = 2, .max = 100, .also = "Họ tên|Họ và tên đang dùng|Họ và tên đảng viên|Tên đảng viên"),
    TEXT(person, birth_name, .label = {"Họ và tên khai sinh", "Name at birth"}, .max = 100, .also = "Tên khai sinh"),
    TEXT(person, alias, .label = {"Bí danh", "Alias"}, .flags = SEARCHED, .max = 100),
    ENUM(person, sex, sex, .label = {"Giới tính", "Sex"}, .flags = LISTED, .also = "Nam/Nữ|Nam, nữ|Giới|Phái"),
    ENUM(person, standing, standing, .label = {"Diện", "Standing"}, .flags = LISTED | READONLY),
    PDAY(person, born, .label = {"Ngày sinh", "Born"}, .flags = LISTED, .also = "Ngày tháng năm sinh|Ngày, tháng, năm sinh|Năm sinh|Sinh ngày|NTNS"),
    TEXT(person, birth_place, .label = {"Nơi sinh", "Place of birth"}, .max = 200),
    TEXT(person, home_town, .label = {"Quê quán", "Home town"}, .max = 200),
    CHOICE(person, ethnicity, ethnicity, .label = {"Dân tộc", "Ethnicity"}),
    TEXT(person, residence, .label = {"Nơi thường trú", "Permanent residence"}, .max = 300, .also = "Thường trú|Hộ khẩu thường trú|Địa chỉ thường trú|Địa chỉ"),
    TEXT(person, lodging, .label = {"Nơi ở hiện nay", "Present residence"}, .max = 300, .also = "Tạm trú|Nơi tạm trú|Chỗ ở hiện nay"),
    TEXT(person, phone, .label = {"Điện thoại", "Telephone"}, .flags = PERSONAL, .max = 40, .also = "Số điện thoại|SĐT|ĐT|Di động"),
    TEXT(person, email, .label = {"Thư điện tử", "E-mail"}, .flags = PERSONAL, .max = 100, .also = "Email"),
    TEXT(person, occupation, .label = {"Nghề nghiệp", "Occupation"}, .max = 200, .also = "Nghề nghiệp hiện nay|Nghề nghiệp, nơi công tác|Công việc"),
    CHOICE(person, schooling, schooling, .label = {"Giáo dục phổ thông", "Schooling"}, .also = "Trình độ phổ thông|Trình độ văn hóa|Học vấn|Văn hóa"),
    CHOICE(person, qualification, qualification, .label = {"Chuyên môn", "Qualification"}, .also = "Trình độ chuyên môn|Trình độ CM|Chuyên môn nghiệp vụ|Trình độ"),
    CHOICE(person, theory, theory, .label = {"Lý luận chính trị", "Political theory"}, .also = "Trình độ lý luận chính trị|LLCT|Trình độ LLCT|Trình độ chính trị"),
    CHOICE(person, title, academic_title, .label = {"Học hàm", "Academic title"}),
    TEXT(person, speciality, .label = {"Ngành đào tạo", "Speciality"}, .max = 200, .also = "Chuyên ngành"),
    TEXT(person, languages, .label = {"Ngoại ngữ", "Languages"}, .max = 200),
    TEXT(person, computing, .label = {"Tin học", "Computing"}, .max = 100),
    TEXT(person, cccd, .label = {"Số định danh cá nhân", "Personal id number"}, .flags = PERSONAL, .max = 20, .also = "CCCD|Số CCCD|Căn cước|Căn cước công dân|Số căn cước|CMND|Số CMND|CMND/CCCD|Số định danh"),
    TEXT(person, card_number, .label = {"Số thẻ đảng viên", "Card number"}, .flags = SEARCHED, .max = 20, .also = "Số thẻ|Số TĐV|Thẻ đảng|Số thẻ Đảng"),
    TEXT(person, dossier_number, .label = {"Số lý lịch", "Dossier number"}, .max = 20, .also = "Số LL|Số lý lịch đảng viên"),
    PDAY(person, youth_on, .label = {"Ngày vào Đoàn", "Joined the Youth Union"}),
    DAY(person, admission_decided_on, .label = {"Ngày quyết định kết nạp", "Admission decided on"}, .also = "Ngày QĐ kết nạp"),
    DAY(person, admitted_on, .label = {"Ngày vào Đảng", "Admitted on"}, .flags = LISTED, .also = "Ngày kết nạp|Ngày vào Đảng dự bị|Vào Đảng|Dự bị|Ngày vào ĐCSVN"),
    DAY(person, official_on, .label = {"Ngày chính thức", "Official on"}, .flags = LISTED, .also = "Ngày công nhận chính thức|Chính thức|Ngày vào Đảng chính thức|Ngày CT"),
    TEXT(person, admitted_at, .label = {"Nơi kết nạp", "Admitted at"}, .max = 200, .also = "Tại chi bộ"),
    TEXT(person, official_at, .label = {"Nơi công nhận chính thức", "Made official at"}, .max = 200),
    TEXT(person, introducers, .label = {"Người giới thiệu", "Introducers"}, .max = 200),
    PDAY(person, died_on, .label = {"Ngày từ trần", "Died on"}),
    TEXT(person, note, .label = {"Ghi chú", "Note"}, .max = 1000),
    REF(person, cell, unit, .label = {"Chi bộ sinh hoạt", "Cell"}, .flags = INPUT, .also = "Chi bộ|Sinh hoạt tại chi bộ|Mã chi bộ|Tên chi bộ|Sinh hoạt tại"),
    DAY(person, cell_since, .label = {"Ngày về chi bộ", "In the cell since"}, .flags = INPUT, .also = "Ngày chuyển đến|Sinh hoạt từ ngày"),
};

static void fill(struct ctx *c, void *now, const void *was)
{
    struct person *p = now;
    if (!p->code.s) /* short, and unique because the id is */
        p->code.s = arena_printf(&c->arena, "HS%llX", (unsigned long long)p->row.id);
    const struct person *old = was;
    bool derived = c->consequence || c->undoing;
    if (old && !derived)
        p->standing = old->standing; /* follows from the stays */
    if (old || (c->restoring && p->standing))
        return;
    if (p->cell.v)
        p->row.unit = p->cell.v;
    if (!p->standing || !derived)
        p->standing = p->cell.v && (p->admitted_on.v || p->cell_since.v) ? STANDING_MEMBER
                      : p->admitted_on.v || p->cell.v                    ? STANDING_CANDIDATE
                                                                         : STANDING_OTHER;
}

static bool digits(const char *s, size_t n)
{
    return strlen(s) == n && strspn(s, "0123456789") == n;
}

static void check_cccd(struct ctx *c, struct problems *out, const struct person *p)
{
    const char *s = p->cccd.s;
    if (!s || digits(s, 9)) /* the old identity card had nine */
        return;
    if (!digits(s, 12)) {
        warning(out, "cccd", "Số định danh có 12 chữ số; “%s” thì không: xem lại thẻ căn cước.", "A personal id number has 12 digits; “%s” has not: look at the card.", s);
        return;
    }
    char province[] = {'p', s[0], s[1], s[2], '\0'};
    if (rule_exists(c, "cccd_province") && !rule_item(c, "cccd_province", province, (day){0}))
        warning(out, "cccd", "Ba số đầu %s của số định danh không phải mã tỉnh cũ (001–096): xem lại.", "The first three digits %s are no old province code (001–096): look again.", province + 1);
    int century = s[3] - '0', year = (s[4] - '0') * 10 + (s[5] - '0');
    bool female = century % 2 == 1;
    if ((p->sex == SEX_MALE && female) || (p->sex == SEX_FEMALE && !female))
        warning(out, "cccd", "Số định danh ghi là %s, hồ sơ ghi là %s: xem lại một trong hai.", "The id number says %s, the record says %s: one of them is wrong.",
                in_words(c, sex_words[female ? SEX_FEMALE : SEX_MALE].label), in_words(c, sex_words[p->sex].label));
    if (p->born.v && p->born.v / 10000 != 1900 + century / 2 * 100 + year)
        warning(out, "cccd", "Số định danh ghi năm sinh %d, hồ sơ ghi %d: xem lại một trong hai.", "The id number says born in %d, the record says %d: one of them is wrong.",
                1900 + century / 2 * 100 + year, p->born.v / 10000);
}

static void check_numbers(struct problems *out, const struct person *p)
{
    if (p->card_number.s && !digits(p->card_number.s, 8))
        warning(out, "card_number", "Số thẻ đảng viên thường có 8 chữ số; “%s” thì không.", "A card number usually has 8 digits; “%s” has not.", p->card_number.s);
    const char *s = p->dossier_number.s;
    if (s) {
        size_t n = strspn(s, "0123456789");
        size_t letters = text_length(s + n);
        if (n != 6 || letters < 1 || letters > 3)
            warning(out, "dossier_number", "Số lý lịch thường gồm 6 chữ số và 1–3 chữ cái; “%s” thì không.", "A dossier number usually has 6 digits and 1–3 letters; “%s” has not.", s);
    }
}

static void check_days(struct problems *out, const struct person *p)
{
    if (p->official_on.v && p->admitted_on.v && p->official_on.v < p->admitted_on.v)
        problem(out, "official_on", "Ngày chính thức không thể trước ngày vào Đảng: sửa một trong hai.", "The official day cannot be before admission: correct one of them.");
    if (p->born.v && p->admitted_on.v && p->admitted_on.v - p->born.v < 180000)
        warning(out, "admitted_on", "Vào Đảng khi chưa đủ 18 tuổi: xem lại ngày sinh và ngày vào Đảng.", "Admitted before the age of 18: look at both days again.");
    if (p->born.v && p->admitted_on.v && p->born.v > p->admitted_on.v)
        problem(out, "born", "Ngày sinh không thể sau ngày vào Đảng.", "Birth cannot be after admission.");
    if (p->died_on.v && p->born.v > p->died_on.v)
        problem(out, "died_on", "Ngày từ trần không thể trước ngày sinh.", "Death cannot be before birth.");
}

/* That another record may be of the same person; which one, only to whoever may read it. */
static void told_twice(struct ctx *c, struct problems *out, const char *field, int64_t other, const char *vi, const char *en)
{
    const void *record = record_find(c, &person_kind, other, ACT_READ);
    const char *name = record ? record_name(c, &person_kind, record) : say(c, "ngoài phạm vi của bạn", "outside your units");
    duplicate(out, field, record ? other : 0, "%s hồ sơ %s: có thể là một người.", "%s record %s: it may be the same person.", c->lang == LANG_EN ? en : vi, name);
}

/* What the numbers and the name of a person are known by while many are brought in. */
static const char BY_CCCD[] = "cccd", BY_CARD[] = "card_number", BY_NAME[] = "name and birth";

static void remember(struct ctx *c, int64_t id, const char *cccd, const char *card, const char *name_key, int64_t born)
{
    bulk_add(c, BY_CCCD, cccd, 0, id);
    bulk_add(c, BY_CARD, card, 0, id);
    if (born)
        bulk_add(c, BY_NAME, name_key, born, id);
}

static void remember_stored(struct ctx *c)
{
    if (!bulk_load(c, "person"))
        return;
    struct rows *r = db_query(c, "SELECT id, cccd, card_number, sort_key, born FROM person WHERE removed_at = 0 ORDER BY id");
    while (rows_next(r))
        remember(c, rows_int(r, 0), rows_text(r, 1), rows_text(r, 2), rows_text(r, 3), rows_int(r, 4));
}

/* The other person who has the value, as memory knows it. False when the database has to be asked. */
static bool known_holder(struct ctx *c, const struct person *p, const char *by, const char *value, int64_t with, int64_t *other)
{
    *other = 0;
    if (!bulk_on(c))
        return false;
    remember_stored(c);
    int64_t first = bulk_first(c, by, value, with);
    if (!first || failed(c))
        return true;
    const struct person *held = first == p->row.id ? NULL : record_find(c, &person_kind, first, 0);
    if (!held)
        return false;
    *other = first;
    return by == BY_CCCD   ? str_same(held->cccd.s, value)
           : by == BY_CARD ? str_same(held->card_number.s, value)
                           : held->born.v == with && strcmp(text_person_key(&c->arena, held->name.s), value) == 0;
}

static void tell_same_number(struct ctx *c, struct problems *out, const char *field, const char *value, int64_t other)
{
    if (other)
        told_twice(c, out, field, other, arena_printf(&c->arena, "Số %s đã có ở", value), arena_printf(&c->arena, "Number %s is already on", value));
}

/* Whether another live person has the same number. */
static void check_same_numbers(struct ctx *c, struct problems *out, const struct person *p, const struct person *old)
{
    int64_t other;
    if (p->cccd.s && (!old || !str_same(old->cccd.s, p->cccd.s))) {
        if (!known_holder(c, p, BY_CCCD, p->cccd.s, 0, &other))
            other = db_one_int(c, "SELECT id FROM person WHERE cccd = $1 AND removed_at = 0 AND id <> $2 LIMIT 1", V(p->cccd.s), V(p->row.id));
        tell_same_number(c, out, "cccd", p->cccd.s, other);
    }
    if (p->card_number.s && (!old || !str_same(old->card_number.s, p->card_number.s))) {
        if (!known_holder(c, p, BY_CARD, p->card_number.s, 0, &other))
            other = db_one_int(c, "SELECT id FROM person WHERE card_number = $1 AND removed_at = 0 AND id <> $2 LIMIT 1", V(p->card_number.s), V(p->row.id));
        tell_same_number(c, out, "card_number", p->card_number.s, other);
    }
}

static void check_same_name(struct ctx *c, struct problems *out, const struct person *p)
{
    if (!p->born.v)
        return;
    const char *key = text_person_key(&c->arena, p->name.s);
    int64_t other;
    if (!known_holder(c, p, BY_NAME, key, p->born.v, &other))
        other = db_one_int(c, "SELECT id FROM person WHERE born = $1 AND sort_key = $2 AND removed_at = 0 AND id <> $3 LIMIT 1", V(p->born.v), V(key), V(p->row.id));
    if (other)
        told_twice(c, out, "name", other, "Trùng họ tên và ngày sinh với", "Same name and birth as");
}

static void check(struct ctx *c, struct problems *out, const void *now, const void *was)
{
    const struct person *p = now, *old = was;
    check_cccd(c, out, p);
    check_numbers(out, p);
    check_days(out, p);
    check_same_numbers(c, out, p, old);
    if (!old || !str_same(old->name.s, p->name.s) || old->born.v != p->born.v)
        check_same_name(c, out, p);
    if (old && old->row.unit != p->row.unit && !c->consequence && !c->undoing &&
        db_one_int(c, "SELECT 1 FROM membership WHERE person = $1 AND stay = 'home' AND removed_at = 0 AND since IS NOT NULL LIMIT 1", V(p->row.id)))
        problem(out, NULL, "Đảng viên đổi chi bộ bằng chuyển sinh hoạt, không bằng sửa hồ sơ.", "A member changes cells by a transfer, not by changing the record.");
    if (p->cell.v && !old && !unit_holds_members(c, p->cell.v))
        problem(out, "cell", "%s không phải là chi bộ: ghi mã của chi bộ nơi đảng viên sinh hoạt.", "%s is not a cell: give the code of the cell where the member belongs.",
                unit_name(c, p->cell.v));
}

/* Of a member admitted before the cell was founded nothing is known but that they are there: the stay begins with the cell. */
static void open_first_stay(struct ctx *c, const struct person *p)
{
    day since = p->cell_since.v ? p->cell_since : p->admitted_on;
    if (!p->cell_since.v && since.v && !unit_open_on(c, p->cell.v, since)) {
        day founded = unit_founded_on(c, p->cell.v);
        since = founded.v > since.v ? founded : since;
    }
    if (since.v)
        membership_open(c, p->row.id, p->cell.v, since, since.v == p->admitted_on.v ? "admitted" : "registered", p->official_on);
}

static void saved(struct ctx *c, const void *now, const void *was)
{
    const struct person *p = now, *old = was;
    if (p && bulk_on(c)) {
        remember_stored(c);
        remember(c, p->row.id, p->cccd.s, p->card_number.s, text_person_key(&c->arena, p->name.s), p->born.v);
    }
    if (!p || c->undoing)
        return;
    if (!old && p->cell.v)
        open_first_stay(c, p);
    if (old && old->official_on.v != p->official_on.v)
        membership_set_official(c, p->row.id, p->official_on);
}

/* The cell where each was a member on a past day: one statement for all. */
static void as_at(struct ctx *c, day d, void **records, size_t n)
{
    enum { AT_ONCE = 500 };
    int64_t *ids = NEW_N(&c->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = ((struct person *)records[i])->row.id;
    for (size_t at = 0; at < n; at += AT_ONCE) {
        struct sql q = sql_new(c);
        sql_add(&q, "SELECT person, unit FROM membership WHERE removed_at = 0 AND stay = 'home'");
        sql_lasts(&q, "membership", d);
        sql_add(&q, " AND person IN (");
        sql_args(&q, ids + at, n - at < AT_ONCE ? n - at : AT_ONCE);
        sql_add(&q, ")");
        struct rows *r = sql_query(&q);
        while (rows_next(r))
            for (size_t i = at; i < n && i < at + AT_ONCE; i++) {
                struct person *p = records[i];
                if (p->row.id != rows_int(r, 0))
                    continue;
                p->row.unit = rows_int(r, 1);
                p->standing = STANDING_MEMBER;
            }
    }
}

static const char *const lists[] = {"unit, sort_key, removed_at, standing", "cccd", "card_number", "born, sort_key", NULL};

day person_member_since(const void *person)
{
    const struct person *p = person;
    return p->admission_decided_on.v ? p->admission_decided_on : p->admitted_on;
}

const struct kind person_kind = {
    .name = "person", .label = {"Hồ sơ đảng viên", "Person"}, .plural = {"Hồ sơ đảng viên", "People"}, .size = sizeof(struct person), FIELDS(fields),
    .code = "code", .title = "name", .person_name = true, .counted = "standing", .where = "unit", .subject = "id", .flags = SENSITIVE, .lists = lists,
    .stays = {&membership_kind, "person", "stay", "home"}, .fill = fill, .check = check, .saved = saved, .as_at = as_at,
};

void person_refresh(struct ctx *c, int64_t person)
{
    struct rows *r = db_query(c,
                              "SELECT unit, until FROM membership WHERE person = $1 AND stay = 'home' AND removed_at = 0 AND since IS NOT NULL "
                              "ORDER BY until DESC, since DESC LIMIT 1",
                              V(person));
    int64_t unit = 0;
    bool open = false;
    if (rows_next(r)) {
        unit = rows_int(r, 0);
        open = rows_int(r, 1) == DAY_OPEN;
        rows_close(r);
    }
    const char *word = standing_words[open ? STANDING_MEMBER : STANDING_FORMER].word;
    if (failed(c) || !unit || db_one_int(c, "SELECT 1 FROM person WHERE id = $1 AND unit = $2 AND standing = $3", V(person), V(unit), V(word)))
        return;
    struct person *p = record_find(c, &person_kind, person, 0);
    if (!p)
        return;
    p->row.unit = unit;
    p->standing = open ? STANDING_MEMBER : STANDING_FORMER;
    record_must_save(c, &person_kind, p);
}
