/* What gets past the rights by another way: names told by lookups, refusals and warnings; history, who can see, secrets; records taken
 * over by pointing at them; batches undone by others. */
#include "region.h"

#include "base/str.h"
#include "model/type.h"
#include "tests/kinds/small.h"
#include "tests/testdb.h"

static struct region *open_as(void **state, const char *office)
{
    struct region *r = *state;
    while (db_in_write(r->c))
        db_rollback(r->c);
    testdb_forget(r->c);
    try_begin(r);
    set_office(r, office);
    act_as(r, &r->officer);
    return r;
}

static int open_region(void **state)
{
    static struct region r;
    region_open(&r);
    *state = &r;
    return 0;
}

static int close_region(void **state)
{
    region_close(*state);
    return 0;
}

static int64_t record_in(const struct region *r, const struct kind *k, enum place p)
{
    return r->record[kind_index(k)][p];
}

static void set(struct ctx *c, const struct kind *k, void *record, const char *name, const char *value)
{
    const char *why = type_parse(c, field_need(k, name), value_text(value), record);
    if (why)
        fail_msg("%s: %s", name, why);
}

/* All that a refusal or a warning says, as one text. */
static const char *told(struct ctx *c, const struct problems *p)
{
    struct buf b = {0};
    for (const struct problem *one = p->first; one; one = one->next)
        buf_printf(&b, "%s\n", one->text);
    buf_puts(&b, failed(c) ? c->err.text : "");
    return buf_take(&b, &c->arena);
}

static bool try_save(struct region *r, const struct kind *k, void *record, const char **said)
{
    struct problems p;
    problems_start(&p, r->c);
    struct record_savepoint s = record_savepoint(r->c);
    bool ok = record_save(r->c, k, record, &p);
    *said = told(r->c, &p);
    record_savepoint_undo(r->c, s);
    return ok;
}

/* --- names ---------------------------------------------------------------------------------------------- */

static void a_name_is_looked_up_among_what_one_may_read(void **state)
{
    struct region *r = open_as(state, "office_chief");
    struct ctx *c = r->c;
    const struct field *person = field_need(&duty_kind, "person"), *target = field_need(&duty_kind, "target");
    void *duty = arena_alloc(&c->arena, duty_kind.size);
    assert_null(type_parse(c, person, value_text("Nguyễn Văn deep"), duty));
    assert_int_equal(field_ref(person, duty), record_in(r, &person_kind, DEEP));
    assert_non_null(type_parse(c, person, value_text("Nguyễn Văn sibling"), duty));
    assert_non_null(type_parse(c, person, value_text("Nguyễn Văn other"), duty));
    assert_null(type_parse(c, target, value_text("Place K1"), duty));
    assert_non_null(type_parse(c, target, value_text("Place D2"), duty));
    assert_null(type_parse(c, target, value_text("D2"), duty)); /* a code is known to whoever has it */
    assert_null(type_parse(c, person, value_text("NV-D2"), duty));
    const char *id = arena_printf(&c->arena, "%lld", (long long)record_in(r, &person_kind, SIBLING));
    assert_non_null(type_parse(c, person, value_text(id), duty));
    struct filter f = {.kind = &duty_kind};
    assert_false(filter_set(c, &f, "person", "Nguyễn Văn sibling"));
    testdb_forget(c);
    try_undo(r);
}

static void refusals_name_nobody_outside(void **state)
{
    struct region *r = open_as(state, "office_chief");
    struct ctx *c = r->c;
    const char *said;
    act_as_operator(r);
    change(c, &person_kind, record_in(r, &person_kind, SIBLING), "cccd", "001070000001", "born", "27/03/1970", NULL);
    change(c, &person_kind, record_in(r, &person_kind, DEEP), "cccd", "001070000002", NULL);
    act_as(r, &r->officer);
    static const struct {
        const char *field, *value;
        bool named;
    } tries[] = {{"code", "NV-D2", false}, {"code", "NV-K1", true}, {"cccd", "001070000001", false}, {"cccd", "001070000002", true}, {"name", "Nguyễn Văn sibling", false}};
    for (size_t i = 0; i < N(tries); i++) {
        void *person = arena_alloc(&c->arena, person_kind.size);
        set(c, &person_kind, person, "name", "Hoàng Thị Mới");
        set(c, &person_kind, person, "born", "27/03/1970");
        set(c, &person_kind, person, "cell", "K1");
        set(c, &person_kind, person, "admitted_on", "03/02/2010");
        set(c, &person_kind, person, tries[i].field, tries[i].value);
        (void)try_save(r, &person_kind, person, &said);
        bool own_name = strcmp(tries[i].field, "name") == 0;
        bool names = strstr(said, "Nguyễn Văn") != NULL || strstr(said, own_name ? "NV-D2" : "@") != NULL;
        if (!*said || names != tries[i].named)
            fail_msg("%s = %s says: %s", tries[i].field, tries[i].value, said);
    }
    void *stay = arena_alloc(&c->arena, membership_kind.size);
    set(c, &membership_kind, stay, "person", "NV-D2");
    set(c, &membership_kind, stay, "cell", "K1");
    set(c, &membership_kind, stay, "since", "01/05/2025");
    assert_false(try_save(r, &membership_kind, stay, &said));
    if (strstr(said, "Place D2") || strstr(said, "D2 "))
        fail_msg("it is told where the member lives: %s", said);
    try_undo(r);
}

