/* Finds embedded files; see embedded.h. The table comes from tools/embed.sh, sorted by name. */
#include "base/embedded.h"

extern const struct embedded embedded_table[];
extern const size_t embedded_count;

/* The first file whose name is not before `name`. */
static size_t lower_bound(const char *name)
{
    size_t low = 0, high = embedded_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(embedded_table[mid].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

const struct embedded *embedded_find(const char *name)
{
    size_t at = lower_bound(name);
    return at < embedded_count && strcmp(embedded_table[at].name, name) == 0 ? &embedded_table[at] : NULL;
}

size_t embedded_list(const char *prefix, const struct embedded **first)
{
    size_t at = lower_bound(prefix), n = 0, length = strlen(prefix);
    while (at + n < embedded_count && strncmp(embedded_table[at + n].name, prefix, length) == 0)
        n++;
    if (n > 0)
        *first = &embedded_table[at];
    return n;
}
