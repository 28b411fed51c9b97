/* JSON. Writing streams into a buffer and cannot make a document that does not parse, whatever the text; reading hands
 * a whole, small document to jansson. Ids are strings, because JavaScript loses digits. */
#ifndef FMT_JSON_H
#define FMT_JSON_H

#include "base/buf.h"
#include "base/ctx.h"
#include "base/value.h"

#include <jansson.h>

enum { JSON_DEPTH = 64, JSON_BYTES = 16 << 20 };

struct json_out {
    struct buf *to;
    bool pretty;
    int depth;
    bool any[JSON_DEPTH]; /* whether something was written at that depth */
    bool after_key;
};

void json_begin_object(struct json_out *); /* { */
void json_begin_array(struct json_out *);  /* [ */
void json_end_object(struct json_out *);
void json_end_array(struct json_out *);
void json_key(struct json_out *, const char *key);
void json_text(struct json_out *, const char *s); /* NULL is null; bytes that are not UTF-8 become U+FFFD */
void json_int(struct json_out *, int64_t);
void json_id(struct json_out *, int64_t); /* "123"; 0 is null */
void json_day(struct json_out *, int32_t v); /* ISO, also partial; none and open are null */
void json_bool(struct json_out *, bool);
void json_put_real(struct json_out *, double); /* null when it is no number */
void json_put_null(struct json_out *);
void json_put(struct json_out *, struct value);

/* The document, to be given back with json_decref(); NULL when it failed, with line and column. At most 16 MiB, 64 deep,
 * no key twice. */
json_t *json_read(struct ctx *, const void *bytes, size_t n) MUST;

#endif
