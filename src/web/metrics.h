/* What the server counts of itself, and the listener that tells it: health for whoever restarts, figures for whoever watches. No name,
 * number or address of anybody. */
#ifndef WEB_METRICS_H
#define WEB_METRICS_H

#include "server.h"

struct metrics;
struct MHD_Daemon;

struct metrics *metrics_new(void);
void metrics_free(struct metrics *);
/* A request of the route (NULL: none fits) was answered. */
void metrics_count(struct metrics *, const struct route *, int status, int64_t ms, size_t bytes);
/* "/livez", "/readyz", "/metrics" on an address of their own. NULL after fail(). */
struct MHD_Daemon *metrics_listen(struct ctx *, struct server *, int socket);

#endif
