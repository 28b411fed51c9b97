/* Memory of one request, one command or one job: taken piece by piece, given back all at once.
 * Small pieces never fail: a machine without memory stops the process, and transactions make that
 * safe. Pieces whose size a user decides go through arena_try(), which refuses beyond the cap. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base.h"

struct arena_block;

struct arena {
    struct arena_block *top;
    struct arena_block *spare; /* blocks kept by arena_rewind() for the next round */
    size_t used;               /* bytes held in all blocks */
    size_t cap;                /* arena_try() refuses beyond this; 0 = 64 MiB */
};

struct arena_mark {
    struct arena_block *block;
    size_t at;
};

/* Zeroed memory, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *, size_t n) __attribute__((malloc, returns_nonnull, alloc_size(2)));
/* The same for sizes that input decides; NULL beyond the cap. */
void *arena_try(struct arena *, size_t n) MUST;
char *arena_copy(struct arena *, const char *p, size_t n); /* n bytes and a NUL */
char *arena_text(struct arena *, const char *s);           /* NULL stays NULL */
char *arena_printf(struct arena *, const char *fmt, ...) PRINTF(2, 3);
char *arena_vprintf(struct arena *, const char *fmt, va_list) PRINTF(2, 0);

struct arena_mark arena_mark(const struct arena *);
void arena_rewind(struct arena *, struct arena_mark); /* forget everything taken since the mark */
void arena_free(struct arena *);                      /* give everything back; the arena may be used again */

#define NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define NEW_N(arena, type, n) ((type *)arena_alloc((arena), sizeof(type) * (size_t)(n)))

#endif
