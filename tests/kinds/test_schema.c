/* What kinds declare, and the schema that follows: faults that the compiler cannot see are found, every key begins with the shard, there
 * are no triggers, and a difference to the database is found and made good. */
#include "small.h"

#include "model/schema.h"
#include "t.h"

/* --- declarations: each of these kinds has one fault ------------------------------------------------------ */

enum planted_state { PLANTED_NONE, PLANTED_OPEN, PLANTED_DONE };
static const struct word planted_state_words[] = {{NULL, {"", ""}}, {"open", {"Mở", "Open"}}, {"done", {"Xong", "Done"}}};
static const struct word planted_twice_words[] = {{NULL, {"", ""}}, {"open", {"Mở", "Open"}}, {"open", {"Xong", "Done"}}};
COMPLETE(planted_state, PLANTED_DONE);

struct planted {
    struct row row;
    text name, other;
    day since, until;
    enum planted_state state;
    number size;
    unit_id place;
};

#define NAME TEXT(planted, name, .label = {"Tên", "Name"}, .flags = REQUIRED)
#define OTHER_TEXT TEXT(planted, other, .label = {"Khác", "Other"})
#define SINCE DAY(planted, since, .label = {"Từ", "Since"})
#define UNTIL_DAY DAY(planted, until, .label = {"Đến", "Until"}, .flags = UNTIL)
#define STATE ENUM(planted, state, planted_state, .label = {"Tình trạng", "State"})
#define SIZE NUMBER(planted, size, .label = {"Cỡ", "Size"})
#define PLACE REF(planted, place, unit, .label = {"Nơi", "Place"})
#define ALL_BUT_NAME OTHER_TEXT, SINCE, UNTIL_DAY, STATE, SIZE, PLACE

/* Written out where the macros and the compiler would refuse. */
#define BY_HAND(M, T, ...) {.type = T, .offset = offsetof(struct planted, M), __VA_ARGS__}

static const struct kind unlisted = {.name = "unlisted", .where = "unit"};
static const struct field sound[] = {NAME, ALL_BUT_NAME};
static const struct field undeclared[] = {NAME, SINCE, UNTIL_DAY, STATE, SIZE, PLACE};
static const struct field undeclared_last[] = {NAME, OTHER_TEXT, SINCE, UNTIL_DAY, STATE, SIZE};
static const struct field unlawful[] = {BY_HAND(name, TYPE_TEXT, .label = {"Tên", "Name"}, .name = "tên"), ALL_BUT_NAME};
static const struct field quoted[] = {BY_HAND(name, TYPE_TEXT, .label = {"Tên", "Name"}, .name = "na\"me"), ALL_BUT_NAME};
static const struct field envelope[] = {BY_HAND(name, TYPE_TEXT, .label = {"Tên", "Name"}, .name = "shard"), ALL_BUT_NAME};
static const struct field twice[] = {NAME, BY_HAND(other, TYPE_TEXT, .label = {"Khác", "Other"}, .name = "name"), SINCE, UNTIL_DAY, STATE, SIZE, PLACE};
static const struct field one_language[] = {TEXT(planted, name, .label = {"Tên", NULL}), ALL_BUT_NAME};
static const struct field no_kind[] = {NAME, OTHER_TEXT, SINCE, UNTIL_DAY, STATE, SIZE, BY_HAND(place, TYPE_REF, .label = {"Nơi", "Place"}, .name = "place", .to = &unlisted)};
static const struct field same_words[] = {NAME, OTHER_TEXT, SINCE, UNTIL_DAY, SIZE, PLACE,
                                          BY_HAND(state, TYPE_ENUM, .label = {"Tình trạng", "State"}, .name = "state", .words = planted_twice_words, .nwords = N(planted_twice_words))};
static const struct field two_unique[] = {TEXT(planted, name, .label = {"Tên", "Name"}, .flags = UNIQUE),
                                          TEXT(planted, other, .label = {"Khác", "Other"}, .flags = UNIQUE), SINCE, UNTIL_DAY, STATE, SIZE, PLACE};
