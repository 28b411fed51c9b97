/* Recognising heads; see import_columns.h. A head means a field when it is, without case, diacritics and what stands in brackets,
 * the field's name, one of its labels or one of its other names. */
#include "import_columns.h"

#include "base/str.h"
#include "base/text.h"
#include "type.h"

enum { COLUMNS_READ = 1000 }; /* nobody's register has more */

const struct words import_unit_label = {"Đơn vị quản lý", "Kept by unit"};

bool field_importable(const struct field *f)
{
    return !(f->flags & (READONLY | SECRET));
}

/* --- the names of fields ------------------------------------------------------------------------- */

struct named {
    const char *fold;
    const struct field *field;
};

/* "This head is that field", as told by somebody. */
struct mapping {
    const char *fold, *field;
    bool told; /* by the option, now */
    struct mapping *next;
};

struct names {
    struct ctx *c;
    const struct kind *kind;
    struct named *v;
    size_t n, room;
    const struct field *person_name; /* the title, when it is a person's name */
    struct mapping *mappings;
};

static void names_add(struct names *l, const char *s, size_t n, const struct field *f)
{
    if (l->n == l->room) {
        struct named *more = NEW_N(&l->c->arena, struct named, l->room = l->room ? l->room * 2 : 128);
        if (l->n)
            memcpy(more, l->v, l->n * sizeof *more);
        l->v = more;
    }
    l->v[l->n++] = (struct named){text_fold(&l->c->arena, arena_copy(&l->c->arena, s, n)), f};
}

static void names_of(struct names *l)
{
    const struct kind *k = l->kind;
    for (size_t i = 0; i < k->nfields; i++) { /* labels and names go before other names */
        const struct field *f = &k->fields[i];
        if (f->flags & SECRET)
            continue;
        names_add(l, f->name, strlen(f->name), f);
        names_add(l, f->label.vi, strlen(f->label.vi), f);
        names_add(l, f->label.en, strlen(f->label.en), f);
    }
    for (size_t i = 0; i < k->nfields; i++)
        for (const char *s = k->fields[i].also; s && *s && !(k->fields[i].flags & SECRET);) {
            size_t n = strcspn(s, "|");
            names_add(l, s, n, &k->fields[i]);
            s += n + (s[n] == '|');
        }
    l->person_name = k->person_name && k->title ? field_need(k, k->title) : NULL;
}

static const struct field *names_find(const struct names *l, const char *fold)
{
    for (size_t i = 0; *fold && i < l->n; i++)
        if (strcmp(l->v[i].fold, fold) == 0)
            return l->v[i].field;
    return NULL;
}

static bool one_of(const char *s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(s, list[i]) == 0)
            return true;
    return false;
}

/* The word of an enumeration of the kind: "nu" is one of the words of sex. */
static const struct field *word_of(const struct names *l, const char *fold, const struct word **word)
{
    for (size_t i = 0; *fold && i < l->kind->nfields; i++) {
        const struct field *f = &l->kind->fields[i];
        for (size_t j = 1; f->type == TYPE_ENUM && field_importable(f) && j < f->nwords; j++)
            if (strcmp(text_fold(&l->c->arena, f->words[j].label.vi), fold) == 0 || strcmp(text_fold(&l->c->arena, f->words[j].label.en), fold) == 0) {
                *word = &f->words[j];
                return f;
            }
    }
    return NULL;
}

/* "12. Họ và tên (in hoa)*" -> "ho va ten". */
static const char *head_fold(struct ctx *c, const char *head)
{
    char *s = arena_text(&c->arena, head), *open = strchr(s, '(');
    if (open && open != s)
        *open = '\0';
    const char *fold = text_fold(&c->arena, s);
    size_t digits = strspn(fold, "0123456789");
    return digits && fold[digits] == ' ' ? fold + digits + 1 : fold;
}

