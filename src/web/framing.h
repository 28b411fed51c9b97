/* What a request must be as bytes, before anything of it is believed. Only listen.c calls this. */
#ifndef WEB_FRAMING_H
#define WEB_FRAMING_H

struct MHD_Connection;

enum { HEAD_MOST = 16384, HEADERS_MOST = 100, URL_MOST = 8192 };

/* 0, or the status by which it is refused. Method and version are the ones that libmicrohttpd gave to the handler: they stand in the
 * head as it came. */
int framing_judge(struct MHD_Connection *, const char *method, const char *version);

#endif