static const struct field unique_number[] = {NAME, OTHER_TEXT, SINCE, UNTIL_DAY, STATE, PLACE, NUMBER(planted, size, .label = {"Cỡ", "Size"}, .flags = UNIQUE)};
static const struct field until_text[] = {NAME, TEXT(planted, other, .label = {"Khác", "Other"}, .flags = UNTIL), SINCE, UNTIL_DAY, STATE, SIZE, PLACE};
static const struct field listed_secret[] = {NAME, TEXT(planted, other, .label = {"Khác", "Other"}, .flags = SECRET | LISTED), SINCE, UNTIL_DAY, STATE, SIZE, PLACE};
static const struct field moved[] = {NAME, OTHER_TEXT, SINCE, UNTIL_DAY, SIZE, PLACE, ENUM(planted, state, planted_state, .label = {"Tình trạng", "State"}, .flags = MOVED)};
static const struct field moved_text[] = {NAME, TEXT(planted, other, .label = {"Khác", "Other"}, .flags = MOVED), SINCE, UNTIL_DAY, STATE, SIZE, PLACE};
static const struct field open_until[] = {NAME, OTHER_TEXT, SINCE, DAY(planted, until, .label = {"Đến", "Until"}), STATE, SIZE, PLACE};

static const struct move good_moves[] = {{NULL, "open", 0}, {"open", "done", 0}};
static const struct move to_nowhere[] = {{NULL, "open", 0}, {"open", "finished", 0}};
static const struct move from_nowhere[] = {{NULL, "open", 0}, {"begun", "done", 0}};

#define PLANTED(F, ...) {.name = "planted", .label = {"Thử", "Try"}, .size = sizeof(struct planted), FIELDS(F), .where = "unit", __VA_ARGS__}

static const struct {
    const char *fault; /* NULL: none */
    struct kind kind;
} plants[] = {
    {NULL, PLANTED(sound, .title = "name")},
    {NULL, PLANTED(sound, .when = SPELL("since", "until"))},
    {NULL, PLANTED(moved, MOVES(good_moves))},
    {"undeclared member", PLANTED(undeclared, .title = NULL)},
    {"undeclared member", PLANTED(undeclared_last, .title = NULL)},
    {"lawful name", PLANTED(unlawful, .title = NULL)},
    {"lawful name", PLANTED(quoted, .title = NULL)},
    {"lawful name", {.name = "Planted", .size = sizeof(struct planted), FIELDS(sound), .where = "unit"}},
    {"envelope", PLANTED(envelope, .title = NULL)},
    {"declared twice", PLANTED(twice, .title = NULL)},
    {"both languages", PLANTED(one_language, .title = NULL)},
    {"not listed", PLANTED(no_kind, .title = NULL)},
    {"word of its own", PLANTED(same_words, .title = NULL)},
    {"more than one UNIQUE", PLANTED(two_unique, .title = NULL)},
    {"UNIQUE is for text", PLANTED(unique_number, .title = NULL)},
    {"UNTIL is for days", PLANTED(until_text, .title = NULL)},
    {"SECRET", PLANTED(listed_secret, .title = NULL)},
    {"MOVED is for", PLANTED(moved, .title = NULL)},
    {"MOVED is for", PLANTED(moved_text, MOVES(good_moves))},
    {"does not have", PLANTED(moved, MOVES(to_nowhere))},
    {"does not have", PLANTED(moved, MOVES(from_nowhere))},
    {"one MOVED", PLANTED(sound, MOVES(good_moves))},
    {"not declared", PLANTED(sound, .title = "title")},
    {"not declared", PLANTED(sound, .code = "code")},
    {"not declared", PLANTED(sound, .subject = "person")},
    {"are references", PLANTED(sound, .subject = "name")},
    {"are references", PLANTED(sound, .beside = "name")},
    {"where it counts", {.name = "planted", .size = sizeof(struct planted), FIELDS(sound)}},
    {"where it counts", {.name = "planted", .size = sizeof(struct planted), FIELDS(sound), .where = "name"}},
    {"first day", PLANTED(sound, .when = WHEN_SPELL, .from = "since")},
    {"first day", PLANTED(sound, .when = WHEN_EVENT)},
    {"first day", PLANTED(open_until, .when = SPELL("since", "until"))},
};

