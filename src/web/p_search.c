/* Search from everywhere: people, units and what the program can do, by the beginnings of words, with or without diacritics. The same as a
 * page, and as a fragment while one types. It finds through record_list() alone, so nothing that the actor may not read. */
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "base/text.h"
#include "model/scope.h"
#include "party/reporting/report.h"

enum { IN_PALETTE = 6, ON_PAGE = 20, COMMANDS_MOST = 8, WORDS_LONGEST = 200 };

struct hits {
    const struct kind *kind;
    struct list list;
    const struct labels *labels;
};

struct finding {
    struct request *r;
    const char *q, *fold;
    bool part;
    size_t found;
};

/* --- what the program can do ---------------------------------------------------------------------------------- */

/* Every word typed begins a word of the command. */
static bool command_fits(const struct finding *f, const char *label, const char *also)
{
    const char *words = arena_printf(&f->r->c->arena, " %s %s", text_fold(&f->r->c->arena, label), also);
    for (const char *s = f->fold; *s;) {
        size_t n = strcspn(s, " ");
        if (!strstr(words, arena_printf(&f->r->c->arena, " %.*s", (int)n, s)))
            return false;
        s += n + (s[n] == ' ');
    }
    return *f->fold != '\0';
}

static void group(struct finding *f, const char *label)
{
    if (f->part)
        html_f(&f->r->out, "<div role=\"group\" aria-label=\"%s\"><h3 role=\"presentation\">%s</h3>", label, label);
    else
        html_f(&f->r->out, "<section class=\"sheet\"><header><h2>%s</h2></header><ul class=\"list\">", label);
}

static void group_end(struct finding *f)
{
    if (f->part)
        html(&f->r->out, "</div>");
    else
        html(&f->r->out, "</ul></section>");
}

static void hit(struct finding *f, const char *href, const char *icon, const char *title, const char *small)
{
    struct buf *o = &f->r->out;
    f->found++;
    if (f->part)
        html_f(o, "<a role=\"option\" href=\"%s\">", href);
    else
        html(o, "<li>");
    ui_icon(f->r, icon);
    if (f->part)
        html_f(o, "<span>%s", title);
    else
        html_f(o, "<span class=\"t\"><a href=\"%s\">%s</a>", href, title);
    if (small && *small)
        html_f(o, "<small>%s</small>", small);
    html(o, "</span>");
    if (f->part)
        html(o, "</a>");
    else
        html(o, "</li>");
}

struct command {
    const char *href, *icon, *label;
};

static void offer(const struct finding *f, struct command *out, size_t *n, const char *path, const char *icon, const char *label, const char *also)
{
    if (*n < COMMANDS_MOST && command_fits(f, label, also))
        out[(*n)++] = (struct command){url(f->r, path, NULL), icon, label};
}

static void offer_kind(const struct finding *f, struct command *out, size_t *n, const struct kind *k)
{
    struct arena *a = &f->r->c->arena;
    struct request *r = f->r;
    if ((k->flags & SYSTEM) && !r->who.administrator)
        return;
    if (scope_any(r->c, k, ACT_READ))
        offer(f, out, n, arena_printf(a, "/%s", k->name), "doc", arena_printf(a, T(r, "Danh sách %s", "List of %s"), kind_noun(r, k)), "");
    if ((k->flags & COMPUTED) || !scope_any(r->c, k, ACT_ADD))
        return;
    offer(f, out, n, arena_printf(a, "/%s/new", k->name), "plus", arena_printf(a, T(r, "Thêm %s", "Add %s"), kind_noun(r, k)), "moi new");
    offer(f, out, n, arena_printf(a, "/import/new/%s", k->name), "upload", arena_printf(a, T(r, "Nhập %s từ Excel", "Import %s from Excel"), kind_noun(r, k)), "");
}

static size_t commands(const struct finding *f, struct command *out)
{
    struct request *r = f->r;
    const struct report *reports;
    size_t n = 0, nreports = report_all(&reports);
    offer(f, out, &n, "/tree", "tree", T(r, "Cây tổ chức", "The tree"), "don vi units");
    offer(f, out, &n, "/import", "upload", T(r, "Nhập từ Excel", "Import from Excel"), "tep file csv");
    for (size_t i = 0; i < nreports; i++)
        offer(f, out, &n, arena_printf(&r->c->arena, "/report/%s", reports[i].name), "doc", arena_printf(&r->c->arena, T(r, "Báo cáo: %s", "Report: %s"), in_words(r->c, reports[i].label)), "");
    for (size_t i = 0; i < nkinds; i++)
        offer_kind(f, out, &n, kinds[i]);
    offer(f, out, &n, "/tree/diff", "tree", T(r, "So sánh cây tổ chức giữa hai ngày", "Compare the tree on two days"), "");
    offer(f, out, &n, "/account", "user", T(r, "Tài khoản của tôi", "My account"), "mat khau password");
    offer(f, out, &n, "/help", "help", T(r, "Trợ giúp", "Help"), "huong dan phim tat shortcuts");
    return n;
}

/* --- people and units ------------------------------------------------------------------------------------------ */

static struct hits hits_of(struct finding *f, const struct kind *k)
{
    struct request *r = f->r;
    struct filter filter = {.kind = k, .search = f->q, .unit = r->place.unit, .at = r->place.at_given ? r->place.at : (day){0}, .limit = f->part ? IN_PALETTE : ON_PAGE};
    struct hits h = {.kind = k, .list = record_list(r->c, &filter)};
    h.labels = labels_of(r->c, k, h.list.rows, h.list.n);
    return h;
}

