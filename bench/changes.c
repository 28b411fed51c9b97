/* Writing: single durable writes with their audit, alone and thirty-two at a time, beside the engine's own commits; and the
 * restructuring of a province through the product's own decisions. */
#define ALLOW_MALLOC
#include "bench.h"

#include "model/tree.h"
#include "model/type.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

enum { THREADS = 32, ROW = 600 };

/* --- single writes ----------------------------------------------------------------------------------- */

struct writer {
    struct store *store;
    const struct model *model;
    const int64_t *ids;
    size_t n, nth;
    double seconds;
    const char *path; /* of the plain file */
    int64_t done;
};

static void *write_ours(void *with)
{
    struct writer *w = with;
    struct ctx c = {.model = w->model};
    bench_connect(&c, w->store, &bench_operator);
    const struct field *note = field_need(&person_kind, "note");
    double end = bench_seconds() + w->seconds;
    for (size_t i = w->nth * 7919; bench_seconds() < end; i += 31) {
        struct arena_mark mark = arena_mark(&c.arena);
        struct problems p;
        problems_start(&p, &c);
        db_begin(&c, DB_WRITE);
        void *person = record_find(&c, &person_kind, w->ids[i % w->n], ACT_CHANGE);
        field_set(note, person, value_text(arena_printf(&c.arena, "%zu %lld", i, (long long)w->done)));
        record_save(&c, &person_kind, person, &p);
        if (!db_commit(&c))
            bench_must(&c, "write");
        w->done++;
        arena_rewind(&c.arena, mark);
    }
    db_disconnect(&c);
    ctx_free(&c);
    return NULL;
}

