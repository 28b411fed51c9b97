/* One action on many records of a kind: on those chosen, or on all that match the list's conditions. Shown first with their number;
 * carried out whole or not at all, as one batch, so that it can be undone as one. */
#include "filters.h"
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/model.h"
#include "model/scope.h"
#include "model/type.h"

enum { MOST = 5000, NAMED = 12 };

struct bulk {
    struct request *r;
    int64_t ids[MOST];
    size_t n;
    bool more; /* than may be done at once */
    unsigned act;
    const struct field *field; /* to be set; NULL: removal */
    const char *value;
};

/* What many records may have in common: not what names one. */
static bool settable(const struct kind *k, const struct field *f)
{
    return !(f->flags & (READONLY | SECRET | UNIQUE | INPUT | MOVED | PERSONAL)) && !(k->title && strcmp(k->title, f->name) == 0);
}

static void add_id(struct bulk *b, int64_t id)
{
    if (b->n < MOST)
        b->ids[b->n++] = id;
    else
        b->more = true;
}

/* The ids: of the ticked boxes, or of what the filter finds and the actor may do this to. In a transaction. */
static bool gather(struct bulk *b)
{
    struct request *r = b->r;
    int64_t id;
    if (!str_same(form_get(r, "whole"), "1")) {
        for (const struct input *in = r->form; in; in = in->next)
            if (strcmp(in->name, "id") == 0 && int_parse(in->value, &id))
                add_id(b, id);
        return true;
    }
    struct filter f;
    if (!filter_of_address(r, &f))
        return false;
    f.act = b->act;
    f.by_id = true;
    f.after = NULL;
    struct stream *s = record_stream(r->c, &f);
    for (const struct row *row; !b->more && (row = stream_next(s));)
        add_id(b, row->id);
    stream_end(s);
    return !failed(r->c);
}

static void carry_along(struct bulk *b)
{
    struct request *r = b->r;
    filter_hidden(r);
    ui_hidden(r, "what", form_get(r, "what"));
    if (str_same(form_get(r, "whole"), "1"))
        ui_hidden(r, "whole", "1");
    else
        for (size_t i = 0; i < b->n; i++)
            ui_hidden(r, "id", arena_printf(&r->c->arena, "%lld", (long long)b->ids[i]));
}

static void names(struct bulk *b)
{
    struct request *r = b->r;
    html(&r->out, "<ul>");
    for (size_t i = 0; i < b->n && i < NAMED; i++) {
        const void *record = record_find(r->c, r->kind, b->ids[i], ACT_READ);
        if (record)
            html_f(&r->out, "<li>%s</li>", record_name(r->c, r->kind, record));
    }
    if (b->n > NAMED)
        html_f(&r->out, "<li>… %s %zu</li>", T(r, "và thêm", "and more:"), b->n - NAMED);
    html(&r->out, "</ul>");
}

static void which_field(struct bulk *b)
{
    struct request *r = b->r;
    const char *given = form_get(r, "field"), *value = form_get(r, "value");
    html_f(&r->out, "<div class=\"row\"><label for=\"f-field\">%s</label><select class=\"field\" id=\"f-field\" name=\"field\"><option value=\"\">%s</option>", T(r, "Cột cần sửa", "Field to set"), T(r, "— chọn —", "— choose —"));
    for (size_t i = 0; i < r->kind->nfields; i++) {
        const struct field *f = &r->kind->fields[i];
        if (!settable(r->kind, f))
            continue;
        html_f(&r->out, "<option value=\"%s\"", f->name);
        if (given && strcmp(given, f->name) == 0)
            html(&r->out, " selected");
        html_f(&r->out, ">%s</option>", in_words(r->c, f->label));
    }
    html_f(&r->out, "</select></div><div class=\"row\"><label for=\"f-value\">%s</label><p class=\"hint\">%s</p><input class=\"field\" id=\"f-value\" name=\"value\" value=\"%s\"></div>",
           T(r, "Giá trị mới", "New value"), T(r, "Viết như trong danh sách, ví dụ “Kinh” hoặc 19/05/2020; để trống là xóa giá trị", "As the list shows it, such as “Kinh” or 19/05/2020; blank clears the value"),
           value ? value : "");
}

static void confirm_page(struct bulk *b, const struct problems *p)
{
    struct request *r = b->r;
    char n[32];
    bool removal = b->act == ACT_REMOVE;
    const char *title = removal ? arena_printf(&r->c->arena, T(r, "Xóa %s %s khỏi danh sách?", "Remove %s %s from the list?"), int_vi((int64_t)b->n, n), kind_noun(r, r->kind))
                                : arena_printf(&r->c->arena, T(r, "Sửa một cột của %s %s", "Set a field of %s %s"), int_vi((int64_t)b->n, n), kind_noun(r, r->kind));
    if (!db_begin(r->c, DB_READ))
        return;
    place_of_form(r);
    page_begin(r, &(struct page){.title = title, .chapter = chapter_of(r->kind), .error = p && p->n,
                                 .lead = T(r, "Làm trọn cả hoặc không làm gì; hoàn tác được một lần cho tất cả.", "All of it or nothing; undone in one step.")});
    ui_problems(r, p, r->kind);
    ui_form(r, arena_printf(&r->c->arena, "/%s/bulk", r->kind->name), "form sheet");
    html(&r->out, "<div class=\"body\">");
    carry_along(b);
    names(b);
    if (!removal)
        which_field(b);
    html(&r->out, "<div class=\"row\">");
    ui_label(r, "f-reason", T(r, "Lý do (không bắt buộc, ghi vào nhật ký)", "Reason (optional, kept in the history)"));
    html(&r->out, "<input class=\"field\" id=\"f-reason\" name=\"reason\" maxlength=\"300\"></div>");
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn %s\" name=\"confirm\" value=\"1\">%s</button>", removal ? "danger" : "main", removal ? T(r, "Xóa khỏi danh sách", "Remove") : T(r, "Lưu cho tất cả", "Save for all"));
    ui_button(r, filter_address(r, arena_printf(&r->c->arena, "/%s", r->kind->name), NULL), NULL, T(r, "Thôi", "Cancel"), false);
    html(&r->out, "</div></div>");
    ui_form_end(r);
    page_end(r);
    db_commit(r->c);
}

