/* See waits.h. */
#include "waits.h"

#include "page.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/scope.h"
#include "party/organisation/place.h"
#include "party/reporting/report.h"

enum { FEW = 2000 };

struct waiting_words {
    const char *icon, *all; /* all: path of the list of them */
    struct words title;
};

static const struct waiting_words words_of[WAITING_SORTS] = {
    [WAITING_TO_RECEIVE] = {"arrow-right", "/transfer", {"Chờ tiếp nhận", "To be received"}},
    [WAITING_SENT] = {"external", "/transfer", {"Đã giới thiệu, nơi đến chưa tiếp nhận", "Sent, not yet received"}},
    [WAITING_PROBATION] = {"calendar", "/person", {"Hết 12 tháng dự bị", "Twelve months of probation"}},
    [WAITING_TERM] = {"clock", "/term", {"Nhiệm kỳ sắp hết hoặc đã hết", "Terms that end or have ended"}},
    [WAITING_SECRETARY] = {"user", "/appointment", {"Chi bộ chưa ghi bí thư", "Cells without a secretary entered"}},
    [WAITING_NUMBERS] = {"edit", "/person", {"Hồ sơ thiếu ngày sinh hoặc số định danh, số thẻ", "Dossiers without birth, id or card number"}},
};

static const char *href_of(struct request *r, const struct waiting *w)
{
    switch (w->sort) {
    case WAITING_TO_RECEIVE: return url(r, arena_printf(&r->c->arena, "/transfer/%lld/receive", (long long)w->id), NULL);
    case WAITING_SENT: return url(r, "/transfer", NULL);
    case WAITING_PROBATION:
    case WAITING_NUMBERS: return url(r, arena_printf(&r->c->arena, "/person/%lld/edit", (long long)w->id), NULL);
    case WAITING_TERM: return record_href(r, &term_kind, w->id, NULL);
    case WAITING_SECRETARY: return url_plain(r, "/appointment/new", "at_unit", w->code, "office", "secretary", "unit", w->code, NULL);
    case WAITING_SORTS:
    default: return "/";
    }
}

/* "12 ngày", "5 tháng", "8 năm": what is long past is not counted by the day. */
static const char *span_words(struct request *r, int days)
{
    enum { MONTHS_FROM = 60, YEARS_FROM = 730 };
    if (days >= YEARS_FROM)
        return arena_printf(&r->c->arena, T(r, "%d năm", "%d years"), days * 100 / 36525);
    if (days >= MONTHS_FROM)
        return arena_printf(&r->c->arena, T(r, "%d tháng", "%d months"), days * 12 / 365);
    return arena_printf(&r->c->arena, days == 1 ? T(r, "%d ngày", "%d day") : T(r, "%d ngày", "%d days"), days);
}

void waiting_tag(struct request *r, int days)
{
    enum { LONG = 42 }; /* the paper is to be presented within 30 working days */
    const char *words = days > 0 ? arena_printf(&r->c->arena, T(r, "Chờ %s", "Waits %s"), span_words(r, days)) : T(r, "Từ hôm nay", "Since today");
    ui_tag(r, days > LONG ? TONE_LATE : TONE_DUE, days > LONG ? "late" : "clock", words);
}

static void due_tag(struct request *r, const struct waiting *w)
{
    if (!w->due.v)
        return;
    bool sent = w->sort == WAITING_TO_RECEIVE || w->sort == WAITING_SENT;
    int days = day_number(w->due) - day_number(r->c->today);
    if (sent)
        waiting_tag(r, -days);
    else if (days < 0)
        ui_tag(r, TONE_LATE, "late", arena_printf(&r->c->arena, T(r, "Quá %s", "%s over"), span_words(r, -days)));
    else
        ui_tag(r, TONE_DUE, "clock", days ? arena_printf(&r->c->arena, T(r, "%s nữa", "in %s"), span_words(r, days)) : T(r, "Hôm nay", "Today"));
}

void waits_sheet(struct request *r, const struct waiting *all, size_t n, enum waiting_sort sort, int64_t count, size_t most)
{
    struct buf *o = &r->out;
    char number_of[32], shown[DAY_TEXT];
    size_t told = 0;
    if (!count)
        return;
    ui_sheet(r, in_words(r->c, words_of[sort].title), url(r, words_of[sort].all, NULL), arena_printf(&r->c->arena, "%s%s", count >= 1000 ? "≥ " : "", int_vi(count, number_of)));
    html(o, "<ul class=\"list\">");
    for (size_t i = 0; i < n; i++) {
        const struct waiting *w = &all[i];
        if (w->sort != sort || told++ >= most)
            continue;
        html(o, "<li>");
        due_tag(r, w);
        html_f(o, "<span class=\"t\"><a href=\"%s\">%s</a><small>%s%s%s</small></span></li>", href_of(r, w), sort == WAITING_TERM ? w->where : w->name, sort == WAITING_TERM ? w->name : w->where,
               w->due.v ? " · " : "", w->due.v ? day_vi(w->due.v, shown) : "");
    }
    html(o, "</ul>");
    ui_sheet_end(r);
}

void nobody_looks_after(struct request *r, size_t most)
{
    struct unwatched *nobody;
    int64_t of;
    char shown[32];
    if (!r->place.unit || !unit_has_few_below(r->c, r->place.unit, r->place.at, FEW))
        return;
    size_t n = duties_missing(r->c, r->place.unit, r->place.at, &nobody, &of);
    if (!n || !scope_any(r->c, &duty_kind, ACT_ADD))
        return;
    ui_sheet(r, T(r, "Đơn vị chưa ai phụ trách", "Units nobody looks after"), url(r, "/report/duties", NULL), int_vi((int64_t)n, shown));
    html(&r->out, "<ul class=\"list\">");
    for (size_t i = 0; i < n && i < most; i++)
        html_f(&r->out, "<li><span class=\"t\"><a href=\"%s\">%s</a><small>%s</small></span></li>",
               url(r, "/duty/new", "by_unit", r->place.code, "sort", "unit", "target", nobody[i].code, NULL), nobody[i].name, T(r, "Phân công người phụ trách", "Assign somebody"));
    html(&r->out, "</ul>");
    ui_sheet_end(r);
}
