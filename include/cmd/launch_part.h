/*
 * A run on its way: only src/cmd/launch.c and launch_engine.c include this.
 */
#ifndef CMD_LAUNCH_PART_H
#define CMD_LAUNCH_PART_H

#include "cmd/launch.h"
#include "cmd/launch_breaker.h"
#include "cmd/launch_budget.h"
#include "cmd/launch_ears.h"
#include "cmd/launch_gate.h"
#include "cmd/launch_guard.h"
#include "cmd/launch_heir.h"
#include "cmd/launch_hosts.h"
#include "cmd/launch_left.h"
#include "cmd/launch_library.h"
#include "cmd/launch_onward.h"
#include "cmd/launch_secrets.h"
#include "cmd/launch_settings.h"
#include "cmd/launch_worktree.h"
#include "cmd/opened.h"
#include "engine/hands.h"
#include "os/spawn.h"
#include "store/output.h"

struct launch {
	const struct launch_opts *o;
	struct args *args;
	struct arena *a;
	const char *root, *cwd, *path;
	struct opened in;
	struct launch_secrets secrets;
	struct launch_values set;
	struct launch_budget budget;
	struct launch_hosts hosts;
	struct launch_heir heir;

	struct place_run place;
	struct launch_gate gate;
	struct launch_guard watch;
	struct journal *journal;
	struct output *output;
	struct sig sig;
	struct spawn_kit kit;
	bool sig_set, kit_set, goes_on; /* with a run that is there */
	struct launch_left left;
	struct hands hands;
	struct launch_library library;
	struct launch_breaker breaker;
	struct launch_ears ears;
	struct launch_onward onward;
	struct launch_worktree yard;
	struct run run;
};

/* The environment of actions and of on_end. */
char *const *launch_env_of(struct launch *);
/* That no file could be made is a status of its own, as long as there is no
 * journal. -1. */
int launch_cannot_create(const struct launch *, struct err *);
/* The engine's side of the run, from its journal to the end: the exit status;
 * -1 and *e: nothing ran. */
int launch_engine(struct launch *, struct err *);

#endif
