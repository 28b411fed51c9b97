/* The world of the tests of kinds; see world.h. */
#define ALLOW_MALLOC
#include "world.h"

#include "base/crypt.h"

#include <dirent.h>
#include <unistd.h>

static char folder[256];
static struct model *model;
static struct model_file files[64];
static char *bytes[64];

static char *read_all(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rbe");
    if (!f)
        return NULL;
    size_t cap = 1 << 16, got;
    char *p = malloc(cap + 1);
    *n = 0;
    while (p && (got = fread(p + *n, 1, cap - *n, f)) > 0)
        if ((*n += got) == cap)
            p = realloc(p, (cap *= 2) + 1);
    fclose(f);
    if (p)
        p[*n] = '\0';
    return p;
}

static void start_model(struct ctx *c)
{
    size_t n = 0;
    DIR *d = opendir(RULES);
    for (struct dirent *e; d && (e = readdir(d)) && n < N(files);) {
        char path[600];
        size_t len = strlen(e->d_name);
        if (len < 6 || strcmp(e->d_name + len - 5, ".json") != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", RULES, e->d_name);
        bytes[n] = read_all(path, &files[n].size);
        files[n].name = "rule";
        files[n].data = bytes[n];
        n += bytes[n] != NULL;
    }
    if (d)
        closedir(d);
    model = model_start(c, files, n);
    world_must(c, model != NULL);
}

struct ctx *world_open(void)
{
    if (!crypt_start())
        fail_msg("no random numbers");
    struct ctx *c = testdb_open();
    c->lang = LANG_VI;
    if (model)
        c->model = model;
    else
        start_model(c);
    c->actor = access_operator(c, "test");
    world_must(c, schema_apply(c));
    return c;
}

void world_close(struct ctx *c)
{
    testdb_close(c);
}

void world_must(struct ctx *c, bool ok)
{
    if (!ok || failed(c))
        fail_msg("%s", failed(c) ? c->err.text : "refused");
}

const char *world_path(const char *name)
{
    static char path[8][400];
    static unsigned at;
    if (!*folder) {
        const char *tmp = getenv("TMPDIR");
        snprintf(folder, sizeof folder, "%s/world-XXXXXX", tmp ? tmp : P_tmpdir);
        if (!mkdtemp(folder))
            fail_msg("%s cannot be made", folder);
    }
    char *to = path[at++ % N(path)];
    snprintf(to, sizeof path[0], "%s/%s", folder, name);
    return to;
}

const char *world_file(const char *name, const void *p, size_t n)
{
    const char *path = world_path(name);
    FILE *f = fopen(path, "wbe");
    if (!f || fwrite(p, 1, n, f) != n || fclose(f) != 0)
        fail_msg("%s cannot be written", path);
    return path;
}

const char *world_text(const char *name, const char *content)
{
    return world_file(name, content, strlen(content));
}

char *world_read(struct ctx *c, const char *path, size_t *n)
{
    char *p = read_all(path, n), *copy = p ? arena_copy(&c->arena, p, *n) : NULL;
    free(p);
    if (!copy)
        fail_msg("%s is not there", path);
    return copy;
}

void world_end(void)
{
    DIR *d = *folder ? opendir(folder) : NULL;
    for (struct dirent *e; d && (e = readdir(d));)
        unlinkat(dirfd(d), e->d_name, 0);
    if (d)
        closedir(d);
    if (*folder)
        rmdir(folder);
    model_free(model);
    model = NULL;
    for (size_t i = 0; i < N(bytes); i++)
        free(bytes[i]);
}

void world_units(struct ctx *c)
{
    world_must(c, db_begin(c, DB_WRITE));
    int64_t top = unit_found(c, "DU", "Đảng bộ xã Nam Trực", "party", "base_committee", NULL, 0, (day){20000101}, 0);
    for (int i = 1; i <= 3; i++)
        unit_found(c, arena_printf(&c->arena, "CB%d", i), arena_printf(&c->arena, "Chi bộ thôn %d", i), "party", "cell", NULL, top, (day){20000101}, 0);
    world_must(c, db_commit(c));
}

static void set(struct ctx *c, const struct kind *k, void *record, const char *field, const char *value)
{
    const char *why = type_parse(c, field_need(k, field), value_text(value), record);
    if (why)
        fail_msg("%s", why);
}

int64_t world_member(struct ctx *c, const char *code, const char *name, const char *cell)
{
    struct row *p = arena_alloc(&c->arena, person_kind.size);
    world_must(c, db_begin(c, DB_WRITE));
    set(c, &person_kind, p, "code", code);
    set(c, &person_kind, p, "name", name);
    set(c, &person_kind, p, "cell", cell);
    set(c, &person_kind, p, "admitted_on", "03/02/2005");
    set(c, &person_kind, p, "official_on", "03/02/2006");
    record_must_save(c, &person_kind, p);
    world_must(c, db_commit(c));
    return p->id;
}

const char *world_hash(struct ctx *c)
{
    struct hash_state h;
    unsigned char raw[HASH_BYTES];
    char *hex = arena_alloc(&c->arena, HASH_HEX);
    hash_begin(&h);
    for (size_t i = 0; i < nkinds; i++) {
        if ((kinds[i]->flags & (SYSTEM | COMPUTED)) == (SYSTEM | COMPUTED))
            continue;
        struct filter f = {.kind = kinds[i], .all_times = true};
        struct buf b = {0};
        int64_t n = export_records(c, &f, &(struct export_options){.format = EXPORT_JSON, .to = &b});
        world_must(c, n >= 0);
        hash_add(&h, buf_text(&b), b.n);
        buf_free(&b);
    }
    hash_end(&h, raw);
    hash_hex(raw, hex);
    return hex;
}
