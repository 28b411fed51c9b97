/* See history.h. */
#include "history.h"

#include "show.h"

#include "base/str.h"
#include "fmt/json.h"
#include "model/audit.h"

struct entry {
    instant at;
    const char *actor, *act, *note;
    void *before, *after;     /* records in which only the named fields are set */
    const char **names;       /* of the fields that the entry names, once each */
    size_t nnames;
};

struct gathered {
    struct request *r;
    const struct kind *kind;
    struct entry *all;
    size_t n, room;
};

const char *act_words(struct request *r, const char *act)
{
    static const struct {
        const char *act;
        struct words words;
    } all[] = {
        {"add", {"Thêm", "Added"}},           {"change", {"Sửa", "Changed"}},           {"remove", {"Xóa", "Removed"}},
        {"restore", {"Khôi phục", "Restored"}}, {"read", {"Xem hồ sơ", "Read"}},          {"export", {"Xuất", "Exported"}},
        {"undo", {"Hoàn tác", "Undone"}},      {"sign_in", {"Đăng nhập", "Signed in"}},  {"sign_in_failed", {"Đăng nhập không thành", "Sign-in refused"}},
        {"sign_out", {"Đăng xuất", "Signed out"}},
    };
    for (size_t i = 0; i < N(all); i++)
        if (strcmp(all[i].act, act) == 0)
            return in_words(r->c, all[i].words);
    return arena_text(&r->c->arena, act);
}

const char *moment_words(struct request *r, instant at)
{
    char shown[DAY_TEXT];
    int64_t minutes = (at.v + INT64_C(7) * 3600 * 1000) / 60000 % (24 * 60); /* UTC+7 */
    return arena_printf(&r->c->arena, "%s %02d:%02d", day_vi(instant_day(at).v, shown), (int)(minutes / 60), (int)(minutes % 60));
}

static void add_name(struct entry *e, const char *name)
{
    for (size_t i = 0; i < e->nnames; i++)
        if (strcmp(e->names[i], name) == 0)
            return;
    e->names[e->nnames++] = name;
}

static void add_names(struct gathered *g, struct entry *e, const char *json)
{
    json_t *o = json ? json_read(g->r->c, json, strlen(json)) : NULL;
    const char *name;
    json_t *value;
    json_object_foreach(o, name, value)
    {
        const struct field *f = field_find(g->kind, name);
        if (f && is_shown(f))
            add_name(e, f->name);
    }
    json_decref(o);
}

static void gather(void *to, const struct history_entry *h)
{
    struct gathered *g = to;
    struct arena *a = &g->r->c->arena;
    if (g->n == g->room) {
        struct entry *more = NEW_N(a, struct entry, g->room = g->room ? g->room * 2 : 32);
        if (g->n)
            memcpy(more, g->all, g->n * sizeof *more);
        g->all = more;
    }
    struct entry *e = &g->all[g->n++];
    *e = (struct entry){.at = h->at, .actor = arena_text(a, h->actor), .act = arena_text(a, h->act), .note = arena_text(a, h->note),
                        .before = arena_alloc(a, g->kind->size), .after = arena_alloc(a, g->kind->size), .names = NEW_N(a, const char *, g->kind->nfields + 1)};
    audit_apply(g->r->c, g->kind, e->before, h->before);
    audit_apply(g->r->c, g->kind, e->after, h->after);
    add_names(g, e, h->before);
    add_names(g, e, h->after);
}

static void show_entry(struct request *r, const struct kind *k, const struct entry *e, const struct labels *labels)
{
    struct buf *o = &r->out;
    html_f(o, "<li><b>%s</b><small>%s · %s%s%s</small>", act_words(r, e->act), moment_words(r, e->at), e->actor, e->note && *e->note ? " · " : "", e->note ? e->note : "");
    if (e->nnames)
        html(o, "<ul class=\"changes\">");
    for (size_t i = 0; i < e->nnames; i++) {
        const struct field *f = field_need(k, e->names[i]);
        const char *was = value_words(r, f, e->before, labels, true), *now = value_words(r, f, e->after, labels, true);
        html_f(o, "<li><b>%s</b> ", in_words(r->c, f->label));
        if (*was && strcmp(e->act, "add") != 0)
            html_f(o, "<del>%s</del> → ", was);
        html_f(o, "<ins>%s</ins></li>", *now ? now : T(r, "(trống)", "(blank)"));
    }
    if (e->nnames)
        html(o, "</ul>");
    html(o, "</li>");
}

/* How many entries before `end`, one after the other, say that the same person looked at the record; at least 1. */
static size_t reads_alike(const struct gathered *g, size_t end)
{
    size_t n = 1;
    const struct entry *last = &g->all[end - 1];
    while (n < end && strcmp(last->act, "read") == 0 && strcmp(g->all[end - 1 - n].act, "read") == 0 && strcmp(g->all[end - 1 - n].actor, last->actor) == 0)
        n++;
    return n;
}

/* Looking again and again is one line, so that what was changed is not lost among it. */
static void show_reads(struct request *r, const struct entry *first, const struct entry *last, size_t n)
{
    html_f(&r->out, "<li><b>%s</b> %s<small>%s – %s · %s</small></li>", act_words(r, last->act), arena_printf(&r->c->arena, T(r, "%zu lần", "%zu times"), n), moment_words(r, first->at),
           moment_words(r, last->at), last->actor);
}

void history_show(struct request *r, const struct kind *k, int64_t id)
{
    struct gathered g = {.r = r, .kind = k};
    if (!record_history(r->c, k, id, gather, &g)) {
        fail(r->c, ERR_MISSING, "Không có hồ sơ này, hoặc bạn không được xem.", "There is no such record, or it is not yours to see.");
        return;
    }
    void **rows = NEW_N(&r->c->arena, void *, 2 * g.n + 1); /* names of what the values point at, with one statement a kind */
    for (size_t i = 0; i < g.n; i++) {
        rows[2 * i] = g.all[i].before;
        rows[2 * i + 1] = g.all[i].after;
    }
    const struct labels *labels = labels_of(r->c, k, rows, 2 * g.n);
    html(&r->out, "<ol class=\"time\">");
    for (size_t i = g.n; i > 0;) {
        size_t alike = reads_alike(&g, i);
        if (alike > 1)
            show_reads(r, &g.all[i - alike], &g.all[i - 1], alike);
        else
            show_entry(r, k, &g.all[i - 1], labels);
        i -= alike;
    }
    html(&r->out, "</ol>");
}
