/* A private folder for files on their way in or out: uploads until they are imported, tables until they are fetched. Names are
 * random, nobody else of the machine can read them, and what is a day old goes. */
#ifndef WEB_SPOOL_H
#define WEB_SPOOL_H

#include "db/db.h"

enum { SPOOL_NAME = 33 };

/* The folder of a store, made where it is not; NULL after fail(). Lives as long as the context's arena. */
const char *spool_open(struct ctx *, struct store *);
/* A new random name. */
void spool_name(char out[SPOOL_NAME]);
bool spool_name_right(const char *); /* it could be one */
/* "FOLDER/NAME.END" */
const char *spool_path(struct ctx *, const char *folder, const char *name, const char *end);
/* Takes over a file that lies elsewhere; a copy when it is another disk. False after fail(). */
bool spool_take(struct ctx *, const char *from, const char *to) MUST;
bool spool_write(struct ctx *, const char *path, const char *bytes, size_t n) MUST; /* whole or not at all */
const char *spool_read(struct ctx *, const char *path, size_t *n);                  /* NULL: there is none */
/* Removes all files of a name; or all that are older than a day. */
void spool_drop(struct ctx *, const char *folder, const char *name);
void spool_sweep(const char *folder, instant now);
/* The names of files with that end, in no order. */
size_t spool_names(const char *folder, const char *end, char (*out)[SPOOL_NAME], size_t most);

#endif