struct told {
    char text[4000];
    size_t n;
};

static void tell(void *to, const char *what)
{
    struct told *t = to;
    t->n++;
    size_t len = strlen(t->text);
    snprintf(t->text + len, sizeof t->text - len, "%s\n", what);
}

static void kinds_are_sound(void **state)
{
    (void)state;
    struct told t = {0};
    if (kinds_check(tell, &t))
        fail_msg("%s", t.text);
}

static void planted_faults_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < N(plants); i++) {
        struct told t = {0};
        size_t n = kind_check(&plants[i].kind, tell, &t);
        assert_int_equal(n, t.n);
        if (!plants[i].fault ? n != 0 : n == 0 || !strstr(t.text, plants[i].fault))
            fail_msg("plant %zu should give “%s”, gives: %s", i, plants[i].fault ? plants[i].fault : "nothing", t.text);
    }
}

/* --- the catalog of the database ------------------------------------------------------------------------- */

/* Tells each row of a catalog query; none is good. */
static void nothing_comes(struct rows *r, const char *what)
{
    char line[300] = "";
    if (rows_next(r))
        snprintf(line, sizeof line, "%s: %s %s", what, rows_text(r, 0), rows_columns(r) > 1 ? rows_text(r, 1) : "");
    rows_close(r);
    if (*line)
        fail_msg("%s", line);
}

static void keys_on_sqlite(struct ctx *c)
{
#define TABLES "FROM pragma_table_list t WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' "
    nothing_comes(db_query(c, "SELECT t.name, il.name FROM pragma_table_list t JOIN pragma_index_list(t.name) il JOIN pragma_index_info(il.name) ii "
                              "WHERE t.schema = 'main' AND t.type = 'table' AND il.\"unique\" = 1 AND ii.seqno = 0 AND ii.name <> 'shard'"),
                  "a key that does not begin with the shard");
    nothing_comes(db_query(c, "SELECT t.name " TABLES "AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) il WHERE il.origin = 'pk')"),
                  "a table without a key of several columns");
    nothing_comes(db_query(c, "SELECT t.name, f.\"from\" FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f WHERE t.schema = 'main' AND f.seq = 0 "
                              "AND f.\"from\" <> 'shard'"),
                  "a foreign key that does not begin with the shard");
    nothing_comes(db_query(c, "SELECT name FROM sqlite_schema WHERE type = 'trigger'"), "a trigger");
    nothing_comes(db_query(c, "SELECT name FROM sqlite_schema WHERE type = 'view'"), "a view");
    assert_true(db_one_int(c, "SELECT count(*) " TABLES) > (int64_t)nkinds);
#undef TABLES
}

static void keys_on_postgres(struct ctx *c)
{
#define OURS "t.relnamespace = current_schema()::regnamespace "
    nothing_comes(db_query(c, "SELECT t.relname::text, i.relname::text FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid "
                              "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0] WHERE x.indisunique AND a.attname <> 'shard' AND " OURS),
                  "a key that does not begin with the shard");
    nothing_comes(db_query(c, "SELECT t.relname::text FROM pg_class t WHERE t.relkind IN ('r', 'p') AND " OURS
                              "AND NOT EXISTS (SELECT 1 FROM pg_index x WHERE x.indrelid = t.oid AND x.indisprimary)"),
                  "a table without a key");
    nothing_comes(db_query(c, "SELECT t.relname::text, o.conname::text FROM pg_constraint o JOIN pg_class t ON t.oid = o.conrelid JOIN pg_attribute a "
                              "ON a.attrelid = t.oid AND a.attnum = o.conkey[1] WHERE o.contype = 'f' AND a.attname <> 'shard' AND " OURS),
                  "a foreign key that does not begin with the shard");
    nothing_comes(db_query(c, "SELECT g.tgname::text FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid WHERE NOT g.tgisinternal AND " OURS), "a trigger");
    nothing_comes(db_query(c, "SELECT t.relname::text FROM pg_class t WHERE t.relkind IN ('v', 'm', 'S') AND " OURS), "a view or a sequence");
    assert_true(db_one_int(c, "SELECT count(*) FROM pg_class t WHERE t.relkind = 'r' AND " OURS) > (int64_t)nkinds);
#undef OURS
}

