/* Making, checking and keeping an installation: init, schema, check, audit, backup, restore, rules. */
#include "cli.h"

#include "base/str.h"
#include "fmt/json.h"
#include "model/schema.h"
#include "model/tree.h"
#include "party/system/attachment_store.h"
#include "party/verbs.h"

#include <sys/stat.h>
#include <unistd.h>

void run_init(struct cli *cli)
{
    if (!schema_apply(cli->c))
        return;
    cli_note(cli, "Đã tạo dữ liệu trống ở %s. Chưa có tài khoản nào.", "Made empty data at %s. There is no account yet.", store_where(cli->store));
    cli_setup_token(cli, true); /* a server of another node may have been set up already */
    cli_note(cli, "Tiếp theo: dangbo --%s %s import unit don-vi.xlsx", "Next: dangbo --%s %s import unit units.xlsx",
             store_engine(cli->store) == DB_SQLITE ? "data" : "db", store_where(cli->store));
}

/* Lines told one by one: as text, or each as an object of one JSON array. */
struct telling {
    struct cli *cli;
    struct json_out j;
    int64_t n;
};

static void tell_begin(struct telling *t, struct cli *cli)
{
    *t = (struct telling){.cli = cli, .j = {.to = &cli->out}};
    if (cli->json)
        json_begin_array(&t->j);
}

static void tell_line(struct telling *t, const char *key, const char *line)
{
    t->n++;
    if (!t->cli->json) {
        buf_printf(&t->cli->out, "%s\n", line);
        return;
    }
    json_begin_object(&t->j);
    json_key(&t->j, key);
    json_text(&t->j, line);
    json_end_object(&t->j);
}

static void tell_end(struct telling *t)
{
    if (!t->cli->json)
        return;
    json_end_array(&t->j);
    buf_char(&t->cli->out, '\n');
}

/* The whole of the data is looked at by whoever runs the machine. False after fail(). */
static bool operator_only(struct cli *cli)
{
    if (cli->c->actor && !cli->c->actor->system)
        fail(cli->c, ERR_DENIED, "Chỉ người giữ máy chủ được dùng lệnh này: bỏ --as.", "Only the operator of the machine may use this command: leave out --as.");
    return !failed(cli->c);
}

static void tell_statement(void *to, const char *statement)
{
    struct telling *t = to;
    tell_line(t, "statement", arena_printf(&t->cli->c->arena, "%s;", statement));
}

void run_schema(struct cli *cli)
{
    struct ctx *c = cli->c;
    if (!operator_only(cli) || !db_begin(c, DB_READ))
        return;
    struct telling told;
    tell_begin(&told, cli);
    size_t n = schema_difference(c, tell_statement, &told);
    tell_end(&told);
    db_commit(c);
    if (failed(c))
        return;
    if (!n)
        cli_note(cli, "Cơ sở dữ liệu đúng với chương trình.", "The database is as the program wants it.");
    else if (!cli_switch(cli, "apply"))
        cli_note(cli, "Còn %zu thay đổi: sao lưu rồi thêm --apply để thực hiện.", "%zu changes are due: back up, then add --apply.", n);
    else if (schema_apply(c))
        cli_note(cli, "Đã thực hiện %zu thay đổi.", "Made %zu changes.", n);
}

static void tell_fault(void *to, const char *what)
{
    tell_line(to, "fault", what);
}

static void expect_none(struct telling *f, int64_t n, const char *vi, const char *en)
{
    if (n && !failed(f->cli->c))
        tell_fault(f, arena_printf(&f->cli->c->arena, "%lld: %s", (long long)n, f->cli->c->lang == LANG_EN ? en : vi));
}

/* Every reference of every kind points at a record that is there. */
static void check_references(struct telling *out)
{
    struct ctx *c = out->cli->c;
    for (size_t i = 0; i < nkinds; i++)
        for (size_t j = 0; j < kinds[i]->nfields; j++) {
            const struct field *f = &kinds[i]->fields[j];
            if (f->type != TYPE_REF || !field_stored(f))
                continue;
            struct sql q = sql_new(c);
            sql_add(&q, "SELECT count(*) FROM ");
            sql_name(&q, kinds[i]->name);
            sql_add(&q, " t WHERE t.removed_at = 0 AND ");
            sql_col(&q, "t", f->name);
            sql_add(&q, " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ");
            sql_name(&q, f->to->name);
            sql_add(&q, " o WHERE o.id = ");
            sql_col(&q, "t", f->name);
            sql_add(&q, ")");
            int64_t n = rows_only_int(sql_query(&q));
            expect_none(out, n, arena_printf(&c->arena, "%s.%s trỏ tới hồ sơ không còn", kinds[i]->name, f->name),
                        arena_printf(&c->arena, "%s.%s points at records that are gone", kinds[i]->name, f->name));
        }
}

