/* Writes of programs that carry a key of their own happen once, however often they are sent: the answer is kept with the write, in
 * the same transaction. */
#ifndef PARTY_IDEMPOTENCY_H
#define PARTY_IDEMPOTENCY_H

#include "db/db.h"

enum { IDEMPOTENCY_HOURS = 24 };

struct kept_answer {
    int status;
    const char *answer, *hash; /* hash: of what was asked */
};
/* Takes the key for this account, in a write and before anything else: whoever comes with it at the same time waits until the
 * write is kept or undone. False: it was used within a day, and what was answered is in `was`. */
bool idempotency_claim(struct ctx *, int64_t account, const char *key, const char *hash, struct kept_answer *was);
/* The answer to the key that was taken; undone with the write. */
void idempotency_keep(struct ctx *, int64_t account, const char *key, int status, const char *answer);

#endif
