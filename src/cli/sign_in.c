/* dangbo setup; dangbo user reset-second; dangbo token add | list | end. What is shown once goes to standard output, alone, so that it can be piped. */
#include "cli.h"

#include "base/str.h"
#include "party/sign_in.h"
#include "party/verbs.h"

void cli_setup_token(struct cli *cli, bool only_if_needed)
{
    struct ctx *c = cli->c;
    if (!db_begin(c, DB_WRITE))
        return;
    if (only_if_needed && !setup_needed(c)) {
        db_commit(c);
        return;
    }
    const char *token = setup_token(c);
    if (!db_commit(c) || !token)
        return;
    if (cli->json) {
        struct json_out j = {.to = &cli->out};
        json_begin_object(&j);
        json_key(&j, "setup_token");
        json_text(&j, token);
        json_key(&j, "minutes");
        json_int(&j, SETUP_MINUTES);
        json_end_object(&j);
        buf_char(&cli->out, '\n');
    } else {
        buf_printf(&cli->out, "%s\n", token);
    }
    cli_note(cli, "Mã trên dùng một lần, trong %d phút, để tạo người quản trị đầu tiên ở trang /setup. Không ghi lại, không gửi cho ai. Mã khác: dangbo setup",
             "The token above works once, within %d minutes, to make the first administrator on the page /setup. Keep no copy, send it to nobody. Another one: dangbo setup",
             SETUP_MINUTES);
}

static bool operator_only(struct cli *cli)
{
    if (!cli->c->actor || !cli->c->actor->system)
        fail(cli->c, ERR_DENIED, "Chỉ người giữ máy chủ được dùng lệnh này: bỏ --as.", "Only the operator of the machine may use this command: leave out --as.");
    return !failed(cli->c);
}

void run_setup(struct cli *cli)
{
    if (operator_only(cli))
        cli_setup_token(cli, false);
}

static int64_t account_of(struct cli *cli, const char *login)
{
    struct account_look a = {0};
    if (login && !account_look(cli->c, login, &a))
        fail(cli->c, ERR_MISSING, "Không có tài khoản “%s”: xem bằng “dangbo user list”.", "There is no account “%s”: “dangbo user list” shows them.", login);
    return a.id;
}

void run_user_reset_second(struct cli *cli)
{
    struct ctx *c = cli->c;
    const char *login = cli_word(cli, 0, "tên đăng nhập", "the login"), *reason = cli_option(cli, "reason");
    if (!login || !operator_only(cli) || !db_begin(c, DB_WRITE))
        return;
    int64_t account = account_of(cli, login);
    if (!failed(c))
        second_turn_off(c, account, 0, "second_reset", reason);
    if (db_commit(c))
        cli_note(cli, "Đã đặt lại xác thực hai bước của “%s”; mọi phiên đăng nhập của tài khoản này đã kết thúc, mật khẩu giữ nguyên.",
                 "Reset the second factor of “%s”; all its sessions have ended, the password stays.", login);
}

void run_token_add(struct cli *cli)
{
    struct ctx *c = cli->c;
    const char *login = cli_word(cli, 0, "tên đăng nhập", "the login"), *name = cli_need_option(cli, "name"), *words = cli_need_option(cli, "scopes"), *given = cli_option(cli, "days");
    int64_t days = 90;
    struct problems p;
    problems_start(&p, c);
    if (given && (!int_parse(given, &days) || days < 0 || days > 100000))
        fail(c, ERR_USAGE, "--days phải là một số ngày, ví dụ 90.", "--days must be a number of days, such as 90.");
    if (failed(c) || !operator_only(cli) || !db_begin(c, DB_WRITE))
        return;
    int64_t account = account_of(cli, login);
    const char *token = failed(c) ? NULL : token_make(c, account, name, scopes_parse(words), (int)days, &p);
    cli_problems(cli, &account_kind, &p, true);
    if (!db_commit(c) || !token)
        return;
    buf_printf(&cli->out, cli->json ? "{\"token\":\"%s\"}\n" : "%s\n", token);
    cli_note(cli, "Mã truy cập trên chỉ hiện một lần và hết hạn sau %lld ngày: chép ngay vào nơi chương trình cần. Thu hồi: dangbo token end ID",
             "The token above is shown this once and ends after %lld days: put it where the program needs it now. To end it: dangbo token end ID", (long long)days);
}

static void token_line(struct cli *cli, const struct token *t)
{
    char until[DAY_TEXT], used[DAY_TEXT];
    struct ctx *c = cli->c;
    const char *state = t->ended.v ? say(c, "đã thu hồi", "ended") : t->expires.v <= c->now.v ? say(c, "hết hạn", "expired") : say(c, "còn hiệu lực", "live");
    day_vi(instant_day(t->expires).v, until);
    day_vi(t->used.v ? instant_day(t->used).v : 0, used);
    buf_printf(&cli->out, "%lld  %s  %s  %s  %s %s  %s %s  %s\n", (long long)t->id, t->login, t->name, scopes_text(c, t->scopes), say(c, "hết hạn", "until"), until,
               say(c, "dùng lần cuối", "last used"), *used ? used : "–", state);
}

static void token_json(struct cli *cli, struct json_out *j, const struct token *t)
{
    const struct {
        const char *key;
        instant at;
    } times[] = {{"created", t->created}, {"expires", t->expires}, {"used", t->used}, {"ended", t->ended}};
    json_begin_object(j);
    json_key(j, "id");
    json_id(j, t->id);
    json_key(j, "login");
    json_text(j, t->login);
    json_key(j, "name");
    json_text(j, t->name);
    json_key(j, "scopes");
    json_text(j, scopes_text(cli->c, t->scopes));
    for (size_t i = 0; i < N(times); i++) {
        char at[INSTANT_TEXT];
        json_key(j, times[i].key);
        json_text(j, times[i].at.v ? instant_iso(times[i].at, at) : NULL);
    }
    json_end_object(j);
}

void run_token_list(struct cli *cli)
{
    struct ctx *c = cli->c;
    struct token *list = NULL;
    struct json_out j = {.to = &cli->out};
    if (!operator_only(cli) || !db_begin(c, DB_READ))
        return;
    int64_t account = account_of(cli, cli->nwords ? cli->words[0] : NULL);
    size_t n = failed(c) ? 0 : token_list(c, account, &list);
    if (cli->json && !failed(c))
        json_begin_array(&j);
    for (size_t i = 0; i < n; i++)
        if (cli->json)
            token_json(cli, &j, &list[i]);
        else
            token_line(cli, &list[i]);
    if (cli->json && !failed(c)) {
        json_end_array(&j);
        buf_char(&cli->out, '\n');
    }
    if (!n && !cli->json && !failed(c))
        cli_note(cli, "Chưa có mã truy cập nào.", "There are no tokens.");
    db_commit(c);
}

void run_token_end(struct cli *cli)
{
    struct ctx *c = cli->c;
    const char *word = cli_word(cli, 0, "số của mã truy cập", "the number of the token");
    int64_t id = 0;
    if (!word || !operator_only(cli) || !db_begin(c, DB_WRITE))
        return;
    if (!int_parse(word, &id) || !token_end(c, 0, id))
        fail(c, ERR_MISSING, "Không có mã truy cập %s còn hiệu lực: xem bằng “dangbo token list”.", "There is no live token %s: “dangbo token list” shows them.", word);
    if (db_commit(c))
        cli_note(cli, "Đã thu hồi mã truy cập.", "Ended the token.");
}
