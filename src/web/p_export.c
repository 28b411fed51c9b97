/* Taking records of any kind out as a file: all that match the list's conditions, those it shows, or those that were ticked. Rights and the
 * note in the audit are those of export_records(); many personal records ask for a reason and the password. */
#include "filters.h"
#include "history.h"
#include "identify.h"
#include "job.h"
#include "made.h"
#include "page.h"
#include "pages.h"
#include "server.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "base/temp.h"
#include "model/export.h"
#include "model/scope.h"

#include <unistd.h>

enum { COUNT_MOST = 10000, TICKED_MOST = 200, DIRECT_MOST = 5000, MARKS_MOST = 7 }; /* DIRECT_MOST: more is made by a job */

enum { UNASKED = 50 }; /* so many personal records leave without a reason */

static void ask_reason(struct request *r, int64_t n)
{
    char all[32];
    page_begin(r, &(struct page){.title = T(r, "Vì sao xuất danh sách này?", "Why is this list taken out?"), .chapter = chapter_of(r->kind),
                                 .lead = arena_printf(&r->c->arena, T(r, "%s hồ sơ cá nhân sẽ ra khỏi hệ thống. Lý do được ghi vào nhật ký cùng tên đồng chí.",
                                                                        "%s personal records will leave the system. The reason goes into the audit with your name."),
                                                      int_vi(n, all))});
    html_f(&r->out, "<form class=\"form sheet\" action=\"%s\"><div class=\"body\">", r->path);
    for (const struct input *in = r->query; in; in = in->next)
        if (strcmp(in->name, "reason") != 0)
            ui_hidden(r, in->name, in->value);
    html_f(&r->out, "<div class=\"row\"><label for=\"f-reason\">%s</label><p class=\"hint\">%s</p><input class=\"field\" id=\"f-reason\" name=\"reason\" maxlength=\"300\"></div>", T(r, "Lý do", "Reason"),
           T(r, "Ví dụ: lập danh sách đại hội chi bộ tháng 3/2027", "For example: list for the congress of March 2027"));
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\">%s</button></div></div></form>", T(r, "Xuất danh sách", "Export the list"));
    page_end(r);
}

/* Who took it out, when, from where and why: on a sheet of its own, so that the list itself can be read back. */
static void marks_of(struct request *r, const struct filter *f, struct export_options *o)
{
    char day_text[DAY_TEXT];
    struct export_mark *m = NEW_N(&r->c->arena, struct export_mark, MARKS_MOST);
    size_t n = 0;
    m[n++] = (struct export_mark){T(r, "Danh sách", "List"), in_words(r->c, r->kind->plural)};
    if (f->nids)
        m[n++] = (struct export_mark){T(r, "Phạm vi", "Which"), arena_printf(&r->c->arena, T(r, "%zu dòng được chọn", "%zu that were chosen"), f->nids)};
    m[n++] = (struct export_mark){T(r, "Đơn vị", "Unit"), r->place.unit ? r->place.name : T(r, "Mọi đơn vị được xem", "All that may be seen")};
    m[n++] = (struct export_mark){T(r, "Tính đến ngày", "As at"), arena_text(&r->c->arena, day_vi(r->place.at.v, day_text))};
    m[n++] = (struct export_mark){T(r, "Người xuất", "Taken out by"), r->who.name && *r->who.name ? arena_printf(&r->c->arena, "%s (%s)", r->who.name, r->who.login) : r->who.login};
    m[n++] = (struct export_mark){T(r, "Xuất lúc", "Taken out at"), moment_words(r, r->c->now)};
    m[n++] = (struct export_mark){T(r, "Lý do", "Reason"), o->reason ? o->reason : "—"};
    o->marks = m;
    o->nmarks = n;
}

static int64_t count_of(struct ctx *c, const struct filter *f)
{
    struct filter may = *f;
    may.act = ACT_EXPORT;
    return record_count_to(c, &may, COUNT_MOST);
}

