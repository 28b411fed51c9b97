/* What may be written as a period, how it is printed, and how it shifts. */
#include "base/str.h"
#include "measure/period.h"

#include "t.h"

static bool find(void *to, const char *name, day *from, day *until)
{
    (void)to;
    if (str_same(name, "2015-2020")) {
        *from = (day){20150601};
        *until = (day){20200701};
    } else if (str_same(name, "2010-2015")) {
        *from = (day){20100701};
        *until = (day){20150601};
    } else if (str_same(name, "2025-2030")) {
        *from = (day){20250701};
        *until = (day){DAY_OPEN};
    } else {
        return false;
    }
    return true;
}

static const struct period_terms terms = {find, NULL};

struct reading {
    const char *in;
    int32_t from, to;
    enum period_sort sort;
    const char *text, *vi, *en;
};

static const struct reading readings[] = {
    {"2018", 20180101, 20181231, PERIOD_YEAR, "2018", "năm 2018", "2018"},
    {"2018-Q1", 20180101, 20180331, PERIOD_QUARTER, "2018-Q1", "quý I năm 2018", "first quarter of 2018"},
    {"2018-q4", 20181001, 20181231, PERIOD_QUARTER, "2018-Q4", "quý IV năm 2018", "fourth quarter of 2018"},
    {"2018-H1", 20180101, 20180630, PERIOD_HALF, "2018-H1", "6 tháng đầu năm 2018", "first six months of 2018"},
    {"2018-6M", 20180101, 20180630, PERIOD_HALF, "2018-H1", "6 tháng đầu năm 2018", "first six months of 2018"},
    {"2018-h2", 20180701, 20181231, PERIOD_HALF, "2018-H2", "6 tháng cuối năm 2018", "last six months of 2018"},
    {"2018-9M", 20180101, 20180930, PERIOD_NINE_MONTHS, "2018-9M", "9 tháng đầu năm 2018", "first nine months of 2018"},
    {"2018-08", 20180801, 20180831, PERIOD_MONTH, "2018-08", "tháng 8 năm 2018", "August 2018"},
    {"2018-9", 20180901, 20180930, PERIOD_MONTH, "2018-09", "tháng 9 năm 2018", "September 2018"},
    {"02/2016", 20160201, 20160229, PERIOD_MONTH, "2016-02", "tháng 2 năm 2016", "February 2016"},
    {"2018-08-05", 20180805, 20180805, PERIOD_DAY, "2018-08-05", "ngày 05/08/2018", "5 August 2018"},
    {" 05/08/2018 ", 20180805, 20180805, PERIOD_DAY, "2018-08-05", "ngày 05/08/2018", "5 August 2018"},
    {"2017-01-01..2018-08-05", 20170101, 20180805, PERIOD_RANGE, "2017-01-01..2018-08-05",
     "từ ngày 01/01/2017 đến ngày 05/08/2018", "1 January 2017 to 5 August 2018"},
    {"01/01/2017..05/08/2018", 20170101, 20180805, PERIOD_RANGE, "2017-01-01..2018-08-05",
     "từ ngày 01/01/2017 đến ngày 05/08/2018", "1 January 2017 to 5 August 2018"},
    {"01/01/2017 .. 05/08/2018", 20170101, 20180805, PERIOD_RANGE, "2017-01-01..2018-08-05",
     "từ ngày 01/01/2017 đến ngày 05/08/2018", "1 January 2017 to 5 August 2018"},
    {"2017..2018-02", 20170101, 20180228, PERIOD_RANGE, "2017-01-01..2018-02-28", "từ ngày 01/01/2017 đến ngày 28/02/2018",
     "1 January 2017 to 28 February 2018"},
    {"2018-08-05..2018-08-05", 20180805, 20180805, PERIOD_RANGE, "2018-08-05..2018-08-05",
     "từ ngày 05/08/2018 đến ngày 05/08/2018", "5 August 2018 to 5 August 2018"},
    {"term:2015-2020", 20150601, 20200630, PERIOD_TERM, "term:2015-2020", "nhiệm kỳ 2015–2020", "term 2015–2020"},
    {"term:2025-2030", 20250701, 20261122, PERIOD_TERM, "term:2025-2030", "nhiệm kỳ 2025–2030", "term 2025–2030"},
};

static struct ctx context(void)
{
    return (struct ctx){.today = {20261122}};
}

static void reads_and_prints(void **state)
{
    (void)state;
    for (size_t i = 0; i < N(readings); i++) {
        const struct reading *r = &readings[i];
        struct ctx c = context();
        struct period p, again;
        assert_true(period_parse(&c, r->in, &terms, &p));
        assert_int_equal(p.from.v, r->from);
        assert_int_equal(p.to.v, r->to);
        assert_int_equal(p.sort, r->sort);
        assert_string_equal(p.text, r->text);
        assert_string_equal(period_words(&c, p), r->vi);
        c.lang = LANG_EN;
        assert_string_equal(period_words(&c, p), r->en);
        assert_true(period_parse(&c, p.text, &terms, &again));
        assert_int_equal(again.from.v, p.from.v);
        assert_int_equal(again.to.v, p.to.v);
        assert_int_equal(again.sort, p.sort);
        ctx_free(&c);
    }
}

