/* What was found out in this very state of the data on this very day: rights, whether they reach over a subtree, how many
 * units stand below one. A session remembers it from one transaction to the next, and forgets all at the first commit by anybody;
 * so what is recalled is what asking again would give. Where the state is not known (in a write, or on a server where
 * others commit too) nothing is remembered, and all is asked anew. */
#ifndef MODEL_RECALL_H
#define MODEL_RECALL_H

#include "db/db.h"

enum { RECALL_KEY = 8 };

/* By what it is remembered: a name for the question, and what was asked about. */
struct recall_key {
    const char *question; /* a literal */
    int64_t about[RECALL_KEY];
};

/* NULL: not known. It lives until the end of the transaction. */
const void *recall(struct ctx *, const struct recall_key *);
/* Where what is to be remembered may lie; NULL: nothing can be remembered now. */
struct arena *recall_room(struct ctx *);
void recall_keep(struct ctx *, const struct recall_key *, const void *what); /* lies in recall_room() */

/* The same for a number. */
bool recall_int(struct ctx *, const struct recall_key *, int64_t *out);
void recall_keep_int(struct ctx *, const struct recall_key *, int64_t);

#endif
