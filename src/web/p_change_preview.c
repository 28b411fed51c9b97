/* A change of units, last step: it is carried out and rolled back to show what it does, the decision is asked beside it, and then it is done.
 * Also what is shown of one that was carried out. */
#include "changing.h"
#include "page.h"
#include "pages.h"
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/model.h"
#include "model/scope.h"
#include "model/type.h"

enum { OPEN_MOST = 8 }; /* so many names are shown without being asked for */

/* --- what the form says, as a unit_change ------------------------------------------------------------------------ */

/* The code behind a choice on the page "who goes where"; NULL: none was made. */
static const char *code_of_row(struct changing *j, const char *row)
{
    struct change_row rows[PARTS_OF_SPLIT + 1];
    size_t n = change_rows(j, rows, N(rows));
    int64_t nth;
    for (size_t i = 0; i < n && int_parse(row, &nth); i++)
        if ((int64_t)rows[i].n == nth)
            return str_clean(&j->r->c->arena, rows[i].code, strlen(rows[i].code));
    return NULL;
}

static const char *join(struct changing *j, struct buf *b)
{
    return b->n ? buf_take(b, &j->r->c->arena) : "";
}

static const char *units_given(struct changing *j)
{
    struct buf b = {0};
    for (size_t i = 0; i < j->npicks; i++)
        buf_printf(&b, "%s%s", i ? "; " : "", change_part(j->r->c, j->picks[i], NULL, NULL));
    return join(j, &b);
}

static const char *into_given(struct changing *j)
{
    struct change_row rows[PARTS_OF_SPLIT + 1];
    struct buf b = {0};
    const char *into = given(j->r, "into");
    if (strcmp(j->sort->act, "close") == 0)
        return given(j->r, "other");
    if (strcmp(j->sort->act, "merge") == 0 && *into && strcmp(into, ":new") != 0)
        return strcmp(into, ":other") == 0 ? given(j->r, "other") : into;
    if (!j->sort->assigns)
        return given(j->r, "new_code");
    size_t n = change_rows(j, rows, N(rows));
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%s", i ? "; " : "", change_part(j->r->c, rows[i].code, rows[i].n ? rows[i].name : NULL, rows[i].type));
    return join(j, &b);
}

static const char *assign_given(struct changing *j)
{
    struct buf b = {0};
    for (const struct input *in = j->r->form; in; in = in->next) {
        const char *to = str_starts(in->name, "go.") && *in->value ? code_of_row(j, in->value) : NULL;
        if (to)
            buf_printf(&b, "%s%s", b.n ? "; " : "", change_part(j->r->c, in->name + 3, to, NULL));
    }
    return join(j, &b);
}

/* The value of a field, NULL: not of this change. What the decision is called can wait until it is confirmed. */
static const char *field_given(struct changing *j, const struct field *f, bool confirm)
{
    struct request *r = j->r;
    const char *name = f->name, *act = j->sort->act, *value = given(r, name);
    bool founds = strcmp(act, "found") == 0 || (strcmp(act, "merge") == 0 && (!*given(r, "into") || strcmp(given(r, "into"), ":new") == 0));
    if (strcmp(name, "act") == 0)
        return act;
    if (strcmp(name, "units") == 0)
        return units_given(j);
    if (strcmp(name, "into") == 0)
        return into_given(j);
    if (strcmp(name, "assign") == 0)
        return j->sort->assigns ? assign_given(j) : NULL;
    if (strcmp(name, "rest") == 0)
        return j->sort->assigns ? code_of_row(j, value) : NULL;
    if (strcmp(name, "new_name") == 0)
        return founds || strcmp(act, "rename") == 0 ? value : NULL;
    if (strcmp(name, "new_type") == 0 || strcmp(name, "new_level") == 0)
        return founds || strcmp(act, "reclass") == 0 ? value : NULL;
    if (strcmp(name, "superior") == 0)
        return j->sort->superior || j->sort->assigns || founds ? value : NULL;
    if (!confirm && (strcmp(name, "number") == 0 || strcmp(name, "decided_by") == 0))
        return "—";
    if (!confirm && strcmp(name, "decided_on") == 0)
        return given(r, "effective_on");
    return value;
}

static bool is_of_decision(const char *field)
{
    return field && (strcmp(field, "number") == 0 || strcmp(field, "decided_on") == 0 || strcmp(field, "decided_by") == 0 || strcmp(field, "note") == 0);
}

