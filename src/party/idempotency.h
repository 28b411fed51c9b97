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
/* What this account was answered to the key within a day. False: nothing. In a write. */
bool idempotency_find(struct ctx *, int64_t account, const char *key, struct kept_answer *out);
void idempotency_keep(struct ctx *, int64_t account, const char *key, const struct kept_answer *);

#endif
