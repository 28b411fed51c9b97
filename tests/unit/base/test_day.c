/* Days: what people write, the calendar, Excel's serials. */
#include "t.h"

#include "base/day.h"

static const struct {
    const char *s;
    bool partial;
    int32_t want; /* 0 = refused */
} cases[] = {
    {"05/08/2018", false, 20180805}, {"5/8/2018", false, 20180805}, {"5-8-2018", false, 20180805}, {"5.8.2018", false, 20180805},
    {"05082018", false, 20180805}, {"2018-08-05", false, 20180805}, {"2018/8/5", false, 20180805}, {"20180805", false, 20180805},
    {"  5/8/2018  ", false, 20180805}, {"31/12/2999", false, 29991231}, {"01/01/1800", false, 18000101}, {"31/12/1799", false, 0},
    {"01/01/3000", false, 0}, {"31/02/1990", false, 0}, {"30/02/1990", false, 0}, {"29/02/1990", false, 0},
    {"29/02/1992", false, 19920229}, {"29/02/1900", false, 0}, {"29/02/2000", false, 20000229}, {"31/04/2001", false, 0},
    {"30/04/2001", false, 20010430}, {"00/01/2001", false, 0}, {"01/00/2001", false, 0}, {"01/13/2001", false, 0},
    {"12/31/2001", false, 0}, {"5/8/18", false, 0}, {"05/08/018", false, 0}, {"050818", false, 0},
    {"5/8-2018", false, 0}, {"5 8 2018", false, 0}, {"5/8/2018x", false, 0}, {"x5/8/2018", false, 0},
    {"5//2018", false, 0}, {"/8/2018", false, 0}, {"5/8/", false, 0}, {"5/8/2018/", false, 0},
    {"5/8/2018/1", false, 0}, {"", false, 0}, {" ", false, 0}, {"-", false, 0},
    {"ngày 5", false, 0}, {"005/08/2018", false, 0}, {"05/008/2018", false, 0}, {"05/08/02018", false, 0},
    {"123456789", false, 0}, {"+5/8/2018", false, 0}, {"2018-8-5", false, 20180805}, {"2018.08.05", false, 20180805},
    {"2018", false, 0}, {"08/2018", false, 0}, {"2018-08", false, 0},
    {"2018", true, 20180000}, {"08/2018", true, 20180800}, {"8/2018", true, 20180800}, {"2018-08", true, 20180800},
    {"13/2018", true, 0}, {"00/2018", true, 0}, {"1799", true, 0}, {"3000", true, 0},
    {"05/08/2018", true, 20180805}, {"00/08/2018", true, 20180800}, {"00/00/2018", true, 20180000}, {"15/00/2018", true, 0},
    {"018", true, 0}, {"31/02/1990", true, 0}, {"99999999", true, 0}, {"00000000", true, 0},
};

static void test_parse(void **state)
{
    (void)state;
    for (size_t i = 0; i < N(cases); i++) {
        int32_t got = -1;
        bool ok = day_parse(cases[i].s, strlen(cases[i].s), cases[i].partial, &got);
        if (ok != (cases[i].want != 0) || (ok && got != cases[i].want))
            fail_msg("\"%s\" gives %d, not %d", cases[i].s, ok ? got : 0, cases[i].want);
    }
}

static bool reads(const char *text, int32_t want)
{
    int32_t v;
    return day_parse(text, strlen(text), false, &v) && v == want;
}

static void test_round_trip(void **state)
{
    (void)state;
    char text[DAY_TEXT];
    int32_t before = 0;
    for (int32_t n = -62091; n <= 376199; n++) {
        day d = day_from_number(n);
        assert_true(day_valid(d.v) && d.v > before);
        assert_int_equal(day_number(d), n);
        before = d.v;
        if (n % 17)
            continue;
        assert_true(reads(day_vi(d.v, text), d.v));
        assert_true(reads(day_iso(d.v, text), d.v));
    }
    assert_int_equal(before, 29991231);
}

static void test_arithmetic(void **state)
{
    (void)state;
    assert_int_equal(day_add((day){20240228}, 1).v, 20240229);
    assert_int_equal(day_add((day){20230228}, 1).v, 20230301);
    assert_int_equal(day_add((day){20240101}, -1).v, 20231231);
    assert_int_equal(day_add((day){20240101}, INT_MAX).v, 0);
    assert_int_equal(day_add((day){20240101}, INT_MIN).v, 0);
    assert_int_equal(day_add((day){0}, 5).v, 0);
    assert_int_equal(day_from_number(INT_MAX).v, 0);
    assert_int_equal(day_from_number(INT_MIN).v, 0);
    assert_int_equal(day_weekday((day){20180805}), 7); /* a Sunday */
    assert_int_equal(day_weekday((day){19300203}), 1); /* a Monday */
    assert_int_equal(day_weekday((day){18000101}), 3); /* a Wednesday */
}

static void test_serial(void **state)
{
    (void)state;
    assert_int_equal(day_from_serial(1, false), 19000101);
    assert_int_equal(day_from_serial(59, false), 19000228);
    assert_int_equal(day_from_serial(61, false), 19000301);
    assert_int_equal(day_from_serial(43317, false), 20180805);
    assert_int_equal(day_from_serial(43317.75, false), 20180805);
    assert_int_equal(day_from_serial(41855, true), 20180805);
    assert_int_equal(day_from_serial(0.5, false), 0);
    assert_int_equal(day_from_serial(-1, false), 0);
    assert_int_equal(day_from_serial(1e300, false), 0);
    assert_int_equal(day_from_serial(0.0 / 1.0 - 1e308 * 10, true), 0);
}

static void test_print(void **state)
{
    (void)state;
    char text[DAY_TEXT];
    assert_string_equal(day_vi(20180805, text), "05/08/2018");
    assert_string_equal(day_vi(20180800, text), "08/2018");
    assert_string_equal(day_vi(20180000, text), "2018");
    assert_string_equal(day_iso(20180805, text), "2018-08-05");
    assert_string_equal(day_iso(20180800, text), "2018-08");
    assert_string_equal(day_vi(DAY_OPEN, text), "");
    assert_string_equal(day_vi(0, text), "");
    assert_string_equal(day_vi(-5, text), "");
}

static void test_instant(void **state)
{
    (void)state;
    char text[INSTANT_TEXT];
    assert_string_equal(instant_iso((instant){1533453180123}, text), "2018-08-05T07:13:00.123Z");
    assert_string_equal(instant_iso((instant){-1}, text), "1969-12-31T23:59:59.999Z");
    assert_int_equal(instant_day((instant){1533488399999}).v, 20180805); /* 23:59:59.999 in Việt Nam */
    assert_int_equal(instant_day((instant){1533488400000}).v, 20180806);
    assert_int_equal(instant_day((instant){-25200000}).v, 19700101);
    assert_int_equal(instant_day((instant){-25200001}).v, 19691231);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse), cmocka_unit_test(test_round_trip), cmocka_unit_test(test_arithmetic),
        cmocka_unit_test(test_serial), cmocka_unit_test(test_print), cmocka_unit_test(test_instant),
    };
    return t_run("day", tests, N(tests));
}
