/* See histories.h. */
#include "histories.h"

uint64_t draw(struct history *h, uint64_t below)
{
    h->seed = h->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (h->seed >> 33) % below;
}

/* "d": n as a day; else n behind the letters. */
static const char *spell(struct history *h, const char *fmt, int64_t n)
{
    return fmt[0] == 'd' ? day_iso((int32_t)n, arena_alloc(&h->c->arena, DAY_TEXT)) : arena_printf(&h->c->arena, "%s%lld", fmt, (long long)n);
}

static bool is_cell(struct history *h, int64_t unit)
{
    return db_one_int(h->c, "SELECT 1 FROM unit WHERE shard = 0 AND id = $1 AND type = 'cell'", V(unit)) == 1;
}

/* An open unit of the sort that is wanted; 0 when chance finds none. */
static int64_t some_unit(struct history *h, bool cell, int32_t on)
{
    for (int i = 0; i < 40; i++) {
        int64_t u = db_one_int(h->c, "SELECT id FROM unit WHERE sort = 'party' AND id >= (SELECT min(id) FROM unit) ORDER BY id LIMIT 1 OFFSET $1", V((int64_t)draw(h, UNITS)));
        if (u && unit_open_on(h->c, u, (day){on}) && is_cell(h, u) == cell)
            return u;
    }
    return 0;
}

static const char *code_of(struct history *h, int64_t unit)
{
    void *u = record_find(h->c, &unit_kind, unit, 0);
    return u ? arena_text(&h->c->arena, record_code(&unit_kind, u)) : "";
}

static void decide(struct history *h, int32_t on, const char *act, const char *units, const char *into, const char *name, const char *superior, const char *assign)
{
    struct ctx *c = h->c;
    const char *d = spell(h, "d", on);
    put(c, &unit_change_kind, "number", "1-QĐ", "decided_on", d, "effective_on", d, "decided_by", "Cấp trên", "act", act, "units", units, "into", into, "new_name",
        name, "superior", superior, "assign", assign, "rest", into && assign ? units : "", NULL);
}

static void change_units(struct history *h, int32_t on)
{
    struct ctx *c = h->c;
    int64_t cell = some_unit(h, true, on), other = some_unit(h, true, on), above = some_unit(h, false, on);
    int64_t n = db_one_int(c, "SELECT count(*) FROM unit"), root = db_one_int(c, "SELECT min(id) FROM unit");
    if (!cell || !other || !above || db_one_int(c, "SELECT 1 FROM unit_state WHERE since > $1 LIMIT 1", V(on)))
        return;
    bool top = above == root;
    switch (draw(h, 6)) {
    case 0:
        if (!top && n < UNITS - 2)
            put(c, &unit_kind, "code", spell(h, "U", n), "name", spell(h, "Chi bộ ", n), "type", "cell", "superior", code_of(h, above), "founded_on", spell(h, "d", on), NULL);
        break;
    case 1:
        if (!top)
            decide(h, on, "move", code_of(h, cell), NULL, NULL, code_of(h, above), NULL);
        break;
    case 2: decide(h, on, "rename", code_of(h, cell), NULL, spell(h, "Tên mới ", on), NULL, NULL); break;
    case 3:
        if (cell != other)
            decide(h, on, "merge", code_of(h, cell), code_of(h, other), NULL, NULL, NULL);
        break;
    case 4:
        if (cell != other)
            decide(h, on, "close", code_of(h, cell), code_of(h, other), NULL, NULL, NULL);
        break;
    default:
        if (!top && n < UNITS - 2 && draw(h, 4) == 0) {
            int64_t parent = some_unit(h, false, on);
            if (parent && parent != root && parent != above && !tree_below(c, parent, above, (day){on}))
                decide(h, on, "move", code_of(h, above), NULL, NULL, code_of(h, parent), NULL);
        }
    }
}

/* The stay that is open, and its cell. */
static int64_t open_stay(struct history *h, int64_t person, int32_t on, int64_t *cell, int32_t *last)
{
    int64_t id = 0;
    struct rows *r = db_query(h->c, "SELECT id, unit, until FROM membership WHERE person = $1 AND removed_at = 0 AND stay = 'home' "
                              "ORDER BY until DESC, since DESC, id DESC LIMIT 1", V(person));
    *cell = 0;
    *last = 0;
    if (rows_next(r)) {
        id = rows_int(r, 2) > on ? rows_int(r, 0) : 0;
        *cell = rows_int(r, 1);
        *last = (int32_t)rows_int(r, 2);
    }
    rows_close(r);
    return id;
}

static void move_person(struct history *h, int64_t person, int32_t on)
{
    static const char *const ends[] = {"died", "struck_off", "expelled", "abroad", "left"};
    struct ctx *c = h->c;
    int64_t cell, to = some_unit(h, true, on), stay;
    int32_t last;
    stay = open_stay(h, person, on, &cell, &last);
    const char *d = spell(h, "d", on), *code = to ? code_of(h, to) : NULL;
    if (stay && db_one_int(c, "SELECT since FROM membership WHERE id = $1", V(stay)) > on)
        return;
    if (draw(h, 4) == 0) /* on the very day of coming or going */
        change(c, &person_kind, person, "official_on", d, NULL);
    if (stay && draw(h, 3) == 0) {
        change(c, &membership_kind, stay, "until", d, "ended", ends[draw(h, N(ends))], NULL);
    } else if (stay && to && to != cell) {
        change(c, &membership_kind, stay, "until", d, "ended", "transferred_out", NULL);
        put(c, &membership_kind, "person", spell(h, "", person), "cell", code, "stay", "home", "since", d, "began", "transferred_in", NULL);
    } else if (!stay && to && last <= on) {
        put(c, &membership_kind, "person", spell(h, "", person), "cell", code, "stay", "home", "since", d, "began", "readmitted", NULL);
    } else if (stay && draw(h, 2)) { /* pending at another cell, and a temporary stay: neither counts */
        put(c, &membership_kind, "person", spell(h, "", person), "cell", code_of(h, cell), "stay", "temporary", "since", d, "began", "temporary_in", NULL);
    }
}

