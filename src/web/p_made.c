/* What a job made: a page that says what it is and until when it can be fetched, a report as it reads, the files, and how to drop them. */
#include "history.h"
#include "made.h"
#include "page.h"
#include "pages.h"
#include "server.h"
#include "ui.h"

#include "base/str.h"
#include "model/model.h"
#include "model/scope.h"

#include <sys/stat.h>

/* Of the route's part. Whoever lost the right since has lost what was made, too. */
static struct made *made_of(struct request *r)
{
    struct made *m = r->who.account ? made_load(r->c, r->server->spool, r->parts[0], r->who.account) : NULL;
    bool still = m && (!m->kind || scope_any(r->c, m->kind, ACT_EXPORT)) && (!*m->unit || record_by_code(r->c, kind_of_places(), m->unit, ACT_READ));
    if (!still)
        fail(r->c, ERR_MISSING, "Không có tệp này: đã quá một ngày, đã xóa, hoặc không phải của đồng chí. Hãy lập lại.", "There is no such file: a day has passed, it was dropped, or it is not yours. Make it again.");
    return still ? m : NULL;
}

static const char *size_words(struct request *r, const struct made *m, const char *end)
{
    struct stat st;
    int64_t size = stat(made_path(r->c, r->server->spool, m, end), &st) == 0 ? (int64_t)st.st_size : 0;
    char n[32];
    if (size < 1024 * 1024)
        return arena_printf(&r->c->arena, "%s KB", int_vi((size + 1023) / 1024, n));
    return arena_printf(&r->c->arena, r->c->lang == LANG_EN ? "%lld.%lld MB" : "%lld,%lld MB", (long long)(size / (1024 * 1024)), (long long)(size % (1024 * 1024) * 10 / (1024 * 1024)));
}

static bool is_made(const struct made *m, const char *end)
{
    for (const char *s = m->ends; *s; s += strcspn(s, " "), s += *s == ' ')
        if (strcspn(s, " ") == strlen(end) && str_starts(s, end))
            return true;
    return false;
}

static const char *file_href(struct request *r, const struct made *m, const char *end)
{
    return url(r, arena_printf(&r->c->arena, "/made/%s/file", m->id), "to", end, NULL);
}

static const char *label_of_end(struct request *r, const char *end)
{
    return strcmp(end, "xlsx") == 0 ? "Excel (XLSX)" : strcmp(end, "html") == 0 ? T(r, "Trang HTML để lưu", "HTML page to keep") : strcmp(end, "txt") == 0 ? T(r, "Văn bản thuần", "Plain text") : strcmp(end, "csv") == 0 ? "CSV" : "JSON";
}

static void downloads(struct request *r)
{
    const struct made *m = made_load(r->c, r->server->spool, r->parts[0], r->who.account);
    html(&r->out, "<button type=\"button\" class=\"btn\" data-print hidden>");
    ui_icon(r, "print");
    html_f(&r->out, "%s</button>", T(r, "In", "Print"));
    ui_menu(r, T(r, "Tải về", "Download"), "download");
    for (const char *s = m ? m->ends : ""; *s;) {
        size_t n = strcspn(s, " ");
        const char *end = arena_copy(&r->c->arena, s, n);
        ui_button(r, file_href(r, m, end), NULL, label_of_end(r, end), false);
        s += n + (s[n] == ' ');
    }
    ui_menu_end(r);
}

static void kept_until(struct request *r, const struct made *m)
{
    html_f(&r->out, "<p class=\"soft no-print\">%s %s. %s</p>", T(r, "Giữ đến", "Kept until"), moment_words(r, (instant){m->made_at + MADE_KEPT_MS}), T(r, "Chỉ tài khoản của đồng chí mở và tải được.", "Only your account can open and fetch it."));
}

static void again_and_drop(struct request *r, const struct made *m)
{
    size_t n = strcspn(m->again, "?");
    if (!m->kind && n)
        ui_button(r, url_plain(r, own_path(arena_copy(&r->c->arena, m->again, n)), "unit", m->unit, NULL), NULL, T(r, "Kỳ khác", "Another period"), false);
    if (*m->again)
        ui_button(r, own_path(m->again), NULL, T(r, "Lập lại", "Make it again"), false);
    ui_post_button(r, url(r, arena_printf(&r->c->arena, "/made/%s/drop", m->id), NULL), "trash", T(r, "Xóa ngay", "Drop it now"), false);
}

static void file_sheet(struct request *r, const struct made *m)
{
    char n[32];
    html(&r->out, "<section class=\"sheet\"><div class=\"body\">");
    html_f(&r->out, "<p><b>%s</b> · %s %s · %s</p>", m->name, int_vi(m->rows, n), T(r, "dòng", "rows"), size_words(r, m, m->ends));
    kept_until(r, m);
    html(&r->out, "<div class=\"submit\">");
    ui_button(r, file_href(r, m, m->ends), "download", T(r, "Tải về", "Download"), true);
    again_and_drop(r, m);
    html(&r->out, "</div></div></section>");
}

static void report_sheet(struct request *r, const struct made *m)
{
    size_t n = 0;
    const char *part = spool_read(r->c, made_path(r->c, r->server->spool, m, "part"), &n);
    html(&r->out, "<section class=\"sheet no-print\"><div class=\"body\">");
    kept_until(r, m);
    html(&r->out, "<div class=\"submit\">");
    again_and_drop(r, m);
    html(&r->out, "</div></div></section><article class=\"report\">");
    if (part)
        buf_add(&r->out, part, n); /* markup that doc_to_html_part() wrote, into a folder that is ours alone */
    html(&r->out, "</article>");
}

void p_made(struct request *r)
{
    const struct made *m = made_of(r);
    if (!m)
        return;
    page_begin(r, &(struct page){.title = m->title, .lead = *m->about ? m->about : NULL, .chapter = m->kind ? chapter_of(m->kind) : CHAPTER_REPORTS, .actions = m->kind ? NULL : downloads, .help = m->kind ? NULL : "report"});
    if (m->kind)
        file_sheet(r, m);
    else
        report_sheet(r, m);
    page_end(r);
}

void p_made_file(struct request *r)
{
    const struct made *m = made_of(r);
    const char *to = query_get(r, "to"), *type = made_type(to);
    struct stat st;
    bool there = m && type && is_made(m, to) && stat(made_path(r->c, r->server->spool, m, to), &st) == 0;
    if (m && !there)
        fail(r->c, ERR_MISSING, "Không có tệp dạng này.", "There is no file of this form.");
    if (!there)
        return;
    r->file = made_path(r->c, r->server->spool, m, to);
    r->file_stays = true;
    r->type = type;
    r->download = arena_printf(&r->c->arena, "%s.%s", m->name, to);
    r->whole = true;
}

void p_made_drop(struct request *r)
{
    if (!db_begin(r->c, DB_READ))
        return;
    const struct made *m = made_of(r);
    if (m)
        spool_drop(r->c, r->server->spool, m->id);
    if (db_commit(r->c) && m)
        redirect(r, url(r, m->kind ? arena_printf(&r->c->arena, "/%s", m->kind->name) : "/report", "notice", "file-dropped", NULL));
}
