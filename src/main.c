/* Finds the command, runs it, turns the error into an exit code. */
#include "cli/cli.h"
#include "serve.h"
#include "commit.h" /* made by the build: from which state of the sources */

#include "base/crypt.h"
#include "base/str.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERSION "0.1.0"

static bool to_stdout(void *to, const char *p, size_t n)
{
    (void)to;
    return fwrite(p, 1, n, stdout) == n;
}

static enum lang language(struct cli *cli)
{
    const char *given = cli_option(cli, "lang"), *from = given ? given : getenv("LC_ALL");
    if (!given && (!from || !*from))
        from = getenv("LC_MESSAGES");
    if (!given && (!from || !*from))
        from = getenv("LANG");
    if (given && strcmp(given, "vi") != 0 && strcmp(given, "en") != 0)
        fail(cli->c, ERR_USAGE, "--lang phải là vi hoặc en.", "--lang must be vi or en.");
    return from && str_starts(from, "en") ? LANG_EN : LANG_VI;
}

/* The command that the first words name; its own words are taken off. NULL when there is none. */
static const struct command *find(struct cli *cli)
{
    for (size_t i = 0; i < ncommands && cli->nwords; i++) {
        const struct command *k = &commands[i];
        const struct kind *kind = (k->flags & OF_KIND) ? kind_find(cli->words[0]) : NULL;
        if ((k->flags & OF_KIND) ? !kind : strcmp(k->noun, cli->words[0]) != 0)
            continue;
        size_t took = 1;
        const char *verb = k->verb;
        while (verb && *verb && took < cli->nwords) {
            size_t n = strcspn(verb, " ");
            if (strlen(cli->words[took]) != n || strncmp(cli->words[took], verb, n) != 0)
                break;
            verb += n + (verb[n] == ' ');
            took++;
        }
        if (verb && *verb)
            continue;
        cli->kind = kind;
        cli->nwords -= took;
        memmove(cli->words, cli->words + took, cli->nwords * sizeof *cli->words);
        return k;
    }
    return NULL;
}

/* The verbs of a noun, or of a kind; how many. */
static size_t verbs_of(const char *noun, const char **out, size_t room)
{
    const struct kind *kind = kind_find(noun);
    size_t n = 0;
    for (size_t i = 0; i < ncommands && n < room; i++)
        if (commands[i].verb && ((kind && (commands[i].flags & OF_KIND)) || strcmp(commands[i].noun, noun) == 0))
            out[n++] = commands[i].verb;
    return n;
}

static void unknown(struct cli *cli)
{
    const char *all[256], *noun = cli->words[0], *verb = cli->nwords > 1 ? cli->words[1] : NULL;
    struct ctx *c = cli->c;
    size_t n = verbs_of(noun, all, N(all)), verbs = n;
    struct buf list = {0};
    for (size_t i = 0; i < verbs; i++)
        buf_printf(&list, "%s%s", i ? ", " : "", all[i]);
    for (size_t i = 0; i < ncommands && !verbs; i++)
        if (*commands[i].noun)
            all[n++] = commands[i].noun;
    for (size_t i = 0; i < nkinds && !verbs; i++)
        all[n++] = kinds[i]->name;
    const char *near = cli_nearest(verbs && verb ? verb : noun, all, n);
    const char *meant = near ? say(c, "; có phải ý bạn là “%s”?", "; did you mean “%s”?", near) : ".";
    if (verbs && !verb)
        fail(c, ERR_USAGE, "“%s” làm gì? Chọn một trong: %s. Xem: dangbo %s --help", "“%s” what? Choose one of: %s. See: dangbo %s --help", noun, buf_text(&list), noun);
    else if (verbs)
        fail(c, ERR_USAGE, "Không có lệnh “%s %s”%s Xem: dangbo %s --help", "There is no command “%s %s”%s See: dangbo %s --help", noun, verb, meant, noun);
    else
        fail(c, ERR_USAGE, "Không có lệnh “%s”%s Xem: dangbo --help", "There is no command “%s”%s See: dangbo --help", noun, meant);
    buf_free(&list);
}

/* The names of all options that the command takes. */
static size_t options_of(const struct cli *cli, const char **out, size_t room)
{
    static const char *const common[] = {"data", "db", "as", "json", "lang", "help", "no-input", "yes"};
    struct arena *a = &cli->c->arena;
    size_t n = 0;
    for (size_t i = 0; i < N(common); i++)
        out[n++] = common[i];
    for (const char *s = cli->command->options; *s && n < room;) {
        size_t len = strcspn(s, " ");
        out[n++] = arena_copy(a, s, len - (len && s[len - 1] == '!'));
        s += len + (s[len] == ' ');
    }
    const struct kind *k = (cli->command->flags & FIELDS_TOO) ? cli->kind : cli->command->run == run_change ? &unit_change_kind : NULL;
    for (size_t i = 0; k && i < k->nfields && n < room; i++) {
        char *name = arena_text(a, k->fields[i].name);
        for (char *s = name; *s; s++)
            *s = *s == '_' ? '-' : *s;
        out[n++] = name;
    }
    return n;
}

