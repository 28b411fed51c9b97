/* Sockets, through libmicrohttpd: a pool of threads that talk to clients, each with its own epoll. A request is read whole into its
 * own small memory first, so that a slow client holds nothing of the database; then its page runs, here when it is quick and only
 * reads, else on a worker while the connection sleeps. No page knows of this file. */
#define ALLOW_MALLOC
#include "certificates.h"
#include "connection.h"

#include "base/crypt.h"
#include "base/str.h"
#include "base/temp.h"
#include "framing.h"
#include "model/record.h"
#include "reaper.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECE = 4096 };

static void note_failure(struct connection *k, int status)
{
    if (!k->refused)
        k->refused = status;
}

static bool clean_utf8(const char *s)
{
    return utf8_valid(s, strlen(s));
}

static void add_input(struct connection *k, bool to_form, const char *name, const char *value, size_t n)
{
    struct request *r = &k->request;
    bool clean = to_form || (utf8_valid(value, n) && !memchr(value, '\0', n)); /* of a form what came may end within a character */
    if (!clean_utf8(name) || !clean || ++k->inputs > INPUTS_MOST) {
        note_failure(k, 400);
        return;
    }
    struct input *in = NEW(&k->memory, struct input);
    in->name = arena_text(&k->memory, name);
    in->value = arena_copy(&k->memory, value, n);
    in->size = n;
    k->open_room = 0;
    bool repeats = r->route && (r->route->flags & REPEATS);
    for (const struct input *was = to_form ? r->form : r->query; was && !repeats; was = was->next)
        if (strcmp(was->name, name) == 0)
            note_failure(k, 400); /* which of two would count is a guess that attackers make use of */
    struct input ***last = to_form ? &k->last_form : &k->last_query;
    **last = in;
    *last = &in->next;
    k->open_input = in;
}

static enum MHD_Result query_pair(void *of, enum MHD_ValueKind kind, const char *name, size_t name_size, const char *value, size_t size)
{
    (void)kind;
    struct connection *k = of;
    if (strlen(name) != name_size)
        note_failure(k, 400);
    else
        add_input(k, false, name, value ? value : "", value ? size : 0);
    return MHD_YES;
}

/* A further piece of the value that came last. Room is doubled, so that a long text costs no more than a few times its size. */
static void more_of_input(struct connection *k, const char *data, size_t n)
{
    struct input *in = k->open_input;
    if (in->size + n >= k->open_room) {
        k->open_room = 2 * (in->size + n) + PIECE;
        char *more = arena_alloc(&k->memory, k->open_room);
        memcpy(more, in->value, in->size);
        in->value = more;
    }
    memcpy((char *)(uintptr_t)in->value + in->size, data, n);
    in->size += n;
}

/* Once all of it is there. */
static void judge_form(struct connection *k)
{
    for (const struct input *in = k->request.form; in; in = in->next)
        if (!in->path && (!utf8_valid(in->value, in->size) || memchr(in->value, '\0', in->size)))
            note_failure(k, 400);
}

static void begin_file(struct connection *k, const char *name, const char *filename)
{
    if (!clean_utf8(name) || !clean_utf8(filename) || ++k->inputs > INPUTS_MOST) {
        note_failure(k, 400);
        return;
    }
    char *path;
    k->file = temp_file(&k->memory, "upload", &path);
    if (k->file < 0) {
        note_failure(k, 507);
        return;
    }
    struct input *in = NEW(&k->memory, struct input);
    in->name = arena_text(&k->memory, name);
    in->value = arena_text(&k->memory, filename);
    in->path = path;
    *k->last_form = in;
    k->last_form = &in->next;
    k->open_input = in;
}

static void end_file(struct connection *k)
{
    if (k->file >= 0)
        close(k->file);
    k->file = -1;
}

static enum MHD_Result form_pair(void *of, enum MHD_ValueKind kind, const char *name, const char *filename, const char *type,
                                 const char *encoding, const char *data, uint64_t at, size_t n)
{
    (void)kind;
    (void)type;
    (void)encoding;
    struct connection *k = of;
    if (k->refused)
        return MHD_YES;
    if (filename && *filename) {
        if (at == 0) {
            end_file(k);
            begin_file(k, name, filename);
        }
        if (k->file >= 0 && n && write(k->file, data, n) != (ssize_t)n)
            note_failure(k, 507);
        else if (k->open_input)
            k->open_input->size += n;
        return MHD_YES;
    }
    if (at == 0)
        add_input(k, true, name, data, n);
    else if (k->open_input)
        more_of_input(k, data, n);
    return MHD_YES;
}

static const char *header(struct connection *k, const char *name)
{
    const char *v = MHD_lookup_connection_value(k->mhd, MHD_HEADER_KIND, name);
    return v && clean_utf8(v) ? v : NULL;
}

