/* See reaper.h. */
#define ALLOW_MALLOC
#include "reaper.h"

#include "connection.h"

#include <sys/socket.h>
#include <unistd.h>

enum { HEAD_MS = 10000, IDLE_MS = 30000, BODY_GRACE_MS = 10000, BODY_BYTES_A_SECOND = 500, ANSWER_GRACE_MS = 20000, ANSWER_BYTES_A_SECOND = 4000, TICK_MS = 500 };

enum phase { WAITS, HEAD_IN, WORKS, ANSWERS }; /* WAITS: for the head of a request */

struct watched {
    struct watched *next, **at;
    int fd;
    enum phase phase;
    int64_t since;  /* of this phase, ms */
    size_t bytes;
    bool served;    /* had an answer before: may rest a while */
    bool cut;
};

struct reaper {
    pthread_mutex_t lock;
    pthread_cond_t stop;
    pthread_t thread;
    struct watched *first;
    size_t open, limit, shed;
    bool stopping;
};

static void cut(struct reaper *r, struct watched *w)
{
    if (w->cut)
        return;
    w->cut = true;
    r->shed++;
    shutdown(w->fd, SHUT_RDWR);
}

static bool too_slow(const struct watched *w, int64_t now)
{
    int64_t ms = now - w->since;
    switch (w->phase) {
    case WAITS: return ms > (w->served ? IDLE_MS : HEAD_MS);
    case HEAD_IN: return ms > BODY_GRACE_MS && (int64_t)w->bytes * 1000 < ms * BODY_BYTES_A_SECOND;
    case ANSWERS: return ms > ANSWER_GRACE_MS + (int64_t)w->bytes * 1000 / ANSWER_BYTES_A_SECOND;
    case WORKS:
    default: return false;
    }
}

static void *watch(void *of)
{
    struct reaper *r = of;
    pthread_mutex_lock(&r->lock);
    while (!r->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += TICK_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&r->stop, &r->lock, &until);
        int64_t now = monotonic_ms();
        for (struct watched *w = r->first; w; w = w->next)
            if (too_slow(w, now))
                cut(r, w);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

struct reaper *reaper_new(size_t limit)
{
    struct reaper *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->limit = limit;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->stop, NULL);
    if (pthread_create(&r->thread, NULL, watch, r) == 0)
        return r;
    free(r);
    return NULL;
}

void reaper_free(struct reaper *r)
{
    if (!r)
        return;
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    pthread_cond_signal(&r->stop);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    free(r);
}

/* Who has waited longest without having asked anything makes room. */
static void make_room(struct reaper *r)
{
    struct watched *slowest = NULL;
    for (struct watched *w = r->first; w; w = w->next)
        if (!w->cut && (w->phase == WAITS || w->phase == HEAD_IN) && (!slowest || w->since < slowest->since))
            slowest = w;
    if (slowest)
        cut(r, slowest);
}

struct watched *reaper_opened(struct reaper *r, int fd)
{
    struct watched *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    *w = (struct watched){.fd = fd, .since = monotonic_ms()};
    pthread_mutex_lock(&r->lock);
    if (r->open >= r->limit)
        make_room(r);
    w->next = r->first;
    w->at = &r->first;
    if (w->next)
        w->next->at = &w->next;
    r->first = w;
    r->open++;
    pthread_mutex_unlock(&r->lock);
    return w;
}

void reaper_closed(struct reaper *r, struct watched *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&r->lock);
    *w->at = w->next;
    if (w->next)
        w->next->at = w->at;
    r->open--;
    pthread_mutex_unlock(&r->lock);
    free(w);
}

static void enter(struct reaper *r, struct watched *w, enum phase phase, size_t bytes)
{
    if (!w)
        return;
    pthread_mutex_lock(&r->lock);
    w->phase = phase;
    w->since = monotonic_ms();
    w->bytes = bytes;
    w->served |= phase == WAITS;
    pthread_mutex_unlock(&r->lock);
}

void reaper_head(struct reaper *r, struct watched *w)
{
    enter(r, w, HEAD_IN, 0);
}

void reaper_body(struct reaper *r, struct watched *w, size_t bytes)
{
    if (!w)
        return;
    pthread_mutex_lock(&r->lock);
    w->bytes += bytes;
    pthread_mutex_unlock(&r->lock);
}

void reaper_answers(struct reaper *r, struct watched *w, size_t bytes)
{
    enter(r, w, ANSWERS, bytes);
}

void reaper_works(struct reaper *r, struct watched *w)
{
    enter(r, w, WORKS, 0);
}

void reaper_done(struct reaper *r, struct watched *w)
{
    enter(r, w, WAITS, 0);
}

size_t reaper_open(struct reaper *r)
{
    pthread_mutex_lock(&r->lock);
    size_t n = r->open;
    pthread_mutex_unlock(&r->lock);
    return n;
}

size_t reaper_shed(struct reaper *r)
{
    pthread_mutex_lock(&r->lock);
    size_t n = r->shed;
    pthread_mutex_unlock(&r->lock);
    return n;
}
