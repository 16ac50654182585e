/*
 * What a command does with its words: which word is the command behind
 * `sudo`, `env` and the like, which must be names or integers (R4, R5).
 * Program text is shell_program.c's.  Contexts 26 and 29.
 */
#include "text/shell_scan.h"

#include <string.h>

#include "base/auto.h"

/* Run another command: options with an argument, words before it. */
static const struct wrapper {
	const char *name, *args;
	size_t skip;
} wrappers[] = {
	{ "sudo", "ugpCDhrtTUR", 0 },
	{ "doas", "uC", 0 },
	{ "env", "uCS", 0 },
	{ "timeout", "ks", 1 },
	{ "nice", "n", 0 },
	{ "ionice", "cnp", 0 },
	{ "nohup", "", 0 },
	{ "setsid", "", 0 },
	{ "stdbuf", "ioe", 0 },
	{ "exec", "a", 0 },
	{ "command", "", 0 },
	{ "builtin", "", 0 },
	{ "time", "fo", 0 },
	{ "chroot", "", 1 },
	{ "xargs", "IndPsaELe", 0 },
	{ "coproc", "", 0 },
	{ "busybox", "", 0 },
};

/* Whose arguments name a variable, and options that take something else. */
static const struct {
	const char *name, *others;
} namers[] = {
	{ "unset", "" },
	{ "read", "pdtnNui" },
	{ "mapfile", "dnOsuc" },
	{ "readarray", "dnOsuc" },
	{ "getopts", "" },
	{ "declare", "" },
	{ "export", "" },
	{ "local", "" },
	{ "readonly", "" },
	{ "typeset", "" },
};
/* Only behind -v. */
static const char *const namers_v[] = { "printf", "[", "test" };

/* Those that run a command given anywhere in their words. */
static const char *const runners[] = { "find", "docker", "podman", "kubectl",
	"uv", "poetry", "pipenv", "conda", "npx", "nix", "parallel", "srun",
	"flock", "fd" };

/* Up to `=`: the name of what is declared. */
static void
name_of(struct shell *s, const struct word *w)
{
	struct units is = w->is;

	for (size_t i = 0; i < is.len; i++)
		if (is.at[i].c == '=')
			is.len = i;
	shell_enc(s, &is, ENC_NAME);
}

static void
declare_ints(struct shell *s, const struct simple *cmd, size_t at)
{
	bool ints = false;

	for (size_t i = at + 1; i < cmd->n; i++) {
		const struct word *w = &cmd->w[i];
		size_t len, n = 0;

		if (shell_is_option(w, &len)) {
			for (size_t k = 1; k < len; k++)
				ints |= w->is.at[k].c == 'i';
			continue;
		}
		while (n < w->is.len && unit_is_name(w->is.at[n].c))
			n++;
		if (ints && n) {
			struct sv name = sv_make(s->src + w->is.at[0].off, n);

			shell_enc(s, &w->is, ENC_INTEGER);
			vec_push(&s->ints, name);
		}
	}
}

static void
all_names(
    struct shell *s, const struct simple *cmd, size_t at, const char *others)
{
	for (size_t i = at + 1; i < cmd->n; i++) {
		const struct word *w = &cmd->w[i];
		size_t len;

		if (shell_is_option(w, &len)) {
			int last = w->is.at[len - 1].c;

			if (last > 0 && last < 128 && strchr(others, last))
				i++;
			continue;
		}
		name_of(s, w);
	}
}

/* unset, read, printf -v, let, ...: names and integers. */
static void
run_namer(struct shell *s, const struct simple *cmd, size_t at)
{
	const char *name = cmd->w[at].text;

	if (!name)
		return;
	if (shell_declares(name))
		declare_ints(s, cmd, at);
	for (size_t k = 0; k < COUNT(namers); k++)
		if (strcmp(name, namers[k].name) == 0)
			all_names(s, cmd, at, namers[k].others);
	for (size_t i = at + 1; i < cmd->n; i++) {
		const char *before = cmd->w[i - 1].text;

		if (strcmp(name, "let") == 0)
			shell_enc(s, &cmd->w[i].is, ENC_INTEGER);
		else if (before && strcmp(before, "-v") == 0 &&
		    shell_is_one_of(name, namers_v, COUNT(namers_v)))
			name_of(s, &cmd->w[i]);
	}
}

static const char *
base_name(const struct word *w)
{
	const char *slash = w->text ? strrchr(w->text, '/') : NULL;

	return slash ? slash + 1 : w->text;
}

/* The index of the word that is run, behind wrappers; n if none. */
static size_t
find_command(const struct simple *cmd)
{
	size_t at = 0, len;

	while (at < cmd->n) {
		const struct wrapper *w = NULL;
		const char *name = base_name(&cmd->w[at]);
		size_t skip;

		for (size_t i = 0; name && i < COUNT(wrappers); i++)
			if (strcmp(name, wrappers[i].name) == 0)
				w = &wrappers[i];
		if (!w)
			break;
		skip = w->skip;
		for (at++; at < cmd->n; at++) {
			const struct units *is = &cmd->w[at].is;
			bool assign = false;

			for (size_t k = 0; k < is->len; k++)
				assign |= is->at[k].c == '=';
			if (shell_is_option(&cmd->w[at], &len)) {
				/* `command -v` runs nothing. */
				if (strcmp(name, "command") == 0 &&
				    (is->at[1].c == 'v' || is->at[1].c == 'V'))
					return cmd->n;
				if (len == 2 && unit_in(is->at[1].c, w->args))
					at++;
			} else if (strcmp(name, "env") == 0 && assign) {
				continue;
			} else if (skip-- == 0) {
				break;
			}
		}
	}
	return at;
}

/* These bytes are written out, perhaps into a pipe. */
static void
mark_produced(struct shell *s, const struct units *is)
{
	for (size_t i = 0; is && i < is->len; i++)
		if (unit_is_atom(is->at[i].c))
			s->out->atom[is->at[i].c - UNIT_ATOM].produced = true;
}

static void
command_word(struct shell *s, const struct word *w)
{
	for (size_t i = 0; i < w->is.len; i++)
		if (unit_is_atom(w->is.at[i].c))
			s->out->atom[w->is.at[i].c - UNIT_ATOM].role =
			    ROLE_COMMAND;
}

int
shell_command(struct shell *s, struct simple *cmd)
{
	static const char *const writers[] = { "echo", "printf", "cat", "tee" };
	size_t at = find_command(cmd);
	const char *name;

	if (at >= cmd->n)
		return 0;
	command_word(s, &cmd->w[at]);
	name = base_name(&cmd->w[at]);
	if (shell_is_one_of(name, writers, 2))
		for (size_t i = at + 1; i < cmd->n; i++)
			mark_produced(s, &cmd->w[i].is);
	if (shell_is_one_of(name, writers + 2, 2)) {
		mark_produced(s, cmd->stdin_text);
		if (cmd->stdin_doc)
			cmd->stdin_doc->produced = true;
	}
	run_namer(s, cmd, at);
	shell_programs(s, cmd, at);
	/* `find -exec sh -c`, `docker exec x python3 -c`, ... */
	if (shell_is_one_of(name, runners, COUNT(runners)))
		for (size_t i = at + 1; i < cmd->n; i++)
			if (shell_is_interpreter(s, &cmd->w[i]))
				shell_programs(s, cmd, i);
	return 0;
}
