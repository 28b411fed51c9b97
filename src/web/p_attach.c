/* Files that belong to records: sent with a form, taken back as what they are and never shown within a page of ours. */
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "base/temp.h"
#include "model/scope.h"
#include "model/type.h"
#include "party/system/attachment_store.h"

#include <fcntl.h>
#include <unistd.h>

static void text_row(struct request *r, const struct field *f, const struct problems *p, const char *label, const char *hint, const char *value)
{
    struct buf *o = &r->out;
    const struct problem *wrong = ui_problem_of(p, f->name);
    html_f(o, "<div class=\"row%s\">", wrong ? " bad" : "");
    ui_label(r, arena_printf(&r->c->arena, "f-%s", f->name), label);
    if (hint)
        html_f(o, "<p class=\"hint\" id=\"h-%s\">%s</p>", f->name, hint);
    if (wrong)
        html_f(o, "<p class=\"error\" id=\"e-%s\">%s</p>", f->name, wrong->text);
    if (f->type == TYPE_REF)
        html(o, "<div class=\"ref\">");
    html_f(o, "<input class=\"field\" id=\"f-%s\" name=\"%s\" value=\"%s\" autocomplete=\"off\"", f->name, f->name, value ? value : "");
    if (f->type == TYPE_REF)
        html_f(o, " data-ref=\"%s\"", f->to->name);
    if (hint || wrong)
        html_f(o, " aria-describedby=\"%s%s%s%s%s\"", hint ? "h-" : "", hint ? f->name : "", hint && wrong ? " " : "", wrong ? "e-" : "", wrong ? f->name : "");
    if (wrong)
        html(o, " aria-invalid=\"true\"");
    html(o, ">");
    if (f->type == TYPE_REF)
        html(o, "</div>");
    html(o, "</div>");
}

static void file_row(struct request *r, const struct problems *p)
{
    struct buf *o = &r->out;
    const struct problem *wrong = ui_problem_of(p, "file");
    html_f(o, "<div class=\"row%s\"><div class=\"drop\"><label for=\"f-file\">%s</label><p class=\"hint\" id=\"h-file\">%s</p>", wrong ? " bad" : "", T(r, "Tệp", "File"),
           T(r, "PDF, DOCX, XLSX, JPG hoặc PNG, đến 20 MB", "PDF, DOCX, XLSX, JPG or PNG, up to 20 MB"));
    if (wrong)
        html_f(o, "<p class=\"error\" id=\"e-file\">%s</p>", wrong->text);
    html_f(o, "<input type=\"file\" id=\"f-file\" name=\"file\" accept=\".pdf,.docx,.xlsx,.jpg,.jpeg,.png\" aria-describedby=\"h-file%s\"></div></div>", wrong ? " e-file" : "");
}

static void form_page(struct request *r, int64_t id, const struct problems *p)
{
    const struct kind *k = &attachment_kind;
    const char *unit = form_get(r, "of_unit") ? form_get(r, "of_unit") : query_get(r, "of_unit");
    const struct problem *secret = ui_problem_of(p, "open");
    if (!db_begin(r->c, DB_READ))
        return;
    place_of_form(r);
    page_begin(r, &(struct page){.title = T(r, "Đính kèm tệp", "Attach a file"), .chapter = CHAPTER_UNITS, .error = p && p->n,
                                 .crumbs = {{in_words(r->c, k->plural), url(r, "/attachment", NULL)}, {T(r, "Đính kèm tệp", "Attach a file"), NULL}}});
    ui_problems(r, p, k);
    html(&r->out, "<form method=\"post\" action=\"/attachment/new\" enctype=\"multipart/form-data\" class=\"form sheet\" novalidate><div class=\"body\">");
    ui_hidden(r, "csrf", r->who.csrf);
    ui_hidden(r, "new", arena_printf(&r->c->arena, "%lld", (long long)id));
    if (r->place.unit)
        ui_hidden(r, "unit", r->place.code);
    file_row(r, p);
    text_row(r, field_need(k, "of_unit"), p, T(r, "Của đơn vị", "Of the unit"), T(r, "Gõ tên hoặc mã đơn vị", "Name or code of the unit"), unit ? unit : r->place.unit ? r->place.code : "");
    text_row(r, field_need(k, "name"), p, T(r, "Tên gọi (không bắt buộc)", "Name (optional)"), T(r, "Ví dụ: Quyết định 12-QĐ/ĐU; để trống thì lấy tên tệp", "Such as: Decision 12-QĐ/ĐU; blank takes the file's own"),
             form_get(r, "name"));
    text_row(r, field_need(k, "note"), p, T(r, "Ghi chú (không bắt buộc)", "Note (optional)"), NULL, form_get(r, "note"));
    html_f(&r->out, "<div class=\"row%s\">", secret ? " bad" : "");
    if (secret)
        html_f(&r->out, "<p class=\"error\" id=\"e-open\">%s</p>", secret->text);
    html(&r->out, "<div class=\"opts\"><label class=\"opt\"><input type=\"checkbox\" id=\"f-open\" name=\"open\" value=\"1\"");
    html_f(&r->out, "%s><span>%s<small>%s</small></span></label></div></div>", str_same(form_get(r, "open"), "1") ? " checked" : "",
           T(r, "Tài liệu không thuộc bí mật nhà nước", "The document is no state secret"),
           T(r, "Tài liệu đóng dấu Mật, Tối mật, Tuyệt mật không được đưa lên đây: chỉ ghi số và ngày.", "What is stamped secret must not be put here: enter its number and date only."));
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\">%s</button>", T(r, "Đính kèm tệp", "Attach the file"));
    ui_button(r, url(r, "/attachment", NULL), NULL, T(r, "Thôi", "Cancel"), false);
    html(&r->out, "</div></div></form>");
    page_end(r);
    db_commit(r->c);
}

