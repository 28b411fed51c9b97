/* The API's own document (OpenAPI 3.1), made from the kinds: what is not declared cannot be written down, and what is cannot be
 * forgotten. */
#include "api.h"
#include "filters.h"
#include "route.h"

#include "base/str.h"
#include "model/model.h"

static void pair(struct json_out *j, const char *key, const char *value)
{
    json_key(j, key);
    json_text(j, value);
}

static void open(struct json_out *j, const char *key)
{
    json_key(j, key);
    json_begin_object(j);
}

/* A type that may be null as well. */
static void type_or_null(struct json_out *j, const char *type)
{
    json_key(j, "type");
    json_begin_array(j);
    json_text(j, type);
    json_text(j, "null");
    json_end_array(j);
}

static void words_of(struct json_out *j, const struct field *f)
{
    json_key(j, "enum");
    json_begin_array(j);
    for (size_t i = 1; i < f->nwords; i++)
        json_text(j, f->words[i].word);
    json_put_null(j);
    json_end_array(j);
}

static void property(struct request *r, struct json_out *j, const struct field *f)
{
    open(j, f->name);
    pair(j, "description", in_words(r->c, f->label));
    switch (f->type) {
    case TYPE_NUMBER:
        json_key(j, "type");
        json_begin_array(j);
        json_text(j, "integer");
        json_text(j, "string");
        json_text(j, "null");
        json_end_array(j);
        break;
    case TYPE_FLAG: pair(j, "type", "boolean"); break;
    case TYPE_DAY:
    case TYPE_PDAY:
        type_or_null(j, "string");
        pair(j, "pattern", f->type == TYPE_DAY ? "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" : "^[0-9]{4}(-[0-9]{2}){0,2}$");
        break;
    case TYPE_ENUM:
        type_or_null(j, "string");
        words_of(j, f);
        break;
    case TYPE_TEXT:
    case TYPE_CHOICE:
    case TYPE_REF:
    case TYPE__MAX:
    default: type_or_null(j, "string"); break;
    }
    if (f->flags & READONLY) {
        json_key(j, "readOnly");
        json_bool(j, true);
    }
    json_end_object(j);
    if (f->type != TYPE_REF)
        return;
    open(j, arena_printf(&r->c->arena, "%s_name", f->name)); /* the name of what it points at */
    type_or_null(j, "string");
    json_key(j, "readOnly");
    json_bool(j, true);
    json_end_object(j);
}

static void schema(struct request *r, struct json_out *j, const struct kind *k)
{
    static const char *const own[] = {"id", "code", "name", "unit", "unit_name"};
    open(j, k->name);
    pair(j, "type", "object");
    pair(j, "description", in_words(r->c, k->label));
    open(j, "properties");
    for (size_t i = 0; i < N(own); i++)
        if (!field_find(k, own[i])) {
            open(j, own[i]);
            type_or_null(j, "string");
            json_end_object(j);
        }
    open(j, "version");
    pair(j, "type", "integer");
    json_end_object(j);
    for (size_t i = 0; i < k->nfields; i++)
        if (!(k->fields[i].flags & SECRET) && (field_stored(&k->fields[i]) || !(k->fields[i].flags & READONLY)))
            property(r, j, &k->fields[i]);
    json_end_object(j);
    json_key(j, "additionalProperties");
    json_bool(j, false);
    json_key(j, "required");
    json_begin_array(j);
    json_text(j, "id");
    json_text(j, "version");
    json_end_array(j);
    json_end_object(j);
}

static void reference(struct json_out *j, const char *media, const char *to)
{
    open(j, "content");
    open(j, media);
    open(j, "schema");
    pair(j, "$ref", to);
    json_end_object(j);
    json_end_object(j);
    json_end_object(j);
}

