/* The flow of an import: read, try row by row inside one transaction, tell, keep or undo; see import.h.
 *
 * A refused row has written nothing, so the first attempt goes without savepoints, which are dear: an engine keeps a copy of
 * every page that it changes after one. Only when a row is refused half-way (what follows from it cannot be saved) the
 * transaction is rolled back and all is done again, guarded by savepoints. */
#include "import.h"

#include "base/crypt.h"
#include "base/str.h"
#include "bulk.h"
#include "fmt/table_out.h"
#include "import_row.h"

enum { CHUNK_ROWS = 500, ERRORS_KEPT = 2000 };

struct flow {
    struct importing im;
    struct import_result *result;
    struct table_in *in;
    struct import_row *begun; /* rows read to find the heads */
    size_t nbegun, at;
    struct tried *tried;
    size_t ntried;
    struct arena waiting_rows;
    struct import_row *waiting;
    size_t nwaiting, room;
    struct told *errors, **last_error; /* kept until the end */
    size_t nerrors;
    const char *errors_to;
    struct table_out *out;
    bool guarded, broken; /* by savepoints; a row was refused half-way without them */
};

static struct import_row row_copy(struct arena *a, int64_t at, size_t n, const struct table_cell *cells)
{
    struct table_cell *copy = NEW_N(a, struct table_cell, n + 1);
    for (size_t i = 0; i < n; i++) {
        copy[i] = cells[i];
        if (copy[i].v.type == VALUE_TEXT)
            copy[i].v.s = arena_text(a, copy[i].v.s);
    }
    return (struct import_row){at, n, copy};
}

/* --- rows of the file ------------------------------------------------------------------------------- */

static void read_beginning(struct flow *f)
{
    struct ctx *c = f->im.c;
    struct table_row row;
    f->begun = NEW_N(&c->arena, struct import_row, HEAD_WITHIN);
    while (f->nbegun < HEAD_WITHIN && table_next(f->in, &row))
        f->begun[f->nbegun++] = row_copy(&c->arena, row.number, row.n, row.cells);
}

static bool next_row(struct flow *f, struct import_row *out)
{
    if (f->at < f->nbegun) {
        *out = f->begun[f->at++];
        return true;
    }
    struct table_row row;
    if (!table_next(f->in, &row))
        return false;
    *out = row_copy(&f->im.rows, row.number, row.n, row.cells);
    return true;
}

static bool cell_blank(const struct table_cell *cell)
{
    return cell->v.type == VALUE_NULL || (cell->v.type == VALUE_TEXT && str_blank(cell->v.s));
}

/* Rows that are no records: blank but for their number, heads repeated on a new page; titles and signatures are told of. */
static bool is_record(struct flow *f, const struct import_row *row, bool *note)
{
    const struct columns *cols = &f->im.columns;
    size_t filled = 0, meant = 0, heads = 0;
    bool required = false;
    for (size_t i = 0; i < row->n; i++) {
        const struct table_cell *cell = &row->cells[i];
        if (cell_blank(cell) || cell->column >= cols->n)
            continue;
        const struct column *col = &cols->v[cell->column];
        filled++;
        heads += cell->v.type == VALUE_TEXT && strcmp(cell->v.s, col->head) == 0;
        meant += col->means > MEANS_NUMBERING;
        required |= col->means == MEANS_ID || (col->field && (col->field->flags & REQUIRED) && col->means > MEANS_NUMBERING);
    }
    *note = !required && filled && filled <= 2 && cols->n >= 4;
    if (filled == 1 && !meant && cols->v[row->cells[0].column < cols->n ? row->cells[0].column : 0].means == MEANS_NUMBERING)
        *note = row->cells[0].v.type == VALUE_TEXT && strspn(row->cells[0].v.s, "0123456789. ") != strlen(row->cells[0].v.s);
    return meant && !*note && (heads < 2 || heads < filled);
}

/* --- telling ---------------------------------------------------------------------------------------- */

static void keep_error(struct flow *f, const struct import_error *e)
{
    struct ctx *c = f->im.c;
    if (e->warning ? f->nerrors >= ERRORS_KEPT / 2 : f->nerrors >= ERRORS_KEPT)
        return;
    struct told *one = NEW(&c->kept, struct told);
    one->error = *e;
    one->error.text = arena_text(&c->kept, e->text);
    *f->last_error = one;
    f->last_error = &one->next;
    f->nerrors++;
}

