/* A stay of a member in a cell: home or temporary, from a day until a day, how it began and how it ended. "Members of
 * U on day D" are the home stays open on D in cells below U on D. A transfer is sent by the cell that a member leaves and received by
 * the one that takes them in: until then the member counts at the sender. */
#include "party/verbs.h"

#include "base/str.h"

enum stay { STAY_NONE, STAY_HOME, STAY_TEMPORARY };
static const struct word stay_words[] = {
    {NULL, {"", ""}}, {"home", {"Chính thức", "Home"}}, {"temporary", {"Tạm thời", "Temporary"}}};
COMPLETE(stay, STAY_TEMPORARY);

struct membership {
    struct row row;
    person_id person;
    unit_id cell;
    enum stay stay;
    day since, until;
    choice began, ended;
    text decision;
    day decided_on;
    text end_decision;
    day end_decided_on;
    day official_on;
    unit_id sent_to;
    day sent_on;
    text paper;
    membership_id previous;
    text note;
    flag first;
};

static const struct field fields[] = {
    REF(membership, person, person, .label = {"Đảng viên", "Member"}, .flags = REQUIRED | LISTED, .also = "Mã hồ sơ|Mã đảng viên|Họ và tên"),
    REF(membership, cell, unit, .label = {"Chi bộ", "Cell"}, .flags = REQUIRED | LISTED, .also = "Mã chi bộ|Đơn vị|Chi bộ sinh hoạt"),
    ENUM(membership, stay, stay, .label = {"Hình thức sinh hoạt", "Stay"}, .flags = REQUIRED | LISTED, .also = "Hình thức"),
    DAY(membership, since, .label = {"Từ ngày", "Since"}, .flags = LISTED, .also = "Ngày về chi bộ"),
    DAY(membership, until, .label = {"Kết thúc từ ngày", "Until"}, .flags = UNTIL | LISTED, .also = "Đến ngày"),
    CHOICE(membership, began, membership_begin, .label = {"Bắt đầu do", "Began by"}, .flags = LISTED, .also = "Lý do đến"),
    CHOICE(membership, ended, membership_end, .label = {"Kết thúc do", "Ended by"}, .flags = LISTED, .also = "Lý do đi"),
    TEXT(membership, decision, .label = {"Số quyết định", "Decision"}, .max = 60, .also = "Quyết định số"),
    DAY(membership, decided_on, .label = {"Ngày quyết định", "Decided on"}),
    TEXT(membership, end_decision, .label = {"Số quyết định kết thúc", "Decision that ended it"}, .max = 60),
    DAY(membership, end_decided_on, .label = {"Ngày quyết định kết thúc", "End decided on"}),
    DAY(membership, official_on, .label = {"Ngày chính thức", "Official on"}, .flags = UNTIL | READONLY),
    REF(membership, sent_to, unit, .label = {"Chuyển đến", "Sent to"}, .also = "Nơi chuyển đến"),
    DAY(membership, sent_on, .label = {"Ngày giới thiệu", "Sent on"}, .also = "Ngày chuyển"),
    TEXT(membership, paper, .label = {"Số giấy giới thiệu", "Introduction paper"}, .max = 60, .also = "Giấy giới thiệu số"),
    REF(membership, previous, membership, .label = {"Nối tiếp", "Follows"}, .flags = READONLY),
    TEXT(membership, note, .label = {"Ghi chú", "Note"}, .max = 1000),
    FLAG(membership, first, .label = {"Lần đầu", "First"}, .flags = INPUT | READONLY), /* of a person who was made just now, for this cell */
};

/* Stays of one person are written one after the other, so that two writers cannot make them overlap. */
static int32_t lock_person(struct ctx *c, int64_t person)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT official_on FROM person WHERE id = ");
    sql_arg(&q, V(person));
    db_lock_row(&q);
    return (int32_t)rows_only_int(sql_query(&q));
}

