/* Every kind of record that people write: saved and read back equal, changed, removed, restored; limits of fields; one entry of
 * the audit for every write, with what was and what is; nobody overwrites what somebody else wrote. */
#include "lawful.h"

#include "base/str.h"
#include "model/schema.h"
#include "model/type.h"
#include "small.h"
#include "t.h"
#include "testdb.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { ROUNDS = 12 };

/* What a test before this one left open is given up, so that each fails for itself. */
static struct ctx *world(void **state)
{
    struct ctx *c = *state;
    while (db_in_write(c))
        db_rollback(c);
    db_rollback(c);
    testdb_forget(c);
    return c;
}

static int open_world(void **state)
{
    struct ctx *c = small_open();
    lawful_units(c);
    *state = c;
    return 0;
}

static int close_world(void **state)
{
    small_close(*state);
    return 0;
}

static void must(struct ctx *c, bool ok, const char *what)
{
    if (!ok || failed(c))
        fail_msg("%s: %s", what, failed(c) ? c->err.text : "no");
}

static void must_save(struct ctx *c, const struct kind *k, void *record)
{
    struct problems p;
    problems_start(&p, c);
    if (!record_save(c, k, record, &p))
        fail_msg("%s: %s: %s", k->name, p.first && p.first->field ? p.first->field : "", failed(c) ? c->err.text : p.first ? p.first->text : "?");
}

static void must_equal(const struct kind *k, const void *a, const void *b, const char *what)
{
    for (size_t i = 0; i < k->nfields; i++)
        if (field_stored(&k->fields[i]) && !field_same(&k->fields[i], a, b))
            fail_msg("%s.%s is not equal %s", k->name, k->fields[i].name, what);
}

struct entry {
    int64_t n;
    const char *act, *before, *after;
    int64_t version, unit, shard;
};

/* The last entry of a record, and how many there are. */
static struct entry entry_of(struct ctx *c, const struct kind *k, int64_t id)
{
    struct entry e = {.n = db_one_int(c, "SELECT count(*) FROM audit WHERE record = $1", V(id))};
    struct rows *r = db_query(c, "SELECT act, before, after, version, unit, shard, kind, actor FROM audit WHERE record = $1 ORDER BY id DESC LIMIT 1", V(id));
    assert_true(rows_next(r));
    e.act = arena_text(&c->arena, rows_text(r, 0));
    e.before = arena_text(&c->arena, rows_text(r, 1));
    e.after = arena_text(&c->arena, rows_text(r, 2));
    e.version = rows_int(r, 3);
    e.unit = rows_int(r, 4);
    e.shard = rows_int(r, 5);
    assert_string_equal(rows_text(r, 6), k->name);
    assert_string_equal(rows_text(r, 7), "@test");
    rows_close(r);
    return e;
}

static void must_be_entry(struct ctx *c, const struct kind *k, const struct row *row, const char *act, const char *before, const char *after)
{
    struct entry e = entry_of(c, k, row->id);
    if (strcmp(e.act, act) != 0 || e.n != row->version || e.version != row->version || !str_same(e.before, before) || !str_same(e.after, after) ||
        e.unit != row->unit || e.shard != row->shard)
        fail_msg("%s: entry %lld “%s” version %lld: %s ← %s\nshould be “%s” version %lld: %s ← %s", k->name, (long long)e.n, e.act, (long long)e.version,
                 e.after ? e.after : "-", e.before ? e.before : "-", act, (long long)row->version, after ? after : "-", before ? before : "-");
}

static void *copy_of(struct ctx *c, const struct kind *k, const void *record)
{
    return arena_copy(&c->arena, record, k->size);
}

/* What was asked for is what is kept: only what the program fills may have come besides. */
static void must_hold(const struct kind *k, const void *asked, const void *kept)
{
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if (field_stored(f) && !field_empty(f, asked) && !field_same(f, asked, kept))
            fail_msg("%s.%s was not kept as it was given", k->name, f->name);
    }
}

