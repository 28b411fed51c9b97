/* The list of any kind: filters in the address, columns chosen, sorted, page by page with keys. */
#include "filters.h"
#include "history.h"
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/scope.h"

/* Up to how many are counted; of what is searched fewer, because a page comes with each letter that is typed. */
enum { COLUMNS_MOST = 24, COUNT_MOST = 10000, FOUND_MOST = 1000 };

struct columns {
    const struct field *f[COLUMNS_MOST];
    size_t n;
};

/* --- columns ------------------------------------------------------------------------------------------- */

static bool has_column(const struct columns *cols, const struct field *f)
{
    for (size_t i = 0; i < cols->n; i++)
        if (cols->f[i] == f)
            return true;
    return false;
}

static void add_column(struct columns *cols, const struct field *f)
{
    if (f && is_shown(f) && cols->n < COLUMNS_MOST && !has_column(cols, f))
        cols->f[cols->n++] = f;
}

static void columns_from(struct request *r, struct columns *cols, const char *names)
{
    for (const char *s = names; s && *s;) {
        size_t n = strcspn(s, ",");
        add_column(cols, field_find(r->kind, arena_copy(&r->c->arena, s, n)));
        s += n + (s[n] == ',');
    }
}

/* Those of the address; else those that the browser keeps for this kind; else the kind's own. The title always stands first. */
static struct columns columns_of(struct request *r)
{
    struct columns cols = {0};
    const struct look *look = look_of(r->kind);
    const char *cookie = arena_printf(&r->c->arena, "cols-%s", r->kind->name), *given = query_get(r, "cols");
    if (r->kind->title)
        add_column(&cols, field_find(r->kind, r->kind->title));
    columns_from(r, &cols, given ? given : cookie_get(r, cookie));
    if (given && given[strspn(given, "abcdefghijklmnopqrstuvwxyz0123456789_,")] == '\0') /* what else it says would be the cookie's attributes */
        answer_header(r, "Set-Cookie", arena_printf(&r->c->arena, "%s=%s; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax%s", cookie, given, r->secure ? "; Secure" : ""));
    if (cols.n > 1)
        return cols;
    for (size_t i = 0; look && look->first && look->first[i]; i++)
        add_column(&cols, field_find(r->kind, look->first[i]));
    for (size_t i = 0; i < r->kind->nfields && !(look && look->first); i++)
        if (r->kind->fields[i].flags & LISTED)
            add_column(&cols, &r->kind->fields[i]);
    return cols;
}

static void column_menu(struct request *r, const struct columns *cols)
{
    struct buf *o = &r->out;
    html(o, "<details class=\"menu end\"><summary class=\"btn plain\">");
    ui_icon(r, "columns");
    html_f(o, "%s</summary><div class=\"pop pad\"><form action=\"%s\" data-columns>", T(r, "Cột hiển thị", "Columns"), r->path);
    for (const struct input *in = r->query; in; in = in->next)
        if (strcmp(in->name, "cols") != 0 && strcmp(in->name, "col") != 0)
            ui_hidden(r, in->name, in->value);
    for (size_t i = 0; i < r->kind->nfields; i++) {
        const struct field *f = &r->kind->fields[i];
        if (is_shown(f) && f != cols->f[0])
            ui_check(r, "col", f->name, has_column(cols, f), in_words(r->c, f->label), NULL);
    }
    html_f(o, "<div class=\"submit\"><button class=\"btn\">%s</button></div></form></div></details>", T(r, "Hiện các cột này", "Show these columns"));
}

/* ?col=a&col=b, as a form sends it, becomes ?cols=a,b. True when the browser was sent there. */
static bool gather_columns(struct request *r)
{
    struct buf b = {0};
    for (const struct input *in = r->query; in; in = in->next)
        if (strcmp(in->name, "col") == 0)
            buf_printf(&b, "%s%s", b.n ? "," : "", in->value);
    if (!b.n)
        return false;
    redirect(r, here(r, "col", "", "cols", buf_take(&b, &r->c->arena), NULL));
    return true;
}

