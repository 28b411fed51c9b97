/* What kind of file it is, and the reader for it; see table_in.h. */
#include "table_in.h"

#include "csv.h"
#include "xlsx_read.h"

#include <errno.h>
#include <sys/stat.h>

struct table_in {
    struct ctx *c;
    struct arena rows;
    struct source source;
    struct csv_in *csv;
    struct xlsx_in *xlsx;
};

/* A password makes .xlsx an OLE2 file with a stream of this name, in UTF-16. */
static bool has_encrypted_package(struct source *s)
{
    static const char name[] = "EncryptedPackage";
    enum { PIECE = 16 * 1024, WIDE = 2 * (sizeof name - 1) };
    char wide[WIDE];
    for (size_t i = 0; i < sizeof name - 1; i++) {
        wide[2 * i] = name[i];
        wide[2 * i + 1] = '\0';
    }
    char bytes[PIECE];
    size_t kept = 0, got;
    while ((got = source_read(s, bytes + kept, PIECE - kept)) > 0) {
        if (memmem(bytes, kept + got, wide, WIDE))
            return true;
        size_t n = kept + got;
        kept = n < WIDE ? n : WIDE - 1;
        memmove(bytes, bytes + n - kept, kept);
    }
    return false;
}

static bool begins(const char *p, size_t n, const char *magic, size_t len)
{
    return n >= len && memcmp(p, magic, len) == 0;
}

