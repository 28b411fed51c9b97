/* The table of kinds and the access to fields by their declaration. Knows no kind by name. */
#include "kind.h"

#include "base/str.h"

void problems_start(struct problems *p, struct ctx *c)
{
    *p = (struct problems){.c = c};
    p->last = &p->first;
}

static struct problem *problem_add(struct problems *p, const char *field, bool is_warning, const char *words)
{
    struct problem *one = NEW(&p->c->arena, struct problem);
    *one = (struct problem){.field = field, .text = words, .warning = is_warning};
    *p->last = one;
    p->last = &one->next;
    if (is_warning)
        p->warnings++;
    else
        p->n++;
    return one;
}

void duplicate(struct problems *p, const char *field, int64_t other, const char *vi, const char *en, ...)
{
    va_list args;
    va_start(args, en);
    struct problem *one = problem_add(p, field, !p->refuse_duplicates, arena_vprintf(&p->c->arena, p->c->lang == LANG_EN ? en : vi, args));
    one->duplicate = true;
    one->other = other;
    p->duplicates++;
    va_end(args);
}

void problem(struct problems *p, const char *field, const char *vi, const char *en, ...)
{
    va_list args;
    va_start(args, en);
    problem_add(p, field, false, arena_vprintf(&p->c->arena, p->c->lang == LANG_EN ? en : vi, args));
    va_end(args);
}

void warning(struct problems *p, const char *field, const char *vi, const char *en, ...)
{
    va_list args;
    va_start(args, en);
    problem_add(p, field, true, arena_vprintf(&p->c->arena, p->c->lang == LANG_EN ? en : vi, args));
    va_end(args);
}

const struct kind *kind_find(const char *name)
{
    for (size_t i = 0; i < nkinds; i++)
        if (strcmp(kinds[i]->name, name) == 0)
            return kinds[i];
    return NULL;
}

const struct kind *kind_of_places(void)
{
    for (size_t i = 0; i < nkinds; i++)
        if (kinds[i]->where && strcmp(kinds[i]->where, "id") == 0)
            return kinds[i];
    return NULL;
}

size_t kind_index(const struct kind *k)
{
    size_t i = 0;
    while (i < nkinds && kinds[i] != k)
        i++;
    return i;
}

const struct field *field_find(const struct kind *k, const char *name)
{
    for (size_t i = 0; i < k->nfields; i++)
        if (strcmp(k->fields[i].name, name) == 0)
            return &k->fields[i];
    return NULL;
}

const struct field *field_need(const struct kind *k, const char *name)
{
    const struct field *f = field_find(k, name);
    if (!f) {
        fprintf(stderr, "dangbo: kind %s declares no field %s\n", k->name, name);
        abort();
    }
    return f;
}

bool kind_searched(const struct kind *k)
{
    for (size_t i = 0; i < k->nfields; i++)
        if (k->fields[i].flags & SEARCHED)
            return true;
    return false;
}

static const void *member(const struct field *f, const void *record)
{
    return (const char *)record + f->offset;
}

struct value field_get(const struct field *f, const void *record)
{
    const void *m = member(f, record);
    switch (f->type) {
    case TYPE_TEXT: {
        const text *t = m;
        return value_text(t->s && *t->s ? t->s : NULL);
    }
    case TYPE_CHOICE: {
        const choice *t = m;
        return value_text(t->s && *t->s ? t->s : NULL);
    }
    case TYPE_NUMBER: {
        const number *n = m;
        return n->set ? value_int(n->v) : value_null();
    }
    case TYPE_DAY:
    case TYPE_PDAY: {
        int32_t v = *(const int32_t *)m;
        if (f->flags & UNTIL)
            return value_int(v ? v : DAY_OPEN);
        return v ? value_int(v) : value_null();
    }
    case TYPE_FLAG: {
        const flag *b = m;
        return value_int(b->v);
    }
    case TYPE_ENUM: {
        unsigned e = *(const unsigned *)m;
        return value_text(e < f->nwords ? f->words[e].word : NULL);
    }
    case TYPE_REF: {
        int64_t id = *(const int64_t *)m;
        return id ? value_int(id) : value_null();
    }
    case TYPE__MAX: break;
    }
    return value_null();
}

