/*
 * The keys of the smaller objects inside a loop or a state.
 */
#include "loop/keys_row.h"

static const struct key keys_throttle_rows[] = {
	NUM("normal_max", KT_INT, KEY_ACTED, 1, MAX_COUNT, "3",
	    "Executions in a row that are normal."),
	NUM("warn_max", KT_INT, KEY_ACTED, 1, MAX_COUNT, "8",
	    "Executions in a row that draw a warning."),
	NUM("hard_max", KT_INT, KEY_ACTED, 1, MAX_COUNT, "12",
	    "Executions in a row that lead to on_throttle_hard."),
};

TABLE(keys_throttle, "throttle");

static const struct key keys_backoff_rows[] = {
	NUM("base", KT_SECONDS, KEY_ACTED, 0, MAX_COUNT, "",
	    "The first sleep; each further one is twice as long."),
	NUM("cap", KT_SECONDS, KEY_ACTED, 0, MAX_COUNT, "",
	    "The longest sleep."),
};

TABLE(keys_backoff, "retry_backoff");

static const struct key keys_resources_rows[] = {
	NUM("procs", KT_INT, KEY_ACTED, 1, MAX_COUNT, "",
	    "Processes of the action at one time."),
	NUM("memory", KT_SIZE, KEY_ACTED, 1 << 20, MAX_SIZE, "",
	    "Memory of each of its processes."),
	NUM("files", KT_INT, KEY_ACTED, 3, MAX_COUNT, "",
	    "Open files of each of its processes."),
};

TABLE(keys_resources, "resources");

static const struct key keys_learning_rows[] = {
	ROW("targets", KT_TEXTS, KEY_ACTED, "[]", "What is to be learnt."),
	ROW("targets_csv", KT_TMPL, KEY_ACTED, "",
	    "The same as text with commas."),
	NUM("max_retries", KT_INT, KEY_ACTED, 0, MAX_COUNT, "2",
	    "How often a proof is tried again."),
	ROW("max_retries_expr", KT_TMPL, KEY_ACTED, "", "The same as text."),
};

TABLE(keys_learning, "learning");

static const struct key keys_ceiling_rows[] = {
	NUM("cost_ceiling_per_state", KT_NUMBER, KEY_ACTED, 0, MAX_COUNT, "",
	    "US dollars at which the state ends."),
	NUM("cost_warn_at", KT_NUMBER, KEY_ACTED, 0, MAX_COUNT, "",
	    "US dollars that draw a warning."),
};

TABLE(keys_ceiling, "cost_ceiling");

static const struct key keys_parallel_rows[] = {
	ROW("items", KT_ANY, KEY_ACTED, "",
	    "A list, or a template that gives lines or a JSON list."),
	ROW("as", KT_TEXT, KEY_ACTED, "item", "The name of an item."),
	ROW("action", KT_TMPL, KEY_ACTED, "", "What to do for each."),
	ROW("loop", KT_TMPL, KEY_ACTED, "", "The loop to run for each."),
	ROW("with", KT_MAP, KEY_ACTED, "{}", "Values for that loop."),
	NUM("max_workers", KT_INT, KEY_ACTED, 1, 64, "4",
	    "How many at the same time."),
	ROW("fail_fast", KT_BOOL, KEY_ACTED, "false",
	    "Stop at the first failure."),
	NUM("tolerate", KT_INT, KEY_ACTED, 0, MAX_COUNT, "0",
	    "How many may fail."),
};

TABLE(keys_parallel, "parallel");

static const struct key keys_circuit_rows[] = {
	PART("repeated_failure", KT_OBJECT, KEY_ACTED, "repeated_failure",
	    "Watch for the same failure in a row."),
};

TABLE(keys_circuit, "circuit");

static const struct key keys_failure_rows[] = {
	NUM("window", KT_INT, KEY_ACTED, 1, MAX_COUNT, "3",
	    "How many equal failures in a row are too many."),
	ROW("on_repeated_failure", KT_NAME, KEY_ACTED, "abort",
	    "A state to go to, or abort to end the run."),
	NUM("recurrent_window", KT_INT, KEY_ACTED, 2, MAX_COUNT, "",
	    "How many equal failures of one state, in a row or not."),
	ROW("progress_paths", KT_TEXTS, KEY_ACTED, "[]",
	    "Files and directories whose change is progress."),
	ROW("exclude_paths", KT_TEXTS, KEY_ACTED, "[]",
	    "Files and directories among them whose change is none."),
};

TABLE(keys_failure, "repeated_failure");

static const struct key keys_parameter_rows[] = {
	WORD("type", KEY_ACTED,
	    "string|integer|number|boolean|enum|path|command", "",
	    "What values it takes."),
	ROW("required", KT_BOOL, KEY_ACTED, "false", "It must be given."),
	ROW("default", KT_ANY, KEY_ACTED, "", "Its value when not given."),
	ROW("description", KT_TEXT, KEY_ACTED, "", "What it is for."),
	ROW("values", KT_LIST, KEY_ACTED, "[]", "The values of an enum."),
};

TABLE(keys_parameter, "parameter");

static const struct key keys_profile_rows[] = {
	ROW("enabled", KT_BOOL, KEY_ACTED, "true", "Whether it is in force."),
	ROW("name", KT_TEXT, KEY_ACTED, "default", "Its name."),
	ROW("suppress_catalog", KT_BOOL, KEY_ACTED, "false",
	    "Leave out the catalogue of commands."),
	ROW("suppress_claude_md", KT_BOOL, KEY_ACTED, "false",
	    "Leave out the project's instructions."),
};

TABLE(keys_profile, "pruning_profile");

