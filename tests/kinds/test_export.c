/* Taking out, and bringing back the same. */
#include "world.h"

#include "base/str.h"
#include "fmt/json.h"

static void put(struct ctx *c, const struct kind *k, const char *const *pairs)
{
    struct row *row = arena_alloc(&c->arena, k->size);
    for (; pairs[0]; pairs += 2) {
        const char *why = type_parse(c, field_need(k, pairs[0]), value_text(pairs[1]), row);
        if (why)
            fail_msg("%s", why);
    }
    world_must(c, record_must_save(c, k, row));
}
#define PUT(c, K, ...) put(c, &K##_kind, (const char *const[]){__VA_ARGS__, NULL})

/* A register with all that is hard: mergers, a transfer on its way, canaries, blanks. */
static void live_a_little(struct ctx *c)
{
    world_units(c);
    world_must(c, db_begin(c, DB_WRITE));
    PUT(c, term, "name", "2020–2025", "of_unit", "DU", "congress", "26", "since", "01/07/2020", "until", "01/06/2025");
    PUT(c, person, "name", "=HYPERLINK(\"x\")", "code", "+1", "cell", "CB1", "admitted_on", "03/02/2005", "note", "'=1+1", "residence", "@home, \"số 1\"; thôn 2");
    PUT(c, person, "name", "Nguyễn Thị Hòa", "code", "M2", "sex", "Nữ", "cell", "CB2", "admitted_on", "03/02/2005", "official_on", "03/02/2006", "born", "1970", "cccd",
        "001170000123", "ethnicity", "Tày", "died_on", "05/2024");
    PUT(c, person, "name", "Trần Văn Ba", "code", "M3", "cell", "CB3", "born", "15/08/1890", "youth_on", "26/03/1945");
    PUT(c, person, "name", "Lê Văn Tư", "code", "M4", "cell", "CB3", "admitted_on", "03/02/2010", "phone", "0912345678");
    PUT(c, membership, "person", "M2", "cell", "CB1", "stay", "temporary", "since", "01/01/2015", "until", "01/06/2015", "ended", "transferred_out");
    PUT(c, spell, "person", "M2", "sort", "exempt", "since", "01/01/2020");
    PUT(c, appointment, "person", "M2", "office", "Bí thư chi bộ", "at_unit", "CB2", "since", "01/01/2018", "until", "01/01/2019");
    PUT(c, appointment, "person", "M4", "office", "Bí thư chi bộ", "at_unit", "CB3");
    PUT(c, duty, "person", "M2", "by_unit", "DU", "sort", "households", "households", "Tổ 3: 12 hộ");
    struct row *stay = record_find(c, &membership_kind, db_one_int(c, "SELECT m.id FROM membership m JOIN person p ON p.id = m.person WHERE p.code = 'M4'"), 0);
    world_must(c, stay && !type_parse(c, field_need(&membership_kind, "sent_to"), value_text("CB1"), stay));
    world_must(c, !type_parse(c, field_need(&membership_kind, "sent_on"), value_text("01/02/2025"), stay));
    world_must(c, record_must_save(c, &membership_kind, stay));
    PUT(c, unit_change, "number", "01-QĐ/DU", "decided_on", "01/03/2025", "effective_on", "01/04/2025", "decided_by", "Đảng ủy xã", "act", "merge", "units", "CB2; CB3", "into",
        "CB23", "new_name", "Chi bộ thôn 2-3");
    PUT(c, unit_change, "number", "02-QĐ/DU", "decided_on", "01/03/2025", "effective_on", "01/05/2025", "decided_by", "Đảng ủy xã", "act", "rename", "units", "CB1", "new_name",
        "Chi bộ khu 1");
    world_must(c, db_commit(c));
}

static bool brought_back(const struct kind *k)
{
    return !(k->flags & SYSTEM);
}

