/* What the columns of a table mean, from their heads. For import*.c only: finds the head row wherever it stands, and reads no data. */
#ifndef MODEL_IMPORT_COLUMNS_H
#define MODEL_IMPORT_COLUMNS_H

#include "import.h"

/* A row of the file that outlives the reader's next one. */
struct import_row {
    int64_t number;
    size_t n;
    const struct table_cell *cells;
};

enum means {
    MEANS_NOTHING,
    MEANS_NUMBERING, /* STT */
    MEANS_FIELD,
    MEANS_WORD,  /* an x says that `marks` is `word` */
    MEANS_FIRST, /* the first part of `field`, before MEANS_REST: family and middle names */
    MEANS_REST,
    MEANS_ID,
    MEANS_UNIT
};

struct column {
    size_t at;
    char name[COLUMN_NAME]; /* A, B ... */
    const char *head, *fold;
    enum means means;
    const struct field *field;
    const struct field *marks; /* an enumeration that the column's place sets, as for birth days under "Nam" and "Nữ" */
    const struct word *word;
};

struct columns {
    const struct kind *kind;
    struct column *v;
    size_t n;
    size_t first; /* of the rows given: where data begin */
    bool has_id;
};

enum { HEAD_WITHIN = 40 };

/* Among the rows before the first data: false after fail(), with the heads seen and what is missing. `learnt` maps are read from the
 * database; those of the options go before. */
bool columns_find(struct ctx *, const struct kind *, const struct import_row *rows, size_t n, const struct import_options *, struct columns *);
/* Keeps what the option `mapping` said, for the next import. */
void columns_learn(struct ctx *, const struct columns *, const struct import_options *);
const struct column *columns_of_field(const struct columns *, const char *field);
/* Whether a form and an import may give the field a value in a new record. */
bool field_importable(const struct field *);
/* The heads under which the two columns stand that are no fields. */
extern const struct words import_unit_label;

#endif
