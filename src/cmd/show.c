/*
 * show: a loop as it would run, without running anything.  The file is
 * loaded as `run` loads it; one with errors is told like `validate` tells it.
 */
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/path.h"
#include "cmd/claims.h"
#include "cmd/cmd.h"
#include "cmd/findings.h"
#include "cmd/hosts_asked.h"
#include "cmd/launch_budget.h"
#include "cmd/settings.h"
#include "cmd/where.h"
#include "loop/family.h"
#include "loop/load.h"
#include "loop/loop_val.h"
#include "show/diagnostics.h"
#include "show/outline.h"
#include "show/resolved.h"
#include "text/json.h"
#include "text/yml.h"

struct show_opts {
	bool json, verbose, resolved, builtin, lenient;
};

#define NO_DIAGRAMS "this version draws no diagrams"

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print the loop as JSON, normalised",
	  .at = offsetof(struct show_opts, json) },
	{ .type = OPT_FLAG, .letter = 'v', .name = "verbose",
	  .help = "show every state in full",
	  .at = offsetof(struct show_opts, verbose) },
	{ .type = OPT_FLAG, .name = "resolved",
	  .help = "as one loop file, with comments on what other files wrote; "
		  "with --json: add the states of other loops as _subloop",
	  .at = offsetof(struct show_opts, resolved) },
	{ .type = OPT_FLAG, .name = "builtin",
	  .help = "look only among the shipped loops",
	  .at = offsetof(struct show_opts, builtin) },
	{ .type = OPT_FLAG, .name = "lenient",
	  .help = "unknown keys are only warned about",
	  .at = offsetof(struct show_opts, lenient) },
	{ .type = OPT_FLAG, .name = "show-diagrams",
	  .help = "draw the loop", .how = OPT_IDLE, .note = NO_DIAGRAMS },
};
/* clang-format on */

/* One loop on its way. */
struct job {
	const struct show_opts *o;
	struct args *args;
	struct found found;
	struct diags diags;
	struct loop_files files;
	struct loop *loop;
	struct family *family;
	struct secrets secrets;
};

static int
load(struct job *j, const struct find *where, const char *word, struct err *e)
{
	struct load_opts how = { .lenient = j->o->lenient };

	if (find_loop(where, word, j->args->mem, &j->found, e) < 0)
		return -1;
	how.find = where;
	how.files = &j->files;
	how.family = j->family = family_new();
	j->loop = loop_load(j->found.path, j->found.text.buf, j->found.text.len,
	    j->found.name, &how, &j->diags);
	diags_sort(&j->diags);
	secrets_add_files(&j->secrets, &j->files,
	    settings_list(j->args->settings, SET_SECRETS));
	return 0;
}

static void
unload(struct job *j)
{
	loop_free(j->loop);
	family_free(j->family);
	secrets_release(&j->secrets);
	diags_release(&j->diags);
	loop_files_release(&j->files);
	str_release(&j->found.text);
}

/* It cannot run: its findings, in the form that was asked for. */
static void
say_invalid(struct job *j)
{
	struct arena *a = j->args->mem;
	struct out *o = j->args->out;
	const struct findings_hide hide = { &j->secrets, NULL };
	struct val *doc;

	if (!j->o->json) {
		findings_say(o, &j->diags, &j->files, &hide);
		diagnostics_sum(o, &j->diags, j->args->at[0]);
		return;
	}
	doc = val_map(a);
	val_set(a, doc, "loop", val_text(a, j->args->at[0]));
	val_set(a, doc, "valid", val_bool(a, false));
	val_set(
	    a, doc, "violations", findings_val(a, &j->diags, &j->files, &hide));
	json_write(&o->buf, doc, JSON_PRETTY);
	str_addc(&o->buf, '\n');
}

/* Values of secrets stand in actions and `with` too. */
static const struct val *
masked(const struct job *j, const struct val *v)
{
	return j->secrets.mask ? mask_val(j->secrets.mask, j->args->mem, v) : v;
}

/* The states of the loop that a state runs; NULL: not known before it
 * runs, or not there, which is said. */
static const struct val *
subloop(struct job *j, const char *word)
{
	struct find where = cmd_where(j->args);
	struct job child = { .o = j->o,
		.args = j->args,
		.found = { .text = STR_INIT },
		.diags = DIAGS_INIT };
	const struct val *states = NULL, *found;
	struct err e = ERR_INIT;

	if (strstr(word, "${"))
		return NULL;
	where.referrer = j->found.path;
	if (load(&child, &where, word, &e) < 0) {
		cmd_complain(j->args, "%s", e.msg);
	} else if (!child.loop) {
		cmd_complain(j->args, "loop '%s' is invalid", word);
	} else {
		found = val_get(loop_val(j->args->mem, child.loop), "states");
		states = found ? val_copy(j->args->mem, masked(&child, found))
			       : NULL;
	}
	unload(&child);
	return states;
}

static const struct val *
with_subloops(struct job *j, const struct val *states)
{
	struct arena *a = j->args->mem;
	struct val *out = val_map(a);

	for (size_t i = 0; states && i < states->map.len; i++) {
		const struct member *m = &states->map.at[i];
		const char *word = val_str(m->v, "loop", NULL);
		const struct val *child = word ? subloop(j, word) : NULL;
		struct val *state = val_map(a);

		for (size_t k = 0; child && k < m->v->map.len; k++)
			val_set(
			    a, state, m->v->map.at[k].key, m->v->map.at[k].v);
		val_set(a, state, "_subloop", child);
		val_set(a, out, m->key, child ? state : m->v);
	}
	return out;
}