static void export_all(struct ctx *c, const char *ending, enum export_format format)
{
    for (size_t i = 0; i < nkinds; i++) {
        if (!brought_back(kinds[i]))
            continue;
        char name[80];
        snprintf(name, sizeof name, "%s.%s", kinds[i]->name, ending);
        struct filter f = {.kind = kinds[i], .all_times = true};
        int64_t n = export_records(c, &f, &(struct export_options){.format = format, .path = world_path(name)});
        world_must(c, n >= 0);
    }
}

static void import_all(struct ctx *c, const char *ending)
{
    for (size_t i = 0; i < nkinds; i++) {
        if (!brought_back(kinds[i]))
            continue;
        char name[80];
        struct import_result r;
        struct filter f = {.kind = kinds[i]};
        (void)f;
        snprintf(name, sizeof name, "%s.%s", kinds[i]->name, ending);
        bool ok = import_file(c, kinds[i], world_path(name), &(struct import_options){0}, &r);
        for (size_t j = 0; j < r.nerrors && !ok; j++)
            print_error("%s row %lld %s: %s\n", kinds[i]->name, (long long)r.errors[j].row, r.errors[j].column ? r.errors[j].column : "", r.errors[j].text);
        world_must(c, ok);
    }
}

static void a_register_comes_back_whole(void **state)
{
    (void)state;
    static const char *const endings[] = {"csv", "xlsx"};
    static const enum lang langs[] = {LANG_VI, LANG_EN};
    struct ctx *c = world_open();
    live_a_little(c);
    const char *before = world_hash(c);
    int64_t stays = db_one_int(c, "SELECT count(*) FROM membership WHERE removed_at = 0");
    for (size_t i = 0; i < N(endings); i++) {
        c->lang = langs[i];
        export_all(c, endings[i], i ? EXPORT_XLSX : EXPORT_CSV);
        import_all(c, endings[i]); /* into itself: nothing changes */
        assert_string_equal(world_hash(c), before);
        struct ctx *d = world_open();
        d->lang = langs[1 - i];
        import_all(d, endings[i]);
        assert_int_equal(tree_faults(d), 0);
        assert_int_equal(db_one_int(d, "SELECT count(*) FROM membership WHERE removed_at = 0"), stays);
        if (strcmp(world_hash(d), before) != 0) {
            export_all(c, "a.json", EXPORT_JSON);
            export_all(d, "b.json", EXPORT_JSON);
            fail_msg("not the same: compare the files in %s", world_path(""));
        }
        world_close(d);
    }
    world_close(c);
}

static void text_is_never_a_formula(void **state)
{
    (void)state;
    struct ctx *c = world_open();
    live_a_little(c);
    struct buf b = {0};
    struct filter f = {.kind = &person_kind, .all_times = true};
    assert_int_equal(export_records(c, &f, &(struct export_options){.format = EXPORT_CSV, .to = &b}), 4);
    assert_true(str_starts(buf_text(&b), "\xEF\xBB\xBF" "id,Đơn vị quản lý,Mã hồ sơ,Họ và tên,"));
    assert_non_null(strstr(buf_text(&b), ",\"'=HYPERLINK(\"\"x\"\")\","));
    assert_non_null(strstr(buf_text(&b), "\"'@home, \"\"số 1\"\"; thôn 2\""));
    assert_null(strstr(buf_text(&b), ",="));
    assert_null(strstr(buf_text(&b), ",@"));
    buf_free(&b);
    world_close(c);
}

