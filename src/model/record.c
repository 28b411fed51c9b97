/* The one path to a row; see record.h. */
#include "record.h"

#include "base/crypt.h"
#include "base/str.h"
#include "base/text.h"
#include "bulk.h"
#include "memo.h"
#include "type.h"

#include <stdatomic.h>

/* Time in milliseconds above 21 bits that begin at random, so that two programs writing to one server do not meet. */
int64_t record_new_id(struct ctx *c)
{
    static _Atomic int64_t last; /* the only state of the process here: ids must not repeat within it */
    uint32_t noise = 0;
    int64_t before = atomic_load(&last), id;
    if (before < (int64_t)((uint64_t)c->now.v << 21 | 0xFFFFF)) /* else it is the next one anyway */
        crypt_random(&noise, sizeof noise);
    int64_t fresh = (int64_t)((uint64_t)c->now.v << 21 | (noise & 0xFFFFF));
    do
        id = fresh > before ? fresh : before + 1;
    while (!atomic_compare_exchange_weak(&last, &before, id));
    return id;
}

/* `removed` also finds what was taken off the lists. */
static void *fetch(struct ctx *c, const struct kind *k, int64_t id, unsigned act, bool removed)
{
    struct sql q = record_by_id(c, k, id);
    if (!removed)
        sql_add(&q, " AND t.removed_at = 0");
    if (act)
        scope_where(&q, k, act, "t");
    if (db_in_write(c))
        db_lock_row(&q);
    struct rows *r = sql_query(&q);
    void *found = rows_next(r) ? record_from_row(c, k, r) : NULL;
    rows_close(r);
    return found;
}

void *record_find(struct ctx *c, const struct kind *k, int64_t id, unsigned act)
{
    return fetch(c, k, id, act, false);
}

int64_t record_id_of_code(struct ctx *c, const struct kind *k, const char *code)
{
    if (!code || !k->code)
        return 0;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT id FROM ");
    sql_name(&q, k->name);
    sql_add(&q, " WHERE removed_at = 0 AND ");
    sql_name(&q, k->code);
    sql_add(&q, " = ");
    sql_arg(&q, V(code));
    sql_add(&q, " LIMIT 1");
    return rows_only_int(sql_query(&q));
}

void *record_by_code(struct ctx *c, const struct kind *k, const char *code, unsigned act)
{
    int64_t id = record_id_of_code(c, k, code);
    if (!id && (!code || !int_parse(code, &id)))
        return NULL;
    return record_find(c, k, id, act);
}

const char *record_code(const struct kind *k, const void *record)
{
    const char *s = k->code ? field_get(field_need(k, k->code), record).s : NULL;
    return s ? s : "";
}

const char *record_title(struct ctx *c, const struct kind *k, const void *record)
{
    return k->title ? type_show(c, field_need(k, k->title), record) : "";
}

const char *record_name(struct ctx *c, const struct kind *k, const void *record)
{
    const char *code = record_code(k, record), *title = record_title(c, k, record);
    if (!*code && !*title)
        return arena_printf(&c->arena, "%s %lld", in_words(c, k->label), (long long)((const struct row *)record)->id);
    return arena_printf(&c->arena, "%s%s%s", code, *code && *title ? " " : "", title);
}

/* --- the checks before a write ------------------------------------------------------------------ */

/* What is known of a record that another one points at. */
static struct memo known(struct ctx *c, const struct kind *k, int64_t id)
{
    struct memo *m = memo_of(c, k, id), found = m ? *m : (struct memo){0};
    if (found.known)
        return found;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT shard FROM ");
    sql_name(&q, k->name);
    sql_add(&q, " WHERE id = ");
    sql_arg(&q, V(id));
    sql_add(&q, " AND removed_at = 0");
    struct rows *r = sql_query(&q);
    found = (struct memo){.kind = k, .id = id, .known = true, .live = rows_next(r), .shard = rows_int(r, 0)};
    rows_close(r);
    if ((m = failed(c) ? NULL : memo_of(c, k, id))) {
        m->known = true;
        m->live = found.live;
        m->shard = found.shard;
    }
    return found;
}

static void check_reference(struct ctx *c, const struct kind *k, const struct field *f, const void *record, struct problems *p)
{
    if (!known(c, f->to, field_ref(f, record)).live)
        problem(p, f->name, "%s của %s không có hoặc đã bị xóa: chọn lại.", "%s of %s does not exist or was removed: choose again.",
                in_words(c, f->label), in_sentence(c, k->label));
}

