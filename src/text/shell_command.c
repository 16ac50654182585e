/*
 * What a command does with its words: which are program text (R6, R7), which
 * must be names or integers (R4, R5), and which word is the command behind
 * `sudo`, `env` and the like.  Contexts 26 and 29.
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

/* Where a program keeps its program text. */
struct program {
	const char *name;
	enum lang lang;
	const char *text;  /* short options whose argument is program text */
	const char *args;  /* other short options with an argument */
	const char *longs; /* long options with program text, in blanks */
	const char *files; /* short options that name a program file */
	int operand; /* n-th operand (1 first) and on is text; 0 none */
	bool input;  /* without text or script, stdin is the program */
};

static const struct program programs[] = {
	{ "python", LANG_PYTHON, "c", "WXQ", "", "m", 0, true },
	{ "pypy", LANG_PYTHON, "c", "WXQ", "", "m", 0, true },
	{ "node", LANG_JS, "ep", "rC", " --eval --print ", "", 0, true },
	{ "nodejs", LANG_JS, "ep", "rC", " --eval --print ", "", 0, true },
	{ "bun", LANG_JS, "ep", "rC", " --eval --print ", "", 0, false },
	{ "awk", LANG_OTHER, "e", "Fvi", " --source ", "fE", 1, false },
	{ "gawk", LANG_OTHER, "e", "Fvi", " --source ", "fE", 1, false },
	{ "mawk", LANG_OTHER, "", "FvW", "", "f", 1, false },
	{ "nawk", LANG_OTHER, "", "Fv", "", "f", 1, false },
	{ "sed", LANG_OTHER, "e", "l", " --expression ", "f", 1, false },
	{ "gsed", LANG_OTHER, "e", "l", " --expression ", "f", 1, false },
	{ "perl", LANG_OTHER, "eE", "I", "", "", 0, true },
	{ "ruby", LANG_OTHER, "e", "IrC", "", "", 0, true },
	{ "php", LANG_OTHER, "rBRE", "dc", " --run ", "f", 0, true },
	{ "lua", LANG_OTHER, "e", "l", "", "", 0, true },
	{ "Rscript", LANG_OTHER, "e", "", "", "", 0, false },
	{ "sqlite3", LANG_OTHER, "", "", "", "", 2, true },
	{ "bc", LANG_OTHER, "", "", " --expression ", "", 0, true },
	{ "dc", LANG_OTHER, "e", "", " --expression ", "f", 0, true },
};

static const char *const shells[] = { "bash", "sh", "dash", "zsh", "ksh",
	"mksh", "ash", "rbash" };

/* Whose arguments name a variable; `-v` of printf and test only. */
static const char *const namers[] = { "unset", "read", "mapfile", "readarray",
	"getopts", "declare", "export", "local", "readonly", "typeset" };
static const char *const namers_v[] = { "printf", "[", "test" };

/* Those that run a command given anywhere in their words. */
static const char *const runners[] = { "find", "docker", "podman", "kubectl",
	"uv", "poetry", "pipenv", "conda", "npx", "nix", "parallel", "srun",
	"flock", "fd" };

/* Words, or one word, that a shell will read again. */
static const struct {
	const char *name;
	const char *option; /* its argument is the text, or NULL */
	size_t from;	    /* else: words from this one on, joined */
	size_t words;	    /* so many */
} rereads[] = {
	{ "eval", NULL, 1, 1000000 },
	{ "trap", NULL, 1, 1 },
	{ "watch", NULL, 1, 1000000 },
	{ "su", "-c", 0, 0 },
	{ "script", "-c", 0, 0 },
	{ "flock", "-c", 0, 0 },
};

static bool
is_one_of(const char *word, const char *const *names, size_t n)
{
	for (size_t i = 0; word && i < n; i++)
		if (strcmp(word, names[i]) == 0)
			return true;
	return false;
}

static const char *
base_name(const struct word *w)
{
	const char *slash = w->text ? strrchr(w->text, '/') : NULL;

	return slash ? slash + 1 : w->text;
}

/* "python3.11" is "python". */
static const struct program *
find_program(const struct word *w)
{
	const char *name = base_name(w);

	for (size_t i = 0; name && i < COUNT(programs); i++) {
		size_t n = strlen(programs[i].name);

		if (strncmp(name, programs[i].name, n) == 0 &&
		    (!name[n] ||
			name[n + strspn(name + n, "0123456789.")] == '\0'))
			return &programs[i];
	}
	return NULL;
}

