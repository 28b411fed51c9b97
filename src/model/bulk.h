/* A long import into a register that is small beside it: indexes that only lists ask are taken away and made again at the
 * end, and what the rules ask of values ("has anybody else this number?") is answered from memory. Where nobody else can
 * write meanwhile, and only then; else all is as always. Ends with the transaction. It changes how long an import takes and
 * never what it finds. */
#ifndef MODEL_BULK_H
#define MODEL_BULK_H

#include "kind.h"

/* Within a long write, when about so many records of the kind are still to come. */
void bulk_begin(struct ctx *, const struct kind *, int64_t expected);
/* Makes the indexes again. Before the commit; what is rolled back needs no end. */
void bulk_end(struct ctx *);
bool bulk_on(const struct ctx *);

/* Who had a value first. Whoever asks loads what is stored, once (true: now), and adds what is written from then on. What was changed or
 * removed since is still told: look at the record. */
bool bulk_load(struct ctx *, const char *topic);
void bulk_add(struct ctx *, const char *topic, const char *value, int64_t with, int64_t id);
int64_t bulk_first(struct ctx *, const char *topic, const char *value, int64_t with); /* 0: nobody has, for sure */

#endif
