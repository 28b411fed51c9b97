/* Changing units by decision, as a journey: what, which units and the decision, what it will do, done — and undone. Nothing is kept between
 * the steps but what the form carries; the preview is the change itself, rolled back. */
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/model.h"
#include "model/scope.h"
#include "model/type.h"
#include "party/organisation/change.h"
#include "party/organisation/place.h"

enum { LISTED_MOST = 300 };

/* What each change needs, in the order in which it is asked. */
struct change_sort {
    const char *act, *icon;
    struct words title, what;
    const char *fields; /* of unit_change, behind the units and before the decision */
    bool picks;         /* units are picked from those below the place */
    bool two_trees;     /* and a superior from a second tree */
};

static const struct change_sort sorts[] = {
    {"found", "plus", {"Thành lập đơn vị", "Found a unit"}, {"Lập một tổ chức mới theo quyết định.", "A new unit, by decision."}, "into new_name new_type new_level superior", false, false},
    {"merge", "merge", {"Hợp nhất, sáp nhập", "Merge"}, {"Từ hai đơn vị thành một, mới hoặc đang có; đảng viên và đơn vị cấp dưới theo về.", "Several units into one, new or existing; members and what stands below come along."},
     "into new_name new_type new_level superior", true, false},
    {"split", "split", {"Chia, tách", "Split"}, {"Một đơn vị thành nhiều; đảng viên và đơn vị cấp dưới được phân về từng nơi.", "One unit into several; members and what stands below are assigned."}, "into assign rest superior", true, false},
    {"move", "move", {"Chuyển trực thuộc", "Move"}, {"Chuyển một hoặc nhiều đơn vị sang cấp trên khác.", "One or several units under another superior."}, "superior", true, true},
    {"rename", "edit", {"Đổi tên", "Rename"}, {"Đổi tên; tên cũ vẫn đúng cho những ngày trước.", "Another name; the old one holds for the days before."}, "new_name", true, false},
    {"reclass", "up", {"Nâng, hạ loại hình hoặc cấp", "Change class"}, {"Chi bộ trực thuộc, chi bộ cơ sở, đảng bộ cơ sở…", "Cell, base cell, base committee …"}, "new_type new_level", true, false},
    {"close", "close", {"Kết thúc hoạt động", "Close"}, {"Giải thể, kết thúc; hồ sơ cũ vẫn mở được.", "The unit ends; its records stay readable."}, "", true, false},
};

static const char decision_fields[] = "number decided_on decided_by effective_on note";

static const struct change_sort *sort_of(struct request *r)
{
    for (size_t i = 0; i < N(sorts); i++)
        if (strcmp(sorts[i].act, r->parts[0]) == 0)
            return &sorts[i];
    fail(r->c, ERR_MISSING, "Không có việc thay đổi này.", "There is no such change.");
    return NULL;
}

/* --- step 1: what ----------------------------------------------------------------------------------------------- */

