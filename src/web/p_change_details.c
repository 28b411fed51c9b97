/* A change of units, step 3: what it needs beside the units, and for a split a step more: who goes where. */
#include "changing.h"
#include "page.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/model.h"
#include "party/organisation/place.h"

enum { BELOW_MOST = 200, MEMBERS_MOST = 300 };

static const char *name_of_code(struct changing *j, const char *code)
{
    void *u = record_by_code(j->r->c, kind_of_places(), code, ACT_READ);
    return u ? record_title(j->r->c, kind_of_places(), u) : code;
}

/* The day on which it takes effect, as far as it can be read; else today. */
static day day_of_change(struct request *r)
{
    day d = r->c->today;
    const char *s = given(r, "effective_on");
    if (*s && !day_parse(s, strlen(s), false, &d.v))
        d = r->c->today;
    return d;
}

static void effective_input(struct changing *j)
{
    char today[DAY_TEXT];
    change_input(j, "effective_on", NULL, T(j->r, "Ngày đầu tiên tính theo tổ chức mới", "The first day that counts by the new order"), day_vi(j->r->c->today.v, today));
}

/* The units that were chosen: their names, members and what stands below. */
static void about_units(struct changing *j)
{
    struct request *r = j->r;
    struct buf *o = &r->out;
    char n[32], m[32];
    struct unit_brief *all = NEW_N(&r->c->arena, struct unit_brief, j->npicks + 1);
    void **units = NEW_N(&r->c->arena, void *, j->npicks + 1);
    size_t found = 0;
    for (size_t i = 0; i < j->npicks; i++)
        if ((units[found] = record_by_code(r->c, kind_of_places(), j->picks[i], ACT_READ)))
            all[found] = (struct unit_brief){.id = ((struct row *)units[found])->id, .code = j->picks[i]}, found++;
    if (found)
        unit_count_each(r->c, 0, day_of_change(r), all, found);
    html(o, "<ul class=\"list boxed\">");
    for (size_t i = 0; i < found; i++) {
        const char *type = value_words(r, field_need(kind_of_places(), "type"), units[i], NULL, false);
        html_f(o, "<li><span class=\"t\"><b>%s</b><small>%s · %s · %s %s · %s %s</small></span></li>", record_title(r->c, kind_of_places(), units[i]), all[i].code, type, int_vi(all[i].members, n),
               T(r, "đảng viên", "members"), int_vi(all[i].below, m), T(r, "đơn vị trực thuộc", "units below"));
    }
    html(o, "</ul>");
    if (j->sort->superior)
        html_f(o, "<p>%s <b>%s</b></p>", T(r, "Cấp trên mới:", "New superior:"), name_of_code(j, given(r, "superior")));
}

static void type_and_level(struct changing *j, const char *blank)
{
    change_types(j, "new_type", "unit_type", T(j->r, "Loại hình", "Type"), blank);
    change_types(j, "new_level", "level", T(j->r, "Cấp", "Level"), blank);
}

/* --- each change ------------------------------------------------------------------------------------------------- */

static void found_details(struct changing *j)
{
    struct request *r = j->r;
    int64_t superior = record_id_of_code(r->c, kind_of_places(), given(r, "superior"));
    html_f(&r->out, "<p>%s <b>%s</b></p>", T(r, "Trực thuộc:", "Under:"), name_of_code(j, given(r, "superior")));
    change_input(j, "new_name", T(r, "Tên đơn vị mới", "Name of the new unit"), NULL, NULL);
    change_input(j, "into", T(r, "Mã đơn vị mới", "Its code"), T(r, "Đã gợi ý mã tiếp theo còn trống; sửa được", "The next free one is suggested"), superior ? change_code_below(r->c, superior) : NULL);
    type_and_level(j, T(r, "— chọn —", "— choose —"));
}

static void into_option(struct changing *j, const char *value, const char *words, const char *hint, bool otherwise)
{
    struct request *r = j->r;
    const char *now = given(r, "into");
    html_f(&r->out, "<label class=\"opt\"><input type=\"radio\" name=\"into\" value=\"%s\"", value);
    if (*now ? strcmp(now, value) == 0 : otherwise)
        html(&r->out, " checked");
    html_f(&r->out, "><span>%s", words);
    if (hint)
        html_f(&r->out, "<small>%s</small>", hint);
    html(&r->out, "</span></label>");
}