static void json_holds_codes_and_days(void **state)
{
    (void)state;
    struct ctx *c = world_open();
    live_a_little(c);
    struct buf b = {0};
    struct filter f = {.kind = &person_kind, .all_times = true};
    assert_true(filter_set(c, &f, "code", "M2"));
    assert_int_equal(export_records(c, &f, &(struct export_options){.format = EXPORT_JSON, .to = &b}), 1);
    json_t *list = json_read(c, buf_text(&b), b.n);
    world_must(c, json_array_size(list) == 1);
    json_t *one = json_array_get(list, 0);
    assert_string_equal(json_string_value(json_object_get(one, "unit")), "CB23");
    assert_string_equal(json_string_value(json_object_get(one, "sex")), "female");
    assert_string_equal(json_string_value(json_object_get(one, "born")), "1970");
    assert_string_equal(json_string_value(json_object_get(one, "died_on")), "2024-05");
    assert_string_equal(json_string_value(json_object_get(one, "admitted_on")), "2005-02-03");
    assert_true(json_is_null(json_object_get(one, "email")));
    json_decref(list);
    buf_free(&b);
    world_close(c);
}

static void exports_are_noted_and_need_their_right(void **state)
{
    (void)state;
    struct ctx *c = world_open();
    live_a_little(c);
    struct buf b = {0};
    struct filter f = {.kind = &person_kind, .all_times = true};
    int64_t n = export_records(c, &f, &(struct export_options){.format = EXPORT_CSV, .to = &b, .reason = "báo cáo quý"});
    struct rows *r = db_query(c, "SELECT note FROM audit WHERE act = 'export' AND kind = 'person'");
    assert_true(rows_next(r));
    assert_non_null(strstr(rows_text(r, 0), "báo cáo quý"));
    assert_non_null(strstr(rows_text(r, 0), arena_printf(&c->arena, "%lld", (long long)n)));
    rows_close(r);
    struct right right = {.unit = db_one_int(c, "SELECT id FROM unit WHERE code = 'CB1'"), .subtree = true, .kinds = kind_bit("person"), .acts = ACT_READ};
    const struct actor reader = {.login = "reader", .rights = &right, .nrights = 1}, *operator = c->actor;
    c->actor = &reader;
    buf_clear(&b);
    assert_int_equal(export_records(c, &f, &(struct export_options){.format = EXPORT_CSV, .to = &b}), -1);
    assert_int_equal(c->err.code, ERR_DENIED);
    testdb_forget(c);
    right.acts = ACT_READ | ACT_EXPORT;
    assert_int_equal(export_records(c, &f, &(struct export_options){.format = EXPORT_CSV, .to = &b}), 1);
    c->actor = operator;
    buf_free(&b);
    world_close(c);
}

static void a_template_filled_in_is_an_import(void **state)
{
    (void)state;
    struct ctx *c = world_open();
    world_units(c);
    for (size_t i = 0; i < nkinds; i++) {
        if (kinds[i]->flags & COMPUTED)
            continue;
        for (int lang = 0; lang < 2; lang++) {
            c->lang = (enum lang)lang;
            struct import_result r;
            world_must(c, export_template(c, kinds[i], EXPORT_XLSX, world_path("t.xlsx")));
            world_must(c, export_template(c, kinds[i], EXPORT_CSV, world_path("t.csv")));
            import_file(c, kinds[i], world_path("t.xlsx"), &(struct import_options){.dry_run = true}, &r);
            world_must(c, !r.ignored && r.read == 0 && r.bad == 0);
            import_file(c, kinds[i], world_path("t.csv"), &(struct import_options){.dry_run = true}, &r);
            world_must(c, !r.ignored && r.read == 0 && r.bad == 0);
        }
    }
    struct table_in *t = table_open(c, world_path("t.xlsx"), &(struct table_options){.sheet = 2});
    struct table_row row;
    assert_string_equal(table_sheet(t), "Guide");
    assert_true(table_next(t, &row));
    table_close(t);
    world_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_register_comes_back_whole),
        cmocka_unit_test(text_is_never_a_formula),
        cmocka_unit_test(json_holds_codes_and_days),
        cmocka_unit_test(exports_are_noted_and_need_their_right),
        cmocka_unit_test(a_template_filled_in_is_an_import),
    };
    int bad = t_run("export", tests, N(tests));
    if (!bad)
        world_end();
    return bad;
}
