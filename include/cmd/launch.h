/*
 * The one place where the rooms are joined: find, load, check, claim, place,
 * journal, screen, engine, end.
 */
#ifndef CMD_LAUNCH_H
#define CMD_LAUNCH_H

#include "cmd/opened.h"

/* The exit status of decisions.md §5, or -1 with *e: nothing ran. */
int launch(const struct launch_opts *, struct args *, struct err *);

#endif
