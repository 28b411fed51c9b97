/* Exports and blank tables; see export.h. */
#include "export.h"

#include "base/str.h"
#include "fmt/json.h"
#include "fmt/table_out.h"
#include "import_columns.h"
#include "model.h"
#include "type.h"

enum { AT_ONCE = 500, WORDS_KNOWN = 256 };

bool export_format_parse(const char *word, enum export_format *out)
{
    static const char *const words[] = {[EXPORT_CSV] = "csv", [EXPORT_XLSX] = "xlsx", [EXPORT_JSON] = "json"};
    for (size_t i = 0; i < N(words); i++)
        if (strcasecmp(word, words[i]) == 0) {
            *out = (enum export_format)i;
            return true;
        }
    return false;
}

/* The word that people see for a code, where it leads back to the code. */
struct shown {
    const struct field *field;
    const char *code, *text;
};

struct exporting {
    struct ctx *c;
    const struct kind *kind;
    bool with_unit;
    struct shown shown[WORDS_KNOWN];
    size_t nshown;
    struct table_out *table;
    struct json_out json;
    struct file_out *file;
    struct buf own;
};

static bool exported(const struct field *f)
{
    return field_stored(f) && !(f->flags & SECRET);
}

/* --- values ------------------------------------------------------------------------------------------- */

static const char *word_for(struct exporting *x, const struct field *f, const void *record)
{
    struct ctx *c = x->c;
    const char *code = field_get(f, record).s;
    for (size_t i = 0; i < x->nshown; i++)
        if (x->shown[i].field == f && strcmp(x->shown[i].code, code) == 0)
            return x->shown[i].text;
    void *back = arena_alloc(&c->arena, x->kind->size);
    const char *word = type_show(c, f, record);
    if (type_parse(c, f, value_text(word), back) || !field_same(f, record, back))
        word = code;
    if (x->nshown < N(x->shown))
        x->shown[x->nshown++] = (struct shown){f, arena_text(&c->kept, code), arena_text(&c->kept, word)};
    return word;
}

static const char *reference_code(struct exporting *x, const struct labels *l, const struct kind *to, int64_t id)
{
    struct label label = label_of(l, to, id);
    return to->code && *label.code ? label.code : arena_printf(&x->c->arena, "%lld", (long long)id);
}

static struct value value_for(struct exporting *x, const struct labels *l, const struct field *f, const void *record)
{
    struct value v = field_get(f, record);
    if (v.type == VALUE_NULL || ((f->flags & UNTIL) && v.i == DAY_OPEN))
        return value_null();
    switch (f->type) {
    case TYPE_DAY:
    case TYPE_PDAY: v.type = VALUE_DAY; break;
    case TYPE_FLAG: v.type = VALUE_BOOL; break;
    case TYPE_ENUM:
    case TYPE_CHOICE: return value_text(word_for(x, f, record));
    case TYPE_REF: return value_text(reference_code(x, l, f->to, v.i));
    case TYPE_TEXT:
    case TYPE_NUMBER:
    case TYPE__MAX: break;
    }
    return v;
}

/* --- tables ------------------------------------------------------------------------------------------- */

static void table_heads(struct exporting *x)
{
    struct ctx *c = x->c;
    struct xlsx_column *heads = NEW_N(&c->arena, struct xlsx_column, x->kind->nfields + 2);
    size_t n = 0;
    heads[n++] = (struct xlsx_column){IMPORT_ID, 22};
    if (x->with_unit)
        heads[n++].head = in_words(c, import_unit_label);
    for (size_t i = 0; i < x->kind->nfields; i++)
        if (exported(&x->kind->fields[i]))
            heads[n++].head = in_words(c, x->kind->fields[i].label);
    table_out_head(x->table, heads, n);
}

static void table_record(struct exporting *x, const struct labels *l, const void *record)
{
    const struct row *row = record;
    char id[24];
    snprintf(id, sizeof id, "%lld", (long long)row->id);
    table_out_cell(x->table, value_text(id)); /* as text: a spreadsheet keeps 15 digits of a number */
    if (x->with_unit)
        table_out_cell(x->table, value_text(reference_code(x, l, kind_of_places(), row->unit)));
    for (size_t i = 0; i < x->kind->nfields; i++)
        if (exported(&x->kind->fields[i]))
            table_out_cell(x->table, value_for(x, l, &x->kind->fields[i], record));
    table_out_end_row(x->table);
}

/* --- JSON --------------------------------------------------------------------------------------------- */

