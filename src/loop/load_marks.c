/*
 * What a loop says about hand-overs, about memory and about long prompts.
 * None of it needs to be written: the defaults are in force.
 */
#include "loop/load_part.h"

#include <string.h>

#include "base/auto.h"

enum { COOLDOWN_MS = 500, WARN_PCT = 75, CRITICAL_PCT = 85 };
enum { WARN_CHARS = 50000, KB_PER_MB = 1024, PCT_MAX = 100 };

/* Which of the words it is; `otherwise` for none of them. */
static int
word_of(
    const struct val *map, const char *key, const char *words, int otherwise)
{
	const char *word = load_text(map, key);
	struct sv rest = sv(words), one;

	for (int i = 0; word && sv_cut(&rest, '|', &one); i++)
		if (sv_eq(one, word))
			return i;
	return otherwise;
}

static bool
is_on(const struct val *map)
{
	return !load_kind(map, "enabled", VAL_BOOL) ||
	    load_true(map, "enabled");
}

/* A state that the guard leads to; with that word it must be there. */
static void
guard_target(struct loader *l, const struct val *g, bool needed,
    const char *key, struct target *out)
{
	const char *path = load_path(l, "host_guard.%s", key);
	struct link_from from = { NULL, path, false };

	link_target(&l->linker, &from, load_get(g, key), out);
	if (needed && !load_get(g, key))
		diag_add(l->diags, g->at, "E216", path,
		    "'host_guard' needs '%s'", key);
}

static void
read_pressure(struct loader *l, const struct val *g, struct host_guard *out)
{
	out->enabled = is_on(g);
	out->cooldown_ms = load_int(g, "cooldown_ms", COOLDOWN_MS);
	out->warn_pct = WARN_PCT;
	out->critical_pct = CRITICAL_PCT;
	load_real(g, "warn_pct", &out->warn_pct);
	load_real(g, "critical_pct", &out->critical_pct);
	out->on_pressure =
	    word_of(g, "on_pressure", "cool_down|route|abort", PRESSURE_COOLS);
	if (!g)
		return;
	if (out->critical_pct < out->warn_pct)
		diag_add(l->diags, g->at, "E216", "host_guard.critical_pct",
		    "'critical_pct' must not be below 'warn_pct'");
	guard_target(l, g, out->on_pressure == PRESSURE_ROUTES,
	    "pressure_state", &out->pressure_state);
	guard_target(l, g, false, "on_abort_route", &out->on_abort_route);
}

static void
read_budget(struct loader *l, const struct val *g, struct host_guard *out)
{
	double mb = 0;

	load_real(g, "max_cumulative_subproc_mb", &mb);
	if (mb > 0 && mb <= 1e9)
		out->budget_kb = (long long)(mb * KB_PER_MB + 0.5);
	out->budget_aborts =
	    word_of(g, "on_budget_exceeded", "route|abort", 0) == 1;
	if (g)
		guard_target(l, g, out->budget_kb && !out->budget_aborts,
		    "budget_state", &out->budget_state);
}

/* The one setting of `config` that a run acts on. */
static long long
read_threshold(struct loader *l)
{
	const struct val *c = load_kind(l->loop->src, "config", VAL_MAP);
	const struct val *v = load_get(c, "handoff_threshold");

	if (!v)
		return -1;
	if (v->kind == VAL_INT && v->i >= 1 && v->i <= PCT_MAX)
		return v->i;
	diag_add(l->diags, v->at, "W116", "config.handoff_threshold",
	    "'handoff_threshold' counts only as a whole number from 1 to %d",
	    PCT_MAX);
	return -1;
}

void
load_marks(struct loader *l)
{
	const struct val *src = l->loop->src;
	const struct val *guard = load_kind(src, "host_guard", VAL_MAP);
	const struct val *size = load_kind(src, "prompt_size_guard", VAL_MAP);

	l->loop->on_handoff =
	    word_of(src, "on_handoff", "pause|spawn|terminate", HANDOFF_PAUSE);
	read_pressure(l, guard, &l->loop->guard);
	read_budget(l, guard, &l->loop->guard);
	l->loop->warn_chars =
	    is_on(size) ? load_int(size, "warn_chars", WARN_CHARS) : 0;
	l->loop->handoff_threshold = read_threshold(l);
}
