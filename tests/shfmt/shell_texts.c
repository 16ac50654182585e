/*
 * Every shell text of the files given, each as OUT/NNNN.sh with its
 * references written as Q's, and what the scanner says of one byte of each of
 * its words as OUT/NNNN.ours: "OFFSET CLASS ROLE", or "OFFSET refused ID".
 * OUT/NNNN.from names the file.  A name that ends in .case is a table of
 * tests; anything else is YAML, whose `action` keys are taken at any depth
 * unless they are prompts.  Prints how many texts there are.
 *
 * Usage: shell_texts OUT FILE...
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "text/shell.h"
#include "text/tmpl.h"
#include "text/yml.h"

enum { FILE_MOST = 1 << 20 };

struct dump {
	const char *out, *file;
	int count;
};

static const char *const classes[] = { "plain", "dquote", "squote", "ansi",
	"doc", "rawdoc", "arith", "comment", "param", "paramq" };
static const char *const roles[] = { "arg", "command", "redirect", "assign",
	"list", "case", "test" };

static FILE *
open_out(const struct dump *d, const char *end)
{
	auto_arena a = ARENA_INIT;
	char *path = arena_printf(&a, "%s/%04d.%s", d->out, d->count, end);
	FILE *f = fopen(path, "we");

	if (f)
		return f;
	perror(path);
	exit(1);
}

/* The byte at `at` is a reference, alone in the text: what stands there? */
static void
probe(FILE *f, const struct str *text, size_t at)
{
	auto_arena a = ARENA_INIT;
	char *copy = arena_dup(&a, text->buf, text->len);
	const struct shell_text t = { copy, text->len, &at, 1 };
	struct shell_scan scan;

	copy[at] = 1;
	if (shell_scan(&a, &t, &scan) < 0)
		fprintf(f, "%zu refused %s\n", at, scan.id);
	else
		fprintf(f, "%zu %s %s\n", at, classes[scan.atom[0].cls],
		    roles[scan.atom[0].role]);
}

static void
dump_text(struct dump *d, const struct str *text)
{
	FILE *sh = open_out(d, "sh"), *ours = open_out(d, "ours");
	FILE *from = open_out(d, "from");

	fwrite(text->buf, 1, text->len, sh);
	fprintf(from, "%s\n", d->file);
	for (size_t i = 0, n; i < text->len; i += n + 1) {
		for (n = 0; isalnum((unsigned char)text->buf[i + n]);)
			n++;
		if (n)
			probe(ours, text, i + n / 2);
	}
	fclose(sh);
	fclose(ours);
	fclose(from);
	d->count++;
}

static void
dump_tmpl(struct dump *d, const struct val *action)
{
	auto_arena a = ARENA_INIT;
	auto_str text = STR_INIT;
	struct diags diags = DIAGS_INIT;
	const struct tmpl *t = tmpl_compile(&a, action, "action", &diags);

	for (size_t i = 0; i < t->nparts; i++)
		if (t->part[i].ref)
			str_adds(&text, "QQQ");
		else
			str_addsv(&text, t->part[i].text);
	dump_text(d, &text);
	diags_release(&diags);
}

static bool
is_shell(const struct val *state, const struct val *action)
{
	const char *type = val_str(state, "action_type", "shell");

	return action && action->kind == VAL_TEXT && action->t.n &&
	    action->t.p[0] != '/' && strcmp(type, "shell") == 0;
}

static void
dump_val(struct dump *d, const struct val *v)
{
	const struct val *action = val_get(v, "action");

	if (is_shell(v, action))
		dump_tmpl(d, action);
	for (size_t i = 0; v->kind == VAL_MAP && i < v->map.len; i++)
		dump_val(d, v->map.at[i].v);
	for (size_t i = 0; v->kind == VAL_LIST && i < v->list.len; i++)
		dump_val(d, v->list.at[i]);
}

/* `action |...|` of a table: \n \t \xNN \@ are bytes, @ is a reference. */
static void
dump_row(struct dump *d, struct sv row)
{
	auto_str text = STR_INIT;

	for (size_t i = 0; i < row.n; i++) {
		const char *more = row.p + i + 1;

		if (row.p[i] == '@') {
			str_adds(&text, "QQQ");
		} else if (row.p[i] != '\\' || i + 1 == row.n) {
			str_addc(&text, row.p[i]);
		} else if (*more == 'x' && i + 3 < row.n) {
			str_addc(&text,
			    (char)strtol(
				(char[]) { more[1], more[2], 0 }, NULL, 16));
			i += 3;
		} else {
			str_addc(&text,
			    *more == 'n'       ? '\n'
				: *more == 't' ? '\t'
					       : *more);
			i++;
		}
	}
	dump_text(d, &text);
}

static void
dump_case(struct dump *d, struct sv rest)
{
	struct sv line;

	while (rest.n && sv_cut(&rest, '\n', &line))
		if (sv_starts(line, "action |") && sv_ends(line, "|"))
			dump_row(d, sv_make(line.p + 8, line.n - 9));
}

static void
dump_file(struct dump *d, const char *path)
{
	auto_arena a = ARENA_INIT;
	auto_str text = STR_INIT;
	struct diags diags = DIAGS_INIT;
	struct err e = ERR_INIT;
	const struct val *doc;

	if (file_read(path, FILE_MOST, &text, &e) < 0) {
		fprintf(stderr, "%s\n", e.msg);
		exit(1);
	}
	d->file = path;
	if (sv_ends(sv(path), ".case")) {
		dump_case(d, str_sv(&text));
		return;
	}
	doc = yml_read(&a, path, text.buf, text.len, &diags);
	if (doc)
		dump_val(d, doc);
	diags_release(&diags);
}

int
main(int argc, char **argv)
{
	struct dump d = { 0 };

	if (argc < 3)
		return 64;
	d.out = argv[1];
	for (int i = 2; i < argc; i++)
		dump_file(&d, argv[i]);
	printf("%d\n", d.count);
	return 0;
}
