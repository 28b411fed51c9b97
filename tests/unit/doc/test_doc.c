/* Docs in every form against golden files; with GOLDEN=write in the environment the files are written anew. */
#include <math.h>

#include "base/str.h"
#include "doc/doc.h"

#include "t.h"

static const char *golden;

#define CANARY "\"'><svg/onload=1>"

/* The last pages: notes and an empty table. */
static void members_end(struct doc *d, struct table *t)
{
    doc_table_note(t, "Tỷ lệ nữ tính trên tổng số đảng viên; dấu — là chưa có số liệu.");
    doc_page(d);
    doc_heading(d, 2, "Chi bộ phải kiện toàn");
    t = doc_table(d, "Biểu 2. Chi bộ dưới 3 đảng viên chính thức");
    doc_column(t, "Chi bộ", COL_TEXT);
    doc_column(t, "Đảng viên chính thức", COL_NUMBER);
    doc_note(d, "Căn cứ: Điều 24 Điều lệ Đảng.");
}

static struct doc *members(struct arena *a, enum lang lang)
{
    struct doc *d = doc_new(a, lang, "Đảng viên theo chi bộ");
    d->subtitle = "Biểu dùng trong nội bộ đảng bộ";
    d->unit = "Đảng bộ xã Hiệp Hòa";
    d->period = "năm 2018";
    d->made_by = "Nguyễn Thái Sơn";
    d->made_at = (instant){1533453180000}; /* 05/08/2018 14:13 in Việt Nam */
    doc_heading(d, 1, "I. Số lượng");
    doc_para(d, "Số liệu tính từ hồ sơ sinh hoạt của từng đảng viên tại ngày cuối kỳ, gồm cả người được miễn sinh hoạt và không "
                "gồm người đến sinh hoạt tạm thời.\nMỗi con số mở được đến danh sách phía sau.");
    doc_put_pair(d, "Cấp ủy", "Đảng ủy xã Hiệp Hòa, thị xã Quảng Yên, tỉnh Quảng Ninh");
    doc_put_pair(d, "Số chi bộ", 20);
    doc_put_pair(d, "Tính đến ngày", (day){20180805});
    struct table *t = doc_table(d, "Biểu 1. Đảng viên theo chi bộ tại ngày 05/08/2018");
    doc_column(t, "TT", COL_CODE)->align = ALIGN_RIGHT;
    doc_column(t, "Chi bộ", COL_TEXT)->heads_row = true;
    doc_column(t, "Bí thư", COL_TEXT);
    doc_column(t, "Ngày lập", COL_DAY);
    doc_group(t, "Đảng viên");
    doc_column(t, "Tổng số", COL_NUMBER);
    doc_column(t, "Dự bị", COL_NUMBER);
    doc_group(t, NULL);
    doc_column(t, "Tỷ lệ nữ", COL_PERCENT);
    static const struct {
        const char *cell, *secretary;
        int32_t founded;
        int64_t members, probation;
        double women;
    } rows[] = {
        {"Chi bộ thôn 4", "Công Tằng Tôn Nữ Huyền Trân Thị Ngọc Phương Quỳnh", 19630203, 12, 0, 33.333},
        {"Chi bộ Trường Trung học cơ sở và Trung học phổ thông xã Hiệp Hòa", "Lê Đỗ", 19991107, 1234, 5, 87.25},
        {"Chi bộ thôn 10", "Đặng Thị Mỹ Ngữ", 0, 7, 1, 0},
    };
    for (size_t i = 0; i < N(rows); i++) {
        doc_row(t, ROW_PLAIN);
        doc_put(t, (int64_t)i + 1);
        doc_put(t, rows[i].cell);
        doc_put(t, rows[i].secretary);
        doc_put(t, (day){rows[i].founded});
        doc_put(t, rows[i].members);
        doc_put(t, rows[i].probation);
        doc_cell(t, i == 2 ? value_null() : value_real(rows[i].women));
    }
    doc_row(t, ROW_TOTAL);
    doc_cell(t, value_null());
    doc_put(t, "Cộng");
    doc_cell(t, value_null());
    doc_cell(t, value_null());
    doc_put(t, 1253);
    doc_put(t, 6);
    doc_cell(t, value_real(86.2));
    members_end(d, t);
    return d;
}

