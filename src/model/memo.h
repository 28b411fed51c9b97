/* What is known of records for the rest of a write transaction, so that an import does not ask for the same cell a hundred
 * thousand times. Whatever is written through record_save() is forgotten here at once; other sessions' writes count from the next
 * transaction on. For model/ and for kinds that are asked of often. */
#ifndef MODEL_MEMO_H
#define MODEL_MEMO_H

#include "kind.h"

struct memo {
    const struct kind *kind;
    int64_t id;
    bool known, live;   /* whether a record of this id is there and not removed */
    int64_t shard;      /* of a live one */
    int64_t home;       /* of a unit: the shard of what it keeps; 0 = not asked yet */
    const void *facts;  /* the kind's own; in c->kept; NULL = not asked yet */
};

/* The place for what is known, blank at first; good until the next call of any kind. NULL outside of a write. */
struct memo *memo_of(struct ctx *, const struct kind *, int64_t id);
void memo_forget(struct ctx *, const struct kind *, int64_t id);
void memo_forget_all(struct ctx *); /* when something is rolled back */

#endif
