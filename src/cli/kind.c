/* dangbo KIND list | show | add | set | remove | restore | history: the same for every kind. */
#include "cli.h"

#include "base/str.h"
#include "fmt/json.h"
#include "model/type.h"
#include "party/verbs.h"

static bool set_filter(struct cli *cli, struct filter *f)
{
    static const struct {
        const char *option, *name;
    } plain[] = {{"unit", "unit"}, {"at", "at"}, {"search", "q"}, {"limit", "limit"}, {"after", "after"}, {"sort", "sort"}, {"from", "from"}, {"to", "to"}};
    for (size_t i = 0; i < N(plain); i++) {
        const char *v = cli_option(cli, plain[i].option);
        if (v && !filter_set(cli->c, f, plain[i].name, v))
            return false;
    }
    f->all_times = cli_switch(cli, "all");
    f->alone = cli_switch(cli, "alone");
    for (size_t i = 0; i < cli->noptions; i++) {
        if (strcmp(cli->options[i].name, "filter") != 0)
            continue;
        const char *eq = strchr(cli->options[i].value, '=');
        cli->options[i].used = true;
        if (!eq) {
            fail(cli->c, ERR_USAGE, "Điều kiện “%s” phải có dạng trường=giá trị.", "Condition “%s” must be field=value.", cli->options[i].value);
            return false;
        }
        if (!filter_set(cli->c, f, arena_copy(&cli->c->arena, cli->options[i].value, (size_t)(eq - cli->options[i].value)), eq + 1))
            return false;
    }
    return true;
}

void run_kind_list(struct cli *cli)
{
    struct filter f = {.kind = cli->kind};
    if (!db_begin(cli->c, DB_READ))
        return;
    if (set_filter(cli, &f))
        cli_show_list(cli, &f);
    db_commit(cli->c);
}

/* The record that a word names: code, or id. NULL after fail(). */
static void *named(struct cli *cli, unsigned act)
{
    const char *word = cli_word(cli, 0, "mã hoặc số của hồ sơ", "the code or id of a record");
    void *record = word ? record_by_code(cli->c, cli->kind, word, act) : NULL;
    if (word && !record && act != ACT_READ && record_by_code(cli->c, cli->kind, word, ACT_READ))
        fail(cli->c, ERR_DENIED, "Bạn xem được %s “%s” nhưng không được sửa hay xóa: không ai tự sửa hồ sơ của mình, và chức vụ phải có quyền ở đơn vị đó.",
             "You may see %s “%s” but not change or remove it: nobody changes their own record, and your office must give that right over its unit.",
             in_sentence(cli->c, cli->kind->label), word);
    else if (word && !record)
        fail(cli->c, ERR_MISSING, "Không có %s “%s”, hoặc bạn không được xem: tìm bằng “dangbo %s list”.",
             "There is no %s “%s”, or it is not yours to see: look with “dangbo %s list”.", in_sentence(cli->c, cli->kind->label), word, cli->kind->name);
    return record;
}

void run_kind_show(struct cli *cli)
{
    bool logged = cli->kind->flags & SENSITIVE;
    if (!db_begin(cli->c, logged ? DB_WRITE : DB_READ))
        return;
    void *record = named(cli, ACT_READ);
    const char *at = cli_option(cli, "at");
    day d = {0};
    if (at && !day_parse(at, strlen(at), false, &d.v))
        fail(cli->c, ERR_USAGE, "Ngày “%s” không có trong lịch: viết như 30/06/2025.", "Day “%s” is not in the calendar: write it as 30/06/2025.", at);
    if (record && !failed(cli->c)) {
        if (logged)
            record_log_read(cli->c, cli->kind, record, "read", NULL);
        if (d.v && cli->kind->as_at)
            cli->kind->as_at(cli->c, d, &record, 1);
        cli_show_one(cli, cli->kind, record);
    }
    db_commit(cli->c);
}

/* Options that name fields, read into the record. */
static void take_fields(struct cli *cli, void *record, struct problems *p)
{
    for (size_t i = 0; i < cli->kind->nfields; i++) {
        const struct field *f = &cli->kind->fields[i];
        char *name = arena_text(&cli->c->arena, f->name);
        for (char *s = name; *s; s++)
            *s = *s == '_' ? '-' : *s;
        bool is_given = false;
        for (size_t j = 0; j < cli->noptions; j++)
            is_given |= strcmp(cli->options[j].name, name) == 0 && cli->options[j].value;
        if (!is_given)
            continue;
        const char *value = cli_option(cli, name);
        if (f->flags & (READONLY | SECRET)) {
            problem(p, f->name, "Trường này do chương trình ghi, không sửa được.", "This field is written by the program and cannot be set.");
            continue;
        }
        const char *why = type_parse(cli->c, f, value_text(value), record);
        if (why)
            problem(p, f->name, "%s", "%s", why);
    }
}

