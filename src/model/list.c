/* Filters and pages; see list.h. */
#include "list.h"

#include "base/str.h"
#include "base/text.h"
#include "tree.h"
#include "type.h"

static const char *field_names(struct ctx *c, const struct kind *k)
{
    struct buf b = {0};
    for (size_t i = 0; i < k->nfields; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", k->fields[i].name);
    return buf_take(&b, &c->arena);
}

static bool set_term(struct ctx *c, struct filter *f, const char *name, const char *value)
{
    static const struct {
        const char *suffix;
        enum op op;
    } ops[] = {{".from", OP_FROM}, {".to", OP_TO}, {".has", OP_HAS}, {"", OP_IS}};
    const struct field *field = NULL;
    enum op op = OP_IS;
    for (size_t i = 0; i < N(ops) && !field; i++)
        if (str_ends(name, ops[i].suffix)) {
            field = field_find(f->kind, arena_copy(&c->arena, name, strlen(name) - strlen(ops[i].suffix)));
            op = ops[i].op;
        }
    if (!field || !field_stored(field) || (field->flags & SECRET)) {
        fail(c, ERR_USAGE, "%s không có trường “%s”. Các trường: %s.", "%s has no field “%s”. Its fields: %s.",
             in_words(c, f->kind->label), name, field_names(c, f->kind));
        return false;
    }
    if (f->nterms == TERMS) {
        fail(c, ERR_USAGE, "Chỉ lọc được theo %d điều kiện.", "At most %d conditions.", TERMS);
        return false;
    }
    struct condition t = {.field = field, .op = op};
    if (op == OP_HAS)
        t.value = value_text(text_fold(&c->arena, value));
    else if (str_blank(value))
        t.op = OP_NONE;
    else {
        void *scratch = arena_alloc(&c->arena, f->kind->size);
        const char *why = type_parse(c, field, value_text(value), scratch);
        if (why) {
            fail(c, ERR_USAGE, "%s", "%s", why);
            return false;
        }
        t.value = field_get(field, scratch);
    }
    f->terms[f->nterms++] = t;
    return !failed(c);
}

static bool set_day(struct ctx *c, const char *value, day *out)
{
    if (day_parse(value, strlen(value), false, &out->v))
        return true;
    fail(c, ERR_USAGE, "Ngày “%s” không có trong lịch: viết như 30/06/2025 hoặc 2025-06-30.",
         "Day “%s” is not in the calendar: write it as 30/06/2025 or 2025-06-30.", value);
    return false;
}

static bool set_unit(struct ctx *c, struct filter *f, const char *value)
{
    int64_t id = 0;
    f->unit = record_id_of_code(c, kind_of_places(), value);
    if (!f->unit && int_parse(value, &id) && record_find(c, kind_of_places(), id, ACT_READ))
        f->unit = id;
    if (!f->unit && !failed(c))
        fail(c, ERR_MISSING, "Không có đơn vị mang mã “%s”: xem mã bằng “dangbo unit list”.",
             "There is no unit of code “%s”: “dangbo unit list” shows the codes.", value);
    return f->unit != 0;
}

static bool set_limit(struct ctx *c, struct filter *f, const char *value)
{
    if (int_parse(value, &f->limit) && f->limit >= 1 && f->limit <= PAGE_MOST)
        return true;
    fail(c, ERR_USAGE, "Số dòng “%s” phải từ 1 đến %d.", "The limit “%s” must be from 1 to %d.", value, PAGE_MOST);
    return false;
}

bool filter_set(struct ctx *c, struct filter *f, const char *name, const char *value)
{
    if (strcmp(name, "q") == 0)
        f->search = value;
    else if (strcmp(name, "unit") == 0)
        return set_unit(c, f, value);
    else if (strcmp(name, "at") == 0)
        return set_day(c, value, &f->at);
    else if (strcmp(name, "from") == 0 && !field_find(f->kind, "from"))
        return set_day(c, value, &f->from);
    else if (strcmp(name, "to") == 0 && !field_find(f->kind, "to"))
        return set_day(c, value, &f->to);
    else if (strcmp(name, "limit") == 0)
        return set_limit(c, f, value);
    else if (strcmp(name, "after") == 0)
        f->after = value;
    else if (strcmp(name, "all") == 0)
        f->all_times = strcmp(value, "1") == 0;
    else if (strcmp(name, "alone") == 0)
        f->alone = strcmp(value, "1") == 0;
    else if (strcmp(name, "sort") == 0) {
        f->descending = *value == '-';
        f->sort = field_find(f->kind, value + f->descending);
        if (!f->sort || !field_stored(f->sort) || (f->sort->flags & SECRET)) {
            fail(c, ERR_USAGE, "Không sắp xếp được theo “%s”. Các trường: %s.", "Cannot sort by “%s”. The fields: %s.", value, field_names(c, f->kind));
            return false;
        }
    } else
        return set_term(c, f, name, value);
    return true;
}

/* --- composing ---------------------------------------------------------------------------------- */

static void where_terms(struct sql *q, const struct filter *f)
{
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

/* By which way the rows are come by. It changes how long a statement takes and never what it finds. */
enum way_by {
    BY_PLAN,  /* the engine decides */
    BY_UNITS, /* from the units below, which are few, to what each holds */
    BY_ORDER, /* in the order of the list, looking at each whether it is meant, until the page is full */
    BY_WORDS  /* from those that the index of words knows, which are few */
};

struct way {
    enum way_by by;
    const char *fold;  /* what is searched; NULL = nothing */
    const char *words; /* what the index of words is asked for; NULL = it is not */
    int64_t *parts;    /* where it may be found */
    size_t nparts;
};

/* Measured with 290,000 units and 5.4 million people: docs/performance.md. */
enum { UNITS_FEW = 100, HITS_FEW = 1000, HITS_FEW_IN_MANY_PARTS = 8000 };

static bool below(const struct filter *f)
{
    return f->unit && !f->alone && !(f->kind->flags & SYSTEM);
}

static bool by_title(const struct filter *f)
{
    return !f->sort && !f->by_id && kind_searched(f->kind);
}

static void where_below(struct sql *q, const struct filter *f)
{
    day at = f->at.v ? f->at : q->c->today;
    sql_add(q, "ua.above = ");
    sql_arg(q, V(f->unit));
    sql_add(q, " AND ua.since <= ");
    sql_arg(q, V(at));
    sql_add(q, " AND ua.until > ");
    sql_arg(q, V(at));
}

static bool units_few(struct ctx *c, const struct filter *f)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT count(*) FROM (SELECT 1 FROM unit_above ua WHERE ");
    where_below(&q, f);
    sql_add(&q, " LIMIT ");
    sql_arg(&q, V(UNITS_FEW + 1));
    sql_add(&q, ") few");
    return rows_only_int(sql_query(&q)) <= UNITS_FEW;
}

static int64_t hits_few(const struct way *w)
{
    return w->nparts == 1 ? HITS_FEW : HITS_FEW_IN_MANY_PARTS;
}

static struct way way_of(struct ctx *c, const struct filter *f, bool page)
{
    struct way w = {.by = BY_PLAN};
    const struct kind *k = f->kind;
    const char *fold = f->search && kind_searched(k) ? text_fold(&c->arena, f->search) : "";
    bool ordered = page && (by_title(f) || !f->sort);
    bool few = below(f) && units_few(c, f);
    if (few)
        w.by = BY_UNITS;
    else if (below(f) && ordered)
        w.by = BY_ORDER;
    if (kind_searched(k) && (k->flags & REFERENCE)) {
        w.parts = NEW(&c->arena, int64_t);
        w.nparts = 1;
    } else if (kind_searched(k) && (*fold || !few)) {
        w.nparts = tree_parts(c, f->unit, &w.parts);
    }
    if (!*fold)
        return w;
    int64_t most = hits_few(&w);
    w.fold = fold;
    w.words = db_words_query(c, k->name, fold, w.parts, w.nparts);
    if (w.words && ((!few && !ordered) || db_words_count(c, k->name, w.words, most + 1) <= most))
        w.by = BY_WORDS;
    else if (!few)
        w.by = ordered ? BY_ORDER : BY_PLAN;
    return w;
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

/* The tables in the order in which the way goes through them, and how they hang together. */
static void from_tables(struct sql *q, const struct filter *f, const struct way *w)
{
    const struct kind *k = f->kind;
    if (!below(f) || w->by == BY_PLAN) {
        sql_add(q, " FROM ");
        sql_name(q, k->name);
        sql_add(q, " t");
        if (below(f))
            tree_join(q, "t", k->where, f->unit, f->at.v ? f->at : q->c->today);
        sql_add(q, " WHERE t.removed_at = 0");
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
    where_below(q, f);
    sql_add(q, " AND t.removed_at = 0");
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
    if (f->unit && f->alone) {
        sql_add(q, " AND ");
        sql_col(q, "t", k->where);
        sql_add(q, " = ");
        sql_arg(q, V(f->unit));
    }
    if (f->unit)
        scope_where_below(q, k, act, "t", f->unit, f->at.v && !f->alone ? f->at : q->c->today);
    else
        scope_where(q, k, act, "t");
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
    const char *words = f->search && by_title(f) ? text_words(&c->arena, f->search) : "";
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
    if (by_title(f)) {
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
    int text_at = by_title(f) || (f->sort && type_is_text(f->sort->type)) ? n - 2 : -1;
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
};

/* The rows of the page as their keys, in order: what decides stands in indexes, mostly, and rows that do not come onto the page
 * are not read. `exact` 0 or 1: only those that hit so exactly. */
static void page_keys(struct sql *q, const struct page *p, const int *exact)
{
    const char *name = p->f->kind->name, *words = p->words;
    struct place at = p->at;
    sql_add(q, "SELECT t.shard, t.id");
    from_where(q, p->f, &p->way);
    if (exact) {
        sql_add(q, " AND EXISTS (SELECT 1 FROM ");
        sql_name(q, name);
        sql_add(q, " w WHERE w.shard = t.shard AND w.id = t.id AND ");
        add_exactness(q, "w", words);
        sql_add(q, " = ");
        sql_arg(q, V(*exact));
        sql_add(q, ")");
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

static void page_in_two(const struct page *p)
{
    const struct kind *k = p->f->kind;
    struct page first = *p;
    const char *exactly = db_words_exact(p->c, p->words, p->way.parts, p->way.nparts);
    int64_t most = hits_few(&p->way);
    if (exactly && db_words_count(p->c, k->name, exactly, most + 1) <= most) {
        first.way.by = BY_WORDS;
        first.way.words = exactly;
    }
    for (int exact = p->at.n ? (int)p->at.v[0].i : 0; exact <= 1 && (int64_t)p->list->n < p->most; exact++)
        page_fill(exact ? p : &first, &exact);
}

/* Who names no unit asks for all that a right reaches over: the same list, and quicker come by from the unit. */
static struct filter placed(struct ctx *c, const struct filter *f)
{
    struct filter g = *f;
    if (!f->unit && (!f->at.v || f->at.v == c->today.v))
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
    else
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

int64_t record_count_to(struct ctx *c, const struct filter *asked, int64_t most)
{
    struct filter f = placed(c, asked);
    struct sql q = sql_new(c);
    struct way way = way_of(c, &f, false);
    bool all = most == INT64_MAX - 1;
    if (all)
        sql_add(&q, "SELECT count(*)");
    else
        sql_add(&q, "SELECT count(*) FROM (SELECT 1");
    from_where(&q, &f, &way);
    if (!all) {
        sql_add(&q, " LIMIT ");
        sql_arg(&q, V(most + 1));
        sql_add(&q, ") some");
    }
    return rows_only_int(sql_query(&q));
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

/* --- labels of what references point at ----------------------------------------------------------- */

struct known {
    const struct kind *kind;
    int64_t id;
    struct label label;
};

struct labels {
    struct known *slots; /* open addressing; size is a power of two */
    size_t size;
};

static struct known *slot(const struct labels *l, const struct kind *k, int64_t id)
{
    uint64_t h = ((uint64_t)id ^ (uint64_t)(uintptr_t)k) * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(h >> 20) & (l->size - 1);
    while (l->slots[at].id && (l->slots[at].id != id || l->slots[at].kind != k))
        at = (at + 1) & (l->size - 1);
    return &l->slots[at];
}

static void want(struct labels *l, const struct kind *k, int64_t id)
{
    if (id)
        *slot(l, k, id) = (struct known){k, id, {"", ""}};
}

static void fetch_labels(struct ctx *c, struct labels *l, const struct kind *k)
{
    enum { AT_ONCE = 500 };
    int64_t ids[AT_ONCE];
    for (size_t i = 0; i < l->size;) {
        size_t n = 0;
        for (; i < l->size && n < AT_ONCE; i++)
            if (l->slots[i].kind == k)
                ids[n++] = l->slots[i].id;
        if (!n)
            return;
        struct sql q = sql_new(c);
        sql_add(&q, "SELECT id, ");
        sql_name(&q, k->code ? k->code : "id");
        sql_add(&q, ", ");
        sql_name(&q, k->title ? k->title : "id");
        sql_add(&q, " FROM ");
        sql_name(&q, k->name);
        sql_add(&q, " WHERE id IN (");
        sql_args(&q, ids, n);
        sql_add(&q, ")");
        struct rows *r = sql_query(&q);
        while (rows_next(r)) {
            const char *code = rows_text(r, 1), *title = rows_text(r, 2);
            slot(l, k, rows_int(r, 0))->label = (struct label){arena_text(&c->arena, code ? code : ""), arena_text(&c->arena, title ? title : "")};
        }
    }
}

struct labels *labels_of(struct ctx *c, const struct kind *k, void *const *rows, size_t n)
{
    size_t refs = 1;
    for (size_t j = 0; j < k->nfields; j++)
        refs += k->fields[j].type == TYPE_REF;
    struct labels *l = NEW(&c->arena, struct labels);
    for (l->size = 16; l->size < 2 * refs * (n + 1);)
        l->size *= 2;
    l->slots = NEW_N(&c->arena, struct known, l->size);
    bool wanted[64] = {false};
    for (size_t i = 0; i < n; i++) {
        want(l, kind_of_places(), ((const struct row *)rows[i])->unit);
        wanted[kind_index(kind_of_places())] = true;
        for (size_t j = 0; j < k->nfields; j++) {
            const struct field *f = &k->fields[j];
            if (f->type != TYPE_REF || !field_ref(f, rows[i]))
                continue;
            want(l, f->to, field_ref(f, rows[i]));
            wanted[kind_index(f->to)] = true;
        }
    }
    for (size_t i = 0; i < nkinds && i < N(wanted); i++)
        if (wanted[i])
            fetch_labels(c, l, kinds[i]);
    return l;
}

struct label label_of(const struct labels *l, const struct kind *to, int64_t id)
{
    const struct known *s = id ? slot(l, to, id) : NULL;
    return s && s->id ? s->label : (struct label){"", ""};
}

struct label label_unit(const struct labels *l, int64_t unit)
{
    return label_of(l, kind_of_places(), unit);
}
