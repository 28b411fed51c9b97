/* A request with its connection: what listen.c and answer.c share. The only header that knows libmicrohttpd. */
#ifndef WEB_CONNECTION_H
#define WEB_CONNECTION_H

#include "route.h"
#include "server.h"

#include <microhttpd.h>

struct sockaddr;
struct watched;
struct certificates;

struct connection {
    struct server *server;
    struct MHD_Connection *mhd;
    struct arena memory;             /* of what the client sent */
    struct request request;
    struct input **last_query, **last_form, *open_input;
    size_t inputs, body_size, body_most, open_room; /* open_room: bytes that the open input may grow into */
    struct MHD_PostProcessor *form;
    struct buf body;                 /* of what is no form */
    int file;                        /* being received; -1 = none */
    int refused;                     /* status of what is wrong with the request itself */
    bool ran, hangs_up;              /* hangs up: no further request is read */
    struct seat *seat;
    struct watched *watched;
    struct work work;
    int64_t started;                 /* ms */
    size_t sent;
};

enum MHD_Result connection_answer(struct connection *);
void connection_log(const struct connection *); /* one line, without what is personal */
void listen_log(void *server, const char *fmt, va_list) PRINTF(2, 0);
const char *address_text(struct arena *, const struct sockaddr *);
int64_t monotonic_ms(void);
/* Certificates NULL: no TLS. NULL after fail(). */
struct MHD_Daemon *listen_start(struct ctx *, struct server *, int socket, struct certificates *);

/* The certificate that handshakes use; reading it again disturbs nobody who is connected. */
struct certificates *certificates_load(struct ctx *, const char *cert, const char *key); /* PEM files; NULL after fail() */
bool certificates_again(struct ctx *, struct certificates *);                            /* false after fail(): the former stays */
void certificates_free(struct certificates *);

#endif
