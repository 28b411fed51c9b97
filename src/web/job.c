/* See job.h. */
#define ALLOW_MALLOC
#include "job.h"

#include "base/str.h"
#include "model/scope.h"
#include "party/sign_in.h"
#include "spool.h"

#include <time.h>

enum { THREADS = 2, KEPT_MOST = 200, OF_ONE_MOST = 4, KEPT_MS = 24 * 60 * 60 * 1000 };

struct job {
    struct jobs *jobs;
    struct arena memory; /* of the texts */
    char id[SPOOL_NAME];
    int64_t account;
    struct session session;
    enum lang lang;
    struct job_order order;
    enum job_state state;
    const char *why;
    int64_t began, ended; /* ms, on the clock of the day */
    atomic_llong done, total;
    atomic_bool stop;
    struct ctx *c;        /* while it runs */
    struct job *next;
};

struct jobs {
    struct server *server;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t threads[THREADS];
    size_t nthreads;
    struct job *first; /* in the order in which they were begun */
    bool stopping;
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool has_ended(const struct job *j)
{
    return j->state >= JOB_DONE;
}

/* --- running ------------------------------------------------------------------------------------------- */

static bool same_key(const struct job_order *a, const struct job_order *b)
{
    return a->key && b->key && strcmp(a->key, b->key) == 0;
}

static bool may_run(const struct jobs *all, const struct job *j)
{
    for (const struct job *other = all->first; other; other = other->next)
        if (other->state == JOB_RUNS && same_key(&other->order, &j->order))
            return false;
    return j->state == JOB_WAITS;
}

static struct job *next_waiting(const struct jobs *all)
{
    for (struct job *j = all->first; j; j = j->next)
        if (may_run(all, j))
            return j;
    return NULL;
}

/* Whoever began it may have lost their account since. */
static bool still_somebody(struct ctx *c)
{
    if (!db_begin(c, DB_READ))
        return false;
    bool gone = c->actor->gone;
    if (gone)
        fail(c, ERR_DENIED, "Phiên đăng nhập đã kết thúc trước khi việc này bắt đầu: đăng nhập rồi làm lại.", "The session ended before this began: sign in and begin again.");
    return db_commit(c) && !gone;
}

static void run_in(struct job *j, struct ctx *c)
{
    c->now.v = now_ms();
    c->today = instant_day(c->now);
    c->lang = j->lang;
    c->actor = actor_of_session(c, &j->session);
    c->after_begin = actor_refresh;
    j->c = c;
    if (still_somebody(c))
        j->order.run(c, j, j->order.of);
    j->c = NULL;
}

static void run(struct job *j)
{
    struct jobs *all = j->jobs;
    struct seat *seat = seat_take(all->server);
    if (seat)
        run_in(j, &seat->c);
    const char *why = !seat ? words_in((struct words){"Máy chủ không nối được với dữ liệu.", "The server cannot reach its data."}, j->lang)
                      : failed(&seat->c) ? seat->c.err.text : NULL;
    pthread_mutex_lock(&all->lock);
    j->ended = now_ms();
    j->why = why ? arena_text(&j->memory, why) : NULL;
    j->state = why && j->stop ? JOB_STOPPED : why ? JOB_FAILED : JOB_DONE;
    pthread_cond_broadcast(&all->changed);
    pthread_mutex_unlock(&all->lock);
    if (seat)
        seat_give(all->server, seat);
}

static void *worker(void *of)
{
    struct jobs *all = of;
    pthread_mutex_lock(&all->lock);
    while (!all->stopping) {
        struct job *j = next_waiting(all);
        if (!j) {
            pthread_cond_wait(&all->changed, &all->lock);
            continue;
        }
        j->state = JOB_RUNS;
        j->began = now_ms();
        pthread_mutex_unlock(&all->lock);
        run(j);
        pthread_mutex_lock(&all->lock);
    }
    pthread_mutex_unlock(&all->lock);
    return NULL;
}

static void job_free(struct job *j)
{
    arena_free(&j->memory);
    free(j);
}

struct jobs *jobs_start(struct server *s)
{
    struct jobs *all = calloc(1, sizeof *all);
    pthread_condattr_t monotonic;
    if (!all)
        return NULL;
    all->server = s;
    pthread_mutex_init(&all->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&all->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    for (; all->nthreads < THREADS; all->nthreads++)
        if (pthread_create(&all->threads[all->nthreads], NULL, worker, all) != 0)
            break;
    if (all->nthreads)
        return all;
    free(all);
    return NULL;
}

void jobs_stop(struct jobs *all)
{
    if (!all)
        return;
    pthread_mutex_lock(&all->lock);
    all->stopping = true;
    for (struct job *j = all->first; j; j = j->next)
        j->stop = true;
    pthread_cond_broadcast(&all->changed);
    pthread_mutex_unlock(&all->lock);
    for (size_t i = 0; i < all->nthreads; i++)
        pthread_join(all->threads[i], NULL);
    for (struct job *j = all->first, *next; j; j = next) {
        next = j->next;
        job_free(j);
    }
    free(all);
}

/* --- beginning ------------------------------------------------------------------------------------------ */

/* Forgets what ended long ago, and the oldest that ended when there are too many. With the lock. */
static void forget_old(struct jobs *all)
{
    size_t n = 0;
    for (const struct job *j = all->first; j; j = j->next)
        n++;
    for (struct job **at = &all->first; *at;) {
        struct job *j = *at;
        if (has_ended(j) && (n > KEPT_MOST || now_ms() - j->ended > KEPT_MS)) {
            *at = j->next;
            job_free(j);
            n--;
        } else {
            at = &j->next;
        }
    }
}

static size_t unfinished(const struct jobs *all, int64_t account)
{
    size_t n = 0;
    for (const struct job *j = all->first; j; j = j->next)
        n += j->account == account && !has_ended(j);
    return n;
}

/* One of the same key that has not ended is the one, or makes way. NULL: a new one is to be begun. */
static const struct job *one_of_key(struct jobs *all, const struct job *j)
{
    for (struct job *other = all->first; other; other = other->next) {
        if (has_ended(other) || other->account != j->account || !same_key(&other->order, &j->order))
            continue;
        if (other->order.only)
            return other;
        other->stop = true;
        if (other->state == JOB_WAITS) {
            other->state = JOB_STOPPED;
            other->ended = now_ms();
        }
    }
    return NULL;
}

static void add_last(struct jobs *all, struct job *j)
{
    struct job **last = &all->first;
    while (*last)
        last = &(*last)->next;
    *last = j;
    pthread_cond_broadcast(&all->changed);
}

const char *job_begin(struct request *r, const struct job_order *o)
{
    struct jobs *all = r->server->jobs;
    struct job *j = r->who.session ? calloc(1, sizeof *j) : NULL;
    if (!j) {
        fail(r->c, ERR_DENIED, "Việc này cần một phiên đăng nhập.", "This needs a session.");
        return NULL;
    }
    void *of = arena_alloc(&j->memory, o->size + 1);
    memcpy(of, o->of, o->size);
    j->jobs = all;
    j->account = r->who.account;
    j->session = *r->who.session;
    j->lang = r->c->lang;
    j->order = *o;
    j->order.title = arena_text(&j->memory, o->title);
    j->order.result = arena_text(&j->memory, o->result);
    j->order.back = arena_text(&j->memory, o->back);
    j->order.key = arena_text(&j->memory, o->key);
    j->order.of = of;
    spool_name(j->id);
    const char *id = arena_text(&r->c->arena, j->id);
    pthread_mutex_lock(&all->lock);
    forget_old(all);
    const struct job *instead = one_of_key(all, j);
    bool room = !instead && unfinished(all, j->account) < OF_ONE_MOST && !all->stopping;
    if (instead)
        id = arena_text(&r->c->arena, instead->id);
    if (room)
        add_last(all, j);
    pthread_mutex_unlock(&all->lock);
    if (room)
        return id;
    if (instead) {
        job_free(j);
        return id;
    }
    job_free(j);
    fail(r->c, ERR_BUSY, "Đồng chí đang có %d việc chạy chưa xong: chờ một việc xong rồi làm tiếp.", "You have %d jobs that have not ended: wait for one of them.", OF_ONE_MOST);
    return NULL;
}

/* --- looking -------------------------------------------------------------------------------------------- */

static struct job *find(const struct jobs *all, const char *id)
{
    for (struct job *j = all->first; j; j = j->next)
        if (strcmp(j->id, id) == 0)
            return j;
    return NULL;
}

bool job_look(struct jobs *all, struct ctx *c, int64_t account, const char *id, struct job_look *out)
{
    pthread_mutex_lock(&all->lock);
    const struct job *j = find(all, id);
    if (j && j->account != account)
        j = NULL;
    if (j) {
        int64_t until = j->ended ? j->ended : now_ms();
        *out = (struct job_look){.state = j->state, .title = arena_text(&c->arena, j->order.title), .result = arena_text(&c->arena, j->order.result),
                                 .back = arena_text(&c->arena, j->order.back), .why = arena_text(&c->arena, j->why), .done = j->done, .total = j->total,
                                 .seconds = j->began ? (until - j->began) / 1000 : 0, .may_stop = j->order.may_stop, .stopping = j->stop};
        for (const struct job *before = all->first; before != j; before = before->next)
            out->ahead += !has_ended(before);
    }
    pthread_mutex_unlock(&all->lock);
    return j != NULL;
}

bool job_stop(struct jobs *all, int64_t account, const char *id)
{
    pthread_mutex_lock(&all->lock);
    struct job *j = find(all, id);
    bool found = j && j->account == account && j->order.may_stop;
    if (found)
        j->stop = true;
    if (found && j->state == JOB_WAITS) {
        j->state = JOB_STOPPED;
        j->ended = now_ms();
    }
    pthread_mutex_unlock(&all->lock);
    return found;
}

bool job_wait(struct jobs *all, const char *id, int64_t ms)
{
    struct timespec until;
    bool ended = true;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t nanoseconds = until.tv_nsec + ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + nanoseconds / 1000000000;
    until.tv_nsec = nanoseconds % 1000000000;
    pthread_mutex_lock(&all->lock);
    for (const struct job *j; (j = find(all, id)) && !(ended = has_ended(j));)
        if (pthread_cond_timedwait(&all->changed, &all->lock, &until) != 0)
            break;
    pthread_mutex_unlock(&all->lock);
    return ended;
}

/* --- for the work itself ---------------------------------------------------------------------------------- */

void job_progress(void *job, int64_t done, int64_t total)
{
    struct job *j = job;
    j->done = done;
    j->total = total;
    if (j->stop && j->c)
        fail(j->c, ERR_CONFLICT, "Đã dừng theo yêu cầu; chưa có gì được ghi.", "Stopped as you asked; nothing was written.");
}

struct server *job_server(const struct job *j)
{
    return j->jobs->server;
}