static void read_head(struct connection *k)
{
    struct request *r = &k->request;
    unsigned char random[8];
    crypt_random(random, sizeof random);
    for (size_t i = 0; i < sizeof random; i++)
        snprintf(r->id + 2 * i, 3, "%02x", random[i]);
    r->cookies = header(k, "Cookie");
    r->fetch_site = header(k, "Sec-Fetch-Site");
    r->origin = header(k, "Origin");
    r->host = header(k, "Host");
    r->agent = header(k, "User-Agent");
    r->accept = header(k, "Accept");
    r->authorization = header(k, "Authorization");
    r->if_none_match = header(k, "If-None-Match");
    r->if_match = header(k, "If-Match");
    r->idempotency = header(k, "Idempotency-Key");
    r->content_type = header(k, "Content-Type");
    const char *encoding = header(k, "Accept-Encoding");
    k->request.takes_gzip = encoding && strstr(encoding, "gzip");
    r->secure = k->server->options.cert != NULL;
    const union MHD_ConnectionInfo *peer = MHD_get_connection_info(k->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    r->address = peer ? address_text(&k->memory, peer->client_addr) : "";
}

/* What can be known before the body is read. */
static void judge_head(struct connection *k, int framing)
{
    struct request *r = &k->request;
    bool other;
    struct ctx scratch = {.arena = k->memory};
    r->c = &scratch;
    r->route = clean_utf8(r->path) ? route_match(r, &other) : (other = false, NULL);
    k->memory = scratch.arena;
    r->c = NULL;
    if (framing)
        note_failure(k, framing);
    else if (!r->route)
        note_failure(k, other ? 405 : 404);
    MHD_get_connection_values_n(k->mhd, MHD_GET_ARGUMENT_KIND, query_pair, k);
    k->body_most = r->route && (r->route->flags & TAKES_FILE) ? FILE_MOST : BODY_MOST;
    const char *length = header(k, "Content-Length");
    int64_t bytes;
    if (length && (!int_parse(length, &bytes) || bytes < 0))
        note_failure(k, 400);
    else if (length && (size_t)bytes > k->body_most)
        note_failure(k, 413);
    bool form = r->content_type && (str_starts(r->content_type, "application/x-www-form-urlencoded") || str_starts(r->content_type, "multipart/form-data"));
    if (form && !k->refused && strcmp(r->method, "POST") == 0)
        k->form = MHD_create_post_processor(k->mhd, 65536, form_pair, k);
}

static struct connection *connection_new(struct server *s, struct MHD_Connection *mhd, const char *path, const char *method, const char *version)
{
    struct connection *k = calloc(1, sizeof *k);
    if (!k)
        return NULL;
    struct request *r = &k->request;
    *k = (struct connection){.server = s, .mhd = mhd, .file = -1, .last_query = &r->query, .last_form = &r->form, .started = monotonic_ms()};
    k->memory.cap = (size_t)8 << 20;
    const union MHD_ConnectionInfo *own = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    k->watched = own ? own->socket_context : NULL;
    reaper_head(s->reaper, k->watched);
    r->server = s;
    s->in_flight++;
    r->method = strcmp(method, "HEAD") == 0 ? "GET" : arena_text(&k->memory, method);
    r->path = arena_text(&k->memory, path);
    read_head(k);
    judge_head(k, framing_judge(mhd, method, version));
    return k;
}

/* What the page says does not need the database any more, however slowly it is read. */
static void leave_seat(struct connection *k)
{
    if (k->seat)
        seat_give(k->server, k->seat);
    k->seat = NULL;
    k->request.c = NULL;
}

static void connection_free(struct connection *k)
{
    if (!k)
        return;
    end_file(k);
    if (k->form)
        MHD_destroy_post_processor(k->form);
    for (struct input *in = k->request.form; in; in = in->next)
        if (in->path)
            unlink(in->path);
    buf_free(&k->body);
    buf_free(&k->request.out);
    leave_seat(k);
    arena_free(&k->memory);
    free(k);
}

static void take_body(struct connection *k, const char *data, size_t n)
{
    k->body_size += n;
    reaper_body(k->server->reaper, k->watched, n);
    if (k->body_size > k->body_most)
        note_failure(k, 413);
    if (k->refused)
        return;
    if (k->form) {
        if (MHD_post_process(k->form, data, n) != MHD_YES)
            note_failure(k, 400);
    } else {
        buf_add(&k->body, data, n);
    }
}

/* The page, on whichever thread. */
static void run(struct connection *k)
{
    struct request *r = &k->request;
    k->seat = seat_take(k->server);
    if (!k->seat) {
        k->refused = 503;
        return;
    }
    struct ctx *c = r->c = &k->seat->c;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    c->now.v = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    c->today = instant_day(c->now);
    r->body = buf_text(&k->body);
    r->body_size = k->body.n;
    if (k->refused)
        error_page(r, k->refused);
    else
        dispatch(r);
}

static void run_and_wake(void *of)
{
    struct connection *k = of;
    run(k);
    k->ran = true;
    MHD_resume_connection(k->mhd);
}

static bool runs_elsewhere(const struct connection *k)
{
    const struct request *r = &k->request;
    return !k->refused && r->route && ((r->route->flags & SLOW) || strcmp(r->method, "GET") != 0);
}

/* The page, where it did not run yet, and what it says. */
static enum MHD_Result answer(struct connection *k)
{
    if (!k->ran) {
        run(k);
        k->ran = true;
    }
    enum MHD_Result queued = connection_answer(k);
    leave_seat(k);
    reaper_answers(k->server->reaper, k->watched, k->sent);
    return queued;
}

/* Takes escapes off, once. A NUL would end a path before its end, so that it meant another one: it becomes a byte that stands in no UTF-8. */
static size_t unescape(void *of, struct MHD_Connection *mhd, char *s)
{
    (void)of;
    (void)mhd;
    for (char *nul = s; (nul = strstr(nul, "%00"));)
        memcpy(nul, "%FF", 3);
    return MHD_http_unescape(s);
}

static enum MHD_Result handle(void *of, struct MHD_Connection *mhd, const char *path, const char *method, const char *version, const char *data, size_t *n, void **state)
{
    struct server *s = of;
    struct connection *k = *state;
    if (!k) {
        k = *state = connection_new(s, mhd, path, method, version);
        if (!k)
            return MHD_NO;
        bool asks = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
        k->hangs_up = k->refused && !(asks && (k->refused == 404 || k->refused == 405)); /* what would follow is not read */
        return k->hangs_up ? answer(k) : MHD_YES;
    }
    if (*n) {
        take_body(k, data, *n);
        *n = 0;
        return MHD_YES;
    }
    end_file(k);
    if (!k->ran)
        judge_form(k);
    reaper_works(s->reaper, k->watched);
    if (!k->ran && runs_elsewhere(k)) {
        k->work = (struct work){.run = run_and_wake, .of = k};
        MHD_suspend_connection(mhd);
        if (work_put(s, &k->work))
            return MHD_YES;
        MHD_resume_connection(mhd);
        k->refused = 503;
    }
    return answer(k);
}

static void completed(void *of, struct MHD_Connection *mhd, void **state, enum MHD_RequestTerminationCode how)
{
    struct server *s = of;
    struct connection *k = *state;
    (void)mhd;
    (void)how;
    if (k) {
        s->in_flight--;
        reaper_done(s->reaper, k->watched);
        connection_log(k);
    }
    connection_free(k);
    *state = NULL;
}

static void connected(void *of, struct MHD_Connection *mhd, void **state, enum MHD_ConnectionNotificationCode what)
{
    struct server *s = of;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        *state = fd ? reaper_opened(s->reaper, fd->connect_fd) : NULL;
    } else {
        reaper_closed(s->reaper, *state);
        *state = NULL;
    }
}