static void fill(struct ctx *c, void *now, const void *was)
{
    struct membership *m = now;
    const struct membership *old = was;
    m->row.unit = m->cell.v;
    if (!c->consequence && !c->undoing) { /* these follow from transfers and from the dossier */
        m->previous.v = old ? old->previous.v : 0;
        m->official_on.v = old ? old->official_on.v : 0;
    }
    if (!m->stay)
        m->stay = STAY_HOME;
    int32_t official_on = m->first.v ? 0 : lock_person(c, m->person.v); /* nobody else sees a person made just now */
    if (!was && !m->official_on.v && !m->first.v && !c->restoring)
        m->official_on.v = official_on;
}

static void check_overlap(struct ctx *c, struct problems *p, const struct membership *m)
{
    if (m->stay != STAY_HOME || !m->since.v)
        return;
    int32_t until = m->until.v ? m->until.v : DAY_OPEN;
    struct rows *r = db_query(c,
                              "SELECT unit, since, until FROM membership WHERE person = $1 AND stay = 'home' AND removed_at = 0 AND id <> $2 "
                              "AND id <> $5 AND since < $3 AND until > $4 AND since < until LIMIT 1",
                              V(m->person.v), V(m->row.id), V(until), V(m->since.v), V(m->previous.v));
    if (!rows_next(r))
        return;
    char from[DAY_TEXT], to[DAY_TEXT];
    int64_t unit = rows_int(r, 0);
    if (!scope_allows(c, &membership_kind, ACT_READ, unit, m->person.v)) {
        rows_close(r);
        problem(p, "since", "Vào thời gian đó đảng viên sinh hoạt chính thức ở một chi bộ ngoài phạm vi của bạn: nơi đó chuyển, bạn tiếp nhận.",
                "At that time the member's home is a cell outside your units: it sends, you receive.");
        return;
    }
    day_vi((int32_t)rows_int(r, 1), from);
    day_vi((int32_t)rows_int(r, 2), to);
    rows_close(r);
    problem(p, "since", "Đảng viên đang sinh hoạt chính thức ở %s từ %s%s%s: kết thúc ở đó trước, hoặc chọn sinh hoạt tạm thời.",
            "The member's home is %s from %s%s%s: end that stay first, or choose a temporary stay.", unit_name(c, unit), from,
            *to ? say(c, " đến ", " until ") : "", to);
}

/* A home stay makes the dossier the cell's own: whoever gives one must have the dossier already, or be sent it. */
static void check_whose(struct ctx *c, struct problems *p, const struct membership *m, const struct membership *old)
{
    bool theirs = old && old->person.v == m->person.v && (old->stay == STAY_HOME || m->stay != STAY_HOME);
    if (m->stay == STAY_HOME && !theirs && !c->consequence && !c->undoing && !record_find(c, &person_kind, m->person.v, ACT_CHANGE))
        problem(p, "person", "Hồ sơ của đảng viên này không thuộc phạm vi của bạn: nơi đang quản lý chuyển sinh hoạt, bạn tiếp nhận.",
                "The dossier of this member is not within your units: whoever keeps it sends the member, you receive.");
}

/* Nobody arrives before they were sent. */
static void check_received(struct ctx *c, struct problems *p, const struct membership *m, const struct membership *old)
{
    char d[DAY_TEXT];
    if (!m->previous.v || !m->since.v || c->restoring || c->undoing || (old && old->since.v == m->since.v))
        return;
    day sent = {(int32_t)db_one_int(c, "SELECT COALESCE(sent_on, 0) FROM membership WHERE id = $1", V(m->previous.v))};
    if (sent.v > m->since.v)
        problem(p, "since", "Không thể tiếp nhận trước ngày giới thiệu %s: xem lại ngày tiếp nhận.", "Nobody is received before they were sent, on %s: look at the day again.",
                day_vi(sent.v, d));
}

