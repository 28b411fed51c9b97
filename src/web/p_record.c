/* One record of any kind, as a sheet: its values, what points at it, who can see it, its history; and taking it off and back. */
#include "history.h"
#include "page.h"
#include "pages.h"
#include "server.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/scope.h"
#include "party/verbs.h"

enum { RELATED_MOST = 16 };

/* A kind with a reference to this one. */
struct related {
    const struct kind *kind;
    const struct field *by;
    int64_t n;
};

static int64_t id_of_address(struct request *r)
{
    int64_t id;
    if (int_parse(r->parts[1], &id) && id > 0)
        return id;
    fail(r->c, ERR_MISSING, "Không có trang này, hoặc bạn không được xem.", "There is no such page, or it is not yours to see.");
    return 0;
}

static void missing(struct request *r)
{
    fail(r->c, ERR_MISSING, "Không có hồ sơ này, hoặc bạn không được xem.", "There is no such record, or it is not yours to see.");
}

static struct filter those_of(const struct related *x, int64_t id)
{
    return (struct filter){.kind = x->kind, .all_times = true, .terms = {{.field = x->by, .op = OP_IS, .value = value_int(id)}}, .nterms = 1};
}

/* What the actor may see that points at the record, by kind and field, each counted. */
static size_t find_related(struct request *r, int64_t id, struct related *out)
{
    size_t n = 0;
    for (size_t i = 0; i < nkinds; i++) {
        const struct kind *k = kinds[i];
        for (size_t j = 0; j < k->nfields && n < RELATED_MOST; j++) {
            const struct field *f = &k->fields[j];
            if (f->type != TYPE_REF || f->to != r->kind || !field_stored(f) || (k->flags & COMPUTED) || k == r->kind || !scope_any(r->c, k, ACT_READ))
                continue;
            out[n] = (struct related){.kind = k, .by = f};
            struct filter those = those_of(&out[n], id);
            out[n++].n = record_count_to(r->c, &those, 999);
        }
    }
    return n;
}

static void pairs(struct request *r, const void *record, const struct labels *labels)
{
    struct buf *o = &r->out;
    const struct row *row = record;
    const char *head = NULL;
    bool placed = false; /* one of its own fields names the unit that it is kept at */
    bool begun = !look_of(r->kind) || !look_of(r->kind)->ngroups;
    if (begun)
        html(o, "<dl class=\"pairs\">");
    for (size_t i = 0; i < r->kind->nfields; i++) {
        const struct field *f = &r->kind->fields[i];
        const char *begins = look_group_of(r, r->kind, f);
        head = begins ? begins : head;
        if (!is_shown(f) || (field_empty(f, record) && f->type != TYPE_FLAG))
            continue;
        if (head && begun)
            html(o, "</dl>");
        if (head)
            html_f(o, "<h2 class=\"group\">%s</h2><dl class=\"pairs\">", head);
        begun |= head != NULL;
        head = NULL;
        placed |= f->type == TYPE_REF && f->to == kind_of_places() && field_get(f, record).i == row->unit;
        html_f(o, "<div><dt>%s</dt><dd>", in_words(r->c, f->label));
        show_value(r, f, record, labels, true);
        html(o, "</dd></div>");
    }
    struct label unit = label_unit(labels, row->unit);
    if (row->unit && !placed && !(r->kind->flags & SYSTEM))
        html_f(o, "<div><dt>%s</dt><dd><a href=\"%s\">%s</a></dd></div>", T(r, "Thuộc", "Kept at"), record_href(r, kind_of_places(), row->unit, unit.code), unit.title);
    html(o, "</dl>");
    html_f(o, "<div class=\"foot\"><span>%s %lld · %s %s</span></div>", T(r, "Bản", "Version"), (long long)row->version, T(r, "sửa lần cuối", "changed last"), moment_words(r, row->changed_at));
}

static void empties(struct request *r, const void *record)
{
    struct buf *o = &r->out;
    bool any = false;
    for (size_t i = 0; i < r->kind->nfields; i++) {
        const struct field *f = &r->kind->fields[i];
        if (!is_shown(f) || !field_empty(f, record) || f->type == TYPE_FLAG || (f->flags & READONLY))
            continue;
        if (!any)
            html_f(o, "<p class=\"soft small pad\">%s: ", T(r, "Chưa ghi", "Not entered"));
        html_f(o, "%s%s", any ? ", " : "", in_words(r->c, f->label));
        any = true;
    }
    if (any)
        html(o, "</p>");
}

static void info(struct request *r, const void *record, const struct labels *labels)
{
    html(&r->out, "<section class=\"sheet\">");
    pairs(r, record, labels);
    empties(r, record);
    html(&r->out, "</section>");
}

