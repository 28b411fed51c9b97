/* Reports: which there are, and one of them for a place and a period, inside the frame, as text, as a table file or as a page of its own. Both
 * stand in the address, so that a report can be sent to somebody as a link. */
#include "history.h"
#include "job.h"
#include "made.h"
#include "page.h"
#include "pages.h"
#include "server.h"
#include "ui.h"

#include "base/str.h"
#include "base/temp.h"
#include "party/organisation/place.h"
#include "party/reporting/report.h"

#include <unistd.h>

enum { LARGE = 1000, TERMS_MOST = 12, TEXT_WIDTH = 100, YEAR = 10000 };

static const struct words about[] = {{"Số tổ chức, đảng viên theo tình trạng, giới tính, tuổi, trình độ; biến động trong kỳ; từng đơn vị trực thuộc.",
                                "Units, members by status, sex, age and schooling; movement within the period; each unit below."},
                               {"Ai giữ từ hai chức vụ, và thôn, tổ dân phố nào có bí thư kiêm trưởng.", "Who holds two offices or more, and where the secretary is head of the village too."},
                               {"Ai phụ trách tổ chức đảng nào, và tổ chức nào chưa có người phụ trách.", "Who looks after which Party unit, and which have nobody."}};

static void no_unit(struct request *r)
{
    ui_empty(r, T(r, "Chọn đơn vị cần báo cáo trên cây tổ chức trước.", "Choose the unit of the report on the tree first."), url(r, "/tree", NULL), T(r, "Mở cây tổ chức", "Open the tree"));
}

/* --- which there are ---------------------------------------------------------------------------------------------- */

/* What jobs made for this account within a day, so that a page that was left is found again. */
static void made_today(struct request *r)
{
    enum { SHOWN = 20 };
    struct made **all;
    size_t n = made_all(r->c, r->server->spool, r->who.account, SHOWN, &all);
    if (!n)
        return;
    ui_sheet(r, T(r, "Đã lập trong một ngày qua", "Made within a day"), NULL, NULL);
    html(&r->out, "<ul class=\"list\">");
    for (size_t i = 0; i < n; i++) {
        html(&r->out, "<li>");
        ui_icon(r, all[i]->kind ? "download" : "doc");
        html_f(&r->out, "<span class=\"t\"><a href=\"%s\">%s</a><small>%s · %s</small></span></li>", url(r, arena_printf(&r->c->arena, "/made/%s", all[i]->id), NULL), all[i]->title, all[i]->about,
               moment_words(r, (instant){all[i]->made_at}));
    }
    html(&r->out, "</ul>");
    ui_sheet_end(r);
}

void p_reports(struct request *r)
{
    const struct report *all;
    size_t n = report_all(&all);
    if (!r->place.unit)
        place_set(r, unit_of_actor(r->c));
    const char *period = query_get(r, "period");
    page_begin(r, &(struct page){.title = T(r, "Báo cáo", "Reports"), .chapter = CHAPTER_REPORTS, .help = "report",
                                 .lead = T(r, "Lập ngay từ số liệu đang có, cho đơn vị và kỳ đã chọn.", "Made at once from what is recorded, for the unit and period chosen.")});
    html(&r->out, "<div class=\"stack\">");
    ui_sheet(r, NULL, NULL, NULL);
    html(&r->out, "<ul class=\"list\">");
    for (size_t i = 0; i < n; i++) {
        html(&r->out, "<li>");
        ui_icon(r, "doc");
        html_f(&r->out, "<span class=\"t\"><a href=\"%s\">%s</a><small>%s</small></span></li>", url(r, arena_printf(&r->c->arena, "/report/%s", all[i].name), "period", period, NULL),
               in_words(r->c, all[i].label), i < N(about) ? in_words(r->c, about[i]) : "");
    }
    html(&r->out, "</ul>");
    ui_sheet_end(r);
    made_today(r);
    html(&r->out, "</div>");
    page_end(r);
}

/* --- the period ------------------------------------------------------------------------------------------------------ */

struct making {
    const struct report *report;
    struct period period;
    const char *why; /* the period cannot be read; NULL = it can */
    const char *terms[TERMS_MOST];
    size_t nterms;
    bool large;      /* of so many units that a job makes it */
};

