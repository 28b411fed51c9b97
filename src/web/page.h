/* The frame that every page stands in: top bar with place and time, rail, chapters, head and tabs; on a phone the bar at the
 * foot. A page is assembled from this and from ui.h and has no style of its own. */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "request.h"

/* The chapter of a kind's pages. */
enum chapter chapter_of(const struct kind *);

struct crumb {
    const char *name, *href;
};

struct page {
    const char *title;                /* of the window and the one h1 */
    const char *lead;                 /* one line of status below it; NULL = none */
    enum chapter chapter;
    struct crumb crumbs[4];           /* after the units' names, up to the first without a name */
    void (*actions)(struct request *); /* buttons at the right of the head: one main, others in a menu; NULL = none */
    const char *help;                 /* name of the help's section; NULL = the whole */
    bool bare;                        /* no rail and no place: sign-in, errors */
    int refresh;                      /* seconds after which a browser without JavaScript asks again; 0 = never */
    bool error;                       /* the title begins with "Lỗi: " */
};

/* Writes everything before the content, in a read transaction of its own where none is open. */
void page_begin(struct request *, const struct page *);
void page_end(struct request *);

struct tab {
    const char *label, *href;
    int64_t count; /* -1 = none */
    bool on;
};
void page_tabs(struct request *, const struct tab *, size_t n);

/* Makes the page be about this unit, if the actor may read it. Before page_begin(). */
void place_set(struct request *, int64_t unit);
int status_of(enum err_code);

#endif
