/* Rights through time, through changes of the tree and of homes, over one's own case, and over giving and deciding: as the tables
 * own, time, moves, decide and give say. */
#include "region.h"

#include "base/str.h"
#include "model/import.h"
#include "model/model.h"
#include "model/type.h"
#include "tests/kinds/small.h"
#include "tests/testdb.h"

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

/* Does the next word of a list a,b,c until there is none. */
static char *part(char **list)
{
    char *s = *list;
    size_t n = strcspn(s, ",");
    if (!*s)
        return NULL;
    *list = s + n + (s[n] == ',');
    s[n] = '\0';
    return s;
}

static void must_agree(const char *table, char **w, size_t n, bool got)
{
    bool want = strcmp(w[n - 1], "yes") == 0;
    if (!want && strcmp(w[n - 1], "no") != 0)
        fail_msg("%s: “%s” is neither yes nor no", table, w[n - 1]);
    if (got != want) {
        print_error("%s:", table);
        for (size_t i = 0; i < n; i++)
            print_error(" %s", w[i]);
        fail_msg(", but %s", got ? "it is allowed" : "it is refused");
    }
}

/* Read by one fetch, by the list and by the count alike. */
static bool sees(struct region *r, const struct kind *k, int64_t id)
{
    struct filter f = {.kind = k, .all_times = true, .limit = PAGE_MOST};
    struct list l = record_list(r->c, &f);
    bool found = false, one = may(r, k, id, ACT_READ);
    for (size_t i = 0; i < l.n; i++)
        found |= ((struct row *)l.rows[i])->id == id;
    assert_int_equal(found, one);
    assert_int_equal(l.n, record_count(r->c, &f));
    return found;
}

static bool set_all(struct ctx *c, const struct kind *k, void *record, ...) __attribute__((sentinel));
static bool set_all(struct ctx *c, const struct kind *k, void *record, ...)
{
    va_list args;
    va_start(args, record);
    for (const char *name; (name = va_arg(args, const char *));) {
        const char *value = va_arg(args, const char *), *why = value ? type_parse(c, field_need(k, name), value_text(value), record) : NULL;
        if (why)
            fail_msg("%s: %s", name, why);
    }
    va_end(args);
    return !failed(c);
}

/* Whether the record is saved; then it is taken back. Another failure than for want of rights fails the test. */
static bool saves(struct region *r, const struct kind *k, void *record, char **problem_text)
{
    struct ctx *c = r->c;
    struct problems p;
    problems_start(&p, c);
    struct record_savepoint s = record_savepoint(c);
    bool ok = record_save(c, k, record, &p);
    if (failed(c) && c->err.code != ERR_DENIED && c->err.code != ERR_MISSING)
        fail_msg("%s: %s", k->name, c->err.text);
    *problem_text = p.first ? arena_text(&c->arena, p.first->text) : NULL;
    record_savepoint_undo(c, s);
    return ok;
}

/* --- one's own case ----------------------------------------------------------------------------------- */

static unsigned acts_of(const char *word)
{
    unsigned write = ACT_ADD | ACT_CHANGE | ACT_REMOVE | ACT_DECIDE | ACT_ADMIN;
    return strcmp(word, "write") == 0 ? write : strcmp(word, "all") == 0 ? write | ACT_READ | ACT_EXPORT : act_from_word(word);
}

static int64_t own_record(struct region *r, const struct actor *a, const struct kind *k)
{
    struct ctx *c = r->c;
    if (!k->subject || strcmp(k->subject, "id") == 0)
        return k == &account_kind ? a->account : a->person;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT max(id) FROM ");
    sql_name(&q, k->name);
    sql_add(&q, " WHERE ");
    sql_name(&q, k->subject);
    sql_add(&q, " = ");
    sql_arg(&q, V(k == &grant_kind || k == &import_batch_kind ? a->account : a->person));
    return rows_only_int(sql_query(&q));
}

static void own_line(void *to, char **w, size_t n)
{
    struct region *r = to;
    struct ctx *c = r->c;
    bool admin = strcmp(w[0], "admin") == 0, secretary = strcmp(w[0], "secretary") == 0;
    struct actor *a = admin ? &r->granted : secretary ? &r->officer : &r->member;
    unsigned acts = 0;
    for (char *list = w[2], *s; (s = part(&list));)
        acts |= acts_of(s);
    try_begin(r);
    set_role(r, "technical_admin");
    act_as(r, a);
    for (char *list = w[1], *s; (s = part(&list));) {
        const struct kind *k = kind_find(s);
        int64_t id = own_record(r, admin && (k->flags & SYSTEM) == 0 ? &r->member : a, k);
        must_id(c, k->name, id);
        for (unsigned act = ACT_READ; act <= ACT_ADMIN; act *= 2)
            if (acts & act)
                must_agree("own", w, n, act == ACT_READ ? sees(r, k, id) : may(r, k, id, act));
    }
    try_undo(r);
}

