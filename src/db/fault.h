/* The seam through which tests make the database fail. Always compiled, so that what is tested is what runs;
 * nothing outside of tests arms it. */
#ifndef DB_FAULT_H
#define DB_FAULT_H

#include "base/base.h"

enum db_fault {
    FAULT_NONE,
    FAULT_STATEMENT_FULL, /* the n-th statement finds the disk full and takes the whole transaction with it */
    FAULT_COMMIT_FULL,    /* the n-th real COMMIT finds the disk full */
    FAULT_COMMIT_SYNC,    /* SQLite: the n-th COMMIT cannot be brought to the disk (fsync) */
    FAULT_LOST,           /* PostgreSQL: the connection breaks before the n-th statement */
    FAULT_COMMIT_LOST     /* PostgreSQL: the connection breaks after the n-th COMMIT was sent */
};

/* The n-th event of this kind from now, in any thread, fails, once; n = 0 disarms. */
void db_fault_after(enum db_fault, int n);
bool db_fault_hits(enum db_fault);

/* How many COMMITs this process has really made: below the number of transactions when they share one. */
int64_t db_real_commits(void);

#endif
