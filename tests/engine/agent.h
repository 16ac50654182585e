/* An agent whose prompts are scripts that print what it says. */
#ifndef TESTS_ENGINE_AGENT_H
#define TESTS_ENGINE_AGENT_H

#include <string.h>

#include "host/spec.h"
#include "test.h"

static inline struct host *
agent_new(void)
{
	static const char text[] =
	    "program: bash\n"
	    "action: {args: [-s], format: lines}\n"
	    "events:\n"
	    "  - {when: {type: say}, text: text}\n"
	    "  - {when: {type: sorry}, error: why, failed: true}\n"
	    "  - {when: {type: end}, end: true, usage: {input: used}}\n"
	    "failures:\n"
	    "  - {class: limit.context, error: too long}\n";
	const struct host_source from = { "agent", "agent.yaml",
		{ text, sizeof(text) - 1 }, NULL };
	struct diags d = DIAGS_INIT;
	struct host *h = host_read(&from, &d);

	cr_assert_not_null(h, "%s", d.len ? d.at[0].msg : "no host");
	diags_release(&d);
	return h;
}

/* For `take` of struct hosting, whose `self` is the agent. */
static inline int
agent_take(void *self, const char *name, const struct host **host,
    const char **program, struct err *e)
{
	if (name && strcmp(name, "agent") != 0)
		return err_set(e, ERR_NEED, "no '%s'", name);
	*host = self;
	*program = "/bin/bash";
	return 0;
}

#endif
