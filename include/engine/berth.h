/*
 * The berth that any child of a state works in: its directory, environment and
 * bounds, and where what it prints goes.
 */
#ifndef ENGINE_BERTH_H
#define ENGINE_BERTH_H

#include "engine/run.h"

/* "NAME=value", to be added to the run's environment. */
struct berth_env {
	const char *const *at;
	size_t n;
	bool over; /* what has the same name there is left out */
};

/* Why an act ended ACT_FULL. */
#define BERTH_FULL "the run's files have reached limits.disk"

/* How long an action may take, and be silent; 0: for ever. */
long long berth_timeout_ms(const struct run *, const struct state *);
long long berth_idle_ms(const struct run *, const struct state *);
/* Fill the worker's spec but for the program and who hears it. */
void berth_fill(struct run *, const struct state *, const struct berth_env *);
/* Begin to keep what the worker's child prints. */
int berth_open(struct run *, const struct state *, struct err *);
/* A piece of it, into the vault and to whoever listens; `self` is the worker.
 * 1: the state wants no more. */
int berth_hear(void *self, int stream, const char *p, size_t n, struct err *);
/* It is over: fills `out` of the worker's act; end and error when ACT_FULL. */
int berth_close(struct run *, struct err *);

#endif
