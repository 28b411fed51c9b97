/* Reading the audit, latest first, page by page. It tells who did what when, never the values before and after: those
 * are shown with the record, to those who may read it. Whether the actor may look is the caller's to check. */
#ifndef MODEL_AUDIT_LIST_H
#define MODEL_AUDIT_LIST_H

#include "audit.h"

struct audit_filter {
    int64_t shard;                  /* one chain at a time: its key is the order */
    const char *actor, *act, *kind; /* NULL or "" = any */
    int64_t record;                 /* 0 = any */
    day from, to;                   /* none = open */
    int64_t before;                 /* seq: entries older than this one; 0 = the latest */
    int64_t limit;
};

struct audit_line {
    int64_t seq, record;
    instant at;
    const char *actor, *act, *kind, *note;
};

/* Inside a transaction. `more`: there are older ones. */
size_t audit_list(struct ctx *, const struct audit_filter *, struct audit_line **out, bool *more);

struct audit_head {
    int64_t shard, seq;
    const char *hash;
};
size_t audit_heads(struct ctx *, struct audit_head **out);

#endif