/* "nam sinh nu": a field, and a word of an enumeration behind it. */
static bool mean_field_under_word(const struct names *l, struct column *col)
{
    const char *space = strrchr(col->fold, ' ');
    const struct word *word;
    const struct field *marks = space ? word_of(l, space + 1, &word) : NULL;
    const struct field *field = marks ? names_find(l, arena_copy(&l->c->arena, col->fold, (size_t)(space - col->fold))) : NULL;
    if (!field || field == marks)
        return false;
    col->means = MEANS_FIELD;
    col->field = field;
    col->marks = marks;
    col->word = word;
    return true;
}

static void mean(const struct names *l, struct column *col)
{
    static const char *const numbering[] = {"stt", "tt", "so tt", "so thu tu", "no"};
    static const char *const unit[] = {"don vi quan ly", "kept by unit"};
    static const char *const unit_too[] = {"unit", "don vi", "ma don vi", "ma don vi quan ly"};
    static const char *const first[] = {"ho va dem", "ho dem", "ho va ten dem", "ho ten dem", "ho va chu dem", "ho chu dem", "ho va ten lot", "ho lot", "ho", "family and middle names"};
    static const char *const rest[] = {"ten", "ten goi", "given name"};
    col->means = MEANS_NOTHING;
    if (one_of(col->fold, numbering, N(numbering)))
        col->means = MEANS_NUMBERING;
    else if (strcmp(col->fold, IMPORT_ID) == 0)
        col->means = MEANS_ID;
    else if (l->person_name && one_of(col->fold, first, N(first)))
        col->means = MEANS_FIRST;
    else if (l->person_name && one_of(col->fold, rest, N(rest)))
        col->means = MEANS_REST;
    else if (one_of(col->fold, unit, N(unit)))
        col->means = MEANS_UNIT;
    else if ((col->field = names_find(l, col->fold)))
        col->means = MEANS_FIELD;
    else if (one_of(col->fold, unit_too, N(unit_too)))
        col->means = MEANS_UNIT;
    else if (!mean_field_under_word(l, col) && (col->marks = word_of(l, col->fold, &col->word)))
        col->means = MEANS_WORD;
    if (col->means == MEANS_FIRST || col->means == MEANS_REST)
        col->field = l->person_name;
}

/* --- mappings ------------------------------------------------------------------------------------- */

/* One "head=field" of the option; the rest, or NULL at the end. "-" as the field: the column is not read. */
static const char *next_pair(struct ctx *c, const char *s, const char **fold, const char **field)
{
    while (s && *s) {
        size_t n = strcspn(s, ";\n");
        const char *eq = memrchr(s, '=', n), *next = s + n + (s[n] != '\0');
        if (eq) {
            *fold = head_fold(c, arena_copy(&c->arena, s, (size_t)(eq - s)));
            *field = str_clean(&c->arena, eq + 1, (size_t)(s + n - eq - 1));
            return next;
        }
        if (!str_blank(arena_copy(&c->arena, s, n)))
            fail(c, ERR_USAGE, "“%.*s” không phải là ghép cột: viết “Tên cột=trường; Tên cột=trường”.", "“%.*s” maps no column: write “Head=field; Head=field”.",
                 (int)(n < 200 ? n : 200), s);
        s = next;
    }
    return NULL;
}

/* What was learnt, and then what the option says, which goes before. */
static void mappings_of(struct names *l, const struct import_options *o)
{
    struct ctx *c = l->c;
    struct mapping **last = &l->mappings;
    struct rows *r = db_query(c, "SELECT head, field FROM import_mapping WHERE shard = 0 AND kind = $1 ORDER BY head", V(l->kind->name));
    while (rows_next(r)) {
        *last = NEW(&c->arena, struct mapping);
        **last = (struct mapping){arena_text(&c->arena, rows_text(r, 0)), arena_text(&c->arena, rows_text(r, 1)), false, NULL};
        last = &(*last)->next;
    }
    const char *fold, *field, *s = o->mapping;
    while ((s = next_pair(c, s, &fold, &field)) && !failed(c)) {
        *last = NEW(&c->arena, struct mapping);
        **last = (struct mapping){fold, field, true, NULL};
        last = &(*last)->next;
    }
}

static bool mapping_fits(const struct mapping *m, const struct column *col)
{
    return strcmp(col->fold, m->fold) == 0 || (m->told && strcasecmp(col->name, m->fold) == 0);
}

