/* What rights over Party units reach of the places that these serve, as served.txt says: through time, moves and mergers; by one fetch, by
 * list, count, search and stream, by what is told of who can see; and how somebody could come to more by saying what is served. */
#include "region.h"

#include "base/str.h"
#include "model/list.h"
#include "party/organisation/place.h"
#include "party/reporting/report.h"
#include "tests/kinds/small.h"

static const char *const areas[] = {"A2", "A3", "A4", "A5", "A6", "WARD", "A7", "A8", "A9"};

static int64_t unit_of(struct ctx *c, const char *code)
{
    return must_id(c, code, db_one_int(c, "SELECT id FROM unit WHERE shard = 0 AND code = $1", V(code)));
}

static void cell(struct ctx *c, const char *code, const char *superior, const char *serves, const char *founded)
{
    put(c, &unit_kind, "code", code, "name", arena_printf(&c->arena, "Cell %s", code), "type", "cell", "superior", superior, "serves", serves, "founded_on", founded, NULL);
}

/* Somebody of another province holds an office there. */
static void holder(struct ctx *c, const char *code)
{
    put(c, &appointment_kind, "person", "NV-K5", "office", "village_head", "at_unit", code, "since", "01/02/2020", NULL);
}

static void decide(struct ctx *c, const char *no, const char *act, const char *units, const char *into, const char *superior, const char *name)
{
    put(c, &unit_change_kind, "number", no, "decided_on", "01/06/2025", "effective_on", "01/06/2025", "decided_by", "Province", "act", act, "units", units, "into", into,
        "superior", superior, "new_name", name, "new_type", name ? "cell" : NULL, NULL);
}

static int open_served(void **state)
{
    static struct region r;
    region_open(&r);
    struct ctx *c = r.c;
    for (size_t i = 0; i < N(areas); i++)
        put(c, &unit_kind, "code", areas[i], "name", arena_printf(&c->arena, "Thôn %s", areas[i]), "type", "village", "superior",
            strcmp(areas[i], "A7") == 0 ? "WARD" : NULL, "founded_on", "01/01/2000", NULL);
    cell(c, "K2", "C1", "A8", "03/06/2025");
    cell(c, "K3", "C1", "A9", "01/01/2000");
    cell(c, "K8", "D2", "A2", "01/01/2000");
    cell(c, "K4", "C1", "K8", "01/01/2000");
    cell(c, "K6", "C1", "A4", "01/01/2000");
    cell(c, "K7", "C1", "A3", "01/01/2000");
    cell(c, "K9", "C1", "A2", "01/01/2000");
    cell(c, "WC", "WARD", NULL, "01/01/2000");
    if (!change(c, &unit_kind, r.unit[BELOW], "serves", "WARD", NULL) || !change(c, &unit_kind, unit_of(c, "K6"), "serves", "A6", NULL))
        fail_msg("%s", failed(c) ? c->err.text : "?");
    decide(c, "20", "close", "K7", "K9", NULL, NULL);
    for (size_t i = 0; i < N(areas); i++)
        holder(c, areas[i]);
    holder(c, "K8");
    holder(c, "WC");
    put(c, &unit_change_kind, "number", "21", "decided_on", "01/05/2025", "effective_on", "01/05/2025", "decided_by", "Province", "act", "close", "units", "A9", NULL);
    *state = &r;
    return 0;
}

static int close_served(void **state)
{
    region_close(*state);
    return 0;
}

/* --- the table ------------------------------------------------------------------------------------------------ */

static bool in_list(struct ctx *c, const struct filter *f, int64_t id)
{
    struct list l = record_list(c, f);
    bool found = false;
    int64_t streamed = 0;
    for (size_t i = 0; i < l.n; i++)
        found |= ((struct row *)l.rows[i])->id == id;
    struct stream *s = record_stream(c, f);
    while (stream_next(s))
        streamed++;
    assert_int_equal(l.n, record_count(c, f));
    assert_int_equal(l.n, streamed);
    return found;
}

/* By every way; they must agree. */
static bool reads(struct region *r, const struct kind *k, int64_t id, int64_t unit, const char *code)
{
    struct ctx *c = r->c;
    struct filter all = {.kind = k, .all_times = true, .limit = PAGE_MOST}, there = all, called = all, taken_out = all;
    bool one = may(r, k, id, ACT_READ);
    there.unit = unit;
    called.search = code;
    taken_out.act = ACT_EXPORT;
    if (in_list(c, &all, id) != one || in_list(c, &there, id) != one || (kind_searched(k) && in_list(c, &called, id) != one))
        fail_msg("%s %s is %s by one fetch, not so by lists", k->name, code, one ? "read" : "not read");
    if (strcmp(code, "K8") != 0 && one && r->c->actor->rights[0].unit == r->unit[OWN] && (may(r, k, id, ACT_EXPORT) || in_list(c, &taken_out, id)))
        fail_msg("%s %s may be taken out", k->name, code);
    return one;
}


