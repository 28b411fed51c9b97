/* A doc as one whole page of HTML5 for screen (light and dark) and A4 paper, or as the part of a page that has a frame and a style of
 * its own: the same blocks, written by the same functions, under the names that each style has for them; see doc.h. Everything that comes from
 * outside goes through escaped(). No script, nothing loaded from anywhere. */
#include "doc.h"

enum { WIDE_FROM = 9 }; /* so many columns ask for the page on its side */

static const char style[] =
    ":root{--paper:#faf8f4;--surface:#fff;--sunken:#f3efe8;--line:#e4ded3;--line-strong:#cfc6b6;--ink:#1d1b19;"
    "--soft:#5d574f;--link:#17497f;color-scheme:light}\n"
    "@media (prefers-color-scheme:dark){:root{--paper:#171513;--surface:#1f1c1a;--sunken:#262220;--line:#38332e;"
    "--line-strong:#544c44;--ink:#f1ede7;--soft:#bdb4a8;--link:#8fbcf0;color-scheme:dark}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 \"Segoe UI\",Roboto,\"Noto Sans\","
    "\"Helvetica Neue\",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}\n"
    "main{max-width:1080px;margin:24px auto;padding:36px 44px 28px;background:var(--surface);border:1px solid var(--line);"
    "border-radius:6px}\n"
    "main.wide{max-width:1320px}\n"
    "header{margin:0 0 28px;padding:0 0 20px;border-bottom:2px solid var(--ink)}\n"
    "h1{font-size:26px;line-height:1.3;margin:0;font-weight:650;letter-spacing:-.01em;text-wrap:balance}\n"
    "h2,h3,h4,h5{line-height:1.35;margin:32px 0 8px;font-weight:650;break-after:avoid}\n"
    "h2{font-size:20px}h3{font-size:18px}h4,h5{font-size:16px}h5{color:var(--soft)}\n"
    "p{margin:0 0 12px;max-width:76ch;white-space:pre-line}\n"
    "header p{margin:6px 0 0;color:var(--soft)}header .sub{font-size:18px;color:var(--ink)}\n"
    ".note{font-size:14px;color:var(--soft);margin:0 0 8px}.scroll+.note{margin-top:10px}\n"
    "dl{display:grid;grid-template-columns:minmax(140px,max-content) 1fr;margin:0 0 20px}\n"
    "dt,dd{margin:0;padding:6px 0;border-bottom:1px solid var(--line);white-space:pre-line}dt{color:var(--soft);padding-right:24px}\n"
    ".sheet{margin:20px 0 24px;break-inside:auto}\n"
    ".scroll{overflow-x:auto}.scroll:focus-visible{outline:3px solid var(--link);outline-offset:2px}\n"
    "table{border-collapse:collapse;width:100%;font-size:15px;border-bottom:2px solid var(--ink)}\n"
    "caption{text-align:left;font-size:16px;font-weight:650;padding:0 0 8px}"
    "caption span{display:inline-block;position:sticky;left:0;max-width:min(100%,calc(100vw - 32px))}\n"
    "th,td{padding:7px 12px;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);white-space:pre-line}\n"
    "th:first-child,td:first-child{padding-left:8px}th:last-child,td:last-child{padding-right:8px}\n"
    "thead th{font-size:14px;font-weight:600;color:var(--soft);background:var(--sunken);vertical-align:bottom;"
    "border-bottom:1px solid var(--line-strong)}\n"
    "thead tr:first-child th{border-top:2px solid var(--ink)}\n"
    "thead th[scope=colgroup]{text-align:center;border-inline:1px solid var(--line-strong)}\n"
    "tbody th{font-weight:400;min-width:9em}\n"
    ".num{text-align:right}.mid{text-align:center}td.num,td.fix{white-space:nowrap}\n"
    ".part th,.part td{font-weight:600;background:var(--sunken)}\n"
    ".total th,.total td{font-weight:650;border-top:2px solid var(--line-strong)}\n"
    ".none{color:var(--soft);text-align:center;padding:20px 8px}\n"
    "footer{margin-top:32px;padding-top:10px;border-top:1px solid var(--line);font-size:14px;color:var(--soft)}\n"
    "hr{border:0;border-top:1px dashed var(--line-strong);margin:32px 0}\n"
    "@media (max-width:640px){main{margin:0;border:0;border-radius:0;padding:20px 16px}h1{font-size:22px}"
    "dl{grid-template-columns:1fr}dt{border:0;padding-bottom:0}dd{padding-top:0}"
    "th,td{padding:7px 8px}tbody th,td:not([class]){min-width:7em}}\n"
    "@page{size:A4;margin:20mm 15mm 20mm 25mm;@bottom-right{content:counter(page) \"/\" counter(pages);"
    "font:10pt \"Times New Roman\",\"Liberation Serif\",\"Noto Serif\",serif}}\n"
    "@page wide{size:A4 landscape;margin:15mm}\n"
    "@media print{:root{--paper:#fff;--surface:#fff;--sunken:#f4f4f4;--line:#bbb;--line-strong:#777;--ink:#000;"
    "--soft:#333;color-scheme:light}\n"
    "body{font:12pt/1.45 \"Times New Roman\",\"Liberation Serif\",\"Noto Serif\",serif}\n"
    "main,main.wide{max-width:none;margin:0;padding:0;border:0}main.wide{page:wide}p{max-width:none}\n"
    "h1{font-size:16pt;text-align:center}header p{text-align:center}h2{font-size:14pt}h3,h4,h5{font-size:12pt}\n"
    "table{font-size:11pt}thead th{font-size:11pt}.scroll{overflow:visible}thead{display:table-header-group}\n"
    "tr{break-inside:avoid}caption{break-after:avoid;font-size:12pt}th,td{padding:4pt 5pt}footer,.note{font-size:10pt}\n"
    "hr{break-after:page;border:0;margin:0;height:0}}\n";

