/* A QR code as a drawing within the page, by libqrencode: no picture to fetch, no script. Knows nothing of what it says. */
#ifndef WEB_QR_H
#define WEB_QR_H

#include "request.h"

/* Draws it, dark on white in both themes; nothing when the words are too many for one. `label` is what readers of the screen are told. */
void qr_show(struct request *, const char *words, const char *label);

#endif
