/* Filters and pages; see list.h. */
#include "list.h"

#include "base/str.h"
#include "base/text.h"
#include "recall.h"
#include "tree.h"
#include "type.h"
#include "way.h"

/* --- composing ---------------------------------------------------------------------------------- */

static void where_terms(struct sql *q, const struct filter *f)
{
    if (f->nids) {
        sql_add(q, " AND t.id IN (");
        sql_args(q, f->ids, f->nids);
        sql_add(q, ")");
    }
    for (size_t i = 0; i < f->nterms; i++) {
        const struct condition *t = &f->terms[i];
        sql_add(q, " AND ");
        sql_col(q, "t", t->field->name);
        switch (t->op) {
        case OP_IS: sql_add(q, " = "); break;
        case OP_FROM: sql_add(q, " >= "); break;
        case OP_TO: sql_add(q, " <= "); break;
        case OP_NONE: sql_add(q, " IS NULL"); continue;
        case OP_HAS: sql_add(q, " IS NOT NULL"); continue;
        }
        sql_arg(q, t->value);
    }
}

static void where_time(struct sql *q, const struct filter *f)
{
    const struct kind *k = f->kind;
    day at = f->at.v ? f->at : q->c->today;
    if (k->when == WHEN_SPELL && !f->all_times) {
        sql_add(q, " AND ");
        if (k->flags & OPEN_START) {
            sql_add(q, "COALESCE(");
            sql_col(q, "t", k->from);
            sql_add(q, ", 0)");
        } else {
            sql_col(q, "t", k->from);
        }
        sql_add(q, " <= ");
        sql_arg(q, V(at));
        sql_add(q, " AND ");
        sql_col(q, "t", k->until);
        sql_add(q, " > ");
        sql_arg(q, V(at));
    }
    if (k->when == WHEN_EVENT && f->from.v) {
        sql_add(q, " AND ");
        sql_col(q, "t", k->from);
        sql_add(q, " >= ");
        sql_arg(q, V(f->from));
    }
    if (k->when == WHEN_EVENT && f->to.v) {
        sql_add(q, " AND ");
        sql_col(q, "t", k->from);
        sql_add(q, " <= ");
        sql_arg(q, V(f->to));
    }
}

/* Each word of the query begins a word of the row: what the index of words finds, row by row. */
static void where_words(struct sql *q, const char *fold)
{
    enum { WORD_MOST = 200 }; /* characters of a word that count */
    while (*fold) {
        size_t n = strcspn(fold, " "), bytes = 0, characters = 0;
        for (; bytes < n; bytes++) {
            characters += ((unsigned char)fold[bytes] & 0xC0) != 0x80;
            if (characters > WORD_MOST)
                break;
        }
        sql_add(q, " AND (' ' || t.fold) LIKE ");
        sql_arg(q, V((const char *)arena_printf(&q->c->arena, "%% %.*s%%", (int)bytes, fold)));
        fold += n + (fold[n] == ' ');
    }
}

static void where_live(struct sql *q, const struct filter *f)
{
    if (f->removed)
        sql_add(q, "t.removed_at <> 0");
    else
        sql_add(q, "t.removed_at = 0");
}

/* The tables in the order in which the way goes through them, and how they hang together. */
static void from_tables(struct sql *q, const struct filter *f, const struct way *w)
{
    const struct kind *k = f->kind;
    if (!way_below_unit(f) || w->by == BY_PLAN) {
        sql_add(q, " FROM ");
        sql_name(q, k->name);
        sql_add(q, " t");
        if (way_below_unit(f))
            tree_join(q, "t", k->where, f->unit, f->at.v ? f->at : q->c->today);
        sql_add(q, " WHERE ");
        where_live(q, f);
        return;
    }
    if (w->by == BY_UNITS) {
        sql_add(q, " FROM unit_above ua CROSS JOIN ");
        sql_name(q, k->name);
        sql_add(q, " t WHERE ");
    } else {
        sql_add(q, " FROM ");
        sql_name(q, k->name);
        sql_add(q, " t CROSS JOIN unit_above ua WHERE ua.shard = 0 AND ");
    }
    sql_add(q, "ua.unit = ");
    sql_col(q, "t", k->where);
    sql_add(q, " AND ");
    way_where_below(q, f);
    sql_add(q, " AND ");
    where_live(q, f);
}

