/* The sheet of a workbook; see xlsx_read.h. expat is paused at the end of every row. */
#include "xlsx_read.h"

#include "row.h"
#include "xlsx_parts.h"
#include "zip_in.h"

#include "base/str.h"
#include "base/text.h"

#include <locale.h>
#include <math.h>

enum { TEXT_SAMPLE = 512 * 1024 };

struct xlsx_in {
    struct ctx *c;
    struct zip_in *zip;
    struct xml_in xml;
    struct workbook book;
    struct styles styles;
    struct strings strings;
    struct encoding_guess guess;
    bool font_sure;
    locale_t numbers; /* digits and point, whatever the locale of the process */

    struct row_cells row;
    size_t row_bytes;    /* of text in the row being read */
    int64_t number;      /* of the row being read */
    size_t column, next; /* of the cell being read; of a cell without a name */
    const struct style *style;
    char type; /* n s b e t(ext) d */
    struct buf text;
    bool in_row, in_cell, taking, row_done;
    int phonetic;
};

static void fail_cell(struct xlsx_in *in, const char *vi, const char *en)
{
    char name[COLUMN_NAME];
    fail(in->c, ERR_BAD_INPUT, "Ô %s%lld: %s.", "Cell %s%lld: %s.", column_name(in->column, name), (long long)in->number,
         in->c->lang == LANG_EN ? en : vi);
    xml_stop(&in->xml);
}

/* ---- text ---- */

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Excel writes characters that XML cannot hold as _x000D_. In place. */
static size_t unescape(char *s, size_t n)
{
    size_t at = 0;
    for (size_t i = 0; i < n;) {
        bool form = n - i >= 7 && s[i] == '_' && s[i + 1] == 'x' && s[i + 6] == '_';
        int cp = 0;
        for (size_t k = 2; form && k < 6; k++) {
            form = hex(s[i + k]) >= 0;
            cp = cp * 16 + (form ? hex(s[i + k]) : 0);
        }
        if (!form) {
            s[at++] = s[i++];
            continue;
        }
        if (cp && (cp < 0xD800 || cp > 0xDFFF))
            at += utf8_put((uint32_t)cp, s + at);
        i += 7;
    }
    s[at] = '\0';
    return at;
}

static void add_text(struct xlsx_in *in, const char *raw, size_t n)
{
    in->row_bytes += n;
    if (in->row_bytes > XLSX_ROW_MAX) {
        fail_cell(in, "cả dòng dài hơn 16 MiB", "the row is longer than 16 MiB");
        return;
    }
    char *s = arena_copy(in->row.arena, raw, n);
    n = unescape(s, n);
    const char *clean = encoding_decode(in->row.arena, ENC_UTF8, s, n);
    if (!clean) {
        fail_broken_xlsx(in->c);
        xml_stop(&in->xml);
        return;
    }
    if (in->style->font)
        clean = encoding_fix_text(in->row.arena, in->style->font, in->style->capitals, clean);
    else if (in->guess.enc != ENC_UTF8)
        clean = in->font_sure ? encoding_fix_text(in->row.arena, in->guess.enc, false, clean)
                              : encoding_fix_likely(in->row.arena, in->guess.enc, clean);
    if (*clean)
        row_add(&in->row, in->column, value_text(clean));
}

/* ---- cells ---- */

static void add_number(struct xlsx_in *in, const char *s)
{
    char *end;
    double v = strtod_l(s, &end, in->numbers);
    if (end == s || *end || !isfinite(v)) {
        fail_cell(in, "số ghi trong tệp không đọc được", "the number in the file cannot be read");
        return;
    }
    int32_t date = in->style->date ? day_from_serial(v, in->book.since_1904) : 0;
    if (date)
        row_add(&in->row, in->column, value_day((struct day){date}));
    else if (v > -9007199254740992.0 && v < 9007199254740992.0 && (double)(int64_t)v == v)
        row_add(&in->row, in->column, value_int((int64_t)v));
    else
        row_add(&in->row, in->column, value_real(v));
}