struct MHD_Daemon *listen_start(struct ctx *c, struct server *s, int socket, struct certificates *certs)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | (certs ? MHD_USE_TLS : 0);
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_CERT_CALLBACK, (intptr_t)certificate_of, (void *)(uintptr_t)certificate_of},
                                   {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)"SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:+CHACHA20-POLY1305:%SERVER_PRECEDENCE"},
                                   {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    unsigned limit = (unsigned)s->options.connections;
    struct MHD_Daemon *d =
        MHD_start_daemon(flags, 0, NULL, NULL, handle, s, MHD_OPTION_EXTERNAL_LOGGER, listen_log, s, MHD_OPTION_LISTEN_SOCKET, socket, MHD_OPTION_NOTIFY_COMPLETED, completed, s,
                         MHD_OPTION_NOTIFY_CONNECTION, connected, s, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)s->options.threads, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_MOST * 2,
                         MHD_OPTION_CONNECTION_LIMIT, limit + limit / 2 + 64U, /* the reaper keeps to the limit; what comes meanwhile finds room */
                         MHD_OPTION_CONNECTION_TIMEOUT, 60U, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL, MHD_OPTION_ARRAY, certs ? tls : none, MHD_OPTION_END);
    if (!d)
        fail(c, ERR_CONFIG, "Máy chủ web không khởi động được (chứng thư hoặc khóa TLS sai?).", "The web server did not start (a wrong certificate or key?).");
    return d;
}
