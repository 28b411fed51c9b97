/* Words and options of a command; help; suggestions. */
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

static void usage_line(struct buf *b, const struct command *k, const char *noun)
{
    buf_printf(b, "  dangbo %s%s%s%s%s", noun ? noun : k->noun, k->verb ? " " : "", k->verb ? k->verb : "", *k->usage ? " " : "", k->usage);
}

static void help_all(struct cli *cli)
{
    struct buf *o = &cli->out;
    struct ctx *c = cli->c;
    buf_puts(o, say(c, "dangbo — sổ làm việc của tổ chức đảng\n\nVí dụ:\n", "dangbo — the working record of a Party organisation\n\nExamples:\n"));
    buf_puts(o, "  dangbo demo thu\n  dangbo --data thu unit tree HH --at 05/08/2018\n  dangbo --data thu person list --unit HH --search \"nguyen son\"\n"
                "  dangbo --data thu report members --unit HH --period 2018 --to text\n\n");
    buf_puts(o, say(c, "Lệnh:\n", "Commands:\n"));
    for (size_t i = 0; i < ncommands; i++) {
        struct buf line = {0};
        usage_line(&line, &commands[i], commands[i].flags & OF_KIND ? say(c, "LOẠI", "KIND") : NULL);
        size_t width = utf8_width(buf_text(&line));
        buf_add(o, line.p, line.n);
        if (width < 58)
            buf_fill(o, ' ', 58 - width);
        else {
            buf_char(o, '\n');
            buf_fill(o, ' ', 58);
        }
        buf_printf(o, "  %s\n", in_words(c, commands[i].what));
        buf_free(&line);
    }
    buf_puts(o, say(c, "\nLOẠI là một trong: ", "\nKIND is one of: "));
    for (size_t i = 0; i < nkinds; i++)
        buf_printf(o, "%s%s", i ? ", " : "", kinds[i]->name);
    buf_puts(o, say(c,
                    "\n\nTùy chọn chung:\n  --data THƯ_MỤC | --db postgresql://…   nơi giữ dữ liệu (hoặc biến DANGBO_DATA)\n"
                    "  --as TÀI_KHOẢN    làm với quyền của tài khoản đó\n  --json            kết quả dạng JSON\n  --lang vi|en      tiếng Việt hoặc tiếng Anh\n"
                    "  --help            giúp cho từng lệnh\n",
                    "\n\nCommon options:\n  --data DIR | --db postgresql://…       where the data are (or the variable DANGBO_DATA)\n"
                    "  --as ACCOUNT      act with that account's rights\n  --json            results as JSON\n  --lang vi|en      Vietnamese or English\n"
                    "  --help            help for each command\n"));
}

void cli_kind_help(struct cli *cli, const struct kind *k)
{
    struct buf *o = &cli->out;
    struct ctx *c = cli->c;
    buf_printf(o, "\n%s (%s) — %s\n", in_words(c, k->label), k->name, say(c, "các trường:", "fields:"));
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if (f->flags & (READONLY | SECRET))
            continue;
        buf_printf(o, "  --%-22s %s%s", f->name, in_words(c, f->label), (f->flags & REQUIRED) ? say(c, " (bắt buộc)", " (required)") : "");
        for (size_t j = 1; j < f->nwords; j++)
            buf_printf(o, "%s%s", j == 1 ? ": " : " | ", f->words[j].word);
        if (f->rule)
            buf_printf(o, ": dangbo rule %s", f->rule);
        buf_char(o, '\n');
    }
}

void cli_help(struct cli *cli, const struct command *k)
{
    if (!k) {
        help_all(cli);
        return;
    }
    struct buf *o = &cli->out;
    struct ctx *c = cli->c;
    buf_printf(o, "%s\n\n%s\n", in_words(c, k->what), say(c, "Ví dụ:", "Example:"));
    buf_printf(o, "  %s\n\n%s\n", k->example, say(c, "Cách dùng:", "Usage:"));
    usage_line(o, k, cli->kind ? cli->kind->name : NULL);
    buf_puts(o, "\n");
    if (cli->kind && (k->flags & FIELDS_TOO))
        cli_kind_help(cli, cli->kind);
}