static void *write_plain(void *with)
{
    struct writer *w = with;
    sqlite3 *h = NULL;
    char row[ROW];
    memset(row, 'x', sizeof row);
    sqlite3_open_v2(w->path, &h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    sqlite3_busy_timeout(h, 30000);
    sqlite3_exec(h, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, x TEXT)", NULL, NULL, NULL);
    sqlite3_stmt *insert = NULL;
    sqlite3_prepare_v2(h, "INSERT INTO t (x) VALUES (?1)", -1, &insert, NULL);
    double end = bench_seconds() + w->seconds;
    while (bench_seconds() < end) {
        sqlite3_bind_text(insert, 1, row, sizeof row, SQLITE_STATIC);
        w->done += sqlite3_exec(h, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK && sqlite3_step(insert) == SQLITE_DONE &&
                   sqlite3_reset(insert) == SQLITE_OK && sqlite3_exec(h, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    }
    sqlite3_finalize(insert);
    sqlite3_close(h);
    return NULL;
}

static double rate(void *(*work)(void *), const struct writer *like, size_t threads)
{
    pthread_t id[THREADS];
    struct writer w[THREADS];
    int64_t done = 0;
    double begin = bench_seconds();
    for (size_t i = 0; i < threads; i++) {
        w[i] = *like;
        w[i].nth = i;
        if (pthread_create(&id[i], NULL, work, &w[i]) != 0)
            abort();
    }
    for (size_t i = 0; i < threads; i++) {
        pthread_join(id[i], NULL);
        done += w[i].done;
    }
    return (double)done / (bench_seconds() - begin);
}

/* Turn and turn about, so that both meet the same disk. */
static void rate_row(const char *what, const struct writer *w, size_t threads)
{
    struct times ours = {0}, theirs = {0};
    for (int i = 0; i < (bench_small ? 1 : 3); i++) {
        times_add(&theirs, rate(write_plain, w, threads));
        times_add(&ours, rate(write_ours, w, threads));
    }
    double a = times_at(&ours, 0.5), b = times_at(&theirs, 0.5);
    bench_row(what, bench_number(a, "/s"), bench_number(b, "/s"), bench_number(a / b, ""), "", -1);
    times_free(&ours);
    times_free(&theirs);
}

static struct store *open_owned(struct ctx *c, const char *dir)
{
    struct store *s = store_open(c, dir, STORE_OWN);
    bench_must(c, dir);
    bench_connect(c, s, &bench_operator);
    return s;
}

void measure_writes(const char *dir, const char *scratch)
{
    struct ctx c = {0};
    struct store *s = open_owned(&c, dir);
    bench_rules(&c);
    size_t n = 0, most = 20000;
    int64_t *ids = NEW_N(&c.arena, int64_t, most);
    db_begin(&c, DB_READ);
    struct rows *r = db_query(&c, "SELECT id FROM person ORDER BY card_number LIMIT 20000");
    while (n < most && rows_next(r))
        ids[n++] = rows_int(r, 0);
    db_commit(&c);
    bench_must(&c, "people");
    struct writer w = {.store = s, .model = c.model, .ids = ids, .n = n, .seconds = bench_small ? 0.3 : 4, .path = scratch};
    bench_head("Durable single writes: a change of a person with all checks, words and audit, beside a bare COMMIT of 600 bytes");
    rate_row("one writer", &w, 1);
    rate_row("32 writers at once", &w, THREADS);
    db_disconnect(&c);
    store_close(s);
    model_free((struct model *)(uintptr_t)c.model);
    ctx_free(&c);
}

/* --- the restructuring ------------------------------------------------------------------------------- */

static void decide(struct ctx *c, const char *const (*fields)[2], size_t n)
{
    void *change = arena_alloc(&c->arena, unit_change_kind.size);
    for (size_t i = 0; i < n; i++) {
        const char *why = fields[i][1] ? type_parse(c, field_need(&unit_change_kind, fields[i][0]), value_text(fields[i][1]), change) : NULL;
        if (why) {
            fprintf(stderr, "bench: %s: %s\n", fields[i][0], why);
            exit(70);
        }
    }
    record_must_save(c, &unit_change_kind, change);
    bench_must(c, "decision");
}

static size_t codes_of(struct ctx *c, const char *type, const char **out, size_t most)
{
    size_t n = 0;
    struct rows *r = db_query(c, "SELECT code FROM unit WHERE type = $1 AND closed_on = 99999999 ORDER BY code", V(type));
    while (n < most && rows_next(r))
        out[n++] = arena_text(&c->arena, rows_text(r, 0));
    rows_close(r);
    return n;
}

struct state {
    int64_t today, before;
};

static struct state members(struct ctx *c, int64_t province)
{
    struct filter f = {.kind = &membership_kind, .unit = province};
    struct state s = {.today = record_count(c, &f)};
    f.at.v = 20250630;
    s.before = record_count(c, &f);
    return s;
}

static size_t restructure(struct ctx *c, const char *const *communes, size_t n, const char *const *districts, size_t nd)
{
    size_t made = 0;
    for (size_t i = 0; i < n; made++) {
        size_t take = n - i >= 5 ? 2 + made % 2 : n - i; /* by twos and threes */
        const char *list = communes[i];
        for (size_t j = 1; j < take; j++)
            list = arena_printf(&c->arena, "%s; %s", list, communes[i + j]);
        const char *const fields[][2] = {{"number", arena_printf(&c->arena, "%zu-QĐ/TU", made + 1)}, {"decided_on", "16/06/2025"}, {"effective_on", "01/07/2025"},
                                         {"decided_by", "Ban Thường vụ Tỉnh ủy"}, {"act", "merge"}, {"units", list}, {"into", arena_printf(&c->arena, "T00-M%05zu", made)},
                                         {"new_name", arena_printf(&c->arena, "Đảng bộ xã mới số %zu", made + 1)}, {"new_type", "party_commune"}, {"new_level", "commune"},
                                         {"superior", "T00"}};
        decide(c, fields, N(fields));
        i += take;
    }
    for (size_t i = 0; i < nd; i++, made++) {
        const char *const fields[][2] = {{"number", arena_printf(&c->arena, "%zu-QĐ/TU", made + 1)}, {"decided_on", "16/06/2025"}, {"effective_on", "01/07/2025"},
                                         {"decided_by", "Ban Thường vụ Tỉnh ủy"}, {"act", "close"}, {"units", districts[i]}, {"into", "T00"}};
        decide(c, fields, N(fields));
    }
    return made;
}

void measure_restructuring(const char *dir)
{
    enum { MOST = 2000 };
    struct ctx c = {0};
    struct store *s = open_owned(&c, dir);
    bench_rules(&c);
    const char *communes[MOST], *districts[MOST];
    db_begin(&c, DB_READ);
    int64_t province = record_id_of_code(&c, &unit_kind, "T00"), units = db_one_int(&c, "SELECT count(*) FROM unit");
    size_t n = codes_of(&c, "base_committee", communes, MOST), nd = codes_of(&c, "party_district", districts, MOST);
    struct state was = members(&c, province);
    db_commit(&c);
    double begin = bench_seconds();
    db_begin(&c, DB_WRITE_LONG);
    size_t made = restructure(&c, communes, n, districts, nd);
    if (!db_commit(&c))
        bench_must(&c, "restructuring");
    double took = bench_seconds() - begin;
    db_begin(&c, DB_READ);
    struct state now = members(&c, province);
    int64_t faults = tree_faults(&c), below = db_one_int(&c, "SELECT count(*) FROM unit_above WHERE above = $1 AND depth = 1 AND until = 99999999", V(province));
    int64_t entries = db_one_int(&c, "SELECT count(*) FROM audit");
    db_commit(&c);
    bench_must(&c, "after");
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    bool same = was.today == now.today && was.before == now.before && !faults;
    char what[300];
    snprintf(what, sizeof what, "%zu decisions on %lld units with %lld members, in one transaction: %zu communes and %zu districts; %lld audit entries, %lld units now directly below%s", made,
             (long long)units, (long long)was.today, n, nd, (long long)entries, (long long)below, same ? "" : " (MEMBERS OR TREE DIFFER)");
    bench_head("A province's restructuring");
    bench_row(what, bench_number(took, "s"), "", "", "under 60 s", same && took < 60);
    bench_row("most memory while it is carried out", bench_number((double)use.ru_maxrss / 1024, "MB"), "", "", "", -1);
    db_disconnect(&c);
    store_close(s);
    model_free((struct model *)(uintptr_t)c.model);
    ctx_free(&c);
}
