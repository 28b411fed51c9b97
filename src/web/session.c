/* The store of sessions in front of the table; see session.h. */
#define ALLOW_MALLOC
#include "session.h"

#include "base/str.h"
#include "party/verbs.h"

#include <pthread.h>

enum { WAYS = 4, SETS = 1024, TOKENS = 64, DUE_AT_ONCE = 512, MINUTE_MS = 60 * 1000 };

struct entry {
    char hash[HASH_HEX];
    struct session s;
    instant looked, written; /* when the row was read; which `seen` it has */
};

struct used_token {
    int64_t id;
    instant at;
};

struct sessions {
    pthread_mutex_t lock;
    struct session_limits limits;
    int64_t look_again_ms;    /* another process may have ended it, or have seen it later */
    uint64_t generation;      /* moves when something is forgotten: what was read before is not remembered then */
    instant flushed;
    struct used_token used[TOKENS];
    size_t nused;
    struct entry (*sets)[WAYS];
};

static int64_t setting_number(struct ctx *c, const char *name, int64_t least, int64_t most, int64_t otherwise)
{
    int64_t v = 0;
    void *s = record_by_code(c, &setting_kind, name, 0);
    const char *given = s ? field_get(field_need(&setting_kind, "value"), s).s : NULL;
    return given && int_parse(given, &v) && v >= least && v <= most ? v : otherwise;
}

struct sessions *sessions_new(struct ctx *c)
{
    struct sessions *ss = calloc(1, sizeof *ss);
    if (!ss || !(ss->sets = calloc(SETS, sizeof *ss->sets)) || !db_begin(c, DB_READ)) {
        if (ss)
            free(ss->sets);
        free(ss);
        fail(c, ERR_FULL, "Không đủ bộ nhớ.", "Not enough memory.");
        return NULL;
    }
    pthread_mutex_init(&ss->lock, NULL);
    c->consequence++; /* settings are read for the program, whoever asks */
    ss->limits.idle_ms = MINUTE_MS * setting_number(c, "session.idle_minutes", 1, 720, 30);
    ss->limits.idle_admin_ms = MINUTE_MS * setting_number(c, "session.idle_minutes_admin", 1, 720, 15);
    ss->limits.longest_ms = INT64_C(60) * MINUTE_MS * setting_number(c, "session.hours", 1, 24, 12);
    c->consequence--;
    ss->look_again_ms = db_engine(c) == DB_POSTGRES ? 5000 : MINUTE_MS;
    db_commit(c);
    return ss;
}

void sessions_free(struct sessions *ss)
{
    if (!ss)
        return;
    crypt_wipe(ss->sets, SETS * sizeof *ss->sets);
    pthread_mutex_destroy(&ss->lock);
    free(ss->sets);
    free(ss);
}

struct session_limits session_limits(const struct sessions *ss)
{
    return ss->limits;
}

static int64_t idle_of(const struct sessions *ss, const struct session *s)
{
    return s->administrator && ss->limits.idle_admin_ms < ss->limits.idle_ms ? ss->limits.idle_admin_ms : ss->limits.idle_ms;
}

int64_t session_ends_in(const struct sessions *ss, const struct session *s, instant now)
{
    int64_t idle = s->seen.v + idle_of(ss, s) - now.v, whole = s->created.v + ss->limits.longest_ms - now.v;
    int64_t left = idle < whole ? idle : whole;
    return left > 0 ? left / 1000 : 0;
}

static bool alive(const struct sessions *ss, const struct session *s, instant now)
{
    return now.v < s->seen.v + idle_of(ss, s) && now.v < s->created.v + ss->limits.longest_ms;
}

/* --- what is remembered; under the lock ------------------------------------------------------------------ */

static struct entry *set_of(struct sessions *ss, const char *hash)
{
    unsigned at = 0;
    for (int i = 0; i < 4; i++) /* the hash is as good as random */
        at = at * 16 + (unsigned)(hash[i] <= '9' ? hash[i] - '0' : hash[i] - 'a' + 10);
    return ss->sets[at % SETS];
}

static struct entry *entry_find(struct sessions *ss, const char *hash)
{
    struct entry *set = set_of(ss, hash);
    for (size_t i = 0; i < WAYS; i++)
        if (set[i].s.id && memcmp(set[i].hash, hash, HASH_HEX) == 0)
            return &set[i];
    return NULL;
}