/* A table of what points at the record. */
static void related_rows(struct request *r, const struct related *x, int64_t id)
{
    struct filter those = those_of(x, id);
    struct list l = record_list(r->c, &those);
    const struct labels *labels = labels_of(r->c, x->kind, l.rows, l.n);
    struct buf *o = &r->out;
    html(o, "<section class=\"sheet\">");
    if (!l.n)
        ui_empty(r, arena_printf(&r->c->arena, T(r, "Chưa có %s nào.", "There is no %s yet."), kind_noun(r, x->kind)), NULL, NULL);
    else
        html_f(o, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table class=\"cards\"><thead><tr>", in_words(r->c, x->kind->plural));
    for (size_t i = 0; i < x->kind->nfields && l.n; i++)
        if ((x->kind->fields[i].flags & LISTED) && &x->kind->fields[i] != x->by)
            html_f(o, "<th scope=\"col\">%s</th>", in_words(r->c, x->kind->fields[i].label));
    if (l.n)
        html(o, "<td></td></tr></thead><tbody>");
    for (size_t k = 0; k < l.n; k++) {
        html(o, "<tr>");
        for (size_t i = 0; i < x->kind->nfields; i++) {
            const struct field *f = &x->kind->fields[i];
            if (!(f->flags & LISTED) || f == x->by)
                continue;
            html_f(o, "<td data-label=\"%s\">", in_words(r->c, f->label));
            show_value(r, f, l.rows[k], labels, false);
            html(o, "</td>");
        }
        html_f(o, "<td><a href=\"%s\">%s</a></td></tr>", record_href(r, x->kind, ((const struct row *)l.rows[k])->id, record_code(x->kind, l.rows[k])), T(r, "Mở", "Open"));
    }
    if (l.n)
        html(o, "</tbody></table></div>");
    html(o, "<div class=\"foot\"><nav class=\"pager\">");
    const char *by = arena_printf(&r->c->arena, "%lld", (long long)id), *path = arena_printf(&r->c->arena, "/%s", x->kind->name);
    if (l.next)
        ui_button(r, url_plain(r, path, x->by->name, by, "all", "1", NULL), NULL, T(r, "Xem tất cả", "All of them"), false);
    if (scope_any(r->c, x->kind, ACT_ADD))
        ui_button(r, url(r, arena_printf(&r->c->arena, "/%s/new", x->kind->name), x->by->name, by, NULL), "plus",
                  arena_printf(&r->c->arena, T(r, "Thêm %s", "Add %s"), kind_noun(r, x->kind)), false);
    html(o, "</nav></div></section>");
}

static void tell_who(void *to, const char *who, const char *through, const char *acts)
{
    struct request *r = to;
    html_f(&r->out, "<tr><th scope=\"row\" class=\"name\">%s</th><td data-label=\"%s\">%s</td><td data-label=\"%s\">", who, T(r, "Nhờ", "Through"), through, T(r, "Được làm", "May"));
    static const struct {
        const char *act;
        struct words words;
    } all[] = {{"read", {"xem", "read"}},       {"add", {"thêm", "add"}},       {"change", {"sửa", "change"}}, {"remove", {"xóa", "remove"}},
               {"export", {"xuất", "export"}}, {"decide", {"quyết định", "decide"}}, {"admin", {"quản trị", "administer"}}};
    bool any = false;
    for (size_t i = 0; i < N(all); i++) {
        const char *at = strstr(acts, all[i].act);
        if (!at)
            continue;
        html_f(&r->out, "%s%s", any ? ", " : "", in_words(r->c, all[i].words));
        any = true;
    }
    html(&r->out, "</td></tr>");
}

void show_who_sees(struct request *r, const void *record)
{
    html_f(&r->out, "<section class=\"sheet\"><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table class=\"cards\"><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
           T(r, "Ai xem được", "Who can see this"), T(r, "Tài khoản", "Account"), T(r, "Nhờ chức vụ hoặc phân quyền", "Through which office or grant"), T(r, "Được làm gì", "What they may do"));
    access_who(r->c, r->kind, record, tell_who, r);
    html_f(&r->out, "</tbody></table></div><div class=\"foot\"><span>%s</span></div></section>",
           T(r, "Tính theo chức vụ và phân quyền hôm nay; hết chức vụ là hết quyền. Người giữ máy chủ xem được mọi hồ sơ.",
             "As offices and grants stand today; a right ends with its office. Whoever runs the machine can see every record."));
}

static void actions(struct request *r)
{
    int64_t id = id_of_address(r);
    const struct kind *k = r->kind;
    if (k->flags & COMPUTED)
        return;
    const char *base = arena_printf(&r->c->arena, "/%s/%lld", k->name, (long long)id);
    const struct look *look = look_of(k);
    if (look && look->actions)
        look->actions(r, id);
    void *removable = record_find(r->c, k, id, ACT_REMOVE);
    if (removable) {
        ui_menu(r, T(r, "Khác", "More"), NULL);
        html_f(&r->out, "<form method=\"post\" action=\"%s/remove\">", base);
        ui_hidden(r, "csrf", r->who.csrf);
        html(&r->out, "<button>");
        ui_icon(r, "trash");
        html_f(&r->out, "%s</button></form>", T(r, "Xóa khỏi danh sách", "Remove from the list"));
        ui_menu_end(r);
    }
    if (record_find(r->c, k, id, ACT_CHANGE))
        ui_button(r, url(r, arena_printf(&r->c->arena, "%s/edit", base), NULL), "edit", T(r, "Sửa", "Change"), true);
}