static void mean_as_told(const struct names *l, struct column *col)
{
    for (const struct mapping *m = l->mappings; m; m = m->next) {
        if (!mapping_fits(m, col))
            continue;
        struct column told = {.fold = text_fold(&l->c->arena, m->field)};
        mean(l, &told);
        if (told.means == MEANS_NOTHING && strcmp(m->field, "-") != 0)
            continue; /* what was learnt once may name a field that is gone */
        col->means = told.means;
        col->field = told.field;
        col->marks = told.marks;
        col->word = told.word;
    }
}

/* The option's own mistakes are told: a column that the file does not have, a field that the kind does not. */
static void check_mappings(const struct names *l, const struct columns *cols)
{
    struct ctx *c = l->c;
    for (const struct mapping *m = l->mappings; m; m = m->next) {
        struct column told = {.fold = text_fold(&c->arena, m->field)};
        bool found = !m->told;
        for (size_t i = 0; i < cols->n; i++)
            found |= mapping_fits(m, &cols->v[i]);
        mean(l, &told);
        if (!found)
            fail(c, ERR_USAGE, "Ghép cột: trong tệp không có cột “%s”.", "Mapping: the file has no column “%s”.", m->fold);
        else if (m->told && told.means == MEANS_NOTHING && strcmp(m->field, "-") != 0) {
            struct buf b = {0};
            for (size_t i = 0; i < l->kind->nfields; i++)
                if (field_importable(&l->kind->fields[i]))
                    buf_printf(&b, "%s%s", b.n ? ", " : "", l->kind->fields[i].name);
            fail(c, ERR_USAGE, "Ghép cột “%s”: %s không có trường “%s”. Các trường: %s.", "Mapping “%s”: %s has no field “%s”. Its fields: %s.", m->fold,
                 in_words(c, l->kind->label), m->field, buf_text(&b));
            buf_free(&b);
        }
    }
}

/* The head that a pair of the option speaks of, also when it names the column by its letter. */
static const char *head_meant(const struct columns *cols, const char *fold)
{
    for (size_t i = 0; i < cols->n; i++)
        if (strcmp(cols->v[i].fold, fold) == 0)
            return fold;
    for (size_t i = 0; i < cols->n; i++)
        if (strcasecmp(cols->v[i].name, fold) == 0)
            return cols->v[i].fold;
    return "";
}

void columns_learn(struct ctx *c, const struct columns *cols, const struct import_options *o)
{
    const char *fold, *field, *s = o->mapping;
    while ((s = next_pair(c, s, &fold, &field)) && !failed(c)) {
        fold = head_meant(cols, fold);
        if (!*fold)
            continue; /* a column without a head: nothing to know it by next time */
        db_run(c,
               "INSERT INTO import_mapping (shard, kind, head, field) VALUES (0, $1, $2, $3) "
               "ON CONFLICT (shard, kind, head) DO UPDATE SET field = excluded.field",
               V(cols->kind->name), V(fold), V(field));
    }
}

/* --- the head row --------------------------------------------------------------------------------- */

static const char *cell_text(struct ctx *c, const struct import_row *row, size_t at)
{
    for (size_t i = 0; i < row->n; i++)
        if (row->cells[i].column == at) {
            const char *s = value_as_text(c, row->cells[i].v);
            return str_clean(&c->arena, s, strlen(s));
        }
    return "";
}

static struct columns heads_of(struct ctx *c, const struct names *l, const struct import_row *row, size_t width)
{
    struct columns cols = {.kind = l->kind, .v = NEW_N(&c->arena, struct column, width + 1), .n = width};
    for (size_t at = 0; at < width; at++) {
        struct column *col = &cols.v[at];
        col->at = at;
        column_name(at, col->name);
        col->head = cell_text(c, row, at);
        col->fold = head_fold(c, col->head);
        mean(l, col);
        mean_as_told(l, col);
    }
    return cols;
}