void p_change(struct request *r)
{
    struct buf *o = &r->out;
    bool may = scope_any(r->c, &unit_change_kind, ACT_DECIDE);
    page_begin(r, &(struct page){.title = T(r, "Thay đổi tổ chức theo quyết định", "Change units by decision"), .chapter = CHAPTER_UNITS,
                                 .lead = T(r, "Bước 1 trong 3: chọn việc cần làm. Chưa có gì được ghi cho đến khi xác nhận ở bước 3.", "Step 1 of 3: choose. Nothing is written before you confirm in step 3."),
                                 .crumbs = {{T(r, "Thay đổi tổ chức", "Change"), NULL}}});
    if (!may) {
        html(o, "<section class=\"sheet\">");
        ui_empty(r, T(r, "Thay đổi tổ chức do người có quyền quyết định ở cấp trên thực hiện (bí thư, phó bí thư cấp ủy cấp trên).", "Units are changed by whoever may decide at the superior (its secretary or deputies)."),
                 url(r, "/unit_change", NULL), T(r, "Xem các quyết định đã thực hiện", "Decisions carried out"));
        html(o, "</section>");
        page_end(r);
        return;
    }
    html(o, "<ol class=\"step\" aria-hidden=\"true\"><li class=\"on\"></li><li></li><li></li></ol><section class=\"sheet\"><ul class=\"list\">");
    for (size_t i = 0; i < N(sorts); i++) {
        html(o, "<li>");
        ui_icon(r, sorts[i].icon);
        html_f(o, "<span class=\"t\"><a href=\"%s\">%s</a><small>%s</small></span></li>", url(r, arena_printf(&r->c->arena, "/change/%s", sorts[i].act), NULL), in_words(r->c, sorts[i].title),
               in_words(r->c, sorts[i].what));
    }
    html_f(o, "</ul><div class=\"foot\"><a href=\"%s\">%s</a></div></section>", url(r, "/unit_change", NULL), T(r, "Các quyết định đã thực hiện", "Decisions carried out"));
    page_end(r);
}

/* --- step 2: which units, and the decision ------------------------------------------------------------------------ */

struct journey {
    struct request *r;
    const struct change_sort *sort;
    const struct problems *p;
};

static const char *given(struct request *r, const char *name)
{
    const char *s = form_get(r, name);
    return s ? s : query_get(r, name) ? query_get(r, name) : "";
}

static bool listed_in(const char *list, const char *code)
{
    size_t n = strlen(code);
    for (const char *s = list; *s;) {
        s += strspn(s, "; ,\n\r");
        size_t m = strcspn(s, ";,\n\r");
        if (m == n && strncmp(s, code, n) == 0)
            return true;
        s += m;
    }
    return false;
}

/* The units that the form picked: boxes, and codes that were typed; joined by semicolons. */
static const char *picked(struct request *r)
{
    struct buf b = {0};
    for (const struct input *in = r->form ? r->form : r->query; in; in = in->next)
        if ((strcmp(in->name, "pick") == 0 || strcmp(in->name, "units") == 0) && !str_blank(in->value))
            buf_printf(&b, "%s%s", b.n ? ";" : "", in->value);
    return buf_take(&b, &r->c->arena);
}

static void wrong_of(struct journey *j, const char *name)
{
    const struct problem *wrong = ui_problem_of(j->p, name);
    if (wrong)
        html_f(&j->r->out, "<p class=\"%s\" id=\"e-%s\">%s</p>", wrong->warning ? "caution" : "error", name, wrong->text);
}

static void boxes(struct journey *j, const char *chosen)
{
    struct request *r = j->r;
    struct unit_brief *all;
    const char *next;
    const struct unit_children_ask ask = {.unit = r->place.unit, .at = r->place.at, .most = LISTED_MOST};
    size_t n = unit_children(r->c, &ask, &all, &next);
    html_f(&r->out, "<fieldset><legend>%s %s</legend>", T(r, "Đơn vị trực thuộc", "Units directly below"), r->place.unit ? r->place.name : "");
    if (n > 12)
        html_f(&r->out, "<input class=\"field\" type=\"search\" data-filter=\"#pick-units\" data-js hidden placeholder=\"%s\" aria-label=\"%s\">", T(r, "Lọc đơn vị…", "Filter units…"), T(r, "Lọc đơn vị", "Filter units"));
    html(&r->out, "<div class=\"opts long\" id=\"pick-units\" tabindex=\"0\">");
    for (size_t i = 0; i < n; i++)
        ui_check(r, "pick", all[i].code, listed_in(chosen, all[i].code), all[i].name, all[i].code);
    html(&r->out, "</div>");
    if (!n)
        html_f(&r->out, "<p class=\"soft\">%s</p>", T(r, "Không có đơn vị nào trực thuộc; ghi mã ở ô dưới, hoặc chọn đơn vị khác ở thanh trên.", "Nothing stands directly below; write codes in the box below, or choose another unit in the bar above."));
    html(&r->out, "</fieldset>");
}