/* The stays that count: from the units, which are few, to all of them, else those of t. */
static void stays_there(struct sql *q, const struct filter *f, bool few)
{
    const struct stays *s = &f->kind->stays;
    bool tree = f->unit && !f->alone;
    sql_add(q, " FROM ");
    if (tree && few)
        sql_add(q, "unit_above ua CROSS JOIN ");
    sql_name(q, s->kind->name);
    sql_add(q, " s");
    if (tree && !few)
        sql_add(q, " CROSS JOIN unit_above ua");
    sql_add(q, " WHERE s.removed_at = 0 AND ");
    if (!few) {
        sql_add(q, "s.shard = t.shard AND t.id = ");
        sql_col(q, "s", s->of);
        sql_add(q, " AND ");
    }
    if (tree) {
        sql_add(q, "ua.shard = 0 AND s.unit = ua.unit AND ");
        way_where_below(q, f);
        sql_add(q, " AND ");
    } else if (f->unit) {
        sql_add(q, "s.unit = ");
        sql_arg(q, V(f->unit));
        sql_add(q, " AND ");
    }
    sql_col(q, "s", s->field);
    sql_add(q, " = ");
    sql_arg(q, V(s->word));
    sql_add(q, " AND ");
    sql_col(q, "s", s->kind->from);
    sql_add(q, " <= ");
    sql_arg(q, V(f->at));
    sql_add(q, " AND ");
    sql_col(q, "s", s->kind->until);
    sql_add(q, " > ");
    sql_arg(q, V(f->at));
}

static void where_stays(struct sql *q, const struct filter *f, const struct way *w)
{
    const struct stays *s = &f->kind->stays;
    if (!way_by_stays(f))
        return;
    if (w->stays_few) {
        sql_add(q, " AND (t.shard, t.id) IN (SELECT s.shard, ");
        sql_col(q, "s", s->of);
        stays_there(q, f, true);
        sql_add(q, ")");
        return;
    }
    sql_add(q, " AND EXISTS (SELECT 1");
    stays_there(q, f, false);
    sql_add(q, ")");
}

/* FROM ... WHERE ...: which rows, for any of list, count and stream. */
static void from_where(struct sql *q, const struct filter *f, const struct way *w)
{
    const struct kind *k = f->kind;
    unsigned act = f->act ? f->act : ACT_READ;
    from_tables(q, f, w);
    if (w->by == BY_ORDER && w->nparts == 1) {
        sql_add(q, " AND t.part = ");
        sql_arg(q, V(w->parts[0]));
    }
    if (f->unit && f->alone && !way_by_stays(f)) {
        sql_add(q, " AND ");
        sql_col(q, "t", k->where);
        sql_add(q, " = ");
        sql_arg(q, V(f->unit));
    }
    where_stays(q, f, w);
    scope_where_below(q, k, act, "t", way_by_stays(f) ? 0 : f->unit, f->at.v && !f->alone ? f->at : q->c->today);
    where_time(q, f);
    where_terms(q, f);
    if (w->by == BY_WORDS) {
        sql_add(q, " AND ");
        db_words_among(q, k->name, "t", w->words);
    }
    if (w->fold)
        where_words(q, w->fold);
}

/* The words by which exact hits come first; "" when the query was typed without diacritics and so means none in particular. */
static const char *exact_words(struct ctx *c, const struct filter *f)
{
    const char *words = f->search && way_by_title(f) ? text_words(&c->arena, f->search) : "";
    return strcmp(words, text_fold(&c->arena, words)) == 0 ? "" : words;
}

/* 0 when every typed word stands in the record just so, diacritics included; else 1. Exact hits come first. */
static void add_exactness(struct sql *q, const char *alias, const char *words)
{
    sql_add(q, "CASE WHEN 1 = 1");
    while (*words) {
        size_t n = strcspn(words, " ");
        sql_add(q, " AND (' ' || ");
        sql_col(q, alias, "words");
        sql_add(q, " || ' ') LIKE ");
        sql_arg(q, V((const char *)arena_printf(&q->c->arena, "%% %.*s %%", (int)n, words)));
        words += n + (words[n] == ' ');
    }
    sql_add(q, " THEN 0 ELSE 1 END");
}

/* The expressions by which rows are ordered, the id last, so that no two rows are alike. Nulls are given a place
 * of their own, because the engines differ on it. Returns how many. */
