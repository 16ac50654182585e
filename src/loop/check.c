/*
 * The list of rules.  A rule that asks for something missing is left out
 * while parts of the loop are in files this version does not read.
 */
#include "loop/check.h"

#include <string.h>

#include "base/auto.h"
#include "base/map.h"
#include "loop/check_advice.h"
#include "loop/check_call.h"
#include "loop/check_field.h"
#include "loop/check_flow.h"
#include "loop/check_route.h"
#include "loop/check_secret.h"
#include "loop/check_shell.h"
#include "loop/check_text.h"
#include "loop/parameters.h"

/* clang-format off */
static const struct {
	rule *run;
	bool whole; /* needs all of the loop */
} rules[] = {
	{ flow_no_terminal,           true },
	{ flow_no_transition,         true },
	{ flow_terminal_out_of_reach, true },
	{ flow_trap,                  true },
	{ flow_unreachable,           true },
	{ flow_terminal_action,       true },
	{ flow_mute_failure,          true },
	{ route_twice,                true },
	{ route_no_default,           true },
	{ route_unrouted,             true },
	{ route_unrouted_error,       true },
	{ route_judge_dead_end,       true },
	{ shell_pid,                  false },
	{ shell_input_command,        true },
	{ text_capture_unset,         true },
	{ text_capture_field,         false },
	{ text_capture_bypassed,      true },
	{ text_capture_verdict,       true },
	{ text_context_undeclared,    true },
	{ text_prev_first,            true },
	{ text_result,                true },
	{ field_no_template,          false },
	{ field_param,                true },
	{ call_parameters,            false },
	{ call_context,               false },
	{ call_nested,                false },
	{ advice_description,         true },
	{ advice_scope,               true },
	{ advice_required_inputs,     true },
	{ advice_visibility,          false },
	{ advice_evidence,            false },
	{ advice_model,               false },
	{ shell_zero_retry,           false },
	{ secret_unknown,             true },
	{ secret_written,             false },
};

const struct check_id check_ids[] = {
	{ "E220", "no state is terminal" },
	{ "W221", "no terminal can be reached from the first state" },
	{ "W222", "states from which no terminal can be reached any more" },
	{ "W223", "a state that is never reached" },
	{ "E224", "a state without any transition" },
	{ "W225", "a route table beside on_... keys" },
	{ "W226", "an action of a terminal state, which never runs" },
	{ "W227", "a failure that nothing explains" },
	{ "W228", "a classifying state without a route for every word" },
	{ "W229", "a verdict that the evaluator can give has no route" },
	{ "W230", "the verdict error has no route" },
	{ "W231", "a judged state that routes on_yes alone" },
	{ "E421", "`$$(` or `$$name` in shell text" },
	{ "E422", "a capture that no state makes" },
	{ "W422", "a capture that only another file may make" },
	{ "W423", "a capture that a path may skip" },
	{ "E424", "an unknown field of a capture" },
	{ "W424", "an unknown field of a capture, with a default" },
	{ "W425", "the verdict of a capture whose state is not judged" },
	{ "W426", "a context key that nobody declares" },
	{ "W427", "prev where no action has run before" },
	{ "W428", "result where nothing was evaluated before" },
	{ "E429", "a context key that this run lacks" },
	{ "E430", "a required input that this run lacks" },
	{ "W431", "the input stands where a command stands" },
	{ "W432", "a reference in a field that is no template" },
	{ "E433", "a parameter of a fragment where there is none" },
	{ "E434", "a value that does not fit its parameter" },
	{ "E435", "a required parameter that is not given" },
	{ "E440", "`with` has what is no parameter of the loop" },
	{ "E441", "a required parameter of a loop that is not given to it" },
	{ "W441", "a required parameter that a caller may not have" },
	{ "E442", "`with` has what does not fit a parameter of the loop" },
	{ "W443", "a loop uses what is not given to it" },
	{ "E245", "`parallel` within `parallel`" },
	{ "W501", "no description" },
	{ "W502", "no scope" },
	{ "W503", "input_key without required_inputs" },
	{ "W504", "an unknown visibility" },
	{ "W505", "a retry test that is false at the first try" },
	{ "W506", "a judge that is not asked for evidence" },
	{ "W507", "a model for a state that no model runs" },
	{ "W521", "a secret that is nothing known" },
	{ "W522", "a secret whose value is in the file" },
};
/* clang-format on */
const size_t check_ids_len = COUNT(check_ids);