/* ?period=, or the form's ?sort= with ?year= and the like; the day looked at when neither says anything. */
static const char *period_text(struct request *r)
{
    struct arena *a = &r->c->arena;
    char iso[DAY_TEXT];
    const char *given = query_get(r, "period"), *from = query_get(r, "from"), *to = query_get(r, "to_day");
    if (from && *from && to && *to)
        return arena_printf(a, "%s..%s", from, to);
    if (given && *given)
        return given;
    return r->place.at_given ? arena_text(a, day_iso(r->place.at.v, iso)) : arena_printf(a, "%d", r->place.at.v / YEAR);
}

static void read_period(struct request *r, struct making *m)
{
    struct ctx *c = r->c;
    struct term_of term = {c, r->place.unit};
    if (period_parse(c, period_text(r), &(struct period_terms){term_named, &term}, &m->period))
        return;
    if (c->err.code != ERR_USAGE)
        return;
    m->why = c->err.text;
    c->err = (struct err){0};
}

static void period_link(struct request *r, const struct making *m, const char *spelling, const char *words)
{
    bool on = !m->why && strcmp(m->period.text, spelling) == 0;
    html_f(&r->out, "<a class=\"chip%s\" href=\"%s\"", on ? " on" : "", here(r, "period", spelling, "from", "", "to_day", "", NULL));
    if (on)
        html(&r->out, " aria-current=\"true\"");
    html_f(&r->out, ">%s</a>", words);
}

static void term_links(struct request *r, const struct making *m)
{
    for (size_t i = 0; i < m->nterms; i++)
        period_link(r, m, arena_printf(&r->c->arena, "term:%s", m->terms[i]), arena_printf(&r->c->arena, T(r, "Nhiệm kỳ %s", "Term %s"), m->terms[i]));
}

static void period_form(struct request *r, const struct making *m)
{
    struct buf *o = &r->out;
    struct arena *a = &r->c->arena;
    char from[DAY_TEXT], to[DAY_TEXT];
    int year = (m->why ? r->place.at.v : m->period.to.v) / YEAR;
    static const struct {
        const char *end;
        struct words words;
    } parts[] = {{"", {"Năm", "Year"}},     {"-H1", {"6 tháng đầu", "First half"}},         {"-9M", {"9 tháng", "Nine months"}}, {"-Q1", {"Quý I", "Q1"}},
                 {"-Q2", {"Quý II", "Q2"}}, {"-Q3", {"Quý III", "Q3"}}, {"-Q4", {"Quý IV", "Q4"}}};
    html_f(o, "<nav class=\"filters chips no-print\" aria-label=\"%s\">", T(r, "Kỳ báo cáo", "Period"));
    period_link(r, m, arena_printf(a, "%d", year - 1), arena_printf(a, "‹ %d", year - 1));
    for (size_t i = 0; i < N(parts); i++)
        period_link(r, m, arena_printf(a, "%d%s", year, parts[i].end), i ? in_words(r->c, parts[i].words) : arena_printf(a, "%s %d", in_words(r->c, parts[i].words), year));
    if (year < r->c->today.v / YEAR)
        period_link(r, m, arena_printf(a, "%d", year + 1), arena_printf(a, "%d ›", year + 1));
    term_links(r, m);
    html_f(o, "</nav><form class=\"filters more no-print\" action=\"%s\">", r->path);
    if (r->place.unit)
        ui_hidden(r, "unit", r->place.code);
    html_f(o, "<div class=\"row\"><label for=\"f-from\">%s</label><input class=\"field short\" id=\"f-from\" name=\"from\" value=\"%s\" placeholder=\"01/01/2018\" inputmode=\"numeric\"></div>", T(r, "Từ ngày", "From"),
           m->why ? "" : day_vi(m->period.from.v, from));
    html_f(o, "<div class=\"row\"><label for=\"f-to\">%s</label><input class=\"field short\" id=\"f-to\" name=\"to_day\" value=\"%s\" placeholder=\"30/06/2018\" inputmode=\"numeric\"></div>", T(r, "Đến hết ngày", "Until the end of"),
           m->why ? "" : day_vi(m->period.to.v, to));
    html_f(o, "<button class=\"btn\">%s</button></form>", T(r, "Lập cho khoảng này", "Make it for these days"));
}

/* --- one report -------------------------------------------------------------------------------------------------------- */

static const char *as_link(void *to, const char *opens)
{
    struct request *r = to;
    return arena_printf(&r->c->arena, "/%s", opens);
}

