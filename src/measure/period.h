/* The stretch of time that a figure speaks of, as people write it and as it is printed.
 *
 *     2018   2018-Q1   2018-H1   2018-9M   2018-08   2018-08-05   2017-01-01..2018-08-05   term:2015-2020
 *
 * Months and days may be written the Vietnamese way too (08/2018, 05/08/2018, 01/01/2017..05/08/2018), and the ends of
 * a range may be months or years (2017..2018-08). Knows no records: who keeps the terms is asked through a call. */
#ifndef MEASURE_PERIOD_H
#define MEASURE_PERIOD_H

#include "base/ctx.h"

enum period_sort {
    PERIOD_DAY,
    PERIOD_MONTH,
    PERIOD_QUARTER,
    PERIOD_HALF,        /* half a year, the first or the second */
    PERIOD_NINE_MONTHS, /* the first nine of a year */
    PERIOD_YEAR,
    PERIOD_TERM,
    PERIOD_RANGE
};

struct period {
    day from, to;        /* both are within it */
    enum period_sort sort;
    const char *text;    /* the one spelling that period_parse() reads back: for addresses, and stored with a report */
};

/* Finds a term by its name ("2015-2020"): from its first day until the first day after it; DAY_OPEN (or none) while it
 * lasts. False = no such term. A NULL in place of the struct, or of the call: no terms are known here. */
struct period_terms {
    bool (*term)(void *to, const char *name, day *from, day *until);
    void *to;
};

/* False after fail(ERR_USAGE) with what may be written. A term that still lasts ends today. */
bool period_parse(struct ctx *, const char *s, const struct period_terms *, struct period *out) MUST;
/* "quý I năm 2018", "first quarter of 2018"; made in the context's arena and language. */
const char *period_words(struct ctx *, struct period);

/* The period of the same kind right before: 2018-Q1 -> 2017-Q4. Nine months go back to those of the year before, a
 * range of whole months by as many months, another range by as many days, a term (named after its years) to the term that
 * ended when it began. False, without a failure, when there is none. */
bool period_before(struct ctx *, struct period, const struct period_terms *, struct period *out) MUST;
/* The same period of the year before; a 29 February becomes the 28th. False for a term, and before the year 1801. */
bool period_last_year(struct ctx *, struct period, struct period *out) MUST;

#endif
