/* What waits for somebody, as sheets of the home page and the chapters' pages. */
#ifndef WEB_WAITS_H
#define WEB_WAITS_H

#include "party/reporting/waiting.h"
#include "request.h"

/* The first of one sort, at most so many; nothing when none waits. `count`: how many there are. */
void waits_sheet(struct request *, const struct waiting *all, size_t n, enum waiting_sort, int64_t count, size_t most);
/* Party units of the place that nobody looks after, where the actor may assign somebody; nothing when there are none, or too many units to ask. */
void nobody_looks_after(struct request *, size_t most);

/* "Chờ 12 ngày": how long somebody sent has not been received. */
void waiting_tag(struct request *, int days);

#endif