static void
text_of(struct shell *s, enum lang lang, const struct word *w, size_t skip)
{
	shell_program(s, lang, w->is.at + skip, w->is.len - skip);
}

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
	}
	shell_program(s, LANG_SHELL, is.at, is.len);
}

/* Whatever comes in on stdin is program text. */
static void
input_is(struct shell *s, struct simple *cmd, enum lang lang)
{
	if (cmd->stdin_doc)
		cmd->stdin_doc->lang = lang;
	else if (cmd->stdin_text)
		shell_program(
		    s, lang, cmd->stdin_text->at, cmd->stdin_text->len);
	if (cmd->stdin_doc || cmd->stdin_text || !cmd->pipe->piped)
		return;
	for (size_t i = cmd->pipe->atoms; i < cmd->atoms; i++)
		if (s->out->atom[i].produced)
			s->out->atom[i].enc =
			    lang == LANG_SHELL ? ENC_SHCODE : ENC_CODE;
	for (struct doc *d = s->docs; d != cmd->pipe->docs; d = d->older)
		if (d->produced)
			d->lang = lang;
}

static bool
is_option(const struct word *w, size_t *len)
{
	*len = w->is.len;
	return w->is.len > 1 && w->is.at[0].c == '-';
}

static bool
has(const char *set, int c)
{
	return c > 0 && c < 128 && strchr(set, c);
}

/* `--name` or `--name=TEXT`; 1 when it takes program text. */
static int
long_option(struct shell *s, const struct program *p, struct simple *cmd,
    size_t *i)
{
	const struct units *is = &cmd->w[*i].is;
	char name[32] = " ";
	size_t n = 0;

	while (n < is->len && n < 28 && is->at[n].c > 0 &&
	    is->at[n].c < 128 && is->at[n].c != '=') {
		name[n + 1] = (char)is->at[n].c;
		n++;
	}
	name[n + 1] = ' ';
	name[n + 2] = '\0';
	if (!strstr(p->longs, name))
		return 0;
	if (n < is->len && is->at[n].c == '=')
		text_of(s, p->lang, &cmd->w[*i], n + 1);
	else if (*i + 1 < cmd->n)
		text_of(s, p->lang, &cmd->w[++*i], 0);
	return 1;
}

/* A group of short options; 1 when program text or its file was given. */
static int
short_options(struct shell *s, const struct program *p, struct simple *cmd,
    size_t *i)
{
	const struct units *is = &cmd->w[*i].is;

	for (size_t k = 1; k < is->len; k++) {
		int c = is->at[k].c;

		if (has(p->text, c)) {
			if (k + 1 < is->len)
				text_of(s, p->lang, &cmd->w[*i], k + 1);
			else if (*i + 1 < cmd->n)
				text_of(s, p->lang, &cmd->w[++*i], 0);
			return 1;
		}
		if (has(p->args, c) || has(p->files, c)) {
			if (k + 1 == is->len)
				++*i;
			return has(p->files, c);
		}
	}
	return 0;
}

/* jq alone has options with two arguments. */
static int
run_jq(struct shell *s, struct simple *cmd, size_t at)
{
	static const struct {
		const char *name;
		size_t args;
	} options[] = {
		{ "--arg", 2 }, { "--argjson", 2 }, { "--slurpfile", 2 },
		{ "--rawfile", 2 }, { "--indent", 1 }, { "-L", 1 },
	};

	for (size_t i = at + 1; i < cmd->n; i++) {
		const struct word *w = &cmd->w[i];
		size_t len;

		for (size_t k = 0; w->text && k < COUNT(options); k++)
			if (strcmp(w->text, options[k].name) == 0)
				i += options[k].args;
		if (&cmd->w[i] != w)
			continue;
		if (w->text &&
		    (strcmp(w->text, "-f") == 0 ||
			strcmp(w->text, "--from-file") == 0))
			return 0;
		if (is_option(w, &len))
			continue;
		text_of(s, LANG_OTHER, w, 0);
		return 0;
	}
	return 0;
}

static void
run_program(
    struct shell *s, const struct program *p, struct simple *cmd, size_t at)
{
	bool given = false, stop = false;
	int operands = 0;