static unsigned word_index(const struct field *f, const char *word)
{
    for (unsigned i = 0; i < f->nwords; i++)
        if (word && f->words[i].word && strcmp(f->words[i].word, word) == 0)
            return i;
    return 0;
}

void field_set(const struct field *f, void *record, struct value v)
{
    void *m = (char *)record + f->offset;
    switch (f->type) {
    case TYPE_TEXT: ((text *)m)->s = v.type == VALUE_TEXT ? v.s : NULL; break;
    case TYPE_CHOICE: ((choice *)m)->s = v.type == VALUE_TEXT ? v.s : NULL; break;
    case TYPE_NUMBER: *(number *)m = (number){v.i, v.type != VALUE_NULL}; break;
    case TYPE_DAY:
    case TYPE_PDAY: *(int32_t *)m = v.i == DAY_OPEN ? 0 : (int32_t)v.i; break;
    case TYPE_FLAG: ((flag *)m)->v = v.i != 0; break;
    case TYPE_ENUM: *(unsigned *)m = word_index(f, v.s); break;
    case TYPE_REF: *(int64_t *)m = v.i; break;
    case TYPE__MAX: break;
    }
}

bool field_empty(const struct field *f, const void *record)
{
    struct value v = field_get(f, record);
    return v.type == VALUE_NULL || (f->type == TYPE_FLAG && !v.i) || ((f->flags & UNTIL) && v.i == DAY_OPEN);
}

bool field_same(const struct field *f, const void *a, const void *b)
{
    struct value x = field_get(f, a), y = field_get(f, b);
    return x.type == y.type && (x.type == VALUE_TEXT ? strcmp(x.s, y.s) == 0 : x.i == y.i);
}

int64_t field_ref(const struct field *f, const void *record)
{
    return *(const int64_t *)member(f, record);
}

/* --- what the compiler cannot see -------------------------------------------------------------- */

static size_t type_size(const struct field *f)
{
    switch (f->type) {
    case TYPE_TEXT:
    case TYPE_CHOICE: return sizeof(text);
    case TYPE_NUMBER: return sizeof(number);
    case TYPE_DAY:
    case TYPE_PDAY: return sizeof(day);
    case TYPE_FLAG: return sizeof(flag);
    case TYPE_ENUM: return sizeof(unsigned);
    case TYPE_REF:
    case TYPE__MAX: break;
    }
    return sizeof(int64_t);
}

