/* Opening what a command works on: rules, store, session, schema, actor. */
#include "cli.h"

#include "base/crypt.h"
#include "base/embedded.h"
#include "base/str.h"
#include "model/schema.h"
#include "party/verbs.h"

#include <pwd.h>
#include <unistd.h>

int cli_exit_code(enum err_code e)
{
    static const int codes[] = {[ERR_NONE] = 0,      [ERR_USAGE] = 64, [ERR_BAD_INPUT] = 65, [ERR_DENIED] = 77,      [ERR_MISSING] = 1, [ERR_CONFLICT] = 1,
                                [ERR_BUSY] = 75,     [ERR_UNAVAILABLE] = 69, [ERR_FULL] = 74, [ERR_CANNOT_MAKE] = 73, [ERR_CONFIG] = 78, [ERR_BROKEN] = 70};
    return codes[e];
}

static const char *where(struct cli *cli)
{
    const char *dir = cli_option(cli, "data"), *dsn = cli_option(cli, "db");
    if (dir && dsn)
        fail(cli->c, ERR_USAGE, "Chỉ dùng một trong --data và --db.", "Use only one of --data and --db.");
    if (dsn && !str_starts(dsn, "postgresql://") && !str_starts(dsn, "postgres://"))
        fail(cli->c, ERR_USAGE, "--db phải bắt đầu bằng postgresql://", "--db must begin with postgresql://");
    const char *w = dir ? dir : dsn ? dsn : getenv("DANGBO_DATA");
    if (!w || !*w)
        fail(cli->c, ERR_USAGE, "Chưa biết dữ liệu ở đâu: thêm --data THƯ_MỤC (tạo mới bằng “dangbo init THƯ_MỤC”) hoặc --db postgresql://…",
             "Where are the data? Add --data DIR (made by “dangbo init DIR”) or --db postgresql://…");
    return w;
}

static bool load_model(struct cli *cli)
{
    const struct embedded *first = NULL;
    size_t n = embedded_list("rules/", &first);
    struct model_file *files = NEW_N(&cli->c->arena, struct model_file, n + 1);
    for (size_t i = 0; i < n; i++)
        files[i] = (struct model_file){first[i].name, first[i].data, first[i].size};
    return model_start(cli->c, files, n) != NULL;
}

static const char *user_name(struct ctx *c)
{
    struct passwd entry, *found = NULL;
    char *room = arena_alloc(&c->arena, 4096);
    if (getpwuid_r(getuid(), &entry, room, 4096, &found) == 0 && found)
        return found->pw_name;
    return arena_printf(&c->arena, "%u", (unsigned)getuid());
}

static bool take_actor(struct cli *cli)
{
    const char *as = cli_option(cli, "as");
    struct actor *a = as ? access_actor(cli->c, as) : access_operator(cli->c, user_name(cli->c));
    cli->c->actor = a;
    cli->c->after_begin = actor_refresh;
    return a != NULL;
}

bool cli_open(struct cli *cli, enum store_mode mode)
{
    struct ctx *c = cli->c;
    if (!load_model(cli))
        return false;
    if (cli->command->flags & NO_STORE)
        return true;
    const char *w = where(cli);
    if (!failed(c))
        cli->store = store_open(c, w, mode);
    if (!cli->store || !db_connect(c, cli->store))
        return false;
    if (mode != STORE_CREATE && strcmp(cli->command->noun, "schema") != 0 && strcmp(cli->command->noun, "restore") != 0 && !schema_current(c))
        return false;
    if (mode == STORE_CREATE) /* nobody else can be asked for yet */
        c->actor = access_operator(c, user_name(c));
    return mode == STORE_CREATE || take_actor(cli);
}

void cli_close(struct cli *cli)
{
    db_disconnect(cli->c);
    store_close(cli->store);
    model_free((struct model *)(uintptr_t)cli->c->model);
    cli->c->model = NULL;
    cli->store = NULL;
}
