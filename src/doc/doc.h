/* A document before it has a form: blocks of headings, text, pairs and tables. A list, a detail page and
 * a report are all docs; one renderer a form (to_text.c, to_html.c, to_csv.c, to_xlsx.c, to_json.c) writes them out.
 * Knows no records, no database and no period: whoever builds the doc gives it finished words and values.
 *
 *     struct doc *d = doc_new(&c->arena, c->lang, "Đảng viên theo chi bộ");
 *     struct table *t = doc_table(d, "Đảng viên tại ngày 05/08/2018");
 *     doc_column(t, "Chi bộ", COL_TEXT)->heads_row = true;
 *     doc_column(t, "Số đảng viên", COL_NUMBER);
 *     doc_row(t, ROW_PLAIN);
 *     doc_put(t, name);
 *     doc_put(t, count);
 *
 * Everything lives in the arena given to doc_new(); strings are borrowed, and must live as long. */
#ifndef DOC_DOC_H
#define DOC_DOC_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/ctx.h"
#include "base/value.h"

enum block_kind { BLOCK_HEADING, BLOCK_PARA, BLOCK_PAIRS, BLOCK_TABLE, BLOCK_NOTE, BLOCK_PAGE };

/* What a column holds decides how its values are written and on which side they stand. */
enum column_kind {
    COL_TEXT,
    COL_NUMBER,  /* whole, grouped: 1.234; a real is rounded to `decimals` */
    COL_PERCENT, /* the same with a sign: 87,3% */
    COL_DAY,     /* 05/08/2018, also partial */
    COL_CODE,    /* a number that is a name: never grouped (card numbers, years, order numbers) */
};

enum align { ALIGN_KIND, ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE }; /* ALIGN_KIND: as the kind of column says */
enum row_kind { ROW_PLAIN, ROW_PART, ROW_TOTAL };                 /* PART: total of the rows above it, within the table */

struct column {
    const char *head;
    enum column_kind kind;
    enum align align;
    int decimals;         /* of reals, 0 to 6 */
    bool heads_row;       /* names its row (th scope=row) */
    const char *group;    /* words over this and its neighbours of the same group; NULL = none */
    int group_id;
    struct column *next;
};

struct table_line {
    enum row_kind kind;
    size_t n;             /* cells put so far */
    struct value *cells;  /* as many as the table has columns */
    const char **opens;   /* of each cell; NULL: no cell of the row opens */
    struct table_line *next;
};

struct table {
    struct arena *arena;
    const char *caption;
    const char *empty;    /* said when there are no rows; NULL = a plain word */
    struct column *columns, *columns_end;
    size_t column_count;
    int group_now, group_last;
    const char *group;
    struct table_line *rows, *rows_end;
    size_t row_count;
    struct line *notes, *notes_end;
};

struct line { /* one of a list of texts */
    const char *text;
    struct line *next;
};

struct pair {
    const char *label;
    struct value value;
    struct pair *next;
};

struct block {
    enum block_kind kind;
    int level;            /* HEADING: 1 to 4 below the title */
    const char *text;     /* HEADING, PARA, NOTE */
    struct pair *pairs, *pairs_end;
    struct table *table;
    struct block *next;
};

struct doc {
    struct arena *arena;
    enum lang lang;
    const char *title;    /* never NULL */
    const char *subtitle; /* the rest may be NULL */
    const char *unit;     /* what it is about: unit and time, in words */
    const char *period;
    const char *made_by;
    instant made_at;
    struct block *first, *last;
};

struct doc *doc_new(struct arena *, enum lang, const char *title);
void doc_heading(struct doc *, int level, const char *text); /* level 1 to 4; others are taken to the nearest */
void doc_para(struct doc *, const char *text);               /* '\n' breaks the line */
void doc_note(struct doc *, const char *text);               /* a remark, smaller than text */
void doc_page(struct doc *);                                 /* what follows starts a page */
void doc_pair(struct doc *, const char *label, struct value); /* pairs in a row make one block */

struct table *doc_table(struct doc *, const char *caption);
/* All columns before the first row. The result may be refined: ->align, ->decimals, ->heads_row. */
struct column *doc_column(struct table *, const char *head, enum column_kind);
void doc_group(struct table *, const char *words); /* over the columns that follow; NULL ends the group */
void doc_row(struct table *, enum row_kind);
void doc_cell(struct table *, struct value); /* the next cell of the last row; beyond the last column: a fault of the program */
/* Which records stand behind the last cell: "membership?stay=home&unit=12&at=2018-08-05", a kind and a filter as lists read it. Pages
 * of the program make a link of it, other forms leave it out. NULL: none. */
void doc_opens(struct table *, const char *what);
void doc_table_note(struct table *, const char *text);

#define doc_put(t, x) doc_cell((t), V(x))
#define doc_put_pair(d, label, x) doc_pair((d), (label), V(x))

/* The value as people read it, in the language of the doc: 1.234,5 and 05/08/2018; "—" where a column of
 * numbers has no data (never 0), "" elsewhere. A NULL column writes each value by its own type. */
const char *doc_value(const struct doc *, const struct column *, struct value);
enum align doc_align(const struct column *);
bool doc_has_groups(const struct table *);
const char *doc_empty(const struct doc *, const struct table *); /* what to say in place of rows */
/* "Đảng bộ xã Hiệp Hòa · năm 2018" and "Lập lúc 05/08/2018 14:13, Nguyễn Văn An"; "" when nothing is known. */
const char *doc_about(const struct doc *);
const char *doc_made(const struct doc *);

/* Plain text in UTF-8; `width` columns at most (0 = as wide as it needs), long cells are wrapped. When not even
 * the longest number of each column fits, lines are longer. */
void doc_to_text(const struct doc *, struct buf *, int width);
/* A whole page, HTML5, without script or anything from outside, for screen and paper. */
void doc_to_html(const struct doc *, struct buf *);
/* What stands between its head and its foot, for a page that has a frame and a style of its own (app.css); after `href` a figure opens
 * to its records: "/" and what doc_opens() said, whole, by a call that may add to it; NULL: nothing opens. */
struct doc_links {
    const char *(*href)(void *to, const char *opens);
    void *to;
};
void doc_to_html_part(const struct doc *, struct buf *, const struct doc_links *);
const char *doc_html_style(void); /* exactly what stands in the page's <style>: a CSP names it by its hash */
/* Every table (and list of pairs) with its caption before it; UTF-8 with a mark, CRLF. `separator` is ','
 * (decimals as 1234.5) or ';' (1234,5: what a spreadsheet set to Vietnamese reads); days are 2018-08-05; text that a
 * spreadsheet would run as a formula is disarmed. */
void doc_to_csv(const struct doc *, struct buf *, char separator);
/* A workbook of a sheet for each heading of the first level (or one in all): title, unit and period at its top, then tables below each
 * other. Numbers are numbers, shares are percentages, days are days. Fails when the file cannot be made. */
void doc_to_xlsx(struct ctx *, const struct doc *, const char *path);
/* One array of one object: title, unit, period and the blocks in their order, values as such. */
void doc_to_json(const struct doc *, struct buf *);

#endif
