/* Reading, printing and shifting periods; see period.h. */
#include "period.h"

#include "base/str.h"

enum { LONGEST = 64, TERM_AT = 5 /* length of "term:" */ };

static int year_of(day d)
{
    return d.v / 10000;
}

static int month_of(day d)
{
    return d.v / 100 % 100;
}

static day month_first(int year, int month)
{
    return day_of(year, month, 1);
}

/* Months counted through, so that a shift is an addition: month 0 is January of the year 0. */
static int month_number(day d)
{
    return year_of(d) * 12 + month_of(d) - 1;
}

/* None when the year does not exist for us. */
static day month_last(int year, int month)
{
    for (int d = 31; d >= 28; d--) {
        day last = day_of(year, month, d);
        if (last.v)
            return last;
    }
    return (day){0};
}

static const char *spelling(struct ctx *c, day from, day to, enum period_sort sort)
{
    int y = year_of(from), m = month_of(from);
    char a[DAY_TEXT], b[DAY_TEXT];
    switch (sort) {
    case PERIOD_DAY:
        return arena_text(&c->arena, day_iso(from.v, a));
    case PERIOD_MONTH:
        return arena_printf(&c->arena, "%04d-%02d", y, m);
    case PERIOD_QUARTER:
        return arena_printf(&c->arena, "%04d-Q%d", y, (m + 2) / 3);
    case PERIOD_HALF:
        return arena_printf(&c->arena, "%04d-H%d", y, m > 6 ? 2 : 1);
    case PERIOD_NINE_MONTHS:
        return arena_printf(&c->arena, "%04d-9M", y);
    case PERIOD_YEAR:
        return arena_printf(&c->arena, "%04d", y);
    case PERIOD_TERM:
    case PERIOD_RANGE:
        break;
    }
    return arena_printf(&c->arena, "%s..%s", day_iso(from.v, a), day_iso(to.v, b));
}

static bool settle(struct ctx *c, day from, day to, enum period_sort sort, struct period *out)
{
    if (!from.v || !to.v)
        return false;
    *out = (struct period){from, to, sort, spelling(c, from, to, sort)};
    return true;
}

/* `months` months of the year, beginning with month `first`. */
static bool settle_months(struct ctx *c, int year, int first, int months, enum period_sort sort, struct period *out)
{
    return settle(c, month_first(year, first), month_last(year, first + months - 1), sort, out);
}

/* 2018-Q1, 2018-H1 (also 6M), 2018-9M. */
static bool parse_part_of_year(struct ctx *c, const char *s, size_t n, struct period *out)
{
    int year = 0;
    if (n != 7 || s[4] != '-')
        return false;
    for (int i = 0; i < 4; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        year = year * 10 + (s[i] - '0');
    }
    char a = (char)(s[5] | 0x20), b = (char)(s[6] | 0x20);
    int number = s[6] - '0';
    if (a == 'q' && number >= 1 && number <= 4)
        return settle_months(c, year, number * 3 - 2, 3, PERIOD_QUARTER, out);
    if (a == 'h' && (number == 1 || number == 2))
        return settle_months(c, year, number * 6 - 5, 6, PERIOD_HALF, out);
    if (s[5] == '6' && b == 'm')
        return settle_months(c, year, 1, 6, PERIOD_HALF, out);
    if (s[5] == '9' && b == 'm')
        return settle_months(c, year, 1, 9, PERIOD_NINE_MONTHS, out);
    return false;
}

/* A year, a month or a day. */
static bool parse_calendar(struct ctx *c, const char *s, size_t n, struct period *out)
{
    int32_t v;
    if (!day_parse(s, n, true, &v))
        return false;
    day d = {v};
    if (v % 10000 == 0)
        return settle_months(c, year_of(d), 1, 12, PERIOD_YEAR, out);
    if (v % 100 == 0)
        return settle_months(c, year_of(d), month_of(d), 1, PERIOD_MONTH, out);
    return settle(c, d, d, PERIOD_DAY, out);
}

