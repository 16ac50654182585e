/*
 * What every part of the engine stands on: one event appended and applied,
 * the effective limits, the time that has passed.
 */
#include "engine/run.h"

#include "base/auto.h"
#include "base/clock.h"
#include "text/json.h"

enum { RECORD_VALUE_MAX = 32 * 1024, RECORD_DEPTH_MAX = 32 };

struct frame *
run_frame_of(const struct worker *w)
{
	const struct lane *l;

	if (!w->levels.len && w->item >= 0)
		w = w->run->workers.at[0];
	l = point_lane(&w->run->point, w->item);
	if (!l || !w->levels.len || w->levels.len > l->frames.len)
		return NULL;
	return l->frames.at[w->levels.len - 1];
}

const struct level *
run_level_of(const struct worker *w)
{
	if (!w->levels.len && w->item >= 0)
		w = w->run->workers.at[0];
	return w->levels.len ? &w->levels.at[w->levels.len - 1] : NULL;
}

const char *
run_cwd(const struct run *r)
{
	const struct level *at = r->worker ? run_level_of(r->worker) : NULL;

	if (at && at->at.cwd)
		return at->at.cwd;
	return r->cwd ? r->cwd : ".";
}

struct frame *
run_frame(const struct run *r)
{
	return r->worker ? run_frame_of(r->worker) : NULL;
}

const struct loop *
run_loop(const struct run *r)
{
	const struct level *top = r->worker ? run_level_of(r->worker) : NULL;

	return top ? top->loop : r->loop;
}

/* What the command line lays over a loop file is for the outermost one. */
static bool
is_outermost(const struct run *r)
{
	return !r->worker || worker_depth(r->worker) <= 0;
}

long long
run_max_steps(const struct run *r)
{
	return is_outermost(r) && r->over.max_steps > 0
	    ? r->over.max_steps
	    : run_loop(r)->max_steps;
}

long long
run_max_iterations(const struct run *r)
{
	return is_outermost(r) && r->over.max_iterations > 0
	    ? r->over.max_iterations
	    : run_loop(r)->max_iterations;
}

long long
run_backoff_ms(const struct run *r)
{
	return is_outermost(r) && r->over.backoff_ms >= 0
	    ? r->over.backoff_ms
	    : run_loop(r)->backoff_ms;
}

const struct budget *
run_budget(const struct run *r)
{
	return r->budget ? r->budget : &r->loop->budget;
}

/* `limits.wall` is one too when what runs ends with it. */
static long long
with_wall(long long ms, const struct budget *b)
{
	const struct budget_limit *wall = &b->of[BUDGET_WALL];

	if (wall->at < 0 || wall->then != EFFECT_STOP)
		return ms;
	return ms >= 0 && ms < wall->at ? ms : wall->at;
}

long long
run_timeout_ms(const struct run *r)
{
	if (!is_outermost(r))
		return with_wall(
		    run_frame(r)->timeout_ms, &run_loop(r)->budget);
	return with_wall(
	    r->over.timeout_ms >= 0 ? r->over.timeout_ms : r->loop->timeout_ms,
	    run_budget(r));
}

bool
run_stop_asked(struct run *r)
{
	while (r->sig && sig_next(r->sig))
		continue;
	return r->sig && r->sig->stop;
}

long long
run_elapsed_ms(const struct run *r)
{
	return clock_boot_ms() - r->began_boot_ms;
}

long long
run_frame_ms(const struct run *r)
{
	const struct frame *f = run_frame(r);

	return run_elapsed_ms(r) - (f ? f->began_ms : 0);
}

long long
run_deadline(const struct run *r)
{
	long long ms = run_timeout_ms(r);
	const struct frame *f = run_frame(r);

	return ms < 0 ? -1 : r->began_boot_ms + (f ? f->began_ms : 0) + ms;
}

bool
run_is_late(const struct run *r)
{
	long long ms = run_timeout_ms(r);

	return ms >= 0 && run_frame_ms(r) >= ms;
}

void
run_rest(struct run *r, long long ms)
{
	long long last = run_deadline(r), until = clock_boot_ms() + ms;

	r->worker->waits = WORKER_RESTS;
	r->worker->until = last >= 0 && last < until ? last : until;
}

static int
depth_of(const struct val *v)
{
	int deepest = 0;

	for (size_t i = 0; v->kind == VAL_LIST && i < v->list.len; i++) {
		int d = depth_of(v->list.at[i]);

		deepest = d > deepest ? d : deepest;
	}
	for (size_t i = 0; v->kind == VAL_MAP && i < v->map.len; i++) {
		int d = depth_of(v->map.at[i].v);

		deepest = d > deepest ? d : deepest;
	}
	return deepest + 1;
}

bool
run_fits(const struct val *v)
{
	auto_str json = STR_INIT;

	if (v->kind < VAL_TEXT)
		return true;
	if (v->kind == VAL_TEXT)
		return json_quoted_len(v->t.p, v->t.n) <= RECORD_VALUE_MAX;
	if (depth_of(v) > RECORD_DEPTH_MAX)
		return false;
	event_val_write(&json, v);
	return json.len <= RECORD_VALUE_MAX;
}

int
run_put(struct run *r, struct val *fields, const char *key, const struct val *v,
    struct err *e)
{
	struct arena *a = run_mem(r);
	struct kept kept;
	auto_str json = STR_INIT;
	struct sv text;

	if (r->mask)
		v = mask_val(r->mask, a, v);
	if (run_fits(v)) {
		val_set(a, fields, key, v);
		return 0;
	}
	if (v->kind != VAL_TEXT)
		json_write(&json, v, JSON_COMPACT);
	text = v->kind == VAL_TEXT ? v->t : str_sv(&json);
	if (r->vault.keep(r->vault.self, key, text, a, &kept, e) < 0)
		return -1;
	val_set(
	    a, fields, arena_printf(a, "%s_file", key), val_text(a, kept.file));
	val_set(a, fields, arena_printf(a, "%s_bytes", key),
	    val_int(a, kept.bytes));
	val_set(
	    a, fields, arena_printf(a, "%s_sum", key), val_text(a, kept.sum));
	return 0;
}

int
run_emit_at(struct run *r, long long depth, enum event_kind kind,
    const struct val *fields, struct err *e)
{
	struct event ev = {
		.kind = kind,
		.seq = r->seq + 1,
		.wall_us = clock_wall_us(),
		.fields = r->mask ? secret_fields(r->mask, run_mem(r), fields)
				  : fields,
		.item = r->worker->item,
		.depth = depth < 0 ? 0 : depth,
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

int
run_emit(struct run *r, enum event_kind kind, const struct val *fields,
    struct err *e)
{
	return run_emit_at(r, worker_depth(r->worker), kind, fields, e);
}

void
run_release(struct run *r)
{
	for (size_t i = 0; i < r->workers.len; i++)
		worker_free(r->workers.at[i]);
	vec_release(&r->workers);
	arena_release(&r->fan.mem);
	arena_release(&r->spend_mem);
	point_release(&r->point);
}
