/* See temp.h. */
#include "base/temp.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

const char *temp_folder(void)
{
    const char *s = getenv("TMPDIR");
    return s && *s ? s : P_tmpdir;
}

int temp_file(struct arena *a, const char *what, char **path)
{
    *path = arena_printf(a, "%s/dangbo-%s-XXXXXX", temp_folder(), what);
    return mkostemp(*path, O_CLOEXEC);
}
