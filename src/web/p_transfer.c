/* Transfers between cells, by two people: one cell sends, the other receives. */
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"
#include "waits.h"

#include "base/str.h"
#include "model/scope.h"
#include "model/type.h"
#include "party/people/transfer.h"

static day some_months_ago(day today)
{
    return day_add(today, -92);
}

static void transfer_rows(struct request *r, const struct transfer *all, size_t n, bool receive)
{
    struct buf *o = &r->out;
    char shown[DAY_TEXT];
    html(o, "<ul class=\"list\">");
    for (size_t i = 0; i < n; i++) {
        const struct transfer *t = &all[i];
        int waiting = t->sent_on.v ? day_number(r->c->today) - day_number(t->sent_on) : 0;
        html(o, "<li>");
        if (t->received_on.v)
            ui_tag(r, TONE_OK, "ok", arena_printf(&r->c->arena, T(r, "Tiếp nhận %s", "Received %s"), day_vi(t->received_on.v, shown)));
        else
            waiting_tag(r, waiting);
        html_f(o, "<span class=\"t\"><a href=\"%s\">%s</a><small>%s → %s%s%s · %s %s</small></span>", record_href(r, &person_kind, t->person, NULL), t->name, t->from, t->to,
               *t->paper ? T(r, " · giấy số ", " · paper ") : "", t->paper, T(r, "giới thiệu", "sent"), day_vi(t->sent_on.v, shown));
        if (receive && !t->received_on.v && record_find(r->c, &membership_kind, t->stay, ACT_CHANGE))
            ui_button(r, url(r, arena_printf(&r->c->arena, "/transfer/%lld/receive", (long long)t->stay), NULL), "ok", T(r, "Tiếp nhận", "Receive"), false);
        html(o, "</li>");
    }
    html(o, "</ul>");
}

static void sheet_of(struct request *r, const char *title, bool incoming, bool waiting, const char *nothing)
{
    struct transfer *all;
    size_t n = transfers_of(r->c, r->place.unit, incoming, waiting, some_months_ago(r->c->today), &all);
    ui_sheet(r, title, NULL, NULL);
    if (n)
        transfer_rows(r, all, n, incoming);
    else
        ui_empty(r, nothing, NULL, NULL);
    ui_sheet_end(r);
}

static void actions(struct request *r)
{
    if (scope_any(r->c, &membership_kind, ACT_CHANGE))
        ui_button(r, url(r, "/transfer/send", NULL), "arrow-right", T(r, "Giới thiệu chuyển đi", "Send a member"), true);
}

void p_transfer(struct request *r)
{
    page_begin(r, &(struct page){.title = T(r, "Chuyển sinh hoạt đảng", "Transfers"), .chapter = CHAPTER_PEOPLE, .actions = actions,
                                 .lead = T(r, "Đảng viên đã giới thiệu đi vẫn tính ở nơi đi đến khi nơi đến tiếp nhận.", "Who was sent is counted at the sender until received."),
                                 .crumbs = {{T(r, "Con người", "People"), url(r, "/person", NULL)}, {T(r, "Chuyển sinh hoạt", "Transfers"), NULL}}});
    html(&r->out, "<div class=\"stack\">");
    sheet_of(r, T(r, "Chờ tiếp nhận", "Waiting to be received"), true, true, T(r, "Không có ai đang chờ tiếp nhận.", "Nobody waits to be received."));
    sheet_of(r, T(r, "Đã giới thiệu đi, nơi đến chưa tiếp nhận", "Sent, not yet received"), false, true, T(r, "Không có ai đang trên đường chuyển đi.", "Nobody is on the way."));
    sheet_of(r, T(r, "Đã tiếp nhận trong ba tháng qua", "Received in the last three months"), true, false, T(r, "Không tiếp nhận ai trong ba tháng qua.", "Nobody was received in the last three months."));
    html(&r->out, "</div>");
    page_end(r);
}

/* --- forms ---------------------------------------------------------------------------------------------------- */