/* The canary wherever a word may stand. */
static struct doc *hostile(struct arena *a)
{
    struct doc *d = doc_new(a, LANG_EN, CANARY);
    d->subtitle = d->unit = d->period = d->made_by = CANARY;
    doc_heading(d, 1, CANARY);
    doc_para(d, CANARY "\x1b[31m & co");
    doc_note(d, CANARY);
    doc_put_pair(d, CANARY, CANARY);
    struct table *t = doc_table(d, CANARY);
    doc_group(t, CANARY);
    doc_column(t, CANARY, COL_TEXT)->heads_row = true;
    doc_group(t, CANARY);
    doc_column(t, "=1+2", COL_NUMBER);
    doc_row(t, ROW_PLAIN);
    doc_put(t, CANARY);
    doc_put(t, -12345);
    static const char *const formulas[] = {"=cmd|' /C calc'!A0", "+84 912", "-1+2", "@SUM(A1)", "\tx", "\rx", "a\nb", "a,b;c", "“ok”"};
    for (size_t i = 0; i < N(formulas); i++) {
        doc_row(t, i % 2 ? ROW_PART : ROW_PLAIN);
        doc_put(t, formulas[i]);
        doc_cell(t, value_real(-0.5));
    }
    t->empty = CANARY;
    doc_table_note(t, CANARY);
    t = doc_table(d, "");
    doc_column(t, "a", COL_TEXT);
    t->empty = CANARY;
    return d;
}

static void against(const char *name, struct buf *b)
{
    struct arena a = {0};
    char *path = arena_printf(&a, "%s/%s", golden, name);
    const char *mode = getenv("GOLDEN");
    bool anew = mode && str_same(mode, "write");
    FILE *f = fopen(path, anew ? "wb" : "rb");
    assert_non_null(f);
    if (anew) {
        assert_int_equal(fwrite(b->p, 1, b->n, f), b->n);
    } else {
        char *was = arena_alloc(&a, 1 << 20);
        size_t n = fread(was, 1, (1 << 20) - 1, f);
        was[n] = '\0';
        assert_string_equal(buf_text(b), was);
    }
    assert_int_equal(fclose(f), 0);
    arena_free(&a);
    buf_free(b);
}

static void as_text(void **state)
{
    (void)state;
    struct arena a = {0};
    struct buf b = {0};
    doc_to_text(members(&a, LANG_VI), &b, 80);
    against("members-80.txt", &b);
    doc_to_text(members(&a, LANG_VI), &b, 0);
    against("members-free.txt", &b);
    doc_to_text(hostile(&a), &b, 60);
    assert_null(strchr(buf_text(&b), '\x1b'));
    against("hostile.txt", &b);
    arena_free(&a);
}

static void as_html(void **state)
{
    (void)state;
    struct arena a = {0};
    struct buf b = {0};
    doc_to_html(members(&a, LANG_VI), &b);
    assert_non_null(strstr(buf_text(&b), "<html lang=\"vi\">"));
    assert_non_null(strstr(buf_text(&b), doc_html_style()));
    against("members.html", &b);
    doc_to_html(hostile(&a), &b);
    assert_null(strstr(buf_text(&b), "<svg"));
    assert_null(strstr(buf_text(&b), "\"'>"));
    against("hostile.html", &b);
    arena_free(&a);
}

static void as_csv(void **state)
{
    (void)state;
    struct arena a = {0};
    struct buf b = {0};
    doc_to_csv(members(&a, LANG_VI), &b, ',');
    against("members.csv", &b);
    doc_to_csv(members(&a, LANG_VI), &b, ';');
    against("members-semicolon.csv", &b);
    doc_to_csv(hostile(&a), &b, ',');
    against("hostile.csv", &b);
    arena_free(&a);
}

static size_t column_at(const char *s)
{
    return utf8_width(s);
}

/* No line of any table is wider than asked for, whatever the width that words allow. */
static void keeps_the_width(void **state)
{
    (void)state;
    for (int width = 75; width < 200; width++) {
        struct arena a = {0};
        struct buf b = {0};
        doc_to_text(members(&a, LANG_VI), &b, width);
        char *text = buf_take(&b, &a);
        for (char *line = text, *end; *line; line = end + 1) {
            end = strchr(line, '\n');
            assert_non_null(end);
            *end = '\0';
            assert_true(column_at(line) <= (size_t)width);
            assert_false(str_ends(line, " "));
        }
        arena_free(&a);
    }
}

static void narrow_terminals(void **state)
{
    (void)state;
    for (int width = -1; width < 75; width++) {
        struct arena a = {0};
        struct buf b = {0};
        doc_to_text(members(&a, LANG_VI), &b, width);
        doc_to_text(hostile(&a), &b, width);
        assert_false(b.failed);
        buf_free(&b);
        arena_free(&a);
    }
}