/* Its own place, a free one, or that of who was seen least lately. */
static struct entry *place_for(struct sessions *ss, const char *hash)
{
    struct entry *set = set_of(ss, hash), *e = entry_find(ss, hash), *oldest = set;
    for (size_t i = 0; i < WAYS && !e; i++) {
        if (!set[i].s.id)
            e = &set[i];
        else if (set[i].s.seen.v < oldest->s.seen.v)
            oldest = &set[i];
    }
    return e ? e : oldest;
}

static void entry_put(struct sessions *ss, const char *hash, const struct session *s, instant now, instant written)
{
    struct entry *e = place_for(ss, hash);
    memcpy(e->hash, hash, HASH_HEX);
    e->s = *s;
    e->looked = now;
    e->written = written;
}

static void forget(struct sessions *ss, int64_t account, int64_t only, int64_t except)
{
    pthread_mutex_lock(&ss->lock);
    ss->generation++;
    for (size_t i = 0; i < (size_t)SETS * WAYS; i++) {
        struct entry *e = &ss->sets[i / WAYS][i % WAYS];
        if (e->s.id && e->s.account == account && (!only || e->s.id == only) && e->s.id != except)
            crypt_wipe(e, sizeof *e);
    }
    pthread_mutex_unlock(&ss->lock);
}

void session_forget(struct sessions *ss, int64_t account)
{
    forget(ss, account, 0, 0);
}

/* --- begin, find, end ------------------------------------------------------------------------------- */

const char *session_begin(struct sessions *ss, struct ctx *c, int64_t account, const char *strength, const char *address, const char *agent)
{
    char token[TOKEN_TEXT], hash[HASH_HEX];
    struct session s = {.account = account, .created = c->now, .seen = c->now, .fresh = c->now};
    (void)ss; /* remembered when it is found first: this write may yet be rolled back */
    snprintf(s.strength, sizeof s.strength, "%s", strength);
    snprintf(s.address, sizeof s.address, "%s", address ? address : "");
    char *clean = agent ? arena_copy(&c->arena, agent, strnlen(agent, sizeof s.agent - 1)) : NULL;
    for (char *at = clean; at && *at; at++) /* a header may hold anything */
        if (*at < ' ' || *at > '~')
            *at = '?';
    snprintf(s.agent, sizeof s.agent, "%s", clean ? clean : "");
    token_random(token);
    hash_text(token, hash);
    session_store_add(c, hash, &s);
    return failed(c) ? NULL : arena_text(&c->arena, token);
}

static bool remembered(struct sessions *ss, const char *hash, instant now, struct session *out)
{
    pthread_mutex_lock(&ss->lock);
    struct entry *e = entry_find(ss, hash);
    bool known = e && now.v - e->looked.v < ss->look_again_ms && alive(ss, &e->s, now);
    if (known) {
        e->s.seen = now.v > e->s.seen.v ? now : e->s.seen;
        *out = e->s;
    }
    pthread_mutex_unlock(&ss->lock);
    return known;
}

bool session_find(struct sessions *ss, struct ctx *c, const char *token, struct session *out)
{
    char hash[HASH_HEX];
    if (!token_lawful(token))
        return false;
    hash_text(token, hash);
    if (remembered(ss, hash, c->now, out))
        return true;
    pthread_mutex_lock(&ss->lock);
    uint64_t generation = ss->generation;
    pthread_mutex_unlock(&ss->lock);
    bool found = db_begin(c, DB_READ) && session_store_find(c, hash, out);
    db_commit(c);
    if (failed(c))
        return false;
    pthread_mutex_lock(&ss->lock);
    struct entry *e = entry_find(ss, hash);
    instant written = out->seen;
    if (found && e && e->s.seen.v > out->seen.v) /* seen here, and not written yet */
        out->seen = e->s.seen;
    found = found && alive(ss, out, c->now);
    if (found) {
        out->seen = c->now.v > out->seen.v ? c->now : out->seen;
        if (generation == ss->generation)
            entry_put(ss, hash, out, c->now, written);
    } else if (e) {
        crypt_wipe(e, sizeof *e);
    }
    pthread_mutex_unlock(&ss->lock);
    return found;
}

static int64_t end(struct sessions *ss, struct ctx *c, int64_t account, int64_t only, int64_t except)
{
    int64_t n = 0;
    if (!db_begin(c, DB_WRITE))
        return -1;
    n = only ? session_store_end(c, account, only) : session_store_end_all(c, account, except);
    if (n)
        account_note(c, account, "sign_out", only ? NULL : arena_printf(&c->arena, "%lld", (long long)n));
    if (!db_commit(c))
        return -1;
    forget(ss, account, only, except);
    return n;
}

