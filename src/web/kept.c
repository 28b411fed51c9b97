/* See kept.h. A page carries the token of its forms in several places; those are filled in anew each time. */
#include "kept.h"

#include "route.h"

#include "base/crypt.h"
#include "base/str.h"
#include "model/recall.h"

enum { MARKS_MOST = 64, PAGE_LARGEST = 256 * 1024 };

struct kept {
    char *text;
    size_t n, nmarks;
    size_t marks[MARKS_MOST]; /* where the token of the forms stands */
};

static void add_text(struct hash_state *h, const char *s)
{
    hash_add(h, s ? s : "", s ? strlen(s) + 1 : 1);
}

/* Everything but the data that a page is made from. */
static struct recall_key key_of(struct request *r)
{
    struct recall_key key = {"page", {0}};
    struct hash_state h;
    unsigned char sum[HASH_BYTES];
    const struct actor *a = r->c->actor;
    const int64_t numbers[] = {r->who.account, r->who.person, r->who.administrator, r->who.ends_in, (int64_t)r->who.scopes, (int64_t)r->c->lang, r->secure, (int64_t)(a ? a->print : 0)};
    hash_begin(&h);
    hash_add(&h, numbers, sizeof numbers);
    add_text(&h, r->path);
    add_text(&h, r->who.login);
    add_text(&h, r->who.name);
    add_text(&h, cookie_get(r, "theme"));
    if (r->kind)
        add_text(&h, cookie_get(r, arena_printf(&r->c->arena, "cols-%s", r->kind->name)));
    for (const struct input *in = r->query; in; in = in->next) {
        add_text(&h, in->name);
        add_text(&h, in->value);
    }
    hash_end(&h, sum);
    memcpy(key.about, sum, sizeof sum);
    return key;
}

static bool may_be_kept(const struct request *r)
{
    return (r->route->flags & KEPT) && r->who.session && r->who.csrf;
}

bool page_again(struct request *r)
{
    if (!may_be_kept(r))
        return false;
    const struct recall_key key = key_of(r);
    const struct kept *k = recall(r->c, &key);
    if (!k)
        return false;
    size_t n = strlen(r->who.csrf);
    buf_add(&r->out, k->text, k->n);
    for (size_t i = 0; i < k->nmarks && !r->out.failed; i++)
        memcpy(r->out.p + k->marks[i], r->who.csrf, n);
    return r->whole = true;
}

/* Where the token stands; false when it stands in too many places. */
static bool find_marks(struct kept *k, const char *csrf)
{
    size_t n = strlen(csrf);
    for (const char *p = k->text, *end = k->text + k->n; (p = memmem(p, (size_t)(end - p), csrf, n)); p += n) {
        if (k->nmarks == MARKS_MOST)
            return false;
        k->marks[k->nmarks++] = (size_t)(p - k->text);
    }
    return true;
}

void page_keep(struct request *r)
{
    bool plain = r->whole && !r->nheaders && !r->nreads && !r->location && !r->file && !r->download && !r->encoded && !r->type && (!r->status || r->status == 200);
    struct arena *room = may_be_kept(r) && plain && !failed(r->c) && r->out.n && r->out.n <= PAGE_LARGEST ? recall_room(r->c) : NULL;
    if (!room)
        return;
    const struct recall_key key = key_of(r);
    struct kept *k = NEW(room, struct kept);
    k->text = arena_copy(room, r->out.p, r->out.n);
    k->n = r->out.n;
    if (find_marks(k, r->who.csrf))
        recall_keep(r->c, &key, k);
}
