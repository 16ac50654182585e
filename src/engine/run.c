/*
 * What every part of the engine stands on: one event appended and applied,
 * the effective limits, the time that has passed.
 */
#include "engine/run.h"

#include "base/auto.h"
#include "base/clock.h"
#include "text/json.h"

enum { MEMBER_MAX = 8 * 1024 };

long long
run_max_steps(const struct run *r)
{
	return r->over.max_steps > 0 ? r->over.max_steps : r->loop->max_steps;
}

long long
run_max_iterations(const struct run *r)
{
	return r->over.max_iterations > 0 ? r->over.max_iterations
					  : r->loop->max_iterations;
}

long long
run_elapsed_ms(const struct run *r)
{
	return clock_boot_ms() - r->began_boot_ms;
}

int
run_emit(struct run *r, enum event_kind kind, const struct val *fields,
    struct err *e)
{
	struct event ev = {
		.kind = kind,
		.seq = r->seq + 1,
		.wall_us = clock_wall_us(),
		.fields = fields,
		.item = -1,
	};

	if (r->sinks[0].hear(r->sinks[0].self, &ev, e) < 0)
		return -1;
	r->seq = ev.seq;
	point_apply(&r->point, &ev);
	for (size_t i = 1; i < r->nsinks; i++)
		if (r->sinks[i].hear(r->sinks[i].self, &ev, e) < 0)
			return -1;
	return 0;
}

long long
run_backoff_ms(const struct run *r)
{
	return r->over.backoff_ms >= 0 ? r->over.backoff_ms
				       : r->loop->backoff_ms;
}

void
run_release(struct run *r)
{
	point_release(&r->point);
	arena_release(&r->step);
}

void
run_put(struct run *r, struct val *fields, const char *key, const struct val *v)
{
	auto_str text = STR_INIT;

	/* Most members are short scalars: no need to write them twice. */
	if (v->kind < VAL_TEXT || (v->kind == VAL_TEXT && v->t.n < 256)) {
		val_set(&r->step, fields, key, v);
		return;
	}
	json_write(&text, v, JSON_COMPACT);
	if (text.len <= MEMBER_MAX)
		val_set(&r->step, fields, key, v);
	else
		val_set(&r->step, fields,
		    arena_printf(&r->step, "%s_bytes", key),
		    val_int(&r->step, (long long)text.len));
}
