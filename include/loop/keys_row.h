/*
 * How the tables of loop/keys are written down: only src/loop/keys*.c
 * include this.
 */
#ifndef LOOP_KEYS_ROW_H
#define LOOP_KEYS_ROW_H

#include "base/auto.h"
#include "loop/keys.h"

/* clang-format off */
#define ROW(name, type, class, otherwise, doc) \
	{ name, "", otherwise, doc, type, class, 1, 0 }
#define NUM(name, type, class, min, max, otherwise, doc) \
	{ name, "", otherwise, doc, type, class, min, max }
#define WORD(name, class, words, otherwise, doc) \
	{ name, words, otherwise, doc, KT_ENUM, class, 1, 0 }
#define PART(name, type, class, object, doc) \
	{ name, object, "", doc, type, class, 1, 0 }
#define TABLE(symbol, object) \
	const struct key_table symbol = { object, symbol##_rows, \
		COUNT(symbol##_rows) }
/* clang-format on */

#define MAX_COUNT 1e9 /* of steps, retries, seconds */
#define MIN_SECONDS 0.001
#define MAX_SIZE 1099511627776.0 /* 1 TiB */

extern const struct key_table keys_loop, keys_circuit, keys_failure,
    keys_host_guard, keys_prompt_guard, keys_llm, keys_profile, keys_parameter,
    keys_command, keys_target, keys_config, keys_config_commands,
    keys_confidence, keys_automation, keys_state, keys_learning, keys_throttle,
    keys_ceiling, keys_parallel, keys_backoff, keys_resources, keys_limits,
    keys_limit, keys_evaluate, keys_pair, keys_configuration, keys_run_defaults,
    keys_worktree, keys_spending, keys_prices, keys_price, keys_host,
    keys_host_call, keys_host_event, keys_host_usage, keys_host_retries,
    keys_host_failure;

#endif
