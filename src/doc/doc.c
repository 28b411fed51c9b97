/* Building a doc, and how its values are written; see doc.h. */
#include "doc.h"

#include <math.h>

#include "base/str.h"

struct doc *doc_new(struct arena *a, enum lang lang, const char *title)
{
    struct doc *d = NEW(a, struct doc);
    d->arena = a;
    d->lang = lang;
    d->title = title ? title : "";
    return d;
}

static struct block *add_block(struct doc *d, enum block_kind kind)
{
    struct block *b = NEW(d->arena, struct block);
    b->kind = kind;
    if (d->last)
        d->last->next = b;
    else
        d->first = b;
    d->last = b;
    return b;
}

void doc_heading(struct doc *d, int level, const char *text)
{
    struct block *b = add_block(d, BLOCK_HEADING);
    b->level = level < 1 ? 1 : level > 4 ? 4 : level;
    b->text = text;
}

void doc_para(struct doc *d, const char *text)
{
    add_block(d, BLOCK_PARA)->text = text;
}

void doc_note(struct doc *d, const char *text)
{
    add_block(d, BLOCK_NOTE)->text = text;
}

void doc_page(struct doc *d)
{
    add_block(d, BLOCK_PAGE);
}

void doc_pair(struct doc *d, const char *label, struct value v)
{
    struct block *b = d->last && d->last->kind == BLOCK_PAIRS ? d->last : add_block(d, BLOCK_PAIRS);
    struct pair *p = NEW(d->arena, struct pair);
    p->label = label;
    p->value = v;
    if (b->pairs_end)
        b->pairs_end->next = p;
    else
        b->pairs = p;
    b->pairs_end = p;
}

struct table *doc_table(struct doc *d, const char *caption)
{
    struct table *t = NEW(d->arena, struct table);
    t->arena = d->arena;
    t->caption = caption;
    add_block(d, BLOCK_TABLE)->table = t;
    return t;
}

/* A table of the wrong shape is a fault of this program, and would print figures under wrong heads. */
static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "doc: %s\n", what);
    abort();
}

struct column *doc_column(struct table *t, const char *head, enum column_kind kind)
{
    must(!t->rows, "a column after the first row");
    struct column *col = NEW(t->arena, struct column);
    col->head = head;
    col->kind = kind;
    col->decimals = kind == COL_PERCENT ? 1 : 0;
    col->group = t->group;
    col->group_id = t->group_now;
    if (t->columns_end)
        t->columns_end->next = col;
    else
        t->columns = col;
    t->columns_end = col;
    t->column_count++;
    return col;
}

void doc_group(struct table *t, const char *words)
{
    t->group = words;
    t->group_now = words ? ++t->group_last : 0;
}

void doc_row(struct table *t, enum row_kind kind)
{
    struct table_line *r = NEW(t->arena, struct table_line);
    r->kind = kind;
    r->cells = NEW_N(t->arena, struct value, t->column_count);
    if (t->rows_end)
        t->rows_end->next = r;
    else
        t->rows = r;
    t->rows_end = r;
    t->row_count++;
}

void doc_cell(struct table *t, struct value v)
{
    struct table_line *r = t->rows_end;
    must(r && r->n < t->column_count, "a cell outside its row");
    r->cells[r->n++] = v;
}

void doc_opens(struct table *t, const char *what)
{
    struct table_line *r = t->rows_end;
    must(r && r->n, "no cell that could open");
    if (!what)
        return;
    if (!r->opens)
        r->opens = NEW_N(t->arena, const char *, t->column_count);
    r->opens[r->n - 1] = what;
}

void doc_table_note(struct table *t, const char *text)
{
    struct line *n = NEW(t->arena, struct line);
    n->text = text;
    if (t->notes_end)
        t->notes_end->next = n;
    else
        t->notes = n;
    t->notes_end = n;
}

static const char *english_groups(char s[32])
{
    for (char *p = s; *p; p++)
        if (*p == '.')
            *p = ',';
    return s;
}

