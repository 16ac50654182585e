/*
 * Rules over several keys of one object: what excludes what, what needs
 * what.  Rules over the graph are the checker's.  Where a fragment or a
 * parent may bring the other half, the rule keeps silent.
 */
#include "loop/load_part.h"

#include <string.h>

#include "base/auto.h"

struct judge {
	struct loader *l;
	const struct val *src;
	const char *path; /* "states.S" */
	bool partial;
	const struct state *s;
};

typedef void state_rule(const struct judge *);

static bool
has(const struct judge *j, const char *key)
{
	return load_get(j->src, key) != NULL;
}

static bool
has_members(const struct judge *j, const char *key)
{
	const struct val *v = load_kind(j->src, key, VAL_MAP);

	return v && v->map.len;
}

static const char *
field(const struct judge *j, const char *key)
{
	return load_path(j->l, "%s.%s", j->path, key);
}

/* `next` wins over everything, so what it kills must not be written. */
static void
rule_next(const struct judge *j)
{
	static const char *const dead[] = { "evaluate", "route", "on_yes",
		"on_no", "on_success", "on_failure" };
	const struct val *src = j->src;

	if (!has(j, "next"))
		return;
	for (size_t i = 0; i < COUNT(dead); i++) {
		if (!has(j, dead[i]))
			continue;
		diag_add(j->l->diags, load_at(src, dead[i]), "E202", j->path,
		    "state '%s' has 'next', so its '%s' would never count",
		    j->s->name, dead[i]);
		return;
	}
	for (size_t i = 0; i < j->s->non; i++)
		if (strcmp(j->s->on[i].verdict, "error"))
			diag_add(j->l->diags, j->s->on[i].to.at, "W202",
			    j->path,
			    "state '%s' has 'next', so its 'on_%s' never "
			    "counts",
			    j->s->name, j->s->on[i].verdict);
}

static void
rule_params(const struct judge *j)
{
	if (has_members(j, "params") && j->s->type != ACTION_MCP && !j->partial)
		diag_add(j->l->diags, load_at(j->src, "params"), "E207",
		    field(j, "params"),
		    "'params' needs 'action_type: mcp_tool'");
}

static void
rule_messages(const struct judge *j)
{
	const char *text = load_text(j->src, "append_to_messages");

	if (text && !strstr(text, "${"))
		diag_add(j->l->diags, load_at(j->src, "append_to_messages"),
		    "E208", field(j, "append_to_messages"),
		    "'append_to_messages' has no ${...}, so each message "
		    "would be the same");
}

/* Of two keys that need each other, the one that stands alone. */
static void
rule_pair(const struct judge *j, const char *id, const char *a, const char *b)
{
	const char *here = has(j, a) ? a : b, *missing = has(j, a) ? b : a;

	if (has(j, a) != has(j, b) && !j->partial)
		diag_add(j->l->diags, load_at(j->src, here), id, j->path,
		    "'%s' needs '%s'", here, missing);
}

static void
rule_pairs(const struct judge *j)
{
	rule_pair(j, "E210", "max_retries", "on_retry_exhausted");
	rule_pair(
	    j, "E212", "max_rate_limit_retries", "on_rate_limit_exhausted");
	if (has(j, "retryable_exit_codes") && !has(j, "on_error") &&
	    !j->partial)
		diag_add(j->l->diags, load_at(j->src, "retryable_exit_codes"),
		    "E211", j->path, "'retryable_exit_codes' needs 'on_error'");
}

static void
rising(const struct judge *j, const struct val *map, const char *low,
    const char *high)
{
	long long a = load_int(map, low, -1), b = load_int(map, high, -1);

	if (a >= 0 && b >= 0 && a >= b)
		diag_add(j->l->diags, load_at(map, high), "E213", j->path,
		    "'%s' must be less than '%s'", low, high);
}

static void
rule_throttle(const struct judge *j)
{
	const struct val *t = load_kind(j->src, "throttle", VAL_MAP);

	rising(j, t, "normal_max", "warn_max");
	rising(j, t, "warn_max", "hard_max");
	if (t && !load_get(t, "warn_max"))
		rising(j, t, "normal_max", "hard_max");
}

static void
rule_cost(const struct judge *j)
{
	const struct val *c = load_kind(j->src, "cost_ceiling", VAL_MAP);
	double warn, most;

	if (load_real(c, "cost_warn_at", &warn) &&
	    load_real(c, "cost_ceiling_per_state", &most) && warn > most)
		diag_add(j->l->diags, load_at(c, "cost_warn_at"), "E215",
		    j->path,
		    "'cost_warn_at' is above 'cost_ceiling_per_state'");
}

static void
rule_learning(const struct judge *j)
{
	const struct val *c = load_kind(j->src, "learning", VAL_MAP);
	const char *type = load_text(j->src, "type");
	struct diags *d = j->l->diags;

	if (!c || !type || j->partial)
		return;
	if (!load_get(c, "targets") && !load_get(c, "targets_csv"))
		diag_add(d, c->at, "E218", j->path,
		    "'learning' needs 'targets' or 'targets_csv'");
	if (!has(j, "on_yes") && !has(j, "on_success"))
		diag_add(d, c->at, "E218", j->path,
		    "a learning state needs 'on_yes'");
	if (!has(j, "on_blocked") && !has(j, "on_no") && !has(j, "on_failure"))
		diag_add(d, c->at, "E218", j->path,
		    "a learning state needs 'on_blocked' or 'on_no'");
}

static state_rule *const state_rules[] = { rule_next, rule_params,
	rule_messages, rule_pairs, rule_throttle, rule_cost, rule_learning };

void
load_state_rules(struct loader *l, const struct state *s)
{
	struct judge j = { l, s->src, load_path(l, "states.%s", s->name),
		l->partial, s };

	for (size_t i = 0; i < COUNT(state_rules); i++)
		state_rules[i](&j);
}
