/* Who is signed in, as a server remembers it: the table of sessions with a store of its own in front, so that a request costs no
 * statement. That a session, its account or its offices ended is seen all the same at once, because the actor's rights are
 * read in each transaction (actor.gone). Nothing here knows HTTP; the cookie is text.
 *
 * The token is 256 random bits. What it is bound to is derived from it: its hash finds the session, and as a key it makes the
 * token that every form carries, so neither leads back to it. */
#ifndef WEB_SESSION_H
#define WEB_SESSION_H

#include "party/sign_in.h"

struct sessions;

/* Set by settings of these names, in minutes and hours; what is not set is as the house has it. */
struct session_limits {
    int64_t idle_ms;          /* session.idle_minutes: 30 */
    int64_t idle_admin_ms;    /* session.idle_minutes_admin: 15 */
    int64_t longest_ms;       /* session.hours: 12 */
};

struct sessions *sessions_new(struct ctx *); /* reads the settings; NULL after fail() */
void sessions_free(struct sessions *);
struct session_limits session_limits(const struct sessions *);

/* Begins a session of an account whose password was right just now: its token, in the arena. In a write; the one before it, if
 * the client had any, should be ended by the caller. */
const char *session_begin(struct sessions *, struct ctx *, int64_t account, const char *strength, const char *address, const char *agent);
/* The session of a token, alive now; noted as seen. False when there is none: signing in is needed. Begins a read when it must look. */
bool session_find(struct sessions *, struct ctx *, const char *token, struct session *out);
/* Seconds until it ends when nothing more happens. */
int64_t session_ends_in(const struct sessions *, const struct session *, instant now);
/* Ends one session of an account, or all but one (0 = none): noted in the audit. Begins its own write; how many ended, -1 after fail(). */
int64_t session_end(struct sessions *, struct ctx *, int64_t account, int64_t session);
int64_t session_end_all(struct sessions *, struct ctx *, int64_t account, int64_t except);
size_t session_list(struct ctx *, int64_t account, struct session **out); /* in a transaction */
/* The password was given again just now. Begins its own write. */
bool session_refresh(struct sessions *, struct ctx *, struct session *);
/* Forgets what is remembered of an account (after its password, lock or grants changed, and that is committed). */
void session_forget(struct sessions *, int64_t account);

/* Whether something waits to be written (last seen, at most once a minute a session); writes it, and clears away what has ended.
 * Called by whoever may write, about once a minute, and at the end. Begins its own write. */
bool session_flush_due(struct sessions *, instant now);
void session_flush(struct sessions *, struct ctx *);
/* A token of a program was used: written at the next flush. */
void session_note_token(struct sessions *, int64_t token, instant now);

/* What every form carries, and whether what came back is it. */
void session_csrf(const char *token, char out[HASH_HEX]);
bool session_csrf_right(const char *token, const char *given);

#endif
