/*
 * Rules of references.  A reference with `?` or `:default=` never fails, so
 * only what stands alone is asked: can its value be missing when the field
 * is rendered?  What no state can ever set is an error, what a path may skip
 * a warning.  Syntax and namespaces are text/tmpl's.
 */
#include "loop/check_text.h"

#include <string.h>

#include "base/auto.h"

/* What a capture holds; `prev` has a closed list of its own in text/ref. */
static const char *const record_fields[] = { "output", "stderr", "exit_code",
	"duration_ms", "failure_type", "timeout_kind", "verdict" };

/* What is kept of a `parallel`. */
static const char *const fan_fields[] = { "results", "attempted", "succeeded",
	"failed", "skipped", "unfinished", "verdict" };

/* What the runner puts into the context (spec/loopfile.md 9). */
static const char *const injected[] = { "run_dir", "input_hash", "max_steps",
	"max_iterations", "include", "readiness_threshold", "outcome_threshold",
	"design_tokens_context" };

static bool
is_one_of(struct sv word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sv_eq(word, list[i]))
			return true;
	return false;
}

bool
text_is_injected(struct sv key)
{
	return is_one_of(key, injected, COUNT(injected));
}

/* The nearest of some words, as " (did you mean 'x'?)"; "" when none is
 * near. */
static const char *
meant(struct checkup *c, struct sv word, const char *const *list, size_t n)
{
	const char *w = arena_dup(&c->mem, word.p, word.n), *best = NULL;
	int least = 3;

	for (size_t i = 0; i < n; i++) {
		int d = list[i] ? sv_distance(w, list[i], least) : least;

		if (d < least) {
			least = d;
			best = list[i];
		}
	}
	return best ? arena_printf(&c->mem, " (did you mean '%s'?)", best) : "";
}

static bool
is_same(struct sv a, struct sv b)
{
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static bool
is_capture(const struct use *u)
{
	return u->ref->ns == NS_CAPTURED && u->ref->nseg > 0;
}

bool
text_is_repeated(const struct checkup *c, size_t i)
{
	const struct use *u = &c->use[i];

	for (size_t k = i; k-- > 0 && c->use[k].state == u->state;) {
		const struct ref *r = c->use[k].ref;

		if (r->ns != u->ref->ns || !rule_must_exist(r))
			continue;
		if (r->ns != NS_CAPTURED && r->ns != NS_CONTEXT)
			return true;
		if (r->nseg && u->ref->nseg &&
		    is_same(r->seg[0], u->ref->seg[0]))
			return true;
	}
	return false;
}

static bool
sets(const struct state *s, struct sv name)
{
	if (rule_is_child(s))
		return sv_eq(name, s->name) ||
		    (s->capture && sv_eq(name, s->capture));
	return s->capture && sv_eq(name, s->capture);
}

/* A mark per state that sets the name; *any says whether one does. */
static bool *
setters(struct checkup *c, struct sv name, bool *any)
{
	bool *mark = arena_new(&c->mem, c->loop->nstates + 1);

	*any = false;
	for (size_t i = 0; i < c->loop->nstates; i++) {
		mark[i] = sets(c->loop->states[i], name);
		*any = *any || mark[i];
	}
	return mark;
}

static const char *
meant_capture(struct checkup *c, struct sv name)
{
	size_t n = c->loop->nstates;
	const char **list = arena_new(&c->mem, (n + 1) * sizeof(*list));

	for (size_t i = 0; i < n; i++)
		list[i] = c->loop->states[i]->capture;
	return meant(c, name, list, n);
}

void
text_capture_unset(struct checkup *c)
{
	bool perhaps = c->partial || c->children ||
	    rule_silenced(c, "capture_reachability_ok");

	for (size_t i = 0; i < c->nuses; i++) {
		const struct use *u = &c->use[i];
		bool any;

		if (!is_capture(u) || !rule_must_exist(u->ref) ||
		    text_is_repeated(c, i))
			continue;
		setters(c, u->ref->seg[0], &any);
		if (any)
			continue;
		diag_add(c->diags, u->ref->at, perhaps ? "W422" : "E422",
		    rule_path(c, u->state, u->field),
		    "state '%s' uses '${%s}', but no state of this file "
		    "captures '%.*s'%s",
		    u->state->name, u->ref->text, SV_ARG(u->ref->seg[0]),
		    meant_capture(c, u->ref->seg[0]));
	}
}

/* Is every state that captures the name an ordinary one (a sub-loop's
 * captures have fields of their own) of the kind that `want` asks for? */
static bool
all_setters(
    const struct checkup *c, struct sv name, bool (*want)(const struct state *))
{
	bool any = false;

	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];

		if (!sets(s, name))
			continue;
		if (!want(s))
			return false;
		any = true;
	}
	return any;
}

static bool
is_plain(const struct state *s)
{
	return !rule_is_child(s) && !rule_key(s, "learning") &&
	    !rule_key(s, "fragment");
}

static bool
is_fan(const struct state *s)
{
	return s->fan.as && !rule_key(s, "fragment");
}

static bool
is_unjudged(const struct state *s)
{
	return is_plain(s) && s->has_next;
}

struct record {
	bool (*made_by)(const struct state *);
	const char *const *fields;
	size_t n;
};

