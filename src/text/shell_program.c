/*
 * Commands that take program text: where in their words it is (R6, R7), and
 * when it is what comes in on stdin.
 */
#include "text/shell_scan.h"

#include <string.h>

#include "base/auto.h"

/* Where a program keeps its program text. */
struct program {
	char name[12];
	enum lang lang;
	char text[8];   /* short options whose argument is program text */
	char args[8];   /* other short options with an argument */
	char longs[20]; /* long options with program text, in blanks */
	char wides[48]; /* other options with an argument, in blanks */
	char files[4];  /* short options that name a program file */
	int operand;    /* n-th operand (1 first) and on is text; 0 none */
	bool input;     /* without text or script, stdin is the program */
};

static const struct program programs[] = {
	{ "python", LANG_PYTHON, "c", "WXQ", "", "", "m", 0, true },
	{ "pypy", LANG_PYTHON, "c", "WXQ", "", "", "m", 0, true },
	{ "node", LANG_JS, "ep", "rC", " --eval --print ", "", "", 0, true },
	{ "nodejs", LANG_JS, "ep", "rC", " --eval --print ", "", "", 0, true },
	{ "bun", LANG_JS, "ep", "rC", " --eval --print ", "", "", 0, false },
	{ "awk", LANG_OTHER, "e", "Fvi", " --source ", "", "fE", 1, false },
	{ "gawk", LANG_OTHER, "e", "Fvi", " --source ", "", "fE", 1, false },
	{ "mawk", LANG_OTHER, "", "FvW", "", "", "f", 1, false },
	{ "nawk", LANG_OTHER, "", "Fv", "", "", "f", 1, false },
	{ "sed", LANG_OTHER, "e", "l", " --expression ", "", "f", 1, false },
	{ "gsed", LANG_OTHER, "e", "l", " --expression ", "", "f", 1, false },
	{ "perl", LANG_OTHER, "eE", "I", "", "", "", 0, true },
	{ "ruby", LANG_OTHER, "e", "IrC", "", "", "", 0, true },
	{ "php", LANG_OTHER, "rBRE", "dc", " --run ", "", "f", 0, true },
	{ "lua", LANG_OTHER, "e", "l", "", "", "", 0, true },
	{ "Rscript", LANG_OTHER, "e", "", "", "", "", 0, false },
	{ "sqlite3", LANG_OTHER, "", "", "",
	    " -separator -newline -nullvalue -init -vfs ", "", 2, true },
	{ "bc", LANG_OTHER, "", "", " --expression ", "", "", 0, true },
	{ "dc", LANG_OTHER, "e", "", " --expression ", "", "f", 0, true },
};

bool
shell_is_one_of(const char *word, const char *const *names, size_t n)
{
	for (size_t i = 0; word && i < n; i++)
		if (strcmp(word, names[i]) == 0)
			return true;
	return false;
}

/* `$PYTHON`, `${NODE_BIN}`: a variable that is named after a program. */
static const char *
variable_hint(struct shell *s, const struct unit *u)
{
	const char *p = s->src + u->off + 1;
	char *name;
	size_t n = 0;

	p += *p == '{';
	while (p[n] != '_' && unit_is_name((unsigned char)p[n]))
		n++;
	name = arena_dup(s->mem, p, n);
	for (size_t i = 0; i < n; i++)
		if (name[i] >= 'A' && name[i] <= 'Z')
			name[i] = (char)(name[i] - 'A' + 'a');
	return strcmp(name, "py") == 0   ? "python"
	    : strcmp(name, "shell") == 0 ? "sh"
					 : name;
}

/* The name of the program this word runs, as far as it can be known. */
static const char *
name_of(struct shell *s, const struct word *w)
{
	size_t from = w->is.len, n = 0;
	char *tail;

	while (from && w->is.at[from - 1].c != '/' &&
	    w->is.at[from - 1].c > 0 && !unit_is_atom(w->is.at[from - 1].c))
		from--;
	if (from == w->is.len)
		return from && w->is.at[from - 1].c == UNIT_OPAQUE &&
			s->src[w->is.at[from - 1].off] == '$'
		    ? variable_hint(s, &w->is.at[from - 1])
		    : "";
	tail = arena_new(s->mem, w->is.len - from + 1);
	while (from < w->is.len)
		tail[n++] = (char)w->is.at[from++].c;
	return tail;
}

/* "python3.11" is "python". */
static const struct program *
find_program(const char *name)
{
	for (size_t i = 0; i < COUNT(programs); i++) {
		size_t n = strlen(programs[i].name);

		if (strncmp(name, programs[i].name, n) == 0 &&
		    (!name[n] ||
			name[n + strspn(name + n, "0123456789.")] == '\0'))
			return &programs[i];
	}
	return NULL;
}

