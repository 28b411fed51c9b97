/* One writer for the tables that leave: CSV or .xlsx, to a file that appears under its name only when it is whole, or CSV into a
 * buffer. Constant memory. What table_out_cell() wrote, table_in reads back the same. */
#ifndef FMT_TABLE_OUT_H
#define FMT_TABLE_OUT_H

#include "xlsx_write.h"

#include "base/buf.h"

struct table_out;

/* CSV has a byte order mark, which Excel needs. NULL when it failed. */
struct table_out *table_create(struct ctx *, const char *path, bool xlsx, const char *sheet);
bool table_path_is_xlsx(const char *path);
struct table_out *table_to_buf(struct ctx *, struct buf *); /* CSV */
void table_out_head(struct table_out *, const struct xlsx_column *columns, size_t n);
void table_out_cell(struct table_out *, struct value);
void table_out_error(struct table_out *, const char *text); /* a cell in red, where the format has colours */
void table_out_end_row(struct table_out *);
void table_out_next_sheet(struct table_out *, const char *sheet); /* of .xlsx only */
/* Puts the file in its place. False when it failed now or before: then there is no file. NULL is fine. */
bool table_out_close(struct table_out *);

/* A file that appears only when it is whole, as the drain of a buffer. */
struct file_out;
struct file_out *file_create(struct ctx *, const char *path, struct buf *to);
bool file_close(struct file_out *);

#endif