static void begin_errors_file(struct flow *f)
{
    struct ctx *c = f->im.c;
    const struct columns *cols = &f->im.columns;
    struct xlsx_column *heads = NEW_N(&c->kept, struct xlsx_column, cols->n + 1);
    for (size_t i = 0; i < cols->n; i++)
        heads[i].head = cols->v[i].head;
    heads[cols->n] = (struct xlsx_column){in_words(c, (struct words){"Lỗi", "Error"}), 60};
    f->out = table_create(c, f->errors_to, table_path_is_xlsx(f->errors_to), in_words(c, f->im.kind->plural));
    table_out_head(f->out, heads, cols->n + 1);
}

static void write_refused(struct flow *f, const struct tried *t)
{
    struct ctx *c = f->im.c;
    if (!f->errors_to || failed(c))
        return;
    if (!f->out)
        begin_errors_file(f);
    struct buf why = {0};
    for (const struct told *e = t->told; e; e = e->next)
        if (!e->error.warning)
            buf_printf(&why, "%s%s%s%s", why.n ? " " : "", e->error.column ? e->error.column : "", e->error.column ? ": " : "", e->error.text);
    for (size_t at = 0, i = 0; at < f->im.columns.n; at++) {
        while (i < t->row.n && t->row.cells[i].column < at)
            i++;
        table_out_cell(f->out, i < t->row.n && t->row.cells[i].column == at ? t->row.cells[i].v : value_null());
    }
    table_out_error(f->out, buf_text(&why));
    table_out_end_row(f->out);
    buf_free(&why);
}

static void settle(struct flow *f, const struct tried *t)
{
    struct import_result *r = f->result;
    if (t->outcome == ROW_WAITS) {
        if (f->nwaiting == f->room) {
            struct import_row *more = NEW_N(&f->waiting_rows, struct import_row, f->room = f->room ? f->room * 2 : 64);
            if (f->nwaiting)
                memcpy(more, f->waiting, f->nwaiting * sizeof *more);
            f->waiting = more;
        }
        f->waiting[f->nwaiting++] = row_copy(&f->waiting_rows, t->row.number, t->row.n, t->row.cells);
        return;
    }
    r->saved += t->outcome == ROW_SAVED;
    r->unchanged += t->outcome == ROW_UNCHANGED;
    bool warned = false, bad = t->outcome == ROW_REFUSED || t->outcome == ROW_BROKEN;
    for (const struct told *e = t->told; e; e = e->next) {
        warned |= e->error.warning;
        keep_error(f, &e->error);
    }
    r->bad += bad;
    r->warned += warned && !bad;
    if (bad)
        write_refused(f, t);
}

/* --- trying ----------------------------------------------------------------------------------------- */

/* Each row under a savepoint of its own. */
static void try_one_by_one(struct flow *f)
{
    struct ctx *c = f->im.c;
    for (size_t i = 0; i < f->ntried && !failed(c); i++) {
        struct record_savepoint before = record_savepoint(c);
        import_try(&f->im, &f->tried[i]);
        if (f->tried[i].outcome == ROW_BROKEN) {
            record_savepoint_undo(c, before);
            import_forget(&f->im);
        } else {
            record_savepoint_keep(c);
        }
    }
}

/* Many rows share a savepoint; only when one fails half-way they are done again one by one. */
static void try_chunk(struct flow *f)
{
    struct ctx *c = f->im.c;
    if (!f->ntried || failed(c))
        return;
    bool broken = false;
    struct record_savepoint before = {0};
    if (f->guarded)
        before = record_savepoint(c);
    for (size_t i = 0; i < f->ntried && !broken && !failed(c); i++) {
        import_try(&f->im, &f->tried[i]);
        broken = f->tried[i].outcome == ROW_BROKEN;
    }
    if (broken && !f->guarded) {
        f->broken = true;
        return;
    }
    if (broken) {
        record_savepoint_undo(c, before);
        import_forget(&f->im);
        try_one_by_one(f);
    } else if (f->guarded) {
        record_savepoint_keep(c);
    }
    for (size_t i = 0; i < f->ntried && !failed(c); i++)
        settle(f, &f->tried[i]);
    f->ntried = 0;
}

static void tell_note(struct flow *f, const struct import_row *row)
{
    struct ctx *c = f->im.c;
    struct import_error e = {.row = row->number, .warning = true,
                             .text = say(c, "Bỏ qua dòng này: giống dòng tiêu đề nhóm hoặc chữ ký, không có cột bắt buộc nào.",
                                         "This row is passed over: it looks like a title or a signature, no required column is filled.")};
    keep_error(f, &e);
}

