/*
 * Rules of shell text beyond what text/script needs to run it: habits of
 * loop writers that bash takes without a word and that never do what they
 * look like.
 */
#include "loop/check_shell.h"

#include <ctype.h>
#include <string.h>

#include "base/auto.h"
#include "loop/parameters.h"

static bool
is_name_start(char c)
{
	return isalpha((unsigned char)c) || c == '_';
}

/* Where `$$(` or `$$name` stands in the text, or -1. A `$${` is the escape
 * of a reference; `$$` alone is the shell's own number. */
static long
find_doubled(struct sv t)
{
	for (size_t i = 0; i + 2 < t.n; i++)
		if (t.p[i] == '$' && t.p[i + 1] == '$' &&
		    (t.p[i + 2] == '(' || is_name_start(t.p[i + 2])))
			return (long)i;
	return -1;
}

static const struct val *
shell_text(const struct state *s)
{
	return s->type == ACTION_SHELL && s->action ? s->action->src : NULL;
}

void
shell_pid(struct checkup *c)
{
	if (rule_silenced(c, "shell_pid_ok"))
		return;
	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];
		const struct val *text = shell_text(s);
		long at = text ? find_doubled(text->t) : -1;

		if (at < 0)
			continue;
		diag_add(c->diags, val_place_at(text, (size_t)at), "E421",
		    rule_path(c, s, "action"),
		    "state '%s': '$$%c' is the shell's process number and then "
		    "text (write one `$`; only `$${` is an escape)",
		    s->name, text->t.p[at + 2]);
	}
}

void
shell_input_command(struct checkup *c)
{
	const char *key = c->loop->input_key;

	if (!key || parameters_take_command(c->loop, sv(key)) ||
	    rule_silenced(c, "unsafe_context_interpolation_ok"))
		return;
	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];

		if (!s->script || !script_has_command_ref(s->script, key))
			continue;
		diag_add(c->diags, rule_place(s, "action"), "W431",
		    rule_path(c, s, "action"),
		    "state '%s': the input, '${context.%s}', stands where the "
		    "command stands and decides what runs (declare it under "
		    "`parameters` with `type: command` if that is meant)",
		    s->name, key);
	}
}

static bool
target_number(const struct evaluate *e, double *out)
{
	if (!e->target)
		return false;
	if (e->target->kind == VAL_INT)
		*out = (double)e->target->i;
	else if (e->target->kind == VAL_REAL)
		*out = e->target->r;
	else
		return e->target->kind == VAL_TEXT &&
		    sv_to_real(e->target->t, out);
	return true;
}

/* Does the script look like one that keeps a count in a file? */
static bool
counts_in_file(const char *text)
{
	static const char *const adds[] = { "++", "+=1", "+= 1", "+ 1)",
		"+1)" };
	const char *write = strstr(text, "echo");

	if (!write)
		write = strstr(text, "printf");
	if (!write || !strchr(write, '>'))
		return false;
	for (size_t i = 0; i < COUNT(adds); i++)
		if (strstr(text, adds[i]))
			return true;
	return false;
}

void
shell_zero_retry(struct checkup *c)
{
	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];
		const struct val *text = shell_text(s);
		double target = 0;

		if (!text || s->evaluate.type != EVAL_OUTPUT_NUMERIC ||
		    !target_number(&s->evaluate, &target) ||
		    operator_holds(s->evaluate.op, 1, target) ||
		    !counts_in_file(text->t.p))
			continue;
		diag_add(c->diags, rule_place(s, "evaluate"), "W505",
		    rule_path(c, s, "evaluate"),
		    "state '%s' seems to count tries, but the first count, 1, "
		    "is already not '%s %g': nothing is ever tried again",
		    s->name, operator_name(s->evaluate.op), target);
	}
}
