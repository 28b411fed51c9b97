/* Searching for a name in a province, as people type: whole names with and without diacritics, frequent words, beginnings of
 * words while they are typed, numbers. The first page of 50 each time. */
#include "bench.h"

#include "base/text.h"

enum { SAMPLE = 150 };

struct hunt {
    struct ctx *c;
    int64_t unit;
    struct times t;
    double slowest;
    char slow[200];
    int64_t found;
    size_t asked;
    bool goal;
};

static void search(struct hunt *h, const char *q)
{
    struct ctx *c = h->c;
    struct filter f = {.kind = &person_kind, .unit = h->unit, .search = q};
    double best = 1e9;
    for (int i = 0; i < 3; i++) { /* the first brings it into memory */
        struct arena_mark mark = arena_mark(&c->arena);
        double begin = bench_seconds();
        db_begin(c, DB_READ);
        struct list l = record_list(c, &f);
        db_commit(c);
        double ms = (bench_seconds() - begin) * 1e3;
        best = ms < best ? ms : best;
        h->found += i ? 0 : (int64_t)l.n;
        arena_rewind(&c->arena, mark);
    }
    bench_must(c, q);
    times_add(&h->t, best);
    h->asked++;
    if (best > h->slowest) {
        h->slowest = best;
        snprintf(h->slow, sizeof h->slow, "%s", q);
    }
}

static void tell(struct hunt *h, const char *what)
{
    char row[400], p95[80];
    double at95 = times_at(&h->t, 0.95);
    snprintf(row, sizeof row, "%s (%zu; %.1f found each; slowest “%s” %s)", what, h->asked, (double)h->found / (double)(h->asked ? h->asked : 1), h->slow, bench_number(h->slowest, "ms"));
    snprintf(p95, sizeof p95, "p50 %s, p95 %s", bench_number(times_at(&h->t, 0.5), "ms"), bench_number(at95, "ms"));
    bench_row(row, p95, "", "", h->goal ? "p95 under 5 ms" : "", h->goal ? at95 < 5 : -1);
    times_free(&h->t);
    *h = (struct hunt){.c = h->c, .unit = h->unit, .goal = h->goal};
}

/* The last word, or the first two. */
static const char *part_of(struct arena *a, const char *name, bool last)
{
    const char *space = strrchr(name, ' ');
    if (last)
        return space ? space + 1 : name;
    const char *first = strchr(name, ' ');
    const char *second = first ? strchr(first + 1, ' ') : NULL;
    return second ? arena_copy(a, name, (size_t)(second - name)) : name;
}

static void typed(struct hunt *h, struct arena *a, const char *name)
{
    for (size_t n = 2; n <= strlen(name); n++)
        if (((unsigned char)name[n] & 0xC0) != 0x80 && name[n - 1] != ' ')
            search(h, arena_copy(a, name, n));
}

struct known {
    const char *name, *card;
};

static size_t sample(struct ctx *c, int64_t unit, struct known *out, size_t most)
{
    size_t n = 0;
    struct rows *r = db_query(c, "SELECT name, card_number FROM person WHERE part = $1 AND standing = 'member' ORDER BY card_number LIMIT $2", V(unit), V((int64_t)most));
    while (n < most && rows_next(r))
        out[n++] = (struct known){arena_text(&c->arena, rows_text(r, 0)), arena_text(&c->arena, rows_text(r, 1))};
    rows_close(r);
    return n;
}

static void hunt_all(struct ctx *c, int64_t unit, int64_t people_of, const char *whose)
{
    static const char *const frequent[] = {"nguyen", "Nguyễn", "nguyen van", "Nguyễn Văn", "tran thi", "Lê Thị", "van", "Thị", "nguyen thi thanh", "Phạm Văn", "hoang", "an", "anh", "hong", "Hồng"};
    static const char *const wrong[] = {"Nguyẽn Văn Hùng", "Trần Thỉ Hoa", "nguyenx", "Phạm Vằn", "Lễ Thị Hồng"};
    struct arena *a = &c->arena;
    struct known *k = NEW_N(a, struct known, SAMPLE);
    size_t n = sample(c, people_of, k, bench_small ? 10 : SAMPLE);
    struct hunt h = {.c = c, .unit = unit, .goal = people_of == unit};
    char what[200];
    for (size_t i = 0; i < n; i++)
        search(&h, k[i].name);
    snprintf(what, sizeof what, "whole names, %s", whose);
    tell(&h, what);
    for (size_t i = 0; i < n; i++)
        search(&h, text_fold(a, k[i].name));
    snprintf(what, sizeof what, "whole names without diacritics, %s", whose);
    tell(&h, what);
    for (size_t i = 0; i < n; i++)
        search(&h, part_of(a, k[i].name, true));
    snprintf(what, sizeof what, "given names, %s", whose);
    tell(&h, what);
    for (size_t i = 0; i < n; i++)
        search(&h, part_of(a, text_fold(a, k[i].name), false));
    snprintf(what, sizeof what, "family and middle names, %s", whose);
    tell(&h, what);
    for (size_t i = 0; i < N(frequent); i++)
        search(&h, frequent[i]);
    snprintf(what, sizeof what, "the most frequent, %s", whose);
    tell(&h, what);
    for (size_t i = 0; i < n && i < 25; i++) {
        typed(&h, a, k[i].name);
        typed(&h, a, text_fold(a, k[i].name));
    }
    snprintf(what, sizeof what, "letter by letter as it is typed, %s", whose);
    tell(&h, what);
    for (size_t i = 0; i < n; i++)
        search(&h, k[i].card);
    snprintf(what, sizeof what, "card numbers, %s", whose);
    tell(&h, what);
    for (size_t i = 0; i < N(wrong); i++)
        search(&h, wrong[i]);
    snprintf(what, sizeof what, "diacritics mistyped, %s", whose);
    tell(&h, what);
}

void measure_search(struct ctx *c)
{
    int64_t n = db_one_int(c, "SELECT count(*) FROM unit WHERE type = 'party_province'");
    int64_t middle = db_one_int(c, "SELECT home FROM unit GROUP BY home ORDER BY count(*) LIMIT 1 OFFSET $1", V(n / 2));
    int64_t nation = db_one_int(c, "SELECT id FROM unit WHERE type = 'party_central'");
    struct right over = {.unit = middle, .subtree = true, .kinds = kind_bit("*"), .acts = ACT_READ, .through = "bench"};
    struct actor scoped = {.account = 1, .person = db_one_int(c, "SELECT id FROM person WHERE part = $1 LIMIT 1", V(middle)), .login = "bench", .rights = &over, .nrights = 1};
    bench_head("Search for a name in a province");
    hunt_all(c, middle, middle, "the operator");
    c->actor = &scoped;
    hunt_all(c, middle, middle, "scoped");
    bench_head("The same without naming a unit: wherever one may look");
    hunt_all(c, 0, middle, "scoped");
    c->actor = &bench_operator;
    hunt_all(c, nation, middle, "the operator, the whole country");
}
