/* CSV, reading and writing, and what is no table at all. */
#define ALLOW_MALLOC
#include "t.h"

#include "fmt/csv.h"

#include <unistd.h>

static struct ctx c;

/* All rows of a text as "number:A=..|B=..;" ; the message in [] when it failed. */
static const char *rows_of(const void *bytes, size_t n, const struct table_options *options)
{
    ctx_free(&c);
    c = (struct ctx){.lang = LANG_EN};
    struct buf out = {0};
    struct table_row row;
    char name[COLUMN_NAME];
    struct table_in *t = table_open_memory(&c, bytes, n, options);
    while (table_next(t, &row)) {
        buf_printf(&out, "%lld", (long long)row.number);
        if (row.line != row.number)
            buf_printf(&out, "@%lld", (long long)row.line);
        for (size_t i = 0; i < row.n; i++) {
            assert_int_equal(row.cells[i].v.type, VALUE_TEXT);
            buf_printf(&out, " %s=%s", column_name(row.cells[i].column, name), row.cells[i].v.s);
        }
        buf_char(&out, ';');
    }
    table_close(t);
    if (failed(&c))
        buf_printf(&out, "[%s]", c.err.text);
    return buf_take(&out, &c.arena);
}

static const char *rows(const char *s)
{
    return rows_of(s, strlen(s), NULL);
}

static void test_read(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"a,b\r\n1,2\r\n", "1 A=a B=b;2 A=1 B=2;"},
        {"a,b\n1,2", "1 A=a B=b;2 A=1 B=2;"},
        {"a,b\r1,2\r", "1 A=a B=b;2 A=1 B=2;"},
        {"a;b\n1,5;2\n", "1 A=a B=b;2 A=1,5 B=2;"},
        {"a\tb\n1,5\t2;3\n", "1 A=a B=b;2 A=1,5 B=2;3;"},
        {"\xEF\xBB\xBFhọ,tên\n", "1 A=họ B=tên;"},
        {"sep=;\r\na,b;c\r\n", "1@2 A=a,b B=c;"},
        {"\"a \"\"b\"\"\",\"x\r\ny\",z\n1,2,3\n", "1 A=a \"b\" B=x\r\ny C=z;2@3 A=1 B=2 C=3;"},
        {"a,b\n\n\n1,2\n", "1 A=a B=b;4 A=1 B=2;"},
        {"a,b\r\n\r\n1,2\r\n", "1 A=a B=b;3 A=1 B=2;"},
        {",,\na,,c\n", "2 A=a C=c;"},
        {"  a  ,\" b \"\n", "1 A=a B= b ;"},
        {"'=1+1,'-5,'x,''=y\n", "1 A==1+1 B=-5 C='x D='=y;"},
        {"Nguye\xCC\x82\xCC\x83n,x\n", "1 A=Nguyễn B=x;"},
        {"\"DANH SÁCH, có dấu phẩy\"\nA;B;C\n1;2;3\n", "1 A=DANH SÁCH, có dấu phẩy;2 A=A B=B C=C;3 A=1 B=2 C=3;"},
        {"Chi bộ \"A\",x\n", "1 A=Chi bộ \"A\" B=x;"},
        {"\"\n\n\"\"\",b\n1,2\n", "1 A=\n\n\" B=b;2@4 A=1 B=2;"},
    };
    for (size_t i = 0; i < N(pairs); i++)
        assert_string_equal(rows(pairs[i][0]), pairs[i][1]);
    struct table_options comma = {.separator = ','};
    assert_string_equal(rows_of("a;b,c\n", 6, &comma), "1 A=a;b B=c;");
}

static void refused(const char *result, const char *word)
{
    if (!strstr(result, "[") || !strstr(strrchr(result, '['), word))
        fail_msg("not refused for \"%s\": %.200s", word, result);
}

