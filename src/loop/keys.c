/*
 * The list of all key tables and the look-ups in them.  The rows are in
 * keys_loop.c, keys_state.c, keys_part.c, keys_evaluate.c, keys_config.c,
 * keys_price.c and keys_host.c. What is not in a table is not a key: there is
 * no second list anywhere.
 */
#include "loop/keys_row.h"

#include <string.h>

#include "base/size.h"

const struct key_table *const key_tables[] = { &keys_loop, &keys_state,
	&keys_evaluate, &keys_throttle, &keys_backoff, &keys_resources,
	&keys_learning, &keys_ceiling, &keys_parallel, &keys_pair,
	&keys_circuit, &keys_failure, &keys_parameter, &keys_profile,
	&keys_host_guard, &keys_prompt_guard, &keys_llm, &keys_limits,
	&keys_limit, &keys_config, &keys_config_commands, &keys_confidence,
	&keys_automation, &keys_command, &keys_target, &keys_configuration,
	&keys_spending, &keys_run_defaults, &keys_worktree, &keys_prices,
	&keys_price, &keys_host, &keys_host_call, &keys_host_event,
	&keys_host_usage, &keys_host_retries, &keys_host_failure, NULL };

static const char *const type_names[] = {
	[KT_TEXT] = "text",
	[KT_TMPL] = "text",
	[KT_SHELL] = "text",
	[KT_NAME] = "the name of a state",
	[KT_BOOL] = "true or false",
	[KT_INT] = "a whole number",
	[KT_NUMBER] = "a number",
	[KT_SECONDS] = "a number of seconds",
	[KT_SCALAR] = "a number, text, true or false",
	[KT_NUMTEXT] = "a number or text",
	[KT_SIZE] = SIZE_WORDS,
	[KT_ENUM] = "text",
	[KT_TEXTS] = "a list of texts",
	[KT_INTS] = "a list of whole numbers",
	[KT_MAP] = "a mapping",
	[KT_LIST] = "a list",
	[KT_ANY] = "anything",
	[KT_OBJECT] = "a mapping",
	[KT_OBJECTS] = "a list of mappings",
	[KT_NAMED] = "a mapping of mappings",
};

const struct key_table *
key_table_of(const char *object)
{
	for (size_t i = 0; key_tables[i]; i++)
		if (!strcmp(key_tables[i]->object, object))
			return key_tables[i];
	return NULL;
}

const struct key *
key_of(const struct key_table *t, const char *name)
{
	for (size_t i = 0; i < t->len; i++)
		if (!strcmp(t->at[i].name, name))
			return &t->at[i];
	return NULL;
}

const char *
key_type_name(enum key_type type)
{
	return type_names[type];
}

bool
key_has_word(const char *words, const char *word)
{
	struct sv rest = sv(words), one;

	while (sv_cut(&rest, '|', &one))
		if (sv_eq(one, word))
			return true;
	return false;
}

const char *
key_nearest(const struct key_table *t, const char *name)
{
	int near = strlen(name) < 4 ? 1 : strlen(name) < 12 ? 2 : 3;
	const char *best = NULL;

	for (size_t i = 0; i < t->len; i++) {
		int d = sv_distance(name, t->at[i].name, near);

		if (d > near)
			continue;
		best = t->at[i].name;
		near = d - 1;
	}
	return best;
}
