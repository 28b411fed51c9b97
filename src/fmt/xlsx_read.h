/* .xlsx, one sheet, row by row. Values as Excel last saw them: formulas are never computed. Pictures, charts, merges,
 * comments and everything else that is no cell is passed over. */
#ifndef FMT_XLSX_READ_H
#define FMT_XLSX_READ_H

#include "source.h"
#include "table_in.h"

struct xlsx_in;

struct xlsx_in *xlsx_open(struct ctx *, const struct source *, const struct table_options *);
bool xlsx_next(struct xlsx_in *, struct arena *, struct table_row *) MUST;
struct encoding_guess xlsx_encoding(const struct xlsx_in *);
const char *xlsx_sheet(const struct xlsx_in *);
void xlsx_progress(const struct xlsx_in *, int64_t *done, int64_t *total);
void xlsx_in_close(struct xlsx_in *);

#endif
