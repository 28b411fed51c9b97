/* Reading CSV; see csv.h. libcsv is fed line by line, so that it never runs ahead of the row asked for. */
#include "csv.h"

#include "csv_guard.h"
#include "row.h"

#include "base/str.h"
#include "base/text.h"

#include <csv.h>

/* A row of 4,000 columns of 1 MiB would be 4 GiB; nobody's register is near this. */
enum { CHUNK = 64 * 1024, SAMPLE = 512 * 1024, ROW_MAX = 16 << 20 };

struct csv_in {
    struct ctx *c;
    struct source *source;
    struct csv_parser parser;
    struct encoding_guess guess; /* of the bytes */
    enum encoding bytes, font;   /* how cells are decoded; an old font put right after, or ENC_AUTO */
    bool font_sure;              /* the user said so: do not weigh every cell */

    char chunk[CHUNK]; /* ASCII-compatible bytes not yet parsed */
    size_t at, n;
    unsigned char rest[4]; /* of UTF-16: bytes of a character that is not complete */
    size_t nrest;

    struct row_cells row;
    size_t column, row_bytes; /* of the row being read */
    int64_t number, line;     /* rows ended so far; the line being read */
    int64_t row_line;         /* on which the row began */
    int64_t quote_line;       /* on which an open quote began */
    size_t quote_column;
    bool row_ended, after_cr, finished, started;
};

static void broken_text(struct csv_in *in)
{
    char name[COLUMN_NAME];
    fail(in->c, ERR_BAD_INPUT,
         "Dòng %lld, cột %s: có ký tự không đọc được theo bảng mã %s. Hãy chọn đúng bảng mã, hoặc lưu lại tệp dạng CSV UTF-8.",
         "Line %lld, column %s: characters that are not %s. Name the right encoding, or save the file as CSV UTF-8.",
         (long long)in->row_line, column_name(in->column, name), in_words(in->c, encoding_name(in->bytes)));
}

/* Text of a cell as it is to be seen; NULL after a failure. */
static const char *cell_text(struct csv_in *in, const char *p, size_t n)
{
    if (memchr(p, 0, n)) {
        char name[COLUMN_NAME];
        fail(in->c, ERR_BAD_INPUT, "Dòng %lld, cột %s: có byte rỗng (NUL). Tệp bị hỏng hoặc không phải CSV.",
             "Line %lld, column %s: a NUL byte. The file is damaged or is not CSV.", (long long)in->row_line,
             column_name(in->column, name));
        return NULL;
    }
    const char *s = encoding_decode(in->row.arena, in->bytes, p, n);
    if (!s) {
        broken_text(in);
        return NULL;
    }
    if (in->font)
        s = in->font_sure ? encoding_fix_text(in->row.arena, in->font, false, s)
                          : encoding_fix_likely(in->row.arena, in->font, s);
    return *s == '\'' && csv_guarded(s) ? s + 1 : s;
}

static void on_cell(void *p, size_t n, void *data)
{
    struct csv_in *in = data;
    if (failed(in->c))
        return;
    in->row_bytes += n;
    if (in->column >= CSV_COLUMNS_MAX || n > CELL_MAX || in->row_bytes > ROW_MAX) {
        fail(in->c, ERR_BAD_INPUT,
             "Dòng %lld: quá dài (nhiều nhất %d cột, mỗi ô %d MiB). Hãy xem lại dấu phân cách và dấu nháy kép.",
             "Line %lld: too long (at most %d columns, %d MiB a cell). Check the separator and the double quotes.",
             (long long)in->row_line, CSV_COLUMNS_MAX, CELL_MAX >> 20);
        return;
    }
    if (n) {
        const char *s = cell_text(in, p, n);
        if (s && *s)
            row_add(&in->row, in->column, value_text(s));
    }
    in->column++;
}

static void on_row(int c, void *data)
{
    struct csv_in *in = data;
    (void)c;
    in->row_ended = true;
    in->number++;
}

/* ---- what kind of file ---- */

/* How many of the first lines agree on a number of separators, and are not without. */
static int lines_agreeing(const char *s, size_t n, char separator)
{
    enum { LINES = 40, MOST = 256 };
    int seen[MOST] = {0}, best = 0, count = 0, lines = 0;
    bool quoted = false;
    for (size_t i = 0; i < n && lines < LINES; i++) {
        if (s[i] == '"')
            quoted = !quoted;
        else if (!quoted && s[i] == separator)
            count++;
        bool end = !quoted && (s[i] == '\n' || s[i] == '\r');
        if (!end && i + 1 < n)
            continue;
        if (count && count < MOST && ++seen[count] > best)
            best = seen[count];
        lines += count > 0 || s[i] != '\n';
        count = 0;
    }
    return best;
}

