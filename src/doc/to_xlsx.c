/* A doc as a workbook for offices; see doc.h. A sheet is what stands below one heading of the first level, so that tables keep the
 * company of their notes. */
#include "doc.h"

#include "base/str.h"
#include "fmt/xlsx_write.h"

enum { COLUMNS_MOST = 64, FIRST_WIDTH = 34, WIDTH_MOST = 48 };

struct sheets {
    const struct doc *d;
    struct xlsx_out *x;
    size_t n; /* begun so far */
};

static void line(struct sheets *s, const char *text, struct xlsx_look look)
{
    xlsx_put(s->x, value_text(text), look);
    xlsx_end_row(s->x);
}

/* --- widths: over all tables of the sheet ------------------------------------------------------------- */

static void widen(int *width, const char *text, int most)
{
    int w = text ? (int)utf8_width(text) + 2 : 0;
    if (w > *width)
        *width = w > most ? most : w;
}

static void widths_of(const struct doc *d, const struct table *t, int *widths)
{
    size_t i = 0;
    for (const struct column *col = t->columns; col && i < COLUMNS_MOST; col = col->next, i++) {
        widen(&widths[i], col->head, col->kind == COL_TEXT ? WIDTH_MOST : 14); /* heads wrap */
        for (const struct table_line *r = t->rows; r; r = r->next)
            widen(&widths[i], doc_value(d, col, r->cells[i]), WIDTH_MOST);
    }
}

static void set_widths(struct sheets *s, const struct block *from)
{
    int widths[COLUMNS_MOST] = {FIRST_WIDTH};
    for (const struct block *b = from; b && !(b != from && b->kind == BLOCK_HEADING && b->level <= 1); b = b->next) {
        if (b->kind == BLOCK_TABLE)
            widths_of(s->d, b->table, widths);
        for (const struct pair *p = b->pairs; p; p = p->next)
            widen(&widths[0], p->label, WIDTH_MOST);
    }
    xlsx_widths(s->x, widths, COLUMNS_MOST);
}

/* --- blocks ------------------------------------------------------------------------------------------- */

static void cell(struct sheets *s, const struct column *col, struct value v, bool strong)
{
    struct xlsx_look look = {.strong = strong};
    if (col && (col->kind == COL_NUMBER || col->kind == COL_PERCENT)) {
        look.is = col->kind == COL_PERCENT ? XLSX_PERCENT : XLSX_WHOLE;
        look.decimals = v.type == VALUE_REAL ? col->decimals : 0;
    } else if (!col && (v.type == VALUE_INT || v.type == VALUE_REAL)) {
        look.is = XLSX_WHOLE;
        look.decimals = v.type == VALUE_REAL;
    }
    if (v.type == VALUE_INT && col && col->kind == COL_DAY)
        v = (struct value){.type = VALUE_DAY, .i = v.i > 0 && v.i < DAY_OPEN ? v.i : 0};
    if (v.type == VALUE_BOOL)
        v = value_text(doc_value(s->d, col, v));
    xlsx_put(s->x, v, look);
}

static void heads(struct sheets *s, const struct table *t)
{
    if (doc_has_groups(t)) {
        for (const struct column *col = t->columns; col;) {
            const struct column *first = col;
            size_t n = 0;
            for (; col && col->group_id == first->group_id && (first->group || !n); col = col->next)
                n++;
            xlsx_span(s->x, first->group ? first->group : "", n);
        }
        xlsx_end_row(s->x);
    }
    for (const struct column *col = t->columns; col; col = col->next)
        xlsx_put(s->x, value_text(col->head), (struct xlsx_look){.is = XLSX_COLUMN_HEAD});
    xlsx_end_row(s->x);
}

static void table(struct sheets *s, const struct table *t)
{
    if (t->caption && *t->caption)
        line(s, t->caption, (struct xlsx_look){.is = XLSX_HEADING});
    heads(s, t);
    for (const struct table_line *r = t->rows; r; r = r->next) {
        size_t i = 0;
        for (const struct column *col = t->columns; col; col = col->next)
            cell(s, col, r->cells[i++], r->kind != ROW_PLAIN);
        xlsx_end_row(s->x);
    }
    if (!t->rows)
        line(s, doc_empty(s->d, t), (struct xlsx_look){.is = XLSX_REMARK});
    for (const struct line *l = t->notes; l; l = l->next)
        line(s, l->text, (struct xlsx_look){.is = XLSX_REMARK});
}

static void block(struct sheets *s, const struct block *b)
{
    switch (b->kind) {
    case BLOCK_HEADING: line(s, b->text, (struct xlsx_look){.is = XLSX_HEADING}); return;
    case BLOCK_PARA:
    case BLOCK_NOTE: line(s, b->text, (struct xlsx_look){.is = XLSX_REMARK}); return;
    case BLOCK_TABLE: table(s, b->table); break;
    case BLOCK_PAIRS:
        for (const struct pair *p = b->pairs; p; p = p->next) {
            xlsx_put(s->x, value_text(p->label), (struct xlsx_look){0});
            cell(s, NULL, p->value, false);
            xlsx_end_row(s->x);
        }
        break;
    case BLOCK_PAGE: return;
    }
    xlsx_end_row(s->x); /* a free one */
}

/* What each sheet tells by itself when it is printed alone. */
static void top(struct sheets *s)
{
    const struct doc *d = s->d;
    const char *const lines[] = {d->subtitle, d->unit, d->period, doc_made(d)};
    line(s, d->title, (struct xlsx_look){.is = XLSX_TITLE});
    for (size_t i = 0; i < N(lines); i++)
        if (lines[i] && *lines[i])
            line(s, lines[i], (struct xlsx_look){.is = i < 3 ? XLSX_HEADING : XLSX_REMARK});
    xlsx_end_row(s->x);
}

static void begin_sheet(struct sheets *s, const struct block *from, const char *name)
{
    if (s->n++)
        xlsx_next_sheet(s->x, arena_printf(s->d->arena, "%s", name));
    set_widths(s, from);
    top(s);
}

void doc_to_xlsx(struct ctx *c, const struct doc *d, const char *path)
{
    const struct block *b = d->first;
    while (b && b->kind != BLOCK_TABLE && b->kind != BLOCK_PAIRS && !(b->kind == BLOCK_HEADING && b->level <= 1))
        b = b->next;
    bool by_heading = b && b->kind == BLOCK_HEADING;
    const char *name = by_heading ? b->text : d->title;
    struct sheets s = {.d = d, .x = xlsx_create(c, path, name)};
    begin_sheet(&s, b, name);
    for (const struct block *before = d->first; before != b; before = before->next)
        block(&s, before);
    for (const struct block *first = b; b && !failed(c); b = b->next) {
        if (b != first && b->kind == BLOCK_HEADING && b->level <= 1)
            begin_sheet(&s, b, b->text);
        block(&s, b);
    }
    xlsx_close(s.x);
}
