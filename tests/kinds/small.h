/* A small world for tests of what the program knows: a store with its schema, the rules, the operator as actor, and records
 * put in by the names of their fields. */
#ifndef TESTS_KINDS_SMALL_H
#define TESTS_KINDS_SMALL_H

#include "party/verbs.h"

struct ctx *small_open(void);       /* ends the program when it cannot be had */
void small_close(struct ctx *);
/* Saves a record: put(c, &unit_kind, "code", "HH", "name", "Hiệp Hòa", NULL). Its id; ends the program when it is refused. */
int64_t put(struct ctx *, const struct kind *, ...) __attribute__((sentinel));
/* Changes fields of a record. False when it is refused. */
bool change(struct ctx *, const struct kind *, int64_t id, ...) __attribute__((sentinel));

#endif
