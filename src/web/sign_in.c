/* Signing in; see sign_in.h. */
#define ALLOW_MALLOC
#include "sign_in.h"

#include "base/str.h"
#include "base/text.h"
#include "party/verbs.h"

#include <pthread.h>

enum { AT_ONCE = 4, WAITING_MOST = 64, NOTES_A_MINUTE = 120, DEVICE_TEXT = 44 };
static const int64_t MINUTE_MS = 60000, HALF_MS = 5 * 60000, DEVICE_MS = INT64_C(180) * 24 * 3600 * 1000;

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t free;
    int checking, waiting;
    instant minute;  /* refusals are noted in the audit, but not so many that they fill the disk */
    int64_t notes, left_out;
    struct throttle *throttle;
    unsigned char device_key[HASH_BYTES], second_key[HASH_BYTES];
    char nobody[PASSWORD_HASH]; /* what is checked when there is no account, so that it takes as long */
};

struct gate *gate_new(struct ctx *c, const char *key_file)
{
    struct gate *g = calloc(1, sizeof *g);
    char secret[TOKEN_TEXT];
    token_random(secret);
    if (!g || !(g->throttle = throttle_new()) || !password_hash(secret, g->nobody)) {
        if (g)
            throttle_free(g->throttle);
        free(g);
        fail(c, ERR_FULL, "Không đủ bộ nhớ.", "Not enough memory.");
        return NULL;
    }
    pthread_mutex_init(&g->lock, NULL);
    pthread_cond_init(&g->free, NULL);
    if (!shared_key(c, "device", g->device_key) || !second_key(c, key_file, g->second_key)) {
        gate_free(g);
        fail(c, ERR_BROKEN, "Không đọc được khóa của việc đăng nhập.", "The keys of signing in cannot be read.");
        return NULL;
    }
    return g;
}

void gate_free(struct gate *g)
{
    if (!g)
        return;
    throttle_free(g->throttle);
    pthread_cond_destroy(&g->free);
    pthread_mutex_destroy(&g->lock);
    crypt_wipe(g, sizeof *g);
    free(g);
}

const unsigned char *gate_second_key(const struct gate *g)
{
    return g->second_key;
}

/* What codes are counted by: a right password must not take back what was wrong with codes. */
static const char *for_codes(struct ctx *c, const char *what)
{
    return what ? arena_printf(&c->arena, "code %s", what) : NULL;
}

void gate_forgive(struct gate *g, const char *login)
{
    char codes[128];
    snprintf(codes, sizeof codes, "code %s", login);
    throttle_forgive(g->throttle, login);
    throttle_forgive(g->throttle, codes);
}

/* --- known devices: ACCOUNT.SINCE.NUMBER.SEAL ----------------------------------------------------------- */

static void device_seal(const struct gate *g, const char *body, size_t n, char out[HASH_HEX])
{
    hash_keyed(g->device_key, body, n, out);
}

static const char *device_make(const struct gate *g, struct ctx *c, int64_t account)
{
    char own[DEVICE_TEXT], seal[HASH_HEX];
    token_random(own);
    const char *body = arena_printf(&c->arena, "%lld.%lld.%s", (long long)account, (long long)c->now.v, own);
    device_seal(g, body, strlen(body), seal);
    return arena_printf(&c->arena, "%s.%s", body, seal);
}

/* The number of the device, when the cookie is ours, of this account and not old; else NULL. */
static const char *device_known(const struct gate *g, struct ctx *c, int64_t account, const char *cookie)
{
    char seal[HASH_HEX];
    const char *last = cookie && strlen(cookie) < 200 ? strrchr(cookie, '.') : NULL;
    int64_t of = 0, since = 0;
    if (!account || !last || strlen(last + 1) != HASH_HEX - 1)
        return NULL;
    device_seal(g, cookie, (size_t)(last - cookie), seal);
    if (!crypt_same(seal, last + 1, HASH_HEX - 1))
        return NULL;
    size_t a = strcspn(cookie, "."), b = strcspn(cookie + a + 1, ".");
    if (!int_parse(arena_copy(&c->arena, cookie, a), &of) || !int_parse(arena_copy(&c->arena, cookie + a + 1, b), &since))
        return NULL;
    const char *own = cookie + a + 1 + b + 1;
    bool good = of == account && c->now.v - since < DEVICE_MS && own < last;
    return good ? arena_copy(&c->arena, own, (size_t)(last - own)) : NULL;
}

