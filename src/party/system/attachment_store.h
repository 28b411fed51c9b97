/* The bytes of attached files: what a file is, is read from what is in it, and only kinds that an office needs are taken. The bytes
 * stand in pieces beside the record, so that backup, restore and both engines treat them like everything else. */
#ifndef PARTY_ATTACHMENT_STORE_H
#define PARTY_ATTACHMENT_STORE_H

#include "model/record.h"

enum { ATTACHMENT_LARGEST = 20 << 20 };

struct to_attach {
    const char *path;       /* where the file stands */
    const char *name;       /* what it is called */
    const char *code, *note; /* NULL = none */
    int64_t unit;
    int64_t id;             /* 0 = a new one */
};

/* The media type of a file; NULL when it is none that is taken. */
const char *attachment_media(struct ctx *, const char *path, const unsigned char *bytes, size_t n);
/* Makes the record and keeps the bytes. In a transaction that writes; NULL with the refusals, or after a failure. */
struct row *attachment_put(struct ctx *, const struct to_attach *, struct problems *);
/* Whether the pieces add up to the hash; written to a file too, unless that is NULL. */
bool attachment_read(struct ctx *, int64_t shard, int64_t id, FILE *to);
/* What it is called on the disk of whoever takes it out: its name, with the ending of what it is. */
const char *attachment_file_name(struct ctx *, const void *record);

#endif
