/* What every file may use: the few macros of the house, and the ban list. No I/O, no records. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define MUST __attribute__((warn_unused_result))
#define PRINTF(format_at, args_at) __attribute__((format(printf, format_at, args_at)))
#define UNUSED __attribute__((unused))

/* Vietnamese and English together, so that neither can be forgotten. */
struct words {
    const char *vi, *en;
};

enum lang { LANG_VI, LANG_EN };

static inline const char *words_in(struct words w, enum lang lang)
{
    return lang == LANG_EN ? w.en : w.vi;
}

#include "banned.h"

#endif