static void check_fields(struct ctx *c, const struct kind *k, const void *now, const void *was, struct problems *p)
{
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if ((f->flags & REQUIRED) && field_empty(f, now) && f->type != TYPE_FLAG)
            problem(p, f->name, "Nhập %s.", "Enter %s.", in_sentence(c, f->label));
        else if (!field_empty(f, now) && (!was || !field_same(f, now, was))) {
            type_check(c, f, now, p);
            if (f->type == TYPE_REF)
                check_reference(c, k, f, now, p);
        }
    }
    const struct field *from = k->from ? field_need(k, k->from) : NULL, *until = k->until ? field_need(k, k->until) : NULL;
    if (from && until && !field_empty(from, now) && !field_empty(until, now) && field_get(from, now).i > field_get(until, now).i)
        problem(p, k->until, "“%s” không được trước “%s”: xem lại hai ngày.", "“%s” must not be before “%s”: look at both days.", in_words(c, until->label),
                in_words(c, from->label));
}

int64_t record_subject(const struct kind *k, const void *record)
{
    const struct row *row = record;
    if (!k->subject)
        return 0;
    if (strcmp(k->subject, "created_by") == 0)
        return row->created_by;
    return strcmp(k->subject, "id") == 0 ? row->id : field_ref(field_need(k, k->subject), row);
}

static int64_t place_of(const struct kind *k, const struct row *row)
{
    return strcmp(k->where, "id") == 0 && row->version ? row->id : row->unit;
}

/* The step of a life cycle from one word to another; from NULL: a new record. */
static const struct move *move_of(const struct kind *k, const char *from, const char *to)
{
    for (size_t j = 0; j < k->nmoves; j++)
        if (to && str_same(k->moves[j].from, from) && strcmp(k->moves[j].to, to) == 0)
            return &k->moves[j];
    return NULL;
}

/* The right that a new record takes: to add one, or what its first step takes. */
static unsigned act_of_new(const struct kind *k, const void *now)
{
    for (size_t i = 0; i < k->nfields; i++) {
        const struct move *m = (k->fields[i].flags & MOVED) ? move_of(k, NULL, field_get(&k->fields[i], now).s) : NULL;
        if (m && m->act)
            return m->act;
    }
    return ACT_ADD;
}

static void check_moves(struct ctx *c, const struct kind *k, const void *now, const void *was, struct problems *p)
{
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if (!(f->flags & MOVED) || (was && field_same(f, now, was)))
            continue;
        const char *from = was ? field_get(f, was).s : NULL, *to = field_get(f, now).s;
        const struct move *step = move_of(k, from, to);
        if (step && was && step->act && !c->undoing && !scope_allows(c, k, step->act, place_of(k, was), record_subject(k, was)))
            problem(p, f->name, "Bạn không có quyền chuyển %s sang “%s”.", "You have no right to make %s “%s”.", in_words(c, f->label), to);
        if (!step)
            problem(p, f->name, "Không thể chuyển %s từ “%s” sang “%s”.", "%s cannot go from “%s” to “%s”.",
                    in_words(c, f->label), from ? from : "—", to ? to : "—");
    }
}

/* --- unique values, in a table of their own so that every key begins with the shard --------------- */

static int64_t value_shard(const char *value)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (const char *s = value; *s; s++)
        h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
    return (int64_t)(h % 1024);
}

static void release_value(struct ctx *c, const struct kind *k, const struct field *f, const char *value)
{
    db_run(c, "DELETE FROM taken WHERE shard = $1 AND kind = $2 AND field = $3 AND value = $4", V(value_shard(value)),
           V(k->name), V(f->name), V(value));
}

/* While many records are brought in, memory knows which values are free. */
static bool claim_free_value(struct ctx *c, const struct kind *k, const struct field *f, const char *value, int64_t id)
{
    if (!bulk_on(c))
        return false;
    if (bulk_load(c, "taken")) {
        struct rows *r = db_query(c, "SELECT kind, field, value, id FROM taken");
        while (rows_next(r))
            bulk_add(c, field_need(kind_find(rows_text(r, 0)), rows_text(r, 1))->name, rows_text(r, 2), (int64_t)kind_index(kind_find(rows_text(r, 0))), rows_int(r, 3));
    }
    if (failed(c) || bulk_first(c, f->name, value, (int64_t)kind_index(k)))
        return false;
    bulk_add(c, f->name, value, (int64_t)kind_index(k), id);
    db_run_later(c, "INSERT INTO taken (shard, kind, field, value, id) VALUES ($1, $2, $3, $4, $5)", V(value_shard(value)), V(k->name), V(f->name), V(value), V(id));
    return true;
}