static void responses(struct request *r, struct json_out *j, const char *status, const char *to)
{
    open(j, "responses");
    open(j, status);
    pair(j, "description", "OK");
    if (to)
        reference(j, "application/json", to);
    json_end_object(j);
    open(j, "default");
    pair(j, "description", T(r, "Lỗi, theo RFC 9457", "An error, by RFC 9457"));
    reference(j, "application/problem+json", "#/components/schemas/problem");
    json_end_object(j);
    json_end_object(j);
}

static void parameter(struct json_out *j, const char *name, const char *in, bool needed, const char *what)
{
    json_begin_object(j);
    pair(j, "name", name);
    pair(j, "in", in);
    json_key(j, "required");
    json_bool(j, needed);
    pair(j, "description", what);
    open(j, "schema");
    pair(j, "type", "string");
    json_end_object(j);
    json_end_object(j);
}

/* What a list may be asked: each field by the name that an address has for it. */
static void list_parameters(struct request *r, struct json_out *j, const struct kind *k)
{
    parameter(j, "unit", "query", false, T(r, "Mã đơn vị: hồ sơ ở đó và cấp dưới", "Code of a unit: records there and below"));
    parameter(j, "alone", "query", false, T(r, "1: chỉ của chính đơn vị ấy", "1: of that unit alone"));
    parameter(j, "at", "query", false, T(r, "Vào ngày nào", "As at which day"));
    parameter(j, "all", "query", false, T(r, "1: cả những gì đã kết thúc hoặc chưa bắt đầu", "1: also what has ended or not begun"));
    if (k->when == WHEN_EVENT) {
        parameter(j, "from", "query", false, T(r, "Từ ngày nào", "From which day on"));
        parameter(j, "to", "query", false, T(r, "Đến hết ngày nào", "Up to and with which day"));
    }
    parameter(j, "q", "query", false, T(r, "Tìm, không cần dấu", "Search, diacritics optional"));
    parameter(j, "sort", "query", false, T(r, "Trường để sắp xếp; thêm dấu trừ để đảo", "Field to sort by; a minus turns it round"));
    parameter(j, "limit", "query", false, T(r, "Số dòng, nhiều nhất 500", "Rows, 500 at most"));
    parameter(j, "after", "query", false, T(r, "next của trang trước", "next of the page before"));
    parameter(j, "count", "query", false, T(r, "1: đếm tất cả", "1: count all"));
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if (!field_stored(f) || (f->flags & SECRET))
            continue;
        const char *name = address_name(r->c, f), *label = in_words(r->c, f->label);
        if (strcmp(name, f->name) == 0)
            parameter(j, name, "query", false, arena_printf(&r->c->arena, T(r, "%s là giá trị này; - là không có. Cũng có %s.from, %s.to, %s.has", "%s is this; - is none. Also %s.from, %s.to, %s.has"), label, name, name, name));
        else
            parameter(j, name, "query", false,
                      arena_printf(&r->c->arena, T(r, "Trường “%s” (%s) là giá trị này; tên không có .is trong địa chỉ có nghĩa khác", "Field “%s” (%s) is this; the name without .is means something else in an address"), f->name, label));
    }
}

static void operation(struct request *r, struct json_out *j, const char *method, const char *name, const struct kind *k, bool one)
{
    bool get = strcmp(method, "get") == 0, writes_body = strcmp(method, "patch") == 0 || (strcmp(method, "post") == 0 && strcmp(name, "create") == 0), list = get && !one;
    const char *to = arena_printf(&r->c->arena, "#/components/schemas/%s%s", k->name, list ? "_list" : "");
    open(j, method);
    pair(j, "operationId", arena_printf(&r->c->arena, "%s_%s", name, k->name));
    pair(j, "summary", in_words(r->c, k->plural));
    json_key(j, "parameters");
    json_begin_array(j);
    if (one)
        parameter(j, "id", "path", true, T(r, "Số hoặc mã của hồ sơ", "Id or code of the record"));
    if (list)
        list_parameters(r, j, k);
    if (!get) {
        parameter(j, "Idempotency-Key", "header", false, T(r, "Gửi lại cùng mã thì chỉ ghi một lần", "Sent again with the same key, written once"));
        if (one)
            parameter(j, "If-Match", "header", false, T(r, "ETag đã đọc; khác thì trả 412", "The ETag that was read; another gives 412"));
    }
    json_end_array(j);
    if (writes_body) {
        open(j, "requestBody");
        json_key(j, "required");
        json_bool(j, true);
        open(j, "content");
        open(j, "application/json");
        open(j, "schema");
        pair(j, "type", "object");
        json_end_object(j);
        json_end_object(j);
        json_end_object(j);
        json_end_object(j);
    }
    responses(r, j, strcmp(name, "create") == 0 ? "201" : "200", strcmp(method, "delete") == 0 ? NULL : to);
    json_end_object(j);
}

