/* What the pages of an import share. */
#ifndef WEB_P_IMPORT_H
#define WEB_P_IMPORT_H

#include "journey.h"

/* Whether the actor may bring records of this kind in. In a transaction. */
bool kind_importable(struct request *, const struct kind *);
/* How many of everything an import read and found. */
void import_figures(struct request *, const struct journey *);
/* The trail: "Nhập từ Excel › Đảng viên". */
#define IMPORT_CRUMBS(r, j) {{T(r, "Nhập từ Excel", "Import from Excel"), url(r, "/import", NULL)}, {in_words((r)->c, (j)->kind->plural), NULL}}
/* Begins a job of the journey and goes to its page, or at once to `result` when it ends soon. */
void import_job(struct request *, const struct journey *, bool save, bool good_rows, bool keep_duplicates);

#endif
