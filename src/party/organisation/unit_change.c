/* A change of units by dated decision: found, merge, split, move, rename, change class, close. Saving one carries it out: units
 * and home memberships move, nothing is deleted, predecessors and successors are linked. Everything it writes belongs to one
 * batch, so it can be undone while nothing later depends on it. Carried out in a transaction that is then rolled back, it is a
 * preview. */
#include "party/verbs.h"

#include "base/str.h"

enum unit_act { ACT_NONE, FOUND, MERGE, SPLIT, MOVE, RENAME, RECLASS, CLOSE };
static const struct word unit_act_words[] = {
    {NULL, {"", ""}},
    {"found", {"Thành lập", "Found"}},
    {"merge", {"Hợp nhất, sáp nhập", "Merge"}},
    {"split", {"Chia, tách", "Split"}},
    {"move", {"Chuyển trực thuộc", "Move"}},
    {"rename", {"Đổi tên", "Rename"}},
    {"reclass", {"Đổi loại hình, cấp", "Change class"}},
    {"close", {"Kết thúc hoạt động", "Close"}},
};
COMPLETE(unit_act, CLOSE);

enum change_state { STATE_NONE, DONE, UNDONE };
static const struct word change_state_words[] = {
    {NULL, {"", ""}}, {"done", {"Đã thực hiện", "Carried out"}}, {"undone", {"Đã hoàn lại", "Undone"}}};
COMPLETE(change_state, UNDONE);

struct unit_change {
    struct row row;
    text number;
    day decided_on, effective_on;
    text decided_by;
    enum unit_act act;
    text units, into, new_name;
    choice new_type, new_level;
    unit_id superior;
    text assign, rest;
    attachment_id file;
    enum change_state state;
    number batch;
    text note;
};

static const struct field fields[] = {
    TEXT(unit_change, number, .label = {"Số quyết định", "Decision number"}, .flags = REQUIRED | LISTED, .max = 60, .also = "Số QĐ|Quyết định số"),
    DAY(unit_change, decided_on, .label = {"Ngày quyết định", "Decided on"}, .flags = REQUIRED | LISTED, .also = "Ngày QĐ"),
    DAY(unit_change, effective_on, .label = {"Có hiệu lực từ ngày", "Effective on"}, .flags = REQUIRED | LISTED, .also = "Ngày hiệu lực|Hiệu lực từ ngày"),
    TEXT(unit_change, decided_by, .label = {"Cơ quan quyết định", "Decided by"}, .flags = REQUIRED | LISTED, .max = 200, .also = "Cơ quan ban hành"),
    ENUM(unit_change, act, unit_act, .label = {"Nội dung", "Change"}, .flags = REQUIRED | LISTED, .also = "Hình thức|Thay đổi"),
    TEXT(unit_change, units, .label = {"Đơn vị liên quan", "Units"}, .flags = LISTED, .max = 20000, .also = "Các đơn vị|Đơn vị cũ|Mã đơn vị cũ"),
    TEXT(unit_change, into, .label = {"Đơn vị mới", "New units"}, .flags = LISTED, .max = 4000, .also = "Mã đơn vị mới|Thành đơn vị"),
    TEXT(unit_change, new_name, .label = {"Tên mới", "New name"}, .flags = LISTED, .max = 4000, .also = "Tên đơn vị mới"),
    CHOICE(unit_change, new_type, unit_type, .label = {"Loại hình mới", "New type"}),
    CHOICE(unit_change, new_level, level, .label = {"Cấp mới", "New level"}),
    REF(unit_change, superior, unit, .label = {"Đơn vị cấp trên mới", "New superior"}, .flags = LISTED, .also = "Cấp trên mới|Cấp trên|Trực thuộc"),
    TEXT(unit_change, assign, .label = {"Phân về", "Assignment"}, .max = 200000, .also = "Phân bổ"),
    TEXT(unit_change, rest, .label = {"Còn lại về", "The rest goes to"}, .max = 40),
    REF(unit_change, file, attachment, .label = {"Văn bản", "File"}),
    ENUM(unit_change, state, change_state, .label = {"Tình trạng", "State"}, .flags = LISTED | READONLY | MOVED),
    NUMBER(unit_change, batch, .label = {"Đợt ghi", "Batch"}, .flags = READONLY),
    TEXT(unit_change, note, .label = {"Ghi chú", "Note"}, .max = 1000),
};

