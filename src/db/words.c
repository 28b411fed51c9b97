/* Search for words by their beginnings, the same on both engines: a row matches when every word of the query begins
 * some word of its `fold`. SQLite: a contentless FTS5 table beside the table, kept by db_words_set(). PostgreSQL: a GIN
 * index on an expression, which keeps itself. Neither engine's own idea of a word is used: words are what stands
 * between spaces, and count by their first 200 characters.
 *
 * Where a table has a column `part`, SQLite's index keeps a mark of the part before each word, so that a search in one part reads
 * the entries of that part alone: a frequent word has a hundred times as many in the whole. Parts may share a mark. FTS5
 * gathers all entries of all words that begin so before it gives the first; so the table word_known keeps the words that there are in
 * each part, and a beginning is put to the index as the words it may mean. A word with digits is known as its letters and '#'.
 * Beside each word that is no number stands what it is with its diacritics, or, when it has none, the same after EXACT; and beside each that
 * is not the first by which the row is sorted, the same after APART: those who are called so can be found where they stand in the
 * order, and the others are mostly few. */
#include "engine.h"

#include "base/buf.h"
#include "base/text.h"

#define EXACT "\xC2\xA4" /* a sign that no word holds, and that FTS5 takes for a letter */

#define APART "\xC2\xAC"

enum { WORD_MAX = 200, MARKS = 251 /* two hexadecimal digits */, MEANT_MAX = 60 /* words that a beginning may mean */, LATELY = 1 << 16 };

/* The parser of to_tsvector() takes "1e5" or "0x1f" apart in its own way, so the words are given one by one. */
#define PG_WORDS_OPEN "array_to_tsvector(array_remove(string_to_array(regexp_replace("
#define PG_WORDS_CLOSE ", '([^ ]{200})[^ ]+', '\\1', 'g'), ' '), ''))"

static const char *words_table(struct ctx *c, const char *table)
{
    return arena_printf(&c->arena, "%s_words", table);
}

void db_words_create(struct ctx *c, const char *table)
{
    if (failed(c))
        return;
    struct sql q = sql_new(c);
    if (db_engine(c) == DB_SQLITE) {
        sql_add(&q, "CREATE VIRTUAL TABLE ");
        sql_name(&q, words_table(c, table));
        sql_add(&q, " USING fts5(fold, content='', columnsize=0, detail=none, tokenize='ascii')");
    } else {
        sql_add(&q, "CREATE INDEX ");
        sql_name(&q, words_table(c, table));
        sql_add(&q, " ON ");
        sql_name(&q, table);
        sql_add(&q, " USING gin ((" PG_WORDS_OPEN "fold" PG_WORDS_CLOSE "))");
    }
    sql_run(&q);
}

bool db_has_words(struct ctx *c, const char *table)
{
    const char *words = words_table(c, table);
    return db_engine(c) == DB_SQLITE ? db_has_table(c, words) : db_has_index(c, words);
}

/* Only SQLite needs telling; a delete must repeat the text that was put in. */
void db_words_set(struct ctx *c, const char *table, int64_t id, const char *old_fold, const char *new_fold)
{
    if (failed(c) || db_engine(c) != DB_SQLITE || (old_fold && new_fold && strcmp(old_fold, new_fold) == 0))
        return;
    const char *words = words_table(c, table);
    if (old_fold) {
        struct sql q = sql_new(c);
        sql_add(&q, "INSERT INTO ");
        sql_name(&q, words);
        sql_add(&q, "(");
        sql_name(&q, words);
        sql_add(&q, ", rowid, fold) VALUES ('delete', ");
        sql_arg(&q, V(id));
        sql_add(&q, ", ");
        sql_arg(&q, V(old_fold));
        sql_add(&q, ")");
        sql_run_later(&q);
    }
    if (new_fold) {
        struct sql q = sql_new(c);
        sql_add(&q, "INSERT INTO ");
        sql_name(&q, words);
        sql_add(&q, "(rowid, fold) VALUES (");
        sql_arg(&q, V(id));
        sql_add(&q, ", ");
        sql_arg(&q, V(new_fold));
        sql_add(&q, ")");
        sql_run_later(&q);
    }
}

