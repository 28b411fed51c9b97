/* The form of any kind: new and changed records. What the browser sends is taken field by field from the declaration, so nothing else
 * can be set. Values that were not touched are not sent on, so two people who change different fields do not undo each other; where
 * they touch the same, both values are shown and one is chosen. A new record's id is made with its form: sent twice, it is saved once. */
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/model.h"
#include "model/scope.h"
#include "model/type.h"
#include "party/verbs.h"

enum { RADIOS_MOST = 5, FOUND_MOST = 12, LONG_TEXT = 400, DAY_MS = 24 * 60 * 60 * 1000 };

/* What is being shown again: the record, what the form held, what was wrong. */
struct form {
    struct request *r;
    const struct kind *kind;
    void *record;              /* as stored, or new */
    bool is_new, again;        /* again: the values are those that were sent */
    int64_t id;
    const struct problems *p;
};

static bool takes(const struct field *f)
{
    return !(f->flags & (READONLY | SECRET)) && f->type < TYPE__MAX;
}

/* Whether a new record will most likely be of the unit that the page is about: then it stands there already. */
static bool is_place_here(struct request *r, const struct field *field)
{
    if (field->type != TYPE_REF || field->to != kind_of_places())
        return false;
    return (field->flags & INPUT) ? unit_holds_members(r->c, r->place.unit) : (field->flags & REQUIRED) != 0;
}

/* The value as it stands in an input. */
static const char *input_value(struct form *f, const struct field *field)
{
    struct request *r = f->r;
    char n[32];
    if (f->again) {
        const char *given = form_get(r, field->name);
        return given ? given : "";
    }
    const char *asked = f->is_new ? query_get(r, field->name) : NULL;
    if (asked)
        return asked;
    if (f->is_new && r->place.unit && is_place_here(r, field))
        return r->place.code;
    if (field_empty(field, f->record))
        return "";
    if (field->type == TYPE_NUMBER)
        return arena_text(&r->c->arena, int_vi(field_get(field, f->record).i, n));
    return field->type == TYPE_DAY || field->type == TYPE_PDAY ? type_show(r->c, field, f->record) : type_plain(r->c, field, f->record);
}

static const char *hint_of(struct request *r, const struct field *f)
{
    switch (f->type) {
    case TYPE_DAY: return T(r, "Ví dụ 27/03/1970", "Such as 27/03/1970");
    case TYPE_PDAY: return T(r, "Ví dụ 27/03/1970; chỉ biết năm thì ghi 1970", "Such as 27/03/1970; if only the year is known, 1970");
    case TYPE_REF: return f->to == kind_of_places() ? T(r, "Gõ tên hoặc mã đơn vị", "Name or code of the unit") : T(r, "Gõ tên hoặc mã", "Name or code");
    case TYPE_NUMBER: return NULL;
    case TYPE_TEXT:
    case TYPE_FLAG:
    case TYPE_ENUM:
    case TYPE_CHOICE:
    case TYPE__MAX:
    default: return NULL;
    }
}

static void describe(struct request *r, const struct field *f, const struct problem *wrong, const char *hint)
{
    if (hint || wrong)
        html_f(&r->out, " aria-describedby=\"%s%s%s%s%s\"", hint ? "h-" : "", hint ? f->name : "", hint && wrong ? " " : "", wrong ? "e-" : "", wrong ? f->name : "");
    if (wrong && !wrong->warning)
        html(&r->out, " aria-invalid=\"true\"");
}

static void radios(struct form *f, const struct field *field, const char *value)
{
    struct buf *o = &f->r->out;
    html(o, "<div class=\"opts across\">");
    for (size_t i = 1; i < field->nwords; i++) {
        html_f(o, "<label class=\"opt\"><input type=\"radio\" name=\"%s\" value=\"%s\"", field->name, field->words[i].word);
        if (i == 1)
            html_f(o, " id=\"f-%s\"", field->name);
        if (strcmp(value, field->words[i].word) == 0)
            html(o, " checked");
        html_f(o, "><span>%s</span></label>", in_words(f->r->c, field->words[i].label));
    }
    if (!(field->flags & REQUIRED)) {
        html_f(o, "<label class=\"opt\"><input type=\"radio\" name=\"%s\" value=\"\"", field->name);
        if (!*value)
            html(o, " checked");
        html_f(o, "><span>%s</span></label>", T(f->r, "Chưa ghi", "Not entered"));
    }
    html(o, "</div>");
}