static char find_separator(const char *s, size_t n)
{
    static const char tried[] = "\t;,"; /* a tie: a comma is often a decimal comma */
    char best = ',';
    int most = 0;
    for (const char *t = tried; *t; t++) {
        int agree = lines_agreeing(s, n, *t);
        if (agree > most) {
            most = agree;
            best = *t;
        }
    }
    return best;
}

/* Bytes of UTF-16 at in->rest and p to UTF-8 in the chunk. What is cut off waits in rest. */
static void widen(struct csv_in *in, const unsigned char *p, size_t n)
{
    bool big = in->guess.enc == ENC_UTF16BE;
    for (size_t i = 0; i < n; i++) {
        in->rest[in->nrest++] = p[i];
        if (in->nrest % 2)
            continue;
        const unsigned char *r = in->rest;
        uint32_t u = big ? (uint32_t)(r[0] << 8 | r[1]) : (uint32_t)(r[1] << 8 | r[0]);
        bool lead = u >= 0xD800 && u < 0xDC00;
        if (lead && in->nrest == 2)
            continue;
        if (lead) {
            uint32_t low = big ? (uint32_t)(r[2] << 8 | r[3]) : (uint32_t)(r[3] << 8 | r[2]);
            u = low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((u - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
        } else if (u >= 0xDC00 && u < 0xE000) {
            u = 0xFFFD;
        }
        in->nrest = 0;
        in->n += utf8_put(u, in->chunk + in->n);
    }
}

/* More bytes into the chunk. False at the end. */
static bool refill(struct csv_in *in)
{
    in->at = in->n = 0;
    if (in->guess.enc == ENC_UTF16LE || in->guess.enc == ENC_UTF16BE) {
        unsigned char raw[CHUNK / 4]; /* two bytes become three, a stray pair of surrogates three */
        size_t got = source_read(in->source, raw, sizeof raw);
        widen(in, raw, got);
        if (!got && in->nrest)
            fail(in->c, ERR_BAD_INPUT, "Tệp bị cắt giữa chừng một ký tự: có thể chưa tải hết.",
                 "The file ends in the middle of a character: perhaps it was not loaded to its end.");
        return got && !failed(in->c);
    }
    in->n = source_read(in->source, in->chunk, CHUNK);
    if (!in->n && in->source->file && ferror(in->source->file))
        fail(in->c, ERR_BAD_INPUT, "Không đọc được hết tệp %s.", "Cannot read the file %s to its end.", in->source->path);
    return in->n && !failed(in->c);
}

/* The first line "sep=;" of Excel. */
static size_t sep_line(const char *s, size_t n, char *separator)
{
    if (n < 6 || strncasecmp(s, "sep=", 4) != 0 || !strchr(",;\t", s[4]) || (s[5] != '\r' && s[5] != '\n'))
        return 0;
    *separator = s[4];
    return s[5] == '\r' && n > 6 && s[6] == '\n' ? 7 : 6;
}

/* The sample, as bytes that ASCII can be seen in. */
static void look(struct csv_in *in, const struct table_options *options)
{
    struct arena sample = {0};
    char *raw = arena_alloc(&sample, SAMPLE);
    size_t n = source_read(in->source, raw, SAMPLE);
    source_rewind(in->source);
    in->guess = encoding_detect(raw, n);
    bool wide = in->guess.enc == ENC_UTF16LE || in->guess.enc == ENC_UTF16BE;
    bool old_font = options->enc == ENC_TCVN3 || options->enc == ENC_VNI;
    if (options->enc && !(old_font && (wide || (in->guess.enc == ENC_UTF8 && in->guess.sure))))
        in->guess = (struct encoding_guess){options->enc, options->enc, true};
    wide = in->guess.enc == ENC_UTF16LE || in->guess.enc == ENC_UTF16BE;
    in->bytes = wide ? ENC_UTF8 : in->guess.enc;
    const char *text = raw;
    if (wide)
        text = encoding_decode(&sample, in->guess.enc, raw, n / 2 * 2);
    if (wide)
        n = text ? strlen(text) : 0;
    if (in->bytes == ENC_UTF8 && options->enc == ENC_AUTO && n) {
        struct encoding_guess font = encoding_detect_text(text, n);
        if (font.enc != ENC_UTF8) {
            in->font = font.enc;
            in->guess.sure &= font.sure;
        }
    } else if (in->bytes == ENC_UTF8 && old_font) {
        in->font = options->enc;
        in->font_sure = true;
    }
    char separator = find_separator(text ? text : "", n);
    csv_set_delim(&in->parser, (unsigned char)(options->separator ? options->separator : separator));
    arena_free(&sample);
}

struct csv_in *csv_open(struct ctx *c, struct source *source, const struct table_options *options)
{
    struct csv_in *in = NEW(&c->arena, struct csv_in);
    in->c = c;
    in->source = source;
    in->line = in->row_line = 1;
    if (csv_init(&in->parser, CSV_REPALL_NL) != 0) {
        fail(c, ERR_BROKEN, "Không khởi động được bộ đọc CSV.", "The reader of CSV does not start.");
        return NULL;
    }
    csv_set_blk_size(&in->parser, 4096);
    look(in, options);
    return in;
}

static void start(struct csv_in *in)
{
    in->started = true;
    if (!refill(in))
        return;
    if (in->n >= 3 && memcmp(in->chunk, "\xEF\xBB\xBF", 3) == 0)
        in->at = 3;
    char separator;
    size_t skip = sep_line(in->chunk + in->at, in->n - in->at, &separator);
    if (skip) {
        csv_set_delim(&in->parser, (unsigned char)separator);
        in->at += skip;
        in->line = in->row_line = in->line + 1;
    }
}

/* The next piece for libcsv: up to and with the end of a line, or all there is. */
static size_t piece(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] == '\n' || s[i] == '\r')
            return i + 1;
    return n;
}