static unsigned mark_of(int64_t part)
{
    return (unsigned)((uint64_t)part % MARKS);
}

static bool has_digit(const char *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (word[i] >= '0' && word[i] <= '9')
            return true;
    return false;
}

static void add_mark(struct buf *b, unsigned mark)
{
    static const char hex[] = "0123456789abcdef";
    buf_char(b, hex[mark >> 4 & 15]);
    buf_char(b, hex[mark & 15]);
}

/* A number or a code; a word with diacritics ends with the digit of its tone. */
static bool is_numbered(const char *word, size_t n)
{
    return has_digit(word, n > 1 ? n - 1 : n);
}

/* A word with its diacritics as it stands in the index. */
static void add_exact(struct buf *b, unsigned mark, const char *word, size_t n)
{
    bool plain = !has_digit(word, n);
    for (size_t i = 0; i < n && plain; i++)
        plain = !(word[i] & 0x80);
    add_mark(b, mark);
    buf_puts(b, plain ? EXACT : "");
    buf_add(b, word, n);
}

/* What the index is given for a row. */
static const char *marked(struct ctx *c, const struct db_words *w)
{
    struct buf b = {0};
    if (!w->fold)
        return NULL;
    for (const char *s = w->fold; *s;) {
        size_t n = strcspn(s, " ");
        buf_puts(&b, b.n ? " " : "");
        add_mark(&b, mark_of(w->part));
        buf_add(&b, s, n);
        if (!has_digit(s, n) && (strlen(w->first) != n || memcmp(w->first, s, n) != 0)) {
            buf_char(&b, ' ');
            add_mark(&b, mark_of(w->part));
            buf_puts(&b, APART);
            buf_add(&b, s, n);
        }
        s += n + (s[n] == ' ');
    }
    for (const char *s = w->words ? w->words : ""; *s;) {
        size_t n = strcspn(s, " ");
        if (!is_numbered(s, n)) {
            buf_char(&b, ' ');
            add_exact(&b, mark_of(w->part), s, n);
        }
        s += n + (s[n] == ' ');
    }
    return buf_take(&b, &c->arena);
}

/* The word as it is known: "06van", and "06hs#" for "hs12ab". */
static const char *known_as(struct ctx *c, unsigned mark, const char *word, size_t n)
{
    size_t letters = 0;
    while (letters < n && !(word[letters] >= '0' && word[letters] <= '9'))
        letters++;
    static const char hex[] = "0123456789abcdef";
    char *known = arena_alloc(&c->arena, letters + 4);
    known[0] = hex[mark >> 4 & 15];
    known[1] = hex[mark & 15];
    memcpy(known + 2, word, letters);
    known[2 + letters] = letters < n ? '#' : '\0';
    return known;
}

/* Where the hash of a word that was learnt lately stands; a later word may push it out. */
static uint64_t *lately(uint64_t *learnt, const char *table, const char *word, uint64_t *h)
{
    *h = UINT64_C(14695981039346656037);
    for (const char *p = table; *p; p++)
        *h = (*h ^ (unsigned char)*p) * UINT64_C(1099511628211);
    for (const char *p = word; *p; p++)
        *h = (*h ^ (unsigned char)*p) * UINT64_C(1099511628211);
    return &learnt[(*h ^ *h >> 32) % LATELY];
}

/* Word by word: a statement with several rows is guarded by a savepoint, at each of which FTS5 writes out all that it has gathered. */
static void learn(struct ctx *c, const char *table, int64_t part, const char *fold, uint64_t *learnt)
{
    for (const char *s = fold; *s && !failed(c);) {
        size_t n = strcspn(s, " ");
        const char *word = known_as(c, mark_of(part), s, n);
        uint64_t h = 0, *at = learnt ? lately(learnt, table, word, &h) : NULL;
        if (!at || *at != h)
            db_run_later(c, "INSERT INTO word_known (shard, of_table, word) VALUES (0, $1, $2) ON CONFLICT (shard, of_table, word) DO NOTHING", V(table), V(word));
        if (at)
            *at = h;
        s += n + (s[n] == ' ');
    }
}

