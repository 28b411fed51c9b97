/* Rules of the field as data: dated sets of items with their sources. Nearly every rule is dated and local; a
 * record keeps the id of the set under which it was made. */
#define ALLOW_MALLOC
#include "model.h"
#include "record.h"

#include "base/text.h"

#include <jansson.h>

enum { RULES = 64, NAMES = 24 };

struct entry {
    struct rule_item item;
    char *names[NAMES]; /* folded: code, labels, other names */
    size_t nnames;
};

struct rule_set {
    int32_t from, until;
    struct entry *items, **by_code;
    size_t n;
};

struct rule {
    const char *name;
    struct rule_set *sets; /* latest first */
    size_t n;
};

struct model {
    struct arena arena;
    struct rule rules[RULES];
    size_t nrules;
    json_t *files[RULES * 2];
    size_t nfiles;
    struct kind_texts *texts;
};

static const struct rule *find(const struct model *m, const char *name)
{
    for (size_t i = 0; m && i < m->nrules; i++)
        if (strcmp(m->rules[i].name, name) == 0)
            return &m->rules[i];
    return NULL;
}

static const char *text_at(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static bool day_at(const json_t *o, const char *key, int32_t none, int32_t *out)
{
    const char *s = text_at(o, key);
    *out = none;
    return !s || day_parse(s, strlen(s), false, out);
}

static void name_add(struct model *m, struct entry *e, const char *s)
{
    if (!s || e->nnames == NAMES)
        return;
    e->names[e->nnames++] = text_fold(&m->arena, s);
}

static bool load_item(struct model *m, const json_t *o, const json_t *set, struct entry *e)
{
    const char *code = text_at(o, "code"), *vi = text_at(o, "vi"), *en = text_at(o, "en");
    if (!code || !vi || !en)
        return false;
    const json_t *certain = json_object_get(o, "certain");
    e->item = (struct rule_item){.code = code, .label = {vi, en}, .set = text_at(set, "id"), .source = text_at(set, "source"),
                                 .value = (int64_t)json_integer_value(json_object_get(o, "value")),
                                 .certain = !(certain && json_is_false(certain)), .json = o};
    name_add(m, e, code);
    name_add(m, e, vi);
    name_add(m, e, en);
    const json_t *also = json_object_get(o, "also");
    for (size_t i = 0; i < json_array_size(also); i++)
        name_add(m, e, json_string_value(json_array_get(also, i)));
    return true;
}

static int by_code(const void *a, const void *b)
{
    const struct entry *const *x = a, *const *y = b;
    int way = strcmp((*x)->item.code, (*y)->item.code);
    return way ? way : *x < *y ? -1 : *x > *y;
}

/* The first item of the code in the set. */
static const struct rule_item *item_in(const struct rule_set *s, const char *code)
{
    size_t from = 0, to = s->n;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        if (strcmp(s->by_code[mid]->item.code, code) < 0)
            from = mid + 1;
        else
            to = mid;
    }
    return from < s->n && strcmp(s->by_code[from]->item.code, code) == 0 ? &s->by_code[from]->item : NULL;
}

static bool load_set(struct model *m, const json_t *o, struct rule_set *s)
{
    const json_t *items = json_object_get(o, "items");
    if (!day_at(o, "from", 0, &s->from) || !day_at(o, "until", DAY_OPEN, &s->until) || !json_is_array(items))
        return false;
    s->n = json_array_size(items);
    s->items = NEW_N(&m->arena, struct entry, s->n + 1);
    for (size_t i = 0; i < s->n; i++)
        if (!load_item(m, json_array_get(items, i), o, &s->items[i]))
            return false;
    s->by_code = NEW_N(&m->arena, struct entry *, s->n + 1);
    for (size_t i = 0; i < s->n; i++)
        s->by_code[i] = &s->items[i];
    qsort(s->by_code, s->n, sizeof *s->by_code, by_code);
    return true;
}

static bool load_rule(struct model *m, const json_t *o)
{
    const char *name = text_at(o, "rule");
    const json_t *sets = json_object_get(o, "sets");
    if (!name || !json_is_array(sets) || m->nrules == RULES)
        return false;
    struct rule *r = NULL;
    for (size_t i = 0; i < m->nrules; i++)
        if (strcmp(m->rules[i].name, name) == 0)
            r = &m->rules[i];
    if (!r)
        r = &m->rules[m->nrules++];
    *r = (struct rule){.name = name, .n = json_array_size(sets)};
    r->sets = NEW_N(&m->arena, struct rule_set, r->n + 1);
    for (size_t i = 0; i < r->n; i++)
        if (!load_set(m, json_array_get(sets, i), &r->sets[i]))
            return false;
    for (size_t i = 1; i < r->n; i++) /* latest first */
        for (size_t j = i; j && r->sets[j].from > r->sets[j - 1].from; j--) {
            struct rule_set t = r->sets[j];
            r->sets[j] = r->sets[j - 1];
            r->sets[j - 1] = t;
        }
    return true;
}

static void tell_fault(void *to, const char *what)
{
    struct ctx *c = to;
    fail(c, ERR_BROKEN, "Khai báo loại hồ sơ sai: %s", "A kind is declared wrongly: %s", what);
}

