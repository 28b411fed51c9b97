/* Workbooks that are broken, of another kind, or made to hurt: always a message, never a crash. */
#define ALLOW_MALLOC
#include "make_zip.h"
#include "t.h"

#include "fmt/table_in.h"

static struct ctx c;

/* Reads all; the message, or "" when there was none. */
static const char *read_all(const void *bytes, size_t n, int64_t inflated_max)
{
    struct table_options options = {.inflated_max = inflated_max};
    struct table_row row;
    ctx_free(&c);
    c = (struct ctx){.lang = LANG_EN};
    struct table_in *t = table_open_memory(&c, bytes, n, &options);
    while (table_next(t, &row))
        continue;
    table_close(t);
    return failed(&c) ? c.err.text : "";
}

static void refused(const void *bytes, size_t n, const char *word)
{
    const char *text = read_all(bytes, n, 0);
    if (!strstr(text, word))
        fail_msg("not refused for \"%s\": \"%s\"", word, text);
}

static void book_refused(struct workbook_parts w, const char *word)
{
    size_t n;
    unsigned char *zip = make_book(w, &n);
    refused(zip, n, word);
    free(zip);
}

#define ROW "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>"
#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"

static void test_truncated(void **state)
{
    (void)state;
    size_t n;
    unsigned char *zip = make_book((struct workbook_parts){.sheet = SHEET(ROW), .strings = "<sst><si><t>a</t></si></sst>"}, &n);
    assert_string_equal(read_all(zip, n, 0), "");
    for (size_t cut = 4; cut < n; cut++) {
        unsigned char *part = malloc(cut); /* its own block, so that a byte too far is seen */
        memcpy(part, zip, cut);
        assert_string_not_equal(read_all(part, cut, 0), "");
        free(part);
    }
    /* any byte turned: a message or a table, no crash */
    for (size_t at = 0; at < n; at++) {
        zip[at] ^= 0x55;
        read_all(zip, n, 0);
        zip[at] ^= 0x55;
    }
    free(zip);
}