static void one_life(struct ctx *c, struct luck *l, const struct kind *k)
{
    must(c, db_begin(c, DB_WRITE), "begin");
    struct row *row = lawful_record(c, l, k);
    must(c, row != NULL, k->name);
    void *asked = copy_of(c, k, row);
    must_save(c, k, row);
    must_hold(k, asked, row);
    struct row *kept = record_find(c, k, row->id, 0);
    must(c, kept != NULL && kept->version == 1, k->name);
    must_equal(k, row, kept, "after saving");
    must_be_entry(c, k, kept, "add", NULL, audit_json(c, k, kept, NULL));

    const struct field *f = lawful_change(c, l, k, row);
    if (f) {
        must_save(c, k, row);
        struct row *changed = record_find(c, k, row->id, 0);
        must_equal(k, row, changed, "after changing");
        must_be_entry(c, k, changed, "change", audit_json(c, k, kept, changed), audit_json(c, k, changed, kept));
        struct entry e = entry_of(c, k, row->id);
        void *back = copy_of(c, k, changed), *forth = copy_of(c, k, kept);
        assert_true(audit_apply(c, k, back, e.before) && audit_apply(c, k, forth, e.after));
        must_equal(k, kept, back, "after the audit put it back");
        must_equal(k, changed, forth, "after the audit did it again");
    }
    int64_t entries = db_one_int(c, "SELECT count(*) FROM audit");
    must_save(c, k, row); /* nothing changed: nothing is written */
    assert_int_equal(entries, db_one_int(c, "SELECT count(*) FROM audit"));
    must(c, db_commit(c), k->name);
}

static void records_are_kept_as_they_are(void **state)
{
    struct ctx *c = world(state);
    struct luck l = {.state = 88172645463325252};
    for (size_t i = 0; i < nkinds; i++)
        for (int n = 0; n < ROUNDS && lawful_kind(kinds[i]); n++)
            one_life(c, &l, kinds[i]);
}

static void removing_and_restoring(void **state)
{
    struct ctx *c = world(state);
    struct luck l = {.state = 362436069, .number = 100000};
    for (size_t i = 0; i < nkinds; i++) {
        const struct kind *k = kinds[i];
        struct problems p;
        problems_start(&p, c);
        if (!lawful_kind(k))
            continue;
        must(c, db_begin(c, DB_WRITE), "begin");
        struct row *row = lawful_record(c, &l, k);
        if (k == &person_kind) /* one without a stay: it would be in use */
            field_set(field_need(k, "cell"), row, value_null()), row->unit = record_id_of_code(c, &unit_kind, "CELL1");
        must_save(c, k, row);
        must(c, record_remove(c, k, row->id, row->version, &p), p.first ? p.first->text : k->name);
        assert_null(record_find(c, k, row->id, 0));
        assert_int_equal(entry_of(c, k, row->id).version, 2);
        assert_string_equal(entry_of(c, k, row->id).act, "remove");
        assert_int_equal(tree_faults(c), 0);
        must(c, record_restore(c, k, row->id), k->name);
        struct row *back = record_find(c, k, row->id, 0);
        must(c, back && back->version == 3, k->name);
        must_equal(k, row, back, "after restoring");
        assert_string_equal(entry_of(c, k, row->id).act, "restore");
        assert_int_equal(tree_faults(c), 0);
        must(c, db_commit(c), k->name);
    }
}

/* --- limits ------------------------------------------------------------------------------------------- */

static size_t problems_with(struct ctx *c, const struct field *f, const void *record)
{
    struct problems p;
    problems_start(&p, c);
    type_check(c, f, record, &p);
    return p.n;
}

static void text_limits(struct ctx *c, const struct kind *k, const struct field *f, void *record)
{
    size_t max = f->max ? (size_t)f->max : 2000, min = (size_t)f->min;
    struct luck l = {.state = 5};
    const size_t lengths[] = {min ? min - 1 : 0, min, max, max + 1};
    const bool good[] = {false, true, true, false};
    for (size_t i = 0; i < N(lengths); i++) {
        if (!lengths[i])
            continue;
        field_set(f, record, value_text(lawful_text(c, &l, lengths[i])));
        assert_int_equal(text_length(field_get(f, record).s), lengths[i]);
        if ((problems_with(c, f, record) == 0) != good[i])
            fail_msg("%s.%s of %zu characters is %s", k->name, f->name, lengths[i], good[i] ? "refused" : "taken");
    }
}

