/* See party/idempotency.h. */
#include "party/idempotency.h"

static int64_t oldest(const struct ctx *c)
{
    return c->now.v - INT64_C(3600000) * IDEMPOTENCY_HOURS;
}

bool idempotency_find(struct ctx *c, int64_t account, const char *key, struct kept_answer *out)
{
    struct rows *r = db_query(c, "SELECT status, answer, hash FROM idempotency WHERE shard = 0 AND account = $1 AND key = $2 AND at > $3", V(account), V(key), V(oldest(c)));
    bool found = rows_next(r);
    if (found)
        *out = (struct kept_answer){(int)rows_int(r, 0), arena_text(&c->arena, rows_text(r, 1)), arena_text(&c->arena, rows_text(r, 2))};
    rows_close(r);
    return found;
}

void idempotency_keep(struct ctx *c, int64_t account, const char *key, const struct kept_answer *a)
{
    db_run(c, "DELETE FROM idempotency WHERE shard = 0 AND account = $1 AND at <= $2", V(account), V(oldest(c)));
    db_run(c, "INSERT INTO idempotency (shard, account, key, hash, status, answer, at) VALUES (0, $1, $2, $3, $4, $5, $6)", V(account), V(key), V(a->hash), V(a->status), V(a->answer),
           V(c->now.v));
}
