/* An empty store for a test, on the engine that DANGBO_TEST_DB names: unset, SQLite in a new directory under TMPDIR;
 * postgresql://..., a new schema there. */
#ifndef TESTDB_H
#define TESTDB_H

#include "db/db.h"

struct ctx *testdb_open(void);                 /* a session; ends the program when it cannot be had */
struct ctx *testdb_again(struct ctx *);        /* one more session in the same store, for another thread */
struct store *testdb_store(const struct ctx *);
const char *testdb_where(const struct ctx *);  /* what store_open() takes */
void testdb_forget(struct ctx *);              /* forgets the failure: the next thing is tested */
void testdb_close(struct ctx *);               /* of the first session: also the store and its data; last */

#endif
