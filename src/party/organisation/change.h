/* What a change of units did, or would do: for previews and results, on the command line and on pages. Within a transaction. */
#ifndef PARTY_ORGANISATION_CHANGE_H
#define PARTY_ORGANISATION_CHANGE_H

#include "party/verbs.h"

struct change_unit {
    int64_t id;
    const char *code, *name;
    bool founded, closed; /* neither: another superior, name or type */
};
struct change_effects {
    int64_t founded, closed, restated, members; /* members: stays moved with their unit */
    struct change_unit *units;                  /* the first CHANGE_UNITS_MOST */
    size_t nunits;
};
enum { CHANGE_UNITS_MOST = 60 };
struct change_effects change_effects(struct ctx *, int64_t batch);

/* A change as it was asked for, carried out: what is to come is shown as it would stand on its day (then the transaction must be rolled
 * back, see c->today). False with problems or after fail(). */
bool change_carry_out(struct ctx *, void *unit_change, bool preview, struct problems *, struct change_effects *out);

#endif
