/* Contexts and workers; see server.h. */
#define ALLOW_MALLOC
#include "server.h"

#include "connection.h"

static struct seat *seat_new(struct server *s)
{
    struct seat *seat = calloc(1, sizeof *seat);
    if (!seat)
        return NULL;
    seat->c.model = s->options.model;
    if (!db_connect(&seat->c, s->options.store)) {
        ctx_free(&seat->c);
        free(seat);
        return NULL;
    }
    return seat;
}

struct seat *seat_take(struct server *s)
{
    pthread_mutex_lock(&s->seats_lock);
    struct seat *seat = s->seats;
    if (seat)
        s->seats = seat->next;
    pthread_mutex_unlock(&s->seats_lock);
    return seat ? seat : seat_new(s);
}

/* Its memory is kept for the next request, but for what grew beyond the usual. */
void seat_give(struct server *s, struct seat *seat)
{
    enum { USUAL = 1 << 20 };
    struct ctx *c = &seat->c;
    if (c->arena.used > USUAL)
        arena_free(&c->arena);
    else
        arena_rewind(&c->arena, (struct arena_mark){0});
    c->err = (struct err){0};
    c->actor = NULL;
    c->after_begin = NULL;
    c->batch = 0;
    c->reason = NULL;
    pthread_mutex_lock(&s->seats_lock);
    seat->next = s->seats;
    s->seats = seat;
    pthread_mutex_unlock(&s->seats_lock);
}

void seats_free(struct server *s)
{
    for (struct seat *seat = s->seats, *next; seat; seat = next) {
        next = seat->next;
        db_disconnect(&seat->c);
        ctx_free(&seat->c);
        free(seat);
    }
    s->seats = NULL;
}

bool work_put(struct server *s, struct work *w)
{
    pthread_mutex_lock(&s->work_lock);
    bool room = s->waiting < QUEUE_MOST && !s->stopping;
    if (room) {
        w->next = NULL;
        if (!s->waiting)
            s->taken = monotonic_ms();
        *s->last = w;
        s->last = &w->next;
        s->waiting++;
        pthread_cond_signal(&s->work_there);
    }
    pthread_mutex_unlock(&s->work_lock);
    return room;
}

static struct work *work_take(struct server *s)
{
    pthread_mutex_lock(&s->work_lock);
    while (!s->first && !s->stopping)
        pthread_cond_wait(&s->work_there, &s->work_lock);
    struct work *w = s->first;
    if (w) {
        s->taken = monotonic_ms();
        s->first = w->next;
        if (!s->first)
            s->last = &s->first;
        s->waiting--;
    }
    pthread_mutex_unlock(&s->work_lock);
    return w;
}

static void *worker(void *of)
{
    for (struct work *w; (w = work_take(of));)
        w->run(w->of);
    return NULL;
}

bool workers_start(struct server *s)
{
    s->last = &s->first;
    pthread_mutex_init(&s->work_lock, NULL);
    pthread_mutex_init(&s->seats_lock, NULL);
    pthread_cond_init(&s->work_there, NULL);
    for (; s->nworkers < WORKERS; s->nworkers++)
        if (pthread_create(&s->workers[s->nworkers], NULL, worker, s) != 0)
            return false;
    return true;
}

void workers_stop(struct server *s)
{
    pthread_mutex_lock(&s->work_lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->work_there);
    pthread_mutex_unlock(&s->work_lock);
    for (size_t i = 0; i < s->nworkers; i++)
        pthread_join(s->workers[i], NULL);
    s->nworkers = 0;
}

bool workers_get_on(struct server *s)
{
    enum { HALF_A_MINUTE = 30000 };
    pthread_mutex_lock(&s->work_lock);
    bool on = !s->waiting || monotonic_ms() - s->taken < HALF_A_MINUTE;
    pthread_mutex_unlock(&s->work_lock);
    return on;
}
