/* QR codes; see qr.h. */
#include "qr.h"

#include <qrencode.h>

enum { QUIET = 4, DARK = 1 };

/* Runs of dark squares in a row become one stroke each. */
static void squares(struct buf *o, const QRcode *q)
{
    for (int y = 0; y < q->width; y++)
        for (int x = 0; x < q->width;) {
            int n = 0;
            while (x + n < q->width && (q->data[y * q->width + x + n] & DARK))
                n++;
            if (n)
                html_f(o, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, n, n);
            x += n ? n : 1;
        }
}

void qr_show(struct request *r, const char *words, const char *label)
{
    QRcode *q = QRcode_encodeString8bit(words, 0, QR_ECLEVEL_M);
    if (!q)
        return;
    int size = q->width + 2 * QUIET;
    html_f(&r->out, "<svg class=\"qr\" role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %d %d\" width=\"220\" height=\"220\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"", label,
           size, size, size, size);
    squares(&r->out, q);
    html(&r->out, "\"/></svg>");
    QRcode_free(q);
}
