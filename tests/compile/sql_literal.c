/* SQL text is a literal: a variable does not compile, nor does a composed piece. */
/* refused -DBAD=1: expected */
/* refused -DBAD=2: expected */
/* refused -DBAD=3: expected */
#include "db/db.h"

void snippet(struct ctx *c, struct sql *q, const char *text);

void snippet(struct ctx *c, struct sql *q, const char *text)
{
    struct rows *rows = db_query(c, "SELECT id FROM unit WHERE code = $1", V(text));
    rows_close(rows);
    db_run(c, "DELETE FROM unit WHERE id = $1", V((int64_t)7));
    sql_add(q, " AND x = ");
#if BAD == 1
    rows_close(db_query(c, text));
#elif BAD == 2
    db_run(c, text, V((int64_t)7));
#elif BAD == 3
    sql_add(q, text);
#endif
}
