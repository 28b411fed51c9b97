/* Both engines give the same, row for row: the same run on each, every table and every order of every list compared. Without
 * PostgreSQL the run is compared with itself. Ids differ from run to run, so that each stands as its place in the order of making. */
#include "lawful.h"

#include "base/str.h"
#include "small.h"
#include "t.h"
#include "testdb.h"

enum { EACH = 6, LINES = 40000 };

struct dump {
    char **lines;
    size_t n;
    int64_t *ids;
    size_t nids;
};

static void must(struct ctx *c, bool ok)
{
    if (!ok || failed(c))
        fail_msg("%s", failed(c) ? c->err.text : "no");
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void collect_ids(struct ctx *c, struct dump *d)
{
    d->ids = NEW_N(&c->arena, int64_t, LINES);
    for (size_t i = 0; i <= nkinds; i++) {
        struct sql q = sql_new(c);
        sql_add(&q, "SELECT id FROM ");
        sql_name(&q, i < nkinds ? kinds[i]->name : "audit");
        struct rows *r = sql_query(&q);
        while (d->nids < LINES && rows_next(r))
            d->ids[d->nids++] = rows_int(r, 0);
        rows_close(r);
    }
    qsort(d->ids, d->nids, sizeof *d->ids, by_size);
}

/* The text with each id in it as #place. */
static void add_plain(struct buf *b, const struct dump *d, const char *s)
{
    while (*s) {
        size_t n = strspn(s, "0123456789");
        int64_t v = 0;
        char word[24] = "";
        if (n > 0 && n < sizeof word)
            memcpy(word, s, n);
        const int64_t *at = n > 15 && int_parse(word, &v) ? bsearch(&v, d->ids, d->nids, sizeof *d->ids, by_size) : NULL;
        if (at)
            buf_printf(b, "#%td", at - d->ids);
        else
            buf_add(b, s, n ? n : 1);
        s += n ? n : 1;
    }
}

static void add_line(struct ctx *c, struct dump *d, struct buf *b)
{
    if (d->n == LINES)
        fail_msg("more than %d lines", LINES);
    d->lines[d->n++] = buf_take(b, &c->arena);
    *b = (struct buf){0};
}

static void dump_rows(struct ctx *c, struct dump *d, const char *table, struct rows *r)
{
    while (rows_next(r)) {
        struct buf b = {0};
        buf_printf(&b, "%s:", table);
        for (int i = 0; i < rows_columns(r); i++) {
            const char *column = rows_column_name(r, i);
            if (strcmp(column, "hash") == 0)
                continue; /* of ids among the rest */
            buf_printf(&b, " %s=", column);
            if (rows_null(r, i))
                buf_puts(&b, "null");
            else
                add_plain(&b, d, rows_text(r, i));
        }
        add_line(c, d, &b);
    }
}

static void dump_tables(struct ctx *c, struct dump *d)
{
    for (size_t i = 0; i <= nkinds; i++) {
        const char *name = i < nkinds ? kinds[i]->name : "audit";
        struct sql q = sql_new(c);
        sql_add(&q, "SELECT * FROM ");
        sql_name(&q, name);
        sql_add(&q, " ORDER BY id");
        dump_rows(c, d, name, sql_query(&q));
    }
    dump_rows(c, d, "unit_above", db_query(c, "SELECT unit, above, since, until, depth FROM unit_above ORDER BY unit, depth, since, above"));
    dump_rows(c, d, "taken", db_query(c, "SELECT kind, field, value, id FROM taken ORDER BY id, kind, field"));
}

/* Every page of a list, as the places of its records. */
static void dump_list(struct ctx *c, struct dump *d, struct filter *f, const char *what)
{
    struct buf b = {0};
    f->limit = 7;
    f->after = NULL;
    buf_printf(&b, "list %s %s %s%s (%lld):", f->kind->name, what, f->sort ? f->sort->name : "", f->descending ? " down" : "", (long long)record_count(c, f));
    do {
        struct list l = record_list(c, f);
        for (size_t i = 0; i < l.n; i++)
            add_plain(&b, d, arena_printf(&c->arena, " %lld", (long long)((struct row *)l.rows[i])->id));
        f->after = l.next;
    } while (f->after && !failed(c));
    add_line(c, d, &b);
}

static void dump_lists(struct ctx *c, struct dump *d)
{
    static const char *const searches[] = {"duc", "Đức", "nguyen van", "chi bo 3", "x1", "e", "a b", "ươc"};
    for (size_t i = 0; i < nkinds; i++) {
        const struct kind *k = kinds[i];
        for (size_t j = 0; j <= k->nfields; j++)
            for (int down = 0; down < 2; down++) {
                struct filter f = {.kind = k, .all_times = true, .descending = down != 0, .sort = j < k->nfields ? &k->fields[j] : NULL};
                if (!f.sort || (field_stored(f.sort) && !(f.sort->flags & SECRET)))
                    dump_list(c, d, &f, "all");
            }
        for (size_t j = 0; j < N(searches); j++)
            dump_list(c, d, &(struct filter){.kind = k, .all_times = true, .search = searches[j]}, searches[j]);
        dump_list(c, d, &(struct filter){.kind = k, .at = {20110601}, .unit = k->flags & SYSTEM ? 0 : record_id_of_code(c, &unit_kind, "ROOT")}, "below ROOT");
    }
}

static void live(struct ctx *c)
{
    struct luck l = {.state = 2463534242};
    lawful_units(c);
    for (size_t i = 0; i < nkinds * EACH; i++) {
        const struct kind *k = kinds[i % nkinds];
        struct problems p;
        problems_start(&p, c);
        if (!lawful_kind(k))
            continue;
        must(c, db_begin(c, DB_WRITE));
        struct row *row = lawful_record(c, &l, k);
        must(c, record_must_save(c, k, row));
        if (luck_below(&l, 2) && lawful_change(c, &l, k, row))
            must(c, record_must_save(c, k, row));
        if (luck_below(&l, 4) == 0)
            (void)record_remove(c, k, row->id, 0, &p);
        must(c, db_commit(c));
    }
    put(c, &unit_change_kind, "number", "1", "decided_on", "01/06/2025", "effective_on", "01/06/2025", "decided_by", "Huyện", "act", "merge", "units", "CELL3;CELL4",
        "into", "CELL9", NULL);
}

static struct dump run(struct ctx **to)
{
    struct ctx *c = small_open();
    struct dump d = {.lines = NEW_N(&c->arena, char *, LINES)};
    *to = c;
    live(c);
    must(c, db_begin(c, DB_READ));
    collect_ids(c, &d);
    dump_tables(c, &d);
    dump_lists(c, &d);
    must(c, db_commit(c));
    return d;
}

static void both_engines_give_the_same(void **state)
{
    (void)state;
    struct ctx *first, *second;
    struct dump a = run(&first);
    const char *server = getenv("DANGBO_TEST_DB");
    char kept[400];
    snprintf(kept, sizeof kept, "%s", server ? server : "");
    unsetenv("DANGBO_TEST_DB"); /* the other one is SQLite */
    struct dump b = run(&second);
    assert_true(a.n > 500 && a.nids > 200);
    for (size_t i = 0; i < a.n || i < b.n; i++)
        if (i >= a.n || i >= b.n || strcmp(a.lines[i], b.lines[i]) != 0)
            fail_msg("line %zu:\n%s\n%s", i, i < a.n ? a.lines[i] : "-", i < b.n ? b.lines[i] : "-");
    small_close(second);
    if (*kept)
        setenv("DANGBO_TEST_DB", kept, 1);
    small_close(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(both_engines_give_the_same)};
    return t_run("engines", tests, N(tests));
}
