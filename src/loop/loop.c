/*
 * A loop as a thing: its end, its states by name, and the words of its
 * enums, which are written down here and nowhere else.
 */
#include "loop/loop.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

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

static const char *
word_at(const char *const *words, size_t n, size_t i)
{
	return i < n ? words[i] : NULL;
}

/* From `first` on, because the names before it cannot be written. */
static int
index_of(const char *const *words, size_t n, size_t first, const char *name)
{
	for (size_t i = first; name && i < n; i++)
		if (!strcmp(words[i], name))
			return (int)i;
	return -1;
}

const char *
action_type_name(enum action_type t)
{
	return word_at(action_types, COUNT(action_types), t);
}

int
action_type_of(const char *name)
{
	return index_of(
	    action_types, COUNT(action_types), ACTION_NONE + 1, name);
}

const char *
eval_type_name(enum eval_type t)
{
	return word_at(eval_types, COUNT(eval_types), t);
}

int
eval_type_of(const char *name)
{
	return index_of(eval_types, COUNT(eval_types), EVAL_DEFAULT + 1, name);
}

const char *operator_name(enum operator op)
{
	return word_at(operators, COUNT(operators), op);
}

int
operator_of(const char *name)
{
	return index_of(operators, COUNT(operators), 0, name);
}

const struct state *
loop_state(const struct loop *l, const char *name)
{
	for (size_t i = 0; i < l->nstates; i++)
		if (!strcmp(l->states[i]->name, name))
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