static void *read_change(struct changing *j, bool confirm, struct problems *p)
{
    struct ctx *c = j->r->c;
    void *change = arena_alloc(&c->arena, unit_change_kind.size);
    for (size_t i = 0; i < unit_change_kind.nfields; i++) {
        const struct field *f = &unit_change_kind.fields[i];
        const char *value = f->flags & READONLY ? NULL : field_given(j, f, confirm), *why = value ? type_parse(c, f, value_text(value), change) : NULL;
        if (why && !(strcmp(f->name, "decided_on") == 0 && !confirm))
            problem(p, f->name, "%s", "%s", why);
        else if (confirm && is_of_decision(f->name) && (f->flags & REQUIRED) && str_blank(value)) /* said together with what cannot be read */
            problem(p, f->name, "%s: chưa ghi.", "%s is missing.", in_words(c, f->label));
    }
    return change;
}

/* What the work itself was refused with, said at the field that can mend it. */
static const char *field_of_failure(const struct changing *j)
{
    if (j->r->c->err.code == ERR_DENIED)
        return j->sort->superior ? "superior" : "units";
    return j->sort->assigns ? "rest" : strcmp(j->sort->act, "close") == 0 ? "into" : "effective_on";
}

/* Once, in a transaction of its own: done, or rolled back. */
static enum change_outcome try_once(struct changing *j, bool confirm, struct problems *p, struct change_effects *e)
{
    struct request *r = j->r;
    struct ctx *c = r->c;
    day today = c->today;
    if (!db_begin(c, DB_WRITE))
        return CHANGE_REFUSED;
    int64_t id = confirm ? form_new_id(r) : 0;
    bool again = id && record_find(c, &unit_change_kind, id, ACT_READ); /* sent twice: it is done */
    struct row *change = again ? NULL : read_change(j, confirm, p);
    if (change)
        change->id = id;
    bool good = again || (!p->n && change_carry_out(c, change, !confirm, p, e));
    c->today = today;
    if (good && confirm && !again && db_commit(c))
        id = change->id;
    else
        db_rollback(c);
    if (failed(c) && (c->err.code == ERR_BAD_INPUT || c->err.code == ERR_CONFLICT || (c->err.code == ERR_DENIED && scope_any(c, &unit_change_kind, ACT_DECIDE)))) {
        const char *field = field_of_failure(j), *why = c->err.text;
        c->err = (struct err){0};
        problem(p, field, "%s", "%s", why);
        good = false;
    }
    if (failed(c) || !good)
        return CHANGE_REFUSED;
    if (confirm)
        redirect(r, url_plain(r, arena_printf(&c->arena, "/change/%lld/done", (long long)id), NULL));
    return confirm ? CHANGE_DONE : CHANGE_SHOWN;
}

enum change_outcome change_try(struct changing *j, bool confirm, struct problems *p, struct change_effects *e)
{
    struct problems other;
    enum change_outcome done = try_once(j, confirm, p, e);
    if (done != CHANGE_REFUSED || !confirm || failed(j->r->c))
        return done;
    for (const struct problem *one = p->first; one; one = one->next)
        if (!is_of_decision(one->field))
            return done;
    problems_start(&other, j->r->c); /* only the decision is wrong: what it does is shown once more beside it */
    return try_once(j, false, &other, e);
}

/* --- what it does ------------------------------------------------------------------------------------------------- */

static void figures(struct request *r, const struct change_effects *e)
{
    char n[32];
    ui_figures(r);
    ui_figure(r, T(r, "Lập mới", "Founded"), int_vi(e->founded, n), T(r, "đơn vị", "units"), NULL, NULL);
    ui_figure(r, T(r, "Kết thúc", "Closed"), int_vi(e->closed, n), T(r, "đơn vị", "units"), NULL, NULL);
    ui_figure(r, T(r, "Đổi cấp trên, tên, loại hình", "Other superior, name or class"), int_vi(e->restated, n), T(r, "đơn vị", "units"), NULL, NULL);
    ui_figure(r, T(r, "Đảng viên chuyển theo", "Members moved along"), int_vi(e->members, n), T(r, "người", "people"), NULL, NULL);
    ui_figures_end(r);
}

static const char *type_words(struct request *r, const char *code, day on)
{
    const struct rule_item *item = code ? rule_item(r->c, "unit_type", code, on) : NULL;
    return item ? in_words(r->c, item->label) : "";
}

/* What is another about a unit: name, type, superior. */
static const char *what_changes(struct request *r, const struct change_unit *u, day on)
{
    struct arena *a = &r->c->arena;
    const char *said = u->code;
    if (u->was_name && strcmp(u->was_name, u->name) != 0)
        said = arena_printf(a, T(r, "%s · trước là %s", "%s · before: %s"), said, u->was_name);
    if (u->type_was && u->type_now && strcmp(u->type_was, u->type_now) != 0)
        said = arena_printf(a, "%s · %s → %s", said, type_words(r, u->type_was, on), type_words(r, u->type_now, on));
    if (u->closed)
        return u->above_now && !str_same(u->above_was, u->above_now) ? arena_printf(a, T(r, "%s · hồ sơ do %s giữ", "%s · its records go to %s"), said, u->above_now) : said;
    if (u->above_was && u->above_now && strcmp(u->above_was, u->above_now) != 0)
        return arena_printf(a, T(r, "%s · từ %s sang %s", "%s · from %s to %s"), said, u->above_was, u->above_now);
    return u->founded && u->above_now ? arena_printf(a, T(r, "%s · trực thuộc %s", "%s · under %s"), said, u->above_now) : said;
}