/* --- checks of passwords ------------------------------------------------------------------------------ */

static bool seat_take(struct gate *g)
{
    pthread_mutex_lock(&g->lock);
    bool ok = g->checking < AT_ONCE || g->waiting < WAITING_MOST;
    if (ok) {
        g->waiting++;
        while (g->checking == AT_ONCE)
            pthread_cond_wait(&g->free, &g->lock);
        g->waiting--;
        g->checking++;
    }
    pthread_mutex_unlock(&g->lock);
    return ok;
}

static void seat_give(struct gate *g)
{
    pthread_mutex_lock(&g->lock);
    g->checking--;
    pthread_cond_signal(&g->free);
    pthread_mutex_unlock(&g->lock);
}

/* Whether the password is right: takes as long when there is nothing to compare with. */
static bool right(struct gate *g, const char *hash, const char *password)
{
    bool ok = password_verify(hash ? hash : g->nobody, password ? password : "");
    return ok && hash && password;
}

/* How many refusals were left out before this one; -1: leave out this one too. */
static int64_t note_turn(struct gate *g, instant now)
{
    pthread_mutex_lock(&g->lock);
    if (now.v - g->minute.v >= MINUTE_MS) {
        g->minute = now;
        g->notes = 0;
    }
    int64_t before = ++g->notes > NOTES_A_MINUTE ? -1 : g->left_out;
    g->left_out = before < 0 ? g->left_out + 1 : 0;
    pthread_mutex_unlock(&g->lock);
    return before;
}

/* The audit says who was tried, when and from where; what was typed as a login that is not one is nobody's to read. */
static void note_wrong(struct gate *g, struct ctx *c, int64_t account, const char *address)
{
    const struct actor *asking = c->actor;
    struct actor nobody = {.login = "@sign-in"};
    int64_t before = note_turn(g, c->now);
    if (before < 0 || !db_begin(c, DB_WRITE))
        return;
    c->actor = &nobody;
    account_note(c, account, "sign_in_failed",
                 before ? arena_printf(&c->arena, "%s; +%lld", address ? address : "?", (long long)before) : address ? address : "?");
    db_commit(c);
    c->actor = asking;
}

static const char *login_settled(struct ctx *c, const char *typed)
{
    char *s = typed && strlen(typed) < 400 && utf8_valid(typed, strlen(typed)) ? str_clean(&c->arena, typed, strlen(typed)) : arena_text(&c->arena, "");
    for (char *at = s; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + 32);
    return s;
}

/* The same password hashed by today's parameters; when it cannot be now, then the next time. */
static void renew_hash(struct ctx *c, struct account_look *a, const char *password)
{
    const struct actor *asking = c->actor;
    struct actor self = {.account = a->id, .person = a->person, .login = a->login};
    char fresh[PASSWORD_HASH];
    if (!password_aged(a->password) || !password_hash(password, fresh) || !db_begin(c, DB_WRITE))
        return;
    c->actor = &self;
    account_rehash(c, a->id, a->password, fresh);
    if (db_commit(c))
        a->password = arena_text(&c->arena, fresh);
    c->actor = asking;
}

/* `t` has a code where one was asked: then it must be right in the same transaction. */
static enum sign_in_answer begin_session(struct gate *g, struct sessions *ss, struct ctx *c, const struct account_look *a, const struct attempt *t, const char *known_device,
                                         struct sign_in_result *out)
{
    const struct actor *asking = c->actor;
    struct actor self = {.account = a->id, .person = a->person, .login = a->login};
    if (!db_begin(c, DB_WRITE))
        return SIGN_IN_BUSY;
    c->actor = &self;
    bool right = !a->second || second_accept(c, g->second_key, a->id, t->code);
    if (right) {
        out->token = session_begin(ss, c, a->id, a->second ? "code" : "password", t->address, t->agent);
        account_note(c, a->id, "sign_in", t->address ? t->address : "?");
        access_refresh(c, &self);
        out->must_enrol = second_missing(c, &self);
    }
    bool ok = right && db_commit(c);
    if (!right)
        db_rollback(c);
    c->actor = asking;
    if (!ok)
        return failed(c) ? SIGN_IN_BUSY : SIGN_IN_WRONG;
    out->device = known_device ? t->device : device_make(g, c, a->id);
    out->account = a->id;
    out->must_change = a->must_change;
    return SIGN_IN_OK;
}

