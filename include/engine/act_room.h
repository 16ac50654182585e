/*
 * The room that any child of a state works in: its directory, environment and
 * bounds, and where what it prints goes.
 */
#ifndef ENGINE_ACT_ROOM_H
#define ENGINE_ACT_ROOM_H

#include "engine/act.h"

/* "NAME=value", to be added to the run's environment. */
struct act_env {
	const char *const *at;
	size_t n;
	bool over; /* what has the same name there is left out */
};

/* How long an action may take, and be silent; 0: for ever. */
long long act_timeout_ms(const struct run *, const struct state *);
long long act_idle_ms(const struct run *, const struct state *);
/* Fill the worker's spec but for the program and who hears it. */
void act_room(struct run *, const struct state *, const struct act_env *);
/* Begin to keep what the worker's child prints. */
int act_room_open(struct run *, const struct state *, struct err *);
/* A piece of it, into the vault and to whoever listens; `self` is the worker.
 * 1: the state wants no more. */
int act_room_hear(
    void *self, int stream, const char *p, size_t n, struct err *);
/* It is over: fills `out` of the worker's act; end and error when ACT_FULL. */
int act_room_close(struct run *, struct err *);

#endif
