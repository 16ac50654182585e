/*
 * The keys of a host file, which says how an agent's command line program is
 * called and what its output means.  Their page is ll-loop-hosts(5).
 */
#include "loop/keys_row.h"

#define KIB 1024.0
#define CLASSES                                                \
	"infra.transient|infra.quota|infra.auth|infra.config|" \
	"agent.failed|limit.context|limit.turns|limit.spend|limit.prompt"

static const struct key keys_host_rows[] = {
	ROW("description", KT_TEXT, KEY_ACTED, "", "What the program is."),
	ROW("also", KT_TEXTS, KEY_ACTED, "[]", "Other names of the host."),
	NUM("rank", KT_INT, KEY_ACTED, 1, 1000, "",
	    "Its place when no host is named; without it, it must be named."),
	ROW("verified", KT_BOOL, KEY_ACTED, "false",
	    "Whether the file was held against what the program prints."),
	ROW("unverified", KT_TEXTS, KEY_ACTED, "[]",
	    "The parts of a verified file that were not."),
	ROW("program", KT_TEXT, KEY_ACTED, "",
	    "The program, looked for on PATH."),
	ROW("install", KT_TEXT, KEY_ACTED, "",
	    "A command line that installs it, for people."),
	ROW("version", KT_TEXTS, KEY_ACTED, "[]",
	    "The arguments that make it say its version."),
	ROW("requires", KT_TEXTS, KEY_ACTED, "[]",
	    "Environment variables that must be set."),
	ROW("environment", KT_MAP, KEY_ACTED, "{}",
	    "Variables that the program is given beside ours."),
	WORD("prompt", KEY_ACTED, "stdin|argument", "stdin",
	    "How the prompt reaches the program."),
	NUM("argument_max", KT_SIZE, KEY_ACTED, KIB, 128 * KIB, "100 KiB",
	    "The longest prompt that may be an argument."),
	PART("action", KT_OBJECT, KEY_ACTED, "host.call",
	    "How an action calls the program."),
	PART("judge", KT_OBJECT, KEY_ACTED, "host.call",
	    "How a judge calls it; without it, as an action does."),
	PART("detached", KT_OBJECT, KEY_ACTED, "host.call",
	    "How a hand-over calls it; without it, as an action does."),
	PART("retries", KT_OBJECT, KEY_ACTED, "host.retries",
	    "What it says when it repeats a request by itself."),
	PART("events", KT_OBJECTS, KEY_ACTED, "host.event",
	    "What its JSON means."),
	PART("failures", KT_OBJECTS, KEY_ACTED, "host.failure",
	    "What its failures mean."),
	ROW("failures_of", KT_TEXT, KEY_ACTED, "",
	    "The host whose failures hold behind its own."),
};

TABLE(keys_host, "host");

static const struct key keys_host_call_rows[] = {
	ROW("args", KT_LIST, KEY_ACTED, "[]",
	    "The arguments; those in a list of their own vanish together."),
	WORD("format", KEY_ACTED, "lines|json|text", "text",
	    "What it prints: a JSON object a line, one JSON text, or text."),
	ROW("structured", KT_BOOL, KEY_ACTED, "false",
	    "Whether its answer has the form that it is given."),
	ROW("model", KT_TEXT, KEY_ACTED, "",
	    "The model of a judge that nobody named."),
};

TABLE(keys_host_call, "host.call");

static const struct key keys_host_event_rows[] = {
	ROW("when", KT_MAP, KEY_ACTED, "{}",
	    "Members and the values that they must have."),
	ROW("text", KT_ANY, KEY_ACTED, "", "Where text for people is."),
	ROW("piece", KT_BOOL, KEY_ACTED, "false",
	    "Whether that text goes on without a new line."),
	ROW("answer", KT_ANY, KEY_ACTED, "",
	    "Where the answer is, if not the last text."),
	ROW("session", KT_ANY, KEY_ACTED, "", "Where the session's id is."),
	ROW("model", KT_ANY, KEY_ACTED, "", "Where the model's name is."),
	PART("usage", KT_OBJECT, KEY_ACTED, "host.usage",
	    "Where tokens and cost are."),
	ROW("error", KT_ANY, KEY_ACTED, "",
	    "Where the text of an error is; found, the call has failed."),
	ROW("failed", KT_BOOL, KEY_ACTED, "false",
	    "Whether the call has failed, with or without a text."),
	ROW("keep", KT_BOOL, KEY_ACTED, "false",
	    "Whether failures look at its members too."),
	ROW("end", KT_BOOL, KEY_ACTED, "false", "Whether it ends the call."),
};

TABLE(keys_host_event, "host.event");

static const struct key keys_host_retries_rows[] = {
	ROW("stderr", KT_TEXT, KEY_ACTED, "",
	    "A regular expression for a line of stderr."),
	NUM("max", KT_INT, KEY_ACTED, 1, 1000, "5",
	    "How often it may say so, and nothing else."),
};

TABLE(keys_host_retries, "host.retries");

static const struct key keys_host_usage_rows[] = {
	WORD("mode", KEY_ACTED, "total|step", "total",
	    "Whether it takes the place of what was told, or adds to it."),
	ROW("input", KT_ANY, KEY_ACTED, "", "Tokens that went in."),
	ROW("output", KT_ANY, KEY_ACTED, "", "Tokens that came out."),
	ROW("total", KT_ANY, KEY_ACTED, "",
	    "All tokens; what is missing to them has come out, too."),
	ROW("cache_read", KT_ANY, KEY_ACTED, "", "Tokens read from a cache."),
	ROW("cache_write", KT_ANY, KEY_ACTED, "",
	    "Tokens written into a cache."),
	ROW("input_has_cached", KT_BOOL, KEY_ACTED, "false",
	    "Whether input counts those of cache_read too."),
	ROW("cost", KT_ANY, KEY_ACTED, "", "US dollars."),
};

TABLE(keys_host_usage, "host.usage");

static const struct key keys_host_failure_rows[] = {
	WORD("class", KEY_ACTED, CLASSES, "", "What it is."),
	ROW("member", KT_ANY, KEY_ACTED, "",
	    "A member of an event that was kept, an end or an error."),
	ROW("equals", KT_ANY, KEY_ACTED, "", "Its value, or a list of them."),
	ROW("contains", KT_TEXT, KEY_ACTED, "",
	    "A text in it, small letters or capitals."),
	ROW("error", KT_TEXT, KEY_ACTED, "",
	    "A regular expression for the text of the error."),
	NUM("exit", KT_INTS, KEY_ACTED, 1, 255, "[]", "Exit codes."),
	ROW("stderr", KT_TEXT, KEY_ACTED, "",
	    "A regular expression for the end of stderr."),
	ROW("until", KT_ANY, KEY_ACTED, "",
	    "The member that says until when: seconds since 1970, or a time."),
	ROW("after", KT_ANY, KEY_ACTED, "",
	    "The member that says for how long: seconds, or 1h30m."),
	ROW("until_pattern", KT_TEXT, KEY_ACTED, "",
	    "What in the error or on stderr says until when."),
	ROW("after_pattern", KT_TEXT, KEY_ACTED, "",
	    "What in the error or on stderr says for how long."),
	ROW("hint", KT_TEXT, KEY_ACTED, "", "What to do about it."),
	ROW("unverified", KT_BOOL, KEY_ACTED, "false",
	    "Whether only its documentation says so."),
};

TABLE(keys_host_failure, "host.failure");