static const struct move moves[] = {{NULL, "done", ACT_DECIDE}, {"done", "undone", ACT_DECIDE}};

/* --- predecessors and successors ------------------------------------------------------------------- */

struct succession {
    struct row row;
    unit_change_id change;
    unit_id predecessor, successor;
    day on_day;
};

static const struct field succession_fields[] = {
    REF(succession, change, unit_change, .label = {"Quyết định", "Change"}, .flags = REQUIRED | LISTED),
    REF(succession, predecessor, unit, .label = {"Đơn vị trước", "Predecessor"}, .flags = REQUIRED | LISTED),
    REF(succession, successor, unit, .label = {"Đơn vị kế tiếp", "Successor"}, .flags = REQUIRED | LISTED),
    DAY(succession, on_day, .label = {"Ngày", "Day"}, .flags = LISTED),
};

static void succession_fill(struct ctx *c, void *now, const void *was)
{
    struct succession *s = now;
    (void)c;
    (void)was;
    s->row.unit = s->successor.v;
}

static const char *const succession_indexes[] = {"predecessor", "successor", "change", NULL};

const struct kind succession_kind = {
    .name = "succession", .label = {"Kế thừa đơn vị", "Succession"}, .plural = {"Kế thừa đơn vị", "Successions"}, .size = sizeof(struct succession),
    FIELDS(succession_fields), .where = "unit", .when = EVENT("on_day"), .flags = REFERENCE | COMPUTED, .indexes = succession_indexes,
    .fill = succession_fill,
};

static void link_units(struct ctx *c, const struct unit_change *u, int64_t from, int64_t to)
{
    struct succession *s = record_new(c, succession);
    s->change.v = u->row.id;
    s->predecessor.v = from;
    s->successor.v = to;
    s->on_day = u->effective_on;
    record_must_save(c, &succession_kind, s);
}

/* --- lists in text: "A; B; C" and "A=name=type; B=name" ---------------------------------------------- */

struct pair {
    const char *left, *right, *third; /* NULL: not given */
};

/* The next piece, up to one of the signs that end it; what holds such signs itself stands in quotes, see change_part(). */
static const char *piece(struct ctx *c, const char **s)
{
    const char *at = *s + strspn(*s, " \t");
    if (*at != '"') {
        size_t n = strcspn(at, ";,=\r\n");
        *s = at + n;
        return str_clean(&c->arena, at, n);
    }
    struct buf b = {0};
    for (at++; *at && !(*at == '"' && at[1] != '"'); at++) {
        at += *at == '"';
        buf_char(&b, *at);
    }
    at += *at == '"';
    *s = at + strcspn(at, ";,=\r\n");
    const char *whole = buf_take(&b, &c->arena);
    return str_clean(&c->arena, whole, strlen(whole));
}

static size_t pairs_of(struct ctx *c, const char *s, struct pair **out)
{
    size_t room = 1, n = 0;
    for (const char *p = s; p && *p; p++)
        room += strchr(";,\r\n", *p) != NULL;
    struct pair *list = NEW_N(&c->arena, struct pair, room);
    while (s && *s) {
        struct pair one = {.left = piece(c, &s)};
        if (*s == '=' && s++)
            one.right = piece(c, &s);
        if (*s == '=' && s++)
            one.third = piece(c, &s);
        if (*one.left && n < room)
            list[n++] = one;
        s += strcspn(s, ";,\r\n");
        s += *s != '\0';
    }
    *out = list;
    return n;
}

struct units {
    int64_t *id;
    const char **code;
    size_t n;
};

static struct units units_of(struct ctx *c, struct problems *p, const char *field, const char *s, day open_on)
{
    struct pair *list;
    struct units u = {.n = pairs_of(c, s, &list)};
    u.id = NEW_N(&c->arena, int64_t, u.n + 1);
    u.code = NEW_N(&c->arena, const char *, u.n + 1);
    for (size_t i = 0; i < u.n; i++) {
        u.code[i] = list[i].left;
        u.id[i] = unit_by_code(c, list[i].left);
        if (p && !u.id[i])
            problem(p, field, "Không có đơn vị mang mã “%s”.", "There is no unit of code “%s”.", list[i].left);
        else if (p && !unit_open_on(c, u.id[i], open_on))
            problem(p, field, "%s không hoạt động vào ngày hiệu lực.", "%s is not open on the effective day.", unit_name(c, u.id[i]));
    }
    return u;
}

