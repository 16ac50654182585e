/* The actor of real runs: a child process for each slot, all in one poll. */
#ifndef ENGINE_HANDS_H
#define ENGINE_HANDS_H

#include "engine/run.h"

/* One for the run's own lane, and as many as a `parallel` may use. */
enum { HANDS_MAX = CHILDREN_MAX + 1 };

struct hands {
	/* given by the caller */
	struct sig *sig;
	const struct spawn_kit *kit; /* NULL: opened for each child */
	/* The caller's own work meanwhile; see os/child. */
	long long (*due_ms)(void *self);
	int (*tick)(void *self, struct err *);
	void *tick_self;
	/* its own */
	struct child *at[HANDS_MAX];
};

struct actor hands_actor(struct hands *);
/* Those that still run are ended. */
void hands_release(struct hands *);

#endif
