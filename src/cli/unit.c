/* dangbo unit tree; dangbo unit change ...; dangbo transfer send | receive. */
#include "cli.h"

#include "base/str.h"
#include "fmt/json.h"
#include "model/type.h"
#include "party/organisation/change.h"
#include "party/people/transfer.h"
#include "party/verbs.h"

/* --- the tree on any day ---------------------------------------------------------------------------- */

struct node {
    int64_t id, above;
    const char *code, *name, *type, *key;
    int64_t members;
};

struct tree {
    struct cli *cli;
    struct node *nodes, **by_id;
    size_t n;
    day at;
    struct json_out j;
};

static int by_key(const void *a, const void *b)
{
    const struct node *x = a, *y = b;
    if (x->above != y->above)
        return x->above < y->above ? -1 : 1;
    return strcmp(x->key, y->key);
}

/* All open units below (or all), with their names, superiors and members on the day: two statements. */
static void read_tree(struct tree *t, int64_t top)
{
    struct ctx *c = t->cli->c;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT u.id, COALESCE(s.superior, 0), u.code, s.name, s.type, u.sort_key, COALESCE(u.position, 0) FROM unit u "
                "JOIN unit_state s ON s.of_unit = u.id AND s.removed_at = 0");
    if (top)
        tree_join(&q, "u", "id", top, t->at);
    sql_add(&q, " WHERE u.shard = 0");
    tree_open(&q, "u", t->at);
    sql_lasts(&q, "s", t->at);
    scope_where(&q, &unit_kind, ACT_READ, "u");
    struct rows *r = sql_query(&q);
    size_t room = 0;
    while (rows_next(r)) {
        if (t->n == room) {
            struct node *more = NEW_N(&c->arena, struct node, room = room ? room * 2 : 256);
            if (t->n)
                memcpy(more, t->nodes, t->n * sizeof *more);
            t->nodes = more;
        }
        t->nodes[t->n++] = (struct node){.id = rows_int(r, 0), .above = rows_int(r, 1), .code = arena_text(&c->arena, rows_text(r, 2)),
                                         .name = arena_text(&c->arena, rows_text(r, 3)), .type = arena_text(&c->arena, rows_text(r, 4)),
                                         .key = arena_printf(&c->arena, "%06lld%s", (long long)rows_int(r, 6), rows_text(r, 5))};
    }
}

static int by_id(const void *a, const void *b)
{
    const struct node *const *x = a, *const *y = b;
    return (*x)->id < (*y)->id ? -1 : (*x)->id > (*y)->id;
}

/* In the order of superiors and names, and findable by id. */
static void arrange(struct tree *t)
{
    t->by_id = NEW_N(&t->cli->c->arena, struct node *, t->n + 1);
    if (!t->n)
        return;
    qsort(t->nodes, t->n, sizeof *t->nodes, by_key);
    for (size_t i = 0; i < t->n; i++)
        t->by_id[i] = &t->nodes[i];
    qsort(t->by_id, t->n, sizeof *t->by_id, by_id);
}

static struct node *node_of(struct tree *t, int64_t id)
{
    struct node key = {.id = id}, *p = &key, **hit = t->n ? bsearch(&p, t->by_id, t->n, sizeof *t->by_id, by_id) : NULL;
    return hit ? *hit : NULL;
}

static void count_members(struct tree *t, int64_t top)
{
    struct ctx *c = t->cli->c;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT x.above, count(*) FROM membership m JOIN unit_above x ON x.unit = m.unit");
    sql_lasts(&q, "x", t->at);
    if (top)
        tree_join(&q, "m", "unit", top, t->at);
    sql_add(&q, " WHERE m.stay = 'home' AND m.removed_at = 0");
    sql_lasts(&q, "m", t->at);
    scope_where(&q, &membership_kind, ACT_READ, "m");
    sql_add(&q, " GROUP BY x.above");
    struct rows *r = sql_query(&q);
    while (rows_next(r)) {
        struct node *hit = node_of(t, rows_int(r, 0));
        if (hit)
            hit->members = rows_int(r, 1);
    }
}

static struct node *first_below(struct tree *t, int64_t above)
{
    size_t low = 0, high = t->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (t->nodes[mid].above < above)
            low = mid + 1;
        else
            high = mid;
    }
    return low < t->n && t->nodes[low].above == above ? &t->nodes[low] : NULL;
}

