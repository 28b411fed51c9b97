/* A change of units, step 2: which units, ticked in the tree or found by their name, and for a move the new superior in a second tree beside
 * it. Everything stands in the address; branches open without script too, by a button that takes along what is ticked. */
#include "changing.h"
#include "page.h"
#include "ui.h"

#include "base/str.h"
#include "model/tree.h"
#include "party/organisation/place.h"

enum { FEW = 2000, AT_ONCE = 200, FOUND_MOST = 30, OPEN_MOST = 130 };

struct picker {
    struct changing *j;
    const char *name, *nav, *find; /* of the boxes, of the branch that is opened, of the words to look for */
    bool many, superior;           /* superior: the unit to stand under is chosen, not what is changed */
    int64_t open[OPEN_MOST];
    size_t nopen;
    bool drawn[64];                /* which picks have a box already */
    bool shown;                    /* something that is chosen has */
};

static bool is_chosen(const struct picker *k, const char *code)
{
    return k->superior ? strcmp(given(k->j->r, k->name), code) == 0 : was_picked(k->j, code);
}

static void box(struct picker *k, const char *code, const char *name, const char *small)
{
    struct buf *o = &k->j->r->out;
    html_f(o, "<label class=\"opt\"><input type=\"%s\" name=\"%s\" value=\"%s\"", k->many ? "checkbox" : "radio", k->name, code);
    bool on = is_chosen(k, code);
    if (on)
        html(o, " checked");
    k->shown |= on;
    html_f(o, "><span>%s", name);
    if (small && *small)
        html_f(o, "<small>%s</small>", small);
    html(o, "</span></label>");
    for (size_t i = 0; i < k->j->npicks; i++)
        k->drawn[i] |= strcmp(k->j->picks[i], code) == 0;
}

static void open_line(struct picker *k, int64_t unit)
{
    struct unit_brief *line;
    size_t n = unit ? unit_line(k->j->r->c, unit, k->j->r->place.at, &line) : 0;
    for (size_t i = 0; i < n && k->nopen < OPEN_MOST; i++)
        k->open[k->nopen++] = line[i].id;
}

static bool is_open(const struct picker *k, int64_t unit)
{
    for (size_t i = 0; i < k->nopen; i++)
        if (k->open[i] == unit)
            return true;
    return false;
}

static void branch(struct picker *k, int64_t unit, bool root, int depth);

static void node(struct picker *k, const struct unit_brief *u, int depth)
{
    struct request *r = k->j->r;
    struct buf *o = &r->out;
    bool on = is_open(k, u->id);
    html_f(o, "<li><div class=\"%s\">", u->below == 0 ? "leaf" : "line");
    box(k, u->code, u->name, NULL);
    html_f(o, "<span class=\"n\">%s</span></div>", u->code);
    if (u->below != 0) {
        html_f(o, "<details data-src=\"%s\"", url(r, arena_printf(&r->c->arena, "/change/%s", k->j->sort->act), "part", "1", "of", u->code, "tree", k->name, NULL));
        if (on)
            html(o, " open");
        html_f(o, "><summary><span class=\"vh\">%s %s</span></summary>", T(r, "Các đơn vị của", "Units of"), u->name);
        if (on && depth < 64)
            branch(k, u->id, false, depth + 1);
        else
            html_f(o, "<ul><li><button class=\"link\" name=\"%s\" value=\"%s\">%s</button></li></ul>", k->nav, u->code, T(r, "Mở các đơn vị trực thuộc", "Open what stands below"));
        html(o, "</details>");
    }
    html(o, "</li>");
}

static void branch(struct picker *k, int64_t unit, bool root, int depth)
{
    struct request *r = k->j->r;
    struct unit_brief *all;
    const char *next;
    const struct unit_children_ask ask = {.unit = unit, .at = r->place.at, .most = AT_ONCE, .count = !unit || unit_has_few_below(r->c, unit, r->place.at, FEW)};
    size_t n = unit_children(r->c, &ask, &all, &next);
    html_f(&r->out, "<ul class=\"%s\">", root ? "tree" : "");
    for (size_t i = 0; i < n; i++)
        node(k, &all[i], depth);
    if (next)
        html_f(&r->out, "<li><div class=\"leaf\"><span class=\"soft\">%s</span></div></li>", T(r, "Còn nhiều đơn vị nữa: tìm theo tên ở ô trên.", "There are more units: find them by name in the box above."));
    html(&r->out, "</ul>");
}

void change_branch_part(struct changing *j)
{
    struct request *r = j->r;
    const char *of = query_get(r, "of"), *tree = query_get(r, "tree");
    bool superior = str_same(tree, "superior");
    struct picker k = {.j = j, .name = superior ? "superior" : "pick", .nav = superior ? "to" : "from", .many = !superior && j->sort->picks == PICK_MANY, .superior = superior};
    void *u = of ? record_by_code(r->c, kind_of_places(), of, ACT_READ) : NULL;
    html(&r->out, "<!doctype html><html lang=\"vi\"><head><title>-</title></head><body>");
    if (u)
        branch(&k, ((struct row *)u)->id, false, 0);
    else
        html(&r->out, "<ul></ul>");
    html(&r->out, "</body></html>");
}

