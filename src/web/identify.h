/* Who asks: session, token, what the form must carry. */
#ifndef WEB_IDENTIFY_H
#define WEB_IDENTIFY_H

#include "request.h"

/* Fills r->who and the context's actor from the session's cookie or the API's token. Without either nobody is signed in. */
void identify(struct request *);
/* A form that came from another page than ours, or of another session, changes nothing: false after an answer was made. */
bool trusted_form(struct request *);

#endif