static void
check_record(struct checkup *c, const struct record *k)
{
	for (size_t i = 0; i < c->nuses; i++) {
		const struct use *u = &c->use[i];
		const struct ref *r = u->ref;

		if (!is_capture(u) || r->nseg < 2 ||
		    is_one_of(r->seg[1], k->fields, k->n) ||
		    !all_setters(c, r->seg[0], k->made_by))
			continue;
		diag_add(c->diags, r->at, rule_must_exist(r) ? "E424" : "W424",
		    rule_path(c, u->state, u->field),
		    "state '%s' uses '${%s}', but a capture%s has no '%.*s'%s",
		    u->state->name, r->text,
		    k->made_by == is_fan ? " of a `parallel`" : "",
		    SV_ARG(r->seg[1]), meant(c, r->seg[1], k->fields, k->n));
	}
}

void
text_capture_field(struct checkup *c)
{
	static const struct record kinds[] = {
		{ is_plain, record_fields, COUNT(record_fields) },
		{ is_fan, fan_fields, COUNT(fan_fields) },
	};

	for (size_t i = 0; i < COUNT(kinds); i++)
		check_record(c, &kinds[i]);
}

void
text_capture_verdict(struct checkup *c)
{
	for (size_t i = 0; i < c->nuses; i++) {
		const struct use *u = &c->use[i];
		const struct ref *r = u->ref;

		if (!is_capture(u) || r->nseg < 2 || !rule_must_exist(r) ||
		    !sv_eq(r->seg[1], "verdict") ||
		    !all_setters(c, r->seg[0], is_unjudged))
			continue;
		diag_add(c->diags, r->at, "W425",
		    rule_path(c, u->state, u->field),
		    "state '%s' uses '${%s}', but '%.*s' is captured by a "
		    "state with `next`, which is not judged and has no verdict",
		    u->state->name, r->text, SV_ARG(r->seg[0]));
	}
}

void
text_capture_bypassed(struct checkup *c)
{
	if (c->graph.broken || rule_silenced(c, "capture_reachability_ok"))
		return;
	for (size_t i = 0; i < c->nuses; i++) {
		const struct use *u = &c->use[i];
		auto_str way = STR_INIT;
		const bool *mark;
		bool any;

		if (!is_capture(u) || !rule_must_exist(u->ref) ||
		    text_is_repeated(c, i))
			continue;
		mark = setters(c, u->ref->seg[0], &any);
		if (!any || (u->after && mark[u->state->index]) ||
		    !graph_bypass(&c->graph, mark, u->state->index, &way))
			continue;
		diag_add(c->diags, u->ref->at, "W423",
		    rule_path(c, u->state, u->field),
		    "state '%s' uses '${%s}', but '%.*s' may not be captured "
		    "yet, by the way %s (add `:default=` or `?`)",
		    u->state->name, u->ref->text, SV_ARG(u->ref->seg[0]),
		    way.buf);
	}
}

static bool
is_in_list(const struct val *list, struct sv word)
{
	if (!list || list->kind != VAL_LIST)
		return false;
	for (size_t i = 0; i < list->list.len; i++) {
		const struct val *v = list->list.at[i];

		if (v->kind == VAL_TEXT && is_same(v->t, word))
			return true;
	}
	return false;
}

static bool
is_declared(struct checkup *c, struct sv key)
{
	const struct loop *l = c->loop;
	const char *name = arena_dup(&c->mem, key.p, key.n);

	return val_get(l->context, name) || val_get(l->parameters, name) ||
	    (l->input_key && sv_eq(key, l->input_key)) ||
	    is_in_list(l->required_inputs, key) || text_is_injected(key);
}

static const char *
meant_context(struct checkup *c, struct sv key)
{
	const struct val *m = c->loop->context;
	size_t n = m && m->kind == VAL_MAP ? m->map.len : 0;
	const char **list = arena_new(&c->mem, (n + 1) * sizeof(*list));

	for (size_t i = 0; i < n; i++)
		list[i] = m->map.at[i].key;
	return meant(c, key, list, n);
}

void
text_context_undeclared(struct checkup *c)
{
	for (size_t i = 0; i < c->nuses; i++) {
		const struct use *u = &c->use[i];
		const struct ref *r = u->ref;

		if (r->ns != NS_CONTEXT || !r->nseg || !rule_must_exist(r) ||
		    is_declared(c, r->seg[0]) || text_is_repeated(c, i))
			continue;
		if (memchr(r->seg[0].p, ':', r->seg[0].n)) {
			diag_add(c->diags, r->at, "W426",
			    rule_path(c, u->state, u->field),
			    "state '%s' uses '${%s}', but '%.*s' is not in "
			    "`context` (there are the suffixes `?`, "
			    "`:default=TEXT`, `:shell`, `:json`, `:py` and "
			    "`:code`)",
			    u->state->name, r->text, SV_ARG(r->seg[0]));
			continue;
		}
		diag_add(c->diags, r->at, "W426",
		    rule_path(c, u->state, u->field),
		    "state '%s' uses '${%s}', but '%.*s' is not in `context`%s "
		    "(give it with --context %.*s=VALUE, or list it in "
		    "`required_inputs`)",
		    u->state->name, r->text, SV_ARG(r->seg[0]),
		    meant_context(c, r->seg[0]), SV_ARG(r->seg[0]));
	}
}
