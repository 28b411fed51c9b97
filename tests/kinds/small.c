/* See small.h. */
#include "small.h"

#include "base/crypt.h"
#include "base/embedded.h"
#include "model/schema.h"
#include "model/type.h"
#include "testdb.h"

static void die(struct ctx *c, const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, failed(c) ? c->err.text : why ? why : "?");
    exit(70);
}

struct ctx *small_open(void)
{
    const struct embedded *first = NULL;
    size_t n = embedded_list("rules/", &first);
    struct ctx *c = testdb_open();
    struct model_file *files = NEW_N(&c->arena, struct model_file, n + 1);
    for (size_t i = 0; i < n; i++)
        files[i] = (struct model_file){first[i].name, first[i].data, first[i].size};
    if (!crypt_start() || !model_start(c, files, n))
        die(c, "rules", "cannot start");
    c->before_commit = audit_flush;
    c->actor = access_operator(c, "test");
    if (!schema_apply(c))
        die(c, "schema", NULL);
    return c;
}

void small_close(struct ctx *c)
{
    struct model *m = (struct model *)(uintptr_t)c->model;
    testdb_close(c);
    model_free(m);
}

static bool fill_in(struct ctx *c, const struct kind *k, void *record, va_list args)
{
    for (const char *name; (name = va_arg(args, const char *));) {
        const char *value = va_arg(args, const char *), *why;
        const struct field *f = field_need(k, name);
        if (!value || !*value)
            field_set(f, record, value_null());
        else if ((why = type_parse(c, f, value_text(value), record)))
            die(c, name, why);
    }
    return !failed(c);
}

int64_t put(struct ctx *c, const struct kind *k, ...)
{
    struct row *row = arena_alloc(&c->arena, k->size);
    struct problems p;
    va_list args;
    va_start(args, k);
    bool ok = db_begin(c, DB_WRITE) && fill_in(c, k, row, args);
    va_end(args);
    problems_start(&p, c);
    ok = ok && record_save(c, k, row, &p);
    if (!db_commit(c) || !ok)
        die(c, k->name, p.first ? p.first->text : NULL);
    return row->id;
}

bool change(struct ctx *c, const struct kind *k, int64_t id, ...)
{
    struct problems p;
    va_list args;
    va_start(args, id);
    problems_start(&p, c);
    bool ok = db_begin(c, DB_WRITE);
    struct row *row = ok ? record_find(c, k, id, 0) : NULL;
    ok = row && fill_in(c, k, row, args) && record_save(c, k, row, &p);
    va_end(args);
    if (!db_commit(c))
        die(c, k->name, NULL);
    return ok;
}