static void pick_units(struct journey *j)
{
    struct request *r = j->r;
    const char *chosen = picked(r);
    wrong_of(j, "units");
    boxes(j, chosen);
    html_f(&r->out, "<div class=\"row\"><label for=\"f-units\">%s</label><p class=\"hint\">%s</p><input class=\"field\" id=\"f-units\" name=\"units\" value=\"\"></div>", T(r, "Đơn vị ở nơi khác (không bắt buộc)", "Units elsewhere (optional)"),
           T(r, "Mã đơn vị, cách nhau bằng dấu chấm phẩy", "Codes, separated by semicolons"));
}

/* Where they go: a second tree, of which one unit is chosen. */
static void target_tree(struct journey *j)
{
    struct request *r = j->r;
    struct unit_brief *all, *line;
    const char *next, *to = given(r, "to"), *chosen = given(r, "superior");
    int64_t at_unit = *to ? record_id_of_code(r->c, kind_of_places(), to) : 0;
    size_t nline = r->place.unit ? unit_line(r->c, r->place.unit, r->place.at, &line) : 0;
    if (!at_unit && nline > 1 && line[nline - 2].readable)
        at_unit = line[nline - 2].id;
    const struct unit_children_ask ask = {.unit = at_unit, .at = r->place.at, .most = LISTED_MOST};
    size_t n = unit_children(r->c, &ask, &all, &next);
    html_f(&r->out, "<fieldset><legend>%s</legend>", T(r, "Cấp trên mới", "New superior"));
    wrong_of(j, "superior");
    html(&r->out, "<div class=\"opts long\" tabindex=\"0\">");
    for (size_t i = 0; i < n; i++) {
        html_f(&r->out, "<label class=\"opt\"><input type=\"radio\" name=\"superior\" value=\"%s\"", all[i].code);
        if (strcmp(chosen, all[i].code) == 0)
            html(&r->out, " checked");
        html_f(&r->out, "><span>%s<small>%s · <a href=\"%s\">%s</a></small></span></label>", all[i].name, all[i].code, here(r, "to", all[i].code, NULL), T(r, "mở cấp dưới", "open below"));
    }
    html_f(&r->out, "</div><div class=\"row\"><label for=\"f-other\">%s</label><input class=\"field\" id=\"f-other\" name=\"superior.other\" data-ref=\"unit\" value=\"%s\" autocomplete=\"off\"></div></fieldset>",
           T(r, "Hoặc đơn vị khác", "Or another unit"), given(r, "superior.other"));
}

static void hint_of(struct journey *j, const char *name)
{
    struct request *r = j->r;
    static const struct {
        const char *act, *field;
        struct words words;
    } all[] = {
        {"merge", "into", {"Mã của đơn vị mới, hoặc mã một đơn vị đang có để nhập vào.", "Code of the new unit, or of an existing one that takes the others."}},
        {"found", "into", {"Mã của đơn vị mới, ví dụ HH.CB21.", "Code of the new unit, such as HH.CB21."}},
        {"split", "into", {"Mã=tên của từng đơn vị, cách nhau bằng dấu chấm phẩy: HH.CB1A=Chi bộ thôn 1A; HH.CB1B=Chi bộ thôn 1B.", "Code=name of each, separated by semicolons: HH.CB1A=Cell 1A; HH.CB1B=Cell 1B."}},
        {"split", "assign", {"Mã đơn vị cấp dưới hoặc mã hồ sơ đảng viên=mã đơn vị mới, cách nhau bằng dấu chấm phẩy.", "Code of a unit below or of a person=code of the new unit, separated by semicolons."}},
        {"split", "rest", {"Mã đơn vị nhận những gì chưa phân.", "Code of the unit that takes what was not assigned."}},
    };
    for (size_t i = 0; i < N(all); i++)
        if (strcmp(all[i].act, j->sort->act) == 0 && strcmp(all[i].field, name) == 0)
            html_f(&r->out, "<p class=\"hint\">%s</p>", in_words(r->c, all[i].words));
}