static void everybody_reads_and_nobody_writes_their_own(void **state)
{
    struct region *r = *state;
    static const char *const people[] = {"MEMBER", "OFFICER"}, *const logins[] = {"member", "officer"};
    for (size_t i = 0; i < N(people); i++) {
        put(r->c, &spell_kind, "person", people[i], "sort", "exempt", "since", "01/02/2020", NULL);
        put(r->c, &appointment_kind, "person", people[i], "office", "speaker", "at_unit", "K1", "since", "01/02/2020", NULL);
        put(r->c, &duty_kind, "person", people[i], "by_unit", "K1", "sort", "households", "households", "Group 3", NULL);
        put(r->c, &grant_kind, "account", logins[i], "role", "none", "over_unit", "D1", "reason", "test", NULL);
    }
    struct actor *const makers[] = {&r->member, &r->officer, &r->granted};
    for (size_t i = 0; i < N(makers); i++) {
        struct import_result result = {.batch = record_new_id(r->c), .read = 2, .saved = 2};
        act_as(r, makers[i]);
        db_begin(r->c, DB_WRITE);
        import_batch_note(r->c, &result, "own.xlsx", &person_kind, "");
        if (!db_commit(r->c))
            fail_msg("%s", r->c->err.text);
        act_as_operator(r);
    }
    table_read("own.txt", own_line, r);
}

/* --- time -------------------------------------------------------------------------------------------- */

static bool arrange(struct region *r, bool office, const char *how)
{
    struct ctx *c = r->c;
    int64_t account = office ? r->officer.account : r->granted.account;
    const struct {
        const char *how, *set;
    } days[] = {{"begins_today", "since = 20250602"}, {"begins_tomorrow", "since = 20250603"}, {"ends_today", "until = 20250602"},
                {"ends_tomorrow", "until = 20250603"}, {"ended_long_ago", "until = 20200101"}, {"no_first_day", "since = NULL"}, {"removed", "removed_at = 1"}};
    for (size_t i = 0; i < N(days); i++)
        if (strcmp(how, days[i].how) == 0) {
            struct sql q = sql_new(c);
            sql_add(&q, "UPDATE ");
            sql_name(&q, office ? "appointment" : "grant");
            sql_add(&q, " SET ");
            sql_add_text(&q, days[i].set);
            sql_add(&q, " WHERE id = ");
            sql_arg(&q, V(office ? r->appointment : r->grant));
            return sql_run(&q) == 1;
        }
    if (strcmp(how, "in_a_closed_unit") == 0) /* a closed unit has no offices; over one, a grant sees its own only */
        return office ? db_run(c, "UPDATE appointment SET unit = $1, at_unit = $1 WHERE id = $2", V(r->unit[CLOSED]), V(r->appointment))
                      : db_run(c, "UPDATE \"grant\" SET unit = $1, over_unit = $1 WHERE id = $2", V(r->unit[CLOSED]), V(r->grant));
    if (strcmp(how, "of_another_person") == 0)
        return db_run(c, "UPDATE appointment SET person = $1 WHERE id = $2", V(r->member.person), V(r->appointment));
    if (strcmp(how, "of_another_account") == 0)
        return db_run(c, "UPDATE \"grant\" SET account = $1 WHERE id = $2", V(r->officer.account), V(r->grant));
    if (strcmp(how, "person_unknown") == 0)
        r->officer.person = 0;
    if (strcmp(how, "account_locked") == 0)
        return db_run(c, "UPDATE account SET locked = 1 WHERE id = $1", V(account));
    if (strcmp(how, "account_removed") == 0)
        return db_run(c, "UPDATE account SET removed_at = 1 WHERE id = $1", V(account));
    if (strcmp(how, "no_such_role") == 0)
        office ? set_office(r, "no_such_office") : set_role(r, "no_such_role");
    return strcmp(how, "as_it_is") == 0 || strcmp(how, "person_unknown") == 0 || strcmp(how, "no_such_role") == 0;
}