static void add_shared(struct xlsx_in *in, const char *s)
{
    int64_t i;
    size_t n = 0;
    const char *text = int_parse(s, &i) && i >= 0 ? strings_at(&in->strings, in->row.arena, (size_t)i, &n) : NULL;
    if (!text)
        fail_cell(in, "thiếu phần chữ của ô này; tệp bị hỏng, hãy mở bằng Excel và lưu lại",
                  "its text is missing; the file is damaged: open it in Excel and save it again");
    else
        add_text(in, text, n);
}

static void add_iso(struct xlsx_in *in, const char *s, size_t n)
{
    int32_t v;
    if (day_parse(s, n < 10 ? n : 10, false, &v))
        row_add(&in->row, in->column, value_day((struct day){v}));
    else
        add_text(in, s, n);
}

static void cell_done(struct xlsx_in *in)
{
    const char *s = buf_text(&in->text);
    size_t n = in->text.n;
    if (!n && in->type != 'e')
        return;
    if (in->row.n == XLSX_COLUMNS_MAX) {
        fail_cell(in, "dòng có quá nhiều ô", "the row has too many cells");
        return;
    }
    switch (in->type) {
    case 's': add_shared(in, s); break;
    case 'b': row_add(&in->row, in->column, value_bool(*s == '1' || *s == 't')); break;
    case 'e': row_add(&in->row, in->column, value_null()); break;
    case 't': add_text(in, s, n); break;
    case 'd': add_iso(in, s, n); break;
    default: add_number(in, s); break;
    }
}

/* A1 to XFD1048576. False for what is beyond or no name of a cell. */
static bool cell_name(const char *s, size_t *column, int64_t *row)
{
    size_t col = 0;
    int64_t number = 0;
    for (; (*s | 32) >= 'a' && (*s | 32) <= 'z'; s++) {
        col = col * 26 + (size_t)((*s | 32) - 'a' + 1);
        if (col > XLSX_COLUMNS_MAX)
            return false;
    }
    if (!col || !int_parse(s, &number) || number < 1 || number > XLSX_ROWS_MAX)
        return false;
    *column = col - 1;
    *row = number;
    return true;
}

static char type_of(const char *t)
{
    if (!t || strcmp(t, "n") == 0)
        return 'n';
    if (strcmp(t, "str") == 0 || strcmp(t, "inlineStr") == 0)
        return 't';
    return t[0] == 's' || t[0] == 'b' || t[0] == 'e' || t[0] == 'd' ? t[0] : 'n';
}

static void cell_start(struct xlsx_in *in, const char **at)
{
    static const struct style plain = {0};
    const char *name = xml_attribute(at, "r"), *style = xml_attribute(at, "s");
    int64_t row = in->number, i;
    in->column = in->next;
    if (name ? !cell_name(name, &in->column, &row) || row != in->number : in->column >= XLSX_COLUMNS_MAX) {
        fail(in->c, ERR_BAD_INPUT, "Dòng %lld: địa chỉ ô không hợp lệ (%.20s). Tệp bị hỏng, hãy mở bằng Excel và lưu lại.",
             "Row %lld: not the name of a cell (%.20s). The file is damaged: open it in Excel and save it again.",
             (long long)in->number, name ? name : "");
        xml_stop(&in->xml);
        return;
    }
    in->next = in->column + 1;
    in->style = style && int_parse(style, &i) && i >= 0 && (size_t)i < in->styles.n ? &in->styles.of[i] : &plain;
    in->type = type_of(xml_attribute(at, "t"));
    in->in_cell = true;
    buf_clear(&in->text);
}

static void row_start(struct xlsx_in *in, const char **at)
{
    const char *r = xml_attribute(at, "r");
    int64_t number = in->number + 1;
    if ((r && !int_parse(r, &number)) || number < 1 || number > XLSX_ROWS_MAX) {
        fail(in->c, ERR_BAD_INPUT, "Sau dòng %lld: số dòng không hợp lệ. Tệp bị hỏng, hãy mở bằng Excel và lưu lại.",
             "After row %lld: not the number of a row. The file is damaged: open it in Excel and save it again.",
             (long long)in->number);
        xml_stop(&in->xml);
        return;
    }
    in->number = number;
    in->next = in->row_bytes = 0;
    in->in_row = true;
}

