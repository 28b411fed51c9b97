/* Where a unit stands on a day: the line above it and what is directly below, each with one statement. For pages that draw
 * a place and never the whole tree. Within a transaction. */
#ifndef PARTY_ORGANISATION_PLACE_H
#define PARTY_ORGANISATION_PLACE_H

#include "party/verbs.h"

struct unit_brief {
    int64_t id, above; /* above 0: a root */
    const char *code, *name, *type, *sort; /* name and type as on the day; type: its code; sort: "party" ... */
    int64_t members;   /* home stays on the day in the unit and below; -1 = not counted */
    int64_t below;     /* units directly below on the day; -1 = not counted */
    bool organ;        /* a board or office of the committee above it */
    bool readable;     /* the actor may open it; of the line above */
};

/* From the top down to the unit itself. Names of units may be pointed at by all; `readable` says what may be opened. */
size_t unit_line(struct ctx *, int64_t unit, day, struct unit_brief **out);

struct unit_children_ask {
    int64_t unit;      /* 0: those whose superior the actor cannot read */
    day at;
    size_t most;
    const char *after; /* "position:sort key" of the last one of the page before; NULL = the first page */
    const char *words; /* only those whose name has these words, without diacritics; NULL = all */
    bool count;        /* members and units below */
};
/* What the actor may read of what stands directly below, organs first, then by position and name. `next`: for the following page;
 * NULL at the end. */
size_t unit_children(struct ctx *, const struct unit_children_ask *, struct unit_brief **out, const char **next);

/* Sets `members` and `below` of each by its id, as on the day and within the actor's rights, with one statement apiece. `unit`: below which
 * all of them stand, 0 = nothing in particular. */
void unit_count_each(struct ctx *, int64_t unit, day at, struct unit_brief *, size_t n);

/* Whether at most `few` units stand at or below: then figures over them are quick. */
bool unit_has_few_below(struct ctx *, int64_t unit, day, int64_t few);
/* Units directly below on the day that the actor may read. */
int64_t unit_count_below(struct ctx *, int64_t unit, day);
/* Home stays on the day, in the unit and below, within the actor's rights. */
int64_t unit_members(struct ctx *, int64_t unit, day);

/* Units at or below on the day whose type bears this mark ("holds_members"), within the actor's rights. */
int64_t unit_count_of(struct ctx *, int64_t unit, day, const char *mark);

/* The unit from which the actor's work begins: that of their own office or grant that reaches furthest; 0 = none. */
int64_t unit_of_actor(struct ctx *);

#endif
