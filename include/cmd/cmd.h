/*
 * A command is a file src/cmd/NAME.c that exports one `const struct cmd`;
 * table.c lists them, main.c picks one, runs it and leaves.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "cmd/opt.h"
#include "cmd/settings.h"
#include "show/out.h"

/* Options that every command takes. */
struct globals {
	const char *root;  /* --root DIR, or NULL */
	const char *color; /* auto, always, never; NULL: not given */
	bool help, version;
};

/* What a command is started with; everything lives until it returns. */
struct args {
	const char *const *at; /* words that are no options; NULL-ended */
	size_t n;
	char *const *argv; /* the whole command line, for run.json */
	struct globals global;
	const char *root;                /* NULL until cmd_root() found it */
	const struct settings *settings; /* all but a loop's and options' */
	struct conf_files *files;        /* what they were read from */
	struct arena *mem;
	struct out *out;  /* stdout: the product */
	struct out *said; /* stderr: complaints */
	bool lossy;       /* a lost stdout does not change the exit status */
};

/* What a command does about a configuration that is wrong. */
enum cmd_needs {
	NEEDS_COLOURS,  /* says so in a line, and goes on without it */
	NEEDS_SETTINGS, /* does not start */
	NEEDS_NOTHING,  /* does not look */
};

/* Options that several commands have. */
struct cmd_opts {
	const struct opt *rows;
	size_t n;
};

enum { CMD_ALSO = 3 };

struct cmd {
	const char *name;
	const char *alias;   /* "r", or NULL */
	const char *usage;   /* "[options] NAME [INPUT]" */
	const char *summary; /* one lower-case line */
	const char *more;    /* further paragraphs of its help, or NULL */
	const struct opt *opts;
	size_t nopts;
	const struct cmd_opts *also[CMD_ALSO]; /* up to the first NULL */
	size_t opts_size;                      /* of the struct the rows fill */
	const void *init; /* its initial content; NULL: zeros */
	size_t min, max;  /* how many words it takes */
	enum cmd_needs needs;
	bool lossy; /* a stdout that is lost does not make it fail */
	/* The exit status, or -1 with *e (then err_exit() says it). */
	int (*run)(const void *opts, struct args *, struct err *);
};

/* The commands, NULL-ended. */
extern const struct cmd *const cmd_table[];
extern const struct opt cmd_global_opts[];
extern const size_t cmd_global_count;

/* The command of this name or alias.  NULL when it is no command; NULL and
 * *e (ERR_USAGE) when it is one that this version does not have. */
const struct cmd *cmd_find(const char *word, struct err *);

/* Append the help of all commands, or of one. */
void help_all(struct out *);
void help_of(struct out *, const struct cmd *);

/* Say one line on stderr, `ll-loop: ...`. */
void cmd_complain(struct args *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The project root, absolute (find_root with --root). */
const char *cmd_root(struct args *);
/* Does --root name a directory?  -1: ERR_USAGE, or there is no working
 * directory from which the project could be looked for. */
int cmd_check_root(struct args *, struct err *);
/* $XDG_CONFIG_HOME/ll-loop/NAME (~/.config without it), or NULL. */
const char *cmd_user_file(struct arena *, const char *name);
/* The directory of the user's loops, or NULL. */
const char *cmd_user_loops(struct arena *);

extern const struct cmd cmd_run, cmd_validate, cmd_list, cmd_show, cmd_status,
    cmd_history, cmd_cost, cmd_logs, cmd_prune, cmd_config, cmd_fragments,
    cmd_install, cmd_rerun, cmd_queue, cmd_wait, cmd_resume, cmd_stop, cmd_fsck,
    cmd_hosts, cmd_worktree, cmd_mcp_call, cmd_help, cmd_version;

#endif
