/*
 * The journal of a living run, through the views that `run` has.  What its
 * actions print is in files as far as it is much, and in the records of their
 * ends: it is given to the view before the record, as it would have come.
 */
#include "cmd/follow.h"

#include <errno.h>
#include <string.h>

#include "base/auto.h"
#include "cmd/await.h"
#include "cmd/logs_lane.h"
#include "gate/ticket.h"
#include "show/jsonl.h"
#include "show/plain.h"
#include "store/output_read.h"
#include "store/runs.h"

enum { NAP_MS = 10000 }; /* some file systems tell nothing */

struct follower {
	const struct follow *o;
	struct args *args;
	struct place_run place;
	struct plain *plain;
	struct jsonl *jsonl;
	struct sink view;
	struct logs_lanes lanes;
	struct journal_end at;
	struct sig sig;
	struct watch watch; /* fd -1: the system has no more */
	bool alive, ended;
};

static const char *const streams[] = { "output", "stderr" };

/* ---- what actions print ---- */

struct printed {
	struct follower *f;
	const struct logs_lane *lane;
	int stream;
};

static void
give(void *self, const char *p, size_t n)
{
	const struct printed *x = self;

	if (n && x->f->view.output)
		x->f->view.output(
		    x->f->view.self, &x->lane->who, x->stream, p, n);
}

/* What an action that runs has left in its files by now. */
static int
show_flight(struct follower *f, struct logs_lane *lane, struct err *e)
{
	for (int i = 0; lane->flight && i < 2; i++) {
		struct printed x = { f, lane, i + 1 };
		struct err absent = ERR_INIT;
		auto_str name = STR_INIT;

		str_addf(&name, "%lld.%s", lane->flight, i ? "err" : "out");
		if (!lane->live[i])
			lane->live[i] =
			    output_read_new(&f->place, name.buf, &absent);
		if (lane->live[i] &&
		    output_read_more(lane->live[i], -1, give, &x, e) < 0)
			return -1;
	}
	return 0;
}

/* It has ended: the rest, or all. */
static int
show_stored(struct follower *f, struct logs_lane *lane, const struct event *ev,
    struct err *e)
{
	if (show_flight(f, lane, e) < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		struct printed x = { f, lane, i + 1 };
		const struct val *v = val_get(ev->fields, streams[i]);

		if (v && v->kind == VAL_TEXT && !lane->live[i])
			give(&x, v->t.p, v->t.n);
	}
	logs_lane_land(lane);
	return 0;
}

/* ---- the journal ---- */

static int
hear(void *self, const struct event *ev, struct err *e)
{
	struct follower *f = self;
	struct logs_lane *lane;

	if (ev->seq <= f->o->after)
		return 0;
	lane = logs_lanes_hear(&f->lanes, ev);
	f->ended |= ev->kind == EV_RUN_END;
	if (ev->kind == EV_ACTION_COMPLETE && show_stored(f, lane, ev, e) < 0)
		return -1;
	if (f->view.hear && f->view.hear(f->view.self, ev, e) < 0)
		return -1;
	if (ev->kind == EV_ACTION_ERROR)
		logs_lane_land(lane);
	if (ev->kind == EV_ITEM_COMPLETE)
		logs_lanes_drop(&f->lanes, ev->item);
	return 0;
}

/* All there is by now: 1 when more may come. */
static int
catch_up(struct follower *f, struct err *e)
{
	/* Asked first: what a dead run wrote is all there when it is read. */
	f->alive = ticket_alive(f->o->root, f->o->run);
	if (runs_follow(
		f->args->mem, f->o->root, f->o->run, hear, f, &f->at, e) < 0)
		return -1;
	for (size_t i = 0; i < f->lanes.at.len; i++)
		if (show_flight(f, f->lanes.at.at[i], e) < 0)
			return -1;
	return f->alive && !f->ended && f->at.state != JOURNAL_CORRUPT;
}

static void
attend(struct follower *f)
{
	const char *ticket = ticket_path(f->args->mem, f->o->root, f->o->run);

	watch_add(&f->watch, f->place.ll);
	if (ticket)
		watch_add(&f->watch, ticket);
}

/* 0 when no more can come; 128+n; -1 and *e. */
static int
read_on(struct follower *f, struct err *e)
{
	bool files = false;
	int more;

	attend(f);
	while ((more = catch_up(f, e)) > 0) {
		if (!files && watch_add(&f->watch, f->place.output)) {
			files = true;
			continue;
		}
		if (watch_nap(&f->watch, sig_fd(&f->sig), NAP_MS, e) < 0)
			return -1;
		while (sig_next(&f->sig))
			continue;
		if (f->sig.stop)
			return 128 + f->sig.stop;
	}
	return more;
}

static int
end(struct follower *f, struct err *e)
{
	struct await w;
	int rc;

	await_init(&w, f->args, f->o->root, f->o->run, &f->sig);
	rc = await_end(&w, e);
	await_release(&w);
	return rc;
}

static void
hang_view(struct follower *f)
{
	const struct plain_opts how = { .out = f->args->out,
		.verbose = f->o->verbose };

	if (f->o->json) {
		f->jsonl = jsonl_new(f->args->out);
		f->view = jsonl_sink(f->jsonl);
	} else if (!f->o->quiet) {
		f->plain = plain_new(&how);
		f->view = plain_sink(f->plain);
	}
}

int
follow(const struct follow *o, struct args *a, struct err *e)
{
	struct follower f = { .o = o, .args = a, .watch = { -1 } };
	struct err ignored = ERR_INIT;
	int rc;

	if (sig_init(&f.sig, e) < 0)
		return -1;
	watch_init(&f.watch, &ignored);
	place_of(a->mem, o->root, o->run, &f.place);
	hang_view(&f);
	rc = read_on(&f, e);
	if (rc == 0)
		rc = end(&f, e);
	out_flush(a->out);
	if (f.sig.stop)
		cmd_complain(a, "run '%s' goes on; 'll-loop stop %s' ends it",
		    o->run, o->run);
	plain_free(f.plain);
	jsonl_free(f.jsonl);
	logs_lanes_release(&f.lanes);
	watch_release(&f.watch);
	sig_release(&f.sig);
	return rc;
}
