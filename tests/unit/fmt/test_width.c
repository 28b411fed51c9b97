/* Tables as plain text. */
#include "t.h"

#include "fmt/width.h"

static void test_table(void **state)
{
    (void)state;
    static const char *const head[] = {"Tên", "Số", "Ngày"};
    struct value cells[] = {value_text("Nguyễn"), value_int(5), value_day((day){20180805}),
                            value_text("e\xCC\x81 中"), value_int(-1234), value_null()};
    struct buf out = {0};
    width_print(&out, &(struct width_table){.head = head, .cells = cells, .columns = 3, .rows = 2});
    assert_string_equal(buf_text(&out), "Tên        Số  Ngày\n"
                                        "------  -----  ----------\n"
                                        "Nguyễn      5  05/08/2018\n"
                                        "e\xCC\x81 中    -1234  \n");
    buf_clear(&out);
    width_print(&out, &(struct width_table){.head = head, .cells = cells, .columns = 3, .rows = 2, .widest = 4});
    assert_string_equal(buf_text(&out), "Tên     Số  Ngày\n"
                                        "----  ----  ----\n"
                                        "Ngu…     5  05/…\n"
                                        "e\xCC\x81 中  -12…  \n");
    buf_free(&out);
}

static void test_cut(void **state)
{
    (void)state;
    static const struct {
        const char *s, *want;
        size_t widest, taken;
    } cases[] = {
        {"Nguyễn", "Nguyễn", 6, 6}, {"Nguyễn", "Nguy…", 5, 5}, {"Nguyễn", "…", 1, 1}, {"Nguyễn", "Nguyễn", 0, 6}, {"中文", "中…", 3, 3},
        {"中文", "…", 2, 1}, {"a\nb\x1B[31m", "a b [31m", 0, 8}, {"a\xFFz", "a\xEF\xBF\xBDz", 0, 3}, {"", "", 3, 0},
        {"a\xE2\x80\xAE" "b", "a b", 0, 3},
    };
    for (size_t i = 0; i < N(cases); i++) {
        struct buf out = {0};
        assert_int_equal(width_cut(&out, cases[i].s, cases[i].widest), cases[i].taken);
        assert_string_equal(buf_text(&out), cases[i].want);
        buf_free(&out);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_table), cmocka_unit_test(test_cut)};
    return t_run("width", tests, N(tests));
}
