/*
 * R12: which texts need no shell.  Any byte that could mean something to
 * bash, and any word that bash would not look for on PATH, needs one.
 */
#include "text/script_shape.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

/* Builtins and keywords of bash 5.2, sorted. */
static const char *const builtins[] = { ".", ":", "alias", "bg", "bind",
	"break", "builtin", "caller", "case", "cd", "command", "compgen",
	"complete", "compopt", "continue", "coproc", "declare", "dirs",
	"disown", "do", "done", "echo", "elif", "else", "enable", "esac",
	"eval", "exec", "exit", "export", "false", "fc", "fg", "fi", "for",
	"function", "getopts", "hash", "help", "history", "if", "in", "jobs",
	"kill", "let", "local", "logout", "mapfile", "popd", "printf", "pushd",
	"pwd", "read", "readarray", "readonly", "return", "select", "set",
	"shift", "shopt", "source", "suspend", "test", "then", "time", "times",
	"trap", "true", "type", "typeset", "ulimit", "umask", "unalias",
	"unset", "until", "wait", "while" };

static int
by_name(const void *key, const void *row)
{
	return strcmp(key, *(const char *const *)row);
}

static size_t
count_words(struct sv text)
{
	size_t n = 0;
	bool in = false;

	for (size_t i = 0; i < text.n; i++) {
		bool blank = text.p[i] == ' ' || text.p[i] == '\t';

		n += !blank && !in;
		in = !blank;
	}
	return n;
}

char *const *
script_words(struct arena *a, struct sv text)
{
	size_t n = 0, count;
	char **argv, *copy;

	for (size_t i = 0; i < text.n; i++)
		if (memchr("\n\0|&;<>()$`\\\"'*?[]#~=%!{}", text.p[i], 26))
			return NULL;
	count = count_words(text);
	if (count == 0)
		return NULL;
	argv = arena_new(a, (count + 1) * sizeof(*argv));
	copy = arena_dup(a, text.p, text.n);
	for (char *save = NULL, *w = strtok_r(copy, " \t", &save); w;
	     w = strtok_r(NULL, " \t", &save))
		argv[n++] = w;
	if (bsearch(
		argv[0], builtins, COUNT(builtins), sizeof(*builtins), by_name))
		return NULL;
	return argv;
}
