/* Writing .xlsx through libxlsxwriter; see xlsx_write.h. */
#define ALLOW_MALLOC
#include "xlsx_write.h"

#include "table_in.h"

#include "base/buf.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum { LOOKS_MOST = 64, SHEET_NAME = 31, EXCEL_TEXT = 32767, WIDTH_MIN = 8, WIDTH_MAX = 60 };

struct xlsx_out {
    struct ctx *c;
    char *path, *temporary;
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *head, *day, *wrong;
    struct {
        struct xlsx_look look;
        bool day;
        lxw_format *format;
    } looks[LOOKS_MOST]; /* made when they are first asked for */
    size_t nlooks;
    lxw_row_t row;
    lxw_col_t column;
};

/* Characters as Excel counts them: units of UTF-16. */
static size_t utf16_length(const char *s)
{
    size_t units = 0, n = strlen(s);
    uint32_t cp;
    for (size_t step; n && (step = utf8_next(s, n, &cp)); s += step, n -= step)
        units += cp > 0xFFFF ? 2 : 1;
    return units;
}

/* At most 31 characters, none of []:*?/\ and no ' at the ends. */
static char *sheet_name(struct arena *a, const char *name)
{
    char *out = arena_alloc(a, SHEET_NAME * 4 + 8), *to = out;
    size_t n = strlen(name), units = 0;
    uint32_t cp;
    for (size_t step; n && (step = utf8_next(name, n, &cp)); name += step, n -= step) {
        units += cp > 0xFFFF ? 2 : 1;
        if (units > SHEET_NAME)
            break;
        bool barred = cp < 0x20 || (cp < 0x80 && strchr("[]:*?/\\", (int)cp)) || (cp == '\'' && (to == out || n == step));
        to += utf8_put(barred ? ' ' : cp, to);
    }
    if (to > out && to[-1] == '\'')
        to[-1] = ' ';
    *to = '\0';
    return str_blank(out) ? arena_text(a, "Sheet1") : out;
}

/* An empty file beside the one that is wanted, so that the rename stays on one disk. */
static bool make_temporary(struct xlsx_out *o)
{
    o->temporary = arena_printf(&o->c->arena, "%s.XXXXXX.tmp", o->path);
    int fd = mkostemps(o->temporary, 4, O_CLOEXEC);
    if (fd < 0) {
        fail(o->c, ERR_CANNOT_MAKE, "Không tạo được tệp %s: %s.", "Cannot make the file %s: %s.", o->path, os_says(o->c, errno));
        return false;
    }
    close(fd);
    return true;
}

struct xlsx_out *xlsx_create(struct ctx *c, const char *path, const char *sheet)
{
    if (failed(c))
        return NULL;
    struct xlsx_out *o = NEW(&c->arena, struct xlsx_out);
    o->c = c;
    o->path = arena_text(&c->arena, path);
    if (!make_temporary(o))
        return NULL;
    char *folder = arena_text(&c->arena, path), *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = slash ? folder : NULL};
    o->book = workbook_new_opt(o->temporary, &options);
    o->sheet = o->book ? workbook_add_worksheet(o->book, sheet_name(&c->arena, sheet)) : NULL;
    if (!o->sheet) {
        fail(c, ERR_BROKEN, "Không tạo được bảng tính.", "The workbook cannot be made.");
        xlsx_close(o);
        return NULL;
    }
    o->head = workbook_add_format(o->book);
    format_set_bold(o->head);
    format_set_text_wrap(o->head);
    format_set_align(o->head, LXW_ALIGN_VERTICAL_CENTER);
    format_set_bg_color(o->head, 0xE8ECF1);
    o->day = workbook_add_format(o->book);
    format_set_num_format(o->day, "dd/mm/yyyy");
    o->wrong = workbook_add_format(o->book);
    format_set_font_color(o->wrong, LXW_COLOR_RED);
    return o;
}

/* Whether there is room for one more cell and all went well. */
static bool ready(struct xlsx_out *o)
{
    if (!o || failed(o->c))
        return false;
    if (o->row >= XLSX_ROWS_MAX || o->column >= XLSX_COLUMNS_MAX) {
        fail(o->c, ERR_BAD_INPUT, "Bảng lớn hơn một trang tính Excel (1.048.576 dòng, 16.384 cột). Hãy lọc bớt hoặc xuất CSV.",
             "The table is larger than a sheet of Excel (1,048,576 rows, 16,384 columns). Filter it or export CSV.");
        return false;
    }
    return true;
}

static void check(struct xlsx_out *o, lxw_error e)
{
    if (e != LXW_NO_ERROR)
        fail(o->c, ERR_CANNOT_MAKE, "Dòng %u của tệp Excel không ghi được: %s.", "Row %u of the Excel file cannot be written: %s.",
             (unsigned)o->row + 1, lxw_strerror(e));
}