static void one_option(struct buf *o, const char *code, const char *words, const char *value)
{
    html_f(o, "<option value=\"%s\"", code);
    if (strcmp(code, value) == 0)
        html(o, " selected");
    html_f(o, ">%s</option>", words);
}

static void choices(struct form *f, const struct field *field, const char *value, const struct problem *wrong)
{
    struct request *r = f->r;
    struct buf *o = &r->out;
    bool known = !*value;
    html_f(o, "<select class=\"field\" id=\"f-%s\" name=\"%s\"", field->name, field->name);
    describe(r, field, wrong, NULL);
    html(o, ">");
    one_option(o, "", T(r, "— chọn —", "— choose —"), value);
    if (field->type == TYPE_ENUM) {
        for (size_t i = 1; i < field->nwords; i++)
            one_option(o, field->words[i].word, in_words(r->c, field->words[i].label), value);
        known = true;
    } else {
        const struct rule_item **items;
        size_t n = rule_items(r->c, field->rule, r->c->today, &items);
        for (size_t i = 0; i < n; i++) {
            one_option(o, items[i]->code, in_words(r->c, items[i]->label), value);
            known |= strcmp(items[i]->code, value) == 0;
        }
    }
    if (!known) /* an old word, which old records keep */
        one_option(o, value, rule_label(r->c, field->rule, value), value);
    html(o, "</select>");
}

static void text_input(struct form *f, const struct field *field, const char *value, const struct problem *wrong, const char *hint)
{
    struct request *r = f->r;
    struct buf *o = &r->out;
    bool shorter = field->type != TYPE_TEXT && field->type != TYPE_REF;
    if (field->type == TYPE_TEXT && field->max >= LONG_TEXT) {
        html_f(o, "<textarea class=\"field\" id=\"f-%s\" name=\"%s\" rows=\"3\"", field->name, field->name);
        describe(r, field, wrong, hint);
        html_f(o, ">%s</textarea>", value);
        return;
    }
    html_f(o, "<input class=\"field%s\" id=\"f-%s\" name=\"%s\" value=\"%s\" autocomplete=\"off\"", shorter ? " short" : "", field->name, field->name, value);
    if (shorter)
        html_f(o, " inputmode=\"%s\"", field->type == TYPE_NUMBER ? "decimal" : "numeric");
    describe(r, field, wrong, hint);
    html(o, ">");
}

/* A reference as it is typed: suggestions come by script; without it a button asks the server. */
static void ref_input(struct form *f, const struct field *field, const char *value, const struct problem *wrong, const char *hint)
{
    struct request *r = f->r;
    struct buf *o = &r->out;
    html_f(o, "<div class=\"ref\"><input class=\"field\" id=\"f-%s\" name=\"%s\" value=\"%s\" autocomplete=\"off\" data-ref=\"%s\"", field->name, field->name, value, field->to->name);
    describe(r, field, wrong, hint);
    html(o, ">");
    html_f(o, "<noscript><button class=\"btn\" name=\"find\" value=\"%s\">%s</button></noscript>", field->name, T(r, "Tìm", "Find"));
    html(o, "</div>");
}

/* What the typed words may mean, to choose from: asked for by the button, or because several bear the name, or none. False: nothing was found. */
static bool ref_choices(struct form *f, const struct field *field, const char *value)
{
    struct request *r = f->r;
    struct buf *o = &r->out;
    struct filter those = {.kind = field->to, .search = value, .limit = FOUND_MOST, .at = r->c->today};
    struct list l = kind_searched(field->to) && !str_blank(value) ? record_list(r->c, &those) : (struct list){.n = 0};
    if (!l.n)
        return false;
    const struct labels *labels = labels_of(r->c, field->to, l.rows, l.n);
    html(o, "<div class=\"opts\">");
    for (size_t i = 0; i < l.n; i++) {
        const struct row *row = l.rows[i];
        const char *code = record_code(field->to, row);
        const char *sent = *code ? code : arena_printf(&r->c->arena, "%lld", (long long)row->id);
        html_f(o, "<label class=\"opt\"><input type=\"radio\" name=\"%s\" value=\"%s\"", field->name, sent);
        if (i == 0)
            html_f(o, " id=\"f-%s\"", field->name);
        html_f(o, "><span>%s<small>%s%s%s</small></span></label>", shown_title(r, field->to, row, labels), sent, field->to == kind_of_places() ? "" : " · ",
               field->to == kind_of_places() ? "" : label_unit(labels, row->unit).title);
    }
    html_f(o, "<label class=\"opt\"><input type=\"radio\" name=\"%s\" value=\"\" checked><span>%s<small>“%s”</small></span></label></div>", field->name,
           T(r, "Không phải ai, đơn vị nào ở trên: để trống rồi tìm lại", "None of these: leave it blank and look again"), value);
    return true;
}