static void json_record(struct exporting *x, const struct labels *l, const void *record)
{
    const struct row *row = record;
    struct json_out *j = &x->json;
    json_begin_object(j);
    json_key(j, IMPORT_ID);
    json_id(j, row->id);
    if (x->with_unit) {
        json_key(j, "unit");
        json_text(j, reference_code(x, l, kind_of_places(), row->unit));
    }
    for (size_t i = 0; i < x->kind->nfields; i++) {
        const struct field *f = &x->kind->fields[i];
        if (!exported(f))
            continue;
        json_key(j, f->name);
        if (f->type == TYPE_ENUM || f->type == TYPE_CHOICE)
            json_text(j, field_get(f, record).s);
        else
            json_put(j, value_for(x, l, f, record));
    }
    json_end_object(j);
    buf_char(x->json.to, '\n');
}

/* --- the flow ----------------------------------------------------------------------------------------- */

static bool begin_output(struct exporting *x, const struct export_options *o)
{
    struct ctx *c = x->c;
    if (!o->path && (o->format == EXPORT_XLSX || !o->to)) {
        fail(c, ERR_USAGE, "Tệp Excel phải có tên: ghi tên tệp đuôi .xlsx.", "An Excel file needs a name ending in .xlsx.");
    } else if (o->format == EXPORT_JSON) {
        x->json.to = o->path ? &x->own : o->to;
        x->file = o->path ? file_create(c, o->path, &x->own) : NULL;
        json_begin_array(&x->json);
    } else {
        x->table = !o->path ? table_to_buf(c, o->to) : table_create(c, o->path, o->format == EXPORT_XLSX, in_words(c, x->kind->plural));
        table_heads(x);
    }
    return !failed(c);
}

static void end_output(struct exporting *x)
{
    if (x->table) {
        table_out_close(x->table);
    } else if (x->json.to) {
        json_end_array(&x->json);
        buf_char(x->json.to, '\n');
        if (x->file)
            file_close(x->file);
    }
}

static void marks_sheet(struct exporting *x, const struct export_options *o)
{
    const struct xlsx_column heads[] = {{say(x->c, "Nguồn", "Source"), 24}, {"", 60}};
    table_out_next_sheet(x->table, say(x->c, "Nguồn", "Source"));
    table_out_head(x->table, heads, N(heads));
    for (size_t i = 0; i < o->nmarks; i++) {
        table_out_cell(x->table, value_text(o->marks[i].label));
        table_out_cell(x->table, value_text(o->marks[i].value));
        table_out_end_row(x->table);
    }
}

static int64_t write_records(struct exporting *x, const struct filter *f, const struct export_options *o)
{
    struct ctx *c = x->c;
    void *rows[AT_ONCE];
    int64_t total = 0, all = o->progress ? record_count(c, f) : 0;
    struct stream *s = record_stream(c, f);
    for (size_t n; !failed(c) && (n = stream_some(s, rows, AT_ONCE)) > 0;) {
        struct labels *l = labels_of(c, f->kind, rows, n);
        for (size_t i = 0; i < n && !failed(c); i++) {
            struct arena_mark mark = arena_mark(&c->arena);
            if (x->table)
                table_record(x, l, rows[i]);
            else
                json_record(x, l, rows[i]);
            if (!failed(c))
                arena_rewind(&c->arena, mark);
        }
        total += (int64_t)n;
        if (o->progress)
            o->progress(o->progress_to, total, all);
    }
    stream_end(s);
    return total;
}

/* Says how many are about to leave, in a transaction of its own. */
static void log_export(struct ctx *c, const struct filter *f, const char *reason)
{
    if (!(f->kind->flags & SENSITIVE) || !db_writable(c) || !db_begin(c, DB_WRITE))
        return;
    int64_t n = record_count(c, f);
    record_log_read(c, f->kind, NULL, "export", say(c, "Xuất %lld %s. %s", "Exported %lld of %s. %s", (long long)n, in_sentence(c, f->kind->plural), reason ? reason : ""));
    db_commit(c);
}

int64_t export_records(struct ctx *c, const struct filter *filter, const struct export_options *o)
{
    const struct kind *k = filter->kind;
    struct filter f = *filter;
    f.act = ACT_EXPORT;
    f.by_id = !f.sort && !f.search;
    struct exporting x = {.c = c, .kind = k, .with_unit = strcmp(k->where, "id") != 0 && !(k->flags & SYSTEM)};
    if (failed(c))
        return -1;
    log_export(c, &f, o->reason);
    if (!db_begin(c, DB_READ))
        return -1;
    if (!scope_any(c, k, ACT_EXPORT))
        fail(c, ERR_DENIED, "Bạn không có quyền xuất %s.", "You have no right to export %s.", in_sentence(c, k->plural));
    int64_t n = !failed(c) && begin_output(&x, o) ? write_records(&x, &f, o) : 0;
    if (o->nmarks && o->format == EXPORT_XLSX && !failed(c))
        marks_sheet(&x, o);
    end_output(&x);
    return db_commit(c) ? n : -1;
}