static void input_of(struct journey *j, const struct field *f)
{
    struct request *r = j->r;
    struct buf *o = &r->out;
    const char *value = given(r, f->name);
    char shown[DAY_TEXT];
    if (!*value && !r->form && f->type == TYPE_DAY)
        value = day_vi(r->c->today.v, shown);
    html_f(o, "<div class=\"row%s\"><label for=\"f-%s\">%s</label>", ui_problem_of(j->p, f->name) ? " bad" : "", f->name, in_words(r->c, f->label));
    hint_of(j, f->name);
    wrong_of(j, f->name);
    if (f->type == TYPE_CHOICE) {
        const struct rule_item **items;
        size_t n = rule_items(r->c, f->rule, r->c->today, &items);
        html_f(o, "<select class=\"field\" id=\"f-%s\" name=\"%s\"><option value=\"\">%s</option>", f->name, f->name, T(r, "— như cũ —", "— as before —"));
        for (size_t i = 0; i < n; i++) {
            html_f(o, "<option value=\"%s\"", items[i]->code);
            if (strcmp(items[i]->code, value) == 0)
                html(o, " selected");
            html_f(o, ">%s</option>", in_words(r->c, items[i]->label));
        }
        html(o, "</select></div>");
        return;
    }
    if (f->max >= 20000) {
        html_f(o, "<textarea class=\"field\" id=\"f-%s\" name=\"%s\" rows=\"3\">%s</textarea></div>", f->name, f->name, value);
        return;
    }
    html_f(o, "<input class=\"field%s\" id=\"f-%s\" name=\"%s\" value=\"%s\" autocomplete=\"off\"", f->type == TYPE_DAY ? " short" : "", f->name, f->name, value);
    if (f->type == TYPE_REF)
        html_f(o, " data-ref=\"%s\"", f->to->name);
    html(o, "></div>");
}

static void inputs_of(struct journey *j, const char *names)
{
    for (const char *s = names; *s;) {
        size_t n = strcspn(s, " ");
        const char *name = arena_copy(&j->r->c->arena, s, n);
        if (!(j->sort->two_trees && strcmp(name, "superior") == 0)) {
            input_of(j, field_need(&unit_change_kind, name));
        }
        s += n + (s[n] == ' ');
    }
}

static void form_page(struct journey *j)
{
    struct request *r = j->r;
    const struct change_sort *s = j->sort;
    if (!db_begin(r->c, DB_READ))
        return;
    page_begin(r, &(struct page){.title = in_words(r->c, s->title), .chapter = CHAPTER_UNITS, .error = j->p && j->p->n,
                                 .lead = T(r, "Bước 2 trong 3: đơn vị và quyết định.", "Step 2 of 3: units and the decision."),
                                 .crumbs = {{T(r, "Thay đổi tổ chức", "Change"), url(r, "/change", NULL)}, {in_words(r->c, s->title), NULL}}});
    html(&r->out, "<ol class=\"step\" aria-hidden=\"true\"><li></li><li class=\"on\"></li><li></li></ol>");
    ui_problems(r, j->p, &unit_change_kind);
    ui_form_guarded(r, arena_printf(&r->c->arena, "/change/%s", s->act), "form wide-form sheet");
    html(&r->out, "<div class=\"body\">");
    if (r->place.unit)
        ui_hidden(r, "unit", r->place.code);
    if (s->two_trees)
        html(&r->out, "<div class=\"halves\"><div>");
    if (s->picks)
        pick_units(j);
    if (s->two_trees) {
        html(&r->out, "</div><div>");
        target_tree(j);
        html(&r->out, "</div></div>");
    }
    inputs_of(j, s->fields);
    html_f(&r->out, "<fieldset><legend>%s</legend>", T(r, "Quyết định", "The decision"));
    inputs_of(j, decision_fields);
    html_f(&r->out, "</fieldset><div class=\"submit\"><button class=\"btn main\">%s</button>", T(r, "Xem trước việc sẽ làm", "See what it will do"));
    ui_button(r, url(r, "/change", NULL), NULL, T(r, "Quay lại", "Back"), false);
    html(&r->out, "</div></div>");
    ui_form_end(r);
    page_end(r);
    db_commit(r->c);
}

