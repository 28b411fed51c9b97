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
    f->unit = record_id_of_code(c, &unit_kind, value);
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

/* FROM ... WHERE ...: which rows, for any of list, count and stream. */
static void from_where(struct sql *q, const struct filter *f)
{
    sql_add(q, " FROM ");
    sql_name(q, f->kind->name);
    sql_add(q, " t");
    if (f->unit && !f->alone && !(f->kind->flags & SYSTEM))
        tree_join(q, "t", f->kind->where, f->unit, f->at.v ? f->at : q->c->today);
    sql_add(q, " WHERE t.removed_at = 0");
    if (f->unit && f->alone) {
        sql_add(q, " AND ");
        sql_col(q, "t", f->kind->where);
        sql_add(q, " = ");
        sql_arg(q, V(f->unit));
    }
    scope_where(q, f->kind, f->act ? f->act : ACT_READ, "t");
    where_time(q, f);
    where_terms(q, f);
    const char *fold = f->search && kind_searched(f->kind) ? text_fold(&q->c->arena, f->search) : NULL;
    if (fold && *fold) {
        sql_add(q, " AND ");
        db_words_match(q, f->kind->name, "t", fold);
    }
}

static bool by_title(const struct filter *f)
{
    return !f->sort && !f->by_id && kind_searched(f->kind);
}

/* 0 when every typed word stands in the record just so, diacritics included; else 1. Exact hits come first. */
static void add_exactness(struct sql *q, const char *words)
{
    sql_add(q, "CASE WHEN 1 = 1");
    while (*words) {
        size_t n = strcspn(words, " ");
        sql_add(q, " AND (' ' || t.words || ' ') LIKE ");
        sql_arg(q, V((const char *)arena_printf(&q->c->arena, "%% %.*s %%", (int)n, words)));
        words += n + (words[n] == ' ');
    }
    sql_add(q, " THEN 0 ELSE 1 END");
}

/* The expressions by which rows are ordered, the id last, so that no two rows are alike. Nulls are given a place
 * of their own, because the engines differ on it. Returns how many. */
static int order_terms(struct sql *q, const struct filter *f, const char *direction)
{
    const char *words = f->search && by_title(f) ? text_words(&q->c->arena, f->search) : "";
    bool down = strcmp(direction, " DESC") == 0;
    int n = 1;
    if (*words) {
        add_exactness(q, words);
        sql_add(q, ", ");
        n++;
    }
    if (by_title(f)) {
        sql_add(q, "t.sort_key, ");
        n++;
    } else if (f->sort) {
        sql_add(q, "CASE WHEN ");
        sql_col(q, "t", f->sort->name);
        sql_add(q, " IS NULL THEN 1 ELSE 0 END");
        if (down)
            sql_add(q, " DESC");
        sql_add(q, ", COALESCE(");
        sql_col(q, "t", f->sort->name);
        if (type_is_text(f->sort->type))
            sql_add(q, ", '')");
        else
            sql_add(q, ", 0)");
        if (down)
            sql_add(q, " DESC");
        sql_add(q, ", ");
        n += 2;
    }
    sql_add(q, "t.id");
    if (down)
        sql_add(q, " DESC");
    return n;
}

/* Rows behind the one of the given id, in the list's own order. */
static void where_after(struct sql *q, const struct filter *f)
{
    int64_t id = 0;
    if (!f->after)
        return;
    bool known = int_parse(f->after, &id);
    struct sql last = sql_new(q->c);
    sql_add(&last, "SELECT ");
    int n = order_terms(&last, f, "");
    sql_add(&last, " FROM ");
    sql_name(&last, f->kind->name);
    sql_add(&last, " t WHERE t.id = ");
    sql_arg(&last, V(id));
    struct rows *r = known ? sql_query(&last) : NULL;
    if (!rows_next(r)) {
        fail(q->c, ERR_USAGE, "Chỗ bắt đầu “%s” không đúng: lấy từ trang trước.", "The place to begin “%s” is wrong: take it from the page before.",
             f->after);
        return;
    }
    sql_add(q, " AND (");
    order_terms(q, f, "");
    if (f->descending)
        sql_add(q, ") < (");
    else
        sql_add(q, ") > (");
    int text_at = by_title(f) || (f->sort && type_is_text(f->sort->type)) ? n - 2 : -1;
    for (int i = 0; i < n; i++) {
        if (i)
            sql_add(q, ", ");
        sql_arg(q, i == text_at ? V((const char *)arena_text(&q->c->arena, rows_text(r, i))) : V(rows_int(r, i)));
    }
    sql_add(q, ")");
    rows_close(r);
}

struct list record_list(struct ctx *c, const struct filter *f)
{
    struct list l = {.kind = f->kind};
    int64_t limit = f->limit ? f->limit : PAGE;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT ");
    record_columns(&q, f->kind, "t");
    from_where(&q, f);
    where_after(&q, f);
    sql_add(&q, " ORDER BY ");
    order_terms(&q, f, f->descending ? " DESC" : "");
    sql_add(&q, " LIMIT ");
    sql_arg(&q, V(limit + 1));
    l.rows = NEW_N(&c->arena, void *, limit + 1);
    struct rows *r = sql_query(&q);
    while (l.n <= (size_t)limit && rows_next(r))
        l.rows[l.n++] = record_from_row(c, f->kind, r);
    rows_close(r);
    if (l.n > (size_t)limit) {
        l.n--;
        l.next = arena_printf(&c->arena, "%lld", (long long)((struct row *)l.rows[l.n - 1])->id);
    }
    if (f->kind->as_at && f->at.v && f->at.v != c->today.v)
        f->kind->as_at(c, f->at, l.rows, l.n);
    return l;
}

int64_t record_count(struct ctx *c, const struct filter *f)
{
    (void)c;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT count(*)");
    from_where(&q, f);
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
    from_where(&q, f);
    sql_add(&q, " ORDER BY ");
    order_terms(&q, f, f->descending ? " DESC" : "");
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
        want(l, &unit_kind, ((const struct row *)rows[i])->unit);
        wanted[kind_index(&unit_kind)] = true;
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
    return label_of(l, &unit_kind, unit);
}
