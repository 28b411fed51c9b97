/* See json_record.h. */
#include "json_record.h"

#include "base/str.h"
#include "type.h"

/* What a list must not show whole: 034•••••123. */
static const char *masked(struct ctx *c, const char *s)
{
    size_t n = strlen(s);
    return n < 7 ? "•••" : arena_printf(&c->arena, "%.3s•••%s", s, s + n - 3);
}

static void json_field(struct ctx *c, struct json_out *j, const struct field *f, void *record, const struct labels *labels, bool whole)
{
    struct value v = field_get(f, record);
    json_key(j, f->name);
    if (field_empty(f, record) && f->type != TYPE_FLAG)
        json_put_null(j);
    else if (f->type == TYPE_REF) {
        struct label l = label_of(labels, f->to, v.i);
        json_text(j, *l.code ? l.code : arena_printf(&c->arena, "%lld", (long long)v.i));
        json_key(j, arena_printf(&c->arena, "%s_name", f->name));
        json_text(j, l.title);
    } else if (f->type == TYPE_DAY || f->type == TYPE_PDAY)
        json_day(j, (int32_t)v.i);
    else if (f->type == TYPE_FLAG)
        json_bool(j, v.i != 0);
    else if (f->type == TYPE_NUMBER && (v.i > JSON_EXACT || v.i < -JSON_EXACT)) /* JSON's readers bend larger numbers */
        json_id(j, v.i);
    else if (f->type == TYPE_NUMBER)
        json_int(j, v.i);
    else
        json_text(j, (f->flags & PERSONAL) && !whole ? masked(c, v.s) : v.s);
}

void json_record(struct ctx *c, struct json_out *j, const struct kind *k, void *record, const struct labels *labels, bool whole)
{
    const struct row *row = record;
    json_begin_object(j);
    json_key(j, "id");
    json_id(j, row->id);
    if (!field_find(k, "code")) {
        json_key(j, "code");
        json_text(j, record_code(k, record));
    }
    if (!field_find(k, "name")) {
        json_key(j, "name");
        json_text(j, labelled_title(c, labels, k, record));
    }
    json_key(j, "unit");
    json_text(j, label_unit(labels, row->unit).code);
    json_key(j, "unit_name");
    json_text(j, label_unit(labels, row->unit).title);
    json_key(j, "version");
    json_int(j, row->version);
    for (size_t i = 0; i < k->nfields; i++)
        if (field_stored(&k->fields[i]) && !(k->fields[i].flags & SECRET) && strcmp(k->fields[i].name, "unit") != 0)
            json_field(c, j, &k->fields[i], record, labels, whole);
    json_end_object(j);
}