struct model *model_start(struct ctx *c, const struct model_file *files, size_t n)
{
    if (kinds_check(tell_fault, c))
        return NULL;
    struct model *m = calloc(1, sizeof *m);
    if (!m)
        abort();
    for (size_t i = 0; i < n && m->nfiles < N(m->files) && !failed(c); i++) {
        json_error_t at;
        json_t *o = json_loadb(files[i].data, files[i].size, JSON_REJECT_DUPLICATES, &at);
        if (!o)
            fail(c, ERR_CONFIG, "Tệp quy tắc %s sai ở dòng %d: %s", "Rule file %s is wrong at line %d: %s", files[i].name,
                 at.line, at.text);
        else if (m->files[m->nfiles++] = o, !load_rule(m, o))
            fail(c, ERR_CONFIG, "Tệp quy tắc %s thiếu rule, sets, items, code, vi, en hoặc có ngày sai.",
                 "Rule file %s lacks rule, sets, items, code, vi, en or has a wrong day.", files[i].name);
    }
    if (failed(c)) {
        model_free(m);
        return NULL;
    }
    m->texts = NEW_N(&m->arena, struct kind_texts, nkinds);
    for (size_t i = 0; i < nkinds; i++) {
        struct kind_texts t = record_texts(c, kinds[i]);
        m->texts[i] = (struct kind_texts){arena_text(&m->arena, t.insert), arena_text(&m->arena, t.by_id)};
    }
    c->model = m;
    return m;
}

const struct kind_texts *model_texts(const struct ctx *c, const struct kind *k)
{
    return c->model ? &c->model->texts[kind_index(k)] : NULL;
}

void model_free(struct model *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->nfiles; i++)
        json_decref(m->files[i]);
    arena_free(&m->arena);
    free(m);
}

static bool in_force(const struct rule_set *s, day d)
{
    return !d.v || (s->from <= d.v && d.v < s->until);
}

const struct rule_item *rule_item(const struct ctx *c, const char *rule, const char *code, day d)
{
    const struct rule *r = find(c->model, rule);
    if (!r || !code)
        return NULL;
    for (int any = 0; any < 2; any++)
        for (size_t i = 0; i < r->n; i++) {
            const struct rule_item *item = any || in_force(&r->sets[i], d) ? item_in(&r->sets[i], code) : NULL;
            if (item)
                return item;
        }
    return NULL;
}

static bool has_name(const struct entry *e, const char *fold)
{
    for (size_t i = 0; i < e->nnames; i++)
        if (strcmp(e->names[i], fold) == 0)
            return true;
    return false;
}

static const struct rule_item *match_in(const struct rule_set *s, const char *fold)
{
    const struct rule_item *hit = NULL;
    for (size_t j = 0; j < s->n; j++) {
        if (!has_name(&s->items[j], fold))
            continue;
        if (hit)
            return NULL;
        hit = &s->items[j].item;
    }
    return hit;
}

const struct rule_item *rule_match(struct ctx *c, const char *rule, const char *words, day d)
{
    const struct rule *r = find(c->model, rule);
    if (!r || !words)
        return NULL;
    const struct rule_item *hit = rule_item(c, rule, words, d);
    if (hit)
        return hit;
    struct arena_mark mark = arena_mark(&c->arena);
    char *fold = text_fold(&c->arena, words);
    for (int any = 0; any < 2 && !hit; any++)
        for (size_t i = 0; i < r->n && !hit; i++)
            if (any || in_force(&r->sets[i], d))
                hit = match_in(&r->sets[i], fold);
    arena_rewind(&c->arena, mark);
    return hit;
}

const char *rule_label(const struct ctx *c, const char *rule, const char *code)
{
    const struct rule_item *i = rule_item(c, rule, code, c->today);
    return i ? in_words(c, i->label) : code;
}

const char *rule_attr(const struct rule_item *i, const char *attribute)
{
    return i ? text_at(i->json, attribute) : NULL;
}

int64_t rule_number(const struct rule_item *i, const char *attribute)
{
    const json_t *v = i ? json_object_get(i->json, attribute) : NULL;
    return json_is_integer(v) ? (int64_t)json_integer_value(v) : 0;
}

bool rule_flag(const struct rule_item *i, const char *attribute)
{
    return i && json_is_true(json_object_get(i->json, attribute));
}

size_t rule_items(struct ctx *c, const char *rule, day d, const struct rule_item ***out)
{
    const struct rule *r = find(c->model, rule);
    for (size_t i = 0; r && i < r->n; i++) {
        if (!in_force(&r->sets[i], d))
            continue;
        *out = NEW_N(&c->arena, const struct rule_item *, r->sets[i].n + 1);
        for (size_t j = 0; j < r->sets[i].n; j++)
            (*out)[j] = &r->sets[i].items[j].item;
        return r->sets[i].n;
    }
    return 0;
}

bool rule_exists(const struct ctx *c, const char *rule)
{
    return find(c->model, rule) != NULL;
}

size_t rule_list(const struct rule_item *i, const char *attribute, const void **elements, size_t room)
{
    const json_t *list = i ? json_object_get(i->json, attribute) : NULL;
    size_t n = json_array_size(list);
    for (size_t j = 0; j < n && j < room; j++)
        elements[j] = json_array_get(list, j);
    return n < room ? n : room;
}

const char *rule_element_text(const void *element, const char *key)
{
    return key ? text_at(element, key) : json_string_value(element);
}

size_t rule_element_words(const void *element, const char *key, const char **out, size_t room)
{
    const json_t *list = json_object_get(element, key);
    size_t n = json_array_size(list);
    for (size_t j = 0; j < n && j < room; j++)
        out[j] = json_string_value(json_array_get(list, j));
    return n < room ? n : room;
}
