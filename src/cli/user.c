/* dangbo user add | list | lock | unlock | passwd. Passwords come from a file or standard input, never from the command line. */
#include "cli.h"

#include "base/crypt.h"
#include "base/str.h"
#include "party/sign_in.h"
#include "party/verbs.h"

/* The first line of the password file ("-" is standard input). NULL after fail(). */
static const char *read_password(struct cli *cli)
{
    struct ctx *c = cli->c;
    const char *path = cli_need_option(cli, "password-file");
    if (!path)
        return NULL;
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    char line[1024] = "";
    if (!f || !fgets(line, sizeof line, f))
        line[0] = '\0';
    if (f && f != stdin)
        fclose(f);
    line[strcspn(line, "\r\n")] = '\0';
    if (!line[0])
        fail(c, ERR_BAD_INPUT, "Không đọc được mật khẩu: ghi ở dòng đầu của tệp (--password-file).", "There is no password: it stands on the first line of the file (--password-file).");
    return line[0] ? arena_text(&c->arena, line) : NULL;
}

/* Whether the password will do, and its hash. False after fail(). */
static bool hash_accepted(struct cli *cli, const char *typed, int64_t account, const char *login, char hash[PASSWORD_HASH])
{
    struct ctx *c = cli->c;
    struct problems p;
    problems_start(&p, c);
    const char *normal = password_accept(c, &p, typed, account, login, cli_option(cli, "name"));
    cli_problems(cli, &account_kind, &p, true);
    if (normal && !password_hash(normal, hash))
        fail(c, ERR_FULL, "Không đủ bộ nhớ để băm mật khẩu.", "Not enough memory to hash the password.");
    return normal && !failed(c);
}

static void set_text(void *record, const char *field, const char *value)
{
    field_set(field_need(&account_kind, field), record, value_text(value));
}

static bool save(struct cli *cli, void *account)
{
    struct problems p;
    problems_start(&p, cli->c);
    bool ok = record_save(cli->c, &account_kind, account, &p);
    cli_problems(cli, &account_kind, &p, true);
    return ok;
}

void run_user_add(struct cli *cli)
{
    struct ctx *c = cli->c;
    const char *login = cli_word(cli, 0, "tên đăng nhập", "the login"), *person = cli_option(cli, "person"), *password = login ? read_password(cli) : NULL;
    char hash[PASSWORD_HASH];
    if (!password || !db_begin(c, DB_READ))
        return;
    bool ok = hash_accepted(cli, password, 0, login, hash);
    if (!db_commit(c) || !ok || !db_begin(c, DB_WRITE))
        return;
    void *account = arena_alloc(&c->arena, account_kind.size);
    int64_t who = person ? record_id_of_code(c, &person_kind, person) : 0;
    if (person && !who)
        fail(c, ERR_MISSING, "Không có hồ sơ mang mã “%s”.", "There is no person of code “%s”.", person);
    set_text(account, "login", login);
    set_text(account, "name", cli_option(cli, "name"));
    set_text(account, "password", hash);
    field_set(field_need(&account_kind, "must_change"), account, value_int(cli_switch(cli, "must-change")));
    field_set(field_need(&account_kind, "person"), account, value_int(who));
    if (!failed(c))
        save(cli, account);
    if (db_commit(c))
        cli_note(cli, "Đã tạo tài khoản “%s”. Quyền theo chức vụ của người dùng, hoặc: dangbo grant add --account %s --role …",
                 "Made account “%s”. Its rights follow from the person's offices, or: dangbo grant add --account %s --role …", login, login);
}

void run_user_list(struct cli *cli)
{
    struct filter f = {.kind = &account_kind, .limit = PAGE_MOST};
    if (!db_begin(cli->c, DB_READ))
        return;
    cli->kind = &account_kind;
    cli_show_list(cli, &f);
    db_commit(cli->c);
}

static void lock(struct cli *cli, bool locked)
{
    struct ctx *c = cli->c;
    const char *login = cli_word(cli, 0, "tên đăng nhập", "the login");
    if (!login || !db_begin(c, DB_WRITE))
        return;
    void *account = record_by_code(c, &account_kind, login, ACT_CHANGE);
    if (!account) {
        fail(c, ERR_MISSING, "Không có tài khoản “%s”: xem bằng “dangbo user list”.", "There is no account “%s”: “dangbo user list” shows them.", login);
    } else {
        field_set(field_need(&account_kind, "locked"), account, value_int(locked));
        save(cli, account);
    }
    if (db_commit(c))
        cli_note(cli, locked ? "Đã khóa tài khoản “%s”." : "Đã mở khóa tài khoản “%s”.", locked ? "Locked account “%s”." : "Unlocked account “%s”.", login);
}

void run_user_lock(struct cli *cli)
{
    lock(cli, true);
}

void run_user_unlock(struct cli *cli)
{
    lock(cli, false);
}

void run_user_passwd(struct cli *cli)
{
    struct ctx *c = cli->c;
    const char *login = cli_word(cli, 0, "tên đăng nhập", "the login"), *password = login ? read_password(cli) : NULL;
    char hash[PASSWORD_HASH];
    if (!password || !db_begin(c, DB_READ))
        return;
    struct row *account = record_by_code(c, &account_kind, login, ACT_CHANGE);
    if (!account)
        fail(c, ERR_MISSING, "Không có tài khoản “%s”: xem bằng “dangbo user list”.", "There is no account “%s”: “dangbo user list” shows them.", login);
    bool ok = account && hash_accepted(cli, password, account->id, NULL, hash);
    if (!db_commit(c) || !ok || !db_begin(c, DB_WRITE))
        return;
    struct problems p;
    problems_start(&p, c);
    if (record_find(c, &account_kind, account->id, ACT_CHANGE))
        password_set(c, account->id, hash, cli_switch(cli, "must-change"), 0, &p);
    cli_problems(cli, &account_kind, &p, true);
    if (db_commit(c))
        cli_note(cli, "Đã đổi mật khẩu của “%s”; mọi phiên đăng nhập của tài khoản này đã kết thúc.", "Changed the password of “%s”; all its sessions have ended.", login);
}