/* Excel reads _x0041_ as A: such text needs its first _ written as _x005F_. The text itself when it has none. */
static const char *escaped(struct buf *b, const char *s)
{
    if (!strstr(s, "_x"))
        return s;
    for (; *s; s++) {
        if (s[0] == '_' && s[1] == 'x' && strspn(s + 2, "0123456789abcdefABCDEF") >= 4 && s[6] == '_')
            buf_puts(b, "_x005F");
        buf_char(b, *s);
    }
    return buf_text(b);
}

static void put_text(struct xlsx_out *o, const char *s, lxw_format *format)
{
    char name[COLUMN_NAME];
    if (!utf8_valid(s, strlen(s))) {
        fail(o->c, ERR_BROKEN, "Ô %s%u: chữ không hợp lệ (không phải UTF-8).", "Cell %s%u: the text is not UTF-8.",
             column_name(o->column, name), (unsigned)o->row + 1);
        return;
    }
    if (utf16_length(s) > EXCEL_TEXT) {
        fail(o->c, ERR_BAD_INPUT, "Ô %s%u dài hơn %d ký tự, Excel không chứa được. Hãy xuất CSV.",
             "Cell %s%u is longer than %d characters, which Excel cannot hold. Export CSV.", column_name(o->column, name),
             (unsigned)o->row + 1, EXCEL_TEXT);
        return;
    }
    struct buf b = {0};
    if (*s)
        check(o, worksheet_write_string(o->sheet, o->row, o->column, escaped(&b, s), format));
    buf_free(&b);
}

/* Excel's days begin in 1900, with a 29/02/1900 that never was; older and partial ones are text. */
static void put_day(struct xlsx_out *o, int32_t v)
{
    char text[DAY_TEXT];
    if (!day_valid(v) || v < 19000101) {
        put_text(o, day_vi(v, text), NULL);
        return;
    }
    int32_t serial = day_number((day){v}) + 25569 - (v < 19000301);
    check(o, worksheet_write_number(o->sheet, o->row, o->column, serial, o->day));
}

static void put_int(struct xlsx_out *o, int64_t v)
{
    char text[32];
    if (v > -1000000000000000 && v < 1000000000000000) { /* Excel keeps 15 digits */
        check(o, worksheet_write_number(o->sheet, o->row, o->column, (double)v, NULL));
        return;
    }
    snprintf(text, sizeof text, "%lld", (long long)v);
    put_text(o, text, NULL);
}

void xlsx_cell(struct xlsx_out *o, struct value v)
{
    if (!ready(o))
        return;
    switch (v.type) {
    case VALUE_TEXT: put_text(o, v.s, NULL); break;
    case VALUE_INT: put_int(o, v.i); break;
    case VALUE_DAY: put_day(o, (int32_t)v.i); break;
    case VALUE_BOOL: check(o, worksheet_write_boolean(o->sheet, o->row, o->column, v.i != 0, NULL)); break;
    case VALUE_REAL:
        if (isfinite(v.r))
            check(o, worksheet_write_number(o->sheet, o->row, o->column, v.r, NULL));
        break;
    case VALUE_NULL:
    default: break;
    }
    o->column++;
}

void xlsx_error(struct xlsx_out *o, const char *text)
{
    if (!ready(o))
        return;
    put_text(o, text ? text : "", o->wrong);
    o->column++;
}

void xlsx_end_row(struct xlsx_out *o)
{
    if (!o)
        return;
    o->row++;
    o->column = 0;
}

void xlsx_head(struct xlsx_out *o, const struct xlsx_column *columns, size_t n)
{
    for (size_t i = 0; i < n && ready(o); i++) {
        size_t width = columns[i].width > 0 ? (size_t)columns[i].width : utf8_width(columns[i].head) + 2;
        width = width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
        worksheet_set_column(o->sheet, o->column, o->column, (double)width, NULL);
        put_text(o, columns[i].head, o->head);
        o->column++;
    }
    if (!o || failed(o->c))
        return;
    worksheet_freeze_panes(o->sheet, 1, 0);
    xlsx_end_row(o);
}

/* --- sheets laid out for people -------------------------------------------------------------------------- */

