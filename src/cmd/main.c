/*
 * main: pick a command, run it, say what went wrong, leave.  The only file
 * that exits, and with stream.c the only one that knows descriptors 1 and 2.
 * The first word that is no option is the command; a word that is none is
 * the name of a loop to run.
 */
#include <signal.h>
#include <string.h>

#include "base/auto.h"
#include "cmd/conf.h"
#include "cmd/stream.h"
#include "os/limit.h"
#include "os/spawn.h"

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static int
check_words(const struct cmd *c, const struct args *a, struct err *e)
{
	if (a->n < c->min)
		return err_set(e, ERR_USAGE,
		    "'%s' needs %zu word%s: ll-loop %s %s", c->name, c->min,
		    plural(c->min), c->name, c->usage);
	if (a->n > c->max)
		return err_set(e, ERR_USAGE,
		    "'%s' does not know what to do with '%s': ll-loop %s %s",
		    c->name, a->at[c->max], c->name, c->usage);
	return 0;
}

static void
say_idle(struct args *a, const struct opt_idle *idle)
{
	for (; idle; idle = idle->next)
		cmd_complain(a, "--%s has no effect: %s", idle->row->name,
		    idle->row->note);
}

static void
colour(struct args *a, const char *when)
{
	stream_colour(a->out, when ? when : "auto");
	stream_colour(a->said, when ? when : "auto");
}

/* A wrong configuration must not hide what is: those who only look are told
 * and go on. */
static int
settle(const struct cmd *c, struct args *a, struct err *e)
{
	struct err why = ERR_INIT;
	int rc;

	if (c->needs == NEEDS_NOTHING)
		return 0;
	if (cmd_check_root(a, e) < 0)
		return -1;
	rc = conf_load(a, &why);
	colour(a, settings_text(a->settings, SET_COLOR));
	if (rc < 0 && c->needs == NEEDS_SETTINGS) {
		conf_say(a, true);
		*e = why;
		return -1;
	}
	if (rc < 0)
		cmd_complain(a, "%s%s", why.msg,
		    why.kind == ERR_INPUT ? "; 'll-loop config' says more"
					  : "");
	return 0;
}

/* argv: the words after the command. */
static int
start(const struct cmd *c, int argc, char *const *argv, struct args *a,
    struct err *e)
{
	void *opts = arena_new(a->mem, c->opts_size + 1);
	struct opt_set sets[CMD_ALSO + 2] = {
		{ c->opts, c->nopts, opts },
		{ cmd_global_opts, cmd_global_count, &a->global },
	};
	struct opt_parse p = { .sets = sets, .nsets = 2 };

	for (size_t i = 0; i < CMD_ALSO && c->also[i]; i++)
		sets[p.nsets++] =
		    (struct opt_set) { c->also[i]->rows, c->also[i]->n, opts };
	if (c->init)
		memcpy(opts, c->init, c->opts_size);
	if (opt_parse(&p, a->mem, argc, argv, e) < 0)
		return -1;
	colour(a, a->global.color);
	if (a->global.help || a->global.version) {
		if (a->global.help)
			help_of(a->out, c);
		else
			str_adds(&a->out->buf, "ll-loop " LL_VERSION "\n");
		return 0;
	}
	a->at = p.words.at;
	a->n = p.words.n;
	if (check_words(c, a, e) < 0)
		return -1;
	say_idle(a, p.idle);
	a->lossy = c->lossy;
	if (settle(c, a, e) < 0)
		return -1;
	return c->run(opts, a, e);
}

/* What stands before the command: options of every command. */
static int
pick(int argc, char *const *argv, struct args *a, struct err *e)
{
	struct opt_set set = { cmd_global_opts, cmd_global_count, &a->global };
	struct opt_parse p = { .sets = &set, .nsets = 1, .until_word = true };
	const struct cmd *c;

	if (opt_parse(&p, a->mem, argc, argv, e) < 0)
		return -1;
	argc -= p.used;
	argv += p.used;
	if (a->global.version) {
		str_adds(&a->out->buf, "ll-loop " LL_VERSION "\n");
		return 0;
	}
	if (argc == 0) {
		help_all(a->out);
		return a->global.help ? 0 : 64;
	}
	c = cmd_find(argv[0], e);
	if (c)
		return start(c, argc - 1, argv + 1, a, e);
	return e->kind != ERR_NONE ? -1 : start(&cmd_run, argc, argv, a, e);
}

/* A product that could not be written is a failure, but a reader that left
 * (`| head`) is not. */
static int
leave(struct args *a, int status, struct err *e)
{
	out_flush(a->out);
	if (status < 0) {
		cmd_complain(a, "%s", e->msg);
		status = err_exit(e);
	}
	if (status == 0 && !a->lossy && stream_failed(a->out)) {
		cmd_complain(a, "standard output: %s", strerror(a->out->lost));
		status = 74;
	}
	out_flush(a->said);
	return status;
}

int
main(int argc, char **argv)
{
	auto_arena mem = ARENA_INIT;
	struct out out, said;
	struct args a = {
		.argv = argv,
		.mem = &mem,
		.out = &out,
		.said = &said,
	};
	struct err e = ERR_INIT;
	int status;

	if (argc && strcmp(argv[0], LIMIT_WORD) == 0)
		return limit_main(argc, argv);
	spawn_fill_standard();
	signal(SIGPIPE, SIG_IGN);
	/* `ulimit -f`: what cannot be written is told, as of a full disk. */
	signal(SIGXFSZ, SIG_IGN);
	stream_init(&out, 1);
	stream_init(&said, 2);
	status = argc ? pick(argc - 1, argv + 1, &a, &e) : 64;
	status = leave(&a, status, &e);
	conf_release(&a);
	out_release(&out);
	out_release(&said);
	return status;
}