	for (size_t i = at + 1; i < cmd->n; i++) {
		struct word *w = &cmd->w[i];
		size_t len;

		if (!stop && is_option(w, &len)) {
			bool is_long = w->is.at[1].c == '-';

			stop = is_long && len == 2;
			if (is_long ? long_option(s, p, cmd, &i)
				    : short_options(s, p, cmd, &i))
				given = true;
			/* The rest are the program's own arguments. */
			if (given && p->operand == 0 &&
			    (p->lang == LANG_PYTHON || p->lang == LANG_JS))
				return;
			continue;
		}
		if (given)
			return;
		if (w->text && strcmp(w->text, "-") == 0 && !p->operand)
			break;
		operands++;
		if (p->operand == 0)
			return;
		if (operands >= p->operand) {
			text_of(s, p->lang, w, 0);
			if (p->operand == 1)
				return;
			given = true;
		}
	}
	if (!given && p->input)
		input_is(s, cmd, p->lang);
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

		if ((is_option(w, &len) || (first == '+' && w->is.len > 1)) &&
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
		if (is_option(w, &len) && len > 2) {
			if (w->text &&
			    (strcmp(w->text, "--rcfile") == 0 ||
				strcmp(w->text, "--init-file") == 0))
				i++;
			continue;
		}
		if (is_option(w, &len) || (w->text && !strcmp(w->text, "-")))
			continue;
		if (text)
			text_of(s, LANG_SHELL, w, 0);
		else if (!from_input)
			return;
		break;
	}
	if (!text)
		input_is(s, cmd, LANG_SHELL);
}

/* ssh: what follows the host is joined and read by a shell. */
static void
run_ssh(struct shell *s, struct simple *cmd, size_t at)
{
	size_t i = at + 1, len;

	for (; i < cmd->n && is_option(&cmd->w[i], &len); i++)
		if (len == 2 &&
		    has("BbcDEeFIiJLlmOopQRSWw", cmd->w[i].is.at[1].c))
			i++;
	if (i + 1 < cmd->n)
		joined(s, cmd, i + 1, cmd->n);
	input_is(s, cmd, LANG_SHELL);
}

static void
run_reread(struct shell *s, struct simple *cmd, size_t at, size_t k)
{
	size_t from = at + rereads[k].from, len;

	if (rereads[k].option) {
		for (size_t i = at + 1; i + 1 < cmd->n; i++)
			if (cmd->w[i].text &&
			    strcmp(cmd->w[i].text, rereads[k].option) == 0)
				text_of(s, LANG_SHELL, &cmd->w[i + 1], 0);
		return;
	}
	while (from < cmd->n && is_option(&cmd->w[from], &len))
		from++;
	joined(s, cmd, from,
	    rereads[k].words < cmd->n ? from + rereads[k].words : cmd->n);
}

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

		if (is_option(w, &len)) {
			for (size_t k = 1; k < len; k++)
				ints |= w->is.at[k].c == 'i';
			continue;
		}
		while (n < w->is.len && unit_is_name(w->is.at[n].c))
			n++;
		if (ints && n) {
			struct sv name =
			    sv_make(s->src + w->is.at[0].off, n);

			shell_enc(s, &w->is, ENC_INTEGER);
			vec_push(&s->ints, name);
		}
	}
}

/* unset, read, printf -v, let, ...: 1 when it is one of them. */
static int
run_namer(struct shell *s, const struct simple *cmd, size_t at)
{
	const char *name = cmd->w[at].text;
	bool all = is_one_of(name, namers, COUNT(namers));
	bool let = name && strcmp(name, "let") == 0;

	if (shell_declares(name))
		declare_ints(s, cmd, at);
	if (!all && !let && !is_one_of(name, namers_v, COUNT(namers_v)))
		return 0;
	for (size_t i = at + 1; i < cmd->n; i++) {
		const char *before = cmd->w[i - 1].text;

		if (let)
			shell_enc(s, &cmd->w[i].is, ENC_INTEGER);
		else if (all)
			name_of(s, &cmd->w[i]);
		else if (before && strcmp(before, "-v") == 0)
			name_of(s, &cmd->w[i]);
	}
	return all || let;
}