/* --- checks ---------------------------------------------------------------------------------------- */

static void fill(struct ctx *c, void *now, const void *was)
{
    struct unit_change *u = now;
    if (was)
        return;
    if (c->restoring && u->row.unit && u->state)
        return;
    struct units units = units_of(c, NULL, "units", u->units.s, u->effective_on);
    u->row.unit = u->superior.v ? u->superior.v : units.n && units.id[0] ? units.id[0] : 0;
    u->state = DONE;
    u->batch = (number){c->batch ? c->batch : u->row.id, true};
}

static void check_count(struct problems *p, const struct unit_change *u, size_t n)
{
    static const struct {
        size_t least, most;
        bool into;
    } need[] = {[FOUND] = {0, 0, true}, [MERGE] = {1, 1000, true}, [SPLIT] = {1, 1, true}, [MOVE] = {1, 1000, false},
                [RENAME] = {1, 1, false}, [RECLASS] = {1, 1000, false}, [CLOSE] = {1, 1000, false}};
    if (n < need[u->act].least || n > need[u->act].most)
        problem(p, "units", "Việc này cần từ %zu đến %zu đơn vị, đang có %zu: ghi mã, cách nhau bằng dấu chấm phẩy.",
                "This change takes %zu to %zu units, %zu are given: write codes with semicolons between.", need[u->act].least, need[u->act].most, n);
    if (need[u->act].into && !u->into.s)
        problem(p, "into", "Ghi mã đơn vị mới.", "Give the code of the new unit.");
    if ((u->act == MOVE || u->act == FOUND) && !u->superior.v)
        problem(p, "superior", "Chọn đơn vị cấp trên mới.", "Choose the new superior.");
    if (u->act == RENAME && !u->new_name.s)
        problem(p, "new_name", "Nhập tên mới.", "Enter the new name.");
    if (u->act == RECLASS && !u->new_type.s && !u->new_level.s)
        problem(p, "new_type", "Chọn loại hình hoặc cấp mới.", "Choose the new type or level.");
}

/* What becomes of a unit is decided above it: the right must reach its superior. */
static void decided_above(struct ctx *c, struct problems *p, const char *field, int64_t unit)
{
    int64_t superior = db_one_int(c, "SELECT superior FROM unit WHERE shard = 0 AND id = $1", V(unit));
    if (unit && !scope_allows(c, &unit_change_kind, ACT_DECIDE, superior, 0))
        problem(p, field, "Bạn không có quyền quyết định về %s: cấp trên của đơn vị đó quyết định.", "You have no right to decide about %s: its superior decides.",
                unit_name(c, unit));
}

/* The right to decide about every unit concerned. Under the deciding unit itself others may be put. */
static void check_rights(struct ctx *c, struct problems *p, const struct unit_change *u, const struct units *units)
{
    int64_t into = u->act == MERGE || u->act == CLOSE ? unit_by_code(c, u->into.s) : 0, keepers[] = {u->superior.v, u->act == CLOSE ? into : 0};
    for (size_t i = 0; i < units->n; i++)
        decided_above(c, p, "units", units->id[i]);
    if (u->act == MERGE)
        decided_above(c, p, "into", into);
    for (size_t i = 0; i < N(keepers); i++)
        if (keepers[i] && !scope_allows(c, &unit_change_kind, ACT_DECIDE, keepers[i], 0))
            problem(p, i ? "into" : "superior", "Bạn không có quyền quyết định ở %s.", "You have no right to decide at %s.", unit_name(c, keepers[i]));
}

/* The unit that takes over, when it is there already: open, and not below one that ends. */
static void check_keeper(struct ctx *c, struct problems *p, const struct unit_change *u, const struct units *units)
{
    int64_t into = unit_by_code(c, u->into.s);
    if (!into)
        return;
    if (!unit_open_on(c, into, u->effective_on))
        problem(p, "into", "%s không hoạt động vào ngày hiệu lực.", "%s is not open on the effective day.", unit_name(c, into));
    for (size_t i = 0; i < units->n; i++)
        if (units->id[i] != into && tree_ever_below(c, into, units->id[i], u->effective_on))
            problem(p, "into", "%s đang nằm dưới %s: chuyển nó sang cấp trên khác trước.", "%s stands below %s: move it to another superior first.",
                    unit_name(c, into), unit_name(c, units->id[i]));
}

