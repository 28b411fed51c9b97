/* Starting and stopping; see web.h. */
#include "assets.h"
#include "connection.h"
#include "job.h"
#include "sign_in.h"
#include "spool.h"
#include "model/scope.h"
#include "party/verbs.h"

#include "base/str.h"

#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <sys/socket.h>
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

static const char *read_pem(struct ctx *c, const char *path)
{
    if (!path || failed(c))
        return NULL;
    FILE *f = fopen(path, "re");
    char *pem = arena_alloc(&c->arena, 65536);
    size_t n = f ? fread(pem, 1, 65535, f) : 0;
    if (f)
        fclose(f);
    if (!n)
        fail(c, ERR_CONFIG, "Không đọc được “%s”.", "Cannot read “%s”.", path);
    return n ? pem : NULL;
}

/* Until the signal that ends the server; now and then what sessions have to write is written. */
static void wait_for_end(struct ctx *c, struct server *s, const sigset_t *signals)
{
    const struct timespec some = {.tv_sec = 10};
    for (int got = 0; got != SIGTERM && got != SIGINT;) {
        got = sigtimedwait(signals, NULL, &some);
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        c->now.v = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
        c->today = instant_day(c->now);
        if (session_flush_due(s->sessions, c->now))
            session_flush(s->sessions, c);
        spool_sweep(s->spool, c->now);
        c->err = (struct err){0}; /* what could not be written now is tried again */
    }
    session_flush(s->sessions, c);
}

bool web_serve(struct ctx *c, const struct web_options *o)
{
    struct server s = {.options = *o};
    sigset_t signals;
    const char *address = o->listen ? o->listen : "127.0.0.1:8080";
    s.assets = assets_load(c);
    s.sessions = sessions_new(c);
    s.gate = failed(c) ? NULL : gate_new(c);
    s.spool = failed(c) ? NULL : spool_open(c, o->store);
    if (s.options.threads < 1)
        s.options.threads = (int)sysconf(_SC_NPROCESSORS_ONLN);
    const char *cert = read_pem(c, o->cert), *key = read_pem(c, o->key);
    int fd = failed(c) ? -1 : listen_on(c, address, cert != NULL);
    if (fd < 0)
        return false;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    s.jobs = jobs_start(&s);
    struct MHD_Daemon *d = s.jobs && workers_start(&s) ? listen_start(c, &s, fd, cert, key) : NULL;
    if (d) {
        fprintf(stderr, "%s %s://%s\n", words_in((struct words){"Đang phục vụ tại", "Serving at"}, c->lang), cert ? "https" : "http", address);
        wait_for_end(c, &s, &signals);
        MHD_stop_daemon(d);
    }
    jobs_stop(s.jobs);
    workers_stop(&s);
    gate_free(s.gate);
    sessions_free(s.sessions);
    return d != NULL;
}
