/* Composing statements from literals, checked names and bound values; see db.h. */
#include "engine.h"

static void put(struct sql *q, const char *p, size_t n)
{
    if (q->cap - q->n <= n) {
        size_t cap = q->cap * 2 + n;
        char *grown = arena_alloc(&q->c->arena, cap);
        memcpy(grown, q->text, q->n);
        q->text = grown;
        q->cap = cap;
    }
    memcpy(q->text + q->n, p, n);
    q->n += n;
    q->text[q->n] = '\0';
}

static void put_number(struct sql *q, size_t number)
{
    char s[24], *p = s + sizeof s;
    do
        *--p = (char)('0' + number % 10);
    while (number /= 10);
    *--p = '$';
    put(q, p, (size_t)(s + sizeof s - p));
}

struct sql sql_new(struct ctx *c)
{
    struct sql q = {.c = c, .cap = 256};
    q.text = arena_alloc(&c->arena, q.cap);
    return q;
}

struct sql sql_from(struct ctx *c, const char *text, size_t nargs)
{
    struct sql q = {.c = c, .n = strlen(text), .room = nargs};
    q.cap = q.n + 1;
    q.text = (char *)(uintptr_t)text; /* put() copies it before it writes: there is no room in it */
    q.args = NEW_N(&c->arena, struct value, nargs + 1);
    return q;
}

void sql_add_text(struct sql *q, const char *literal)
{
    put(q, literal, strlen(literal));
}

static bool name_lawful(const char *s)
{
    if (!s || *s < 'a' || *s > 'z')
        return false;
    size_t n = 0;
    while ((s[n] >= 'a' && s[n] <= 'z') || (s[n] >= '0' && s[n] <= '9') || s[n] == '_')
        n++;
    return !s[n] && n <= 63; /* PostgreSQL cuts longer names */
}

void sql_name(struct sql *q, const char *name)
{
    if (!name_lawful(name)) {
        fail(q->c, ERR_BROKEN, "Lỗi chương trình: tên bảng hoặc cột không hợp lệ: \"%.80s\".",
             "Fault in the program: not a lawful name of a table or column: \"%.80s\".", name ? name : "");
        return;
    }
    put(q, "\"", 1);
    put(q, name, strlen(name));
    put(q, "\"", 1);
}

void sql_col(struct sql *q, const char *table, const char *column)
{
    sql_name(q, table);
    put(q, ".", 1);
    sql_name(q, column);
}

static void push(struct sql *q, struct value v)
{
    if (q->nargs == q->room) {
        size_t room = q->room ? q->room * 2 : 16;
        struct value *grown = NEW_N(&q->c->arena, struct value, room);
        if (q->nargs)
            memcpy(grown, q->args, q->nargs * sizeof *grown);
        q->args = grown;
        q->room = room;
    }
    q->args[q->nargs++] = v;
}

void sql_bind(struct sql *q, struct value v)
{
    push(q, v);
}

void sql_arg(struct sql *q, struct value v)
{
    push(q, v);
    put_number(q, q->nargs);
}

void sql_lasts(struct sql *q, const char *table, day on)
{
    sql_add(q, " AND ");
    sql_col(q, table, "since");
    sql_add(q, " <= ");
    sql_arg(q, V(on));
    sql_add(q, " AND ");
    sql_col(q, table, "until");
    sql_add(q, " > ");
    sql_arg(q, V(on));
}

void sql_lasts_ever(struct sql *q, const char *table, day on)
{
    sql_add(q, " AND COALESCE(");
    sql_col(q, table, "since");
    sql_add(q, ", 0) <= ");
    sql_arg(q, V(on));
    sql_add(q, " AND ");
    sql_col(q, table, "until");
    sql_add(q, " > ");
    sql_arg(q, V(on));
}

void sql_args(struct sql *q, const int64_t *ids, size_t n)
{
    if (!n)
        put(q, "NULL", 4); /* IN (NULL) holds for nothing */
    for (size_t i = 0; i < n; i++) {
        if (i)
            put(q, ", ", 2);
        sql_arg(q, value_int(ids[i]));
    }
}

void sql_append(struct sql *q, const struct sql *part)
{
    size_t base = q->nargs;
    const char *s = part->text, *end = s + part->n;
    char quote = 0;
    while (s < end) {
        if (quote ? *s == quote : *s == '\'' || *s == '"')
            quote = quote ? 0 : *s;
        if (quote || *s != '$' || s + 1 == end || s[1] < '0' || s[1] > '9') {
            put(q, s++, 1);
            continue;
        }
        size_t number = 0;
        for (s++; s < end && *s >= '0' && *s <= '9' && number <= ARGS_MAX; s++)
            number = number * 10 + (size_t)(*s - '0');
        put_number(q, number + base);
    }
    for (size_t i = 0; i < part->nargs; i++)
        push(q, part->args[i]);
}

struct rows *sql_query(struct sql *q)
{
    return db_query_args(q->c, &(struct statement){q->text, q->args, q->nargs, false});
}

struct rows *sql_stream(struct sql *q)
{
    return db_query_args(q->c, &(struct statement){q->text, q->args, q->nargs, true});
}

int64_t sql_run(struct sql *q)
{
    return db_run_args(q->c, &(struct statement){q->text, q->args, q->nargs, false});
}

void sql_run_later(struct sql *q)
{
    db_run_later_args(q->c, &(struct statement){q->text, q->args, q->nargs, false});
}

void db_lock_row(struct sql *q)
{
    if (!failed(q->c) && db_engine(q->c) == DB_POSTGRES)
        sql_add(q, " FOR UPDATE");
}
