/* See journey.h. A journey is a file of lines "name value"; what its check told is one of lines with tabs. */
#include "journey.h"

#include "base/str.h"
#include "server.h"
#include "ui.h"

enum { OPEN_MOST = 200 };

/* --- lines ------------------------------------------------------------------------------------------------ */

static void put_text(struct buf *b, const char *name, const char *s)
{
    buf_printf(b, "%s ", name);
    for (; s && *s; s++)
        buf_char(b, (unsigned char)*s < ' ' ? ' ' : *s);
    buf_char(b, '\n');
}

static void put_int(struct buf *b, const char *name, int64_t v)
{
    buf_printf(b, "%s %lld\n", name, (long long)v);
}

/* The next line, without its end; moves on. NULL at the end. */
static const char *next_line(struct ctx *c, const char **at)
{
    if (!*at || !**at)
        return NULL;
    size_t n = strcspn(*at, "\n");
    const char *line = arena_copy(&c->arena, *at, n);
    *at += n + ((*at)[n] == '\n');
    return line;
}

struct number_of {
    const char *name;
    size_t offset;
};

static const struct number_of numbers[] = {
    {"account", offsetof(struct journey, account)},       {"sheet", offsetof(struct journey, sheet)},   {"encoding", offsetof(struct journey, encoding)},
    {"begun", offsetof(struct journey, begun)},           {"read", offsetof(struct journey, read)},     {"saved", offsetof(struct journey, saved)},
    {"unchanged", offsetof(struct journey, unchanged)},   {"bad", offsetof(struct journey, bad)},       {"warned", offsetof(struct journey, warned)},
    {"duplicates", offsetof(struct journey, duplicates)}, {"only_duplicates", offsetof(struct journey, only_duplicates)},
    {"told", offsetof(struct journey, told)},             {"batch", offsetof(struct journey, batch)},
};

static int64_t *number_at(const struct journey *j, size_t i)
{
    return (int64_t *)((uintptr_t)j + numbers[i].offset);
}

static void take_line(struct journey *j, const char *name, const char *value)
{
    int64_t v = 0;
    if (strcmp(name, "kind") == 0)
        j->kind = kind_find(value);
    else if (strcmp(name, "file") == 0)
        j->file = value;
    else if (strcmp(name, "unit") == 0)
        j->unit = value;
    else if (strcmp(name, "mapping") == 0)
        j->mapping = value;
    else if (strcmp(name, "step") == 0 && int_parse(value, &v))
        j->step = v == STEP_DONE ? STEP_DONE : v == STEP_CHECKED ? STEP_CHECKED : STEP_COLUMNS;
    for (size_t i = 0; i < N(numbers); i++)
        if (strcmp(name, numbers[i].name) == 0 && int_parse(value, &v))
            *number_at(j, i) = v;
}

/* --- keeping ---------------------------------------------------------------------------------------------- */

struct journey *journey_new(struct request *r, const struct kind *k, const char *file)
{
    struct journey *j = NEW(&r->c->arena, struct journey);
    spool_name(j->id);
    j->account = r->who.account;
    j->kind = k;
    j->file = file;
    j->unit = j->mapping = "";
    j->begun = r->c->now.v;
    return j;
}

const char *journey_path(struct ctx *c, const char *spool, const struct journey *j, const char *end)
{
    return spool_path(c, spool, j->id, end);
}

bool journey_save(struct ctx *c, const char *spool, const struct journey *j)
{
    struct buf b = {0};
    put_text(&b, "kind", j->kind->name);
    put_text(&b, "file", j->file);
    put_text(&b, "unit", j->unit);
    put_text(&b, "mapping", j->mapping);
    put_int(&b, "step", j->step);
    for (size_t i = 0; i < N(numbers); i++)
        put_int(&b, numbers[i].name, *number_at(j, i));
    bool good = spool_write(c, journey_path(c, spool, j, "journey"), buf_text(&b), b.n);
    buf_free(&b);
    return good;
}

struct journey *journey_load(struct ctx *c, const char *spool, const char *id, int64_t account)
{
    size_t n;
    if (!spool_name_right(id))
        return NULL;
    const char *lines = spool_read(c, spool_path(c, spool, id, "journey"), &n);
    struct journey *j = NEW(&c->arena, struct journey);
    j->file = j->unit = j->mapping = "";
    memcpy(j->id, id, SPOOL_NAME);
    for (const char *line; (line = next_line(c, &lines));) {
        size_t word = strcspn(line, " ");
        take_line(j, arena_copy(&c->arena, line, word), line + word + (line[word] == ' '));
    }
    return j->kind && account && j->account == account ? j : NULL;
}

struct journey *journey_of(struct request *r)
{
    struct journey *j = journey_load(r->c, r->server->spool, r->parts[0], r->who.account);
    if (!j)
        fail(r->c, ERR_MISSING, "Không còn đợt nhập này: tệp đã nhập xong, đã bỏ, hoặc để quá một ngày. Hãy bắt đầu lại từ “Nhập từ Excel”.",
             "This import is no more: it was finished, dropped, or left for more than a day. Begin again from “Import from Excel”.");
    return j;
}

