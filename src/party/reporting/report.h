#ifndef PARTY_REPORTING_REPORT_H
#define PARTY_REPORTING_REPORT_H
#include "doc/doc.h"
#include "measure/period.h"
#include "model/list.h"
struct report {
    const char *name;
    struct words label;
    void (*make)(struct ctx *, struct doc *, int64_t unit, const struct period *);
};
const struct report *report_find(const char *name);
struct doc *report_make(struct ctx *, const struct report *, int64_t unit, const struct period *);
#endif