/* ?id=…&id=…: those that were ticked, whatever else the list asked; ?shown=1: those of the page that is looked at. */
static void only_some(struct request *r, struct filter *f)
{
    int64_t *ids = NEW_N(&r->c->arena, int64_t, PAGE_MOST), id;
    size_t n = 0;
    for (const struct input *in = r->query; in; in = in->next)
        if (strcmp(in->name, "id") == 0 && int_parse(in->value, &id) && n < TICKED_MOST)
            ids[n++] = id;
    if (n)
        *f = (struct filter){.kind = f->kind, .at = f->at, .all_times = true, .sort = f->sort, .descending = f->descending};
    if (!n && str_same(query_get(r, "shown"), "1")) {
        struct list l = record_list(r->c, f);
        while (n < l.n)
            ids[n] = ((const struct row *)l.rows[n])->id, n++;
        if (!n)
            ids[n++] = 0; /* nothing is shown */
    }
    f->ids = n ? ids : NULL;
    f->nids = n;
    f->after = NULL;
}

static const char *end_of(enum export_format f)
{
    return f == EXPORT_CSV ? "csv" : f == EXPORT_JSON ? "json" : "xlsx";
}

static const char *name_of_file(struct request *r)
{
    char day_text[DAY_TEXT];
    return arena_printf(&r->c->arena, "%s%s%s-%s-%s", in_words(r->c, r->kind->plural), r->place.unit ? " " : "", r->place.unit ? r->place.code : "", day_iso(r->place.at.v, day_text), r->who.login);
}

/* --- as a job ---------------------------------------------------------------------------------------------- */

struct export_work {
    char id[SPOOL_NAME];
    int64_t account, unit;
    day at;
    size_t kind;               /* in kinds[] */
    enum export_format format;
    struct packed conditions;  /* name, value, name, value ... */
    struct packed words;       /* reason, title, about, name of the file, unit, again; then the marks, label and value */
};

/* The filter as the address told it. */
static bool filter_again(struct ctx *c, const struct export_work *w, struct filter *f)
{
    size_t at = 0;
    *f = (struct filter){.kind = kinds[w->kind]};
    for (const char *name, *value; (name = unpack(&w->conditions, &at)) && (value = unpack(&w->conditions, &at));)
        if (!filter_set(c, f, name, strcmp(value, "-") == 0 ? "" : value))
            return false;
    f->unit = w->unit;
    f->at = w->at;
    f->after = NULL;
    return true;
}

static void run_export(struct ctx *c, struct job *job, const void *of)
{
    const struct export_work *w = of;
    struct filter f;
    size_t at = 0;
    const char *spool = job_server(job)->spool, *reason = unpack(&w->words, &at);
    struct made m = {.account = w->account, .kind = kinds[w->kind], .title = unpack(&w->words, &at), .about = unpack(&w->words, &at), .name = unpack(&w->words, &at), .unit = unpack(&w->words, &at),
                     .again = unpack(&w->words, &at), .ends = end_of(w->format), .made_at = c->now.v};
    struct export_mark marks[MARKS_MOST];
    struct export_options o = {.format = w->format, .reason = *reason ? reason : NULL, .marks = marks, .progress = job_progress, .progress_to = job};
    memcpy(m.id, w->id, SPOOL_NAME);
    for (const char *label; o.nmarks < N(marks) && (label = unpack(&w->words, &at));)
        marks[o.nmarks++] = (struct export_mark){label, unpack(&w->words, &at)};
    if (!db_begin(c, DB_READ))
        return;
    bool known = filter_again(c, w, &f);
    if (!db_commit(c) || !known)
        return;
    o.path = made_path(c, spool, &m, m.ends);
    m.rows = export_records(c, &f, &o);
    if (m.rows < 0 || !made_save(c, spool, &m))
        unlink(o.path);
}

static void pack_words(struct request *r, struct export_work *w, const struct export_options *o)
{
    char at[DAY_TEXT];
    const char *title = arena_printf(&r->c->arena, T(r, "Xuất danh sách: %s", "Export: %s"), in_words(r->c, r->kind->plural));
    pack(&w->words, o->reason);
    pack(&w->words, title);
    pack(&w->words, arena_printf(&r->c->arena, "%s · %s", r->place.unit ? r->place.name : T(r, "Mọi đơn vị được xem", "All that may be seen"), day_vi(r->place.at.v, at)));
    pack(&w->words, name_of_file(r));
    pack(&w->words, r->place.unit ? r->place.code : "");
    pack(&w->words, here(r, "part", "", NULL));
    for (size_t i = 0; i < o->nmarks; i++) {
        pack(&w->words, o->marks[i].label);
        pack(&w->words, o->marks[i].value);
    }
}

