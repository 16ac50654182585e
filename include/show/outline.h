/* A loop as it would run, for people and for programs: `show`. */
#ifndef SHOW_OUTLINE_H
#define SHOW_OUTLINE_H

#include "loop/loop.h"
#include "show/out.h"
#include "text/mask.h"

/* A limit that somebody else than the loop file set. */
struct outline_over {
	const char *name;        /* "output_limit" */
	const struct val *value; /* as it is written there */
	const char *by;          /* "LL_OUTPUT_LIMIT", ".loops/config.yaml:3" */
};

struct outline {
	const struct loop *loop;
	const char *file; /* as it should be shown */
	size_t warnings;  /* of its findings */
	bool verbose;     /* states in full */
	const struct outline_over *over;
	size_t nover;
	/* {declared, paths, shared, resources, singleton}, paths absolute */
	const struct val *scope;
	const struct val *hosts; /* as show_hosts(); NULL: none is asked */
	const struct mask *mask; /* what a cut could hide half of, or NULL */
};

/* Append the page. */
void outline_text(struct out *, const struct outline *);

/*
 * loop_val() and `effective`: {file, warnings, not_acted_on, limits, scope,
 * inputs, hosts, states}.  Without that member it is a loop file.
 */
struct val *outline_val(struct arena *, const struct outline *);

#endif
