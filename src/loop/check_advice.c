/*
 * Advice.  Nothing here changes what a run does; each rule says what someone
 * will miss who meets the loop later.
 */
#include "loop/check_advice.h"

#include <string.h>

#include "base/auto.h"

static struct place
root_place(const struct checkup *c)
{
	struct place p = { .file = c->loop->file, .line = 1, .col = 1 };

	return c->loop->src ? c->loop->src->at : p;
}

static struct place
key_place(const struct checkup *c, const char *key)
{
	const struct member *m = val_member(c->loop->src, key);

	return m ? m->v->at : root_place(c);
}

void
advice_description(struct checkup *c)
{
	if (c->loop->description && *c->loop->description)
		return;
	diag_add(c->diags, root_place(c), "W501", "<root>",
	    "the loop has no `description`: `list` cannot say what it is for");
}

static bool
is_filled(const struct checkup *c, const char *key)
{
	const struct val *v = val_get(c->loop->src, key);

	return v && v->kind == VAL_LIST && v->list.len;
}

void
advice_scope(struct checkup *c)
{
	const struct val *v = val_get(c->loop->src, "scope");

	/* Of the wrong kind: the loader has said so. */
	if (v && v->kind != VAL_LIST && v->kind != VAL_NULL)
		return;
	if (is_filled(c, "scope") || is_filled(c, "scope_shared") ||
	    is_filled(c, "resources"))
		return;
	diag_add(c->diags, key_place(c, "scope"), "W502", "scope",
	    "the loop has no `scope`, so it claims the whole project (`scope: "
	    "[\".\"]` says that on purpose)");
}

void
advice_visibility(struct checkup *c)
{
	static const char *const known[] = { "public", "internal", "example" };
	const char *v = c->loop->visibility;

	if (!v)
		return;
	for (size_t i = 0; i < COUNT(known); i++)
		if (strcmp(v, known[i]) == 0)
			return;
	diag_add(c->diags, key_place(c, "visibility"), "W504", "visibility",
	    "visibility '%s' is not one of public, internal, example; it "
	    "counts as public",
	    v);
}

void
advice_required_inputs(struct checkup *c)
{
	const struct val *list = c->loop->required_inputs;
	const char *key = c->loop->input_key;

	if (!key || strcmp(key, "input") == 0 || (list && list->list.len) ||
	    val_get(val_get(c->loop->parameters, key), "required"))
		return;
	diag_add(c->diags, key_place(c, "input_key"), "W503", "required_inputs",
	    "the input goes to '%s', but nothing asks for it (add "
	    "`required_inputs: [%s]`)",
	    key, key);
}

static bool
asks_for_evidence(const struct val *prompt)
{
	static const char *const words[] = { "verbatim", "quote", "evidence" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcasestr(prompt->t.p, words[i]))
			return true;
	return false;
}

void
advice_evidence(struct checkup *c)
{
	if (rule_silenced(c, "evidence_contract_ok"))
		return;
	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];
		const struct val *prompt =
		    val_get(rule_key(s, "evaluate"), "prompt");

		if (s->evaluate.type != EVAL_LLM_STRUCTURED || !prompt ||
		    prompt->kind != VAL_TEXT || asks_for_evidence(prompt))
			continue;
		diag_add(c->diags, prompt->at, "W506",
		    rule_path(c, s, "evaluate.prompt"),
		    "the judge of state '%s' is not asked for evidence (ask it "
		    "to quote what its answer rests on)",
		    s->name);
	}
}

/* Written as a kind that no model runs; untyped states are left alone. */
static bool
runs_no_model(const struct state *s)
{
	if (!rule_key(s, "action_type") || rule_is_judged(s))
		return false;
	return s->type == ACTION_SHELL || s->type == ACTION_MCP ||
	    s->type == ACTION_CONTRACT;
}

void
advice_model(struct checkup *c)
{
	static const char *const keys[] = { "model", "effort" };

	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];

		for (size_t k = 0; k < COUNT(keys); k++) {
			if (!rule_key(s, keys[k]) || !runs_no_model(s))
				continue;
			diag_add(c->diags, rule_place(s, keys[k]), "W507",
			    rule_path(c, s, keys[k]),
			    "`%s` has no effect in state '%s': its action "
			    "type is %s, which no model runs",
			    keys[k], s->name, action_type_name(s->type));
		}
	}
}