/* Whether a code names a unit directly below, or a member at home in the unit, on the effective day. */
static bool belongs(struct ctx *c, const struct unit_change *u, int64_t unit, const char *code)
{
    return db_one_int(c, "SELECT 1 FROM unit WHERE superior = $1 AND code = $2 AND removed_at = 0 AND closed_on > $3", V(unit), V(code), V(u->effective_on)) ||
           db_one_int(c, "SELECT 1 FROM membership m JOIN person p ON p.shard = m.shard AND p.id = m.person WHERE m.unit = $1 AND p.code = $2 "
                         "AND m.stay = 'home' AND m.removed_at = 0 AND m.until > $3 AND m.since <= $3",
                      V(unit), V(code), V(u->effective_on));
}

static size_t times_named(const struct pair *list, size_t n, const char *code)
{
    size_t times = 0;
    for (size_t i = 0; i < n; i++)
        times += strcmp(list[i].left, code) == 0;
    return times;
}

/* The code of a type of units that was given by its code or its words; NULL when there is none such. */
static const char *type_named(struct ctx *c, const struct unit_change *u, const char *words)
{
    const struct rule_item *item = rule_item(c, "unit_type", words, u->effective_on);
    if (!item)
        item = rule_match(c, "unit_type", words, u->effective_on);
    return item ? item->code : NULL;
}

static void check_parts(struct ctx *c, struct problems *p, const struct unit_change *u, int64_t unit)
{
    struct pair *into, *assign;
    size_t n = pairs_of(c, u->into.s, &into), m = pairs_of(c, u->assign.s, &assign);
    if (n < 2)
        problem(p, "into", "Chia, tách thành ít nhất hai đơn vị: ghi “mã=tên; mã=tên”, gồm cả mã cũ nếu đơn vị cũ còn hoạt động.",
                "A split makes at least two units: write “code=name; code=name”, with the old code too when the old unit goes on.");
    for (size_t i = 0; i < n; i++) {
        int64_t taken = unit_by_code(c, into[i].left);
        if (times_named(into, n, into[i].left) > 1)
            problem(p, "into", "Mã “%s” được ghi hai lần.", "Code “%s” is given twice.", into[i].left);
        else if (taken && taken != unit)
            problem(p, "into", "Mã “%s” đã dùng cho %s: chọn mã khác.", "Code “%s” is taken by %s: choose another.", into[i].left, unit_name(c, taken));
        if (into[i].third && *into[i].third && !type_named(c, u, into[i].third))
            problem(p, "into", "Loại hình “%s” của “%s” không có.", "There is no type “%s”, given for “%s”.", into[i].third, into[i].left);
    }
    if (u->rest.s && !times_named(into, n, u->rest.s))
        problem(p, "rest", "“%s” không phải là một trong các đơn vị mới.", "“%s” is none of the new units.", u->rest.s);
    for (size_t i = 0; i < m && p->n < 20; i++) {
        if (!assign[i].right || !times_named(into, n, assign[i].right))
            problem(p, "assign", "“%s” được phân về “%s”, không phải là một trong các đơn vị mới.", "“%s” is assigned to “%s”, none of the new units.",
                    assign[i].left, assign[i].right ? assign[i].right : "");
        else if (!belongs(c, u, unit, assign[i].left))
            problem(p, "assign", "“%s” không phải là mã của đơn vị cấp dưới hoặc đảng viên của đơn vị được chia: xem lại mã.",
                    "“%s” is the code of no unit below and no member of the unit that is split: look at the code again.", assign[i].left);
    }
}

/* Nothing may come to stand under itself, on the day or at any time after it. A new unit without a superior of its own takes that of the
 * first one. */
