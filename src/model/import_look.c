/* What a file holds, for whoever maps its columns before importing it; see import.h. Reads the beginning only and writes nothing. */
#include "import.h"

#include "base/str.h"
#include "import_columns.h"
#include "type.h"

size_t import_fields(struct ctx *c, const struct kind *k, const struct field ***out)
{
    size_t n = 0;
    *out = NEW_N(&c->arena, const struct field *, k->nfields + 1);
    for (size_t i = 0; i < k->nfields; i++)
        if (field_importable(&k->fields[i]))
            (*out)[n++] = &k->fields[i];
    return n;
}

static struct import_head head_of(struct ctx *c, const struct column *col)
{
    struct import_head h = {.column = col->name, .head = col->head ? col->head : "", .to = "", .numbering = col->means == MEANS_NUMBERING};
    switch (col->means) {
    case MEANS_NOTHING:
    case MEANS_NUMBERING: break;
    case MEANS_ID: h.to = IMPORT_ID; break;
    case MEANS_UNIT: h.to = IMPORT_UNIT; break;
    case MEANS_WORD: h.as = say(c, "đánh dấu x: %s là “%s”", "an x says: %s is “%s”", in_words(c, col->marks->label), in_words(c, col->word->label)); break;
    case MEANS_FIRST: h.as = say(c, "%s: phần đầu (họ và đệm)", "%s: the first part (family and middle names)", in_words(c, col->field->label)); break;
    case MEANS_REST: h.as = say(c, "%s: phần cuối (tên)", "%s: the last part (given name)", in_words(c, col->field->label)); break;
    case MEANS_FIELD:
        if (!field_importable(col->field))
            break;
        h.to = col->field->name;
        if (col->marks)
            h.as = say(c, "%s, và %s là “%s”", "%s, and %s is “%s”", in_words(c, col->field->label), in_words(c, col->marks->label), in_words(c, col->word->label));
        break;
    }
    return h;
}

static const char *cell_words(struct ctx *c, const struct import_row *row, size_t at)
{
    for (size_t i = 0; i < row->n; i++)
        if (row->cells[i].column == at)
            return value_as_text(c, row->cells[i].v);
    return "";
}

static size_t read_beginning(struct ctx *c, struct table_in *in, struct import_row *rows)
{
    struct table_row row;
    size_t n = 0;
    for (; n < HEAD_WITHIN && table_next(in, &row); n++) {
        struct table_cell *cells = NEW_N(&c->arena, struct table_cell, row.n + 1);
        for (size_t i = 0; i < row.n; i++) {
            cells[i] = row.cells[i];
            if (cells[i].v.type == VALUE_TEXT)
                cells[i].v.s = arena_text(&c->arena, cells[i].v.s);
        }
        rows[n] = (struct import_row){row.number, row.n, cells};
    }
    return n;
}

bool import_look(struct ctx *c, const struct kind *k, const char *path, const struct import_options *o, struct import_look *out)
{
    struct table_in *in = table_open(c, path, &o->table);
    struct import_row *rows = NEW_N(&c->arena, struct import_row, HEAD_WITHIN);
    struct columns *cols = NEW(&c->arena, struct columns);
    *out = (struct import_look){.sheet = "", .encoding = ""};
    size_t n = in ? read_beginning(c, in, rows) : 0;
    if (in && !failed(c)) {
        struct encoding_guess guess = table_encoding(in);
        out->sheet = arena_text(&c->arena, table_sheet(in));
        out->encoding = in_words(c, encoding_name(guess.enc));
    }
    table_close(in);
    if (failed(c))
        return false;
    if (!columns_find(c, k, rows, n, o, cols) && (c->err.code == ERR_BAD_INPUT || c->err.code == ERR_USAGE)) {
        out->missing = c->err.text;
        c->err = (struct err){0};
    }
    out->heads = NEW_N(&c->arena, struct import_head, cols->n + 1);
    for (size_t i = 0; i < cols->n; i++)
        out->heads[out->n++] = head_of(c, &cols->v[i]);
    for (size_t i = cols->first; i < n && out->nsamples < LOOK_ROWS; i++) {
        const char **texts = NEW_N(&c->arena, const char *, cols->n + 1);
        for (size_t at = 0; at < cols->n; at++)
            texts[at] = cell_words(c, &rows[i], at);
        out->samples[out->nsamples++] = texts;
    }
    return !failed(c);
}
