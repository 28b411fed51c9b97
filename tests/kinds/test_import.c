/* Bringing registers in: heads, encodings, errors by row and column, duplicates, all or good rows, undo. */
#include "world.h"

#include "base/crypt.h"
#include "base/str.h"
#include "party/verbs.h"

static struct import_result run(struct ctx *c, const struct kind *k, const char *path, struct import_options o)
{
    struct import_result r;
    o.note = import_batch_note;
    import_file(c, k, path, &o, &r);
    if (failed(c))
        print_error("import: %s\n", c->err.text);
    return r;
}

static struct import_result take(struct ctx *c, const struct kind *k, const char *path)
{
    struct import_result r = run(c, k, path, (struct import_options){0});
    for (size_t i = 0; i < r.nerrors && !r.committed; i++)
        print_error("row %lld %s: %s\n", (long long)r.errors[i].row, r.errors[i].column ? r.errors[i].column : "", r.errors[i].text);
    world_must(c, r.committed);
    return r;
}

static const struct import_error *error_at(const struct import_result *r, int64_t row, const char *column)
{
    for (size_t i = 0; i < r->nerrors; i++)
        if (r->errors[i].row == row && (!column || str_same(r->errors[i].column, column)))
            return &r->errors[i];
    fail_msg("no error at row %lld, column %s", (long long)row, column ? column : "");
    return NULL;
}

static int64_t people(struct ctx *c)
{
    return db_one_int(c, "SELECT count(*) FROM person WHERE removed_at = 0");
}

static const char *text_of(struct ctx *c, const struct kind *k, const char *code, const char *field)
{
    world_must(c, db_begin(c, DB_READ));
    void *record = record_by_code(c, k, code, 0);
    const char *s = record ? type_plain(c, field_need(k, field), record) : "(no record)";
    db_commit(c);
    return s ? s : "";
}

/* Every row of every table of the program. */
static const char *tables_hash(struct ctx *c)
{
    struct hash_state h;
    unsigned char raw[HASH_BYTES];
    char *hex = arena_alloc(&c->arena, HASH_HEX);
    struct db_column *cols;
    size_t n = db_columns(c, &cols);
    hash_begin(&h);
    for (size_t i = 0; i < n; i++) {
        if (i && strcmp(cols[i].table, cols[i - 1].table) == 0)
            continue;
        struct sql q = sql_new(c);
        sql_add(&q, "SELECT * FROM ");
        sql_name(&q, cols[i].table);
        sql_add(&q, " ORDER BY 1, 2, 3");
        struct rows *r = sql_query(&q);
        while (rows_next(r))
            for (int j = 0; j < rows_columns(r); j++) {
                const char *s = rows_text(r, j);
                hash_add(&h, s ? s : "\1", s ? strlen(s) + 1 : 1);
            }
    }
    hash_end(&h, raw);
    hash_hex(raw, hex);
    world_must(c, n > 50);
    return hex;
}

static struct ctx *opened(void)
{
    struct ctx *c = world_open();
    world_units(c);
    return c;
}

static void the_head_is_found_below_titles(void **state)
{
    (void)state;
    struct ctx *c = opened();
    struct import_result r = take(c, &person_kind, world_text("title.csv",
        "ĐẢNG BỘ XÃ NAM TRỰC,,,,,\n"
        ",,DANH SÁCH ĐẢNG VIÊN,,,\n"
        "\n"
        "STT,Họ và tên (in hoa),Ngày sinh,,Ngày kết nạp,Mã chi bộ\n"
        ",,Nam,Nữ,,\n"
        "1,2,3,4,5,6\n"
        "1,NGUYỄN VĂN ĐỨC,27/03/1970,,03/02/1995,CB1\n"
        "2,TRẦN THỊ HÒA,,1975,19/5/1999,Chi bộ thôn 2\n"
        "Chi bộ thôn 3,,,,,\n"
        "3,LÊ VĂN BA,8/1980,,02.09.2004,CB3\n"
        ",,Người lập biểu,,,\n"));
    assert_int_equal(r.read, 3);
    assert_int_equal(r.saved, 3);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM person WHERE sex = 'male' AND born IN (19700327, 19800800)"), 2);
    assert_int_equal(db_one_int(c, "SELECT born FROM person WHERE name = $1 AND sex = 'female'", V("TRẦN THỊ HÒA")), 19750000);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM membership m JOIN unit u ON u.id = m.unit WHERE u.code = 'CB2' AND m.since = 20000101"), 1);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM person WHERE standing = 'member'"), 3);
    world_close(c);
}