static size_t width_of(const struct import_row *rows, size_t n)
{
    size_t width = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < rows[i].n; j++)
            if (rows[i].cells[j].column >= width)
                width = rows[i].cells[j].column + 1;
    return width < COLUMNS_READ ? width : COLUMNS_READ;
}

/* How many different fields a row of heads names. */
static size_t worth(const struct columns *cols)
{
    size_t n = 0;
    for (size_t i = 0; i < cols->n; i++) {
        const struct column *col = &cols->v[i];
        bool again = false;
        for (size_t j = 0; j < i; j++)
            again |= cols->v[j].means == col->means && cols->v[j].field == col->field && cols->v[j].word == col->word;
        n += !again && col->means > MEANS_NUMBERING;
    }
    return n;
}

/* "1 2 3 4" or "(1) (2) (3)" or "A B C" under the heads. */
static bool numbers_columns(struct ctx *c, const struct import_row *row)
{
    int64_t before = 0;
    for (size_t i = 0; i < row->n; i++) {
        const char *fold = text_fold(&c->arena, value_as_text(c, row->cells[i].v));
        int64_t v;
        if (strlen(fold) == 1 && *fold >= 'a' && *fold <= 'z')
            v = *fold - 'a' + 1;
        else if (!int_parse(fold, &v))
            return false;
        if (v < before || v > before + 3)
            return false;
        before = v;
    }
    return row->n >= 3;
}

/* Whether the row after the heads only fills their gaps or stands under merged heads. */
static bool is_sub_head(struct ctx *c, const struct columns *cols, const struct import_row *row)
{
    size_t told = 0;
    for (size_t i = 0; i < row->n; i++) {
        size_t at = row->cells[i].column;
        if (row->cells[i].v.type != VALUE_TEXT || at >= cols->n)
            return false;
        bool gap = !*cols->v[at].head, merged = at + 1 < cols->n && !*cols->v[at + 1].head && *cell_text(c, row, at + 1);
        if (!gap && !merged)
            return false;
        told++;
    }
    return told > 0;
}

static void join_sub_head(struct ctx *c, const struct names *l, struct columns *cols, const struct import_row *row)
{
    const char *above = "";
    for (size_t at = 0; at < cols->n; at++) {
        struct column *col = &cols->v[at];
        const char *sub = cell_text(c, row, at);
        if (*col->head)
            above = col->head;
        if (!*sub)
            continue;
        struct column joined = *col, alone = *col;
        joined.head = *above ? arena_printf(&c->arena, "%s %s", above, sub) : sub;
        joined.fold = head_fold(c, joined.head);
        alone.head = joined.head;
        alone.fold = head_fold(c, sub);
        mean(l, &joined);
        mean(l, &alone);
        /* Under "Năm sinh" a "Nữ" is a birth day; under nothing, a mark. */
        *col = joined.means != MEANS_NOTHING ? joined : alone;
        col->fold = joined.fold;
    }
}

/* A name written over two columns under one head: the second has none. */
static void find_split_name(const struct names *l, struct columns *cols, const struct import_row *rows, size_t n)
{
    for (size_t i = 0; l->person_name && i + 1 < cols->n; i++) {
        if (cols->v[i].means != MEANS_FIELD || cols->v[i].field != l->person_name || *cols->v[i + 1].head)
            continue;
        for (size_t j = 0; j < n; j++)
            for (size_t k = 0; k < rows[j].n; k++)
                if (rows[j].cells[k].column == i + 1) {
                    cols->v[i].means = MEANS_FIRST;
                    cols->v[i + 1].means = MEANS_REST;
                    cols->v[i + 1].field = l->person_name;
                    return;
                }
    }
}

/* Of two columns with one meaning the first is read. A lone "Tên" is the whole name. */
static void settle(struct columns *cols)
{
    bool first = false;
    for (size_t i = 0; i < cols->n; i++)
        first |= cols->v[i].means == MEANS_FIRST;
    for (size_t i = 0; i < cols->n; i++) {
        struct column *col = &cols->v[i];
        if (col->means == MEANS_REST && !first)
            col->means = MEANS_FIELD;
        for (size_t j = 0; j < i; j++)
            if (col->means > MEANS_NUMBERING && cols->v[j].means == col->means && cols->v[j].field == col->field && cols->v[j].word == col->word)
                col->means = MEANS_NOTHING;
        cols->has_id |= col->means == MEANS_ID;
    }
}