/* The name of what a reference points at, below its code. */
static void chosen(struct form *f, const struct field *field, const char *value)
{
    void *scratch = arena_alloc(&f->r->c->arena, f->kind->size);
    if (field->type == TYPE_REF && *value && !type_parse(f->r->c, field, value_text(value), scratch))
        html_f(&f->r->out, "<p class=\"chosen\">%s</p>", type_show(f->r->c, field, scratch));
}

static void row_of(struct form *f, const struct field *field)
{
    struct request *r = f->r;
    struct buf *o = &r->out;
    const char *value = input_value(f, field), *hint = hint_of(r, field);
    const struct problem *wrong = ui_problem_of(f->p, field->name);
    bool group = field->type == TYPE_ENUM && field->nwords - 1 <= RADIOS_MOST;
    bool asked = field->type == TYPE_REF && f->again && (wrong || str_same(form_get(r, "find"), field->name));
    html_f(o, "<div class=\"row%s\">", !wrong ? "" : wrong->warning ? " warned" : " bad");
    if (field->type == TYPE_FLAG) {
        ui_hidden(r, arena_printf(&r->c->arena, "box.%s", field->name), "1");
        html_f(o, "<label class=\"opt\"><input type=\"checkbox\" id=\"f-%s\" name=\"%s\" value=\"1\"", field->name, field->name);
        if (strcmp(value, "1") == 0)
            html(o, " checked");
        html_f(o, "><span>%s</span></label>", in_words(r->c, field->label));
    } else if (group) {
        html_f(o, "<fieldset><legend>%s<small>%s</small></legend>", in_words(r->c, field->label), field->flags & REQUIRED ? "" : T(r, " (không bắt buộc)", " (optional)"));
        if (wrong)
            html_f(o, "<p class=\"%s\" id=\"e-%s\">%s</p>", wrong->warning ? "caution" : "error", field->name, wrong->text);
        radios(f, field, value);
        html(o, "</fieldset></div>");
        return;
    } else {
        html_f(o, "<label for=\"f-%s\">%s<small>%s</small></label>", field->name, in_words(r->c, field->label), field->flags & REQUIRED ? "" : T(r, " (không bắt buộc)", " (optional)"));
    }
    if (hint)
        html_f(o, "<p class=\"hint\" id=\"h-%s\">%s</p>", field->name, hint);
    if (wrong)
        html_f(o, "<p class=\"%s\" id=\"e-%s\">%s</p>", wrong->warning ? "caution" : "error", field->name, wrong->text);
    if (field->type == TYPE_ENUM || field->type == TYPE_CHOICE)
        choices(f, field, value, wrong);
    else if (field->type == TYPE_REF && !(asked && ref_choices(f, field, value)))
        ref_input(f, field, value, wrong, hint);
    else if (field->type != TYPE_FLAG && field->type != TYPE_REF)
        text_input(f, field, value, wrong, hint);
    if (!asked)
        chosen(f, field, value);
    html(o, "</div>");
}

/* What the record held when the form was opened, so that only what was touched is changed. */
static void originals(struct form *f)
{
    for (size_t i = 0; i < f->kind->nfields; i++) {
        const struct field *field = &f->kind->fields[i];
        const char *name = arena_printf(&f->r->c->arena, "was.%s", field->name);
        if (!takes(field) || !field_stored(field))
            continue;
        bool again = f->again;
        f->again = false;
        ui_hidden(f->r, name, again && form_get(f->r, name) ? form_get(f->r, name) : input_value(f, field));
        f->again = again;
    }
}

static void override_box(struct form *f)
{
    struct request *r = f->r;
    if (!f->p || f->p->n || !f->p->warnings)
        return;
    html(&r->out, "<div class=\"warning\"><h2>");
    ui_icon(r, "warn");
    html_f(&r->out, "%s</h2>", T(r, "Vẫn đúng như vậy?", "Is it right all the same?"));
    ui_check(r, "accept", "1", false, T(r, "Đã xem lại, vẫn lưu", "I have looked again: save it"), NULL);
    html_f(&r->out, "<div class=\"row\"><label for=\"f-why\">%s</label><input class=\"field\" id=\"f-why\" name=\"why\" maxlength=\"300\" value=\"%s\"></div></div>",
           T(r, "Lý do (ghi vào nhật ký)", "Reason (kept in the history)"), form_get(r, "why") ? form_get(r, "why") : "");
}

