/* A request as pages see it, and what they answer. Pages know nothing of sockets: listen.c fills this and sends what it holds at
 * the end. Everything lives in the context's arena until the answer is sent. */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include "base/buf.h"
#include "base/ctx.h"
#include "fmt/html.h"
#include "model/list.h"

struct server;
struct route;
struct session;

enum { PARTS_MOST = 4, INPUTS_MOST = 1000, READS_MOST = 8 };

/* Where the page belongs: one of the rail's chapters. */
enum chapter { CHAPTER_NONE, CHAPTER_HOME, CHAPTER_UNITS, CHAPTER_PEOPLE, CHAPTER_REPORTS, CHAPTER_IMPORT, CHAPTER_ADMIN };

/* One name and value of the address or of a form. A file that was sent stands in a temporary file. */
struct input {
    const char *name, *value; /* value: UTF-8, NUL-terminated; of a file: the name that it bore */
    size_t size;              /* of the value, or of the file */
    const char *path;         /* of a file: where it stands until the request ends; else NULL */
    struct input *next;
};

/* Who is signed in, as the request found it. */
struct signed_in {
    int64_t account, person; /* account 0 = nobody */
    const char *login, *name;
    struct session *session; /* NULL: nobody, or a program with a token */
    const char *csrf;    /* what every form carries, another text for each page */
    bool administrator;  /* of the installation: has rights over SYSTEM kinds */
    int64_t ends_in;     /* seconds until the session ends when nothing happens */
    unsigned scopes;     /* of an API token; 0 = a session */
};

/* Where and when everything on the page is about. */
struct place {
    int64_t unit;           /* 0 = none: wherever the actor may look */
    const char *code, *name;
    day at;                 /* never none */
    bool at_given;          /* a day other than today, in the address */
};

struct read_note {
    const struct kind *kind;
    const void *record;
    const char *act, *note;
};

struct request {
    struct ctx *c;
    struct server *server;
    const struct route *route;
    const char *method, *path;         /* "GET"; "/person/123", decoded */
    const char *parts[PARTS_MOST];     /* what stood for {…} in the route's pattern */
    size_t nparts;
    const struct kind *kind;           /* of a route with {kind} */
    struct input *query, *form;        /* in the order in which they came */
    const char *cookies;               /* the header, or NULL */
    const char *fetch_site, *origin, *host, *agent, *address, *accept, *authorization, *if_none_match, *if_match, *idempotency;
    const char *content_type, *body;   /* of an API call; NULL for forms */
    size_t body_size;
    bool secure, takes_gzip;           /* came by TLS; the client takes compressed answers */
    char id[20];                       /* told on error pages and in the log */
    struct signed_in who;
    struct place place;
    struct read_note reads[READS_MOST]; /* sensitive records on this page: noted before it is sent */
    size_t nreads;

    /* the answer */
    int status;                        /* 0 = 200, or as the context's error says */
    const char *type;                  /* NULL = text/html; charset=utf-8 */
    struct buf out;
    const char *location;              /* of a redirect */
    const char *download;              /* file name for Content-Disposition: attachment */
    const char *file;                  /* a file to be sent instead of `out`; removed afterwards, but for one that stays */
    bool file_stays;
    const char *headers[8][2];         /* others */
    size_t nheaders;
    bool whole;                        /* the page was written to its end */
    bool bare;                         /* it has no frame */
    enum chapter chapter;              /* of the page that is drawn */
    bool encoded;                      /* compressed already, and said so */
    bool immutable;                    /* an asset whose name holds its hash */
    int64_t statements;                /* that the database was asked for it: the log tells */
};

/* Values of the address and the form; NULL when not there, "" when blank. The first of a name; a name twice is refused before
 * pages run, but for those that a route calls repeated. */
const char *query_get(const struct request *, const char *name);
const char *form_get(const struct request *, const char *name);
const struct input *form_file(const struct request *, const char *name);
const char *cookie_get(struct request *, const char *name);

/* Addresses. url(r, "/person", "q", "đức", NULL) takes the place and time of the request along; values that are NULL are left out. */
const char *url(struct request *, const char *path, ...) __attribute__((sentinel));
/* The same without place and time. */
const char *url_plain(struct request *, const char *path, ...) __attribute__((sentinel));
/* The address of this page with other values: here(r, "sort", "-name", "after", NULL_VALUE, NULL). A value of "" takes the name out. */
const char *here(struct request *, ...) __attribute__((sentinel));

void answer_header(struct request *, const char *name, const char *value);
/* After a write: 303 to a page of ours, with what to say there ("saved", "removed" ...), see notice.h. */
void redirect(struct request *, const char *to);
/* Notes a sensitive record that this page shows, before the page is sent. */
void request_reads(struct request *, const struct kind *, const void *record, const char *act, const char *note);

/* A word in the language of the request. */
#define T(r, vi, en) ((r)->c->lang == LANG_EN ? "" en "" : "" vi "")

#endif
