/* Pages that were made before: a page is sent again to the one who asked for it, while nobody has written to a table that it was
 * read from. Only for routes that say KEPT: what their pages show comes from the address, from who asks, and from the
 * data through db.h. */
#ifndef WEB_KEPT_H
#define WEB_KEPT_H

#include "request.h"

/* Both within the read in which the rights of the actor were read. True: the page stands in r->out. */
bool page_again(struct request *);
/* The page just made is kept, if it can be. */
void page_keep(struct request *);

#endif