static void check_options(struct cli *cli)
{
    const char *known[256];
    size_t n = options_of(cli, known, N(known));
    for (size_t i = 0; i < cli->noptions; i++) {
        const char *name = cli->options[i].name, *near = NULL;
        bool is_known = false;
        for (size_t j = 0; j < n && !is_known; j++)
            is_known = strcmp(known[j], name) == 0;
        if (!is_known && (near = cli_nearest(name, known, n)))
            fail(cli->c, ERR_USAGE, "Lệnh này không có tùy chọn --%s; có phải ý bạn là --%s? Xem --help.", "This command has no option --%s; did you mean --%s? See --help.", name,
                 near);
        else if (!is_known)
            fail(cli->c, ERR_USAGE, "Lệnh này không có tùy chọn --%s: xem --help.", "This command has no option --%s: see --help.", name);
    }
}

/* How many words a command takes behind its name: those with which its usage begins. */
static size_t words_taken(const struct command *k)
{
    size_t n = 0;
    for (const char *s = k->usage; *s && *s != '-' && *s != '|' && strncmp(s, "[-", 2) != 0; n++) {
        s += strcspn(s, " ");
        s += *s == ' ';
    }
    return n;
}

static void check_words(struct cli *cli)
{
    size_t most = words_taken(cli->command);
    if (cli->nwords > most)
        fail(cli->c, ERR_USAGE, "Thừa từ “%s”: xem --help. (Giá trị có dấu cách phải đặt trong dấu nháy.)",
             "The word “%s” is one too many: see --help. (A value with spaces stands in quotes.)", cli->words[most]);
}

static void version(struct cli *cli)
{
    buf_printf(&cli->out, "dangbo %s\n%s, %s%s%s\n", VERSION, db_built_with(cli->c),
#ifdef __clang__
               "clang " __clang_version__,
#else
               "gcc " __VERSION__,
#endif
               *COMMIT ? ", commit " : "", COMMIT);
}

static enum store_mode mode_of(struct cli *cli)
{
    if (cli->command->run == run_init || cli->command->run == run_demo)
        return STORE_CREATE;
    if (cli->command->run == run_schema && !cli_switch(cli, "apply"))
        return STORE_READ;
    const struct kind *exported = cli->command->run == run_export && cli->nwords ? kind_find(cli->words[0]) : NULL;
    bool logs = (cli->command->run == run_kind_show && (cli->kind->flags & SENSITIVE)) || (exported && (exported->flags & SENSITIVE));
    return (cli->command->flags & WRITES) || logs ? STORE_OWN : STORE_READ;
}

static void run(struct cli *cli)
{
    cli->command = find(cli);
    bool help = cli_switch(cli, "help");
    if (cli_switch(cli, "version"))
        version(cli);
    else if (!cli->nwords && !cli->command)
        cli_help(cli, NULL);
    else if (!cli->command && help && cli->nwords == 1 && verbs_of(cli->words[0], &(const char *){NULL}, 1))
        cli_help_noun(cli, cli->words[0]);
    else if (!cli->command)
        unknown(cli);
    else if (help)
        cli_help(cli, cli->command);
    else {
        check_options(cli);
        check_words(cli);
        if (mode_of(cli) == STORE_CREATE && cli->nwords) /* init DIR is init --data DIR */
            cli->options[cli->noptions++] = (struct option_given){"data", cli->words[0], false};
        if (!failed(cli->c) && cli_open(cli, mode_of(cli)))
            (cli->command->run ? cli->command->run : run_serve)(cli); /* the server stands beside the command line, not below it */
    }
}

int main(int argc, char **argv)
{
    struct ctx c = {0};
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    c.now.v = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    c.today = instant_day(c.now);
    struct cli *cli = NEW(&c.arena, struct cli);
    cli->c = &c;
    cli->out = (struct buf){.drain = to_stdout};
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a full disk, told as one */
    umask(077); /* whatever it writes may hold what is nobody else's to read */
    if (!crypt_start())
        return 70;
    if (cli_parse(cli, argc, argv)) {
        c.lang = language(cli);
        cli->json = cli_switch(cli, "json");
        if (!failed(&c))
            run(cli);
    }
    bool written = buf_flush(&cli->out) && fflush(stdout) == 0;
    if (!written && errno != EPIPE)
        fail(&c, ERR_FULL, "Không ghi được kết quả: %s.", "Cannot write the result: %s.", os_says(&c, errno));
    buf_free(&cli->out);
    int code = cli_exit_code(c.err.code);
    if (failed(&c))
        fprintf(stderr, "dangbo: %s\n", c.err.text);
    cli_close(cli);
    ctx_free(&c);
    return code;
}
