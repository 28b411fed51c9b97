/* See show.h. */
#include "show.h"

#include "ui.h"

#include "base/str.h"
#include "model/type.h"

const char *record_href(struct request *r, const struct kind *k, int64_t id, const char *code)
{
    struct buf b = {0};
    char at[DAY_TEXT];
    if (k == kind_of_places() && code && *code) {
        buf_puts(&b, "/u/");
        url_part(&b, code);
        return url_plain(r, buf_take(&b, &r->c->arena), "at", r->place.at_given ? day_iso(r->place.at.v, at) : NULL, NULL);
    }
    return url(r, arena_printf(&r->c->arena, "/%s/%lld", k->name, (long long)id), NULL);
}

bool is_numeric(const struct field *f)
{
    return f->type == TYPE_NUMBER;
}

bool is_shown(const struct field *f)
{
    return field_stored(f) && !(f->flags & SECRET);
}

/* What a list must not show whole: 034•••••123. */
static const char *masked(struct request *r, const char *s)
{
    size_t n = strlen(s);
    return n < 7 ? "•••" : arena_printf(&r->c->arena, "%.3s•••%s", s, s + n - 3);
}

const char *value_words(struct request *r, const struct field *f, const void *record, const struct labels *labels, bool whole)
{
    char n[32];
    if (field_empty(f, record) && f->type != TYPE_FLAG)
        return "";
    if (f->type == TYPE_REF)
        return label_of(labels, f->to, field_ref(f, record)).title;
    if ((f->flags & PERSONAL) && !whole)
        return masked(r, type_show(r->c, f, record));
    if (f->type == TYPE_NUMBER)
        return arena_text(&r->c->arena, int_vi(field_get(f, record).i, n));
    return type_show(r->c, f, record);
}

/* A state that is good, waits or has ended: shown as a tag. Others are plain words. */
static bool as_tag(struct request *r, const struct field *f, const void *record)
{
    static const struct {
        const char *word, *icon;
        enum tone tone;
    } tags[] = {
        {"member", "ok", TONE_OK},      {"candidate", "clock", TONE_DUE}, {"former", "history", TONE_INFO}, {"done", "ok", TONE_OK},
        {"undone", "undo", TONE_INFO},  {"draft", "edit", TONE_DUE},      {"home", "home", TONE_OK},        {"temporary", "clock", TONE_INFO},
    };
    const char *word = f->type == TYPE_ENUM ? field_get(f, record).s : NULL;
    for (size_t i = 0; word && i < N(tags); i++)
        if (strcmp(tags[i].word, word) == 0) {
            ui_tag(r, tags[i].tone, tags[i].icon, type_show(r->c, f, record));
            return true;
        }
    return false;
}

void show_value(struct request *r, const struct field *f, const void *record, const struct labels *labels, bool whole)
{
    const char *words = value_words(r, f, record, labels, whole);
    if (!*words)
        html(&r->out, "<span class=\"soft\">—</span>");
    else if (f->type == TYPE_REF)
        html_f(&r->out, "<a href=\"%s\">%s</a>", record_href(r, f->to, field_ref(f, record), label_of(labels, f->to, field_ref(f, record)).code), words);
    else if (!as_tag(r, f, record))
        html_text(&r->out, words);
}

const char *shown_title(struct request *r, const struct kind *k, const void *record, const struct labels *labels)
{
    const struct field *f = k->title ? field_need(k, k->title) : NULL;
    const char *words = f ? value_words(r, f, record, labels, false) : "";
    if (*words)
        return words;
    return arena_printf(&r->c->arena, "%s %lld", in_words(r->c, k->label), (long long)((const struct row *)record)->id);
}
