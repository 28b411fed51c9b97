/* See party/idempotency.h. */
#include "party/idempotency.h"

static int64_t oldest(const struct ctx *c)
{
    return c->now.v - INT64_C(3600000) * IDEMPOTENCY_HOURS;
}

bool idempotency_claim(struct ctx *c, int64_t account, const char *key, const char *hash, struct kept_answer *was)
{
    db_run(c, "DELETE FROM idempotency WHERE shard = 0 AND account = $1 AND at <= $2", V(account), V(oldest(c)));
    if (db_run(c, "INSERT INTO idempotency (shard, account, key, hash, status, answer, at) VALUES (0, $1, $2, $3, 0, '', $4) ON CONFLICT (shard, account, key) DO NOTHING",
               V(account), V(key), V(hash), V(c->now.v)) == 1 || failed(c))
        return true;
    struct rows *r = db_query(c, "SELECT status, answer, hash FROM idempotency WHERE shard = 0 AND account = $1 AND key = $2", V(account), V(key));
    if (rows_next(r))
        *was = (struct kept_answer){(int)rows_int(r, 0), arena_text(&c->arena, rows_text(r, 1)), arena_text(&c->arena, rows_text(r, 2))};
    rows_close(r);
    return false;
}

void idempotency_keep(struct ctx *c, int64_t account, const char *key, int status, const char *answer)
{
    db_run(c, "UPDATE idempotency SET status = $3, answer = $4 WHERE shard = 0 AND account = $1 AND key = $2", V(account), V(key), V(status), V(answer));
}
