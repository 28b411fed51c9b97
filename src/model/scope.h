/* Who may do what, where: one predicate, added to every statement that reads or writes records — lists, counts,
 * search, exports, and the fetch of a single row. There is no second, in-memory version to disagree with.
 *
 * Rights come from dated appointments (an office has rights on its unit or subtree) and from named grants. They are those of
 * each transaction's own state of the data, so they end with the office, at once. Nobody may add, change or decide what concerns
 * themselves; everybody may read what does. */
#ifndef MODEL_SCOPE_H
#define MODEL_SCOPE_H

#include "db/db.h"
#include "kind.h"

struct right {
    int64_t unit;
    bool subtree;
    uint64_t kinds;      /* a bit for each kind, by its index */
    unsigned acts;
    const char *through; /* the office or grant, in words */
};

struct actor {
    int64_t account, person; /* 0 = none */
    const char *login;       /* for the audit */
    bool system;             /* the operator of the machine: everything, and the audit says so */
    int64_t session, token;  /* by which they signed in; 0 = neither */
    unsigned only;           /* of a token: no other acts; 0 = no such limit */
    bool unproven;           /* a session that has rights over the installation and lacks the second factor: it has none until then */
    bool gone;               /* the account, session or token ended since: they are nobody any more */
    struct right *rights; /* of the present transaction */
    size_t nrights;
    uint64_t print; /* of the rights: another one when they are others */
    void (*refresh)(struct ctx *, struct actor *); /* reads the rights as they stand now */
};

/* Adds " AND (...)" for the rows of `alias` on which the actor may do `act`: each row that the rest of the statement leaves is asked
 * where it stands. */
void scope_where(struct sql *, const struct kind *, unsigned act, const char *alias);
/* The same for a statement that asks for what stands at or below the unit on the day (0: wherever it stands) and that little else narrows:
 * nothing needs adding when a right of the actor reaches over the whole of it; else it may be come by from the units that are reached. */
void scope_where_below(struct sql *, const struct kind *, unsigned act, const char *alias, int64_t unit, day at);
/* Adds " AND (...)" for the rows at the units themselves that rights were given on, and at what is served, for those who look for the highest that
 * they reach. */
void scope_where_top(struct sql *, const struct kind *, unsigned act, const char *alias);
/* The unit at or below which, today, everything stands on which the actor may do `act`, and nothing else; 0 when there is no such one. */
int64_t scope_root(struct ctx *, const struct kind *, unsigned act);
/* The same predicate for a record that is not stored yet. */
bool scope_allows(struct ctx *, const struct kind *, unsigned act, int64_t unit, int64_t subject);
/* The kinds on which the actor has the act over a unit, or over it and all below, as bits: what they could pass on. */
uint64_t scope_kinds(struct ctx *, unsigned act, int64_t unit, bool subtree);
/* Whether the actor has the act anywhere at all (menus, early refusals). */
bool scope_any(struct ctx *, const struct kind *, unsigned act);
void actor_refresh(struct ctx *); /* at the start of a transaction */

unsigned act_from_word(const char *word); /* 0 when unknown */
const char *act_word(unsigned act);
uint64_t kind_bit(const char *name);      /* "*" = all that are not SYSTEM; 0 when unknown */

#endif
