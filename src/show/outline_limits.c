/*
 * What bounds a run: the loop's limits, each with its value and who set it,
 * then the states that have others of their own.
 */
#include <string.h>

#include "base/auto.h"
#include "base/path.h"
#include "loop/bounds.h"
#include "show/outline_part.h"
#include "show/span.h"
#include "show/table.h"
#include "text/render.h"

/* Where a run goes when a limit is reached; otherwise it ends. */
static const struct target *
beyond(const struct loop *l, const struct state *s, const char *name)
{
	const struct {
		const char *name;
		const struct target *to;
	} rows[] = {
		{ "max_steps", &l->on_max_steps },
		{ "max_iterations", &l->on_max_iterations },
		{ "circuit.repeated_failure.window", &l->circuit.to },
		{ "max_retries", s ? &s->on_retry_exhausted : NULL },
		{ "throttle.hard_max", s ? &s->on_throttle_hard : NULL },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].to;
	return NULL;
}

static void
add_value(struct str *out, const struct bound *b)
{
	const struct val *v = b->value;
	double x = !v             ? 0
	    : v->kind == VAL_INT  ? (double)v->i
	    : v->kind == VAL_REAL ? v->r
				  : 1;
	char span[SPAN_TEXT];

	if (!v || (b->unit == BOUND_SECONDS && x == 0)) {
		str_adds(out, "none");
		return;
	}
	val_render(out, v);
	if (b->unit != BOUND_SECONDS)
		return;
	str_addc(out, 's');
	if (x >= 60)
		str_addf(out, " (%s)", span_short((long long)x, span));
}

const struct outline_over *
outline_over(const struct outline *x, const char *name)
{
	for (size_t i = 0; i < x->nover; i++)
		if (strcmp(x->over[i].name, name) == 0)
			return &x->over[i];
	return NULL;
}

/* A line of the loop's own file, or of one that it is made of. */
static const char *
line_text(struct arena *a, const struct loop *l, const struct place *at)
{
	if (!at->file || strcmp(at->file, l->file) == 0)
		return arena_printf(a, "line %d", at->line);
	return arena_printf(a, "%s:%d", path_base(at->file), at->line);
}

/* Who set it; the key is told when it is another one. */
static const char *
from_text(struct arena *a, const struct loop *l, const struct bound *b)
{
	size_t name = strlen(b->name), key;
	const char *line;

	if (!b->key)
		return "default";
	key = strlen(b->key->key);
	line = line_text(a, l, &b->key->at);
	if (key <= name && strcmp(b->name + name - key, b->key->key) == 0)
		return line;
	return arena_printf(a, "%s, %s", line, b->key->key);
}

static void
add_bound(struct out *o, struct arena *a, struct table *t,
    const struct outline *x, const struct state *s, const struct bound *b)
{
	const struct outline_over *over = s ? NULL : outline_over(x, b->name);
	const struct loop *l = x->loop;
	struct bound shown = *b;
	const struct target *to = beyond(l, s, b->name);
	auto_str text = STR_INIT;

	if (over)
		shown.value = over->value;
	add_value(&text, &shown);
	if (to && to->name && b->value)
		str_addf(&text, ", then %s", to->name);
	table_add(t,
	    s ? arena_printf(
		    a, "  %s: %s", outline_cell(a, o, sv(s->name), 0), b->name)
	      : arena_printf(a, "  %s", b->name));
	table_add(t, outline_cell(a, o, str_sv(&text), 0));
	if (over)
		table_add(t, over->by);
	else
		table_add_paint(
		    t, b->key ? PAINT_NONE : PAINT_DIM, from_text(a, l, b));
}

/* Only what the state says itself; the rest is the loop's. */
static void
add_state(struct out *o, struct arena *a, struct table *t,
    const struct outline *x, const struct state *s)
{
	size_t n;
	const struct bound *b = bounds_of_state(a, x->loop, s, &n);

	for (size_t i = 0; i < n; i++)
		if (!b[i].outer && (b[i].key || strchr(b[i].name, '.')))
			add_bound(o, a, t, x, s, &b[i]);
}

static bool
has(const struct bound *b, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(b[i].name, name) == 0)
			return true;
	return false;
}

void
outline_limits(struct out *o, const struct outline *x)
{
	const struct loop *l = x->loop;
	static const struct table_col cols[] = {
		{ NULL, PAINT_NONE, false },
		{ NULL, PAINT_NONE, false },
		{ NULL, PAINT_NONE, false },
	};
	struct table t = { .cols = cols, .ncols = COUNT(cols) };
	auto_arena a = ARENA_INIT;
	size_t n;
	const struct bound *b = bounds_of_loop(&a, l, &n);

	for (size_t i = 0; i < n; i++)
		add_bound(o, &a, &t, x, NULL, &b[i]);
	for (size_t i = 0; i < x->nover; i++)
		if (!has(b, n, x->over[i].name))
			add_bound(o, &a, &t, x, NULL,
			    &(struct bound) {
				.name = x->over[i].name, .unit = BOUND_WORD });
	for (size_t i = 0; i < l->nstates; i++)
		add_state(o, &a, &t, x, l->states[i]);
	out_paint(o, PAINT_BOLD, "\nLimits\n");
	table_show(&t, o);
	table_release(&t);
}
