/* A doc as plain text for a terminal, a mail or a file; see doc.h. Widths are columns on a terminal, not bytes. */
#include "doc.h"

#include "base/str.h"

enum { GAP = 2, FLOOR_MOST = 16, FLOOR_LEAST = 4 };

struct slice {
    const char *p;
    size_t n, width;
};

struct layout {
    const struct doc *d;
    struct buf *b;
    size_t limit;    /* 0 = none */
    size_t *width;   /* of each column of the table at hand */
    size_t *floor;   /* the least it may be narrowed to */
    bool *text;      /* may be narrowed at all */
    size_t columns;
};

/* Without control characters (a terminal would obey them) and faults of coding; '\n' stays. */
static const char *clean(const struct doc *d, const char *s)
{
    size_t n = s ? strlen(s) : 0, at = 0;
    char *out = arena_alloc(d->arena, n + 1);
    for (size_t i = 0, step; i < n; i += step) {
        uint32_t cp;
        step = utf8_next(s + i, n - i, &cp);
        if (!step) {
            out[at++] = '?';
            step = 1;
        } else if ((cp < 0x20 && cp != '\n') || (cp >= 0x7f && cp < 0xa0)) {
            out[at++] = ' ';
        } else {
            memcpy(out + at, s + i, step);
            at += step;
        }
    }
    out[at] = '\0';
    return out;
}

/* Bytes and columns of the first character of a clean text. */
static struct slice one(const char *s)
{
    char c[5] = "";
    uint32_t cp;
    size_t n = utf8_next(s, strlen(s) < 4 ? strlen(s) : 4, &cp);
    n = n ? n : 1;
    memcpy(c, s, n);
    return (struct slice){s, n, utf8_width(c)};
}

/* Takes what fits on one line of `width` columns (0 = any) and moves *s behind it and its break. */
static struct slice take_line(const char **s, size_t width)
{
    struct slice line = {*s, 0, 0}, at_space = {NULL, 0, 0};
    const char *p = *s;
    while (*p && *p != '\n') {
        struct slice c = one(p);
        if (width && line.n && line.width + c.width > width) {
            if (*p != ' ' && at_space.n)
                line = at_space;
            break;
        }
        if (*p == ' ' && line.n)
            at_space = line;
        line.n += c.n;
        line.width += c.width;
        p += c.n;
    }
    p = line.p + line.n;
    while (line.n && line.p[line.n - 1] == ' ') {
        line.n--;
        line.width--;
    }
    while (*p == ' ')
        p++;
    *s = *p == '\n' ? p + 1 : p;
    return line;
}

static size_t widest_line(const char *s)
{
    size_t most = 0;
    while (*s) {
        struct slice l = take_line(&s, 0);
        most = l.width > most ? l.width : most;
    }
    return most;
}

static size_t widest_word(const char *s)
{
    size_t most = 0, now = 0;
    while (*s) {
        struct slice c = one(s);
        now = *s == ' ' || *s == '\n' ? 0 : now + c.width;
        most = now > most ? now : most;
        s += c.n;
    }
    return most;
}

static void rule(struct layout *l, const char *sign, size_t times)
{
    for (size_t i = 0; i < times; i++)
        buf_puts(l->b, sign);
    buf_char(l->b, '\n');
}

static void wrapped(struct layout *l, const char *text, size_t indent)
{
    const char *s = clean(l->d, text);
    size_t width = l->limit > indent ? l->limit - indent : l->limit;
    while (*s) {
        struct slice line = take_line(&s, width);
        if (line.n)
            buf_fill(l->b, ' ', indent);
        buf_add(l->b, line.p, line.n);
        buf_char(l->b, '\n');
    }
}

static size_t table_width(const struct layout *l)
{
    size_t sum = l->columns ? (l->columns - 1) * GAP : 0;
    for (size_t i = 0; i < l->columns; i++)
        sum += l->width[i];
    return sum;
}

/* One line of cells: each column takes what fits; false when all texts are used up. Blanks are owed until something
 * follows them, so that no line ends in them. */
