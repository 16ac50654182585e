/*
 * Outcomes that no evaluator is asked about, in one place: what was ended for
 * a bound, what somebody killed, what cannot be known.
 */
#include "engine/broken.h"

#include <signal.h>

#include "base/auto.h"

struct row {
	bool (*is)(const struct outcome *);
	const char *kind, *text;
};

static bool
is_timeout(const struct outcome *o)
{
	return o->kind == OUT_TIMEOUT;
}

static bool
is_cancelled(const struct outcome *o)
{
	return o->cut == CUT_ASKED;
}

static bool
is_over_bytes(const struct outcome *o)
{
	return o->cut == CUT_BYTES;
}

static bool
is_over_limit(const struct outcome *o)
{
	return o->cut == CUT_BOUND;
}

static bool
is_over_procs(const struct outcome *o)
{
	return o->cut == CUT_PROCS;
}

static bool
is_starved(const struct outcome *o)
{
	return o->starved;
}

/* We sent no KILL: what we end is a timeout, a cut or a stop. */
static bool
is_killed(const struct outcome *o)
{
	return o->kind == OUT_SIGNALED && o->code == SIGKILL && !o->stopped;
}

static bool
is_signal(const struct outcome *o)
{
	return o->kind == OUT_SIGNALED;
}

static bool
is_lost(const struct outcome *o)
{
	return o->kind != OUT_EXITED;
}

static const struct row rows[] = {
	{ is_timeout, "timeout", "the action ended by timeout" },
	{ is_cancelled, "cancelled",
	    "the action was ended because another item failed" },
	{ is_over_bytes, "output_limit",
	    "the action printed more than output_limit" },
	{ is_over_limit, "limit",
	    "the call was ended by a limit on what may be spent" },
	{ is_over_procs, "resource",
	    "the action had more processes than resources.procs" },
	{ is_starved, "resource",
	    "the action was killed for more memory than resources.memory" },
	{ is_killed, "resource", "the action was killed by the system (OOM?)" },
	{ is_signal, "signal", "the action ended by signal" },
	{ is_lost, "loss", "the action ended by loss" },
};

static const struct row *
row_of(const struct outcome *o)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].is(o))
			return &rows[i];
	return NULL;
}

const char *
broken_kind(const struct outcome *o)
{
	const struct row *r = row_of(o);

	return r ? r->kind : NULL;
}

const char *
broken_text(const struct outcome *o)
{
	const struct row *r = row_of(o);

	return r ? r->text : NULL;
}