/* The index of the word that is run, behind wrappers; n if none. */
static size_t
find_command(const struct simple *cmd, bool *wrapped)
{
	size_t at = 0, len;

	*wrapped = false;
	while (at < cmd->n) {
		const struct wrapper *w = NULL;
		const char *name = base_name(&cmd->w[at]);
		size_t skip;

		for (size_t i = 0; name && i < COUNT(wrappers); i++)
			if (strcmp(name, wrappers[i].name) == 0)
				w = &wrappers[i];
		if (!w)
			break;
		*wrapped = true;
		skip = w->skip;
		for (at++; at < cmd->n; at++) {
			const struct units *is = &cmd->w[at].is;
			bool assign = false;

			for (size_t k = 0; k < is->len; k++)
				assign |= is->at[k].c == '=';
			if (is_option(&cmd->w[at], &len)) {
				if (len == 2 && has(w->args, is->at[1].c))
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

static void
mark(struct shell *s, const struct simple *cmd, size_t from, size_t how)
{
	for (size_t i = from; i < cmd->n; i++) {
		for (size_t k = 0; k < cmd->w[i].is.len; k++) {
			int c = cmd->w[i].is.at[k].c;
			struct shell_atom *a;

			if (!unit_is_atom(c))
				continue;
			a = &s->out->atom[c - UNIT_ATOM];
			if (how == 0)
				a->touchy = true;
			else
				a->produced = true;
		}
	}
}

/* The command word itself, and whether one word can change the rest. */
static void
command_word(struct shell *s, const struct simple *cmd, size_t at, bool wrapped)
{
	const struct word *w = &cmd->w[at];

	for (size_t k = 0; k < w->is.len; k++)
		if (unit_is_atom(w->is.at[k].c))
			s->out->atom[w->is.at[k].c - UNIT_ATOM].role =
			    ROLE_COMMAND;
	if (wrapped || !w->text || find_program(w) ||
	    is_one_of(base_name(w), shells, COUNT(shells)) ||
	    is_one_of(base_name(w), runners, COUNT(runners)))
		mark(s, cmd, 0, 0);
}

static int
run_one(struct shell *s, struct simple *cmd, size_t at)
{
	const char *name = base_name(&cmd->w[at]);
	const struct program *p = find_program(&cmd->w[at]);

	for (size_t k = 0; name && k < COUNT(rereads); k++)
		if (strcmp(name, rereads[k].name) == 0)
			run_reread(s, cmd, at, k);
	if (p)
		run_program(s, p, cmd, at);
	else if (is_one_of(name, shells, COUNT(shells)))
		run_shell(s, cmd, at);
	else if (name && strcmp(name, "ssh") == 0)
		run_ssh(s, cmd, at);
	else if (name && strcmp(name, "jq") == 0)
		return run_jq(s, cmd, at);
	else
		run_namer(s, cmd, at);
	return 0;
}

int
shell_command(struct shell *s, struct simple *cmd)
{
	static const char *const writers[] = { "echo", "printf", "cat", "tee" };
	bool wrapped;
	size_t at;
	const char *name;

	if (cmd->n == 0)
		return 0;
	at = find_command(cmd, &wrapped);
	if (at >= cmd->n) {
		mark(s, cmd, 0, 0);
		return 0;
	}
	command_word(s, cmd, at, wrapped);
	name = base_name(&cmd->w[at]);
	if (is_one_of(name, writers, 2))
		mark(s, cmd, at + 1, 1);
	if (is_one_of(name, writers + 2, 2)) {
		if (cmd->stdin_doc)
			cmd->stdin_doc->produced = true;
		for (size_t i = 0; cmd->stdin_text && i < cmd->stdin_text->len;
		     i++)
			if (unit_is_atom(cmd->stdin_text->at[i].c))
				s->out->atom[cmd->stdin_text->at[i].c -
				    UNIT_ATOM]
				    .produced = true;
	}
	run_one(s, cmd, at);
	/* `find -exec sh -c`, `docker exec x python3 -c`, ... */
	if (is_one_of(name, runners, COUNT(runners)))
		for (size_t i = at + 1; i < cmd->n; i++)
			if (find_program(&cmd->w[i]) ||
			    is_one_of(base_name(&cmd->w[i]), shells,
				COUNT(shells)))
				run_one(s, cmd, i);
	return 0;
}
