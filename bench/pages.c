/* What a page of the browser asks of the model: somebody who is signed in opens the first 50 people below a unit, with the
 * names of all that they point at. Statements and time, when nothing was committed since the last page, and when something was. */
#include "bench.h"

#include "base/str.h"
#include "model/type.h"
#include "party/verbs.h"

static int64_t save(struct ctx *c, const struct kind *k, const char *const fields[][2], size_t n)
{
    struct row *record = arena_alloc(&c->arena, k->size);
    for (size_t i = 0; i < n; i++) {
        const char *why = type_parse(c, field_need(k, fields[i][0]), value_text(fields[i][1]), record);
        if (why)
            fail(c, ERR_BAD_INPUT, "%s", "%s", why);
    }
    record_must_save(c, k, record);
    return record->id;
}

/* An account whose office is to read all below a unit. */
static int64_t reader_of(struct ctx *c, const char *unit)
{
    const char *const account[][2] = {{"login", "bench"}, {"name", "Bench"}};
    const char *const grant[][2] = {{"account", "bench"}, {"role", "reader"}, {"over_unit", unit}, {"reason", "bench"}};
    db_begin(c, DB_WRITE);
    int64_t id = save(c, &account_kind, account, N(account));
    save(c, &grant_kind, grant, N(grant));
    db_commit(c);
    bench_must(c, "account");
    return id;
}

static size_t page(struct ctx *c, const struct filter *f)
{
    struct arena_mark mark = arena_mark(&c->arena);
    db_begin(c, DB_READ);
    struct list l = record_list(c, f);
    struct labels *names = labels_of(c, f->kind, l.rows, l.n);
    size_t n = 0;
    for (size_t i = 0; i < l.n; i++)
        n += label_unit(names, ((const struct row *)l.rows[i])->unit).title[0] != '\0';
    db_commit(c);
    arena_rewind(&c->arena, mark);
    return n;
}

/* A commit by somebody else between two pages. */
static void disturb(struct ctx *c, int i)
{
    db_begin(c, DB_WRITE);
    db_run(c, "UPDATE account SET name = $1 WHERE shard = 0 AND login = 'bench'", V(i % 2 ? "Bench" : "bench"));
    db_commit(c);
}

static void measure(struct ctx *c, struct ctx *writer, const char *what, int64_t unit, bool disturbed)
{
    struct filter f = {.kind = &person_kind, .unit = unit};
    struct times t = {0};
    size_t rows = page(c, &f);
    int64_t statements = 0;
    for (int i = 0; i < (bench_small ? 50 : disturbed ? 300 : 3000); i++) {
        if (disturbed)
            disturb(writer, i);
        int64_t before = db_statements(c);
        double begin = bench_seconds();
        page(c, &f);
        times_add(&t, (bench_seconds() - begin) * 1e3);
        statements = db_statements(c) - before;
    }
    bench_must(c, what);
    char row[200];
    double ms = times_at(&t, 0.5);
    snprintf(row, sizeof row, "%s, %zu people, %lld statements%s", what, rows, (long long)statements, disturbed ? ", somebody has just written" : "");
    bench_row(row, bench_number(ms, "ms"), "", "", disturbed ? "" : "under 0.25 ms", disturbed ? -1 : ms < 0.25);
    times_free(&t);
}

void measure_pages(struct ctx *writer, struct store *s)
{
    struct ctx c = {0};
    bench_connect(&c, s, &bench_operator);
    c.model = writer->model;
    int64_t commune = db_one_int(&c, "SELECT id FROM unit WHERE type = 'base_committee' AND closed_on = 99999999 ORDER BY id LIMIT 1 OFFSET 3");
    int64_t province = record_id_of_code(&c, &unit_kind, "T00");
    struct actor reader = {.account = reader_of(writer, "T00"), .login = "bench", .refresh = access_refresh};
    c.actor = &reader;
    c.after_begin = actor_refresh;
    bench_head("A page of 50 people, signed in, with the names of their units: all that the model does for it");
    for (int disturbed = 0; disturbed < 2; disturbed++) {
        measure(&c, writer, "below a commune", commune, disturbed);
        measure(&c, writer, "below the province", province, disturbed);
        measure(&c, writer, "wherever one may look", 0, disturbed);
    }
    c.actor = &bench_operator;
    db_disconnect(&c);
    ctx_free(&c);
}
