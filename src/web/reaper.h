/* Connections and their deadlines. A client that sends its request slowly, or reads its answer slowly, is cut off: inactivity alone does
 * not catch who sends a byte now and then. Near the limit the slowest make room for others at once. */
#ifndef WEB_REAPER_H
#define WEB_REAPER_H

#include "base/base.h"

struct reaper;
struct watched; /* one connection */

struct reaper *reaper_new(size_t limit); /* a thread of its own; NULL when it cannot be had */
void reaper_free(struct reaper *);

struct watched *reaper_opened(struct reaper *, int fd);
void reaper_closed(struct reaper *, struct watched *);
/* The head of a request is here; so many bytes of its body came; its answer of so many bytes is being sent; it was sent. */
void reaper_head(struct reaper *, struct watched *);
void reaper_body(struct reaper *, struct watched *, size_t bytes);
void reaper_answers(struct reaper *, struct watched *, size_t bytes);
void reaper_works(struct reaper *, struct watched *); /* the page is being made: no deadline of the client's */
void reaper_done(struct reaper *, struct watched *);

size_t reaper_open(struct reaper *);
size_t reaper_shed(struct reaper *);

#endif