static void test_refuse(void **state)
{
    (void)state;
    refused(rows(""), "empty");
    refused(rows("a,b\n1,\"2\n3,4\n5,6\n"), "Line 2: a double quote");
    refused(rows("a,b\n\"1\n2\",\"x\n3,4\n"), "Line 3: a double quote");
    refused(rows("a,\xFF\xFE\xFD" "b,Nguyễn Thị Hương Hà Nội\n"), "Line 1, column B: characters that are not Unicode");
    refused(rows_of("a,b\nx\0y,2\n", 10, NULL), "Line 2, column A: a NUL");
    refused(rows("<html><table>"), "web page");
    refused(rows("\xEF\xBB\xBF  <?xml version='1.0'?><Workbook>"), "web page");
    refused(rows("%PDF-1.4\n..."), "neither");
    refused(rows_of("\x01\x02\x03\x04\x05\x06", 6, NULL), "neither");
    refused(rows_of("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" "abc", 11, NULL), ".xls");
    char ole[40000] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    for (size_t i = 0; i < 16; i++)
        ole[16380 + 2 * i] = "EncryptedPackage"[i]; /* across two pieces */
    refused(rows_of(ole, sizeof ole, NULL), "password");
    struct table_options wide = {.enc = ENC_UTF16LE};
    refused(rows_of("a\0,\0b", 5, &wide), "middle of a character");
}

/* n bytes of text with a tail. */
static char *long_text(char c_, size_t n, const char *tail)
{
    char *s = malloc(n + strlen(tail) + 1);
    memset(s, c_, n);
    memcpy(s + n, tail, strlen(tail) + 1);
    return s;
}

static void test_limits(void **state)
{
    (void)state;
    char *s = long_text(',', 1000000, "x\n");
    refused(rows(s), "Line 1: too long");
    free(s);
    s = long_text(',', CSV_COLUMNS_MAX - 1, "x\n");
    assert_non_null(strstr(rows(s), "1 EWV=x;"));
    free(s);
    s = long_text(',', CSV_COLUMNS_MAX, "x\n");
    refused(rows(s), "Line 1: too long");
    free(s);
    s = long_text('x', CELL_MAX, "\n");
    assert_int_equal(strlen(rows(s)), CELL_MAX + 5);
    free(s);
    s = long_text('x', CELL_MAX + 200000, "\n");
    refused(rows(s), "Line 1: a cell longer");
    free(s);
    s = long_text('\n', 1000000, "x\n");
    assert_string_equal(rows(s), "1000001 A=x;");
    free(s);
    s = long_text('x', CELL_MAX + 200000, "\n");
    s[0] = '"';
    refused(rows(s), "Line 1: a cell longer");
    free(s);
}

static void test_encodings(void **state)
{
    (void)state;
    assert_string_equal(rows("H\xE4 t\xAAn,Chi b\xE9\nNguy\xD4n Th\xDE H\xAD\xACng,\xA7\n"), "1 A=Họ tên B=Chi bộ;2 A=Nguyễn Thị Hương B=Đ;");
    assert_string_equal(rows("Ho\xEF te\xE2n,Chi bo\xE4\nNguye\xE3n Th\xF2 H\xF6\xF4ng,x\n"), "1 A=Họ tên B=Chi bộ;2 A=Nguyễn Thị Hương B=x;");
    struct table_options as = {.enc = ENC_VNI};
    assert_string_equal(rows_of("\xD1" "a,b\n", 5, &as), "1 A=Đa B=b;");
    /* the bytes of an old font, saved as UTF-8 */
    assert_string_equal(rows("Hä tªn,Chi bé\nNguyÔn ThÞ H­¬ng,x\n"), "1 A=Họ tên B=Chi bộ;2 A=Nguyễn Thị Hương B=x;");
    as.enc = ENC_TCVN3;
    assert_string_equal(rows_of("µ,b\n", 5, &as), "1 A=à B=b;");
    /* UTF-16 with its mark, a character beyond the first plane, and without the mark */
    static const char wide[] = "\xFF\xFE" "a\0,\0\xC5\x1E\n\0\x3D\xD8\x00\xDE,\0b\0\n\0";
    assert_string_equal(rows_of(wide, sizeof wide - 1, NULL), "1 A=a B=ễ;2 A=😀 B=b;");
    static const char big[] = "\xFE\xFF\0a\0;\x1E\xC5\0\n";
    assert_string_equal(rows_of(big, sizeof big - 1, NULL), "1 A=a B=ễ;");
}

