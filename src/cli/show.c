/* Records as text and as JSON. */
#include "cli.h"

#include "base/str.h"
#include "fmt/json.h"
#include "fmt/width.h"
#include "model/json_record.h"
#include "model/type.h"

enum { CHUNK = 500 };

static const char *cell(struct cli *cli, const struct field *f, void *record, const struct labels *labels)
{
    if (f->type == TYPE_REF && !field_empty(f, record)) {
        struct label l = label_of(labels, f->to, field_ref(f, record));
        return *l.code ? arena_printf(&cli->c->arena, "%s %s", l.code, l.title) : l.title;
    }
    return type_show(cli->c, f, record);
}

/* Whether the unit of a record is told by none of its fields. */
static bool place_untold(const struct kind *k)
{
    bool told = strcmp(k->where, "unit") != 0 || (k->flags & SYSTEM);
    for (size_t i = 0; i < k->nfields && !told; i++)
        told = k->fields[i].to == kind_of_places() && field_stored(&k->fields[i]) && (k->fields[i].flags & REQUIRED);
    return !told;
}

static const char *place_of(struct cli *cli, const struct row *row, const struct labels *labels)
{
    struct label l = label_unit(labels, row->unit);
    return *l.code ? arena_printf(&cli->c->arena, "%s %s", l.code, l.title) : "";
}

static size_t listed(const struct kind *k, const struct field **out, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < k->nfields && n < room; i++)
        if ((k->fields[i].flags & LISTED) && field_stored(&k->fields[i]))
            out[n++] = &k->fields[i];
    return n;
}

static void text_page(struct cli *cli, const struct list *l, const struct labels *labels)
{
    const struct field *fields[32];
    struct ctx *c = cli->c;
    size_t n = listed(l->kind, fields, N(fields)), columns = n + place_untold(l->kind);
    const char **head = NEW_N(&c->arena, const char *, columns + 1);
    struct value *cells = NEW_N(&c->arena, struct value, columns * l->n + 1);
    for (size_t j = 0; j < n; j++)
        head[j] = in_words(c, fields[j]->label);
    head[n] = in_words(c, kind_of_places()->label);
    for (size_t i = 0; i < l->n; i++) {
        for (size_t j = 0; j < n; j++)
            cells[i * columns + j] = V(cell(cli, fields[j], l->rows[i], labels));
        if (columns > n)
            cells[i * columns + n] = V(place_of(cli, l->rows[i], labels));
    }
    width_print(&cli->out, &(struct width_table){.head = head, .cells = cells, .columns = columns, .rows = l->n, .widest = 44});
}

static void list_json(struct cli *cli, struct filter *f, int64_t most)
{
    struct ctx *c = cli->c;
    struct json_out j = {.to = &cli->out};
    char after[32];
    int64_t left = most;
    json_begin_array(&j);
    while (!failed(c)) {
        struct arena_mark mark = arena_mark(&c->arena);
        f->limit = left && left < CHUNK ? left : CHUNK;
        struct list l = record_list(c, f);
        struct labels *labels = labels_of(c, f->kind, l.rows, l.n);
        for (size_t i = 0; i < l.n; i++)
            json_record(c, &j, f->kind, l.rows[i], labels, false);
        left -= left ? (int64_t)l.n : 0;
        bool more = l.next && !(most && left <= 0);
        snprintf(after, sizeof after, "%s", l.next ? l.next : "");
        if (!failed(c))
            arena_rewind(&c->arena, mark);
        if (!more)
            break;
        f->after = after;
    }
    json_end_array(&j);
    buf_char(&cli->out, '\n');
}

void cli_show_list(struct cli *cli, const struct filter *filter)
{
    struct filter f = *filter;
    if (cli->json) {
        list_json(cli, &f, f.limit);
        return;
    }
    struct list l = record_list(cli->c, &f);
    if (failed(cli->c))
        return;
    if (!l.n) {
        cli_note(cli, "Không có %s nào như vậy.", "There are no such %s.", in_sentence(cli->c, f.kind->plural));
        return;
    }
    text_page(cli, &l, labels_of(cli->c, f.kind, l.rows, l.n));
    int64_t total = record_count(cli->c, &f);
    char shown[32], all[32];
    cli_note(cli, "Hiển thị %s trong %s%s", "Showing %s of %s%s", int_vi((int64_t)l.n, shown), int_vi(total, all),
             l.next ? say(cli->c, " (xem tiếp: --after %s)", " (go on: --after %s)", l.next) : "");
}

/* Numbers by which the program finds its way, which tell a reader nothing. */
static bool internal(const struct field *f, const void *record)
{
    return (f->flags & READONLY) && f->type == TYPE_NUMBER && field_get(f, record).i > JSON_EXACT;
}

static void line(struct cli *cli, const char *label, const char *words)
{
    size_t width = utf8_width(label);
    buf_printf(&cli->out, "  %s", label);
    buf_fill(&cli->out, ' ', width < 28 ? 28 - width : 1);
    buf_printf(&cli->out, "%s\n", words);
}

static const char *instant_words(struct ctx *c, instant at)
{
    instant here = {at.v + INT64_C(7) * 3600 * 1000}; /* Việt Nam has one time, and no summer time */
    char d[DAY_TEXT];
    int minute = (int)(here.v / 60000 % 1440);
    return arena_printf(&c->arena, "%s %02d:%02d", day_vi(instant_day(at).v, d), minute / 60, minute % 60);
}

void cli_show_one(struct cli *cli, const struct kind *k, void *record)
{
    struct ctx *c = cli->c;
    struct labels *labels = labels_of(c, k, &record, 1);
    if (cli->json) {
        struct json_out j = {.to = &cli->out, .pretty = true};
        json_begin_array(&j); /* always an array, so that whoever reads it needs one shape */
        json_record(c, &j, k, record, labels, true);
        json_end_array(&j);
        buf_char(&cli->out, '\n');
        return;
    }
    const struct row *row = record;
    const char *code = record_code(k, record);
    buf_printf(&cli->out, "%s: %s\n", in_words(c, k->label), *code ? code : labelled_title(c, labels, k, record));
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if (field_stored(f) && !(f->flags & SECRET) && (!field_empty(f, record) || f->type == TYPE_FLAG) && !internal(f, record))
            line(cli, in_words(c, f->label), cell(cli, f, record, labels));
    }
    if (place_untold(k))
        line(cli, in_words(c, kind_of_places()->label), place_of(cli, row, labels));
    buf_printf(&cli->out, "  — id %lld; %s %lld, %s\n", (long long)row->id, say(c, "bản", "version"), (long long)row->version, instant_words(c, row->changed_at));
}

void cli_problems(struct cli *cli, const struct kind *k, const struct problems *p, bool failing)
{
    for (const struct problem *one = p->first; one; one = one->next) {
        const struct field *f = one->field ? field_find(k, one->field) : NULL;
        if (f && str_starts(one->text, in_words(cli->c, f->label))) /* it says so itself */
            f = NULL;
        fprintf(stderr, "%s%s%s%s\n", one->warning ? say(cli->c, "Lưu ý: ", "Note: ") : say(cli->c, "Lỗi: ", "Error: "), f ? in_words(cli->c, f->label) : "",
                f ? ": " : "", one->text);
    }
    if (failing && p->n)
        fail(cli->c, ERR_BAD_INPUT, "Chưa ghi gì: sửa %zu chỗ trên rồi làm lại.", "Nothing was saved: correct the %zu places above and try again.", p->n);
}