/* --- the table ------------------------------------------------------------------------------------------ */

static void head_cell(struct request *r, const struct filter *f, const struct field *field, bool first)
{
    struct buf *o = &r->out;
    bool on = f->sort == field || (!f->sort && first && kind_searched(f->kind)), down = on && f->descending;
    const char *to = arena_printf(&r->c->arena, "%s%s", on && !down ? "-" : "", field->name);
    html_f(o, "<th scope=\"col\" class=\"%s\"", is_numeric(field) ? "num" : "");
    if (on)
        html_f(o, " aria-sort=\"%s\"", down ? "descending" : "ascending");
    html_f(o, "><a href=\"%s\">%s</a></th>", here(r, "sort", to, "after", "", NULL), in_words(r->c, field->label));
}

/* Whether a column says where each is kept: not where one of the record's own, such as a post's unit, says it already. */
static bool has_unit(const struct kind *k, const struct columns *cols)
{
    for (size_t i = 0; i < cols->n; i++)
        if (cols->f[i]->type == TYPE_REF && cols->f[i]->to == kind_of_places() && (cols->f[i]->flags & REQUIRED))
            return false;
    return !(k->flags & SYSTEM) && k != kind_of_places();
}

static const char *unit_head(struct request *r, const struct look *look)
{
    return look && look->unit.vi ? in_words(r->c, look->unit) : T(r, "Đơn vị", "Unit");
}

static void unit_cell(struct request *r, const struct row *row, const struct labels *labels)
{
    html_f(&r->out, "<td>%s</td>", label_unit(labels, row->unit).title);
}

static void table_head(struct request *r, const struct filter *f, const struct columns *cols, const struct look *look, bool pick)
{
    html(&r->out, "<thead><tr>");
    if (pick)
        html_f(&r->out, "<th class=\"pick\"><label class=\"pick\"><input type=\"checkbox\" data-all aria-label=\"%s\"></label></th>", T(r, "Chọn tất cả trên trang", "Choose all on this page"));
    bool unit = has_unit(f->kind, cols);
    for (size_t i = 0; i < cols->n; i++) {
        head_cell(r, f, cols->f[i], i == 0);
        if (i == 0 && unit && look && look->unit_first)
            html_f(&r->out, "<th scope=\"col\">%s</th>", unit_head(r, look));
    }
    for (size_t i = 0; look && i < look->nextra; i++)
        html_f(&r->out, "<th scope=\"col\" class=\"%s\">%s</th>", look->extra[i].at_right ? "num" : "", in_words(r->c, look->extra[i].head));
    if (unit && !(look && look->unit_first))
        html_f(&r->out, "<th scope=\"col\">%s</th>", unit_head(r, look));
    html(&r->out, "</tr></thead>");
}

static void title_cell(struct request *r, const struct look *look, const void *record, const char *under, const struct labels *labels)
{
    struct buf *o = &r->out;
    const char *title = shown_title(r, r->kind, record, labels);
    const char *href = record_href(r, r->kind, ((const struct row *)record)->id, record_code(r->kind, record));
    html(o, "<th scope=\"row\" class=\"name\">");
    if (look && look->faces) {
        html(o, "<div class=\"person\">");
        ui_face(r, title);
    }
    html_f(o, "<span><a href=\"%s\">%s</a>", href, title);
    if (under && *under)
        html_f(o, "<small>%s</small>", under);
    html(o, "</span>");
    if (look && look->faces)
        html(o, "</div>");
    html(o, "</th>");
}

