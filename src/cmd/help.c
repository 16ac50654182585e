/*
 * help: everything it says comes from the rows of commands and options, so
 * it cannot drift from what the parser does.
 */
#include <limits.h>
#include <string.h>

#include "base/auto.h"
#include "cmd/cmd.h"
#include "show/wrap.h"

enum { LEFT = 28, LEAST = 20 };

static void
add_columns(struct out *out, const char *left, const char *right)
{
	int width = out->width ? out->width : INT_MAX;
	struct out text = { .utf8 = out->utf8, .buf = STR_INIT };
	size_t n = strlen(left);

	str_addf(&out->buf, "  %s", left);
	if (n + 2 > LEFT - 1)
		str_addf(&out->buf, "\n%*s", LEFT, "");
	else
		str_addf(&out->buf, "%*s", LEFT - 2 - (int)n, "");
	wrap_text(&text, sv(right), LEFT,
	    width < LEFT + LEAST ? LEFT + LEAST : width);
	str_adds(&out->buf, text.buf.buf + LEFT);
	out_release(&text);
}

static void
add_option(struct out *out, const struct opt *o)
{
	auto_str left = STR_INIT, right = STR_INIT;

	if (o->letter)
		str_addf(&left, "-%c, ", o->letter);
	else
		str_adds(&left, "    ");
	str_addf(&left, "--%s", o->name);
	if (*o->arg)
		str_addf(&left, " %s", o->arg);
	str_adds(&right, o->help);
	if (o->how == OPT_IDLE)
		str_addf(&right, " (no effect: %s)", o->note);
	add_columns(out, left.buf, right.buf);
}

/* Without a title they go on with those before.  Options that are refused are
 * in the manual, not here. */
static void
add_options(
    struct out *out, const char *title, const struct opt *rows, size_t n)
{
	size_t shown = 0;

	for (size_t i = 0; i < n; i++) {
		if (rows[i].how == OPT_REFUSED)
			continue;
		if (title && shown++ == 0)
			str_addf(&out->buf, "\n%s\n", title);
		add_option(out, &rows[i]);
	}
}

void
help_of(struct out *out, const struct cmd *c)
{
	str_addf(&out->buf, "usage: ll-loop %s %s\n", c->name, c->usage);
	if (c->alias)
		str_addf(
		    &out->buf, "       ll-loop %s %s\n", c->alias, c->usage);
	str_addf(&out->buf, "\n%s\n", c->summary);
	if (c->more) {
		str_addc(&out->buf, '\n');
		wrap_text(out, sv(c->more), 0, out->width);
	}
	add_options(out, "Options", c->opts, c->nopts);
	for (size_t i = 0; i < CMD_ALSO && c->also[i]; i++)
		add_options(out, NULL, c->also[i]->rows, c->also[i]->n);
	add_options(
	    out, "Options of every command", cmd_global_opts, cmd_global_count);
}

void
help_all(struct out *out)
{
	str_adds(&out->buf,
	    "usage: ll-loop [options] COMMAND ...\n"
	    "       ll-loop [options] NAME [INPUT]    the same as `run NAME`\n"
	    "\n"
	    "Runs loops: state machines of commands, written in YAML.\n"
	    "\nCommands\n");
	for (size_t i = 0; cmd_table[i]; i++) {
		const struct cmd *c = cmd_table[i];
		auto_str left = STR_INIT;

		str_adds(&left, c->name);
		if (c->alias)
			str_addf(&left, ", %s", c->alias);
		add_columns(out, left.buf, c->summary);
	}
	add_options(
	    out, "Options of every command", cmd_global_opts, cmd_global_count);
	str_adds(&out->buf,
	    "\n`ll-loop help COMMAND` shows the options of one;"
	    " `man ll-loop` has the rest.\n");
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct cmd *c;

	(void)given;
	if (a->n == 0) {
		help_all(a->out);
		return 0;
	}
	c = cmd_find(a->at[0], e);
	if (c) {
		help_of(a->out, c);
		return 0;
	}
	return e->kind != ERR_NONE
	    ? -1
	    : err_set(e, ERR_USAGE, "'%s' is no command", a->at[0]);
}

const struct cmd cmd_help = {
	.name = "help",
	.usage = "[COMMAND]",
	.summary = "show help for ll-loop or one command",
	.max = 1,
	.needs = NEEDS_NOTHING,
	.run = run,
};