size_t journeys_open(struct ctx *c, const char *spool, int64_t account, struct journey ***out)
{
    char(*names)[SPOOL_NAME] = arena_alloc(&c->arena, OPEN_MOST * sizeof *names);
    size_t all = spool_names(spool, "journey", names, OPEN_MOST), n = 0;
    *out = NEW_N(&c->arena, struct journey *, all + 1);
    for (size_t i = 0; i < all; i++) {
        struct journey *j = journey_load(c, spool, names[i], account);
        size_t at = n;
        if (!j || j->step == STEP_DONE)
            continue;
        for (; at > 0 && (*out)[at - 1]->begun < j->begun; at--)
            (*out)[at] = (*out)[at - 1];
        (*out)[at] = j;
        n++;
    }
    return n;
}

struct import_options journey_options(struct ctx *c, const char *spool, const struct journey *j, bool errors)
{
    struct import_options o = {.name = j->file, .unit = *j->unit ? j->unit : NULL, .mapping = *j->mapping ? j->mapping : NULL};
    o.table.sheet = (int)j->sheet;
    o.table.enc = j->encoding > ENC_AUTO && j->encoding < ENC_COUNT ? (enum encoding)j->encoding : ENC_AUTO;
    if (errors)
        o.errors_to = journey_path(c, spool, j, "refused.xlsx");
    return o;
}

/* --- what was told ------------------------------------------------------------------------------------------ */

/* Rows that may be the same as another, and those of them with nothing else wrong. The errors stand by row. */
static void count_duplicates(struct journey *j, const struct import_result *r)
{
    j->duplicates = j->only_duplicates = 0;
    for (size_t i = 0; i < r->nerrors;) {
        bool duplicate = false, other = false;
        int64_t row = r->errors[i].row;
        for (; i < r->nerrors && r->errors[i].row == row; i++) {
            duplicate |= r->errors[i].duplicate;
            other |= !r->errors[i].duplicate && !r->errors[i].warning;
        }
        j->duplicates += duplicate;
        j->only_duplicates += duplicate && !other;
    }
}

bool journey_tell(struct ctx *c, const char *spool, struct journey *j, const struct import_result *r)
{
    struct buf b = {0};
    j->read = r->read;
    j->saved = r->saved;
    j->unchanged = r->unchanged;
    j->bad = r->bad;
    j->warned = r->warned;
    j->batch = r->batch;
    j->told = (int64_t)r->nerrors;
    count_duplicates(j, r);
    for (size_t i = 0; i < r->nerrors; i++) {
        const struct import_error *e = &r->errors[i];
        buf_printf(&b, "%lld\t%s\t%c\t%lld\t%lld\t", (long long)e->row, e->column ? e->column : "-", e->duplicate ? (e->warning ? 'd' : 'D') : e->warning ? 'w' : 'E',
                   (long long)e->twin, (long long)e->other);
        put_text(&b, "", e->text);
    }
    bool good = spool_write(c, journey_path(c, spool, j, "told"), buf_text(&b), b.n);
    buf_free(&b);
    return good && journey_save(c, spool, j);
}

static const char *next_cell(struct ctx *c, const char **at)
{
    size_t n = strcspn(*at, "\t");
    const char *cell = arena_copy(&c->arena, *at, n);
    *at += n + ((*at)[n] == '\t');
    return cell;
}

size_t journey_told(struct ctx *c, const char *spool, const struct journey *j, struct import_error **out)
{
    size_t size, n = 0;
    const char *lines = spool_read(c, journey_path(c, spool, j, "told"), &size);
    *out = NEW_N(&c->arena, struct import_error, (size_t)j->told + 1);
    for (const char *line; n < (size_t)j->told && (line = next_line(c, &lines));) {
        struct import_error e = {0};
        bool right = int_parse(next_cell(c, &line), &e.row);
        const char *column = next_cell(c, &line), *sort = next_cell(c, &line);
        right = int_parse(next_cell(c, &line), &e.twin) && right;
        right = int_parse(next_cell(c, &line), &e.other) && right;
        e.column = strcmp(column, "-") == 0 ? NULL : column;
        e.duplicate = *sort == 'D' || *sort == 'd';
        e.warning = *sort == 'w' || *sort == 'd';
        e.text = *line == ' ' ? line + 1 : line;
        if (right)
            (*out)[n++] = e;
    }
    return n;
}

/* --- on pages ----------------------------------------------------------------------------------------------- */

const char *journey_href(struct request *r, const struct journey *j, const char *page)
{
    return url(r, arena_printf(&r->c->arena, "/import/j/%s%s%s", j->id, *page ? "/" : "", page), NULL);
}

void journey_steps(struct request *r, int step)
{
    static const struct words steps[] = {{"chọn tệp", "choose the file"}, {"ghép cột", "map columns"}, {"kiểm tra", "check"}, {"kết quả", "result"}};
    html(&r->out, "<ol class=\"step\" aria-hidden=\"true\">");
    for (int i = 1; i <= (int)N(steps); i++) {
        if (i <= step)
            html(&r->out, "<li class=\"on\"></li>");
        else
            html(&r->out, "<li></li>");
    }
    html_f(&r->out, "</ol><p class=\"state\">%s %d %s %zu: %s</p>", T(r, "Bước", "Step"), step, T(r, "trong", "of"), N(steps), in_words(r->c, steps[step - 1]));
}
