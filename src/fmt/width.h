/* A table for the terminal and for plain text: columns padded by what they take on screen, numbers to the right. */
#ifndef FMT_WIDTH_H
#define FMT_WIDTH_H

#include "base/buf.h"
#include "base/value.h"

struct width_table {
    const char *const *head; /* one per column; NULL for none */
    const struct value *cells; /* row after row */
    size_t columns, rows;
    size_t widest; /* longer cells are cut with …; 0 = never */
};

void width_print(struct buf *, const struct width_table *);
/* s, cut with … so that it takes at most `widest` columns (0 = never cut). Line ends and other control characters
 * become spaces: a cell cannot steer a terminal. Returns the columns taken. */
size_t width_cut(struct buf *, const char *s, size_t widest);

#endif