void
loop_check(const struct loop *l, struct diags *d)
{
	struct checkup c;

	checkup_init(&c, l, d);
	for (size_t i = 0; i < COUNT(rules); i++)
		if (!rules[i].whole || !c.partial)
			rules[i].run(&c);
	checkup_release(&c);
}

bool
rule_is_empty(const struct val *v)
{
	switch ((enum val_kind)v->kind) {
	case VAL_NULL:
		return true;
	case VAL_BOOL:
		return !v->b;
	case VAL_INT:
		return v->i == 0;
	case VAL_REAL:
		return v->r == 0;
	case VAL_TEXT:
		return v->t.n == 0;
	case VAL_LIST:
		return v->list.len == 0;
	case VAL_MAP:
		return v->map.len == 0;
	}
	return true;
}

static void
give_with(struct checkup *c, const char *key, struct str *out)
{
	str_addf(out, "give it with --context %s=VALUE%s", key,
	    c->loop->input_key && strcmp(c->loop->input_key, key) == 0
		? " or as the input"
		: "");
}

/* Keys that are named once are in `said`. */
static void
check_required(struct checkup *c, const struct val *context, struct map *said)
{
	const struct val *list = c->loop->required_inputs;

	for (size_t i = 0; list && i < list->list.len; i++) {
		const struct val *key = list->list.at[i], *v;
		auto_str how = STR_INIT;

		if (key->kind != VAL_TEXT)
			continue;
		v = val_get(context, key->t.p);
		if ((v && !rule_is_empty(v)) || map_get(said, key->t.p))
			continue;
		map_put(said, key->t.p);
		give_with(c, key->t.p, &how);
		diag_add(c->diags, key->at, "E430", "required_inputs",
		    "the required input '%s' is %s (%s)", key->t.p,
		    v ? "empty" : "missing", how.buf);
	}
}

/* An empty text in the loop's own context gives nothing: it stands there
 * so that references to it find something. */
static bool
is_given(struct checkup *c, const struct val *context, const char *key)
{
	const struct val *v = val_get(context, key);

	if (!v || v->kind == VAL_NULL)
		return false;
	return v->kind != VAL_TEXT || v->t.n ||
	    v != val_get(c->loop->context, key);
}

static void
check_parameters(struct checkup *c, const struct val *context, struct map *said)
{
	const struct val *all = c->loop->parameters;

	for (size_t i = 0; all && i < all->map.len; i++) {
		const struct member *m = &all->map.at[i];
		const struct val *must = val_get(m->v, "required");
		auto_str how = STR_INIT;

		if (!must || must->kind != VAL_BOOL || !must->b ||
		    is_given(c, context, m->key) || map_get(said, m->key))
			continue;
		map_put(said, m->key);
		give_with(c, m->key, &how);
		diag_add(c->diags, m->at, "E435",
		    arena_printf(&c->mem, "parameters.%s", m->key),
		    "the parameter '%s' is required and not given: it takes "
		    "%s (%s)",
		    m->key, parameters_wants(&c->mem, m->v), how.buf);
	}
}

static void
check_needed(struct checkup *c, const struct val *context, struct map *said)
{
	for (size_t i = 0; i < c->nuses; i++) {
		const struct use *u = &c->use[i];
		const struct ref *r = u->ref;
		const char *key;

		if (r->ns != NS_CONTEXT || !r->nseg || !rule_must_exist(r) ||
		    !c->graph.reached[u->state->index])
			continue;
		key = arena_dup(&c->mem, r->seg[0].p, r->seg[0].n);
		if (val_get(context, key) || map_get(said, key))
			continue;
		map_put(said, key);
		diag_add(c->diags, r->at, "E429",
		    rule_path(c, u->state, u->field),
		    "state '%s' needs '${%s}', but this run has no '%s' (give "
		    "it with --context %s=VALUE)",
		    u->state->name, r->text, key, key);
	}
}

void
check_context(const struct loop *l, const struct val *context, struct diags *d)
{
	struct map said = MAP_INIT;
	struct checkup c;

	checkup_init(&c, l, d);
	check_parameters(&c, context, &said);
	check_required(&c, context, &said);
	check_needed(&c, context, &said);
	checkup_release(&c);
	map_release(&said);
}
