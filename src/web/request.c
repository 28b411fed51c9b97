/* Values and addresses of a request; see request.h. */
#include "request.h"

#include "base/str.h"

static const char *value_of(const struct input *in, const char *name)
{
    for (; in; in = in->next)
        if (!in->path && strcmp(in->name, name) == 0)
            return in->value;
    return NULL;
}

const char *query_get(const struct request *r, const char *name)
{
    return value_of(r->query, name);
}

const char *form_get(const struct request *r, const char *name)
{
    return value_of(r->form, name);
}

const struct input *form_file(const struct request *r, const char *name)
{
    for (const struct input *in = r->form; in; in = in->next)
        if (in->path && strcmp(in->name, name) == 0)
            return in;
    return NULL;
}

const char *cookie_get(struct request *r, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = r->cookies; p && *p;) {
        p += strspn(p, "; ");
        size_t len = strcspn(p, ";");
        if (len > n && strncmp(p, name, n) == 0 && p[n] == '=')
            return arena_copy(&r->c->arena, p + n + 1, len - n - 1);
        p += len;
    }
    return NULL;
}

static void add(struct buf *b, const char *name, const char *value, bool *any)
{
    buf_char(b, *any ? '&' : '?');
    url_part(b, name);
    buf_char(b, '=');
    url_part(b, value);
    *any = true;
}

static void add_place(struct request *r, struct buf *b, bool *any)
{
    char at[DAY_TEXT];
    if (r->place.unit)
        add(b, "unit", r->place.code, any);
    if (r->place.at_given)
        add(b, "at", day_iso(r->place.at.v, at), any);
}

static const char *url_of(struct request *r, const char *path, bool with_place, va_list args)
{
    struct buf b = {0};
    bool any = strchr(path, '?') != NULL;
    buf_puts(&b, path);
    if (with_place)
        add_place(r, &b, &any);
    for (const char *name; (name = va_arg(args, const char *));) {
        const char *value = va_arg(args, const char *);
        if (value && *value)
            add(&b, name, value, &any);
    }
    return buf_take(&b, &r->c->arena);
}

const char *url(struct request *r, const char *path, ...)
{
    va_list args;
    va_start(args, path);
    const char *s = url_of(r, path, true, args);
    va_end(args);
    return s;
}

const char *url_plain(struct request *r, const char *path, ...)
{
    va_list args;
    va_start(args, path);
    const char *s = url_of(r, path, false, args);
    va_end(args);
    return s;
}

enum { CHANGES_MOST = 16 };

const char *here(struct request *r, ...)
{
    const char *names[CHANGES_MOST], *values[CHANGES_MOST];
    size_t n = 0;
    bool any = false;
    struct buf b = {0};
    va_list args;
    va_start(args, r);
    for (const char *name; n < CHANGES_MOST && (name = va_arg(args, const char *)); n++) {
        names[n] = name;
        values[n] = va_arg(args, const char *);
    }
    va_end(args);
    buf_puts(&b, r->path);
    for (const struct input *in = r->query; in; in = in->next) {
        bool changed = strcmp(in->name, "notice") == 0 || strcmp(in->name, "undo") == 0;
        for (size_t i = 0; i < n; i++)
            changed |= strcmp(names[i], in->name) == 0;
        if (!changed && *in->value)
            add(&b, in->name, in->value, &any);
    }
    for (size_t i = 0; i < n; i++)
        if (values[i] && *values[i])
            add(&b, names[i], values[i], &any);
    return buf_take(&b, &r->c->arena);
}

void answer_header(struct request *r, const char *name, const char *value)
{
    if (r->nheaders < N(r->headers)) {
        r->headers[r->nheaders][0] = name;
        r->headers[r->nheaders++][1] = value;
    }
}

void redirect(struct request *r, const char *to)
{
    r->status = 303;
    r->location = to;
}

void request_reads(struct request *r, const struct kind *k, const void *record, const char *act, const char *note)
{
    if (r->nreads < READS_MOST)
        r->reads[r->nreads++] = (struct read_note){k, record, act, note};
    else
        fail(r->c, ERR_BROKEN, "Trang này mở quá nhiều hồ sơ cá nhân một lúc.", "This page opens too many personal records at once.");
}
