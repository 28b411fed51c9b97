/* One reader for the tables that people bring: .xlsx and CSV, row by row, in memory that does not grow with
 * the file. It yields cells, it does not know what they mean. What cannot be read is refused with the
 * reason and with what to do (fail(), sticky); never a crash, never a wrong table. */
#ifndef FMT_TABLE_IN_H
#define FMT_TABLE_IN_H

#include "encoding.h"

#include "base/ctx.h"
#include "base/value.h"

struct table_in;

struct table_options {
    enum encoding enc;    /* ENC_AUTO: guessed. For .xlsx: the old font that its text was typed in */
    char separator;       /* of CSV: , ; or TAB; 0 = found out */
    int sheet;            /* of .xlsx: 1 is the first; 0 = the first visible one */
    int64_t inflated_max; /* of .xlsx: bytes unpacked; 0 = 512 MiB and at most 100 times the packed size */
};

struct table_cell {
    size_t column; /* 0 is A */
    struct value v;
};

/* Valid until the next row. Cells without content are left out; those with an error (#N/A) are null. */
struct table_row {
    int64_t number; /* as Excel shows it, from 1 */
    int64_t line;   /* of a CSV: the line of the file on which the row begins; else the number */
    size_t n;
    const struct table_cell *cells; /* by column, ascending in every sound file */
};

enum { CELL_MAX = 1 << 20, CSV_COLUMNS_MAX = 4000, XLSX_COLUMNS_MAX = 16384, XLSX_ROWS_MAX = 1048576 };

/* NULL when it failed. Options may be NULL. Close it in any case before the context goes. */
struct table_in *table_open(struct ctx *, const char *path, const struct table_options *);
/* The bytes stay the caller's and must outlive the table. */
struct table_in *table_open_memory(struct ctx *, const void *bytes, size_t n, const struct table_options *);
/* The next row that has any content. False at the end and after a failure: ask failed(). */
bool table_next(struct table_in *, struct table_row *) MUST;
void table_close(struct table_in *); /* NULL is fine */

/* The cell of that column; null when there is none. */
struct value table_at(const struct table_row *, size_t column);
/* How far: done of total, in bytes of the file (of the unpacked sheet for .xlsx). done <= total. */
void table_progress(const struct table_in *, int64_t *done, int64_t *total);
/* Which encoding was taken, so that the user is told and can name another. */
struct encoding_guess table_encoding(const struct table_in *);
const char *table_sheet(const struct table_in *); /* the name of the sheet; "" for CSV */

enum { COLUMN_NAME = 8 };
const char *column_name(size_t column, char out[COLUMN_NAME]); /* A, B ... XFD */

#endif