static void finish_save(struct cli *cli, void *record, struct problems *p, bool dry)
{
    struct ctx *c = cli->c;
    bool ok = !p->n && !failed(c) && record_save(c, cli->kind, record, p);
    cli_problems(cli, cli->kind, p, true);
    if (ok)
        cli_show_one(cli, cli->kind, record);
    if (dry) {
        db_rollback(c);
        if (ok)
            cli_note(cli, "Chạy thử: chưa ghi gì.", "Dry run: nothing was saved.");
    } else {
        db_commit(c);
    }
}

/* What the program derives is not written by hand. False after fail(). */
static bool by_hand(struct cli *cli)
{
    if (cli->kind->flags & COMPUTED)
        fail(cli->c, ERR_USAGE, "%s do chương trình ghi, không thêm, sửa hay xóa bằng tay.", "%s are written by the program, not by hand.",
             in_words(cli->c, cli->kind->plural));
    return !failed(cli->c);
}

void run_kind_add(struct cli *cli)
{
    struct ctx *c = cli->c;
    struct problems p;
    problems_start(&p, c);
    if (!by_hand(cli) || !db_begin(c, DB_WRITE))
        return;
    struct row *record = arena_alloc(&c->arena, cli->kind->size);
    const char *unit = cli_option(cli, "unit");
    if (unit && !field_find(cli->kind, "unit") && !(record->unit = unit_by_code(c, unit)))
        fail(c, ERR_MISSING, "Không có đơn vị mang mã “%s”.", "There is no unit of code “%s”.", unit);
    take_fields(cli, record, &p);
    finish_save(cli, record, &p, cli_switch(cli, "dry-run"));
}

void run_kind_set(struct cli *cli)
{
    struct ctx *c = cli->c;
    struct problems p;
    problems_start(&p, c);
    if (!by_hand(cli) || !db_begin(c, DB_WRITE))
        return;
    struct row *record = named(cli, ACT_CHANGE);
    const char *version = cli_option(cli, "if-version");
    int64_t v = 0;
    if (version && (!int_parse(version, &v) || (record && v != record->version)))
        fail(c, ERR_CONFLICT, "Hồ sơ đang ở bản %lld, không phải bản %s: mở lại rồi làm lại.", "The record is at version %lld, not %s: open it again and redo.",
             record ? (long long)record->version : 0LL, version);
    if (record && !failed(c))
        take_fields(cli, record, &p);
    if (record)
        finish_save(cli, record, &p, cli_switch(cli, "dry-run"));
    else
        db_rollback(c);
}

void run_kind_remove(struct cli *cli)
{
    struct ctx *c = cli->c;
    struct problems p;
    problems_start(&p, c);
    if (!by_hand(cli) || !db_begin(c, DB_WRITE))
        return;
    struct row *record = named(cli, ACT_REMOVE);
    const char *name = record ? record_name(c, cli->kind, record) : "";
    bool ok = record && record_remove(c, cli->kind, record->id, 0, &p);
    cli_problems(cli, cli->kind, &p, true);
    if (ok && cli_switch(cli, "dry-run")) {
        db_rollback(c);
        cli_note(cli, "Chạy thử: sẽ xóa %s.", "Dry run: would remove %s.", name);
    } else if (db_commit(c) && ok) {
        cli_note(cli, "Đã xóa %s. Lấy lại bằng: dangbo %s restore %lld", "Removed %s. Bring it back by: dangbo %s restore %lld", name, cli->kind->name,
                 (long long)record->id);
    }
}

void run_kind_restore(struct cli *cli)
{
    int64_t id = 0;
    const char *word = cli_word(cli, 0, "số (id) của hồ sơ đã xóa", "the id of a removed record");
    if (!word || !by_hand(cli))
        return;
    if (!int_parse(word, &id))
        fail(cli->c, ERR_USAGE, "“%s” không phải là số (id) của hồ sơ.", "“%s” is not the id of a record.", word);
    else if (record_restore(cli->c, cli->kind, id))
        cli_note(cli, "Đã khôi phục.", "Restored.");
}

struct history {
    struct cli *cli;
    struct json_out j;
};

