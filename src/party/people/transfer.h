/* Members on their way from one cell to another: sent by the one, counted there until the other receives them. Within a
 * transaction. */
#ifndef PARTY_PEOPLE_TRANSFER_H
#define PARTY_PEOPLE_TRANSFER_H

#include "party/verbs.h"

struct transfer {
    int64_t stay, person;           /* the stay that waits to be received */
    const char *name, *person_code, *from, *to, *paper;
    day sent_on, received_on;       /* received_on none: still on the way */
};
enum { TRANSFERS_MOST = 200 };
/* Those to or from a cell at or below the unit: on the way, or received since the day. The latest first. */
size_t transfers_of(struct ctx *, int64_t unit, bool incoming, bool waiting, day received_since, struct transfer **out);

/* The stay that a sending or receiving of this member changes, to be filled in and saved; NULL after fail(). */
void *transfer_stay(struct ctx *, int64_t person, bool sends);

#endif
