/*
 * From a word to a loop that may run.  Nothing is touched here: faults of
 * the file and of the command line are told before a directory exists.
 */
#include "cmd/opened.h"

#include <string.h>

#include "cmd/again.h"
#include "cmd/findings.h"
#include "cmd/opened_again.h"
#include "cmd/opened_inputs.h"
#include "cmd/settings.h"
#include "cmd/where.h"
#include "loop/check.h"
#include "loop/load.h"

static int
find(struct opened *in, struct err *e)
{
	in->where = cmd_where(in->args);
	in->where.builtin_only = in->o->builtin;
	if (in->o->again && !in->o->accept_changed)
		in->where.sealed = &in->o->again->sealed.files;
	in->where.words = &in->files;
	return find_loop(&in->where, in->o->word, in->args->mem, &in->found, e);
}

static bool
is_ignored(void *self, const char *key)
{
	const struct opened *in = self;

	for (size_t i = 0; i < in->o->ignore.n; i++)
		if (strcmp(in->o->ignore.at[i], key) == 0)
			return true;
	return false;
}

/* Keys of the loop that this version does not act on must be ignored by
 * name, or nothing runs (decisions.md §3.2). */
int
opened_allowed(const struct opened *in, struct err *e)
{
	const struct later *k = NULL;

	for (size_t i = 0; i < in->loop->nlater && !k; i++)
		if (!is_ignored((void *)in, in->loop->later[i].key))
			k = &in->loop->later[i];
	if (!k)
		k = family_later(in->family, is_ignored, (void *)in);
	if (!k)
		return 0;
	if (k->why)
		return err_set(e, ERR_INPUT,
		    "%s:%d:%d: %s; '--ignore %s' runs all the same", k->at.file,
		    k->at.line, k->at.col, k->why, k->key);
	return err_set(e, ERR_INPUT,
	    "%s:%d:%d: '%s' is not acted on in this version; '--ignore %s' "
	    "runs without it",
	    k->at.file, k->at.line, k->at.col, k->key, k->key);
}

/* All of them, on stderr: with errors nothing will run. */
static void
show(struct opened *in, const struct diags *d)
{
	const struct findings_hide hide = { in->hide,
		settings_list(in->args->settings, SET_SECRETS) };

	findings_say(in->args->said, d, &in->files, &hide);
}

static int
say_findings(struct opened *in, struct diags *d, struct err *e)
{
	diags_sort(d);
	if (d->errors) {
		show(in, d);
		return err_set(e, ERR_INPUT,
		    "loop '%s' is invalid (%zu error%s); nothing was run",
		    in->o->word, d->errors, d->errors == 1 ? "" : "s");
	}
	/* What is sealed cannot be mended. */
	if (d->warnings && !in->o->quiet && !in->o->json && !in->o->again)
		out_paintf(in->args->said, PAINT_DIM,
		    "%zu warning%s: ll-loop validate %s\n", d->warnings,
		    d->warnings == 1 ? "" : "s", in->o->word);
	return 0;
}

int
opened_load(struct opened *in, struct err *e)
{
	struct load_opts how = { .lenient = in->o->lenient,
		.find = &in->where,
		.files = &in->files };
	struct diags d = DIAGS_INIT;
	int rc;

	how.family = in->family = family_new();
	if (find(in, e) < 0)
		return -1;
	in->loop = loop_load(in->found.path, in->found.text.buf,
	    in->found.text.len, in->found.name, &how, &d);
	rc = say_findings(in, &d, e);
	if (rc == 0 && in->loop && in->loop->library)
		rc = err_set(e, ERR_INPUT,
		    "'%s' is a library of fragments; there is nothing to run",
		    in->o->word);
	if (rc == 0 && !in->loop)
		rc = err_set(
		    e, ERR_INPUT, "loop '%s' cannot be loaded", in->o->word);
	diags_release(&d);
	if (rc < 0)
		return -1;
	return in->o->again ? opened_again(in, e) : opened_inputs(in, e);
}

static long long
over_or(long long over, long long otherwise)
{
	return over > 0 ? over : otherwise;
}

long long
opened_max_steps(const struct opened *in)
{
	return over_or(in->o->max_steps, in->loop->max_steps);
}

long long
opened_max_iterations(const struct opened *in)
{
	return over_or(in->o->max_iterations, in->loop->max_iterations);
}

int
opened_context(struct opened *in, const char *run_dir, struct err *e)
{
	struct diags d = DIAGS_INIT;
	bool first = !in->context;
	int rc = 0;

	in->given.run_dir = run_dir;
	in->given.max_steps = opened_max_steps(in);
	in->given.max_iterations = opened_max_iterations(in);
	inputs_context(in->args->mem, in->loop, &in->given, &d, &in->started);
	in->context = in->started.context;
	if (first)
		opened_inputs_say(in);
	if (d.errors) {
		diags_sort(&d);
		show(in, &d);
		rc = err_set(e, ERR_INPUT,
		    "loop '%s' cannot take what it is given; nothing was run",
		    in->o->word);
	}
	diags_release(&d);
	return rc;
}

/* Every reference to the context must find something.  What is missing and
 * what is not acted on are told together. */
int
opened_preflight(struct opened *in, struct err *e)
{
	struct diags d = DIAGS_INIT;
	int rc;

	if (opened_context(in, "", e) < 0)
		return -1;
	check_context(in->loop, in->context, &d);
	if (d.errors) {
		diags_sort(&d);
		show(in, &d);
	}
	rc = opened_allowed(in, e);
	if (rc == 0 && d.errors)
		rc = err_set(e, ERR_INPUT,
		    "loop '%s' lacks what it needs; nothing was run",
		    in->o->word);
	diags_release(&d);
	return rc;
}

void
opened_release(struct opened *in)
{
	loop_free(in->loop);
	family_free(in->family);
	str_release(&in->found.text);
	loop_files_release(&in->files);
}