static void check_circle(struct ctx *c, struct problems *p, const struct unit_change *u, const struct units *units)
{
    int64_t into = u->act == MERGE ? unit_by_code(c, u->into.s) : 0, superior = u->superior.v;
    if (!superior && u->act == MERGE && !into)
        superior = db_one_int(c, "SELECT superior FROM unit WHERE shard = 0 AND id = $1", V(units->id[0]));
    bool circle = into && superior && tree_ever_below(c, superior, into, u->effective_on);
    for (size_t i = 0; i < units->n && superior && !circle; i++)
        circle = tree_ever_below(c, superior, units->id[i], u->effective_on);
    if (circle)
        problem(p, "superior", "%s nằm dưới một đơn vị trong số này (chính nó hoặc cấp dưới của nó): chọn cấp trên khác, vì không đơn vị nào nằm dưới chính nó.",
                "%s stands under one of these units: choose another superior, for none can stand under itself.", unit_name(c, superior));
}

static void check(struct ctx *c, struct problems *p, const void *now, const void *was)
{
    const struct unit_change *u = now, *old = was;
    if (old) {
        if (!str_same(old->units.s, u->units.s) || !str_same(old->into.s, u->into.s) || old->act != u->act ||
            old->effective_on.v != u->effective_on.v || old->superior.v != u->superior.v || !str_same(old->new_name.s, u->new_name.s))
            problem(p, "act", "Quyết định đã thực hiện: hoàn lại rồi nhập lại.", "The change was carried out: undo it and enter it again.");
        return;
    }
    if (c->restoring)
        return; /* the tree has gone on since */
    if (u->effective_on.v > c->today.v)
        problem(p, "effective_on", "Ngày hiệu lực ở tương lai: bây giờ chỉ xem trước được (dòng lệnh: --dry-run), đến ngày đó mới thực hiện.",
                "It takes effect in the future: it can be previewed now (on the command line: --dry-run), and carried out on that day.");
    struct units units = units_of(c, p, "units", u->units.s, u->effective_on);
    check_count(p, u, units.n);
    check_rights(c, p, u, &units);
    if (!p->n)
        check_circle(c, p, u, &units);
    if (!p->n && (u->act == MERGE || u->act == CLOSE))
        check_keeper(c, p, u, &units);
    if (!p->n && u->act == SPLIT)
        check_parts(c, p, u, units.id[0]);
    if (u->superior.v && !unit_open_on(c, u->superior.v, u->effective_on))
        problem(p, "superior", "%s không hoạt động vào ngày hiệu lực.", "%s is not open on the effective day.", unit_name(c, u->superior.v));
}

/* --- carrying out ---------------------------------------------------------------------------------- */

/* Open units directly below, on the day. */
static size_t children_of(struct ctx *c, int64_t unit, day on, int64_t **out)
{
    int64_t n = db_one_int(c, "SELECT count(*) FROM unit WHERE superior = $1 AND removed_at = 0 AND closed_on > $2", V(unit), V(on)), at = 0;
    int64_t *ids = NEW_N(&c->arena, int64_t, n + 1);
    struct rows *r = db_query(c, "SELECT id FROM unit WHERE superior = $1 AND removed_at = 0 AND closed_on > $2 ORDER BY id", V(unit), V(on));
    while (at < n && rows_next(r))
        ids[at++] = rows_int(r, 0);
    rows_close(r);
    *out = ids;
    return (size_t)at;
}

/* Units below and members of one unit pass to another. */
static void pass_on(struct ctx *c, const struct unit_change *u, int64_t from, int64_t to)
{
    int64_t *children;
    size_t n = children_of(c, from, u->effective_on, &children);
    for (size_t i = 0; i < n && !failed(c); i++) {
        struct arena_mark mark = arena_mark(&c->arena);
        if (children[i] != to)
            unit_restate(c, children[i], u->effective_on, NULL, NULL, NULL, to);
        if (!failed(c)) /* what the error says lives in the arena, too */
            arena_rewind(&c->arena, mark);
    }
    membership_move_all(c, from, to, u->effective_on, u->number.s, u->decided_on);
}

static int64_t found_one(struct ctx *c, const struct unit_change *u, const char *code, const char *name, const char *type, int64_t like)
{
    type = type && *type ? type_named(c, u, type) : u->new_type.s;
    return unit_found(c, code, name ? name : u->new_name.s ? u->new_name.s : code, NULL, type, u->new_level.s, u->superior.v, u->effective_on, like);
}

