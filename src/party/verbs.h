/* What kinds ask of each other, by name. A kind does not read another kind's struct. */
#ifndef PARTY_VERBS_H
#define PARTY_VERBS_H

#include "model/list.h"
#include "model/model.h"
#include "model/tree.h"

enum { DAY_EVER = 18000101 }; /* the first day of what has no known first day */

/* --- units */
bool unit_holds_members(struct ctx *, int64_t unit);       /* members have their home in units of its type */
bool unit_open_on(struct ctx *, int64_t unit, day);
day unit_founded_on(struct ctx *, int64_t unit);           /* none when it is not known */
const char *unit_name(struct ctx *, int64_t unit);         /* "CB-01 Chi bộ thôn 1" */
int64_t unit_by_code(struct ctx *, const char *code);

/* The term of that name which the unit, or the nearest unit above it, has; for period_parse(), with a struct term_of. */
struct term_of {
    struct ctx *c;
    int64_t unit;
};
bool term_named(void *term_of, const char *name, day *from, day *until);
size_t term_names(struct ctx *, int64_t unit, const char **out, size_t most); /* latest first */

/* Steps of changing the tree by decision, each dated; they fail the transaction when they cannot be done. */
int64_t unit_found(struct ctx *, const char *code, const char *name, const char *sort, const char *type, const char *level,
                   int64_t superior, day from, int64_t like); /* like: a unit whose missing attributes are taken; 0 = none */
void unit_restate(struct ctx *, int64_t unit, day from, const char *name, const char *type, const char *level, int64_t superior);
void unit_close(struct ctx *, int64_t unit, day from, int64_t keeper); /* its records are kept under `keeper`; 0 = where it stood */

/* Takes back all that a unit_change did. The right to decide about each of its units, once more. */
bool unit_change_undo(struct ctx *, int64_t id, struct problems *);

/* --- people */
day person_member_since(const void *person); /* from which Party age counts: the decision to admit, or else the admission; none = no member */
void person_refresh(struct ctx *, int64_t person); /* status and cell, from the stays */
/* Moves every stay that is open on the day from one cell to another, "with the unit". Returns how many. */
int64_t membership_move_all(struct ctx *, int64_t from, int64_t to, day, const char *decision, day decided_on);
bool membership_move(struct ctx *, int64_t person, int64_t from, int64_t to, day, const char *decision, day decided_on);
/* The first stay of a person who was made just now, as a member in that cell. */
void membership_open(struct ctx *, int64_t person, int64_t cell, day since, const char *began, day official_on);
void membership_set_official(struct ctx *, int64_t person, day official_on);
int64_t membership_count(struct ctx *, int64_t unit, day); /* home stays open in the unit itself */

/* --- imports */
struct import_result;
void import_batch_note(struct ctx *, const struct import_result *, const char *file, const struct kind *, const char *hash); /* for import_options.note */
/* Puts everything back that the import wrote, and notes it: how many writes, -1 with problems or after fail(). Only for whoever made
 * it, and the operator. In a write. */
int64_t import_undo(struct ctx *, int64_t batch, struct problems *);
struct import_brief {
    int64_t id;
    instant at;
    const char *file, *by; /* by: the account's login; "" = the program itself */
    const struct kind *kind; /* NULL: one that is no more */
    int64_t read, saved, bad;
    bool undone, own;
};
/* Imports, latest first: the actor's own, or all for who administers them. `before`: those older than that id; 0 = from the latest. */
size_t import_list(struct ctx *, int64_t before, size_t most, struct import_brief **out);
bool import_brief(struct ctx *, int64_t id, struct import_brief *out); /* false: none, or not theirs to see */

/* --- access */
void access_refresh(struct ctx *, struct actor *); /* rights from appointments and grants, as of today */
/* The actor of an account that may sign in; NULL after fail(). */
struct actor *access_actor(struct ctx *, const char *login);
struct actor *access_operator(struct ctx *, const char *name); /* the person at the machine's own shell */
/* Whether the actor may give an office in a unit, or a role by name: all that it allows must be theirs. */
bool access_may_appoint(struct ctx *, const char *office, int64_t unit);
bool access_may_grant(struct ctx *, const char *role, int64_t unit);
/* "who can see this, and through which office": each through the callback. */
void access_who(struct ctx *, const struct kind *, const void *record, void (*tell)(void *to, const char *who, const char *through, const char *acts), void *to);

#endif
