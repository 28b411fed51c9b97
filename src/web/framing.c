/* See framing.h. libmicrohttpd reads the head in place: each line ends where its CR stood, so what it joined, cut or passed over shows as
 * a gap between one header and the next. Two readers that disagree about where a request ends are how requests are smuggled
 * past a proxy; whatever could be read in two ways is refused. */
#include "framing.h"

#include "connection.h"

#include <ctype.h>
#include <strings.h>

struct walk {
    const char *end;    /* of what was read so far: its NUL */
    size_t headers;
    unsigned seen;      /* bits of `once` */
    bool length, chunked, broken, coded;
};

/* Which of two would count is a guess that attackers make use of. */
static const char *const once[] = {"Host", "Content-Length", "Transfer-Encoding", "Content-Type", "Authorization", "Origin", "If-Match", "Idempotency-Key"};

static bool is_token(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)s[i]) && !strchr("!#$%&'*+-.^_`|~", s[i]))
            return false;
    return n > 0;
}

/* Whether `next` begins on the line after the one that ends at `end`. */
static bool follows(const char *end, const char *next)
{
    return next == end + 2 || (next == end + 1 && !*end); /* CR LF, or LF alone */
}

/* After the colon only blanks: a value that was folded stands elsewhere. */
static bool same_line(const char *name, size_t n, const char *value)
{
    const char *gap = name + n;
    if (value <= gap || value - gap > HEAD_MOST)
        return false;
    for (gap++; gap < value; gap++)
        if (*gap != ' ' && *gap != '\t')
            return false;
    return true;
}

static bool is_clean(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (((unsigned char)s[i] < 0x20 && s[i] != '\t') || s[i] == 0x7f)
            return false;
    return true;
}

static enum MHD_Result one_header(void *of, enum MHD_ValueKind kind, const char *name, size_t n, const char *value, size_t size)
{
    (void)kind;
    struct walk *w = of;
    w->headers++;
    if (!value || !is_token(name, n) || !is_clean(value, size) || !follows(w->end, name) || !same_line(name, n, value)) {
        w->broken = true;
        return MHD_NO;
    }
    w->end = value + size;
    for (size_t i = 0; i < N(once); i++)
        if (strcasecmp(name, once[i]) == 0) {
            w->broken |= (w->seen >> i) & 1U;
            w->seen |= 1U << i;
        }
    if (strcasecmp(name, "Content-Length") == 0)
        w->length = true;
    if (strcasecmp(name, "Transfer-Encoding") == 0) {
        w->chunked = strcasecmp(value, "chunked") == 0;
        w->coded = !w->chunked;
    }
    return MHD_YES;
}

int framing_judge(struct MHD_Connection *mhd, const char *method, const char *version)
{
    const union MHD_ConnectionInfo *size = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    const char *stop = size ? method + size->header_size : NULL;
    if (!stop || version < method || version >= stop)
        return 400;
    size_t url = (size_t)(version - method) - strlen(method) - 2;
    if (url > URL_MOST)
        return 414;
    struct walk w = {.end = version + strlen(version)};
    MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, one_header, &w);
    if (size->header_size > HEAD_MOST || w.headers > HEADERS_MOST)
        return 431;
    bool ends = stop >= w.end + 2 && stop <= w.end + 4; /* the line's end and the empty line */
    if (w.broken || !ends || (w.length && (w.chunked || w.coded)))
        return 400;
    return w.coded ? 501 : 0;
}