/* --- between the password and the code: nothing but this text, which the form brings back --------------------- */

struct half {
    int64_t account, at;
    unsigned char password[16]; /* of the hash of its hash: another password, and it is worth nothing */
};

static void half_password(const struct account_look *a, unsigned char out[16])
{
    unsigned char whole[HASH_BYTES];
    struct hash_state h;
    hash_begin(&h);
    hash_add(&h, a->password, strlen(a->password));
    hash_end(&h, whole);
    memcpy(out, whole, 16);
}

static const char *half_make(const struct gate *g, struct ctx *c, const struct account_look *a)
{
    struct half half = {.account = a->id, .at = c->now.v};
    char *sealed = arena_alloc(&c->arena, SEALED_TEXT(sizeof half));
    half_password(a, half.password);
    crypt_seal(g->second_key, "half", &half, sizeof half, sealed);
    return sealed;
}

/* The account, when the half is ours and not old, and the account as it was. In no transaction. */
static bool half_right(const struct gate *g, struct ctx *c, const char *sealed, struct account_look *a)
{
    struct half half;
    unsigned char now[16];
    if (!sealed || !crypt_unseal(g->second_key, "half", sealed, &half, sizeof half) || c->now.v - half.at >= HALF_MS || !db_begin(c, DB_READ))
        return false;
    bool known = account_look_by_id(c, half.account, a) && a->second && !a->locked && a->password;
    if (!db_commit(c) || !known)
        return false;
    half_password(a, now);
    return crypt_same(now, half.password, sizeof now);
}

enum sign_in_answer sign_in_code(struct gate *g, struct sessions *ss, struct ctx *c, const struct attempt *t, struct sign_in_result *out)
{
    struct account_look a = {0};
    *out = (struct sign_in_result){.half = t->half};
    if (!half_right(g, c, t->half, &a))
        return failed(c) ? SIGN_IN_BUSY : SIGN_IN_AGAIN;
    const char *device = device_known(g, c, a.id, t->device);
    struct turn turn = {.account = for_codes(c, a.login), .device = for_codes(c, device), .address = t->address};
    if ((out->wait = throttle_take(g->throttle, &turn, c->now)) > 0)
        return SIGN_IN_WAIT;
    enum sign_in_answer answer = begin_session(g, ss, c, &a, t, device, out);
    if (answer == SIGN_IN_OK) {
        throttle_right(g->throttle, &turn, c->now);
    } else if (answer == SIGN_IN_WRONG) {
        throttle_wrong(g->throttle, &turn, c->now);
        note_wrong(g, c, a.id, t->address);
    }
    return failed(c) ? SIGN_IN_BUSY : answer;
}

enum sign_in_answer sign_in(struct gate *g, struct sessions *ss, struct ctx *c, const struct attempt *t, struct sign_in_result *out)
{
    const char *login = login_settled(c, t->login), *password = password_normal(c, t->password);
    struct account_look a = {0};
    *out = (struct sign_in_result){0};
    if (!db_begin(c, DB_READ))
        return SIGN_IN_BUSY;
    bool known = account_look(c, login, &a);
    db_commit(c);
    const char *device = device_known(g, c, a.id, t->device);
    struct turn turn = {.account = login, .device = device, .address = t->address};
    if (failed(c))
        return SIGN_IN_BUSY;
    if ((out->wait = throttle_take(g->throttle, &turn, c->now)) > 0)
        return SIGN_IN_WAIT;
    if (!seat_take(g))
        return SIGN_IN_BUSY;
    bool ok = right(g, known ? a.password : NULL, password) && !a.locked;
    seat_give(g);
    if (!ok) {
        throttle_wrong(g->throttle, &turn, c->now);
        note_wrong(g, c, a.id, t->address);
        return failed(c) ? SIGN_IN_BUSY : SIGN_IN_WRONG;
    }
    throttle_right(g->throttle, &turn, c->now);
    renew_hash(c, &a, password);
    if (a.second && !failed(c)) {
        out->half = half_make(g, c, &a);
        return SIGN_IN_CODE;
    }
    return begin_session(g, ss, c, &a, t, device, out);
}