void p_change_form(struct request *r)
{
    struct journey j = {.r = r, .sort = sort_of(r)};
    if (j.sort)
        form_page(&j);
}

/* --- step 3: what it will do ---------------------------------------------------------------------------------------- */

static void effects_sheet(struct request *r, const struct change_effects *e)
{
    struct buf *o = &r->out;
    char n[32];
    ui_figures(r);
    ui_figure(r, T(r, "Lập mới", "Founded"), int_vi(e->founded, n), T(r, "đơn vị", "units"), NULL, NULL);
    ui_figure(r, T(r, "Kết thúc", "Closed"), int_vi(e->closed, n), T(r, "đơn vị", "units"), NULL, NULL);
    ui_figure(r, T(r, "Đổi cấp trên, tên, loại hình", "Other superior, name or class"), int_vi(e->restated, n), T(r, "đơn vị", "units"), NULL, NULL);
    ui_figure(r, T(r, "Đảng viên chuyển theo", "Members moved along"), int_vi(e->members, n), T(r, "người", "people"), NULL, NULL);
    ui_figures_end(r);
    html(o, "<section class=\"sheet\"><ul class=\"list\">");
    for (size_t i = 0; i < e->nunits; i++) {
        const struct change_unit *u = &e->units[i];
        html_f(o, "<li><span class=\"tag %s\">%s</span><span class=\"t\">%s<small>%s</small></span></li>", u->founded ? "founded" : u->closed ? "closed" : "moved",
               u->founded ? T(r, "Lập mới", "Founded") : u->closed ? T(r, "Kết thúc", "Closed") : T(r, "Thay đổi", "Changed"), u->name, u->code);
    }
    html(o, "</ul>");
    if (e->founded + e->closed + e->restated > (int64_t)e->nunits)
        html_f(o, "<div class=\"foot\"><span>%s %s</span></div>", T(r, "và các đơn vị khác, tất cả:", "and others, in all:"), int_vi(e->founded + e->closed + e->restated, n));
    html(o, "</section>");
}

/* "Chuyển 3 đơn vị": the button says what it does and to how many. */
static const char *confirm_words(struct request *r, const struct change_sort *s)
{
    static const struct {
        const char *act;
        struct words verb;
    } all[] = {
        {"merge", {"Hợp nhất", "Merge"}},
        {"split", {"Chia, tách", "Split"}},
        {"move", {"Chuyển", "Move"}},
        {"reclass", {"Đổi loại hình", "Change the class of"}},
        {"close", {"Kết thúc", "Close"}},
    };
    int n = 0;
    for (const char *list = picked(r); *list; list += strspn(list, ";, \n\r")) {
        n++;
        list += strcspn(list, ";,\n\r");
    }
    for (size_t i = 0; i < N(all); i++)
        if (strcmp(all[i].act, s->act) == 0)
            return arena_printf(&r->c->arena, T(r, "%s %d đơn vị", "%s %d unit(s)"), in_words(r->c, all[i].verb), n);
    return in_words(r->c, s->title);
}

static void carry(struct request *r, const char *skip)
{
    for (const struct input *in = r->form; in; in = in->next)
        if (strcmp(in->name, skip) != 0 && strcmp(in->name, "csrf") != 0)
            ui_hidden(r, in->name, in->value);
}

