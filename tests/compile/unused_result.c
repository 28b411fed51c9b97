/* A reading whose success nobody asks about does not compile. */
/* refused -DBAD: unused.result */
#include "base/str.h"

int64_t snippet(const char *s);

int64_t snippet(const char *s)
{
    int64_t v = 0;
#if BAD
    int_parse(s, &v);
    return v;
#else
    return int_parse(s, &v) ? v : 0;
#endif
}