static void exports(struct request *r)
{
    html_f(&r->out, "<button type=\"button\" class=\"btn\" data-print hidden>");
    ui_icon(r, "print");
    html_f(&r->out, "%s</button>", T(r, "In", "Print"));
    ui_menu(r, T(r, "Tải về", "Download"), "download");
    ui_button(r, here(r, "to", "xlsx", NULL), NULL, "Excel (XLSX)", false);
    ui_button(r, here(r, "to", "csv", NULL), NULL, T(r, "Bảng CSV", "CSV tables"), false);
    ui_button(r, here(r, "to", "html", NULL), NULL, T(r, "Trang HTML để lưu", "HTML page to keep"), false);
    ui_button(r, here(r, "to", "text", NULL), NULL, T(r, "Văn bản thuần", "Plain text"), false);
    ui_menu_end(r);
}

static void as_workbook(struct request *r, const struct doc *d)
{
    char *path;
    int fd = temp_file(&r->c->arena, "report", &path);
    if (fd < 0) {
        fail(r->c, ERR_FULL, "Không tạo được tệp tạm.", "Cannot make a temporary file.");
        return;
    }
    close(fd);
    doc_to_xlsx(r->c, d, path);
    r->file = path;
    r->type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    if (failed(r->c))
        unlink(path);
}

/* As a file: true when the address asks for one. */
static bool as_file(struct request *r, const struct making *m, const struct doc *d)
{
    const char *to = query_get(r, "to"), *end = to;
    if (!to || !*to)
        return false;
    if (strcmp(to, "csv") == 0) {
        doc_to_csv(d, &r->out, ';');
        r->type = "text/csv; charset=utf-8";
    } else if (strcmp(to, "xlsx") == 0) {
        as_workbook(r, d);
    } else if (strcmp(to, "html") == 0) {
        doc_to_html(d, &r->out);
    } else if (strcmp(to, "text") == 0) {
        doc_to_text(d, &r->out, TEXT_WIDTH);
        r->type = "text/plain; charset=utf-8";
        end = "txt";
    } else {
        fail(r->c, ERR_USAGE, "Không có dạng “%s”: chọn xlsx, csv, html hoặc text.", "There is no form “%s”: choose xlsx, csv, html or text.", to);
        return true;
    }
    r->whole = true;
    r->download = arena_printf(&r->c->arena, "%s %s %s.%s", in_words(r->c, m->report->label), r->place.code, m->period.text, end);
    return true;
}

static void report_page(struct request *r, const struct making *m, const struct doc *d)
{
    page_begin(r, &(struct page){.title = in_words(r->c, m->report->label), .lead = d ? doc_about(d) : NULL, .chapter = CHAPTER_REPORTS, .actions = d ? exports : NULL, .help = "report",
                                 .error = m->why != NULL, .crumbs = {{T(r, "Báo cáo", "Reports"), url(r, "/report", NULL)}, {in_words(r->c, m->report->label), NULL}}});
    if (m->why)
        html_f(&r->out, "<div class=\"errors\" id=\"errors\" role=\"alert\" tabindex=\"-1\"><h2>%s</h2><ul><li><a href=\"#f-from\">%s</a></li></ul></div>", T(r, "Kỳ báo cáo viết chưa đúng", "The period is not right"), m->why);
    html(&r->out, "<section class=\"sheet no-print\">");
    if (r->place.unit)
        period_form(r, m);
    else
        no_unit(r);
    if (m->large)
        html_f(&r->out, "<div class=\"body\"><p>%s</p></div>", T(r, "Đơn vị này có nhiều cấp dưới: chọn kỳ, báo cáo được lập ở phía sau và giữ một ngày để xem và tải về.",
                                                               "Much stands below this unit: choose a period, and the report is made behind the page and kept for a day to be read and fetched."));
    html(&r->out, "</section>");
    if (d) {
        html(&r->out, "<article class=\"report\">");
        doc_to_html_part(d, &r->out, &(struct doc_links){as_link, r});
        html(&r->out, "</article>");
    }
    page_end(r);
}

/* --- as a job: over so many units that nobody should wait for the page ------------------------------------------------- */

struct report_work {
    char id[SPOOL_NAME], report[32];
    int64_t account, unit;
    struct packed words; /* period, title, about, name of the files, unit's code, again */
};

static const char *link_of_job(void *to, const char *opens)
{
    struct ctx *c = to;
    return arena_printf(&c->arena, "/%s", opens);
}

static bool write_form(struct ctx *c, const char *path, struct buf *b)
{
    bool good = spool_write(c, path, buf_text(b), b->n);
    buf_clear(b);
    return good;
}

