/* By which way a list comes by its rows: from the units, the records or the index of words, whichever reads the fewest. It changes how long
 * a statement takes and never what it finds. Only for list.c. */
#ifndef MODEL_WAY_H
#define MODEL_WAY_H

#include "list.h"

enum way_by {
    BY_PLAN,  /* the engine decides */
    BY_UNITS, /* from the units below, which are few, to what each holds */
    BY_ORDER, /* from the records, in the order of the list until the page is full or by what they refer to, looking at each whether it is meant */
    BY_WORDS  /* from those that the index of words knows, which are few */
};

struct way {
    enum way_by by;
    const char *fold;  /* what is searched; NULL = nothing */
    const char *words; /* what the index of words is asked for, or what it found; NULL = it is not */
    bool found;
    int64_t *parts;    /* where it may be found */
    size_t nparts;
    bool stays_few;    /* who stayed there is looked up, else each record is asked where it stayed */
};

struct way way_of(struct ctx *, const struct filter *, bool page);
/* The first of what the index of words finds by way.words, remembered: the list of a page, its count and its chips ask for the same. */
struct db_hits way_first(struct ctx *, const struct filter *, const struct way *, int64_t most);
/* Up to how many hits it pays to fetch and sort them all. */
int64_t way_hits_few(const struct way *);

/* Whether a day asks who stayed there then: of what has no days of its own, where a record stands today says nothing about it. */
bool way_by_stays(const struct filter *);
/* Whether it asks for the records of a unit and of all below it. */
bool way_below_unit(const struct filter *);
/* Whether the order is that of titles. */
bool way_by_title(const struct filter *);
/* "ua.above = $ AND ...": the units below the filter's, on its day. */
void way_where_below(struct sql *, const struct filter *);

#endif
