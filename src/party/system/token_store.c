/* Tokens with which programs sign in: made once, shown once, stored as a hash; each has a name, scopes, and a day on which it ends.
 * A token never gives more than its account has, and less where its scopes are narrower. It never becomes a session. */
#include "party/sign_in.h"
#include "party/verbs.h"

#include "base/str.h"

enum { MINUTE = 60 * 1000 };
static const int64_t DAY_MS = INT64_C(24) * 60 * MINUTE;

static const struct {
    enum scope scope;
    const char *word;
    unsigned acts;
} scopes_known[] = {{SCOPE_READ, "read", ACT_READ},
                    {SCOPE_WRITE, "write", ACT_READ | ACT_ADD | ACT_CHANGE | ACT_REMOVE | ACT_DECIDE},
                    {SCOPE_IMPORT, "import", ACT_READ | ACT_ADD | ACT_CHANGE},
                    {SCOPE_EXPORT, "export", ACT_READ | ACT_EXPORT}};

unsigned scopes_parse(const char *words)
{
    unsigned scopes = 0;
    for (const char *s = words; s && *s;) {
        size_t n = strcspn(s, ", "), i = 0;
        while (i < N(scopes_known) && (strlen(scopes_known[i].word) != n || strncmp(scopes_known[i].word, s, n) != 0))
            i++;
        if (n && i == N(scopes_known))
            return 0;
        if (n)
            scopes |= scopes_known[i].scope;
        s += n + strspn(s + n, ", ");
    }
    return scopes;
}

const char *scopes_text(struct ctx *c, unsigned scopes)
{
    struct buf b = {0};
    for (size_t i = 0; i < N(scopes_known); i++)
        if (scopes & scopes_known[i].scope)
            buf_printf(&b, "%s%s", b.n ? "," : "", scopes_known[i].word);
    return b.n ? buf_take(&b, &c->arena) : "";
}

unsigned scopes_acts(unsigned scopes)
{
    unsigned acts = 0;
    for (size_t i = 0; i < N(scopes_known); i++)
        acts |= scopes & scopes_known[i].scope ? scopes_known[i].acts : 0;
    return acts;
}

const char *token_make(struct ctx *c, int64_t account, const char *name, unsigned scopes, int days, struct problems *p)
{
    char token[TOKEN_TEXT], hash[HASH_HEX];
    const char *clean = str_clean(&c->arena, name ? name : "", name ? strlen(name) : 0);
    if (!clean || strlen(clean) < 2 || strlen(clean) > 200)
        problem(p, "name", "Đặt tên cho mã truy cập, ví dụ “Máy chủ báo cáo”.", "Give the token a name, such as “Report server”.");
    if (!scopes)
        problem(p, "scopes", "Phạm vi gồm: read, write, import, export.", "Scopes are: read, write, import, export.");
    if (days < 1 || days > TOKEN_DAYS_MOST)
        problem(p, "days", "Thời hạn từ 1 đến %d ngày.", "It lasts from 1 to %d days.", TOKEN_DAYS_MOST);
    if (db_one_int(c, "SELECT count(*) FROM api_token WHERE shard = 0 AND account = $1 AND ended = 0 AND expires > $2", V(account), V(c->now.v)) >= TOKENS_MOST)
        problem(p, "name", "Tài khoản đã có %d mã truy cập còn hiệu lực: kết thúc bớt mã không dùng.", "The account has %d tokens that still hold: end those not in use.", TOKENS_MOST);
    if (p->n || failed(c))
        return NULL;
    token_random(token);
    hash_text(token, hash);
    int64_t id = record_new_id(c);
    db_run(c, "INSERT INTO api_token (shard, hash, id, account, name, scopes, created, expires, used, ended) VALUES (0, $1, $2, $3, $4, $5, $6, $7, 0, 0)",
           V((const char *)hash), V(id), V(account), V(clean), V(scopes_text(c, scopes)), V(c->now.v), V(c->now.v + days * DAY_MS));
    account_note(c, account, "token_made", arena_printf(&c->arena, "%s (%s)", clean, scopes_text(c, scopes)));
    return failed(c) ? NULL : arena_text(&c->arena, token);
}

#define TOKEN_COLUMNS                                                                                                                    \
    "SELECT t.id, t.account, a.person, a.login, a.name, t.name, t.scopes, t.created, t.expires, t.used, t.ended FROM api_token t "       \
    "JOIN account a ON a.shard = 0 AND a.id = t.account WHERE t.shard = 0 AND "

static void read_row(struct ctx *c, struct rows *r, struct token *t)
{
    *t = (struct token){.id = rows_int(r, 0), .account = rows_int(r, 1), .person = rows_int(r, 2), .login = arena_text(&c->arena, rows_text(r, 3)),
                        .account_name = arena_text(&c->arena, rows_text(r, 4)), .name = arena_text(&c->arena, rows_text(r, 5)), .scopes = scopes_parse(rows_text(r, 6)),
                        .created = {rows_int(r, 7)}, .expires = {rows_int(r, 8)}, .used = {rows_int(r, 9)}, .ended = {rows_int(r, 10)}};
}

bool token_find(struct ctx *c, const char *token, struct token *out)
{
    char hash[HASH_HEX];
    if (!token_lawful(token))
        return false;
    hash_text(token, hash);
    struct rows *r = db_query(c, TOKEN_COLUMNS "t.hash = $1 AND t.ended = 0 AND t.expires > $2 AND a.removed_at = 0 AND a.locked = 0", V((const char *)hash), V(c->now.v));
    bool found = rows_next(r);
    if (found)
        read_row(c, r, out);
    rows_close(r);
    return found && !failed(c);
}

bool token_end(struct ctx *c, int64_t account, int64_t id)
{
    const char *name = NULL;
    struct rows *r = db_query(c, "SELECT account, name FROM api_token WHERE shard = 0 AND id = $1 AND ended = 0 AND ($2 = 0 OR account = $2)", V(id), V(account));
    if (rows_next(r)) {
        account = rows_int(r, 0);
        name = arena_text(&c->arena, rows_text(r, 1));
    }
    rows_close(r);
    if (!name || db_run(c, "UPDATE api_token SET ended = $2 WHERE shard = 0 AND id = $1 AND ended = 0", V(id), V(c->now.v)) != 1)
        return false;
    account_note(c, account, "token_ended", name);
    return !failed(c);
}

size_t token_list(struct ctx *c, int64_t account, struct token **out)
{
    int64_t room = db_one_int(c, "SELECT count(*) FROM api_token WHERE shard = 0 AND ($1 = 0 OR account = $1)", V(account));
    struct token *list = NEW_N(&c->arena, struct token, room + 1);
    size_t n = 0;
    struct rows *r = db_query(c, TOKEN_COLUMNS "($1 = 0 OR t.account = $1) ORDER BY t.ended, t.created DESC, t.id", V(account));
    while ((int64_t)n < room && rows_next(r))
        read_row(c, r, &list[n++]);
    rows_close(r);
    *out = list;
    return n;
}

void token_used(struct ctx *c, int64_t id, instant at)
{
    db_run(c, "UPDATE api_token SET used = $2 WHERE shard = 0 AND id = $1 AND used < $2", V(id), V(at.v));
}

struct actor *actor_of_token(struct ctx *c, const struct token *t)
{
    struct actor *a = NEW(&c->arena, struct actor);
    *a = (struct actor){.account = t->account, .person = t->person, .login = arena_text(&c->arena, t->login), .token = t->id, .only = scopes_acts(t->scopes),
                        .refresh = access_refresh};
    return a;
}