static void preview_page(struct journey *j, const struct change_effects *e, const struct problems *warned)
{
    struct request *r = j->r;
    if (!db_begin(r->c, DB_READ))
        return;
    page_begin(r, &(struct page){.title = T(r, "Sẽ thực hiện như sau", "What it will do"), .chapter = CHAPTER_UNITS,
                                 .lead = arena_printf(&r->c->arena, T(r, "Bước 3 trong 3: %s. Chưa ghi gì.", "Step 3 of 3: %s. Nothing is written yet."), in_words(r->c, j->sort->title)),
                                 .crumbs = {{T(r, "Thay đổi tổ chức", "Change"), url(r, "/change", NULL)}, {in_words(r->c, j->sort->title), NULL}}});
    html(&r->out, "<ol class=\"step\" aria-hidden=\"true\"><li></li><li></li><li class=\"on\"></li></ol>");
    ui_problems(r, warned, &unit_change_kind);
    effects_sheet(r, e);
    html(&r->out, "<div class=\"actions gap\">");
    ui_form(r, arena_printf(&r->c->arena, "/change/%s", j->sort->act), "");
    carry(r, "step");
    html_f(&r->out, "<button class=\"btn main\" name=\"step\" value=\"confirm\">%s</button> <button class=\"btn\" name=\"step\" value=\"back\">%s</button>", confirm_words(r, j->sort), T(r, "Sửa lại", "Change it"));
    ui_form_end(r);
    html(&r->out, "</div>");
    page_end(r);
    db_commit(r->c);
}

/* The change as the form tells it. */
static void *read_change(struct journey *j, struct problems *p)
{
    struct request *r = j->r;
    void *change = arena_alloc(&r->c->arena, unit_change_kind.size);
    for (size_t i = 0; i < unit_change_kind.nfields; i++) {
        const struct field *f = &unit_change_kind.fields[i];
        const char *value = form_get(r, f->name), *other;
        if (f->flags & READONLY)
            continue;
        if (strcmp(f->name, "act") == 0)
            value = j->sort->act;
        else if (strcmp(f->name, "units") == 0)
            value = picked(r);
        else if (strcmp(f->name, "superior") == 0 && (other = form_get(r, "superior.other")) && !str_blank(other))
            value = other;
        const char *why = value ? type_parse(r->c, f, value_text(value), change) : NULL;
        if (why)
            problem(p, f->name, "%s", "%s", why);
    }
    return change;
}

void p_change_post(struct request *r)
{
    struct problems p;
    struct change_effects e;
    struct journey j = {.r = r, .sort = sort_of(r)};
    const char *step = form_get(r, "step");
    day today = r->c->today;
    bool confirm = step && strcmp(step, "confirm") == 0;
    problems_start(&p, r->c);
    if (j.sort && step && strcmp(step, "back") == 0) {
        form_page(&j);
        return;
    }
    if (!j.sort || !db_begin(r->c, DB_WRITE))
        return;
    struct row *change = read_change(&j, &p);
    bool good = !p.n && change_carry_out(r->c, change, !confirm, &p, &e);
    r->c->today = today;
    if (good && confirm) {
        if (db_commit(r->c))
            redirect(r, url_plain(r, arena_printf(&r->c->arena, "/change/%lld/done", (long long)change->id), NULL));
        return;
    }
    db_rollback(r->c);
    if (r->c->err.code == ERR_DENIED && scope_any(r->c, &unit_change_kind, ACT_DECIDE)) { /* said above the form, which is kept */
        problem(&p, j.sort->two_trees ? "superior" : "units", "%s", "%s", r->c->err.text);
        r->c->err = (struct err){0};
    }
    if (failed(r->c))
        return;
    if (good) {
        preview_page(&j, &e, &p);
    } else {
        r->status = 422;
        j.p = &p;
        form_page(&j);
    }
}

