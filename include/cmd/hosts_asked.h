/* Which host each state of a loop would ask, and for what: for who reads it
 * before anything runs. */
#ifndef CMD_HOSTS_ASKED_H
#define CMD_HOSTS_ASKED_H

#include "cmd/hosts_take.h"
#include "loop/loop.h"

struct hosts_asked {
	/* Of the command line, or NULL. */
	const char *model, *effort, *llm_model;
	bool none; /* --no-llm */
};

/* [{state, host, program, from, model, effort, agent, tools, unused, judges,
 * judge_model}], what is not given is absent; `problem` instead of a host that
 * is not ready.  In the memory of the arguments; NULL: no state asks one. */
const struct val *hosts_asked(
    struct hosts_take *, const struct loop *, const struct hosts_asked *);
/* The same for this invocation. */
const struct val *hosts_asked_here(struct args *, const struct loop *);

#endif
