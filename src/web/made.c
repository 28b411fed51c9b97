/* See made.h. The note is a file of lines "name value". */
#include "made.h"

#include "base/str.h"
#include "job.h"
#include "server.h"

enum { QUICK_MS = 1200 };

static void put(struct buf *b, const char *name, const char *s)
{
    buf_printf(b, "%s ", name);
    for (; s && *s; s++)
        buf_char(b, (unsigned char)*s < ' ' ? ' ' : *s);
    buf_char(b, '\n');
}

bool made_save(struct ctx *c, const char *spool, const struct made *m)
{
    struct buf b = {0};
    buf_printf(&b, "account %lld\nmade_at %lld\nrows %lld\n", (long long)m->account, (long long)m->made_at, (long long)m->rows);
    put(&b, "kind", m->kind ? m->kind->name : "");
    put(&b, "title", m->title);
    put(&b, "about", m->about);
    put(&b, "name", m->name);
    put(&b, "ends", m->ends);
    put(&b, "unit", m->unit);
    put(&b, "again", m->again);
    bool good = spool_write(c, spool_path(c, spool, m->id, "made"), buf_text(&b), b.n);
    buf_free(&b);
    return good;
}

static void take(struct made *m, const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **text;
        int64_t *number;
    } all[] = {{"account", NULL, &m->account}, {"made_at", NULL, &m->made_at}, {"rows", NULL, &m->rows}, {"title", &m->title, NULL}, {"about", &m->about, NULL},
               {"name", &m->name, NULL},       {"ends", &m->ends, NULL},       {"unit", &m->unit, NULL}, {"again", &m->again, NULL}};
    if (strcmp(name, "kind") == 0)
        m->kind = kind_find(value);
    for (size_t i = 0; i < N(all); i++) {
        if (strcmp(all[i].name, name) != 0)
            continue;
        if (all[i].text)
            *all[i].text = value;
        else if (!int_parse(value, all[i].number))
            *all[i].number = 0;
    }
}

struct made *made_load(struct ctx *c, const char *spool, const char *id, int64_t account)
{
    size_t size = 0;
    const char *at = spool_name_right(id) ? spool_read(c, spool_path(c, spool, id, "made"), &size) : NULL;
    if (!at)
        return NULL;
    struct made *m = NEW(&c->arena, struct made);
    snprintf(m->id, sizeof m->id, "%s", id);
    m->title = m->about = m->name = m->ends = m->unit = m->again = "";
    while (*at) {
        size_t n = strcspn(at, "\n"), gap = strcspn(at, " \n");
        if (gap < n)
            take(m, arena_copy(&c->arena, at, gap), arena_copy(&c->arena, at + gap + 1, n - gap - 1));
        at += n + (at[n] == '\n');
    }
    return m->account && m->account == account && c->now.v - m->made_at < MADE_KEPT_MS ? m : NULL;
}

size_t made_all(struct ctx *c, const char *spool, int64_t account, size_t most, struct made ***out)
{
    enum { NAMES = 500 };
    char(*names)[SPOOL_NAME] = arena_alloc(&c->arena, sizeof *names * NAMES);
    struct made **all = NEW_N(&c->arena, struct made *, most + 1);
    size_t n = 0, found = spool_names(spool, "made", names, NAMES);
    for (size_t i = 0; i < found; i++) {
        struct made *m = made_load(c, spool, names[i], account);
        size_t at = n;
        while (m && at > 0 && all[at - 1]->made_at < m->made_at)
            at--;
        if (!m || at == most)
            continue;
        n += n < most;
        memmove(&all[at + 1], &all[at], (n - at - 1) * sizeof *all);
        all[at] = m;
    }
    *out = all;
    return n;
}

const char *made_path(struct ctx *c, const char *spool, const struct made *m, const char *end)
{
    return spool_path(c, spool, m->id, end);
}

const char *made_type(const char *end)
{
    static const char *const types[][2] = {{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}, {"csv", "text/csv; charset=utf-8"}, {"json", "application/json"},
                                           {"html", "text/html; charset=utf-8"}, {"txt", "text/plain; charset=utf-8"}};
    for (size_t i = 0; i < N(types); i++)
        if (str_same(types[i][0], end))
            return types[i][1];
    return NULL;
}

void pack(struct packed *p, const char *s)
{
    size_t n = s ? strlen(s) + 1 : 1;
    if (n > sizeof p->text - p->n) {
        p->full = true;
        return;
    }
    memcpy(p->text + p->n, s ? s : "", n);
    p->n += n;
}

const char *unpack(const struct packed *p, size_t *at)
{
    const char *s = *at < p->n ? p->text + *at : NULL;
    *at += s ? strlen(s) + 1 : 0;
    return s;
}

void made_begin(struct request *r, struct job_order *order, const char *made_id)
{
    struct job_look look;
    order->result = url(r, arena_printf(&r->c->arena, "/made/%s", made_id), NULL);
    order->may_stop = true;
    order->only = true; /* the same asked for again while it is being made is that one */
    const char *id = job_begin(r, order);
    if (!id)
        return;
    bool quick = job_wait(r->server->jobs, id, QUICK_MS) && job_look(r->server->jobs, r->c, r->who.account, id, &look) && look.state == JOB_DONE;
    redirect(r, quick ? look.result : url(r, arena_printf(&r->c->arena, "/job/%s", id), NULL));
}
