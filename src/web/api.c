/* Reading through the API: the same lists, filters and rights as the pages. */
#include "api.h"

#include "base/str.h"
#include "filters.h"
#include "history.h"
#include "model/json_record.h"
#include "model/record.h"
#include "party/organisation/place.h"
#include "party/reporting/report.h"
#include "party/sign_in.h"

static const char plain_json[] = "application/json";

void api_problem(struct request *r, int status, const char *detail, const struct problems *p)
{
    struct json_out j = {.to = &r->out};
    buf_clear(&r->out);
    r->status = status;
    r->type = "application/problem+json";
    json_begin_object(&j);
    json_key(&j, "type");
    json_text(&j, "about:blank");
    json_key(&j, "title");
    json_text(&j, status == 422 ? T(r, "Dữ liệu chưa đúng", "The data are not right yet") : status == 404 ? T(r, "Không tìm thấy", "Not found") : status == 412 || status == 409 ? T(r, "Người khác sửa trước", "Somebody else was first") : T(r, "Yêu cầu không thực hiện được", "The request was not carried out"));
    json_key(&j, "status");
    json_int(&j, status);
    json_key(&j, "detail");
    json_text(&j, detail);
    json_key(&j, "instance");
    json_text(&j, r->id);
    if (p && p->first) {
        json_key(&j, "errors");
        json_begin_array(&j);
        for (const struct problem *one = p->first; one; one = one->next) {
            json_begin_object(&j);
            json_key(&j, "pointer");
            json_text(&j, one->field ? arena_printf(&r->c->arena, "/%s", one->field) : "");
            json_key(&j, "detail");
            json_text(&j, one->text);
            json_key(&j, "warning");
            json_bool(&j, one->warning);
            json_end_object(&j);
        }
        json_end_array(&j);
    }
    json_end_object(&j);
}

void api_record(struct request *r, void *record)
{
    struct json_out j = {.to = &r->out};
    const struct labels *labels = labels_of(r->c, r->kind, &record, 1);
    r->type = plain_json;
    answer_header(r, "ETag", arena_printf(&r->c->arena, "\"%lld\"", (long long)((struct row *)record)->version));
    json_record(r->c, &j, r->kind, record, labels, true);
}

bool api_id(struct request *r, int64_t *id)
{
    if (int_parse(r->parts[1], id) && *id > 0)
        return true;
    *id = record_id_of_code(r->c, r->kind, r->parts[1]);
    if (!*id)
        api_problem(r, 404, T(r, "Không có hồ sơ này, hoặc bạn không được xem.", "There is no such record, or it is not yours to see."), NULL);
    return *id != 0;
}

void api_list(struct request *r)
{
    struct filter f;
    struct json_out j = {.to = &r->out};
    if (!filter_of_address(r, &f))
        return;
    if (f.limit > 500)
        f.limit = 500;
    struct list l = record_list(r->c, &f);
    const struct labels *labels = labels_of(r->c, r->kind, l.rows, l.n);
    r->type = plain_json;
    json_begin_object(&j);
    json_key(&j, "schema");
    json_int(&j, 1);
    json_key(&j, "items");
    json_begin_array(&j);
    for (size_t i = 0; i < l.n; i++)
        json_record(r->c, &j, r->kind, l.rows[i], labels, false);
    json_end_array(&j);
    json_key(&j, "next");
    json_text(&j, l.next);
    if (query_get(r, "count")) {
        json_key(&j, "total");
        json_int(&j, record_count(r->c, &f));
    }
    json_end_object(&j);
}

void api_get(struct request *r)
{
    int64_t id;
    if (!api_id(r, &id))
        return;
    void *record = record_find(r->c, r->kind, id, ACT_READ);
    if (!record) {
        api_problem(r, 404, T(r, "Không có hồ sơ này, hoặc bạn không được xem.", "There is no such record, or it is not yours to see."), NULL);
        return;
    }
    if (r->place.at_given && r->kind->as_at)
        r->kind->as_at(r->c, r->place.at, &record, 1);
    if (r->kind->flags & SENSITIVE)
        request_reads(r, r->kind, record, "read", "API");
    api_record(r, record);
}

