/* Writing CSV; see csv.h. */
#include "csv.h"

#include "csv_guard.h"

#include <math.h>

bool csv_guarded(const char *s)
{
    while (*s == '\'')
        s++;
    return *s && strchr("=+-@\t\r", *s);
}

/* -5, +84912345678, -1.234,5: a spreadsheet makes a number of it, which is harmless and meant. */
static bool plain_number(const char *s)
{
    bool digit = false;
    s += *s == '-' || *s == '+';
    for (; *s; s++) {
        if (*s >= '0' && *s <= '9')
            digit = true;
        else if (!digit || (*s != '.' && *s != ','))
            return false;
    }
    return digit;
}

static void put_text(struct csv_out *o, const char *s)
{
    size_t n = strlen(s);
    bool guard = csv_guarded(s) && !plain_number(s);
    bool quote = n && (strpbrk(s, ",;\t\"\r\n") || s[0] == ' ' || s[n - 1] == ' ');
    if (!guard && !quote) {
        buf_add(o->to, s, n);
        return;
    }
    if (quote)
        buf_char(o->to, '"');
    if (guard)
        buf_char(o->to, '\'');
    for (; *s; s++) {
        if (*s == '"')
            buf_char(o->to, '"');
        buf_char(o->to, *s);
    }
    if (quote)
        buf_char(o->to, '"');
}

static void begin(struct csv_out *o)
{
    if (!o->begun && o->bom)
        buf_puts(o->to, "\xEF\xBB\xBF");
    o->begun = true;
    if (!o->separator)
        o->separator = ',';
}

void csv_cell(struct csv_out *o, struct value v)
{
    char text[DAY_TEXT];
    begin(o);
    if (o->mid_row)
        buf_char(o->to, o->separator);
    o->mid_row = true;
    switch (v.type) {
    case VALUE_TEXT: put_text(o, v.s); break;
    case VALUE_INT: buf_printf(o->to, "%lld", (long long)v.i); break;
    case VALUE_DAY: buf_puts(o->to, o->iso_days ? day_iso((int32_t)v.i, text) : day_vi((int32_t)v.i, text)); break;
    case VALUE_BOOL: buf_puts(o->to, v.i ? "1" : "0"); break;
    case VALUE_REAL:
        if (isfinite(v.r))
            buf_printf(o->to, "%.15g", v.r);
        break;
    case VALUE_NULL:
    default: break;
    }
}

void csv_end_row(struct csv_out *o)
{
    begin(o);
    buf_puts(o->to, "\r\n");
    o->mid_row = false;
}