/* What echo, printf and cat write inside this word is program text. */
void
shell_produced_in(struct shell *s, enum lang lang, const struct word *w)
{
	for (size_t i = w->atoms; i < w->atoms_end; i++)
		if (s->out->atom[i].produced)
			s->out->atom[i].enc =
			    lang == LANG_SHELL ? ENC_SHCODE : ENC_CODE;
	for (struct doc *d = w->docs_end; d != w->docs; d = d->older)
		if (d->produced)
			d->lang = lang;
}

void
shell_text_of(
    struct shell *s, enum lang lang, const struct word *w, size_t skip)
{
	/* An empty word has no bytes, and no address to add to. */
	if (skip < w->is.len)
		shell_program(s, lang, w->is.at + skip, w->is.len - skip);
	shell_produced_in(s, lang, w);
}

/* Whatever comes in on stdin is program text. */
void
shell_input_is(struct shell *s, struct simple *cmd, enum lang lang)
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

bool
shell_is_option(const struct word *w, size_t *len)
{
	*len = w->is.len;
	return w->is.len > 1 && w->is.at[0].c == '-';
}

static bool
is_listed(const char *list, const char *name)
{
	const char *at = name ? strstr(list, name) : NULL;

	return at && at > list && at[-1] == ' ' && at[strlen(name)] == ' ';
}

/* `--name` or `--name=TEXT`; 1 when it takes program text. */
static int
long_option(
    struct shell *s, const struct program *p, struct simple *cmd, size_t *i)
{
	const struct units *is = &cmd->w[*i].is;
	char name[32] = " ";
	size_t n = 0;

	while (n < is->len && n < 28 && is->at[n].c > 0 && is->at[n].c < 128 &&
	    is->at[n].c != '=') {
		name[n + 1] = (char)is->at[n].c;
		n++;
	}
	name[n + 1] = ' ';
	name[n + 2] = '\0';
	if (!strstr(p->longs, name))
		return 0;
	if (n < is->len && is->at[n].c == '=')
		shell_text_of(s, p->lang, &cmd->w[*i], n + 1);
	else if (*i + 1 < cmd->n)
		shell_text_of(s, p->lang, &cmd->w[++*i], 0);
	return 1;
}

/* A group of short options; 1 when program text or its file was given. */
static int
short_options(
    struct shell *s, const struct program *p, struct simple *cmd, size_t *i)
{
	const struct units *is = &cmd->w[*i].is;

	for (size_t k = 1; k < is->len; k++) {
		int c = is->at[k].c;

		if (unit_in(c, p->text)) {
			if (k + 1 < is->len)
				shell_text_of(s, p->lang, &cmd->w[*i], k + 1);
			else if (*i + 1 < cmd->n)
				shell_text_of(s, p->lang, &cmd->w[++*i], 0);
			return 1;
		}
		if (unit_in(c, p->args) || unit_in(c, p->files)) {
			if (k + 1 == is->len)
				++*i;
			return unit_in(c, p->files);
		}
	}
	return 0;
}

/* jq alone has options with two arguments. */
static void
run_jq(struct shell *s, struct simple *cmd, size_t at)
{
	static const struct {
		const char *name;
		size_t args;
	} options[] = {
		{ "--arg", 2 },
		{ "--argjson", 2 },
		{ "--slurpfile", 2 },
		{ "--rawfile", 2 },
		{ "--indent", 1 },
		{ "-L", 1 },
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
			return;
		if (shell_is_option(w, &len))
			continue;
		shell_text_of(s, LANG_OTHER, w, 0);
		return;
	}
}

/* The n-th operand; true when nothing behind it matters. */
static bool
operand(struct shell *s, const struct program *p, const struct word *w, int n)
{
	if (p->operand == 0)
		shell_produced_in(s, p->lang, w);
	else if (n >= p->operand)
		shell_text_of(s, p->lang, w, 0);
	return p->operand < 2;
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

		if (!stop && is_listed(p->wides, w->text)) {
			i++;
			continue;
		}
		if (!stop && shell_is_option(w, &len)) {
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
		if (operand(s, p, w, ++operands))
			return;
	}
	if (!given && operands < 2 && p->input)
		shell_input_is(s, cmd, p->lang);
}

bool
shell_is_interpreter(struct shell *s, const struct word *w)
{
	const char *name = name_of(s, w);

	return find_program(name) || shell_rereads(name);
}

void
shell_programs(struct shell *s, struct simple *cmd, size_t at)
{
	const char *name = name_of(s, &cmd->w[at]);
	const struct program *p = find_program(name);

	if (shell_reread(s, name, cmd, at))
		return;
	if (p)
		run_program(s, p, cmd, at);
	else if (strcmp(name, "jq") == 0)
		run_jq(s, cmd, at);
	else if ((strcmp(name, "source") == 0 || strcmp(name, ".") == 0) &&
	    at + 1 < cmd->n)
		shell_produced_in(s, LANG_SHELL, &cmd->w[at + 1]);
}
