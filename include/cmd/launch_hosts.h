/*
 * Who runs the prompts of a run: chosen and checked before its first step,
 * for every state of every loop that it may call.
 */
#ifndef CMD_LAUNCH_HOSTS_H
#define CMD_LAUNCH_HOSTS_H

#include "base/vec.h"
#include "cmd/hosts_part.h"
#include "cmd/launch_settings.h"
#include "engine/hosting.h"

/* What was chosen for where `name` is said; NULL: nothing is. */
struct launch_host {
	const char *name;
	struct chosen is;
};

struct launch_hosts {
	/* given by the caller; all of it lives as long as the run */
	struct args *args;
	const struct launch_opts *o;
	const struct opened *in;

	struct hosts_where where;
	VEC(struct launch_host) at;
};

/* Choose what is needed; nothing where '--no-llm' is said.  Fills what `set`
 * has of it.  -1: ERR_NEED, a host that is named is not ready, or none is. */
int launch_hosts_plan(
    struct launch_hosts *, struct launch_values *set, struct err *);
/* As the engine asks; one that nobody knew before is chosen then. */
struct hosting launch_hosts_hosting(struct launch_hosts *);
/* For run_start: [{for, host, program, from}]; NULL: none was needed. */
const struct val *launch_hosts_val(const struct launch_hosts *, struct arena *);
void launch_hosts_release(struct launch_hosts *);

#endif