const char *doc_html_style(void)
{
    return style;
}

/* The one way of foreign text into the page; right between tags and between double quotes. */
static void escaped(struct buf *b, const char *s)
{
    for (; s && *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '&')
            buf_puts(b, "&amp;");
        else if (c == '<')
            buf_puts(b, "&lt;");
        else if (c == '>')
            buf_puts(b, "&gt;");
        else if (c == '"')
            buf_puts(b, "&quot;");
        else if (c == '\'')
            buf_puts(b, "&#39;");
        else if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
            buf_char(b, ' ');
        else
            buf_char(b, *s);
    }
}

/* open and close are ours; nothing is written for an empty text. */
static void part(struct buf *b, const char *open, const char *text, const char *close)
{
    if (!text || !*text)
        return;
    buf_puts(b, open);
    escaped(b, text);
    buf_puts(b, close);
}

/* How a style calls its parts. */
struct look {
    const char *number, *middle, *unbroken;       /* cells */
    const char *part, *total, *table, *sheet, *note, *pair, *pair_end, *pairs, *pairs_end, *page;
};

static const struct look whole_page = {
    .number = " class=\"num\"", .middle = " class=\"mid\"", .unbroken = " class=\"fix\"", .part = "<tr class=\"part\">", .total = "<tr class=\"total\">", .table = "<table>",
    .sheet = "<div class=\"sheet\">\n", .note = "<p class=\"note\">", .pair = "", .pair_end = "\n", .pairs = "<dl>\n", .pairs_end = "</dl>\n", .page = "<hr>\n"};
static const struct look in_frame = {
    .number = " class=\"num\"", .middle = " class=\"center\"", .unbroken = " class=\"nowrap\"", .part = "<tr class=\"group\">", .total = "<tr class=\"group total\">",
    .table = "<table class=\"keep\">", .sheet = "<div class=\"sheet\">\n", .note = "<p class=\"note soft small\">", .pair = "<div>", .pair_end = "</div>\n",
    .pairs = "<div class=\"sheet\"><dl class=\"pairs\">\n", .pairs_end = "</dl></div>\n", .page = "<hr class=\"page\">\n"};