static void test_strangers(void **state)
{
    (void)state;
    size_t n;
    static const struct {
        const char *name, *word;
    } cases[] = {{"xl/vbaProject.bin", "macros"}, {"xl/workbook.bin", ".xlsb"}, {"word/document.xml", "Word"}, {"a.csv", "archive"},
                 {"../../etc/passwd", "archive"}};
    for (size_t i = 0; i < N(cases); i++) {
        unsigned char *zip = make_zip(&(struct part){cases[i].name, "x", 1, false}, 1, &n);
        refused(zip, n, cases[i].word);
        free(zip);
    }
    unsigned char *zip = make_zip((struct part[]){{"mimetype", "x", 1, true}, {"content.xml", "x", 1, false}}, 2, &n);
    refused(zip, n, ".ods");
    free(zip);
    struct part *parts = calloc(1001, sizeof *parts);
    char (*names)[8] = calloc(1001, 8);
    for (int i = 0; i < 1001; i++) {
        snprintf(names[i], 8, "p%d", i);
        parts[i] = (struct part){names[i], "x", 1, true};
    }
    zip = make_zip(parts, 1001, &n);
    refused(zip, n, "more than 1000 parts");
    free(zip);
    free(parts);
    free(names);
    refused("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22, "archive");
    refused("PK\3\4 and then something else", 27, "damaged");
}

/* A sheet of that many bytes of blanks in one row. */
static char *swollen_sheet(size_t n)
{
    char *s = malloc(n + 100);
    int head = snprintf(s, 50, "<worksheet><sheetData>");
    memset(s + head, ' ', n);
    snprintf(s + (size_t)head + n, 50, "</sheetData></worksheet>");
    return s;
}

/* Writes v over the four bytes at `field` of every entry of the central directory and of every local head. */
static void lie(unsigned char *zip, size_t n, size_t local, size_t central, uint32_t v)
{
    for (size_t i = 0; i + 46 < n; i++) {
        bool head = memcmp(zip + i, "PK\3\4", 4) == 0, entry = memcmp(zip + i, "PK\1\2", 4) == 0;
        unsigned char *at = zip + i + (head ? local : central);
        for (int k = 0; (head || entry) && k < 4; k++)
            at[k] = (unsigned char)(v >> 8 * k);
    }
}

static void test_bombs(void **state)
{
    (void)state;
    size_t n;
    char *sheet = swollen_sheet((size_t)20 << 20);
    unsigned char *zip = make_book((struct workbook_parts){.sheet = sheet}, &n);
    refused(zip, n, "unpacks to far more");
    assert_string_equal(read_all(zip, n, (int64_t)64 << 20), ""); /* allowed by hand */
    assert_non_null(strstr(read_all(zip, n, (int64_t)4 << 20), "unpacks to far more"));
    lie(zip, n, 22, 24, 10); /* "ten bytes, unpacked" */
    assert_string_not_equal(read_all(zip, n, 0), "");
    free(zip);
    zip = make_book((struct workbook_parts){.sheet = sheet}, &n);
    lie(zip, n, 18, 20, 0x7FFFFFFF); /* "two gigabytes, packed" */
    assert_string_not_equal(read_all(zip, n, 0), "");
    free(zip);
    free(sheet);
    /* a text of 100 KB shown by each of 16,384 cells of one row */
    struct buf rows = {0}, strings = {0};
    buf_puts(&rows, "<worksheet><sheetData><row>");
    for (int i = 0; i < 16384; i++)
        buf_puts(&rows, "<c t=\"s\"><v>0</v></c>");
    buf_puts(&rows, "</row></sheetData></worksheet>");
    buf_puts(&strings, "<sst><si><t>");
    buf_fill(&strings, 'x', 100000);
    buf_puts(&strings, "</t></si></sst>");
    book_refused((struct workbook_parts){.sheet = rows.p, .strings = strings.p}, "the row is longer than 16 MiB");
    buf_clear(&strings);
    buf_puts(&strings, "<sst><si><t>");
    buf_fill(&strings, 'x', 200000);
    buf_puts(&strings, "</t></si></sst>");
    book_refused((struct workbook_parts){.sheet = rows.p, .strings = strings.p}, "longer than 128 KiB");
    buf_free(&rows);
    buf_free(&strings);
}

static void test_wicked_xml(void **state)
{
    (void)state;
    book_refused((struct workbook_parts){.sheet = "<!DOCTYPE a [<!ENTITY x \"ha\"><!ENTITY y \"&x;&x;&x;\">]><worksheet>&y;</worksheet>"},
                 "DOCTYPE");
    book_refused((struct workbook_parts){.sheet = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><worksheet/>"}, "DOCTYPE");
    book_refused((struct workbook_parts){.sheet = SHEET(ROW), .strings = "<!DOCTYPE a><sst/>"}, "DOCTYPE");
    book_refused((struct workbook_parts){.sheet = SHEET(ROW), .styles = "<!DOCTYPE a><x/>"}, "DOCTYPE");
    book_refused((struct workbook_parts){.sheet = "<worksheet>&x;</worksheet>"}, "damaged");
    book_refused((struct workbook_parts){.sheet = "<worksheet><sheetData>"}, "damaged");
    book_refused((struct workbook_parts){.sheet = "no xml"}, "damaged");
    book_refused((struct workbook_parts){.sheet = ""}, "damaged");
    struct buf deep = {0};
    for (int i = 0; i < 40; i++)
        buf_puts(&deep, "<a>");
    book_refused((struct workbook_parts){.sheet = deep.p}, "nested");
    buf_free(&deep);
    static const struct {
        const char *sheet, *word;
    } cases[] = {
        {SHEET("<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>"), "not the name of a cell (XFE1)"},
        {SHEET("<row r=\"1\"><c r=\"A1048577\"><v>1</v></c></row>"), "not the name of a cell"},
        {SHEET("<row r=\"1\"><c r=\"A2\"><v>1</v></c></row>"), "not the name of a cell"},
        {SHEET("<row r=\"1\"><c r=\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA1\"><v>1</v></c></row>"), "not the name of a cell"},
        {SHEET("<row r=\"1\"><c r=\"1\"><v>1</v></c></row>"), "not the name of a cell"},
        {SHEET("<row r=\"1048577\"/>"), "not the number of a row"},
        {SHEET("<row r=\"0\"/>"), "not the number of a row"},
        {SHEET("<row r=\"x\"/>"), "not the number of a row"},
        {SHEET("<row r=\"3\"><c r=\"B3\" t=\"s\"><v>7</v></c></row>"), "Cell B3: its text is missing"},
        {SHEET("<row r=\"3\"><c r=\"B3\" t=\"s\"><v>-1</v></c></row>"), "Cell B3: its text is missing"},
        {SHEET("<row r=\"3\"><c r=\"B3\"><v>1x</v></c></row>"), "Cell B3: the number"},
        {SHEET("<row r=\"3\"><c r=\"B3\"><v>1e999</v></c></row>"), "Cell B3: the number"},
    };
    for (size_t i = 0; i < N(cases); i++)
        book_refused((struct workbook_parts){.sheet = cases[i].sheet}, cases[i].word);
    book_refused((struct workbook_parts){.sheet = SHEET(ROW), .book = "<workbook><sheets/></workbook>"}, "no visible sheet");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_truncated), cmocka_unit_test(test_strangers), cmocka_unit_test(test_bombs),
                                              cmocka_unit_test(test_wicked_xml)};
    int r = t_run("zip", tests, N(tests));
    ctx_free(&c);
    return r;
}
