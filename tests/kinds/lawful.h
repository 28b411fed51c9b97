/* Random lawful records of any kind, the same for the same seed on every engine. */
#ifndef TESTS_KINDS_LAWFUL_H
#define TESTS_KINDS_LAWFUL_H

#include "party/verbs.h"

struct luck {
    uint64_t state;
    int number; /* of records made: codes follow from it */
};
uint64_t luck_next(struct luck *);
size_t luck_below(struct luck *, size_t n); /* 0 .. n - 1 */

/* A root committee "ROOT" with cells "CELL1" .. "CELL4", where records are put. */
void lawful_units(struct ctx *);
/* Text of n characters of Vietnamese, with NUL; beginning and end are no blanks. */
const char *lawful_text(struct ctx *, struct luck *, size_t n);
/* A record not saved yet. Inside a write transaction: it may need others, which are saved. NULL after fail(). */
void *lawful_record(struct ctx *, struct luck *, const struct kind *);
/* Another value for one field that may be changed freely; the field, or NULL when the kind has none. */
const struct field *lawful_change(struct ctx *, struct luck *, const struct kind *, void *record);
/* Whether people write it: not computed. */
bool lawful_kind(const struct kind *);

#endif
