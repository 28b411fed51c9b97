/* Sessions as they are kept: a row each, found by the hash of its token. An ended session has no row; that it was begun and ended
 * stands in the audit. Says nothing of cookies and of what a server remembers. */
#include "party/sign_in.h"
#include "party/verbs.h"

static void copy_text(char *out, size_t room, const char *s)
{
    size_t n = s ? strlen(s) : 0;
    n = n < room ? n : room - 1;
    while (n && s[n] && ((unsigned char)s[n] & 0xC0) == 0x80) /* not in the middle of a letter */
        n--;
    memcpy(out, s ? s : "", n);
    out[n] = '\0';
}

void session_store_add(struct ctx *c, const char *hash, struct session *s)
{
    s->id = record_new_id(c);
    db_run(c, "INSERT INTO session (shard, hash, id, account, created, seen, fresh, strength, address, agent) VALUES (0, $1, $2, $3, $4, $5, $6, $7, $8, $9)", V(hash),
           V(s->id), V(s->account), V(s->created.v), V(s->seen.v), V(s->fresh.v), V((const char *)s->strength), V((const char *)s->address), V((const char *)s->agent));
}

#define SESSION_COLUMNS                                                                                                                  \
    "SELECT s.id, s.account, a.person, s.created, s.seen, s.fresh, s.strength, s.address, s.agent, a.login, a.name, a.must_change "      \
    "FROM session s JOIN account a ON a.shard = 0 AND a.id = s.account WHERE s.shard = 0 AND a.removed_at = 0 AND a.locked = 0 AND "

static void read_row(struct rows *r, struct session *s)
{
    *s = (struct session){.id = rows_int(r, 0), .account = rows_int(r, 1), .person = rows_int(r, 2), .created = {rows_int(r, 3)}, .seen = {rows_int(r, 4)},
                          .fresh = {rows_int(r, 5)}, .must_change = rows_int(r, 11) != 0};
    copy_text(s->strength, sizeof s->strength, rows_text(r, 6));
    copy_text(s->address, sizeof s->address, rows_text(r, 7));
    copy_text(s->agent, sizeof s->agent, rows_text(r, 8));
    copy_text(s->login, sizeof s->login, rows_text(r, 9));
    copy_text(s->name, sizeof s->name, rows_text(r, 10));
}

/* Whether the account administers the installation today. */
static bool administers(struct ctx *c, const struct session *s)
{
    const struct actor *asking = c->actor;
    struct actor a = {.account = s->account, .person = s->person, .login = s->login};
    access_refresh(c, &a);
    c->actor = &a;
    bool yes = scope_any(c, &account_kind, ACT_ADMIN);
    c->actor = asking;
    return yes;
}

bool session_store_find(struct ctx *c, const char *hash, struct session *out)
{
    struct rows *r = db_query(c, SESSION_COLUMNS "s.hash = $1", V(hash));
    bool found = rows_next(r);
    if (found)
        read_row(r, out);
    rows_close(r);
    if (found)
        out->administrator = administers(c, out);
    return found && !failed(c);
}

void session_store_seen(struct ctx *c, const char *hash, instant seen)
{
    db_run(c, "UPDATE session SET seen = $2 WHERE shard = 0 AND hash = $1 AND seen < $2", V(hash), V(seen.v));
}

void session_store_fresh(struct ctx *c, int64_t id, instant at)
{
    db_run(c, "UPDATE session SET fresh = $2 WHERE shard = 0 AND id = $1", V(id), V(at.v));
}

int64_t session_store_end(struct ctx *c, int64_t account, int64_t id)
{
    return db_run(c, "DELETE FROM session WHERE shard = 0 AND id = $1 AND account = $2", V(id), V(account));
}

int64_t session_store_end_all(struct ctx *c, int64_t account, int64_t except)
{
    return db_run(c, "DELETE FROM session WHERE shard = 0 AND account = $1 AND id <> $2", V(account), V(except));
}

size_t session_store_list(struct ctx *c, int64_t account, struct session **out)
{
    int64_t room = db_one_int(c, "SELECT count(*) FROM session WHERE shard = 0 AND account = $1", V(account));
    struct session *list = NEW_N(&c->arena, struct session, room + 1);
    size_t n = 0;
    struct rows *r = db_query(c, SESSION_COLUMNS "s.account = $1 ORDER BY s.seen DESC, s.id", V(account));
    while ((int64_t)n < room && rows_next(r))
        read_row(r, &list[n++]);
    rows_close(r);
    *out = list;
    return n;
}

void session_store_expire(struct ctx *c, instant seen_before, instant created_before)
{
    db_run(c, "DELETE FROM session WHERE shard = 0 AND (seen < $1 OR created < $2)", V(seen_before.v), V(created_before.v));
}

struct actor *actor_of_session(struct ctx *c, const struct session *s)
{
    struct actor *a = NEW(&c->arena, struct actor);
    *a = (struct actor){.account = s->account, .person = s->person, .login = arena_text(&c->arena, s->login), .session = s->id, .refresh = access_refresh};
    return a;
}