static void merge_details(struct changing *j)
{
    struct request *r = j->r;
    struct buf *o = &r->out;
    html_f(o, "<fieldset><legend>%s</legend><div class=\"opts\">", T(r, "Thành đơn vị nào", "Into which unit"));
    into_option(j, ":new", T(r, "Một đơn vị mới", "A new unit"), T(r, "Các đơn vị trên kết thúc, đơn vị mới nhận tất cả", "Those above end, a new one takes all"), true);
    for (size_t i = 0; i < j->npicks; i++)
        into_option(j, j->picks[i], arena_printf(&r->c->arena, T(r, "Nhập vào %s", "Into %s"), name_of_code(j, j->picks[i])), T(r, "Giữ tên và mã, các đơn vị khác kết thúc", "It keeps name and code, the others end"), false);
    into_option(j, ":other", T(r, "Nhập vào một đơn vị khác đang hoạt động", "Into another unit"), NULL, false);
    html_f(o, "</div><div class=\"row when-other\"><label for=\"f-other\">%s</label><p class=\"hint\">%s</p><input class=\"field\" id=\"f-other\" name=\"other\" data-ref=\"unit\" value=\"%s\" autocomplete=\"off\"></div></fieldset>",
           T(r, "Đơn vị đang hoạt động", "The unit"), T(r, "Gõ tên hoặc mã", "Type its name or code"), given(r, "other"));
    html_f(o, "<fieldset class=\"when-new\"><legend>%s</legend>", T(r, "Đơn vị mới", "The new unit"));
    change_input(j, "new_name", T(r, "Tên đơn vị mới", "Name of the new unit"), NULL, NULL);
    change_input(j, "into", T(r, "Mã đơn vị mới", "Its code"), T(r, "Đã gợi ý mã tiếp theo còn trống; sửa được", "The next free one is suggested"), j->npicks ? change_code_after(r->c, j->picks[0]) : NULL);
    type_and_level(j, T(r, "— như đơn vị thứ nhất —", "— as the first one —"));
    change_input(j, "superior", T(r, "Trực thuộc đơn vị khác (không bắt buộc)", "Under another unit (optional)"), T(r, "Để trống là cùng cấp trên với đơn vị thứ nhất", "Blank: where the first one stands"), NULL);
    html(o, "</fieldset>");
}

static size_t rows_shown(struct request *r)
{
    int64_t n = 0;
    if (!int_parse(given(r, "parts"), &n) || n < PARTS_AT_FIRST)
        n = PARTS_AT_FIRST;
    if (strcmp(given(r, "step"), "more") == 0)
        n++;
    return n > PARTS_OF_SPLIT ? PARTS_OF_SPLIT : (size_t)n;
}

size_t change_rows(struct changing *j, struct change_row *out, size_t room)
{
    struct request *r = j->r;
    size_t n = 0;
    if (strcmp(given(r, "stays"), "1") == 0 && j->npicks && room)
        out[n++] = (struct change_row){.code = j->picks[0], .name = name_of_code(j, j->picks[0])};
    for (size_t i = 1; i <= PARTS_OF_SPLIT && n < room; i++) {
        const char *name = given_of(r, "name", i);
        if (!str_blank(name)) /* a code alone is only what was suggested */
            out[n++] = (struct change_row){i, given_of(r, "code", i), name, given_of(r, "type", i)};
    }
    return n;
}

/* The problem of one row: the one that names its code or its number. */
static const struct problem *wrong_of_row(struct changing *j, size_t n, const char *code)
{
    const char *by_code = arena_printf(&j->r->c->arena, "“%s”", code), *by_number = arena_printf(&j->r->c->arena, T(j->r, "Dòng %zu:", "Row %zu:"), n);
    for (const struct problem *p = j->p ? j->p->first : NULL; p; p = p->next)
        if (str_same(p->field, "into") && ((*code && strstr(p->text, by_code)) || str_starts(p->text, by_number)))
            return p;
    return NULL;
}

static void split_row(struct changing *j, size_t n, size_t guess)
{
    struct request *r = j->r;
    struct buf *o = &r->out;
    const char *code = given_of(r, "code", n), *type = arena_printf(&r->c->arena, "type.%zu", n);
    if (!*code && j->npicks)
        code = change_code_of_part(r->c, j->picks[0], guess);
    const struct problem *wrong = wrong_of_row(j, n, code);
    html_f(o, "<fieldset class=\"part\"><legend>%s %zu</legend>", T(r, "Đơn vị mới", "New unit"), n);
    if (wrong)
        html_f(o, "<p class=\"error\" id=\"e-code.%zu\">%s</p>", n, wrong->text);
    html_f(o, "<div class=\"side-by-side\"><div class=\"row\"><label for=\"f-name.%zu\">%s</label><input class=\"field\" id=\"f-name.%zu\" name=\"name.%zu\" value=\"%s\" autocomplete=\"off\"></div>", n, T(r, "Tên", "Name"), n, n,
           given_of(r, "name", n));
    html_f(o, "<div class=\"row%s\"><label for=\"f-code.%zu\">%s</label><input class=\"field\" id=\"f-code.%zu\" name=\"code.%zu\" value=\"%s\" autocomplete=\"off\"></div>", wrong ? " bad" : "", n, T(r, "Mã", "Code"), n, n, code);
    change_types(j, type, "unit_type", T(r, "Loại hình", "Type"), T(r, "— như đơn vị cũ —", "— as before —"));
    html(o, "</div></fieldset>");
}

