/* The byte sink; see buf.h. */
#define ALLOW_MALLOC
#include "buf.h"

enum { FIRST = 256, DRAIN_AT = 64 * 1024 };

static bool reserve(struct buf *b, size_t more)
{
    if (b->failed)
        return false;
    if (b->cap - b->n > more)
        return true;
    size_t cap = b->cap ? b->cap : FIRST;
    while (cap - b->n <= more) {
        if (cap > SIZE_MAX / 4) {
            b->failed = true;
            return false;
        }
        cap *= 2;
    }
    char *p = realloc(b->p, cap);
    if (!p) {
        b->failed = true;
        return false;
    }
    b->p = p;
    b->cap = cap;
    return true;
}

bool buf_flush(struct buf *b)
{
    if (b->drain && b->n && !b->failed) {
        if (!b->drain(b->to, b->p, b->n))
            b->failed = true;
        b->n = 0;
    }
    return !b->failed;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
    if (!n || !reserve(b, n))
        return;
    memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
    if (b->drain && b->n >= DRAIN_AT && !buf_flush(b))
        return;
}

void buf_puts(struct buf *b, const char *s)
{
    if (s)
        buf_add(b, s, strlen(s));
}

void buf_int(struct buf *b, int64_t v)
{
    char s[24], *p = s + sizeof s;
    uint64_t left = v < 0 ? -(uint64_t)v : (uint64_t)v;
    do
        *--p = (char)('0' + left % 10);
    while (left /= 10);
    if (v < 0)
        *--p = '-';
    buf_add(b, p, (size_t)(s + sizeof s - p));
}

void buf_fill(struct buf *b, char c, size_t times)
{
    while (times--)
        buf_char(b, c);
}

void buf_vprintf(struct buf *b, const char *fmt, va_list args)
{
    char most[256]; /* nearly all are shorter, and then printed once */
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(most, sizeof most, fmt, args);
    if (n > 0 && (size_t)n < sizeof most) {
        buf_add(b, most, (size_t)n);
    } else if (n > 0 && reserve(b, (size_t)n)) {
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    buf_vprintf(b, fmt, args);
    va_end(args);
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    if (b->p)
        b->p[0] = '\0';
}

void buf_free(struct buf *b)
{
    free(b->p);
    b->p = NULL;
    b->n = b->cap = 0;
}

const char *buf_text(const struct buf *b)
{
    return b->n ? b->p : "";
}

char *buf_take(struct buf *b, struct arena *a)
{
    char *s = arena_copy(a, b->p, b->n);
    buf_free(b);
    return s;
}