static void open_quote(struct csv_in *in)
{
    if (in->quote_line && in->quote_column == in->column)
        return;
    in->quote_line = in->line;
    in->quote_column = in->column;
}

static void feed(struct csv_in *in)
{
    const char *s = in->chunk + in->at;
    size_t n = piece(s, in->n - in->at);
    char last = s[n - 1];
    in->at += n;
    in->row_ended = false;
    if (csv_parse(&in->parser, s, n, on_cell, on_row, in) != n)
        fail(in->c, ERR_BAD_INPUT, "Dòng %lld: không đọc được dòng này.", "Line %lld cannot be read.", (long long)in->line);
    if (!in->row_ended)
        open_quote(in);
    if (in->parser.entry_pos > CELL_MAX)
        fail(in->c, ERR_BAD_INPUT,
             "Dòng %lld: một ô dài hơn %d MiB. Có lẽ thiếu dấu nháy kép đóng ở dòng này hoặc dòng trước.",
             "Line %lld: a cell longer than %d MiB. Perhaps a closing double quote is missing here or before.",
             (long long)in->quote_line, CELL_MAX >> 20);
    if (last == '\r' || (last == '\n' && !in->after_cr))
        in->line++;
    in->after_cr = last == '\r';
}

static void finish(struct csv_in *in)
{
    in->finished = true;
    csv_set_opts(&in->parser, CSV_REPALL_NL | CSV_STRICT | CSV_STRICT_FINI);
    if (csv_fini(&in->parser, on_cell, on_row, in) != 0)
        fail(in->c, ERR_BAD_INPUT,
             "Dòng %lld: dấu nháy kép mở ở đây mà không có dấu đóng. Hãy thêm dấu \" hoặc xóa dấu thừa.",
             "Line %lld: a double quote opens here and is never closed. Add the missing \" or remove this one.",
             (long long)in->quote_line);
}

static bool more(struct csv_in *in)
{
    return !failed(in->c) && (in->at < in->n || refill(in));
}

static void read_row(struct csv_in *in)
{
    if (in->after_cr && more(in) && in->chunk[in->at] == '\n') /* the second half of CR LF */
        in->at++;
    in->after_cr = in->row_ended = false;
    while (!in->row_ended && more(in))
        feed(in);
    if (!in->row_ended && !failed(in->c))
        finish(in);
}

bool csv_next(struct csv_in *in, struct arena *arena, struct table_row *row)
{
    if (!in->started)
        start(in);
    while (!failed(in->c) && !in->finished) {
        in->row = (struct row_cells){.arena = arena};
        in->column = in->row_bytes = 0;
        in->quote_line = 0;
        in->row_line = in->line;
        read_row(in);
        if (!failed(in->c) && in->row.n) {
            *row = (struct table_row){in->number, in->row_line, in->row.n, in->row.cells};
            return true;
        }
    }
    return false;
}

struct encoding_guess csv_encoding(const struct csv_in *in)
{
    struct encoding_guess g = in->guess;
    if (in->font)
        g.enc = in->font;
    return g;
}

void csv_close(struct csv_in *in)
{
    if (in)
        csv_free(&in->parser);
}
