/* Types of fields: a vtable, one file a type. What a value may be, how people write it, how it is shown, how it
 * is kept. The HTML of a type is not here: this layer prints none. */
#ifndef MODEL_TYPE_H
#define MODEL_TYPE_H

#include "db/db.h"
#include "kind.h"

struct type_rules {
    const char *name;          /* in JSON schemas and help: "text", "day" ... */
    bool is_text;              /* kept as text, else as a whole number */
    /* Reads what people or files hold into the record. NULL when good, else why not and what to write, in the
     * context's language. Blank input clears the field. */
    const char *(*parse)(struct ctx *, const struct field *, struct value in, void *record);
    void (*check)(struct ctx *, const struct field *, const void *record, struct problems *); /* of a value that is there */
    const char *(*show)(struct ctx *, const struct field *, const void *record);  /* for people: labels, dd/mm/yyyy */
    const char *(*plain)(struct ctx *, const struct field *, const void *record); /* for machines: words, codes, ISO days; NULL = empty */
};

const struct type_rules *type_rules(enum type);

bool type_is_text(enum type);
const char *type_parse(struct ctx *, const struct field *, struct value in, void *record) MUST;
void type_check(struct ctx *, const struct field *, const void *record, struct problems *);
const char *type_show(struct ctx *, const struct field *, const void *record);  /* "" when empty */
const char *type_plain(struct ctx *, const struct field *, const void *record);

/* A cell as text, as people see it: days dd/mm/yyyy, whole numbers without a fraction. "" when null. */
const char *value_as_text(struct ctx *, struct value);
size_t text_length(const char *s); /* in characters */

extern const struct type_rules type_text, type_number, type_day, type_pday, type_flag, type_enum, type_choice, type_ref;

#endif