static void table_row(struct request *r, const struct columns *cols, const struct look *look, const void *record, const char *under, const struct labels *labels, bool pick)
{
    struct buf *o = &r->out;
    const struct row *row = record;
    html(o, "<tr>");
    if (pick)
        html_f(o, "<td class=\"pick\"><label class=\"pick\"><input type=\"checkbox\" name=\"id\" value=\"%lld\" aria-label=\"%s %s\"></label></td>", (long long)row->id, T(r, "Chọn", "Choose"),
               shown_title(r, r->kind, record, labels));
    bool unit = has_unit(r->kind, cols), unit_first = look && look->unit_first;
    title_cell(r, look, record, under, labels);
    if (unit && unit_first)
        unit_cell(r, row, labels);
    for (size_t i = 1; i < cols->n; i++) {
        html_f(o, "<td class=\"%s%s\"", is_numeric(cols->f[i]) ? "num" : "", i > (unit_first ? 2U : 3U) ? " opt-col" : "");
        if (cols->f[i]->type != TYPE_ENUM) /* its words say what they are of */
            html_f(o, " data-label=\"%s\"", in_words(r->c, cols->f[i]->label));
        html(o, ">");
        show_value(r, cols->f[i], record, labels, false);
        html(o, "</td>");
    }
    for (size_t i = 0; look && i < look->nextra; i++)
        html_f(o, "<td class=\"%s opt-col\" data-label=\"%s\">%s</td>", look->extra[i].at_right ? "num" : "", in_words(r->c, look->extra[i].head), look->extra[i].value(r, record));
    if (unit && !unit_first)
        unit_cell(r, row, labels);
    html(o, "</tr>");
}

static int64_t most_counted(const struct filter *f)
{
    return f->search && *f->search ? FOUND_MOST : COUNT_MOST;
}

static const char *counted(struct request *r, const struct filter *f, const struct list *l, int64_t total)
{
    char shown[32], all[32];
    const char *of = total > most_counted(f) ? arena_printf(&r->c->arena, T(r, "hơn %s", "more than %s"), int_vi(most_counted(f), all)) : int_vi(total, all);
    if (f->after)
        return arena_printf(&r->c->arena, T(r, "%s dòng tiếp theo, trong %s", "the next %s of %s"), int_vi((int64_t)l->n, shown), of);
    return arena_printf(&r->c->arena, T(r, "Hiển thị %s%s trong %s", "Showing %s%s of %s"), l->n ? "1–" : "", int_vi((int64_t)l->n, shown), of);
}

static void removed_link(struct request *r)
{
    if (!(r->kind->flags & COMPUTED) && scope_any(r->c, r->kind, ACT_REMOVE))
        html_f(&r->out, "<a href=\"%s\">%s</a>", url(r, arena_printf(&r->c->arena, "/%s/removed", r->kind->name), NULL), T(r, "Đã xóa", "Removed"));
}

static void foot(struct request *r, const struct filter *f, const struct list *l, int64_t total)
{
    struct buf *o = &r->out;
    html_f(o, "<div class=\"foot\"><span>%s</span>", counted(r, f, l, total));
    removed_link(r);
    html_f(o, "<nav class=\"pager\" aria-label=\"%s\">", T(r, "Các trang", "Pages"));
    if (f->after)
        ui_button(r, here(r, "after", "", NULL), NULL, T(r, "Về đầu danh sách", "To the beginning"), false);
    if (l->next)
        ui_button(r, here(r, "after", l->next, NULL), NULL, arena_printf(&r->c->arena, T(r, "%d dòng tiếp theo", "The next %d"), PAGE), false);
    html(o, "</nav></div>");
}

struct may {
    bool change, remove, export; /* with what is ticked */
};

static struct may may_of(struct request *r, const struct kind *k)
{
    bool by_hand = !(k->flags & COMPUTED);
    return (struct may){by_hand && scope_any(r->c, k, ACT_CHANGE), by_hand && scope_any(r->c, k, ACT_REMOVE), scope_any(r->c, k, ACT_EXPORT) || scope_any(r->c, k, ACT_ADMIN)};
}

