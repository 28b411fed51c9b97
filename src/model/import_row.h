/* One row of a table into one record. For import*.c only; reads no file and ends no transaction. */
#ifndef MODEL_IMPORT_ROW_H
#define MODEL_IMPORT_ROW_H

#include "import_columns.h"

enum outcome {
    ROW_SAVED,
    ROW_UNCHANGED,
    ROW_REFUSED, /* nothing of it was written */
    ROW_WAITS,   /* it points at a record of its own kind that may come further down */
    ROW_BROKEN   /* refused after something was written: to be rolled back */
};

struct told {
    struct import_error error;
    struct told *next;
};

struct tried {
    struct import_row row;
    enum outcome outcome;
    struct told *told, **last;
};

struct refs; /* what was looked up; see import_row.c */
struct seen;

struct importing {
    struct ctx *c;
    const struct kind *kind;
    const struct import_options *options;
    struct columns columns;
    struct arena rows;      /* the rows at hand and what is said of them */
    int64_t unit;           /* of the option */
    bool may_restore;
    bool may_wait;
    struct refs *refs;     /* texts of references and words that were looked up */
    struct seen *saved_in; /* rows of the file by the record that they became */
};

void import_start(struct importing *);
void import_try(struct importing *, struct tried *);
/* What was written since is gone: forget what it was known by. */
void import_forget(struct importing *);
/* The error may be refined until the next one is told. */
struct import_error *import_tell(struct importing *, struct tried *, const struct column *, bool warning, const char *words);

#endif
