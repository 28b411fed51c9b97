/* A day, a partial day and a moment are types of their own: none is taken for another, nor for a number. */
/* refused -DBAD=1: (incompatible type|passing) */
/* refused -DBAD=2: (incompatible type|passing) */
/* refused -DBAD=3: (incompatible type|invalid|initializing|assign) */
#include "base/day.h"

day snippet(day d, pday p, instant t);

day snippet(day d, pday p, instant t)
{
#if BAD == 1
    return day_add(p, 1);
#elif BAD == 2
    return day_add(20180805, 1);
#elif BAD == 3
    d = t;
#endif
    return p.v > 0 ? day_add(d, 1) : instant_day(t);
}