static void claim_value(struct ctx *c, const struct kind *k, const struct field *f, const char *value, int64_t id, struct problems *p)
{
    if (claim_free_value(c, k, f, value, id))
        return;
    if (db_run(c,
               "INSERT INTO taken (shard, kind, field, value, id) VALUES ($1, $2, $3, $4, $5) "
               "ON CONFLICT (shard, kind, field, value) DO NOTHING",
               V(value_shard(value)), V(k->name), V(f->name), V(value), V(id)) || failed(c))
        return;
    int64_t owner = db_one_int(c, "SELECT id FROM taken WHERE shard = $1 AND kind = $2 AND field = $3 AND value = $4",
                               V(value_shard(value)), V(k->name), V(f->name), V(value));
    if (owner == id)
        return;
    void *other = fetch(c, k, owner, ACT_READ, false);
    problem(p, f->name, "%s “%s” đã dùng cho %s: chọn giá trị khác hoặc mở hồ sơ đó.",
            "%s “%s” is taken by %s: choose another or open that record.", in_words(c, f->label), value,
            other ? record_title(c, k, other) : say(c, "hồ sơ ngoài phạm vi của bạn", "a record outside your units"));
    struct problem *told = p->first;
    while (told->next)
        told = told->next;
    told->other = owner;
}

/* Claims new values; when one is refused nothing of the record is written. */
static void claim_values(struct ctx *c, const struct kind *k, const void *now, const void *was, struct problems *p)
{
    int64_t id = ((const struct row *)now)->id;
    for (size_t i = 0; i < k->nfields && !p->n; i++) {
        const struct field *f = &k->fields[i];
        if (!(f->flags & UNIQUE) || (was && field_same(f, now, was)))
            continue;
        struct value v = field_get(f, now), old = was ? field_get(f, was) : value_null();
        if (v.s)
            claim_value(c, k, f, v.s, id, p);
        if (old.s && !p->n)
            release_value(c, k, f, old.s);
    }
}

static void release_values(struct ctx *c, const struct kind *k, const void *was)
{
    for (size_t i = 0; i < k->nfields; i++)
        if ((k->fields[i].flags & UNIQUE) && field_get(&k->fields[i], was).s)
            release_value(c, k, &k->fields[i], field_get(&k->fields[i], was).s);
}

/* --- writing ------------------------------------------------------------------------------------ */

struct found_by record_found_by(struct ctx *c, const struct kind *k, const void *record)
{
    struct found_by by = {0};
    if (!record || !kind_searched(k))
        return by;
    struct buf all = {0};
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        const char *s = (f->flags & SEARCHED) ? field_get(f, record).s : NULL;
        if (!s)
            continue;
        if (all.n)
            buf_char(&all, ' ');
        buf_puts(&all, s);
    }
    by.fold = text_fold(&c->arena, buf_text(&all));
    by.words = text_words(&c->arena, buf_text(&all));
    const char *title = record_title(c, k, record);
    by.sort_key = k->person_name ? text_person_key(&c->arena, title) : text_sort_key(&c->arena, title);
    buf_free(&all);
    return by;
}

static void write_new(struct ctx *c, const struct kind *k, const struct row *row, const struct found_by *by)
{
    struct sql q = record_insert(c, k);
    const int64_t head[] = {row->id, row->shard, row->unit, row->version, row->created_at.v, row->changed_at.v,
                            row->created_by, row->changed_by, row->removed_at.v};
    for (size_t i = 0; i < N(head); i++)
        sql_bind(&q, V(head[i]));
    for (size_t i = 0; i < k->nfields; i++)
        if (field_stored(&k->fields[i]))
            sql_bind(&q, field_get(&k->fields[i], row));
    const char *found[] = {by->fold, by->words, by->sort_key};
    for (size_t i = 0; kind_searched(k) && i < N(found); i++)
        sql_bind(&q, V(found[i]));
    if (kind_searched(k))
        sql_bind(&q, V(by->part));
    sql_run_later(&q);
}

