/* See assets.h. */
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

void p_asset(struct request *r)
{
    const struct assets *a = r->server->assets;
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->all[i].path, r->path) == 0) {
            r->type = a->all[i].type;
            r->immutable = true;
            buf_add(&r->out, a->all[i].file->data, a->all[i].file->size);
            return;
        }
    fail(r->c, ERR_MISSING, "Không có tệp này.", "There is no such file.");
}
