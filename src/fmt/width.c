/* Tables as plain text; see width.h. */
#include "width.h"

#include "base/str.h"

#include <math.h>

enum { CELL_TEXT = 40 };

static const char *cell_text(struct value v, char out[CELL_TEXT])
{
    out[0] = '\0';
    switch (v.type) {
    case VALUE_TEXT: return v.s;
    case VALUE_INT: snprintf(out, CELL_TEXT, "%lld", (long long)v.i); break;
    case VALUE_DAY: return day_vi((int32_t)v.i, out);
    case VALUE_BOOL: return v.i ? "x" : "";
    case VALUE_REAL:
        if (isfinite(v.r))
            snprintf(out, CELL_TEXT, "%.15g", v.r);
        break;
    case VALUE_NULL:
    default: break;
    }
    return out;
}

/* One character for the screen: its bytes, and how many columns it takes. */
static size_t shown(const char *s, size_t n, char out[8], size_t *width)
{
    uint32_t cp;
    size_t step = utf8_next(s, n, &cp);
    if (!step)
        cp = 0xFFFD;
    else if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029 || (cp >= 0x202A && cp <= 0x202E) ||
             (cp >= 0x2066 && cp <= 0x2069))
        cp = ' '; /* also marks that turn the direction of what follows */
    out[utf8_put(cp, out)] = '\0';
    *width = utf8_width(out);
    return step ? step : 1;
}

size_t width_cut(struct buf *b, const char *s, size_t widest)
{
    char one[8];
    size_t n = strlen(s), whole = 0, taken = 0, width;
    for (size_t i = 0; i < n; whole += width)
        i += shown(s + i, n - i, one, &width);
    size_t room = !widest || whole <= widest ? whole : widest - 1;
    for (size_t i = 0; i < n; taken += width) {
        size_t step = shown(s + i, n - i, one, &width);
        if (taken + width > room)
            break;
        buf_puts(b, one);
        i += step;
    }
    if (room < whole) {
        buf_puts(b, "…");
        taken++;
    }
    return taken;
}

static size_t width_of(const char *s, size_t widest)
{
    char one[8];
    size_t n = strlen(s), whole = 0, width;
    for (size_t i = 0; i < n; whole += width)
        i += shown(s + i, n - i, one, &width);
    return widest && whole > widest ? widest : whole;
}

static void put_cell(struct buf *b, const struct width_table *t, const char *s, size_t width, bool right, bool last)
{
    size_t taken = width_of(s, t->widest);
    if (right)
        buf_fill(b, ' ', width - taken);
    taken = width_cut(b, s, t->widest);
    if (!right && !last && taken < width)
        buf_fill(b, ' ', width - taken);
    buf_puts(b, last ? "\n" : "  ");
}

/* Width of column i; whether it is one of numbers. */
static size_t measure(const struct width_table *t, size_t i, bool *right)
{
    char text[CELL_TEXT];
    size_t width = t->head ? width_of(t->head[i], t->widest) : 0;
    *right = false;
    for (size_t row = 0; row < t->rows; row++) {
        struct value v = t->cells[row * t->columns + i];
        size_t w = width_of(cell_text(v, text), t->widest);
        width = w > width ? w : width;
        *right |= v.type == VALUE_INT || v.type == VALUE_REAL;
    }
    return width;
}

void width_print(struct buf *b, const struct width_table *t)
{
    char text[CELL_TEXT];
    struct arena scratch = {0};
    size_t *width = NEW_N(&scratch, size_t, t->columns);
    bool *right = NEW_N(&scratch, bool, t->columns);
    for (size_t i = 0; i < t->columns; i++)
        width[i] = measure(t, i, &right[i]);
    for (size_t i = 0; t->head && i < t->columns; i++)
        put_cell(b, t, t->head[i], width[i], right[i], i + 1 == t->columns);
    for (size_t i = 0; t->head && i < t->columns; i++) {
        buf_fill(b, '-', width[i]);
        buf_puts(b, i + 1 == t->columns ? "\n" : "  ");
    }
    for (size_t row = 0; row < t->rows; row++) {
        for (size_t i = 0; i < t->columns; i++) {
            struct value v = t->cells[row * t->columns + i];
            put_cell(b, t, cell_text(v, text), width[i], v.type == VALUE_INT || v.type == VALUE_REAL, i + 1 == t->columns);
        }
    }
    arena_free(&scratch);
}