static void time_line(void *to, char **w, size_t n)
{
    struct region *r = to;
    bool office = strcmp(w[0], "office") == 0;
    int64_t person = r->officer.person;
    try_begin(r);
    if (!arrange(r, office, w[1]))
        fail_msg("time: “%s” cannot be arranged", w[1]);
    act_as(r, office ? &r->officer : &r->granted);
    must_agree("time", w, n, sees(r, &person_kind, r->record[kind_index(&person_kind)][DEEP]));
    r->officer.person = person;
    try_undo(r);
}

static void rights_end_with_what_gave_them(void **state)
{
    table_read("time.txt", time_line, *state);
}

/* In a session too: the next transaction has the rights of its day. */
static void a_session_loses_them_with_the_next_transaction(void **state)
{
    struct region *r = *state;
    struct ctx *c = r->c;
    int64_t id = r->record[kind_index(&person_kind)][DEEP];
    act_as(r, &r->officer);
    assert_true(db_begin(c, DB_READ) && may(r, &person_kind, id, ACT_READ) && db_commit(c));
    const struct actor *session = c->actor;
    act_as_operator(r);
    assert_true(change(c, &appointment_kind, r->appointment, "until", "02/06/2025", "ended", "resigned", NULL));
    c->actor = session;
    assert_true(db_begin(c, DB_READ));
    assert_false(may(r, &person_kind, id, ACT_READ));
    db_commit(c);
    act_as_operator(r);
    assert_true(change(c, &appointment_kind, r->appointment, "until", NULL, "ended", NULL, NULL));
    assert_true(change(c, &account_kind, r->officer.account, "locked", "1", NULL));
    assert_null(access_actor(c, "officer"));
    testdb_forget(c);
    assert_true(change(c, &account_kind, r->officer.account, "locked", "0", NULL));
    assert_non_null(access_actor(c, "officer"));
    assert_null(access_actor(c, "nobody"));
    testdb_forget(c);
}

static bool reads(struct region *r, struct ctx *c, int64_t id, int64_t *statements)
{
    int64_t before = db_statements(c);
    assert_true(db_begin(c, DB_READ));
    *statements = db_statements(c) - before;
    bool found = record_find(c, &person_kind, id, ACT_READ) != NULL;
    struct filter f = {.kind = &person_kind, .unit = r->unit[OWN], .at = {20240101}};
    struct list l = record_list(c, &f);
    bool listed = false;
    for (size_t i = 0; i < l.n; i++)
        listed |= ((const struct row *)l.rows[i])->id == id;
    assert_int_equal(listed, found);
    assert_true(db_commit(c));
    return found;
}

/* What a session remembers of rights, it forgets when anybody writes, and when the day is another one. */
static void what_is_remembered_ends_with_any_write(void **state)
{
    struct region *r = *state;
    struct ctx *writer = r->c, *c = testdb_again(writer);
    int64_t id = r->record[kind_index(&person_kind)][DEEP], first, again;
    struct actor officer = r->officer;
    c->now = writer->now;
    c->today = writer->today;
    c->model = writer->model;
    c->after_begin = actor_refresh;
    c->actor = &officer;
    officer.rights = NULL;
    for (int round = 0; round < 3; round++) {
        assert_true(reads(r, c, id, &first));
        assert_true(reads(r, c, id, &again));
        assert_true(db_engine(c) == DB_POSTGRES ? again == first : again == 0 && first > 0);
        assert_true(change(writer, &appointment_kind, r->appointment, "until", "02/06/2025", "ended", "resigned", NULL));
        assert_false(reads(r, c, id, &first));
        assert_false(reads(r, c, id, &again));
        assert_true(change(writer, &appointment_kind, r->appointment, "until", NULL, "ended", NULL, NULL));
    }
    assert_true(reads(r, c, id, &first));
    assert_true(change(writer, &account_kind, r->officer.account, "locked", "1", NULL));
    assert_false(reads(r, c, id, &first));
    assert_true(change(writer, &account_kind, r->officer.account, "locked", "0", NULL));
    day today = c->today;
    assert_true(reads(r, c, id, &first));
    c->today.v = 20191231; /* before the office */
    assert_false(reads(r, c, id, &first));
    c->today = today;
    assert_true(reads(r, c, id, &first));
    testdb_close(c);
}

/* --- moves ------------------------------------------------------------------------------------------- */

struct moves {
    struct region *r;
    const char *step;
    int64_t waiting;
    size_t lines;
};