static void names_in_two_columns_are_joined(void **state)
{
    (void)state;
    struct ctx *c = opened();
    take(c, &person_kind, world_text("two.csv", "TT;Họ và đệm;Tên;Nữ;Chi bộ\n1;Nguyễn Văn;Đức;;CB1\n2;Trần Thị;Hòa;x;CB1\n"));
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM person WHERE name = $1 AND sex = 'male'", V("Nguyễn Văn Đức")), 1);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM person WHERE name = $1 AND sex = 'female'", V("Trần Thị Hòa")), 1);
    take(c, &person_kind, world_text("merged.csv", "TT;Họ và tên;;Chi bộ\n1;Lê Văn;Ba;CB1\n2;Đỗ Thị;Tư;CB1\n"));
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM person WHERE name = $1", V("Đỗ Thị Tư")), 1);
    world_close(c);
}

static void old_encodings_are_read(void **state)
{
    (void)state;
    struct ctx *c = opened();
    take(c, &person_kind, world_text("nfd.csv", "Họ và tên,Chi bộ\nNguyễn Văn Đức,CB1\n"));
    static const char tcvn[] = "Hä vµ tªn,Chi bé\nNguyÔn V¨n Ba,CB1\nTrÇn ThÞ Hoµ,CB1\nNguyÔn ThÞ Hång,CB1\nLª V¨n §øc,CB1\n";
    char latin[400];
    size_t n = 0;
    for (const char *s = tcvn; *s;) { /* the letters stand for the bytes of the old font */
        uint32_t cp;
        s += utf8_next(s, strlen(s), &cp);
        latin[n++] = (char)(unsigned char)cp;
    }
    struct import_result r = take(c, &person_kind, world_file("tcvn.csv", latin, n));
    assert_non_null(r.encoding);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM person WHERE name = $1", V("Lê Văn Đức")), 1);
    static const char vni[] = "Hoï vaø teân,Chi boä\nNguyeãn Vaên Baûy,CB1\nTraàn Thò Saùu,CB1\nLeâ Ñöùc Thònh,CB1\n";
    n = 0;
    for (const char *s = vni; *s;) {
        uint32_t cp;
        s += utf8_next(s, strlen(s), &cp);
        latin[n++] = (char)(unsigned char)cp;
    }
    take(c, &person_kind, world_file("vni.csv", latin, n));
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM person WHERE name = $1", V("Nguyễn Văn Bảy")), 1);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM person WHERE name = $1", V("Nguyễn Văn Đức")), 1);
    world_close(c);
}

static const char *const bad_rows =
    "Mã hồ sơ,Họ và tên,Giới tính,Ngày sinh,Ngày vào Đảng,Ngày chính thức,Mã chi bộ,Số thẻ\n"
    "A1,Nguyễn Văn Một,Nam,01/02/1970,03/02/1995,03/02/1996,CB1,10000001\n"
    "A2,Nguyễn Văn Hai,Nam,31/02/1990,03/02/2012,,CB1,10000002\n"
    "A3,,Nam,01/02/1971,03/02/1995,,CB1,10000003\n"
    "A4,Nguyễn Văn Bốn,Trai,01/02/1972,03/02/1995,,CB9,10000004\n"
    "A5,Nguyễn Văn Năm,Nam,01/02/1973,03/02/1996,03/02/1995,CB1,10000005\n"
    "A6,Nguyễn Văn Sáu,Nam,01/02/1974,03/02/1995,,DU,10000006\n"
    "A7,Nguyễn Văn Một,Nam,01/02/1970,03/02/1995,,CB2,10000007\n"
    "A8,Nguyễn Văn Tám,Nam,01/02/1976,03/02/1995,,CB2,10000001\n"
    "A1,Nguyễn Văn Chín,Nữ,01/02/1977,03/02/1995,,CB2,10000009\n"
    "B1,Nguyễn Văn Mười,Nam,01/02/1978,03/02/1995,,CB2,10000010\n";

