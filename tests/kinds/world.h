/* A store with the schema of all kinds, the rules of the source tree and the operator as actor, on the engine that DANGBO_TEST_DB
 * names; and a small register in it: a commune with three cells. */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include "model/export.h"
#include "model/import.h"
#include "model/model.h"
#include "model/schema.h"
#include "model/type.h"
#include "party/verbs.h"
#include "t.h"
#include "testdb.h"

struct ctx *world_open(void);
void world_close(struct ctx *);

/* A file of these bytes in the test's own folder, removed by world_end(). */
const char *world_file(const char *name, const void *bytes, size_t n);
const char *world_text(const char *name, const char *content);
const char *world_path(const char *name);
char *world_read(struct ctx *, const char *path, size_t *n);
void world_end(void);

/* "DU" a commune committee; "CB1", "CB2", "CB3" its cells, all founded 01/01/2000. */
void world_units(struct ctx *);
/* A member of the cell of this code. Fails the test when they cannot be saved. */
int64_t world_member(struct ctx *, const char *code, const char *name, const char *cell);
/* A hash of every live record of every kind but the notes of imports, as JSON exports tell them. */
const char *world_hash(struct ctx *);
/* Shows the failure and fails the test. */
void world_must(struct ctx *, bool ok);

#endif