/* --- done, and undone ------------------------------------------------------------------------------------------------- */

static void cannot_undo(struct request *r, const struct problems *why)
{
    html_f(&r->out, "<div class=\"errors\" id=\"errors\" role=\"alert\" tabindex=\"-1\"><h2>%s</h2><ul>", T(r, "Không hoàn tác được nữa", "It cannot be undone any more"));
    for (const struct problem *p = why->first; p; p = p->next)
        html_f(&r->out, "<li>%s</li>", p->text);
    html_f(&r->out, "</ul><p>%s</p></div>", T(r, "Muốn sửa, hãy thực hiện một quyết định khác; sổ giữ cả hai.", "To mend it, carry out another decision; the books keep both."));
}

/* What came of it; `why` when it was to be undone and cannot be any more. */
static void done_page(struct request *r, const struct problems *why)
{
    int64_t id;
    void *change = int_parse(r->parts[0], &id) ? record_find(r->c, &unit_change_kind, id, ACT_READ) : NULL;
    if (!change) {
        fail(r->c, ERR_MISSING, "Không có quyết định này, hoặc bạn không được xem.", "There is no such decision, or it is not yours to see.");
        return;
    }
    struct change_effects e = change_effects(r->c, field_get(field_need(&unit_change_kind, "batch"), change).i);
    bool done = str_same(field_get(field_need(&unit_change_kind, "state"), change).s, "done");
    if (!r->place.unit)
        place_set(r, ((struct row *)change)->unit);
    page_begin(r, &(struct page){.title = done ? T(r, "Đã thực hiện quyết định", "The decision was carried out") : T(r, "Quyết định đã được hoàn lại", "The decision was undone"), .chapter = CHAPTER_UNITS,
                                 .lead = arena_printf(&r->c->arena, "%s %s", T(r, "Số", "Number"), field_get(field_need(&unit_change_kind, "number"), change).s),
                                 .crumbs = {{T(r, "Các quyết định", "Decisions"), url(r, "/unit_change", NULL)}, {T(r, "Kết quả", "Result"), NULL}}});
    if (why)
        cannot_undo(r, why);
    else if (done && scope_any(r->c, &unit_change_kind, ACT_DECIDE))
        ui_notice(r, T(r, "Hoàn tác được khi chưa có việc nào sau đó dựa vào.", "It can be undone while nothing later depends on it."), arena_printf(&r->c->arena, "/change/%lld/undo", (long long)id));
    effects_sheet(r, &e);
    html(&r->out, "<div class=\"actions gap\">");
    ui_button(r, record_href(r, &unit_change_kind, id, NULL), "doc", T(r, "Xem quyết định", "The decision"), false);
    if (done && scope_any(r->c, &attachment_kind, ACT_ADD))
        ui_button(r, url(r, "/attachment/new", "of_unit", r->place.code, NULL), "upload", T(r, "Đính kèm văn bản", "Attach the file"), false);
    ui_button(r, url(r, "/tree", NULL), "tree", T(r, "Xem cây tổ chức", "The tree"), true);
    html(&r->out, "</div>");
    page_end(r);
}

void p_change_done(struct request *r)
{
    done_page(r, NULL);
}

void p_change_undo(struct request *r)
{
    struct problems p;
    int64_t id = 0;
    problems_start(&p, r->c);
    if (!int_parse(r->parts[0], &id) || !db_begin(r->c, DB_WRITE))
        return;
    if (!unit_change_undo(r->c, id, &p) && !failed(r->c)) {
        db_rollback(r->c);
        r->status = 409;
        if (db_begin(r->c, DB_READ)) {
            done_page(r, &p);
            db_commit(r->c);
        }
        return;
    }
    if (db_commit(r->c) && !failed(r->c))
        redirect(r, url_plain(r, arena_printf(&r->c->arena, "/change/%lld/done", (long long)id), "notice", "undone", NULL));
}
