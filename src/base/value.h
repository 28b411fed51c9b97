/* A value at a border: form, JSON, CSV, SQL, cell of a document. Rules never see one: they see structs. */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include "day.h"

enum value_type { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_REAL, VALUE_DAY, VALUE_BOOL };

struct value {
    enum value_type type;
    int64_t i;     /* INT; DAY as yyyymmdd; BOOL 0 or 1 */
    double r;      /* REAL: only cells of spreadsheets have it */
    const char *s; /* TEXT: UTF-8, NUL-terminated, borrowed */
};

static inline struct value value_null(void)
{
    return (struct value){.type = VALUE_NULL};
}
static inline struct value value_int(int64_t i)
{
    return (struct value){.type = VALUE_INT, .i = i};
}
static inline struct value value_text(const char *s) /* NULL gives a null value */
{
    return (struct value){.type = s ? VALUE_TEXT : VALUE_NULL, .s = s};
}
static inline struct value value_real(double r)
{
    return (struct value){.type = VALUE_REAL, .r = r};
}
static inline struct value value_day(day d) /* none gives a null value */
{
    return (struct value){.type = d.v ? VALUE_DAY : VALUE_NULL, .i = d.v};
}
static inline struct value value_bool(bool b)
{
    return (struct value){.type = VALUE_BOOL, .i = b};
}
static inline struct value value_same(struct value v)
{
    return v;
}

/* V(x): the value of an int, a text or a day, for binding: db_query(c, "... $1 ...", V(id)). */
#define V(x)                                                                                                         \
    _Generic((x), char *: value_text, const char *: value_text, day: value_day, bool: value_bool, struct value: value_same, \
             default: value_int)(x)

#endif
