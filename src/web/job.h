/* Slow work that goes on when its page is left: on threads of its own, so that it blocks nobody's request. Each has a page with how far it
 * is and what came of it, for the account that began it alone. What was begun ends with the server; nothing of it is then half done,
 * since each writes in one transaction. */
#ifndef WEB_JOB_H
#define WEB_JOB_H

#include "server.h"

enum job_state { JOB_WAITS, JOB_RUNS, JOB_DONE, JOB_FAILED, JOB_STOPPED };

struct job;

struct job_order {
    const char *title;      /* "Kiểm tra dangvien.xlsx" */
    const char *result;     /* the address of what came of it */
    const char *back;       /* the address to go to when it failed */
    const char *key;        /* of jobs with the same key one runs at a time; NULL = none */
    bool only;              /* and when one of them has not ended, that is the job: none is begun. Else it is stopped */
    bool may_stop;
    /* In a context of its own with the rights of whoever began it; what it fails with is told on its page. */
    void (*run)(struct ctx *, struct job *, const void *of);
    const void *of;         /* copied; holds no pointers */
    size_t size;
};

struct job_look {
    enum job_state state;
    const char *title, *result, *back, *why; /* why: of a failure */
    int64_t done, total;    /* total 0: it cannot be told */
    int64_t seconds;        /* since it began to run */
    size_t ahead;           /* how many others run or wait before it */
    bool may_stop, stopping;
};

struct jobs *jobs_start(struct server *); /* NULL: no threads to be had */
void jobs_stop(struct jobs *);            /* what runs is stopped; NULL is fine */

/* The id of the job; NULL after fail(). */
const char *job_begin(struct request *, const struct job_order *);
/* False: none of that account. Texts are copied into the arena. */
bool job_look(struct jobs *, struct ctx *, int64_t account, const char *id, struct job_look *out);
bool job_stop(struct jobs *, int64_t account, const char *id);
/* Waits until it has ended, but no longer than that; whether it has. So what is quick needs no page of its own. */
bool job_wait(struct jobs *, const char *id, int64_t ms);

/* For the work itself. job_progress() is an import's `progress` with the job as `progress_to`. */
void job_progress(void *job, int64_t done, int64_t total);
struct server *job_server(const struct job *);

#endif