static void refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", " ", "18", "2018-", "2018-Q0", "2018-Q5", "2018-H3", "2018-9Q", "2018-13", "2018-00", "2018-7M", "2018-02-30",
        "31/04/2018", "..", "2018..", "..2018", "2018...2019", "2018..2019..2020", "2018-Q1..2018-Q2", "Q1-2018", "1799", "3000",
        "1799-Q1", "20x8-Q1", "term:", "term:2016-2021", "term:2015-2020..2020", "năm 2018", "2018-Q1x", "99999999999999999999",
        "2018-08-05 2018-08-05 2018-08-05 2018-08-05 2018-08-05 2018-08-05 2018-08-05"};
    for (size_t i = 0; i < N(bad); i++) {
        struct ctx c = context();
        struct period p;
        assert_false(period_parse(&c, bad[i], &terms, &p));
        assert_int_equal(c.err.code, ERR_USAGE);
        assert_non_null(strstr(c.err.text, "2015-2020"));
        ctx_free(&c);
    }
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    struct ctx c = context();
    struct period p;
    assert_false(period_parse(&c, "05/08/2018..01/01/2017", NULL, &p));
    assert_int_equal(c.err.code, ERR_USAGE);
    assert_non_null(strstr(c.err.text, "ngày đầu sau ngày cuối"));
    ctx_free(&c);
    c = context();
    c.lang = LANG_EN;
    assert_false(period_parse(&c, "2018-Q9", NULL, &p));
    assert_non_null(strstr(c.err.text, "“2018-Q9” is not understood"));
    assert_non_null(strstr(c.err.text, "2018-9M"));
    ctx_free(&c);
    c = context();
    assert_false(period_parse(&c, "term:2015-2020", NULL, &p)); /* nobody knows terms here */
    assert_int_equal(c.err.code, ERR_USAGE);
    ctx_free(&c);
    c = context();
    assert_false(period_parse(&c, NULL, NULL, &p));
    assert_int_equal(c.err.code, ERR_USAGE);
    ctx_free(&c);
}

struct shift {
    const char *in, *before, *last_year; /* NULL = none */
};

static const struct shift shifts[] = {
    {"2018", "2017", "2017"},
    {"2018-Q1", "2017-Q4", "2017-Q1"},
    {"2018-Q3", "2018-Q2", "2017-Q3"},
    {"2018-H1", "2017-H2", "2017-H1"},
    {"2018-H2", "2018-H1", "2017-H2"},
    {"2018-9M", "2017-9M", "2017-9M"},
    {"2018-01", "2017-12", "2017-01"},
    {"2017-02", "2017-01", "2016-02"},
    {"2018-03-01", "2018-02-28", "2017-03-01"},
    {"2016-02-29", "2016-02-28", "2015-02-28"},
    {"2017-01-01..2017-06-30", "2016-07-01..2016-12-31", "2016-01-01..2016-06-30"},
    {"2017-02-01..2017-02-28", "2017-01-01..2017-01-31", "2016-02-01..2016-02-29"},
    {"2018-08-05..2018-08-11", "2018-07-29..2018-08-04", "2017-08-05..2017-08-11"},
    {"2016-02-10..2016-02-29", "2016-01-21..2016-02-09", "2015-02-10..2015-02-28"},
    {"term:2015-2020", "term:2010-2015", NULL},
    {"term:2010-2015", NULL, NULL},
    {"1800", NULL, NULL},
    {"1800-Q1", NULL, NULL},
};

static void shifts_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < N(shifts); i++) {
        const struct shift *s = &shifts[i];
        struct ctx c = context();
        struct period p, out;
        assert_true(period_parse(&c, s->in, &terms, &p));
        assert_int_equal(period_before(&c, p, &terms, &out), s->before != NULL);
        if (s->before)
            assert_string_equal(out.text, s->before);
        if (s->before)
            assert_true(out.to.v < p.from.v);
        assert_int_equal(period_last_year(&c, p, &out), s->last_year != NULL);
        if (s->last_year)
            assert_string_equal(out.text, s->last_year);
        assert_false(failed(&c));
        ctx_free(&c);
    }
}

/* Every month of two centuries: the period before ends the day before it begins. */
static void leaves_no_gap(void **state)
{
    (void)state;
    for (int y = 1801; y < 2101; y++) {
        for (int m = 1; m <= 12; m++) {
            struct ctx c = context();
            struct period p, before;
            char s[16];
            snprintf(s, sizeof s, "%04d-%02d", y, m);
            assert_true(period_parse(&c, s, NULL, &p));
            assert_true(period_before(&c, p, NULL, &before));
            assert_int_equal(day_add(before.to, 1).v, p.from.v);
            ctx_free(&c);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_prints), cmocka_unit_test(refuses),       cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(shifts_back),      cmocka_unit_test(leaves_no_gap),
    };
    return t_run("period", tests, N(tests));
}