/* What this transaction has learnt, when it is a long one; it ends with the transaction, and with what is rolled back. */
static uint64_t *learnt_lately(struct ctx *c)
{
    if (!c->db->learnt && db_in_long_write(c))
        c->db->learnt = NEW_N(&c->kept, uint64_t, LATELY);
    return c->db->learnt;
}

void db_words_set_in(struct ctx *c, const char *table, int64_t id, struct db_words was, struct db_words now)
{
    if (failed(c) || db_engine(c) != DB_SQLITE)
        return;
    db_words_set(c, table, id, marked(c, &was), marked(c, &now));
    if (now.fold)
        learn(c, table, now.part, now.fold, learnt_lately(c));
}

/* The next word of a query: ASCII letters (made small) and digits, and all that is not ASCII; the rest separates, so no
 * operator or quote of a query language gets through. Empty at the end. */
static char *next_word(struct ctx *c, const char **at)
{
    const char *s = *at;
    while (*s && !((*s & 0x80) || (*s >= '0' && *s <= '9') || (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z')))
        s++;
    const char *from = s;
    size_t characters = 0, n = 0;
    for (; (*s & 0x80) || (*s >= '0' && *s <= '9') || (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z'); s++) {
        characters += (*s & 0xc0) != 0x80;
        if (characters <= WORD_MAX)
            n++;
    }
    *at = s;
    char *word = arena_copy(&c->arena, from, n);
    for (char *p = word; *p; p++)
        *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
    return word;
}

/* "ngu" * AND "van" *   or   'ngu':* & 'van':* */
static const char *word_query(struct ctx *c, const char *fold_query)
{
    bool fts = db_engine(c) == DB_SQLITE;
    const char *query = NULL;
    for (;;) {
        const char *word = next_word(c, &fold_query);
        if (!*word)
            return query;
        const char *one = arena_printf(&c->arena, fts ? "\"%s\" *" : "'%s':*", word);
        query = query ? arena_printf(&c->arena, fts ? "%s AND %s" : "%s & %s", query, one) : one;
    }
}

/* Adds the words of a mark that begin so, as OR parts. False when they are more than `room`, or some have digits. */
static bool add_meant(struct ctx *c, struct buf *b, const char *table, unsigned mark, const char *word, size_t room, bool apart)
{
    const char *from = arena_printf(&c->arena, "%02x%s", mark, word);
    struct rows *r = db_query(c, "SELECT word FROM word_known WHERE shard = 0 AND of_table = $1 AND word >= $2 AND word < $3 LIMIT $4", V(table), V(from),
                              V((const char *)arena_printf(&c->arena, "%s\xF4\x8F\xBF\xBF", from)), V((int64_t)room));
    size_t n = 0;
    bool plain = true;
    for (; plain && rows_next(r); n++) {
        const char *known = rows_text(r, 0);
        plain = !strchr(known, '#');
        buf_printf(b, "%s\"%.2s%s%s\"", b->n ? " OR " : "", known, apart ? APART : "", known + 2);
    }
    rows_close(r);
    return plain && n < room;
}

/* What is put to the index for one word; NULL when it may mean too much, and is better looked for in the rows. */
static const char *meant(struct ctx *c, const char *table, const char *word, const bool *marks, bool apart)
{
    struct buf b = {0};
    bool digits = strcspn(word, "0123456789") < strlen(word), narrow = true;
    for (unsigned i = 0; i < MARKS && narrow; i++) {
        if (!marks[i])
            continue;
        if (digits)
            buf_printf(&b, "%s\"%02x%s\" *", b.n ? " OR " : "", i, word);
        else
            narrow = add_meant(c, &b, table, i, word, MEANT_MAX, apart);
    }
    if (!b.n)
        buf_puts(&b, "\"#\""); /* no such word: nothing is found */
    const char *one = arena_printf(&c->arena, "(%s)", buf_text(&b));
    buf_free(&b);
    return narrow ? one : NULL;
}

/* The words as AND parts, those that are worth it; the last one APART or not. */
static const char *all_meant(struct ctx *c, const char *table, const char *fold_query, const int64_t *parts, size_t n, bool apart)
{
    bool marks[MARKS] = {false};
    const char *query = NULL, *word, *at = fold_query;
    for (size_t i = 0; i < n; i++)
        marks[mark_of(parts[i])] = true;
    while (*(word = next_word(c, &at))) {
        const char *rest = at;
        bool last = apart && !*next_word(c, &rest);
        const char *one = meant(c, table, word, marks, last);
        if (one)
            query = query ? arena_printf(&c->arena, "%s AND %s", query, one) : one;
        else if (last)
            return NULL;
    }
    return query;
}

const char *db_words_query(struct ctx *c, const char *table, const char *fold_query, const int64_t *parts, size_t n)
{
    if (failed(c) || db_engine(c) == DB_POSTGRES)
        return failed(c) ? NULL : word_query(c, fold_query);
    return all_meant(c, table, fold_query, parts, n, false);
}

bool db_words_apart(struct ctx *c, const char *table, const char *fold_query, const int64_t *parts, size_t n, const char **query)
{
    *query = NULL;
    if (failed(c) || db_engine(c) == DB_POSTGRES)
        return false;
    *query = all_meant(c, table, fold_query, parts, n, true);
    return true;
}

static void add_match(struct sql *q, const char *table, const char *alias, const char *query)
{
    struct ctx *c = q->c;
    if (db_engine(c) == DB_SQLITE && *query == '[') {
        sql_col(q, alias, "id");
        sql_add(q, " IN (SELECT value FROM json_each(");
        sql_arg(q, V(query));
        sql_add(q, "))");
    } else if (db_engine(c) == DB_SQLITE) {
        const char *words = words_table(c, table);
        sql_col(q, alias, "id");
        sql_add(q, " IN (SELECT rowid FROM ");
        sql_name(q, words);
        sql_add(q, " WHERE ");
        sql_name(q, words);
        sql_add(q, " MATCH ");
        sql_arg(q, V(query));
        sql_add(q, ")");
    } else {
        sql_add(q, PG_WORDS_OPEN);
        sql_col(q, alias, "fold");
        sql_add(q, PG_WORDS_CLOSE " @@ CAST(");
        sql_arg(q, V(query));
        sql_add(q, " AS tsquery)");
    }
}

void db_words_match(struct sql *q, const char *table, const char *alias, const char *fold_query)
{
    if (failed(q->c))
        return;
    const char *query = word_query(q->c, fold_query ? fold_query : "");
    if (query)
        add_match(q, table, alias, query);
    else
        sql_add(q, "1 = 1");
}

const char *db_words_exact(struct ctx *c, const char *words, const int64_t *parts, size_t n)
{
    struct buf b = {0};
    if (failed(c) || db_engine(c) == DB_POSTGRES)
        return NULL;
    for (const char *s = words; *s;) {
        size_t len = strcspn(s, " ");
        for (size_t i = 0; i < n && !is_numbered(s, len); i++) { /* those with digits are left to be looked at */
            buf_puts(&b, i ? " OR \"" : b.n ? " AND (\"" : "(\"");
            add_exact(&b, mark_of(parts[i]), s, len);
            buf_char(&b, '"');
        }
        if (n && !is_numbered(s, len))
            buf_puts(&b, ")");
        s += len + (s[len] == ' ');
    }
    const char *query = b.n ? arena_text(&c->arena, buf_text(&b)) : NULL;
    buf_free(&b);
    return query;
}

void db_words_among(struct sql *q, const char *table, const char *alias, const char *query)
{
    if (!failed(q->c))
        add_match(q, table, alias, query);
}

/* The whole numbers of a JSON list, at least on SQLite: so what was found once need not be looked for again. How many, in *n. */
static const char *gathered(struct ctx *c, const char *table, const char *query, int64_t most, int64_t *n)
{
    struct buf b = {0};
    struct sql q = sql_new(c);
    const char *words = words_table(c, table);
    sql_add(&q, "SELECT rowid FROM ");
    sql_name(&q, words);
    sql_add(&q, " WHERE ");
    sql_name(&q, words);
    sql_add(&q, " MATCH ");
    sql_arg(&q, V(query));
    sql_add(&q, " LIMIT ");
    sql_arg(&q, V(most));
    struct rows *r = sql_query(&q);
    for (*n = 0; rows_next(r); ++*n) {
        buf_char(&b, *n ? ',' : '[');
        buf_int(&b, rows_int(r, 0));
    }
    buf_puts(&b, *n ? "]" : "[]");
    return buf_take(&b, &c->arena);
}

struct db_hits db_words_first(struct ctx *c, const char *table, const char *query, int64_t most)
{
    int64_t n;
    if (failed(c) || !query)
        return (struct db_hits){NULL, false};
    if (db_engine(c) == DB_SQLITE) {
        const char *list = gathered(c, table, query, most + 1, &n);
        return (struct db_hits){list, n <= most};
    }
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT count(*) FROM (SELECT 1 FROM ");
    sql_name(&q, table);
    sql_add(&q, " t WHERE ");
    add_match(&q, table, "t", query);
    sql_add(&q, " LIMIT ");
    sql_arg(&q, V(most + 1));
    sql_add(&q, ") h");
    bool all = rows_only_int(sql_query(&q)) <= most;
    return (struct db_hits){all ? query : NULL, all};
}

bool db_words_come_apart(struct ctx *c)
{
    return db_engine(c) == DB_SQLITE;
}

static void rebuild_parts(struct ctx *c, const char *table)
{
    uint64_t *learnt = NEW_N(&c->arena, uint64_t, LATELY);
    db_run(c, "DELETE FROM word_known WHERE shard = 0 AND of_table = $1", V(table));
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT id, part, fold, words, sort_key FROM ");
    sql_name(&q, table);
    sql_add(&q, " WHERE fold IS NOT NULL");
    struct rows *r = sql_stream(&q);
    struct arena_mark mark = arena_mark(&c->arena);
    while (rows_next(r)) {
        struct db_words w = {rows_int(r, 1), rows_text(r, 2), rows_text(r, 3), text_key_word(&c->arena, rows_text(r, 4) ? rows_text(r, 4) : "")};
        db_words_set(c, table, rows_int(r, 0), NULL, marked(c, &w));
        learn(c, table, w.part, w.fold, learnt);
        if (!failed(c)) /* what the error says lives in the arena, too */
            arena_rewind(&c->arena, mark);
    }
}

static bool has_parts(struct ctx *c, const char *table)
{
    return db_one_int(c, "SELECT count(*) FROM pragma_table_info($1) WHERE name = 'part'", V(table)) > 0;
}

void db_words_rebuild(struct ctx *c, const char *table)
{
    if (failed(c))
        return;
    const char *words = words_table(c, table);
    struct sql q = sql_new(c);
    if (db_engine(c) == DB_POSTGRES) {
        sql_add(&q, "REINDEX INDEX ");
        sql_name(&q, words);
        sql_run(&q);
        return;
    }
    sql_add(&q, "INSERT INTO ");
    sql_name(&q, words);
    sql_add(&q, "(");
    sql_name(&q, words);
    sql_add(&q, ") VALUES ('delete-all')");
    sql_run(&q);
    if (has_parts(c, table)) {
        rebuild_parts(c, table);
        return;
    }
    q = sql_new(c);
    sql_add(&q, "INSERT INTO ");
    sql_name(&q, words);
    sql_add(&q, "(rowid, fold) SELECT id, fold FROM ");
    sql_name(&q, table);
    sql_add(&q, " WHERE fold IS NOT NULL");
    sql_run(&q);
}
