/*
 * logs: what the actions of a run printed, from the journal and from the
 * files of long outputs, which are shown only when their sums are right.  Of
 * the action that runs, or ran when the run died, there is a file once it
 * printed much; little output is in the journal when the action ends.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "cmd/logs_lane.h"
#include "cmd/report.h"
#include "gate/ticket.h"
#include "os/watch.h"

struct logs_opts {
	long long step; /* 0: all */
	bool follow, errors, json;
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_WHOLE, .name = "step", .arg = "N",
	  .help = "only what step N printed; into a pipe or file its exact bytes",
	  .min = 1, .max = 1e9, .at = offsetof(struct logs_opts, step) },
	{ .type = OPT_FLAG, .letter = 'f', .name = "follow",
	  .help = "go on until the run ends",
	  .at = offsetof(struct logs_opts, follow) },
	{ .type = OPT_FLAG, .name = "stderr",
	  .help = "only what went to standard error",
	  .at = offsetof(struct logs_opts, errors) },
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print each line as an object of JSON",
	  .at = offsetof(struct logs_opts, json) },
};

static const struct {
	const char *name, *end, *words;
} streams[] = {
	{ "output", "out", "output" },
	{ "stderr", "err", "standard error" },
};
/* clang-format on */

struct logs {
	const struct logs_opts *o;
	struct args *args;
	struct place_run place;
	const char *root, *run;
	struct logs_say say;
	struct journal_end at;
	struct logs_lanes lanes;
	long long step;         /* of the outermost loop */
	long long shown, other; /* bytes of streams asked for, and not */
	bool alive;             /* when the journal was last read */
	bool ended, damaged;
};

static bool
is_asked(const struct logs *l)
{
	return !l->o->step || l->o->step == l->step;
}

static bool
wants(const struct logs *l, int i)
{
	return i == 1 ? l->o->errors || l->say.form != LOGS_RAW : !l->o->errors;
}

static void
land(struct logs *l, struct logs_lane *lane)
{
	logs_lane_speak(lane, &l->say);
	logs_say_end(&l->say);
	logs_lane_land(lane);
}

static void
land_all(struct logs *l)
{
	for (size_t i = 0; i < l->lanes.at.len; i++)
		land(l, l->lanes.at.at[i]);
}

/* Something of the step is not there; the rest is shown all the same. */
static void
miss(struct logs *l, const struct err *e)
{
	auto_str whose = STR_INIT;

	logs_say_whose(&l->say, &whose);
	out_flush(l->args->out);
	cmd_complain(
	    l->args, "step %lld, '%s': %s", l->step, whose.buf, e->msg);
	l->damaged = true;
}

/* ---- one action ---- */

static const struct val *
member(const struct event *ev, int i, const char *what)
{
	char key[40];

	snprintf(key, sizeof(key), "%s%s", streams[i].name, what);
	return val_get(ev->fields, key);
}

static long long
number(const struct val *v)
{
	return v && v->kind == VAL_INT ? v->i : 0;
}

static void
tell_truncated(struct logs *l, const struct event *ev, int i, long long kept)
{
	const struct val *came = member(ev, i, "_came");
	auto_str whose = STR_INIT;

	if (!came)
		return;
	logs_say_whose(&l->say, &whose);
	out_flush(l->args->out);
	cmd_complain(l->args,
	    "step %lld, '%s': only the first %lld of %lld bytes of its %s "
	    "were kept",
	    l->step, whose.buf, kept, number(came), streams[i].words);
}

static bool
is_text(const struct val *v)
{
	return v && v->kind == VAL_TEXT;
}

static void
show_stream(
    struct logs *l, const struct event *ev, const struct logs_lane *lane, int i)
{
	const struct val *text = member(ev, i, ""), *file = NULL, *sum;
	long long bytes = number(member(ev, i, "_bytes"));
	struct kept kept = { .bytes = bytes };
	struct err e = ERR_INIT;

	if (is_text(text))
		bytes = (long long)text->t.n;
	else
		file = member(ev, i, "_file");
	if (!wants(l, i)) {
		l->other += bytes;
		return;
	}
	l->shown += bytes;
	l->say.stream = i + 1;
	if (is_text(text))
		logs_say_bytes(&l->say, text->t.p, text->t.n);
	sum = file ? member(ev, i, "_sum") : NULL;
	if (is_text(file) && is_text(sum)) {
		kept.file = file->t.p;
		snprintf(kept.sum, sizeof(kept.sum), "%s", sum->t.p);
		if (logs_say_file(
			&l->say, &l->place, lane->live[i], &kept, &e) < 0)
			miss(l, &e);
	}
	logs_say_end(&l->say);
	tell_truncated(l, ev, i, bytes);
}

/* What an action that has not ended left in files by now. */
static int
show_flight(struct logs *l, struct logs_lane *lane, struct err *e)
{
	logs_lane_speak(lane, &l->say);
	l->say.wall_us = 0;
	for (int i = 0; lane->flight && is_asked(l) && i < 2; i++) {
		struct err absent = ERR_INIT;
		char name[40];

		if (!wants(l, i))
			continue;
		snprintf(name, sizeof(name), "%lld.%s", lane->flight,
		    streams[i].end);
		if (!lane->live[i])
			lane->live[i] =
			    output_read_new(&l->place, name, &absent);
		l->say.stream = i + 1;
		if (lane->live[i] &&
		    output_read_more(
			lane->live[i], -1, logs_say_bytes, &l->say, e) < 0)
			return -1;
	}
	return 0;
}

static int
show_flights(struct logs *l, struct err *e)
{
	for (size_t i = 0; i < l->lanes.at.len; i++)
		if (show_flight(l, l->lanes.at.at[i], e) < 0)
			return -1;
	return 0;
}