static void moves_line(void *to, char **w, size_t n)
{
    struct moves *m = to;
    struct region *r = m->r;
    if (strcmp(w[0], m->step) != 0)
        return;
    m->lines++;
    db_run(r->c, "UPDATE appointment SET unit = $1, at_unit = $1 WHERE id = $2", V(r->unit[place_of_word(w[1])]), V(r->appointment));
    act_as(r, &r->officer);
    for (char *list = w[2], *s; (s = part(&list));) {
        bool waiting = strcmp(s, "waiting") == 0;
        const struct kind *k = waiting ? &membership_kind : kind_find(s);
        must_agree("moves", w, n, sees(r, k, waiting ? m->waiting : r->record[kind_index(k)][DEEP]));
    }
    act_as_operator(r);
}

static void step(struct moves *m, const char *name)
{
    size_t before = m->lines;
    m->step = name;
    table_read("moves.txt", moves_line, m);
    assert_true(m->lines > before);
    if (failed(m->r->c))
        fail_msg("%s: %s", name, m->r->c->err.text);
}

static void rights_follow_the_tree_and_the_homes(void **state)
{
    struct region *r = *state;
    struct ctx *c = r->c;
    struct moves m = {.r = r};
    int64_t stay = r->record[kind_index(&membership_kind)][DEEP];
    put(c, &unit_kind, "code", "K2", "name", "Cell 2", "type", "cell", "superior", "D1", "founded_on", "01/01/2000", NULL);
    try_begin(r);
    step(&m, "start");
    put(c, &unit_change_kind, "number", "9", "decided_on", "01/06/2025", "effective_on", "01/06/2025", "decided_by", "Province", "act", "move", "units", "C1",
        "superior", "D2", NULL);
    step(&m, "moved");
    assert_true(change(c, &membership_kind, stay, "sent_to", "K2", "sent_on", "01/06/2025", NULL));
    m.waiting = must_id(c, "waiting stay", db_one_int(c, "SELECT id FROM membership WHERE previous = $1", V(stay)));
    step(&m, "sent");
    assert_true(change(c, &membership_kind, m.waiting, "since", "02/06/2025", NULL));
    step(&m, "received");
    assert_int_equal(tree_faults(c), 0);
    try_undo(r);
}

/* --- deciding ---------------------------------------------------------------------------------------- */

/* "below;sibling" to "C1;D2"; "new" and "new2" to codes that are free. */
static const char *codes_of(struct region *r, const char *words)
{
    struct buf b = {0};
    if (strcmp(words, "-") == 0)
        return NULL;
    while (*words) {
        size_t n = strcspn(words, ";");
        char *one = arena_copy(&r->c->arena, words, n);
        enum place p = place_of_word(one);
        buf_printf(&b, "%s%s", b.n ? ";" : "", p < PLACES ? r->code[p] : strcmp(one, "deep2") == 0 ? "K9" : strcmp(one, "new2") == 0 ? "NEW2" : "NEW");
        words += n + (words[n] == ';');
    }
    return buf_take(&b, &r->c->arena);
}

static void *unit_change_of(struct region *r, char **w)
{
    struct ctx *c = r->c;
    void *change_record = arena_alloc(&c->arena, unit_change_kind.size);
    bool split = strcmp(w[1], "split") == 0, rename = strcmp(w[1], "rename") == 0, founds = strcmp(w[1], "found") == 0;
    set_all(c, &unit_change_kind, change_record, "number", "10", "decided_on", "01/06/2025", "effective_on", "01/06/2025", "decided_by", "Somebody", "act", w[1],
            "units", codes_of(r, w[2]), "into", codes_of(r, w[3]), "superior", codes_of(r, w[4]), "new_name", rename || founds ? "New name" : NULL, "new_type",
            strcmp(w[1], "reclass") == 0 ? "base_cell" : founds ? "cell" : NULL, "rest", split ? "NEW" : NULL, NULL);
    return change_record;
}

static void decide_line(void *to, char **w, size_t n)
{
    struct region *r = to;
    char *why;
    try_begin(r);
    /* The operator may, unless it cannot be done at all. Closing a unit with something in it cannot. */
    bool can = strcmp(w[1], "close") != 0 || strcmp(w[3], "-") != 0;
    if (can && !saves(r, &unit_change_kind, unit_change_of(r, w), &why))
        fail_msg("decide: %s %s %s %s cannot be done by anybody: %s", w[1], w[2], w[3], w[4], why ? why : "?");
    set_office(r, w[0]);
    act_as(r, &r->officer);
    bool done = saves(r, &unit_change_kind, unit_change_of(r, w), &why);
    must_agree("decide", w, n, done);
    if (!done && why && !strstr(why, "no right"))
        fail_msg("decide: %s %s %s %s is refused, but not for want of rights: %s", w[1], w[2], w[3], w[4], why);
    try_undo(r);
}