static void tell_history(void *to, const struct history_entry *e)
{
    struct json_out *j = to;
    char at[INSTANT_TEXT];
    const char *const names[] = {"at", "actor", "act", "note"}, *const values[] = {instant_iso(e->at, at), e->actor, e->act, e->note};
    json_begin_object(j);
    for (size_t i = 0; i < N(names); i++) {
        json_key(j, names[i]);
        json_text(j, values[i]);
    }
    json_key(j, "before");
    json_text(j, e->before);
    json_key(j, "after");
    json_text(j, e->after);
    json_end_object(j);
}

void api_history(struct request *r)
{
    int64_t id;
    struct json_out j = {.to = &r->out};
    if (!api_id(r, &id))
        return;
    r->type = plain_json;
    json_begin_object(&j);
    json_key(&j, "items");
    json_begin_array(&j);
    bool found = record_history(r->c, r->kind, id, tell_history, &j);
    json_end_array(&j);
    json_end_object(&j);
    if (!found && !failed(r->c))
        api_problem(r, 404, T(r, "Không có hồ sơ này, hoặc bạn không được xem.", "There is no such record, or it is not yours to see."), NULL);
}

void api_tree(struct request *r)
{
    struct unit_brief *all;
    const char *next;
    struct json_out j = {.to = &r->out};
    const struct unit_children_ask ask = {.unit = r->place.unit, .at = r->place.at, .most = 500, .after = query_get(r, "after"), .count = true};
    size_t n = unit_children(r->c, &ask, &all, &next);
    r->type = plain_json;
    json_begin_object(&j);
    json_key(&j, "at");
    json_day(&j, r->place.at.v);
    json_key(&j, "items");
    json_begin_array(&j);
    for (size_t i = 0; i < n; i++) {
        json_begin_object(&j);
        json_key(&j, "id");
        json_id(&j, all[i].id);
        json_key(&j, "code");
        json_text(&j, all[i].code);
        json_key(&j, "name");
        json_text(&j, all[i].name);
        json_key(&j, "type");
        json_text(&j, all[i].type);
        json_key(&j, "members");
        json_int(&j, all[i].members);
        json_key(&j, "units");
        json_int(&j, all[i].below);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_key(&j, "next");
    json_text(&j, next);
    json_end_object(&j);
}

void api_report(struct request *r)
{
    struct period period;
    const struct report *report = report_find(r->parts[0]);
    const char *asked = query_get(r, "period");
    char today[DAY_TEXT];
    if (!report || !r->place.unit) {
        api_problem(r, report ? 422 : 404, report ? T(r, "Cần tham số unit: mã đơn vị.", "The parameter unit is needed: the code of a unit.") : T(r, "Không có báo cáo này.", "There is no such report."), NULL);
        return;
    }
    if (!period_parse(r->c, asked && *asked ? asked : day_iso(r->c->today.v, today), NULL, &period))
        return;
    struct doc *d = report_make(r->c, report, r->place.unit, &period);
    if (!d)
        return;
    r->type = "text/csv; charset=utf-8";
    doc_to_csv(d, &r->out, ',');
}

void api_me(struct request *r)
{
    struct json_out j = {.to = &r->out};
    r->type = plain_json;
    json_begin_object(&j);
    json_key(&j, "account");
    json_id(&j, r->who.account);
    json_key(&j, "login");
    json_text(&j, r->who.login);
    json_key(&j, "name");
    json_text(&j, r->who.name);
    json_key(&j, "scopes");
    json_text(&j, r->who.scopes ? scopes_text(r->c, r->who.scopes) : "session");
    json_end_object(&j);
}
