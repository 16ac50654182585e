/* What every reader of a loop asks: its states by name, names of its enums. */
#include "loop/loop.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

const struct state *
loop_state(const struct loop *l, const char *name)
{
	for (size_t i = 0; i < l->nstates; i++)
		if (strcmp(l->states[i]->name, name) == 0)
			return l->states[i];
	return NULL;
}

void
loop_free(struct loop *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->nrx; i++)
		rx_free(l->rx[i]);
	free(l->rx);
	arena_release(&l->mem);
	free(l);
}

static const char *const action_types[] = {
	[ACTION_NONE] = "none",
	[ACTION_SHELL] = "shell",
	[ACTION_PROMPT] = "prompt",
	[ACTION_SLASH] = "slash_command",
	[ACTION_MCP] = "mcp_tool",
	[ACTION_CONTRACT] = "contract",
};

static const char *const eval_types[EVAL_TYPES] = {
	[EVAL_DEFAULT] = "default",
	[EVAL_EXIT_CODE] = "exit_code",
	[EVAL_OUTPUT_NUMERIC] = "output_numeric",
	[EVAL_OUTPUT_JSON] = "output_json",
	[EVAL_OUTPUT_CONTAINS] = "output_contains",
	[EVAL_CLASSIFY] = "classify",
	[EVAL_CONVERGENCE] = "convergence",
	[EVAL_HARBOR_SCORER] = "harbor_scorer",
	[EVAL_DIFF_STALL] = "diff_stall",
	[EVAL_SCORE_STALL] = "score_stall",
	[EVAL_OPEN_QUESTION_STALL] = "open_question_stall",
	[EVAL_ACTION_STALL] = "action_stall",
	[EVAL_LLM_STRUCTURED] = "llm_structured",
	[EVAL_COMPARATOR] = "comparator",
	[EVAL_CONTRACT] = "contract",
	[EVAL_MCP_RESULT] = "mcp_result",
};

static const char *const operators[OPERATORS] = {
	[OP_EQ] = "eq",
	[OP_NE] = "ne",
	[OP_LT] = "lt",
	[OP_LE] = "le",
	[OP_GT] = "gt",
	[OP_GE] = "ge",
};

static int
index_of(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -1;
}

const char *
action_type_name(enum action_type t)
{
	return action_types[t];
}

int
action_type_of(const char *name)
{
	int i = index_of(action_types, COUNT(action_types), name);

	/* That there is no action cannot be written either. */
	return i == ACTION_NONE ? -1 : i;
}

const char *
eval_type_name(enum eval_type t)
{
	return eval_types[t];
}

int
eval_type_of(const char *name)
{
	int i = index_of(eval_types, COUNT(eval_types), name);

	/* No `evaluate:` at all is not a type that can be written. */
	return i == EVAL_DEFAULT ? -1 : i;
}

enum eval_type
eval_by_host(const struct state *s)
{
	if (!s->evaluate.set)
		return s->type == ACTION_PROMPT || s->type == ACTION_SLASH
		    ? EVAL_LLM_STRUCTURED
		    : EVAL_DEFAULT;
	return s->evaluate.type == EVAL_LLM_STRUCTURED ||
		s->evaluate.type == EVAL_COMPARATOR ||
		s->evaluate.type == EVAL_CONTRACT
	    ? s->evaluate.type
	    : EVAL_DEFAULT;
}

const char *operator_name(enum operator op)
{
	return operators[op];
}

int
operator_of(const char *name)
{
	return index_of(operators, COUNT(operators), name);
}

bool
operator_holds(enum operator op, double a, double b)
{
	switch (op) {
	case OP_EQ:
		return a == b;
	case OP_NE:
		return a != b;
	case OP_LT:
		return a < b;
	case OP_LE:
		return a <= b;
	case OP_GT:
		return a > b;
	default:
		return a >= b;
	}
}

const char *
state_verdict_like(const struct state *s, const char *verdict)
{
	static const struct {
		const char *verdict, *like;
	} words[] = {
		{ "success", "yes" },
		{ "tool_error", "error" },
		{ "not_found", "error" },
		{ "timeout", "error" },
	};
	bool tool = s->evaluate.type == EVAL_MCP_RESULT ||
	    (s->evaluate.type == EVAL_DEFAULT && s->type == ACTION_MCP);

	for (size_t i = 0; tool && !s->fan.items && i < COUNT(words); i++)
		if (strcmp(words[i].verdict, verdict) == 0)
			return words[i].like;
	return verdict;
}

bool
verdict_is_success(const char *verdict)
{
	static const char *const words[] = { "yes", "success", "progress",
		"target" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(words[i], verdict) == 0)
			return true;
	return false;
}

bool
state_asks_host(const struct state *s)
{
	enum eval_type judge = eval_by_host(s);

	return s->type == ACTION_PROMPT || s->type == ACTION_SLASH ||
	    (!s->evaluate.judging.off &&
		(judge == EVAL_LLM_STRUCTURED || judge == EVAL_CONTRACT));
}

const char *
loop_host(const struct loop *l, const struct state *s)
{
	return s->prompting.host ? s->prompting.host : l->host;
}
