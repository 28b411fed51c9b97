/* Schema from kinds; see schema.h. */
#include "schema.h"

#include "base/str.h"
#include "type.h"

struct work {
    struct ctx *c;
    bool apply;
    void (*tell)(void *to, const char *statement);
    void *to;
    size_t missing;
    struct db_column *have;
    size_t nhave;
};

static void statement(struct work *w, struct sql *q)
{
    w->missing++;
    if (w->tell)
        w->tell(w->to, q->text);
    if (w->apply)
        sql_run(q);
}

static bool has_column(const struct work *w, const char *table, const char *name)
{
    for (size_t i = 0; i < w->nhave; i++)
        if (strcmp(w->have[i].table, table) == 0 && strcmp(w->have[i].name, name) == 0)
            return true;
    return false;
}

/* A column of the program's own tables: name, and whether it is text, may be null, belongs to the key. */
struct column {
    const char *name;
    bool text, nullable, key;
};

struct table {
    const char *name;
    const struct column *columns;
    size_t ncolumns;
    const char *const *indexes;
};

#define TABLE(t, ...) {.name = #t, .columns = t##_columns, .ncolumns = N(t##_columns), __VA_ARGS__}

static const struct column unit_above_columns[] = {
    {.name = "shard", .key = true}, {.name = "unit", .key = true}, {.name = "above", .key = true}, {.name = "since", .key = true}, {.name = "until"}, {.name = "depth"}};
static const char *const unit_above_indexes[] = {"above, until, since, unit, depth", NULL};

/* Units whose records are of `part` stand, or stood, below units whose own are of `above`: see tree_parts(). */
static const struct column unit_part_columns[] = {{.name = "shard", .key = true}, {.name = "above", .key = true}, {.name = "part", .key = true}};

/* The words that there are in each part: see db/words.c. */
static const struct column word_known_columns[] = {
    {.name = "shard", .key = true}, {.name = "of_table", .text = true, .key = true}, {.name = "word", .text = true, .key = true}};

static const struct column taken_columns[] = {{.name = "shard", .key = true},
                                              {.name = "kind", .text = true, .key = true},
                                              {.name = "field", .text = true, .key = true},
                                              {.name = "value", .text = true, .key = true},
                                              {.name = "id"}};

static const struct column audit_columns[] = {{.name = "shard", .key = true},
                                              {.name = "seq", .key = true},
                                              {.name = "id"},
                                              {.name = "at"},
                                              {.name = "account"},
                                              {.name = "record"},
                                              {.name = "unit"},
                                              {.name = "version"},
                                              {.name = "batch"},
                                              {.name = "actor", .text = true},
                                              {.name = "act", .text = true},
                                              {.name = "kind", .text = true},
                                              {.name = "before", .text = true, .nullable = true},
                                              {.name = "after", .text = true, .nullable = true},
                                              {.name = "note", .text = true, .nullable = true},
                                              {.name = "hash", .text = true}};
static const char *const audit_indexes[] = {"record, seq", "batch, id", NULL};

static const struct column audit_end_columns[] = {{.name = "shard", .key = true}, {.name = "seq"}, {.name = "hash", .text = true}};
static const struct column import_mapping_columns[] = {
    {.name = "shard", .key = true}, {.name = "kind", .text = true, .key = true}, {.name = "head", .text = true, .key = true}, {.name = "field", .text = true}};

static const struct column attachment_part_columns[] = {
    {.name = "shard", .key = true}, {.name = "attachment", .key = true}, {.name = "part", .key = true}, {.name = "data", .text = true}};

/* Who is signed in. Nothing here opens anything: tokens stand as their hashes. */
static const struct column session_columns[] = {{.name = "shard", .key = true},
                                                {.name = "hash", .text = true, .key = true},
                                                {.name = "id"},
                                                {.name = "account"},
                                                {.name = "created"},
                                                {.name = "seen"},
                                                {.name = "fresh"},
                                                {.name = "strength", .text = true},
                                                {.name = "address", .text = true, .nullable = true},
                                                {.name = "agent", .text = true, .nullable = true}};
