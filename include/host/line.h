/* The command line of a call: a host's templates and what is put in. */
#ifndef HOST_LINE_H
#define HOST_LINE_H

#include "host/spec.h"

struct host_ask {
	struct sv at[SLOTS]; /* p NULL or n 0: not given */
};

struct host_line_in {
	const struct host *host;
	enum host_call_kind call;
	const char *program; /* its path */
	const struct host_ask *ask;
};

struct host_line {
	char *const *argv; /* NULL-ended; argv[0] is the program's path */
	size_t argc;
	const char *const *env; /* "NAME=value", what is added to ours */
	size_t nenv;
	bool on_stdin;   /* the prompt is to be written there */
	unsigned unused; /* bits 1u << SLOT_...: given, but the host has no
	                  * place for it */
};

/* All in the arena.  -1 and *e (ERR_INPUT): the prompt is empty or too long
 * for an argument, or a value holds NUL.  A prompt that is an argument and
 * begins with '-' gets a blank before it, so that it is no option. */
int host_line(const struct host_line_in *, struct arena *, struct host_line *,
    struct err *);

#endif