static bool may_add(struct request *r)
{
    if (!db_begin(r->c, DB_READ))
        return false;
    if (!scope_any(r->c, &attachment_kind, ACT_ADD))
        fail(r->c, ERR_MISSING, "Không có trang này, hoặc bạn không được xem.", "There is no such page, or it is not yours to see.");
    return db_commit(r->c);
}

void p_attach(struct request *r)
{
    if (may_add(r))
        form_page(r, record_new_id(r->c), NULL);
}

/* The last part of a name that a browser sent: some send the whole path. */
static const char *base_name(const char *s)
{
    const char *slash = strrchr(s, '/'), *back = strrchr(s, '\\');
    s = slash ? slash + 1 : s;
    return back && back >= s ? back + 1 : s;
}

static bool blank(const char *s)
{
    return !s || str_blank(s);
}

/* What was sent, as far as it can be judged without opening the file. */
static struct to_attach asked(struct request *r, struct problems *p)
{
    const struct input *file = form_file(r, "file");
    const char *name = form_get(r, "name"), *note = form_get(r, "note"), *unit = form_get(r, "of_unit");
    struct to_attach a = {.id = form_new_id(r), .note = blank(note) ? NULL : note};
    const struct field *of_unit = field_need(&attachment_kind, "of_unit");
    void *scratch = arena_alloc(&r->c->arena, attachment_kind.size);
    if (!file || !file->size)
        problem(p, "file", "Chọn tệp cần đính kèm, ví dụ bản quét quyết định (PDF).", "Choose the file to attach, such as the scan of a decision (PDF).");
    else
        a.path = file->path, a.name = blank(name) ? base_name(file->value) : name;
    const char *why = blank(unit) ? say(r->c, "Ghi tên hoặc mã đơn vị có tệp này.", "Give the name or code of the unit that has this file.") : type_parse(r->c, of_unit, value_text(unit), scratch);
    if (why)
        problem(p, "of_unit", "%s", "%s", why);
    else
        a.unit = field_ref(of_unit, scratch);
    if (!str_same(form_get(r, "open"), "1"))
        problem(p, "open", "Xác nhận tài liệu không thuộc bí mật nhà nước; nếu thuộc thì không đính kèm.", "Confirm that the document is no state secret; if it is, do not attach it.");
    return a;
}

/* The right is asked for before what may take long. */
void p_attach_post(struct request *r)
{
    struct ctx *c = r->c;
    struct problems p;
    struct row *row = NULL;
    problems_start(&p, c);
    if (!may_add(r) || !db_begin(c, DB_WRITE))
        return;
    struct to_attach a = asked(r, &p);
    if (a.id && record_find(c, &attachment_kind, a.id, ACT_READ)) { /* sent twice: it is there */
        db_rollback(c);
        redirect(r, url(r, arena_printf(&c->arena, "/attachment/%lld", (long long)a.id), "notice", "added", NULL));
        return;
    }
    if (!p.n && !failed(c))
        row = attachment_put(c, &a, &p);
    if (row && db_commit(c)) {
        redirect(r, url(r, arena_printf(&c->arena, "/attachment/%lld", (long long)row->id), "notice", "added", NULL));
        return;
    }
    db_rollback(c);
    if (failed(c) && c->err.code == ERR_BAD_INPUT) { /* the file itself: said beside it */
        const char *why = c->err.text;
        c->err = (struct err){0};
        problem(&p, "file", "%s", "%s", why);
    }
    if (!failed(c)) {
        r->status = 422;
        form_page(r, a.id ? a.id : record_new_id(c), &p);
    }
}

void p_attached_file(struct request *r)
{
    struct ctx *c = r->c;
    int64_t id = 0;
    if (!db_begin(c, DB_READ))
        return;
    const struct row *row = int_parse(r->parts[0], &id) ? record_find(c, &attachment_kind, id, ACT_READ) : NULL;
    if (!row)
        fail(c, ERR_MISSING, "Không có tệp này, hoặc bạn không được xem.", "There is no such file, or it is not yours to see.");
    char *path = NULL;
    int fd = row ? temp_file(&c->arena, "file", &path) : -1;
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (row && !f)
        fail(c, ERR_FULL, "Không tạo được tệp tạm.", "Cannot make a temporary file.");
    if (f && !attachment_read(c, row->shard, row->id, f))
        fail(c, ERR_BROKEN, "Tệp lấy ra không khớp mã băm: dữ liệu hỏng, báo người quản trị.", "The file does not match its hash: the data are damaged, tell the administrator.");
    if (f && (ferror(f) | fclose(f)) != 0)
        fail(c, ERR_FULL, "Đĩa của máy chủ đầy.", "The server's disk is full.");
    if (!db_commit(c)) {
        if (fd >= 0)
            unlink(path);
        return;
    }
    r->file = path;
    r->type = type_plain(c, field_need(&attachment_kind, "media"), row);
    r->download = attachment_file_name(c, row);
    answer_header(r, "Content-Security-Policy", "sandbox; default-src 'none'");
}