/* --- blank tables --------------------------------------------------------------------------------------- */

static int width_for(const struct field *f)
{
    if (f->type == TYPE_TEXT)
        return f->max > 150 ? 40 : f->max > 60 ? 28 : 18;
    return f->type == TYPE_REF || f->type == TYPE_CHOICE ? 24 : 14;
}

static const char *choices_of(struct ctx *c, const struct field *f)
{
    struct buf b = {0};
    const struct rule_item **items;
    size_t n = f->type == TYPE_CHOICE ? rule_items(c, f->rule, c->today, &items) : 0;
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%s", b.n ? "; " : "", in_words(c, items[i]->label));
    for (size_t i = 1; i < f->nwords; i++)
        buf_printf(&b, "%s%s", b.n ? "; " : "", in_words(c, f->words[i].label));
    if (f->type == TYPE_REF)
        buf_printf(&b, "%s", say(c, "mã hoặc tên của %s", "code or name of one of %s", in_sentence(c, f->to->plural)));
    if (f->type == TYPE_FLAG)
        buf_printf(&b, "%s", say(c, "x = Có; Không", "x = Yes; No"));
    return b.n ? buf_take(&b, &c->arena) : "";
}

static const char *type_words(struct ctx *c, const struct field *f)
{
    static const struct words names[] = {
        [TYPE_TEXT] = {"Chữ", "Text"},          [TYPE_NUMBER] = {"Số nguyên, như 1.234", "Whole number, such as 1.234"},
        [TYPE_DAY] = {"Ngày, như 27/03/1970", "Day, such as 27/03/1970"},
        [TYPE_PDAY] = {"Ngày, tháng hoặc năm: 27/03/1970, 03/1970, 1970", "Day, month or year: 27/03/1970, 03/1970, 1970"},
        [TYPE_FLAG] = {"Có hoặc Không", "Yes or no"}, [TYPE_ENUM] = {"Chọn trong danh mục", "One of a list"},
        [TYPE_CHOICE] = {"Chọn trong danh mục", "One of a list"}, [TYPE_REF] = {"Mã hoặc tên", "Code or name"},
    };
    return in_words(c, names[f->type]);
}

static void explain(struct ctx *c, const struct kind *k, struct table_out *t)
{
    const struct xlsx_column heads[] = {{say(c, "Cột", "Column"), 28}, {say(c, "Bắt buộc", "Required"), 10}, {say(c, "Cách ghi", "How to write it"), 34},
                                        {say(c, "Chọn một trong", "One of"), 60}, {say(c, "Tên khác được hiểu", "Other heads understood"), 40}, {say(c, "Trường", "Field"), 20}};
    table_out_next_sheet(t, say(c, "Hướng dẫn", "Guide"));
    table_out_head(t, heads, N(heads));
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if (!field_importable(f))
            continue;
        table_out_cell(t, value_text(in_words(c, f->label)));
        table_out_cell(t, value_text(f->flags & REQUIRED ? say(c, "Có", "Yes") : ""));
        table_out_cell(t, value_text(type_words(c, f)));
        table_out_cell(t, value_text(choices_of(c, f)));
        table_out_cell(t, value_text(f->also ? f->also : ""));
        table_out_cell(t, value_text(f->name));
        table_out_end_row(t);
    }
}

bool export_template(struct ctx *c, const struct kind *k, enum export_format format, const char *path)
{
    if (k->flags & COMPUTED)
        fail(c, ERR_USAGE, "Chương trình tự ghi %s: không có biểu mẫu.", "The program writes %s itself: there is no template.", in_sentence(c, k->plural));
    else if (format == EXPORT_JSON)
        fail(c, ERR_USAGE, "Biểu mẫu có dạng CSV hoặc XLSX.", "Templates are CSV or XLSX.");
    struct table_out *t = table_create(c, path, format == EXPORT_XLSX, in_words(c, k->plural));
    struct xlsx_column *heads = NEW_N(&c->arena, struct xlsx_column, k->nfields + 1);
    size_t n = 0;
    for (size_t i = 0; i < k->nfields; i++)
        if (field_importable(&k->fields[i]))
            heads[n++] = (struct xlsx_column){in_words(c, k->fields[i].label), width_for(&k->fields[i])};
    table_out_head(t, heads, n);
    if (format == EXPORT_XLSX)
        explain(c, k, t);
    return table_out_close(t);
}