static void write_change(struct ctx *c, const struct kind *k, const struct row *row, const struct row *was, const struct found_by *by)
{
    struct sql q = sql_new(c);
    sql_add(&q, "UPDATE ");
    sql_name(&q, k->name);
    sql_add(&q, " SET version = ");
    sql_arg(&q, V(row->version));
    sql_add(&q, ", unit = ");
    sql_arg(&q, V(row->unit));
    sql_add(&q, ", changed_at = ");
    sql_arg(&q, V(row->changed_at.v));
    sql_add(&q, ", changed_by = ");
    sql_arg(&q, V(row->changed_by));
    sql_add(&q, ", removed_at = ");
    sql_arg(&q, V(row->removed_at.v));
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if (!field_stored(f) || field_same(f, row, was))
            continue;
        sql_add(&q, ", ");
        sql_name(&q, f->name);
        sql_add(&q, " = ");
        sql_arg(&q, field_get(f, row));
    }
    if (by->fold) {
        sql_add(&q, ", fold = ");
        sql_arg(&q, V(by->fold));
        sql_add(&q, ", words = ");
        sql_arg(&q, V(by->words));
        sql_add(&q, ", sort_key = ");
        sql_arg(&q, V(by->sort_key));
        sql_add(&q, ", part = ");
        sql_arg(&q, V(by->part));
    }
    sql_add(&q, " WHERE shard = ");
    sql_arg(&q, V(row->shard));
    sql_add(&q, " AND id = ");
    sql_arg(&q, V(row->id));
    sql_add(&q, " AND version = ");
    sql_arg(&q, V(was->version));
    if (sql_run(&q) != 1)
        fail(c, ERR_CONFLICT, "%s vừa được người khác sửa: mở lại rồi làm lại.", "%s was changed by somebody else just now: open it again and redo.",
             in_sentence(c, k->label));
}

/* The shard of what a unit keeps. */
static int64_t home_of(struct ctx *c, int64_t unit)
{
    struct memo *m = memo_of(c, kind_of_places(), unit);
    if (m && m->home)
        return m->home;
    int64_t home = db_one_int(c, "SELECT home FROM unit WHERE shard = 0 AND id = $1", V(unit));
    if ((m = memo_of(c, kind_of_places(), unit)))
        m->home = home;
    return home;
}

static int64_t shard_for(struct ctx *c, const struct kind *k, const struct row *row)
{
    if (k->flags & REFERENCE)
        return 0;
    if (!k->beside)
        return home_of(c, row->unit);
    const struct field *f = field_need(k, k->beside);
    return known(c, f->to, field_ref(f, row)).shard;
}

/* Whether the actor may write the record as it will stand. */
static bool may_write(struct ctx *c, const struct kind *k, const struct row *row, unsigned act)
{
    if (scope_allows(c, k, act, place_of(k, row), record_subject(k, row)))
        return true;
    fail(c, ERR_DENIED, "Bạn không có quyền %s %s ở đơn vị này.", "You have no right to %s %s in this unit.",
         act == ACT_ADD ? say(c, "thêm", "add") : act == ACT_DECIDE ? say(c, "quyết định", "decide") : say(c, "sửa", "change"), in_sentence(c, k->label));
    return false;
}

static bool same_record(const struct kind *k, const struct row *a, const struct row *b)
{
    if (a->unit != b->unit || a->removed_at.v != b->removed_at.v)
        return false;
    for (size_t i = 0; i < k->nfields; i++)
        if (field_stored(&k->fields[i]) && !field_same(&k->fields[i], a, b))
            return false;
    return true;
}

static void stamp(struct ctx *c, const struct kind *k, struct row *row, const struct row *was)
{
    int64_t by = c->actor ? c->actor->account : 0;
    if (was) {
        *row = (struct row){was->id, was->shard, row->unit, was->version + 1, was->created_at, c->now, was->created_by, by, row->removed_at};
        return;
    }
    *row = (struct row){row->id, shard_for(c, k, row), row->unit, 1, c->now, c->now, by, by, {0}};
}

