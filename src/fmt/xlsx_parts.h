/* The parts of a workbook beside its sheet: shared strings, styles, and the way to the sheet. For xlsx_read.c only. */
#ifndef FMT_XLSX_PARTS_H
#define FMT_XLSX_PARTS_H

#include "encoding.h"
#include "zip_in.h"

#include "base/buf.h"

/* Excel holds 32,767 characters in a cell, at most three bytes each; a row of such cells is nobody's table. */
enum { XLSX_TEXT_MAX = 128 << 10, XLSX_ROW_MAX = 16 << 20 };

/* Some million short texts fit in little memory; beyond that they wait in an unlinked file. */
struct strings {
    uint32_t *end; /* of each text, in bytes from the first */
    size_t n, cap;
    uint32_t total;
    struct buf bytes; /* all of them, or what has not yet gone to the file */
    FILE *spill;
};

struct style {
    bool date;
    bool capitals;      /* a font of capitals */
    enum encoding font; /* ENC_AUTO: an ordinary font */
};

struct styles {
    struct style *of; /* by the s of a cell */
    size_t n;
};

struct workbook {
    char *name;          /* of the sheet */
    char *sheet, *strings, *styles; /* parts; NULL when there is none */
    bool since_1904;
};

void workbook_read(struct ctx *, struct zip_in *, int sheet, struct workbook *);
void styles_read(struct ctx *, struct zip_in *, const char *part, struct styles *);
void strings_read(struct ctx *, struct zip_in *, const char *part, struct strings *);
/* NULL when there is no such string or the file that holds it cannot be read. */
const char *strings_at(struct strings *, struct arena *, size_t i, size_t *n);
void strings_free(struct strings *);

#endif
