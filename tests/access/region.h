/* Two provinces, and in them a record of every kind in every place that matters to a district: its own committee, a commune under
 * it, a cell under that, a district that was merged into it, the province above, another district, a cell of the other province, and
 * the residential area that the cell serves. */
#ifndef TESTS_REGION_H
#define TESTS_REGION_H

#include "party/verbs.h"
#include "tests/t.h"

enum place { OWN, BELOW, DEEP, CLOSED, ABOVE, SIBLING, OTHER, AREA, PLACES };
extern const char *const place_words[PLACES];
enum place place_of_word(const char *); /* PLACES when unknown */

enum { MOST_KINDS = 64 };

struct region {
    struct ctx *c;
    const char *code[PLACES];               /* of the units */
    int64_t unit[PLACES];
    int64_t record[MOST_KINDS][PLACES];     /* kinds of the installation stand under OWN only */
    struct actor officer, granted, member;  /* an office in OWN; a grant over OWN; nothing but a home in DEEP */
    int64_t appointment, grant;             /* those of `officer` and `granted` */
};

void region_open(struct region *);
void region_close(struct region *);

/* Acts as somebody, with the rights that they have now. */
void act_as(struct region *, struct actor *);
void act_as_operator(struct region *);
/* Until the matching undo, writes of the test itself and of actors can be taken back. */
void try_begin(struct region *);
void try_undo(struct region *);
void set_office(struct region *, const char *office); /* of `officer`; within try_begin() */
void set_role(struct region *, const char *role);     /* of `granted` */

/* Whether the actor may do an act with a record, by one fetch. */
bool may(struct region *, const struct kind *, int64_t id, unsigned act);

/* Lines of a table: words by white space, # begins a remark. The callback gets the words. */
enum { WORDS = 24 };
void table_read(const char *name, void (*line)(void *to, char **words, size_t n), void *to);

int64_t must_id(struct ctx *, const char *what, int64_t id);

#endif
