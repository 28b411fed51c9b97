/* Files that stand inside the binary: rules, templates, assets, the demo. Their names are those of the
 * source tree ("rules/offices.json"); their bytes are followed by a NUL that is not counted, so that a text
 * can be read as a string. */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include "base.h"

struct embedded {
    const char *name;
    const unsigned char *data;
    size_t size;
};

const struct embedded *embedded_find(const char *name); /* NULL when there is none */
/* The files whose name begins with `prefix` stand in a row, in bytewise order of their names: their number,
 * and the first through `first` (untouched when there is none). */
size_t embedded_list(const char *prefix, const struct embedded **first);

#endif
