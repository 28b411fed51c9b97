/* Who asks: session, token, what the form must carry. */
#ifndef WEB_IDENTIFY_H
#define WEB_IDENTIFY_H

#include "request.h"

/* Fills r->who and the context's actor from the session's cookie or the API's token. Without either nobody is signed in. */
void identify(struct request *);
/* A form that came from another page than ours, or of another session, changes nothing: false after an answer was made. */
bool trusted_form(struct request *);
/* Whether the browser says that a form comes from a page of ours, or says nothing. */
bool form_from_us(const struct request *);
/* Answers a form that came without a session, or from a former one, with a page that keeps what was typed and sends it again. False: no
 * answer was made, because the form is none of those that can be kept. */
bool form_resend(struct request *);
/* Whether the session may do this now: a password that must be changed first, or given again: false after an answer was made. */
bool still_open(struct request *);
/* Whether the password was given within the last five minutes, or nobody can be asked for it: false after an answer was made. */
bool still_fresh(struct request *);
/* Whether rights over the installation wait for a second factor, and this is not a page on which one gets it: true after an answer was made. Within
 * a transaction. */
bool still_unproven(struct request *);
/* Gives the browser its session, or takes it away. */
void session_cookie(struct request *, const char *token);
void session_cookie_end(struct request *);
const char *session_token(struct request *); /* NULL: none was sent */

#endif
