/* An id of one kind is not taken for that of another, nor a bare number for any. */
/* refused -DBAD=1: (_Generic|generic|not compatible) */
/* refused -DBAD=2: (member|not a structure) */
/* refused -DBAD=3: (incompatible type|invalid|assign) */
/* refused -DBAD=4: (incompatible|initializ|pointer) */
#include "model/record.h"

struct person;
struct unit;
const void *snippet(struct ctx *c, person_id person, unit_id place, int64_t n);

const void *snippet(struct ctx *c, person_id person, unit_id place, int64_t n)
{
    const struct person *p = record_get(c, person, person);
#if BAD == 1
    p = record_get(c, person, place);
#elif BAD == 2
    p = record_get(c, person, n);
#elif BAD == 3
    person = place;
#elif BAD == 4
    p = record_get(c, unit, place);
#endif
    return n && place.v ? (const void *)p : (const void *)record_get(c, unit, place);
}