static void print_node(struct tree *t, struct node *n, int depth)
{
    struct cli *cli = t->cli;
    char members[32];
    if (depth > 60)
        return;
    if (cli->json) {
        json_begin_object(&t->j);
        json_key(&t->j, "id");
        json_id(&t->j, n->id);
        json_key(&t->j, "code");
        json_text(&t->j, n->code);
        json_key(&t->j, "name");
        json_text(&t->j, n->name);
        json_key(&t->j, "type");
        json_text(&t->j, n->type);
        json_key(&t->j, "members");
        json_int(&t->j, n->members);
        json_key(&t->j, "depth");
        json_int(&t->j, depth);
        json_end_object(&t->j);
    } else {
        buf_fill(&cli->out, ' ', (size_t)depth * 3);
        buf_printf(&cli->out, "%s  %s  (%s%s%s)\n", n->code, n->name, rule_label(cli->c, "unit_type", n->type),
                   n->members ? say(cli->c, ", đảng viên: ", ", members: ") : "", n->members ? int_vi(n->members, members) : "");
    }
    for (struct node *k = first_below(t, n->id); k && k < t->nodes + t->n && k->above == n->id; k++)
        print_node(t, k, depth + 1);
}

void run_tree(struct cli *cli)
{
    struct ctx *c = cli->c;
    const char *at = cli_option(cli, "at"), *code = cli->nwords ? cli->words[0] : NULL;
    struct tree t = {.cli = cli, .at = c->today, .j = {.to = &cli->out}};
    if (at && !day_parse(at, strlen(at), false, &t.at.v)) {
        fail(c, ERR_USAGE, "Ngày “%s” không có trong lịch: viết như 30/06/2025.", "Day “%s” is not in the calendar: write it as 30/06/2025.", at);
        return;
    }
    if (!db_begin(c, DB_READ))
        return;
    int64_t top = code ? unit_by_code(c, code) : 0;
    if (code && !top)
        fail(c, ERR_MISSING, "Không có đơn vị mang mã “%s”: xem mã bằng “dangbo unit list”.", "There is no unit of code “%s”: “dangbo unit list” shows the codes.", code);
    if (!failed(c)) {
        read_tree(&t, top);
        arrange(&t);
        count_members(&t, top);
        if (cli->json)
            json_begin_array(&t.j);
        for (size_t i = 0; i < t.n; i++) /* roots: the unit asked for, or units whose superior is not to be seen */
            if (top ? t.nodes[i].id == top : !node_of(&t, t.nodes[i].above))
                print_node(&t, &t.nodes[i], 0);
        if (cli->json) {
            json_end_array(&t.j);
            buf_char(&cli->out, '\n');
        }
        if (!t.n)
            cli_note(cli, "Không có đơn vị nào vào ngày đó.", "There was no unit on that day.");
    }
    db_commit(c);
}

/* --- changes by decision ---------------------------------------------------------------------------- */

static void tell_effects(struct cli *cli, const struct change_effects *e)
{
    cli_note(cli, "  lập mới %lld, kết thúc %lld, đổi cấp trên hoặc tên, loại hình %lld đơn vị; chuyển %lld đảng viên theo tổ chức",
             "  %lld units founded, %lld closed, %lld with another superior, name or type; %lld members moved with their unit", (long long)e->founded, (long long)e->closed,
             (long long)e->restated, (long long)e->members);
    for (size_t i = 0; i < e->nunits; i++)
        cli_note(cli, "    %s %s %s", "    %s %s %s", e->units[i].founded ? "+" : e->units[i].closed ? "−" : "→", e->units[i].code, e->units[i].name);
    int64_t more = e->founded + e->closed + e->restated - (int64_t)e->nunits;
    if (more > 0)
        cli_note(cli, "    … và %lld đơn vị nữa", "    … and %lld more units", (long long)more);
}