static void count_cell(struct request *r, const char *label, int64_t n, bool differs)
{
    char shown[32];
    html_f(&r->out, "<td class=\"num\" data-label=\"%s\">", label);
    html_f(&r->out, "<span class=\"%s\">%s</span></td>", differs ? "strong" : "", int_vi(n, shown));
}

static void unit_row(struct request *r, const struct change_unit *u, const char *const *heads, day on, bool above)
{
    static const struct {
        const char *tag;
        struct words words;
    } tags[] = {{"moved", {"Thay đổi", "Changed"}}, {"founded", {"Lập mới", "Founded"}}, {"closed", {"Kết thúc", "Closed"}}, {"", {"Cấp trên", "Above"}}, {"moved", {"Thay đổi đảng viên", "Members change"}}};
    int tag = above ? 3 : u->members_only ? 4 : u->founded ? 1 : u->closed ? 2 : 0;
    html_f(&r->out, "<tr><th scope=\"row\" class=\"name\"><span>%s <span class=\"tag %s\">%s</span><small>%s</small></span></th>", u->name, tags[tag].tag, in_words(r->c, tags[tag].words), what_changes(r, u, on));
    count_cell(r, heads[0], u->members_was, false);
    count_cell(r, heads[1], u->members_now, u->members_now != u->members_was);
    count_cell(r, heads[2], u->below_was, false);
    count_cell(r, heads[3], u->below_now, u->below_now != u->below_was);
    html(&r->out, "</tr>");
}

static void units_sheet(struct request *r, const struct change_effects *e)
{
    struct buf *o = &r->out;
    struct arena *a = &r->c->arena;
    char was[DAY_TEXT], now[DAY_TEXT], n[32];
    day_vi(day_add(e->on, -1).v, was);
    day_vi(e->on.v, now);
    const char *const heads[] = {arena_printf(a, T(r, "Đảng viên, hết %s", "Members, end of %s"), was), arena_printf(a, T(r, "Đảng viên, từ %s", "Members, from %s"), now),
                                 arena_printf(a, T(r, "Trực thuộc, hết %s", "Units below, end of %s"), was), arena_printf(a, T(r, "Trực thuộc, từ %s", "Units below, from %s"), now)};
    ui_sheet(r, T(r, "Đơn vị, trước và sau", "Units, before and after"), NULL, NULL);
    html_f(o, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table class=\"cards\"><caption class=\"vh\">%s</caption><thead><tr><th scope=\"col\">%s</th>", T(r, "Đơn vị", "Units"), T(r, "Đơn vị, trước và sau", "Units, before and after"),
           T(r, "Đơn vị", "Unit"));
    for (size_t i = 0; i < N(heads); i++)
        html_f(o, "<th scope=\"col\" class=\"num\">%s</th>", heads[i]);
    html(o, "</tr></thead><tbody>");
    for (size_t i = 0; i < e->nunits + e->nabove; i++)
        unit_row(r, &e->units[i], heads, e->on, i >= e->nunits);
    html(o, "</tbody></table></div>");
    if (e->founded + e->closed + e->restated > (int64_t)e->nunits)
        html_f(o, "<div class=\"foot\"><span>%s %s</span></div>", T(r, "và các đơn vị khác, tất cả:", "and others, in all:"), int_vi(e->founded + e->closed + e->restated, n));
    ui_sheet_end(r);
}

static void people_sheet(struct request *r, const struct change_effects *e)
{
    char n[32];
    if (!e->npeople)
        return;
    html_f(&r->out, "<details class=\"sheet fold\"%s><summary>%s <span class=\"soft\">%s</span></summary><ul class=\"list\">", e->npeople <= OPEN_MOST ? " open" : "", T(r, "Đảng viên chuyển theo", "Members moved along"),
           int_vi(e->members, n));
    for (size_t i = 0; i < e->npeople; i++)
        html_f(&r->out, "<li><span class=\"t\">%s<small>%s · %s → %s</small></span></li>", e->people[i].name, e->people[i].code, e->people[i].from ? e->people[i].from : "", e->people[i].to);
    html(&r->out, "</ul>");
    if (e->members > (int64_t)e->npeople)
        html_f(&r->out, "<div class=\"foot\"><span>%s %s</span></div>", T(r, "và những người khác, tất cả:", "and others, in all:"), int_vi(e->members, n));
    html(&r->out, "</details>");
}

