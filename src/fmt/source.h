/* Where the bytes of a table come from: a file or memory. Read forward, once, in pieces. */
#ifndef FMT_SOURCE_H
#define FMT_SOURCE_H

#include "base/base.h"

struct source {
    const char *path;       /* NULL for memory */
    FILE *file;
    const unsigned char *p; /* memory: the bytes */
    int64_t at, total;      /* bytes read, bytes there */
};

/* Up to n bytes; 0 at the end or when the disk cannot be read. */
size_t source_read(struct source *, void *to, size_t n);
void source_rewind(struct source *);
void source_close(struct source *);

#endif
