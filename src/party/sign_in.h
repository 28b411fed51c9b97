/* What signing in keeps and asks: passwords, sessions, tokens of programs, the first administrator. Here stands what lasts;
 * cookies, what a server remembers, and the brake on guessing are in web/. Tokens are stored as their hashes only. */
#ifndef PARTY_SIGN_IN_H
#define PARTY_SIGN_IN_H

#include "base/crypt.h"
#include "base/totp.h"
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
    bool second; /* a code is asked after the password */
};
bool account_look(struct ctx *, const char *login, struct account_look *out);
bool account_look_by_id(struct ctx *, int64_t id, struct account_look *out);
/* The same password hashed anew, by today's parameters; nobody is signed out by it. In a write. */
void account_rehash(struct ctx *, int64_t account, const char *old_hash, const char *new_hash);
/* A note of a sign-in or its refusal in the audit; account 0 = unknown. In a write. */
void account_note(struct ctx *, int64_t account, const char *act, const char *note);

/* --- the second factor: codes of an app, or one of ten that were printed */

enum { RECOVERY_CODES = 10 };
struct recovery_codes {
    char code[RECOVERY_CODES][READABLE_TEXT]; /* shown this once */
};
struct second_look {
    instant since;
    int64_t codes; /* recovery codes that are left */
};

/* The key of the secrets: of a file, made (0600) when there is none; path NULL: the one that the database keeps. False after fail(). Outside a
 * transaction. */
bool second_key(struct ctx *, const char *path, unsigned char out[HASH_BYTES]);
/* A new secret, sealed: it goes with the form and is kept nowhere until its first code was given, within the hour. */
const char *second_offer(struct ctx *, const unsigned char key[HASH_BYTES], int64_t account);
bool second_offered(struct ctx *, const unsigned char key[HASH_BYTES], int64_t account, const char *sealed, unsigned char secret[TOTP_SECRET]) MUST;
/* In a transaction. False: it is not on. */
bool second_look(struct ctx *, int64_t account, struct second_look *out);
/* In a write: on, with new recovery codes; all sessions of the account end. False after fail() or with the problem beside "code". */
bool second_turn_on(struct ctx *, const unsigned char key[HASH_BYTES], int64_t account, const char *offer, const char *code, struct recovery_codes *out, struct problems *);
/* In a write. All sessions but `session` (0 = none stays) end. False after fail(). */
bool second_new_codes(struct ctx *, int64_t account, int64_t session, struct recovery_codes *out);
bool second_turn_off(struct ctx *, int64_t account, int64_t session, const char *act, const char *note);
/* In the write that begins the session: a code works once, whatever server it is given to. */
bool second_accept(struct ctx *, const unsigned char key[HASH_BYTES], int64_t account, const char *code) MUST;
/* Whether the actor's rights reach over the installation, and neither a second factor stands before them nor the setting
 * second_factor.administrators is "optional". In a transaction. */
bool second_missing(struct ctx *, const struct actor *);

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
/* A key that all servers of the installation share, made when first asked for: "device" signs the cookies of known devices, "second" seals the
 * secrets of second factors where no file holds their key. Begins its own transaction. */
bool shared_key(struct ctx *, const char *name, unsigned char out[HASH_BYTES]);

#endif