static void keys_begin_with_the_shard(void **state)
{
    (void)state;
    struct ctx *c = small_open();
    assert_true(db_begin(c, DB_READ));
    if (db_engine(c) == DB_SQLITE)
        keys_on_sqlite(c);
    else
        keys_on_postgres(c);
    db_commit(c);
    assert_false(failed(c));
    small_close(c);
}

/* --- the difference ---------------------------------------------------------------------------------------- */

static size_t difference(struct ctx *c, struct told *t)
{
    *t = (struct told){0};
    assert_true(db_begin(c, DB_READ));
    size_t n = schema_difference(c, tell, t);
    assert_true(db_commit(c));
    assert_int_equal(n, t->n);
    return n;
}

static void must_run(struct ctx *c, int which)
{
    assert_true(db_begin(c, DB_WRITE));
    if (which == 0)
        db_run(c, "ALTER TABLE duty DROP COLUMN content");
    if (which == 1)
        db_run(c, "DROP TABLE spell");
    if (which == 2)
        db_run(c, "DROP INDEX ix_term_ofunitsince");
    if (which == 3)
        db_run(c, "CREATE INDEX ix_person_partsortkeyidunitremovedatfold ON person (part, sort_key, id, unit, removed_at, fold)"); /* as it was once */
    if (which == 4)
        db_run(c, "CREATE INDEX ix_person_id ON person (id)");
    if (which == 5)
        db_run(c, "ALTER TABLE duty ADD COLUMN from_elsewhere TEXT");
    if (!db_commit(c))
        fail_msg("%s", c->err.text);
}

static void a_difference_is_found_and_made_good(void **state)
{
    (void)state;
    static const char *const finds[] = {"ALTER TABLE \"duty\" ADD COLUMN \"content\"", "CREATE TABLE \"spell\"", "CREATE INDEX \"ix_term_ofunitsince\"",
                                        "DROP INDEX \"ix_person_partsortkeyidunitremovedatfold\"", "DROP INDEX \"ix_person_id\"", NULL};
    struct ctx *c = small_open();
    struct told t;
    if (difference(c, &t))
        fail_msg("%s", t.text);
    for (int i = 0; i < (int)N(finds); i++) {
        must_run(c, i);
        size_t n = difference(c, &t);
        if (finds[i] ? n == 0 || !strstr(t.text, finds[i]) : n != 0)
            fail_msg("fault %d: %s", i, t.text);
        assert_true(schema_apply(c));
        if (difference(c, &t))
            fail_msg("fault %d is still there: %s", i, t.text);
    }
    put(c, &unit_kind, "code", "A", "name", "Unit A", "type", "cell", NULL);
    put(c, &person_kind, "code", "P", "name", "Ai Đó", "cell", "A", "admitted_on", "03/02/2005", NULL);
    put(c, &spell_kind, "person", "P", "sort", "exempt", "since", "01/02/2020", NULL);
    put(c, &duty_kind, "person", "P", "by_unit", "A", "sort", "households", "households", "Tổ 3", "content", "Nội dung", NULL);
    small_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_sound),
        cmocka_unit_test(planted_faults_are_found),
        cmocka_unit_test(keys_begin_with_the_shard),
        cmocka_unit_test(a_difference_is_found_and_made_good),
    };
    return t_run("schema", tests, N(tests));
}