static const struct key keys_host_guard_rows[] = {
	ROW("enabled", KT_BOOL, KEY_ACTED, "true", "Whether it is in force."),
	NUM("cooldown_ms", KT_INT, KEY_ACTED, 0, MAX_COUNT, "500",
	    "How long to wait under pressure, in milliseconds."),
	NUM("warn_pct", KT_NUMBER, KEY_ACTED, 0, 100, "75",
	    "Memory use in per cent that draws a warning."),
	NUM("critical_pct", KT_NUMBER, KEY_ACTED, 0, 100, "85",
	    "Memory use in per cent that is acted on."),
	WORD("on_pressure", KEY_ACTED, "cool_down|route|abort", "cool_down",
	    "What to do then."),
	ROW("pressure_state", KT_NAME, KEY_ACTED, "",
	    "The state for on_pressure: route."),
	ROW("on_abort_route", KT_NAME, KEY_ACTED, "",
	    "The state for on_pressure: abort."),
	NUM("max_cumulative_subproc_mb", KT_NUMBER, KEY_ACTED, 0, MAX_COUNT,
	    "0", "Megabytes that all actions may use together; 0 is no bound."),
	WORD("on_budget_exceeded", KEY_ACTED, "route|abort", "route",
	    "What to do beyond that."),
	ROW("budget_state", KT_NAME, KEY_ACTED, "",
	    "The state for on_budget_exceeded: route."),
};

TABLE(keys_host_guard, "host_guard");

static const struct key keys_prompt_guard_rows[] = {
	ROW("enabled", KT_BOOL, KEY_ACTED, "true", "Whether it is in force."),
	NUM("warn_chars", KT_INT, KEY_ACTED, 0, MAX_COUNT, "50000",
	    "Characters of a prompt that draw a warning; 0 is none."),
};

TABLE(keys_prompt_guard, "prompt_size_guard");

static const struct key keys_llm_rows[] = {
	ROW("enabled", KT_BOOL, KEY_ACTED, "true", "Whether judges are asked."),
	ROW("model", KT_TEXT, KEY_ACTED, "sonnet", "The judge's model."),
	NUM("max_tokens", KT_INT, KEY_DISPLAY, 1, MAX_COUNT, "256",
	    "How long the judge's answer may be."),
	NUM("timeout", KT_SECONDS, KEY_ACTED, MIN_SECONDS, MAX_COUNT, "1800",
	    "How long the judge may take."),
	ROW("effort", KT_TEXT, KEY_ACTED, "", "The judge's effort."),
};

TABLE(keys_llm, "llm");

static const struct key keys_limits_rows[] = {
	ROW("steps", KT_ANY, KEY_ACTED, "", "Steps, of called loops too."),
	ROW("wall", KT_ANY, KEY_ACTED, "", "Seconds of active time."),
	ROW("agent_calls", KT_ANY, KEY_ACTED, "", "Calls of agents."),
	ROW("tokens", KT_ANY, KEY_ACTED, "", "Tokens of agents."),
	ROW("usd", KT_ANY, KEY_ACTED, "", "US dollars."),
	ROW("usd_per_day", KT_ANY, KEY_ACTED, "",
	    "US dollars of all runs of the project in a day."),
	NUM("disk", KT_SIZE, KEY_ACTED, 1, MAX_SIZE, "1 GiB",
	    "Bytes in the files that keep output of the run."),
};

TABLE(keys_limits, "limits");

static const struct key keys_limit_rows[] = {
	ROW("at", KT_ANY, KEY_ACTED, "", "The number."),
	ROW("then", KT_NAME, KEY_ACTED, "",
	    "What happens then: finish, stop, fail or a state."),
};

TABLE(keys_limit, "limit");

static const struct key keys_config_rows[] = {
	ROW("handoff_threshold", KT_ANY, KEY_ACTED, "",
	    "Per cent of a context at which an agent hands over."),
	PART("commands", KT_OBJECT, KEY_DISPLAY, "config.commands",
	    "Settings of the reference's commands."),
	PART("automation", KT_OBJECT, KEY_DISPLAY, "automation",
	    "Settings of the reference's automation."),
	PART("continuation", KT_OBJECT, KEY_DISPLAY, "automation",
	    "Another name of automation."),
};

TABLE(keys_config, "config");

static const struct key keys_config_commands_rows[] = {
	PART("confidence_gate", KT_OBJECT, KEY_ACTED, "confidence_gate",
	    "Thresholds of the reference's confidence gate."),
};

TABLE(keys_config_commands, "config.commands");

static const struct key keys_confidence_rows[] = {
	ROW("readiness_threshold", KT_ANY, KEY_ACTED, "", "Of readiness."),
	ROW("outcome_threshold", KT_ANY, KEY_ACTED, "", "Of the outcome."),
};

TABLE(keys_confidence, "confidence_gate");

static const struct key keys_automation_rows[] = {
	ROW("max_continuations", KT_ANY, KEY_ACTED, "",
	    "How often an agent may hand over."),
};

TABLE(keys_automation, "automation");

static const struct key keys_command_rows[] = {
	ROW("cmd", KT_TEXT, KEY_ACTED, "", "A command."),
	ROW("comment", KT_TEXT, KEY_ACTED, "", "What it is for."),
};

TABLE(keys_command, "command");

static const struct key keys_target_rows[] = {
	ROW("file", KT_TEXT, KEY_ACTED, "", "A loop file."),
	ROW("glob", KT_TEXT, KEY_ACTED, "", "A pattern of loop files."),
	ROW("states", KT_LIST, KEY_ACTED, "[]", "The states to improve."),
};

TABLE(keys_target, "target");