static void other_limits(struct ctx *c, const struct kind *k, const struct field *f, void *record)
{
    static const struct {
        enum type type;
        int64_t v;
        bool good;
    } days[] = {{TYPE_DAY, 17991231, false}, {TYPE_DAY, 18000101, true},  {TYPE_DAY, 29991231, true},  {TYPE_DAY, 30000101, false}, {TYPE_DAY, 20250229, false},
                {TYPE_DAY, 20240229, true},  {TYPE_DAY, 20250600, false}, {TYPE_DAY, 20251301, false}, {TYPE_PDAY, 19700000, true}, {TYPE_PDAY, 19700300, true},
                {TYPE_PDAY, 19701300, false}, {TYPE_PDAY, 19700230, false}, {TYPE_PDAY, 17000000, false}, {TYPE_PDAY, 19700227, true}};
    for (size_t i = 0; i < N(days); i++) {
        field_set(f, record, value_int(days[i].v));
        if (days[i].type == f->type && (problems_with(c, f, record) == 0) != days[i].good)
            fail_msg("%s.%s %lld is %s", k->name, f->name, (long long)days[i].v, days[i].good ? "refused" : "taken");
    }
    const int64_t numbers[] = {f->min - 1, f->min, f->max, f->max + 1};
    for (size_t i = 0; f->type == TYPE_NUMBER && f->max && i < N(numbers); i++) {
        field_set(f, record, value_int(numbers[i]));
        if ((problems_with(c, f, record) == 0) != (i == 1 || i == 2))
            fail_msg("%s.%s %lld is wrongly taken or refused", k->name, f->name, (long long)numbers[i]);
    }
}

static void wrong_words(struct ctx *c, const struct kind *k, const struct field *f, void *record)
{
    static const char *const wrong[] = {"no such word", "không có", "'; DROP TABLE unit; --", "?"};
    for (size_t i = 0; i < N(wrong); i++)
        if (!type_parse(c, f, value_text(wrong[i]), record))
            fail_msg("%s.%s takes “%s”", k->name, f->name, wrong[i]);
    for (size_t i = 1; f->type == TYPE_ENUM && i < f->nwords; i++) {
        const char *const ways[] = {f->words[i].word, f->words[i].label.vi, f->words[i].label.en};
        for (size_t j = 0; j < N(ways); j++)
            if (type_parse(c, f, value_text(ways[j]), record) || strcmp(field_get(f, record).s, f->words[i].word) != 0)
                fail_msg("%s.%s does not take “%s”", k->name, f->name, ways[j]);
    }
    const struct rule_item **items;
    size_t n = f->type == TYPE_CHOICE ? rule_items(c, f->rule, (day){0}, &items) : 0;
    for (size_t i = 0; i < n; i++)
        if (type_parse(c, f, value_text(items[i]->code), record) || strcmp(field_get(f, record).s, items[i]->code) != 0)
            fail_msg("%s.%s does not take “%s”", k->name, f->name, items[i]->code);
}

/* A save refuses what is wrong, beside the field, and writes nothing. */
static void save_refuses(struct ctx *c, struct luck *l, const struct kind *k, const struct field *f)
{
    struct problems p;
    problems_start(&p, c);
    void *record = lawful_record(c, l, k);
    if (f->type == TYPE_TEXT)
        field_set(f, record, value_text(lawful_text(c, l, (f->max ? (size_t)f->max : 2000) + 1)));
    else if (f->type == TYPE_DAY || f->type == TYPE_PDAY)
        field_set(f, record, value_int(20250230));
    else if (f->type == TYPE_CHOICE)
        field_set(f, record, value_text("no such word"));
    else if (f->type == TYPE_REF)
        field_set(f, record, value_int(12345));
    else if (f->type == TYPE_NUMBER && f->max)
        field_set(f, record, value_int(f->max + 1));
    else
        return;
    int64_t entries = db_one_int(c, "SELECT count(*) FROM audit");
    bool saved = record_save(c, k, record, &p), beside = false;
    for (struct problem *one = p.first; one; one = one->next)
        beside |= !one->warning && one->field && strcmp(one->field, f->name) == 0;
    if (saved || (!beside && !failed(c)) || entries != db_one_int(c, "SELECT count(*) FROM audit"))
        fail_msg("%s.%s: what is wrong is saved, or not refused beside the field: %s", k->name, f->name, p.first ? p.first->text : "-");
}