static bool refuse(struct ctx *c, const char *s)
{
    fail(c, ERR_USAGE,
         "Không hiểu kỳ “%s”. Hãy viết như: 2018, 2018-Q1, 2018-H1, 2018-9M, 2018-08, 2018-08-05, "
         "01/01/2017..05/08/2018 hoặc term:2015-2020.",
         "The period “%s” is not understood. Write it as: 2018, 2018-Q1, 2018-H1, 2018-9M, 2018-08, 2018-08-05, "
         "2017-01-01..2018-08-05 or term:2015-2020.",
         s);
    return false;
}

static bool parse_range(struct ctx *c, const char *s, const char *dots, struct period *out)
{
    struct period first, last;
    if (!parse_calendar(c, s, (size_t)(dots - s), &first) || !parse_calendar(c, dots + 2, strlen(dots + 2), &last))
        return refuse(c, s);
    if (first.from.v > last.to.v) {
        fail(c, ERR_USAGE, "Kỳ “%s” có ngày đầu sau ngày cuối. Hãy viết ngày sớm hơn trước: 01/01/2017..05/08/2018.",
             "The period “%s” begins after its end. Write the earlier day first: 2017-01-01..2018-08-05.", s);
        return false;
    }
    return settle(c, first.from, last.to, PERIOD_RANGE, out);
}

static bool find_term(struct ctx *c, const char *name, const struct period_terms *terms, struct period *out)
{
    day from = {0}, until = {0};
    if (!terms || !terms->term || !terms->term(terms->to, name, &from, &until) || !from.v)
        return false;
    bool lasts = !until.v || until.v >= DAY_OPEN;
    day to = lasts ? c->today : day_add(until, -1);
    if (to.v < from.v) /* begins after today, or was declared empty: its first day is all there is */
        to = from;
    *out = (struct period){from, to, PERIOD_TERM, arena_printf(&c->arena, "term:%s", name)};
    return true;
}

bool period_parse(struct ctx *c, const char *s, const struct period_terms *terms, struct period *out)
{
    const char *text = str_clean(&c->arena, s ? s : "", s ? strlen(s) : 0);
    size_t n = strlen(text);
    *out = (struct period){0};
    if (n == 0 || n > LONGEST)
        return refuse(c, n ? "…" : "");
    if (str_starts(text, "term:")) {
        if (find_term(c, text + TERM_AT, terms, out))
            return true;
        fail(c, ERR_USAGE, "Không có nhiệm kỳ “%s” ở đơn vị này. Hãy viết tên nhiệm kỳ như đã lập, ví dụ term:2015-2020.",
             "There is no term “%s” in this unit. Write the term's name as it was recorded, such as term:2015-2020.",
             text + TERM_AT);
        return false;
    }
    const char *dots = strstr(text, "..");
    if (dots)
        return parse_range(c, text, dots, out);
    return parse_part_of_year(c, text, n, out) || parse_calendar(c, text, n, out) || refuse(c, text);
}

static const char *day_english(struct ctx *c, day d)
{
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    return d.v % 100 ? arena_printf(&c->arena, "%d %s %d", d.v % 100, months[month_of(d) - 1], year_of(d))
                     : arena_printf(&c->arena, "%s %d", months[month_of(d) - 1], year_of(d));
}

static const char *term_words(struct ctx *c, const char *name)
{
    const char *dash = strchr(name, '-');
    if (!dash)
        return say(c, "nhiệm kỳ %s", "term %s", name);
    return say(c, "nhiệm kỳ %.*s–%s", "term %.*s–%s", (int)(dash - name), name, dash + 1);
}

