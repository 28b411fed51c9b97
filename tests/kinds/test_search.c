/* Search and pages of names, whichever way they are come by, against looking at every row: in a province with more people of a
 * name than are sorted, in a commune, in the country, by whoever may look; page by page. */
#include "small.h"

#include "base/str.h"
#include "base/text.h"
#include "t.h"

enum { PEOPLE = 2000, CELLS = 115, MOST = 2 * PEOPLE };

static struct ctx *c;
static int64_t nation, province[2], commune[2], cells[2][CELLS];

static unsigned dice(unsigned below)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 20) % below;
}

static const char *const families[] = {"Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Hồ", "Nguyễn", "Nguyễn"};
static const char *const middles[] = {"Văn", "Văn", "Thị", "Đức", "Văn Hồng", "", "Hữu"};
static const char *const givens[] = {"Hùng", "Hưng", "Hung", "Hoa", "Hòa", "Hoà", "Đức", "Dực", "An", "Ân", "Anh", "Ánh", "Tú", "O'Hara", "Hải", "Hà", "Hạnh", "Hiền", "Hồng", "Hương", "Huệ", "Hường", "Hiệp", "Hậu", "Hảo", "Nguyên", "Nghĩa", "H2"};

static const char *some_name(void)
{
    return arena_printf(&c->arena, "%s %s %s", families[dice(N(families))], middles[dice(N(middles))], givens[dice(N(givens))]);
}

static void make_units(void)
{
    char code[32];
    nation = put(c, &unit_kind, "code", "TW", "name", "Trung ương", "type", "party_central", NULL);
    for (int p = 0; p < 2; p++) {
        const char *t = p ? "B" : "A";
        province[p] = put(c, &unit_kind, "code", t, "name", "Đảng bộ tỉnh", "type", "party_province", "superior", "TW", NULL);
        snprintf(code, sizeof code, "%s-X", t);
        commune[p] = put(c, &unit_kind, "code", code, "name", "Đảng bộ xã", "type", "base_committee", "superior", t, NULL);
        for (int i = 0; i < CELLS; i++) {
            char cell[32];
            snprintf(cell, sizeof cell, "%s-C%d", t, i);
            cells[p][i] = put(c, &unit_kind, "code", cell, "name", "Chi bộ", "type", "cell", "superior", i < 9 ? code : t, NULL);
        }
    }
}

static void make_people(void)
{
    for (int i = 0; i < PEOPLE; i++) {
        struct arena_mark mark = arena_mark(&c->arena);
        int p = i % 12 == 0;
        char cell[32];
        snprintf(cell, sizeof cell, "%s-C%u", p ? "B" : "A", dice(CELLS));
        int64_t id = put(c, &person_kind, "name", some_name(), "cell", cell, "admitted_on", "03/02/2005", "card_number", arena_printf(&c->arena, "%08d", 12000000 + i * 37), NULL);
        if (i % 40 == 0) /* to the other province, where the words follow */
            membership_move(c, id, unit_by_code(c, cell), cells[!p][dice(CELLS)], (day){20240105}, "1", (day){20240101});
        if (i % 31 == 0)
            assert_true(change(c, &person_kind, id, "name", some_name(), NULL));
        arena_rewind(&c->arena, mark);
    }
}

/* --- by looking at every row ------------------------------------------------------------------------- */

struct hit {
    int64_t id;
    int exact;
    const char *key;
};

static int by_order(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    int key = strcmp(x->key, y->key);
    return x->exact != y->exact ? x->exact - y->exact : key ? key : (x->id > y->id) - (x->id < y->id);
}

static bool has_word(const char *row, const char *word, size_t n, bool whole)
{
    for (const char *s = row; *s;) {
        size_t len = strcspn(s, " ");
        if (len >= n && memcmp(s, word, n) == 0 && (!whole || len == n))
            return true;
        s += len + (s[len] == ' ');
    }
    return false;
}