static void values(void **state)
{
    (void)state;
    struct arena a = {0};
    struct doc *vi = doc_new(&a, LANG_VI, ""), *en = doc_new(&a, LANG_EN, "");
    struct column number = {.kind = COL_NUMBER}, percent = {.kind = COL_PERCENT, .decimals = 1}, code = {.kind = COL_CODE},
                  date = {.kind = COL_DAY};
    assert_string_equal(doc_value(vi, &number, value_int(1234567)), "1.234.567");
    assert_string_equal(doc_value(en, &number, value_int(1234567)), "1,234,567");
    assert_string_equal(doc_value(vi, &number, value_int(INT64_MIN)), "-9.223.372.036.854.775.808");
    assert_string_equal(doc_value(vi, &code, value_int(12345678)), "12345678");
    assert_string_equal(doc_value(vi, &number, value_real(2.5)), "3");
    assert_string_equal(doc_value(vi, &number, value_real(-0.4)), "0");
    assert_string_equal(doc_value(vi, &percent, value_real(1234.56)), "1.234,6%");
    assert_string_equal(doc_value(en, &percent, value_real(1234.56)), "1,234.6%");
    assert_string_equal(doc_value(vi, &percent, value_real(-0.05)), "-0,1%");
    number.decimals = 2;
    assert_string_equal(doc_value(vi, &number, value_real(0.285)), "0,29");
    assert_string_equal(doc_value(vi, &number, value_real(1.005)), "1,01");
    assert_string_equal(doc_value(vi, &number, value_real(1e300)), "—");
    assert_string_equal(doc_value(vi, &number, value_real((double)NAN)), "—");
    assert_string_equal(doc_value(vi, &number, value_null()), "—");
    assert_string_equal(doc_value(vi, NULL, value_null()), "");
    assert_string_equal(doc_value(vi, &date, value_int(20180800)), "08/2018");
    assert_string_equal(doc_value(vi, &date, value_day((day){DAY_OPEN})), "");
    assert_string_equal(doc_value(vi, NULL, value_bool(true)), "có");
    assert_string_equal(doc_value(en, NULL, value_bool(false)), "no");
    arena_free(&a);
}

static const char *whereto(void *to, const char *opens)
{
    const char **seen = to;
    *seen = opens;
    return strcmp(opens, "person?x=\"<") == 0 ? "/person?x=\"<" : NULL;
}

/* Figures open on pages alone, and what the link says is escaped; the part has no head and no style of its own. */
static void figures_open_in_the_part_of_a_page(void **state)
{
    (void)state;
    struct arena a = {0};
    struct buf b = {0};
    const char *seen = NULL;
    struct doc *d = doc_new(&a, LANG_VI, "Thử");
    struct table *t = doc_table(d, "Bảng");
    doc_column(t, "Nơi", COL_TEXT)->heads_row = true;
    doc_column(t, "Số", COL_NUMBER);
    doc_row(t, ROW_TOTAL);
    doc_put(t, "Cộng");
    doc_put(t, 1234);
    doc_opens(t, "person?x=\"<");
    doc_row(t, ROW_PLAIN);
    doc_put(t, "Khác");
    doc_opens(t, NULL);
    doc_put(t, 5);
    doc_to_html_part(d, &b, &(struct doc_links){whereto, &seen});
    assert_string_equal(seen, "person?x=\"<");
    assert_non_null(strstr(buf_text(&b), "<a href=\"/person?x=&quot;&lt;\">1.234</a>"));
    assert_null(strstr(buf_text(&b), "<style"));
    assert_null(strstr(buf_text(&b), "<h1"));
    assert_null(strstr(buf_text(&b), "style="));
    buf_clear(&b);
    doc_to_html_part(d, &b, NULL);
    assert_null(strstr(buf_text(&b), "<a "));
    buf_clear(&b);
    doc_to_html(d, &b);
    assert_null(strstr(buf_text(&b), "<a "));
    assert_non_null(strstr(buf_text(&b), "1.234"));
    buf_free(&b);
    arena_free(&a);
}

/* Where the row above says what this one is about, its first cell is empty, and heads nothing. */
static void an_empty_cell_heads_no_row(void **state)
{
    (void)state;
    struct arena a = {0};
    struct buf b = {0};
    struct doc *d = doc_new(&a, LANG_VI, "Thử");
    struct table *t = doc_table(d, "Bảng");
    doc_column(t, "Người", COL_TEXT)->heads_row = true;
    doc_column(t, "Chức vụ", COL_TEXT);
    doc_row(t, ROW_PLAIN);
    doc_put(t, "Dung");
    doc_put(t, "Bí thư");
    doc_row(t, ROW_PLAIN);
    doc_put(t, "");
    doc_put(t, "Trưởng thôn");
    doc_to_html(d, &b);
    assert_non_null(strstr(buf_text(&b), "<th scope=\"row\">Dung</th><td>Bí thư</td>"));
    assert_non_null(strstr(buf_text(&b), "<td></td><td>Trưởng thôn</td>"));
    buf_free(&b);
    arena_free(&a);
}

int main(int argc, char **argv)
{
    golden = argc > 1 ? argv[1] : "tests/unit/doc/golden";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_open_in_the_part_of_a_page), cmocka_unit_test(an_empty_cell_heads_no_row),
        cmocka_unit_test(as_text),         cmocka_unit_test(as_html),          cmocka_unit_test(as_csv),
        cmocka_unit_test(keeps_the_width), cmocka_unit_test(narrow_terminals), cmocka_unit_test(values),
    };
    return t_run("doc", tests, N(tests));
}