static void posts_sheet(struct request *r, const struct change_effects *e, bool done)
{
    char n[32];
    if (!e->nposts && !e->posts_kept)
        return;
    ui_sheet(r, T(r, "Chức vụ", "Posts"), NULL, NULL);
    if (e->nposts)
        html_f(&r->out, "<p class=\"pad\">%s</p><ul class=\"list\">", T(r, "Chức vụ ở đơn vị kết thúc không tự thôi: sau khi thực hiện, ghi thôi giữ và bổ nhiệm lại ở đơn vị mới.",
                                                                          "Posts in units that end do not end by themselves: enter their end afterwards, and new ones."));
    for (size_t i = 0; i < e->nposts; i++) {
        const struct rule_item *office = rule_item(r->c, "office", e->posts[i].office, e->on);
        html_f(&r->out, "<li><span class=\"t\">%s<small>%s · %s</small></span>", e->posts[i].name, office ? in_words(r->c, office->label) : e->posts[i].office, e->posts[i].unit);
        if (done)
            html_f(&r->out, "<a href=\"%s\">%s</a>", url(r, arena_printf(&r->c->arena, "/appointment/%lld/edit", (long long)e->posts[i].id), NULL), T(r, "Ghi thôi giữ", "Enter its end"));
        html(&r->out, "</li>");
    }
    if (e->nposts)
        html(&r->out, "</ul>");
    if (e->posts_kept)
        html_f(&r->out, "<div class=\"foot\"><span>%s %s</span></div>", T(r, "Chức vụ giữ nguyên ở các đơn vị còn hoạt động:", "Posts that stay as they are, in units that go on:"), int_vi(e->posts_kept, n));
    ui_sheet_end(r);
}

void change_effects_show(struct request *r, const struct change_effects *e, bool done)
{
    figures(r, e);
    html(&r->out, "<div class=\"stack\">");
    if (e->nunits)
        units_sheet(r, e);
    posts_sheet(r, e, done);
    people_sheet(r, e);
    html(&r->out, "</div>");
}

/* "Chuyển 3 đơn vị": the button says what it does and to how many. */
static const char *confirm_words(struct changing *j)
{
    struct request *r = j->r;
    if (!j->sort->verb.vi)
        return in_words(r->c, j->sort->title);
    return arena_printf(&r->c->arena, T(r, "%s %zu đơn vị", "%s %zu unit(s)"), in_words(r->c, j->sort->verb), j->npicks);
}

static void decision_form(struct changing *j, const struct change_effects *e)
{
    struct request *r = j->r;
    const char *back = j->sort->assigns ? "assign" : "details", *id = given(r, "new");
    bool later = e->on.v > r->c->today.v;
    ui_form_guarded(r, arena_printf(&r->c->arena, "/change/%s", j->sort->act), "form sheet gap");
    html_f(&r->out, "<header><h2>%s</h2></header><div class=\"body\">", T(r, "Quyết định", "The decision"));
    change_carry(j, CHANGE_PREVIEW);
    ui_hidden(r, "new", *id ? id : arena_printf(&r->c->arena, "%lld", (long long)record_new_id(r->c)));
    if (later) {
        char on[DAY_TEXT];
        html_f(&r->out, "<p class=\"caution\">%s</p>", arena_printf(&r->c->arena, T(r, "Có hiệu lực từ %s: bây giờ chỉ xem trước, đến ngày đó mới thực hiện.", "It takes effect on %s: only a preview now, to be carried out on that day."), day_vi(e->on.v, on)));
        html_f(&r->out, "<div class=\"submit\"><button class=\"btn\" name=\"step\" value=\"%s\">%s</button></div></div>", back, T(r, "Sửa lại", "Change it"));
        ui_form_end(r);
        return;
    }
    change_input(j, "number", NULL, NULL, NULL);
    change_input(j, "decided_on", NULL, NULL, NULL);
    change_input(j, "decided_by", NULL, T(r, "Ví dụ: Ban Thường vụ Huyện ủy", "For example: the standing board of the district committee"), NULL);
    change_input(j, "note", T(r, "Ghi chú (không bắt buộc)", "Note (optional)"), NULL, NULL);
    html_f(&r->out, "<div class=\"submit\"><button class=\"btn main\" name=\"step\" value=\"confirm\">%s</button><button class=\"btn\" name=\"step\" value=\"%s\">%s</button></div></div>", confirm_words(j), back, T(r, "Sửa lại", "Change it"));
    ui_form_end(r);
}

void change_preview_page(struct changing *j, const struct change_effects *e)
{
    struct request *r = j->r;
    change_page_begin(j, CHANGE_PREVIEW, T(r, "xem trước và ghi quyết định. Chưa ghi gì.", "see what it will do, and give the decision. Nothing is written yet."));
    change_effects_show(r, e, false);
    decision_form(j, e);
    page_end(r);
}
