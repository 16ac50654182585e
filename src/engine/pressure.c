/*
 * What actions use of the machine's memory, as far as somebody counts it: what
 * follows from it is decided where states are entered and left.
 */
#include "engine/pressure.h"

double
pressure_tenths(double x)
{
	return (double)(long long)(x * 10 + 0.5) / 10;
}

long long
pressure_budget_kb(const struct run *r)
{
	const struct host_guard *g = &run_loop(r)->guard;

	if (!g->enabled || r->guards.no_host_guard)
		return 0;
	return r->guards.budgets && worker_depth(r->worker) <= 0
	    ? r->guards.budget_mb * PRESSURE_KB_PER_MB
	    : g->budget_kb;
}

const struct val *
pressure_megabytes(struct run *r, long long kb)
{
	return val_real(
	    run_mem(r), pressure_tenths((double)kb / PRESSURE_KB_PER_MB));
}

int
pressure_used(struct run *r, const struct state *s, struct err *e)
{
	long long budget = pressure_budget_kb(r),
		  kb = r->worker->act.outcome.peak_kb;
	long long sum = run_frame(r)->rss_kb + kb;
	struct arena *a = run_mem(r);
	struct val *f;

	if (!budget)
		return 0;
	f = val_map(a);
	val_set(a, f, "state", val_text(a, s->name));
	val_set(a, f, "peak_rss_mb", pressure_megabytes(r, kb));
	val_set(a, f, "cumulative_mb", pressure_megabytes(r, sum));
	val_set(a, f, "budget_mb", val_int(a, budget / PRESSURE_KB_PER_MB));
	val_set(a, f, "cumulative_kb", val_int(a, sum));
	return run_emit(r, EV_HOST_SUBPROC_RSS, f, e);
}
