/* Bringing tables in: XLSX and CSV as offices keep them, whose columns are recognised by their heads. Every error of a file is
 * told by row and column in one pass; all or only the good rows are saved; the whole batch can be undone. */
#ifndef MODEL_IMPORT_H
#define MODEL_IMPORT_H

#include "fmt/table_in.h"
#include "record.h"

struct import_result;

struct import_options {
    struct table_options table;
    bool dry_run;         /* read, check, tell, and save nothing */
    bool good_rows;       /* save the good rows, leave out the bad; else all or nothing */
    bool keep_duplicates; /* save rows that look like records that are there */
    const char *name;     /* what the file is called, when its path says it otherwise; NULL = as the path ends */
    const char *unit;     /* code of the unit for rows that name none */
    const char *mapping;  /* "Cột 1=field;Cột 2=field": what the heads do not say */
    const char *errors_to; /* file for the refused rows, with a column "Lỗi"; NULL = none */
    void (*progress)(void *to, int64_t done, int64_t total);
    void *progress_to;
    void (*note)(struct ctx *, const struct import_result *, const char *file, const struct kind *, const char *hash); /* keeps that it was done */
};

struct import_error {
    int64_t row;
    const char *column; /* "C"; NULL = the row as a whole */
    const char *head;
    const char *text;
    bool warning;
    bool duplicate; /* it may be the same as another: that row of the file, or that record; 0 = neither */
    int64_t twin, other;
};

struct import_result {
    int64_t batch;
    int64_t read, saved, unchanged, bad, warned;
    struct import_error *errors; /* the first ones; `bad` counts all */
    size_t nerrors;
    const char *encoding;        /* in words, when it was guessed */
    const char *mapping;         /* what was recognised: "Họ và tên → name; ..." */
    const char *ignored;         /* heads that mean no field */
    bool committed;
};

/* True when what was asked is done: saved, or checked by a dry run. Else see failed(), or the errors of the rows: nothing was saved.
 *
 * Rows with an id, or with the code of a record that is there, change that record, in the columns that the file has; by code alone
 * a blank cell leaves what is there. Other rows are new. A row whose id is not there is put back as it was, with the values that the
 * program fills itself and without consequences: so that an export of all kinds, in their order, comes back whole. That, and
 * kinds that the program writes itself, is for administrators. */
bool import_file(struct ctx *, const struct kind *, const char *path, const struct import_options *, struct import_result *);

/* What a file holds before anything of it is checked: its heads, what each was taken for, and the first rows below. */
struct import_head {
    const char *column; /* "C" */
    const char *head;   /* "" = none */
    const char *to;     /* a field's name, IMPORT_ID, IMPORT_UNIT; "" = not read */
    const char *as;     /* what it is read as when that is more than one field's value: the first part of a name, a mark for a word; else NULL */
    bool numbering;     /* 1, 2, 3 ... */
};
enum { LOOK_ROWS = 5 };
struct import_look {
    struct import_head *heads;
    size_t n;
    const char **samples[LOOK_ROWS]; /* of each row as many texts as there are heads */
    size_t nsamples;
    const char *missing;  /* why it cannot be imported as the columns stand, in words; NULL = it can */
    const char *sheet, *encoding;
};
#define IMPORT_ID "id"
#define IMPORT_UNIT "kept by unit"
/* Inside a transaction. False after fail(): the file cannot be read at all. */
bool import_look(struct ctx *, const struct kind *, const char *path, const struct import_options *, struct import_look *);
/* The fields that a column may be said to be, in their order. */
size_t import_fields(struct ctx *, const struct kind *, const struct field ***out);

#endif
