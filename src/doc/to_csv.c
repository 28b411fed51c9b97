/* A doc as CSV for spreadsheets and other programs; see doc.h. Only tables and pairs have rows. */
#include "doc.h"

struct csv_out {
    struct buf *b;
    char separator;
    bool begun; /* a cell stands on this line */
};

static void raw(struct csv_out *o, const char *s)
{
    if (o->begun)
        buf_char(o->b, o->separator);
    o->begun = true;
    buf_puts(o->b, s);
}

/* A spreadsheet runs a cell that begins like a formula, so that such text gets an apostrophe. */
static void words(struct csv_out *o, const char *s)
{
    if (!s)
        s = "";
    bool armed = *s && strchr("=+-@\t\r", *s);
    const char special[] = {o->separator, '"', '\r', '\n', '\0'};
    raw(o, "");
    if (!armed && !strpbrk(s, special)) {
        buf_puts(o->b, s);
        return;
    }
    buf_char(o->b, '"');
    if (armed)
        buf_char(o->b, '\'');
    for (; *s; s++) {
        if (*s == '"')
            buf_char(o->b, '"');
        buf_char(o->b, *s);
    }
    buf_char(o->b, '"');
}

static void end_line(struct csv_out *o)
{
    buf_puts(o->b, "\r\n");
    o->begun = false;
}

/* Without exponent, whatever the locale. Where ';' separates, the spreadsheet is one that reads 1234,5. */
static void real_cell(struct csv_out *o, double r)
{
    char s[64];
    if (!(r > -1e15 && r < 1e15)) { /* also what is not a number */
        raw(o, "");
        return;
    }
    snprintf(s, sizeof s, "%.6f", r);
    size_t n = strlen(s);
    s[n - 7] = o->separator == ';' ? ',' : '.';
    while (s[n - 1] == '0')
        s[--n] = '\0';
    if (s[n - 1] < '0')
        s[--n] = '\0';
    raw(o, s[0] == '-' && s[1] == '0' && !s[2] ? "0" : s);
}

static void value_cell(struct csv_out *o, const struct doc *d, const struct column *col, struct value v)
{
    char s[32];
    if (v.type == VALUE_REAL) {
        real_cell(o, v.r);
    } else if (v.type == VALUE_DAY || (v.type == VALUE_INT && col && col->kind == COL_DAY)) {
        raw(o, day_iso(v.i > 0 && v.i < DAY_OPEN ? (int32_t)v.i : 0, s));
    } else if (v.type == VALUE_INT) {
        snprintf(s, sizeof s, "%lld", (long long)v.i);
        raw(o, s);
    } else if (v.type == VALUE_NULL) {
        raw(o, "");
    } else {
        words(o, doc_value(d, col, v));
    }
}

static void table_rows(struct csv_out *o, const struct doc *d, const struct table *t)
{
    if (t->caption && *t->caption) {
        words(o, t->caption);
        end_line(o);
    }
    for (const struct column *col = t->columns; col; col = col->next)
        words(o, col->group ? arena_printf(d->arena, "%s – %s", col->group, col->head) : col->head);
    end_line(o);
    for (const struct table_line *r = t->rows; r; r = r->next) {
        size_t i = 0;
        for (const struct column *col = t->columns; col; col = col->next)
            value_cell(o, d, col, r->cells[i++]);
        end_line(o);
    }
}

void doc_to_csv(const struct doc *d, struct buf *b, char separator)
{
    struct csv_out o = {.b = b, .separator = separator};
    bool first = true;
    buf_puts(b, "\xEF\xBB\xBF");
    for (const struct block *bl = d->first; bl; bl = bl->next) {
        if (bl->kind != BLOCK_TABLE && bl->kind != BLOCK_PAIRS)
            continue;
        if (!first)
            end_line(&o);
        first = false;
        if (bl->kind == BLOCK_TABLE)
            table_rows(&o, d, bl->table);
        for (const struct pair *p = bl->pairs; p; p = p->next) {
            words(&o, p->label);
            value_cell(&o, d, NULL, p->value);
            end_line(&o);
        }
    }
}
