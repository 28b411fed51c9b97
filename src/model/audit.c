/* The audit chain; see audit.h. */
#include "audit.h"

#include "base/crypt.h"
#include "base/str.h"
#include "fmt/json.h"
#include "scope.h"

struct end {
    int64_t shard, seq;
    char hash[HASH_HEX];
    bool moved;
    struct end *next;
};

static struct end *end_of(struct ctx *c, int64_t shard)
{
    for (struct end *e = c->audit; e; e = e->next)
        if (e->shard == shard)
            return e;
    struct end *e = NEW(&c->kept, struct end);
    e->shard = shard;
    memset(e->hash, '0', HASH_HEX - 1);
    for (int tries = 0; tries < 2 && !failed(c); tries++) { /* a new chain may be begun by two at once: the second waits, then reads */
        struct sql q = sql_new(c);
        sql_add(&q, "SELECT seq, hash FROM audit_end WHERE shard = ");
        sql_arg(&q, V(shard));
        db_lock_row(&q);
        struct rows *r = sql_query(&q);
        if (rows_next(r)) {
            e->seq = rows_int(r, 0);
            snprintf(e->hash, sizeof e->hash, "%s", rows_text(r, 1));
            rows_close(r);
            break;
        }
        db_run(c, "INSERT INTO audit_end (shard, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (shard) DO NOTHING", V(shard), V(e->hash));
    }
    e->next = c->audit;
    c->audit = e;
    c->before_commit = audit_flush;
    return e;
}

void audit_flush(struct ctx *c)
{
    for (struct end *e = c->audit; e && !failed(c); e = e->next)
        if (e->moved)
            db_run(c, "UPDATE audit_end SET seq = $2, hash = $3 WHERE shard = $1", V(e->shard), V(e->seq), V(e->hash));
    c->audit = NULL;
}

struct audit_mark audit_mark(struct ctx *c)
{
    struct end *copy = NULL, **last = &copy;
    for (struct end *e = c->audit; e; e = e->next) {
        *last = NEW(&c->kept, struct end);
        **last = *e;
        (*last)->next = NULL;
        last = &(*last)->next;
    }
    return (struct audit_mark){copy};
}

void audit_back_to(struct ctx *c, struct audit_mark m)
{
    c->audit = m.ends;
}

static void add_text(struct hash_state *h, const char *s)
{
    uint32_t n = s ? (uint32_t)strlen(s) : UINT32_MAX; /* absent and empty differ */
    hash_add(h, &n, sizeof n);
    if (s)
        hash_add(h, s, n);
}

struct line {
    int64_t numbers[8]; /* shard seq id at account record unit version */
    int64_t batch;
    const char *texts[6]; /* actor act kind before after note */
};

static void line_hash(const struct line *l, const char *previous, char out[HASH_HEX])
{
    struct hash_state h;
    unsigned char raw[HASH_BYTES];
    hash_begin(&h);
    add_text(&h, previous);
    hash_add(&h, l->numbers, sizeof l->numbers);
    hash_add(&h, &l->batch, sizeof l->batch);
    for (size_t i = 0; i < N(l->texts); i++)
        add_text(&h, l->texts[i]);
    hash_end(&h, raw);
    hash_hex(raw, out);
}

int64_t record_new_id(struct ctx *);

void audit_write(struct ctx *c, const struct audit_entry *e)
{
    if (failed(c))
        return;
    struct end *end = end_of(c, e->shard);
    const struct actor *a = c->actor;
    struct line l = {{e->shard, end->seq + 1, record_new_id(c), c->now.v, a ? a->account : 0, e->record, e->unit, e->version},
                     c->batch,
                     {a && a->login ? a->login : "?", e->act, e->kind, e->before, e->after, e->note}};
    char hash[HASH_HEX];
    line_hash(&l, end->hash, hash);
    db_run_later(c,
           "INSERT INTO audit (shard, seq, id, at, account, record, unit, version, batch, actor, act, kind, before, after, "
           "note, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
           V(l.numbers[0]), V(l.numbers[1]), V(l.numbers[2]), V(l.numbers[3]), V(l.numbers[4]), V(l.numbers[5]),
           V(l.numbers[6]), V(l.numbers[7]), V(l.batch), V(l.texts[0]), V(l.texts[1]), V(l.texts[2]), V(l.texts[3]),
           V(l.texts[4]), V(l.texts[5]), V((const char *)hash));
    if (failed(c))
        return;
    end->seq++;
    memcpy(end->hash, hash, sizeof hash);
    end->moved = true;
}

struct check {
    struct ctx *c;
    int64_t shard, seq, n;
    char hash[HASH_HEX];
    bool broken;
    void (*fault)(void *to, const char *what);
    void *to;
};