/* --- taking over --------------------------------------------------------------------------------------------- */

static void nobody_is_taken_in_who_was_not_sent(void **state)
{
    struct region *r = open_as(state, "office_chief");
    struct ctx *c = r->c;
    const char *said;
    /* one who left is nobody's to take either: their dossier stays where it is */
    act_as_operator(r);
    change(c, &membership_kind, record_in(r, &membership_kind, SIBLING), "until", "01/05/2025", "ended", "left", NULL);
    act_as(r, &r->officer);
    struct row *stay = arena_alloc(&c->arena, membership_kind.size);
    set(c, &membership_kind, stay, "person", "NV-D2");
    set(c, &membership_kind, stay, "cell", "K1");
    set(c, &membership_kind, stay, "since", "01/06/2025");
    assert_false(try_save(r, &membership_kind, stay, &said));
    /* nor by saying that it follows a stay elsewhere */
    *stay = (struct row){0};
    set(c, &membership_kind, stay, "person", "NV-K5");
    field_set(field_need(&membership_kind, "previous"), stay, value_int(record_in(r, &membership_kind, OTHER)));
    assert_false(try_save(r, &membership_kind, stay, &said));
    /* nor by turning a temporary stay, which gives no dossier, into a home */
    *stay = (struct row){0};
    set(c, &membership_kind, stay, "stay", "temporary");
    field_set(field_need(&membership_kind, "previous"), stay, value_null());
    struct problems p;
    problems_start(&p, c);
    if (!record_save(c, &membership_kind, stay, &p))
        fail_msg("%s", told(c, &p));
    assert_false(may(r, &person_kind, record_in(r, &person_kind, OTHER), ACT_READ));
    set(c, &membership_kind, stay, "stay", "home");
    assert_false(try_save(r, &membership_kind, stay, &said));
    try_undo(r);
}

static void places_and_standing_follow_from_stays(void **state)
{
    struct region *r = open_as(state, "office_chief");
    struct ctx *c = r->c;
    const char *said;
    struct row *person = record_find(c, &person_kind, record_in(r, &person_kind, DEEP), ACT_CHANGE);
    person->unit = r->unit[BELOW];
    assert_false(try_save(r, &person_kind, person, &said));
    assert_non_null(strstr(said, "transfer"));
    person->unit = r->unit[SIBLING];
    assert_false(try_save(r, &person_kind, person, &said));
    person->unit = r->unit[DEEP];
    set(c, &person_kind, person, "standing", "former");
    set(c, &person_kind, person, "alias", "Ba");
    assert_true(record_must_save(c, &person_kind, person));
    assert_string_equal(field_get(field_need(&person_kind, "standing"), record_find(c, &person_kind, person->id, 0)).s, "member");
    try_undo(r);
}

static void nothing_is_put_where_one_has_no_rights(void **state)
{
    static const struct {
        const struct kind *kind;
        const char *field;
    } places[] = {{&membership_kind, "cell"}, {&appointment_kind, "at_unit"}, {&duty_kind, "by_unit"}, {&term_kind, "of_unit"}, {&attachment_kind, "of_unit"}, {&unit_kind, "superior"}};
    struct region *r = open_as(state, "office_chief");
    const char *said;
    for (size_t i = 0; i < N(places); i++) {
        const struct kind *k = places[i].kind;
        void *record = record_find(r->c, k, record_in(r, k, DEEP), ACT_CHANGE);
        assert_non_null(record);
        set(r->c, k, record, places[i].field, "D2");
        if (try_save(r, k, record, &said))
            fail_msg("%s is moved out of the actor's units", k->name);
        void *stranger = record_find(r->c, k, record_in(r, k, SIBLING), 0);
        set(r->c, k, stranger, places[i].field, "D1");
        if (try_save(r, k, stranger, &said))
            fail_msg("%s is drawn into the actor's units", k->name);
    }
    struct row *unit = record_find(r->c, &unit_kind, r->unit[DEEP], ACT_CHANGE);
    field_set(field_need(&unit_kind, "closed_on"), unit, value_int(20250101));
    assert_true(record_must_save(r->c, &unit_kind, unit));
    assert_int_equal(db_one_int(r->c, "SELECT closed_on FROM unit WHERE id = $1", V(unit->id)), DAY_OPEN);
    try_undo(r);
}

/* --- history, who can see, undoing --------------------------------------------------------------------------- */

static void count_entry(void *to, const struct history_entry *e)
{
    assert_non_null(e->act);
    ++*(size_t *)to;
}