static bool put_line(struct layout *l, const char **cells, const size_t *widths, const enum align *aligns, size_t n)
{
    bool any = false;
    size_t owed = 0;
    for (size_t i = 0; i < n; i++)
        any = any || *cells[i];
    for (size_t i = 0; any && i < n; i++) {
        struct slice s = take_line(&cells[i], widths[i] ? widths[i] : 1);
        size_t spare = widths[i] > s.width ? widths[i] - s.width : 0;
        size_t before = aligns[i] == ALIGN_RIGHT ? spare : aligns[i] == ALIGN_CENTRE ? spare / 2 : 0;
        if (s.n) {
            buf_fill(l->b, ' ', owed + before);
            buf_add(l->b, s.p, s.n);
            owed = 0;
        } else {
            owed += before;
        }
        owed += spare - before + GAP;
    }
    if (any)
        buf_char(l->b, '\n');
    return any;
}

static void measure_cell(struct layout *l, size_t i, const char *s)
{
    size_t natural = widest_line(s);
    size_t word = l->text[i] ? widest_word(s) : natural;
    if (l->text[i] && word > FLOOR_MOST)
        word = FLOOR_MOST;
    l->width[i] = natural > l->width[i] ? natural : l->width[i];
    l->floor[i] = word > l->floor[i] ? word : l->floor[i];
}

/* Takes columns from the widest one that may still give, until the table fits. */
static void narrow(struct layout *l)
{
    while (l->limit && table_width(l) > l->limit) {
        size_t best = l->columns;
        for (size_t i = 0; i < l->columns; i++)
            if (l->width[i] > l->floor[i] && (best == l->columns || l->width[i] > l->width[best]))
                best = i;
        if (best == l->columns)
            return;
        l->width[best]--;
    }
}

static void measure(struct layout *l, const struct table *t)
{
    size_t i = 0;
    l->columns = t->column_count;
    l->width = NEW_N(l->d->arena, size_t, l->columns + 1);
    l->floor = NEW_N(l->d->arena, size_t, l->columns + 1);
    l->text = NEW_N(l->d->arena, bool, l->columns + 1);
    for (const struct column *col = t->columns; col; col = col->next, i++) {
        const char *head = clean(l->d, col->head);
        l->text[i] = col->kind == COL_TEXT;
        l->width[i] = widest_line(head);
        l->floor[i] = widest_word(head);
        if (l->text[i] && l->floor[i] < FLOOR_LEAST)
            l->floor[i] = FLOOR_LEAST;
    }
    for (const struct table_line *r = t->rows; r; r = r->next) {
        struct arena_mark mark = arena_mark(l->d->arena);
        i = 0;
        for (const struct column *col = t->columns; col; col = col->next, i++)
            measure_cell(l, i, clean(l->d, doc_value(l->d, col, r->cells[i])));
        arena_rewind(l->d->arena, mark);
    }
    narrow(l);
}

/* The words over groups of columns, each with a rule under it. */
static void put_groups(struct layout *l, const struct table *t)
{
    size_t n = 0, i = 0;
    const char **cells = NEW_N(l->d->arena, const char *, l->columns);
    const char **rules = NEW_N(l->d->arena, const char *, l->columns);
    size_t *widths = NEW_N(l->d->arena, size_t, l->columns);
    enum align *aligns = NEW_N(l->d->arena, enum align, l->columns);
    struct buf line = {0};
    int group = 0;
    for (const struct column *col = t->columns; col; col = col->next, i++) {
        if (col->group_id && col->group_id == group) {
            widths[n - 1] += GAP + l->width[i];
            continue;
        }
        group = col->group_id;
        widths[n] = l->width[i];
        aligns[n] = ALIGN_CENTRE;
        cells[n++] = clean(l->d, col->group);
    }
    for (i = 0; i < n; i++) {
        buf_clear(&line);
        for (size_t k = 0; *cells[i] && k < widths[i]; k++)
            buf_puts(&line, "─");
        rules[i] = arena_text(l->d->arena, buf_text(&line));
    }
    buf_free(&line);
    while (put_line(l, cells, widths, aligns, n))
        continue;
    put_line(l, rules, widths, aligns, n);
}

