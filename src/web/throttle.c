/* The brake on guessing; see throttle.h. */
#define ALLOW_MALLOC
#include "throttle.h"

#include <arpa/inet.h>
#include <pthread.h>

enum { WAYS = 8, SETS = 1024, SECOND = 1000, HOUR = 3600 * SECOND, LOCKED = 900 * SECOND };

static const struct {
    int64_t wait_from, lock_at; /* wrong in a row (of a network: in the hour) */
    int64_t checks_an_hour;
} rules[BRAKE_KINDS] = {[BRAKE_ACCOUNT] = {5, 10, 40}, [BRAKE_DEVICE] = {5, 10, 10}, [BRAKE_NETWORK] = {1000000, 60, 1000000}};

struct count {
    uint64_t key; /* 0 = free */
    instant hour, last, locked_until;
    int32_t checks, wrong;
};

struct throttle {
    pthread_mutex_t lock;
    unsigned char key[HASH_BYTES];
    struct count (*sets)[WAYS];
};

struct throttle *throttle_new(void)
{
    struct throttle *t = calloc(1, sizeof *t);
    if (!t || !(t->sets = calloc(SETS, sizeof *t->sets))) {
        free(t);
        return NULL;
    }
    pthread_mutex_init(&t->lock, NULL);
    crypt_random(t->key, sizeof t->key);
    return t;
}

void throttle_free(struct throttle *t)
{
    if (!t)
        return;
    pthread_mutex_destroy(&t->lock);
    free(t->sets);
    free(t);
}

bool network_of(const char *address, char out[NETWORK_TEXT])
{
    unsigned char a[16];
    char text[INET6_ADDRSTRLEN];
    if (inet_pton(AF_INET6, address, a) == 1) {
        static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
        if (memcmp(a, mapped, sizeof mapped) != 0) {
            memset(a + 8, 0, 8);
            inet_ntop(AF_INET6, a, text, sizeof text);
            snprintf(out, NETWORK_TEXT, "%s/64", text);
            return true;
        }
        memmove(a, a + 12, 4);
    } else if (inet_pton(AF_INET, address, a) != 1) {
        return false;
    }
    a[3] = 0;
    inet_ntop(AF_INET, a, text, sizeof text);
    snprintf(out, NETWORK_TEXT, "%s/24", text);
    return true;
}

/* --- under the lock -------------------------------------------------------------------------------- */

/* An hour begins with its first check. Who was wrong yesterday begins anew. */
static void settle(struct count *n, instant now)
{
    if (now.v - n->hour.v < HOUR)
        return;
    n->hour = now;
    n->checks = 0;
    if (n->locked_until.v <= now.v)
        n->wrong = 0;
}

/* The count of a key. When its set is full, the place of who tried longest ago, the locked last: so many keys at once cannot
 * make a lock be forgotten before its set is full of locks. */
static struct count *count_of(struct throttle *t, enum braked kind, const char *what, instant now, bool make)
{
    char hash[HASH_HEX];
    uint64_t key = 0;
    unsigned char key_of_kind[HASH_BYTES];
    memcpy(key_of_kind, t->key, sizeof key_of_kind);
    key_of_kind[0] ^= (unsigned char)kind;
    hash_keyed(key_of_kind, what, strlen(what), hash);
    for (int i = 0; i < 16; i++)
        key = key << 4 | (uint64_t)(hash[i] <= '9' ? hash[i] - '0' : hash[i] - 'a' + 10);
    key |= 1;
    struct count *set = t->sets[(key >> 32) % SETS], *best = &set[0];
    for (size_t i = 0; i < WAYS; i++)
        if (set[i].key == key) {
            settle(&set[i], now);
            return &set[i];
        }
    for (size_t i = 0; i < WAYS; i++) {
        bool locked = set[i].locked_until.v > now.v, best_locked = best->locked_until.v > now.v;
        if (locked != best_locked ? best_locked : set[i].last.v < best->last.v)
            best = &set[i];
    }
    if (!make)
        return NULL;
    *best = (struct count){.key = key, .hour = now, .last = now};
    return best;
}

static int64_t wait_of(enum braked kind, const struct count *n, instant now)
{
    int64_t over = n->wrong - rules[kind].wait_from, until = n->locked_until.v;
    if (over >= 0 && n->wrong < rules[kind].lock_at) { /* 2, 4, 8, 16, 32 seconds */
        int64_t next = n->last.v + ((int64_t)SECOND << (over + 1 < 6 ? over + 1 : 6));
        until = next > until ? next : until;
    }
    if (n->checks >= rules[kind].checks_an_hour && n->hour.v + HOUR > until)
        until = n->hour.v + HOUR;
    return until > now.v ? (until - now.v + SECOND - 1) / SECOND : 0;
}

struct counts {
    struct count *of[BRAKE_KINDS];
};

static struct counts counts_of(struct throttle *t, const struct turn *turn, instant now)
{
    struct counts n = {0};
    char network[NETWORK_TEXT];
    if (turn->device)
        n.of[BRAKE_DEVICE] = count_of(t, BRAKE_DEVICE, turn->device, now, true);
    else
        n.of[BRAKE_ACCOUNT] = count_of(t, BRAKE_ACCOUNT, turn->account, now, true);
    if (!turn->device && turn->address && network_of(turn->address, network))
        n.of[BRAKE_NETWORK] = count_of(t, BRAKE_NETWORK, network, now, true);
    return n;
}

int64_t throttle_take(struct throttle *t, const struct turn *turn, instant now)
{
    int64_t wait = 0;
    pthread_mutex_lock(&t->lock);
    struct counts n = counts_of(t, turn, now);
    for (int k = 0; k < BRAKE_KINDS; k++)
        if (n.of[k]) {
            int64_t w = wait_of((enum braked)k, n.of[k], now);
            wait = w > wait ? w : wait;
        }
    for (int k = 0; k < BRAKE_KINDS && !wait; k++)
        if (n.of[k]) {
            n.of[k]->checks++;
            n.of[k]->last = now;
        }
    pthread_mutex_unlock(&t->lock);
    return wait;
}

void throttle_wrong(struct throttle *t, const struct turn *turn, instant now)
{
    pthread_mutex_lock(&t->lock);
    struct counts n = counts_of(t, turn, now);
    for (int k = 0; k < BRAKE_KINDS; k++)
        if (n.of[k] && ++n.of[k]->wrong >= rules[k].lock_at) {
            n.of[k]->locked_until.v = now.v + LOCKED;
            n.of[k]->wrong = k == BRAKE_NETWORK ? 0 : (int32_t)rules[k].wait_from; /* after the lock, half as many */
        }
    pthread_mutex_unlock(&t->lock);
}

void throttle_right(struct throttle *t, const struct turn *turn, instant now)
{
    pthread_mutex_lock(&t->lock);
    struct counts n = counts_of(t, turn, now);
    for (int k = 0; k < BRAKE_KINDS; k++)
        if (n.of[k] && k != BRAKE_NETWORK)
            n.of[k]->wrong = 0;
    pthread_mutex_unlock(&t->lock);
}

void throttle_forgive(struct throttle *t, const char *account)
{
    pthread_mutex_lock(&t->lock);
    struct count *n = count_of(t, BRAKE_ACCOUNT, account, (instant){0}, false);
    if (n)
        *n = (struct count){0};
    pthread_mutex_unlock(&t->lock);
}
