/* A row becomes a record, by the same record_save() as everything; see import_row.h. */
#include "import_row.h"

#include "base/str.h"
#include "base/text.h"
#include "type.h"

/* --- what was looked up before -------------------------------------------------------------------- */

enum { KNOWN_FIRST = 1024, REFS_MOST = 1 << 15, SEEN_MOST = 1 << 19 };

/* Both are open addressing; sizes are powers of two, never more than half full. */
struct ref {
    const void *of;   /* the kind or the field */
    const char *text; /* NULL: free */
    int64_t id;
    const char *word; /* of a rule or an enumeration: lives as long as the program */
};

struct refs {
    struct ref *v;
    size_t n;
};

struct seen_row {
    int64_t id; /* 0: free */
    int64_t number;
};

struct seen {
    struct seen_row *v;
    size_t size, n;
};

static struct ref *ref_slot(const struct refs *l, const void *of, const char *words)
{
    uint64_t h = (uint64_t)(uintptr_t)of;
    for (const char *s = words; *s; s++)
        h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
    for (size_t at = (size_t)(h ^ h >> 32) & (2 * REFS_MOST - 1);; at = (at + 1) & (2 * REFS_MOST - 1)) {
        struct ref *r = &l->v[at];
        if (!r->text || (r->of == of && strcmp(r->text, words) == 0))
            return r;
    }
}

static void ref_add(struct importing *im, const void *of, const char *words, int64_t id, const char *word)
{
    struct ref *r = im->refs->n < REFS_MOST ? ref_slot(im->refs, of, words) : NULL;
    if (!r || r->text)
        return;
    *r = (struct ref){of, arena_text(&im->c->kept, words), id, word};
    im->refs->n++;
}

