/* The filter of a list as it stands in the address, and back: the same words as filter_set() reads, so that every list can be
 * shared, exported and counted by its address. */
#ifndef WEB_FILTERS_H
#define WEB_FILTERS_H

#include "request.h"

#include "model/list.h"

/* Fills the filter from ?…; place and time too. Fails with what is wrong. */
bool filter_of_address(struct request *, struct filter *);
/* A name of the address that is no condition: place, page, columns, what was done. */
bool is_page_name(const char *name);
/* The name by which an address asks for a field's value: its own, or with ".is" behind it where that name means something else to
 * addresses ("sort" is the order of a list, "reason" why something is done). */
const char *address_name(struct ctx *, const struct field *);
/* The form with search, the most used conditions and all others. */
void filter_form(struct request *, const struct filter *);
/* How many there are of each value of the kind's most telling field, whatever value of it is asked for. */
enum { CHIPS_MOST = 6 };
struct filter_counts {
    const struct field *field; /* NULL: the kind has none */
    struct value_count of[CHIPS_MOST + 2];
    size_t n;
    int64_t total;             /* more than `most`: they are not counted */
    int64_t most;
};
struct filter_counts filter_counts(struct request *, const struct filter *);
/* How many the filter finds, as far as these counts tell; `most` + 1 for more than that, -1 when they do not. */
int64_t filter_counts_listed(const struct filter_counts *, const struct filter *, int64_t most);
/* Chips: of the counted values, and of what is set, each with the way to take it off. */
void filter_chips(struct request *, const struct filter *, const struct filter_counts *);
/* Hidden inputs of every condition, for forms that act on what is listed. */
void filter_hidden(struct request *);
/* The address of the list with these conditions, at `path`. */
const char *filter_address(struct request *, const char *path, ...) __attribute__((sentinel));

#endif
