/* Days, and partial days of which only the year, or month and year, are known. */
#include "type.h"

static const char *parse(struct ctx *c, const struct field *f, struct value in, void *record)
{
    bool partial = f->type == TYPE_PDAY;
    int32_t v = 0;
    if (in.type == VALUE_DAY)
        v = (int32_t)in.i;
    else if (in.type == VALUE_INT && partial && in.i >= 1800 && in.i <= 2999)
        v = (int32_t)in.i * 10000;
    else {
        const char *s = value_as_text(c, in);
        if (!day_parse(s, strlen(s), partial, &v))
            return partial ? say(c, "%s “%s” không có trong lịch: viết như 27/03/1970, 03/1970 hoặc 1970.",
                                 "%s “%s” is not in the calendar: write it as 27/03/1970, 03/1970 or 1970.", in_words(c, f->label), s)
                           : say(c, "%s “%s” không có trong lịch: viết như 27/03/1970.",
                                 "%s “%s” is not in the calendar: write it as 27/03/1970.", in_words(c, f->label), s);
    }
    field_set(f, record, value_int(v));
    return NULL;
}

static void check(struct ctx *c, const struct field *f, const void *record, struct problems *p)
{
    int32_t v = (int32_t)field_get(f, record).i;
    if (f->type == TYPE_PDAY ? !pday_valid(v) : !day_valid(v))
        problem(p, f->name, "%s không có trong lịch.", "%s is not in the calendar.", in_words(c, f->label));
}

static const char *show(struct ctx *c, const struct field *f, const void *record)
{
    char out[DAY_TEXT];
    return arena_text(&c->arena, day_vi((int32_t)field_get(f, record).i, out));
}

static const char *plain(struct ctx *c, const struct field *f, const void *record)
{
    char out[DAY_TEXT];
    return arena_text(&c->arena, day_iso((int32_t)field_get(f, record).i, out));
}

const struct type_rules type_day = {.name = "day", .parse = parse, .check = check, .show = show, .plain = plain};
const struct type_rules type_pday = {.name = "partial day", .parse = parse, .check = check, .show = show, .plain = plain};
