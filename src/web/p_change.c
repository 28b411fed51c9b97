/* Changing units by decision, as a journey: what is to be done, which units, the details, what it will do with the decision, done — and
 * undone. The steps themselves stand in p_change_units.c, p_change_details.c and p_change_preview.c. */
#include "changing.h"
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/model.h"
#include "model/scope.h"
#include "party/organisation/place.h"

const struct change_sort change_sorts[] = {
    {"found", "plus", {"Thành lập đơn vị", "Found a unit"}, {"Lập một tổ chức mới theo quyết định.", "A new unit, by decision."}, {NULL, NULL}, PICK_NONE, true, false},
    {"merge", "merge", {"Hợp nhất, sáp nhập", "Merge"}, {"Từ hai đơn vị thành một, mới hoặc đang có; đảng viên và đơn vị cấp dưới theo về.", "Several units into one, new or existing; members and what stands below come along."},
     {"Hợp nhất", "Merge"}, PICK_MANY, false, false},
    {"split", "split", {"Chia, tách", "Split"}, {"Một đơn vị thành nhiều; đảng viên và đơn vị cấp dưới được phân về từng nơi.", "One unit into several; members and what stands below are assigned."}, {"Chia, tách", "Split"},
     PICK_ONE, false, true},
    {"move", "move", {"Chuyển trực thuộc", "Move"}, {"Chuyển một hoặc nhiều đơn vị sang cấp trên khác.", "One or several units under another superior."}, {"Chuyển", "Move"}, PICK_MANY, true, false},
    {"rename", "edit", {"Đổi tên", "Rename"}, {"Đổi tên; tên cũ vẫn đúng cho những ngày trước.", "Another name; the old one holds for the days before."}, {NULL, NULL}, PICK_ONE, false, false},
    {"reclass", "up", {"Nâng, hạ loại hình hoặc cấp", "Change class"}, {"Chi bộ trực thuộc, chi bộ cơ sở, đảng bộ cơ sở…", "Cell, base cell, base committee …"}, {"Đổi loại hình", "Change the class of"}, PICK_MANY, false, false},
    {"close", "close", {"Kết thúc hoạt động", "Close"}, {"Giải thể, kết thúc; hồ sơ cũ vẫn mở được.", "The unit ends; its records stay readable."}, {"Kết thúc", "Close"}, PICK_MANY, false, false},
};
const size_t nchange_sorts = N(change_sorts);

/* --- what all steps share ---------------------------------------------------------------------------------------- */

const char *given(const struct request *r, const char *name)
{
    const char *last = "";
    for (const struct input *in = r->form ? r->form : r->query; in; in = in->next)
        if (strcmp(in->name, name) == 0)
            last = in->value;
    return last;
}

const char *given_of(struct request *r, const char *name, size_t n)
{
    return given(r, arena_printf(&r->c->arena, "%s.%zu", name, n));
}

bool was_picked(const struct changing *j, const char *code)
{
    for (size_t i = 0; i < j->npicks; i++)
        if (strcmp(j->picks[i], code) == 0)
            return true;
    return false;
}

static void read_picks(struct changing *j)
{
    for (const struct input *in = j->r->form ? j->r->form : j->r->query; in; in = in->next)
        if (strcmp(in->name, "pick") == 0 && !str_blank(in->value) && !was_picked(j, in->value) && j->npicks < N(j->picks))
            j->picks[j->npicks++] = in->value;
}

void wrong_of(struct changing *j, const char *field)
{
    const struct problem *wrong = ui_problem_of(j->p, field);
    if (wrong)
        html_f(&j->r->out, "<p class=\"%s\" id=\"e-%s\">%s</p>", wrong->warning ? "caution" : "error", field, wrong->text);
}

