/* Choosing the way; see way.h. */
#include "way.h"

#include "base/text.h"
#include "recall.h"
#include "tree.h"

/* Measured with 290,000 units and 5.4 million people: docs/performance.md. */
enum { UNITS_FEW = 100, HITS_FEW = 1300, HITS_FEW_OF_MANY_WORDS = 2000, HITS_FEW_IN_MANY_PARTS = 8000 };

/* Of what has no days of its own, a day asks who stayed there then: where a record stands today says nothing about it. */
bool way_by_stays(const struct filter *f)
{
    return f->kind->stays.kind && f->at.v && !f->all_times;
}

bool way_below_unit(const struct filter *f)
{
    return f->unit && !f->alone && !(f->kind->flags & SYSTEM) && !way_by_stays(f);
}

bool way_by_title(const struct filter *f)
{
    return !f->sort && !f->by_id && kind_searched(f->kind);
}

void way_where_below(struct sql *q, const struct filter *f)
{
    day at = f->at.v ? f->at : q->c->today;
    sql_add(q, "ua.above = ");
    sql_arg(q, V(f->unit));
    sql_lasts(q, "ua", at);
}

static bool units_few(struct ctx *c, const struct filter *f)
{
    const struct recall_key key = {"few units", {f->unit, f->at.v ? f->at.v : c->today.v}};
    int64_t n;
    if (recall_int(c, &key, &n))
        return n <= UNITS_FEW;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT count(*) FROM (SELECT 1 FROM unit_above ua WHERE ");
    way_where_below(&q, f);
    sql_add(&q, " LIMIT ");
    sql_arg(&q, V(UNITS_FEW + 1));
    sql_add(&q, ") few");
    n = rows_only_int(sql_query(&q));
    recall_keep_int(c, &key, n);
    return n <= UNITS_FEW;
}

/* Up to how many hits it pays to fetch and sort them all. Of many words each has been looked for long before the page is full. */
int64_t way_hits_few(const struct way *w)
{
    const char *space = w->fold ? strchr(w->fold, ' ') : NULL;
    return w->nparts != 1 ? HITS_FEW_IN_MANY_PARTS : space && strchr(space + 1, ' ') ? HITS_FEW_OF_MANY_WORDS : HITS_FEW;
}

/* Whether an index of the kind begins with the column. */
static bool indexed_by(const struct kind *k, const char *column)
{
    size_t n = strlen(column);
    const char *const *const all[] = {k->indexes, k->lists};
    for (size_t i = 0; i < N(all); i++)
        for (const char *const *one = all[i]; one && *one; one++)
            if (strncmp(*one, column, n) == 0 && ((*one)[n] == ',' || !(*one)[n]))
                return true;
    return strcmp(column, "id") == 0;
}

/* Whether only those are asked for that refer to one record. */
static bool of_one(const struct filter *f)
{
    for (size_t i = 0; i < f->nterms; i++)
        if (f->terms[i].op == OP_IS && f->terms[i].field->type == TYPE_REF && indexed_by(f->kind, f->terms[i].field->name))
            return true;
    return false;
}

/* Whether most of what there is stands below the unit: of the records in order, whatever it is, a page of them is soon found. */
static bool holds_most(struct ctx *c, const struct filter *f)
{
    int64_t *some;
    return tree_parts(c, f->unit, &some) * 2 > tree_parts(c, 0, &some);
}

static enum way_by by_what(struct ctx *c, const struct filter *f, bool ordered, bool few)
{
    if (of_one(f) || !indexed_by(f->kind, f->kind->where) || (!few && ordered && way_by_title(f)))
        return BY_ORDER;
    if (few || (ordered && !holds_most(c, f)))
        return BY_UNITS;
    return ordered ? BY_ORDER : BY_PLAN;
}

struct db_hits way_first(struct ctx *c, const struct filter *f, const struct way *w, int64_t most)
{
    if (!w->words)
        return (struct db_hits){NULL, false};
    struct sql about = sql_new(c);
    sql_name(&about, f->kind->name);
    sql_bind(&about, V(w->words));
    sql_bind(&about, V(most));
    const struct recall_key key = recall_key_of("first found", &about);
    const struct db_hits *known = recall(c, &key);
    if (known)
        return *known;
    struct db_hits hits = db_words_first(c, f->kind->name, w->words, most);
    struct arena *room = recall_room(c);
    if (room) {
        struct db_hits *kept = NEW(room, struct db_hits);
        *kept = (struct db_hits){arena_text(room, hits.query), hits.all};
        recall_keep(c, &key, kept);
    }
    return hits;
}

struct way way_of(struct ctx *c, const struct filter *f, bool page)
{
    struct way w = {.by = BY_PLAN};
    const struct kind *k = f->kind;
    const char *fold = f->search && kind_searched(k) ? text_fold(&c->arena, f->search) : "";
    bool ordered = page && (way_by_title(f) || !f->sort);
    bool few = way_below_unit(f) && units_few(c, f);
    w.stays_few = way_by_stays(f) && f->unit && (f->alone || units_few(c, f));
    if (way_below_unit(f))
        w.by = by_what(c, f, ordered, few);
    if (kind_searched(k) && (k->flags & REFERENCE) && k != kind_of_places()) {
        w.parts = NEW(&c->arena, int64_t);
        w.nparts = 1;
    } else if (kind_searched(k) && (*fold || !few)) {
        w.nparts = tree_parts(c, way_by_stays(f) ? 0 : f->unit, &w.parts);
    }
    if (!*fold)
        return w;
    w.fold = fold;
    w.words = db_words_query(c, k->name, fold, w.parts, w.nparts);
    struct db_hits hits = way_first(c, f, &w, way_hits_few(&w));
    w.found = hits.all;
    if (hits.all)
        w.words = hits.query;
    if (hits.all || (!few && !ordered && w.words))
        w.by = BY_WORDS;
    else if (!few)
        w.by = ordered ? BY_ORDER : BY_PLAN;
    return w;
}
