/* What a new run is made of, on the disk. */
#ifndef CMD_LAUNCH_NEW_H
#define CMD_LAUNCH_NEW_H

#include "cmd/launch_secrets.h"
#include "cmd/launch_settings.h"
#include "store/journal.h"
#include "store/place.h"

struct launch_new {
	const struct opened *in;
	const struct launch_secrets *secrets;
	const struct launch_values *set;
	const struct place_run *place;
	const char *cwd;
};

/* Seal its files, write run.json and make the journal.  NULL and *e. */
struct journal *launch_new(const struct launch_new *, struct err *);

#endif
