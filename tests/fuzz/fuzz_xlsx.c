/* .xlsx: any bytes as the file; or, so that the fuzzer gets past the zip, any bytes as its XML. */
#include "fuzz.h"

#include "fmt/table_in.h"

#include "base/str.h"

#include "unit/fmt/make_zip.h"

static void read_all(const void *bytes, size_t n)
{
    struct ctx c = {.lang = n % 2 ? LANG_EN : LANG_VI};
    struct table_row row;
    struct table_in *t = table_open_memory(&c, bytes, n, NULL);
    CHECK(!t == failed(&c));
    while (table_next(t, &row)) {
        CHECK(row.number >= 1 && row.number <= XLSX_ROWS_MAX && row.n > 0);
        for (size_t i = 0; i < row.n; i++) {
            struct value v = row.cells[i].v;
            CHECK(row.cells[i].column < XLSX_COLUMNS_MAX);
            CHECK(v.type != VALUE_TEXT || utf8_valid(v.s, strlen(v.s)));
            CHECK(v.type != VALUE_DAY || day_valid((int32_t)v.i));
        }
    }
    CHECK(!failed(&c) || (c.err.text && c.err.text[0]));
    table_close(t);
    ctx_free(&c);
}

/* Three documents with NUL between them. */
static void as_parts(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    const char *next[3] = {"", "<sst/>", "<styleSheet/>"}, *at = arena_copy(&a, (const char *)data, n), *end = at + n;
    for (int i = 0; i < 3 && at < end; at += strlen(at) + 1)
        next[i++] = at;
    size_t size;
    unsigned char *zip = make_book((struct workbook_parts){.sheet = next[0], .strings = next[1], .styles = next[2]}, &size);
    read_all(zip, size);
    free(zip);
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n >= 2 && data[0] == 'P' && data[1] == 'K')
        read_all(data, n);
    else
        as_parts(data, n);
    return 0;
}
