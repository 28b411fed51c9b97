/* Numbers, UTF-8, blanks; see str.h. */
#include "str.h"

#include <utf8proc.h>

bool int_parse(const char *s, int64_t *out)
{
    bool minus = *s == '-';
    s += minus;
    if (!*s)
        return false;
    int64_t v = 0;
    for (; *s; s++) {
        if (*s < '0' || *s > '9' || __builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, *s - '0', &v))
            return false;
    }
    if (!minus && __builtin_mul_overflow(v, -1, &v)) /* counted downward, so that INT64_MIN fits */
        return false;
    *out = v;
    return true;
}

/* 1.234.567: groups of three after the first dot, nothing else. */
bool int_parse_vi(const char *s, int64_t *out)
{
    char plain[32];
    size_t n = 0, since_dot = 0;
    bool dotted = false;
    if (!strchr(s, '.'))
        return int_parse(s, out);
    for (; *s; s++) {
        if (*s == '.') {
            if ((dotted && since_dot != 3) || (!dotted && (since_dot == 0 || since_dot > 3)))
                return false;
            dotted = true;
            since_dot = 0;
            continue;
        }
        if (n == sizeof plain - 1)
            return false;
        plain[n++] = *s;
        since_dot += *s != '-';
    }
    plain[n] = '\0';
    const char *digits = plain + (plain[0] == '-');
    if (dotted && (since_dot != 3 || digits[0] == '0')) /* 0.500 is half of something */
        return false;
    return int_parse(plain, out);
}

const char *int_vi(int64_t v, char out[32])
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)v);
    size_t at = 0;
    for (int i = 0; i < n; i++) {
        out[at++] = digits[i];
        int left = n - 1 - i;
        if (left && left % 3 == 0 && digits[i] != '-')
            out[at++] = '.';
    }
    out[at] = '\0';
    return out;
}

size_t utf8_next(const char *s, size_t n, uint32_t *cp)
{
    utf8proc_int32_t c;
    if (!n)
        return 0;
    utf8proc_ssize_t got = utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)(n > 4 ? 4 : n), &c);
    if (got <= 0)
        return 0;
    *cp = (uint32_t)c;
    return (size_t)got;
}

size_t utf8_put(uint32_t cp, char out[4])
{
    return (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, (utf8proc_uint8_t *)out);
}

bool utf8_valid(const char *s, size_t n)
{
    uint32_t cp;
    for (size_t step; n; s += step, n -= step) {
        if ((unsigned char)*s < 0x80) {
            step = 1;
            continue;
        }
        if (!(step = utf8_next(s, n, &cp)))
            return false;
    }
    return true;
}

size_t utf8_width(const char *s)
{
    size_t width = 0, n = strlen(s);
    uint32_t cp;
    for (size_t step; n && (step = utf8_next(s, n, &cp)); s += step, n -= step)
        width += (size_t)utf8proc_charwidth((utf8proc_int32_t)cp);
    return width;
}

bool str_same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

bool str_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

/* Length of the white space at s: ASCII, U+00A0, U+200B, U+FEFF; 0 when there is none. */
static size_t space_at(const char *s, size_t n)
{
    unsigned char c = (unsigned char)*s;
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return 1;
    if (n >= 2 && memcmp(s, "\xC2\xA0", 2) == 0)
        return 2;
    if (n >= 3 && (memcmp(s, "\xE2\x80\x8B", 3) == 0 || memcmp(s, "\xEF\xBB\xBF", 3) == 0))
        return 3;
    return 0;
}

bool str_blank(const char *s)
{
    if (!s)
        return true;
    for (size_t n = strlen(s), step; n; s += step, n -= step)
        if (!(step = space_at(s, n)))
            return false;
    return true;
}

char *str_clean(struct arena *a, const char *s, size_t n)
{
    char *out = arena_alloc(a, n + 1);
    size_t at = 0;
    bool gap = false;
    while (n) {
        size_t step = space_at(s, n);
        if (step) {
            gap = at > 0;
        } else {
            if (gap)
                out[at++] = ' ';
            gap = false;
            out[at++] = *s;
            step = 1;
        }
        s += step;
        n -= step;
    }
    out[at] = '\0';
    return out;
}