/* ---- the journal ---- */

static int
hear(void *self, const struct event *ev, struct err *e)
{
	struct logs *l = self;
	struct logs_lane *lane = logs_lanes_hear(&l->lanes, ev);

	(void)e;
	if (ev->kind == EV_STATE_ENTER && ev->depth == 0 && ev->item < 0)
		l->step = val_num(ev->fields, "iteration", l->step);
	l->say.step = l->step;
	l->ended |= ev->kind == EV_RUN_END;
	if (ev->kind == EV_ACTION_COMPLETE && is_asked(l)) {
		logs_lane_speak(lane, &l->say);
		l->say.wall_us = ev->wall_us;
		show_stream(l, ev, lane, 0);
		show_stream(l, ev, lane, 1);
	}
	if (ev->kind == EV_ACTION_COMPLETE || ev->kind == EV_ACTION_ERROR)
		land(l, lane);
	if (ev->kind == EV_ITEM_COMPLETE) {
		land(l, lane);
		logs_lanes_drop(&l->lanes, ev->item);
	}
	if (ev->kind == EV_RUN_END)
		land_all(l);
	return 0;
}

/* A run that just begins has no journal for a moment. */
static bool
is_unborn(const struct logs *l, const struct err *e)
{
	return l->alive && l->at.records == 0 &&
	    (e->kind == ERR_ABSENT || e->sys == ENOENT);
}

/* All there is by now: 1 when more may come, 0 when not, -1 and *e. */
static int
catch_up(struct logs *l, struct err *e)
{
	/* Asked first: what a dead run wrote is all there when it is read. */
	struct err bad = ERR_INIT;

	l->alive = ticket_alive(l->root, l->run);
	if (runs_follow(l->args->mem, l->root, l->run, hear, l, &l->at, &bad) <
	    0) {
		if (is_unborn(l, &bad))
			return 1;
		*e = bad;
		return -1;
	}
	if (show_flights(l, e) < 0)
		return -1;
	out_flush(l->args->out);
	return l->alive && !l->ended && l->at.state != JOURNAL_CORRUPT &&
	    !l->args->out->lost && !(l->o->step && l->step > l->o->step);
}

/* What wakes us: the journal, or the end of the one who holds the ticket. */
static int
attend(struct logs *l, struct watch *w, struct err *e)
{
	const char *ticket = ticket_path(l->args->mem, l->root, l->run);

	if (!watch_add(w, l->place.ll))
		return err_sys(e, "watch %s", l->place.ll);
	if (ticket && !watch_add(w, ticket) && errno != ENOENT)
		return err_sys(e, "watch %s", ticket);
	return 0;
}

/* Until nothing more can come or nobody reads it: asleep in the kernel
 * between what happens. */
static int
follow(struct logs *l, struct watch *w, struct err *e)
{
	bool files = false;
	int more;

	if (attend(l, w, e) < 0)
		return -1;
	while ((more = catch_up(l, e)) > 0) {
		if (!files && watch_add(w, l->place.output)) {
			files = true;
			continue;
		}
		more = watch_wait(w, 1, e);
		if (more <= 0)
			break;
	}
	return more;
}

static int
read_all(struct logs *l, struct err *e)
{
	struct watch w;
	int rc;

	if (!l->o->follow)
		return catch_up(l, e);
	if (watch_init(&w, e) < 0)
		return -1;
	rc = follow(l, &w, e);
	watch_release(&w);
	return rc;
}

/* ---- what is told at the end ---- */

static int
judge(struct logs *l, struct err *e)
{
	struct args *a = l->args;

	land_all(l);
	out_flush(a->out);
	if (l->at.state == JOURNAL_CORRUPT) {
		cmd_complain(
		    a, "the journal of '%s' is corrupt: %s", l->run, l->at.why);
		return 74;
	}
	if (!l->ended && !l->alive)
		cmd_complain(a, "run '%s' died in the state '%s'", l->run,
		    logs_lanes_where(&l->lanes));
	if (l->o->step > l->step)
		return err_set(e, ERR_ABSENT,
		    "run '%s' has no step %lld: it made %lld", l->run,
		    l->o->step, l->step);
	if (l->say.form == LOGS_RAW && l->other && !l->shown)
		cmd_complain(a, "%lld bytes went to standard %s: %s", l->other,
		    l->o->errors ? "output" : "error",
		    l->o->errors ? "leave --stderr away" : "--stderr");
	return l->damaged ? 74 : 0;
}

static enum logs_form
form(const struct logs_opts *o, const struct out *out)
{
	if (o->json)
		return LOGS_JSON;
	if (out->tty)
		return LOGS_TERMINAL;
	return o->step ? LOGS_RAW : LOGS_HEADED;
}

static int
run(const void *given, struct args *a, struct err *e)
{
	struct logs l = { .o = given, .args = a, .root = cmd_root(a) };
	int rc;

	if (report_pick(a, l.root, a->at[0], &l.run, e) < 0)
		return -1;
	place_of(a->mem, l.root, l.run, &l.place);
	logs_say_init(&l.say, a->out, form(l.o, a->out));
	rc = read_all(&l, e);
	if (rc >= 0)
		rc = judge(&l, e);
	logs_say_release(&l.say);
	logs_lanes_release(&l.lanes);
	return rc;
}

const struct cmd cmd_logs = {
	.name = "logs",
	.usage = "[options] [RUN | LOOP]",
	.summary = "show what the actions of a run printed",
	.more = "LOOP means its newest run, nothing the newest of the project.",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct logs_opts),
	.max = 1,
	.run = run,
};