static void check(struct ctx *c, struct problems *p, const void *now, const void *was)
{
    const struct membership *m = now, *old = was;
    check_whose(c, p, m, old);
    bool moved = !old || old->cell.v != m->cell.v || old->since.v != m->since.v || old->until.v != m->until.v || old->stay != m->stay;
    if (!c->restoring && (!old || old->cell.v != m->cell.v) && !unit_holds_members(c, m->cell.v))
        problem(p, "cell", "%s không phải là chi bộ: chọn chi bộ nơi đảng viên sinh hoạt.", "%s is not a cell: choose the cell where the member belongs.",
                unit_name(c, m->cell.v));
    if (!c->restoring && m->since.v && (!old || old->cell.v != m->cell.v || old->since.v != m->since.v) && !unit_open_on(c, m->cell.v, m->since)) {
        char d[DAY_TEXT];
        problem(p, "since", "%s không hoạt động vào ngày %s: xem lại chi bộ hoặc ngày.", "%s was not open on %s: look at the cell or the day again.",
                unit_name(c, m->cell.v), day_vi(m->since.v, d));
    }
    if (m->until.v && !m->since.v)
        problem(p, "since", "Nhập ngày bắt đầu.", "Enter the first day.");
    if (m->until.v && !m->ended.s)
        warning(p, "ended", "Chưa ghi lý do kết thúc.", "How it ended is not given.");
    if (m->ended.s && !m->until.v)
        problem(p, "until", "Nhập ngày kết thúc, vì đã ghi lý do kết thúc.", "Enter the last day, since the way it ended is given.");
    if (m->sent_to.v && m->sent_to.v == m->cell.v)
        problem(p, "sent_to", "Nơi chuyển đến phải khác chi bộ hiện tại.", "It must be sent to another cell.");
    if (m->sent_to.v && !m->sent_on.v)
        problem(p, "sent_on", "Nhập ngày giới thiệu.", "Enter the day of sending.");
    check_received(c, p, m, old);
    if (moved && !p->n && !m->first.v)
        check_overlap(c, p, m);
}

/* The stay that waits at the receiver for one that was sent; 0 when none. */
static int64_t waiting_for(struct ctx *c, int64_t sent)
{
    return db_one_int(c, "SELECT id FROM membership WHERE previous = $1 AND removed_at = 0 LIMIT 1", V(sent));
}

static void send(struct ctx *c, const struct membership *m)
{
    struct membership *next = record_new(c, membership);
    next->person = m->person;
    next->cell.v = m->sent_to.v;
    next->stay = m->stay;
    next->began.s = "transferred_in";
    next->paper = m->paper;
    next->official_on = m->official_on;
    next->previous.v = m->row.id;
    record_must_save(c, &membership_kind, next);
}

static void withdraw(struct ctx *c, const struct membership *m)
{
    int64_t id = waiting_for(c, m->row.id);
    struct problems p;
    problems_start(&p, c);
    if (id)
        record_remove(c, &membership_kind, id, 0, &p);
}

/* Received: the stay before it ends on the same day. */
static void close_previous(struct ctx *c, const struct membership *m)
{
    struct membership *before = record_find(c, &membership_kind, m->previous.v, 0);
    if (!before || before->until.v)
        return;
    before->until = m->since;
    before->ended.s = "transferred_out";
    before->end_decision = m->paper;
    before->end_decided_on = before->sent_on;
    record_must_save(c, &membership_kind, before);
}

static void saved(struct ctx *c, const void *now, const void *was)
{
    const struct membership *m = now, *old = was;
    if (m && !c->undoing) {
        bool sends = m->sent_to.v && !m->until.v;
        if (sends && (!old || old->sent_to.v != m->sent_to.v)) {
            if (old && old->sent_to.v)
                withdraw(c, m);
            send(c, m);
        } else if (old && old->sent_to.v && !m->sent_to.v) {
            withdraw(c, m);
        }
        if (m->previous.v && m->since.v && (!old || !old->since.v))
            close_previous(c, m);
    }
    if (!m || !m->first.v)
        person_refresh(c, m ? m->person.v : old->person.v);
}

static const char *const indexes[] = {"person, since", "previous", NULL};
static const char *const lists[] = {"unit, stay, until, since, official_on, person, removed_at", "since, unit", NULL};