/* Every field that the form may set, under the headings of its kind. */
static void rows(struct form *f)
{
    const char *head = NULL;
    for (size_t i = 0; i < f->kind->nfields; i++) {
        const struct field *field = &f->kind->fields[i];
        const char *begins = look_group_of(f->r, f->kind, field);
        head = begins ? begins : head;
        if (!takes(field) || !(f->is_new || field_stored(field)))
            continue;
        if (head)
            html_f(&f->r->out, "<h2 class=\"group\">%s</h2>", head);
        head = NULL;
        row_of(f, field);
    }
}

/* A form that is shown again stands where it stood: its unit is sent along. In a transaction. */
void place_of_form(struct request *r)
{
    const char *unit = r->place.unit ? NULL : form_get(r, "unit");
    void *u = unit && *unit ? record_by_code(r->c, kind_of_places(), unit, ACT_READ) : NULL;
    if (u)
        place_set(r, ((struct row *)u)->id);
}

static void form_page(struct form *f)
{
    struct request *r = f->r;
    const struct kind *k = f->kind;
    const char *noun = kind_noun(r, k), *path = arena_printf(&r->c->arena, "/%s", k->name), *title;
    title = f->is_new ? arena_printf(&r->c->arena, T(r, "Thêm %s", "Add %s"), noun) : arena_printf(&r->c->arena, T(r, "Sửa %s", "Change %s"), record_title(r->c, k, f->record));
    if (!db_begin(r->c, DB_READ))
        return;
    place_of_form(r);
    page_begin(r, &(struct page){.title = title, .chapter = chapter_of(k), .error = f->p && f->p->n, .crumbs = {{in_words(r->c, k->plural), url(r, path, NULL)}, {title, NULL}}});
    ui_problems(r, f->p, k);
    ui_form_guarded(r, f->is_new ? arena_printf(&r->c->arena, "%s/new", path) : arena_printf(&r->c->arena, "%s/%lld/edit", path, (long long)f->id), "form sheet paired");
    html(&r->out, "<noscript><button class=\"vh\" tabindex=\"-1\" aria-hidden=\"true\"></button></noscript><div class=\"body\">"); /* what Enter presses, rather than the first "Tìm" */
    ui_hidden(r, f->is_new ? "new" : "version",
              f->is_new ? arena_printf(&r->c->arena, "%lld", (long long)f->id)
                        : f->again && form_get(r, "version") ? form_get(r, "version") : arena_printf(&r->c->arena, "%lld", (long long)((struct row *)f->record)->version));
    if (r->place.unit)
        ui_hidden(r, "unit", r->place.code);
    if (!f->is_new)
        originals(f);
    rows(f);
    override_box(f);
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\">%s</button>", f->is_new ? T(r, "Lưu hồ sơ mới", "Save the new record") : T(r, "Lưu thay đổi", "Save the changes"));
    ui_button(r, f->is_new ? url(r, path, NULL) : url(r, arena_printf(&r->c->arena, "%s/%lld", path, (long long)f->id), NULL), NULL, T(r, "Thôi", "Cancel"), false);
    html(&r->out, "</div></div>");
    ui_form_end(r);
    page_end(r);
    db_commit(r->c);
}

/* --- what was sent ------------------------------------------------------------------------------------------ */

/* Whether the form changed this field; a box that is not ticked is not sent. */
static const char *sent(struct form *f, const struct field *field)
{
    const char *given = form_get(f->r, field->name), *was = form_get(f->r, arena_printf(&f->r->c->arena, "was.%s", field->name));
    if (field->type == TYPE_FLAG && form_get(f->r, arena_printf(&f->r->c->arena, "box.%s", field->name)))
        given = given ? "1" : "0";
    if (!given || (!f->is_new && was && str_same(was, given)))
        return NULL;
    return given;
}

static void take_fields(struct form *f, struct problems *p)
{
    for (size_t i = 0; i < f->kind->nfields; i++) {
        const struct field *field = &f->kind->fields[i];
        const char *value = takes(field) && (f->is_new || field_stored(field)) ? sent(f, field) : NULL;
        const char *why = value ? type_parse(f->r->c, field, value_text(value), f->record) : NULL;
        if (why)
            problem(p, field->name, "%s", "%s", why);
    }
}