static bool has_all(const char *row, const char *words, bool whole)
{
    for (const char *s = words; *s;) {
        size_t n = strcspn(s, " ");
        if (!has_word(row, s, n, whole))
            return false;
        s += n + (s[n] == ' ');
    }
    return true;
}

static int64_t readable; /* the unit at and below which the actor may read; 0 = everywhere */

/* Who stands at or below the unit; with a day, who stayed there then. */
static struct rows *of_unit(int64_t unit, day at)
{
    if (!at.v)
        return db_query(c,
                        "SELECT p.id, p.fold, p.words, p.sort_key FROM person p WHERE p.removed_at = 0 AND ($1 = 0 OR EXISTS (SELECT 1 FROM unit_above a "
                        "WHERE a.unit = p.unit AND a.above = $1 AND a.since <= $2 AND a.until > $2))",
                        V(unit), V(c->today));
    return db_query(c,
                    "SELECT p.id, p.fold, p.words, p.sort_key FROM person p WHERE p.removed_at = 0 AND EXISTS (SELECT 1 FROM membership m JOIN unit_above a ON a.unit = m.unit "
                    "WHERE m.person = p.id AND m.removed_at = 0 AND m.stay = 'home' AND m.since <= $2 AND m.until > $2 AND ($1 = 0 OR a.above = $1) AND a.since <= $2 AND a.until > $2) "
                    "AND ($3 = 0 OR EXISTS (SELECT 1 FROM unit_above b WHERE b.unit = p.unit AND b.above = $3 AND b.until > $4))",
                    V(unit), V(at), V(readable), V(c->today));
}

static size_t look(int64_t unit, day at, const char *q, struct hit *out)
{
    const char *fold = text_fold(&c->arena, q), *words = text_words(&c->arena, q);
    bool asks = strcmp(words, text_fold(&c->arena, words)) != 0;
    size_t n = 0;
    struct rows *r = of_unit(unit, at);
    while (rows_next(r))
        if (has_all(rows_text(r, 1), fold, false))
            out[n++] = (struct hit){rows_int(r, 0), asks && !has_all(rows_text(r, 2), words, true), arena_text(&c->arena, rows_text(r, 3))};
    qsort(out, n, sizeof *out, by_order);
    return n;
}

static void agree(int64_t unit, int64_t seen_as, day at, const char *q, int64_t limit)
{
    struct arena_mark mark = arena_mark(&c->arena);
    struct hit *hits = NEW_N(&c->arena, struct hit, MOST);
    struct filter f = {.kind = &person_kind, .unit = unit, .at = at, .search = q, .limit = limit};
    assert_true(db_begin(c, DB_READ));
    size_t n = look(seen_as, at, q, hits), got = 0;
    for (int pages = 0; pages < 6; pages++) {
        struct list l = record_list(c, &f);
        if (failed(c))
            fail_msg("%s: %s", q, c->err.text);
        for (size_t i = 0; i < l.n; i++, got++)
            if (got >= n || ((struct row *)l.rows[i])->id != hits[got].id)
                fail_msg("“%s” in %lld: row %zu of %zu differs", q, (long long)unit, got, n);
        f.after = l.next;
        if (!l.next)
            break;
    }
    if (!f.after)
        assert_int_equal(got, n);
    f.after = NULL;
    assert_int_equal(record_count(c, &f), (int64_t)n);
    db_commit(c);
    arena_rewind(&c->arena, mark);
}

static const char *const queries[] = {
    "nguyen", "Nguyễn", "nguyễn văn", "Nguyễn Văn Hùng", "nguyen van hung", "Nguyẽn", "n", "ng", "h", "hs", "hs3", "hòa", "hoà", "hoa", "Nguyễn V", "Nguyễn Văn H", "văn nguyễn",
    "duc", "đức", "Đức Đức", "an", "Ân", "12", "120000", "xyz", "nguyen xyz", "nguyễn 12", "o'hara", "hara o", "", "Trần", "trần Thị ánh", "¤an", "%", "nguyen  %van", "nguyen h", "Nguyễn H", "nguyễn hu", "Hữu h", "nguyen hu", "h2", "nguyên", "ngh", "nguyen ng", "¬an", "h nguyen", "Hồng", "huu"};

