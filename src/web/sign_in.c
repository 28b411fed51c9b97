/* Signing in; see sign_in.h. */
#define ALLOW_MALLOC
#include "sign_in.h"

#include "base/str.h"
#include "base/text.h"

#include <pthread.h>

enum { AT_ONCE = 4, WAITING_MOST = 64, NOTES_A_MINUTE = 120, DEVICE_TEXT = 44 };
static const int64_t MINUTE_MS = 60000, DEVICE_MS = INT64_C(180) * 24 * 3600 * 1000;

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t free;
    int checking, waiting;
    instant minute;  /* refusals are noted in the audit, but not so many that they fill the disk */
    int64_t notes, left_out;
    struct throttle *throttle;
    unsigned char device_key[HASH_BYTES];
    char nobody[PASSWORD_HASH]; /* what is checked when there is no account, so that it takes as long */
};

struct gate *gate_new(struct ctx *c)
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
    if (!device_key(c, g->device_key)) {
        gate_free(g);
        fail(c, ERR_BROKEN, "Không đọc được khóa của các thiết bị quen.", "The key of known devices cannot be read.");
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

struct throttle *gate_throttle(struct gate *g)
{
    return g->throttle;
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

static bool begin_session(struct gate *g, struct sessions *ss, struct ctx *c, const struct account_look *a, const struct attempt *t, const char *password,
                          const char *known_device, struct sign_in_result *out)
{
    const struct actor *asking = c->actor;
    struct actor self = {.account = a->id, .person = a->person, .login = a->login};
    char fresh[PASSWORD_HASH] = "";
    if (password_aged(a->password) && !password_hash(password, fresh))
        fresh[0] = '\0'; /* the next time, then */
    if (!db_begin(c, DB_WRITE))
        return false;
    c->actor = &self;
    if (*fresh)
        account_rehash(c, a->id, a->password, fresh);
    out->token = session_begin(ss, c, a->id, "password", t->address, t->agent);
    account_note(c, a->id, "sign_in", t->address ? t->address : "?");
    bool ok = db_commit(c);
    c->actor = asking;
    out->device = known_device ? t->device : device_make(g, c, a->id);
    out->account = a->id;
    out->must_change = a->must_change;
    return ok;
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
    return begin_session(g, ss, c, &a, t, password, device, out) ? SIGN_IN_OK : SIGN_IN_BUSY;
}

const char *sign_in_words(struct ctx *c, enum sign_in_answer answer, int64_t wait)
{
    if (answer == SIGN_IN_WRONG)
        return say(c, "Tên đăng nhập hoặc mật khẩu không đúng.", "The login or the password is wrong.");
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
