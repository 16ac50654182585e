/*
 * The last records of a run, in its engine's place.  They say what the engine
 * would have said (loop/ending), so that every reader tells such a run like
 * any other.  Refuses to write behind an end record or into a journal that is
 * corrupt.
 */
#include "guard/closing.h"

#include "base/clock.h"
#include "loop/ending.h"
#include "store/runs.h"

struct pen {
	struct journal *journal;
	struct point point;
	struct arena mem;
	const struct sink *also;
};

static int
emit(struct pen *p, enum event_kind kind, const struct val *fields,
    struct err *e)
{
	const struct event ev = {
		.kind = kind,
		.seq = p->point.seq + 1,
		.wall_us = clock_wall_us(),
		.fields = fields,
		.item = -1,
	};

	if (journal_append(p->journal, &ev, e) < 0)
		return -1;
	if (p->also && p->also->hear(p->also->self, &ev, e) < 0)
		return -1;
	point_apply(&p->point, &ev);
	return 0;
}

static int
close_run(struct pen *p, const struct closing *c, struct err *e)
{
	const struct frame *f = point_bottom(&p->point);
	const struct ended x = {
		.point = &p->point,
		.cause = "system_signal",
		.error = c->error,
		.signal = c->signal,
		.active_ms = c->active_ms,
	};

	struct val *v = val_map(&p->mem);

	if (f && !f->complete) {
		ending_complete(&p->mem, &x, f, v);
		if (emit(p, EV_LOOP_COMPLETE, v, e) < 0)
			return -1;
	}
	if (emit(p, EV_RUN_END, ending_run(&p->mem, &x), e) < 0)
		return -1;
	return journal_sync(p->journal, e);
}

int
closing_write(struct closing *c, struct err *e)
{
	struct pen p = { .mem = ARENA_INIT, .also = c->also };
	int rc = -1;

	c->exit = ending_status(ending_of("system_signal", false), c->signal);
	p.journal = runs_reopen(c->place, c->durable, &p.point, e);
	c->began = p.journal || e->kind != ERR_ABSENT;
	c->ended = p.point.ended;
	if (!c->began || c->ended)
		rc = 0;
	else if (p.journal)
		rc = close_run(&p, c, e);
	if (c->ended)
		c->exit = (int)val_num(p.point.end.v, "exit", c->exit);
	journal_free(p.journal);
	point_release(&p.point);
	arena_release(&p.mem);
	return rc;
}