static void row(struct request *r, const struct problems *p, const char *name, const char *label, const char *hint, const char *value, const char *ref, bool optional)
{
    struct buf *o = &r->out;
    const struct problem *wrong = ui_problem_of(p, name);
    html_f(o, "<div class=\"row%s\">", wrong ? " bad" : "");
    ui_label(r, arena_printf(&r->c->arena, "f-%s", name), arena_printf(&r->c->arena, "%s%s", label, optional ? T(r, " (không bắt buộc)", " (optional)") : ""));
    if (hint)
        html_f(o, "<p class=\"hint\" id=\"h-%s\">%s</p>", name, hint);
    if (wrong)
        html_f(o, "<p class=\"error\" id=\"e-%s\">%s</p>", name, wrong->text);
    html_f(o, "<input class=\"field%s\" id=\"f-%s\" name=\"%s\" value=\"%s\" autocomplete=\"off\"", ref ? "" : " short", name, name, value ? value : "");
    if (ref)
        html_f(o, " data-ref=\"%s\"", ref);
    if (hint || wrong)
        html_f(o, " aria-describedby=\"%s%s\"", wrong ? "e-" : "h-", name);
    html(o, "></div>");
}

static const char *kept_value(struct request *r, const char *name, const char *otherwise)
{
    const char *s = form_get(r, name);
    return s ? s : otherwise;
}

static void form_begin(struct request *r, const char *title, const char *action, const struct problems *p)
{
    page_begin(r, &(struct page){.title = title, .chapter = CHAPTER_PEOPLE, .error = p && p->n, .crumbs = {{T(r, "Chuyển sinh hoạt", "Transfers"), url(r, "/transfer", NULL)}, {title, NULL}}});
    ui_problems(r, p, &membership_kind);
    ui_form_guarded(r, action, "form sheet");
    html(&r->out, "<div class=\"body\">");
    if (r->place.unit)
        ui_hidden(r, "unit", r->place.code);
}

static void form_finish(struct request *r, const char *words)
{
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\">%s</button>", words);
    ui_button(r, url(r, "/transfer", NULL), NULL, T(r, "Thôi", "Cancel"), false);
    html(&r->out, "</div></div>");
    ui_form_end(r);
    page_end(r);
}

static void send_form(struct request *r, const struct problems *p)
{
    char shown[DAY_TEXT];
    if (!db_begin(r->c, DB_READ))
        return;
    form_begin(r, T(r, "Giới thiệu chuyển sinh hoạt đảng", "Send a member to another cell"), "/transfer/send", p);
    row(r, p, "person", T(r, "Đảng viên", "Member"), T(r, "Gõ tên hoặc mã hồ sơ", "Name or code"), kept_value(r, "person", query_get(r, "person")), "person", false);
    row(r, p, "sent_to", T(r, "Chuyển đến chi bộ", "To the cell"), T(r, "Gõ tên hoặc mã chi bộ nơi đến", "Name or code of the cell"), kept_value(r, "sent_to", NULL), "unit", false);
    row(r, p, "sent_on", T(r, "Ngày giới thiệu", "Sent on"), NULL, kept_value(r, "sent_on", day_vi(r->c->today.v, shown)), NULL, false);
    row(r, p, "paper", T(r, "Số giấy giới thiệu", "Introduction paper"), T(r, "Ví dụ 15-GGT", "Such as 15-GGT"), kept_value(r, "paper", NULL), NULL, true);
    form_finish(r, T(r, "Giới thiệu chuyển đi", "Send"));
    db_commit(r->c);
}

void p_transfer_send(struct request *r)
{
    send_form(r, NULL);
}

static void take(struct request *r, struct problems *p, void *stay, const char *field)
{
    const char *value = form_get(r, field), *why = value ? type_parse(r->c, field_need(&membership_kind, field), value_text(value), stay) : NULL;
    if (why)
        problem(p, field, "%s", "%s", why);
    else if (str_blank(value) && strcmp(field, "paper") != 0)
        problem(p, field, "Nhập %s.", "Enter %s.", in_words(r->c, field_need(&membership_kind, field)->label));
}