static void units_are_decided_about_from_above(void **state)
{
    struct region *r = *state;
    put(r->c, &unit_kind, "code", "K9", "name", "Cell 9", "type", "cell", "superior", "C1", "founded_on", "01/01/2000", NULL);
    table_read("decide.txt", decide_line, r);
}

/* Taking back takes the same rights; and puts the tree back. */
static void undoing_takes_the_same_right(void **state)
{
    struct region *r = *state;
    struct ctx *c = r->c;
    struct problems p;
    try_begin(r);
    int64_t id = put(c, &unit_change_kind, "number", "11", "decided_on", "01/06/2025", "effective_on", "01/06/2025", "decided_by", "District", "act", "merge",
                     "units", "K1;K9", "into", "NEW", NULL);
    static const struct {
        const char *office;
        bool may;
    } who[] = {{"office_chief", false}, {"standing_member", false}, {"organisation_head", false}, {"secretary", true}};
    for (size_t i = 0; i < N(who); i++) {
        struct record_savepoint s = record_savepoint(c);
        set_office(r, who[i].office);
        act_as(r, &r->officer);
        problems_start(&p, c);
        bool done = unit_change_undo(c, id, &p);
        assert_int_equal(done, who[i].may);
        if (done) {
            assert_int_equal(tree_faults(c), 0);
            assert_true(tree_below(c, r->unit[DEEP], r->unit[BELOW], c->today));
            assert_int_equal(db_one_int(c, "SELECT count(*) FROM unit WHERE code = 'NEW' AND removed_at = 0"), 0);
            assert_string_equal(field_get(field_need(&unit_change_kind, "state"), record_find(c, &unit_change_kind, id, 0)).s, "undone");
        }
        record_savepoint_undo(c, s);
    }
    try_undo(r);
}

/* --- giving ------------------------------------------------------------------------------------------ */

static void give_line(void *to, char **w, size_t n)
{
    struct region *r = to;
    struct ctx *c = r->c;
    char *why;
    bool role = strcmp(w[1], "role") == 0, self = strcmp(w[1], "self") == 0;
    bool by_grant = rule_item(c, "office", w[0], c->today) == NULL;
    const struct kind *k = role || self ? &grant_kind : &appointment_kind;
    void *given = arena_alloc(&c->arena, k->size);
    const char *unit = r->code[place_of_word(w[3])];
    if (k == &grant_kind)
        set_all(c, k, given, "account", self ? "granted" : "other", "role", w[2], "over_unit", unit, "reason", "test", NULL);
    else
        set_all(c, k, given, "person", "MEMBER", "office", w[2], "at_unit", unit, "since", "01/02/2020", "until",
                strcmp(w[1], "past") == 0 ? "01/02/2021" : NULL, "ended", strcmp(w[1], "past") == 0 ? "moved" : NULL, NULL);
    try_begin(r);
    struct row fresh = *(struct row *)given;
    if (!saves(r, k, given, &why))
        fail_msg("give: %s in %s cannot be given by anybody: %s", w[2], w[3], why ? why : "?");
    *(struct row *)given = fresh;
    if (by_grant)
        set_role(r, w[0]);
    else
        set_office(r, w[0]);
    act_as(r, by_grant ? &r->granted : &r->officer);
    bool done = saves(r, k, given, &why);
    must_agree("give", w, n, done);
    if (!done && why && !strstr(why, "rights that you do not have"))
        fail_msg("give: %s %s in %s is refused, but not for want of rights: %s", w[0], w[2], w[3], why);
    try_undo(r);
}

static void nobody_gives_more_than_they_have(void **state)
{
    table_read("give.txt", give_line, *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_reads_and_nobody_writes_their_own),
        cmocka_unit_test(rights_end_with_what_gave_them),
        cmocka_unit_test(a_session_loses_them_with_the_next_transaction),
        cmocka_unit_test(what_is_remembered_ends_with_any_write),
        cmocka_unit_test(rights_follow_the_tree_and_the_homes),
        cmocka_unit_test(units_are_decided_about_from_above),
        cmocka_unit_test(undoing_takes_the_same_right),
        cmocka_unit_test(nobody_gives_more_than_they_have),
    };
    int bad = _cmocka_run_group_tests("access cases", tests, N(tests), open_region, close_region);
    printf("%zu passed, %d failed\n", N(tests) - (size_t)bad, bad);
    return bad != 0;
}
