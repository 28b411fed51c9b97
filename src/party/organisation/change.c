/* See change.h. */
#include "change.h"

#include "base/str.h"
#include "place.h"

/* --- what a change does ------------------------------------------------------------------------------ */

static void count_acts(struct ctx *c, struct change_effects *e, int64_t batch)
{
    e->on.v = (int32_t)db_one_int(c, "SELECT max(effective_on) FROM unit_change WHERE batch = $1", V(batch));
    e->founded = db_one_int(c, "SELECT count(*) FROM audit WHERE batch = $1 AND kind = 'unit' AND act = 'add'", V(batch));
    e->closed = db_one_int(c, "SELECT count(DISTINCT record) FROM audit WHERE batch = $1 AND kind = 'unit' AND after LIKE '%\"closed_on\"%'", V(batch));
    e->restated = db_one_int(c, "SELECT count(DISTINCT record) FROM audit WHERE batch = $1 AND kind = 'unit'", V(batch)) - e->founded - e->closed;
    e->members = db_one_int(c, "SELECT count(*) FROM audit WHERE batch = $1 AND kind = 'membership' AND act = 'add'", V(batch));
}

static void read_units(struct ctx *c, struct change_effects *e, int64_t batch)
{
    struct rows *r = db_query(c,
                              "SELECT u.id, u.code, u.name, u.closed_on, min(CASE WHEN a.act = 'add' THEN 0 ELSE 1 END) FROM audit a JOIN unit u ON u.id = a.record "
                              "WHERE a.batch = $1 AND a.kind = 'unit' GROUP BY u.id, u.code, u.name, u.closed_on ORDER BY min(a.id) LIMIT 60",
                              V(batch));
    while (e->nunits < CHANGE_UNITS_MOST && rows_next(r)) {
        bool founded = rows_int(r, 4) == 0;
        e->units[e->nunits++] = (struct change_unit){.id = rows_int(r, 0), .code = arena_text(&c->arena, rows_text(r, 1)), .name = arena_text(&c->arena, rows_text(r, 2)),
                                                     .founded = founded, .closed = !founded && rows_int(r, 3) != DAY_OPEN};
    }
    rows_close(r);
}

static struct change_unit *unit_of(struct change_effects *e, int64_t id)
{
    for (size_t i = 0; i < e->nunits + e->nabove; i++)
        if (e->units[i].id == id)
            return &e->units[i];
    return NULL;
}

/* Those that go on as they are, but for members who leave or come. */
static void read_units_of_members(struct ctx *c, struct change_effects *e, int64_t batch)
{
    struct rows *r = db_query(c,
                              "SELECT DISTINCT u.id, u.code, u.name FROM audit a JOIN membership m ON m.id = a.record JOIN unit u ON u.shard = 0 AND u.id = m.unit "
                              "WHERE a.batch = $1 AND a.kind = 'membership' ORDER BY u.code",
                              V(batch));
    while (e->nunits < CHANGE_UNITS_MOST && rows_next(r))
        if (!unit_of(e, rows_int(r, 0)))
            e->units[e->nunits++] = (struct change_unit){.id = rows_int(r, 0), .code = arena_text(&c->arena, rows_text(r, 1)), .name = arena_text(&c->arena, rows_text(r, 2)), .members_only = true};
    rows_close(r);
}

/* Names, types and superiors on a day; superiors that are not of the change themselves are told to `above`. */
static void read_states(struct ctx *c, struct change_effects *e, bool before, int64_t *above, size_t *nabove)
{
    day on = before ? day_add(e->on, -1) : e->on;
    int64_t *ids = NEW_N(&c->arena, int64_t, e->nunits + 1);
    for (size_t i = 0; i < e->nunits; i++)
        ids[i] = e->units[i].id;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT s.of_unit, s.name, s.type, COALESCE(s.superior, 0), a.name FROM unit_state s LEFT JOIN unit_state a ON a.of_unit = s.superior AND a.removed_at = 0");
    sql_lasts(&q, "a", on);
    sql_add(&q, " WHERE s.removed_at = 0");
    sql_lasts(&q, "s", on);
    sql_add(&q, " AND s.of_unit IN (");
    sql_args(&q, ids, e->nunits);
    sql_add(&q, ")");
    struct change_unit *u;
    for (struct rows *r = sql_query(&q); rows_next(r);) {
        if (!(u = unit_of(e, rows_int(r, 0))))
            continue;
        *(before ? &u->was_name : &u->name) = arena_text(&c->arena, rows_text(r, 1));
        *(before ? &u->type_was : &u->type_now) = arena_text(&c->arena, rows_text(r, 2));
        *(before ? &u->above_was : &u->above_now) = arena_text(&c->arena, rows_text(r, 4));
        int64_t superior = rows_int(r, 3);
        bool known = !superior || unit_of(e, superior) || (!before && u->closed);
        for (size_t i = 0; i < *nabove && !known; i++)
            known = above[i] == superior;
        if (!known && *nabove < CHANGE_ABOVE_MOST)
            above[(*nabove)++] = superior;
    }
}