struct writing {
    struct buf *b;
    const struct doc *d;
    const struct look *look;
    const struct doc_links *links; /* NULL: nothing opens */
    int tables;
};

static const char *class_of(const struct writing *w, const struct column *col, bool cell)
{
    enum align align = doc_align(col);
    if (align == ALIGN_RIGHT)
        return w->look->number;
    if (align == ALIGN_CENTRE)
        return w->look->middle;
    return cell && (col->kind == COL_DAY || col->kind == COL_CODE) ? w->look->unbroken : "";
}

static void head_cell(const struct writing *w, const struct column *col, bool tall)
{
    buf_printf(w->b, "<th scope=\"col\"%s%s>", tall ? " rowspan=\"2\"" : "", class_of(w, col, false));
    escaped(w->b, col->head);
    buf_puts(w->b, "</th>");
}

static size_t group_size(const struct column *col)
{
    size_t n = 0;
    int group = col->group_id;
    for (; col && col->group_id == group; col = col->next)
        n++;
    return n;
}

static void table_head(const struct writing *w, const struct table *t)
{
    struct buf *b = w->b;
    bool groups = doc_has_groups(t);
    int group = 0;
    buf_puts(b, "<thead>\n<tr>");
    for (const struct column *col = t->columns; col; col = col->next) {
        if (!col->group_id) {
            head_cell(w, col, groups);
        } else if (col->group_id != group) {
            buf_printf(b, "<th scope=\"colgroup\" colspan=\"%zu\">", group_size(col));
            escaped(b, col->group);
            buf_puts(b, "</th>");
        }
        group = col->group_id;
    }
    buf_puts(b, "</tr>\n");
    if (groups) {
        buf_puts(b, "<tr>");
        for (const struct column *col = t->columns; col; col = col->next)
            if (col->group_id)
                head_cell(w, col, false);
        buf_puts(b, "</tr>\n");
    }
    buf_puts(b, "</thead>\n");
}

static void cell_text(const struct writing *w, const char *text, const char *opens)
{
    const char *href = opens && w->links ? w->links->href(w->links->to, opens) : NULL;
    part(w->b, href ? "<a href=\"" : "", href, "\">");
    escaped(w->b, text);
    buf_puts(w->b, href ? "</a>" : "");
}

static void table_row(const struct writing *w, const struct table *t, const struct table_line *r)
{
    struct arena_mark mark = arena_mark(w->d->arena);
    size_t i = 0;
    buf_puts(w->b, r->kind == ROW_PART ? w->look->part : r->kind == ROW_TOTAL ? w->look->total : "<tr>");
    for (const struct column *col = t->columns; col; col = col->next, i++) {
        const char *text = doc_value(w->d, col, r->cells[i]);
        bool heads = col->heads_row && *text; /* an empty head, where the row above says it, would be read out as nothing */
        buf_printf(w->b, "<%s%s>", heads ? "th scope=\"row\"" : "td", class_of(w, col, true));
        cell_text(w, text, r->opens ? r->opens[i] : NULL);
        buf_puts(w->b, heads ? "</th>" : "</td>");
    }
    buf_puts(w->b, "</tr>\n");
    arena_rewind(w->d->arena, mark);
}

