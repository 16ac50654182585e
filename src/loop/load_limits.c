/*
 * What may be spent: `limits` of a loop and of a state, `cost_ceiling` of a
 * state.  Dollars become whole millionths, seconds milliseconds; who enforces
 * them looks at nothing else.  A state cannot bound what is counted only for
 * a whole loop.
 */
#include "loop/load_part.h"

#include <string.h>

#include "base/auto.h"
#include "base/round.h"

#define MICRO 1e6

/* clang-format off */
static const struct row {
	const char *name;
	double least, most, unit; /* as written; one of it in the struct */
	bool whole, of_state;
	enum budget_effect otherwise;
} rows[BUDGETS] = {
	[BUDGET_STEPS]  = { "steps", 1, 1e9, 1, true, false, EFFECT_FINISH },
	[BUDGET_WALL]   = { "wall", 0.001, 1e9, 1000, false, false,
			    EFFECT_STOP },
	[BUDGET_CALLS]  = { "agent_calls", 0, 1e9, 1, true, true,
			    EFFECT_FINISH },
	[BUDGET_TOKENS] = { "tokens", 0, 1e15, 1, true, true, EFFECT_FINISH },
	[BUDGET_USD]    = { "usd", 0, 1e9, MICRO, false, true, EFFECT_FINISH },
	[BUDGET_DAY]    = { "usd_per_day", 0, 1e9, MICRO, false, false,
			    EFFECT_FINISH },
};
/* clang-format on */

static const char *const effects[] = {
	[EFFECT_FINISH] = "finish",
	[EFFECT_STOP] = "stop",
	[EFFECT_FAIL] = "fail",
	[EFFECT_STATE] = "state",
};

const char *
budget_name(enum budget_kind k)
{
	return rows[k].name;
}

const char *
effect_name(enum budget_effect e)
{
	return effects[e];
}

void
budget_init(struct budget *b)
{
	*b = (struct budget) { .warn = -1 };
	for (int k = 0; k < BUDGETS; k++)
		b->of[k] = (struct budget_limit) {
			.at = -1, .then = rows[k].otherwise, .key = ""
		};
}

/* Where `limits` stands. */
struct spot {
	struct loader *l;
	const struct state *state; /* NULL: the loop */
	const struct val *map;     /* the limits */
	const char *path;
};

static const char *
below(const struct spot *s, const char *key)
{
	return load_path(s->l, "%s.%s", s->path, key);
}

static void
wrong(const struct spot *s, const struct val *v, const char *key,
    const char *what)
{
	diag_add(s->l->diags, v->at, "E271", below(s, key), "'%s' must be %s",
	    key, what);
}

/* The number of a limit; false when its fault has been told. */
static bool
read_at(const struct spot *s, const struct row *r, const struct val *v,
    long long *out)
{
	double x = v->kind == VAL_INT ? (double)v->i : v->r;

	if (v->kind != VAL_INT && (v->kind != VAL_REAL || r->whole)) {
		wrong(s, v, r->name,
		    r->whole ? "a whole number, or a mapping with 'at'"
			     : "a number, or a mapping with 'at'");
		return false;
	}
	if (!(x >= r->least && x <= r->most)) {
		diag_add(s->l->diags, v->at, "E103", below(s, r->name),
		    "'%s' must be between %.10g and %.10g", r->name, r->least,
		    r->most);
		return false;
	}
	*out = round_near(x * r->unit);
	return true;
}

static void
read_then(const struct spot *s, const char *key, const struct val *v,
    struct budget_limit *to)
{
	const struct link_from from = { s->state, below(s, key), false };

	for (int i = 0; i < EFFECT_STATE; i++) {
		if (strcmp(effects[i], v->t.p) != 0)
			continue;
		to->then = (enum budget_effect)i;
		if (map_get(&s->l->linker.states, v->t.p))
			diag_add(s->l->diags, v->at, "W247", from.path,
			    "'%s' is taken for the word, not for the state "
			    "of that name",
			    v->t.p);
		return;
	}
	to->then = EFFECT_STATE;
	link_target(&s->l->linker, &from, v, &to->to);
}

static void
read_one(const struct spot *s, const struct row *r, struct budget_limit *to)
{
	const struct val *v = load_get(s->map, r->name), *at = v, *then;

	if (!v)
		return;
	to->key = load_path(s->l, "limits.%s", r->name);
	if (s->state && !r->of_state) {
		diag_add(s->l->diags, load_at(s->map, r->name), "E272", s->path,
		    "'%s' bounds a loop, not one of its states", r->name);
		return;
	}
	if (v->kind == VAL_MAP) {
		load_keys_of(s->l, "limit", v, below(s, r->name));
		at = load_get(v, "at");
		then = load_kind(v, "then", VAL_TEXT);
		if (then)
			read_then(s, r->name, then, to);
	}
	if (at)
		read_at(s, r, at, &to->at);
	else
		wrong(s, v, r->name, "a number, or a mapping with 'at'");
}

static void
read_all(const struct spot *s, struct budget *to)
{
	for (int k = 0; s->map && k < BUDGETS; k++)
		read_one(s, &rows[k], &to->of[k]);
	if (s->map && s->state && load_get(s->map, "disk"))
		diag_add(s->l->diags, load_at(s->map, "disk"), "E272", s->path,
		    "'disk' bounds a loop, not one of its states");
}

static long long
micro_of(const struct val *map, const char *key)
{
	double x;

	return load_real(map, key, &x) && x >= 0 && x <= 1e9
	    ? round_near(x * MICRO)
	    : -1;
}

/* Of two bounds on the same the lower one holds. */
static void
read_ceiling(const struct state *s, struct budget *to)
{
	const struct val *c = load_kind(s->src, "cost_ceiling", VAL_MAP);
	long long most = micro_of(c, "cost_ceiling_per_state");
	struct budget_limit *usd = &to->of[BUDGET_USD];

	to->warn = micro_of(c, "cost_warn_at");
	if (most < 0 || (usd->at >= 0 && usd->at <= most))
		return;
	usd->at = most;
	usd->then = EFFECT_FINISH;
	usd->to = (struct target) { 0 };
	usd->key = "cost_ceiling_per_state";
}

/* `on_budget` says where its ceiling leads. */
static void
read_route(const struct state *s, struct budget *to)
{
	for (size_t i = 0; i < s->non; i++) {
		if (strcmp(s->on[i].verdict, "budget") != 0)
			continue;
		for (int k = 0; k < BUDGETS; k++)
			if (to->of[k].at >= 0 &&
			    to->of[k].then == EFFECT_FINISH) {
				to->of[k].then = EFFECT_STATE;
				to->of[k].to = s->on[i].to;
			}
	}
}

void
load_state_limits(struct loader *l, struct state *s)
{
	const struct spot at = { l, s, load_kind(s->src, "limits", VAL_MAP),
		load_path(l, "states.%s.limits", s->name) };

	budget_init(&s->budget);
	read_all(&at, &s->budget);
	read_ceiling(s, &s->budget);
	read_route(s, &s->budget);
}

void
load_loop_limits(struct loader *l)
{
	const struct spot at = { l, NULL,
		load_kind(l->loop->src, "limits", VAL_MAP), "limits" };

	budget_init(&l->loop->budget);
	read_all(&at, &l->loop->budget);
}
