/* Shared by the two halves of csv.h only. */
#ifndef FMT_CSV_GUARD_H
#define FMT_CSV_GUARD_H

#include <stdbool.h>

bool csv_guarded(const char *s); /* any number of ' and then a character that begins a formula */

#endif
