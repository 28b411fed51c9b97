/* What waits for somebody in a unit and below it: asked anew each time, from the records, one statement a sort. Within a transaction. */
#ifndef PARTY_REPORTING_WAITING_H
#define PARTY_REPORTING_WAITING_H

#include "party/verbs.h"

enum waiting_sort {
    WAITING_TO_RECEIVE,   /* sent to us, not received */
    WAITING_SENT,         /* sent by us, not received elsewhere */
    WAITING_PROBATION,    /* twelve months of probation are over, or nearly */
    WAITING_TERM,         /* the committee's term ends within six months, or has ended without another */
    WAITING_SECRETARY,    /* units of members without a secretary */
    WAITING_NUMBERS,      /* members whose birth, card or id number is not entered */
    WAITING_SORTS
};

struct waiting {
    enum waiting_sort sort;
    int64_t id, unit;          /* of the record (a person, a term, a unit), and where */
    const char *code, *name, *where;
    day due;                   /* none = whenever */
};
enum { WAITING_MOST = 8 };

/* What is asked of each dossier is asked up to a thousand units: above that it is for the units below to see to, and costs a second. */
bool waiting_asks_dossiers(struct ctx *, int64_t unit);
/* The first of each sort, the most urgent first, and how many there are of each. unit 0: wherever the actor may look. */
size_t waiting_of(struct ctx *, int64_t unit, struct waiting **out, int64_t counts[WAITING_SORTS]);
/* The same of these sorts alone. */
size_t waiting_of_sorts(struct ctx *, int64_t unit, const enum waiting_sort *, size_t nsorts, struct waiting **out, int64_t counts[WAITING_SORTS]);

#endif