static void history_is_read_with_the_record(void **state)
{
    static const char *const offices[] = {"secretary", "committee_member", "party_group_leader"};
    struct region *r = open_as(state, "secretary");
    for (size_t o = 0; o < N(offices); o++) {
        act_as_operator(r);
        set_office(r, offices[o]);
        act_as(r, &r->officer);
        for (size_t k = 0; k < nkinds; k++)
            for (enum place p = OWN; p < (kinds[k]->flags & SYSTEM ? BELOW : PLACES); p++) {
                size_t n = 0;
                bool readable = may(r, kinds[k], r->record[k][p], ACT_READ);
                if (record_history(r->c, kinds[k], r->record[k][p], count_entry, &n) != readable || (n > 0) != readable)
                    fail_msg("%s: the history of a %s in %s is %s", offices[o], kinds[k]->name, place_words[p], readable ? "refused" : "told");
            }
    }
    /* and of one that was removed */
    int64_t duty = record_in(r, &duty_kind, DEEP), far = record_in(r, &duty_kind, SIBLING);
    struct problems p;
    size_t n = 0;
    problems_start(&p, r->c);
    act_as_operator(r);
    assert_true(record_remove(r->c, &duty_kind, duty, 0, &p) && record_remove(r->c, &duty_kind, far, 0, &p));
    set_office(r, "secretary");
    act_as(r, &r->officer);
    assert_true(record_history(r->c, &duty_kind, duty, count_entry, &n));
    assert_false(record_history(r->c, &duty_kind, far, count_entry, &n));
    assert_int_equal(n, 2);
    try_undo(r);
}

struct who {
    const char *acts[8], *name;
    size_t n;
};

static void note_who(void *to, const char *who, const char *through, const char *acts)
{
    struct who *w = to;
    assert_non_null(through);
    char end[40];
    snprintf(end, sizeof end, "(%s)", w->name);
    if (str_ends(who, end) && w->n < N(w->acts))
        w->acts[w->n++] = acts;
}

/* Whoever is told to see a record sees it, and nobody else does. */
static void who_can_see_says_what_the_predicate_says(void **state)
{
    struct region *r = open_as(state, "secretary");
    struct actor *const actors[] = {&r->officer, &r->member, &r->granted};
    act_as_operator(r);
    for (size_t k = 0; k < nkinds; k++)
        for (enum place p = OWN; p < (kinds[k]->flags & SYSTEM ? BELOW : PLACES); p++)
            for (size_t a = 0; a < N(actors); a++) {
                struct who w = {.name = actors[a]->login};
                int64_t id = r->record[k][p];
                void *record = record_find(r->c, kinds[k], id, 0);
                access_who(r->c, kinds[k], record, note_who, &w);
                act_as(r, actors[a]);
                for (unsigned act = ACT_READ; act <= ACT_ADMIN; act *= 2) {
                    bool said = false;
                    for (size_t i = 0; i < w.n; i++)
                        said |= strstr(w.acts[i], act_word(act)) != NULL;
                    if (said != may(r, kinds[k], id, act))
                        fail_msg("%s %s %s in %s is told otherwise", actors[a]->login, act_word(act), kinds[k]->name, place_words[p]);
                }
                act_as_operator(r);
            }
    try_undo(r);
}

static void a_batch_is_undone_by_who_wrote_it(void **state)
{
    struct region *r = open_as(state, "office_chief");
    struct ctx *c = r->c;
    static const struct {
        bool granted; /* undone by somebody else */
        const char *office;
        bool may;
    } tries[] = {{false, "office_chief", true}, {true, "office_chief", false}, {false, "standing_member", false}};
    c->batch = 4711;
    put(c, &duty_kind, "person", "NV-K1", "by_unit", "K1", "sort", "households", "households", "Tổ 9", NULL);
    put(c, &person_kind, "code", "NEW", "name", "Vũ Thị Mới", "cell", "K1", "admitted_on", "03/02/2011", NULL);
    c->batch = 0;
    for (size_t i = 0; i < N(tries); i++) {
        struct record_savepoint s = record_savepoint(c);
        struct problems p;
        problems_start(&p, c);
        act_as_operator(r);
        set_office(r, tries[i].office);
        set_role(r, "data_entry");
        act_as(r, tries[i].granted ? &r->granted : &r->officer);
        if ((record_undo_batch(c, 4711, &p) >= 0) != tries[i].may)
            fail_msg("try %zu: %s", i, told(c, &p));
        record_savepoint_undo(c, s);
    }
    try_undo(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_looked_up_among_what_one_may_read),
        cmocka_unit_test(refusals_name_nobody_outside),
        cmocka_unit_test(nobody_is_taken_in_who_was_not_sent),
        cmocka_unit_test(places_and_standing_follow_from_stays),
        cmocka_unit_test(nothing_is_put_where_one_has_no_rights),
        cmocka_unit_test(history_is_read_with_the_record),
        cmocka_unit_test(who_can_see_says_what_the_predicate_says),
        cmocka_unit_test(a_batch_is_undone_by_who_wrote_it),
    };
    int bad = _cmocka_run_group_tests("access leaks", tests, N(tests), open_region, close_region);
    printf("%zu passed, %d failed\n", N(tests) - (size_t)bad, bad);
    return bad != 0;
}
