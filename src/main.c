/* Finds the command, runs it, turns the error into an exit code. */
#include "cli/cli.h"

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

static void unknown(struct cli *cli)
{
    const char *all[256];
    size_t n = 0;
    const struct kind *kind = kind_find(cli->words[0]);
    for (size_t i = 0; i < ncommands; i++) {
        if (kind && cli->nwords > 1 && ((commands[i].flags & OF_KIND) || strcmp(commands[i].noun, kind->name) == 0))
            all[n++] = commands[i].verb;
        if (!kind && *commands[i].noun)
            all[n++] = commands[i].noun;
    }
    for (size_t i = 0; i < nkinds && !kind; i++)
        all[n++] = kinds[i]->name;
    const char *word = kind ? cli->nwords > 1 ? cli->words[1] : "" : cli->words[0], *near = cli_nearest(word, all, n);
    fail(cli->c, ERR_USAGE, "Không có lệnh “%s%s%s”%s%s%s. Xem: dangbo --help", "There is no command “%s%s%s”%s%s%s. See: dangbo --help", cli->words[0], *word && kind ? " " : "",
         kind ? word : "", near ? say(cli->c, "; có phải ý bạn là “", "; did you mean “") : "", near ? near : "", near ? "”" : "");
}

static bool lists_option(const struct cli *cli, const char *name)
{
    static const char *const common[] = {"data", "db", "as", "json", "lang", "help", "no-input", "yes"};
    for (size_t i = 0; i < N(common); i++)
        if (strcmp(common[i], name) == 0)
            return true;
    for (const char *s = cli->command->options; *s;) {
        size_t n = strcspn(s, " "), word = n - (n && s[n - 1] == '!');
        if (strlen(name) == word && strncmp(s, name, word) == 0)
            return true;
        s += n + (s[n] == ' ');
    }
    const struct kind *k = (cli->command->flags & FIELDS_TOO) ? cli->kind : cli->command->run == run_change ? &unit_change_kind : NULL;
    for (size_t i = 0; k && i < k->nfields; i++) {
        const char *f = k->fields[i].name, *o = name;
        while (*f && (*f == *o || (*f == '_' && *o == '-')))
            f++, o++;
        if (!*f && !*o)
            return true;
    }
    return false;
}

static void check_options(struct cli *cli)
{
    for (size_t i = 0; i < cli->noptions; i++)
        if (!lists_option(cli, cli->options[i].name))
            fail(cli->c, ERR_USAGE, "Lệnh này không có tùy chọn --%s: xem --help.", "This command has no option --%s: see --help.", cli->options[i].name);
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
    buf_printf(&cli->out, "dangbo %s\n%s, %s\n", VERSION, db_built_with(),
#ifdef __clang__
               "clang " __clang_version__
#else
               "gcc " __VERSION__
#endif
    );
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
    else if (!cli->command && (help || !cli->nwords))
        cli_help(cli, NULL);
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
            cli->command->run(cli);
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
        fail(&c, ERR_FULL, "Không ghi được kết quả: %s.", "Cannot write the result: %s.", strerror(errno));
    buf_free(&cli->out);
    int code = cli_exit_code(c.err.code);
    if (failed(&c))
        fprintf(stderr, "dangbo: %s\n", c.err.text);
    cli_close(cli);
    ctx_free(&c);
    return code;
}