static int64_t part_of(struct ctx *c, const struct kind *k, const struct row *row)
{
    if (k == kind_of_places())
        return field_get(field_need(k, "home"), row).i;
    if (k->flags & REFERENCE)
        return 0;
    if (row->version == 1 && !k->beside) /* just placed there by shard_for() */
        return row->shard;
    return db_one_int(c, "SELECT home FROM unit WHERE shard = 0 AND id = $1", V(row->unit));
}

static struct db_words words_of(struct ctx *c, const struct found_by *by)
{
    return (struct db_words){by->part, by->fold, by->words, by->fold ? text_key_word(&c->arena, by->sort_key) : ""};
}

/* Row, words of search and audit: the write itself, once everything is allowed. */
static void write_row(struct ctx *c, const struct kind *k, struct row *row, const struct row *was, const char *act)
{
    struct found_by by = record_found_by(c, k, row), before = record_found_by(c, k, was);
    if (by.fold) {
        by.part = part_of(c, k, row);
        before.part = was && was->unit != row->unit ? part_of(c, k, was) : by.part;
    }
    if (was)
        write_change(c, k, row, was, &by);
    else
        write_new(c, k, row, &by);
    if (by.fold && (!str_same(by.fold, before.fold) || !str_same(by.words, before.words) || !str_same(by.sort_key, before.sort_key) || by.part != before.part))
        db_words_set_in(c, k->name, row->id, words_of(c, &before), words_of(c, &by));
    struct audit_entry e = {row->shard, act, k->name, row->id, row->unit, row->version,
                            was ? audit_json(c, k, was, row) : NULL, audit_json(c, k, row, was), c->reason};
    audit_write(c, &e);
    memo_forget(c, k, row->id);
    struct memo *m = memo_of(c, k, row->id);
    if (m && !row->removed_at.v) {
        m->known = m->live = true;
        m->shard = row->shard;
    }
}

/* The stored record that this one changes: NULL for a new one (an import may bring its own id), or after fail(). */
static const struct row *stored(struct ctx *c, const struct kind *k, const struct row *row)
{
    const struct row *any = row->id ? fetch(c, k, row->id, 0, true) : NULL;
    if (!row->id || (!any && !row->version))
        return NULL;
    const struct row *was = any && !any->removed_at.v ? fetch(c, k, row->id, ACT_CHANGE, false) : NULL;
    if (!was)
        fail(c, ERR_MISSING, "Không có %s này, hoặc bạn không được sửa.", "There is no such %s, or it is not yours to change.",
             in_sentence(c, k->label));
    else if (row->version && was->version != row->version)
        fail(c, ERR_CONFLICT, "%s đã được sửa sau khi bạn mở (bản %lld, của bạn là bản %lld): mở lại rồi làm lại.",
             "%s was changed after you opened it (version %lld, yours is %lld): open it again and redo.",
             record_name(c, k, was), (long long)was->version, (long long)row->version);
    return was;
}

static bool allowed(struct ctx *c, const struct kind *k, struct row *row, const struct row *was, struct problems *p)
{
    if (k->fill)
        k->fill(c, row, was);
    bool placed = row->unit || (k->flags & SYSTEM) || strcmp(k->where, "id") == 0;
    if (!was && placed && !may_write(c, k, row, act_of_new(k, row)))
        return false;
    check_fields(c, k, row, was, p);
    if (!c->restoring)
        check_moves(c, k, row, was, p);
    if (k->check && !p->n)
        k->check(c, p, row, was);
    if (!placed && !p->n) /* the kind's own words come first */
        problem(p, NULL, "Chưa rõ %s thuộc đơn vị nào: ghi đơn vị.", "It is not known to which unit the %s belongs: give the unit.", in_sentence(c, k->label));
    if (!p->n && !failed(c))
        claim_values(c, k, row, was, p);
    return !p->n && !failed(c);
}

/* What follows from an allowed write is written whatever the actor's own rights; the audit names the actor all the same. */
static void run_saved(struct ctx *c, const struct kind *k, const struct row *now, const struct row *was)
{
    enum { DEEPEST = 8 };
    if (!k->saved || failed(c))
        return;
    if (c->consequence >= DEEPEST) {
        fail(c, ERR_BROKEN, "Ghi %s kéo theo quá nhiều việc.", "Saving %s has consequences without end.", k->name);
        return;
    }
    c->consequence++;
    k->saved(c, now, was);
    c->consequence--;
}