int64_t session_end(struct sessions *ss, struct ctx *c, int64_t account, int64_t session)
{
    return end(ss, c, account, session, 0);
}

int64_t session_end_all(struct sessions *ss, struct ctx *c, int64_t account, int64_t except)
{
    return end(ss, c, account, 0, except);
}

size_t session_list(struct ctx *c, int64_t account, struct session **out)
{
    return session_store_list(c, account, out);
}

bool session_refresh(struct sessions *ss, struct ctx *c, struct session *s)
{
    if (!db_begin(c, DB_WRITE))
        return false;
    session_store_fresh(c, s->id, c->now);
    if (!db_commit(c))
        return false;
    s->fresh = c->now;
    forget(ss, s->account, s->id, 0);
    return true;
}

/* --- what is written now and then ------------------------------------------------------------------------- */

void session_note_token(struct sessions *ss, int64_t token, instant now)
{
    pthread_mutex_lock(&ss->lock);
    size_t i = 0;
    while (i < ss->nused && ss->used[i].id != token)
        i++;
    if (i < TOKENS) {
        ss->used[i] = (struct used_token){token, now};
        ss->nused = i == ss->nused ? i + 1 : ss->nused;
    }
    pthread_mutex_unlock(&ss->lock);
}

bool session_flush_due(struct sessions *ss, instant now)
{
    pthread_mutex_lock(&ss->lock);
    bool due = now.v - ss->flushed.v >= MINUTE_MS;
    pthread_mutex_unlock(&ss->lock);
    return due;
}

struct seen {
    char hash[HASH_HEX];
    instant at;
};

static size_t gather(struct sessions *ss, struct seen *due)
{
    size_t n = 0;
    for (size_t i = 0; i < (size_t)SETS * WAYS && n < DUE_AT_ONCE; i++) {
        const struct entry *e = &ss->sets[i / WAYS][i % WAYS];
        if (!e->s.id || e->s.seen.v <= e->written.v)
            continue;
        memcpy(due[n].hash, e->hash, HASH_HEX);
        due[n++].at = e->s.seen;
    }
    return n;
}

/* Whoever looks first after a flush is over writes: two at once would write the same. */
void session_flush(struct sessions *ss, struct ctx *c)
{
    struct seen *due = NEW_N(&c->arena, struct seen, DUE_AT_ONCE);
    struct used_token used[TOKENS];
    pthread_mutex_lock(&ss->lock);
    size_t n = gather(ss, due), nused = ss->nused;
    memcpy(used, ss->used, nused * sizeof *used);
    ss->nused = 0;
    ss->flushed = c->now;
    pthread_mutex_unlock(&ss->lock);
    if (!db_begin(c, DB_WRITE))
        return;
    for (size_t i = 0; i < n; i++)
        session_store_seen(c, due[i].hash, due[i].at);
    for (size_t i = 0; i < nused; i++)
        token_used(c, used[i].id, used[i].at);
    session_store_expire(c, (instant){c->now.v - (ss->limits.idle_ms > ss->limits.idle_admin_ms ? ss->limits.idle_ms : ss->limits.idle_admin_ms)},
                         (instant){c->now.v - ss->limits.longest_ms});
    if (!db_commit(c))
        return;
    pthread_mutex_lock(&ss->lock);
    for (size_t i = 0; i < n; i++) {
        struct entry *e = entry_find(ss, due[i].hash);
        if (e)
            e->written = due[i].at;
    }
    pthread_mutex_unlock(&ss->lock);
}

/* --- forms --------------------------------------------------------------------------------------------- */

void session_csrf(const char *token, char out[HASH_HEX])
{
    static const char what[] = "form";
    unsigned char key[HASH_BYTES];
    struct hash_state h;
    hash_begin(&h);
    hash_add(&h, "key ", 4); /* another hash than the one under which the session is stored */
    hash_add(&h, token, strlen(token));
    hash_end(&h, key);
    hash_keyed(key, what, sizeof what, out);
    crypt_wipe(key, sizeof key);
}

bool session_csrf_right(const char *token, const char *given)
{
    char wanted[HASH_HEX];
    if (!token || !given || strlen(given) != HASH_HEX - 1)
        return false;
    session_csrf(token, wanted);
    return crypt_same(wanted, given, HASH_HEX - 1);
}
