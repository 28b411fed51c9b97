/* What a change of units did, or would do: for previews and results, on the command line and on pages; and what a form for one asks
 * beforehand. Within a transaction. */
#ifndef PARTY_ORGANISATION_CHANGE_H
#define PARTY_ORGANISATION_CHANGE_H

#include "party/verbs.h"

/* A unit on the day before the change, and on the day itself. Counts are within the actor's rights. */
struct change_unit {
    int64_t id;
    const char *code, *name, *was_name;   /* was_name NULL: founded */
    bool founded, closed;                 /* neither: another superior, name or type; or only standing above those */
    bool members_only;                    /* nothing about it changes but who is its member */
    const char *type_was, *type_now;      /* codes */
    const char *above_was, *above_now;    /* names; NULL = none. Of one that ends: who keeps its records */
    int64_t members_was, members_now;     /* home stays in the unit and below */
    int64_t below_was, below_now;         /* units directly below */
};
struct change_person {
    const char *code, *name, *from, *to;  /* names of units */
};
struct change_post {
    int64_t id;                           /* of the appointment */
    const char *name, *office, *unit;     /* office: its code */
};
struct change_effects {
    int64_t founded, closed, restated, members; /* members: stays moved with their unit */
    struct change_unit *units;                  /* the first CHANGE_UNITS_MOST, then those above them */
    size_t nunits, nabove;
    struct change_person *people;               /* the first CHANGE_PEOPLE_MOST whose stays were moved */
    size_t npeople;
    struct change_post *posts;                  /* still held in units that end: somebody must enter their end */
    size_t nposts;
    int64_t posts_kept;                         /* held in units that go on as another */
    day on;                                     /* the day of the change */
};
enum { CHANGE_UNITS_MOST = 60, CHANGE_ABOVE_MOST = 20, CHANGE_PEOPLE_MOST = 100, CHANGE_POSTS_MOST = 100 };
struct change_effects change_effects(struct ctx *, int64_t batch);

/* A change as it was asked for, carried out: what is to come is shown as it would stand on its day (then the transaction must be rolled
 * back, see c->today). False with problems or after fail(). */
bool change_carry_out(struct ctx *, void *unit_change, bool preview, struct problems *, struct change_effects *out);

/* One of the units of a split, as `into` of a unit_change names it: CODE="name"=type; quoted as far as needed. */
const char *change_part(struct ctx *, const char *code, const char *name, const char *type);
/* The next free code in the row of one that exists: HH.CB20 is followed by HH.CB21. */
const char *change_code_after(struct ctx *, const char *like);
/* The same for a unit to be founded below another. */
const char *change_code_below(struct ctx *, int64_t superior);
/* A free code for the n-th part, from 0, of a unit: HH.CB01A. */
const char *change_code_of_part(struct ctx *, const char *code, size_t n);

/* Who has their home in the unit itself on the day, by name, within the actor's rights; the first `most`. */
struct change_member {
    const char *code, *name;
    pday born;
};
size_t change_members(struct ctx *, int64_t unit, day, size_t most, struct change_member **out);

#endif
