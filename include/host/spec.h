/*
 * A host: how the command line program of an agent is called and what it
 * prints means.  Made from one host file (ll-loop-hosts(5)), immutable.
 */
#ifndef HOST_SPEC_H
#define HOST_SPEC_H

#include "base/diag.h"
#include "host/pick.h"
#include "text/rx.h"

enum host_call_kind { CALL_ACTION, CALL_JUDGE, CALL_DETACHED, HOST_CALLS };

enum host_format {
	FORMAT_TEXT,  /* all of stdout is the answer */
	FORMAT_LINES, /* a JSON object a line */
	FORMAT_JSON,  /* one JSON text */
};

/* What a placeholder such as {model} stands for. */
enum host_slot {
	SLOT_PROMPT,
	SLOT_MODEL,
	SLOT_EFFORT,
	SLOT_AGENT,
	SLOT_TOOLS, /* words with commas between them */
	SLOT_SESSION,
	SLOT_SCHEMA,      /* a JSON Schema */
	SLOT_SCHEMA_FILE, /* the path of a file that holds it */
	SLOT_DIRECTORY,   /* where the program works */
	SLOTS
};

struct host_piece {
	struct sv text; /* literal, when `slot` is SLOTS */
	enum host_slot slot;
};

/* One argument, or one value of the environment. */
struct host_word {
	const struct host_piece *at;
	size_t n;
};

/* Arguments that vanish together when a placeholder in them is empty. */
struct host_group {
	const struct host_word *at;
	size_t n;
};

struct host_call {
	const struct host_group *at;
	size_t n;
	enum host_format format;
	bool structured;   /* answers in the form of {schema} */
	const char *model; /* when nobody named one; NULL: its own choice */
	unsigned takes;    /* bits 1u << SLOT_... that stand in it */
};

struct host_variable {
	const char *name;
	struct host_word value; /* vanishes as a group does */
};

/* A condition on a JSON value: any value at the ways is one of `want`. */
struct host_test {
	struct picks ways;
	const struct val *const *want; /* a null: it is absent or null */
	size_t n;
	bool present; /* instead: it is there and not null */
};

struct host_usage {
	bool step; /* adds to what was told before */
	bool input_has_cached;
	struct picks input, output, total; /* total: output is the rest */
	struct picks cache_read, cache_write, cost;
};

struct host_event {
	const struct host_test *test; /* all must hold */
	size_t ntests;
	struct picks text, answer, session, model, error;
	bool piece, failed, keep, end;
	struct host_usage usage;
};

/* What it says on stderr when it repeats a request by itself. */
struct host_retries {
	const struct rx *stderr_rx; /* NULL: it says nothing */
	long long max;
};

/* What a failure is (decisions of who pays for it are the engine's). */
enum failure_class {
	CLASS_NONE, /* it did not fail */
	CLASS_TRANSIENT,
	CLASS_QUOTA,
	CLASS_AUTH,
	CLASS_CONFIG,
	CLASS_AGENT,
	CLASS_CONTEXT,
	CLASS_TURNS,
	CLASS_SPEND,
	CLASS_PROMPT,
	CLASS_WALL,
	CLASS_IDLE,
	CLASS_LOOP,
	CLASS_OUTPUT,
	CLASS_PROCS,
	CLASS_MEMORY,
	CLASSES
};

struct host_failure {
	enum failure_class class;
	struct host_test test; /* `contains` NULL, ways.n 0: none */
	const char *contains;
	const struct rx *error, *stderr_rx; /* NULL: none */
	const long long *code;              /* exit codes */
	size_t ncodes;
	struct picks until, after;
	const struct rx *until_rx, *after_rx;
	const char *hint, *by; /* by: "claude: failures[3]" */
	bool unverified;       /* nobody has seen it */
};

struct host {
	const char *name;
	const char *file; /* "builtin:claude", or a path */
	struct sv text;   /* its bytes, as they were read */
	const char *description;
	const char *const *also;
	size_t nalso;
	long long rank; /* 0: must be named */
	bool verified;
	const char *const *unverified;
	size_t nunverified;
	const char *program;
	const char *install; /* a command line for people, or NULL */
	const char *const *version;
	size_t nversion;
	const char *const *requires;
	size_t nrequires;
	const struct host_variable *variable;
	size_t nvariables;
	bool prompt_argument; /* else stdin */
	long long argument_max;
	struct host_call call[HOST_CALLS];
	bool own_call[HOST_CALLS]; /* written in the file */
	const struct host_event *event;
	size_t nevents;
	struct host_retries retries;
	const struct host_failure *failure; /* its own, then those of base */
	size_t nfailures, nown_failures;
	struct host *base; /* of failures_of; its own, or NULL */
	struct arena mem;
	struct host_patterns *patterns;
};

/* What is read. */
struct host_source {
	const char *name; /* NAME of NAME.yaml */
	const char *file; /* its name in places */
	struct sv text;
	struct host *base; /* of `failures_of`, or NULL; in any case its own
	                    * from now on */
};

/* The value of `failures_of` in a document, or NULL. It is looked for first,
 * as the host of that name has to be read before. */
const char *host_base_of(struct arena *, const struct host_source *);
/* NULL when something is wrong: then `diags` got at least one error. */
struct host *host_read(const struct host_source *, struct diags *);
void host_free(struct host *); /* NULL is fine */

/* The parts of a verified host that nobody has held against its program:
 * those that it names, and rows of failures of its own. */
size_t host_unverified(
    const struct host *, struct arena *, const char *const **out);

const char *failure_class_name(enum failure_class); /* "infra.quota" */
/* The same in the reference's words (captured.X.failure_type): "transient",
 * "non_recoverable", "real"; "" for CLASS_NONE. */
const char *failure_type_of(enum failure_class);
/* CLASSES when there is none of that name. */
enum failure_class failure_class_of(const char *name);
const char *host_slot_name(enum host_slot);      /* "schema_file" */
const char *host_call_name(enum host_call_kind); /* "action" */
const char *host_format_name(enum host_format);  /* "lines" */

#endif
