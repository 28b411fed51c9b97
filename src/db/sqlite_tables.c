/* Which tables statements read and write, and after which commit a table was last written: what somebody remembers of the data stays
 * true while none of the tables that it was read from is written. SQLite says of each statement, as it is prepared, what it
 * touches, so nothing that writes can be forgotten here.
 *
 * A commit announces what it writes before it begins and counts as done after it has ended. Whoever reads takes the number of the
 * last one done before they look: all up to it they see. What is announced later may be seen or not, and counts as changed. */
#define ALLOW_MALLOC
#include "sqlite.h"

enum { LAST_BIT = 63 };

static char *copy_of(const char *s)
{
    size_t n = strlen(s) + 1;
    char *copy = malloc(n);
    if (!copy)
        abort();
    return memcpy(copy, s, n);
}

/* Tables beyond the 63rd share a bit: then more counts as changed than was. */
static uint64_t bit_of(struct sqlite_tables *t, const char *name)
{
    size_t i = 0;
    pthread_mutex_lock(&t->mutex);
    while (i < t->n && strcmp(t->names[i], name) != 0)
        i++;
    if (i == t->n && t->n < LAST_BIT)
        t->names[t->n++] = copy_of(name);
    pthread_mutex_unlock(&t->mutex);
    return UINT64_C(1) << (i < LAST_BIT ? i : LAST_BIT);
}

static int on_access(void *to, int what, const char *table, const char *column UNUSED, const char *db UNUSED, const char *within UNUSED)
{
    struct sqlite_conn *conn = to;
    if (what == SQLITE_READ && table)
        conn->touches.reads |= bit_of(conn->tables, table);
    else if ((what == SQLITE_INSERT || what == SQLITE_UPDATE || what == SQLITE_DELETE) && table) /* of the schema: whatever it holds */
        conn->touches.writes |= strncmp(table, "sqlite_", 7) == 0 ? UINT64_MAX : bit_of(conn->tables, table);
    return SQLITE_OK;
}

void sqlite_tables_watch(struct sqlite_conn *conn, struct sqlite_tables *t)
{
    conn->tables = t;
    sqlite3_set_authorizer(conn->h, on_access, conn);
}

void sqlite_tables_free(struct sqlite_tables *t)
{
    for (size_t i = 0; i < t->n; i++)
        free(t->names[i]);
    pthread_mutex_destroy(&t->mutex);
}

uint64_t sqlite_tables_announce(struct sqlite_tables *t, uint64_t written)
{
    uint64_t number = ++t->announced;
    for (; written; written &= written - 1)
        atomic_store(&t->written[__builtin_ctzll(written)], number);
    return number;
}

void sqlite_tables_done(struct sqlite_tables *t, uint64_t number)
{
    atomic_store(&t->done, number);
}

bool sqlite_tables_written(struct sqlite_tables *t, uint64_t after, uint64_t which)
{
    for (; which; which &= which - 1)
        if (atomic_load(&t->written[__builtin_ctzll(which)]) > after)
            return true;
    return false;
}
