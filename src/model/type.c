/* The table of field types; each has its own file. */
#include "type.h"

#include "base/str.h"

static const struct type_rules *const all[] = {
    [TYPE_TEXT] = &type_text, [TYPE_NUMBER] = &type_number, [TYPE_DAY] = &type_day,       [TYPE_PDAY] = &type_pday,
    [TYPE_FLAG] = &type_flag, [TYPE_ENUM] = &type_enum,     [TYPE_CHOICE] = &type_choice, [TYPE_REF] = &type_ref,
};
_Static_assert(N(all) == TYPE__MAX, "every type of field has its rules");

const struct type_rules *type_rules(enum type t)
{
    return all[t];
}

bool type_is_text(enum type t)
{
    return all[t]->is_text;
}

const char *value_as_text(struct ctx *c, struct value v)
{
    char day_text[DAY_TEXT];
    switch (v.type) {
    case VALUE_TEXT: return v.s;
    case VALUE_INT: return arena_printf(&c->arena, "%lld", (long long)v.i);
    case VALUE_BOOL: return v.i ? "1" : "0";
    case VALUE_DAY: return arena_text(&c->arena, day_vi((int32_t)v.i, day_text));
    case VALUE_REAL:
        if (v.r == (double)(int64_t)v.r)
            return arena_printf(&c->arena, "%lld", (long long)v.r);
        return arena_printf(&c->arena, "%.15g", v.r);
    case VALUE_NULL: break;
    }
    return "";
}

const char *type_parse(struct ctx *c, const struct field *f, struct value in, void *record)
{
    if (in.type == VALUE_NULL || (in.type == VALUE_TEXT && str_blank(in.s))) {
        field_set(f, record, value_null());
        return NULL;
    }
    return all[f->type]->parse(c, f, in, record);
}

void type_check(struct ctx *c, const struct field *f, const void *record, struct problems *p)
{
    if (all[f->type]->check)
        all[f->type]->check(c, f, record, p);
}

const char *type_show(struct ctx *c, const struct field *f, const void *record)
{
    const char *s = f->type != TYPE_FLAG && field_empty(f, record) ? NULL : all[f->type]->show(c, f, record);
    return s ? s : "";
}

const char *type_plain(struct ctx *c, const struct field *f, const void *record)
{
    return f->type != TYPE_FLAG && field_empty(f, record) ? NULL : all[f->type]->plain(c, f, record);
}
