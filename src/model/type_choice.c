/* Yes or no, one of a fixed set of words, and one of a rule's dated items. */
#include "type.h"

#include "base/str.h"
#include "base/text.h"
#include "model.h"

/* --- yes or no */

static const char *parse_flag(struct ctx *c, const struct field *f, struct value in, void *record)
{
    static const char *const yes[] = {"1", "x", "co", "yes", "true", "dung"}, *const no[] = {"0", "khong", "no", "false", "sai"};
    const char *fold = text_fold(&c->arena, value_as_text(c, in));
    for (size_t i = 0; i < N(yes); i++)
        if (strcmp(fold, yes[i]) == 0) {
            field_set(f, record, value_int(1));
            return NULL;
        }
    for (size_t i = 0; i < N(no); i++)
        if (strcmp(fold, no[i]) == 0) {
            field_set(f, record, value_int(0));
            return NULL;
        }
    return say(c, "%s phải là Có hoặc Không, đang là “%s”.", "%s must be yes or no, it is “%s”.", in_words(c, f->label), value_as_text(c, in));
}

static const char *show_flag(struct ctx *c, const struct field *f, const void *record)
{
    return field_get(f, record).i ? say(c, "Có", "Yes") : say(c, "Không", "No");
}

static const char *plain_flag(struct ctx *c, const struct field *f, const void *record)
{
    (void)c;
    return field_get(f, record).i ? "1" : "0";
}

/* --- a fixed set of words */

static const char *parse_enum(struct ctx *c, const struct field *f, struct value in, void *record)
{
    const char *s = value_as_text(c, in), *fold = text_fold(&c->arena, s);
    struct buf words = {0};
    for (size_t i = 1; i < f->nwords; i++) {
        const struct word *w = &f->words[i];
        if (strcmp(w->word, s) == 0 || strcmp(text_fold(&c->arena, w->label.vi), fold) == 0 ||
            strcmp(text_fold(&c->arena, w->label.en), fold) == 0) {
            field_set(f, record, value_text(w->word));
            buf_free(&words);
            return NULL;
        }
        buf_printf(&words, "%s%s (%s)", words.n ? "; " : "", in_words(c, w->label), w->word);
    }
    const char *why = say(c, "%s “%s” không có trong danh mục: chọn một trong: %s.", "%s “%s” is not a choice: choose one of %s.",
                          in_words(c, f->label), s, buf_text(&words));
    buf_free(&words);
    return why;
}

static const char *show_enum(struct ctx *c, const struct field *f, const void *record)
{
    const char *word = field_get(f, record).s;
    for (size_t i = 1; i < f->nwords; i++)
        if (word && strcmp(f->words[i].word, word) == 0)
            return in_words(c, f->words[i].label);
    return word;
}

static const char *plain_word(struct ctx *c, const struct field *f, const void *record)
{
    (void)c;
    return field_get(f, record).s;
}

/* --- one of a rule's items */

static const char *parse_choice(struct ctx *c, const struct field *f, struct value in, void *record)
{
    const char *s = value_as_text(c, in);
    const struct rule_item *item = rule_match(c, f->rule, s, (day){0});
    if (!item)
        return say(c, "%s “%s” không có trong danh mục: xem danh mục bằng “dangbo rule %s”.",
                   "%s “%s” is not a choice: “dangbo rule %s” lists them.", in_words(c, f->label), s, f->rule);
    field_set(f, record, value_text(item->code));
    return NULL;
}

static void check_choice(struct ctx *c, const struct field *f, const void *record, struct problems *p)
{
    const char *code = field_get(f, record).s;
    if (!rule_item(c, f->rule, code, (day){0}))
        problem(p, f->name, "%s “%s” không có trong danh mục.", "%s “%s” is not a choice.", in_words(c, f->label), code);
}

static const char *show_choice(struct ctx *c, const struct field *f, const void *record)
{
    return rule_label(c, f->rule, field_get(f, record).s);
}

const struct type_rules type_flag = {.name = "flag", .parse = parse_flag, .show = show_flag, .plain = plain_flag};
const struct type_rules type_enum = {.name = "word", .is_text = true, .parse = parse_enum, .show = show_enum, .plain = plain_word};
const struct type_rules type_choice = {.name = "choice", .is_text = true, .parse = parse_choice, .check = check_choice,
                                       .show = show_choice, .plain = plain_word};
