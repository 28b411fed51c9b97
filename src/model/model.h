/* What is made once at start and constant afterwards: the rule data, and the texts of the statements that
 * write each kind. Hangs on every context. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "kind.h"

struct model;

struct model_file {
    const char *name; /* "office.json" */
    const void *data;
    size_t size;
};

/* Checks the kinds and loads the rules. Later files of a rule's name replace earlier ones, so that an installation's
 * own rules/ folder stands above what is built in. NULL after fail(). */
struct model *model_start(struct ctx *, const struct model_file *, size_t n);
void model_free(struct model *);

/* The texts of the statements that every record of a kind needs. NULL before the start. */
struct kind_texts {
    const char *insert, *by_id;
};
const struct kind_texts *model_texts(const struct ctx *, const struct kind *);

/* One entry of a dated set of rules. */
struct rule_item {
    const char *code;
    struct words label;
    const char *set;    /* id of the set that holds it, kept by records made under it */
    const char *source;
    int64_t value;      /* attribute "value", for thresholds */
    bool certain;
    const void *json;   /* other attributes: rule_attr() */
};

/* The item of a code: in the set in force on the day, else in any set (old records keep old words). NULL: none. */
const struct rule_item *rule_item(const struct ctx *, const char *rule, const char *code, day);
/* The item that people mean by a word: code, label in either language, or one of its other names; case and diacritics
 * do not count. NULL when none, or when two are meant. */
const struct rule_item *rule_match(struct ctx *, const char *rule, const char *words, day);
const char *rule_label(const struct ctx *, const char *rule, const char *code); /* the code itself when unknown */
const char *rule_attr(const struct rule_item *, const char *attribute);         /* text, or NULL */
bool rule_flag(const struct rule_item *, const char *attribute);
int64_t rule_number(const struct rule_item *, const char *attribute); /* 0 when there is none */
/* Items in force on a day, in their order; how many. */
size_t rule_items(struct ctx *, const char *rule, day, const struct rule_item ***out);
bool rule_exists(const struct ctx *, const char *rule);
/* Array attribute: calls `each` for every element that is an object or a text. Used for sets of rights. */
size_t rule_list(const struct rule_item *, const char *attribute, const void **elements, size_t room);
const char *rule_element_text(const void *element, const char *key); /* of an object; key NULL: the element itself */
size_t rule_element_words(const void *element, const char *key, const char **out, size_t room);

#endif
