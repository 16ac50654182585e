/*
 * Words that a shell reads again as program text: sh -c, eval, trap, ssh and
 * others, and what they read from stdin.
 */
#include "text/shell_scan.h"

#include "base/auto.h"

static const char *const shells[] = { "bash", "sh", "dash", "zsh", "ksh",
	"mksh", "ash", "rbash" };

/* Words, or one word, that a shell will read again. */
static const struct {
	const char *name;
	const char *option; /* its argument is the text, or NULL */
	size_t from;        /* else: words from this one on, joined */
	size_t words;       /* so many */
} rereads[] = {
	{ "eval", NULL, 1, 1000000 },
	{ "trap", NULL, 1, 1 },
	{ "watch", NULL, 1, 1000000 },
	{ "su", "-c", 0, 0 },
	{ "script", "-c", 0, 0 },
	{ "flock", "-c", 0, 0 },
};

/* The words [from, to) as one text with blanks between. */
static void
joined(struct shell *s, const struct simple *cmd, size_t from, size_t to)
{
	struct units is = { 0 };

	for (size_t i = from; i < to && i < cmd->n; i++) {
		if (is.len)
			units_push(s->mem, &is,
			    (struct unit) { ' ', is.at[is.len - 1].off, 1 });
		for (size_t k = 0; k < cmd->w[i].is.len; k++)
			units_push(s->mem, &is, cmd->w[i].is.at[k]);
		shell_produced_in(s, LANG_SHELL, &cmd->w[i]);
	}
	shell_program(s, LANG_SHELL, is.at, is.len);
}

/* sh, bash: -c makes the first operand the program. */
static void
run_shell(struct shell *s, struct simple *cmd, size_t at)
{
	bool text = false, from_input = false;

	for (size_t i = at + 1; i < cmd->n; i++) {
		struct word *w = &cmd->w[i];
		size_t len;
		int first = w->is.len ? w->is.at[0].c : 0;

		if ((shell_is_option(w, &len) ||
			(first == '+' && w->is.len > 1)) &&
		    w->is.at[1].c != '-') {
			for (size_t k = 1; k < w->is.len; k++) {
				int c = w->is.at[k].c;

				text |= first == '-' && c == 'c';
				from_input |= c == 's';
				if (c == 'o' || c == 'O')
					i++;
			}
			continue;
		}
		if (shell_is_option(w, &len) && len > 2) {
			if (w->text &&
			    (strcmp(w->text, "--rcfile") == 0 ||
				strcmp(w->text, "--init-file") == 0))
				i++;
			continue;
		}
		if (shell_is_option(w, &len) ||
		    (w->text && !strcmp(w->text, "-")))
			continue;
		if (text)
			shell_text_of(s, LANG_SHELL, w, 0);
		else if (!from_input)
			shell_produced_in(s, LANG_SHELL, w);
		if (!text && !from_input)
			return;
		break;
	}
	if (!text)
		shell_input_is(s, cmd, LANG_SHELL);
}

/* ssh: what follows the host is joined and read by a shell. */
static void
run_ssh(struct shell *s, struct simple *cmd, size_t at)
{
	size_t i = at + 1, len;

	for (; i < cmd->n && shell_is_option(&cmd->w[i], &len); i++)
		if (len == 2 &&
		    unit_in(cmd->w[i].is.at[1].c, "BbcDEeFIiJLlmOopQRSWw"))
			i++;
	if (i + 1 < cmd->n)
		joined(s, cmd, i + 1, cmd->n);
	shell_input_is(s, cmd, LANG_SHELL);
}

static void
run_reread(struct shell *s, struct simple *cmd, size_t at, size_t k)
{
	size_t from = at + rereads[k].from, len;

	if (rereads[k].option) {
		for (size_t i = at + 1; i + 1 < cmd->n; i++)
			if (cmd->w[i].text &&
			    strcmp(cmd->w[i].text, rereads[k].option) == 0)
				shell_text_of(s, LANG_SHELL, &cmd->w[i + 1], 0);
		return;
	}
	while (from < cmd->n && shell_is_option(&cmd->w[from], &len))
		from++;
	joined(s, cmd, from,
	    rereads[k].words < cmd->n ? from + rereads[k].words : cmd->n);
}

bool
shell_rereads(const char *name)
{
	return strcmp(name, "ssh") == 0 ||
	    shell_is_one_of(name, shells, COUNT(shells));
}

bool
shell_reread(struct shell *s, const char *name, struct simple *cmd, size_t at)
{
	for (size_t k = 0; k < COUNT(rereads); k++) {
		if (strcmp(name, rereads[k].name) != 0)
			continue;
		run_reread(s, cmd, at, k);
		return true;
	}
	if (strcmp(name, "ssh") == 0)
		run_ssh(s, cmd, at);
	else if (shell_is_one_of(name, shells, COUNT(shells)))
		run_shell(s, cmd, at);
	else
		return false;
	return true;
}
