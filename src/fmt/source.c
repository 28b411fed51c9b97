/* Bytes of a file or of memory; see source.h. */
#include "source.h"

size_t source_read(struct source *s, void *to, size_t n)
{
    size_t got;
    if (s->file) {
        got = fread(to, 1, n, s->file);
    } else {
        int64_t left = s->total - s->at;
        got = (uint64_t)left < n ? (size_t)left : n;
        if (got)
            memcpy(to, s->p + s->at, got);
    }
    s->at += (int64_t)got;
    return got;
}

void source_rewind(struct source *s)
{
    if (s->file)
        rewind(s->file);
    s->at = 0;
}

void source_close(struct source *s)
{
    if (s->file)
        fclose(s->file);
    s->file = NULL;
}