static void check_register(struct telling *out)
{
    struct ctx *c = out->cli->c;
    expect_none(out, tree_faults(c), "chỗ sai trong cây đơn vị theo thời gian (unit_above)", "faults in the dated tree (unit_above)");
    expect_none(out,
                db_one_int(c, "SELECT count(*) FROM membership a JOIN membership b ON b.person = a.person AND b.id > a.id WHERE a.stay = 'home' AND b.stay = 'home' "
                              "AND a.removed_at = 0 AND b.removed_at = 0 AND a.since < b.until AND b.since < a.until AND a.since < a.until AND b.since < b.until"),
                "lần sinh hoạt chính thức trùng thời gian", "home stays that overlap");
    expect_none(out,
                db_one_int(c, "SELECT count(*) FROM person p JOIN membership m ON m.shard = p.shard AND m.person = p.id WHERE p.removed_at = 0 AND m.removed_at = 0 "
                              "AND m.stay = 'home' AND m.since IS NOT NULL AND m.until = 99999999 AND p.unit <> m.unit"),
                "hồ sơ ghi chi bộ khác với quá trình sinh hoạt", "people whose cell differs from their stay");
    expect_none(out, db_one_int(c, "SELECT count(*) FROM membership m JOIN person p ON p.id = m.person WHERE m.shard <> p.shard"),
                "lần sinh hoạt nằm khác phân vùng với hồ sơ", "stays kept on another shard than their person");
}

/* Every value that no two records may share is claimed by its record, and by no other. */
static void check_taken(struct telling *out)
{
    struct ctx *c = out->cli->c;
    for (size_t i = 0; i < nkinds; i++)
        for (size_t j = 0; j < kinds[i]->nfields; j++) {
            const struct field *f = &kinds[i]->fields[j];
            if (!(f->flags & UNIQUE))
                continue;
            struct sql q = sql_new(c);
            sql_add(&q, "SELECT count(*) FROM ");
            sql_name(&q, kinds[i]->name);
            sql_add(&q, " t WHERE t.removed_at = 0 AND "); /* gathered once: the key of the table begins with what is not known here */
            sql_col(&q, "t", f->name);
            sql_add(&q, " IS NOT NULL AND (");
            sql_col(&q, "t", f->name);
            sql_add(&q, ", t.id) NOT IN (SELECT k.value, k.id FROM taken k WHERE k.kind = ");
            sql_arg(&q, V(kinds[i]->name));
            sql_add(&q, " AND k.field = ");
            sql_arg(&q, V(f->name));
            sql_add(&q, ")");
            expect_none(out, rows_only_int(sql_query(&q)), arena_printf(&c->arena, "%s.%s không được giữ chỗ là duy nhất (taken)", kinds[i]->name, f->name),
                        arena_printf(&c->arena, "%s.%s not claimed as unique (taken)", kinds[i]->name, f->name));
        }
}

/* Attached files: all their pieces are there. */
static void check_attached(struct telling *out)
{
    struct ctx *c = out->cli->c;
    struct rows *r = db_query(c, "SELECT id, shard, code FROM attachment WHERE removed_at = 0 ORDER BY id");
    while (rows_next(r)) {
        struct arena_mark mark = arena_mark(&c->arena);
        const char *code = arena_text(&c->arena, rows_text(r, 2) ? rows_text(r, 2) : "");
        if (!attachment_read(c, rows_int(r, 1), rows_int(r, 0), NULL) && !failed(c))
            tell_fault(out, say(c, "Tệp đính kèm %s không khớp mã băm (attachment_part)", "Attached file %s does not match its hash (attachment_part)", code));
        if (!failed(c))
            arena_rewind(&c->arena, mark);
    }
}

