/* The one path to a row. Scope, checks, version, audit and words of search happen here and nowhere else;
 * record_save() reads in one screen. */
#ifndef MODEL_RECORD_H
#define MODEL_RECORD_H

#include "audit.h"
#include "kind.h"
#include "model.h"
#include "scope.h"

int64_t record_new_id(struct ctx *); /* 63 bits, ordered by time */

/* One record as struct K *, NULL when there is none or it is not the actor's to see (the same answer). An id of another
 * kind does not compile. Inside a transaction. */
#define record_get(c, K, ident) ((struct K *)record_find((c), &K##_kind, (ident).v + 0 * (int64_t)sizeof(_Generic((ident), K##_id: 0)), ACT_READ))
void *record_find(struct ctx *, const struct kind *, int64_t id, unsigned act);
/* By code; by id when the text is a number that is no code. NULL when none. */
void *record_by_code(struct ctx *, const struct kind *, const char *code, unsigned act);
/* The id of a code, 0 when none; without scope, for references: names of units and people may be pointed at by all. */
int64_t record_id_of_code(struct ctx *, const struct kind *, const char *code);

/* Who wrote what to a record, oldest first. False when the record, removed or not, is not the actor's to read. */
struct history_entry {
    instant at;
    const char *actor, *act, *before, *after, *note; /* before, after: JSON objects; NULL = nothing */
};
bool record_history(struct ctx *, const struct kind *, int64_t id, void (*tell)(void *to, const struct history_entry *), void *to);

/* Makes (id 0, or an id that is free: import) or changes a record: false with the refusals in `problems`, or after a failure.
 * `version` in the record must be the stored one. On success the record carries its new id and version. */
bool record_save(struct ctx *, const struct kind *, void *record, struct problems *);
/* For consequences: what another rule saves must be savable; a refusal fails the whole transaction. */
bool record_must_save(struct ctx *, const struct kind *, void *record);
/* Takes a record off the lists; it can be restored. version 0: whatever it is. */
bool record_remove(struct ctx *, const struct kind *, int64_t id, int64_t version, struct problems *);
bool record_restore(struct ctx *, const struct kind *, int64_t id);

/* Everything a batch wrote is put back: refused, with each place, when something was changed since, and when it is not the actor's own
 * or reaches beyond their rights. Returns how many writes were undone, -1 when refused. */
int64_t record_undo_batch(struct ctx *, int64_t batch, struct problems *);

/* Puts one audited write back: what was added is removed, what was changed gets its former values. The right to have
 * done it was checked for the batch. */
void record_put_back(struct ctx *, const struct kind *, int64_t id, const char *act, const char *before);

/* Trying one row of many: rolled back alone. */
struct record_savepoint {
    struct audit_mark audit;
};
struct record_savepoint record_savepoint(struct ctx *);
void record_savepoint_keep(struct ctx *);
void record_savepoint_undo(struct ctx *, struct record_savepoint);

/* SELECT list of a kind and the reading of its rows; `alias` is the table's name in the statement. */
void record_columns(struct sql *, const struct kind *, const char *alias);
void *record_from_row(struct ctx *, const struct kind *, struct rows *);
int record_column_count(const struct kind *);
struct kind_texts record_texts(struct ctx *, const struct kind *); /* in the arena; at start */
struct sql record_insert(struct ctx *, const struct kind *);       /* to be bound: envelope, stored fields, fold, words, sort_key */
struct sql record_by_id(struct ctx *, const struct kind *, int64_t id); /* SELECT ... FROM the kind t WHERE t.id = $1 */

/* Notes that somebody read a sensitive record, or took many out. */
void record_log_read(struct ctx *, const struct kind *, const void *record, const char *act, const char *note);

/* The texts by which a record is found and sorted; NULL of a kind that is not searched. */
struct found_by {
    const char *fold, *words, *sort_key;
    int64_t part; /* the home of the unit where it counts, or which it is; 0 for what else is kept whole everywhere. record_found_by() leaves it */
};
struct found_by record_found_by(struct ctx *, const struct kind *, const void *record);

/* Tells every record of a kind that is not what its audited writes add up to; how many. Inside a transaction. */
int64_t record_prove(struct ctx *, const struct kind *, void (*fault)(void *to, const char *what), void *to);

/* The person or account whose own case it is; 0 = nobody's. */
int64_t record_subject(const struct kind *, const void *record);

/* What a person would call the record: "NV-012 Nguyễn Văn Đức". Lives in the arena. */
const char *record_name(struct ctx *, const struct kind *, const void *record);
const char *record_code(const struct kind *, const void *record); /* "" when none */
const char *record_title(struct ctx *, const struct kind *, const void *record);

#endif
