/* The database schema, derived from the kinds. Shows the difference to what is there and makes what is additive: tables,
 * columns, indexes. What would move or lose data is told and refused: it takes a numbered migration.
 * No triggers, no recursive queries, and every key begins with `shard`. */
#ifndef MODEL_SCHEMA_H
#define MODEL_SCHEMA_H

#include "db/db.h"
#include "kind.h"

/* Tells each statement that is missing, in order; `refused` ones stand as comments beginning with "--". Returns how many statements
 * are missing. Inside a transaction. */
size_t schema_difference(struct ctx *, void (*tell)(void *to, const char *statement), void *to);
/* Makes what is missing. False after fail(), also when something is there that the program does not know how to change. */
bool schema_apply(struct ctx *);
/* Refuses a database that is older or newer than the program. */
/* The indexes that only lists ask, taken away and made again; see bulk.h. */
void schema_drop_lists(struct ctx *, const struct kind *);
void schema_make_lists(struct ctx *, const struct kind *);
bool schema_current(struct ctx *);

#endif
