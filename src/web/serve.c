/* Starting and stopping; see web.h. */
#include "assets.h"
#include "connection.h"
#include "job.h"
#include "metrics.h"
#include "reaper.h"
#include "sign_in.h"
#include "spool.h"
#include "model/scope.h"
#include "party/verbs.h"

#include "base/str.h"

#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* "127.0.0.1:8080", "[::1]:8443", ":8443": host and port. */
static bool split_address(struct ctx *c, const char *s, const char **host, const char **port)
{
    const char *colon = strrchr(s, ':');
    if (!colon || !colon[1]) {
        fail(c, ERR_USAGE, "Địa chỉ “%s” phải có dạng MÁY:CỔNG, ví dụ 127.0.0.1:8080.", "Address “%s” must be HOST:PORT, such as 127.0.0.1:8080.", s);
        return false;
    }
    bool brackets = *s == '[' && colon > s && colon[-1] == ']';
    *host = arena_copy(&c->arena, s + brackets, (size_t)(colon - s) - (brackets ? 2U : 0U));
    *port = colon + 1;
    return true;
}

static bool is_loopback(const struct sockaddr *a)
{
    if (a->sa_family == AF_INET)
        return (ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr) >> 24) == 127;
    return a->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr);
}

static int open_socket(struct ctx *c, const struct addrinfo *a)
{
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 || bind(fd, a->ai_addr, a->ai_addrlen) != 0 || listen(fd, 1024) != 0) {
        fail(c, ERR_UNAVAILABLE, "Không mở được cổng: %s. Có chương trình khác đang dùng?", "Cannot open the port: %s. Is another program using it?", strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

/* A listening socket; elsewhere than on loopback only with TLS. */
static int listen_on(struct ctx *c, const char *address, bool tls)
{
    const char *host, *port;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found = NULL;
    if (!split_address(c, address, &host, &port))
        return -1;
    int fd = -1, why = getaddrinfo(*host ? host : NULL, port, &hints, &found);
    if (why != 0)
        fail(c, ERR_USAGE, "Không hiểu địa chỉ “%s”: %s.", "Cannot understand address “%s”: %s.", address, gai_strerror(why));
    else if (!tls && !is_loopback(found->ai_addr))
        fail(c, ERR_USAGE, "Ngoài máy này chỉ phục vụ qua TLS: tạo chứng thư bằng “dangbo tls init”, rồi thêm --tls-cert và --tls-key.",
             "Elsewhere than on this machine only TLS is served: make a certificate by “dangbo tls init”, then add --tls-cert and --tls-key.");
    else
        fd = open_socket(c, found);
    if (found)
        freeaddrinfo(found);
    return fd;
}

/* Tells whoever started the server, when that asked to be told (systemd's protocol). */
static void tell_starter(const char *what)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t n = path ? strlen(path) : 0;
    if (!n || n >= sizeof to.sun_path)
        return;
    memcpy(to.sun_path, path, n);
    if (*path == '@')
        to.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        if (sendto(fd, what, strlen(what), MSG_NOSIGNAL, (const struct sockaddr *)&to, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) < 0)
            fputs("{\"level\":\"warning\",\"event\":\"notify\"}\n", stderr);
        close(fd);
    }
}

/* Now and then: what sessions have to write, and a sign of life while the workers get on. */
static void housekeeping(struct ctx *c, struct server *s)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    c->now.v = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    c->today = instant_day(c->now);
    if (session_flush_due(s->sessions, c->now))
        session_flush(s->sessions, c);
    spool_sweep(s->spool, c->now);
    c->err = (struct err){0}; /* what could not be written now is tried again */
    if (workers_get_on(s))
        tell_starter("WATCHDOG=1");
}

static void read_certificates(struct ctx *c, struct certificates *certs)
{
    if (certs && !certificates_again(c, certs))
        fprintf(stderr, "{\"level\":\"error\",\"event\":\"tls\",\"text\":\"the certificate cannot be read; the former one stays\"}\n");
    c->err = (struct err){0};
}

