/* Taking records out: any number in constant memory, so that an import of the file brings them back the same. The columns are the id, the
 * unit that keeps the record, and every stored field but secrets; heads and words stand in the reader's language, references as codes.
 * Also the blank tables to be filled in. */
#ifndef MODEL_EXPORT_H
#define MODEL_EXPORT_H

#include "list.h"

enum export_format { EXPORT_CSV, EXPORT_XLSX, EXPORT_JSON };

/* Who took it out, when and why: a second sheet of .xlsx, which an import does not read. The other formats have no room for it. */
struct export_mark {
    const char *label, *value;
};

struct export_options {
    enum export_format format;
    const char *path;   /* the file appears when it is whole; NULL: into `to`, which CSV and JSON can */
    struct buf *to;     /* with a drain, for memory that does not grow */
    const char *reason; /* noted in the audit */
    const struct export_mark *marks;
    size_t nmarks;
    void (*progress)(void *to, int64_t done, int64_t total); /* NULL = nobody asks; what it fails ends the export */
    void *progress_to;
};

/* "csv", "xlsx", "json". */
bool export_format_parse(const char *word, enum export_format *out) MUST;
/* What the filter finds and the actor may take out (ACT_EXPORT), in the order in which it was made unless the filter sorts or searches.
 * Without all_times: what lasts on the filter's day. Number of records, -1 after a failure. Not inside a transaction; the audit
 * notes the export of a sensitive kind before the first record leaves, where the store can be written. */
int64_t export_records(struct ctx *, const struct filter *, const struct export_options *);
/* A blank table of the fields that an import takes; as .xlsx with a second sheet that explains them. */
bool export_template(struct ctx *, const struct kind *, enum export_format, const char *path);

#endif