static int order_terms(struct sql *q, const struct filter *f, const char *alias, const char *words, const char *direction)
{
    bool down = strcmp(direction, " DESC") == 0;
    int n = 1;
    if (*words) {
        add_exactness(q, alias, words);
        sql_add(q, ", ");
        n++;
    }
    if (way_by_title(f)) {
        sql_col(q, alias, "sort_key");
        sql_add(q, ", ");
        n++;
    } else if (f->sort) {
        sql_add(q, "CASE WHEN ");
        sql_col(q, alias, f->sort->name);
        sql_add(q, " IS NULL THEN 1 ELSE 0 END");
        if (down)
            sql_add(q, " DESC");
        sql_add(q, ", COALESCE(");
        sql_col(q, alias, f->sort->name);
        if (type_is_text(f->sort->type))
            sql_add(q, ", '')");
        else
            sql_add(q, ", 0)");
        if (down)
            sql_add(q, " DESC");
        sql_add(q, ", ");
        n += 2;
    }
    sql_col(q, alias, "id");
    if (down)
        sql_add(q, " DESC");
    return n;
}

/* Where the last page ended: the values by which its last row was ordered. */
struct place {
    struct value v[4];
    int n; /* 0: at the beginning */
};

static struct place place_after(struct ctx *c, const struct filter *f, const char *words)
{
    struct place at = {.n = 0};
    int64_t id = 0;
    if (!f->after)
        return at;
    bool known = int_parse(f->after, &id);
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT ");
    int n = order_terms(&q, f, "t", words, "");
    sql_add(&q, " FROM ");
    sql_name(&q, f->kind->name);
    sql_add(&q, " t WHERE t.id = ");
    sql_arg(&q, V(id));
    struct rows *r = known ? sql_query(&q) : NULL;
    if (!rows_next(r)) {
        fail(c, ERR_USAGE, "Chỗ bắt đầu “%s” không đúng: lấy từ trang trước.", "The place to begin “%s” is wrong: take it from the page before.", f->after);
        return at;
    }
    int text_at = way_by_title(f) || (f->sort && type_is_text(f->sort->type)) ? n - 2 : -1;
    for (int i = 0; i < n; i++)
        at.v[i] = i == text_at ? value_text(arena_text(&c->arena, rows_text(r, i))) : value_int(rows_int(r, i));
    at.n = n;
    rows_close(r);
    return at;
}

static void where_after(struct sql *q, const struct filter *f, const char *words, const struct place *at)
{
    if (!at->n)
        return;
    sql_add(q, " AND (");
    int n = order_terms(q, f, "t", words, "");
    if (f->descending)
        sql_add(q, ") < (");
    else
        sql_add(q, ") > (");
    for (int i = at->n - n; i < at->n; i++) {
        if (i > at->n - n)
            sql_add(q, ", ");
        sql_arg(q, at->v[i]);
    }
    sql_add(q, ")");
}

/* A page being filled. */
struct page {
    struct ctx *c;
    const struct filter *f;
    struct way way;
    const char *words; /* by which exact hits come first */
    struct place at;
    struct list *list;
    int64_t most;
    const struct text_range *within;  /* only what stands there in the order of titles; NULL = anywhere */
    const struct text_range *without; /* only what stands in none of these */
    size_t nwithout;
    const char *before;               /* only what stands before this key, or at it; NULL = anywhere */
};

static void where_in_order(struct sql *q, const struct page *p)
{
    if (p->within) {
        sql_add(q, " AND t.sort_key >= ");
        sql_arg(q, V(p->within->from));
        sql_add(q, " AND t.sort_key < ");
        sql_arg(q, V(p->within->to));
    }
    for (size_t i = 0; i < p->nwithout; i++) {
        sql_add(q, " AND NOT (t.sort_key >= ");
        sql_arg(q, V(p->without[i].from));
        sql_add(q, " AND t.sort_key < ");
        sql_arg(q, V(p->without[i].to));
        sql_add(q, ")");
    }
    if (p->before) {
        sql_add(q, " AND t.sort_key <= ");
        sql_arg(q, V(p->before));
    }
}

/* The index by part knows the words; by id the row is asked, last. */
static void where_exact(struct sql *q, const struct page *p, int exact)
{
    bool by_row = p->way.by != BY_ORDER || p->way.nparts != 1;
    if (by_row) {
        sql_add(q, " AND EXISTS (SELECT 1 FROM ");
        sql_name(q, p->f->kind->name);
        sql_add(q, " w WHERE w.shard = t.shard AND w.id = t.id");
    }
    sql_add(q, " AND ");
    add_exactness(q, by_row ? "w" : "t", p->words);
    sql_add(q, " = ");
    sql_arg(q, V(exact));
    if (by_row)
        sql_add(q, ")");
}

