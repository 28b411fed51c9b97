/* An import on its way: the file that was brought, what it is, how its columns were mapped, what the check found. Kept in files of the
 * spool, so that it can be left and taken up again within a day; nobody but the account that began it can see it. */
#ifndef WEB_JOURNEY_H
#define WEB_JOURNEY_H

#include "model/import.h"
#include "request.h"
#include "spool.h"

enum journey_step { STEP_COLUMNS, STEP_CHECKED, STEP_DONE };

struct journey {
    char id[SPOOL_NAME];
    int64_t account;
    const struct kind *kind;
    enum journey_step step;
    const char *file;              /* as it was called */
    const char *unit;              /* code for rows that name none; "" = none */
    const char *mapping;           /* of import_options; "" = as recognised */
    int64_t sheet, encoding;
    int64_t begun;                 /* ms */
    int64_t read, saved, unchanged, bad, warned; /* as the check or the import found */
    int64_t duplicates, only_duplicates; /* rows that may be there already; of them those with nothing else wrong */
    int64_t told;                  /* errors and warnings kept */
    int64_t batch;
};

/* A new one of r->who, not yet kept. */
struct journey *journey_new(struct request *, const struct kind *, const char *file);
bool journey_save(struct ctx *, const char *spool, const struct journey *);
/* NULL when there is none of that account. */
struct journey *journey_load(struct ctx *, const char *spool, const char *id, int64_t account);
/* Of the route's first part; NULL after fail(). */
struct journey *journey_of(struct request *);
/* Those of an account that wait to be gone on with, latest first. */
size_t journeys_open(struct ctx *, const char *spool, int64_t account, struct journey ***out);

const char *journey_path(struct ctx *, const char *spool, const struct journey *, const char *end);
/* What the import is told of it. `errors`: refused rows go to its file. */
struct import_options journey_options(struct ctx *, const char *spool, const struct journey *, bool errors);
/* What the check told, row by row; kept beside the journey. */
bool journey_tell(struct ctx *, const char *spool, struct journey *, const struct import_result *);
size_t journey_told(struct ctx *, const char *spool, const struct journey *, struct import_error **out);

/* "/import/j/ID", "/import/j/ID/columns" */
const char *journey_href(struct request *, const struct journey *, const char *page);
/* Which of the four steps the page is, above its content. */
void journey_steps(struct request *, int step);

#endif