/* Half is rounded away from zero, as an office rounds: 2,5 -> 3. */
static const char *real_text(const struct doc *d, double r, int decimals, const char *sign)
{
    int places = decimals < 0 ? 0 : decimals > 6 ? 6 : decimals;
    int64_t unit = 1;
    for (int i = 0; i < places; i++)
        unit *= 10;
    double scaled = fabs(r) * (double)unit;
    if (!isfinite(r) || scaled > 9e15)
        return "—";
    int64_t all = (int64_t)floor(scaled + 0.5 + scaled * 1e-15); /* 0.285 is a hair under itself in binary */
    char whole[32], rest[32] = "";
    int_vi(all / unit, whole);
    if (d->lang == LANG_EN)
        english_groups(whole);
    if (places)
        snprintf(rest, sizeof rest, "%c%0*lld", d->lang == LANG_EN ? '.' : ',', places, (long long)(all % unit));
    return arena_printf(d->arena, "%s%s%s%s", r < 0 && all ? "-" : "", whole, rest, sign);
}

static const char *int_text(const struct doc *d, int64_t v, const char *sign)
{
    char s[32];
    int_vi(v, s);
    if (d->lang == LANG_EN)
        english_groups(s);
    return arena_printf(d->arena, "%s%s", s, sign);
}

static const char *day_text(const struct doc *d, int64_t v)
{
    char s[DAY_TEXT];
    return arena_text(d->arena, day_vi(v > 0 && v < DAY_OPEN ? (int32_t)v : 0, s));
}

const char *doc_value(const struct doc *d, const struct column *col, struct value v)
{
    enum column_kind kind = col ? col->kind : COL_TEXT;
    const char *sign = kind == COL_PERCENT ? "%" : "";
    switch (v.type) {
    case VALUE_NULL:
        return kind == COL_NUMBER || kind == COL_PERCENT ? "—" : "";
    case VALUE_TEXT:
        return v.s;
    case VALUE_BOOL:
        return words_in(v.i ? (struct words){"có", "yes"} : (struct words){"không", "no"}, d->lang);
    case VALUE_DAY:
        return day_text(d, v.i);
    case VALUE_REAL:
        return real_text(d, v.r, col ? col->decimals : 1, sign);
    case VALUE_INT:
        if (kind == COL_DAY)
            return day_text(d, v.i);
        return kind == COL_CODE ? arena_printf(d->arena, "%lld", (long long)v.i) : int_text(d, v.i, sign);
    }
    return "";
}

enum align doc_align(const struct column *col)
{
    if (col->align != ALIGN_KIND)
        return col->align;
    return col->kind == COL_NUMBER || col->kind == COL_PERCENT ? ALIGN_RIGHT : ALIGN_LEFT;
}

bool doc_has_groups(const struct table *t)
{
    for (const struct column *col = t->columns; col; col = col->next)
        if (col->group)
            return true;
    return false;
}

const char *doc_empty(const struct doc *d, const struct table *t)
{
    return t->empty ? t->empty : words_in((struct words){"Không có dòng nào.", "No rows."}, d->lang);
}

const char *doc_about(const struct doc *d)
{
    const char *unit = d->unit ? d->unit : "", *period = d->period ? d->period : "";
    return arena_printf(d->arena, "%s%s%s", unit, *unit && *period ? " · " : "", period);
}

const char *doc_made(const struct doc *d)
{
    char day_words[DAY_TEXT];
    const char *by = d->made_by ? d->made_by : "";
    if (!d->made_at.v)
        return by;
    int minutes = (int)((d->made_at.v / 60000 + 7 * 60) % (24 * 60)); /* the clock in Việt Nam */
    day_vi(instant_day(d->made_at).v, day_words);
    return arena_printf(d->arena, "%s %s %02d:%02d%s%s", words_in((struct words){"Lập lúc", "Made"}, d->lang), day_words,
                        minutes / 60, minutes % 60, *by ? ", " : "", by);
}
