/* The HTML writer: what comes from outside cannot become markup. */
#include "t.h"

#include "fmt/html.h"

static void test_escapes(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""}, {"Nguyễn Văn Đức", "Nguyễn Văn Đức"}, {"\"'><svg/onload=x>", "&quot;&#39;&gt;&lt;svg/onload=x&gt;"}, {"a & b", "a &amp; b"}, {"&amp;", "&amp;amp;"},
        {"a\nb\tc", "a\nb\tc"}, {"a\x1B[31mb\x7F", "a\xEF\xBF\xBD[31mb\xEF\xBF\xBD"}, {"\r", "\xEF\xBF\xBD"}, {"<<>>", "&lt;&lt;&gt;&gt;"},
    };
    for (size_t i = 0; i < N(cases); i++) {
        struct buf out = {0};
        html_text(&out, cases[i][0]);
        assert_string_equal(buf_text(&out), cases[i][1]);
        buf_free(&out);
    }
}

static void test_format(void **state)
{
    (void)state;
    struct buf out = {0};
    html(&out, "<p>");
    html_f(&out, "<a href=\"%s\" data-n=\"%d\">%s</a> %lld %zu 100%%|", "/x?a=1&b=\"2\"", -7, "<b>", (long long)INT64_MIN, (size_t)42);
    html_text(&out, NULL);
    assert_string_equal(buf_text(&out), "<p><a href=\"/x?a=1&amp;b=&quot;2&quot;\" data-n=\"-7\">&lt;b&gt;</a> -9223372036854775808 42 100%|");
    buf_free(&out);
}

static void test_addresses(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"a-z_0.~", "a-z_0.~"}, {"đức", "%C4%91%E1%BB%A9c"}, {"a b+c&d=e/f?g#h%", "a%20b%2Bc%26d%3De%2Ff%3Fg%23h%25"}, {"", ""}};
    for (size_t i = 0; i < N(cases); i++) {
        struct buf out = {0};
        url_part(&out, cases[i][0]);
        assert_string_equal(buf_text(&out), cases[i][1]);
        buf_free(&out);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_escapes), cmocka_unit_test(test_format), cmocka_unit_test(test_addresses)};
    return t_run("html", tests, N(tests));
}