/* Which step asks a name; -1: none, it stays within its own form. */
static int step_of_name(const struct changing *j, const char *name)
{
    static const struct {
        const char *name;
        enum change_step step;
    } all[] = {{"pick", CHANGE_UNITS},       {"from", CHANGE_UNITS},      {"to", CHANGE_UNITS},       {"find_pick", CHANGE_UNITS},  {"find_superior", CHANGE_UNITS}, {"effective_on", CHANGE_DETAILS},
               {"into", CHANGE_DETAILS},     {"other", CHANGE_DETAILS},   {"new_name", CHANGE_DETAILS}, {"new_code", CHANGE_DETAILS}, {"new_type", CHANGE_DETAILS},   {"new_level", CHANGE_DETAILS},
               {"stays", CHANGE_DETAILS},    {"parts", CHANGE_DETAILS},   {"code.", CHANGE_DETAILS},  {"name.", CHANGE_DETAILS},    {"type.", CHANGE_DETAILS},       {"rest", CHANGE_ASSIGN},
               {"go.", CHANGE_ASSIGN},       {"number", CHANGE_PREVIEW},  {"decided_on", CHANGE_PREVIEW}, {"decided_by", CHANGE_PREVIEW}, {"note", CHANGE_PREVIEW},     {"new", CHANGE_PREVIEW}};
    if (strcmp(name, "csrf") == 0 || strcmp(name, "step") == 0 || strcmp(name, "notice") == 0)
        return -1;
    if (strcmp(name, "superior") == 0)
        return j->sort->superior ? CHANGE_UNITS : CHANGE_DETAILS;
    for (size_t i = 0; i < N(all); i++) {
        size_t n = strlen(all[i].name);
        if (all[i].name[n - 1] == '.' ? strncmp(name, all[i].name, n) == 0 : strcmp(name, all[i].name) == 0)
            return (int)all[i].step;
    }
    return strcmp(name, "unit") == 0 || strcmp(name, "at") == 0 ? CHANGE_PREVIEW + 1 : -1;
}

void change_carry(struct changing *j, enum change_step shown)
{
    struct request *r = j->r;
    for (const struct input *in = r->form ? r->form : r->query; in; in = in->next) {
        int step = step_of_name(j, in->name);
        if (step >= 0 && step != (int)shown)
            ui_hidden(r, in->name, in->value);
    }
}

void change_page_begin(struct changing *j, enum change_step step, const char *lead)
{
    struct request *r = j->r;
    int steps = j->sort->assigns ? 5 : 4, at = (int)step + 2 - (step == CHANGE_PREVIEW && !j->sort->assigns);
    const char *title = in_words(r->c, j->sort->title);
    page_begin(r, &(struct page){.title = title, .chapter = CHAPTER_UNITS, .error = j->p && j->p->n, .help = "units",
                                 .lead = arena_printf(&r->c->arena, T(r, "Bước %d trong %d: %s", "Step %d of %d: %s"), at, steps, lead),
                                 .crumbs = {{T(r, "Thay đổi tổ chức", "Change"), url(r, "/change", NULL)}, {title, NULL}}});
    html(&r->out, "<ol class=\"step\" aria-hidden=\"true\">");
    for (int i = 1; i <= steps; i++)
        html_f(&r->out, "<li class=\"%s\"></li>", i == at ? "on" : "");
    html(&r->out, "</ol>");
    ui_problems(r, j->p, &unit_change_kind);
}

void change_submit(struct changing *j, const char *back, const char *on, const char *words)
{
    struct request *r = j->r;
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\" name=\"step\" value=\"%s\">%s</button>", on, words);
    if (back)
        html_f(&r->out, "<button class=\"btn\" name=\"step\" value=\"%s\">%s</button>", back, T(r, "Quay lại", "Back"));
    else
        ui_button(r, url(r, "/change", NULL), NULL, T(r, "Quay lại", "Back"), false);
    html(&r->out, "</div>");
}

void change_input(struct changing *j, const char *field, const char *label, const char *hint, const char *otherwise)
{
    struct request *r = j->r;
    struct buf *o = &r->out;
    const struct field *f = field_need(&unit_change_kind, field);
    const char *name = strcmp(field, "into") != 0 ? field : strcmp(j->sort->act, "close") == 0 ? "other" : "new_code", *value = given(r, name);
    if (!*value && otherwise && !(j->posted && j->p))
        value = otherwise;
    html_f(o, "<div class=\"row%s\">", ui_problem_of(j->p, field) ? " bad" : "");
    ui_label(r, arena_printf(&r->c->arena, "f-%s", field), label ? label : in_words(r->c, f->label));
    if (hint)
        html_f(o, "<p class=\"hint\">%s</p>", hint);
    wrong_of(j, field);
    html_f(o, "<input class=\"field%s\" id=\"f-%s\" name=\"%s\" value=\"%s\" autocomplete=\"off\"", f->type == TYPE_DAY ? " short" : "", field, name, value);
    if (f->type == TYPE_DAY)
        html(o, " inputmode=\"numeric\" placeholder=\"30/06/2025\"");
    if (f->type == TYPE_REF || strcmp(name, "other") == 0)
        html(o, " data-ref=\"unit\"");
    if (ui_problem_of(j->p, field))
        html_f(o, " aria-invalid=\"true\" aria-describedby=\"e-%s\"", field);
    html(o, "></div>");
}

