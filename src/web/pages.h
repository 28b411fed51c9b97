/* The pages, one function each; see the table in routes.c. */
#ifndef WEB_PAGES_H
#define WEB_PAGES_H

#include "request.h"

void p_home(struct request *);
void p_language(struct request *);
void p_theme(struct request *);
void p_asset(struct request *);

const char *own_path(const char *to); /* where a form may lead back to: a page of ours, else "/" */

#endif