static void merge(struct ctx *c, const struct unit_change *u, const struct units *units)
{
    int64_t into = unit_by_code(c, u->into.s);
    bool existing = into != 0;
    if (!existing)
        into = found_one(c, u, u->into.s, NULL, NULL, units->id[0]);
    else if (u->new_name.s || u->superior.v)
        unit_restate(c, into, u->effective_on, u->new_name.s, u->new_type.s, u->new_level.s, u->superior.v);
    for (size_t i = 0; i < units->n && !failed(c); i++) {
        if (units->id[i] == into)
            continue;
        pass_on(c, u, units->id[i], into);
        unit_close(c, units->id[i], u->effective_on, into);
        link_units(c, u, units->id[i], into);
    }
}

/* Where "assign" sends a code; NULL when it does not say. */
static const char *assigned(const struct pair *list, size_t n, const char *code)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].right && strcmp(list[i].left, code) == 0)
            return list[i].right;
    return NULL;
}

struct split {
    struct ctx *c;
    const struct unit_change *u;
    struct pair *into, *assign;
    size_t ninto, nassign;
};

static int64_t part_for(const struct split *s, const char *code)
{
    const char *to = assigned(s->assign, s->nassign, code);
    if (!to)
        to = s->u->rest.s;
    for (size_t i = 0; to && i < s->ninto; i++)
        if (strcmp(s->into[i].left, to) == 0)
            return unit_by_code(s->c, to);
    fail(s->c, ERR_BAD_INPUT, "Chưa phân “%s” về đơn vị nào trong các đơn vị mới: ghi ở “Phân về” (mã=đơn vị mới) hoặc “Còn lại về”.",
         "“%s” is assigned to none of the new units: say so in the assignment (code=new unit) or give where the rest goes.", code);
    return 0;
}

static void split_children(const struct split *s, int64_t from)
{
    int64_t *children;
    struct ctx *c = s->c;
    size_t n = children_of(c, from, s->u->effective_on, &children);
    for (size_t i = 0; i < n && !failed(c); i++) {
        void *child = record_find(c, &unit_kind, children[i], 0);
        int64_t to = child ? part_for(s, record_code(&unit_kind, child)) : 0;
        if (to && to != from)
            unit_restate(c, children[i], s->u->effective_on, NULL, NULL, NULL, to);
    }
}

static void split_members(const struct split *s, int64_t from)
{
    struct ctx *c = s->c;
    day on = s->u->effective_on;
    int64_t n = membership_count(c, from, on), at = 0;
    int64_t *people = NEW_N(&c->arena, int64_t, n + 1);
    const char **codes = NEW_N(&c->arena, const char *, n + 1);
    struct rows *r = db_query(c,
                              "SELECT p.id, p.code FROM membership m JOIN person p ON p.shard = m.shard AND p.id = m.person WHERE m.unit = $1 "
                              "AND m.stay = 'home' AND m.removed_at = 0 AND m.until > $2 AND m.since <= $2 ORDER BY p.id",
                              V(from), V(on));
    while (at < n && rows_next(r)) {
        people[at] = rows_int(r, 0);
        codes[at++] = arena_text(&c->arena, rows_text(r, 1));
    }
    rows_close(r);
    for (int64_t i = 0; i < at && !failed(c); i++) {
        int64_t to = part_for(s, codes[i]);
        if (to && to != from)
            membership_move(c, people[i], from, to, on, s->u->number.s, s->u->decided_on);
    }
}

/* One becomes several: `into` is "code=name=type; code=name"; what is below and the members go where `assign` says. */
static void split(struct ctx *c, const struct unit_change *u, int64_t from)
{
    struct split s = {.c = c, .u = u};
    s.ninto = pairs_of(c, u->into.s, &s.into);
    s.nassign = pairs_of(c, u->assign.s, &s.assign);
    void *self = record_find(c, &unit_kind, from, 0);
    const char *own = self ? record_code(&unit_kind, self) : "";
    bool stays = false;
    for (size_t i = 0; i < s.ninto && !failed(c); i++) {
        if (strcmp(s.into[i].left, own) == 0) {
            stays = true; /* a part is taken off, the unit itself goes on */
            continue;
        }
        int64_t part = found_one(c, u, s.into[i].left, s.into[i].right, s.into[i].third, from);
        if (part)
            link_units(c, u, from, part);
    }
    split_children(&s, from);
    split_members(&s, from);
    if (!stays && !failed(c))
        unit_close(c, from, u->effective_on, unit_by_code(c, s.into[0].left));
}