static void
say_json(struct job *j, const struct outline *x)
{
	struct arena *a = j->args->mem;
	struct val *doc = outline_val(a, x);

	if (j->o->resolved && val_get(doc, "states"))
		val_set(
		    a, doc, "states", with_subloops(j, val_get(doc, "states")));
	json_write(&j->args->out->buf, masked(j, doc), JSON_PRETTY);
	str_addc(&j->args->out->buf, '\n');
}

/* The number, and what happens when that is not what a number does. */
static const struct val *
limit_val(struct arena *a, const struct val *said, enum budget_kind k)
{
	const char *then = val_str(said, "then", ""), *to;
	struct budget plain;
	struct val *v;

	budget_init(&plain);
	if (strcmp(then, effect_name(plain.of[k].then)) == 0)
		return val_get(said, "value");
	v = val_map(a);
	to = val_str(said, "to", then);
	val_set(a, v, "at", val_get(said, "value"));
	val_set(a, v, "then", val_text(a, to));
	return v;
}

/* What bounds spending and is not the loop's own. */
static void
add_budget(struct job *j, const char *cwd, struct outline_over *all, size_t *n)
{
	const struct launch_opts none = { .max_cost = -1, .max_time = -1 };
	struct arena *a = j->args->mem;
	struct launch_budget b = { .root = NULL };
	const struct val *said;

	launch_budget(&b, j->args, &none, j->loop);
	said = launch_budget_val(&b, a, cwd);
	for (int k = 0; said && k < BUDGETS; k++) {
		const char *name = budget_name((enum budget_kind)k);
		const struct val *one = val_get(said, name);

		if (!one ||
		    strcmp(val_str(one, "from", ""), BUDGET_FROM_LOOP) == 0)
			continue;
		all[*n].name = arena_printf(a, "limits.%s", name);
		all[*n].value = limit_val(a, one, (enum budget_kind)k);
		all[*n].by = val_str(one, "from", "");
		++*n;
	}
}

/* What settings say about limits, as far as they are stronger than the
 * file. */
static const struct outline_over *
overs(struct job *j, const char *cwd, size_t *n)
{
	static const struct {
		enum setting which;
		const char *name;
	} rows[] = { { SET_OUTPUT_LIMIT, "output_limit" },
		{ SET_DISK, "limits.disk" }, { SET_DELAY, "backoff" } };
	struct arena *a = j->args->mem;
	struct settings s = *j->args->settings;
	struct outline_over *all =
	    arena_new(a, (COUNT(rows) + BUDGETS) * sizeof(*all));

	settings_document(&s, FROM_LOOP, j->loop->src);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct settled *x = &s.at[rows[i].which];

		if (!x->v || x->from == FROM_BUILT_IN || x->from == FROM_LOOP)
			continue;
		all[*n].name = rows[i].name;
		all[*n].value = x->v;
		all[*n].by = x->name
		    ? x->name
		    : arena_printf(a, "%s:%d",
			  path_inside(x->at.file ? x->at.file : "", cwd),
			  x->at.line);
		++*n;
	}
	add_budget(j, cwd, all, n);
	return all;
}

/* One that is made of many files can be more than one file may be. */
static void
say_resolved(struct job *j)
{
	auto_arena a = ARENA_INIT;
	const struct find where = cmd_where(j->args);
	const struct resolved x = {
		.loop = j->loop,
		.files = &j->files,
		.find = &where,
		.mask = j->secrets.mask,
	};
	struct str *out = &j->args->out->buf;
	size_t from = out->len;
	struct diags d = DIAGS_INIT;

	resolved_text(out, &x);
	secrets_hide_tail(&j->secrets, out, from);
	if (!yml_read(&a, "", out->buf + from, out->len - from, &d))
		cmd_complain(j->args, "this is no loop file: %s", d.at[0].msg);
	diags_release(&d);
}

/* With what the file itself puts into the context. */
static const struct val *
scope_of(struct job *j)
{
	const struct claims_from from = { j->loop, j->loop->context,
		cmd_root(j->args), j->secrets.mask };

	return claims_val(&from, j->args->mem);
}

static int
say(struct job *j, struct err *e)
{
	auto_free char *here = getcwd(NULL, 0);
	const char *cwd = here ? here : "/";
	struct outline x = {
		.loop = j->loop,
		.file = path_inside(j->found.path, cwd),
		.warnings = j->diags.warnings,
		.verbose = j->o->verbose,
		.mask = j->secrets.mask,
	};
	size_t from = j->args->out->buf.len;

	if (!j->loop) {
		say_invalid(j);
		return 1;
	}
	if (j->loop->library)
		return err_set(e, ERR_INPUT,
		    "'%s' is a library of fragments; see 'll-loop fragments'",
		    j->args->at[0]);
	if (j->o->resolved && !j->o->json) {
		say_resolved(j);
		return 0;
	}
	x.over = overs(j, cwd, &x.nover);
	x.scope = scope_of(j);
	x.hosts = hosts_asked_here(j->args, j->loop);
	if (j->o->json) {
		say_json(j, &x);
		return 0;
	}
	outline_text(j->args->out, &x);
	secrets_hide_tail(&j->secrets, &j->args->out->buf, from);
	return 0;
}

static int
run(const void *given, struct args *a, struct err *e)
{
	struct find where = cmd_where(a);
	struct job j = { .o = given,
		.args = a,
		.found = { .text = STR_INIT },
		.diags = DIAGS_INIT };
	int status = -1;

	where.builtin_only = j.o->builtin;
	if (load(&j, &where, a->at[0], e) == 0)
		status = say(&j, e);
	unload(&j);
	return status;
}

const struct cmd cmd_show = {
	.name = "show",
	.alias = "s",
	.usage = "[options] LOOP",
	.summary = "show a loop as it would run: states, limits, inputs",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct show_opts),
	.min = 1,
	.max = 1,
	.run = run,
};