const struct column *columns_of_field(const struct columns *cols, const char *field)
{
    for (size_t i = 0; field && i < cols->n; i++)
        if (cols->v[i].means > MEANS_NUMBERING && cols->v[i].field && strcmp(cols->v[i].field->name, field) == 0)
            return &cols->v[i];
    return NULL;
}

static const char *heads_seen(struct ctx *c, const struct columns *cols)
{
    struct buf b = {0};
    for (size_t i = 0; i < cols->n; i++)
        if (*cols->v[i].head)
            buf_printf(&b, "%s%s", b.n ? "; " : "", cols->v[i].head);
    return b.n ? buf_take(&b, &c->arena) : say(c, "(không có)", "(none)");
}

static bool filled_by_hook(const struct field *f)
{
    return f->type == TYPE_ENUM || f->type == TYPE_FLAG; /* a fill hook derives some of these; the check of each row tells */
}

/* Updates by id or code need only their own columns; new records need what is required. */
static void check_required(struct ctx *c, const struct columns *cols)
{
    struct buf b = {0};
    const struct kind *k = cols->kind;
    if (cols->has_id || (k->code && columns_of_field(cols, k->code) && !(field_need(k, k->code)->flags & REQUIRED)))
        return;
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        bool marked = false;
        for (size_t j = 0; j < cols->n; j++)
            marked |= cols->v[j].marks == f;
        if ((f->flags & REQUIRED) && field_importable(f) && !filled_by_hook(f) && !marked && !columns_of_field(cols, f->name))
            buf_printf(&b, "%s%s", b.n ? ", " : "", in_words(c, f->label));
    }
    if (b.n)
        fail(c, ERR_BAD_INPUT, "Thiếu cột bắt buộc: %s. Các cột trong tệp: %s. Đặt lại tên cột, hoặc ghép cột bằng “Tên cột=trường”.",
             "Required columns are missing: %s. The heads in the file: %s. Rename a column, or map it with “Head=field”.", buf_text(&b), heads_seen(c, cols));
    buf_free(&b);
}

bool columns_find(struct ctx *c, const struct kind *k, const struct import_row *rows, size_t n, const struct import_options *o, struct columns *out)
{
    struct names names = {.c = c, .kind = k};
    size_t width = width_of(rows, n), best = 0, at = 0;
    names_of(&names);
    mappings_of(&names, o);
    *out = (struct columns){.kind = k};
    for (size_t i = 0; i < n && !failed(c); i++) {
        struct columns cols = heads_of(c, &names, &rows[i], width);
        size_t w = worth(&cols);
        if (w > best) {
            best = w;
            at = i;
            *out = cols;
        }
    }
    if (!best && !failed(c)) {
        struct columns seen = n ? heads_of(c, &names, &rows[0], width) : (struct columns){.kind = k};
        *out = seen; /* for whoever asks which column is what */
        out->first = 1;
        fail(c, ERR_BAD_INPUT, "Không thấy dòng tiêu đề của %s trong %d dòng đầu. Dòng đầu tiên có: %s. Lấy biểu mẫu trống để biết tên cột.",
             "No head row of %s among the first %d rows. The first row has: %s. Take the blank template to see the heads.", in_words(c, k->plural), HEAD_WITHIN,
             heads_seen(c, &seen));
    }
    if (failed(c))
        return false;
    out->first = at + 1;
    if (out->first < n && is_sub_head(c, out, &rows[out->first]))
        join_sub_head(c, &names, out, &rows[out->first++]);
    if (out->first < n && numbers_columns(c, &rows[out->first]))
        out->first++;
    find_split_name(&names, out, rows + out->first, n - out->first);
    for (size_t i = 0; i < out->n; i++)
        mean_as_told(&names, &out->v[i]);
    check_mappings(&names, out);
    settle(out);
    if (!failed(c))
        check_required(c, out);
    return !failed(c);
}