void run_change(struct cli *cli)
{
    struct ctx *c = cli->c;
    const char *act = cli_word(cli, 0, "việc thay đổi: found, merge, split, move, rename, reclass hoặc close",
                               "the change: found, merge, split, move, rename, reclass or close");
    struct problems p;
    problems_start(&p, c);
    cli->kind = &unit_change_kind;
    if (!act || !db_begin(c, DB_WRITE))
        return;
    struct row *change = arena_alloc(&c->arena, unit_change_kind.size);
    const char *why = type_parse(c, field_need(&unit_change_kind, "act"), value_text(act), change);
    if (why)
        fail(c, ERR_USAGE, "%s", "%s", why);
    for (size_t i = 0; i < unit_change_kind.nfields && !failed(c); i++) {
        const struct field *f = &unit_change_kind.fields[i];
        char *name = arena_text(&c->arena, f->name);
        for (char *s = name; *s; s++)
            *s = *s == '_' ? '-' : *s;
        const char *value = (f->flags & READONLY) ? NULL : cli_option(cli, name);
        if (value && (why = type_parse(c, f, value_text(value), change)))
            problem(&p, f->name, "%s", "%s", why);
    }
    bool dry = cli_switch(cli, "dry-run");
    struct change_effects effects;
    bool ok = !p.n && !failed(c) && change_carry_out(c, change, dry, &p, &effects);
    cli_problems(cli, &unit_change_kind, &p, true);
    if (ok) {
        cli_note(cli, dry ? "Sẽ thực hiện:" : "Đã thực hiện:", dry ? "Would do:" : "Done:");
        tell_effects(cli, &effects);
    }
    if (dry) {
        if (ok && cli->json)
            cli_show_one(cli, &unit_change_kind, change);
        db_rollback(c);
        if (ok)
            cli_note(cli, "Chạy thử: chưa ghi gì.", "Dry run: nothing was saved.");
    } else if (db_commit(c) && ok) {
        cli_note(cli, "Hoàn lại bằng: dangbo unit change undo %lld", "Undo by: dangbo unit change undo %lld", (long long)change->id);
        if (cli->json)
            cli_show_one(cli, &unit_change_kind, change);
    }
}

void run_change_undo(struct cli *cli)
{
    struct ctx *c = cli->c;
    int64_t id = 0;
    const char *word = cli_word(cli, 0, "số (id) của quyết định, xem “dangbo unit_change list”", "the id of the change, see “dangbo unit_change list”");
    if (!word)
        return;
    if (!int_parse(word, &id))
        fail(c, ERR_USAGE, "“%s” không phải là số (id).", "“%s” is not an id.", word);
    struct problems p;
    problems_start(&p, c);
    if (failed(c) || !db_begin(c, DB_WRITE))
        return;
    if (!unit_change_undo(c, id, &p))
        cli_problems(cli, &unit_change_kind, &p, true);
    if (db_commit(c))
        cli_note(cli, "Đã hoàn lại: cây đơn vị và quá trình sinh hoạt trở về như trước.", "Undone: the tree and the stays are as they were.");
}

/* --- transfers --------------------------------------------------------------------------------------- */

static void *person_named(struct cli *cli)
{
    const char *word = cli_word(cli, 0, "mã hồ sơ đảng viên", "the code of a person");
    void *person = word ? record_by_code(cli->c, &person_kind, word, ACT_READ) : NULL;
    if (word && !person)
        fail(cli->c, ERR_MISSING, "Không có hồ sơ “%s”, hoặc bạn không được xem.", "There is no person “%s”, or it is not yours to see.", word);
    return person;
}

static void set_from(struct cli *cli, void *record, const char *field, const char *option, struct problems *p)
{
    const char *value = cli_option(cli, option);
    const char *why = value ? type_parse(cli->c, field_need(&membership_kind, field), value_text(value), record) : NULL;
    if (why)
        problem(p, field, "%s", "%s", why);
}

static void transfer(struct cli *cli, bool sends)
{
    struct ctx *c = cli->c;
    struct problems p;
    problems_start(&p, c);
    cli->kind = &membership_kind;
    if (!db_begin(c, DB_WRITE))
        return;
    const struct row *person = person_named(cli);
    void *stay = person ? transfer_stay(c, person->id, sends) : NULL;
    if (stay) {
        set_from(cli, stay, sends ? "sent_to" : "cell", "to", &p);
        set_from(cli, stay, sends ? "sent_on" : "since", "on", &p);
        set_from(cli, stay, "paper", "paper", &p);
        set_from(cli, stay, "decision", "decision", &p);
        bool ok = !p.n && record_save(c, &membership_kind, stay, &p);
        cli_problems(cli, &membership_kind, &p, true);
        if (ok)
            cli_show_one(cli, &membership_kind, stay);
    }
    db_commit(c);
}

void run_transfer_send(struct cli *cli)
{
    if (cli_need_option(cli, "to") && cli_need_option(cli, "on"))
        transfer(cli, true);
}

void run_transfer_receive(struct cli *cli)
{
    if (cli_need_option(cli, "on"))
        transfer(cli, false);
}
