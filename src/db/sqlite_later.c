/* Writing behind: in a long write, statements whose outcome nobody waits for are carried out by a second thread, in
 * their order, while the first reads and checks on. The connection is used by one of the two at a time: whoever wants to use it
 * otherwise waits first until all is done. What went wrong is told then, and nothing after it was carried out.
 * Must not know what the statements are for. */
#define ALLOW_MALLOC
#include "sqlite.h"

#include <stdalign.h>

enum { BLOCK = 128 * 1024, BLOCKS_MOST = 8, TEXTS_MOST = 32 };

struct op {
    const char *sql;
    size_t n, size; /* arguments; bytes with all that belongs to it */
    struct value args[];
};

struct block {
    struct block *next;
    size_t used;
    alignas(max_align_t) char bytes[BLOCK];
};

struct later {
    struct db *db;
    struct sqlite_conn *conn;
    pthread_t thread;
    char *texts[TEXTS_MOST]; /* of statements: the caller's own do not live long */
    size_t ntexts;
    struct block *filling;   /* the caller's, until it is handed over */
    pthread_mutex_t mutex;
    pthread_cond_t more, fewer;
    struct block *first, **last, *spare; /* all that follows is guarded by the mutex */
    int blocks, waiting;                 /* made; handed over and not done */
    bool stop;
    int rc;
    const char *failed;
};

static void carry_out(struct later *l, const struct block *b)
{
    for (size_t at = 0; at < b->used && l->rc == SQLITE_OK;) {
        const struct op *op = (const struct op *)(const void *)(b->bytes + at);
        int rc = sqlite_run_once(l->db, l->conn, &(struct statement){op->sql, op->args, op->n, false});
        if (rc != SQLITE_DONE) {
            l->rc = rc;
            l->failed = op->sql;
        }
        at += op->size;
    }
}

static void *work(void *with)
{
    struct later *l = with;
    pthread_mutex_lock(&l->mutex);
    for (;;) {
        while (!l->first && !l->stop)
            pthread_cond_wait(&l->more, &l->mutex);
        struct block *b = l->first;
        if (!b)
            break;
        l->first = b->next;
        if (!l->first)
            l->last = &l->first;
        pthread_mutex_unlock(&l->mutex);
        carry_out(l, b);
        pthread_mutex_lock(&l->mutex);
        b->next = l->spare;
        l->spare = b;
        l->waiting--;
        pthread_cond_signal(&l->fewer);
    }
    pthread_mutex_unlock(&l->mutex);
    return NULL;
}

struct later *later_new(struct db *db, struct sqlite_conn *conn)
{
    struct later *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    *l = (struct later){.db = db, .conn = conn, .last = &l->first};
    pthread_mutex_init(&l->mutex, NULL);
    pthread_cond_init(&l->more, NULL);
    pthread_cond_init(&l->fewer, NULL);
    if (pthread_create(&l->thread, NULL, work, l) == 0)
        return l;
    pthread_cond_destroy(&l->fewer);
    pthread_cond_destroy(&l->more);
    pthread_mutex_destroy(&l->mutex);
    free(l);
    return NULL; /* without a thread each statement is waited for */
}

static void hand_over(struct later *l)
{
    struct block *b = l->filling;
    if (!b)
        return;
    l->filling = b->next = NULL;
    pthread_mutex_lock(&l->mutex);
    *l->last = b;
    l->last = &b->next;
    l->waiting++;
    pthread_cond_signal(&l->more);
    pthread_mutex_unlock(&l->mutex);
}

static struct block *block_get(struct later *l)
{
    pthread_mutex_lock(&l->mutex);
    while (!l->spare && l->blocks == BLOCKS_MOST)
        pthread_cond_wait(&l->fewer, &l->mutex);
    struct block *b = l->spare;
    if (b)
        l->spare = b->next;
    l->blocks += !b;
    pthread_mutex_unlock(&l->mutex);
    if (!b && !(b = malloc(sizeof *b)))
        abort();
    b->next = NULL;
    b->used = 0;
    return b;
}

/* A copy of a statement's text that lives as long as this; NULL when there are too many different ones. */
static const char *text_of(struct later *l, const char *sql)
{
    for (size_t i = 0; i < l->ntexts; i++)
        if (strcmp(l->texts[i], sql) == 0)
            return l->texts[i];
    if (l->ntexts == TEXTS_MOST)
        return NULL;
    size_t n = strlen(sql) + 1;
    char *copy = malloc(n);
    if (!copy)
        abort();
    memcpy(copy, sql, n);
    return l->texts[l->ntexts++] = copy;
}

bool later_add(struct later *l, const struct statement *s)
{
    const char *sql = text_of(l, s->sql);
    size_t size = sizeof(struct op) + s->n * sizeof(struct value);
    for (size_t i = 0; i < s->n; i++)
        if (s->args[i].type == VALUE_TEXT)
            size += strlen(s->args[i].s) + 1;
    size = (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    if (!sql || size > BLOCK)
        return false;
    if (l->filling && BLOCK - l->filling->used < size)
        hand_over(l);
    if (!l->filling)
        l->filling = block_get(l);
    struct op *op = (struct op *)(void *)(l->filling->bytes + l->filling->used);
    *op = (struct op){.sql = sql, .n = s->n, .size = size};
    char *text = (char *)&op->args[s->n];
    for (size_t i = 0; i < s->n; i++) {
        op->args[i] = s->args[i];
        if (s->args[i].type != VALUE_TEXT)
            continue;
        size_t n = strlen(s->args[i].s) + 1;
        op->args[i].s = memcpy(text, s->args[i].s, n);
        text += n;
    }
    l->filling->used += size;
    return true;
}

int later_wait(struct later *l, const char **failed)
{
    pthread_mutex_lock(&l->mutex);
    bool idle = !l->waiting;
    pthread_mutex_unlock(&l->mutex);
    if (idle && l->filling) { /* to wake the other for so little takes longer than to do it */
        carry_out(l, l->filling);
        l->filling->used = 0;
    }
    if (!idle)
        hand_over(l);
    pthread_mutex_lock(&l->mutex);
    while (l->waiting)
        pthread_cond_wait(&l->fewer, &l->mutex);
    int rc = l->rc;
    *failed = l->failed;
    pthread_mutex_unlock(&l->mutex);
    return rc;
}

void later_free(struct later *l)
{
    pthread_mutex_lock(&l->mutex);
    l->stop = true;
    pthread_cond_signal(&l->more);
    pthread_mutex_unlock(&l->mutex);
    pthread_join(l->thread, NULL);
    if (l->filling) {
        l->filling->next = l->spare;
        l->spare = l->filling;
    }
    while (l->spare) {
        struct block *b = l->spare;
        l->spare = b->next;
        free(b);
    }
    for (size_t i = 0; i < l->ntexts; i++)
        free(l->texts[i]);
    pthread_cond_destroy(&l->fewer);
    pthread_cond_destroy(&l->more);
    pthread_mutex_destroy(&l->mutex);
    free(l);
}
