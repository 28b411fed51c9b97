/* The files of assets/ that pages load: embedded, compressed once, under names that hold their hash, so that a browser keeps
 * them for a year and gets a new one when it changed. */
#ifndef WEB_ASSETS_H
#define WEB_ASSETS_H

#include "request.h"

struct assets;
struct assets *assets_load(struct ctx *); /* at start; in the context's arena */
/* "/s/app.1a2b3c4d.css" of "app.css"; the server says which. A name that is not there is a fault of the program. */
const char *asset_path(const struct server *, const char *name);

#endif
