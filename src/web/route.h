/* The table of routes: every address that the server knows, with what must hold before its page runs. Dispatch, the access
 * matrix of the tests and the API's document are made from it. */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "request.h"

enum route_flag {
    ANYBODY = 1,    /* without signing in */
    OWN = 2,        /* begins its own transactions; else it runs in one that cannot write */
    SLOW = 4,       /* may take long, or waits for the disk: runs off the threads that talk to clients; every POST does */
    PART = 8,       /* answers with a part of a page when ?part=1 */
    API = 16,       /* JSON; signs in by token or session; errors are problem details */
    TAKES_FILE = 32,/* a body of up to 20 MB with a file; others 1 MB */
    REPEATS = 64,   /* names may come more than once (selections) */
    RECORDS = 128,  /* {kind} is one that pages may show; COMPUTED kinds have no forms */
    ADMIN = 256,    /* for administrators of the installation only */
    KEPT = 2048,    /* a page that was made is sent again while nothing that it was read from is written: see kept.h */
    NAMELESS = 1024, /* nobody needs to be known at all: an asset */
    FRESH = 512     /* needs the password again when it was given more than five minutes ago */
};

struct route {
    const char *method;  /* "GET", "POST"; an API has more */
    const char *pattern; /* "/{kind}/{id}/edit"; {kind} must name a kind */
    unsigned flags;
    unsigned act;        /* of a route with {kind}: what the actor must be able to do with it somewhere; 0 = nothing */
    void (*run)(struct request *);
};

extern const struct route routes[];
extern const size_t nroutes;

/* The route of a method and path; fills r->parts and r->kind. NULL: none of that path; `other` is set when the path exists for
 * another method. */
const struct route *route_match(struct request *, bool *other);

#endif
