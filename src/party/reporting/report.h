/* Reports that the program knows by heart: each is made for any unit and any period, as at the period's last day and with
 * the tree of that day. A report is a doc; every figure in it is counted through the actor's own rights. */
#ifndef PARTY_REPORTING_REPORT_H
#define PARTY_REPORTING_REPORT_H

#include "doc/doc.h"
#include "measure/period.h"
#include "party/verbs.h"

struct report {
    const char *name, *also; /* on the command line and in addresses; `also`: its Vietnamese name without diacritics */
    struct words label;
    void (*make)(struct ctx *, struct doc *, int64_t unit, const struct period *);
};

const struct report *report_find(const char *name);     /* NULL when there is none */
size_t report_all(const struct report **first);         /* they stand in a row: how many */
/* Title, unit as it was called on that day, period, who and when, then what the report says. One snapshot. NULL after
 * fail(): no such unit within the actor's rights, or figures that ought to agree and do not (ERR_BROKEN). */
struct doc *report_make(struct ctx *, const struct report *, int64_t unit, const struct period *);

/* --- figures that stand for themselves; inside a transaction ------------------------------------- */

/* One of several offices that a person holds on a day. */
struct post {
    int64_t person, unit;
    const char *person_code, *person_name, *office, *unit_name; /* office: its code */
    struct words office_label;
    day since; /* none = ever since */
    bool readable; /* the person's own record is the actor's to read, too */
};
/* Posts held together: the open offices of everybody who holds two or more, in the unit, below it, and in the areas that
 * these serve; a person's posts stand together. How many posts. */
size_t posts_together(struct ctx *, int64_t unit, day, struct post **out);

/* The open offices of many people on a day, or of those who hold them in many units (office NULL: all), within the actor's rights: one
 * statement whatever their number. */
size_t posts_of_people(struct ctx *, const int64_t *people, size_t n, day, struct post **out);
size_t posts_of_units(struct ctx *, const int64_t *units, size_t n, const char *office, day, struct post **out);

/* Residential areas served from the unit or below, and in how many of them the head is secretary of the cell too. */
int64_t areas_one_holder(struct ctx *, int64_t unit, day, int64_t *one);

struct unwatched {
    int64_t unit;
    const char *code, *name, *type; /* name and type as on the day; type: its code */
};
/* Party units below that nobody looks after on the day (kind duty, sort unit). `of`: of how many Party units. */
size_t duties_missing(struct ctx *, int64_t unit, day, struct unwatched **out, int64_t *of);

#endif