static void paths_of(struct request *r, struct json_out *j, const struct kind *k)
{
    bool by_hand = !(k->flags & COMPUTED);
    open(j, arena_printf(&r->c->arena, "/api/v1/%s", k->name));
    operation(r, j, "get", "list", k, false);
    if (by_hand)
        operation(r, j, "post", "create", k, false);
    json_end_object(j);
    open(j, arena_printf(&r->c->arena, "/api/v1/%s/{id}", k->name));
    operation(r, j, "get", "get", k, true);
    if (by_hand) {
        operation(r, j, "patch", "change", k, true);
        operation(r, j, "delete", "remove", k, true);
    }
    json_end_object(j);
    if (!by_hand)
        return;
    open(j, arena_printf(&r->c->arena, "/api/v1/%s/{id}/restore", k->name));
    operation(r, j, "post", "restore", k, true);
    json_end_object(j);
}

/* What stands beside the kinds: taken from the routes, so that none is forgotten. */
static void other_path(struct request *r, struct json_out *j, const struct route *route)
{
    const char *part = strchr(route->pattern, '{'), *name = route->pattern + strlen("/api/v1/");
    bool report = part != NULL;
    open(j, route->pattern);
    open(j, "get");
    pair(j, "operationId", arena_copy(&r->c->arena, name, strcspn(name, "/.")));
    json_key(j, "parameters");
    json_begin_array(j);
    if (part)
        parameter(j, arena_copy(&r->c->arena, part + 1, strcspn(part + 1, "}")), "path", true, T(r, "Tên báo cáo", "Name of the report"));
    parameter(j, "unit", "query", false, T(r, "Mã đơn vị", "Code of a unit"));
    parameter(j, "at", "query", false, T(r, "Vào ngày nào", "As at which day"));
    if (report)
        parameter(j, "period", "query", false, T(r, "Kỳ, ví dụ 2018 hoặc 2018-Q1", "Period, such as 2018 or 2018-Q1"));
    json_end_array(j);
    open(j, "responses");
    open(j, "200");
    pair(j, "description", "OK");
    open(j, "content");
    open(j, report ? "text/csv" : "application/json");
    open(j, "schema");
    pair(j, "type", report ? "string" : "object");
    for (int i = 0; i < 4; i++)
        json_end_object(j);
    open(j, "default");
    pair(j, "description", T(r, "Lỗi, theo RFC 9457", "An error, by RFC 9457"));
    reference(j, "application/problem+json", "#/components/schemas/problem");
    for (int i = 0; i < 4; i++)
        json_end_object(j);
}

static void history_path(struct request *r, struct json_out *j, const struct kind *k)
{
    open(j, arena_printf(&r->c->arena, "/api/v1/%s/{id}/history", k->name));
    open(j, "get");
    pair(j, "operationId", arena_printf(&r->c->arena, "history_%s", k->name));
    json_key(j, "parameters");
    json_begin_array(j);
    parameter(j, "id", "path", true, T(r, "Số hoặc mã của hồ sơ", "Id or code of the record"));
    json_end_array(j);
    responses(r, j, "200", "#/components/schemas/history");
    json_end_object(j);
    json_end_object(j);
}