void run_check(struct cli *cli)
{
    struct ctx *c = cli->c;
    struct telling f;
    if (!operator_only(cli) || !db_begin(c, DB_READ))
        return;
    tell_begin(&f, cli);
    db_integrity(c, tell_fault, &f);
    check_references(&f);
    check_register(&f);
    check_taken(&f);
    check_attached(&f);
    int64_t entries = audit_verify(c, tell_fault, NULL, &f);
    for (size_t i = 0; i < nkinds && entries >= 0; i++) /* a broken audit proves nothing */
        record_prove(c, kinds[i], tell_fault, &f);
    tell_end(&f);
    db_commit(c);
    if (failed(c))
        return;
    if (f.n)
        fail(c, ERR_BAD_INPUT, "Có %lld chỗ hỏng: sao lưu ngay, rồi khôi phục bản sao lưu tốt gần nhất.", "%lld faults: back up now, then restore the latest good backup.",
             (long long)f.n);
    else
        cli_note(cli, "Dữ liệu lành: cây đơn vị, tham chiếu, quá trình sinh hoạt và %lld mục nhật ký đều khớp.",
                 "The data are sound: tree, references, stays and %lld audit entries agree.", (long long)entries);
}

static void tell_head(void *to, const char *line)
{
    tell_line(to, "head", line);
}

void run_audit_verify(struct cli *cli)
{
    struct ctx *c = cli->c;
    struct telling f;
    if (!operator_only(cli) || !db_begin(c, DB_READ))
        return;
    tell_begin(&f, cli);
    int64_t n = audit_verify(c, tell_fault, tell_head, &f);
    tell_end(&f);
    db_commit(c);
    if (failed(c))
        return;
    if (n < 0)
        fail(c, ERR_BAD_INPUT, "Nhật ký đã bị thay đổi ở chỗ nêu trên.", "The audit was tampered with at the place named above.");
    else
        cli_note(cli, "Nhật ký nguyên vẹn: %lld mục. Giữ các dòng trên ở nơi khác để đối chiếu.", "The audit is whole: %lld entries. Keep the lines above elsewhere to compare.",
                 (long long)n);
}

void run_audit_list(struct cli *cli)
{
    struct ctx *c = cli->c;
    int64_t limit = 50;
    const char *given = cli_option(cli, "limit");
    if (given && (!int_parse(given, &limit) || limit < 1 || limit > 100000)) {
        fail(c, ERR_USAGE, "--limit phải từ 1 đến 100000.", "--limit must be from 1 to 100000.");
        return;
    }
    if (!c->actor->system) {
        fail(c, ERR_DENIED, "Chỉ người giữ máy chủ xem được toàn bộ nhật ký; xem từng hồ sơ bằng “dangbo LOẠI history MÃ”.",
             "Only the operator of the machine sees the whole audit; see one record's by “dangbo KIND history CODE”.");
        return;
    }
    if (!db_begin(c, DB_READ))
        return;
    struct json_out j = {.to = &cli->out};
    struct rows *r = db_query(c, "SELECT at, actor, act, kind, record, before, after, note, shard, seq, batch FROM audit ORDER BY id DESC LIMIT $1", V(limit));
    static const char *const names[] = {"at", "actor", "act", "kind", "record", "before", "after", "note", "shard", "seq", "batch"};
    if (cli->json)
        json_begin_array(&j);
    while (rows_next(r)) {
        char at[INSTANT_TEXT];
        instant_iso((instant){rows_int(r, 0)}, at);
        if (cli->json)
            json_begin_object(&j);
        for (int i = 0; i < (int)N(names); i++) {
            const char *s = i ? rows_text(r, i) : at;
            if (cli->json) {
                json_key(&j, names[i]);
                json_text(&j, s);
            } else {
                buf_printf(&cli->out, "%s%s", i ? "\t" : "", s ? s : "");
            }
        }
        if (cli->json)
            json_end_object(&j);
        else
            buf_char(&cli->out, '\n');
    }
    if (cli->json) {
        json_end_array(&j);
        buf_char(&cli->out, '\n');
    }
    db_commit(c);
}

