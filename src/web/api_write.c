/* Writing through the API: the one path to a row, strict JSON, versions as ETags, and keys that make a write happen once. */
#include "api.h"
#include "server.h"

#include "base/crypt.h"
#include "base/str.h"
#include "model/record.h"
#include "model/type.h"
#include "page.h"
#include "party/idempotency.h"

enum { KEY_MOST = 100 };

/* What was asked, so that a key used for something else is noticed. */
static const char *asked_hash(struct request *r)
{
    struct hash_state h;
    unsigned char sum[HASH_BYTES];
    char hex[HASH_HEX];
    hash_begin(&h);
    hash_add(&h, r->method, strlen(r->method) + 1);
    hash_add(&h, r->path, strlen(r->path) + 1);
    hash_add(&h, r->body, r->body_size);
    hash_end(&h, sum);
    hash_hex(sum, hex);
    return arena_text(&r->c->arena, hex);
}

/* Begins the write. False when it is answered already: a key that was used, or a failure. */
static bool begin(struct request *r)
{
    struct kept_answer was = {0};
    if (r->idempotency && strlen(r->idempotency) > KEY_MOST) {
        api_problem(r, 400, T(r, "Idempotency-Key dài nhất 100 ký tự.", "An Idempotency-Key has 100 characters at most."), NULL);
        return false;
    }
    if (!db_begin(r->c, DB_WRITE))
        return false;
    const char *hash = r->idempotency ? asked_hash(r) : NULL;
    if (!hash || idempotency_claim(r->c, r->who.account, r->idempotency, hash, &was))
        return !failed(r->c);
    db_rollback(r->c);
    if (failed(r->c))
        return false;
    if (!str_same(was.hash, hash)) {
        api_problem(r, 422, T(r, "Idempotency-Key này đã dùng cho một yêu cầu khác.", "This Idempotency-Key was used for another request."), NULL);
        return false;
    }
    r->status = was.status;
    r->type = "application/json";
    answer_header(r, "Idempotency-Replayed", "true");
    buf_puts(&r->out, was.answer);
    return false;
}

/* The answer stands in r->out: kept with the write, which is committed. */
static void finish(struct request *r, int status)
{
    r->status = status;
    if (r->idempotency && !failed(r->c))
        idempotency_keep(r->c, r->who.account, r->idempotency, status, buf_text(&r->out));
    db_commit(r->c);
}

static void refuse(struct request *r, const struct problems *p)
{
    db_rollback(r->c);
    if (failed(r->c) && r->c->err.code != ERR_CONFLICT)
        return; /* the dispatcher's answer */
    const char *why = failed(r->c) ? r->c->err.text : p->first ? p->first->text : "";
    int status = failed(r->c) ? 412 : 422;
    r->c->err = (struct err){0};
    api_problem(r, status, why, p);
}

static void take_field(struct request *r, struct problems *p, void *record, const char *name, const json_t *v)
{
    const struct field *f = field_find(r->kind, name);
    struct value in = value_null();
    if (!f || (f->flags & (READONLY | SECRET))) {
        problem(p, arena_text(&r->c->arena, name), "Không ghi được trường “%s”.", "Field “%s” cannot be written.", name);
        return;
    }
    if (json_is_string(v))
        in = value_text(json_string_value(v));
    else if (json_is_integer(v))
        in = value_int((int64_t)json_integer_value(v));
    else if (json_is_boolean(v))
        in = value_text(json_is_true(v) ? "1" : "0");
    else if (!json_is_null(v)) {
        problem(p, f->name, "%s phải là chữ, số nguyên, true, false hoặc null.", "%s must be text, a whole number, true, false or null.", f->name);
        return;
    }
    const char *why = type_parse(r->c, f, json_is_null(v) ? value_text("") : in, record);
    if (why)
        problem(p, f->name, "%s", "%s", why);
}