static void history_line(void *to, const struct history_entry *e)
{
    struct history *h = to;
    struct cli *cli = h->cli;
    char at[INSTANT_TEXT];
    instant_iso(e->at, at);
    if (!cli->json) {
        buf_printf(&cli->out, "%s  %-12s %-8s %s", at, e->actor, e->act, e->after ? e->after : "");
        if (e->before)
            buf_printf(&cli->out, "  ← %s", e->before);
        buf_printf(&cli->out, "%s%s\n", e->note ? "  " : "", e->note ? e->note : "");
        return;
    }
    static const char *const names[] = {"at", "actor", "act", "before", "after", "note"};
    const char *values[] = {at, e->actor, e->act, e->before, e->after, e->note};
    json_begin_object(&h->j);
    for (size_t i = 0; i < N(names); i++) {
        json_key(&h->j, names[i]);
        json_text(&h->j, values[i]);
    }
    json_end_object(&h->j);
}

void run_kind_history(struct cli *cli)
{
    struct ctx *c = cli->c;
    if (!db_begin(c, DB_READ))
        return;
    struct row *record = named(cli, ACT_READ);
    struct history h = {.cli = cli, .j = {.to = &cli->out}};
    if (record) {
        if (cli->json)
            json_begin_array(&h.j);
        record_history(c, cli->kind, record->id, history_line, &h);
        if (cli->json)
            json_end_array(&h.j);
        buf_char(&cli->out, '\n');
    }
    db_commit(c);
}

struct who {
    struct cli *cli;
    struct json_out j;
    size_t n;
};

/* "read export" as people say it. */
static const char *acts_in_words(struct cli *cli, const char *acts)
{
    static const struct {
        const char *word;
        struct words said;
    } known[] = {{"read", {"xem", "read"}},     {"add", {"thêm", "add"}},           {"change", {"sửa", "change"}}, {"remove", {"xóa", "remove"}},
                 {"export", {"xuất", "export"}}, {"decide", {"quyết định", "decide"}}, {"admin", {"quản trị", "administer"}}};
    struct buf b = {0};
    for (const char *s = acts; *s;) {
        size_t n = strcspn(s, " ");
        for (size_t i = 0; i < N(known); i++)
            if (strlen(known[i].word) == n && strncmp(known[i].word, s, n) == 0)
                buf_printf(&b, "%s%s", b.n ? ", " : "", in_words(cli->c, known[i].said));
        s += n + (s[n] == ' ');
    }
    return b.n ? buf_take(&b, &cli->c->arena) : acts;
}

static void tell_who(void *to, const char *name, const char *through, const char *acts)
{
    struct who *w = to;
    w->n++;
    if (!w->cli->json) {
        buf_printf(&w->cli->out, "%s — %s — %s\n", name, through, acts_in_words(w->cli, acts));
        return;
    }
    json_begin_object(&w->j);
    json_key(&w->j, "account");
    json_text(&w->j, name);
    json_key(&w->j, "through");
    json_text(&w->j, through);
    json_key(&w->j, "acts");
    json_text(&w->j, acts);
    json_end_object(&w->j);
}

void run_who(struct cli *cli)
{
    const char *kind = cli_word(cli, 0, "loại hồ sơ", "the kind"), *code = cli_word(cli, 1, "mã hoặc số của hồ sơ", "the code or id of a record");
    if (!kind || !code || !db_begin(cli->c, DB_READ))
        return;
    cli->kind = kind_find(kind);
    void *record = cli->kind ? record_by_code(cli->c, cli->kind, code, ACT_READ) : NULL;
    struct who w = {.cli = cli, .j = {.to = &cli->out}};
    if (!cli->kind)
        fail(cli->c, ERR_USAGE, "Không có loại hồ sơ “%s”.", "There is no kind “%s”.", kind);
    else if (!record)
        fail(cli->c, ERR_MISSING, "Không có %s “%s”, hoặc bạn không được xem.", "There is no %s “%s”, or it is not yours to see.", in_sentence(cli->c, cli->kind->label), code);
    else {
        if (cli->json)
            json_begin_array(&w.j);
        access_who(cli->c, cli->kind, record, tell_who, &w);
        if (cli->json) {
            json_end_array(&w.j);
            buf_char(&cli->out, '\n');
        }
        if (!w.n)
            cli_note(cli, "Chưa có tài khoản nào xem được; người giữ máy chủ thì xem được.", "No account can see it; whoever runs the machine can.");
    }
    db_commit(cli->c);
}