static struct seen_row *seen_slot(const struct seen *l, int64_t id)
{
    size_t at = (size_t)((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (l->size - 1);
    while (l->v[at].id && l->v[at].id != id)
        at = (at + 1) & (l->size - 1);
    return &l->v[at];
}

static void seen_add(struct importing *im, int64_t id, int64_t at)
{
    struct seen *l = im->saved_in;
    if (l->n >= SEEN_MOST)
        return;
    if (l->n * 2 >= l->size) {
        struct seen old = *l;
        l->size *= 2;
        l->v = NEW_N(&im->c->kept, struct seen_row, l->size);
        for (size_t i = 0; i < old.size; i++)
            if (old.v[i].id)
                *seen_slot(l, old.v[i].id) = old.v[i];
    }
    struct seen_row *r = seen_slot(l, id);
    l->n += !r->id;
    *r = (struct seen_row){id, at};
}

/* The row of the file that became the record; 0 when none did. */
static int64_t seen_at(const struct importing *im, int64_t id)
{
    return id ? seen_slot(im->saved_in, id)->number : 0;
}

void import_start(struct importing *im)
{
    struct arena *a = &im->c->kept;
    im->refs = NEW(a, struct refs);
    im->refs->v = NEW_N(a, struct ref, 2 * REFS_MOST);
    im->saved_in = NEW(a, struct seen);
    im->saved_in->size = KNOWN_FIRST;
    im->saved_in->v = NEW_N(a, struct seen_row, KNOWN_FIRST);
}

void import_forget(struct importing *im)
{
    memset(im->refs->v, 0, 2 * REFS_MOST * sizeof *im->refs->v);
    im->refs->n = 0;
}

/* --- cells ---------------------------------------------------------------------------------------- */

struct import_error *import_tell(struct importing *im, struct tried *t, const struct column *col, bool warning, const char *words)
{
    struct told *one = NEW(&im->rows, struct told);
    one->error = (struct import_error){.row = t->row.number, .column = col ? col->name : NULL, .head = col ? col->head : NULL,
                                       .text = arena_text(&im->rows, words), .warning = warning};
    *t->last = one;
    t->last = &one->next;
    return &one->error;
}

static struct value cell(const struct import_row *row, size_t at)
{
    for (size_t i = 0; i < row->n && row->cells[i].column <= at; i++)
        if (row->cells[i].column == at)
            return row->cells[i].v;
    return value_null();
}

static bool blank(struct value v)
{
    return v.type == VALUE_NULL || (v.type == VALUE_TEXT && str_blank(v.s));
}

/* A word of a list, in any spelling, looked up once. */
static const char *parse_word(struct importing *im, const struct field *f, struct value v, void *record)
{
    struct ctx *c = im->c;
    const char *words = value_as_text(c, v);
    const struct ref *known = ref_slot(im->refs, f, words);
    if (known->text) {
        field_set(f, record, value_text(known->word));
        return NULL;
    }
    const char *why = type_parse(c, f, v, record);
    if (!why)
        ref_add(im, f, words, 0, field_get(f, record).s);
    return why;
}

/* A reference by code or name, looked up once. */
static const char *parse_reference(struct importing *im, const struct field *f, struct value v, void *record, bool *waits)
{
    struct ctx *c = im->c;
    const char *words = value_as_text(c, v);
    const struct ref *known = ref_slot(im->refs, f->to, words);
    if (known->text) {
        field_set(f, record, value_int(known->id));
        return NULL;
    }
    const char *why = type_parse(c, f, v, record);
    if (!why)
        ref_add(im, f->to, words, field_ref(f, record), NULL);
    else if (f->to == im->kind && im->may_wait)
        *waits = true;
    return why;
}

/* The name of which this column holds the first part. */
static struct value joined_name(struct importing *im, const struct import_row *row, const struct column *first)
{
    struct ctx *c = im->c;
    const char *s = value_as_text(c, cell(row, first->at));
    for (size_t i = 0; i < im->columns.n; i++)
        if (im->columns.v[i].means == MEANS_REST)
            s = arena_printf(&c->arena, "%s %s", s, value_as_text(c, cell(row, im->columns.v[i].at)));
    return value_text(s);
}

static bool is_mark(struct ctx *c, struct value v)
{
    static const char *const marks[] = {"x", "1", "co", "yes", "true", "v"};
    const char *fold = text_fold(&c->arena, value_as_text(c, v));
    for (size_t i = 0; i < N(marks); i++)
        if (strcmp(fold, marks[i]) == 0)
            return true;
    return false;
}

struct filling {
    struct importing *im;
    struct tried *t;
    void *record;
    bool fresh;      /* a new record */
    bool restored;   /* with all that an export tells of it */
    bool keep_blank; /* a blank cell says nothing */
    bool bad, waits;
};

static void fill_word(struct filling *f, const struct column *col, struct value v)
{
    struct ctx *c = f->im->c;
    if (is_mark(c, v)) {
        field_set(col->marks, f->record, value_text(col->word->word));
    } else if (!blank(v)) {
        f->bad = true;
        import_tell(f->im, f->t, col, false, say(c, "Cột “%s” đánh dấu x hoặc để trống; đang là “%s”.", "Column “%s” takes an x or nothing; it is “%s”.", col->head, value_as_text(c, v)));
    } else if (f->fresh && col->marks->nwords == 3 && field_empty(col->marks, f->record)) { /* one of two: not this one */
        field_set(col->marks, f->record, value_text(col->marks->words[&col->marks->words[1] == col->word ? 2 : 1].word));
    }
}

static void fill_one(struct filling *f, const struct column *col)
{
    struct importing *im = f->im;
    struct value v = cell(&f->t->row, col->at);
    if (col->means == MEANS_WORD) {
        fill_word(f, col, v);
        return;
    }
    if ((col->means != MEANS_FIELD && col->means != MEANS_FIRST) || (!field_importable(col->field) && !f->restored))
        return;
    if (col->means == MEANS_FIRST)
        v = joined_name(im, &f->t->row, col);
    if (blank(v) && (f->fresh || f->keep_blank || col->marks || (col->field->flags & INPUT)))
        return;
    enum type type = blank(v) ? TYPE_TEXT : col->field->type;
    const char *why = type == TYPE_REF                            ? parse_reference(im, col->field, v, f->record, &f->waits)
                      : type == TYPE_CHOICE || type == TYPE_ENUM ? parse_word(im, col->field, v, f->record)
                                                                  : type_parse(im->c, col->field, v, f->record);
    if (why) {
        f->bad = true;
        import_tell(im, f->t, col, false, why);
    } else if (col->marks) {
        field_set(col->marks, f->record, value_text(col->word->word));
    }
}

/* Where a new record stands when no field of its kind says so. */
static void fill_unit(struct filling *f)
{
    struct importing *im = f->im;
    struct row *row = f->record;
    row->unit = im->unit;
    for (size_t i = 0; i < im->columns.n; i++) {
        const struct column *col = &im->columns.v[i];
        struct value v = cell(&f->t->row, col->at);
        if (col->means != MEANS_UNIT || blank(v))
            continue;
        struct field place = {.name = "unit", .label = {"Đơn vị", "Unit"}, .type = TYPE_REF, .offset = offsetof(struct row, unit), .to = kind_of_places()};
        const char *why = parse_reference(im, &place, v, row, &f->waits);
        if (!why)
            continue;
        f->bad = true;
        import_tell(im, f->t, col, false, why);
    }
}

/* --- which record ---------------------------------------------------------------------------------- */

static const struct column *column_meaning(const struct columns *cols, enum means means)
{
    for (size_t i = 0; i < cols->n; i++)
        if (cols->v[i].means == means)
            return &cols->v[i];
    return NULL;
}

/* The stored record that the row speaks of by id; a new one with that id when there is none. */
static bool by_id(struct filling *f, const struct column *col, struct value v)
{
    struct importing *im = f->im;
    struct ctx *c = im->c;
    const char *s = value_as_text(c, v);
    int64_t id = 0;
    if (!int_parse(str_clean(&c->arena, s, strlen(s)), &id) || id <= 0) {
        import_tell(im, f->t, col, false, say(c, "Mã số “%s” không phải là số: để trống nếu là hồ sơ mới.", "Id “%s” is no number: leave it blank for a new record.", s));
        return false;
    }
    f->record = record_find(c, im->kind, id, ACT_READ);
    if (f->record)
        return true;
    if (!im->may_restore) {
        import_tell(im, f->t, col, false,
                    say(c, "Không có hồ sơ mang mã số %lld. Chỉ người quản trị khôi phục được hồ sơ theo mã số; để trống cột id nếu là hồ sơ mới.",
                        "There is no record of id %lld. Only an administrator may restore records by id; leave the id blank for a new record.", (long long)id));
        return false;
    }
    f->record = arena_alloc(&c->arena, im->kind->size);
    ((struct row *)f->record)->id = id;
    f->fresh = f->restored = true;
    return true;
}

/* Two rows of one file must not speak of one record. */
static bool said_before(struct filling *f, const struct column *col)
{
    struct importing *im = f->im;
    const struct row *row = f->record;
    int64_t before = row ? seen_at(im, row->id) : 0;
    if (!before || before == f->t->row.number)
        return false;
    struct import_error *e = import_tell(im, f->t, col, false, say(im->c, "Trùng với dòng %lld của tệp.", "The same as row %lld of the file.", (long long)before));
    e->duplicate = true;
    e->twin = before;
    return true;
}

static bool find_record(struct filling *f)
{
    struct importing *im = f->im;
    struct ctx *c = im->c;
    const struct kind *k = im->kind;
    const struct column *id = im->columns.has_id ? column_meaning(&im->columns, MEANS_ID) : NULL;
    struct value v = id ? cell(&f->t->row, id->at) : value_null();
    if (!blank(v))
        return by_id(f, id, v) && !said_before(f, id);
    if (k->flags & COMPUTED) {
        import_tell(im, f->t, id, false, say(c, "Chương trình tự ghi loại hồ sơ này: dòng phải có id.", "The program writes this kind itself: the row needs its id."));
        return false;
    }
    const struct column *code = columns_of_field(&im->columns, k->code);
    v = code ? cell(&f->t->row, code->at) : value_null();
    if (!blank(v)) {
        const char *s = value_as_text(c, v);
        f->record = record_by_code(c, k, str_clean(&c->arena, s, strlen(s)), ACT_READ);
        f->keep_blank = true;
        if (said_before(f, code))
            return false;
    }
    if (!f->record) {
        f->record = arena_alloc(&c->arena, k->size);
        f->fresh = true;
    }
    return true;
}

/* --- saving ---------------------------------------------------------------------------------------- */

static void tell_problems(struct importing *im, struct tried *t, const struct problems *p)
{
    struct ctx *c = im->c;
    for (const struct problem *one = p->first; one; one = one->next) {
        const struct column *col = columns_of_field(&im->columns, one->field);
        if (!col && one->field && strcmp(one->field, "unit") == 0)
            col = column_meaning(&im->columns, MEANS_UNIT);
        int64_t twin = seen_at(im, one->other);
        const char *words = one->text;
        if (twin && one->duplicate) /* that record is known to nobody yet but by its row */
            words = say(c, "Trùng với dòng %lld của tệp: có thể là một.", "The same as row %lld of the file: it may be one.", (long long)twin);
        else if (twin)
            words = say(c, "Trùng với dòng %lld của tệp. %s", "The same as row %lld of the file. %s", (long long)twin, one->text);
        struct import_error *e = import_tell(im, t, col, one->warning, words);
        e->duplicate = one->duplicate || twin;
        e->twin = twin;
        e->other = twin ? 0 : one->other;
    }
}

/* Failures that concern one row; others end the import. */
static bool of_the_row(enum err_code code)
{
    return code == ERR_USAGE || code == ERR_BAD_INPUT || code == ERR_DENIED || code == ERR_MISSING || code == ERR_CONFLICT;
}

/* Refused for nothing but being like rows of the same file, which an export told apart: they were two where they come from. */
static bool told_apart(const struct filling *f, const struct problems *p)
{
    if (!f->restored || !p->n)
        return false;
    for (const struct problem *one = p->first; one; one = one->next)
        if (!one->warning && !(one->duplicate && seen_at(f->im, one->other)))
            return false;
    return true;
}

static void save(struct filling *f)
{
    struct importing *im = f->im;
    struct ctx *c = im->c;
    struct row *row = f->record;
    int64_t version = row->version;
    struct problems p;
    problems_start(&p, c);
    p.refuse_duplicates = !im->options->keep_duplicates;
    c->undoing = c->restoring = f->restored;
    bool ok = record_save(c, im->kind, row, &p);
    if (!ok && !failed(c) && told_apart(f, &p)) {
        problems_start(&p, c);
        ok = record_save(c, im->kind, row, &p);
    }
    c->undoing = c->restoring = false;
    tell_problems(im, f->t, &p);
    if (ok) {
        f->t->outcome = row->version == version ? ROW_UNCHANGED : ROW_SAVED;
        seen_add(im, row->id, f->t->row.number);
    } else if (failed(c) && of_the_row(c->err.code)) {
        import_tell(im, f->t, NULL, false, c->err.text);
        f->t->outcome = ROW_BROKEN;
    }
}

/* Whether a column says where a new record counts. */
static bool places(const struct column *col)
{
    return col->means == MEANS_UNIT || (col->means == MEANS_FIELD && col->field->to == kind_of_places() && (col->field->flags & INPUT));
}

/* " (Diện: Quần chúng ưu tú)": what the program made of the record by itself; "" = nothing. */
static const char *what_it_becomes(struct ctx *c, const struct kind *k, const void *record)
{
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if (f->type == TYPE_ENUM && (f->flags & READONLY) && (f->flags & LISTED) && !field_empty(f, record))
            return arena_printf(&c->arena, " (%s: %s)", in_words(c, f->label), type_show(c, f, record));
    }
    return "";
}

/* A new row that leaves blank where it counts was taken nevertheless, at the unit that was chosen for such rows: said, with what that means. */
static void tell_no_place(struct filling *f)
{
    struct importing *im = f->im;
    struct ctx *c = im->c;
    const struct column *blank_one = NULL;
    for (size_t i = 0; i < im->columns.n; i++) {
        const struct column *col = &im->columns.v[i];
        if (!places(col))
            continue;
        if (!blank(cell(&f->t->row, col->at)))
            return; /* another column says it */
        if (!blank_one || col->means == MEANS_FIELD)
            blank_one = col;
    }
    const struct row *row = f->record;
    void *unit = blank_one && row->unit ? record_find(c, kind_of_places(), row->unit, 0) : NULL;
    if (!unit)
        return;
    const char *name = record_title(c, kind_of_places(), unit);
    import_tell(im, f->t, blank_one, true,
                say(c, "“%s” để trống: dòng này sẽ tính ở %s, đơn vị chọn cho dòng không ghi đơn vị%s.", "“%s” is blank: this row will count at %s, the unit chosen for rows that name none%s.", blank_one->head,
                    name, what_it_becomes(c, im->kind, f->record)));
}

void import_try(struct importing *im, struct tried *t)
{
    struct arena_mark mark = arena_mark(&im->c->arena);
    struct filling f = {.im = im, .t = t};
    t->told = NULL;
    t->last = &t->told;
    t->outcome = ROW_REFUSED;
    if (find_record(&f)) {
        for (size_t i = 0; i < im->columns.n; i++)
            fill_one(&f, &im->columns.v[i]);
        if (f.fresh)
            fill_unit(&f);
        if (f.waits)
            t->outcome = ROW_WAITS;
        else if (!f.bad && !failed(im->c))
            save(&f);
        if (f.fresh && !f.restored && t->outcome == ROW_SAVED)
            tell_no_place(&f);
    }
    if (!failed(im->c)) /* else what went wrong is told there */
        arena_rewind(&im->c->arena, mark);
}
