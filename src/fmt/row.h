/* Collecting the cells of one row, for the readers of table_in. */
#ifndef FMT_ROW_H
#define FMT_ROW_H

#include "table_in.h"

struct row_cells {
    struct arena *arena; /* rewound for every row */
    struct table_cell *cells;
    size_t n, cap;
};

static inline void row_add(struct row_cells *r, size_t column, struct value v)
{
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 32;
        struct table_cell *cells = NEW_N(r->arena, struct table_cell, cap);
        if (r->n)
            memcpy(cells, r->cells, r->n * sizeof *cells);
        r->cells = cells;
        r->cap = cap;
    }
    r->cells[r->n++] = (struct table_cell){column, v};
}

#endif
