/* The command line: words, options, the store that a command needs, and output. Data go to standard output, words about them
 * to standard error. Here is no rule of the domain. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "fmt/json.h"
#include "model/list.h"
#include "model/model.h"

#include <stdio.h>

struct option_given {
    const char *name, *value; /* value NULL: a switch */
    bool used;
};

enum { WORDS_MOST = 16, OPTIONS_MOST = 128 };

struct cli {
    struct ctx *c;
    const char *words[WORDS_MOST]; /* what is not an option, the command's own words taken off */
    size_t nwords;
    struct option_given options[OPTIONS_MOST];
    size_t noptions;
    const struct kind *kind; /* of "dangbo KIND ..." */
    const struct command *command;
    struct store *store;
    bool json;
    struct buf out; /* drains to standard output */
};

enum command_flag {
    NO_STORE = 1,   /* works on no data */
    READS = 2,      /* may run beside the owner of the data */
    WRITES = 4,
    OF_KIND = 8,    /* the noun is any kind */
    FIELDS_TOO = 16 /* takes an option for every field of the kind */
};

struct command {
    const char *noun, *verb; /* verb NULL: the noun alone */
    struct words what;       /* one line */
    const char *usage;       /* words and options behind the command */
    const char *options;     /* names with a value, separated by spaces; switches end with ! */
    const char *example;
    unsigned flags;
    void (*run)(struct cli *); /* NULL: done above this layer, by main.c */
};

extern const struct command commands[];
extern const size_t ncommands;

/* Reads argv. False after fail(). */
bool cli_parse(struct cli *, int argc, char **argv);
bool cli_switch(struct cli *, const char *name);
const char *cli_option(struct cli *, const char *name);        /* NULL when not given */
const char *cli_need_option(struct cli *, const char *name);   /* fails when not given */
const char *cli_word(struct cli *, size_t i, const char *vi, const char *en); /* fails, naming what is missing */
void cli_note(struct cli *, const char *vi, const char *en, ...) PRINTF(2, 4) PRINTF(3, 4); /* a line on standard error */
void cli_help(struct cli *, const struct command *); /* NULL: the whole */
void cli_help_noun(struct cli *, const char *noun);         /* all that can be done with it */
/* The nearest of a list of words, for "did you mean"; NULL when none is near. */
const char *cli_nearest(const char *word, const char *const *list, size_t n);

/* Opens what the command needs: store, session, model, actor. False after fail(). */
bool cli_open(struct cli *, enum store_mode);
void cli_close(struct cli *);
int cli_exit_code(enum err_code);

/* A file that is made whole or not at all: written beside its name, which it gets at the end. Not after fail(). */
struct cli_file {
    const char *path, *written;
    FILE *f;
};
FILE *cli_file_begin(struct cli *, const char *path, struct cli_file *); /* NULL after fail() */
bool cli_file_end(struct cli *, struct cli_file *);                      /* after fail(): nothing is left */

void cli_problems(struct cli *, const struct kind *, const struct problems *, bool failing);
/* Rows as a table of text or as JSON. */
void cli_show_list(struct cli *, const struct filter *);
void cli_show_one(struct cli *, const struct kind *, void *record);

/* The one-time token for the first administrator, printed. */
void cli_setup_token(struct cli *, bool only_if_needed);

/* The commands, one function each. */
void run_init(struct cli *);
void run_demo(struct cli *);
void run_schema(struct cli *);
void run_check(struct cli *);
void run_audit_verify(struct cli *);
void run_audit_list(struct cli *);
void run_backup(struct cli *);
void run_restore(struct cli *);
void run_user_add(struct cli *);
void run_user_list(struct cli *);
void run_user_lock(struct cli *);
void run_user_unlock(struct cli *);
void run_user_passwd(struct cli *);
void run_user_reset_second(struct cli *);
void run_setup(struct cli *);
void run_token_add(struct cli *);
void run_token_list(struct cli *);
void run_token_end(struct cli *);
void run_tls_init(struct cli *);
void run_who(struct cli *);
void run_rule(struct cli *);
void run_kind_list(struct cli *);
void run_kind_show(struct cli *);
void run_kind_add(struct cli *);
void run_kind_set(struct cli *);
void run_kind_remove(struct cli *);
void run_kind_restore(struct cli *);
void run_kind_history(struct cli *);
void run_tree(struct cli *);
void run_change(struct cli *);
void run_change_undo(struct cli *);
void run_import(struct cli *);
void run_import_undo(struct cli *);
void run_template(struct cli *);
void run_export(struct cli *);
void run_report(struct cli *);
void run_attachment_put(struct cli *);
void run_attachment_get(struct cli *);
void run_transfer_send(struct cli *);
void run_transfer_receive(struct cli *);

#endif