/* "Chi bộ thôn 4 · sinh 27/03/1970"; of a unit what it stands under. */
static const char *small_words(const struct finding *f, const struct hits *h, const struct row *row)
{
    struct request *r = f->r;
    struct arena *a = &r->c->arena;
    if (h->kind == kind_of_places()) {
        const struct field *above = field_need(h->kind, "superior");
        const char *name = field_ref(above, row) ? label_of(h->labels, h->kind, field_ref(above, row)).title : NULL;
        return name ? arena_printf(a, "%s · %s", record_code(h->kind, row), name) : record_code(h->kind, row);
    }
    const struct field *born = field_find(h->kind, "born");
    const char *when = born ? value_words(r, born, row, h->labels, false) : "", *where = label_unit(h->labels, row->unit).title;
    return arena_printf(a, "%s%s%s%s", where ? where : "", *when && where ? " · " : "", *when ? T(r, "sinh ", "born ") : "", when);
}

static void show_hits(struct finding *f, const struct hits *h, const char *icon)
{
    struct request *r = f->r;
    if (!h->list.n)
        return;
    group(f, in_words(r->c, h->kind->plural));
    for (size_t i = 0; i < h->list.n; i++) {
        const struct row *row = h->list.rows[i];
        hit(f, record_href(r, h->kind, row->id, record_code(h->kind, row)), icon, shown_title(r, h->kind, row, h->labels), small_words(f, h, row));
    }
    if (h->list.next)
        hit(f, url(r, arena_printf(&r->c->arena, "/%s", h->kind->name), "q", f->q, NULL), "find", arena_printf(&r->c->arena, T(r, "Xem tất cả %s khớp “%s”", "All matches of %s for “%s”"), kind_noun(r, h->kind), f->q), NULL);
    group_end(f);
}

static void search(struct finding *f)
{
    struct command list[COMMANDS_MOST];
    size_t n = commands(f, list);
    struct hits people = hits_of(f, &person_kind), units = hits_of(f, &unit_kind);
    if (failed(f->r->c))
        return;
    show_hits(f, &people, "people");
    show_hits(f, &units, "tree");
    if (n)
        group(f, T(f->r, "Việc cần làm", "What to do"));
    for (size_t i = 0; i < n; i++)
        hit(f, list[i].href, list[i].icon, list[i].label, NULL);
    if (n)
        group_end(f);
}

/* --- as a fragment, as a page ------------------------------------------------------------------------------------ */

static void fragment(struct finding *f)
{
    struct buf *o = &f->r->out;
    html(o, "<!doctype html><html lang=\"vi\"><head><title>-</title></head><body>");
    if (*f->fold)
        search(f);
    if (!f->found)
        html_f(o, "<p>%s</p>", T(f->r, "Không thấy người, đơn vị hay việc nào khớp. Thử ít chữ hơn.", "No person, unit or command fits. Try fewer words."));
    html(o, "</body></html>");
}

static void search_form(struct finding *f)
{
    struct request *r = f->r;
    html_f(&r->out, "<div class=\"sheet\"><form class=\"filters\" action=\"/search\" role=\"search\"><label class=\"vh\" for=\"f-q\">%s</label><input class=\"field grow\" type=\"search\" id=\"f-q\" name=\"q\" value=\"%s\" maxlength=\"%d\" autocomplete=\"off\">",
           T(r, "Tên người, tên hoặc mã đơn vị, việc cần làm", "Name of a person, name or code of a unit, what to do"), f->q, WORDS_LONGEST);
    if (r->place.unit)
        ui_hidden(r, "unit", r->place.code);
    html_f(&r->out, "<button class=\"btn main\">%s</button>", T(r, "Tìm", "Find"));
    if (r->place.unit)
        ui_button(r, url_plain(r, "/search", "q", f->q, NULL), NULL, T(r, "Tìm ở mọi đơn vị", "Find in all units"), false);
    html(&r->out, "</form></div>");
}

void p_search(struct request *r)
{
    const char *q = query_get(r, "q");
    struct finding f = {.r = r, .q = q ? q : "", .part = query_get(r, "part") != NULL};
    if (strlen(f.q) > WORDS_LONGEST)
        f.q = "";
    f.fold = text_fold(&r->c->arena, f.q);
    if (f.part) {
        fragment(&f);
        return;
    }
    page_begin(r, &(struct page){.title = *f.fold ? arena_printf(&r->c->arena, T(r, "Tìm “%s”", "Search for “%s”"), f.q) : T(r, "Tìm", "Search"), .help = "search",
                                 .lead = T(r, "Có dấu hay không dấu đều được, chữ nào trước cũng được; đúng dấu đứng trước.", "With or without diacritics, in any order; exact hits first.")});
    html(&r->out, "<div class=\"stack\">");
    search_form(&f);
    if (*f.fold)
        search(&f);
    if (!f.found)
        ui_empty(r, *f.fold ? T(r, "Không thấy người, đơn vị hay việc nào khớp. Thử ít chữ hơn, hoặc tìm ở mọi đơn vị.", "No person, unit or command fits. Try fewer words, or all units.")
                            : T(r, "Gõ tên người, tên hoặc mã đơn vị, hay việc cần làm.", "Type a name, the name or code of a unit, or what to do."),
                 NULL, NULL);
    html(&r->out, "</div>");
    page_end(r);
}
