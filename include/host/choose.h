/*
 * Which host runs the prompts: what LL_HOST_CLI says, then the state or the
 * loop, then the configuration, then the first that is installed.  Settled
 * before the first step.
 */
#ifndef HOST_CHOOSE_H
#define HOST_CHOOSE_H

#include "host/shelf.h"

/* Who may name a host, the strongest first; NULL or "": does not. */
struct choose_in {
	const struct shelf *shelf;
	const char *variable;   /* LL_HOST_CLI */
	const char *state;      /* host: of the state */
	const char *loop;       /* host: of the loop */
	const char *configured; /* host of the configuration, LL_HOST */
	const char *path;       /* PATH */
	const char *const *env; /* "NAME=value", for `requires`; NULL-ended */
};

struct chosen {
	struct host *host;   /* the caller frees */
	const char *program; /* its absolute path */
	const char *who;     /* "LL_HOST_CLI", "the state", "PATH", ... */
};

/* -1 and *e: ERR_NEED (69) when there is no host of that name, its file is
 * wrong (findings in `d`), its program is not on PATH, or a variable that it
 * needs is not set; then also when none is named and none is installed. */
int choose_host(const struct choose_in *, struct arena *, struct chosen *out,
    struct diags *d, struct err *);
/* Is it ready? NULL and *e (ERR_NEED) saying what is missing; else the path
 * of its program. */
const char *choose_program(const struct choose_in *, const struct host *,
    struct arena *, struct err *);

#endif
