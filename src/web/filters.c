/* See filters.h. */
#include "filters.h"

#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "model/model.h"
#include "model/type.h"

enum { QUICK_MOST = 3, COUNTED_MOST = 1000 };

bool is_page_name(const char *name)
{
    static const char *const names[] = {"cols", "part", "notice", "format", "csrf", "id", "what", "field", "value", "reason", "confirm", "whole", "undo", "count", "shown"};
    for (size_t i = 0; i < N(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

const char *address_name(struct ctx *c, const struct field *f)
{
    return is_page_name(f->name) ? arena_printf(&c->arena, "%s.is", f->name) : filter_name(c, f);
}

static bool set_from(struct request *r, struct filter *f, const struct input *in)
{
    for (; in; in = in->next) {
        if (is_page_name(in->name) || !*in->value)
            continue;
        const char *value = strcmp(in->value, "-") == 0 ? "" : in->value; /* "-": has none */
        if (!filter_set(r->c, f, in->name, value))
            return false;
    }
    return true;
}

bool filter_of_address(struct request *r, struct filter *f)
{
    *f = (struct filter){.kind = r->kind};
    if (!set_from(r, f, strcmp(r->method, "GET") == 0 ? r->query : r->form))
        return false;
    if (!f->unit)
        f->unit = r->place.unit;
    if (f->kind->flags & SYSTEM)
        f->unit = 0;
    return true;
}

/* --- the form ------------------------------------------------------------------------------------------ */

static void options_of(struct request *r, const struct field *f, const char *chosen)
{
    struct buf *o = &r->out;
    if (f->type == TYPE_ENUM) {
        for (size_t i = 1; i < f->nwords; i++) {
            html_f(o, "<option value=\"%s\"", f->words[i].word);
            if (chosen && strcmp(chosen, f->words[i].word) == 0)
                html(o, " selected");
            html_f(o, ">%s</option>", in_words(r->c, f->words[i].label));
        }
    } else if (f->type == TYPE_FLAG) {
        for (int yes = 1; yes >= 0; yes--) {
            html_f(o, "<option value=\"%d\"", yes);
            if (chosen && strcmp(chosen, yes ? "1" : "0") == 0)
                html(o, " selected");
            html_f(o, ">%s</option>", yes ? T(r, "Có", "Yes") : T(r, "Không", "No"));
        }
    } else {
        const struct rule_item **items;
        size_t n = rule_items(r->c, f->rule, r->place.at, &items);
        for (size_t i = 0; i < n; i++) {
            html_f(o, "<option value=\"%s\"", items[i]->code);
            if (chosen && strcmp(chosen, items[i]->code) == 0)
                html(o, " selected");
            html_f(o, ">%s</option>", in_words(r->c, items[i]->label));
        }
    }
}

static bool is_choice(const struct field *f)
{
    return f->type == TYPE_ENUM || f->type == TYPE_FLAG || f->type == TYPE_CHOICE;
}

static void select_of(struct request *r, const struct field *f, const char *id)
{
    struct buf *o = &r->out;
    const char *name = address_name(r->c, f);
    html_f(o, "<select class=\"field\" id=\"%s\" name=\"%s\" aria-label=\"%s\"><option value=\"\">%s: %s</option>", id, name, in_words(r->c, f->label), in_words(r->c, f->label),
           T(r, "tất cả", "all"));
    options_of(r, f, query_get(r, name));
    html(o, "</select>");
}

static void range_of(struct request *r, const struct field *f)
{
    struct buf *o = &r->out;
    const char *from = arena_printf(&r->c->arena, "%s.from", f->name), *to = arena_printf(&r->c->arena, "%s.to", f->name);
    const char *given_from = query_get(r, from), *given_to = query_get(r, to), *mode = is_numeric(f) ? "decimal" : "numeric";
    html_f(o, "<div class=\"row\"><label for=\"c-%s\">%s</label><div class=\"side-by-side\">", from, in_words(r->c, f->label));
    html_f(o, "<input class=\"field short\" id=\"c-%s\" name=\"%s\" value=\"%s\" placeholder=\"%s\" inputmode=\"%s\">", from, from, given_from ? given_from : "", T(r, "từ", "from"), mode);
    html_f(o, "<input class=\"field short\" name=\"%s\" value=\"%s\" placeholder=\"%s\" aria-label=\"%s %s\" inputmode=\"%s\"></div></div>", to, given_to ? given_to : "", T(r, "đến", "to"),
           in_words(r->c, f->label), T(r, "đến", "to"), mode);
}

static void condition_of(struct request *r, const struct field *f)
{
    struct buf *o = &r->out;
    const char *name = address_name(r->c, f), *given = query_get(r, name);
    if (f->type == TYPE_NUMBER || f->type == TYPE_DAY || f->type == TYPE_PDAY) {
        range_of(r, f);
        return;
    }
    html_f(o, "<div class=\"row\"><label for=\"c-%s\">%s</label>", f->name, in_words(r->c, f->label));
    if (is_choice(f)) {
        select_of(r, f, arena_printf(&r->c->arena, "c-%s", f->name));
    } else {
        html_f(o, "<input class=\"field\" id=\"c-%s\" name=\"%s\" value=\"%s\" autocomplete=\"off\"", f->name, name, given ? given : "");
        if (f->type == TYPE_REF)
            html_f(o, " data-ref=\"%s\"", f->to->name);
        html(o, ">");
    }
    html(o, "</div>");
}

static bool is_quick(const struct request *r, const struct field *f, size_t taken)
{
    (void)r;
    return taken < QUICK_MOST && (f->flags & LISTED) && (f->type == TYPE_ENUM || f->type == TYPE_CHOICE);
}

/* The field whose values stand as chips: what one would count by. NULL when the kind has none. */
static const struct field *chip_field(const struct request *r, const struct kind *k)
{
    size_t taken = 0;
    if (k->counted)
        return field_need(k, k->counted);
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        bool quick = is_quick(r, f, taken);
        taken += quick;
        if (quick && f->type == TYPE_ENUM && f->nwords <= CHIPS_MOST + 1)
            return f;
    }
    return NULL;
}

static void one_chip(struct request *r, const struct field *f, const char *word, const char *label, int64_t n, bool on)
{
    char count[32];
    html_f(&r->out, "<a class=\"chip%s\" href=\"%s\"", on ? " on" : "", here(r, address_name(r->c, f), word, "after", "", NULL));
    if (on)
        html(&r->out, " aria-current=\"true\"");
    html_f(&r->out, ">%s", label);
    if (n >= 0)
        html_f(&r->out, " %s", int_vi(n, count));
    html(&r->out, "</a>");
}

struct filter_counts filter_counts(struct request *r, const struct filter *f)
{
    struct filter_counts counts = {.field = chip_field(r, f->kind), .most = COUNTED_MOST};
    if (counts.field)
        counts.n = record_count_by(r->c, f, counts.field, COUNTED_MOST, counts.of, N(counts.of), &counts.total);
    return counts;
}

static int64_t count_of(const struct filter_counts *counts, const char *word)
{
    for (size_t i = 0; i < counts->n; i++)
        if (str_same(counts->of[i].value.s, word))
            return counts->of[i].n;
    return 0;
}

int64_t filter_counts_listed(const struct filter_counts *counts, const struct filter *f, int64_t most)
{
    const struct condition *of = NULL;
    size_t times = 0;
    for (size_t i = 0; i < f->nterms; i++)
        if (f->terms[i].field == counts->field) {
            of = &f->terms[i];
            times++;
        }
    if (!counts->field || times > 1 || (of && of->op != OP_IS))
        return -1;
    if (counts->total > counts->most)
        return !of && most <= counts->most ? most + 1 : -1;
    return of ? count_of(counts, of->value.s) : counts->total;
}

/* "Tất cả 221", "Đảng viên 209": each with its count where that is quickly known. What nobody is, is not offered. */
static void value_chips(struct request *r, const struct filter_counts *counts)
{
    const struct field *field = counts->field;
    const char *given = query_get(r, address_name(r->c, field));
    bool any = given && *given, counted = counts->total <= counts->most;
    one_chip(r, field, "", T(r, "Tất cả", "All"), counted ? counts->total : -1, !any);
    for (size_t i = 1; i < field->nwords; i++) {
        bool on = any && strcmp(given, field->words[i].word) == 0;
        int64_t some = counted ? count_of(counts, field->words[i].word) : -1;
        if (some || on)
            one_chip(r, field, field->words[i].word, in_words(r->c, field->words[i].label), some, on);
    }
}

static bool is_given(const struct request *r, const struct field *f)
{
    for (const struct input *in = r->query; in; in = in->next)
        if (*in->value && str_starts(in->name, f->name) && (in->name[strlen(f->name)] == '\0' || in->name[strlen(f->name)] == '.'))
            return true;
    return false;
}

static void others(struct request *r, const struct kind *k)
{
    struct buf *o = &r->out;
    size_t taken = 0;
    bool open = false;
    for (size_t i = 0; i < k->nfields; i++) {
        bool quick = is_quick(r, &k->fields[i], taken);
        taken += quick;
        open |= !quick && is_given(r, &k->fields[i]);
    }
    html(o, "<details class=\"menu\"><summary class=\"btn\">");
    ui_icon(r, "filter");
    html_f(o, "%s%s", T(r, "Điều kiện", "Conditions"), open ? " ●" : "");
    html(o, "</summary><div class=\"pop pad conditions\">");
    taken = 0;
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        bool quick = is_quick(r, f, taken);
        taken += quick;
        if (!quick && is_shown(f) && !(f->flags & PERSONAL))
            condition_of(r, f);
    }
    if (k->when == WHEN_SPELL)
        ui_check(r, "all", "1", str_same(query_get(r, "all"), "1"), T(r, "Cả những gì đã kết thúc", "Also what has ended"), NULL);
    html_f(o, "<div class=\"submit\"><button class=\"btn main\">%s</button></div></div></details>", T(r, "Lọc danh sách", "Filter the list"));
}

/* What is set, each with a way to take it off. */
static void chips(struct request *r, const struct filter *f, const struct field *shown)
{
    bool any = false;
    for (const struct input *in = r->query; in; in = in->next) {
        const char *dot = strchr(in->name, '.');
        const struct field *field = field_find(f->kind, dot ? arena_copy(&r->c->arena, in->name, (size_t)(dot - in->name)) : in->name);
        bool all = strcmp(in->name, "all") == 0, alone = strcmp(in->name, "alone") == 0;
        if (!*in->value || (!field && !all && !alone) || is_page_name(in->name) || (field && field == shown))
            continue;
        any = true;
        const char *how = dot && strcmp(dot, ".from") == 0 ? " ≥ " : dot && strcmp(dot, ".to") == 0 ? " ≤ " : ": ", *value = in->value;
        void *scratch = arena_alloc(&r->c->arena, f->kind->size);
        if (field && field->type != TYPE_REF && strcmp(value, "-") != 0 && !type_parse(r->c, field, value_text(value), scratch))
            value = type_show(r->c, field, scratch);
        html_f(&r->out, "<a class=\"chip on\" href=\"%s\" title=\"%s\">", here(r, in->name, "", "after", "", NULL), T(r, "Bỏ điều kiện này", "Take this condition off"));
        if (field)
            html_f(&r->out, "%s%s%s", in_words(r->c, field->label), how, strcmp(value, "-") == 0 ? T(r, "không có", "none") : value);
        else
            html_text(&r->out, all ? T(r, "Cả những gì đã kết thúc", "Also what has ended") : T(r, "Chỉ chính đơn vị này", "Only the unit itself"));
        ui_icon(r, "close");
        html(&r->out, "</a>");
    }
    if (any)
        html_f(&r->out, "<a href=\"%s\">%s</a>", url(r, r->path, NULL), T(r, "Bỏ mọi điều kiện", "Take all off"));
}

void filter_form(struct request *r, const struct filter *f)
{
    struct buf *o = &r->out;
    size_t taken = 0;
    char at[DAY_TEXT];
    const struct field *chip = chip_field(r, f->kind);
    html_f(o, "<form class=\"filters\" action=\"%s\" data-live=\"#list\">", r->path);
    if (r->place.unit)
        ui_hidden(r, "unit", r->place.code);
    if (r->place.at_given)
        ui_hidden(r, "at", day_iso(r->place.at.v, at));
    ui_hidden(r, "sort", query_get(r, "sort"));
    ui_hidden(r, "cols", query_get(r, "cols"));
    if (kind_searched(f->kind))
        html_f(o, "<input class=\"field\" type=\"search\" name=\"q\" value=\"%s\" placeholder=\"%s\" aria-label=\"%s\" autocomplete=\"off\">", f->search ? f->search : "",
               T(r, "Tìm trong danh sách, không cần dấu", "Search this list, diacritics optional"), T(r, "Tìm trong danh sách", "Search this list"));
    for (size_t i = 0; i < f->kind->nfields; i++)
        if (is_quick(r, &f->kind->fields[i], taken)) {
            if (&f->kind->fields[i] == chip)
                ui_hidden(r, address_name(r->c, chip), query_get(r, address_name(r->c, chip)));
            else
                select_of(r, &f->kind->fields[i], arena_printf(&r->c->arena, "q-%s", f->kind->fields[i].name));
            taken++;
        }
    html_f(o, "<button class=\"btn\">%s</button>", T(r, "Lọc", "Filter"));
    others(r, f->kind);
    html(o, "</form>");
}

void filter_chips(struct request *r, const struct filter *f, const struct filter_counts *counts)
{
    html(&r->out, "<div class=\"filters chips\">");
    if (counts->field) {
        html_f(&r->out, "<nav aria-label=\"%s\">", in_words(r->c, counts->field->label));
        value_chips(r, counts);
        html(&r->out, "</nav>");
    }
    chips(r, f, counts->field);
    html(&r->out, "</div>");
}

void filter_hidden(struct request *r)
{
    for (const struct input *in = strcmp(r->method, "GET") == 0 ? r->query : r->form; in; in = in->next)
        if (!is_page_name(in->name) && strcmp(in->name, "after") != 0 && strcmp(in->name, "limit") != 0)
            ui_hidden(r, in->name, in->value);
}

const char *filter_address(struct request *r, const char *path, ...)
{
    struct buf b = {0};
    bool any = false;
    va_list args;
    buf_puts(&b, path);
    for (const struct input *in = strcmp(r->method, "GET") == 0 ? r->query : r->form; in; in = in->next) {
        if (is_page_name(in->name) || strcmp(in->name, "after") == 0 || !*in->value)
            continue;
        buf_char(&b, any ? '&' : '?');
        url_part(&b, in->name);
        buf_char(&b, '=');
        url_part(&b, in->value);
        any = true;
    }
    va_start(args, path);
    for (const char *name; (name = va_arg(args, const char *));) {
        const char *value = va_arg(args, const char *);
        if (!value || !*value)
            continue;
        buf_char(&b, any ? '&' : '?');
        url_part(&b, name);
        buf_char(&b, '=');
        url_part(&b, value);
        any = true;
    }
    va_end(args);
    return buf_take(&b, &r->c->arena);
}
