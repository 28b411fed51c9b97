/* What is sent: headers that every answer carries, compression, and the line in the log. */
#define ALLOW_MALLOC
#include "connection.h"
#include "metrics.h"

#include "base/str.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { GZIP_FROM = 1400, GZIP_LEVEL = 1 /* 8.6 kB of a page of 55 in 0.2 ms; the next kilobyte costs as much again */ };

int64_t monotonic_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const char *address_text(struct arena *a, const struct sockaddr *from)
{
    char shown[INET6_ADDRSTRLEN] = "";
    if (from->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)from)->sin_addr, shown, sizeof shown);
    else if (from->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, shown, sizeof shown);
    return arena_text(a, shown);
}

/* libdeflate, because a whole page at a time is all there ever is, and it takes half of zlib's time. */
unsigned char *gzipped(const void *p, size_t n, int level, size_t *size)
{
    struct libdeflate_compressor *z = libdeflate_alloc_compressor(level);
    unsigned char *out = z ? malloc(n) : NULL;
    *size = out ? libdeflate_gzip_compress(z, p, n, out, n) : 0; /* 0: it would be no smaller */
    libdeflate_free_compressor(z);
    if (*size)
        return out;
    free(out);
    return NULL;
}

static bool is_text(const char *type)
{
    return str_starts(type, "text/") || strstr(type, "json") || strstr(type, "javascript") || strstr(type, "svg");
}

static struct MHD_Response *from_buffer(struct connection *k, const char *type)
{
    struct request *r = &k->request;
    struct MHD_Response *m;
    size_t size = 0;
    unsigned char *zip = r->takes_gzip && !r->encoded && r->out.n >= GZIP_FROM && r->out.n < UINT32_MAX && is_text(type) ? gzipped(r->out.p, r->out.n, GZIP_LEVEL, &size) : NULL;
    if (zip) {
        m = MHD_create_response_from_buffer(size, zip, MHD_RESPMEM_MUST_FREE);
        MHD_add_response_header(m, "Content-Encoding", "gzip");
        k->sent = size;
        return m;
    }
    k->sent = r->out.n;
    if (!r->out.p)
        return MHD_create_response_from_buffer(0, (void *)(uintptr_t)"", MHD_RESPMEM_PERSISTENT);
    m = MHD_create_response_from_buffer(r->out.n, r->out.p, MHD_RESPMEM_MUST_FREE);
    r->out = (struct buf){0};
    return m;
}

static struct MHD_Response *from_file(struct connection *k)
{
    struct request *r = &k->request;
    struct stat st;
    int fd = open(r->file, O_RDONLY | O_CLOEXEC);
    if (!r->file_stays)
        unlink(r->file);
    if (fd < 0 || fstat(fd, &st) != 0)
        return NULL;
    k->sent = (size_t)st.st_size;
    return MHD_create_response_from_fd64((uint64_t)st.st_size, fd);
}

/* RFC 6266: a plain name for old clients, the true one for all others. */
static void add_disposition(struct connection *k, struct MHD_Response *m)
{
    struct buf b = {0};
    buf_puts(&b, "attachment; filename=\"");
    for (const char *s = k->request.download; *s; s++)
        buf_char(&b, (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') || *s == '.' || *s == '-' ? *s : '_');
    buf_puts(&b, "\"; filename*=UTF-8''");
    url_part(&b, k->request.download);
    MHD_add_response_header(m, "Content-Disposition", buf_text(&b));
    buf_free(&b);
}

static void add_headers(struct connection *k, struct MHD_Response *m, const char *type)
{
    static const char *const always[][2] = {
        {"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; font-src 'self'; form-action 'self'; "
                                    "base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"},
        {"X-Frame-Options", "DENY"},
    };
    struct request *r = &k->request;
    for (size_t i = 0; i < N(always); i++)
        MHD_add_response_header(m, always[i][0], always[i][1]);
    if (r->secure)
        MHD_add_response_header(m, "Strict-Transport-Security", "max-age=31536000");
    MHD_add_response_header(m, "Content-Type", type);
    MHD_add_response_header(m, "Cache-Control", r->immutable ? "public, max-age=31536000, immutable" : "no-store");
    MHD_add_response_header(m, "Vary", "Accept-Encoding, Cookie");
    MHD_add_response_header(m, "X-Request-Id", r->id);
    if (k->hangs_up)
        MHD_add_response_header(m, "Connection", "close");
    if (r->location)
        MHD_add_response_header(m, "Location", r->location);
    if (r->download)
        add_disposition(k, m);
    for (size_t i = 0; i < r->nheaders; i++)
        MHD_add_response_header(m, r->headers[i][0], r->headers[i][1]);
}

enum MHD_Result connection_answer(struct connection *k)
{
    struct request *r = &k->request;
    if (!k->seat) { /* not even a context could be had: said plainly */
        r->status = k->refused ? k->refused : 503;
        r->type = "text/plain; charset=utf-8";
        buf_clear(&r->out);
        buf_puts(&r->out, "Máy chủ đang bận hoặc không nối được với dữ liệu: thử lại sau ít phút.\nThe server is busy or cannot reach its data: try again in a few minutes.\n");
        answer_header(r, "Retry-After", "5");
    }
    if (r->status == 503 && k->seat)
        answer_header(r, "Retry-After", "5");
    const char *type = r->type ? r->type : "text/html; charset=utf-8";
    struct MHD_Response *m = r->file ? from_file(k) : from_buffer(k, type);
    if (!m)
        return MHD_NO;
    add_headers(k, m, type);
    enum MHD_Result queued = MHD_queue_response(k->mhd, (unsigned)(r->status ? r->status : 200), m);
    MHD_destroy_response(m);
    return queued;
}

void connection_log(const struct connection *k)
{
    const struct request *r = &k->request;
    metrics_count(k->server->metrics, r->route, r->status ? r->status : 200, monotonic_ms() - k->started, k->sent);
    if (k->server->options.quiet)
        return;
    char at[INSTANT_TEXT];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    instant_iso((instant){(int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000}, at);
    fprintf(stderr, "{\"ts\":\"%s\",\"level\":\"info\",\"event\":\"request\",\"req_id\":\"%s\",\"account\":%lld,\"method\":\"%s\",\"route\":\"%s\",\"status\":%d,\"dur_ms\":%lld,\"statements\":%lld,\"bytes\":%zu}\n",
            at, r->id, (long long)r->who.account, r->method, r->route ? r->route->pattern : "-", r->status ? r->status : 200, (long long)(monotonic_ms() - k->started),
            (long long)r->statements, k->sent);
}

void listen_log(void *server, const char *fmt, va_list args)
{
    (void)server;
    char line[300];
    vsnprintf(line, sizeof line, fmt, args);
    for (char *s = line; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == '"' || *s == '\\')
            *s = ' ';
    fprintf(stderr, "{\"level\":\"warning\",\"event\":\"http\",\"text\":\"%s\"}\n", line);
}