static void write_forms(struct ctx *c, const char *spool, const struct made *m, const struct doc *d)
{
    struct buf b = {0};
    doc_to_html_part(d, &b, &(struct doc_links){link_of_job, c});
    bool good = write_form(c, made_path(c, spool, m, "part"), &b);
    doc_to_csv(d, &b, ';');
    good = good && write_form(c, made_path(c, spool, m, "csv"), &b);
    doc_to_html(d, &b);
    good = good && write_form(c, made_path(c, spool, m, "html"), &b);
    doc_to_text(d, &b, TEXT_WIDTH);
    good = good && write_form(c, made_path(c, spool, m, "txt"), &b);
    buf_free(&b);
    if (good)
        doc_to_xlsx(c, d, made_path(c, spool, m, "xlsx"));
    if (failed(c) || !made_save(c, spool, m))
        spool_drop(c, spool, m->id);
}

static void run_report(struct ctx *c, struct job *job, const void *of)
{
    const struct report_work *w = of;
    size_t at = 0;
    const char *spelling = unpack(&w->words, &at);
    struct made m = {.account = w->account, .title = unpack(&w->words, &at), .about = unpack(&w->words, &at), .name = unpack(&w->words, &at), .unit = unpack(&w->words, &at),
                     .again = unpack(&w->words, &at), .ends = "xlsx csv html txt", .made_at = c->now.v};
    struct period period;
    memcpy(m.id, w->id, SPOOL_NAME);
    if (!db_begin(c, DB_READ))
        return;
    struct term_of term = {c, w->unit};
    const struct doc *d = record_find(c, kind_of_places(), w->unit, ACT_READ) && period_parse(c, spelling, &(struct period_terms){term_named, &term}, &period)
                              ? report_make(c, report_find(w->report), w->unit, &period)
                              : NULL;
    job_progress(job, 0, 0); /* somebody may have stopped it */
    if (!d)
        fail(c, ERR_MISSING, "Không có đơn vị này, hoặc bạn không được xem.", "There is no such unit, or it is not yours to see.");
    if (!failed(c))
        write_forms(c, job_server(job)->spool, &m, d);
    db_commit(c);
}

/* Whether it goes to a job instead: of many units, and not for a program with a token. In a transaction. */
static bool is_large(struct request *r, const struct making *m)
{
    return r->place.unit && !m->why && r->who.session && r->server->jobs && !unit_has_few_below(r->c, r->place.unit, m->period.to, LARGE);
}

static void begin_job(struct request *r, const struct making *m)
{
    struct arena *a = &r->c->arena;
    struct report_work *w = NEW(a, struct report_work);
    const char *label = in_words(r->c, m->report->label), *key = arena_printf(a, "report %lld %s", (long long)r->who.account, here(r, "to", "", NULL));
    w->account = r->who.account;
    w->unit = r->place.unit;
    spool_name(w->id);
    snprintf(w->report, sizeof w->report, "%s", m->report->name);
    pack(&w->words, m->period.text);
    pack(&w->words, label);
    pack(&w->words, arena_printf(a, "%s · %s", r->place.name, period_words(r->c, m->period)));
    pack(&w->words, arena_printf(a, "%s %s %s", label, r->place.code, m->period.text));
    pack(&w->words, r->place.code);
    pack(&w->words, here(r, "to", "", NULL));
    made_begin(r, &(struct job_order){.title = arena_printf(a, T(r, "Lập báo cáo: %s", "Report: %s"), label), .back = url(r, "/report", NULL), .key = key, .run = run_report, .of = w, .size = sizeof *w}, w->id);
}

/* --- the page ------------------------------------------------------------------------------------------------------------ */

void p_report(struct request *r)
{
    struct ctx *c = r->c;
    struct making *m = NEW(&c->arena, struct making);
    m->report = report_find(r->parts[0]);
    if (!m->report) {
        fail(c, ERR_MISSING, "Không có báo cáo “%s”.", "There is no report “%s”.", r->parts[0]);
        return;
    }
    if (!db_begin(c, DB_READ))
        return;
    if (!r->place.unit)
        place_set(r, unit_of_actor(c));
    if (r->place.unit) {
        m->nterms = term_names(c, r->place.unit, m->terms, TERMS_MOST);
        read_period(r, m);
    }
    bool large = m->large = !failed(c) && is_large(r, m);
    const struct doc *d = r->place.unit && !large && !m->why && !failed(c) ? report_make(c, m->report, r->place.unit, &m->period) : NULL;
    if (m->why)
        r->status = 422;
    bool chosen = query_get(r, "period") || query_get(r, "from");
    if (!failed(c) && !(large && chosen) && !(d && as_file(r, m, d)))
        report_page(r, m, d);
    if (db_commit(c) && large && chosen)
        begin_job(r, m);
}
