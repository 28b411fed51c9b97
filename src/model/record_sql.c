/* The texts of statements that every kind has, and the reading of its rows. Composed once, at start, where the model is. */
#include "record.h"

#include "model.h"
#include "type.h"

static const char *const envelope[] = {"id",         "shard",      "unit",       "version",   "created_at",
                                       "changed_at", "created_by", "changed_by", "removed_at"};

void record_columns(struct sql *q, const struct kind *k, const char *alias)
{
    for (size_t i = 0; i < N(envelope); i++) {
        if (i)
            sql_add(q, ", ");
        sql_col(q, alias, envelope[i]);
    }
    for (size_t i = 0; i < k->nfields; i++) {
        if (!field_stored(&k->fields[i]))
            continue;
        sql_add(q, ", ");
        sql_col(q, alias, k->fields[i].name);
    }
}

int record_column_count(const struct kind *k)
{
    int n = (int)N(envelope);
    for (size_t i = 0; i < k->nfields; i++)
        n += field_stored(&k->fields[i]);
    return n;
}

void *record_from_row(struct ctx *c, const struct kind *k, struct rows *r)
{
    struct row *row = arena_alloc(&c->arena, k->size);
    *row = (struct row){rows_int(r, 0), rows_int(r, 1), rows_int(r, 2), rows_int(r, 3), {rows_int(r, 4)},
                        {rows_int(r, 5)}, rows_int(r, 6), rows_int(r, 7), {rows_int(r, 8)}};
    int col = (int)N(envelope);
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if (!field_stored(f))
            continue;
        if (type_is_text(f->type))
            field_set(f, row, value_text(arena_text(&c->arena, rows_text(r, col))));
        else if (f->type == TYPE_NUMBER && rows_null(r, col)) /* of the others 0 is nothing */
            field_set(f, row, value_null());
        else
            field_set(f, row, value_int(rows_int(r, col)));
        col++;
    }
    return row;
}

static struct sql insert_text(struct ctx *c, const struct kind *k)
{
    struct sql q = sql_new(c);
    sql_add(&q, "INSERT INTO ");
    sql_name(&q, k->name);
    sql_add(&q, " (id, shard, unit, version, created_at, changed_at, created_by, changed_by, removed_at");
    for (size_t i = 0; i < k->nfields; i++)
        if (field_stored(&k->fields[i])) {
            sql_add(&q, ", ");
            sql_name(&q, k->fields[i].name);
        }
    if (kind_searched(k))
        sql_add(&q, ", fold, words, sort_key, part");
    sql_add(&q, ") VALUES (");
    int n = record_column_count(k) + (kind_searched(k) ? 4 : 0);
    for (int i = 0; i < n; i++) {
        if (i)
            sql_add(&q, ", ");
        sql_arg(&q, value_null());
    }
    sql_add(&q, ")");
    return q;
}

static struct sql by_id_text(struct ctx *c, const struct kind *k)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT ");
    record_columns(&q, k, "t");
    sql_add(&q, " FROM ");
    sql_name(&q, k->name);
    sql_add(&q, " t WHERE t.id = ");
    sql_arg(&q, value_null());
    return q;
}

struct kind_texts record_texts(struct ctx *c, const struct kind *k)
{
    return (struct kind_texts){insert_text(c, k).text, by_id_text(c, k).text};
}

static struct kind_texts texts_of(struct ctx *c, const struct kind *k)
{
    const struct kind_texts *made = model_texts(c, k);
    return made ? *made : record_texts(c, k);
}

struct sql record_insert(struct ctx *c, const struct kind *k)
{
    return sql_from(c, texts_of(c, k).insert, (size_t)record_column_count(k) + 3);
}

struct sql record_by_id(struct ctx *c, const struct kind *k, int64_t id)
{
    struct sql q = sql_from(c, texts_of(c, k).by_id, 4);
    sql_bind(&q, value_int(id));
    return q;
}
