/* What signing in keeps and asks: passwords, sessions, tokens of programs, the first administrator. Here stands what lasts;
 * cookies, what a server remembers, and the brake on guessing are in web/. Tokens are stored as their hashes only. */
#ifndef PARTY_SIGN_IN_H
#define PARTY_SIGN_IN_H

#include "base/crypt.h"
#include "model/record.h"

/* --- passwords */

enum { PASSWORD_SHORTEST = 12, PASSWORD_LONGEST = 128 };

/* One form of what was typed, whatever keyboard typed it. NULL when it is not UTF-8 or longer than any password. */
const char *password_normal(struct ctx *, const char *typed);
/* A new password: its normal form, or NULL with the problem beside "password". `account` may be 0; login and name may be NULL.
 * Refused are those too short, and those made only of what anybody would try: common words, rows of keys, years, the login, the
 * name, the day of birth. In a transaction. */
const char *password_accept(struct ctx *, struct problems *, const char *typed, int64_t account, const char *login, const char *name);
/* Sets the password of an account, as its hash, whoever the actor is: rights are the caller's to check. Every session of the account ends
 * but `session` (0 = none stays). In a write. False after fail() or with problems. */
bool password_set(struct ctx *, int64_t account, const char *hash, bool must_change, int64_t session, struct problems *);

/* What sign-in asks of an account. False when there is none of that login. Inside a transaction. */
struct account_look {
    int64_t id, person;
    const char *login, *name, *password;
    bool locked, must_change;
};
bool account_look(struct ctx *, const char *login, struct account_look *out);
bool account_look_by_id(struct ctx *, int64_t id, struct account_look *out);
/* The same password hashed anew, by today's parameters; nobody is signed out by it. In a write. */
void account_rehash(struct ctx *, int64_t account, const char *old_hash, const char *new_hash);
/* A note of a sign-in or its refusal in the audit; account 0 = unknown. In a write. */
void account_note(struct ctx *, int64_t account, const char *act, const char *note);

/* --- sessions; all in a transaction, and writing needs a write */

struct session {
    int64_t id, account, person;
    instant created, seen, fresh; /* fresh: when the password was given last */
    char login[64], name[408], strength[16], address[48], agent[200];
    bool administrator; /* of the installation, as it was looked at */
    bool must_change;   /* only the password may be changed until it was */
};

void session_store_add(struct ctx *, const char *hash, struct session *);       /* gives it its id */
bool session_store_find(struct ctx *, const char *hash, struct session *out);   /* of an account that may sign in */
void session_store_seen(struct ctx *, const char *hash, instant seen);
void session_store_fresh(struct ctx *, int64_t id, instant);
int64_t session_store_end(struct ctx *, int64_t account, int64_t id);           /* account: whose it must be */
int64_t session_store_end_all(struct ctx *, int64_t account, int64_t except);   /* session ids; 0 = all */
size_t session_store_list(struct ctx *, int64_t account, struct session **out); /* latest first */
void session_store_expire(struct ctx *, instant seen_before, instant created_before);

/* --- tokens of programs */

enum scope { SCOPE_READ = 1, SCOPE_WRITE = 2, SCOPE_IMPORT = 4, SCOPE_EXPORT = 8 };
enum { TOKEN_DAYS_MOST = 365, TOKENS_MOST = 20 }; /* days that one lasts; how many an account has at a time */

struct token {
    int64_t id, account, person;
    const char *login, *account_name, *name;
    unsigned scopes;
    instant created, expires, used, ended;
};

unsigned scopes_parse(const char *words);                 /* "read,export"; 0 when a word is none */
const char *scopes_text(struct ctx *, unsigned scopes);
unsigned scopes_acts(unsigned scopes);                    /* for actor.only */
/* The token as text, shown this once; NULL with problems. In a write. */
const char *token_make(struct ctx *, int64_t account, const char *name, unsigned scopes, int days, struct problems *);
bool token_find(struct ctx *, const char *token, struct token *out); /* live, of an account that may sign in */
bool token_end(struct ctx *, int64_t account, int64_t id);          /* account 0: whoever's */
size_t token_list(struct ctx *, int64_t account, struct token **out); /* account 0: all */
void token_used(struct ctx *, int64_t id, instant);
/* Actor of a session or token, its rights to be read at the next transaction. */
struct actor *actor_of_session(struct ctx *, const struct session *);
struct actor *actor_of_token(struct ctx *, const struct token *);

/* --- the first administrator */

enum { SETUP_MINUTES = 60 };

bool setup_needed(struct ctx *);            /* nobody administers the installation who could sign in */
bool setup_first(struct ctx *);             /* and there is no account at all */
const char *setup_token(struct ctx *);      /* a new one; the one before ends. NULL after fail(). In a write */
/* Makes the first administrator and ends the token. False with problems, or after fail(). Begins its own transaction. */
bool setup_accept(struct ctx *, const char *token, const char *login, const char *password, const char *name, struct problems *);
/* The key with which cookies of known devices are signed; made when first asked for. Begins its own transaction. */
bool device_key(struct ctx *, unsigned char out[HASH_BYTES]);

#endif