static void limits_hold(void **state)
{
    struct ctx *c = world(state);
    struct luck l = {.state = 521288629, .number = 200000};
    for (size_t i = 0; i < nkinds; i++)
        for (size_t j = 0; j < kinds[i]->nfields; j++) {
            const struct kind *k = kinds[i];
            const struct field *f = &k->fields[j];
            void *record = arena_alloc(&c->arena, k->size);
            must(c, db_begin(c, DB_WRITE), "begin");
            if (f->type == TYPE_TEXT)
                text_limits(c, k, f, record);
            else if (f->type == TYPE_DAY || f->type == TYPE_PDAY || f->type == TYPE_NUMBER)
                other_limits(c, k, f, record);
            else
                wrong_words(c, k, f, record);
            if (lawful_kind(k) && !(f->flags & (READONLY | INPUT | MOVED)))
                save_refuses(c, &l, k, f);
            db_rollback(c);
            testdb_forget(c);
        }
}

/* --- two at once ------------------------------------------------------------------------------------------ */

static void stale_versions_are_refused(void **state)
{
    struct ctx *c = world(state);
    struct luck l = {.state = 123456789, .number = 300000};
    for (size_t i = 0; i < nkinds; i++) {
        const struct kind *k = kinds[i];
        struct problems p;
        if (!lawful_kind(k))
            continue;
        must(c, db_begin(c, DB_WRITE), "begin");
        struct row *first = lawful_record(c, &l, k);
        must_save(c, k, first);
        struct row *second = record_find(c, k, first->id, 0);
        if (!lawful_change(c, &l, k, first) || !lawful_change(c, &l, k, second))
            fail_msg("%s has nothing to change", k->name);
        must_save(c, k, first);
        must(c, db_commit(c), k->name);
        problems_start(&p, c);
        assert_false(record_save(c, k, second, &p));
        assert_int_equal(c->err.code, ERR_CONFLICT);
        testdb_forget(c);
        must(c, db_begin(c, DB_READ), "begin");
        must_equal(k, first, record_find(c, k, first->id, 0), "after a stale save");
        must(c, db_commit(c), k->name);
        assert_false(record_remove(c, k, first->id, first->version - 1, &p));
        assert_int_equal(c->err.code, ERR_CONFLICT);
        testdb_forget(c);
    }
}

struct writer {
    struct ctx *c;
    const struct kind *kind;
    struct row *record;
    atomic_int *ready;
    bool saved;
    enum err_code code;
};

static void *write_once(void *arg)
{
    struct writer *w = arg;
    struct problems p;
    problems_start(&p, w->c);
    atomic_fetch_add(w->ready, 1);
    while (atomic_load(w->ready) < 2)
        sched_yield();
    w->saved = record_save(w->c, w->kind, w->record, &p);
    w->code = w->c->err.code;
    testdb_forget(w->c);
    return NULL;
}

