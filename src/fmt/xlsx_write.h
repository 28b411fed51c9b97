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
/* For sheets that are laid out for people. `widths` in characters, before the first row. */
void xlsx_widths(struct xlsx_out *, const int *widths, size_t n);
struct xlsx_look {
    enum { XLSX_AS_TEXT, XLSX_TITLE, XLSX_HEADING, XLSX_COLUMN_HEAD, XLSX_REMARK, XLSX_WHOLE, XLSX_PERCENT } is; /* WHOLE: a number with its thousands apart */
    int decimals;  /* of WHOLE and PERCENT, 0 to 6. A percent is stored as Excel does: 0.873 shown as 87.3 % */
    bool strong;
};
void xlsx_put(struct xlsx_out *, struct value, struct xlsx_look);
/* Words over the next n columns, as their head. */
void xlsx_span(struct xlsx_out *, const char *text, size_t n);
/* One more sheet, from its first row on; those before are finished. */
void xlsx_next_sheet(struct xlsx_out *, const char *sheet);
/* Puts the file in its place. False when it failed now or before: then there is no file. NULL is fine. */
bool xlsx_close(struct xlsx_out *);

#endif