static void found(struct picker *k, const char *words)
{
    struct request *r = k->j->r;
    struct filter f = {.kind = kind_of_places(), .search = words, .at = r->place.at, .limit = FOUND_MOST};
    struct list l = record_list(r->c, &f);
    const struct labels *labels = labels_of(r->c, f.kind, l.rows, l.n);
    const struct field *superior = field_need(f.kind, "superior");
    html(&r->out, "<div class=\"opts long\" tabindex=\"0\">");
    for (size_t i = 0; i < l.n; i++) {
        const char *code = record_code(f.kind, l.rows[i]), *above = label_of(labels, kind_of_places(), field_ref(superior, l.rows[i])).title;
        box(k, code, record_title(r->c, f.kind, l.rows[i]), arena_printf(&r->c->arena, "%s%s%s", code, above && *above ? " · " : "", above ? above : ""));
    }
    if (!l.n)
        html_f(&r->out, "<p class=\"soft\">%s</p>", arena_printf(&r->c->arena, T(r, "Không có đơn vị nào tên có “%s”.", "No unit has “%s” in its name."), words));
    html(&r->out, "</div>");
}

/* What is chosen and stands neither in the open branches nor among what was found. */
static void chosen_elsewhere(struct picker *k)
{
    struct request *r = k->j->r;
    bool superior = k->superior, begun = false;
    const char *one = given(r, k->name), *const *list = superior ? &one : k->j->picks;
    size_t n = superior ? *one != '\0' : k->j->npicks;
    for (size_t i = 0; i < n; i++) {
        void *u = (superior ? !k->shown : !k->drawn[i]) ? record_by_code(r->c, kind_of_places(), list[i], ACT_READ) : NULL;
        if (!u)
            continue;
        if (!begun)
            html_f(&r->out, "<p class=\"small soft\">%s</p><div class=\"opts\">", T(r, "Đã chọn ở nơi khác", "Chosen elsewhere"));
        begun = true;
        box(k, list[i], record_title(r->c, kind_of_places(), u), list[i]);
    }
    if (begun)
        html(&r->out, "</div>");
}

/* Words to look for, then what they find or the tree, then what else is chosen. */
static void pick_from(struct picker *k, const char *legend, const char *problem_field, int64_t open_at)
{
    struct request *r = k->j->r;
    const char *words = given(r, k->find), *nav = given(r, k->nav);
    html_f(&r->out, "<fieldset id=\"f-%s\"><legend>%s</legend>", problem_field, legend);
    wrong_of(k->j, problem_field);
    html_f(&r->out, "<div class=\"finder\"><input class=\"field\" type=\"search\" name=\"%s\" value=\"%s\" placeholder=\"%s\" aria-label=\"%s – %s\"><button class=\"btn\">%s</button></div>", k->find, words,
           T(r, "Tên hoặc mã, không cần dấu", "Name or code"), T(r, "Tìm đơn vị", "Find a unit"), legend, T(r, "Tìm", "Find"));
    if (!str_blank(words)) {
        found(k, words);
        html_f(&r->out, "<p class=\"small\">%s</p>", T(r, "Xóa chữ trong ô rồi bấm Tìm để về cây.", "Empty the box and press Find to return to the tree."));
    } else {
        open_line(k, open_at);
        open_line(k, *nav ? record_id_of_code(r->c, kind_of_places(), nav) : 0);
        html(&r->out, "<div class=\"boxed\">");
        branch(k, 0, true, 0);
        html(&r->out, "</div>");
    }
    chosen_elsewhere(k);
    if (*nav)
        ui_hidden(r, k->nav, nav);
    html(&r->out, "</fieldset>");
}

static int64_t superior_of(struct request *r, int64_t unit)
{
    struct unit_brief *line;
    size_t n = unit ? unit_line(r->c, unit, r->place.at, &line) : 0;
    return n > 1 && line[n - 2].readable ? line[n - 2].id : unit;
}

void change_units_page(struct changing *j)
{
    struct request *r = j->r;
    bool two = j->sort->picks != PICK_NONE && j->sort->superior;
    int64_t at = r->place.unit ? r->place.unit : unit_of_actor(r->c);
    struct picker left = {.j = j, .name = "pick", .nav = "from", .find = "find_pick", .many = j->sort->picks == PICK_MANY};
    struct picker right = {.j = j, .name = "superior", .nav = "to", .find = "find_superior", .superior = true};
    change_page_begin(j, CHANGE_UNITS, two ? T(r, "chọn đơn vị và cấp trên mới.", "choose the units and their new superior.") : left.many ? T(r, "chọn các đơn vị.", "choose the units.")
                                       : j->sort->picks                                                                                  ? T(r, "chọn một đơn vị.", "choose one unit.")
                                                                                                                                         : T(r, "chọn cấp trên trực tiếp.", "choose where it will stand."));
    if (j->posted)
        ui_form(r, arena_printf(&r->c->arena, "/change/%s", j->sort->act), "form wide-form sheet");
    else
        html_f(&r->out, "<form class=\"form wide-form sheet\" action=\"/change/%s\">", j->sort->act);
    html(&r->out, "<button class=\"vh\" tabindex=\"-1\" aria-hidden=\"true\"></button><div class=\"body\">"); /* what Enter presses */
    change_carry(j, CHANGE_UNITS);
    html_f(&r->out, "<div class=\"%s\"><div>", two ? "halves" : "stack");
    if (j->sort->picks != PICK_NONE)
        pick_from(&left, two ? T(r, "Đơn vị chuyển đi", "Units that move") : left.many ? T(r, "Các đơn vị", "Units") : T(r, "Đơn vị", "Unit"), "units", at);
    if (two)
        html(&r->out, "</div><div>");
    if (j->sort->superior)
        pick_from(&right, two ? T(r, "Về trực thuộc", "To stand under") : T(r, "Trực thuộc đơn vị nào", "Under which unit"), "superior", two ? superior_of(r, at) : at);
    html(&r->out, "</div></div>");
    change_submit(j, NULL, "details", T(r, "Tiếp tục", "Continue"));
    html(&r->out, "</div></form>");
    page_end(r);
}