static void admit(struct history *h, int32_t on)
{
    struct ctx *c = h->c;
    int64_t cell = some_unit(h, true, on);
    if (!cell || h->people == PEOPLE)
        return;
    day official = {draw(h, 3) ? day_add((day){on}, (int)draw(h, 700)).v : 0};
    put(c, &person_kind, "code", spell(h, "P", (int64_t)h->people), "name", spell(h, "Người ", (int64_t)h->people), "sex", draw(h, 5) ? (draw(h, 2) ? "male" : "female") : "",
        "born", draw(h, 6) ? spell(h, "d", 19500000 + (int64_t)draw(h, 50) * 10000) : "", "ethnicity", draw(h, 3) ? "kinh" : draw(h, 2) ? "tay" : "", "admitted_on",
        spell(h, "d", on), "official_on", official.v ? spell(h, "d", official.v) : "", "cell", code_of(h, cell), NULL);
    h->people++;
}

void history_make(struct history *h, struct ctx *c, uint64_t seed, int steps)
{
    *h = (struct history){.c = c, .seed = seed * 7919 + 1};
    put(c, &unit_kind, "code", "U0", "name", "Đảng bộ huyện", "type", "party_district", NULL);
    for (int64_t i = 1; i < 4; i++)
        put(c, &unit_kind, "code", spell(h, "U", i), "name", spell(h, "Đảng bộ xã ", i), "type", "base_committee", "superior", "U0", NULL);
    for (int64_t i = 4; i < 12; i++)
        put(c, &unit_kind, "code", spell(h, "U", i), "name", spell(h, "Chi bộ ", i), "type", "cell", "superior", spell(h, "U", 1 + i % 3), "founded_on",
            draw(h, 2) ? spell(h, "d", 20150102) : "", NULL);
    day on = {20150105};
    for (int i = 0; i < steps && on.v < LAST_DAY; i++) {
        struct arena_mark mark = arena_mark(&c->arena);
        uint64_t what = draw(h, 10);
        if (i < 12 || what < 2)
            admit(h, on.v);
        else if (what < 7 && h->people)
            move_person(h, db_one_int(c, "SELECT id FROM person WHERE code = $1", V(spell(h, "P", (int64_t)draw(h, h->people)))), on.v);
        else
            change_units(h, on.v);
        on = day_add(on, (int)draw(h, 3) * (int)draw(h, 20));
        arena_rewind(&c->arena, mark);
    }
}

/* --- day by day -------------------------------------------------------------------------------------- */

static int day_index(int32_t on)
{
    int i = day_number((day){on}) - day_number((day){FIRST_DAY});
    return i < 0 ? 0 : i > DAYS ? DAYS : i;
}

static size_t place(const int64_t *ids, size_t n, int64_t id)
{
    size_t i = 0;
    while (i < n && ids[i] != id)
        i++;
    return i;
}

static size_t read_ids(struct ctx *c, struct rows *r, int64_t *ids, size_t room)
{
    size_t n = 0;
    (void)c;
    while (rows_next(r) && n < room)
        ids[n++] = rows_int(r, 0);
    rows_close(r);
    return n;
}

void history_read(struct history *h)
{
    struct ctx *c = h->c;
    memset(h->superior, -1, sizeof h->superior);
    memset(h->cell, -1, sizeof h->cell);
    h->units = read_ids(c, db_query(c, "SELECT id FROM unit ORDER BY id"), h->unit, UNITS);
    h->people = read_ids(c, db_query(c, "SELECT id FROM person ORDER BY id"), h->person, PEOPLE);
    struct rows *r = db_query(c, "SELECT of_unit, since, until, superior FROM unit_state WHERE removed_at = 0 AND superior IS NOT NULL ORDER BY id");
    while (rows_next(r))
        for (int d = day_index((int32_t)rows_int(r, 1)); d < day_index((int32_t)(rows_int(r, 2) == DAY_OPEN ? 29991231 : rows_int(r, 2))); d++)
            h->superior[place(h->unit, h->units, rows_int(r, 0))][d] = (int16_t)place(h->unit, h->units, rows_int(r, 3));
    r = db_query(c, "SELECT person, since, until, unit FROM membership WHERE removed_at = 0 AND stay = 'home' AND since IS NOT NULL ORDER BY id");
    while (rows_next(r))
        for (int d = day_index((int32_t)rows_int(r, 1)); d < day_index((int32_t)(rows_int(r, 2) == DAY_OPEN ? 29991231 : rows_int(r, 2))); d++)
            h->cell[place(h->person, h->people, rows_int(r, 0))][d] = (int16_t)place(h->unit, h->units, rows_int(r, 3));
    r = db_query(c, "SELECT id, official_on FROM person ORDER BY id");
    while (rows_next(r))
        h->official[place(h->person, h->people, rows_int(r, 0))] = rows_null(r, 1) ? DAY_OPEN : (int32_t)rows_int(r, 1);
}

bool history_present(const struct history *h, size_t person, size_t unit, int32_t day_at)
{
    int u = h->cell[person][day_at];
    for (int depth = 0; u >= 0 && depth < 10; depth++) {
        if ((size_t)u == unit)
            return true;
        u = h->superior[u][day_at];
    }
    return false;
}
