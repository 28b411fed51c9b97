/* Vietnamese names and numbers made by chance, the same at every run: family names as often as in the country, middle and given
 * names by sex. For benchmarks only. */
#ifndef BENCH_NAMES_H
#define BENCH_NAMES_H

#include "base/arena.h"

struct dice {
    uint64_t state;
};

uint64_t dice_next(struct dice *);
uint32_t dice_below(struct dice *, uint32_t n); /* 0 .. n - 1 */
bool dice_in(struct dice *, uint32_t per_mille);

const char *name_person(struct arena *, struct dice *, bool woman);
const char *name_place(struct arena *, struct dice *);
const char *name_province(size_t i); /* of 34 */
const char *name_job(struct dice *);

#endif
