/* Numbers, UTF-8 and blanks. */
#include "t.h"

#include "base/str.h"

static const struct {
    const char *s;
    bool plain, vi; /* read by int_parse, by int_parse_vi */
    int64_t want;
} cases[] = {
    {"0", true, true, 0}, {"7", true, true, 7}, {"-7", true, true, -7}, {"007", true, true, 7}, {"1234", true, true, 1234},
    {"1.234", false, true, 1234}, {"1.234.567", false, true, 1234567}, {"-1.234", false, true, -1234}, {"12.345", false, true, 12345},
    {"1234.567", false, false, 0}, {"1.23", false, false, 0}, {"1.2345", false, false, 0}, {".123", false, false, 0},
    {"1.", false, false, 0}, {"1..234", false, false, 0}, {"1,234", false, false, 0}, {"1.234,5", false, false, 0},
    {"0.500", false, false, 0}, {"000.500", false, false, 0}, {"-0.500", false, false, 0},
    {"", false, false, 0}, {"-", false, false, 0}, {"--1", false, false, 0}, {"1-", false, false, 0}, {"+1", false, false, 0},
    {" 1", false, false, 0}, {"1 ", false, false, 0}, {"1x", false, false, 0}, {"1e3", false, false, 0}, {"0x10", false, false, 0},
    {"9223372036854775807", true, true, INT64_MAX}, {"-9223372036854775808", true, true, INT64_MIN},
    {"9223372036854775808", false, false, 0}, {"-9223372036854775809", false, false, 0},
    {"9.223.372.036.854.775.807", false, true, INT64_MAX}, {"99999999999999999999999999999999999999999", false, false, 0},
    {"1.000.000", false, true, 1000000}, {"100.000", false, true, 100000}, {"1.-23", false, false, 0}, {"٣", false, false, 0},
};

static void test_parse(void **state)
{
    (void)state;
    for (size_t i = 0; i < N(cases); i++) {
        int64_t a = -1, b = -1;
        bool plain = int_parse(cases[i].s, &a), vi = int_parse_vi(cases[i].s, &b);
        if (plain != cases[i].plain || vi != cases[i].vi || (plain && a != cases[i].want) || (vi && b != cases[i].want))
            fail_msg("\"%s\": plain %d %lld, vi %d %lld", cases[i].s, plain, (long long)a, vi, (long long)b);
    }
}

static void test_print(void **state)
{
    (void)state;
    char text[32];
    static const int64_t values[] = {0, 1, -1, 999, 1000, -1000, 123456, 1234567, -999999, INT64_MAX, INT64_MIN};
    assert_string_equal(int_vi(1234567, text), "1.234.567");
    assert_string_equal(int_vi(-123456, text), "-123.456");
    assert_string_equal(int_vi(999, text), "999");
    for (size_t i = 0; i < N(values); i++) {
        int64_t back;
        assert_true(int_parse_vi(int_vi(values[i], text), &back));
        assert_true(back == values[i]);
    }
}

static void test_utf8(void **state)
{
    (void)state;
    static const char *const bad[] = {"\xC3", "\x80", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE1\xBB", "a\xFFz", "\xFE"};
    for (size_t i = 0; i < N(bad); i++)
        assert_false(utf8_valid(bad[i], strlen(bad[i])));
    assert_true(utf8_valid("Nguyễn Thị Đào 😀", strlen("Nguyễn Thị Đào 😀")));
    assert_int_equal(utf8_width("Nguyễn"), 6);
    assert_int_equal(utf8_width("e\xCC\x81"), 1);
    assert_int_equal(utf8_width("中文"), 4);
    char out[4];
    uint32_t cp;
    assert_int_equal(utf8_put(0x1EC5, out), 3);
    assert_int_equal(utf8_next(out, 3, &cp), 3);
    assert_int_equal(cp, 0x1EC5);
}

static void test_blank(void **state)
{
    (void)state;
    struct arena a = {0};
    assert_true(str_blank(NULL) && str_blank("") && str_blank(" \t\n\xC2\xA0\xEF\xBB\xBF"));
    assert_false(str_blank(" a "));
    static const char messy[] = "\xEF\xBB\xBF  Nguyễn\xC2\xA0\xC2\xA0Văn \t A ";
    assert_string_equal(str_clean(&a, messy, sizeof messy - 1), "Nguyễn Văn A");
    assert_true(str_same(NULL, "") && str_same("a", "a") && !str_same("a", NULL));
    assert_true(str_starts("abc", "ab") && !str_starts("a", "ab") && str_ends("abc", "bc") && !str_ends("c", "bc"));
    arena_free(&a);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_parse), cmocka_unit_test(test_print), cmocka_unit_test(test_utf8),
                                              cmocka_unit_test(test_blank)};
    return t_run("number", tests, N(tests));
}