/* Whether somebody else changed, since the form was opened, a field that it changes too. */
static bool collides(struct form *f, const struct field *field)
{
    const char *was = form_get(f->r, arena_printf(&f->r->c->arena, "was.%s", field->name));
    bool again = f->again;
    f->again = false;
    bool other = was && !str_same(was, input_value(f, field));
    f->again = again;
    return other && sent(f, field) && !str_same(sent(f, field), input_value(f, field));
}

static bool any_collides(struct form *f)
{
    f->again = false;
    for (size_t i = 0; i < f->kind->nfields; i++)
        if (takes(&f->kind->fields[i]) && field_stored(&f->kind->fields[i]) && collides(f, &f->kind->fields[i]))
            return true;
    return false;
}

/* A value that a form held, as a list shows it. */
static const char *in_people_words(struct form *f, const struct field *field, const char *value)
{
    void *scratch = arena_alloc(&f->r->c->arena, f->kind->size);
    const char *words = value && *value && !type_parse(f->r->c, field, value_text(value), scratch) ? type_show(f->r->c, field, scratch) : value;
    return words && *words ? words : T(f->r, "(trống)", "(blank)");
}

static void choice_of(struct form *f, const struct field *field, const char *value, bool on)
{
    struct buf *o = &f->r->out;
    html_f(o, "<label class=\"opt\"><input type=\"radio\" name=\"%s\" value=\"%s\"", field->name, value);
    if (on)
        html(o, " checked");
    html_f(o, "><span>%s</span></label>", in_people_words(f, field, value));
}

/* Both values of what two people changed; what only one of them changed is kept from each. */
static void conflict_page(struct form *f)
{
    struct request *r = f->r;
    struct buf *o = &r->out;
    const char *opened = T(r, "Lúc bạn mở", "When you opened it"), *own = T(r, "Của bạn", "Yours"), *stored = T(r, "Đang lưu, của người khác", "Stored, by somebody else");
    r->status = 409;
    f->again = false;
    if (!db_begin(r->c, DB_READ))
        return;
    place_of_form(r);
    page_begin(r, &(struct page){.title = T(r, "Người khác vừa sửa hồ sơ này", "Somebody else has changed this record"), .chapter = chapter_of(f->kind), .error = true,
                                 .lead = T(r, "Chưa lưu gì. Chọn giá trị đúng cho từng mục rồi lưu.", "Nothing was saved. Choose the right value of each and save.")});
    ui_form(r, arena_printf(&r->c->arena, "/%s/%lld/edit", f->kind->name, (long long)f->id), "form sheet");
    ui_hidden(r, "version", arena_printf(&r->c->arena, "%lld", (long long)((struct row *)f->record)->version));
    if (r->place.unit)
        ui_hidden(r, "unit", r->place.code);
    html_f(o, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table class=\"compare three\"><thead><tr><td></td><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
           T(r, "So sánh", "Comparison"), opened, own, stored);
    for (size_t i = 0; i < f->kind->nfields; i++) {
        const struct field *field = &f->kind->fields[i];
        if (!takes(field) || !field_stored(field))
            continue;
        const char *yours = sent(f, field), *theirs = input_value(f, field);
        ui_hidden(r, arena_printf(&r->c->arena, "was.%s", field->name), theirs);
        if (!yours)
            continue;
        if (!collides(f, field)) {
            ui_hidden(r, field->name, yours);
            continue;
        }
        html_f(o, "<tr class=\"differs\"><th scope=\"row\">%s</th><td data-label=\"%s\">%s</td><td data-label=\"%s\">", in_words(r->c, field->label), opened, in_people_words(f, field, form_get(r, arena_printf(&r->c->arena, "was.%s", field->name))), own);
        choice_of(f, field, yours, true);
        html_f(o, "</td><td data-label=\"%s\">", stored);
        choice_of(f, field, theirs, false);
        html(o, "</td></tr>");
    }
    html_f(o, "</tbody></table></div><div class=\"body\"><div class=\"submit\"><button class=\"btn main\">%s</button></div></div>", T(r, "Lưu các giá trị đã chọn", "Save what is chosen"));
    ui_form_end(r);
    page_end(r);
    db_commit(r->c);
}

