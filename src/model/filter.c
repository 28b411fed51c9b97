/* Filters as they stand in addresses and behind options; see list.h. */
#include "list.h"

#include "base/str.h"
#include "base/text.h"
#include "type.h"

static const char *field_names(struct ctx *c, const struct kind *k)
{
    struct buf b = {0};
    for (size_t i = 0; i < k->nfields; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", k->fields[i].name);
    return buf_take(&b, &c->arena);
}

static bool set_term(struct ctx *c, struct filter *f, const char *name, const char *value)
{
    static const struct {
        const char *suffix;
        enum op op;
    } ops[] = {{".from", OP_FROM}, {".to", OP_TO}, {".has", OP_HAS}, {".is", OP_IS}, {"", OP_IS}};
    const struct field *field = NULL;
    enum op op = OP_IS;
    for (size_t i = 0; i < N(ops) && !field; i++)
        if (str_ends(name, ops[i].suffix)) {
            field = field_find(f->kind, arena_copy(&c->arena, name, strlen(name) - strlen(ops[i].suffix)));
            op = ops[i].op;
        }
    if (!field || !field_stored(field) || (field->flags & SECRET)) {
        fail(c, ERR_USAGE, "%s không có trường “%s”. Các trường: %s.", "%s has no field “%s”. Its fields: %s.",
             in_words(c, f->kind->label), name, field_names(c, f->kind));
        return false;
    }
    if (f->nterms == TERMS) {
        fail(c, ERR_USAGE, "Chỉ lọc được theo %d điều kiện.", "At most %d conditions.", TERMS);
        return false;
    }
    struct condition t = {.field = field, .op = op};
    if (op == OP_HAS)
        t.value = value_text(text_fold(&c->arena, value));
    else if (str_blank(value))
        t.op = OP_NONE;
    else {
        void *scratch = arena_alloc(&c->arena, f->kind->size);
        const char *why = type_parse(c, field, value_text(value), scratch);
        if (why) {
            fail(c, ERR_USAGE, "%s", "%s", why);
            return false;
        }
        t.value = field_get(field, scratch);
        if (op == OP_TO && field->type == TYPE_PDAY) /* up to a year or month: all of it */
            t.value.i += t.value.i % 10000 == 0 ? 9999 : t.value.i % 100 == 0 ? 99 : 0;
    }
    f->terms[f->nterms++] = t;
    return !failed(c);
}

static bool set_day(struct ctx *c, const char *value, day *out)
{
    if (day_parse(value, strlen(value), false, &out->v))
        return true;
    fail(c, ERR_USAGE, "Ngày “%s” không có trong lịch: viết như 30/06/2025 hoặc 2025-06-30.",
         "Day “%s” is not in the calendar: write it as 30/06/2025 or 2025-06-30.", value);
    return false;
}

static bool set_unit(struct ctx *c, struct filter *f, const char *value)
{
    int64_t id = 0;
    f->unit = record_id_of_code(c, kind_of_places(), value);
    if (!f->unit && int_parse(value, &id) && record_find(c, kind_of_places(), id, ACT_READ))
        f->unit = id;
    if (!f->unit && !failed(c))
        fail(c, ERR_MISSING, "Không có đơn vị mang mã “%s”: xem mã bằng “dangbo unit list”.",
             "There is no unit of code “%s”: “dangbo unit list” shows the codes.", value);
    return f->unit != 0;
}

static bool set_limit(struct ctx *c, struct filter *f, const char *value)
{
    if (int_parse(value, &f->limit) && f->limit >= 1 && f->limit <= PAGE_MOST)
        return true;
    fail(c, ERR_USAGE, "Số dòng “%s” phải từ 1 đến %d.", "The limit “%s” must be from 1 to %d.", value, PAGE_MOST);
    return false;
}

const char *filter_name(struct ctx *c, const struct field *f)
{
    static const char *const taken[] = {"q", "unit", "at", "limit", "after", "all", "alone", "sort"};
    for (size_t i = 0; i < N(taken); i++)
        if (strcmp(f->name, taken[i]) == 0)
            return arena_printf(&c->arena, "%s.is", f->name);
    return f->name;
}

bool filter_set(struct ctx *c, struct filter *f, const char *name, const char *value)
{
    if (strcmp(name, "q") == 0)
        f->search = value;
    else if (strcmp(name, "unit") == 0)
        return set_unit(c, f, value);
    else if (strcmp(name, "at") == 0)
        return set_day(c, value, &f->at);
    else if (strcmp(name, "from") == 0 && !field_find(f->kind, "from"))
        return set_day(c, value, &f->from);
    else if (strcmp(name, "to") == 0 && !field_find(f->kind, "to"))
        return set_day(c, value, &f->to);
    else if (strcmp(name, "limit") == 0)
        return set_limit(c, f, value);
    else if (strcmp(name, "after") == 0)
        f->after = value;
    else if (strcmp(name, "all") == 0)
        f->all_times = strcmp(value, "1") == 0;
    else if (strcmp(name, "alone") == 0)
        f->alone = strcmp(value, "1") == 0;
    else if (strcmp(name, "sort") == 0) {
        f->descending = *value == '-';
        f->sort = field_find(f->kind, value + f->descending);
        if (!f->sort || !field_stored(f->sort) || (f->sort->flags & SECRET)) {
            fail(c, ERR_USAGE, "Không sắp xếp được theo “%s”. Các trường: %s.", "Cannot sort by “%s”. The fields: %s.", value, field_names(c, f->kind));
            return false;
        }
    } else
        return set_term(c, f, name, value);
    return true;
}