/* The object of the body into the record; false with problems or after fail(). "unit" is a field of a kind, or where the record is kept. */
static bool take_body(struct request *r, struct problems *p, struct row *record)
{
    const char *name;
    json_t *v, *o = json_read(r->c, r->body, r->body_size);
    if (!o)
        return false;
    if (!json_is_object(o))
        problem(p, NULL, "Thân yêu cầu phải là một đối tượng JSON.", "The body must be a JSON object.");
    json_object_foreach(o, name, v)
    {
        if (strcmp(name, "unit") == 0 && !field_find(r->kind, "unit") && json_is_string(v)) {
            record->unit = record_id_of_code(r->c, kind_of_places(), json_string_value(v));
            if (!record->unit)
                problem(p, "unit", "Không có đơn vị mang mã “%s”.", "There is no unit of code “%s”.", json_string_value(v));
        } else {
            take_field(r, p, record, name, v);
        }
    }
    json_decref(o);
    return !p->n && !failed(r->c);
}

/* If-Match: "3" must be the stored version. */
static bool version_fits(struct request *r, const struct row *row)
{
    int64_t v = 0;
    const char *given = r->if_match;
    size_t n = given ? strlen(given) : 0;
    if (!given || strcmp(given, "*") == 0)
        return true;
    bool quoted = n > 2 && given[0] == '"' && given[n - 1] == '"';
    return int_parse(quoted ? arena_copy(&r->c->arena, given + 1, n - 2) : given, &v) && v == row->version;
}

void api_create(struct request *r)
{
    struct problems p;
    problems_start(&p, r->c);
    if (!begin(r))
        return;
    struct row *record = arena_alloc(&r->c->arena, r->kind->size);
    if (!take_body(r, &p, record) || !record_save(r->c, r->kind, record, &p)) {
        refuse(r, &p);
        return;
    }
    answer_header(r, "Location", arena_printf(&r->c->arena, "/api/v1/%s/%lld", r->kind->name, (long long)record->id));
    api_record(r, record);
    finish(r, 201);
}

/* The record of the address, to be written. NULL after an answer. */
static void *to_write(struct request *r, unsigned act)
{
    int64_t id;
    if (!api_id(r, &id)) {
        db_rollback(r->c);
        return NULL;
    }
    struct row *record = record_find(r->c, r->kind, id, act);
    if (!record || !version_fits(r, record)) {
        db_rollback(r->c);
        if (!failed(r->c))
            api_problem(r, record ? 412 : 404, record ? T(r, "Hồ sơ đã ở bản khác: đọc lại rồi gửi với ETag mới.", "The record is at another version: read it again and send its ETag.")
                                                      : T(r, "Không có hồ sơ này, hoặc bạn không được sửa.", "There is no such record, or it is not yours to change."), NULL);
        return NULL;
    }
    return record;
}

void api_change(struct request *r)
{
    struct problems p;
    problems_start(&p, r->c);
    if (!begin(r))
        return;
    struct row *record = to_write(r, ACT_CHANGE);
    if (!record)
        return;
    if (!take_body(r, &p, record) || !record_save(r->c, r->kind, record, &p)) {
        refuse(r, &p);
        return;
    }
    api_record(r, record);
    finish(r, 200);
}

void api_remove(struct request *r)
{
    struct problems p;
    problems_start(&p, r->c);
    if (!begin(r))
        return;
    struct row *record = to_write(r, ACT_REMOVE);
    if (!record)
        return;
    if (!record_remove(r->c, r->kind, record->id, 0, &p)) {
        refuse(r, &p);
        return;
    }
    r->type = "application/json";
    buf_puts(&r->out, "{\"removed\":true}");
    finish(r, 200);
}

void api_restore(struct request *r)
{
    int64_t id = 0;
    struct problems p;
    problems_start(&p, r->c);
    if (!begin(r))
        return;
    if (!int_parse(r->parts[1], &id) || !record_restore(r->c, r->kind, id)) {
        refuse(r, &p);
        return;
    }
    void *record = record_find(r->c, r->kind, id, ACT_READ);
    if (record)
        api_record(r, record);
    finish(r, 200);
}