static const char *const session_indexes[] = {"account", "id", NULL};

/* Tokens of programs. */
static const struct column api_token_columns[] = {{.name = "shard", .key = true},
                                                  {.name = "hash", .text = true, .key = true},
                                                  {.name = "id"},
                                                  {.name = "account"},
                                                  {.name = "name", .text = true},
                                                  {.name = "scopes", .text = true},
                                                  {.name = "created"},
                                                  {.name = "expires"},
                                                  {.name = "used"},
                                                  {.name = "ended"}};
static const char *const api_token_indexes[] = {"account", "id", NULL};

/* The second factor of an account: its secret under a key that is not in the database, and the step of the code that worked last. Codes for
 * when the phone is lost stand as their hashes. */
static const struct column second_factor_columns[] = {
    {.name = "shard", .key = true}, {.name = "account", .key = true}, {.name = "sealed", .text = true}, {.name = "step"}, {.name = "since"}};
static const struct column recovery_code_columns[] = {{.name = "shard", .key = true}, {.name = "account", .key = true}, {.name = "hash", .text = true, .key = true}};

/* What the installation itself keeps: the key of known devices, the hash of the token for its first administrator. */
static const struct column secret_columns[] = {{.name = "shard", .key = true}, {.name = "name", .text = true, .key = true}, {.name = "value", .text = true}};

/* Answers that programs were given to writes with a key of their own, so that a write sent twice happens once. */
static const struct column idempotency_columns[] = {{.name = "shard", .key = true}, {.name = "account", .key = true}, {.name = "key", .text = true, .key = true}, {.name = "hash", .text = true},
                                                    {.name = "status"}, {.name = "answer", .text = true}, {.name = "at"}};

static const struct table tables[] = {TABLE(unit_above, .indexes = unit_above_indexes), TABLE(unit_part, .indexes = NULL), TABLE(word_known, .indexes = NULL), TABLE(taken, .indexes = NULL),
                                      TABLE(audit, .indexes = audit_indexes), TABLE(audit_end, .indexes = NULL), TABLE(import_mapping, .indexes = NULL), TABLE(attachment_part, .indexes = NULL),
                                      TABLE(session, .indexes = session_indexes), TABLE(api_token, .indexes = api_token_indexes), TABLE(secret, .indexes = NULL), TABLE(second_factor, .indexes = NULL),
                                      TABLE(recovery_code, .indexes = NULL), TABLE(idempotency, .indexes = NULL)};

static void add_column_type(struct sql *q, bool is_text, bool nullable)
{
    sql_add(q, " ");
    if (is_text)
        sql_type(q, VALUE_TEXT);
    else
        sql_type(q, VALUE_INT);
    if (!nullable)
        sql_add(q, " NOT NULL");
}

static void make_table(struct work *w, const struct table *t)
{
    struct sql q = sql_new(w->c);
    sql_add(&q, "CREATE TABLE ");
    sql_name(&q, t->name);
    sql_add(&q, " (");
    for (size_t i = 0; i < t->ncolumns; i++) {
        if (i)
            sql_add(&q, ", ");
        sql_name(&q, t->columns[i].name);
        add_column_type(&q, t->columns[i].text, t->columns[i].nullable);
    }
    sql_add(&q, ", PRIMARY KEY (");
    for (size_t i = 0; i < t->ncolumns && t->columns[i].key; i++) {
        if (i)
            sql_add(&q, ", ");
        sql_name(&q, t->columns[i].name);
    }
    sql_add(&q, "))");
    sql_table_options(&q);
    statement(w, &q);
}

struct index_name {
    char s[64];
};

/* The name of an index is made from table and columns. */
static struct index_name index_name(const char *table, const char *columns)
{
    struct index_name name;
    char *to = name.s;
    to += snprintf(name.s, sizeof name.s, "ix_%s_", table);
    for (const char *s = columns; *s && to < name.s + sizeof name.s - 1; s++)
        if (*s >= 'a' && *s <= 'z')
            *to++ = *s;
    *to = '\0';
    return name;
}