static void errors_name_row_and_column(void **state)
{
    (void)state;
    struct ctx *c = opened();
    struct import_result r = run(c, &person_kind, world_text("bad.csv", bad_rows), (struct import_options){0});
    assert_false(r.committed);
    assert_int_equal(people(c), 0);
    assert_int_equal(r.read, 10);
    assert_non_null(strstr(error_at(&r, 3, "D")->text, "31/02/1990"));
    assert_string_equal(error_at(&r, 3, "D")->head, "Ngày sinh");
    error_at(&r, 4, "B");
    assert_non_null(strstr(error_at(&r, 5, "C")->text, "Trai"));
    assert_non_null(strstr(error_at(&r, 5, "G")->text, "CB9"));
    error_at(&r, 6, "F");
    assert_non_null(strstr(error_at(&r, 10, "A")->text, "dòng 2"));
    error_at(&r, 7, "G");
    assert_non_null(strstr(error_at(&r, 8, "B")->text, "dòng 2"));
    assert_non_null(strstr(error_at(&r, 9, "H")->text, "dòng 2"));
    assert_int_equal(r.bad, 8);
    world_close(c);
}

static void good_rows_are_saved_and_the_bad_told_in_a_file(void **state)
{
    (void)state;
    struct ctx *c = opened();
    const char *path = world_text("bad.csv", bad_rows), *names[] = {"errors.csv", "errors.xlsx"};
    for (int i = 0; i < 2; i++) {
        const char *out = world_path(names[i]);
        struct import_result r = run(c, &person_kind, path, (struct import_options){.good_rows = true, .errors_to = out});
        assert_true(r.committed);
        assert_int_equal(r.bad, 8);
        assert_int_equal(people(c), 2);
        struct table_in *t = table_open(c, out, NULL);
        struct table_row row;
        assert_true(table_next(t, &row));
        assert_string_equal(table_at(&row, 8).s, "Lỗi");
        int n = 0;
        while (table_next(t, &row)) {
            assert_true(strlen(table_at(&row, 8).s) > 10);
            n++;
        }
        table_close(t);
        assert_int_equal(n, 8);
    }
    assert_string_equal(text_of(c, &person_kind, "A1", "name"), "Nguyễn Văn Một");
    world_close(c);
}

static void nobody_is_at_home_in_two_cells(void **state)
{
    (void)state;
    struct ctx *c = opened();
    world_member(c, "M1", "Nguyễn Văn Một", "CB1");
    struct import_result r = run(c, &membership_kind, world_text("stay.csv", "Mã đảng viên,Chi bộ,Hình thức sinh hoạt,Từ ngày,Đến ngày\nM1,CB2,Chính thức,01/01/2010,\nM1,CB2,Tạm thời,01/01/2010,01/06/2010\n"),
                                 (struct import_options){.good_rows = true});
    assert_int_equal(r.bad, 1);
    assert_int_equal(r.saved, 1);
    assert_non_null(strstr(error_at(&r, 2, "D")->text, "CB1"));
    world_close(c);
}

