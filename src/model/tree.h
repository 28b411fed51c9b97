/* The tree of units through time. `unit_above` is a dated closure: for every unit, all that stand above it (itself at
 * depth 0), from a day on, until a day. The subtree of any unit on any day is one indexed join. It is made from
 * unit_state, which is the truth, and can be made again and checked at any time. */
#ifndef MODEL_TREE_H
#define MODEL_TREE_H

#include "db/db.h"

/* Makes the closure of a unit, and of all that ever stood below it, anew. */
void tree_refresh(struct ctx *, int64_t unit);
void tree_rebuild(struct ctx *); /* all of it */
int64_t tree_faults(struct ctx *); /* units whose closure is not what unit_state says: 0 when sound */

/* The parts (homes of units) of which a unit at or below this one, on whatever day, may be: those in whose words a search
 * below the unit must look. unit 0: all there are. */
size_t tree_parts(struct ctx *, int64_t unit, int64_t **out);

/* Whether `unit` stands at or below `above` on a day. */
bool tree_below(struct ctx *, int64_t unit, int64_t above, day);
/* Whether it ever stands there from `since` on. */
bool tree_ever_below(struct ctx *, int64_t unit, int64_t above, day since);

/* " JOIN unit_above <a> ON <a>.unit = <alias>.<column> AND <a>.above = $ AND <a>.since <= $ AND <a>.until > $" */
void tree_join(struct sql *, const char *alias, const char *column, int64_t above, day);
/* "SELECT ...": the units, not of the Party, that stand on the day at or below a place that is served by an open unit at or below
 * one of these. */
void tree_served(struct sql *, const int64_t *units, size_t n, day);
/* "EXISTS (...)": that the unit in `column` is one of them; quicker where few rows are asked about. */
void tree_is_served(struct sql *, const char *alias, const char *column, const int64_t *units, size_t n, day);
/* " AND ..." for a row of units: neither removed nor closed nor yet to be founded on the day. */
void tree_open(struct sql *, const char *alias, day);

#endif