/* Saves what was sent. True when the answer is made or the context failed; else the form is to be shown again with p. */
static bool save(struct form *f, struct problems *p)
{
    struct request *r = f->r;
    struct ctx *c = r->c;
    int64_t version = 0;
    struct row *row = f->record;
    const char *opened = form_get(r, "version"), *why = form_get(r, "why");
    if (!f->is_new && opened && int_parse(opened, &version) && version != row->version && any_collides(f)) {
        db_rollback(c);
        conflict_page(f);
        return true;
    }
    if (form_get(r, "find")) { /* nothing is saved: what was typed is looked for */
        db_rollback(c);
        return false;
    }
    take_fields(f, p);
    c->reason = why && *why ? why : NULL;
    bool saved = !p->n && record_save(c, f->kind, row, p);
    c->reason = NULL;
    if (failed(c)) {
        db_rollback(c);
        return true;
    }
    if (!saved || (p->warnings && !form_get(r, "accept"))) {
        db_rollback(c);
        return false;
    }
    if (db_commit(c))
        redirect(r, url(r, arena_printf(&c->arena, "/%s/%lld", f->kind->name, (long long)row->id), "notice", f->is_new ? "added" : "saved", NULL));
    return true;
}

static void show_again(struct form *f, struct problems *p)
{
    f->p = p;
    f->again = true;
    f->r->status = form_get(f->r, "find") ? 200 : 422;
    form_page(f);
}

static bool by_hand(struct request *r)
{
    if (r->kind->flags & COMPUTED)
        fail(r->c, ERR_MISSING, "%s do chương trình ghi, không có biểu mẫu.", "%s are written by the program: there is no form.", in_words(r->c, r->kind->plural));
    return !failed(r->c);
}

void p_new(struct request *r)
{
    struct form f = {.r = r, .kind = r->kind, .record = arena_alloc(&r->c->arena, r->kind->size), .is_new = true, .id = record_new_id(r->c)};
    if (by_hand(r))
        form_page(&f);
}

/* The id that the form was given; one that is not of the last day is none. */
int64_t form_new_id(struct request *r)
{
    int64_t id = 0;
    const char *given = form_get(r, "new");
    if (!given || !int_parse(given, &id) || id <= 0)
        return 0;
    int64_t made = (int64_t)((uint64_t)id >> 21);
    return made > r->c->now.v - DAY_MS && made < r->c->now.v + 60000 ? id : 0;
}

void p_new_post(struct request *r)
{
    struct problems p;
    struct row *row = arena_alloc(&r->c->arena, r->kind->size);
    struct form f = {.r = r, .kind = r->kind, .record = row, .is_new = true};
    const char *unit = form_get(r, "unit");
    problems_start(&p, r->c);
    if (!by_hand(r) || !db_begin(r->c, DB_WRITE))
        return;
    row->id = form_new_id(r);
    if (row->id && record_find(r->c, r->kind, row->id, ACT_READ)) { /* sent twice: it is there */
        db_rollback(r->c);
        redirect(r, url(r, arena_printf(&r->c->arena, "/%s/%lld", r->kind->name, (long long)row->id), "notice", "added", NULL));
        return;
    }
    if (unit && *unit && !field_find(r->kind, "unit"))
        row->unit = record_id_of_code(r->c, kind_of_places(), unit);
    int64_t id = row->id;
    if (!save(&f, &p)) {
        f.record = arena_alloc(&r->c->arena, r->kind->size);
        f.id = id ? id : record_new_id(r->c);
        show_again(&f, &p);
    }
}

static void *to_change(struct request *r, int64_t *id)
{
    void *record = int_parse(r->parts[1], id) ? record_find(r->c, r->kind, *id, ACT_CHANGE) : NULL;
    if (!record)
        fail(r->c, ERR_MISSING, "Không có hồ sơ này, hoặc bạn không được sửa.", "There is no such record, or it is not yours to change.");
    return record;
}

void p_edit(struct request *r)
{
    struct form f = {.r = r, .kind = r->kind};
    if (!by_hand(r) || !(f.record = to_change(r, &f.id)))
        return;
    if (r->kind->flags & SENSITIVE)
        request_reads(r, r->kind, f.record, "read", NULL);
    if (!r->place.unit && !(r->kind->flags & SYSTEM))
        place_set(r, ((struct row *)f.record)->unit);
    form_page(&f);
}

void p_edit_post(struct request *r)
{
    struct problems p;
    struct form f = {.r = r, .kind = r->kind};
    problems_start(&p, r->c);
    if (!by_hand(r) || !db_begin(r->c, DB_WRITE))
        return;
    if (!(f.record = to_change(r, &f.id))) {
        db_rollback(r->c);
        return;
    }
    if (!save(&f, &p))
        show_again(&f, &p);
}
