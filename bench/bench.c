/* The measures beside their yardsticks; see bench.h. Writes the rows of a Markdown table on its output.
 *
 *   bench start|members|search DIR        over a register that bench_generate made
 *   bench writes DIR SCRATCH              changes records in DIR; plain commits go to a file in SCRATCH
 *   bench pages DIR                       of a province; adds an account to DIR
 *   bench restructuring DIR               of a province as it stood before; changes it
 *   bench run COMMAND...                  says on its last line: seconds, most memory in kB, exit code
 *   bench head CAPTION                    begins a table
 *   bench row WHAT FIGURE YARDSTICK RATIO GOAL met|short|-      one row of the table */
#define ALLOW_MALLOC
#include "bench.h"

#include "base/crypt.h"
#include "base/embedded.h"
#include "model/schema.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

const struct actor bench_operator = {.login = "@bench", .system = true};
bool bench_small;
static bool bench_cpu; /* processor time: for a machine that does other work besides */

double bench_seconds(void)
{
    struct timespec t;
    clock_gettime(bench_cpu ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void times_add(struct times *t, double ms)
{
    if (t->n == t->room) {
        t->room = t->room ? t->room * 2 : 256;
        t->ms = realloc(t->ms, t->room * sizeof *t->ms);
        if (!t->ms)
            abort();
    }
    t->ms[t->n++] = ms;
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

double times_at(struct times *t, double share)
{
    if (!t->n)
        return 0;
    qsort(t->ms, t->n, sizeof *t->ms, by_size);
    size_t i = (size_t)((double)t->n * share);
    return t->ms[i < t->n ? i : t->n - 1];
}

void times_free(struct times *t)
{
    free(t->ms);
    *t = (struct times){0};
}

struct pair_result bench_pair(void (*ours)(void *), void (*theirs)(void *), void *with, double seconds)
{
    struct times a = {0}, b = {0};
    ours(with);
    theirs(with);
    double end = bench_seconds() + (bench_small ? seconds / 20 : seconds);
    do {
        double t0 = bench_seconds();
        ours(with);
        double t1 = bench_seconds();
        theirs(with);
        double t2 = bench_seconds();
        times_add(&a, (t1 - t0) * 1e3);
        times_add(&b, (t2 - t1) * 1e3);
    } while (bench_seconds() < end || a.n < 5);
    struct pair_result r = {times_at(&a, 0.5), times_at(&b, 0.5), a.n};
    times_free(&a);
    times_free(&b);
    return r;
}

const char *bench_number(double v, const char *unit)
{
    static char room[16][48];
    static size_t next;
    char *s = room[next++ % N(room)];
    if (v >= 1000)
        snprintf(s, sizeof room[0], "%.0f%s%s", v, *unit ? " " : "", unit);
    else
        snprintf(s, sizeof room[0], "%.*f%s%s", v >= 100 ? 0 : v >= 10 ? 1 : v >= 0.1 ? 2 : 3, v, *unit ? " " : "", unit);
    return s;
}

void bench_head(const char *caption)
{
    printf("\n### %s\n\n| Measure | Figure | Yardstick | Ratio | Goal | |\n|---|---:|---:|---:|---|---|\n", caption);
}

void bench_row(const char *what, const char *figure, const char *yardstick, const char *ratio, const char *goal, int met)
{
    printf("| %s | %s | %s | %s | %s | %s |\n", what, figure, yardstick, ratio, goal, met < 0 ? "" : met ? "met" : "**short**");
    fflush(stdout);
}

/* --- the yardstick ----------------------------------------------------------------------------------- */

static void raw_must(sqlite3 *h, int rc, const char *sql)
{
    if (rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
        return;
    fprintf(stderr, "bench: %s: %s\n", sql, sqlite3_errmsg(h));
    exit(70);
}

sqlite3 *raw_open(const char *dir)
{
    char path[4096];
    sqlite3 *h = NULL;
    snprintf(path, sizeof path, "%s/dangbo.db", dir);
    raw_must(h, sqlite3_open_v2(path, &h, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL), path);
    sqlite3_exec(h, "PRAGMA cache_size = -16384; PRAGMA mmap_size = 0", NULL, NULL, NULL);
    return h;
}

sqlite3_stmt *raw_prepare(sqlite3 *h, const char *sql)
{
    sqlite3_stmt *s = NULL;
    raw_must(h, sqlite3_prepare_v3(h, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL), sql);
    return s;
}

int64_t raw_int(sqlite3_stmt *s)
{
    raw_must(sqlite3_db_handle(s), sqlite3_step(s), sqlite3_sql(s));
    int64_t v = sqlite3_column_int64(s, 0);
    sqlite3_reset(s);
    return v;
}

int64_t raw_read(sqlite3_stmt *s)
{
    static volatile size_t seen;
    int64_t n = 0;
    for (; sqlite3_step(s) == SQLITE_ROW; n++)
        for (int i = 0; i < sqlite3_column_count(s); i++)
            seen += (size_t)sqlite3_column_text(s, i);
    sqlite3_reset(s);
    return n;
}

/* --- what a command has ------------------------------------------------------------------------------ */

void bench_must(struct ctx *c, const char *what)
{
    if (!failed(c))
        return;
    fprintf(stderr, "bench: %s: %s\n", what, c->err.text);
    exit(70);
}

void bench_rules(struct ctx *c)
{
    const struct embedded *first = NULL;
    size_t n = embedded_list("rules/", &first);
    struct model_file *files = NEW_N(&c->arena, struct model_file, n + 1);
    for (size_t i = 0; i < n; i++)
        files[i] = (struct model_file){first[i].name, first[i].data, first[i].size};
    model_start(c, files, n);
    bench_must(c, "rules");
}

void bench_connect(struct ctx *c, struct store *s, const struct actor *a)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    c->now.v = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    c->today = (day){20260302};
    c->lang = LANG_EN;
    c->actor = a;
    db_connect(c, s);
    bench_must(c, "connect");
}

static struct store *open_all(struct ctx *c, const char *dir)
{
    bench_rules(c);
    struct store *s = store_open(c, dir, STORE_OWN);
    bench_must(c, dir);
    bench_connect(c, s, &bench_operator);
    schema_current(c);
    bench_must(c, dir);
    return s;
}

static void measure_start(const char *dir)
{
    struct times t = {0};
    for (int i = 0; i < (bench_small ? 3 : 15); i++) {
        struct ctx c = {0};
        double begin = bench_seconds();
        struct store *s = open_all(&c, dir);
        db_begin(&c, DB_READ);
        db_one_int(&c, "SELECT 1 FROM unit LIMIT 1");
        db_commit(&c);
        times_add(&t, (bench_seconds() - begin) * 1e3);
        db_disconnect(&c);
        store_close(s);
        model_free((struct model *)(uintptr_t)c.model);
        ctx_free(&c);
    }
    bench_head("Start");
    bench_row("rules, store, schema check, first row", bench_number(times_at(&t, 0.5), "ms"), "", "", "under 2 s", times_at(&t, 0.5) < 2000);
    times_free(&t);
}

static int run_command(char **argv)
{
    struct rusage use;
    int status = 0;
    double begin = bench_seconds();
    pid_t child = fork();
    if (child == 0) {
        execvp(argv[0], argv);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &use) != child)
        return 70;
    printf("%.3f %ld %d\n", bench_seconds() - begin, use.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128);
    return 0;
}

int main(int argc, char **argv)
{
    bench_small = getenv("BENCH_SMALL") != NULL;
    bench_cpu = getenv("BENCH_CPU") != NULL;
    if (argc < 3 || !crypt_start()) {
        fprintf(stderr, "bench start|members|search|pages|restructuring DIR, or bench writes DIR SCRATCH\n");
        return 64;
    }
    const char *what = argv[1], *dir = argv[2];
    if (strcmp(what, "run") == 0)
        return run_command(argv + 2);
    if (strcmp(what, "head") == 0) {
        bench_head(argv[2]);
        return 0;
    }
    if (strcmp(what, "row") == 0 && argc == 8) {
        bench_row(argv[2], argv[3], argv[4], argv[5], argv[6], strcmp(argv[7], "-") == 0 ? -1 : strcmp(argv[7], "met") == 0);
        return 0;
    }
    if (strcmp(what, "start") == 0) {
        measure_start(dir);
    } else if (strcmp(what, "writes") == 0 && argc > 3) {
        measure_writes(dir, argv[3]);
    } else if (strcmp(what, "restructuring") == 0) {
        measure_restructuring(dir);
    } else {
        struct ctx c = {0};
        struct store *s = open_all(&c, dir);
        if (strcmp(what, "members") == 0)
            measure_members(&c, dir);
        else if (strcmp(what, "pages") == 0)
            measure_pages(&c, s);
        else
            measure_search(&c);
        bench_must(&c, what);
        db_disconnect(&c);
        store_close(s);
        model_free((struct model *)(uintptr_t)c.model);
        ctx_free(&c);
    }
    return 0;
}