static void bulk_bar(struct request *r, struct may may)
{
    static const char *const formats[][2] = {{"xlsx", "Excel"}, {"csv", "CSV"}, {"json", "JSON"}};
    struct buf *o = &r->out;
    html_f(o, "<div class=\"bulk\" data-bulk><span><b data-count>0</b> %s</span>", T(r, "dòng đã chọn", "chosen"));
    ui_check(r, "whole", "1", false, T(r, "Tất cả dòng khớp điều kiện", "All that match"), NULL);
    if (may.export)
        html_f(o, "<span class=\"together\"><span>%s</span>", T(r, "Xuất:", "Export:"));
    for (size_t i = 0; may.export && i < N(formats); i++)
        html_f(o, "<button class=\"btn\" data-file formaction=\"/%s/export\" name=\"format\" value=\"%s\">%s</button>", r->kind->name, formats[i][0], formats[i][1]);
    if (may.export)
        html(o, "</span>");
    if (may.change)
        html_f(o, "<button class=\"btn\" name=\"what\" value=\"set\">%s</button>", T(r, "Sửa một cột…", "Set a field…"));
    if (may.remove)
        html_f(o, "<button class=\"btn danger\" name=\"what\" value=\"remove\">%s</button>", T(r, "Xóa khỏi danh sách…", "Remove…"));
    html(o, "</div>");
}

static void table(struct request *r, const struct filter *f, const struct columns *cols, const struct list *l, int64_t total)
{
    struct buf *o = &r->out;
    const struct look *look = look_of(f->kind);
    const struct labels *labels = labels_of(r->c, f->kind, l->rows, l->n);
    const char **under = look && look->under ? look->under(r, l->rows, l->n) : NULL;
    struct may may = may_of(r, f->kind);
    bool pick = may.change || may.remove || may.export;
    if (pick) {
        html_f(o, "<form method=\"post\" action=\"/%s/%s\">", f->kind->name, may.change || may.remove ? "bulk" : "export");
        ui_hidden(r, "csrf", r->who.csrf);
        filter_hidden(r);
    }
    html_f(o, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table class=\"cards keep\"><caption class=\"vh\">%s</caption>", in_words(r->c, f->kind->plural),
           in_words(r->c, f->kind->plural));
    table_head(r, f, cols, look, pick);
    html(o, "<tbody>");
    for (size_t i = 0; i < l->n; i++)
        table_row(r, cols, look, l->rows[i], under ? under[i] : NULL, labels, pick);
    html(o, "</tbody></table></div>");
    if (pick) {
        bulk_bar(r, may);
        html(o, "</form>");
    }
    foot(r, f, l, total);
}

/* --- the page -------------------------------------------------------------------------------------------- */

static void actions(struct request *r)
{
    const struct kind *k = r->kind;
    bool by_hand = !(k->flags & COMPUTED);
    if (scope_any(r->c, k, ACT_EXPORT) || scope_any(r->c, k, ACT_ADMIN)) {
        ui_menu(r, T(r, "Xuất danh sách", "Export"), "download");
        static const char *const formats[][2] = {{"xlsx", "Excel (XLSX)"}, {"csv", "CSV"}, {"json", "JSON"}};
        const char *path = arena_printf(&r->c->arena, "/%s/export", k->name);
        html_f(&r->out, "<p class=\"of\">%s</p>", T(r, "Tất cả dòng khớp điều kiện", "All that match"));
        for (size_t i = 0; i < N(formats); i++)
            html_f(&r->out, "<a href=\"%s\">%s</a>", filter_address(r, path, "format", formats[i][0], NULL), formats[i][1]);
        html_f(&r->out, "<p class=\"of\">%s</p>", T(r, "Chỉ những dòng đang hiện", "Only those shown"));
        for (size_t i = 0; i < N(formats); i++)
            html_f(&r->out, "<a href=\"%s\">%s</a>", filter_address(r, path, "format", formats[i][0], "shown", "1", "after", query_get(r, "after"), NULL), formats[i][1]);
        ui_menu_end(r);
    }
    if (by_hand && scope_any(r->c, k, ACT_ADD)) {
        ui_button(r, url(r, arena_printf(&r->c->arena, "/import/%s", k->name), NULL), "upload", T(r, "Nhập từ Excel", "Import from Excel"), false);
        ui_button(r, url(r, arena_printf(&r->c->arena, "/%s/new", k->name), NULL), "plus", arena_printf(&r->c->arena, T(r, "Thêm %s", "Add %s"), kind_noun(r, k)), true);
    }
}

