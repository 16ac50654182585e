/* What a loop would do: the page of `run --dry-run`. */
#ifndef SHOW_PLAN_H
#define SHOW_PLAN_H

#include "loop/loop.h"
#include "show/out.h"

struct plan {
	const struct loop *loop;
	const struct val *context; /* as the run would start with it */
	const struct val *givers;  /* of struct started */
	const struct val *scope;   /* as struct outline has it */
	const struct val *hosts;   /* as show_hosts(); NULL: none is asked */
	/* {usd: {value, then, to, from}}; NULL: nothing is bounded */
	const struct val *limits;
	long long max_steps;  /* effective */
	long long timeout_ms; /* effective; -1: none */
};

void plan_text(struct out *, const struct plan *);
/* {loop, file, initial, max_steps, limits, scope, hosts, states:[...], context,
 * origins, sources: {KEY: [who gave it, the one that counts first]}}; a value
 * that is only known when the run starts is null. */
void plan_json(struct str *out, const struct plan *);

#endif