const char *sign_in_words(struct ctx *c, enum sign_in_answer answer, int64_t wait)
{
    if (answer == SIGN_IN_WRONG)
        return say(c, "Tên đăng nhập hoặc mật khẩu không đúng.", "The login or the password is wrong.");
    if (answer == SIGN_IN_AGAIN)
        return say(c, "Đã quá năm phút hoặc tài khoản vừa thay đổi: đăng nhập lại từ đầu.", "More than five minutes have passed, or the account has changed: sign in from the beginning.");
    if (answer == SIGN_IN_BUSY)
        return say(c, "Máy chủ đang bận: hãy thử lại sau ít giây.", "The server is busy: please try again in a few seconds.");
    if (answer != SIGN_IN_WAIT)
        return "";
    if (wait < 100)
        return say(c, "Thử quá nhiều lần: hãy chờ %lld giây rồi thử lại.", "Too many tries: please wait %lld seconds, then try again.", (long long)wait);
    return say(c, "Thử quá nhiều lần: hãy chờ %lld phút rồi thử lại, hoặc nhờ người quản trị.", "Too many tries: please wait %lld minutes, then try again, or ask the administrator.",
               (long long)((wait + 59) / 60));
}

/* --- the password once more ---------------------------------------------------------------------------- */

/* Whoever is signed in is as good as a known device; its session is what is counted. */
static enum sign_in_answer check_own(struct gate *g, struct ctx *c, const struct session *s, const char *typed, const char *address, int64_t *wait)
{
    struct account_look a = {0};
    const char *password = password_normal(c, typed), *which = arena_printf(&c->arena, "session %lld", (long long)s->id);
    struct turn turn = {.account = s->login, .device = which, .address = address};
    if (!db_begin(c, DB_READ))
        return SIGN_IN_BUSY;
    bool known = account_look_by_id(c, s->account, &a);
    if (!db_commit(c))
        return SIGN_IN_BUSY;
    if ((*wait = throttle_take(g->throttle, &turn, c->now)) > 0)
        return SIGN_IN_WAIT;
    if (!seat_take(g))
        return SIGN_IN_BUSY;
    bool ok = right(g, known ? a.password : NULL, password) && !a.locked;
    seat_give(g);
    if (ok) {
        throttle_right(g->throttle, &turn, c->now);
        return SIGN_IN_OK;
    }
    throttle_wrong(g->throttle, &turn, c->now);
    note_wrong(g, c, s->account, address);
    return failed(c) ? SIGN_IN_BUSY : SIGN_IN_WRONG;
}

enum sign_in_answer sign_in_again(struct gate *g, struct sessions *ss, struct ctx *c, struct session *s, const char *password, const char *address, int64_t *wait)
{
    enum sign_in_answer answer = check_own(g, c, s, password, address, wait);
    if (answer == SIGN_IN_OK && !session_refresh(ss, c, s))
        return SIGN_IN_BUSY;
    return answer;
}

bool password_change(struct gate *g, struct sessions *ss, struct ctx *c, const struct session *s, const char *old, const char *new_one, struct problems *p)
{
    int64_t wait = 0;
    enum sign_in_answer answer = check_own(g, c, s, old, s->address, &wait);
    if (answer != SIGN_IN_OK) {
        if (!failed(c))
            problem(p, "old", "%s", "%s", answer == SIGN_IN_WRONG ? say(c, "Mật khẩu hiện tại không đúng.", "The present password is wrong.") : sign_in_words(c, answer, wait));
        return false;
    }
    if (str_same(password_normal(c, old), password_normal(c, new_one))) {
        problem(p, "password", "Mật khẩu mới trùng mật khẩu hiện tại.", "The new password is the present one.");
        return false;
    }
    const char *normal = db_begin(c, DB_READ) ? password_accept(c, p, new_one, s->account, NULL, NULL) : NULL;
    char hash[PASSWORD_HASH];
    if (!db_commit(c) || !normal || !seat_take(g))
        return false;
    bool ok = password_hash(normal, hash); /* not while others wait to write */
    seat_give(g);
    if (!ok || !db_begin(c, DB_WRITE))
        return false;
    ok = password_set(c, s->account, hash, false, s->id, p);
    if (!ok)
        db_rollback(c);
    else
        ok = db_commit(c);
    if (ok)
        session_forget(ss, s->account); /* this one too: whether it must change is read anew */
    return ok;
}
