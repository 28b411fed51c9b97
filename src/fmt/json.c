/* JSON; see json.h. */
#include "json.h"

#include "base/str.h"

#include <math.h>

static void newline(struct json_out *j)
{
    if (j->pretty) {
        buf_char(j->to, '\n');
        buf_fill(j->to, ' ', (size_t)j->depth * 2);
    }
}

/* Before every value and key: the comma, and the line. */
static void before(struct json_out *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (!j->depth)
        return;
    if (j->any[j->depth - 1])
        buf_char(j->to, ',');
    j->any[j->depth - 1] = true;
    newline(j);
}

static void open_level(struct json_out *j, char c)
{
    before(j);
    buf_char(j->to, c);
    if (j->depth == JSON_DEPTH)
        abort(); /* a fault of the program: nothing of ours nests so deep */
    j->any[j->depth++] = false;
}

static void close_level(struct json_out *j, char c)
{
    bool any = j->any[--j->depth];
    if (any)
        newline(j);
    buf_char(j->to, c);
    if (!j->depth && j->pretty)
        buf_char(j->to, '\n');
}

void json_begin_object(struct json_out *j)
{
    open_level(j, '{');
}

void json_begin_array(struct json_out *j)
{
    open_level(j, '[');
}

void json_end_object(struct json_out *j)
{
    close_level(j, '}');
}

void json_end_array(struct json_out *j)
{
    close_level(j, ']');
}

static void put_ascii(struct buf *b, char c)
{
    switch (c) {
    case '"': buf_puts(b, "\\\""); break;
    case '\\': buf_puts(b, "\\\\"); break;
    case '\n': buf_puts(b, "\\n"); break;
    case '\r': buf_puts(b, "\\r"); break;
    case '\t': buf_puts(b, "\\t"); break;
    default:
        if ((unsigned char)c < 0x20 || c == 0x7F || c == '<') /* "<": safe inside a page, too */
            buf_printf(b, "\\u%04x", (unsigned)(unsigned char)c);
        else
            buf_char(b, c);
    }
}

static bool stands_as_is(unsigned char u)
{
    return u >= 0x20 && u < 0x7F && u != '"' && u != '\\' && u != '<';
}

static void put_string(struct buf *b, const char *s)
{
    uint32_t cp;
    buf_char(b, '"');
    for (size_t n = strlen(s), step; n; s += step, n -= step) {
        for (step = 0; step < n && stands_as_is((unsigned char)s[step]); step++)
            ;
        if (step) {
            buf_add(b, s, step);
            continue;
        }
        if ((unsigned char)*s < 0x80) {
            put_ascii(b, *s);
            step = 1;
        } else if (!(step = utf8_next(s, n, &cp))) {
            buf_puts(b, "\xEF\xBF\xBD");
            step = 1;
        } else if (cp == 0x2028 || cp == 0x2029) { /* line ends in JavaScript */
            buf_printf(b, "\\u%04x", (unsigned)cp);
        } else {
            buf_add(b, s, step);
        }
    }
    buf_char(b, '"');
}

void json_key(struct json_out *j, const char *key)
{
    before(j);
    put_string(j->to, key);
    buf_puts(j->to, j->pretty ? ": " : ":");
    j->after_key = true;
}

void json_text(struct json_out *j, const char *s)
{
    before(j);
    if (s)
        put_string(j->to, s);
    else
        buf_puts(j->to, "null");
}

void json_int(struct json_out *j, int64_t v)
{
    before(j);
    buf_printf(j->to, "%lld", (long long)v);
}

void json_id(struct json_out *j, int64_t id)
{
    before(j);
    if (id)
        buf_printf(j->to, "\"%lld\"", (long long)id);
    else
        buf_puts(j->to, "null");
}

void json_day(struct json_out *j, int32_t v)
{
    char text[DAY_TEXT];
    day_iso(v, text);
    json_text(j, text[0] ? text : NULL);
}

void json_bool(struct json_out *j, bool v)
{
    before(j);
    buf_puts(j->to, v ? "true" : "false");
}

void json_put_real(struct json_out *j, double v)
{
    before(j);
    if (isfinite(v))
        buf_printf(j->to, "%.15g", v);
    else
        buf_puts(j->to, "null");
}

void json_put_null(struct json_out *j)
{
    json_text(j, NULL);
}

void json_put(struct json_out *j, struct value v)
{
    switch (v.type) {
    case VALUE_TEXT: json_text(j, v.s); break;
    case VALUE_INT: json_int(j, v.i); break;
    case VALUE_DAY: json_day(j, (int32_t)v.i); break;
    case VALUE_BOOL: json_bool(j, v.i != 0); break;
    case VALUE_REAL: json_put_real(j, v.r); break;
    case VALUE_NULL:
    default: json_put_null(j); break;
    }
}

/* jansson would nest 2048 deep; we say so at 64, before it starts. */
static bool too_deep(const char *s, size_t n)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < n; i++) {
        if (quoted && s[i] == '\\')
            i++;
        else if (s[i] == '"')
            quoted = !quoted;
        else if (!quoted && (s[i] == '{' || s[i] == '['))
            depth++;
        else if (!quoted && (s[i] == '}' || s[i] == ']'))
            depth--;
        if (depth > JSON_DEPTH)
            return true;
    }
    return false;
}

json_t *json_read(struct ctx *c, const void *bytes, size_t n)
{
    json_error_t e;
    const char *s = bytes;
    if (failed(c))
        return NULL;
    if (n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0) {
        s += 3;
        n -= 3;
    }
    if (n > JSON_BYTES || too_deep(s, n)) {
        fail(c, ERR_BAD_INPUT, "JSON quá lớn hoặc lồng quá sâu (nhiều nhất %d MiB, %d lớp).",
             "The JSON is too large or nested too deep (at most %d MiB, %d levels).", JSON_BYTES >> 20, JSON_DEPTH);
        return NULL;
    }
    json_t *j = json_loadb(n ? s : "", n, JSON_REJECT_DUPLICATES, &e);
    if (!j)
        fail(c, ERR_BAD_INPUT, "JSON sai ở dòng %d, cột %d: %s.", "The JSON is wrong at line %d, column %d: %s.", e.line, e.column,
             e.text);
    return j;
}