static void every_way_finds_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < N(queries); i++) {
        agree(province[0], province[0], (day){0}, queries[i], 40);
        agree(province[0], province[0], (day){20200101}, queries[i], 200);
        agree(province[1], province[1], (day){0}, queries[i], 13);
        agree(commune[0], commune[0], (day){0}, queries[i], 10);
        agree(nation, nation, (day){0}, queries[i], 300);
        agree(0, 0, (day){0}, queries[i], 50);
        agree(cells[0][3], cells[0][3], (day){0}, queries[i], 3);
        agree(cells[0][3], cells[0][3], (day){20200101}, queries[i], 3);
        agree(province[1], province[1], (day){20240104}, queries[i], 70);
        agree(0, 0, (day){20240105}, queries[i], 90);
    }
}

static void rights_are_kept(void **state)
{
    (void)state;
    const struct actor *whole = c->actor;
    struct right over = {.unit = province[0], .subtree = true, .kinds = kind_bit("*"), .acts = ACT_READ, .through = "test"};
    struct actor scoped = {.account = 1, .login = "t", .rights = &over, .nrights = 1};
    void (*refresh)(struct ctx *) = c->after_begin;
    c->after_begin = NULL;
    c->actor = &scoped;
    readable = province[0];
    for (size_t i = 0; i < N(queries); i++) {
        agree(0, province[0], (day){0}, queries[i], 40);
        agree(province[0], province[0], (day){0}, queries[i], 40);
        agree(nation, province[0], (day){0}, queries[i], 100);
        agree(commune[0], commune[0], (day){20200101}, queries[i], 10);
    }
    assert_true(db_begin(c, DB_READ));
    scoped.person = db_one_int(c, "SELECT id FROM person WHERE part = $1 LIMIT 1", V(province[1]));
    struct filter f = {.kind = &person_kind}, other = {.kind = &person_kind, .unit = province[1]}, inside = {.kind = &person_kind, .unit = province[0]};
    assert_int_equal(record_count(c, &f), record_count(c, &inside) + 1); /* one's own elsewhere, besides */
    assert_int_equal(record_list(c, &other).n, 1);
    other.at.v = 20200101; /* and those who were there then and are here now */
    assert_int_equal(record_count(c, &other),
                     db_one_int(c,
                                "SELECT count(*) FROM membership m JOIN unit_above a ON a.unit = m.unit AND a.above = $1 AND a.until > $2 JOIN person p ON p.id = m.person "
                                "WHERE m.removed_at = 0 AND m.stay = 'home' AND m.since <= $2 AND m.until > $2 AND (p.id = $3 OR EXISTS (SELECT 1 FROM unit_above b "
                                "WHERE b.unit = p.unit AND b.above = $4 AND b.until > $2))",
                                V(province[1]), V(other.at), V(scoped.person), V(province[0])));
    over.subtree = false;
    scoped.person = 0;
    assert_int_equal(record_count(c, &inside), 0); /* the province itself holds nobody */
    db_commit(c);
    readable = 0;
    c->actor = whole;
    c->after_begin = refresh;
}

static void rebuilt_words_are_the_same(void **state)
{
    assert_true(db_begin(c, DB_WRITE));
    db_words_rebuild(c, "person");
    assert_true(db_commit(c));
    (void)state;
    for (size_t i = 0; i < N(queries); i++)
        agree(province[0], province[0], (day){0}, queries[i], 40);
}

int main(void)
{
    c = small_open();
    make_units();
    assert_true(db_begin(c, DB_WRITE_LONG));
    make_people();
    assert_true(db_commit(c));
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_way_finds_the_same), cmocka_unit_test(rights_are_kept), cmocka_unit_test(rebuilt_words_are_the_same)};
    int wrong = t_run("search", tests, N(tests));
    small_close(c);
    return wrong;
}