/* The rows of the page as their keys, in order: what decides stands in indexes, mostly, and rows that do not come onto the page
 * are not read. `exact` 0 or 1: only those that hit so exactly. */
static void page_keys(struct sql *q, const struct page *p, const int *exact)
{
    const char *words = p->words;
    struct place at = p->at;
    sql_add(q, "SELECT t.shard, t.id");
    from_where(q, p->f, &p->way);
    where_in_order(q, p);
    if (exact) {
        where_exact(q, p, *exact);
        words = "";
        at.n = at.n && at.v[0].i == *exact ? at.n : 0;
    }
    where_after(q, p->f, words, &at);
    sql_add(q, " ORDER BY ");
    order_terms(q, p->f, "t", words, p->f->descending ? " DESC" : "");
    sql_add(q, " LIMIT ");
    sql_arg(q, V(p->most - (int64_t)p->list->n));
}

/* Adds rows to the list until the page is full. */
static void page_fill(const struct page *p, const int *exact)
{
    struct list *l = p->list;
    struct sql q = sql_new(p->c), keys = sql_new(p->c);
    page_keys(&keys, p, exact);
    sql_add(&q, "SELECT ");
    record_columns(&q, p->f->kind, "x");
    sql_add(&q, " FROM (");
    sql_append(&q, &keys);
    sql_add(&q, ") k CROSS JOIN ");
    sql_name(&q, p->f->kind->name);
    sql_add(&q, " x WHERE x.shard = k.shard AND x.id = k.id ORDER BY ");
    order_terms(&q, p->f, "x", exact ? "" : p->words, p->f->descending ? " DESC" : "");
    struct rows *r = sql_query(&q);
    while ((int64_t)l->n < p->most && rows_next(r))
        l->rows[l->n++] = record_from_row(p->c, p->f->kind, r);
    rows_close(r);
}

/* --- one word of many --------------------------------------------------------------------------------- */

/* When what is searched hits many, its last word is mostly the beginning of a given name. Those who are called so stand side by side in the
 * order of names, at known places, and are looked through there; the others, in whose names it is another word, are few, and found by the
 * index of words, or so many that the page is soon full. */

static const char *title_key(struct ctx *c, const struct kind *k, const void *record)
{
    const char *title = record_title(c, k, record);
    return k->person_name ? text_person_key(&c->arena, title) : text_sort_key(&c->arena, title);
}

/* The first of two pages in order, put behind the list. */
static void merge(const struct page *p, const struct list *a, const struct list *b)
{
    struct ctx *c = p->c;
    const char **keys[2] = {NEW_N(&c->arena, const char *, a->n + 1), NEW_N(&c->arena, const char *, b->n + 1)};
    for (size_t i = 0; i < a->n; i++)
        keys[0][i] = title_key(c, p->f->kind, a->rows[i]);
    for (size_t i = 0; i < b->n; i++)
        keys[1][i] = title_key(c, p->f->kind, b->rows[i]);
    for (size_t i = 0, j = 0; (i < a->n || j < b->n) && (int64_t)p->list->n < p->most;) {
        int order = i == a->n ? 1 : j == b->n ? -1 : strcmp(keys[0][i], keys[1][j]);
        if (!order)
            order = ((const struct row *)a->rows[i])->id < ((const struct row *)b->rows[j])->id ? -1 : 1;
        p->list->rows[p->list->n++] = order < 0 ? a->rows[i++] : b->rows[j++];
    }
}

static const char *last_word(const char *fold)
{
    const char *space = strrchr(fold, ' ');
    return space ? space + 1 : fold;
}

