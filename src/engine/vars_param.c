/*
 * `param`: values are made when they are asked for, in the order in which the
 * fragments stand on each other, each once: an inner value may hold an outer
 * one, so that no chain of them grows without a bound.
 */
#include "engine/vars_param.h"

#include "base/auto.h"
#include "loop/parameters.h"

enum { PARAM_MAX = 16 << 20 };

/* The parameters of a state on their way to values. */
struct given {
	const struct lookup *outer;
	const struct state *state;
	const struct val **done; /* the first n; NULL: nothing is given */
	size_t n;
};

int
vars_walk(const struct val *v, const struct ref *r, size_t from,
    const struct val **out, struct err *why)
{
	for (size_t i = from; i < r->nseg; i++) {
		v = val_step(v, r->seg[i]);
		if (!v) {
			err_set(why, ERR_INPUT, "%s: no '%.*s' there", r->text,
			    SV_ARG(r->seg[i]));
			return 0;
		}
	}
	*out = v;
	return 1;
}

static int
absent(struct err *why, const struct ref *r)
{
	err_set(why, ERR_INPUT, "%s: no such parameter is given", r->text);
	return 0;
}

/* Which one; nparam when it is none. */
static size_t
param_index(const struct state *s, const struct ref *r)
{
	size_t i = 0;

	while (
	    i < s->nparam && !(r->nseg && sv_eq(r->seg[0], s->param[i].name)))
		i++;
	return i;
}

/* What a value may refer to: parameters before it, and everything else. */
static int
get_given(void *self, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	struct given *g = self;
	size_t i;

	if (r->ns != NS_PARAM)
		return g->outer->get(g->outer->self, r, a, out, why);
	i = param_index(g->state, r);
	if (i >= g->n || !g->done[i])
		return absent(why, r);
	return vars_walk(g->done[i], r, 1, out, why);
}

static int
give(struct given *g, struct arena *a, struct err *why)
{
	const struct param *p = &g->state->param[g->n];
	const struct lookup look = { get_given, g };
	enum origin worst = ORIGIN_FILE;
	auto_str text = STR_INIT;

	g->done[g->n] = p->value;
	if (p->tmpl) {
		if (tmpl_render(p->tmpl, &look, a, &text, &worst, why) < 0)
			return -1;
		if (text.len > PARAM_MAX)
			return err_set(why, ERR_INPUT,
			    "param.%s: longer than %d bytes", p->name,
			    PARAM_MAX);
		g->done[g->n] = parameters_fit(a, p->spec,
		    val_taint(a, val_bytes(a, text.buf, text.len), worst));
		if (!g->done[g->n])
			return err_set(why, ERR_INPUT,
			    "param.%s: the value must be %s", p->name,
			    parameters_wants(a, p->spec));
	}
	g->n++;
	return 0;
}

int
vars_param(struct run *run, const struct lookup *outer, const struct ref *r,
    struct arena *a, const struct val **out, struct err *why)
{
	const struct state *s =
	    loop_state(run_loop(run), run_frame(run)->state);
	struct given given = { outer, s, NULL, 0 };
	size_t i = s ? param_index(s, r) : 0;

	if (!s || i == s->nparam || !s->param[i].value)
		return absent(why, r);
	given.done = arena_new(a, (i + 1) * sizeof(*given.done));
	while (given.n <= i)
		if (give(&given, a, why) < 0)
			return -1;
	return vars_walk(given.done[i], r, 1, out, why);
}
