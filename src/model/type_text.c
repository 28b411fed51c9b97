/* Text: one line, NFC, no white space at its ends, no control characters. */
#include "type.h"

#include "base/str.h"
#include "base/text.h"

enum { LONGEST = 2000 };

size_t text_length(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

static const char *parse(struct ctx *c, const struct field *f, struct value in, void *record)
{
    const char *s = value_as_text(c, in);
    char *nfc = text_nfc(&c->arena, s, strlen(s));
    if (!nfc)
        return say(c, "%s có ký tự hỏng: gõ lại bằng Unicode.", "%s has broken characters: type it again in Unicode.", in_words(c, f->label));
    char *clean = str_clean(&c->arena, nfc, strlen(nfc));
    for (const char *p = clean; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            return say(c, "%s có ký tự điều khiển: xóa ký tự lạ rồi gõ lại.", "%s has control characters: remove them.", in_words(c, f->label));
    field_set(f, record, value_text(*clean ? clean : NULL));
    return NULL;
}

static void check(struct ctx *c, const struct field *f, const void *record, struct problems *p)
{
    int64_t n = (int64_t)text_length(field_get(f, record).s), max = f->max ? f->max : LONGEST;
    if (n < f->min)
        problem(p, f->name, "%s phải có ít nhất %lld ký tự, đang có %lld.", "%s needs at least %lld characters, has %lld.",
                in_words(c, f->label), (long long)f->min, (long long)n);
    if (n > max)
        problem(p, f->name, "%s dài nhất %lld ký tự, đang có %lld: viết gọn lại.", "%s may have %lld characters, has %lld: shorten it.",
                in_words(c, f->label), (long long)max, (long long)n);
}

static const char *print(struct ctx *c, const struct field *f, const void *record)
{
    (void)c;
    return field_get(f, record).s;
}

const struct type_rules type_text = {.name = "text", .is_text = true, .parse = parse, .check = check, .show = print, .plain = print};
