/* The arguments of a message fit both of its languages. */
/* refused -DBAD=1: format */
/* refused -DBAD=2: format */
/* refused -DBAD=3: format */
/* refused -DBAD=4: format */
/* refused -DBAD=5: format */
/* refused -DBAD=6: (too few arguments|expected at least|few arguments) */
#include "base/ctx.h"

const char *snippet(struct ctx *c, const char *name, int n);

const char *snippet(struct ctx *c, const char *name, int n)
{
    fail(c, ERR_BAD_INPUT, "Dòng %d: sai tên %s", "Line %d: wrong name %s", n, name);
#if BAD == 1
    return say(c, "%d chi bộ", "%d cells", name);
#elif BAD == 2
    return say(c, "%s chi bộ", "%d cells", name);
#elif BAD == 3
    return say(c, "%d chi bộ", "%s cells", name);
#elif BAD == 4
    fail(c, ERR_BAD_INPUT, "%s", "%d", name);
#elif BAD == 5
    return say(c, name, name);
#elif BAD == 6
    return say(c, "chi bộ");
#endif
    return say(c, "%s có %d chi bộ", "%s has %d cells", name, n);
}