static void sheet_start(void *data, const char *name, const char **at)
{
    struct xlsx_in *in = data;
    if (!in->in_row) {
        if (strcmp(name, "row") == 0)
            row_start(in, at);
    } else if (!in->in_cell) {
        if (strcmp(name, "c") == 0)
            cell_start(in, at);
    } else if (strcmp(name, "rPh") == 0) {
        in->phonetic++;
    } else if (strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && !in->phonetic)) {
        in->taking = true;
    }
}

static void sheet_end(void *data, const char *name)
{
    struct xlsx_in *in = data;
    if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0) {
        in->taking = false;
    } else if (strcmp(name, "rPh") == 0) {
        in->phonetic -= in->phonetic > 0;
    } else if (strcmp(name, "c") == 0 && in->in_cell) {
        in->in_cell = false;
        cell_done(in);
    } else if (strcmp(name, "row") == 0 && in->in_row) {
        in->in_row = false;
        if (in->row.n) {
            in->row_done = true;
            xml_pause(&in->xml);
        }
    }
}

static void sheet_text(void *data, const char *s, size_t n)
{
    struct xlsx_in *in = data;
    if (!in->taking || !in->in_cell)
        return;
    buf_add(&in->text, s, n);
    if (in->text.n > XLSX_TEXT_MAX || in->text.failed)
        fail_cell(in, "nội dung dài hơn 128 KiB", "longer than 128 KiB");
}

/* ---- the whole ---- */

/* The first of the shared strings, to see whether they were typed in an old font. */
static void guess_font(struct xlsx_in *in, enum encoding asked)
{
    in->guess = (struct encoding_guess){ENC_UTF8, ENC_UTF8, true};
    if (asked == ENC_TCVN3 || asked == ENC_VNI) {
        in->guess.enc = asked;
        in->font_sure = true;
    }
    if (asked != ENC_AUTO)
        return;
    struct arena scratch = {0};
    struct buf sample = {0};
    for (size_t i = 0, n; i < in->strings.n && sample.n < TEXT_SAMPLE; i++) {
        const char *s = strings_at(&in->strings, &scratch, i, &n);
        buf_add(&sample, s ? s : "", s ? n : 0);
        buf_char(&sample, '\n');
    }
    in->guess = encoding_detect_text(buf_text(&sample), sample.n);
    buf_free(&sample);
    arena_free(&scratch);
}

struct xlsx_in *xlsx_open(struct ctx *c, const struct source *source, const struct table_options *options)
{
    struct xlsx_in *in = NEW(&c->arena, struct xlsx_in);
    in->c = c;
    in->zip = zip_in_open(c, source, options->inflated_max);
    if (!in->zip)
        return NULL;
    in->numbers = newlocale(LC_ALL_MASK, "C", NULL);
    workbook_read(c, in->zip, options->sheet, &in->book);
    styles_read(c, in->zip, in->book.styles, &in->styles);
    strings_read(c, in->zip, in->book.strings, &in->strings);
    if (!failed(c))
        guess_font(in, options->enc);
    in->xml.data = in;
    in->xml.start = sheet_start;
    in->xml.end = sheet_end;
    in->xml.text = sheet_text;
    if (failed(c) || !xml_open(&in->xml, c, in->zip, in->book.sheet)) {
        xlsx_in_close(in);
        return NULL;
    }
    return in;
}

bool xlsx_next(struct xlsx_in *in, struct arena *arena, struct table_row *row)
{
    in->row = (struct row_cells){.arena = arena};
    in->row_done = false;
    if (failed(in->c) || !xml_step(&in->xml) || !in->row_done || failed(in->c))
        return false;
    *row = (struct table_row){in->number, in->number, in->row.n, in->row.cells};
    return true;
}

struct encoding_guess xlsx_encoding(const struct xlsx_in *in)
{
    return in->guess;
}

const char *xlsx_sheet(const struct xlsx_in *in)
{
    return in->book.name;
}

void xlsx_progress(const struct xlsx_in *in, int64_t *done, int64_t *total)
{
    *total = in->xml.total;
    *done = in->xml.done < *total ? in->xml.done : *total;
}

void xlsx_in_close(struct xlsx_in *in)
{
    if (!in)
        return;
    xml_close(&in->xml);
    strings_free(&in->strings);
    buf_free(&in->text);
    zip_in_close(in->zip);
    if (in->numbers)
        freelocale(in->numbers);
    in->numbers = (locale_t)0;
}
