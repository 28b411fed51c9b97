/* CSV: reading (RFC 4180 and what Excel makes of it, through libcsv) and writing. Cells are text or null; what
 * they mean is for others to say. What csv_cell() wrote, csv_next() reads back the same. */
#ifndef FMT_CSV_H
#define FMT_CSV_H

#include "source.h"
#include "table_in.h"

#include "base/buf.h"

struct csv_in;

/* Takes the source, from its beginning. NULL when it failed. */
struct csv_in *csv_open(struct ctx *, struct source *, const struct table_options *);
/* Cells live in the arena. */
bool csv_next(struct csv_in *, struct arena *, struct table_row *) MUST;
struct encoding_guess csv_encoding(const struct csv_in *);
void csv_close(struct csv_in *);

struct csv_out {
    struct buf *to;
    char separator; /* 0 = comma */
    bool bom;       /* Excel needs it to see UTF-8 */
    bool iso_days;  /* 2018-08-05 instead of 05/08/2018 */
    bool begun, mid_row;
};

/* Text that a spreadsheet would take for a formula (it begins with = + - @ TAB CR) gets a ' in front, unless
 * it is a plain number; reading takes the ' away again. */
void csv_cell(struct csv_out *, struct value);
void csv_end_row(struct csv_out *);

#endif
