/*
 * From bytes to a loop: read, hold against the tables, make the states,
 * link, and let the checker look at the whole.  All findings are collected;
 * a loop with an error among them is given back to nobody.
 */
#include "loop/load.h"

#include <string.h>

#include "base/path.h"
#include "base/utf8.h"
#include "loop/check.h"
#include "loop/load_part.h"
#include "text/yml.h"

enum { DEFAULT_STEPS = 50, DEFAULT_REVISITS = 100, DEFAULT_WINDOW = 3 };

static void
read_words(struct loader *l)
{
	struct loop *loop = l->loop;
	const struct val *src = loop->src, *context;
	const char *input = load_text(src, "input_key");

	loop->name = load_text(src, "name");
	loop->description = load_text(src, "description");
	loop->category = load_text(src, "category");
	loop->visibility = load_text(src, "visibility");
	loop->labels = load_kind(src, "labels", VAL_LIST);
	context = load_kind(src, "context", VAL_MAP);
	loop->context = context ? context : val_map(l->mem);
	loop->input_key = input ? input : "input";
	loop->required_inputs = load_kind(src, "required_inputs", VAL_LIST);
	loop->parameters = load_kind(src, "parameters", VAL_MAP);
	loop->scope = load_kind(src, "scope", VAL_LIST);
	load_scope(l);
	loop->secrets = load_kind(src, "secrets", VAL_LIST);
	load_loop_ask(l);
	loop->maintain = load_true(src, "maintain");
	loop->singleton = load_true(src, "singleton");
	loop->snapshots = !load_kind(src, "snapshots", VAL_BOOL) ||
	    load_true(src, "snapshots");
}

/* Without `max_steps`, `max_iterations` is another name of it. */
static void
read_caps(struct loader *l)
{
	struct loop *loop = l->loop;
	const struct val *src = loop->src;
	long long passes = load_int(src, "max_iterations", -1);

	loop->max_steps = load_int(src, "max_steps", DEFAULT_STEPS);
	loop->max_iterations = passes;
	if (!load_get(src, "max_steps") && passes >= 0) {
		loop->max_steps = passes;
		loop->max_iterations = -1;
	}
	loop->max_edge_revisits =
	    load_int(src, "max_edge_revisits", DEFAULT_REVISITS);
	loop->timeout_ms = load_ms(src, "timeout", -1);
	loop->default_timeout_ms = load_ms(src, "default_timeout", -1);
	loop->default_idle_timeout_ms =
	    load_ms(src, "default_idle_timeout", -1);
	loop->backoff_ms = load_ms(src, "backoff", 0);
	load_loop_bounds(l);
	load_llm(l);
}

static void
target(struct loader *l, const char *key, struct target *out)
{
	struct link_from from = { NULL, key, false };

	link_target(&l->linker, &from, load_get(l->loop->src, key), out);
}

static void
read_circuit(struct loader *l)
{
	const struct val *c = load_kind(l->loop->src, "circuit", VAL_MAP);
	const struct val *f = load_kind(c, "repeated_failure", VAL_MAP);
	struct circuit *to = &l->loop->circuit;
	struct link_from from = { NULL,
		"circuit.repeated_failure.on_repeated_failure", true };

	if (!f)
		return;
	to->set = true;
	to->window = load_int(f, "window", DEFAULT_WINDOW);
	to->recurrent = load_int(f, "recurrent_window", -1);
	load_progress(l, to, f);
	link_target(
	    &l->linker, &from, load_get(f, "on_repeated_failure"), &to->to);
	to->abort = !to->to.name || !strcmp(to->to.name, "abort");
}

static void
read_targets(struct loader *l)
{
	target(l, "initial", &l->loop->initial);
	target(l, "on_max_steps", &l->loop->on_max_steps);
	target(l, "on_max_iterations", &l->loop->on_max_iterations);
	load_loop_interrupted(l);
	load_marks(l);
	read_circuit(l);
}

static bool
name_ok(struct loader *l, const struct member *m)
{
	/* Names stand in every record of a journal, whose length is bounded. */
	if (*m->key && strlen(m->key) <= LOAD_NAME_MAX &&
	    strcmp(m->key, "$current") && !strstr(m->key, "${") &&
	    utf8_is_plain(m->key, strlen(m->key)))
		return true;
	diag_add(l->diags, m->at, "E219", load_path(l, "states.%s", m->key),
	    "'%.60s' cannot be the name of a state (1 to %d bytes, no "
	    "reference, no control characters)",
	    m->key, LOAD_NAME_MAX);
	return false;
}

