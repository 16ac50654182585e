/*
 * What tokens cost, where a host does not say: price tables of the project,
 * of the user, and the shipped one.  What is in none of them has no price,
 * which is something else than the price zero.
 */
#ifndef HOST_PRICE_H
#define HOST_PRICE_H

#include "base/diag.h"
#include "host/stream.h"

struct price {
	const char *model; /* as the table has it */
	const char *file;  /* "builtin:prices", or a path */
	/* millionths of a dollar for a million tokens */
	long long input, output, cache_read, cache_write;
	int from, until; /* days as 20260831, both included; 0: any */
};

struct prices {
	const struct price *at; /* the stronger first */
	size_t n, room;
	struct arena mem;
};

#define PRICES_INIT                    \
	{                              \
		NULL, 0, 0, ARENA_INIT \
	}

/* Add the entries of a table behind those there are.  -1: it is wrong, `d` got
 * at least one error, and none was added. */
int prices_add(
    struct prices *, const char *file, struct sv text, struct diags *d);
/* Read the files that are there, then the shipped table. -1: ERR_INPUT with
 * findings in `d`, or ERR_IO; the shipped one is there all the same. */
int prices_load(struct prices *, const char *project, const char *user,
    struct diags *d, struct err *);
void prices_release(struct prices *);

/* What holds for a model, as a host prints it, at this moment (UTC); NULL:
 * nobody knows. */
const struct price *price_of(
    const struct prices *, const char *model, long long wall_us);
/* Sum over all tokens, once rounded to whole millionths, half up. False when
 * neither input nor output is told. */
bool price_cost(
    const struct price *, const struct host_used *, long long *micro);

#endif
