/* .xlsx: what it means, and out and in again. */
#define ALLOW_MALLOC
#include "make_zip.h"
#include "t.h"

#include "fmt/table_in.h"
#include "fmt/xlsx_write.h"

#include <sys/resource.h>
#include <unistd.h>

static struct ctx c;

static void put_value(struct buf *out, struct value v)
{
    char text[DAY_TEXT];
    switch (v.type) {
    case VALUE_TEXT: buf_printf(out, "\"%s\"", v.s); break;
    case VALUE_INT: buf_printf(out, "%lld", (long long)v.i); break;
    case VALUE_REAL: buf_printf(out, "%.15gr", v.r); break;
    case VALUE_DAY: buf_puts(out, day_iso((int32_t)v.i, text)); break;
    case VALUE_BOOL: buf_puts(out, v.i ? "true" : "false"); break;
    case VALUE_NULL:
    default: buf_puts(out, "null"); break;
    }
}

static const char *rows_of(struct table_in *t)
{
    struct buf out = {0};
    struct table_row row;
    char name[COLUMN_NAME];
    while (table_next(t, &row)) {
        buf_printf(&out, "%lld", (long long)row.number);
        for (size_t i = 0; i < row.n; i++) {
            buf_printf(&out, " %s=", column_name(row.cells[i].column, name));
            put_value(&out, row.cells[i].v);
        }
        buf_char(&out, ';');
    }
    table_close(t);
    if (failed(&c))
        buf_printf(&out, "[%s]", c.err.text);
    return buf_take(&out, &c.arena);
}

static const char *book_rows(struct workbook_parts w, const struct table_options *options)
{
    size_t n;
    unsigned char *zip = make_book(w, &n);
    ctx_free(&c);
    c = (struct ctx){.lang = LANG_EN};
    const char *out = rows_of(table_open_memory(&c, zip, n, options));
    free(zip);
    return out;
}

#define SHEET(rows) "<worksheet><dimension ref=\"A1:B2\"/><sheetData>" rows "</sheetData><mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells></worksheet>"

static void test_values(void **state)
{
    (void)state;
    struct workbook_parts w = {
        .sheet = SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c></row>"
                       "<row r=\"2\"/><row r=\"3\"><c r=\"A3\"/><c r=\"B3\" s=\"1\"/></row>"
                       "<row r=\"5\"><c r=\"A5\"><v>12</v></c><c r=\"B5\"><v>1.5</v></c><c r=\"C5\" t=\"b\"><v>1</v></c>"
                       "<c r=\"D5\" t=\"e\"><v>#N/A</v></c><c r=\"E5\" t=\"str\"><f>A1&amp;B1</f><v>tính</v></c>"
                       "<c r=\"F5\"><f>1+1</f><v>2E3</v></c><c r=\"G5\" t=\"inlineStr\"><is><r><t>ghi </t></r><r><t>chú</t></r></is></c>"
                       "<c r=\"H5\" t=\"d\"><v>2018-08-05T00:00:00</v></c><c r=\"XFD5\"><v>-1</v></c></row>"
                       "<row><c><v>1</v></c><c><v>2</v></c></row>"),
        .strings = "<sst><si><t>Nguyễn</t></si><si><r><t>Văn</t></r><r><t xml:space=\"preserve\"> A</t></r><rPh><t>no</t></rPh></si></sst>",
    };
    assert_string_equal(book_rows(w, NULL), "1 A=\"Nguyễn\" C=\"Văn A\";"
                                            "5 A=12 B=1.5r C=true D=null E=\"tính\" F=2000 G=\"ghi chú\" H=2018-08-05 XFD=-1;6 A=1 B=2;");
    struct table_options first = {.sheet = 1};
    assert_string_equal(book_rows(w, &first), "1 A=99;"); /* the hidden one, when asked for */
    struct table_options none = {.sheet = 3};
    assert_non_null(strstr(book_rows(w, &none), "[The file has 2 sheets"));
    w.sheet = "<x:worksheet xmlns:x=\"u\"><x:sheetData><x:row r=\"1\"><x:c r=\"A1\"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>";
    assert_string_equal(book_rows(w, NULL), "1 A=7;");
    w.sheet = SHEET("<row><c t=\"inlineStr\"><is><t>a_x000D_b_x0041__x005F_x_xZZZZ_\xEF\xBB\xBF</t></is></c>"
                    "<c t=\"inlineStr\"><is><t>\xEF\xBB\xBFNguye\xCC\x82\xCC\x83n</t></is></c></row>");
    assert_string_equal(book_rows(w, NULL), "1 A=\"a\rbA_x_xZZZZ_\xEF\xBB\xBF\" B=\"Nguyễn\";");
}