static void note_who(void *to, const char *who, const char *through, const char *acts)
{
    assert_non_null(through);
    *(bool *)to |= str_ends(who, "(officer)") && strstr(acts, "read");
}

static bool told_to_read(struct ctx *c, const struct kind *k, int64_t id)
{
    bool told = false;
    access_who(c, k, record_find(c, k, id, 0), note_who, &told);
    return told;
}

static void check_one(struct region *r, char **w, const char *code, bool want)
{
    struct ctx *c = r->c;
    int64_t unit = unit_of(c, code), post = db_one_int(c, "SELECT max(id) FROM appointment WHERE unit = $1 AND office <> 'secretary'", V(unit));
    int64_t state = db_one_int(c, "SELECT max(id) FROM unit_state WHERE of_unit = $1", V(unit));
    act_as_operator(r);
    bool told = told_to_read(c, &unit_kind, unit), told_post = !post || told_to_read(c, &appointment_kind, post) == told;
    act_as(r, &r->officer);
    bool seen = reads(r, &unit_kind, unit, unit, code), post_seen = post ? reads(r, &appointment_kind, post, unit, code) : seen;
    if (seen != want || post_seen != want)
        fail_msg("served: %s %s %s: the unit is %s, the office there is %s", w[0], w[1], code, seen ? "read" : "not read", post_seen ? "read" : "not read");
    if (told != want || !told_post)
        fail_msg("served: %s %s %s: who can see it is told otherwise", w[0], w[1], code);
    if (want && code[0] == 'A' && strcmp(w[1], code) != 0 && strcmp(w[1], "WARD") != 0 && may(r, &unit_state_kind, state, ACT_READ))
        fail_msg("served: %s %s %s: more is read than the unit", w[0], w[1], code);
}

struct steps {
    struct region *r;
    const char *step;
    size_t lines;
};

static void served_line(void *to, char **w, size_t n)
{
    struct steps *s = to;
    struct region *r = s->r;
    if (strcmp(w[0], s->step) != 0)
        return;
    assert_int_equal(n, 4);
    s->lines++;
    db_run(r->c, "UPDATE appointment SET unit = $1, at_unit = $1 WHERE id = $2", V(unit_of(r->c, w[1])), V(r->appointment));
    for (size_t side = 2; side < 4; side++)
        for (char *list = w[side]; *list && *list != '-';) {
            size_t len = strcspn(list, ",");
            check_one(r, w, arena_copy(&r->c->arena, list, len), side == 2);
            list += len + (list[len] == ',');
        }
    act_as_operator(r);
}

static void step(struct region *r, const char *name)
{
    struct steps s = {.r = r, .step = name};
    table_read("served.txt", served_line, &s);
    assert_true(s.lines > 0);
    if (failed(r->c))
        fail_msg("%s: %s", name, r->c->err.text);
}

static void what_is_served_is_read_and_no_more(void **state)
{
    struct region *r = *state;
    try_begin(r);
    step(r, "start");
    day today = r->c->today;
    r->c->today.v = 20250603;
    step(r, "tomorrow");
    r->c->today = today;
    db_run(r->c, "UPDATE appointment SET until = $1 WHERE id = $2", V(today), V(r->appointment));
    step(r, "ended");
    try_undo(r);
}

static void it_follows_moves_and_mergers(void **state)
{
    struct region *r = *state;
    struct ctx *c = r->c;
    try_begin(r);
    decide(c, "22", "move", "C1", NULL, "D2", NULL);
    step(r, "moved");
    try_undo(r);
    try_begin(r);
    decide(c, "23", "merge", "D1;D2", "N1", "P1", "New committee");
    step(r, "merged");
    try_undo(r);
}

static void it_follows_who_serves(void **state)
{
    struct region *r = *state;
    struct ctx *c = r->c;
    try_begin(r);
    decide(c, "24", "close", "K1", "K9", NULL, NULL);
    step(r, "closed");
    assert_true(change(c, &unit_kind, unit_of(c, "K9"), "serves", "A1", NULL));
    step(r, "taken_over");
    try_undo(r);
    try_begin(r);
    decide(c, "25", "move", "A5", NULL, "WARD", NULL);
    step(r, "area_moved");
    try_undo(r);
}