static void put_head(struct layout *l, const struct table *t, enum align *aligns, const char **cells)
{
    size_t i = 0;
    if (doc_has_groups(t))
        put_groups(l, t);
    for (const struct column *col = t->columns; col; col = col->next, i++) {
        aligns[i] = doc_align(col);
        cells[i] = clean(l->d, col->head);
    }
    while (put_line(l, cells, l->width, aligns, l->columns))
        continue;
}

static void put_rows(struct layout *l, const struct table *t, const enum align *aligns, const char **cells, size_t full)
{
    enum row_kind before = ROW_PLAIN;
    for (const struct table_line *r = t->rows; r; r = r->next) {
        struct arena_mark mark = arena_mark(l->d->arena);
        size_t i = 0;
        if (r != t->rows && r->kind != before)
            rule(l, "─", full);
        for (const struct column *col = t->columns; col; col = col->next, i++)
            cells[i] = clean(l->d, doc_value(l->d, col, r->cells[i]));
        while (put_line(l, cells, l->width, aligns, l->columns))
            continue;
        before = r->kind;
        arena_rewind(l->d->arena, mark);
    }
    if (!t->rows)
        wrapped(l, doc_empty(l->d, t), 0);
}

static void put_table(struct layout *l, const struct table *t)
{
    measure(l, t);
    size_t full = table_width(l);
    enum align *aligns = NEW_N(l->d->arena, enum align, l->columns + 1);
    const char **cells = NEW_N(l->d->arena, const char *, l->columns + 1);
    wrapped(l, t->caption, 0);
    rule(l, "═", full);
    put_head(l, t, aligns, cells);
    rule(l, "─", full);
    put_rows(l, t, aligns, cells, full);
    rule(l, "═", full);
    for (const struct line *n = t->notes; n; n = n->next)
        wrapped(l, n->text, 0);
}

static void put_pairs(struct layout *l, const struct block *b)
{
    size_t width = 0, rest;
    static const enum align aligns[] = {ALIGN_LEFT, ALIGN_LEFT};
    for (const struct pair *p = b->pairs; p; p = p->next) {
        size_t w = widest_line(clean(l->d, p->label)) + 1;
        width = w > width ? w : width;
    }
    if (l->limit && width > l->limit / 2)
        width = l->limit / 2;
    rest = l->limit > width + GAP ? l->limit - width - GAP : (size_t)1 << 20;
    for (const struct pair *p = b->pairs; p; p = p->next) {
        const char *value = clean(l->d, doc_value(l->d, NULL, p->value));
        const char *cells[] = {arena_printf(l->d->arena, "%s:", clean(l->d, p->label)), value};
        while (put_line(l, cells, (size_t[]){width, rest}, aligns, 2))
            continue;
    }
}

static void put_heading(struct layout *l, const char *text, const char *sign)
{
    size_t width = widest_line(clean(l->d, text));
    wrapped(l, text, 0);
    if (sign)
        rule(l, sign, l->limit && width > l->limit ? l->limit : width);
}

static void put_block(struct layout *l, const struct block *b)
{
    switch (b->kind) {
    case BLOCK_HEADING:
        put_heading(l, b->text, b->level == 1 ? "─" : NULL);
        break;
    case BLOCK_PARA:
        wrapped(l, b->text, 0);
        break;
    case BLOCK_NOTE:
        wrapped(l, b->text, 2);
        break;
    case BLOCK_PAIRS:
        put_pairs(l, b);
        break;
    case BLOCK_TABLE:
        put_table(l, b->table);
        break;
    case BLOCK_PAGE:
        buf_char(l->b, '\f');
        break;
    }
}

void doc_to_text(const struct doc *d, struct buf *b, int width)
{
    struct layout l = {.d = d, .b = b, .limit = width > 0 ? (size_t)width : 0};
    put_heading(&l, d->title, "═");
    wrapped(&l, d->subtitle, 0);
    wrapped(&l, doc_about(d), 0);
    for (const struct block *bl = d->first; bl; bl = bl->next) {
        struct arena_mark mark = arena_mark(d->arena);
        buf_char(b, '\n');
        put_block(&l, bl);
        arena_rewind(d->arena, mark);
    }
    const char *made = doc_made(d);
    if (*made) {
        buf_char(b, '\n');
        wrapped(&l, made, 0);
    }
}