void run_backup(struct cli *cli)
{
    const char *path = cli_word(cli, 0, "tên tệp sao lưu", "the name of the backup file");
    if (!path)
        return;
    if (!cli->c->actor->system) {
        fail(cli->c, ERR_DENIED, "Chỉ người giữ máy chủ được sao lưu.", "Only the operator of the machine may back up.");
        return;
    }
    if (db_backup(cli->c, cli->store, path))
        cli_note(cli, "Đã sao lưu vào %s và kiểm tra lại tệp.", "Backed up to %s and checked the file.", path);
}

/* What a restore that failed has made: empty tables, which would stand in the way of the next. */
static void leave_nothing(struct cli *cli, const char *dir, bool was_there)
{
    static const char *const names[] = {"dangbo.db", "dangbo.db-wal", "dangbo.db-shm", "lock"};
    db_disconnect(cli->c);
    store_close(cli->store);
    cli->store = NULL;
    for (size_t i = 0; i < N(names); i++)
        unlink(arena_printf(&cli->c->arena, "%s/%s", dir, names[i]));
    if (!was_there)
        rmdir(dir);
}

/* A restored installation is proved before it is called good, and before anything of it is kept. */
void run_restore(struct cli *cli)
{
    struct ctx *c = cli->c;
    const char *file = cli_word(cli, 0, "tệp sao lưu", "the backup file"), *dir = cli_option(cli, "db") ? cli_option(cli, "db") : NULL;
    if (file && !dir)
        dir = cli_word(cli, 1, "thư mục mới (hoặc --db)", "the new directory (or --db)");
    if (!file || !dir)
        return;
    struct stat st;
    if (stat(file, &st) != 0) {
        fail(c, ERR_MISSING, "Không mở được tệp sao lưu %s: xem lại tên.", "Cannot open the backup %s: check the name.", file);
        return;
    }
    bool was_there = stat(dir, &st) == 0;
    cli->store = store_open(c, dir, STORE_CREATE);
    if (!cli->store)
        return;
    if (db_connect(c, cli->store) && schema_apply(c) && db_begin(c, DB_WRITE_LONG)) {
        if (db_restore_tables(c, file)) {
            for (size_t i = 0; i < nkinds; i++)
                if (kind_searched(kinds[i]))
                    db_words_rebuild(c, kinds[i]->name);
            run_check(cli);
        }
        if (db_commit(c)) {
            db_analyze(c);
            cli_note(cli, "Đã khôi phục vào %s và đối chiếu xong.", "Restored to %s and proved.", store_where(cli->store));
        }
    }
    if (failed(c) && store_engine(cli->store) == DB_SQLITE)
        leave_nothing(cli, dir, was_there);
}

void run_rule(struct cli *cli)
{
    struct ctx *c = cli->c;
    const char *name = cli_word(cli, 0, "tên danh mục, ví dụ office", "the name of a rule, such as office");
    if (!name)
        return;
    if (!rule_exists(c, name)) {
        fail(c, ERR_MISSING, "Không có danh mục “%s”.", "There is no rule “%s”.", name);
        return;
    }
    const char *at = cli_option(cli, "at");
    day d = c->today;
    if (at && !day_parse(at, strlen(at), false, &d.v)) {
        fail(c, ERR_USAGE, "Ngày “%s” không có trong lịch: viết như 30/06/2025.", "Day “%s” is not in the calendar: write it as 30/06/2025.", at);
        return;
    }
    const struct rule_item **items;
    size_t n = rule_items(c, name, d, &items);
    struct json_out j = {.to = &cli->out};
    if (cli->json)
        json_begin_array(&j);
    for (size_t i = 0; i < n; i++) {
        if (!cli->json) {
            buf_printf(&cli->out, "%-32s %s%s\n", items[i]->code, in_words(c, items[i]->label), items[i]->certain ? "" : " (?)");
            continue;
        }
        json_begin_object(&j);
        json_key(&j, "code");
        json_text(&j, items[i]->code);
        json_key(&j, "vi");
        json_text(&j, items[i]->label.vi);
        json_key(&j, "en");
        json_text(&j, items[i]->label.en);
        json_key(&j, "source");
        json_text(&j, items[i]->source);
        json_end_object(&j);
    }
    if (cli->json) {
        json_end_array(&j);
        buf_char(&cli->out, '\n');
    }
}
