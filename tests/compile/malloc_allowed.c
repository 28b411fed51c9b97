/* A file that says ALLOW_MALLOC may hold memory beyond an arena; any other may not (banned.c). */
/* refused -DBAD: banned_function_(malloc|free) */
#if !BAD
#define ALLOW_MALLOC
#endif
#include "base/base.h"

void snippet(void);

void snippet(void)
{
    void *p = malloc(1);
    free(p);
}
