/* See html.h. */
#include "html.h"

#include "base/str.h"

/* What cannot stand as it is; a control character is nothing that a page may hold. */
static const char *instead_of(unsigned char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\n':
    case '\t': return NULL;
    default: return c < 0x20 || c == 0x7f ? "\xEF\xBF\xBD" : NULL;
    }
}

static inline bool stands(unsigned char c)
{
    return c > '>' ? c != 0x7f : c >= '(' ? c != '<' && c != '>' : c == ' ' || (c > '"' && c < '&');
}

static void escape(struct buf *b, const char *s, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        const char *as = stands((unsigned char)s[i]) ? NULL : instead_of((unsigned char)s[i]);
        if (!as)
            continue;
        buf_add(b, s + from, i - from);
        buf_puts(b, as);
        from = i + 1;
    }
    buf_add(b, s + from, n - from);
}

void html_text(struct buf *b, const char *s)
{
    if (s)
        escape(b, s, strlen(s));
}

static void whole(struct buf *b, int64_t v)
{
    char digits[24];
    size_t n = sizeof digits;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        digits[--n] = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        digits[--n] = '-';
    buf_add(b, digits + n, sizeof digits - n);
}

void html_format(struct buf *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    for (const char *p = fmt; *p;) {
        size_t n = (size_t)(strchrnul(p, '%') - p);
        buf_add(b, p, n);
        p += n;
        if (!*p)
            break;
        if (p[1] == 's') {
            html_text(b, va_arg(args, const char *));
            p += 2;
        } else if (p[1] == 'd') {
            whole(b, va_arg(args, int));
            p += 2;
        } else if (str_starts(p, "%lld")) {
            whole(b, va_arg(args, long long));
            p += 4;
        } else if (str_starts(p, "%zu")) {
            whole(b, (int64_t)va_arg(args, size_t));
            p += 3;
        } else {
            buf_char(b, '%');
            p += p[1] == '%' ? 2 : 1;
        }
    }
    va_end(args);
}

void url_part(struct buf *b, const char *s)
{
    static const char hex[] = "0123456789ABCDEF";
    for (; s && *s; s++) {
        unsigned char c = (unsigned char)*s;
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c))
            buf_char(b, *s);
        else
            buf_add(b, (char[]){'%', hex[c >> 4], hex[c & 15]}, 3);
    }
}
