/* A doc as JSON for other programs; see doc.h. Values stay values: numbers are numbers, days are ISO, no data is null. */
#include "doc.h"

#include "fmt/json.h"

static void member(struct json_out *j, const char *key, const char *text)
{
    json_key(j, key);
    json_text(j, text);
}

static void value(struct json_out *j, const struct column *col, struct value v)
{
    if (v.type == VALUE_DAY || (v.type == VALUE_INT && col && col->kind == COL_DAY))
        json_day(j, (int32_t)v.i);
    else
        json_put(j, v);
}

static void table(struct json_out *j, const struct table *t)
{
    static const char *const kinds[] = {[COL_TEXT] = "text", [COL_NUMBER] = "number", [COL_PERCENT] = "percent", [COL_DAY] = "day", [COL_CODE] = "code"};
    static const char *const rows[] = {[ROW_PLAIN] = "plain", [ROW_PART] = "part", [ROW_TOTAL] = "total"};
    member(j, "caption", t->caption);
    json_key(j, "columns");
    json_begin_array(j);
    for (const struct column *col = t->columns; col; col = col->next) {
        json_begin_object(j);
        member(j, "head", col->head);
        member(j, "group", col->group);
        member(j, "kind", kinds[col->kind]);
        json_end_object(j);
    }
    json_end_array(j);
    json_key(j, "rows");
    json_begin_array(j);
    for (const struct table_line *r = t->rows; r; r = r->next) {
        json_begin_object(j);
        member(j, "kind", rows[r->kind]);
        json_key(j, "cells");
        json_begin_array(j);
        size_t i = 0;
        for (const struct column *col = t->columns; col; col = col->next)
            value(j, col, r->cells[i++]);
        json_end_array(j);
        json_end_object(j);
    }
    json_end_array(j);
    json_key(j, "notes");
    json_begin_array(j);
    for (const struct line *l = t->notes; l; l = l->next)
        json_text(j, l->text);
    json_end_array(j);
}

static void block(struct json_out *j, const struct block *b)
{
    static const char *const kinds[] = {[BLOCK_HEADING] = "heading", [BLOCK_PARA] = "paragraph", [BLOCK_PAIRS] = "pairs",
                                        [BLOCK_TABLE] = "table",     [BLOCK_NOTE] = "note",      [BLOCK_PAGE] = "page"};
    json_begin_object(j);
    member(j, "kind", kinds[b->kind]);
    if (b->kind == BLOCK_HEADING) {
        json_key(j, "level");
        json_int(j, b->level);
    }
    if (b->text)
        member(j, "text", b->text);
    if (b->pairs) {
        json_key(j, "pairs");
        json_begin_array(j);
        for (const struct pair *p = b->pairs; p; p = p->next) {
            json_begin_object(j);
            member(j, "label", p->label);
            json_key(j, "value");
            value(j, NULL, p->value);
            json_end_object(j);
        }
        json_end_array(j);
    }
    if (b->table)
        table(j, b->table);
    json_end_object(j);
}

void doc_to_json(const struct doc *d, struct buf *b)
{
    struct json_out j = {.to = b, .pretty = true};
    char at[INSTANT_TEXT];
    json_begin_array(&j); /* as every answer in JSON */
    json_begin_object(&j);
    member(&j, "title", d->title);
    member(&j, "subtitle", d->subtitle);
    member(&j, "unit", d->unit);
    member(&j, "period", d->period);
    member(&j, "made_at", d->made_at.v ? instant_iso(d->made_at, at) : NULL);
    member(&j, "made_by", d->made_by);
    json_key(&j, "blocks");
    json_begin_array(&j);
    for (const struct block *one = d->first; one; one = one->next)
        block(&j, one);
    json_end_array(&j);
    json_end_object(&j);
    json_end_array(&j);
    buf_char(b, '\n');
}