#define STYLES                                                                                                              \
    "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/><numFmt numFmtId=\"165\" formatCode=\"h:mm:ss\"/>"   \
    "<numFmt numFmtId=\"166\" formatCode=\"[Red]#,##0&quot; ngày&quot;\"/><numFmt numFmtId=\"167\" formatCode=\"mmm\"/></numFmts>" \
    "<fonts><font><name val=\"Calibri\"/></font><font><name val=\".VnTime\"/></font><font><name val=\".VnTimeH\"/></font>"         \
    "<font><name val=\"VNI-Times\"/></font></fonts><cellXfs><xf numFmtId=\"0\" fontId=\"0\"/><xf numFmtId=\"14\"/>"                 \
    "<xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"166\"/><xf numFmtId=\"167\"/><xf fontId=\"1\"/><xf fontId=\"2\"/>"    \
    "<xf fontId=\"3\"/></cellXfs><dxfs><dxf><font><name val=\".VnTime\"/></font></dxf></dxfs></styleSheet>"

static void test_styles(void **state)
{
    (void)state;
    struct workbook_parts w = {
        .sheet = SHEET("<row r=\"1\"><c s=\"0\"><v>43317</v></c><c s=\"1\"><v>43317</v></c><c s=\"2\"><v>43317.5</v></c><c s=\"3\"><v>0.5</v></c>"
                       "<c s=\"4\"><v>43317</v></c><c s=\"5\"><v>43317</v></c><c s=\"99\"><v>43317</v></c><c s=\"2\"><v>-3</v></c></row>"
                       "<row r=\"2\"><c s=\"6\" t=\"inlineStr\"><is><t>NguyÔn ThÞ Hµ</t></is></c>"
                       "<c s=\"7\" t=\"inlineStr\"><is><t>nguyÔn v¨n</t></is></c>"
                       "<c s=\"8\" t=\"inlineStr\"><is><t>Nguyeãn</t></is></c><c s=\"6\" t=\"inlineStr\"><is><t>Nguyễn</t></is></c></row>"),
        .styles = STYLES,
    };
    assert_string_equal(book_rows(w, NULL), "1 A=43317 B=2018-08-05 C=2018-08-05 D=0.5r E=43317 F=2018-08-05 G=43317 H=-3;"
                                            "2 A=\"Nguyễn Thị Hà\" B=\"NGUYỄN VĂN\" C=\"Nguyễn\" D=\"Nguyễn\";");
    w.book = "<workbook xmlns:r=\"" RELATION "\"><workbookPr date1904=\"1\"/><sheets><sheet name=\"a\" r:id=\"s1\"/></sheets></workbook>";
    w.sheet = SHEET("<row r=\"1\"><c s=\"1\"><v>41855</v></c></row>");
    assert_string_equal(book_rows(w, NULL), "1 A=2018-08-05;");
}

static void test_old_font(void **state)
{
    (void)state;
    struct workbook_parts w = {
        .sheet = SHEET("<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c t=\"s\"><v>2</v></c></row>"),
        .strings = "<sst><si><t>NguyÔn ThÞ H­¬ng</t></si><si><t>TrÇn V¨n §øc</t></si><si><t>Lê Thị Đào</t></si></sst>",
    };
    assert_string_equal(book_rows(w, NULL), "1 A=\"Nguyễn Thị Hương\" B=\"Trần Văn Đức\" C=\"Lê Thị Đào\";");
    struct table_options as = {.enc = ENC_UTF8};
    assert_string_equal(book_rows(w, &as), "1 A=\"NguyÔn ThÞ H­¬ng\" B=\"TrÇn V¨n §øc\" C=\"Lê Thị Đào\";");
}

