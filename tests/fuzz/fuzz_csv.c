/* CSV: any bytes give rows or a message; rows that were read can be written and read again the same. */
#include "fuzz.h"

#include "fmt/csv.h"

/* All rows, as a CSV of ours. False when it was refused. */
static bool rewrite(struct buf *out, const void *bytes, size_t n, const struct table_options *options)
{
    struct ctx c = {.lang = n % 2 ? LANG_EN : LANG_VI};
    struct csv_out w = {.to = out};
    struct table_row row;
    int64_t number = 0;
    struct table_in *t = table_open_memory(&c, bytes, n, options);
    CHECK(!t == failed(&c));
    while (table_next(t, &row)) {
        CHECK(row.number > number && row.n > 0);
        number = row.number;
        size_t column = 0;
        for (size_t i = 0; i < row.n; i++, column++) {
            for (; column < row.cells[i].column; column++)
                csv_cell(&w, value_null());
            CHECK(row.cells[i].column == column);
            csv_cell(&w, row.cells[i].v);
        }
        csv_end_row(&w);
    }
    bool ok = !failed(&c);
    CHECK(ok || (c.err.text && c.err.text[0]));
    table_close(t);
    ctx_free(&c);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct table_options options = {0};
    if (n < 2 || (data[1] == 'P' && n > 2 && data[2] == 'K')) /* zip has a target of its own */
        return 0;
    options.enc = data[0] % (ENC_COUNT * 2) < ENC_COUNT ? (enum encoding)(data[0] % ENC_COUNT) : ENC_AUTO;
    struct buf once = {0}, twice = {0};
    if (rewrite(&once, data + 1, n - 1, &options) && once.n) {
        struct table_options ours = {.enc = ENC_UTF8, .separator = ','};
        if (rewrite(&twice, once.p, once.n, &ours)) /* a page of HTML in cells may be refused */
            CHECK(strcmp(buf_text(&once), buf_text(&twice)) == 0);
    }
    buf_free(&once);
    buf_free(&twice);
    return 0;
}
