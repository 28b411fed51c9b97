/* What was found out on this very day from tables that nobody has written since: rights, whether they reach over a subtree, how many
 * people there are below a unit, a page. A session remembers it from one transaction to the next; what is recalled is what asking
 * again would give. Which tables it came from is seen from the statements between asking here in vain and keeping what was found.
 * Where it is not known what others write (in a write, on a server) nothing is remembered, and all is asked anew. */
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
/* After recall() was NULL and what it asked for was found out. `what` lies in recall_room(). */
void recall_keep(struct ctx *, const struct recall_key *, const void *what);

/* The same for a number. */
bool recall_int(struct ctx *, const struct recall_key *, int64_t *out);
void recall_keep_int(struct ctx *, const struct recall_key *, int64_t);

/* By a statement and all that it asks about, rights included. */
struct recall_key recall_key_of(const char *question, const struct sql *);
/* The only number that a statement gives, remembered by it. */
int64_t recall_only_int(struct sql *);

#endif
