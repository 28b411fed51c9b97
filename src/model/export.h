/* Taking records out: see export.c. */
#ifndef MODEL_EXPORT_H
#define MODEL_EXPORT_H
#include "list.h"
enum export_format { EXPORT_CSV, EXPORT_XLSX, EXPORT_JSON };
/* Number of rows, -1 after fail(). To the file, or, when path is NULL, into `out`. */
int64_t export_records(struct ctx *, const struct filter *, enum export_format, const char *path, struct buf *out);
bool export_template(struct ctx *, const struct kind *, enum export_format, const char *path);
#endif