/* What the program itself writes is written by its hooks, and put back by undoing, never by anybody's hand. */
static bool may_be_written(struct ctx *c, const struct kind *k)
{
    if ((k->flags & COMPUTED) && !c->consequence && !c->undoing)
        fail(c, ERR_DENIED, "%s do chương trình tự ghi: sửa hồ sơ gốc của nó.", "%s is written by the program itself: change the record that it follows from.",
             in_words(c, k->label));
    return !failed(c);
}

bool record_save(struct ctx *c, const struct kind *k, void *record, struct problems *p)
{
    struct row *row = record;
    if (!db_begin(c, DB_WRITE))
        return false;
    const struct row *was = stored(c, k, row);
    if (!was && !row->id)
        row->id = record_new_id(c);
    bool ok = !failed(c) && allowed(c, k, row, was, p);
    if (ok && was && same_record(k, row, was)) {
        *row = *was;
    } else if (ok && may_be_written(c, k)) {
        stamp(c, k, row, was);
        if (!was || may_write(c, k, row, ACT_CHANGE))
            write_row(c, k, row, was, was ? "change" : "add");
        run_saved(c, k, row, was);
    }
    bool settled = db_commit(c); /* a refusal has written nothing; a failure rolls back */
    return settled && ok;
}

bool record_must_save(struct ctx *c, const struct kind *k, void *record)
{
    struct problems p;
    problems_start(&p, c);
    if (record_save(c, k, record, &p))
        return true;
    fail(c, ERR_BAD_INPUT, "%s: %s", "%s: %s", in_words(c, k->label), p.first ? p.first->text : "?");
    return false;
}

static bool set_removed(struct ctx *c, const struct kind *k, const struct row *was, instant removed_at, const char *act)
{
    struct row *row = arena_alloc(&c->arena, k->size);
    memcpy(row, was, k->size);
    row->removed_at = removed_at;
    stamp(c, k, row, was);
    struct problems p;
    problems_start(&p, c);
    if (removed_at.v)
        release_values(c, k, was);
    else
        claim_values(c, k, row, NULL, &p);
    if (p.n) {
        fail(c, ERR_CONFLICT, "%s", "%s", p.first->text);
        return false;
    }
    write_row(c, k, row, was, act);
    run_saved(c, k, removed_at.v ? NULL : row, removed_at.v ? row : NULL);
    return !failed(c);
}

/* What still points at a record: it cannot be removed before. */
static void check_unused(struct ctx *c, const struct kind *k, int64_t id, struct problems *p)
{
    for (size_t i = 0; i < nkinds; i++) {
        const struct kind *other = kinds[i];
        for (size_t j = 0; j < other->nfields; j++) {
            const struct field *f = &other->fields[j];
            if (f->type != TYPE_REF || f->to != k || !field_stored(f))
                continue;
            struct sql q = sql_new(c);
            sql_add(&q, "SELECT count(*) FROM ");
            sql_name(&q, other->name);
            sql_add(&q, " WHERE removed_at = 0 AND ");
            sql_name(&q, f->name);
            sql_add(&q, " = ");
            sql_arg(&q, V(id));
            if (other->flags & COMPUTED) { /* what the program keeps of it goes with it */
                sql_add(&q, " AND unit <> ");
                sql_arg(&q, V(id));
            }
            int64_t n = rows_only_int(sql_query(&q));
            if (n)
                problem(p, NULL, "Còn %lld %s dùng hồ sơ này (%s): xử lý trước rồi mới xóa.",
                        "%lld %s still use this record (%s): deal with them before removing.", (long long)n,
                        in_words(c, other->label), in_words(c, f->label));
        }
    }
}

/* The record and what goes with it (its hook takes that off); put back when something still points at it then. */
static bool remove_whole(struct ctx *c, const struct kind *k, const struct row *was, struct problems *p)
{
    struct record_savepoint before = record_savepoint(c);
    bool ok = set_removed(c, k, was, c->now, "remove");
    if (ok)
        check_unused(c, k, was->id, p);
    if (ok && p->n)
        record_savepoint_undo(c, before);
    else
        record_savepoint_keep(c);
    return ok && !p->n;
}

