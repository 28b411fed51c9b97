/* A growing sink of bytes. Every writer (JSON, CSV, HTML, text) writes here. Failure is sticky:
 * after it appends do nothing, and the writer asks once, at the end. With a drain, full buffers leave
 * through it, so that an export of any size keeps constant memory. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "arena.h"

struct buf {
    char *p;                                              /* always NUL-terminated once something was added */
    size_t n, cap;
    bool failed;
    bool (*drain)(void *to, const char *p, size_t n);     /* false = could not be written */
    void *to;
};

void buf_add(struct buf *, const void *p, size_t n);
void buf_puts(struct buf *, const char *s); /* NULL adds nothing */
void buf_int(struct buf *, int64_t);
static inline void buf_char(struct buf *b, char c)
{
    if (b->cap - b->n > 1 && !b->drain && !b->failed) {
        b->p[b->n++] = c;
        b->p[b->n] = '\0';
    } else {
        buf_add(b, &c, 1);
    }
}
void buf_fill(struct buf *, char c, size_t times);
void buf_printf(struct buf *, const char *fmt, ...) PRINTF(2, 3);
void buf_vprintf(struct buf *, const char *fmt, va_list) PRINTF(2, 0);
/* Sends what is left through the drain. False when anything before went wrong. */
bool buf_flush(struct buf *) MUST;
void buf_clear(struct buf *); /* forget the content, keep the memory */
void buf_free(struct buf *);
const char *buf_text(const struct buf *); /* the content as a string, "" when empty */
char *buf_take(struct buf *, struct arena *); /* copy into the arena and free */

#endif
