/*
 * Who runs prompts: settled before the first step, by cmd/launch.
 */
#ifndef ENGINE_HOSTING_H
#define ENGINE_HOSTING_H

#include <stdbool.h>

#include "base/err.h"

struct host;

struct hosting {
	/* The host that is meant where a state or its loop says `name` (NULL:
	 * neither does) and the path of its program; both last as long as the
	 * run.  -1 and *e, ERR_NEED: there is none that is ready. */
	int (*take)(void *self, const char *name, const struct host **,
	    const char **program, struct err *e);
	void *self;
	bool none; /* --no-llm: no host is ever asked */
	/* Of the command line, over nothing; NULL: not given.  The last one is
	 * for judges. */
	const char *model, *effort, *judge_model;
};

#endif