const struct kind membership_kind = {
    .name = "membership", .label = {"Sinh hoạt đảng", "Membership"}, .plural = {"Quá trình sinh hoạt đảng", "Memberships"},
    .size = sizeof(struct membership), FIELDS(fields), .title = "person", .beside = "person", .where = "unit", .when = SPELL("since", "until"),
    .subject = "person", .indexes = indexes, .lists = lists, .fill = fill, .check = check, .saved = saved,
};

/* --- verbs ---------------------------------------------------------------------------------------- */

void membership_open(struct ctx *c, int64_t person, int64_t cell, day since, const char *began, day official_on)
{
    struct membership *m = record_new(c, membership);
    m->person.v = person;
    m->cell.v = cell;
    m->stay = STAY_HOME;
    m->since = since;
    m->began.s = began;
    m->official_on = official_on;
    m->first.v = true;
    record_must_save(c, &membership_kind, m);
}

void membership_set_official(struct ctx *c, int64_t person, day official_on)
{
    int64_t ids[64];
    size_t n = 0;
    struct rows *r = db_query(c, "SELECT id FROM membership WHERE person = $1 AND removed_at = 0 ORDER BY id", V(person));
    while (n < N(ids) && rows_next(r))
        ids[n++] = rows_int(r, 0);
    rows_close(r);
    for (size_t i = 0; i < n; i++) {
        struct membership *m = record_find(c, &membership_kind, ids[i], 0);
        if (!m)
            continue;
        m->official_on = official_on;
        record_must_save(c, &membership_kind, m);
    }
}

int64_t membership_count(struct ctx *c, int64_t unit, day d)
{
    return db_one_int(c, "SELECT count(*) FROM membership WHERE unit = $1 AND stay = 'home' AND until > $2 AND since <= $2 AND removed_at = 0",
                      V(unit), V(d));
}

static void move_one(struct ctx *c, int64_t id, int64_t to, day on, const char *decision, day decided_on)
{
    struct membership *m = record_find(c, &membership_kind, id, 0);
    if (!m)
        return;
    struct membership *next = record_new(c, membership);
    next->person = m->person;
    next->cell.v = to;
    next->stay = m->stay;
    next->since = on;
    next->began.s = "moved_with_unit";
    next->decision.s = decision;
    next->decided_on = decided_on;
    next->official_on = m->official_on;
    m->until = on;
    m->ended.s = "moved_with_unit";
    m->end_decision.s = decision;
    m->end_decided_on = decided_on;
    record_must_save(c, &membership_kind, m);
    record_must_save(c, &membership_kind, next);
}

int64_t membership_move_all(struct ctx *c, int64_t from, int64_t to, day on, const char *decision, day decided_on)
{
    int64_t n = db_one_int(c, "SELECT count(*) FROM membership WHERE unit = $1 AND removed_at = 0 AND until > $2 AND since <= $2", V(from), V(on)), at = 0;
    int64_t *ids = NEW_N(&c->arena, int64_t, n + 1);
    struct rows *r = db_query(c, "SELECT id FROM membership WHERE unit = $1 AND removed_at = 0 AND until > $2 AND since <= $2 ORDER BY id", V(from), V(on));
    while (at < n && rows_next(r))
        ids[at++] = rows_int(r, 0);
    rows_close(r);
    for (int64_t i = 0; i < at && !failed(c); i++) {
        struct arena_mark mark = arena_mark(&c->arena);
        move_one(c, ids[i], to, on, decision, decided_on);
        if (!failed(c)) /* what the error says lives in the arena, too */
            arena_rewind(&c->arena, mark);
    }
    return at;
}

bool membership_move(struct ctx *c, int64_t person, int64_t from, int64_t to, day on, const char *decision, day decided_on)
{
    int64_t id = db_one_int(c, "SELECT id FROM membership WHERE person = $1 AND unit = $2 AND removed_at = 0 AND until > $3 AND since <= $3 LIMIT 1",
                            V(person), V(from), V(on));
    if (id)
        move_one(c, id, to, on, decision, decided_on);
    return id != 0;
}