static void split_details(struct changing *j)
{
    struct request *r = j->r;
    struct buf *o = &r->out;
    size_t n = rows_shown(r), fresh = 0;
    bool row_said = false;
    for (size_t i = 1; i <= n; i++)
        row_said |= wrong_of_row(j, i, given_of(r, "code", i)) != NULL;
    html(o, "<div id=\"f-into\" class=\"stack\">");
    if (!row_said)
        wrong_of(j, "into");
    html(o, "<div class=\"opts\">");
    ui_check(r, "stays", "1", strcmp(given(r, "stays"), "1") == 0, T(r, "Đơn vị cũ vẫn hoạt động", "The old unit goes on"), T(r, "Chỉ tách một phần ra; không đánh dấu thì đơn vị cũ kết thúc", "Only a part is taken off; otherwise the old unit ends"));
    html(o, "</div>");
    for (size_t i = 1; i <= n; i++) {
        split_row(j, i, fresh);
        fresh += !*given_of(r, "code", i);
    }
    ui_hidden(r, "parts", arena_printf(&r->c->arena, "%zu", n));
    if (n < PARTS_OF_SPLIT) {
        html(o, "<div><button class=\"btn\" name=\"step\" value=\"more\">");
        ui_icon(r, "plus");
        html_f(o, "%s</button></div>", T(r, "Thêm một đơn vị mới", "One more unit"));
    }
    html(o, "</div>");
    change_input(j, "superior", T(r, "Trực thuộc đơn vị khác (không bắt buộc)", "Under another unit (optional)"), T(r, "Để trống là cùng cấp trên với đơn vị cũ", "Blank: where the old one stands"), NULL);
}

static void details_of(struct changing *j)
{
    struct request *r = j->r;
    const char *act = j->sort->act;
    if (strcmp(act, "found") == 0)
        found_details(j);
    else if (strcmp(act, "merge") == 0)
        merge_details(j);
    else if (strcmp(act, "split") == 0)
        split_details(j);
    else if (strcmp(act, "rename") == 0)
        change_input(j, "new_name", NULL, NULL, j->npicks ? name_of_code(j, j->picks[0]) : NULL);
    else if (strcmp(act, "reclass") == 0)
        type_and_level(j, T(r, "— như cũ —", "— as before —"));
    else if (strcmp(act, "close") == 0)
        change_input(j, "into", T(r, "Đơn vị nhận đảng viên và đơn vị cấp dưới", "Unit that takes members and units below"), T(r, "Gõ tên hoặc mã; để trống nếu không còn ai và không còn đơn vị nào", "Blank when nobody and nothing is left"), NULL);
}

void change_details_page(struct changing *j)
{
    struct request *r = j->r;
    change_page_begin(j, CHANGE_DETAILS, j->sort->assigns ? T(r, "các đơn vị mới.", "the new units.") : T(r, "nội dung thay đổi.", "what changes."));
    ui_form_guarded(r, arena_printf(&r->c->arena, "/change/%s", j->sort->act), "form sheet");
    const char *on = j->sort->assigns ? "assign" : "preview";
    html_f(&r->out, "<button class=\"vh\" tabindex=\"-1\" aria-hidden=\"true\" name=\"step\" value=\"%s\"></button><div class=\"body\">", on);
    change_carry(j, CHANGE_DETAILS);
    if (j->sort->picks != PICK_NONE)
        about_units(j);
    details_of(j);
    effective_input(j);
    change_submit(j, "units", on, j->sort->assigns ? T(r, "Tiếp tục: ai về đâu", "Continue: who goes where") : T(r, "Xem trước việc sẽ làm", "See what it will do"));
    html(&r->out, "</div>");
    ui_form_end(r);
    page_end(r);
}

/* --- who goes where ---------------------------------------------------------------------------------------------- */

struct targets {
    struct changing *j;
    struct change_row rows[PARTS_OF_SPLIT + 1];
    size_t n;
};

