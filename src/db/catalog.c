/* What the engines know of the tables, and how they write types; see db.h. */
#include "engine.h"

#define PG_SCHEMA " JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema() "

static struct rows *columns_query(struct ctx *c)
{
    if (db_engine(c) == DB_SQLITE)
        return db_query(c, "SELECT t.name, i.name, CASE i.type WHEN 'TEXT' THEN 'text' ELSE 'int' END "
                           "FROM pragma_table_list t, pragma_table_info(t.name) i "
                           "WHERE t.schema = 'main' AND t.type = 'table' AND substr(t.name, 1, 7) <> 'sqlite_' "
                           "ORDER BY t.name, i.cid");
    return db_query(c, "SELECT c.relname, a.attname, CASE WHEN a.atttypid = CAST('text' AS regtype) THEN 'text' ELSE 'int' END "
                       "FROM pg_class c" PG_SCHEMA "JOIN pg_attribute a ON a.attrelid = c.oid "
                       "WHERE c.relkind IN ('r', 'p') AND NOT a.attisdropped AND a.attnum > 0 "
                       "ORDER BY c.relname COLLATE \"C\", a.attnum");
}

size_t db_columns(struct ctx *c, struct db_column **out)
{
    size_t n = 0, room = 64;
    struct db_column *list = NEW_N(&c->arena, struct db_column, room);
    struct rows *r = failed(c) ? NULL : columns_query(c);
    while (rows_next(r)) {
        if (n == room) {
            struct db_column *grown = NEW_N(&c->arena, struct db_column, room * 2);
            memcpy(grown, list, n * sizeof *list);
            list = grown;
            room *= 2;
        }
        const char *table = rows_text(r, 0);
        bool same = n && strcmp(list[n - 1].table, table) == 0;
        list[n].table = same ? list[n - 1].table : arena_text(&c->arena, table);
        list[n].name = arena_text(&c->arena, rows_text(r, 1));
        list[n++].type = strcmp(rows_text(r, 2), "text") == 0 ? "text" : "int";
    }
    *out = list;
    return failed(c) ? 0 : n;
}

bool db_has_table(struct ctx *c, const char *name)
{
    if (failed(c))
        return false;
    if (db_engine(c) == DB_SQLITE)
        return db_one_int(c, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1", V(name)) > 0;
    return db_one_int(c, "SELECT count(*) FROM pg_class c" PG_SCHEMA "WHERE c.relkind IN ('r', 'p') AND c.relname = $1", V(name)) > 0;
}

bool db_has_index(struct ctx *c, const char *name)
{
    if (failed(c))
        return false;
    if (db_engine(c) == DB_SQLITE)
        return db_one_int(c, "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name = $1", V(name)) > 0;
    return db_one_int(c, "SELECT count(*) FROM pg_class c" PG_SCHEMA "WHERE c.relkind IN ('i', 'I') AND c.relname = $1", V(name)) > 0;
}

const char *db_type_name(const struct ctx *c, enum value_type type)
{
    bool sqlite = db_engine(c) == DB_SQLITE;
    switch (type) {
    case VALUE_INT:
    case VALUE_DAY:
    case VALUE_BOOL:
        return sqlite ? "INTEGER" : "BIGINT";
    case VALUE_REAL:
        return sqlite ? "REAL" : "DOUBLE PRECISION";
    case VALUE_TEXT:
    case VALUE_NULL:
        break;
    }
    return sqlite ? "TEXT" : "TEXT COLLATE \"C\"";
}

/* STRICT refuses text in a column of numbers, as PostgreSQL does. */
const char *db_table_options(const struct ctx *c)
{
    return db_engine(c) == DB_SQLITE ? " WITHOUT ROWID, STRICT" : "";
}

void db_analyze(struct ctx *c)
{
    if (db_begin(c, DB_WRITE_LONG)) {
        db_run(c, "ANALYZE");
        db_commit(c);
    }
}

/* Integrity */

typedef void told(void *to, const char *what);

static int64_t tell_rows(struct ctx *c, struct rows *r, const char *sort, told *tell, void *to)
{
    int64_t faults = 0;
    while (rows_next(r)) {
        const char *what = rows_text(r, 0);
        if (what && strcmp(what, "ok") != 0) {
            tell(to, arena_printf(&c->arena, "%s%s", sort, what));
            faults++;
        }
    }
    return faults;
}

/* The word indexes can only be asked by a write. */
static int64_t words_integrity(struct ctx *c, told *tell, void *to)
{
    int64_t faults = 0;
    struct db_column *col;
    size_t n = db_columns(c, &col);
    for (size_t i = 0; i < n && !failed(c); i++) {
        const char *words = arena_printf(&c->arena, "%s_words", col[i].table);
        if ((i && col[i].table == col[i - 1].table) || !db_has_table(c, words))
            continue;
        struct sql q = sql_new(c);
        sql_add(&q, "INSERT INTO ");
        sql_name(&q, words);
        sql_add(&q, "(");
        sql_name(&q, words);
        sql_add(&q, ") VALUES ('integrity-check')");
        db_savepoint(c);
        sql_run(&q);
        if (failed(c)) {
            tell(to, c->err.text);
            faults++;
        }
        db_savepoint_rollback(c);
    }
    return faults;
}

static int64_t sqlite_integrity(struct ctx *c, told *tell, void *to)
{
    int64_t faults = tell_rows(c, db_query(c, "PRAGMA integrity_check(1000)"), "", tell, to);
    faults += tell_rows(c, db_query(c, "SELECT 'table ' || \"table\" || ' -> ' || parent || ': ' || count(*) "
                                       "FROM pragma_foreign_key_check GROUP BY \"table\", parent"),
                        "foreign key: ", tell, to);
    return faults + (db_in_write(c) ? words_integrity(c, tell, to) : 0);
}

static int64_t postgres_integrity(struct ctx *c, told *tell, void *to)
{
    int64_t faults = tell_rows(c, db_query(c, "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid" PG_SCHEMA
                                              "WHERE NOT i.indisvalid ORDER BY 1"),
                               "invalid index: ", tell, to);
    faults += tell_rows(c, db_query(c, "SELECT k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid" PG_SCHEMA
                                       "WHERE NOT k.convalidated ORDER BY 1"),
                        "constraint not validated: ", tell, to);
    faults += tell_rows(c, db_query(c, "SELECT CAST(checksum_failures AS text) FROM pg_stat_database "
                                       "WHERE datname = current_database() AND checksum_failures > 0"),
                        "pages with a wrong checksum: ", tell, to);
    return faults;
}

int64_t db_integrity(struct ctx *c, told *tell, void *to)
{
    if (failed(c))
        return 0;
    return db_engine(c) == DB_SQLITE ? sqlite_integrity(c, tell, to) : postgres_integrity(c, tell, to);
}

void sql_type(struct sql *q, enum value_type type)
{
    sql_add_text(q, db_type_name(q->c, type));
}

void sql_table_options(struct sql *q)
{
    sql_add_text(q, db_table_options(q->c));
}