static void a_failure_half_way_undoes_its_row_alone(void **state)
{
    (void)state;
    struct ctx *c = opened();
    /* The record of the last is sound; the stay that follows from it is not: the cell was not founded yet. */
    struct import_options o = {.good_rows = true};
    struct import_result r = run(c, &person_kind, world_text("half.csv", "Họ và tên,Chi bộ,Ngày vào Đảng,Ngày về chi bộ\nNguyễn Văn Một,CB1,03/02/2005,\nNguyễn Văn Hai,CB1,03/02/1950,03/02/1951\nNguyễn Văn Ba,CB1,03/02/1956,\n"), o);
    assert_int_equal(r.saved, 2);
    assert_int_equal(r.bad, 1);
    error_at(&r, 3, NULL);
    assert_int_equal(people(c), 2);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM membership WHERE removed_at = 0"), 2);
    world_must(c, true);
    world_close(c);
}

static void a_dry_run_changes_nothing(void **state)
{
    (void)state;
    struct ctx *c = opened();
    const char *before = tables_hash(c);
    struct import_result r = run(c, &person_kind, world_text("good.csv", "Họ và tên,Ô lạ,Chi bộ\nNguyễn Văn Một,1,CB1\n"),
                                 (struct import_options){.dry_run = true, .mapping = "Ô lạ=note"});
    assert_int_equal(r.saved, 1);
    assert_false(r.committed);
    assert_false(failed(c));
    assert_string_equal(tables_hash(c), before);
    world_close(c);
}

static void a_batch_is_undone(void **state)
{
    (void)state;
    struct ctx *c = opened();
    take(c, &person_kind, world_text("first.csv", "Mã hồ sơ,Họ và tên,Chi bộ,Ngày vào Đảng\nA1,Nguyễn Văn Một,CB1,03/02/2005\n"));
    const char *before = world_hash(c);
    struct import_result r = take(c, &person_kind,
                                  world_text("second.csv", "Mã hồ sơ,Họ và tên,Chi bộ,Ngày vào Đảng,Ngày chính thức\nA1,Nguyễn Văn Mốt,CB1,03/02/2005,03/02/2006\nA2,Nguyễn Văn Hai,CB2,03/02/2005,\n"));
    assert_int_equal(r.saved, 2);
    assert_string_not_equal(world_hash(c), before);
    struct problems p;
    problems_start(&p, c);
    assert_true(record_undo_batch(c, r.batch, &p) > 0);
    world_must(c, !p.n);
    assert_string_equal(world_hash(c), before);
    world_close(c);
}

static void rows_change_the_record_of_their_code(void **state)
{
    (void)state;
    struct ctx *c = opened();
    world_member(c, "M1", "Nguyễn Văn Một", "CB1");
    const char *path = world_text("change.csv", "Mã hồ sơ,Họ và tên,Điện thoại,Ngày chính thức\nM1,Nguyễn Văn Mốt,0912345678,\n");
    struct import_result r = take(c, &person_kind, path);
    assert_int_equal(r.saved, 1);
    assert_string_equal(text_of(c, &person_kind, "M1", "name"), "Nguyễn Văn Mốt");
    assert_string_equal(text_of(c, &person_kind, "M1", "phone"), "0912345678");
    assert_string_equal(text_of(c, &person_kind, "M1", "official_on"), "2006-02-03"); /* a blank says nothing */
    r = take(c, &person_kind, path);
    assert_int_equal(r.saved, 0);
    assert_int_equal(r.unchanged, 1);
    assert_int_equal(people(c), 1);
    world_close(c);
}

static void mappings_are_remembered(void **state)
{
    (void)state;
    struct ctx *c = opened();
    const char *path = world_text("odd.csv", "Danh xưng,Nơi SH,Ghi thêm\nNguyễn Văn Một,CB1,abc\n"), *more = world_text("odd2.csv", "Danh xưng,Nơi SH,Ghi thêm\nNguyễn Văn Hai,CB1,abc\n");
    struct import_result r = run(c, &person_kind, path, (struct import_options){0});
    assert_false(r.committed);
    assert_true(failed(c));
    testdb_forget(c);
    r = run(c, &person_kind, path, (struct import_options){.mapping = "Danh xưng=name; Nơi SH=cell; C=note"});
    world_must(c, r.committed);
    take(c, &person_kind, more);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM person WHERE name IN ($1, $2)", V("Nguyễn Văn Một"), V("Nguyễn Văn Hai")), 2);
    r = run(c, &person_kind, path, (struct import_options){.mapping = "Danh xưng=nothing"});
    assert_int_equal(c->err.code, ERR_USAGE);
    testdb_forget(c);
    world_close(c);
}