static const char *lead_of(struct request *r, const void *record, const struct labels *labels)
{
    const char *code = record_code(r->kind, record);
    struct label unit = label_unit(labels, ((const struct row *)record)->unit);
    const char *at = r->kind->flags & SYSTEM ? "" : unit.title;
    return arena_printf(&r->c->arena, "%s%s%s%s%s", in_words(r->c, r->kind->label), *code ? " · " : "", code, *at ? " · " : "", at);
}

void p_record(struct request *r)
{
    int64_t id = id_of_address(r);
    const char *tab = query_get(r, "tab");
    struct related related[RELATED_MOST];
    struct tab tabs[RELATED_MOST + 3];
    size_t nrelated, ntabs = 0;
    void *record = id ? record_find(r->c, r->kind, id, ACT_READ) : NULL;
    if (!record) {
        missing(r);
        return;
    }
    if (r->kind == kind_of_places()) {
        redirect(r, record_href(r, r->kind, id, record_code(r->kind, record)));
        return;
    }
    if (r->kind->flags & SENSITIVE)
        request_reads(r, r->kind, record, "read", NULL);
    if (!r->place.unit && !(r->kind->flags & SYSTEM))
        place_set(r, ((struct row *)record)->unit);
    const struct labels *labels = labels_of(r->c, r->kind, &record, 1);
    nrelated = find_related(r, id, related);
    tab = tab ? tab : "";
    tabs[ntabs++] = (struct tab){T(r, "Thông tin", "Details"), here(r, "tab", "", NULL), -1, !*tab};
    const struct related *shown = NULL;
    for (size_t i = 0; i < nrelated; i++) {
        const char *name = arena_printf(&r->c->arena, "%s.%s", related[i].kind->name, related[i].by->name);
        bool on = strcmp(tab, name) == 0;
        shown = on ? &related[i] : shown;
        tabs[ntabs++] = (struct tab){in_words(r->c, related[i].kind->plural), here(r, "tab", name, NULL), related[i].n, on};
    }
    tabs[ntabs++] = (struct tab){T(r, "Ai xem được", "Who can see this"), here(r, "tab", "who", NULL), -1, strcmp(tab, "who") == 0};
    tabs[ntabs++] = (struct tab){T(r, "Nhật ký", "History"), here(r, "tab", "history", NULL), -1, strcmp(tab, "history") == 0};
    page_begin(r, &(struct page){.title = shown_title(r, r->kind, record, labels), .lead = lead_of(r, record, labels), .chapter = chapter_of(r->kind), .actions = actions,
                                 .crumbs = {{in_words(r->c, r->kind->plural), url(r, arena_printf(&r->c->arena, "/%s", r->kind->name), NULL)}, {shown_title(r, r->kind, record, labels), NULL}}});
    page_tabs(r, tabs, ntabs);
    if (shown)
        related_rows(r, shown, id);
    else if (strcmp(tab, "who") == 0)
        show_who_sees(r, record);
    else if (strcmp(tab, "history") == 0)
        history_show(r, r->kind, id);
    else
        info(r, record, labels);
    page_end(r);
}

/* --- off the list and back ---------------------------------------------------------------------------- */

static const char *list_path(struct request *r)
{
    return arena_printf(&r->c->arena, "/%s", r->kind->name);
}

void p_remove(struct request *r)
{
    struct problems p;
    int64_t id = id_of_address(r);
    problems_start(&p, r->c);
    if (!id || !db_begin(r->c, DB_WRITE))
        return;
    if (!record_find(r->c, r->kind, id, ACT_REMOVE))
        missing(r);
    else if (!record_remove(r->c, r->kind, id, 0, &p) && !failed(r->c) && p.first)
        fail(r->c, ERR_BAD_INPUT, "%s", "%s", p.first->text);
    if (db_commit(r->c) && !failed(r->c))
        redirect(r, url(r, list_path(r), "notice", "removed", "undo", arena_printf(&r->c->arena, "/%s/%lld/restore", r->kind->name, (long long)id), NULL));
}

void p_restore(struct request *r)
{
    int64_t id = id_of_address(r);
    if (id && record_restore(r->c, r->kind, id))
        redirect(r, url(r, arena_printf(&r->c->arena, "/%s/%lld", r->kind->name, (long long)id), "notice", "restored", NULL));
    else if (!failed(r->c))
        missing(r);
}
