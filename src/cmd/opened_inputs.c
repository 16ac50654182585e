/*
 * Reading what a run is given.  Everything is bounded and refused whole: a
 * cut input would be another input.  NUL bytes are refused here, where the
 * file can be named: no action could be handed one.
 */
#include "cmd/opened_inputs.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "loop/inputs_program.h"

#define PROGRAM ".ll/program.md"

/* The text into the arena; `what` names it. */
static int
keep(struct arena *a, const struct str *text, const char *what, struct sv *out,
    struct err *e)
{
	if (text->len && memchr(text->buf, '\0', text->len))
		return err_set(e, ERR_INPUT,
		    "%s holds a NUL byte, which no action can be given", what);
	*out = sv_make(arena_dup(a, text->buf, text->len), text->len);
	return 0;
}

/* A file that was asked for; that it is not there is a fault of the input,
 * not of the loop's name. */
static int
read_file(struct arena *a, const char *path, size_t max, struct sv *out,
    struct err *e)
{
	auto_str text = STR_INIT;

	if (file_read(path, max, &text, e) < 0) {
		if (e->kind == ERR_ABSENT)
			e->kind = ERR_INPUT;
		return -1;
	}
	return keep(a, &text, path, out, e);
}

/* ---- standard input ---- */

/* Append what there is: 1, 0 at the end, -1. */
static int
read_some(struct str *text, struct err *e)
{
	enum { PIECE = 64 * 1024 };
	ssize_t n;

	str_reserve(text, PIECE);
	n = read(0, text->buf + text->len, PIECE);
	if (n > 0) {
		str_cut(text, text->len + (size_t)n);
		return 1;
	}
	if (n < 0 && errno == EAGAIN) {
		struct pollfd p = { .fd = 0, .events = POLLIN };

		poll(&p, 1, -1);
		return 1;
	}
	if (n < 0 && errno != EINTR)
		return err_sys(e, "standard input");
	return n < 0;
}

/* Line ends at the end go, as those of a captured output do. */
static int
read_stdin(struct opened *in, struct err *e)
{
	auto_str text = STR_INIT;
	int more;

	if (isatty(0) && !in->o->quiet) {
		out_paintf(in->args->said, PAINT_DIM,
		    "reading the input from the terminal; Ctrl-D on a line of "
		    "its own ends it\n");
		out_flush(in->args->said);
	}
	while ((more = read_some(&text, e)) > 0)
		if (text.len > INPUT_MAX)
			return err_set(e, ERR_INPUT,
			    "standard input: over %d bytes (put it in a file "
			    "and give the path)",
			    INPUT_MAX);
	if (more < 0)
		return -1;
	str_cut(&text, sv_chomp(str_sv(&text)).n);
	return keep(
	    in->args->mem, &text, "standard input", &in->given.input, e);
}

/* ---- --context ---- */

int
opened_inputs_pairs(struct opened *in, struct err *e)
{
	const struct opt_list *given = &in->o->context;
	struct arena *a = in->args->mem;
	struct input_pair *pair = arena_new(a, (given->n + 1) * sizeof(*pair));

	for (size_t i = 0; i < given->n; i++) {
		struct input_pair *p = &pair[i];

		if (inputs_pair(a, given->at[i], p, e) < 0)
			return -1;
		if (p->file &&
		    read_file(a, p->file, INPUT_MAX, &p->value, e) < 0)
			return err_wrap(e,
			    "--context %s=@FILE (%s=@@TEXT is plain text)",
			    p->key, p->key);
	}
	in->given = (struct inputs) { .pair = pair, .npairs = given->n };
	return 0;
}

/* ---- program.md ---- */

/* Below the working directory, else below the root; NULL: neither. */
static const char *
find_program(struct opened *in)
{
	const char *below_root = path_join(in->args->mem, in->root, PROGRAM);

	if (file_exists(PROGRAM))
		return PROGRAM;
	return file_exists(below_root) ? below_root : NULL;
}

static int
read_program(struct opened *in, struct err *e)
{
	const char *path = in->o->program_md;
	struct sv text;

	if (!path)
		path = find_program(in);
	if (!path)
		return 0;
	if (read_file(in->args->mem, path, PROGRAM_MAX, &text, e) < 0)
		return in->o->program_md ? err_wrap(e, "--program-md") : -1;
	in->given.program = inputs_program(in->args->mem, text);
	if (in->given.program->map.len > INPUTS_PROGRAM_KEYS)
		return err_set(e, ERR_INPUT, "%s: over %d variables", path,
		    INPUTS_PROGRAM_KEYS);
	in->program_path = path;
	return 0;
}

int
opened_inputs(struct opened *in, struct err *e)
{
	const char *input = in->o->input;

	if (opened_inputs_pairs(in, e) < 0 || read_program(in, e) < 0)
		return -1;
	if (input && strcmp(input, "-") == 0)
		return read_stdin(in, e);
	if (input)
		in->given.input = sv(input);
	return 0;
}

/* ---- what is said ---- */

static void
list_texts(struct str *out, const struct val *list)
{
	enum { SHOWN = 12 };
	size_t n = list->list.len;

	for (size_t i = 0; i < n && i < SHOWN; i++)
		str_addf(out, "%s'%s'", i ? ", " : "", list->list.at[i]->t.p);
	if (n > SHOWN)
		str_addf(out, " and %zu more", n - SHOWN);
}

static void
say_unknown(struct opened *in)
{
	const struct started *s = &in->started;
	auto_str keys = STR_INIT;

	list_texts(&keys, s->unknown);
	if (s->broken)
		cmd_complain(in->args,
		    "warning: the input looks like a JSON object and is none "
		    "(%s); it is taken as text",
		    in->loop->secrets ? "what is wrong is not told: the loop "
					"has secrets"
				      : s->broken);
	else if (s->as_text)
		cmd_complain(in->args,
		    "warning: the input is a JSON object, but the loop knows "
		    "none of its keys (%s); it is taken as text",
		    keys.buf);
	else if (keys.len)
		cmd_complain(in->args,
		    "warning: the loop does not know these keys of the input, "
		    "so they are dropped: %s",
		    keys.buf);
}

/* program.md is found without being named, and wins over the input. */
static void
say_program(struct opened *in)
{
	const struct val *program = in->given.program;
	auto_str keys = STR_INIT;

	if (!program || !program->map.len || in->o->quiet || in->o->json)
		return;
	for (size_t i = 0; i < program->map.len; i++)
		str_addf(&keys, "%s%s", i ? ", " : "", program->map.at[i].key);
	out_paint(in->args->said, PAINT_DIM, "from ");
	out_text(in->args->said, in->program_path, strlen(in->program_path), 0);
	str_adds(&in->args->said->buf, ": ");
	out_text(in->args->said, keys.buf, keys.len, 0);
	str_addc(&in->args->said->buf, '\n');
}

void
opened_inputs_say(struct opened *in)
{
	say_unknown(in);
	say_program(in);
}
