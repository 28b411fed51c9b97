/* What the measures share: clocks, medians, the table that they write, the yardstick's own connection. */
#ifndef BENCH_H
#define BENCH_H

#include "model/list.h"
#include "model/model.h"

#include <sqlite3.h>

double bench_seconds(void); /* of a clock that only goes forward */

/* Times of many runs, in milliseconds. */
struct times {
    double *ms;
    size_t n, room;
};
void times_add(struct times *, double ms);
double times_at(struct times *, double share); /* 0.5 = the median; sorts */
void times_free(struct times *);

/* Product and yardstick by turns, warm, for about `seconds`: whatever else the machine does meets both. */
struct pair_result {
    double ours, theirs; /* medians, ms */
    size_t runs;
};
struct pair_result bench_pair(void (*ours)(void *), void (*theirs)(void *), void *with, double seconds);

/* One row of the table. `goal` "" when there is none; met 1 yes, 0 no, -1 not asked. */
void bench_row(const char *what, const char *figure, const char *yardstick, const char *ratio, const char *goal, int met);
void bench_head(const char *caption);
const char *bench_number(double, const char *unit); /* "1.23 ms"; a few at a time */

/* A connection of the engine's own, with the settings that a reader of the program has. */
sqlite3 *raw_open(const char *dir);
sqlite3_stmt *raw_prepare(sqlite3 *, const char *sql);
int64_t raw_int(sqlite3_stmt *);   /* runs it, reads one number */
int64_t raw_read(sqlite3_stmt *);  /* runs it, reads every column of every row; how many rows */

/* A context over a store, as a command has it. Ends the program when something fails. */
void bench_connect(struct ctx *, struct store *, const struct actor *);
void bench_must(struct ctx *, const char *what);
void bench_rules(struct ctx *); /* as built in */

extern const struct actor bench_operator;
extern bool bench_small; /* a smoke test: few runs */

void measure_members(struct ctx *, const char *dir);
void measure_search(struct ctx *);
void measure_pages(struct ctx *, struct store *);
void measure_writes(const char *dir, const char *scratch);
void measure_restructuring(const char *dir);

#endif