static void history_schema(struct json_out *j)
{
    static const char *const names[] = {"at", "actor", "act", "note", "before", "after"};
    open(j, "history");
    pair(j, "type", "object");
    open(j, "properties");
    open(j, "items");
    pair(j, "type", "array");
    open(j, "items");
    pair(j, "type", "object");
    open(j, "properties");
    for (size_t i = 0; i < N(names); i++) {
        open(j, names[i]);
        type_or_null(j, "string");
        json_end_object(j);
    }
    json_end_object(j);
    json_key(j, "additionalProperties");
    json_bool(j, false);
    for (int i = 0; i < 4; i++)
        json_end_object(j);
}

static void list_schema(struct request *r, struct json_out *j, const struct kind *k)
{
    open(j, arena_printf(&r->c->arena, "%s_list", k->name));
    pair(j, "type", "object");
    open(j, "properties");
    open(j, "schema");
    pair(j, "type", "integer");
    json_end_object(j);
    open(j, "items");
    pair(j, "type", "array");
    open(j, "items");
    pair(j, "$ref", arena_printf(&r->c->arena, "#/components/schemas/%s", k->name));
    json_end_object(j);
    json_end_object(j);
    open(j, "next");
    type_or_null(j, "string");
    json_end_object(j);
    open(j, "total");
    pair(j, "type", "integer");
    json_end_object(j);
    json_end_object(j);
    json_key(j, "required");
    json_begin_array(j);
    json_text(j, "items");
    json_text(j, "next");
    json_end_array(j);
    json_key(j, "additionalProperties");
    json_bool(j, false);
    json_end_object(j);
}

static void problem_schema(struct json_out *j)
{
    static const char *const names[] = {"type", "title", "detail", "instance"};
    open(j, "problem");
    pair(j, "type", "object");
    open(j, "properties");
    for (size_t i = 0; i < N(names); i++) {
        open(j, names[i]);
        pair(j, "type", "string");
        json_end_object(j);
    }
    open(j, "status");
    pair(j, "type", "integer");
    json_end_object(j);
    open(j, "errors");
    pair(j, "type", "array");
    json_end_object(j);
    json_end_object(j);
    json_key(j, "required");
    json_begin_array(j);
    json_text(j, "title");
    json_text(j, "status");
    json_end_array(j);
    json_end_object(j);
}

void api_document(struct request *r)
{
    struct json_out j = {.to = &r->out};
    r->type = "application/json";
    json_begin_object(&j);
    pair(&j, "openapi", "3.1.0");
    open(&j, "info");
    pair(&j, "title", "Đảng Bộ");
    pair(&j, "version", "1");
    pair(&j, "description", T(r, "Cùng quyền và cùng quy tắc như trên trang. Mã truy cập: trang Tài khoản của tôi.", "The same rights and rules as on the pages. Tokens: the page My account."));
    json_end_object(&j);
    open(&j, "paths");
    for (size_t i = 0; i < nroutes; i++)
        if ((routes[i].flags & API) && !strstr(routes[i].pattern, "{kind}"))
            other_path(r, &j, &routes[i]);
    for (size_t i = 0; i < nkinds; i++) {
        paths_of(r, &j, kinds[i]);
        history_path(r, &j, kinds[i]);
    }
    json_end_object(&j);
    open(&j, "components");
    open(&j, "securitySchemes");
    open(&j, "token");
    pair(&j, "type", "http");
    pair(&j, "scheme", "bearer");
    json_end_object(&j);
    json_end_object(&j);
    open(&j, "schemas");
    problem_schema(&j);
    history_schema(&j);
    for (size_t i = 0; i < nkinds; i++) {
        schema(r, &j, kinds[i]);
        list_schema(r, &j, kinds[i]);
    }
    json_end_object(&j);
    json_end_object(&j);
    json_key(&j, "security");
    json_begin_array(&j);
    json_begin_object(&j);
    json_key(&j, "token");
    json_begin_array(&j);
    json_end_array(&j);
    json_end_object(&j);
    json_end_array(&j);
    json_end_object(&j);
}
