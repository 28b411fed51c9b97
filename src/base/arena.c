/* Arenas: a list of blocks, the top one being filled. Under ASan the unused tail is poisoned, so that
 * an overrun within a block is caught as one of malloc's would be. */
#define ALLOW_MALLOC
#include "arena.h"

#include <stdalign.h>

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif

#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

enum { BLOCK = 32 * 1024, ALIGN = alignof(max_align_t), RED_ZONE = 16 };

struct arena_block {
    struct arena_block *below;
    size_t size, at;
    alignas(max_align_t) char bytes[];
};

static struct arena_block *block_new(size_t size)
{
    struct arena_block *b = malloc(sizeof *b + size);
    if (!b) {
        fputs("dangbo: out of memory\n", stderr);
        abort();
    }
    b->size = size;
    b->at = 0;
    POISON(b->bytes, size);
    return b;
}

static void block_push(struct arena *a, size_t need)
{
    struct arena_block *b = a->spare;
    if (b && b->size >= need) {
        a->spare = b->below;
    } else {
        b = block_new(need > BLOCK ? need : BLOCK);
        a->used += b->size;
    }
    b->below = a->top;
    a->top = b;
}

static size_t rounded(size_t n)
{
    size_t gap = 0;
#ifdef WITH_ASAN
    gap = RED_ZONE;
#endif
    if (n > SIZE_MAX / 2) {
        fputs("dangbo: allocation beyond reason\n", stderr);
        abort();
    }
    return (n + gap + ALIGN - 1) / ALIGN * ALIGN;
}

void *arena_alloc(struct arena *a, size_t n)
{
    size_t need = rounded(n ? n : 1);
    if (!a->top || a->top->size - a->top->at < need)
        block_push(a, need);
    char *p = a->top->bytes + a->top->at;
    a->top->at += need;
    UNPOISON(p, n);
    return memset(p, 0, n);
}

void *arena_try(struct arena *a, size_t n)
{
    size_t cap = a->cap ? a->cap : (size_t)64 << 20;
    return n > cap || a->used > cap - n ? NULL : arena_alloc(a, n);
}

char *arena_copy(struct arena *a, const char *p, size_t n)
{
    char *s = arena_alloc(a, n + 1);
    if (n)
        memcpy(s, p, n);
    return s;
}

char *arena_text(struct arena *a, const char *s)
{
    return s ? arena_copy(a, s, strlen(s)) : NULL;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list args)
{
    if (!fmt) /* never; it tells gcc so, where its sanitizers make it wonder */
        return arena_copy(a, "", 0);
    char most[256]; /* nearly all are shorter, and then printed once */
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(most, sizeof most, fmt, args);
    size_t len = n < 0 ? 0 : (size_t)n;
    char *s = len < sizeof most ? arena_copy(a, most, len) : arena_alloc(a, len + 1);
    if (len >= sizeof most)
        vsnprintf(s, len + 1, fmt, again);
    va_end(again);
    return s;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *s = arena_vprintf(a, fmt, args);
    va_end(args);
    return s;
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){a->top, a->top ? a->top->at : 0};
}

void arena_rewind(struct arena *a, struct arena_mark m)
{
    while (a->top && a->top != m.block) {
        struct arena_block *b = a->top;
        a->top = b->below;
        POISON(b->bytes, b->size);
        if (b->size == BLOCK) {
            b->at = 0;
            b->below = a->spare;
            a->spare = b;
        } else {
            a->used -= b->size;
            UNPOISON(b->bytes, b->size);
            free(b);
        }
    }
    if (a->top) {
        POISON(a->top->bytes + m.at, a->top->size - m.at);
        a->top->at = m.at;
    }
}

static void blocks_free(struct arena_block *b)
{
    while (b) {
        struct arena_block *below = b->below;
        UNPOISON(b->bytes, b->size);
        free(b);
        b = below;
    }
}

void arena_free(struct arena *a)
{
    blocks_free(a->top);
    blocks_free(a->spare);
    a->top = a->spare = NULL;
    a->used = 0;
}