static bool is_markup(const char *p, size_t n)
{
    if (begins(p, n, "\xEF\xBB\xBF", 3)) {
        p += 3;
        n -= 3;
    }
    for (; n && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'); p++)
        n--;
    static const char *const tags[] = {"<html", "<!doctype", "<table", "<?xml", "<meta", "<head"};
    for (size_t i = 0; i < N(tags); i++)
        if (n >= strlen(tags[i]) && strncasecmp(p, tags[i], strlen(tags[i])) == 0)
            return true;
    return false;
}

/* Control characters that no text has; not where it may be UTF-16. */
static bool is_binary(const char *p, size_t n)
{
    size_t odd = 0, zeros = 0;
    for (size_t i = 0; i < n; i++)
        zeros += p[i] == '\0';
    if (begins(p, n, "\xFF\xFE", 2) || begins(p, n, "\xFE\xFF", 2) || zeros > n / 8)
        return false;
    for (size_t i = 0; i < n; i++) {
        unsigned char b = (unsigned char)p[i];
        odd += b && b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1B;
    }
    return odd * 50 > n;
}

/* Refuses what is no table. */
static void refuse_kinds(struct table_in *t, const char *p, size_t n)
{
    if (begins(p, n, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8)) {
        if (has_encrypted_package(&t->source))
            fail(t->c, ERR_BAD_INPUT, "Tệp có mật khẩu: hãy mở bằng Excel, bỏ mật khẩu và lưu lại thành .xlsx.",
                 "The file has a password: open it in Excel, remove the password and save it as .xlsx.");
        else
            fail(t->c, ERR_BAD_INPUT, "Tệp Excel đời cũ (.xls): hãy mở bằng Excel và lưu lại thành .xlsx.",
                 "This is an Excel file of the old kind (.xls): open it in Excel and save it as .xlsx.");
    } else if (is_markup(p, n)) {
        fail(t->c, ERR_BAD_INPUT, "Tệp thực ra là trang web (HTML, XML) dù mang đuôi gì: hãy mở bằng Excel và lưu lại thành .xlsx.",
             "The file is really a web page (HTML, XML), whatever its name says: open it in Excel and save it as .xlsx.");
    } else if (begins(p, n, "%PDF", 4) || begins(p, n, "\x89PNG", 4) || begins(p, n, "\xFF\xD8\xFF", 3) ||
               begins(p, n, "Rar!", 4) || begins(p, n, "7z\xBC\xAF", 4) || begins(p, n, "\x1F\x8B", 2) || is_binary(p, n)) {
        fail(t->c, ERR_BAD_INPUT, "Tệp không phải bảng tính .xlsx hay CSV (là PDF, ảnh, tệp nén hoặc loại khác).",
             "The file is neither .xlsx nor CSV (but PDF, a picture, an archive or something else).");
    }
}

static void begin(struct table_in *t, const struct table_options *options)
{
    static const struct table_options none = {0};
    char head[4096];
    size_t n = source_read(&t->source, head, sizeof head);
    if (!options)
        options = &none;
    if (n == 0) {
        fail(t->c, ERR_BAD_INPUT, "Tệp rỗng: không có dòng nào để nhập.", "The file is empty: there is nothing to import.");
        return;
    }
    source_rewind(&t->source);
    if (begins(head, n, "PK\3\4", 4) || begins(head, n, "PK\5\6", 4)) {
        t->xlsx = xlsx_open(t->c, &t->source, options);
        return;
    }
    refuse_kinds(t, head, n);
    if (!failed(t->c))
        t->csv = csv_open(t->c, &t->source, options);
}

static struct table_in *begin_or_close(struct table_in *t, const struct table_options *options)
{
    if (!failed(t->c))
        begin(t, options);
    if (t->csv || t->xlsx)
        return t;
    table_close(t);
    return NULL;
}

static void open_file(struct table_in *t, const char *path)
{
    struct stat st;
    t->source.path = path;
    if (stat(path, &st) != 0) {
        fail(t->c, ERR_BAD_INPUT, "Không mở được tệp %s: %s.", "Cannot open the file %s: %s.", path,
             errno == ENOENT || errno == ENOTDIR ? say(t->c, "không có tệp này", "there is no such file") : os_says(t->c, errno));
        return;
    }
    if (!S_ISREG(st.st_mode)) {
        fail(t->c, ERR_BAD_INPUT, "%s không phải là tệp (là thư mục hoặc thiết bị).", "%s is not a file (but a directory or a device).",
             path);
        return;
    }
    t->source.file = fopen(path, "rbe");
    t->source.total = st.st_size;
    if (!t->source.file)
        fail(t->c, ERR_BAD_INPUT, "Không mở được tệp %s: %s.", "Cannot open the file %s: %s.", path, os_says(t->c, errno));
}

struct table_in *table_open(struct ctx *c, const char *path, const struct table_options *options)
{
    if (failed(c))
        return NULL;
    struct table_in *t = NEW(&c->arena, struct table_in);
    t->c = c;
    open_file(t, arena_text(&c->arena, path));
    return begin_or_close(t, options);
}

struct table_in *table_open_memory(struct ctx *c, const void *bytes, size_t n, const struct table_options *options)
{
    if (failed(c))
        return NULL;
    struct table_in *t = NEW(&c->arena, struct table_in);
    t->c = c;
    t->source.p = bytes;
    t->source.total = (int64_t)n;
    return begin_or_close(t, options);
}

bool table_next(struct table_in *t, struct table_row *row)
{
    *row = (struct table_row){0};
    if (!t || failed(t->c))
        return false;
    arena_rewind(&t->rows, (struct arena_mark){0});
    return t->csv ? csv_next(t->csv, &t->rows, row) : xlsx_next(t->xlsx, &t->rows, row);
}

void table_close(struct table_in *t)
{
    if (!t)
        return;
    csv_close(t->csv);
    xlsx_in_close(t->xlsx);
    source_close(&t->source);
    arena_free(&t->rows);
}

struct value table_at(const struct table_row *row, size_t column)
{
    for (size_t i = 0; i < row->n; i++)
        if (row->cells[i].column == column)
            return row->cells[i].v;
    return value_null();
}

void table_progress(const struct table_in *t, int64_t *done, int64_t *total)
{
    if (t->xlsx) {
        xlsx_progress(t->xlsx, done, total);
        return;
    }
    *total = t->source.total;
    *done = t->source.at < *total ? t->source.at : *total;
}

struct encoding_guess table_encoding(const struct table_in *t)
{
    return t->csv ? csv_encoding(t->csv) : xlsx_encoding(t->xlsx);
}

const char *table_sheet(const struct table_in *t)
{
    return t->xlsx ? xlsx_sheet(t->xlsx) : "";
}

const char *column_name(size_t column, char out[COLUMN_NAME])
{
    char back[COLUMN_NAME];
    size_t n = 0, at = 0;
    for (size_t v = column + 1; v && n < COLUMN_NAME - 1; v = (v - 1) / 26)
        back[n++] = (char)('A' + (v - 1) % 26);
    while (n)
        out[at++] = back[--n];
    out[at] = '\0';
    return out;
}
