/*
 * The room that any child of a state works in: its directory, environment and
 * bounds, and where what it prints goes.
 */
#ifndef ENGINE_ROOM_H
#define ENGINE_ROOM_H

#include "engine/run.h"

/* "NAME=value", to be added to the run's environment. */
struct room_env {
	const char *const *at;
	size_t n;
	bool over; /* what has the same name there is left out */
};

/* How long an action may take, and be silent; 0: for ever. */
long long room_timeout_ms(const struct run *, const struct state *);
long long room_idle_ms(const struct run *, const struct state *);
/* Fill the worker's spec but for the program and who hears it. */
void room_fill(struct run *, const struct state *, const struct room_env *);
/* Begin to keep what the worker's child prints. */
int room_begin(struct run *, const struct state *, struct err *);
/* A piece of it, into the vault and to whoever listens; `self` is the worker.
 * 1: the state wants no more. */
int room_hear(void *self, int stream, const char *p, size_t n, struct err *);
/* It is over: fills `out` of the worker's act; end and error when ACT_FULL. */
int room_end(struct run *, struct err *);

#endif
