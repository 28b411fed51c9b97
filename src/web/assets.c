/* See assets.h. */
#define ALLOW_MALLOC
#include "assets.h"

#include "base/crypt.h"
#include "base/embedded.h"
#include "base/str.h"
#include "pages.h"
#include "server.h"

enum { ASSETS_MOST = 64 };

struct asset {
    const char *name, *path, *type;
    const struct embedded *file;
    const void *zip; /* NULL: larger than the file itself */
    size_t zip_size;
};

struct assets {
    struct asset all[ASSETS_MOST];
    size_t n;
};

static const char *type_of(const char *name)
{
    static const char *const types[][2] = {{".css", "text/css; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".svg", "image/svg+xml"},
                                           {".png", "image/png"}, {".webmanifest", "application/manifest+json"}};
    for (size_t i = 0; i < N(types); i++)
        if (str_ends(name, types[i][0]))
            return types[i][1];
    return "application/octet-stream";
}

static void compress(struct ctx *c, struct asset *a)
{
    unsigned char *zip = gzipped(a->file->data, a->file->size, 12, &a->zip_size);
    a->zip = zip ? arena_copy(&c->arena, (const char *)zip, a->zip_size) : NULL;
    free(zip);
}

struct assets *assets_load(struct ctx *c)
{
    const struct embedded *first = NULL;
    size_t n = embedded_list("assets/", &first);
    struct assets *a = NEW(&c->arena, struct assets);
    for (size_t i = 0; i < n && a->n < ASSETS_MOST; i++) {
        struct hash_state h;
        unsigned char sum[HASH_BYTES];
        char hex[HASH_HEX];
        const char *name = first[i].name + strlen("assets/"), *dot = strrchr(name, '.');
        if (!dot)
            continue;
        hash_begin(&h);
        hash_add(&h, first[i].data, first[i].size);
        hash_end(&h, sum);
        hash_hex(sum, hex);
        a->all[a->n++] = (struct asset){.name = name, .type = type_of(name), .file = &first[i],
                                        .path = arena_printf(&c->arena, "/s/%.*s.%.10s%s", (int)(dot - name), name, hex, dot)};
        compress(c, &a->all[a->n - 1]);
    }
    return a;
}

const char *asset_path(const struct server *s, const char *name)
{
    for (size_t i = 0; i < s->assets->n; i++)
        if (strcmp(s->assets->all[i].name, name) == 0)
            return s->assets->all[i].path;
    return "/s/missing";
}

static void put(struct request *r, const struct asset *a)
{
    r->type = a->type;
    if (r->takes_gzip && a->zip) {
        answer_header(r, "Content-Encoding", "gzip");
        r->encoded = true;
        buf_add(&r->out, a->zip, a->zip_size);
    } else {
        buf_add(&r->out, a->file->data, a->file->size);
    }
}

/* The name holds the hash: whoever has it has the file as it is. */
void p_asset(struct request *r)
{
    const struct assets *a = r->server->assets;
    for (size_t i = 0; i < a->n; i++) {
        if (strcmp(a->all[i].path, r->path) != 0)
            continue;
        const char *tag = arena_printf(&r->c->arena, "\"%s\"", a->all[i].path + strlen("/s/"));
        r->immutable = true;
        answer_header(r, "ETag", tag);
        if (r->if_none_match && strstr(r->if_none_match, tag))
            r->status = 304;
        else
            put(r, &a->all[i]);
        return;
    }
    fail(r->c, ERR_MISSING, "Không có tệp này.", "There is no such file.");
}

/* Browsers ask for it by this name whatever the pages say. */
void p_favicon(struct request *r)
{
    const struct assets *a = r->server->assets;
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->all[i].name, "favicon.svg") == 0)
            put(r, &a->all[i]);
}

/* Nothing here is for search engines. */
void p_robots(struct request *r)
{
    r->type = "text/plain; charset=utf-8";
    buf_puts(&r->out, "User-agent: *\nDisallow: /\n");
}
