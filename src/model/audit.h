/* The record of every write: who, when, what, with before and after, in the same transaction as the write.
 * Each entry holds the hash of the one before it; one chain a shard, so that provinces do not wait for
 * each other. audit_verify() names the first entry that was altered, taken out, added or put in another place; the end of
 * each chain is kept apart, so that a cut tail is seen too. */
#ifndef MODEL_AUDIT_H
#define MODEL_AUDIT_H

#include "db/db.h"
#include "kind.h"

struct audit_entry {
    int64_t shard;
    const char *act;    /* add, change, remove, restore, read, export, sign_in ... */
    const char *kind;
    int64_t record, unit, version;
    const char *before, *after; /* JSON objects, or NULL */
    const char *note;
};

void audit_write(struct ctx *, const struct audit_entry *);
/* Writes the ends of the chains that this transaction has moved. Runs before the outermost commit. */
void audit_flush(struct ctx *);

/* The chain's ends as the transaction has them, to be put back when a savepoint is rolled back. */
struct audit_mark {
    void *ends;
};
struct audit_mark audit_mark(struct ctx *);
void audit_back_to(struct ctx *, struct audit_mark);

/* Reads every chain. Returns the number of entries, or -1 after telling the first fault of a chain. Heads are told as
 * "shard seq hash" through `head`, for keeping outside the machine. */
int64_t audit_verify(struct ctx *, void (*fault)(void *to, const char *what), void (*head)(void *to, const char *line), void *to);

/* JSON of a record's fields: all that are not empty, or, with `was`, those that differ. NULL when there are none. */
const char *audit_json(struct ctx *, const struct kind *, const void *record, const void *was);
/* Sets the fields named in the JSON on a record (for undoing). */
bool audit_apply(struct ctx *, const struct kind *, void *record, const char *json);

#endif