static void check_line(struct check *k, struct rows *r)
{
    struct line l = {{0}, rows_int(r, 8), {0}};
    for (int i = 0; i < 8; i++)
        l.numbers[i] = rows_int(r, i);
    for (int i = 0; i < 6; i++)
        l.texts[i] = rows_text(r, 9 + i);
    char hash[HASH_HEX];
    line_hash(&l, k->hash, hash);
    const char *what = NULL;
    if (l.numbers[1] != k->seq + 1)
        what = say(k->c, "Nhật ký %lld: thiếu mục số %lld (mục tiếp theo mang số %lld).",
                   "Audit chain %lld: entry %lld is missing (the next one is %lld).", (long long)k->shard,
                   (long long)k->seq + 1, (long long)l.numbers[1]);
    else if (strcmp(hash, rows_text(r, 15) ? rows_text(r, 15) : "") != 0)
        what = say(k->c, "Nhật ký %lld: mục số %lld đã bị sửa, chèn thêm hoặc đổi chỗ.",
                   "Audit chain %lld: entry %lld was altered, added or moved.", (long long)k->shard, (long long)k->seq + 1);
    if (what) {
        k->broken = true;
        k->fault(k->to, what);
        return;
    }
    k->seq++;
    k->n++;
    memcpy(k->hash, hash, sizeof hash);
}

static void check_chain(struct check *k, int64_t end_seq, const char *end_hash)
{
    struct arena_mark mark = arena_mark(&k->c->arena);
    while (!k->broken && !failed(k->c)) {
        int64_t before = k->seq;
        struct rows *r = db_query(k->c,
                                  "SELECT shard, seq, id, at, account, record, unit, version, batch, actor, act, kind, "
                                  "before, after, note, hash FROM audit WHERE shard = $1 AND seq > $2 ORDER BY seq LIMIT 2000",
                                  V(k->shard), V(k->seq));
        while (!k->broken && rows_next(r))
            check_line(k, r);
        rows_close(r);
        if (k->seq == before)
            break;
        if (!k->broken)
            arena_rewind(&k->c->arena, mark);
    }
    if (!k->broken && (k->seq != end_seq || strcmp(k->hash, end_hash) != 0)) {
        k->broken = true;
        k->fault(k->to, say(k->c, "Nhật ký %lld: kết thúc ở mục %lld, phải là mục %lld: phần cuối đã bị cắt hoặc chèn thêm.",
                            "Audit chain %lld ends at entry %lld, should end at %lld: its tail was cut or added to.",
                            (long long)k->shard, (long long)k->seq, (long long)end_seq));
    }
}

struct known_end {
    int64_t shard, seq;
    const char *hash;
};

int64_t audit_verify(struct ctx *c, void (*fault)(void *to, const char *what), void (*head)(void *to, const char *line), void *to)
{
    struct known_end *ends = NULL;
    size_t n = 0, room = 0;
    struct rows *r = db_query(c, "SELECT e.shard, e.seq, e.hash FROM audit_end e ORDER BY e.shard");
    while (rows_next(r)) {
        if (n == room) {
            struct known_end *more = NEW_N(&c->arena, struct known_end, room = room ? room * 2 : 64);
            if (n)
                memcpy(more, ends, n * sizeof *ends);
            ends = more;
        }
        ends[n++] = (struct known_end){rows_int(r, 0), rows_int(r, 1), arena_text(&c->arena, rows_text(r, 2))};
    }
    int64_t total = 0, stray;
    bool broken = false;
    for (size_t i = 0; i < n && !failed(c); i++) {
        struct check k = {.c = c, .shard = ends[i].shard, .fault = fault, .to = to};
        memset(k.hash, '0', HASH_HEX - 1);
        check_chain(&k, ends[i].seq, ends[i].hash);
        broken |= k.broken;
        total += k.n;
        if (!k.broken && head)
            head(to, arena_printf(&c->arena, "%lld %lld %s", (long long)ends[i].shard, (long long)ends[i].seq, ends[i].hash));
    }
    stray = db_one_int(c, "SELECT count(*) FROM audit a WHERE NOT EXISTS (SELECT 1 FROM audit_end e WHERE e.shard = a.shard)");
    if (stray) {
        broken = true;
        fault(to, say(c, "Nhật ký có %lld mục ngoài mọi chuỗi.", "The audit has %lld entries outside every chain.", (long long)stray));
    }
    return broken || failed(c) ? -1 : total;
}

const char *audit_json(struct ctx *c, const struct kind *k, const void *record, const void *was)
{
    struct buf b = {0};
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if (!field_stored(f) || (was ? field_same(f, record, was) : field_empty(f, record)))
            continue;
        struct value v = field_get(f, record);
        buf_puts(&b, b.n ? ",\"" : "{\"");
        buf_puts(&b, f->name);
        buf_puts(&b, "\":");
        if (f->flags & SECRET)
            buf_puts(&b, "\"***\"");
        else if (v.type == VALUE_TEXT)
            json_text(&(struct json_out){.to = &b}, v.s);
        else if (v.type == VALUE_NULL)
            buf_puts(&b, "null");
        else
            buf_int(&b, v.i);
    }
    if (!b.n) {
        buf_free(&b);
        return NULL;
    }
    buf_char(&b, '}');
    return buf_take(&b, &c->arena);
}

bool audit_apply(struct ctx *c, const struct kind *k, void *record, const char *json)
{
    json_t *o = json ? json_read(c, json, strlen(json)) : NULL;
    const char *name;
    json_t *v;
    json_object_foreach(o, name, v)
    {
        const struct field *f = field_find(k, name);
        if (!f || (f->flags & SECRET))
            continue;
        struct value x = value_null();
        if (json_is_string(v))
            x = value_text(arena_text(&c->arena, json_string_value(v)));
        else if (json_is_integer(v))
            x = value_int((int64_t)json_integer_value(v));
        field_set(f, record, x);
    }
    json_decref(o);
    return !failed(c);
}