/* What a page shows before anything is imported, and that what is told by a column's letter is remembered by its head. */
static void a_file_is_looked_at_before(void **state)
{
    (void)state;
    struct ctx *c = opened();
    const char *path = world_text("look.csv", "STT,Danh xưng,Nơi SH,Nam,Mới,Ngày sinh\n1,Nguyễn Văn Một,CB1,x,abc,1970\n2,Nguyễn Văn Hai,CB1,x,abc,01/02/1971\n");
    struct import_look look;
    struct import_options o = {0};
    world_must(c, db_begin(c, DB_READ) && import_look(c, &person_kind, path, &o, &look));
    db_commit(c);
    assert_non_null(look.missing); /* no name: told, and not a failure */
    assert_int_equal(look.n, 6);
    assert_true(look.heads[0].numbering);
    assert_string_equal(look.heads[1].to, "");
    assert_string_equal(look.heads[1].column, "B");
    assert_non_null(look.heads[3].as); /* an x says that it is a man */
    assert_int_equal(look.nsamples, 2);
    assert_string_equal(look.samples[1][1], "Nguyễn Văn Hai");
    o.mapping = "B=name;C=cell";
    world_must(c, db_begin(c, DB_READ) && import_look(c, &person_kind, path, &o, &look));
    db_commit(c);
    assert_null(look.missing);
    assert_string_equal(look.heads[1].to, "name");
    struct import_result r = run(c, &person_kind, path, o);
    world_must(c, r.committed);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM import_mapping WHERE kind = 'person' AND head = 'danh xung' AND field = 'name'"), 1);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM import_mapping WHERE kind = 'person' AND head = 'b'"), 0);
    o.mapping = NULL;
    world_must(c, db_begin(c, DB_READ) && import_look(c, &person_kind, path, &o, &look));
    db_commit(c);
    assert_string_equal(look.heads[2].to, "cell");
    r = run(c, &person_kind, path, (struct import_options){.dry_run = true, .name = "sổ.csv"});
    assert_true(r.nerrors >= 1 && r.bad >= 1); /* they are there now */
    assert_true(r.errors[0].duplicate && r.errors[0].other && !r.errors[0].twin);
    r = run(c, &person_kind, world_text("twins.csv", "Họ và tên,Ngày sinh,Chi bộ\nLê Mới,01/02/1980,CB1\nLê Mới,01/02/1980,CB1\n"), (struct import_options){.dry_run = true});
    assert_int_equal(r.bad, 1);
    assert_true(r.errors[0].duplicate && r.errors[0].twin == 2 && !r.errors[0].other);
    world_close(c);
}

static void imports_are_listed_and_undone(void **state)
{
    (void)state;
    struct ctx *c = opened();
    struct import_result r = run(c, &person_kind, world_text("listed.csv", "Họ và tên,Chi bộ\nNguyễn Văn Một,CB1\n"), (struct import_options){.name = "sổ gốc.xlsx"});
    struct import_brief *all, one;
    struct problems p;
    world_must(c, r.committed && db_begin(c, DB_READ));
    assert_true(import_list(c, 0, 10, &all) >= 1);
    assert_string_equal(all[0].file, "sổ gốc.xlsx");
    assert_ptr_equal(all[0].kind, &person_kind);
    const struct actor nobody = {.login = "nobody", .account = 987654};
    const struct actor *operator = c->actor;
    c->actor = &nobody;
    assert_int_equal(import_list(c, 0, 10, &all), 0);
    assert_false(import_brief(c, r.batch, &one));
    db_commit(c);
    problems_start(&p, c);
    world_must(c, db_begin(c, DB_WRITE));
    assert_int_equal(import_undo(c, r.batch, &p), -1);
    db_rollback(c);
    testdb_forget(c);
    c->actor = operator;
    world_must(c, db_begin(c, DB_WRITE));
    assert_true(import_undo(c, r.batch, &p) > 0);
    world_must(c, db_commit(c) && db_begin(c, DB_READ));
    assert_true(import_brief(c, r.batch, &one) && one.undone);
    db_commit(c);
    assert_int_equal(people(c), 0);
    world_close(c);
}