static void read_above(struct ctx *c, struct change_effects *e, const int64_t *above, size_t n)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT u.id, u.code, s.name FROM unit u JOIN unit_state s ON s.of_unit = u.id AND s.removed_at = 0");
    sql_lasts(&q, "s", e->on);
    sql_add(&q, " WHERE u.shard = 0 AND u.id IN (");
    sql_args(&q, above, n);
    sql_add(&q, ") ORDER BY u.code");
    for (struct rows *r = sql_query(&q); rows_next(r);) {
        const char *name = arena_text(&c->arena, rows_text(r, 2));
        e->units[e->nunits + e->nabove++] = (struct change_unit){.id = rows_int(r, 0), .code = arena_text(&c->arena, rows_text(r, 1)), .name = name, .was_name = name};
    }
}

/* Members and units below, on the day before and on the day. */
static void count_before_and_after(struct ctx *c, struct change_effects *e)
{
    size_t n = e->nunits + e->nabove;
    struct unit_brief *briefs = NEW_N(&c->arena, struct unit_brief, n + 1);
    for (size_t i = 0; i < n; i++)
        briefs[i].id = e->units[i].id;
    unit_count_each(c, 0, day_add(e->on, -1), briefs, n);
    for (size_t i = 0; i < n; i++) {
        e->units[i].members_was = briefs[i].members;
        e->units[i].below_was = briefs[i].below;
    }
    unit_count_each(c, 0, e->on, briefs, n);
    for (size_t i = 0; i < n; i++) {
        e->units[i].members_now = briefs[i].members;
        e->units[i].below_now = briefs[i].below;
    }
}

static void read_people(struct ctx *c, struct change_effects *e, int64_t batch)
{
    struct sql q = sql_new(c);
    e->people = NEW_N(&c->arena, struct change_person, CHANGE_PEOPLE_MOST);
    sql_add(&q, "SELECT p.code, p.name, f.name, t.name FROM audit a JOIN membership m ON m.id = a.record JOIN person p ON p.shard = m.shard AND p.id = m.person "
                "JOIN unit t ON t.shard = 0 AND t.id = m.unit LEFT JOIN membership o ON o.shard = m.shard AND o.person = m.person AND o.until = m.since AND o.stay = m.stay "
                "AND o.removed_at = 0 LEFT JOIN unit f ON f.shard = 0 AND f.id = o.unit WHERE a.kind = 'membership' AND a.act = 'add' AND a.batch = ");
    sql_arg(&q, V(batch));
    scope_where(&q, &membership_kind, ACT_READ, "m");
    sql_add(&q, " ORDER BY f.code, p.sort_key LIMIT ");
    sql_arg(&q, V((int64_t)CHANGE_PEOPLE_MOST));
    struct rows *r = sql_query(&q);
    while (e->npeople < CHANGE_PEOPLE_MOST && rows_next(r))
        e->people[e->npeople++] = (struct change_person){arena_text(&c->arena, rows_text(r, 0)), arena_text(&c->arena, rows_text(r, 1)), arena_text(&c->arena, rows_text(r, 2)),
                                                         arena_text(&c->arena, rows_text(r, 3))};
    rows_close(r);
}

/* Posts on the day in units of the change: of those that end by name, of the others how many. */
static void read_posts(struct ctx *c, struct change_effects *e)
{
    int64_t *ids = NEW_N(&c->arena, int64_t, e->nunits + 1);
    e->posts = NEW_N(&c->arena, struct change_post, CHANGE_POSTS_MOST);
    for (size_t i = 0; i < e->nunits; i++)
        ids[i] = e->units[i].id;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT t.id, p.name, t.office, u.name, u.id FROM appointment t JOIN person p ON p.id = t.person JOIN unit u ON u.shard = 0 AND u.id = t.at_unit WHERE t.removed_at = 0");
    sql_lasts_ever(&q, "t", e->on);
    sql_add(&q, " AND t.at_unit IN (");
    sql_args(&q, ids, e->nunits);
    sql_add(&q, ")");
    scope_where(&q, &appointment_kind, ACT_READ, "t");
    sql_add(&q, " ORDER BY u.code, p.sort_key");
    const struct change_unit *u;
    for (struct rows *r = sql_query(&q); rows_next(r);) {
        if (!(u = unit_of(e, rows_int(r, 4))))
            continue;
        if (!u->closed)
            e->posts_kept++;
        else if (e->nposts < CHANGE_POSTS_MOST)
            e->posts[e->nposts++] = (struct change_post){rows_int(r, 0), arena_text(&c->arena, rows_text(r, 1)), arena_text(&c->arena, rows_text(r, 2)), arena_text(&c->arena, rows_text(r, 3))};
    }
}