/* Index of a column list such as "above, until". */
static void need_index(struct work *w, const char *table, const char *columns)
{
    struct index_name name = index_name(table, columns);
    if (db_has_index(w->c, name.s))
        return;
    struct sql q = sql_new(w->c);
    sql_add(&q, "CREATE INDEX ");
    sql_name(&q, name.s);
    sql_add(&q, " ON ");
    sql_name(&q, table);
    sql_add(&q, " (");
    for (const char *s = columns; *s;) {
        char column[48];
        size_t n = strcspn(s, ", ");
        snprintf(column, sizeof column, "%.*s", (int)n, s);
        if (s != columns)
            sql_add(&q, ", ");
        sql_name(&q, column);
        s += n + strspn(s + n, ", ");
    }
    sql_add(&q, ")");
    statement(w, &q);
}

static void field_column(struct sql *q, const struct field *f)
{
    sql_name(q, f->name);
    add_column_type(q, type_is_text(f->type), !(f->flags & UNTIL) && f->type != TYPE_FLAG);
}

static const char *const envelope[] = {"shard",      "id",         "unit",       "version",   "created_at",
                                       "changed_at", "created_by", "changed_by", "removed_at"};
static const char *const found_by[] = {"fold", "words", "sort_key"};

static void make_kind(struct work *w, const struct kind *k)
{
    struct sql q = sql_new(w->c);
    sql_add(&q, "CREATE TABLE ");
    sql_name(&q, k->name);
    sql_add(&q, " (");
    for (size_t i = 0; i < N(envelope); i++) {
        if (i)
            sql_add(&q, ", ");
        sql_name(&q, envelope[i]);
        add_column_type(&q, false, false);
    }
    for (size_t i = 0; i < k->nfields; i++) {
        if (!field_stored(&k->fields[i]))
            continue;
        sql_add(&q, ", ");
        field_column(&q, &k->fields[i]);
    }
    for (size_t i = 0; kind_searched(k) && i < N(found_by); i++) {
        sql_add(&q, ", ");
        sql_name(&q, found_by[i]);
        add_column_type(&q, true, true);
    }
    if (kind_searched(k)) {
        sql_add(&q, ", part");
        add_column_type(&q, false, false);
    }
    sql_add(&q, ", PRIMARY KEY (shard, id))");
    sql_table_options(&q);
    statement(w, &q);
}

/* Columns that the program has learnt since the table was made. One that may not be null takes a default. */
static void add_missing(struct work *w, const struct kind *k)
{
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if (!field_stored(f) || has_column(w, k->name, f->name))
            continue;
        struct sql q = sql_new(w->c);
        sql_add(&q, "ALTER TABLE ");
        sql_name(&q, k->name);
        sql_add(&q, " ADD COLUMN ");
        field_column(&q, f);
        if (f->flags & UNTIL)
            sql_add(&q, " DEFAULT 99999999");
        else if (f->type == TYPE_FLAG)
            sql_add(&q, " DEFAULT 0");
        statement(w, &q);
    }
}

/* What the index of words finds is told by id: whether it is meant, where it stands in the order and what it counts as is then known without
 * its row. */
static const char by_id_searched[] = "id, sort_key, unit, removed_at, fold";

static const char *by_id(struct ctx *c, const struct kind *k)
{
    return !kind_searched(k) ? "id" : k->counted ? arena_printf(&c->arena, "%s, %s", by_id_searched, k->counted) : by_id_searched;
}

/* A list in order, and one filtered without looking at the rows. */
static const char *const searched_lists[] = {"sort_key, id", "part, sort_key, id, unit, removed_at, fold, words"};

static void need_lists(struct work *w, const struct kind *k)
{
    for (size_t i = 0; k->lists && k->lists[i]; i++)
        need_index(w, k->name, k->lists[i]);
    for (size_t i = 0; kind_searched(k) && i < N(searched_lists); i++)
        need_index(w, k->name, searched_lists[i]);
}

static struct sql index_dropped(struct ctx *c, const char *table, const char *columns)
{
    struct sql q = sql_new(c);
    sql_add(&q, "DROP INDEX ");
    sql_name(&q, index_name(table, columns).s);
    return q;
}