static void whole_table(struct writing *w, const struct table *t)
{
    struct buf *b = w->b;
    bool named = t->caption && *t->caption;
    int number = ++w->tables;
    buf_puts(b, w->look->sheet);
    buf_puts(b, "<div class=\"scroll\" tabindex=\"0\"");
    if (named)
        buf_printf(b, " role=\"region\" aria-labelledby=\"table-%d\"", number);
    buf_puts(b, ">\n");
    buf_puts(b, w->look->table);
    buf_puts(b, "\n");
    if (named) {
        buf_printf(b, "<caption id=\"table-%d\"><span>", number);
        escaped(b, t->caption);
        buf_puts(b, "</span></caption>\n");
    }
    table_head(w, t);
    buf_puts(b, "<tbody>\n");
    for (const struct table_line *r = t->rows; r; r = r->next)
        table_row(w, t, r);
    if (!t->rows) {
        buf_printf(b, "<tr><td class=\"none\" colspan=\"%zu\">", t->column_count ? t->column_count : 1);
        escaped(b, doc_empty(w->d, t));
        buf_puts(b, "</td></tr>\n");
    }
    buf_puts(b, "</tbody>\n</table>\n</div>\n");
    for (const struct line *n = t->notes; n; n = n->next)
        part(b, w->look->note, n->text, "</p>\n");
    buf_puts(b, "</div>\n");
}

static void put_pairs(const struct writing *w, const struct pair *p)
{
    buf_puts(w->b, w->look->pairs);
    for (; p; p = p->next) {
        buf_puts(w->b, w->look->pair);
        buf_puts(w->b, "<dt>");
        escaped(w->b, p->label);
        buf_puts(w->b, "</dt><dd>");
        escaped(w->b, doc_value(w->d, NULL, p->value));
        buf_puts(w->b, "</dd>");
        buf_puts(w->b, w->look->pair_end);
    }
    buf_puts(w->b, w->look->pairs_end);
}

static void put_block(struct writing *w, const struct block *bl)
{
    struct buf *b = w->b;
    switch (bl->kind) {
    case BLOCK_HEADING:
        buf_printf(b, "<h%d>", bl->level + 1);
        escaped(b, bl->text);
        buf_printf(b, "</h%d>\n", bl->level + 1);
        break;
    case BLOCK_PARA:
        part(b, "<p>", bl->text, "</p>\n");
        break;
    case BLOCK_NOTE:
        part(b, w->look->note, bl->text, "</p>\n");
        break;
    case BLOCK_PAIRS:
        put_pairs(w, bl->pairs);
        break;
    case BLOCK_TABLE:
        whole_table(w, bl->table);
        break;
    case BLOCK_PAGE:
        buf_puts(b, w->look->page);
        break;
    }
}

static bool is_wide(const struct doc *d)
{
    for (const struct block *bl = d->first; bl; bl = bl->next)
        if (bl->kind == BLOCK_TABLE && bl->table->column_count >= WIDE_FROM)
            return true;
    return false;
}

void doc_to_html_part(const struct doc *d, struct buf *b, const struct doc_links *links)
{
    struct writing w = {.b = b, .d = d, .look = &in_frame, .links = links};
    for (const struct block *bl = d->first; bl; bl = bl->next)
        put_block(&w, bl);
    part(b, "<p class=\"note soft small\">", doc_made(d), "</p>\n");
}

void doc_to_html(const struct doc *d, struct buf *b)
{
    struct writing w = {.b = b, .d = d, .look = &whole_page};
    buf_printf(b, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", d->lang == LANG_EN ? "en" : "vi");
    buf_puts(b, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    escaped(b, d->title);
    buf_puts(b, "</title>\n<style>");
    buf_puts(b, style);
    buf_printf(b, "</style>\n</head>\n<body>\n<main%s>\n<header>\n<h1>", is_wide(d) ? " class=\"wide\"" : "");
    escaped(b, d->title);
    buf_puts(b, "</h1>\n");
    part(b, "<p class=\"sub\">", d->subtitle, "</p>\n");
    part(b, "<p>", doc_about(d), "</p>\n");
    buf_puts(b, "</header>\n");
    for (const struct block *bl = d->first; bl; bl = bl->next)
        put_block(&w, bl);
    part(b, "<footer>", doc_made(d), "</footer>\n");
    buf_puts(b, "</main>\n</body>\n</html>\n");
}
