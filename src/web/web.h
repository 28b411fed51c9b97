/* The web server: all that the rest of the program sees of it. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "db/db.h"

struct web_options {
    struct store *store;             /* owned: nobody else may write beside the server */
    const struct model *model;
    const char *listen;              /* "127.0.0.1:8080", "[::]:8443"; NULL = 127.0.0.1:8080 */
    const char *cert, *key;          /* PEM files; NULL: no TLS, and then only loopback is listened on */
    const char *second_key;          /* file with the key of second factors; NULL: in the data directory, or in PostgreSQL */
    const char *metrics;             /* address of the listener for metrics and health alone; NULL = none */
    int connections;                 /* beyond which the slowest make room; 0 = 1,000 */
    int threads;                     /* that talk to clients; 0 = as many as cores */
    bool quiet;                      /* no line a request in the log */
};

/* Serves until the process is told to stop (SIGTERM, SIGINT); SIGHUP reads the certificate again. False after fail(). */
bool web_serve(struct ctx *, const struct web_options *);

#endif
