/* Words and options of a command; suggestions. */
#include "cli.h"

#include "base/str.h"

static const char *const switches[] = {"json", "help",      "version", "dry-run", "apply", "all", "good-rows", "keep-duplicates",
                                       "yes",  "no-input", "alone",   "quiet", "must-change"};

static bool is_switch(const char *name)
{
    for (size_t i = 0; i < N(switches); i++)
        if (strcmp(switches[i], name) == 0)
            return true;
    return false;
}

static void add_option(struct cli *cli, const char *name, const char *value)
{
    if (cli->noptions == OPTIONS_MOST) {
        fail(cli->c, ERR_USAGE, "Quá nhiều tùy chọn.", "Too many options.");
        return;
    }
    char *plain = arena_text(&cli->c->arena, name);
    for (char *s = plain; *s; s++) /* --born-on and --born_on are one */
        *s = *s == '_' ? '-' : *s;
    cli->options[cli->noptions++] = (struct option_given){plain, value, false};
}

/* One "--name value", "--name=value", "-o FILE" or switch. Returns how many arguments it took. */
static int take_option(struct cli *cli, int argc, char **argv, int at)
{
    const char *arg = argv[at];
    if (strcmp(arg, "-h") == 0)
        arg = "--help";
    if (strcmp(arg, "-o") == 0)
        arg = "--output";
    if (arg[1] != '-') {
        fail(cli->c, ERR_USAGE, "Không hiểu tùy chọn “%s”: xem --help.", "Option “%s” is not understood: see --help.", arg);
        return 1;
    }
    const char *name = arg + 2, *eq = strchr(name, '=');
    if (eq) {
        add_option(cli, arena_copy(&cli->c->arena, name, (size_t)(eq - name)), eq + 1);
        return 1;
    }
    if (is_switch(name)) {
        add_option(cli, name, NULL);
        return 1;
    }
    if (at + 1 >= argc) {
        fail(cli->c, ERR_USAGE, "Tùy chọn --%s cần một giá trị.", "Option --%s needs a value.", name);
        return 1;
    }
    add_option(cli, name, argv[at + 1]);
    return 2;
}

bool cli_parse(struct cli *cli, int argc, char **argv)
{
    bool options_end = false;
    for (int i = 1; i < argc && !failed(cli->c);) {
        if (!utf8_valid(argv[i], strlen(argv[i]))) {
            fail(cli->c, ERR_USAGE, "Tham số thứ %d không phải UTF-8.", "Argument %d is not UTF-8.", i);
        } else if (!options_end && strcmp(argv[i], "--") == 0) {
            options_end = true;
            i++;
        } else if (!options_end && argv[i][0] == '-' && argv[i][1]) {
            i += take_option(cli, argc, argv, i);
        } else if (cli->nwords == WORDS_MOST) {
            fail(cli->c, ERR_USAGE, "Quá nhiều tham số.", "Too many arguments.");
        } else {
            cli->words[cli->nwords++] = argv[i++];
        }
    }
    return !failed(cli->c);
}

static struct option_given *given(struct cli *cli, const char *name)
{
    for (size_t i = 0; i < cli->noptions; i++)
        if (strcmp(cli->options[i].name, name) == 0) {
            cli->options[i].used = true;
            return &cli->options[i];
        }
    return NULL;
}

bool cli_switch(struct cli *cli, const char *name)
{
    return given(cli, name) != NULL;
}

const char *cli_option(struct cli *cli, const char *name)
{
    struct option_given *o = given(cli, name);
    return o ? o->value : NULL;
}

const char *cli_need_option(struct cli *cli, const char *name)
{
    const char *v = cli_option(cli, name);
    if (!v)
        fail(cli->c, ERR_USAGE, "Thiếu --%s: xem --help.", "--%s is missing: see --help.", name);
    return v;
}

const char *cli_word(struct cli *cli, size_t i, const char *vi, const char *en)
{
    if (i < cli->nwords)
        return cli->words[i];
    fail(cli->c, ERR_USAGE, "Thiếu %s: xem --help.", "Missing: %s; see --help.", cli->c->lang == LANG_EN ? en : vi);
    return NULL;
}

void cli_note(struct cli *cli, const char *vi, const char *en, ...)
{
    va_list args;
    va_start(args, en);
    fprintf(stderr, "%s\n", arena_vprintf(&cli->c->arena, cli->c->lang == LANG_EN ? en : vi, args));
    va_end(args);
}

/* Edits between two words, each at most 31 bytes long. */
static size_t distance(const char *a, const char *b)
{
    enum { LONGEST = 31 };
    size_t n = strlen(a), m = strlen(b), row[LONGEST + 1];
    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t above = row[j], best = corner + (a[i - 1] != b[j - 1]);
            best = above + 1 < best ? above + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            corner = above;
            row[j] = best;
        }
    }
    return row[m];
}

const char *cli_nearest(const char *word, const char *const *list, size_t n)
{
    const char *near = NULL;
    size_t best = strlen(word) > 4 ? 3 : 2;
    for (size_t i = 0; i < n; i++) {
        size_t d = distance(word, list[i]);
        if (d < best) {
            best = d;
            near = list[i];
        }
    }
    return near;
}