void change_types(struct changing *j, const char *name, const char *rule, const char *label, const char *blank)
{
    struct request *r = j->r;
    struct buf *o = &r->out;
    const struct rule_item **items;
    const char *value = given(r, name);
    size_t n = rule_items(r->c, rule, r->c->today, &items);
    html_f(o, "<div class=\"row%s\"><label for=\"f-%s\">%s</label>", ui_problem_of(j->p, name) ? " bad" : "", name, label);
    wrong_of(j, name);
    html_f(o, "<select class=\"field\" id=\"f-%s\" name=\"%s\"><option value=\"\">%s</option>", name, name, blank);
    for (size_t i = 0; i < n; i++) {
        html_f(o, "<option value=\"%s\"", items[i]->code);
        if (strcmp(items[i]->code, value) == 0)
            html(o, " selected");
        html_f(o, ">%s</option>", in_words(r->c, items[i]->label));
    }
    html(o, "</select></div>");
}

/* --- step 1: what ----------------------------------------------------------------------------------------------- */

static void what_to_do(struct request *r)
{
    struct buf *o = &r->out;
    html(o, "<ol class=\"step\" aria-hidden=\"true\"><li class=\"on\"></li><li></li><li></li><li></li></ol><section class=\"sheet\"><ul class=\"list\">");
    for (size_t i = 0; i < nchange_sorts; i++) {
        const struct change_sort *s = &change_sorts[i];
        html(o, "<li>");
        ui_icon(r, s->icon);
        html_f(o, "<span class=\"t\"><a href=\"%s\">%s</a><small>%s</small></span></li>", url(r, arena_printf(&r->c->arena, "/change/%s", s->act), NULL), in_words(r->c, s->title), in_words(r->c, s->what));
    }
    html_f(o, "</ul><div class=\"foot\"><a href=\"%s\">%s</a></div></section>", url(r, "/unit_change", NULL), T(r, "Các quyết định đã thực hiện", "Decisions carried out"));
}

void p_change(struct request *r)
{
    bool may = scope_any(r->c, &unit_change_kind, ACT_DECIDE);
    page_begin(r, &(struct page){.title = T(r, "Thay đổi tổ chức theo quyết định", "Change units by decision"), .chapter = CHAPTER_UNITS, .help = "units",
                                 .lead = may ? T(r, "Bước 1: chọn việc cần làm. Chưa có gì được ghi cho đến khi xác nhận ở bước cuối.", "Step 1: choose. Nothing is written before you confirm in the last step.") : NULL,
                                 .crumbs = {{T(r, "Thay đổi tổ chức", "Change"), NULL}}});
    if (may) {
        what_to_do(r);
    } else {
        html(&r->out, "<section class=\"sheet\">");
        ui_empty(r, T(r, "Thay đổi tổ chức do người có quyền quyết định ở cấp trên thực hiện (bí thư, phó bí thư cấp ủy cấp trên).", "Units are changed by whoever may decide at the superior (its secretary or deputies)."),
                 url(r, "/unit_change", NULL), T(r, "Xem các quyết định đã thực hiện", "Decisions carried out"));
        html(&r->out, "</section>");
    }
    page_end(r);
}

/* --- from step to step ------------------------------------------------------------------------------------------ */

static bool begin_changing(struct changing *j, struct request *r)
{
    *j = (struct changing){.r = r, .posted = strcmp(r->method, "POST") == 0};
    for (size_t i = 0; i < nchange_sorts; i++)
        if (strcmp(change_sorts[i].act, r->parts[0]) == 0)
            j->sort = &change_sorts[i];
    if (!j->sort)
        fail(r->c, ERR_MISSING, "Không có việc thay đổi này.", "There is no such change.");
    else
        read_picks(j);
    return j->sort != NULL;
}

/* The step where a field of a unit_change was asked. */
static enum change_step step_of_field(const struct changing *j, const char *field)
{
    if (!field)
        return CHANGE_DETAILS;
    if (strcmp(field, "units") == 0)
        return CHANGE_UNITS;
    if (strcmp(field, "assign") == 0)
        return j->sort->assigns ? CHANGE_ASSIGN : CHANGE_DETAILS;
    int step = step_of_name(j, field);
    return step < 0 || step > CHANGE_PREVIEW ? CHANGE_DETAILS : (enum change_step)step;
}

