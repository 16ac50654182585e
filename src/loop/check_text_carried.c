/*
 * Rules of what an earlier state leaves behind: `prev` and `result`.  Like a
 * capture they may be missing by one way and there by another.
 */
#include "loop/check_text.h"

#include "base/auto.h"

static bool
sets_prev(const struct state *s)
{
	return s->type != ACTION_NONE && !s->fan.as;
}

static bool
sets_result(const struct state *s)
{
	return s->fan.as ||
	    (!s->has_next && (s->type != ACTION_NONE || s->evaluate.set));
}

struct carried {
	enum ref_ns ns;
	bool (*sets)(const struct state *);
	const char *id, *why;
};

/* `prev` and `result` are what an earlier state left behind. */
static void
check_carried(struct checkup *c, const struct carried *k)
{
	bool *mark = arena_new(&c->mem, c->loop->nstates + 1);

	for (size_t i = 0; i < c->loop->nstates; i++)
		mark[i] = k->sets(c->loop->states[i]);
	for (size_t i = 0; i < c->nuses; i++) {
		const struct use *u = &c->use[i];
		auto_str way = STR_INIT;

		if (u->ref->ns != k->ns || !rule_must_exist(u->ref) ||
		    (u->after && mark[u->state->index]) ||
		    text_is_repeated(c, i) ||
		    !graph_bypass(&c->graph, mark, u->state->index, &way))
			continue;
		diag_add(c->diags, u->ref->at, k->id,
		    rule_path(c, u->state, u->field),
		    "state '%s' uses '${%s}', but %s on the way %s (add "
		    "`:default=` or `?`)",
		    u->state->name, u->ref->text, k->why, way.buf);
	}
}

void
text_prev_first(struct checkup *c)
{
	static const struct carried prev = { NS_PREV, sets_prev, "W427",
		"no action has run before" };

	if (!c->graph.broken)
		check_carried(c, &prev);
}

void
text_result(struct checkup *c)
{
	static const struct carried result = { NS_RESULT, sets_result, "W428",
		"nothing was evaluated before" };

	if (!c->graph.broken)
		check_carried(c, &result);
}