/* Names of holders stand with what is read; whether their own records may be opened is another question. */
static void holders_are_read_by_name(void **state)
{
    struct region *r = *state;
    struct ctx *c = r->c;
    try_begin(r);
    set_office(r, "office_chief");
    act_as(r, &r->officer);
    struct filter f = {.kind = &appointment_kind, .unit = unit_of(c, "A2")};
    struct list l = record_list(c, &f);
    assert_int_equal(l.n, 1);
    struct labels *names = labels_of(c, &appointment_kind, l.rows, l.n);
    int64_t person = field_ref(field_need(&appointment_kind, "person"), l.rows[0]);
    assert_string_equal(label_of(names, &person_kind, person).title, "Nguyễn Văn other");
    assert_false(may(r, &person_kind, person, ACT_READ));
    struct post *posts;
    assert_int_equal(posts_of_units(c, &f.unit, 1, NULL, c->today, &posts), 1);
    assert_string_equal(posts[0].person_name, "Nguyễn Văn other");
    assert_false(posts[0].readable);
    assert_int_equal(posts_of_units(c, &r->unit[DEEP], 1, NULL, c->today, &posts), 1);
    assert_true(posts[0].readable);
    try_undo(r);
}

/* The highest that one may read, where the tree begins for them: the district itself, and A1 A2 A6 WARD, which stand under nothing. */
static void the_tree_begins_with_what_is_served_too(void **state)
{
    struct region *r = *state;
    struct ctx *c = r->c;
    try_begin(r);
    set_office(r, "office_chief");
    act_as(r, &r->officer);
    assert_int_equal(unit_count_below(c, 0, c->today), 5);
    assert_int_equal(unit_count_below(c, 0, day_add(c->today, -1)), 5);
    try_undo(r);
}

/* --- saying what is served ------------------------------------------------------------------------------------- */

static bool says_served(struct region *r, const char *unit, const char *area, const char **why)
{
    struct ctx *c = r->c;
    struct problems p;
    problems_start(&p, c);
    struct record_savepoint s = record_savepoint(c);
    void *record = record_find(c, &unit_kind, unit_of(c, unit), ACT_CHANGE);
    assert_non_null(record);
    field_set(field_need(&unit_kind, "serves"), record, area ? value_int(unit_of(c, area)) : value_null());
    bool ok = record_save(c, &unit_kind, record, &p);
    *why = p.first ? arena_text(&c->arena, p.first->text) : "";
    record_savepoint_undo(c, s);
    return ok;
}

/* To say that a unit serves an area lets its readers read there: nobody gives more than they have. */
static void nobody_reaches_further_by_saying_so(void **state)
{
    struct region *r = *state;
    static const struct {
        const char *unit, *area;
        bool may;
    } tries[] = {{"K9", "A7", true}, {"K9", "A1", true}, {"K9", NULL, true}, {"K9", "A2", true}, {"K9", "A5", false}, {"K9", "A3", false}, {"K9", "D2", false}, {"K9", "K5", false}};
    const char *why;
    try_begin(r);
    for (size_t i = 0; i < N(tries); i++)
        if (!says_served(r, tries[i].unit, tries[i].area, &why) && (!tries[i].area || tries[i].area[0] == 'A'))
            fail_msg("nobody may say that %s serves %s: %s", tries[i].unit, tries[i].area, why);
    set_office(r, "office_chief");
    act_as(r, &r->officer);
    for (size_t i = 0; i < N(tries); i++)
        if (says_served(r, tries[i].unit, tries[i].area, &why) != tries[i].may)
            fail_msg("%s serves %s: %s", tries[i].unit, tries[i].area ? tries[i].area : "nothing", *why ? why : "said");
    try_undo(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_served_is_read_and_no_more),
        cmocka_unit_test(it_follows_moves_and_mergers),
        cmocka_unit_test(it_follows_who_serves),
        cmocka_unit_test(holders_are_read_by_name),
        cmocka_unit_test(the_tree_begins_with_what_is_served_too),
        cmocka_unit_test(nobody_reaches_further_by_saying_so),
    };
    int bad = _cmocka_run_group_tests("access served", tests, N(tests), open_served, close_served);
    printf("%zu passed, %d failed\n", N(tests) - (size_t)bad, bad);
    return bad != 0;
}