/* What was left out in the steps before `step`, said where it is asked. */
static void look_for_missing(struct changing *j, enum change_step step, struct problems *p)
{
    struct change_row rows[PARTS_OF_SPLIT + 1];
    if (step > CHANGE_UNITS && j->sort->picks != PICK_NONE && !j->npicks)
        problem(p, "units", "Chọn đơn vị trước.", "Choose the units first.");
    if (step > CHANGE_UNITS && j->sort->picks == PICK_ONE && j->npicks > 1)
        problem(p, "units", "Việc này làm với từng đơn vị: chọn một.", "This is done to one unit at a time: choose one.");
    if (step > CHANGE_UNITS && j->sort->superior && !*given(j->r, "superior"))
        problem(p, "superior", "Chọn cấp trên mới.", "Choose the new superior.");
    if (step < CHANGE_ASSIGN || !j->sort->assigns || p->n)
        return;
    size_t n = change_rows(j, rows, N(rows));
    for (size_t i = 0; i < n; i++)
        if (rows[i].n && (str_blank(rows[i].code) || str_blank(rows[i].name)))
            problem(p, "into", "Dòng %zu: ghi cả mã và tên.", "Row %zu: give both code and name.", rows[i].n);
    if (n < 2)
        problem(p, "into", "Chia, tách thành ít nhất hai đơn vị: ghi thêm đơn vị mới, hoặc đánh dấu đơn vị cũ vẫn hoạt động.", "A split makes at least two units: give another, or tick that the old one goes on.");
}

static void show_step(struct changing *j, enum change_step step)
{
    struct request *r = j->r;
    if (!db_begin(r->c, DB_READ))
        return;
    if (step == CHANGE_UNITS)
        change_units_page(j);
    else if (step == CHANGE_ASSIGN)
        change_assign_page(j);
    else
        change_details_page(j);
    db_commit(r->c);
}

/* The step that was asked for, or the one before it where something is missing. */
static void go_to(struct changing *j, enum change_step step)
{
    struct problems p;
    problems_start(&p, j->r->c);
    look_for_missing(j, step, &p);
    if (p.n) {
        j->p = &p;
        j->r->status = 422;
        step = step_of_field(j, p.first->field);
    }
    show_step(j, step);
}

static enum change_step step_asked(const struct request *r)
{
    const char *step = given(r, "step");
    return strcmp(step, "details") == 0 || strcmp(step, "more") == 0 ? CHANGE_DETAILS : strcmp(step, "assign") == 0 ? CHANGE_ASSIGN : strcmp(step, "preview") == 0 || strcmp(step, "confirm") == 0 ? CHANGE_PREVIEW : CHANGE_UNITS;
}

void p_change_form(struct request *r)
{
    struct changing j;
    if (!begin_changing(&j, r))
        return;
    if (!scope_any(r->c, &unit_change_kind, ACT_DECIDE)) {
        p_change(r); /* says who does this */
        return;
    }
    enum change_step step = step_asked(r);
    if (query_get(r, "part"))
        change_branch_part(&j);
    else
        go_to(&j, step == CHANGE_UNITS ? step : CHANGE_DETAILS);
}

void p_change_post(struct request *r)
{
    struct changing j;
    struct problems p;
    struct change_effects e;
    if (!begin_changing(&j, r))
        return;
    if (!scope_any(r->c, &unit_change_kind, ACT_DECIDE)) {
        fail(r->c, ERR_MISSING, "Không có trang này, hoặc bạn không được xem.", "There is no such page, or it is not yours to see.");
        return;
    }
    enum change_step step = step_asked(r);
    if (step != CHANGE_PREVIEW) {
        go_to(&j, step);
        return;
    }
    problems_start(&p, r->c);
    look_for_missing(&j, step, &p);
    enum change_outcome done = p.n ? CHANGE_REFUSED : change_try(&j, strcmp(given(r, "step"), "confirm") == 0, &p, &e);
    if (done == CHANGE_DONE || failed(r->c))
        return;
    j.p = &p;
    r->status = p.n ? 422 : 0;
    if (done == CHANGE_SHOWN && db_begin(r->c, DB_READ)) {
        change_preview_page(&j, &e);
        db_commit(r->c);
    } else if (done == CHANGE_REFUSED) {
        step = step_of_field(&j, p.first ? p.first->field : NULL);
        show_step(&j, step == CHANGE_PREVIEW ? CHANGE_DETAILS : step);
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
    change_effects_show(r, &e, done);
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
