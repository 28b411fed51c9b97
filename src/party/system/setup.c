/* The first administrator, and the keys that the installation keeps for itself. No account exists by default: whoever runs the machine gets a
 * token that works once and for an hour, and only while nobody administers the installation. */
#include "party/sign_in.h"
#include "party/verbs.h"

#include "base/str.h"

static const int64_t SETUP_MS = INT64_C(1000) * 60 * SETUP_MINUTES;
static const char ROLE[] = "technical_admin";

/* Whether a role of rules/right.json administers accounts. */
static bool administers(struct ctx *c, const char *role)
{
    const void *parts[32];
    size_t n = rule_list(rule_item(c, "right", role, c->today), "rights", parts, N(parts));
    for (size_t i = 0; i < n; i++) {
        const char *kinds_of[32], *acts[16];
        size_t nk = rule_element_words(parts[i], "kinds", kinds_of, N(kinds_of)), na = rule_element_words(parts[i], "acts", acts, N(acts));
        bool accounts = false, admin = false;
        for (size_t j = 0; j < nk; j++)
            accounts |= str_same(kinds_of[j], account_kind.name);
        for (size_t j = 0; j < na; j++)
            admin |= act_from_word(acts[j]) == ACT_ADMIN;
        if (accounts && admin)
            return true;
    }
    return false;
}

bool setup_needed(struct ctx *c)
{
    bool found = false;
    struct rows *r = db_query(c,
                              "SELECT DISTINCT g.role FROM \"grant\" g JOIN account a ON a.shard = 0 AND a.id = g.account WHERE g.removed_at = 0 "
                              "AND COALESCE(g.since, 0) <= $1 AND g.until > $1 AND a.removed_at = 0 AND a.locked = 0 AND a.password IS NOT NULL",
                              V(c->today));
    while (rows_next(r))
        found |= administers(c, rows_text(r, 0));
    rows_close(r);
    return !found && !failed(c);
}

bool setup_first(struct ctx *c)
{
    return !db_one_int(c, "SELECT 1 FROM account WHERE removed_at = 0 LIMIT 1") && !failed(c);
}

static const char *secret_get(struct ctx *c, const char *name)
{
    struct rows *r = db_query(c, "SELECT value FROM secret WHERE shard = 0 AND name = $1", V(name));
    const char *s = rows_next(r) ? arena_text(&c->arena, rows_text(r, 0)) : NULL;
    rows_close(r);
    return s;
}

static void secret_set(struct ctx *c, const char *name, const char *value)
{
    db_run(c, "INSERT INTO secret (shard, name, value) VALUES (0, $1, $2) ON CONFLICT (shard, name) DO UPDATE SET value = excluded.value", V(name), V(value));
}

const char *setup_token(struct ctx *c)
{
    char token[TOKEN_TEXT], hash[HASH_HEX];
    if (!setup_needed(c)) {
        fail(c, ERR_CONFLICT, "Đã có người quản trị: thêm tài khoản bằng “dangbo user add”, đổi mật khẩu bằng “dangbo user passwd”.",
             "There is an administrator: add accounts by “dangbo user add”, change passwords by “dangbo user passwd”.");
        return NULL;
    }
    token_random(token);
    hash_text(token, hash);
    secret_set(c, "setup", arena_printf(&c->arena, "%s %lld", hash, (long long)(c->now.v + SETUP_MS)));
    account_note(c, 0, "setup_token", NULL);
    return failed(c) ? NULL : arena_text(&c->arena, token);
}

static bool token_right(struct ctx *c, const char *token)
{
    char hash[HASH_HEX];
    const char *kept = secret_get(c, "setup");
    int64_t until;
    if (!kept || !token_lawful(token) || strlen(kept) < HASH_HEX)
        return false;
    hash_text(token, hash);
    return crypt_same(hash, kept, HASH_HEX - 1) && int_parse(kept + HASH_HEX, &until) && c->now.v < until;
}

static bool make(struct ctx *c, const char *login, const char *password, const char *name, struct problems *p)
{
    struct row *a = arena_alloc(&c->arena, account_kind.size), *g = arena_alloc(&c->arena, grant_kind.size);
    char hash[PASSWORD_HASH];
    const char *normal = password_accept(c, p, password, 0, login, name);
    if (!normal)
        return false;
    if (!password_hash(normal, hash)) {
        fail(c, ERR_FULL, "Không đủ bộ nhớ để băm mật khẩu.", "Not enough memory to hash the password.");
        return false;
    }
    field_set(field_need(&account_kind, "login"), a, value_text(login));
    field_set(field_need(&account_kind, "name"), a, value_text(str_blank(name) ? NULL : name));
    field_set(field_need(&account_kind, "password"), a, value_text(hash));
    if (!record_save(c, &account_kind, a, p))
        return false;
    field_set(field_need(&grant_kind, "account"), g, value_int(a->id));
    field_set(field_need(&grant_kind, "role"), g, value_text(ROLE));
    field_set(field_need(&grant_kind, "since"), g, value_day(c->today));
    field_set(field_need(&grant_kind, "reason"), g, value_text(say(c, "Người quản trị đầu tiên", "The first administrator")));
    return record_must_save(c, &grant_kind, g);
}

bool setup_accept(struct ctx *c, const char *token, const char *login, const char *password, const char *name, struct problems *p)
{
    const struct actor *asking = c->actor;
    struct actor setup = {.login = "@setup"};
    bool ok = false;
    if (!db_begin(c, DB_WRITE))
        return false;
    c->actor = &setup;
    c->consequence++; /* the token is the right to it */
    /* Who comes second waits here, and finds the token gone. */
    struct sql lock = sql_new(c);
    sql_add(&lock, "SELECT value FROM secret WHERE shard = 0 AND name = 'setup'");
    db_lock_row(&lock);
    rows_close(sql_query(&lock));
    if (!token_right(c, token) || !setup_needed(c))
        problem(p, "token", "Mã này sai, đã dùng hoặc quá %d phút: người giữ máy chủ tạo mã mới bằng “dangbo setup”.",
                "This token is wrong, used, or older than %d minutes: the operator of the machine makes another by “dangbo setup”.", SETUP_MINUTES);
    else
        ok = make(c, login, password, name, p);
    if (ok)
        db_run(c, "DELETE FROM secret WHERE shard = 0 AND name = 'setup'");
    c->consequence--;
    if (!ok)
        db_rollback(c);
    else
        ok = db_commit(c);
    c->actor = asking;
    return ok;
}

bool shared_key(struct ctx *c, const char *name, unsigned char out[HASH_BYTES])
{
    char hex[HASH_HEX];
    const char *kept = db_begin(c, DB_READ) ? secret_get(c, name) : NULL;
    db_commit(c);
    if (!kept && db_begin(c, DB_WRITE)) {
        unsigned char raw[HASH_BYTES];
        crypt_random(raw, sizeof raw);
        hash_hex(raw, hex);
        db_run(c, "INSERT INTO secret (shard, name, value) VALUES (0, $1, $2) ON CONFLICT (shard, name) DO NOTHING", V(name), V((const char *)hex));
        kept = secret_get(c, name);
        db_commit(c);
    }
    return kept && !failed(c) && hash_unhex(kept, out);
}