static void drop_index(struct ctx *c, const char *table, const char *columns)
{
    struct sql q = index_dropped(c, table, columns);
    sql_run(&q);
}

/* Of what is searched, as they were before 0.1.0, when the words were kept in another way first. */
static const char *const former[] = {"id", by_id_searched, "part, sort_key, id, unit, removed_at, fold"};

static void drop_former(struct work *w, const struct kind *k)
{
    for (size_t i = 0; i < N(former) && kind_searched(k); i++) {
        if (strcmp(former[i], by_id(w->c, k)) == 0 || !db_has_index(w->c, index_name(k->name, former[i]).s))
            continue;
        struct sql q = index_dropped(w->c, k->name, former[i]);
        statement(w, &q);
        if (i == 0 && w->apply && db_has_words(w->c, k->name))
            db_words_rebuild(w->c, k->name);
    }
}

void schema_drop_lists(struct ctx *c, const struct kind *k)
{
    for (size_t i = 0; k->lists && k->lists[i]; i++)
        drop_index(c, k->name, k->lists[i]);
    for (size_t i = 0; kind_searched(k) && i < N(searched_lists); i++)
        drop_index(c, k->name, searched_lists[i]);
}

void schema_make_lists(struct ctx *c, const struct kind *k)
{
    struct work w = {.c = c, .apply = true};
    need_lists(&w, k);
}

static void need_kind(struct work *w, const struct kind *k)
{
    bool made = !db_has_table(w->c, k->name);
    if (made)
        make_kind(w, k);
    else
        add_missing(w, k);
    need_index(w, k->name, by_id(w->c, k));
    drop_former(w, k);
    for (size_t i = 0; k->indexes && k->indexes[i]; i++)
        need_index(w, k->name, k->indexes[i]);
    need_lists(w, k);
    if (kind_searched(k)) {
        if (!db_has_words(w->c, k->name)) {
            w->missing++;
            if (w->tell)
                w->tell(w->to, arena_printf(&w->c->arena, "-- words of %s for search", k->name));
            if (w->apply)
                db_words_create(w->c, k->name);
        }
    }
    if (k->code && !(field_need(k, k->code)->flags & INPUT))
        need_index(w, k->name, k->code);
}

static void walk(struct work *w)
{
    w->nhave = db_columns(w->c, &w->have);
    for (size_t i = 0; i < N(tables) && !failed(w->c); i++) {
        if (!db_has_table(w->c, tables[i].name))
            make_table(w, &tables[i]);
        for (size_t j = 0; tables[i].indexes && tables[i].indexes[j]; j++)
            need_index(w, tables[i].name, tables[i].indexes[j]);
    }
    for (size_t i = 0; i < nkinds && !failed(w->c); i++)
        need_kind(w, kinds[i]);
}

size_t schema_difference(struct ctx *c, void (*tell)(void *to, const char *statement), void *to)
{
    struct work w = {.c = c, .tell = tell, .to = to};
    walk(&w);
    return w.missing;
}

bool schema_apply(struct ctx *c)
{
    struct work w = {.c = c, .apply = true};
    if (!db_begin(c, DB_WRITE))
        return false;
    walk(&w);
    return db_commit(c);
}

bool schema_current(struct ctx *c)
{
    if (!db_has_table(c, "audit")) {
        fail(c, ERR_CONFIG, "Cơ sở dữ liệu còn trống: chạy “dangbo init” hoặc “dangbo schema --apply”.",
             "The database is empty: run “dangbo init” or “dangbo schema --apply”.");
        return false;
    }
    size_t missing = schema_difference(c, NULL, NULL);
    if (missing && !failed(c))
        fail(c, ERR_CONFIG, "Cơ sở dữ liệu cũ hơn chương trình (%zu thay đổi): sao lưu rồi chạy “dangbo schema --apply”.",
             "The database is older than the program (%zu changes): back it up, then run “dangbo schema --apply”.", missing);
    return !failed(c);
}