static const char *year_part_words(struct ctx *c, struct period p, int y)
{
    static const char *const roman[] = {"I", "II", "III", "IV"};
    static const char *const nth[] = {"first", "second", "third", "fourth"};
    int quarter = (month_of(p.from) - 1) / 3;
    if (p.sort == PERIOD_NINE_MONTHS)
        return say(c, "9 tháng đầu năm %d", "first nine months of %d", y);
    if (p.sort == PERIOD_HALF)
        return quarter == 0 ? say(c, "6 tháng đầu năm %d", "first six months of %d", y)
                            : say(c, "6 tháng cuối năm %d", "last six months of %d", y);
    return c->lang == LANG_EN ? arena_printf(&c->arena, "%s quarter of %d", nth[quarter], y)
                              : arena_printf(&c->arena, "quý %s năm %d", roman[quarter], y);
}

const char *period_words(struct ctx *c, struct period p)
{
    int y = year_of(p.from), m = month_of(p.from);
    bool english = c->lang == LANG_EN;
    char a[DAY_TEXT], b[DAY_TEXT];
    switch (p.sort) {
    case PERIOD_DAY:
        return english ? day_english(c, p.from) : arena_printf(&c->arena, "ngày %s", day_vi(p.from.v, a));
    case PERIOD_MONTH:
        return english ? day_english(c, (day){p.from.v / 100 * 100}) : arena_printf(&c->arena, "tháng %d năm %d", m, y);
    case PERIOD_QUARTER:
    case PERIOD_HALF:
    case PERIOD_NINE_MONTHS:
        return year_part_words(c, p, y);
    case PERIOD_YEAR:
        return say(c, "năm %d", "%d", y);
    case PERIOD_TERM:
        return term_words(c, p.text + TERM_AT);
    case PERIOD_RANGE:
        break;
    }
    if (english)
        return arena_printf(&c->arena, "%s to %s", day_english(c, p.from), day_english(c, p.to));
    return arena_printf(&c->arena, "từ ngày %s đến ngày %s", day_vi(p.from.v, a), day_vi(p.to.v, b));
}

static bool whole_months(struct period p)
{
    return p.from.v % 100 == 1 && p.to.v == month_last(year_of(p.to), month_of(p.to)).v;
}

/* Of a period of whole months. */
static bool back_by_months(struct ctx *c, struct period p, int months, struct period *out)
{
    int first = month_number(p.from) - months, last = month_number(p.to) - months;
    return settle(c, month_first(first / 12, first % 12 + 1), month_last(last / 12, last % 12 + 1), p.sort, out);
}

/* "2015-2020" -> "2010-2015"; NULL for a name of another make. */
static const char *name_before(struct ctx *c, const char *name)
{
    const char *dash = strchr(name, '-');
    int64_t a, b;
    if (!dash || !int_parse(arena_copy(&c->arena, name, (size_t)(dash - name)), &a) || !int_parse(dash + 1, &b) || a < 1900 ||
        b <= a || b > a + 10)
        return NULL;
    return arena_printf(&c->arena, "%lld-%lld", (long long)(2 * a - b), (long long)a);
}

bool period_before(struct ctx *c, struct period p, const struct period_terms *terms, struct period *out)
{
    if (p.sort == PERIOD_TERM) {
        const char *name = name_before(c, p.text + TERM_AT);
        return name && find_term(c, name, terms, out);
    }
    if (p.sort == PERIOD_NINE_MONTHS)
        return back_by_months(c, p, 12, out);
    if (p.sort != PERIOD_DAY && whole_months(p))
        return back_by_months(c, p, month_number(p.to) - month_number(p.from) + 1, out);
    return settle(c, day_add(p.from, day_number(p.from) - day_number(p.to) - 1), day_add(p.from, -1), p.sort, out);
}

static day year_earlier(day d)
{
    day same = {d.v - 10000};
    return day_valid(same.v) ? same : day_of(year_of(same), month_of(same), d.v % 100 - 1);
}

bool period_last_year(struct ctx *c, struct period p, struct period *out)
{
    if (p.sort == PERIOD_TERM)
        return false;
    if (p.sort != PERIOD_DAY && whole_months(p))
        return back_by_months(c, p, 12, out);
    return settle(c, year_earlier(p.from), year_earlier(p.to), p.sort, out);
}
