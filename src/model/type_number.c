/* Whole numbers, as Vietnamese write them (1.234) or plain (1234). */
#include "type.h"

#include "base/str.h"

static const char *parse(struct ctx *c, const struct field *f, struct value in, void *record)
{
    int64_t v;
    if (in.type == VALUE_REAL && in.r == (double)(int64_t)in.r && in.r > -9e15 && in.r < 9e15)
        v = (int64_t)in.r;
    else if (in.type == VALUE_INT)
        v = in.i;
    else if (in.type != VALUE_TEXT || !int_parse_vi(in.s, &v))
        return say(c, "%s phải là số nguyên, ví dụ 1.234; đang là “%s”.", "%s must be a whole number, such as 1.234; it is “%s”.",
                   in_words(c, f->label), value_as_text(c, in));
    field_set(f, record, value_int(v));
    return NULL;
}

static void check(struct ctx *c, const struct field *f, const void *record, struct problems *p)
{
    int64_t v = field_get(f, record).i;
    if ((f->min || f->max) && (v < f->min || v > f->max))
        problem(p, f->name, "%s phải từ %lld đến %lld.", "%s must be from %lld to %lld.", in_words(c, f->label),
                (long long)f->min, (long long)f->max);
}

static const char *show(struct ctx *c, const struct field *f, const void *record)
{
    char out[32];
    return arena_text(&c->arena, int_vi(field_get(f, record).i, out));
}

static const char *plain(struct ctx *c, const struct field *f, const void *record)
{
    return arena_printf(&c->arena, "%lld", (long long)field_get(f, record).i);
}

const struct type_rules type_number = {.name = "number", .parse = parse, .check = check, .show = show, .plain = plain};
