/* Arena, buffer, context. */
#include "t.h"

#include "base/buf.h"
#include "base/ctx.h"

static void test_arena(void **state)
{
    (void)state;
    struct arena a = {0};
    char *first = arena_text(&a, "kept");
    struct arena_mark m = arena_mark(&a);
    for (size_t i = 0; i < 10000; i++) {
        unsigned char *p = arena_alloc(&a, i % 97);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < i % 97; k++)
            assert_int_equal(p[k], 0);
        memset(p, 0xAA, i % 97);
    }
    size_t used = a.used;
    for (int round = 0; round < 100; round++) {
        arena_rewind(&a, m);
        for (size_t i = 0; i < 10000; i++)
            arena_alloc(&a, i % 97);
        assert_true(a.used == used);
    }
    arena_rewind(&a, m);
    char *big = arena_alloc(&a, 1 << 20);
    big[(1 << 20) - 1] = 1;
    arena_rewind(&a, m);
    assert_true(a.used <= used);
    assert_string_equal(first, "kept");
    assert_null(arena_text(&a, NULL));
    assert_string_equal(arena_printf(&a, "%d %s", 7, "x"), "7 x");
    arena_free(&a);
    assert_int_equal(a.used, 0);
}

static void test_cap(void **state)
{
    (void)state;
    struct arena a = {.cap = 100000};
    assert_non_null(arena_try(&a, 50000));
    assert_null(arena_try(&a, 60000));
    assert_null(arena_try(&a, SIZE_MAX));
    assert_non_null(arena_alloc(&a, 60000)); /* what the program itself needs is not capped */
    arena_free(&a);
}

struct sink {
    size_t bytes, calls;
    bool broken;
};

static bool drain(void *to, const char *p, size_t n)
{
    struct sink *s = to;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(p[i], 'x');
    s->bytes += n;
    s->calls++;
    return !s->broken;
}

static void test_buf(void **state)
{
    (void)state;
    struct arena a = {0};
    struct buf b = {0};
    assert_string_equal(buf_text(&b), "");
    buf_puts(&b, NULL);
    buf_puts(&b, "a");
    buf_char(&b, 'b');
    buf_fill(&b, 'c', 3);
    buf_printf(&b, "%05d", 42);
    assert_string_equal(buf_text(&b), "abccc00042");
    for (int i = 0; i < 100000; i++)
        buf_add(&b, "0123456789", 10);
    assert_int_equal(b.n, 1000010);
    buf_clear(&b);
    assert_string_equal(buf_text(&b), "");
    buf_puts(&b, "taken");
    assert_string_equal(buf_take(&b, &a), "taken");
    struct sink s = {0};
    b = (struct buf){.drain = drain, .to = &s};
    for (int i = 0; i < 1000000; i++)
        buf_char(&b, 'x');
    assert_true(b.cap <= 256 * 1024);
    assert_true(buf_flush(&b));
    assert_int_equal(s.bytes, 1000000);
    s.broken = true;
    buf_char(&b, 'x');
    assert_false(buf_flush(&b));
    buf_char(&b, 'x');
    assert_false(buf_flush(&b));
    buf_free(&b);
    arena_free(&a);
}

static void test_fail(void **state)
{
    (void)state;
    struct ctx c = {.lang = LANG_EN};
    assert_string_equal(say(&c, "số %d", "number %d", 5), "number 5");
    fail(&c, ERR_BAD_INPUT, "thứ nhất %s", "first %s", "x");
    fail(&c, ERR_BROKEN, "thứ hai", "second");
    assert_int_equal(c.err.code, ERR_BAD_INPUT);
    assert_string_equal(c.err.text, "first x");
    ctx_free(&c);
    assert_false(failed(&c));
    fail(&c, ERR_USAGE, "a", "b");
    ctx_free(&c);
    c.lang = LANG_VI;
    fail(&c, ERR_USAGE, "tiếng Việt", "b");
    assert_string_equal(c.err.text, "tiếng Việt");
    ctx_free(&c);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_arena), cmocka_unit_test(test_cap), cmocka_unit_test(test_buf),
                                              cmocka_unit_test(test_fail)};
    return t_run("memory", tests, N(tests));
}
