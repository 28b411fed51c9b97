/* The history of a record in words: who, when, which field from what to what. */
#ifndef WEB_HISTORY_H
#define WEB_HISTORY_H

#include "request.h"

/* As a timeline, latest first. A record that is not the actor's to read gives a failure. */
void history_show(struct request *, const struct kind *, int64_t id);
const char *act_words(struct request *, const char *act);
const char *moment_words(struct request *, instant); /* 05/08/2018 14:13, in Việt Nam */

#endif