static void target_select(const struct targets *t, const char *name, const char *label, const char *blank)
{
    struct buf *o = &t->j->r->out;
    const char *now = given(t->j->r, name);
    html_f(o, "<select class=\"field\" name=\"%s\" aria-label=\"%s\"><option value=\"\">%s</option>", name, label, blank);
    for (size_t i = 0; i < t->n; i++) {
        const char *value = arena_printf(&t->j->r->c->arena, "%zu", t->rows[i].n);
        html_f(o, "<option value=\"%s\"", value);
        if (strcmp(value, now) == 0)
            html(o, " selected");
        html_f(o, ">%s</option>", t->rows[i].name);
    }
    html(o, "</select>");
}

static void assign_row(const struct targets *t, const char *code, const char *name, const char *small)
{
    struct request *r = t->j->r;
    html_f(&r->out, "<li><span class=\"t\"><b>%s</b><small>%s</small></span>", name, small);
    target_select(t, arena_printf(&r->c->arena, "go.%s", code), arena_printf(&r->c->arena, T(r, "%s về đâu", "Where %s goes"), name), T(r, "— theo “Còn lại” —", "— with the rest —"));
    html(&r->out, "</li>");
}

static void assign_units(const struct targets *t, int64_t unit)
{
    struct request *r = t->j->r;
    struct unit_brief *all;
    const char *next;
    const struct unit_children_ask ask = {.unit = unit, .at = day_of_change(r), .most = BELOW_MOST};
    size_t n = unit_children(r->c, &ask, &all, &next);
    if (!n)
        return;
    html_f(&r->out, "<fieldset><legend>%s</legend><ul class=\"list boxed goes\">", T(r, "Đơn vị trực thuộc", "Units below"));
    for (size_t i = 0; i < n; i++)
        assign_row(t, all[i].code, all[i].name, all[i].code);
    html(&r->out, "</ul></fieldset>");
}

static void assign_members(const struct targets *t, int64_t unit)
{
    struct request *r = t->j->r;
    struct change_member *all;
    char born[DAY_TEXT];
    size_t n = change_members(r->c, unit, day_of_change(r), MEMBERS_MOST, &all);
    if (!n)
        return;
    html_f(&r->out, "<fieldset><legend>%s</legend>", T(r, "Đảng viên", "Members"));
    if (n > 12)
        html_f(&r->out, "<input class=\"field\" type=\"search\" data-filter=\"#members\" data-js hidden placeholder=\"%s\" aria-label=\"%s\">", T(r, "Lọc theo tên…", "Filter by name…"), T(r, "Lọc đảng viên", "Filter members"));
    html(&r->out, "<ul class=\"list boxed goes\" id=\"members\">");
    for (size_t i = 0; i < n; i++)
        assign_row(t, all[i].code, all[i].name, arena_printf(&r->c->arena, "%s · %s", all[i].code, day_vi(all[i].born.v, born)));
    html(&r->out, "</ul>");
    if (n == MEMBERS_MOST)
        html_f(&r->out, "<p class=\"soft\">%s</p>", T(r, "Mới hiện 300 người đầu; những người sau đi theo “Còn lại”.", "The first 300 are shown; the others go with the rest."));
    html(&r->out, "</fieldset>");
}

void change_assign_page(struct changing *j)
{
    struct request *r = j->r;
    struct targets t = {.j = j};
    int64_t unit = j->npicks ? record_id_of_code(r->c, kind_of_places(), j->picks[0]) : 0;
    t.n = change_rows(j, t.rows, N(t.rows));
    change_page_begin(j, CHANGE_ASSIGN, T(r, "ai về đâu.", "who goes where."));
    ui_form_guarded(r, arena_printf(&r->c->arena, "/change/%s", j->sort->act), "form sheet");
    html(&r->out, "<button class=\"vh\" tabindex=\"-1\" aria-hidden=\"true\" name=\"step\" value=\"preview\"></button><div class=\"body\">");
    change_carry(j, CHANGE_ASSIGN);
    html_f(&r->out, "<div class=\"row%s\" id=\"f-rest\"><span class=\"strong\">%s</span><p class=\"hint\">%s</p>", ui_problem_of(j->p, "rest") ? " bad" : "", T(r, "Còn lại về", "The rest goes to"),
           T(r, "Chọn nơi nhận phần lớn; bên dưới chỉ cần chọn cho những người và đơn vị về nơi khác.", "Choose where most go; below, only choose for those who go elsewhere."));
    wrong_of(j, "rest");
    target_select(&t, "rest", T(r, "Còn lại về", "The rest goes to"), T(r, "— chọn —", "— choose —"));
    html(&r->out, "</div><div id=\"f-assign\" class=\"stack\">");
    wrong_of(j, "assign");
    assign_units(&t, unit);
    assign_members(&t, unit);
    html(&r->out, "</div>");
    change_submit(j, "details", "preview", T(r, "Xem trước việc sẽ làm", "See what it will do"));
    html(&r->out, "</div>");
    ui_form_end(r);
    page_end(r);
}