/* True when a job was begun (or refused); false: it does not fit into one. */
static bool begin_job(struct request *r, const struct filter *f, const struct export_options *o)
{
    struct export_work *w = NEW(&r->c->arena, struct export_work);
    w->account = r->who.account;
    w->unit = f->unit;
    w->at = f->at.v ? f->at : r->place.at;
    w->kind = kind_index(r->kind);
    w->format = o->format;
    spool_name(w->id);
    for (const struct input *in = r->query; in; in = in->next)
        if (!is_page_name(in->name) && *in->value && strcmp(in->name, "unit") != 0 && strcmp(in->name, "at") != 0) {
            pack(&w->conditions, in->name);
            pack(&w->conditions, in->value);
        }
    pack_words(r, w, o);
    if (w->words.full || w->conditions.full)
        return false;
    const char *key = arena_printf(&r->c->arena, "export %lld %s", (long long)r->who.account, here(r, NULL));
    made_begin(r, &(struct job_order){.title = arena_printf(&r->c->arena, T(r, "Xuất danh sách: %s", "Export: %s"), in_words(r->c, r->kind->plural)),
                                      .back = url(r, arena_printf(&r->c->arena, "/%s", r->kind->name), NULL), .key = key, .run = run_export, .of = w, .size = sizeof *w},
               w->id);
    return true;
}

/* --- at once ----------------------------------------------------------------------------------------------- */

static void send_at_once(struct request *r, const struct filter *f, struct export_options *o)
{
    struct ctx *c = r->c;
    char *path;
    int fd = temp_file(&c->arena, "export", &path);
    if (fd < 0) {
        fail(c, ERR_FULL, "Không tạo được tệp tạm.", "Cannot make a temporary file.");
        return;
    }
    close(fd);
    o->path = path;
    if (export_records(c, f, o) < 0) {
        unlink(path);
        return;
    }
    r->file = path;
    r->type = made_type(end_of(o->format));
    r->download = arena_printf(&c->arena, "%s.%s", name_of_file(r), end_of(o->format));
}

void p_export(struct request *r)
{
    struct filter f;
    struct ctx *c = r->c;
    const char *format = query_get(r, "format"), *reason = query_get(r, "reason");
    struct export_options o = {.reason = reason && *reason ? reason : NULL};
    int64_t n = 0;
    bool personal = r->kind->flags & SENSITIVE;
    if (!db_begin(c, DB_READ))
        return;
    if (!filter_of_address(r, &f) || !export_format_parse(format ? format : "xlsx", &o.format)) {
        fail(c, ERR_USAGE, "Định dạng phải là xlsx, csv hoặc json.", "The format must be xlsx, csv or json.");
    } else {
        only_some(r, &f);
        n = f.nids && !personal ? 0 : count_of(c, &f);
        if (personal && n > UNASKED && str_blank(reason))
            ask_reason(r, n);
    }
    if (!db_commit(c) || r->whole || (personal && n > UNASKED && !still_fresh(r)))
        return;
    marks_of(r, &f, &o);
    bool job = n > DIRECT_MOST && !f.nids && r->who.session && r->server->jobs;
    if (!job || !begin_job(r, &f, &o))
        send_at_once(r, &f, &o);
}

/* The form of a list: leads to the address of the export, so that a reason and the password can be asked and the file be fetched again. */
void p_export_ticked(struct request *r)
{
    struct buf b = {0};
    int64_t id;
    size_t n = 0;
    const char *format = form_get(r, "format"), *path = arena_printf(&r->c->arena, "/%s/export", r->kind->name);
    if (!format)
        format = "xlsx";
    if (str_same(form_get(r, "whole"), "1")) {
        redirect(r, filter_address(r, path, "format", format, NULL));
        return;
    }
    buf_puts(&b, filter_address(r, path, "format", format, NULL));
    for (const struct input *in = r->form; in; in = in->next)
        if (strcmp(in->name, "id") == 0 && int_parse(in->value, &id) && ++n <= TICKED_MOST)
            buf_printf(&b, "&id=%lld", (long long)id);
    const char *to = buf_take(&b, &r->c->arena);
    if (!n || n > TICKED_MOST)
        fail(r->c, ERR_BAD_INPUT, "Hãy đánh dấu từ 1 đến %d dòng; nhiều hơn thì dùng “Tất cả dòng khớp điều kiện”.", "Please tick from 1 to %d rows; for more take all that match.", TICKED_MOST);
    else
        redirect(r, to);
}