static bool saved(struct request *r, void *stay, struct problems *p)
{
    bool ok = stay && !p->n && record_save(r->c, &membership_kind, stay, p);
    if (ok)
        return db_commit(r->c);
    db_rollback(r->c);
    return false;
}

/* The person that the form names, by what the reference of a stay reads. 0 with a problem. */
static int64_t person_sent(struct request *r, struct problems *p)
{
    void *scratch = arena_alloc(&r->c->arena, membership_kind.size);
    take(r, p, scratch, "person");
    return p->n ? 0 : field_ref(field_need(&membership_kind, "person"), scratch);
}

void p_transfer_send_post(struct request *r)
{
    struct problems p;
    problems_start(&p, r->c);
    if (!db_begin(r->c, DB_WRITE))
        return;
    int64_t person = person_sent(r, &p);
    void *stay = person ? transfer_stay(r->c, person, true) : NULL;
    if (stay) {
        take(r, &p, stay, "sent_to");
        take(r, &p, stay, "sent_on");
        take(r, &p, stay, "paper");
    } else if (failed(r->c) && r->c->err.code == ERR_MISSING) { /* said beside the field, not on a page of errors */
        problem(&p, "person", "%s", "%s", r->c->err.text);
        r->c->err = (struct err){0};
    }
    if (saved(r, stay, &p)) {
        redirect(r, url(r, "/transfer", "notice", "sent", NULL));
    } else if (!failed(r->c)) {
        r->status = 422;
        send_form(r, &p);
    }
}

static void *stay_of_address(struct request *r)
{
    int64_t id;
    void *stay = int_parse(r->parts[0], &id) ? record_find(r->c, &membership_kind, id, ACT_CHANGE) : NULL;
    if (!stay)
        fail(r->c, ERR_MISSING, "Không có giấy giới thiệu này, hoặc bạn không được tiếp nhận.", "There is no such transfer, or it is not yours to receive.");
    return stay;
}

static void receive_form(struct request *r, const void *stay, const struct problems *p)
{
    char shown[DAY_TEXT];
    void *rows[] = {(void *)(uintptr_t)stay};
    if (!db_begin(r->c, DB_READ))
        return;
    const struct labels *labels = labels_of(r->c, &membership_kind, rows, 1);
    const char *name = value_words(r, field_need(&membership_kind, "person"), stay, labels, false), *cell = value_words(r, field_need(&membership_kind, "cell"), stay, labels, false);
    form_begin(r, arena_printf(&r->c->arena, T(r, "Tiếp nhận %s", "Receive %s"), name), arena_printf(&r->c->arena, "/transfer/%s/receive", r->parts[0]), p);
    html_f(&r->out, "<p>%s <b>%s</b>. %s</p>", T(r, "Về sinh hoạt tại", "Into"), cell,
           T(r, "Từ ngày tiếp nhận, đảng viên tính ở chi bộ này và thôi tính ở nơi đi.", "From that day on the member is counted here and no longer where they came from."));
    row(r, p, "since", T(r, "Ngày tiếp nhận", "Received on"), NULL, kept_value(r, "since", day_vi(r->c->today.v, shown)), NULL, false);
    form_finish(r, T(r, "Tiếp nhận", "Receive"));
    db_commit(r->c);
}

void p_transfer_receive(struct request *r)
{
    void *stay = stay_of_address(r);
    if (stay)
        receive_form(r, stay, NULL);
}

void p_transfer_receive_post(struct request *r)
{
    struct problems p;
    problems_start(&p, r->c);
    if (!db_begin(r->c, DB_WRITE))
        return;
    void *stay = stay_of_address(r);
    if (stay)
        take(r, &p, stay, "since");
    if (saved(r, stay, &p)) {
        redirect(r, url(r, "/transfer", "notice", "received", NULL));
    } else if (!failed(r->c)) {
        r->status = 422;
        receive_form(r, stay, &p);
    }
}
