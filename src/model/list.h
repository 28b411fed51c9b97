/* Lists of records: which ones (filter), in which order, how many at a time. The same filter serves lists, counts,
 * exports and reports, and the same access predicate goes into each. */
#ifndef MODEL_LIST_H
#define MODEL_LIST_H

#include "record.h"

enum op { OP_IS, OP_FROM, OP_TO, OP_HAS, OP_NONE };

struct condition {
    const struct field *field;
    enum op op;
    struct value value; /* as stored */
};

enum { TERMS = 16, PAGE = 50, PAGE_MOST = 10000 };

struct filter {
    const struct kind *kind;
    int64_t unit;      /* records of this unit and all below it on `at`; 0 = wherever the actor may look */
    bool alone;        /* only the unit itself */
    bool removed;      /* those that were taken off the list, instead of those on it; not searched by words */
    day at;            /* what lasted, and who stayed there, on that day; none = today */
    bool all_times;    /* also what has ended or not begun */
    day from, to;      /* events within; none = open */
    const char *search;
    struct condition terms[TERMS];
    size_t nterms;
    const int64_t *ids; /* only these records, as far as the rest holds for them; `nids` 0 = all */
    size_t nids;
    const struct field *sort; /* NULL: by title where it is searched, else by id */
    bool by_id;        /* in the order in which records were made */
    unsigned act;      /* what the actor must be allowed to do with them; 0 = ACT_READ */
    bool descending;
    int64_t limit;     /* 0 = PAGE */
    const char *after; /* where the last page ended: list.next */
};

/* Reads "field=value", "field.is=", "field.from=", "field.to=", "field.has=", "q=", "unit=", "at=", "sort=", "limit=", "after=", "all=1" as they stand
 * in a URL (already decoded) or after --filter. Fails with what is wrong and what is possible. */
bool filter_set(struct ctx *, struct filter *, const char *name, const char *value);
/* The name by which filter_set() is asked for the field's value: its own, or "sort.is" for a field called like one of the filter's words. */
const char *filter_name(struct ctx *, const struct field *);

struct list {
    const struct kind *kind;
    void **rows;
    size_t n;
    const char *next; /* NULL: no more */
};

/* One page. Inside a transaction. */
struct list record_list(struct ctx *, const struct filter *);
int64_t record_count(struct ctx *, const struct filter *);
int64_t record_count_to(struct ctx *, const struct filter *, int64_t most); /* no further than that: `most` + 1 says that there are more */
/* How many of what the filter finds have each value of a field: up to `room` of them, the most first. Terms on the field itself do not
 * count. None when there are more than `most` records: it would take long. The sum of all is in *total. */
struct value_count {
    struct value value; /* as stored; null = none */
    int64_t n;
};
size_t record_count_by(struct ctx *, const struct filter *, const struct field *, int64_t most, struct value_count *, size_t room, int64_t *total);

/* Any number of records, one at a time; each lives until the next call. Inside a transaction. */
struct stream;
struct stream *record_stream(struct ctx *, const struct filter *);
void *stream_next(struct stream *); /* NULL at the end */
/* The same, up to n at a time, which live until the next call; 0 at the end. */
size_t stream_some(struct stream *, void **rows, size_t n);
void stream_end(struct stream *); /* before the end was reached */

/* Code and name of what references point at, for many rows with one statement a kind of target. */
struct label {
    const char *code, *title;
};
struct labels;
struct labels *labels_of(struct ctx *, const struct kind *, void *const *rows, size_t n);
struct label label_of(const struct labels *, const struct kind *to, int64_t id); /* empty when unknown */
struct label label_unit(const struct labels *, int64_t unit);
/* What names a record, also where its title is a reference: then the name of what it points at. */
const char *labelled_title(struct ctx *, const struct labels *, const struct kind *, const void *record);

#endif