const char *kind_noun(struct request *r, const struct kind *k)
{
    const char *label = in_words(r->c, k->label);
    uint32_t cp;
    size_t n = utf8_next(label, strlen(label), &cp);
    const char *lower = cp < 128 && cp >= 'A' && cp <= 'Z' ? arena_printf(&r->c->arena, "%c%s", (int)cp + 32, label + 1) : NULL;
    if (!lower && cp == 0x110) /* Đ */
        lower = arena_printf(&r->c->arena, "đ%s", label + n);
    return lower ? lower : label;
}

static void nothing(struct request *r, const struct filter *f)
{
    bool asked = f->nterms || (f->search && *f->search);
    const char *noun = kind_noun(r, f->kind);
    if (asked)
        ui_empty(r, arena_printf(&r->c->arena, T(r, "Không có %s nào khớp điều kiện.", "No %s matches the conditions."), noun), url(r, r->path, NULL),
                 T(r, "Bỏ mọi điều kiện", "Take all conditions off"));
    else if (!(f->kind->flags & COMPUTED) && scope_any(r->c, f->kind, ACT_ADD))
        ui_empty(r, arena_printf(&r->c->arena, T(r, "Chưa có %s nào ở đây.", "There is no %s here yet."), noun), url(r, arena_printf(&r->c->arena, "/%s/new", f->kind->name), NULL),
                 arena_printf(&r->c->arena, T(r, "Thêm %s", "Add %s"), noun));
    else
        ui_empty(r, arena_printf(&r->c->arena, T(r, "Chưa có %s nào ở đây.", "There is no %s here yet."), noun), NULL, NULL);
}

void p_list(struct request *r)
{
    struct filter f;
    if (gather_columns(r) || !filter_of_address(r, &f))
        return;
    struct columns cols = columns_of(r);
    struct list l = record_list(r->c, &f);
    struct filter_counts counts = filter_counts(r, &f);
    int64_t most = most_counted(&f), total = f.after || l.next ? filter_counts_listed(&counts, &f, most) : (int64_t)l.n;
    if (total < 0)
        total = record_count_to(r->c, &f, most);
    if (failed(r->c))
        return;
    char all[32];
    const char *lead = arena_printf(&r->c->arena, "%s%s %s", total > most ? "> " : "", int_vi(total > most ? most : total, all), kind_noun(r, f.kind));
    page_begin(r, &(struct page){.title = in_words(r->c, f.kind->plural), .lead = lead, .chapter = chapter_of(f.kind), .actions = actions,
                                 .crumbs = {{in_words(r->c, f.kind->plural), NULL}}});
    html(&r->out, "<section class=\"sheet\">");
    filter_form(r, &f);
    html(&r->out, "<div id=\"list\" aria-live=\"polite\">");
    html(&r->out, "<div class=\"above\">");
    filter_chips(r, &f, &counts);
    column_menu(r, &cols);
    html(&r->out, "</div>");
    if (l.n)
        table(r, &f, &cols, &l, total);
    else
        nothing(r, &f);
    if (!l.n) {
        html(&r->out, "<div class=\"foot\">");
        removed_link(r);
        html(&r->out, "</div>");
    }
    html(&r->out, "</div></section>");
    page_end(r);
}
