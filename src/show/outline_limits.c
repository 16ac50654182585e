/*
 * What bounds a run: the loop's limits, each with its value and who set it,
 * then the states that have others of their own.
 */
#include <string.h>

#include "base/auto.h"
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

/* Who set it; the key is told when it is another one. */
static const char *
from_text(struct arena *a, const struct bound *b)
{
	size_t name = strlen(b->name), key;

	if (!b->key)
		return "default";
	key = strlen(b->key->key);
	if (key <= name && strcmp(b->name + name - key, b->key->key) == 0)
		return arena_printf(a, "line %d", b->key->at.line);
	return arena_printf(a, "line %d, %s", b->key->at.line, b->key->key);
}

static void
add_bound(struct out *o, struct arena *a, struct table *t, const struct loop *l,
    const struct state *s, const struct bound *b)
{
	const struct target *to = beyond(l, s, b->name);
	auto_str text = STR_INIT;

	add_value(&text, b);
	if (to && to->name && b->value)
		str_addf(&text, ", then %s", to->name);
	table_add(t,
	    s ? arena_printf(
		    a, "  %s: %s", outline_cell(a, o, sv(s->name), 0), b->name)
	      : arena_printf(a, "  %s", b->name));
	table_add(t, outline_cell(a, o, str_sv(&text), 0));
	table_add_paint(t, b->key ? PAINT_NONE : PAINT_DIM, from_text(a, b));
}

/* Only what the state says itself; the rest is the loop's. */
static void
add_state(struct out *o, struct arena *a, struct table *t, const struct loop *l,
    const struct state *s)
{
	size_t n;
	const struct bound *b = bounds_of_state(a, l, s, &n);

	for (size_t i = 0; i < n; i++)
		if (!b[i].outer && (b[i].key || strchr(b[i].name, '.')))
			add_bound(o, a, t, l, s, &b[i]);
}

void
outline_limits(struct out *o, const struct loop *l)
{
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
		add_bound(o, &a, &t, l, NULL, &b[i]);
	for (size_t i = 0; i < l->nstates; i++)
		add_state(o, &a, &t, l, l->states[i]);
	out_paint(o, PAINT_BOLD, "\nLimits\n");
	table_show(&t, o);
	table_release(&t);
}
