/* What the pages of one's own account and those of the administrator show alike: sessions, rights, what the audit tells. */
#ifndef WEB_ACCOUNT_H
#define WEB_ACCOUNT_H

#include "request.h"

struct problems;
struct right;

/* "Chrome trên Windows", from what a browser calls itself. */
const char *device_words(struct request *, const char *agent);
/* The open sessions of an account, each with a button that ends it: a POST to `end` with its id. */
void sessions_show(struct request *, int64_t account, const char *end);
/* What an account may do, and through which office or grant. */
void rights_show(struct request *, const struct right *, size_t n);
/* The latest sign-ins and what was done to the account. */
void account_audit_show(struct request *, int64_t account);
const char *audit_act_words(struct request *, const char *act);
/* A row of a form with one field; `type` as of <input>, hint NULL: none. */
void form_row(struct request *, const struct problems *, const char *name, const char *label, const char *hint, const char *type, const char *value, const char *complete);
/* The field for a code of an authenticator app. */
void code_row(struct request *, const struct problems *, const char *label);
/* What is shown this once. */
void secret_show(struct request *, const char *words, const char *secret);

#endif
