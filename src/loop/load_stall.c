/*
 * What the stall evaluators and the circuit watch: files, numbers, values.
 * Names of `track` become templates here, so that nothing is parsed later.
 */
#include "loop/load_part.h"

#include <string.h>

#include "base/auto.h"

#define SCORES "${context.run_dir}/.score_history"
#define QUESTIONS "${context.run_dir}/.open_questions_history"

/* Where a name without a dot is looked for, in this order. */
static const char *const places[] = { "context", "captured", "prev", "result" };

/* A text of ours that stands where the user's text would. */
static struct tmpl *
compile(struct loader *l, const char *text, struct place at, const char *path,
    struct diags *d)
{
	struct val *v = val_text(l->mem, text);

	v->at = at;
	return tmpl_compile(l->mem, v, path, d);
}

static void
read_name(
    struct loader *l, struct tracked *t, const struct val *v, const char *path)
{
	t->name = v->t.p;
	t->action = !strcmp(t->name, "action");
	if (strchr(t->name, '.')) {
		t->from[t->n++] = compile(
		    l, load_path(l, "${%s}", t->name), v->at, path, l->diags);
		return;
	}
	for (size_t i = 0; i < COUNT(places); i++) {
		struct diags unwanted = DIAGS_INIT;
		const struct tmpl *got =
		    compile(l, load_path(l, "${%s.%s}", places[i], t->name),
			v->at, path, &unwanted);

		/* Not every place can have every name. */
		if (!unwanted.len)
			t->from[t->n++] = got;
		diags_release(&unwanted);
	}
}

/* Without `track` it is the action, whatever else has that name. */
static void
read_track(struct loader *l, struct evaluate *e, const struct val *src,
    const char *path)
{
	const struct val *list = load_kind(src, "track", VAL_LIST);
	struct tracked *t =
	    arena_new(l->mem, ((list ? list->list.len : 0) + 1) * sizeof(*t));

	for (size_t i = 0; list && i < list->list.len; i++)
		if (list->list.at[i]->kind == VAL_TEXT)
			read_name(l, &t[e->ntrack++], list->list.at[i],
			    load_path(l, "%s.track[%zu]", path, i));
	if (!e->ntrack)
		t[e->ntrack++] =
		    (struct tracked) { .name = "action", .action = true };
	e->track = t;
	for (size_t i = 0; i < e->ntrack; i++)
		if (e->type == EVAL_ACTION_STALL && t[i].action)
			l->loop->tracks_action = true;
}

void
load_stall(struct loader *l, struct evaluate *e, const struct val *src,
    const char *path)
{
	const char *file = load_path(l, "%s.history_file", path);

	e->scope = load_kind(src, "scope", VAL_LIST);
	e->max_stall = load_int(src, "max_stall", 1);
	e->max_repeat = load_int(src, "max_repeat", 2);
	e->epsilon = 0.5;
	load_real(src, "epsilon", &e->epsilon);
	e->history = load_tmpl(l, src, "history_file", file);
	if (!e->history && e->type == EVAL_SCORE_STALL)
		e->history = compile(l, SCORES, src->at, file, l->diags);
	if (!e->history && e->type == EVAL_OPEN_QUESTION_STALL)
		e->history = compile(l, QUESTIONS, src->at, file, l->diags);
	read_track(l, e, src, path);
}

static const struct tmpl *const *
read_paths(struct loader *l, const struct val *src, const char *key, size_t *n)
{
	const struct val *list = load_kind(src, key, VAL_LIST);
	const struct tmpl **out;

	if (!list)
		return NULL;
	out = arena_new(l->mem, list->list.len * sizeof(*out) + 1);
	for (size_t i = 0; i < list->list.len; i++)
		if (list->list.at[i]->kind == VAL_TEXT)
			out[(*n)++] = tmpl_compile(l->mem, list->list.at[i],
			    load_path(
				l, "circuit.repeated_failure.%s[%zu]", key, i),
			    l->diags);
	return out;
}

void
load_progress(struct loader *l, struct circuit *c, const struct val *src)
{
	c->progress = read_paths(l, src, "progress_paths", &c->nprogress);
	c->exclude = read_paths(l, src, "exclude_paths", &c->nexclude);
}