/* Fills the page in two parts; false when it is not for this. `also`: what the index of words must find besides; NULL = nothing. */
static bool page_in_ranges(const struct page *p, const int *exact, const char *also)
{
    enum { RANGES = 24 };
    struct ctx *c = p->c;
    struct text_range ranges[RANGES];
    const char *apart;
    if (p->way.by != BY_ORDER || !p->way.fold || p->way.nparts != 1 || !way_by_title(p->f) || p->f->descending)
        return false;
    size_t n = text_key_ranges(&c->arena, last_word(p->way.fold), ranges, N(ranges));
    if (!n || !db_words_apart(c, p->f->kind->name, p->way.fold, p->way.parts, p->way.nparts, &apart))
        return false;
    int64_t left = p->most - (int64_t)p->list->n, most = way_hits_few(&p->way);
    struct list called = {.rows = NEW_N(&c->arena, void *, left)}, others = {.rows = NEW_N(&c->arena, void *, left)};
    struct page a = *p, b = *p;
    a.list = &called;
    b.list = &others;
    a.most = b.most = left;
    for (size_t i = 0; i < n && (int64_t)called.n < left; i++) {
        a.within = &ranges[i];
        page_fill(&a, exact);
    }
    b.without = ranges;
    b.nwithout = n;
    b.before = (int64_t)called.n == left ? title_key(c, p->f->kind, called.rows[left - 1]) : NULL;
    if (apart && also)
        apart = arena_printf(&c->arena, "%s AND %s", apart, also);
    struct db_hits hits = db_words_first(c, p->f->kind->name, apart, most);
    if (hits.all) {
        b.way.by = BY_WORDS;
        b.way.words = hits.query;
    }
    page_fill(&b, exact);
    merge(p, &called, &others);
    return true;
}

static void page_in_two(const struct page *p)
{
    const struct kind *k = p->f->kind;
    struct page first = *p;
    const char *exactly = db_words_exact(p->c, p->words, p->way.parts, p->way.nparts);
    struct db_hits hits = db_words_first(p->c, k->name, exactly, way_hits_few(&p->way));
    if (hits.all) {
        first.way.by = BY_WORDS;
        first.way.words = hits.query;
    }
    for (int exact = p->at.n ? (int)p->at.v[0].i : 0; exact <= 1 && (int64_t)p->list->n < p->most; exact++)
        if (!page_in_ranges(exact ? p : &first, &exact, exact ? NULL : exactly))
            page_fill(exact ? p : &first, &exact);
}

/* Who names no unit asks for all that a right reaches over: the same list, and quicker come by from the unit. */
static struct filter placed(struct ctx *c, const struct filter *f)
{
    struct filter g = *f;
    if (!f->unit && !way_by_stays(f) && (!f->at.v || f->at.v == c->today.v))
        g.unit = scope_root(c, f->kind, f->act ? f->act : ACT_READ);
    return g;
}

struct list record_list(struct ctx *c, const struct filter *asked)
{
    struct filter placed_at = placed(c, asked), *f = &placed_at;
    struct list l = {.kind = f->kind};
    int64_t limit = f->limit ? f->limit : PAGE;
    struct page p = {.c = c, .f = f, .way = way_of(c, f, true), .words = exact_words(c, f), .list = &l, .most = limit + 1};
    p.at = place_after(c, f, p.words);
    l.rows = NEW_N(&c->arena, void *, limit + 1);
    if (p.way.by == BY_ORDER && *p.words) /* to sort what is many takes long: first those that hit exactly, then the others */
        page_in_two(&p);
    else if (!page_in_ranges(&p, NULL, NULL))
        page_fill(&p, NULL);
    if (l.n > (size_t)limit) {
        l.n--;
        l.next = arena_printf(&c->arena, "%lld", (long long)((struct row *)l.rows[l.n - 1])->id);
    }
    if (f->kind->as_at && f->at.v && f->at.v != c->today.v)
        f->kind->as_at(c, f->at, l.rows, l.n);
    return l;
}

int64_t record_count(struct ctx *c, const struct filter *asked)
{
    return record_count_to(c, asked, INT64_MAX - 1);
}

/* Whether there are more than `most` among the first hits of the index of words already: then nobody need look at the others. Where these
 * first ones are all, the way becomes to look at them. */
