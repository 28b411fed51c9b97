/* Files that live as long as one answer. */
#ifndef BASE_TEMP_H
#define BASE_TEMP_H

#include "base/arena.h"

/* TMPDIR, or where the system keeps such files. */
const char *temp_folder(void);

/* An empty file that this account alone may open; its path in `a`, "dangbo-<what>-" and six letters. The descriptor, not
 * inherited by a child; -1 and errno when it could not be made. */
int temp_file(struct arena *a, const char *what, char **path);

#endif
