/* What became of units over time: the story of one unit, and the difference of a tree between two days, each with the decision
 * that explains it. Within a transaction. */
#ifndef PARTY_ORGANISATION_STORY_H
#define PARTY_ORGANISATION_STORY_H

#include "party/verbs.h"

struct decision {
    int64_t id;               /* of the unit_change; 0 = none is known */
    const char *number, *by, *act;
    day effective;
};

enum what_happened { FOUNDED, RENAMED, MOVED_UNDER, RECLASSED, CLOSED_DOWN, CAME_FROM, WENT_INTO, CONGRESS };

struct story_entry {
    day on;                   /* none = it is not known since when */
    enum what_happened what;
    const char *was, *now;    /* names, types (codes) or superiors' names */
    int64_t other;            /* a predecessor, successor or superior */
    const char *other_code;
    struct decision decision;
};

/* Latest first. */
size_t unit_story(struct ctx *, int64_t unit, struct story_entry **out);

/* One unit that is not on the second day what it was on the first. */
struct tree_change {
    int64_t unit;
    const char *code, *name_was, *name_now, *type_was, *type_now, *above_was, *above_now; /* NULL: was not there */
    bool founded, closed, moved, renamed, reclassed;
    const char *successors, *predecessors; /* names, joined; NULL = none */
    size_t nsuccessors, npredecessors;
    struct decision decision;
};
enum { TREE_CHANGES_MOST = 1000 };
/* At or below the unit on either day (0: all), within the actor's rights, in the order of names; up to TREE_CHANGES_MOST. */
size_t tree_difference(struct ctx *, int64_t unit, day from, day to, struct tree_change **out);

#endif
