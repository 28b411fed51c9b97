/* The context of one request, command or job: first argument of everything that does work.
 * Errors are sticky: fail() keeps the first; after it reads give no rows, writes do nothing, and
 * commit rolls back. So the code of the domain has no error plumbing, no exit and no longjmp. */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include "arena.h"
#include "day.h"

struct db;
struct actor;
struct model;

/* What went wrong, as far as anybody reacts to it. cli/ maps each to an exit code, web/ to a status. */
enum err_code {
    ERR_NONE,
    ERR_USAGE,       /* the command or request is not understood        64, 400 */
    ERR_BAD_INPUT,   /* the data are wrong                              65, 422 */
    ERR_DENIED,      /* not within the actor's rights                   77, 403 */
    ERR_MISSING,     /* no such thing, or not yours to see               1, 404 */
    ERR_CONFLICT,    /* somebody else was first: version, code taken     1, 409 */
    ERR_BUSY,        /* another process owns the data: try again        75, 503 */
    ERR_UNAVAILABLE, /* the database server cannot be reached           69, 503 */
    ERR_FULL,        /* the disk is full or cannot be written           74, 507 */
    ERR_CANNOT_MAKE, /* an output or a directory cannot be created      73, 500 */
    ERR_CONFIG,      /* a file of rules or settings is wrong            78, 500 */
    ERR_BROKEN       /* a promise of the program itself does not hold   70, 500 */
};

struct err {
    enum err_code code;
    const char *text; /* in the context's language; lives in the arena */
};

struct ctx {
    struct arena arena;
    struct arena kept;         /* lives until the next outermost transaction begins, when a loop rewinds `arena` */
    struct err err;
    enum lang lang;
    instant now;               /* the clock is an argument: tests set it */
    day today;
    struct db *db;
    const struct actor *actor;
    const struct model *model; /* rule data and what was made of the kinds at start */
    void *audit;               /* the chain's ends as this transaction has moved them; see model/audit.c */
    void *memo;                /* what is known of records in this write; see model/memo.c */
    void *bulk;                /* a long import that has the tables for itself; see model/bulk.c */
    void (*after_begin)(struct ctx *);   /* called when an outermost transaction has begun: rights are found out */
    void (*before_commit)(struct ctx *); /* called once, before the outermost commit */
    int consequence;           /* > 0 while hooks write what follows from an allowed write: rights were checked there */
    bool undoing;              /* hooks only bring derived values up to date: what they had written is put back itself */
    bool restoring;            /* with `undoing`: a new record is put back as an export tells it, with all its own values */
    const char *reason;        /* why a warning was overridden, or a batch was written: the audit keeps it with each write; NULL = none */
    int64_t batch;             /* writes belong to this batch (import, unit change), so that it can be undone; 0 = none */
};

/* Message in both languages, arguments in the same order in both. */
const char *say(struct ctx *, const char *vi, const char *en, ...) PRINTF(2, 4) PRINTF(3, 4);
/* Keeps the first failure of the context. */
void fail(struct ctx *, enum err_code, const char *vi, const char *en, ...) PRINTF(3, 5) PRINTF(4, 5);

static inline bool failed(const struct ctx *c)
{
    return c->err.code != ERR_NONE;
}

static inline const char *in_words(const struct ctx *c, struct words w)
{
    return words_in(w, c->lang);
}

const char *os_says(struct ctx *, int why);           /* an errno in the context's language, for the end of a sentence */
const char *in_sentence(struct ctx *, struct words); /* the same inside a sentence: "Đơn vị" is "đơn vị" there */

void ctx_free(struct ctx *);

#endif