/* All names first, so that targets can be linked where they are read. */
static void
name_states(struct loader *l)
{
	const struct val *src = load_kind(l->loop->src, "states", VAL_MAP);
	struct state **all;
	size_t n = 0;

	if (!src)
		return;
	all = arena_new(l->mem, (src->map.len + 1) * sizeof(struct state *));
	for (size_t i = 0; i < src->map.len; i++) {
		const struct member *m = &src->map.at[i];
		struct map_entry *e = map_put(&l->linker.states, m->key);

		if (!name_ok(l, m) || m->v->kind != VAL_MAP)
			continue;
		e->value = all[n] = arena_new(l->mem, sizeof(struct state));
		all[n]->name = m->key;
		all[n]->index = n;
		all[n]->at = m->at;
		all[n]->src = m->v;
		n++;
	}
	l->loop->states = (const struct state *const *)all;
	l->loop->nstates = n;
}

static void
read_states(struct loader *l)
{
	for (size_t i = 0; i < l->loop->nstates; i++)
		load_state(l,
		    map_get(&l->linker.states, l->loop->states[i]->name)
			->value);
}

/* A name that was looked up (not a path) should be the one recorded. */
static void
check_name(struct loader *l, const char *shown)
{
	const char *name = l->loop->name;

	if (!shown || !name || strchr("/.", *shown) ||
	    sv_ends(sv(shown), ".yaml") || sv_ends(sv(shown), ".yml") ||
	    !strcmp(name, shown) || !strcmp(name, path_base(shown)))
		return;
	diag_add(l->diags, load_at(l->loop->src, "name"), "W113", "name",
	    "found as '%s', but runs are recorded as '%s'", shown, name);
}

static void
load_all(struct loader *l, const char *shown)
{
	const struct val *src = l->loop->src;

	l->loop->partial = l->partial;
	l->linker.partial = l->partial || !load_kind(src, "states", VAL_MAP);
	load_keys(l, key_tables[0], src);
	read_words(l);
	read_caps(l);
	name_states(l);
	load_loop_limits(l);
	load_loop_rules(l);
	read_states(l);
	read_targets(l);
	for (size_t i = 0; i < l->loop->nstates; i++)
		load_family(l,
		    map_get(&l->linker.states, l->loop->states[i]->name)
			->value);
	check_name(l, shown);
}

/* Hand the lists over to the loop. */
static void
seal(struct loader *l)
{
	struct loop *loop = l->loop;

	if (l->later.len)
		loop->later = (const struct later *)arena_dup(
		    l->mem, l->later.at, l->later.len * sizeof(*l->later.at));
	loop->nlater = l->later.len;
	loop->rx = l->rx.at;
	loop->nrx = l->rx.len;
	vec_release(&l->later);
	map_release(&l->told);
	map_release(&l->linker.states);
	map_release(&l->bindings);
}

/* The document, with what it takes from other files. */
static const struct val *
compose_all(
    struct loader *l, const struct val *root, const struct load_opts *opts)
{
	struct compose c = { .mem = l->mem,
		.diags = l->diags,
		.find = opts ? opts->find : NULL,
		.files = opts ? opts->files : NULL };
	size_t before = l->diags->errors;
	const struct val *whole = compose(&c, l->loop->file, root);

	l->partial = l->diags->errors > before;
	l->bindings = c.bindings;
	c.bindings = (struct map)MAP_INIT;
	compose_release(&c);
	return whole;
}

static void
no_mapping(const struct val *root, struct diags *d)
{
	if (root->kind == VAL_NULL)
		diag_add(d, root->at, "E102", "<root>",
		    "the file is empty: a loop needs at least 'name', "
		    "'initial' and 'states'");
	else
		diag_add(d, root->at, "E102", "<root>",
		    "a loop must be a mapping, not %s",
		    val_kind_name(root->kind));
}

struct loop *
loop_load(const char *file, const char *text, size_t len, const char *shown,
    const struct load_opts *opts, struct diags *diags)
{
	struct loop *loop = mem_new(sizeof(*loop));
	struct loader l = { .loop = loop,
		.mem = &loop->mem,
		.diags = diags,
		.lenient = opts && opts->lenient,
		.opts = opts,
		.linker = { .diags = diags } };
	size_t before = diags->errors;

	loop->file = arena_strdup(l.mem, file);
	if (opts && opts->files)
		loop_files_add(opts->files,
		    &(struct loop_file) {
			.path = file, .text = sv_make(text, len) });
	load_family_enter(&l);
	loop->src = yml_read(l.mem, loop->file, text, len, diags);
	if (loop->src && loop->src->kind != VAL_MAP)
		no_mapping(loop->src, diags);
	if (loop->src && loop->src->kind == VAL_MAP &&
	    load_is_library(loop->src)) {
		load_library(&l, loop->src);
		seal(&l);
	} else if (loop->src && loop->src->kind == VAL_MAP) {
		loop->src = compose_all(&l, loop->src, opts);
		load_all(&l, shown);
		seal(&l);
		/* Without states all the checker says would follow from it. */
		if (loop->states || l.partial)
			loop_check(loop, diags);
	}
	load_family_leave(&l);
	if (diags->errors == before)
		return loop;
	loop_free(loop);
	return NULL;
}
