/* What the parts of the server share: contexts with a session of the database each, workers for what is slow, counters. */
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include "request.h"
#include "web.h"

#include <pthread.h>
#include <stdatomic.h>

enum { WORKERS = 4, THREADS_MOST = 64, QUEUE_MOST = 512, BODY_MOST = 1 << 20, FILE_MOST = 20 << 20 };

/* A context with its session of the database; used by one request at a time. */
struct seat {
    struct ctx c;
    struct seat *next;
};

/* Something that a worker does: the rest of a request. */
struct work {
    void (*run)(void *);
    void *of;
    struct work *next;
};

struct assets;
struct sessions;
struct gate;
struct jobs;
struct metrics;
struct reaper;

struct server {
    const struct assets *assets;
    struct sessions *sessions;
    struct gate *gate;
    struct jobs *jobs;
    const char *spool;          /* folder of files on their way in or out, this account's alone */
    struct metrics *metrics;
    struct reaper *reaper;
    struct web_options options;
    struct seat *seats;         /* free ones */
    pthread_mutex_t seats_lock;
    pthread_mutex_t work_lock;
    pthread_cond_t work_there;
    struct work *first, **last;
    size_t waiting;
    pthread_t workers[WORKERS];
    size_t nworkers;
    bool stopping;
    int64_t taken;              /* when a worker took something last, ms; monotonic */
    atomic_int in_flight;       /* requests whose answer is not sent yet */
};

struct seat *seat_take(struct server *);           /* NULL when the database cannot be reached */
void seat_give(struct server *, struct seat *);
bool work_put(struct server *, struct work *) MUST; /* false: too much is waiting */
bool workers_start(struct server *) MUST;
void workers_stop(struct server *);                 /* after what is waiting was done; what comes later is refused */
bool workers_get_on(struct server *);               /* nothing has waited for half a minute */
void seats_free(struct server *);                   /* at the end, when nobody asks any more */

/* Runs the page of a request: who asks, what must hold, transaction, errors, headers. */
void dispatch(struct request *);
/* Compressed as gzip, from malloc; NULL when that is not worth it. */
unsigned char *gzipped(const void *p, size_t n, int level, size_t *size);
/* The page of an error, whatever was written before. */
void error_page(struct request *, int status);

#endif
