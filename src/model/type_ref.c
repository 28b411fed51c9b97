/* A record of another kind: kept by id, written and shown by code or name. */
#include "type.h"

#include "base/str.h"
#include "base/text.h"
#include "record.h"

/* The only live record whose name is `s` (diacritics count) among those that the actor may read: a name tells who there is, a
 * code is known to whoever has it. 0 when none, -1 when several. */
static int64_t by_title(struct ctx *c, const struct kind *k, const char *s)
{
    if (!kind_searched(k) || !k->title)
        return 0;
    const char *key = k->person_name ? text_person_key(&c->arena, s) : text_sort_key(&c->arena, s);
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT id FROM ");
    sql_name(&q, k->name);
    sql_add(&q, " t WHERE t.removed_at = 0 AND t.sort_key = ");
    sql_arg(&q, V(key));
    scope_where(&q, k, ACT_READ, "t");
    sql_add(&q, " ORDER BY t.id LIMIT 2");
    struct rows *r = sql_query(&q);
    int64_t id = rows_next(r) ? rows_int(r, 0) : 0;
    if (id && rows_next(r)) {
        rows_close(r);
        return -1;
    }
    return id;
}

static const char *parse(struct ctx *c, const struct field *f, struct value in, void *record)
{
    const char *s = value_as_text(c, in);
    s = str_clean(&c->arena, s, strlen(s));
    int64_t id = record_id_of_code(c, f->to, s);
    if (!id)
        id = by_title(c, f->to, s);
    if (!id && int_parse(s, &id) && !record_find(c, f->to, id, ACT_READ))
        id = 0;
    if (id == -1)
        return say(c, "%s “%s”: có nhiều %s cùng tên, hãy ghi mã.", "%s “%s”: several of %s have this name, give the code.",
                   in_words(c, f->label), s, in_sentence(c, f->to->plural));
    if (!id)
        return say(c, "%s “%s” chưa có trong %s: kiểm tra mã, hoặc nhập %s trước.",
                   "%s “%s” is not among %s: check the code, or enter %s first.", in_words(c, f->label), s,
                   in_sentence(c, f->to->plural), in_sentence(c, f->to->label));
    field_set(f, record, value_int(id));
    return NULL;
}

static const char *show(struct ctx *c, const struct field *f, const void *record)
{
    void *to = record_find(c, f->to, field_ref(f, record), 0);
    return to ? record_title(c, f->to, to) : "?";
}

static const char *plain(struct ctx *c, const struct field *f, const void *record)
{
    int64_t id = field_ref(f, record);
    void *to = record_find(c, f->to, id, 0);
    const char *code = to ? record_code(f->to, to) : "";
    return *code ? code : arena_printf(&c->arena, "%lld", (long long)id);
}

const struct type_rules type_ref = {.name = "reference", .parse = parse, .show = show, .plain = plain};
