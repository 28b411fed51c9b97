/* Signing in, changing one's password, and giving it again. The same answer in the same time for a login that is not known, an account that
 * is locked and a password that is wrong. Nothing here knows HTTP: a cookie is text. Checks of passwords take 19 MiB and some
 * hundredths of a second each; no more than four run at once, so these calls wait and belong on threads that may. */
#ifndef WEB_SIGN_IN_H
#define WEB_SIGN_IN_H

#include "session.h"
#include "throttle.h"

struct gate;

struct gate *gate_new(struct ctx *, const char *second_key); /* the file of the key of second factors, see second_key(). NULL after fail() */
void gate_free(struct gate *);
const unsigned char *gate_second_key(const struct gate *);
/* An administrator unlocked the account or reset what it signs in with: passwords and codes are counted anew. */
void gate_forgive(struct gate *, const char *login);

struct attempt {
    const char *login, *password; /* as typed */
    const char *address, *agent;  /* may be NULL */
    const char *device;           /* the cookie of known devices, or NULL */
    const char *half, *code;      /* of the second step: what the first one gave, and what was typed */
};

enum sign_in_answer {
    SIGN_IN_OK,
    SIGN_IN_CODE,  /* the password is right, and a code is needed: `half` goes to sign_in_code() with it */
    SIGN_IN_AGAIN, /* that was too long ago, or the account has changed since: from the beginning */
    SIGN_IN_WRONG, /* unknown, locked, or wrong: nobody learns which */
    SIGN_IN_WAIT,  /* too often; `wait` says how many seconds */
    SIGN_IN_BUSY   /* too many check a password just now, or the context failed */
};

struct sign_in_result {
    int64_t wait;
    const char *token;   /* of the session, for its cookie */
    const char *device;  /* for the cookie of known devices; 180 days */
    int64_t account;
    bool must_change;    /* the password, before anything else */
    bool must_enrol;     /* then a second factor */
    const char *half;    /* good for five minutes, for this account with this password, and for nothing but sign_in_code() */
};

/* Begins its own transactions. The answer in words: sign_in_words(). */
enum sign_in_answer sign_in(struct gate *, struct sessions *, struct ctx *, const struct attempt *, struct sign_in_result *);
/* The second step, braked like the first. Wrong: the code, or one that worked before. */
enum sign_in_answer sign_in_code(struct gate *, struct sessions *, struct ctx *, const struct attempt *, struct sign_in_result *);
const char *sign_in_words(struct ctx *, enum sign_in_answer, int64_t wait);

/* The password of whoever is signed in, given again. Braked like signing in. */
enum sign_in_answer sign_in_again(struct gate *, struct sessions *, struct ctx *, struct session *, const char *password, const char *address, int64_t *wait);
/* Changes one's own password: the old one is asked, all other sessions end. False with problems beside "old" and "password". */
bool password_change(struct gate *, struct sessions *, struct ctx *, const struct session *, const char *old, const char *new_one, struct problems *);

#endif