static bool more_already(struct ctx *c, const struct filter *f, struct way *w, int64_t most)
{
    enum { WORTH = 10000, TIMES = 3 };
    if (!w->fold || !w->words || w->found || w->by == BY_UNITS || most > WORTH || !db_words_come_apart(c))
        return false;
    struct db_hits hits = way_first(c, f, w, TIMES * most);
    struct way first = *w;
    first.by = BY_WORDS;
    first.words = hits.query;
    if (hits.all)
        *w = first;
    if (hits.all)
        return false;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT count(*) FROM (SELECT 1");
    from_where(&q, f, &first);
    sql_add(&q, " LIMIT ");
    sql_arg(&q, V(most + 1));
    sql_add(&q, ") counted");
    return recall_only_int(&q) > most;
}

int64_t record_count_to(struct ctx *c, const struct filter *asked, int64_t most)
{
    struct filter f = placed(c, asked);
    struct sql q = sql_new(c);
    struct way way = way_of(c, &f, false);
    bool all = most == INT64_MAX - 1;
    if (more_already(c, &f, &way, most))
        return most + 1;
    if (all)
        sql_add(&q, "SELECT count(*)");
    else
        sql_add(&q, "SELECT count(*) FROM (SELECT 1");
    from_where(&q, &f, &way);
    if (!all) {
        sql_add(&q, " LIMIT ");
        sql_arg(&q, V(most + 1));
        sql_add(&q, ") counted");
    }
    return recall_only_int(&q);
}

static void without_terms_on(struct filter *f, const struct field *field)
{
    size_t n = 0;
    for (size_t i = 0; i < f->nterms; i++)
        if (f->terms[i].field != field)
            f->terms[n++] = f->terms[i];
    f->nterms = n;
}

struct counts {
    size_t n;
    int64_t total;
    struct value_count v[];
};

static void counts_keep(struct ctx *c, const struct recall_key *key, const struct value_count *v, size_t n, int64_t total)
{
    struct arena *room = failed(c) ? NULL : recall_room(c);
    if (!room)
        return;
    struct counts *kept = arena_alloc(room, sizeof *kept + n * sizeof *v);
    kept->n = n;
    kept->total = total;
    for (size_t i = 0; i < n; i++) {
        kept->v[i] = v[i];
        kept->v[i].value.s = arena_text(room, v[i].value.s);
    }
    recall_keep(c, key, kept);
}

size_t record_count_by(struct ctx *c, const struct filter *asked, const struct field *field, int64_t most, struct value_count *out, size_t room, int64_t *total)
{
    struct filter f = placed(c, asked);
    struct sql q = sql_new(c);
    size_t n = 0;
    without_terms_on(&f, field);
    struct way way = way_of(c, &f, false);
    if (more_already(c, &f, &way, most)) {
        *total = most + 1;
        return 0;
    }
    sql_add(&q, "SELECT v, count(*) FROM (SELECT ");
    sql_col(&q, "t", field->name);
    sql_add(&q, " AS v");
    from_where(&q, &f, &way);
    sql_add(&q, " LIMIT ");
    sql_arg(&q, V(most + 1));
    sql_add(&q, ") counted GROUP BY v ORDER BY 2 DESC, 1");
    const struct recall_key key = recall_key_of("counts", &q);
    const struct counts *known = recall(c, &key);
    if (known) {
        *total = known->total;
        n = known->n < room ? known->n : room;
        memcpy(out, known->v, n * sizeof *out);
        return *total > most ? 0 : n;
    }
    struct rows *r = sql_query(&q);
    *total = 0;
    while (rows_next(r)) {
        *total += rows_int(r, 1);
        if (n < room)
            out[n++] = (struct value_count){rows_null(r, 0) ? value_null() : type_is_text(field->type) ? value_text(arena_text(&c->arena, rows_text(r, 0))) : value_int(rows_int(r, 0)), rows_int(r, 1)};
    }
    counts_keep(c, &key, out, n, *total);
    return *total > most ? 0 : n;
}

struct stream {
    struct ctx *c;
    const struct filter *f;
    struct rows *rows;
    struct arena_mark mark;
};

struct stream *record_stream(struct ctx *c, const struct filter *f)
{
    struct stream *s = NEW(&c->arena, struct stream);
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT ");
    record_columns(&q, f->kind, "t");
    struct way way = way_of(c, f, false);
    from_where(&q, f, &way);
    sql_add(&q, " ORDER BY ");
    order_terms(&q, f, "t", exact_words(c, f), f->descending ? " DESC" : "");
    *s = (struct stream){.c = c, .f = f, .rows = sql_stream(&q)};
    s->mark = arena_mark(&c->arena);
    return s;
}

size_t stream_some(struct stream *s, void **rows, size_t n)
{
    const struct kind *k = s->f->kind;
    size_t got = 0;
    if (!failed(s->c)) /* what the error says lives in the arena, too */
        arena_rewind(&s->c->arena, s->mark);
    while (got < n && rows_next(s->rows))
        rows[got++] = record_from_row(s->c, k, s->rows);
    if (got && k->as_at && s->f->at.v && s->f->at.v != s->c->today.v)
        k->as_at(s->c, s->f->at, rows, got);
    return got;
}

void *stream_next(struct stream *s)
{
    void *one;
    return stream_some(s, &one, 1) ? one : NULL;
}

void stream_end(struct stream *s)
{
    rows_close(s->rows);
}