static void race(struct ctx *const sessions[2], struct luck *l, const struct kind *k, int64_t id)
{
    atomic_int ready = 0;
    struct writer w[2];
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) {
        must(sessions[i], db_begin(sessions[i], DB_READ), "begin");
        w[i] = (struct writer){.c = sessions[i], .kind = k, .record = record_find(sessions[i], k, id, 0), .ready = &ready};
        must(sessions[i], w[i].record && lawful_change(sessions[i], l, k, w[i].record), k->name);
        must(sessions[i], db_commit(sessions[i]), k->name);
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_once, &w[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    if (w[0].saved == w[1].saved || w[w[0].saved].code != ERR_CONFLICT)
        fail_msg("%s: both %s, codes %d and %d", k->name, w[0].saved ? "saved" : "refused", (int)w[0].code, (int)w[1].code);
    struct ctx *c = sessions[0];
    must(c, db_begin(c, DB_READ), "begin");
    struct row *now = record_find(c, k, id, 0);
    must_equal(k, w[w[1].saved].record, now, "with what the winner wrote");
    must_be_entry(c, k, now, "change", entry_of(c, k, id).before, entry_of(c, k, id).after);
    must(c, db_commit(c), k->name);
}

static void one_of_two_wins(void **state)
{
    struct ctx *c = world(state), *other = testdb_again(c);
    struct luck l = {.state = 987654321, .number = 400000};
    other->model = c->model;
    other->actor = c->actor;
    struct ctx *const sessions[2] = {c, other};
    for (size_t i = 0; i < nkinds; i++) {
        const struct kind *k = kinds[i];
        if (!lawful_kind(k))
            continue;
        must(c, db_begin(c, DB_WRITE), "begin");
        struct row *row = lawful_record(c, &l, k);
        must_save(c, k, row);
        must(c, db_commit(c), k->name);
        for (int n = 0; n < (k == &setting_kind ? 200 : 5); n++)
            race(sessions, &l, k, row->id);
    }
    testdb_close(other);
}

/* --- what is secret --------------------------------------------------------------------------------------- */

static void secrets_do_not_leave(void **state)
{
    struct ctx *c = world(state);
    struct luck l = {.state = 42, .number = 500000};
    size_t found = 0;
    for (size_t i = 0; i < nkinds; i++)
        for (size_t j = 0; j < kinds[i]->nfields; j++) {
            const struct kind *k = kinds[i];
            const struct field *f = &k->fields[j];
            if (!(f->flags & SECRET))
                continue;
            found++;
            must(c, db_begin(c, DB_WRITE), "begin");
            struct row *row = lawful_record(c, &l, k);
            field_set(f, row, value_text("CANARY-ONE"));
            must_save(c, k, row);
            field_set(f, row, value_text("CANARY-TWO"));
            must_save(c, k, row);
            assert_int_equal(db_one_int(c, "SELECT count(*) FROM audit WHERE before LIKE '%CANARY%' OR after LIKE '%CANARY%' OR note LIKE '%CANARY%'"), 0);
            struct filter filter = {.kind = k};
            assert_false(filter_set(c, &filter, f->name, "CANARY-TWO"));
            testdb_forget(c);
            assert_false(filter_set(c, &filter, "sort", f->name));
            testdb_forget(c);
            db_rollback(c);
        }
    assert_true(found > 0);
}

/* What the program writes by itself is not written by hand, not even by the operator. */
static void computed_kinds_are_not_written_by_hand(void **state)
{
    struct ctx *c = world(state);
    struct problems p;
    problems_start(&p, c);
    must(c, db_begin(c, DB_READ), "begin");
    int64_t id = db_one_int(c, "SELECT max(id) FROM unit_state WHERE removed_at = 0");
    struct row *kept = record_find(c, &unit_state_kind, id, 0), *row = copy_of(c, &unit_state_kind, kept);
    must(c, db_commit(c), "state");
    field_set(field_need(&unit_state_kind, "name"), row, value_text("Another name"));
    assert_false(record_save(c, &unit_state_kind, row, &p));
    assert_int_equal(c->err.code, ERR_DENIED);
    testdb_forget(c);
    row->id = row->version = 0;
    assert_false(record_save(c, &unit_state_kind, row, &p));
    assert_int_equal(c->err.code, ERR_DENIED);
    testdb_forget(c);
    assert_false(record_remove(c, &unit_state_kind, id, 0, &p));
    testdb_forget(c);
    must(c, db_begin(c, DB_READ), "begin");
    must_equal(&unit_state_kind, kept, record_find(c, &unit_state_kind, id, 0), "after it was refused");
    must(c, db_commit(c), "state");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_kept_as_they_are),
        cmocka_unit_test(removing_and_restoring),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(stale_versions_are_refused),
        cmocka_unit_test(one_of_two_wins),
        cmocka_unit_test(secrets_do_not_leave),
        cmocka_unit_test(computed_kinds_are_not_written_by_hand),
    };
    int bad = _cmocka_run_group_tests("records", tests, N(tests), open_world, close_world);
    printf("%zu passed, %d failed\n", N(tests) - (size_t)bad, bad);
    return bad != 0;
}
