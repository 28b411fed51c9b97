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
    size_t n = listed(l->kind, fields, N(fields));
    const char **head = NEW_N(&c->arena, const char *, n + 1);
    struct value *cells = NEW_N(&c->arena, struct value, n * l->n + 1);
    for (size_t j = 0; j < n; j++)
        head[j] = in_words(c, fields[j]->label);
    for (size_t i = 0; i < l->n; i++)
        for (size_t j = 0; j < n; j++)
            cells[i * n + j] = V(cell(cli, fields[j], l->rows[i], labels));
    width_print(&cli->out, &(struct width_table){.head = head, .cells = cells, .columns = n, .rows = l->n, .widest = 44});
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
        cli_note(cli, "Không có %s nào như vậy.", "There are no such %s.", in_words(cli->c, f.kind->plural));
        return;
    }
    text_page(cli, &l, labels_of(cli->c, f.kind, l.rows, l.n));
    int64_t total = record_count(cli->c, &f);
    char shown[32], all[32];
    cli_note(cli, "Hiển thị %s trong %s%s", "Showing %s of %s%s", int_vi((int64_t)l.n, shown), int_vi(total, all),
             l.next ? say(cli->c, " (xem tiếp: --after %s)", " (go on: --after %s)", l.next) : "");
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
    buf_printf(&cli->out, "%s: %s\n", in_words(c, k->label), record_code(k, record));
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if (!field_stored(f) || (f->flags & SECRET) || (field_empty(f, record) && f->type != TYPE_FLAG))
            continue;
        const char *label = in_words(c, f->label);
        size_t width = utf8_width(label);
        buf_printf(&cli->out, "  %s", label);
        buf_fill(&cli->out, ' ', width < 28 ? 28 - width : 1);
        buf_printf(&cli->out, "%s\n", cell(cli, f, record, labels));
    }
    struct label unit = label_unit(labels, row->unit);
    char at[INSTANT_TEXT];
    buf_printf(&cli->out, "  — %s %s; id %lld; %s %lld, %s\n", unit.code, unit.title, (long long)row->id, say(c, "bản", "version"),
               (long long)row->version, instant_iso(row->changed_at, at));
}

void cli_problems(struct cli *cli, const struct kind *k, const struct problems *p, bool failing)
{
    for (const struct problem *one = p->first; one; one = one->next) {
        const struct field *f = one->field ? field_find(k, one->field) : NULL;
        fprintf(stderr, "%s%s%s%s\n", one->warning ? say(cli->c, "Lưu ý: ", "Note: ") : say(cli->c, "Lỗi: ", "Error: "), f ? in_words(cli->c, f->label) : "",
                f ? ": " : "", one->text);
    }
    if (failing && p->n)
        fail(cli->c, ERR_BAD_INPUT, "Chưa ghi gì: sửa %zu chỗ trên rồi làm lại.", "Nothing was saved: correct the %zu places above and try again.", p->n);
}
