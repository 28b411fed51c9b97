/* What a job made to be fetched: an export or a report, as files of the spool beside a note of what they are. Whoever began the job can
 * fetch them for a day, nobody else ever; then they go. */
#ifndef WEB_MADE_H
#define WEB_MADE_H

#include "request.h"
#include "spool.h"

struct job;

enum { MADE_KEPT_MS = 24 * 60 * 60 * 1000 };

struct made {
    char id[SPOOL_NAME];
    int64_t account;
    const struct kind *kind;  /* of an export; NULL: a report */
    const char *title, *about; /* about: unit and time, in words */
    const char *name;         /* of its files, without their ends */
    const char *ends;         /* "xlsx" or, of a report, "xlsx csv html txt"; beside these a report has its "part" for the page */
    const char *unit;         /* code of the unit it is about; "" = none */
    const char *again;        /* where it is made anew */
    int64_t made_at, rows;    /* ms; rows of an export */
};

bool made_save(struct ctx *, const char *spool, const struct made *) MUST;
/* NULL when there is none of that account, or not any more. */
struct made *made_load(struct ctx *, const char *spool, const char *id, int64_t account);
/* Those of an account, latest first; up to `most`. */
size_t made_all(struct ctx *, const char *spool, int64_t account, size_t most, struct made ***out);
const char *made_path(struct ctx *, const char *spool, const struct made *, const char *end);
const char *made_type(const char *end); /* the content type of such a file; NULL: none is made */

/* Texts that a job takes along, since its order holds no pointers. */
struct packed {
    char text[6000];
    size_t n;
    bool full; /* something did not fit */
};
void pack(struct packed *, const char *);             /* NULL as "" */
const char *unpack(const struct packed *, size_t *at); /* NULL at the end */

/* The job of making: begun, waited for a moment, and led to what it made or to the page of its progress. `order`: title, run, of, size, back. */
struct job_order;
void made_begin(struct request *, struct job_order *, const char *id);

#endif
