/*
 * One call of a host: an agent that does what a prompt says, or one that
 * judges.  It is the worker's child; its stream is read as it comes.
 */
#ifndef ENGINE_ASK_H
#define ENGINE_ASK_H

#include "engine/run.h"
#include "host/class.h"

struct ask {                      /* what is asked of a host */
	enum host_call_kind call; /* CALL_ACTION or CALL_JUDGE */
	struct sv prompt;
	/* NULL: not given.  `host` is what the state or the loop says; tools
	 * have commas between them; `schema` is JSON. */
	const char *host, *model, *effort, *agent, *tools, *session, *schema;
	long long timeout_ms, idle_ms; /* 0: none */
	/* Its text is the action's output: vault, screen, preview.  Else it is
	 * kept in memory only. */
	bool heard;
};

struct asked { /* what came of it; lives until the worker's next ask */
	const struct host *host;
	const struct host_seen *seen; /* answer, session, model, usage */
	struct failure failure;
	struct outcome outcome; /* as the process ended */
	struct sv stderr_end;   /* without secrets */
};

struct ask_child; /* of one worker */

/*
 * Is there a host for it, and can it be put to it?  The worker's act is
 * ACT_RUNS then, or ACT_RAISED with the kind "host" or "no_llm".  Nothing is
 * started.
 */
void ask_ready(struct run *, const struct ask *);
/* Set aside what it may cost, before it is announced.  The act is ACT_RAISED
 * when a limit stands against it (kind "limit").  -1 and *e: it cannot be
 * recorded. */
int ask_reserve(struct run *, const struct ask *, struct err *);
/* Start what ask_ready() found ready, and set aside what it may cost where
 * that was not done; what is recorded becomes durable before.  -1 and *e: it
 * cannot be recorded. */
int ask_go(struct run *, const struct ask *, struct err *);
/* Both. */
int ask_start(struct run *, const struct ask *, struct err *);
/* The worker's child is over: its stream is ended and classified, the act's
 * streams are filled when it was heard, what it cost is recorded. */
int ask_end(
    struct run *, const struct outcome *, struct asked *out, struct err *);

/*
 * Fields that every record of a call has: host, model, session, input_tokens,
 * output_tokens, cache_read_tokens, cache_creation_tokens, cost_micro_usd,
 * failure_class, failure_by, failure_text, failure_hint, until_us; what was
 * not told is absent.
 */
void ask_put(struct run *, const struct asked *, struct val *fields);
/* What is recorded about the call before it starts: host, model (as it is
 * asked for), and a list `unused` of what this host has no place for. */
void ask_put_start(struct run *, const struct ask *, struct val *fields);

#endif