static void missing_columns_are_told(void **state)
{
    (void)state;
    struct ctx *c = opened();
    struct import_result r = run(c, &membership_kind, world_text("miss.csv", "Chi bộ,Từ ngày,Cột lạ\nCB1,01/01/2010,x\n"), (struct import_options){0});
    assert_false(r.committed);
    assert_int_equal(c->err.code, ERR_BAD_INPUT);
    assert_non_null(strstr(c->err.text, "Đảng viên"));
    assert_non_null(strstr(c->err.text, "Cột lạ"));
    testdb_forget(c);
    run(c, &person_kind, world_text("none.csv", "abc,def\n1,2\n"), (struct import_options){0});
    assert_int_equal(c->err.code, ERR_BAD_INPUT);
    testdb_forget(c);
    world_close(c);
}

static void units_may_stand_in_any_order(void **state)
{
    (void)state;
    struct ctx *c = world_open();
    take(c, &unit_kind, world_text("units.csv", "Mã đơn vị,Tên đơn vị,Loại hình,Cấp trên\nCB2,Chi bộ thôn 2,Chi bộ,DU\nCB1,Chi bộ thôn 1,Chi bộ,DU\nDU,Đảng bộ xã Nam Trực,Đảng bộ cơ sở,\n"));
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM unit_above a JOIN unit u ON u.id = a.above WHERE u.code = 'DU' AND a.depth = 1"), 2);
    assert_int_equal(tree_faults(c), 0);
    struct import_result r = run(c, &unit_kind, world_text("units2.csv", "Mã đơn vị,Tên đơn vị,Loại hình,Cấp trên\nCB7,Chi bộ thôn 7,Chi bộ,XX\n"), (struct import_options){0});
    assert_int_equal(r.bad, 1);
    assert_non_null(strstr(error_at(&r, 2, "D")->text, "XX"));
    world_close(c);
}

static void the_option_unit_places_rows(void **state)
{
    (void)state;
    struct ctx *c = opened();
    const char *path = world_text("place.csv", "Họ và tên,Ngày sinh\nNguyễn Văn Một,1970\n");
    struct import_result r = run(c, &person_kind, path, (struct import_options){0});
    assert_int_equal(r.bad, 1);
    assert_false(failed(c));
    r = run(c, &person_kind, path, (struct import_options){.unit = "CB1"});
    world_must(c, r.committed);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM person p JOIN unit u ON u.id = p.unit WHERE u.code = 'CB1'"), 1);
    take(c, &person_kind, world_text("place2.csv", "Họ và tên,Ngày sinh,Đơn vị\nNguyễn Văn Hai,1970,CB2\n"));
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM person p JOIN unit u ON u.id = p.unit WHERE u.code = 'CB2'"), 1);
    world_close(c);
}