bool record_remove(struct ctx *c, const struct kind *k, int64_t id, int64_t version, struct problems *p)
{
    if (!db_begin(c, DB_WRITE))
        return false;
    may_be_written(c, k);
    const struct row *was = fetch(c, k, id, ACT_REMOVE, false);
    if (!was)
        fail(c, ERR_MISSING, "Không có %s này, hoặc bạn không được xóa.", "There is no such %s, or it is not yours to remove.",
             in_sentence(c, k->label));
    else if (version && version != was->version)
        fail(c, ERR_CONFLICT, "%s đã được sửa sau khi bạn mở: mở lại rồi làm lại.", "%s was changed after you opened it: open it again and redo.",
             record_name(c, k, was));
    bool ok = !failed(c) && remove_whole(c, k, was, p);
    return db_commit(c) && ok;
}

/* Whether what a removed record points at is there. False after fail(). */
static bool points_at_all(struct ctx *c, const struct kind *k, const void *record)
{
    struct problems p;
    problems_start(&p, c);
    for (size_t i = 0; i < k->nfields; i++)
        if (k->fields[i].type == TYPE_REF && field_stored(&k->fields[i]) && !field_empty(&k->fields[i], record))
            check_reference(c, k, &k->fields[i], record, &p);
    if (p.n)
        fail(c, ERR_CONFLICT, "%s Khôi phục hồ sơ đó trước.", "%s Restore that one first.", p.first->text);
    return !failed(c);
}

bool record_restore(struct ctx *c, const struct kind *k, int64_t id)
{
    if (!db_begin(c, DB_WRITE))
        return false;
    const struct row *was = fetch(c, k, id, ACT_REMOVE, true);
    if (!was || !was->removed_at.v)
        fail(c, ERR_MISSING, "Không có %s đã xóa với số này.", "There is no removed %s of this id.", in_sentence(c, k->label));
    else if (points_at_all(c, k, was))
        set_removed(c, k, was, (instant){0}, "restore");
    return db_commit(c);
}

void record_put_back(struct ctx *c, const struct kind *k, int64_t id, const char *act, const char *before)
{
    const struct row *was = k ? fetch(c, k, id, 0, true) : NULL;
    if (!was) {
        fail(c, ERR_BROKEN, "Nhật ký nói tới hồ sơ %lld không còn: chạy “dangbo check”.", "The audit speaks of record %lld that is gone: run “dangbo check”.",
             (long long)id);
        return;
    }
    if (strcmp(act, "add") == 0 || strcmp(act, "restore") == 0) {
        set_removed(c, k, was, c->now, "remove");
    } else if (strcmp(act, "remove") == 0) {
        set_removed(c, k, was, (instant){0}, "restore");
    } else {
        struct row *row = arena_alloc(&c->arena, k->size);
        memcpy(row, was, k->size);
        if (!audit_apply(c, k, row, before))
            return;
        if (k->fill)
            k->fill(c, row, was);
        struct problems p;
        problems_start(&p, c);
        claim_values(c, k, row, was, &p);
        stamp(c, k, row, was);
        write_row(c, k, row, was, "change");
        run_saved(c, k, row, was);
    }
}

struct record_savepoint record_savepoint(struct ctx *c)
{
    struct record_savepoint s = {audit_mark(c)};
    db_savepoint(c);
    return s;
}

void record_savepoint_keep(struct ctx *c)
{
    db_savepoint_release(c);
}

void record_savepoint_undo(struct ctx *c, struct record_savepoint s)
{
    db_savepoint_rollback(c);
    audit_back_to(c, s.audit);
    memo_forget_all(c);
}

void record_log_read(struct ctx *c, const struct kind *k, const void *record, const char *act, const char *note)
{
    const struct row *row = record;
    struct audit_entry e = {row ? row->shard : 0, act, k->name, row ? row->id : 0, row ? row->unit : 0, row ? row->version : 0, NULL, NULL, note};
    audit_write(c, &e);
}

bool record_history(struct ctx *c, const struct kind *k, int64_t id, void (*tell)(void *to, const struct history_entry *), void *to)
{
    if (!fetch(c, k, id, ACT_READ, true))
        return false;
    struct rows *r = db_query(c, "SELECT at, actor, act, before, after, note FROM audit WHERE record = $1 AND kind = $2 ORDER BY id", V(id), V(k->name));
    while (rows_next(r))
        tell(to, &(struct history_entry){{rows_int(r, 0)}, rows_text(r, 1), rows_text(r, 2), rows_text(r, 3), rows_text(r, 4), rows_text(r, 5)});
    return !failed(c);
}
