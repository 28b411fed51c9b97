/* Members of a commune and of a province, today and on the day before the restructuring: how many, by status, a page of
 * them; as the operator and as somebody whose rights reach over the province; each beside SQL written by hand. */
#include "bench.h"

#include "party/reporting/figures.h"

enum { BEFORE = 20250630 };

struct question {
    struct ctx *c;
    struct filter f;
    sqlite3_stmt *hand;
    int64_t ours, theirs;
};

static void count_ours(void *with)
{
    struct question *q = with;
    struct arena_mark mark = arena_mark(&q->c->arena);
    db_begin(q->c, DB_READ);
    q->ours = record_count(q->c, &q->f);
    db_commit(q->c);
    arena_rewind(&q->c->arena, mark);
}

static void status_ours(void *with)
{
    struct question *q = with;
    struct arena_mark mark = arena_mark(&q->c->arena);
    struct roll roll = {.unit = q->f.unit, .on = q->f.at};
    db_begin(q->c, DB_READ);
    roll_whole(q->c, &roll);
    q->ours = roll.official;
    db_commit(q->c);
    arena_rewind(&q->c->arena, mark);
}

static void page_ours(void *with)
{
    struct question *q = with;
    struct arena_mark mark = arena_mark(&q->c->arena);
    db_begin(q->c, DB_READ);
    q->ours = (int64_t)record_list(q->c, &q->f).n;
    db_commit(q->c);
    arena_rewind(&q->c->arena, mark);
}

static void begin_raw(const struct question *q, const char *sql)
{
    sqlite3_exec(sqlite3_db_handle(q->hand), sql, NULL, NULL, NULL);
}

static void number_theirs(void *with)
{
    struct question *q = with;
    begin_raw(q, "BEGIN");
    q->theirs = raw_int(q->hand);
    begin_raw(q, "ROLLBACK");
}

static void page_theirs(void *with)
{
    struct question *q = with;
    begin_raw(q, "BEGIN");
    q->theirs = raw_read(q->hand);
    begin_raw(q, "ROLLBACK");
}

#define STAYS                                                                                                     \
    " FROM unit_above a CROSS JOIN membership m WHERE a.above = ?1 AND a.until > ?2 AND a.since <= ?2 AND m.unit = a.unit " \
    "AND m.stay = 'home' AND m.until > ?2 AND m.since <= ?2 AND m.removed_at = 0"
static const char hand_count[] = "SELECT count(*)" STAYS;
static const char hand_status[] = "SELECT sum(m.official_on <= ?2), count(*)" STAYS;
static const char hand_page_few[] = "SELECT p.* FROM unit_above a CROSS JOIN person p WHERE a.above = ?1 AND a.until > ?2 AND a.since <= ?2 AND p.unit = a.unit "
                                    "AND p.removed_at = 0 ORDER BY p.sort_key, p.id LIMIT 50";
static const char hand_page_many[] = "SELECT p.* FROM person p CROSS JOIN unit_above a WHERE p.part = (SELECT home FROM unit WHERE shard = 0 AND id = ?1) AND a.shard = 0 "
                                     "AND a.unit = p.unit AND a.above = ?1 AND a.until > ?2 AND a.since <= ?2 AND p.removed_at = 0 ORDER BY p.sort_key, p.id LIMIT 50";

struct place {
    const char *what;
    int64_t unit;
    int32_t on;
    bool commune;
};

static void ask(struct ctx *c, sqlite3 *raw, const struct place *p, const char *thing, const char *sql, void (*ours)(void *), void (*theirs)(void *), bool people)
{
    static const struct actor *as[2];
    struct right over = {.unit = p->unit, .subtree = true, .kinds = kind_bit("*"), .acts = ACT_READ, .through = "bench"};
    /* Over the province that the unit is in, with a record of one's own somewhere else. */
    over.unit = db_one_int(c, "SELECT home FROM unit WHERE shard = 0 AND id = $1", V(p->unit));
    struct actor scoped = {.account = 1, .person = db_one_int(c, "SELECT id FROM person WHERE part <> $1 LIMIT 1", V(over.unit)), .login = "bench", .rights = &over, .nrights = 1};
    as[0] = &bench_operator;
    as[1] = &scoped;
    for (int i = 0; i < 2; i++) {
        struct question q = {.c = c, .f = {.kind = people ? &person_kind : &membership_kind, .unit = p->unit, .at = {p->on}}};
        if (!people)
            q.f.terms[q.f.nterms++] = (struct condition){field_need(&membership_kind, "stay"), OP_IS, value_text("home")};
        c->actor = as[i];
        q.hand = raw_prepare(raw, sql);
        sqlite3_bind_int64(q.hand, 1, p->unit);
        sqlite3_bind_int64(q.hand, 2, p->on);
        struct pair_result r = bench_pair(ours, theirs, &q, p->commune ? 1 : 3);
        sqlite3_finalize(q.hand);
        bench_must(c, p->what);
        bool same = people ? q.ours >= q.theirs : q.ours == q.theirs;
        double goal = p->commune ? 2 : 60, ratio = r.ours / r.theirs;
        const char *goal_words = people ? "" : p->commune ? "under 2 ms, ratio 1.2" : "under 60 ms, ratio 1.2";
        char what[256];
        snprintf(what, sizeof what, "%s, %s, %lld%s%s", thing, p->what, (long long)q.ours, i ? ", scoped" : "", same ? "" : " (DIFFERS)");
        bench_row(what, bench_number(r.ours, "ms"), bench_number(r.theirs, "ms"), bench_number(ratio, ""), goal_words,
                  people && same ? -1 : same && r.ours < goal && ratio <= 1.2);
    }
    c->actor = &bench_operator;
}

void measure_members(struct ctx *c, const char *dir)
{
    sqlite3 *raw = raw_open(dir);
    /* In the middle by size, and the largest. */
    int64_t n = db_one_int(c, "SELECT count(*) FROM unit WHERE type = 'party_province'");
    int64_t middle = db_one_int(c, "SELECT home FROM unit GROUP BY home ORDER BY count(*) LIMIT 1 OFFSET $1", V(n / 2));
    int64_t largest = db_one_int(c, "SELECT home FROM unit GROUP BY home ORDER BY count(*) DESC LIMIT 1");
    int64_t commune = db_one_int(c, "SELECT id FROM unit WHERE type = 'party_commune' AND home = $1 ORDER BY id LIMIT 1 OFFSET 1", V(middle));
    int64_t old = db_one_int(c, "SELECT id FROM unit WHERE type = 'base_committee' AND closed_on = 20250701 AND home = $1 ORDER BY id LIMIT 1 OFFSET 4", V(middle));
    const struct place places[] = {{"commune today", commune, c->today.v, true},
                                   {"commune on 30/06/2025", old, BEFORE, true},
                                   {"province today", middle, c->today.v, false},
                                   {"province on 30/06/2025", middle, BEFORE, false},
                                   {"largest province today", largest, c->today.v, false}};
    bench_head("Members of a unit, beside SQL by hand");
    for (size_t i = 0; i < N(places); i++) {
        ask(c, raw, &places[i], "members", hand_count, count_ours, number_theirs, false);
        ask(c, raw, &places[i], "by status, official", hand_status, status_ours, number_theirs, false);
    }
    bench_head("First page of 50 people in order of names");
    for (size_t i = 0; i < N(places); i++)
        ask(c, raw, &places[i], "page", places[i].commune ? hand_page_few : hand_page_many, page_ours, page_theirs, true);
    sqlite3_close(raw);
}