static void two_hundred_errors_are_all_found(void **state)
{
    (void)state;
    enum { ROWS = 5000, ERRORS = 200 };
    struct ctx *c = opened();
    struct buf b = {0};
    bool seeded[ROWS + 2] = {false};
    buf_puts(&b, "STT,Họ và tên,Giới tính,Ngày sinh,Số CCCD,Số thẻ đảng viên,Ngày vào Đảng,Chi bộ\n");
    for (int i = 0; i < ROWS; i++) {
        int sort = i % 25 == 24 ? i / 25 % 5 : -1;
        seeded[i + 2] = sort >= 0;
        buf_printf(&b, "%d,%s %d,%s,%s,0360%02d%06d,%d,%s,%s\n", i + 1, sort == 0 ? "" : "Nguyễn Văn A", i, sort == 1 ? "Không rõ lắm" : "Nam",
                   sort == 2 ? "30/02/1980" : "01/02/1980", 80, i, 10000000 + (sort == 3 ? i - 1 : i), "03/02/2005", sort == 4 ? "CB77" : sort == 0 ? "DU" : "CB1");
    }
    const char *path = world_file("seeded.csv", buf_text(&b), b.n), *out = world_path("seeded.xlsx");
    buf_free(&b);
    struct import_result r = run(c, &person_kind, path, (struct import_options){.errors_to = out});
    assert_int_equal(r.read, ROWS);
    assert_int_equal(r.bad, ERRORS);
    size_t found = 0;
    for (size_t i = 0; i < r.nerrors; i++)
        if (!r.errors[i].warning) {
            assert_true(seeded[r.errors[i].row]);
            seeded[r.errors[i].row] = false;
            found++;
        }
    assert_int_equal(found, ERRORS);
    assert_int_equal(people(c), 0);
    const char *before = world_hash(c);
    r = run(c, &person_kind, path, (struct import_options){.good_rows = true});
    world_must(c, r.committed);
    assert_int_equal(people(c), ROWS - ERRORS);
    struct problems p;
    problems_start(&p, c);
    assert_int_equal(record_undo_batch(c, r.batch, &p) > 0, 1);
    assert_string_equal(world_hash(c), before);
    world_close(c);
}

static void rights_are_asked(void **state)
{
    (void)state;
    struct ctx *c = opened();
    const struct actor nobody = {.login = "nobody"};
    const struct actor *operator = c->actor;
    c->actor = &nobody;
    run(c, &person_kind, world_text("rights.csv", "Họ và tên,Chi bộ\nNguyễn Văn Một,CB1\n"), (struct import_options){0});
    assert_int_equal(c->err.code, ERR_DENIED);
    testdb_forget(c);
    int64_t cb1 = db_one_int(c, "SELECT id FROM unit WHERE code = 'CB1'");
    struct right right = {.unit = cb1, .subtree = true, .kinds = kind_bit("person"), .acts = ACT_READ | ACT_ADD | ACT_CHANGE};
    const struct actor clerk = {.login = "clerk", .rights = &right, .nrights = 1};
    c->actor = &clerk;
    struct import_result r = run(c, &person_kind, world_text("rights.csv", "id,Họ và tên,Chi bộ\n,Nguyễn Văn Một,CB1\n,Nguyễn Văn Hai,CB2\n12345,Nguyễn Văn Ba,CB1\n"),
                                 (struct import_options){.good_rows = true});
    assert_int_equal(r.saved, 1);
    assert_int_equal(r.bad, 2);
    error_at(&r, 3, NULL);
    error_at(&r, 4, "A");
    c->actor = operator;
    world_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_is_found_below_titles),
        cmocka_unit_test(names_in_two_columns_are_joined),
        cmocka_unit_test(old_encodings_are_read),
        cmocka_unit_test(errors_name_row_and_column),
        cmocka_unit_test(good_rows_are_saved_and_the_bad_told_in_a_file),
        cmocka_unit_test(nobody_is_at_home_in_two_cells),
        cmocka_unit_test(a_failure_half_way_undoes_its_row_alone),
        cmocka_unit_test(a_dry_run_changes_nothing),
        cmocka_unit_test(a_batch_is_undone),
        cmocka_unit_test(rows_change_the_record_of_their_code),
        cmocka_unit_test(mappings_are_remembered),
        cmocka_unit_test(a_file_is_looked_at_before),
        cmocka_unit_test(imports_are_listed_and_undone),
        cmocka_unit_test(missing_columns_are_told),
        cmocka_unit_test(units_may_stand_in_any_order),
        cmocka_unit_test(the_option_unit_places_rows),
        cmocka_unit_test(two_hundred_errors_are_all_found),
        cmocka_unit_test(rights_are_asked),
    };
    int bad = t_run("import", tests, N(tests));
    world_end();
    return bad;
}
