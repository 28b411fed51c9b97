/* Help beside every page and as a page of its own: how to do the main things, keys, whom to ask. In words only: it knows no records. */
#ifndef WEB_HELP_H
#define WEB_HELP_H

#include "request.h"

/* The menu in the head of a page: what its section says; NULL: the general one. */
void help_panel(struct request *, const char *section);

#endif
