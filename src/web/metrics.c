/* See metrics.h. */
#define ALLOW_MALLOC
#include "metrics.h"

#include "connection.h"
#include "model/schema.h"
#include "reaper.h"

#include <sys/statvfs.h>

enum { BUCKETS = 10, CLASSES = 6, ROUTES_MOST = 256 };
static const int64_t upto_ms[BUCKETS] = {1, 2, 5, 10, 25, 50, 100, 250, 1000, 5000};

struct of_route {
    atomic_ullong bucket[BUCKETS + 1], by_class[CLASSES], ms, bytes;
};

struct metrics {
    struct of_route routes[ROUTES_MOST + 1]; /* the last: requests that fit none */
};

struct metrics *metrics_new(void)
{
    return calloc(1, sizeof(struct metrics));
}

void metrics_free(struct metrics *m)
{
    free(m);
}

void metrics_count(struct metrics *m, const struct route *route, int status, int64_t ms, size_t bytes)
{
    size_t at = route && (size_t)(route - routes) < ROUTES_MOST ? (size_t)(route - routes) : ROUTES_MOST, b = 0;
    struct of_route *r = &m->routes[at];
    while (b < BUCKETS && ms > upto_ms[b])
        b++;
    r->bucket[b]++;
    r->by_class[status >= 100 && status < 600 ? status / 100 : 0]++;
    r->ms += (unsigned long long)ms;
    r->bytes += bytes;
}

static void histogram(struct buf *b, const struct route *route, const struct of_route *r)
{
    unsigned long long sum = 0;
    const char *pattern = route ? route->pattern : "none", *method = route ? route->method : "none";
    for (size_t i = 0; i <= BUCKETS; i++) {
        sum += r->bucket[i];
        if (i < BUCKETS)
            buf_printf(b, "dangbo_http_request_duration_seconds_bucket{method=\"%s\",route=\"%s\",le=\"%g\"} %llu\n", method, pattern, (double)upto_ms[i] / 1000, sum);
    }
    buf_printf(b, "dangbo_http_request_duration_seconds_bucket{method=\"%s\",route=\"%s\",le=\"+Inf\"} %llu\n", method, pattern, sum);
    buf_printf(b, "dangbo_http_request_duration_seconds_sum{method=\"%s\",route=\"%s\"} %g\n", method, pattern, (double)r->ms / 1000);
    buf_printf(b, "dangbo_http_request_duration_seconds_count{method=\"%s\",route=\"%s\"} %llu\n", method, pattern, sum);
}

static bool used(const struct of_route *r)
{
    for (size_t i = 0; i <= BUCKETS; i++)
        if (r->bucket[i])
            return true;
    return false;
}

static void write_all(struct server *s, struct buf *b)
{
    const struct metrics *m = s->metrics;
    buf_puts(b, "# HELP dangbo_http_request_duration_seconds How long requests took, by route.\n# TYPE dangbo_http_request_duration_seconds histogram\n");
    for (size_t i = 0; i <= ROUTES_MOST; i++)
        if (used(&m->routes[i]))
            histogram(b, i < nroutes ? &routes[i] : NULL, &m->routes[i]);
    buf_puts(b, "# HELP dangbo_http_responses_total Answers, by route and class of status.\n# TYPE dangbo_http_responses_total counter\n");
    for (size_t i = 0; i <= ROUTES_MOST; i++)
        for (size_t k = 1; k < CLASSES; k++)
            if (m->routes[i].by_class[k])
                buf_printf(b, "dangbo_http_responses_total{method=\"%s\",route=\"%s\",class=\"%zuxx\"} %llu\n", i < nroutes ? routes[i].method : "none", i < nroutes ? routes[i].pattern : "none", k,
                           (unsigned long long)m->routes[i].by_class[k]);
    buf_printf(b, "# HELP dangbo_http_connections Connections that are open.\n# TYPE dangbo_http_connections gauge\ndangbo_http_connections %zu\n", reaper_open(s->reaper));
    buf_printf(b, "# HELP dangbo_http_shed_total Connections closed because they were too slow.\n# TYPE dangbo_http_shed_total counter\ndangbo_http_shed_total %zu\n", reaper_shed(s->reaper));
    pthread_mutex_lock(&s->work_lock);
    size_t waiting = s->waiting;
    pthread_mutex_unlock(&s->work_lock);
    buf_printf(b, "# HELP dangbo_work_waiting Requests that wait for a worker.\n# TYPE dangbo_work_waiting gauge\ndangbo_work_waiting %zu\n", waiting);
    buf_printf(b, "# HELP dangbo_build_info The program.\n# TYPE dangbo_build_info gauge\ndangbo_build_info{database=\"%s\"} 1\n", store_engine(s->options.store) == DB_SQLITE ? "sqlite" : "postgresql");
}

/* Room on the disk that holds the data; true where there is no such disk (a server of its own). */
static bool disk_has_room(const struct server *s)
{
    struct statvfs v;
    if (store_engine(s->options.store) != DB_SQLITE || statvfs(store_where(s->options.store), &v) != 0 || !v.f_blocks)
        return true;
    return v.f_bavail * 20 > v.f_blocks; /* more than five in a hundred */
}

static bool ready(struct server *s, struct buf *b)
{
    struct seat *seat = seat_take(s);
    bool answers = seat && db_begin(&seat->c, DB_READ), current = answers && schema_current(&seat->c), room = disk_has_room(s), writes = !store_stopped(s->options.store);
    if (answers)
        db_commit(&seat->c);
    if (seat)
        seat_give(s, seat);
    buf_printf(b, "database %s\nschema %s\ndisk %s\nwriting %s\n", answers ? "ok" : "fails", current ? "ok" : "fails", room ? "ok" : "full", writes ? "ok" : "stopped");
    return answers && current && room && writes;
}

static enum MHD_Result handle(void *of, struct MHD_Connection *mhd, const char *path, const char *method, const char *version, const char *data, size_t *n, void **state)
{
    struct server *s = of;
    struct buf b = {0};
    unsigned status = 200;
    (void)version;
    (void)data;
    if (!*state) {
        *state = s;
        return MHD_YES;
    }
    *n = 0;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        status = 405;
    else if (strcmp(path, "/livez") == 0)
        buf_puts(&b, "ok\n");
    else if (strcmp(path, "/readyz") == 0)
        status = ready(s, &b) ? 200 : 503;
    else if (strcmp(path, "/metrics") == 0)
        write_all(s, &b);
    else
        status = 404;
    struct MHD_Response *m = b.p ? MHD_create_response_from_buffer(b.n, b.p, MHD_RESPMEM_MUST_FREE) : MHD_create_response_from_buffer(0, (void *)(uintptr_t)"", MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(m, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    MHD_add_response_header(m, "Cache-Control", "no-store");
    enum MHD_Result queued = MHD_queue_response(mhd, status, m);
    MHD_destroy_response(m);
    return queued;
}

struct MHD_Daemon *metrics_listen(struct ctx *c, struct server *s, int socket)
{
    struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, handle, s, MHD_OPTION_LISTEN_SOCKET, socket, MHD_OPTION_CONNECTION_LIMIT, 16U,
                                            MHD_OPTION_CONNECTION_TIMEOUT, 10U, MHD_OPTION_END);
    if (!d)
        fail(c, ERR_UNAVAILABLE, "Không mở được cổng theo dõi.", "The port for metrics cannot be opened.");
    return d;
}