static void try_file(struct flow *f)
{
    struct ctx *c = f->im.c;
    bool more = true;
    while (more && !failed(c) && !f->broken) {
        struct import_row row;
        bool note = false;
        arena_rewind(&f->im.rows, (struct arena_mark){0});
        while (f->ntried < CHUNK_ROWS && (more = next_row(f, &row))) {
            if (is_record(f, &row, &note)) {
                f->tried[f->ntried++] = (struct tried){.row = row};
                f->result->read++;
            } else if (note) {
                tell_note(f, &row);
            }
        }
        try_chunk(f);
        int64_t done, total;
        table_progress(f->in, &done, &total);
        if (!f->guarded && more && done) /* all that are still to come, by those that came */
            bulk_begin(c, f->im.kind, f->result->read * (total - done) / done);
        if (f->im.options->progress)
            f->im.options->progress(f->im.options->progress_to, done, total);
    }
}

/* Rows that point further down are tried again, as long as some get on; then what is missing is told. */
static void try_waiting(struct flow *f)
{
    struct ctx *c = f->im.c;
    while (f->nwaiting && !failed(c) && !f->broken) {
        struct import_row *now = f->waiting;
        size_t n = f->nwaiting;
        f->waiting = NULL;
        f->nwaiting = f->room = 0;
        for (size_t i = 0; i < n && !failed(c) && !f->broken;) {
            arena_rewind(&f->im.rows, (struct arena_mark){0});
            while (i < n && f->ntried < CHUNK_ROWS)
                f->tried[f->ntried++] = (struct tried){.row = now[i++]};
            try_chunk(f);
        }
        if (f->nwaiting == n)
            f->im.may_wait = false;
    }
}

/* --- the whole -------------------------------------------------------------------------------------- */

static const char *file_hash(struct ctx *c, const char *path)
{
    struct hash_state h;
    unsigned char raw[HASH_BYTES];
    char hex[HASH_HEX], piece[16 * 1024];
    size_t n;
    FILE *file = fopen(path, "rbe");
    hash_begin(&h);
    while (file && (n = fread(piece, 1, sizeof piece, file)) > 0)
        hash_add(&h, piece, n);
    if (file)
        fclose(file);
    hash_end(&h, raw);
    hash_hex(raw, hex);
    return arena_text(&c->arena, hex);
}

static void check_rights(struct flow *f)
{
    struct ctx *c = f->im.c;
    const struct kind *k = f->im.kind;
    f->im.may_restore = (c->actor && c->actor->system) || scope_any(c, k, ACT_ADMIN);
    if (!scope_any(c, k, ACT_ADD) && !scope_any(c, k, ACT_CHANGE))
        fail(c, ERR_DENIED, "Bạn không có quyền nhập %s.", "You have no right to import %s.", in_sentence(c, k->plural));
    else if ((k->flags & COMPUTED) && !f->im.may_restore)
        fail(c, ERR_DENIED, "Chương trình tự ghi %s; chỉ người quản trị khôi phục được từ bản xuất.", "The program writes %s itself; only an administrator may restore them from an export.",
             in_sentence(c, k->plural));
}

static void find_columns(struct flow *f)
{
    struct ctx *c = f->im.c;
    const struct import_options *o = f->im.options;
    if (o->unit) {
        f->im.unit = record_id_of_code(c, kind_of_places(), o->unit);
        if (!f->im.unit)
            fail(c, ERR_MISSING, "Không có đơn vị mang mã “%s”.", "There is no unit of code “%s”.", o->unit);
    }
    read_beginning(f);
    if (failed(c) || !columns_find(c, f->im.kind, f->begun, f->nbegun, o, &f->im.columns))
        return;
    f->at = f->im.columns.first;
    if ((f->im.kind->flags & COMPUTED) && !f->im.columns.has_id)
        fail(c, ERR_BAD_INPUT, "Chương trình tự ghi %s: chỉ nhập được bản xuất có cột id.", "The program writes %s itself: only an export with its column id can be imported.",
             in_sentence(c, f->im.kind->plural));
}

