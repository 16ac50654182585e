/*
 * The page of a loop: what it is called, its states, what bounds it, what it
 * claims and what it takes.  All of it is looked up in the loop and in the
 * key tables; nothing is told that would not be so in a run.
 */
#include "show/outline.h"

#include <string.h>

#include "base/auto.h"
#include "show/claims.h"
#include "show/hosts.h"
#include "show/outline_part.h"
#include "show/wrap.h"

enum { READABLE = 80 };

struct ways {
	struct arena *mem;
	struct way *at;
	size_t n;
};

static void
add_way(struct ways *w, const char *on, const struct target *t)
{
	if (t->name)
		w->at[w->n++] = (struct way) { on, t->name };
}

const struct way *
outline_ways(struct arena *a, const struct state *s, size_t *n)
{
	struct ways w = { a, NULL, 0 };

	w.at = arena_new(a, (s->non + s->nroute + 5) * sizeof(*w.at));
	add_way(&w, "next", &s->next);
	for (size_t i = 0; i < s->nroute; i++)
		add_way(&w, s->route[i].verdict, &s->route[i].to);
	for (size_t i = 0; i < s->non; i++)
		add_way(&w, s->on[i].verdict, &s->on[i].to);
	add_way(&w, "retry_exhausted", &s->on_retry_exhausted);
	add_way(&w, "throttle_hard", &s->on_throttle_hard);
	add_way(&w, "interrupted", &s->on_interrupted);
	add_way(&w, "maintain", &s->on_maintain);
	*n = w.n;
	return w.at;
}

const char *
outline_cell(struct arena *a, const struct out *o, struct sv text, int max)
{
	struct out cell = { .utf8 = o->utf8, .buf = STR_INIT };
	char *out;

	out_text(&cell, text.p, text.n, max);
	out = arena_dup(a, cell.buf.buf, cell.buf.len);
	out_release(&cell);
	for (char *p = out; *p; p++)
		if (*p == '\n' || *p == '\t')
			*p = ' ';
	return out;
}

/* What a state is, when it is more than its action. */
const char *
outline_kind(const struct state *s)
{
	static const char *const parts[] = { "parallel", "loop", "learning",
		"fragment" };

	if (s->terminal)
		return s->failure ? "failure" : "success";
	for (size_t i = 0; i < COUNT(parts); i++)
		if (val_get(s->src, parts[i]))
			return parts[i];
	return s->type == ACTION_NONE ? "-" : action_type_name(s->type);
}

static size_t
count_ways(const struct loop *l)
{
	auto_arena a = ARENA_INIT;
	size_t all = 0, n;

	for (size_t i = 0; i < l->nstates; i++) {
		outline_ways(&a, l->states[i], &n);
		all += n;
	}
	return all;
}

static void
add_count(struct out *o, size_t n, const char *word)
{
	str_addf(&o->buf, "%zu %s%s", n, word, n == 1 ? "" : "s");
}

static void
add_word(struct out *o, const char *text)
{
	out_text(o, text, strlen(text), 0);
}

static void
add_head(struct out *o, const struct outline *x)
{
	const struct loop *l = x->loop;
	auto_arena a = ARENA_INIT;

	if (l->name)
		out_paint(o, PAINT_BOLD, outline_cell(&a, o, sv(l->name), 0));
	str_adds(&o->buf, ": ");
	add_count(o, l->nstates, "state");
	str_adds(&o->buf, ", ");
	add_count(o, count_ways(l), "transition");
	if (l->initial.name) {
		str_adds(&o->buf, ", begins at ");
		add_word(o, l->initial.name);
	}
	if (l->maintain)
		str_adds(&o->buf, ", maintained");
	str_addc(&o->buf, '\n');
	add_word(o, x->file);
	str_addc(&o->buf, '\n');
}

/* Columns for text that people read. */
static int
readable(const struct out *o)
{
	return o->width > READABLE ? READABLE : o->width;
}

static void
add_list(struct out *o, const struct val *list)
{
	for (size_t i = 0; i < list->list.len; i++) {
		const struct val *v = list->list.at[i];

		str_adds(&o->buf, i ? ", " : "");
		if (v->kind == VAL_TEXT)
			out_text(o, v->t.p, v->t.n, 0);
	}
}

static void
add_about(struct out *o, const struct loop *l)
{
	bool labels = l->labels && l->labels->list.len;

	if (l->category || labels) {
		if (l->category)
			add_word(o, l->category);
		str_adds(&o->buf, l->category && labels ? ": " : "");
		if (labels)
			add_list(o, l->labels);
		str_addc(&o->buf, '\n');
	}
	if (!l->description)
		return;
	str_addc(&o->buf, '\n');
	wrap_text(o, sv(l->description), 2, readable(o));
}

/* What somebody should know before running it. */
static void
add_notes(struct out *o, const struct outline *x)
{
	const struct loop *l = x->loop;
	auto_arena a = ARENA_INIT;
	struct val *said = val_map(&a);
	auto_str text = STR_INIT;

	for (size_t i = 0; i < l->nlater; i++)
		val_set(&a, said, l->later[i].key, val_null(&a));
	str_adds(&o->buf, x->warnings || said->map.len ? "\n" : "");
	for (size_t i = 0; i < said->map.len; i++)
		str_addf(&text, "%s%s",
		    i ? ", " : "Not acted on yet: ", said->map.at[i].key);
	if (said->map.len)
		str_adds(&text, " (run refuses it without --ignore)");
	wrap_text(o, str_sv(&text), 0, readable(o));
	if (!x->warnings)
		return;
	out_paintf(o, PAINT_WARN, "%zu warning%s", x->warnings,
	    x->warnings == 1 ? "" : "s");
	str_adds(&o->buf, ": see ll-loop validate\n");
}

void
outline_text(struct out *o, const struct outline *x)
{
	add_head(o, x);
	add_about(o, x->loop);
	outline_states(o, x);
	if (x->verbose)
		outline_bodies(o, x->loop);
	outline_limits(o, x);
	out_paint(o, PAINT_BOLD, "\nScope\n");
	show_claims(o, x->scope);
	if (x->hosts)
		out_paint(o, PAINT_BOLD, "\nPrompts\n");
	show_hosts(o, x->hosts);
	outline_inputs(o, x->loop);
	add_notes(o, x);
}
