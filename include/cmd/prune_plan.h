/* prune: which runs may go, and how that is said. */
#ifndef CMD_PRUNE_PLAN_H
#define CMD_PRUNE_PLAN_H

#include "cmd/cmd.h"
#include "gate/ticket.h"
#include "store/prune.h"
#include "store/runs.h"

struct prune_opts {
	long long keep; /* -1: not given */
	const char *older;
	bool dry_run, yes, force, json;
};

/* Why a run stays. */
enum prune_stay { GOES, NEW, LIVE, RESUMABLE, DAMAGED, STAYS };

struct prune_run {
	struct place_run place;
	const char *loop, *status;
	long long last_us; /* of the last record, or of the start */
	struct prune_size size;
	enum prune_stay stay;
	bool gone;
};

struct prune {
	const struct prune_opts *o;
	struct args *args;
	const char *root, *name;
	long long before_us; /* with --older-than */
	struct ticket_seen *tickets;
	size_t ntickets;
	struct prune_run *at;
	size_t n, going, counts[STAYS];
	long long going_bytes, staying_bytes;
};

/* Look at all runs of the project and decide; `o`, `args`, `root`, `name` and
 * `before_us` are given. */
int prune_plan(struct prune *, struct err *);
/* Say what goes and what stays. */
void prune_say(struct prune *);
/* The same, and what was done, as a JSON object. */
void prune_say_json(struct prune *);

#endif