/* Nobody and nothing may be left behind. */
static void close_one(struct ctx *c, const struct unit_change *u, int64_t unit)
{
    int64_t *children, to = u->into.s ? unit_by_code(c, u->into.s) : 0;
    if (u->into.s && !to)
        fail(c, ERR_BAD_INPUT, "Không có đơn vị mang mã “%s” để nhận đảng viên và đơn vị cấp dưới.", "There is no unit of code “%s” to take members and units below.", u->into.s);
    if (to)
        pass_on(c, u, unit, to);
    size_t below = children_of(c, unit, u->effective_on, &children);
    int64_t members = membership_count(c, unit, u->effective_on);
    if (below || members)
        fail(c, ERR_BAD_INPUT, "%s còn %zu đơn vị cấp dưới và %lld đảng viên: ghi đơn vị nhận ở “Đơn vị mới”, hoặc chuyển họ trước.",
             "%s still has %zu units below and %lld members: name the unit that takes them, or move them first.", unit_name(c, unit), below, (long long)members);
    unit_close(c, unit, u->effective_on, to);
    if (to)
        link_units(c, u, unit, to);
}

static void carry_out(struct ctx *c, const struct unit_change *u)
{
    struct units units = units_of(c, NULL, "units", u->units.s, u->effective_on);
    if (u->act == FOUND)
        found_one(c, u, u->into.s, NULL, NULL, 0);
    if (u->act == MERGE)
        merge(c, u, &units);
    for (size_t i = 0; i < units.n && !failed(c); i++) {
        if (u->act == SPLIT)
            split(c, u, units.id[i]);
        if (u->act == MOVE)
            unit_restate(c, units.id[i], u->effective_on, NULL, NULL, NULL, u->superior.v);
        if (u->act == RENAME)
            unit_restate(c, units.id[i], u->effective_on, u->new_name.s, NULL, NULL, 0);
        if (u->act == RECLASS)
            unit_restate(c, units.id[i], u->effective_on, NULL, u->new_type.s, u->new_level.s, 0);
        if (u->act == CLOSE)
            close_one(c, u, units.id[i]);
    }
}

static void saved(struct ctx *c, const void *now, const void *was)
{
    const struct unit_change *u = now;
    if (!u || was || c->undoing)
        return;
    int64_t outer = c->batch;
    c->batch = u->batch.v;
    carry_out(c, u);
    c->batch = outer;
}

static const char *const indexes[] = {"effective_on", NULL};

const struct kind unit_change_kind = {
    .name = "unit_change", .label = {"Thay đổi tổ chức", "Change of units"}, .plural = {"Thay đổi tổ chức", "Changes of units"},
    .size = sizeof(struct unit_change), FIELDS(fields), .title = "number", .where = "unit", .when = EVENT("effective_on"), .flags = REFERENCE,
    .indexes = indexes, MOVES(moves), .fill = fill, .check = check, .saved = saved,
};

bool unit_change_undo(struct ctx *c, int64_t id, struct problems *p)
{
    if (!db_begin(c, DB_WRITE))
        return false;
    struct unit_change *u = record_find(c, &unit_change_kind, id, ACT_READ);
    if (!u)
        fail(c, ERR_MISSING, "Không có quyết định số %lld, hoặc bạn không được xem.", "There is no change %lld, or it is not yours to see.", (long long)id);
    else {
        struct units units = units_of(c, NULL, "units", u->units.s, u->effective_on);
        check_rights(c, p, u, &units);
    }
    bool ok = u && !p->n && !failed(c);
    c->consequence++; /* the right was that over the units, not over each record */
    ok = ok && record_undo_batch(c, u->batch.v, p) >= 0;
    if (ok && (u = record_find(c, &unit_change_kind, id, 0))) { /* one that was imported is itself of the batch */
        u->state = UNDONE;
        record_must_save(c, &unit_change_kind, u);
    }
    c->consequence--;
    return db_commit(c) && ok;
}