/* Until the signal that ends the server, or until the disk no longer keeps what it is given. */
static void wait_for_end(struct ctx *c, struct server *s, struct certificates *certs, const sigset_t *signals)
{
    const struct timespec some = {.tv_sec = 5};
    for (int got = 0; got != SIGTERM && got != SIGINT && !store_stopped(s->options.store);) {
        got = sigtimedwait(signals, NULL, &some);
        if (got == SIGHUP)
            read_certificates(c, certs);
        housekeeping(c, s);
    }
    tell_starter("STOPPING=1");
}

/* Nobody new comes in; what is being worked on is finished and sent. */
static void finish(struct ctx *c, struct server *s, struct MHD_Daemon *d)
{
    enum { PATIENCE_MS = 8000 };
    int64_t until = monotonic_ms() + PATIENCE_MS;
    int fd = MHD_quiesce_daemon(d);
    workers_stop(s);
    while (s->in_flight && monotonic_ms() < until)
        usleep(20000);
    MHD_stop_daemon(d);
    jobs_stop(s->jobs);
    s->jobs = NULL;
    if (fd >= 0)
        close(fd);
    session_flush(s->sessions, c);
    seats_free(s);
}

/* Beside the one database of a directory; servers that share a PostgreSQL are each told, or find it there. */
static const char *key_file(struct ctx *c, const struct web_options *o)
{
    return o->second_key || store_engine(o->store) != DB_SQLITE ? o->second_key : arena_printf(&c->arena, "%s/second.key", store_where(o->store));
}

static bool start_parts(struct ctx *c, struct server *s)
{
    s->assets = assets_load(c);
    s->sessions = sessions_new(c);
    s->gate = failed(c) ? NULL : gate_new(c, key_file(c, &s->options));
    s->spool = failed(c) ? NULL : spool_open(c, s->options.store);
    s->jobs = failed(c) ? NULL : jobs_start(s);
    s->metrics = metrics_new();
    s->reaper = reaper_new((size_t)s->options.connections);
    if (failed(c) || !s->jobs || !s->metrics || !s->reaper || !workers_start(s))
        fail(c, ERR_FULL, "Không đủ bộ nhớ hoặc luồng để khởi động.", "Not enough memory or threads to start.");
    return !failed(c);
}

static void stop_parts(struct server *s)
{
    jobs_stop(s->jobs);
    reaper_free(s->reaper);
    metrics_free(s->metrics);
    gate_free(s->gate);
    sessions_free(s->sessions);
}

static void block_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
}

bool web_serve(struct ctx *c, const struct web_options *o)
{
    struct server s = {.options = *o};
    sigset_t signals;
    const char *address = o->listen ? o->listen : "127.0.0.1:8080";
    if (s.options.threads < 1)
        s.options.threads = (int)sysconf(_SC_NPROCESSORS_ONLN);
    if (s.options.connections < 1)
        s.options.connections = 1000;
    struct certificates *certs = o->cert ? certificates_load(c, o->cert, o->key) : NULL;
    int fd = failed(c) ? -1 : listen_on(c, address, certs != NULL), health = fd >= 0 && o->metrics ? listen_on(c, o->metrics, false) : -1;
    struct MHD_Daemon *d = NULL, *m = NULL;
    block_signals(&signals);
    if (!failed(c) && start_parts(c, &s)) {
        m = health >= 0 ? metrics_listen(c, &s, health) : NULL;
        d = failed(c) ? NULL : listen_start(c, &s, fd, certs);
    }
    if (d) {
        fprintf(stderr, "%s %s://%s\n", words_in((struct words){"Đang phục vụ tại", "Serving at"}, c->lang), certs ? "https" : "http", address);
        tell_starter("READY=1");
        wait_for_end(c, &s, certs, &signals);
        finish(c, &s, d);
    }
    if (m)
        MHD_stop_daemon(m);
    stop_parts(&s);
    certificates_free(certs);
    if (store_stopped(o->store))
        fail(c, ERR_FULL, "Đĩa không giữ được dữ liệu vừa ghi: máy chủ dừng để không báo sai. Kiểm tra đĩa rồi khởi động lại.",
             "The disk did not keep what was written: the server stops rather than say what is not so. Check the disk, then start again.");
    return d != NULL;
}
