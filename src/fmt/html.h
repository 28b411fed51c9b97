/* HTML is written here and nowhere else: markup is a literal or does not compile, and what comes from outside is escaped,
 * always, so that no page can forget it. Knows no pages and no records. */
#ifndef FMT_HTML_H
#define FMT_HTML_H

#include "base/buf.h"

/* Markup as it stands. */
#define html(b, lit) buf_add((b), "" lit "", sizeof("" lit "") - 1)
/* Markup with values: %s is escaped, right between tags and between double quotes; %d, %lld and %zu are numbers; there is
 * nothing else. The compiler checks the arguments. */
#define html_f(b, ...) html_format((b), "" __VA_ARGS__)

void html_format(struct buf *, const char *fmt, ...) PRINTF(2, 3);
void html_text(struct buf *, const char *s); /* escaped; NULL adds nothing */

/* A part of an address: what is not a letter, digit or one of -._~ as %XX. */
void url_part(struct buf *, const char *s);

#endif