/* What is written is read back the same, and no cell begins a formula. */
static void test_round_trip(void **state)
{
    (void)state;
    static const char *const texts[] = {"a",     "=1+1", "+x",    "-x",      "@cmd",  "\tx",   "\rx",      "'=x",     "''=x", "'x", "-5",
                                        "+8491", "-1,5", "a,b",   "a;b",     "a\tb",  "x\"y",  "l1\nl2",   "l1\r\nl2", " a ",  "'", "\"",
                                        "-",     "=",    "Nguyễn", "--1",    "-1-2",  "-5'",   "'-5",      "=\"a\"\n"};
    static const char separators[] = {0, ',', ';', '\t'};
    for (size_t k = 0; k < N(separators); k++) {
        struct buf out = {0};
        struct csv_out w = {.to = &out, .separator = separators[k], .bom = k % 2};
        for (size_t i = 0; i < N(texts); i++) {
            csv_cell(&w, value_text("x"));
            csv_cell(&w, value_text(texts[i]));
            csv_cell(&w, value_null());
            csv_cell(&w, value_text("đuôi"));
            csv_end_row(&w);
        }
        ctx_free(&c);
        c = (struct ctx){.lang = LANG_EN};
        struct table_in *t = table_open_memory(&c, out.p, out.n, NULL);
        struct table_row row;
        for (size_t i = 0; i < N(texts); i++) {
            assert_true(table_next(t, &row));
            assert_int_equal(row.n, 3);
            assert_string_equal(table_at(&row, 1).s, texts[i]);
            assert_int_equal(table_at(&row, 2).type, VALUE_NULL);
        }
        assert_false(table_next(t, &row));
        assert_false(failed(&c));
        table_close(t);
        buf_free(&out);
        ctx_free(&c);
    }
}

static void test_write(void **state)
{
    (void)state;
    struct buf out = {0};
    struct csv_out w = {.to = &out, .bom = true};
    csv_cell(&w, value_int(-5));
    csv_cell(&w, value_real(1.5));
    csv_cell(&w, value_day((day){20180805}));
    csv_cell(&w, value_bool(true));
    csv_cell(&w, value_text("=HYPERLINK(1)"));
    csv_cell(&w, value_text("-5"));
    csv_end_row(&w);
    w.iso_days = true;
    csv_cell(&w, value_day((day){20180805}));
    csv_end_row(&w);
    assert_string_equal(buf_text(&out), "\xEF\xBB\xBF-5,1.5,05/08/2018,1,'=HYPERLINK(1),-5\r\n2018-08-05\r\n");
    buf_free(&out);
}

static void test_files(void **state)
{
    (void)state;
    static const char *const none[] = {"/nowhere/at/all.csv", "/", "/dev/null"};
    static const char *const words[] = {"no such file", "not a file", "not a file"};
    for (size_t i = 0; i < N(none); i++) {
        ctx_free(&c);
        c = (struct ctx){.lang = LANG_EN};
        assert_null(table_open(&c, none[i], NULL));
        assert_non_null(strstr(c.err.text, words[i]));
        ctx_free(&c);
    }
    char path[] = "/tmp/dangbo-test-XXXXXX";
    FILE *f = fdopen(mkstemp(path), "w");
    for (int i = 0; i < 200000; i++)
        fprintf(f, "%d,Nguyễn Văn %d,\"Thôn %d\nxã\"\r\n", i, i, i % 7);
    fclose(f);
    ctx_free(&c);
    c = (struct ctx){.lang = LANG_VI};
    struct table_in *t = table_open(&c, path, NULL);
    struct table_row row;
    int64_t n = 0, done, total, before = 0;
    for (; table_next(t, &row); n++) {
        assert_int_equal(row.number, n + 1);
        assert_int_equal(row.line, 2 * n + 1);
        table_progress(t, &done, &total);
        assert_true(done >= before && done <= total);
        before = done;
    }
    assert_int_equal(n, 200000);
    assert_true(before == total);
    assert_true(c.arena.used < 1 << 20); /* constant memory */
    table_close(t);
    ctx_free(&c);
    unlink(path);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),  cmocka_unit_test(test_refuse),     cmocka_unit_test(test_limits), cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_write), cmocka_unit_test(test_round_trip), cmocka_unit_test(test_files),
    };
    int r = t_run("csv", tests, N(tests));
    ctx_free(&c);
    return r;
}
