/*
 * The keys of `evaluate:`.  One flat table: a key that the type does not
 * use is taken, as fragments and parents leave some behind.
 */
#include "loop/keys_row.h"

/* Each is a call of a host. */
#define MAX_PAIRS 1000

static const struct key keys_evaluate_rows[] = {
	ROW("type", KT_TEXT, KEY_ACTED, "", "The evaluator."),
	ROW("source", KT_TMPL, KEY_ACTED, "",
	    "The text to judge, instead of the output of the action."),
	WORD("operator", KEY_ACTED, "eq|ne|lt|le|gt|ge", "",
	    "How the value is compared with target."),
	ROW("target", KT_SCALAR, KEY_ACTED, "",
	    "What the value is compared with."),
	NUM("tolerance", KT_NUMTEXT, KEY_ACTED, 0, 1e300, "0",
	    "How far from target still counts as reached."),
	ROW("previous", KT_TMPL, KEY_ACTED, "",
	    "The value of the time before, for convergence."),
	WORD("direction", KEY_ACTED, "minimize|maximize", "minimize",
	    "Which way is better, for convergence."),
	ROW("pattern", KT_TEXT, KEY_ACTED, "",
	    "What output_contains looks for: a regular expression."),
	ROW("negate", KT_BOOL, KEY_ACTED, "false",
	    "Turn yes and no of output_contains around."),
	ROW("error_patterns", KT_TEXTS, KEY_ACTED, "[]",
	    "Texts that make output_contains an error."),
	ROW("path", KT_TEXT, KEY_ACTED, "",
	    "The place of the value in JSON, as keys and indexes with dots."),
	ROW("key", KT_TEXT, KEY_ACTED, "",
	    "The KEY of a KEY=NUMBER in the output, for output_numeric."),
	ROW("line", KT_ANY, KEY_ACTED, "last",
	    "The line that classify takes: last, first or an index."),

	ROW("prompt", KT_TMPL, KEY_ACTED, "", "The question to a judge."),
	ROW("schema", KT_MAP, KEY_ACTED, "", "The form of a judge's answer."),
	NUM("min_confidence", KT_NUMBER, KEY_ACTED, 0, 1, "0.5",
	    "The confidence under which a judge's answer is uncertain."),
	ROW("uncertain_suffix", KT_BOOL, KEY_ACTED, "false",
	    "Give an uncertain answer a verdict of its own."),
	ROW("scope", KT_TEXTS, KEY_ACTED, "[]", "Paths diff_stall looks at."),
	NUM("max_stall", KT_INT, KEY_ACTED, 1, MAX_COUNT, "1",
	    "How many times without progress are a stall."),
	ROW("history_file", KT_TMPL, KEY_ACTED, "",
	    "Where scores are remembered."),
	NUM("epsilon", KT_NUMBER, KEY_ACTED, 0, 1e300, "0.5",
	    "The least change that is progress."),
	ROW("track", KT_TEXTS, KEY_ACTED, "[action]",
	    "What action_stall watches."),
	NUM("max_repeat", KT_INT, KEY_ACTED, 1, MAX_COUNT, "2",
	    "How many repetitions are a stall."),
	ROW("baseline_path", KT_TEXT, KEY_ACTED, "",
	    "What a comparator compares with."),
	ROW("auto_promote", KT_BOOL, KEY_ACTED, "false",
	    "Make what won the new baseline."),
	NUM("min_pairs", KT_INT, KEY_ACTED, 1, MAX_PAIRS, "1",
	    "How many comparisons are needed."),
	PART("pairs", KT_OBJECTS, KEY_ACTED, "pair",
	    "Producers and consumers that must agree."),
};

TABLE(keys_evaluate, "evaluate");

static const struct key keys_pair_rows[] = {
	ROW("producer", KT_TEXT, KEY_ACTED, "", "The file that promises."),
	ROW("consumer", KT_TEXT, KEY_ACTED, "", "The file that relies on it."),
	ROW("contract", KT_TEXT, KEY_ACTED, "", "What must agree."),
	ROW("producer_pattern", KT_TEXT, KEY_ACTED, "",
	    "Where it stands in the producer."),
	ROW("consumer_pattern", KT_TEXT, KEY_ACTED, "",
	    "Where it stands in the consumer."),
};

TABLE(keys_pair, "pair");