static void describe(struct flow *f)
{
    struct ctx *c = f->im.c;
    const struct columns *cols = &f->im.columns;
    struct buf read = {0}, ignored = {0};
    for (size_t i = 0; i < cols->n; i++) {
        const struct column *col = &cols->v[i];
        bool used = col->means > MEANS_NUMBERING && (!col->field || field_importable(col->field) || cols->has_id);
        const char *to = col->means == MEANS_ID ? IMPORT_ID : col->means == MEANS_UNIT ? "unit" : col->field ? col->field->name : col->marks ? col->marks->name : "";
        if (used)
            buf_printf(&read, "%s%s → %s", read.n ? "; " : "", *col->head ? col->head : col->name, to);
        else if (*col->head && col->means != MEANS_NUMBERING)
            buf_printf(&ignored, "%s%s", ignored.n ? "; " : "", col->head);
    }
    f->result->mapping = buf_take(&read, &c->arena);
    f->result->ignored = ignored.n ? buf_take(&ignored, &c->arena) : NULL;
    struct encoding_guess guess = table_encoding(f->in);
    if (f->im.options->table.enc == ENC_AUTO && guess.enc != ENC_UTF8)
        f->result->encoding = in_words(c, encoding_name(guess.enc));
}

static int by_row(const void *a, const void *b)
{
    const struct import_error *x = a, *y = b;
    return x->row < y->row ? -1 : x->row > y->row;
}

static void hand_over_errors(struct flow *f)
{
    struct ctx *c = f->im.c;
    struct import_result *r = f->result;
    r->errors = NEW_N(&c->arena, struct import_error, f->nerrors + 1);
    for (const struct told *e = f->errors; e; e = e->next) {
        struct import_error *to = &r->errors[r->nerrors++];
        *to = e->error;
        to->text = arena_text(&c->arena, e->error.text);
    }
    qsort(r->errors, r->nerrors, sizeof *r->errors, by_row);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Keeps or drops what was written, once all rows were tried. */
static void finish(struct flow *f, const char *path, int64_t batch)
{
    struct ctx *c = f->im.c;
    struct import_result *r = f->result;
    const struct import_options *o = f->im.options;
    c->batch = 0; /* the note of the import is not undone with it */
    bool keep = !failed(c) && !o->dry_run && (!r->bad || o->good_rows);
    if (keep) {
        columns_learn(c, &f->im.columns, o);
        if (r->saved) {
            r->batch = batch;
            if (o->note)
                o->note(c, r, o->name ? o->name : base_name(path), f->im.kind, file_hash(c, path));
        }
        bulk_end(c);
        r->committed = db_commit(c);
        return;
    }
    db_rollback(c);
    if (!o->dry_run)
        r->saved = r->unchanged = 0;
}

static void run(struct flow *f)
{
    struct ctx *c = f->im.c;
    f->tried = NEW_N(&c->arena, struct tried, CHUNK_ROWS);
    f->last_error = &f->errors;
    f->im.may_wait = true;
    import_start(&f->im);
    check_rights(f);
    if (!failed(c))
        find_columns(f);
    if (!failed(c))
        describe(f);
    try_file(f);
    try_waiting(f);
}

/* One attempt: false when it has to be made again, guarded. */
static bool attempt(struct ctx *c, const struct kind *k, const char *path, const struct import_options *o, struct import_result *r, bool guarded)
{
    *r = (struct import_result){0};
    struct flow f = {.im = {.c = c, .kind = k, .options = o}, .result = r, .errors_to = o->errors_to, .guarded = guarded};
    f.in = table_open(c, path, &o->table);
    if (!f.in || !db_begin(c, DB_WRITE_LONG)) {
        table_close(f.in);
        return true;
    }
    int64_t outer = c->batch, batch = record_new_id(c);
    c->batch = batch;
    if (!guarded)
        db_later_begin(c);
    run(&f);
    if (f.broken) {
        db_rollback(c);
        c->err = (struct err){0};
    }
    if (f.out)
        table_out_close(f.out);
    if (!f.broken) {
        hand_over_errors(&f);
        finish(&f, path, batch);
    }
    c->batch = outer;
    table_close(f.in);
    arena_free(&f.im.rows);
    arena_free(&f.waiting_rows);
    return !f.broken;
}

bool import_file(struct ctx *c, const struct kind *k, const char *path, const struct import_options *o, struct import_result *r)
{
    if (!attempt(c, k, path, o, r, false))
        attempt(c, k, path, o, r, true);
    return !failed(c) && (r->committed || o->dry_run);
}
