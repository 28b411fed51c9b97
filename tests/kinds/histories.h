/* Random histories of units and members, and a second way of counting them: day by day, from stays and superiors alone. */
#ifndef TESTS_KINDS_HISTORIES_H
#define TESTS_KINDS_HISTORIES_H

#include "small.h"

enum { UNITS = 60, PEOPLE = 60, FIRST_DAY = 20150101, LAST_DAY = 20191231, DAYS = 1826 };

struct history {
    struct ctx *c;
    uint64_t seed;
    int64_t unit[UNITS], person[PEOPLE];
    size_t units, people;
    int16_t superior[UNITS][DAYS]; /* -1: none */
    int16_t cell[PEOPLE][DAYS];    /* -1: at home nowhere */
    int32_t official[PEOPLE];
};

uint64_t draw(struct history *, uint64_t below);
void history_make(struct history *, struct ctx *, uint64_t seed, int steps);
void history_read(struct history *); /* what the database holds, day by day */
bool history_present(const struct history *, size_t person, size_t unit, int32_t day_at);

#endif
