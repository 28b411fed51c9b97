/* Values of records on pages: one place that knows how each type of field looks, in lists, on sheets and in histories. */
#ifndef WEB_SHOW_H
#define WEB_SHOW_H

#include "request.h"

/* The address of a record: /u/CODE of a unit, /person/123 of others; with place and time. */
const char *record_href(struct request *, const struct kind *, int64_t id, const char *code);
/* The value of a field. `whole`: also what lists mask. */
void show_value(struct request *, const struct field *, const void *record, const struct labels *, bool whole);
/* The same in plain words, for a reader or an attribute; "" when empty. */
const char *value_words(struct request *, const struct field *, const void *record, const struct labels *, bool whole);
/* The name of a record, also where its title is a reference. */
const char *shown_title(struct request *, const struct kind *, const void *record, const struct labels *);
bool is_numeric(const struct field *); /* stands at the right */
bool is_shown(const struct field *);   /* may stand on a page at all */

/* "hồ sơ đảng viên": the word for one record within a sentence. */
const char *kind_noun(struct request *, const struct kind *);

/* Who can see a record of r->kind, and through which office. */
void show_who_sees(struct request *, const void *record);

/* What a kind adds to the generic pages; found by the kind itself, see looks.c. */
struct look {
    const struct kind *kind;
    /* For a page of rows, with one statement: what stands small under each title, in the order of the rows. */
    const char **(*under)(struct request *, void *const *rows, size_t n);
    bool faces; /* initials before the title */
    /* Further columns, computed. */
    size_t nextra;
    const struct look_column {
        struct words head;
        bool at_right;
        const char *(*value)(struct request *, const void *record);
    } *extra;
    const char *const *first; /* the order of columns in its list, by field; NULL-terminated; NULL = as declared */
    struct words unit;        /* what the unit where it counts is called; NULL = "Đơn vị" */
    bool unit_first;          /* and stands beside the title */
    void (*actions)(struct request *, int64_t id); /* further buttons of one record */
    /* Headings within its form and its sheet: each from a field on; NULL = none. */
    const struct look_group {
        struct words head;
        const char *from;
    } *groups;
    size_t ngroups;
};
const struct look *look_of(const struct kind *);
/* The heading that begins with this field, or NULL. */
const char *look_group_of(struct request *, const struct kind *, const struct field *);

#endif