static void test_round_trip(void **state)
{
    (void)state;
    char path[] = "/tmp/dangbo-test-XXXXXX.xlsx";
    close(mkstemps(path, 5));
    static const char *const texts[] = {"Nguyễn", "=1+1", "@x", "001", " hai  đầu ", "dòng\nhai", "a\x01_x0041_", "<&>\"'", "a\r\nb", "_x00e9_x_x005F_", "http://x.vn"};
    static const int32_t days[] = {19000101, 19000228, 19000301, 19300203, 20240229, 29991231};
    ctx_free(&c);
    c = (struct ctx){.lang = LANG_EN};
    struct xlsx_out *o = xlsx_create(&c, path, "Danh sách: [đảng viên] của chi bộ thôn 10/2024 rất dài");
    xlsx_head(o, (struct xlsx_column[]){{"Họ và tên", 30}, {"Ngày", 0}, {"Số", 0}, {"Lỗi", 0}}, 4);
    for (size_t i = 0; i < N(texts); i++) {
        xlsx_cell(o, value_text(texts[i]));
        xlsx_cell(o, value_day((day){days[i % N(days)]}));
        xlsx_cell(o, value_int((int64_t)i * -123456789));
        xlsx_error(o, "lỗi");
        xlsx_end_row(o);
    }
    xlsx_cell(o, value_int(INT64_MAX));
    xlsx_cell(o, value_day((day){18900519}));
    xlsx_cell(o, value_real(0.1));
    xlsx_cell(o, value_bool(true));
    xlsx_end_row(o);
    assert_true(xlsx_close(o));
    struct table_in *t = table_open(&c, path, NULL);
    assert_string_equal(table_sheet(t), "Danh sách   đảng viên  của chi ");
    struct table_row row;
    assert_true(table_next(t, &row));
    assert_string_equal(table_at(&row, 0).s, "Họ và tên");
    for (size_t i = 0; i < N(texts); i++) {
        assert_true(table_next(t, &row));
        assert_string_equal(table_at(&row, 0).s, texts[i]);
        assert_int_equal(table_at(&row, 1).type, VALUE_DAY);
        assert_int_equal(table_at(&row, 1).i, days[i % N(days)]);
        assert_true(table_at(&row, 2).i == (int64_t)i * -123456789);
        assert_string_equal(table_at(&row, 3).s, "lỗi");
    }
    assert_string_equal(rows_of(t), "13 A=\"9223372036854775807\" B=\"19/05/1890\" C=0.1r D=true;");
    unlink(path);
}

static void test_cannot_write(void **state)
{
    (void)state;
    ctx_free(&c);
    c = (struct ctx){.lang = LANG_EN};
    assert_null(xlsx_create(&c, "/nowhere/x.xlsx", "x"));
    assert_non_null(strstr(c.err.text, "Cannot make"));
    ctx_free(&c);
    char path[] = "/tmp/dangbo-test-XXXXXX";
    close(mkstemp(path));
    char *text = malloc(40000);
    memset(text, 'x', 39999);
    text[39999] = '\0';
    struct xlsx_out *o = xlsx_create(&c, path, "");
    xlsx_cell(o, value_text(text));
    xlsx_cell(o, value_text("more"));
    assert_false(xlsx_close(o));
    assert_non_null(strstr(c.err.text, "Cell A1 is longer than 32767"));
    assert_int_equal(access(path, F_OK), 0); /* what was there before is not touched */
    free(text);
    unlink(path);
}

/* 50,000 people, out and in: neither may hold them all. */
static void test_many(void **state)
{
    (void)state;
    char path[] = "/tmp/dangbo-test-XXXXXX.xlsx";
    close(mkstemps(path, 5));
    ctx_free(&c);
    c = (struct ctx){.lang = LANG_EN};
    struct xlsx_out *o = xlsx_create(&c, path, "x");
    char text[64];
    for (int i = 0; i < 50000; i++) {
        for (int k = 0; k < 10; k++) {
            snprintf(text, sizeof text, "Nguyễn Văn %d-%d", i, k);
            xlsx_cell(o, k == 3 ? value_day((day){20180805}) : value_text(text));
        }
        xlsx_end_row(o);
    }
    assert_true(xlsx_close(o));
    assert_true(c.arena.used < 1 << 20);
    struct table_in *t = table_open(&c, path, NULL);
    struct table_row row;
    int64_t n = 0, done, total;
    while (table_next(t, &row))
        n += row.n == 10;
    assert_int_equal(n, 50000);
    table_progress(t, &done, &total);
    assert_true(done == total && total > 1 << 20);
    table_close(t);
    assert_true(c.arena.used < 4 << 20);
    unlink(path);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),     cmocka_unit_test(test_styles),       cmocka_unit_test(test_old_font),
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_cannot_write), cmocka_unit_test(test_many),
    };
    int r = t_run("xlsx", tests, N(tests));
    ctx_free(&c);
    return r;
}
