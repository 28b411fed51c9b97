/* Writing .xlsx, row by row, in constant memory. Numbers and days are written as such, text is never a formula. The file
 * appears under its name only when it is whole. */
#ifndef FMT_XLSX_WRITE_H
#define FMT_XLSX_WRITE_H

#include "base/ctx.h"
#include "base/value.h"

struct xlsx_out;

struct xlsx_column {
    const char *head;
    int width; /* in characters; 0 = from the head */
};

/* NULL when it failed. The name of the sheet is cut and cleaned as Excel wants it. */
struct xlsx_out *xlsx_create(struct ctx *, const char *path, const char *sheet);
/* First: bold, frozen, with column widths. */
void xlsx_head(struct xlsx_out *, const struct xlsx_column *columns, size_t n);
void xlsx_cell(struct xlsx_out *, struct value); /* the next cell of the row */
void xlsx_error(struct xlsx_out *, const char *text); /* the same, in red: what is wrong with this row */
void xlsx_end_row(struct xlsx_out *);
/* One more sheet, from its first row on; those before are finished. */
void xlsx_next_sheet(struct xlsx_out *, const char *sheet);
/* Puts the file in its place. False when it failed now or before: then there is no file. NULL is fine. */
bool xlsx_close(struct xlsx_out *);

#endif
