/*
 * Who runs the prompts of a run: chosen and checked before its first step,
 * for every state of every loop that it may call.
 */
#ifndef CMD_LAUNCH_HOSTS_H
#define CMD_LAUNCH_HOSTS_H

#include "cmd/hosts_asked.h"
#include "cmd/hosts_take.h"
#include "cmd/launch_settings.h"
#include "engine/hosting.h"

struct launch_hosts {
	/* given by the caller; all of it lives as long as the run */
	struct args *args;
	const struct launch_opts *o;
	struct opened *in;

	struct hosts_take taken;
};

/* Choose what is needed; nothing where '--no-llm' is said.  Fills what `set`
 * has of it.  -1: ERR_NEED, a host that is named is not ready, or none is. */
int launch_hosts_plan(
    struct launch_hosts *, struct launch_values *set, struct err *);
/* A loop of the family was found meanwhile: add the files of its hosts to
 * those of `in`.  What cannot be had is told when it is asked. */
void launch_hosts_grown(struct launch_hosts *);
/* The same for a run that does not happen: what hosts_asked() says. */
const struct val *launch_hosts_asked(struct launch_hosts *);
/* As the engine asks; one that nobody knew before is chosen then. */
struct hosting launch_hosts_hosting(struct launch_hosts *);
/* For run_start: [{for, host, program, from}]; NULL: none was needed. */
const struct val *launch_hosts_val(const struct launch_hosts *, struct arena *);
void launch_hosts_release(struct launch_hosts *);

#endif