/* Does it to one; a refusal is told with the record's name. */
static void do_one(struct bulk *b, int64_t id, struct problems *all)
{
    struct ctx *c = b->r->c;
    struct problems p;
    problems_start(&p, c);
    void *record = record_find(c, b->r->kind, id, b->act);
    if (!record) {
        problem(all, NULL, "Một hồ sơ không còn, hoặc bạn không được làm việc này với nó.", "One record is gone, or it is not yours to do this to.");
        return;
    }
    const char *why = b->field ? type_parse(c, b->field, value_text(b->value), record) : NULL;
    if (why)
        problem(&p, b->field->name, "%s", "%s", why);
    else if (b->field)
        record_save(c, b->r->kind, record, &p);
    else
        record_remove(c, b->r->kind, id, 0, &p);
    for (const struct problem *one = p.n ? p.first : NULL; one; one = one->next)
        if (!one->warning)
            problem(all, NULL, "%s: %s", "%s: %s", record_name(c, b->r->kind, record), one->text);
}

static void do_all(struct bulk *b)
{
    struct request *r = b->r;
    struct ctx *c = r->c;
    struct problems p;
    const char *reason = form_get(r, "reason");
    problems_start(&p, c);
    int64_t batch = c->batch = record_new_id(c);
    c->reason = reason && *reason ? reason : NULL;
    for (size_t i = 0; i < b->n && !failed(c) && p.n < NAMED; i++)
        do_one(b, b->ids[i], &p);
    c->batch = 0;
    c->reason = NULL;
    if (p.n || failed(c)) {
        db_rollback(c);
        if (!failed(c)) {
            r->status = 422;
            confirm_page(b, &p);
        }
        return;
    }
    if (db_commit(c))
        redirect(r, filter_address(r, arena_printf(&c->arena, "/%s", r->kind->name), "notice", b->act == ACT_REMOVE ? "removed" : "saved", "undo",
                                   arena_printf(&c->arena, "/batch/%lld/undo", (long long)batch), NULL));
}

void p_bulk(struct request *r)
{
    struct bulk *b = NEW(&r->c->arena, struct bulk);
    const char *what = form_get(r, "what"), *field = form_get(r, "field"), *value = form_get(r, "value");
    *b = (struct bulk){.r = r, .act = str_same(what, "remove") ? ACT_REMOVE : ACT_CHANGE, .value = value ? value : ""};
    bool confirmed = str_same(form_get(r, "confirm"), "1");
    if (r->kind->flags & COMPUTED) {
        fail(r->c, ERR_MISSING, "%s do chương trình ghi.", "%s are written by the program.", in_words(r->c, r->kind->plural));
        return;
    }
    if (b->act == ACT_CHANGE && field && *field && !((b->field = field_find(r->kind, field)) && settable(r->kind, b->field))) {
        fail(r->c, ERR_USAGE, "Không sửa được cột “%s” cho nhiều hồ sơ.", "Field “%s” cannot be set for many.", field);
        return;
    }
    if (!db_begin(r->c, confirmed ? DB_WRITE : DB_READ))
        return;
    if (gather(b) && (!b->n || b->more))
        fail(r->c, ERR_BAD_INPUT, "Hãy chọn từ 1 đến %d hồ sơ.", "Please choose from 1 to %d records.", MOST);
    if (!failed(r->c) && confirmed && (b->field || b->act == ACT_REMOVE)) {
        do_all(b);
        return;
    }
    if (db_commit(r->c) && !failed(r->c))
        confirm_page(b, NULL);
}

void p_batch_undo(struct request *r)
{
    struct problems p;
    int64_t batch = 0;
    problems_start(&p, r->c);
    if (!int_parse(r->parts[0], &batch)) {
        fail(r->c, ERR_MISSING, "Không có đợt này, hoặc bạn không được xem.", "There is no such batch, or it is not yours to see.");
        return;
    }
    if (!db_begin(r->c, DB_WRITE))
        return;
    if (record_undo_batch(r->c, batch, &p) < 0 && !failed(r->c))
        fail(r->c, ERR_CONFLICT, "Không hoàn tác được: %s", "It cannot be undone: %s", p.first ? p.first->text : "");
    if (db_commit(r->c) && !failed(r->c))
        redirect(r, own_path(form_get(r, "back")));
}