struct change_effects change_effects(struct ctx *c, int64_t batch)
{
    struct change_effects e = {.units = NEW_N(&c->arena, struct change_unit, CHANGE_UNITS_MOST + CHANGE_ABOVE_MOST)};
    int64_t above[CHANGE_ABOVE_MOST];
    size_t nabove = 0;
    count_acts(c, &e, batch);
    read_units(c, &e, batch);
    read_units_of_members(c, &e, batch);
    if (e.nunits) {
        read_states(c, &e, true, above, &nabove);
        read_states(c, &e, false, above, &nabove);
        if (nabove)
            read_above(c, &e, above, nabove);
        count_before_and_after(c, &e);
        read_posts(c, &e);
    }
    read_people(c, &e, batch);
    return e;
}

bool change_carry_out(struct ctx *c, void *change, bool preview, struct problems *p, struct change_effects *out)
{
    day effective = {(int32_t)field_get(field_need(&unit_change_kind, "effective_on"), change).i};
    if (preview && effective.v > c->today.v)
        c->today = effective;
    if (!record_save(c, &unit_change_kind, change, p))
        return false;
    *out = change_effects(c, field_get(field_need(&unit_change_kind, "batch"), change).i);
    return !failed(c);
}

/* --- what a form asks -------------------------------------------------------------------------------- */

static void put_piece(struct buf *b, const char *s)
{
    if (*s && !s[strcspn(s, ";,=\"\r\n")]) {
        buf_puts(b, s);
        return;
    }
    buf_char(b, '"');
    for (; *s; s++) {
        if (*s == '"')
            buf_char(b, '"');
        buf_char(b, *s);
    }
    buf_char(b, '"');
}

const char *change_part(struct ctx *c, const char *code, const char *name, const char *type)
{
    struct buf b = {0};
    put_piece(&b, code);
    if (name) {
        buf_char(&b, '=');
        put_piece(&b, name);
    }
    if (name && type && *type) {
        buf_char(&b, '=');
        put_piece(&b, type);
    }
    return buf_take(&b, &c->arena);
}

const char *change_code_after(struct ctx *c, const char *like)
{
    enum { WIDTH_MOST = 9 };
    size_t n = strlen(like), width = 0;
    int64_t last = 0, seen;
    while (n && width < WIDTH_MOST && like[n - 1] >= '0' && like[n - 1] <= '9')
        n--, width++;
    const char *prefix = arena_copy(&c->arena, like, n);
    struct rows *r = db_query(c, "SELECT code FROM unit WHERE code >= $1 AND code < $2", V((const char *)arena_printf(&c->arena, "%s0", prefix)),
                              V((const char *)arena_printf(&c->arena, "%s:", prefix))); /* ':' comes after '9' */
    while (rows_next(r)) {
        const char *code = rows_text(r, 0);
        if (code && strncmp(code, prefix, n) == 0 && strlen(code + n) <= WIDTH_MOST && int_parse(code + n, &seen) && seen > last)
            last = seen;
    }
    return arena_printf(&c->arena, "%s%0*lld", prefix, (int)(width ? width : 1), (long long)last + 1);
}

const char *change_code_below(struct ctx *c, int64_t superior)
{
    struct rows *r = db_query(c, "SELECT code FROM unit WHERE superior = $1 AND removed_at = 0 ORDER BY id DESC LIMIT 1", V(superior));
    const char *like = rows_next(r) ? arena_text(&c->arena, rows_text(r, 0)) : NULL;
    rows_close(r);
    void *u = like ? NULL : record_find(c, &unit_kind, superior, 0);
    return like ? change_code_after(c, like) : u ? change_code_after(c, arena_printf(&c->arena, "%s.0", record_code(&unit_kind, u))) : "";
}

const char *change_code_of_part(struct ctx *c, const char *code, size_t n)
{
    for (char letter = 'A'; letter <= 'Z'; letter++) {
        const char *of = arena_printf(&c->arena, "%s%c", code, letter);
        if (!unit_by_code(c, of) && n-- == 0)
            return of;
    }
    return "";
}

size_t change_members(struct ctx *c, int64_t unit, day on, size_t most, struct change_member **out)
{
    struct change_member *all = NEW_N(&c->arena, struct change_member, most + 1);
    size_t n = 0;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT p.code, p.name, p.born FROM membership m JOIN person p ON p.shard = m.shard AND p.id = m.person WHERE m.stay = 'home' AND m.removed_at = 0 AND m.unit = ");
    sql_arg(&q, V(unit));
    sql_lasts(&q, "m", on);
    scope_where(&q, &membership_kind, ACT_READ, "m");
    sql_add(&q, " ORDER BY p.sort_key, p.id LIMIT ");
    sql_arg(&q, V((int64_t)most));
    struct rows *r = sql_query(&q);
    while (n < most && rows_next(r))
        all[n++] = (struct change_member){arena_text(&c->arena, rows_text(r, 0)), arena_text(&c->arena, rows_text(r, 1)), {(int32_t)rows_int(r, 2)}};
    rows_close(r);
    *out = all;
    return n;
}
