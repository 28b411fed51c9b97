/* Search for words by their beginnings, the same on both engines: a row matches when every word of the query begins
 * some word of its `fold`. SQLite: a contentless FTS5 table beside the table, kept by db_words_set(). PostgreSQL: a GIN
 * index on an expression, which keeps itself. Neither engine's own idea of a word is used: words are what stands
 * between spaces, and count by their first 200 characters.
 *
 * Where a table has a column `part`, SQLite's index keeps a mark of the part before each word, so that a search in one part reads
 * the entries of that part alone: a frequent word has a hundred times as many in the whole. Parts may share a mark; what
 * is found is a superset within the parts asked for, and the statement's other conditions say which rows are meant. */
#include "engine.h"

#include "base/buf.h"

enum { WORD_MAX = 200, MARKS = 251 /* two hexadecimal digits */ };

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
        sql_run(&q);
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
        sql_run(&q);
    }
}

static unsigned mark_of(int64_t part)
{
    return (unsigned)((uint64_t)part % MARKS);
}

const char *db_words_marked(struct ctx *c, int64_t part, const char *fold)
{
    if (!fold || db_engine(c) != DB_SQLITE)
        return fold;
    size_t words = *fold != '\0';
    for (const char *s = fold; *s; s++)
        words += *s == ' ';
    char *text = arena_alloc(&c->arena, strlen(fold) + 2 * words + 1), *to = text;
    while (*fold) {
        size_t n = strcspn(fold, " ");
        n += fold[n] == ' ';
        to += snprintf(to, 3, "%02x", mark_of(part));
        memcpy(to, fold, n);
        to += n;
        fold += n;
    }
    return text;
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

/* One word in any of the marks: ("0angu" * OR "1bngu" *). */
static const char *marked_word(struct ctx *c, const char *word, const bool *marks)
{
    struct buf b = {0};
    for (unsigned i = 0; i < MARKS; i++)
        if (marks[i])
            buf_printf(&b, "%s\"%02x%s\" *", b.n ? " OR " : "(", i, word);
    buf_puts(&b, b.n ? ")" : "\"\"");
    return buf_take(&b, &c->arena);
}

/* "ngu" * AND "van" *   or   'ngu':* & 'van':* */
static const char *word_query(struct ctx *c, const char *fold_query, const bool *marks)
{
    bool fts = db_engine(c) == DB_SQLITE;
    const char *query = NULL;
    for (;;) {
        const char *word = next_word(c, &fold_query);
        if (!*word)
            return query;
        const char *one = fts && marks ? marked_word(c, word, marks) : arena_printf(&c->arena, fts ? "\"%s\" *" : "'%s':*", word);
        query = query ? arena_printf(&c->arena, fts ? "%s AND %s" : "%s & %s", query, one) : one;
    }
}

static void add_match(struct sql *q, const char *table, const char *alias, const char *query)
{
    struct ctx *c = q->c;
    if (db_engine(c) == DB_SQLITE) {
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
    const char *query = word_query(q->c, fold_query ? fold_query : "", NULL);
    if (query)
        add_match(q, table, alias, query);
    else
        sql_add(q, "1 = 1");
}

void db_words_match_in(struct sql *q, const char *table, const char *alias, const char *fold_query, const int64_t *parts, size_t n)
{
    bool marks[MARKS] = {false};
    for (size_t i = 0; i < n; i++)
        marks[mark_of(parts[i])] = true;
    if (failed(q->c))
        return;
    const char *query = word_query(q->c, fold_query ? fold_query : "", marks);
    if (query)
        add_match(q, table, alias, query);
    else
        sql_add(q, "1 = 1");
}

int64_t db_words_count(struct ctx *c, const char *table, const char *fold_query, const int64_t *parts, size_t n, int64_t most)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT count(*) FROM (SELECT 1 FROM ");
    if (failed(c))
        return 0;
    if (db_engine(c) == DB_SQLITE) {
        bool marks[MARKS] = {false};
        for (size_t i = 0; i < n; i++)
            marks[mark_of(parts[i])] = true;
        const char *words = words_table(c, table), *query = word_query(c, fold_query ? fold_query : "", marks);
        sql_name(&q, words);
        sql_add(&q, " WHERE ");
        sql_name(&q, words);
        sql_add(&q, " MATCH ");
        sql_arg(&q, V(query ? query : "\"\""));
    } else {
        sql_name(&q, table);
        sql_add(&q, " t WHERE ");
        db_words_match(&q, table, "t", fold_query);
    }
    sql_add(&q, " LIMIT ");
    sql_arg(&q, V(most));
    sql_add(&q, ") h");
    return rows_only_int(sql_query(&q));
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
    q = sql_new(c);
    sql_add(&q, "INSERT INTO ");
    sql_name(&q, words);
    if (has_parts(c, table)) {
        sql_add(&q, "(rowid, fold) SELECT id, printf('%02x', part % ");
        sql_arg(&q, V(MARKS));
        sql_add(&q, ") || replace(fold, ' ', printf(' %02x', part % ");
        sql_arg(&q, V(MARKS));
        sql_add(&q, ")) FROM ");
    } else {
        sql_add(&q, "(rowid, fold) SELECT id, fold FROM ");
    }
    sql_name(&q, table);
    sql_add(&q, " WHERE fold IS NOT NULL");
    sql_run(&q);
}