static lxw_format *format_of(struct xlsx_out *o, struct xlsx_look look, bool is_day)
{
    for (size_t i = 0; i < o->nlooks; i++)
        if (o->looks[i].look.is == look.is && o->looks[i].look.decimals == look.decimals && o->looks[i].look.strong == look.strong && o->looks[i].day == is_day)
            return o->looks[i].format;
    lxw_format *f = workbook_add_format(o->book);
    char number[32];
    if (look.strong || look.is == XLSX_TITLE || look.is == XLSX_HEADING)
        format_set_bold(f);
    if (look.is == XLSX_TITLE)
        format_set_font_size(f, 14);
    if (look.is == XLSX_REMARK)
        format_set_italic(f);
    if (look.is == XLSX_AS_TEXT && !is_day)
        format_set_text_wrap(f);
    snprintf(number, sizeof number, "%s%s%.*s%s", look.is == XLSX_WHOLE ? "#,##0" : "0", look.decimals > 0 ? "." : "", look.decimals > 6 ? 6 : look.decimals > 0 ? look.decimals : 0, "000000", look.is == XLSX_PERCENT ? "%" : "");
    if (is_day)
        format_set_num_format(f, "dd/mm/yyyy");
    else if (look.is == XLSX_WHOLE || look.is == XLSX_PERCENT)
        format_set_num_format(f, number);
    if (look.strong)
        format_set_top(f, LXW_BORDER_THIN);
    if (o->nlooks < N(o->looks)) {
        o->looks[o->nlooks].look = look;
        o->looks[o->nlooks].day = is_day;
        o->looks[o->nlooks++].format = f;
    }
    return f;
}

void xlsx_widths(struct xlsx_out *o, const int *widths, size_t n)
{
    for (size_t i = 0; i < n && ready(o); i++)
        worksheet_set_column(o->sheet, (lxw_col_t)i, (lxw_col_t)i, widths[i] < WIDTH_MIN ? WIDTH_MIN : widths[i] > WIDTH_MAX ? WIDTH_MAX : widths[i], NULL);
}

void xlsx_put(struct xlsx_out *o, struct value v, struct xlsx_look look)
{
    if (!ready(o))
        return;
    bool is_day = v.type == VALUE_DAY && day_valid((int32_t)v.i) && v.i >= 19000101, is_number = v.type == VALUE_INT || (v.type == VALUE_REAL && isfinite(v.r));
    double r = v.type == VALUE_INT ? (double)v.i : v.r;
    lxw_format *f = look.is == XLSX_COLUMN_HEAD ? o->head : format_of(o, look, is_day);
    lxw_format *day_was = o->day;
    if (v.type == VALUE_TEXT && v.s) {
        put_text(o, v.s, f);
        if (!*v.s)
            check(o, worksheet_write_blank(o->sheet, o->row, o->column, f));
    } else if (is_number && (look.is == XLSX_WHOLE || look.is == XLSX_PERCENT) && r > -1e15 && r < 1e15) {
        check(o, worksheet_write_number(o->sheet, o->row, o->column, look.is == XLSX_PERCENT ? r / 100 : r, f));
    } else if (v.type == VALUE_DAY) {
        o->day = f;
        put_day(o, (int32_t)v.i);
        o->day = day_was;
    } else if (v.type == VALUE_NULL || (v.type == VALUE_REAL && !is_number)) {
        if (look.strong)
            check(o, worksheet_write_blank(o->sheet, o->row, o->column, f));
    } else {
        xlsx_cell(o, v);
        return;
    }
    o->column++;
}

void xlsx_span(struct xlsx_out *o, const char *text, size_t n)
{
    if (!ready(o) || !n)
        return;
    if (n == 1)
        put_text(o, text, o->head);
    else
        check(o, worksheet_merge_range(o->sheet, o->row, o->column, o->row, (lxw_col_t)(o->column + n - 1), text, o->head));
    o->column = (lxw_col_t)(o->column + n);
}

void xlsx_next_sheet(struct xlsx_out *o, const char *sheet)
{
    if (!o || failed(o->c))
        return;
    o->sheet = workbook_add_worksheet(o->book, sheet_name(&o->c->arena, sheet));
    o->row = 0;
    o->column = 0;
    if (!o->sheet)
        fail(o->c, ERR_BROKEN, "Không thêm được trang tính.", "A sheet cannot be added.");
}

bool xlsx_close(struct xlsx_out *o)
{
    if (!o)
        return false;
    errno = 0;
    lxw_error e = o->book ? workbook_close(o->book) : LXW_NO_ERROR;
    int why = errno;
    o->book = NULL;
    if (e != LXW_NO_ERROR && (why == ENOSPC || why == EDQUOT || why == EFBIG || why == EIO))
        fail(o->c, ERR_FULL, "Không ghi được tệp %s: %s.", "Cannot write the file %s: %s.", o->path, os_says(o->c, why));
    else if (e != LXW_NO_ERROR)
        fail(o->c, ERR_CANNOT_MAKE, "Không ghi được tệp %s: %s.", "Cannot write the file %s: %s.", o->path, lxw_strerror(e));
    if (!failed(o->c) && rename(o->temporary, o->path) != 0)
        fail(o->c, ERR_CANNOT_MAKE, "Không ghi được tệp %s: %s.", "Cannot write the file %s: %s.", o->path, os_says(o->c, errno));
    if (failed(o->c))
        unlink(o->temporary);
    return !failed(o->c);
}