static bool lawful(const char *name)
{
    if (!(*name >= 'a' && *name <= 'z'))
        return false;
    for (const char *s = name; *s; s++)
        if (!((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') || *s == '_'))
            return false;
    return strlen(name) <= 40;
}

struct fault {
    void (*tell)(void *to, const char *fault);
    void *to;
    size_t n;
};

static void fault(struct fault *f, const struct kind *k, const char *where, const char *what)
{
    char line[256];
    snprintf(line, sizeof line, "%s.%s: %s", k->name, where ? where : "*", what);
    f->tell(f->to, line);
    f->n++;
}

/* Every byte of the struct but padding belongs to a declared field: a gap of 8 bytes or more hides a member. */
static void check_cover(struct fault *f, const struct kind *k)
{
    size_t at = sizeof(struct row);
    for (;;) {
        const struct field *next = NULL;
        for (size_t i = 0; i < k->nfields; i++)
            if (k->fields[i].offset >= at && (!next || k->fields[i].offset < next->offset))
                next = &k->fields[i];
        size_t end = next ? next->offset : k->size;
        if (end >= at + 8)
            fault(f, k, next ? next->name : NULL, "an undeclared member stands before it");
        if (!next)
            return;
        at = next->offset + type_size(next);
    }
}

static void check_field(struct fault *out, const struct kind *k, const struct field *f)
{
    static const char *const taken[] = {"id", "shard", "unit", "version", "created_at", "created_by", "changed_at",
                                        "changed_by", "removed_at", "fold", "words", "sort_key", "part"};
    if (!lawful(f->name))
        fault(out, k, f->name, "not a lawful name");
    for (size_t i = 0; i < N(taken); i++)
        if (strcmp(f->name, taken[i]) == 0)
            fault(out, k, f->name, "the name belongs to the envelope");
    if (field_find(k, f->name) != f)
        fault(out, k, f->name, "declared twice");
    if (!f->label.vi || !f->label.en)
        fault(out, k, f->name, "no label in both languages");
    if (f->type == TYPE_REF && kind_index(f->to) == nkinds)
        fault(out, k, f->name, "refers to a kind that is not listed");
    for (size_t i = 1; i < f->nwords; i++)
        if (!f->words[i].word || word_index(f, f->words[i].word) != i || !f->words[i].label.vi || !f->words[i].label.en)
            fault(out, k, f->name, "a value without a word of its own and labels in both languages");
    if ((f->flags & UNIQUE) && f->type != TYPE_TEXT)
        fault(out, k, f->name, "UNIQUE is for text");
    if ((f->flags & SECRET) && (f->flags & (LISTED | SEARCHED)))
        fault(out, k, f->name, "what is SECRET is neither listed nor searched");
    if ((f->flags & UNTIL) && f->type != TYPE_DAY)
        fault(out, k, f->name, "UNTIL is for days");
    if ((f->flags & MOVED) && (f->type != TYPE_ENUM || !k->nmoves))
        fault(out, k, f->name, "MOVED is for an enumeration with moves");
    for (size_t i = 0; (f->flags & MOVED) && i < k->nmoves; i++)
        if (!word_index(f, k->moves[i].to) || (k->moves[i].from && !word_index(f, k->moves[i].from)))
            fault(out, k, f->name, "a move from or to a word that it does not have");
}

/* What the kind says of itself: names that it must have declared, and fields of the right sort under them. */
static void check_named(struct fault *out, const struct kind *k)
{
    const char *named[] = {k->code, k->title, k->from, k->until, k->subject, k->beside};
    for (size_t j = 0; j < N(named); j++)
        if (named[j] && strcmp(named[j], "id") != 0 && !(named[j] == k->subject && strcmp(named[j], "created_by") == 0) && !field_find(k, named[j]))
            fault(out, k, named[j], "named by the kind but not declared");
    const char *references[] = {k->subject, k->beside};
    for (size_t j = 0; j < N(references); j++) {
        const struct field *f = references[j] ? field_find(k, references[j]) : NULL;
        if (f && f->type != TYPE_REF)
            fault(out, k, f->name, "whose case it is, and where it is kept, are references");
    }
    if (!k->where || (strcmp(k->where, "unit") != 0 && strcmp(k->where, "id") != 0))
        fault(out, k, NULL, "it does not say where it counts: unit or id");
    const struct field *until = k->until ? field_find(k, k->until) : NULL;
    if ((k->when != WHEN_NONE && !k->from) || (k->when == WHEN_SPELL) != (k->until != NULL) || (until && !(until->flags & UNTIL)))
        fault(out, k, NULL, "what happens has a day, what lasts has a first day and an UNTIL");
}

size_t kind_check(const struct kind *k, void (*tell)(void *to, const char *fault), void *to)
{
    struct fault out = {tell, to, 0};
    size_t unique = 0, moved = 0;
    if (!lawful(k->name))
        fault(&out, k, NULL, "not a lawful name");
    for (size_t j = 0; j < k->nfields; j++) {
        check_field(&out, k, &k->fields[j]);
        unique += (k->fields[j].flags & UNIQUE) != 0;
        moved += (k->fields[j].flags & MOVED) != 0;
    }
    if (unique > 1)
        fault(&out, k, NULL, "more than one UNIQUE field: a refusal of the second would leave the first claimed");
    if (moved > 1 || (k->nmoves && !moved))
        fault(&out, k, NULL, "moves are of one MOVED field");
    check_named(&out, k);
    check_cover(&out, k);
    return out.n;
}

size_t kinds_check(void (*tell)(void *to, const char *fault), void *to)
{
    struct fault out = {tell, to, 0};
    for (size_t i = 0; i < nkinds; i++) {
        if (kind_find(kinds[i]->name) != kinds[i])
            fault(&out, kinds[i], NULL, "declared twice");
        out.n += kind_check(kinds[i], tell, to);
    }
    if (nkinds > 64)
        fault(&out, kinds[64], NULL, "rights have a bit for each of 64 kinds");
    return out.n;
}
