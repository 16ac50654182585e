/*
 * A run as lines.  One function per kind of event, in a table; what has no
 * row is a note or prints nothing.  The line of a state stays open until its
 * action or its end is known, so that a person sees where a run waits.  How a
 * run ended is always told.
 */
#include "show/plain_part.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/auto.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "show/action.h"
#include "show/cost.h"
#include "show/note.h"
#include "show/span.h"

/* ---- one function per kind of event ---- */

static void
add_when(struct plain *p, const struct event *ev)
{
	char span[SPAN_TEXT], clock[16];
	time_t s = (time_t)(ev->wall_us / 1000000);
	struct tm tm;

	if (!p->o.replay) {
		span_whole(val_num(ev->fields, "elapsed_ms", 0), span);
		out_paintf(p->out, PAINT_DIM, "(%s)", span);
		return;
	}
	localtime_r(&s, &tm);
	strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	out_paintf(p->out, PAINT_DIM, "(%s)", clock);
}

/* Of an item its lines say whose it is; its steps are counted elsewhere. */
static void
begin_state(struct plain *p, const struct event *ev)
{
	long long step = val_num(ev->fields, "iteration", 0);

	if (ev->item >= 0) {
		plain_begin(p, ev);
		return;
	}
	plain_close(p);
	if (ev->depth == 0)
		p->steps = step;
	str_addf(&p->out->buf, "%*s[%lld", (int)(2 * ev->depth), "", step);
	if (p->max > 0 && ev->depth == 0)
		str_addf(&p->out->buf, "/%lld", p->max);
	str_adds(&p->out->buf, "] ");
}

static void
on_state_enter(struct plain *p, const struct event *ev)
{
	begin_state(p, ev);
	out_paint(p->out, PAINT_BOLD, plain_word(ev, "state"));
	if (ev->item < 0) {
		str_addc(&p->out->buf, ' ');
		add_when(p, ev);
	}
	p->used = out_column(p->out);
	p->open = true;
	p->open_item = ev->item;
}

static void
on_loop_start(struct plain *p, const struct event *ev)
{
	if (ev->depth == 0 || plain_is_item(p, ev))
		return;
	plain_arrow_at(p, ev->item, ev->depth - 1);
	str_adds(&p->out->buf, "loop ");
	plain_add(p, ev, "loop");
	str_addc(&p->out->buf, '\n');
}

static void
show_action(struct plain *p, const struct event *ev, struct sv text)
{
	int pad = (int)strlen(PLAIN_PAD) + 2 * (int)ev->depth + 3;

	if (p->o.verbose)
		action_full(p->out, text, pad);
	else
		action_line(p->out, text, plain_room(p));
	str_addc(&p->out->buf, '\n');
}

static void
on_action_start(struct plain *p, const struct event *ev)
{
	auto_str action = STR_INIT;

	if (plain_is_item(p, ev) && !p->o.verbose)
		return;
	action_source(&action, ev);
	plain_arrow(p, ev);
	if (action.len)
		show_action(p, ev, str_sv(&action));
	else
		str_addf(&p->out->buf, "(%lld bytes, in %s)\n",
		    val_num(ev->fields, "action_bytes", 0),
		    plain_word(ev, "action_file"));
}

static void
show_stored(struct plain *p, const struct event *ev, int stream)
{
	const struct voice who = { ev->item, ev->depth };
	const char *name = stream == 1 ? "output" : "stderr";
	auto_str file = STR_INIT;
	const struct val *v;

	str_addf(&file, "%s_file", name);
	if (*plain_word(ev, file.buf)) {
		plain_begin(p, ev);
		str_addf(&p->out->buf, "(%s is in %s)\n", name,
		    plain_word(ev, file.buf));
	}
	v = val_get(ev->fields, name);
	if (v && v->kind == VAL_TEXT)
		feed_lanes_bytes(&p->feed, &who, stream, v->t.p, v->t.n);
	feed_lanes_end(&p->feed, ev->item);
}

static void
on_action_complete(struct plain *p, const struct event *ev)
{
	char span[SPAN_TEXT];

	if (p->o.replay && p->o.verbose) {
		show_stored(p, ev, 1);
		show_stored(p, ev, 2);
	}
	if (plain_is_item(p, ev) && !p->o.verbose)
		return;
	plain_begin(p, ev);
	span_text(val_num(ev->fields, "duration_ms", 0), span);
	out_paintf(p->out, PAINT_DIM, "(%s)", span);
	action_outcome(p->out, ev);
	str_addc(&p->out->buf, '\n');
}

static void
warn_line(struct plain *p, const struct event *ev, const char *text, size_t n)
{
	auto_str shown = STR_INIT;

	utf8_show(&shown, text, n);
	plain_begin(p, ev);
	out_paint(p->out, PAINT_WARN, shown.buf);
	str_addc(&p->out->buf, '\n');
}

static void
on_action_error(struct plain *p, const struct event *ev)
{
	if (plain_is_item(p, ev) && !p->o.verbose)
		return;
	plain_begin(p, ev);
	out_paint(p->out, PAINT_BAD, out_glyph(p->out, GLYPH_NO));
	str_adds(&p->out->buf, " error: ");
	plain_add(p, ev, "error");
	str_addc(&p->out->buf, '\n');
}

/* It may take a while. */
static void
on_judge_start(struct plain *p, const struct event *ev)
{
	long long call = val_num(ev->fields, "call", 0);
	auto_str text = STR_INIT;

	if (!call || (plain_is_item(p, ev) && !p->o.verbose))
		return;
	str_addf(&text, "asking %s", plain_word(ev, "host"));
	if (call > 1)
		str_addf(&text, " (call %lld)", call);
	plain_begin(p, ev);
	out_paint(p->out, PAINT_DIM, text.buf);
	str_addc(&p->out->buf, '\n');
}

static void
on_evaluate(struct plain *p, const struct event *ev)
{
	plain_begin(p, ev);
	action_verdict(p->out, ev);
	plain_totals(p, ev);
	str_addc(&p->out->buf, '\n');
}

static void
on_route(struct plain *p, const struct event *ev)
{
	const char *why = plain_word(ev, "cause");

	if (!*why)
		why = plain_word(ev, "reason");
	plain_begin(p, ev);
	str_adds(&p->out->buf, "-> ");
	out_paint(p->out, PAINT_BOLD, plain_word(ev, "to"));
	if (*why)
		out_paintf(p->out, PAINT_DIM, "  (%s)", why);
	str_addc(&p->out->buf, '\n');
}

static void
on_left_behind(struct plain *p, const struct event *ev)
{
	const struct val *list = val_get(ev->fields, "processes");

	for (size_t i = 0; list && i < list->list.len; i++) {
		auto_str s = STR_INIT;
		const char *command = val_str(list->list.at[i], "command", "");

		str_addf(&s, "left behind: %lld %s",
		    val_num(list->list.at[i], "pid", 0), command);
		warn_line(p, ev, s.buf, s.len);
	}
}

/* How it ended: a terminal by its name, anything else by its cause. */
static void
add_ending(
    struct plain *p, const struct event *ev, const char *what, bool failed)
{
	const char *cause = plain_word(ev, "terminated_by");
	const char *final = plain_word(ev, "final_state");

	if (strcmp(cause, "terminal") == 0) {
		str_addf(&p->out->buf, "%s %s: ", what,
		    failed ? "failed" : "completed");
		out_paint(p->out, failed ? PAINT_BAD : PAINT_GOOD, final);
		return;
	}
	str_addf(&p->out->buf, "%s ended: ", what);
	out_paint(p->out, PAINT_WARN, cause);
	if (*final)
		str_addf(&p->out->buf, " at '%s'", final);
}

/* Of the outermost loop run_end tells, but a replay may begin after the last
 * state. */
static void
on_loop_complete(struct plain *p, const struct event *ev)
{
	const struct val *failed = val_get(ev->fields, "failure_terminal");
	long long n = val_num(ev->fields, "iterations", p->steps);

	if (ev->depth == 0)
		p->steps = n;
	if (ev->depth == 0 || plain_is_item(p, ev))
		return;
	plain_begin_at(p, ev->item, ev->depth - 1);
	add_ending(
	    p, ev, "loop", failed && failed->kind == VAL_BOOL && failed->b);
	str_addf(&p->out->buf, " (%lld iteration%s)", n, n == 1 ? "" : "s");
	if (*plain_word(ev, "error")) {
		str_adds(&p->out->buf, ": ");
		plain_add(p, ev, "error");
	}
	str_addc(&p->out->buf, '\n');
}

static void
on_run_end(struct plain *p, const struct event *ev)
{
	char span[SPAN_TEXT];

	plain_close(p);
	str_addc(&p->out->buf, '\n');
	cost_table(p->out, val_get(ev->fields, "spent"));
	add_ending(
	    p, ev, "Loop", strcmp(plain_word(ev, "status"), "failed") == 0);
	span_text(val_num(ev->fields, "active_ms", 0), span);
	str_addf(&p->out->buf, " (%lld iteration%s, %s)\n", p->steps,
	    p->steps == 1 ? "" : "s", span);
	if (*plain_word(ev, "error")) {
		str_adds(&p->out->buf, "  ");
		plain_add(p, ev, "error");
		str_addc(&p->out->buf, '\n');
	}
	if (strcmp(plain_word(ev, "status"), "parked") == 0)
		str_adds(&p->out->buf,
		    "  'll-loop resume' goes on, with --wait once the quota "
		    "is filled again\n");
}

/* clang-format off */
static void (*const rows[EV_KINDS])(struct plain *, const struct event *) = {
	[EV_RUN_START]              = plain_run_start,
	[EV_WORKTREE]               = plain_worktree,
	[EV_LEFT_BEHIND]            = on_left_behind,
	[EV_RUN_END]                = on_run_end,
	[EV_LOOP_START]             = on_loop_start,
	[EV_LOOP_RESUME]            = plain_loop_resume,
	[EV_LOOP_COMPLETE]          = on_loop_complete,
	[EV_PARALLEL_START]         = plain_fan_start,
	[EV_ITEM_START]             = plain_item_start,
	[EV_ITEM_COMPLETE]          = plain_item_complete,
	[EV_STATE_ENTER]            = on_state_enter,
	[EV_ROUTE]                  = on_route,
	[EV_ACTION_START]           = on_action_start,
	[EV_ACTION_COMPLETE]        = on_action_complete,
	[EV_ACTION_ERROR]           = on_action_error,
	[EV_JUDGE_START]            = on_judge_start,
	[EV_EVALUATE]               = on_evaluate,
};
/* clang-format on */

/* What the line of an item's end tells later, when there are many. */
static bool
is_quiet(const struct plain *p, const struct event *ev)
{
	return plain_hides(p, ev->item) && ev->kind != EV_ITEM_START &&
	    ev->kind != EV_ITEM_COMPLETE;
}

static int
hear(void *self, const struct event *ev, struct err *e)
{
	struct plain *p = self;
	auto_str note = STR_INIT;

	(void)e;
	if (p->counts)
		str_adds(&p->out->buf, "\r\x1b[K");
	p->counts = false;
	if (ev->kind == EV_RUN_END)
		feed_lanes_end_all(&p->feed);
	feed_lanes_end(&p->feed, ev->item);
	if (is_quiet(p, ev))
		return 0;
	if (ev->kind < EV_KINDS && rows[ev->kind])
		rows[ev->kind](p, ev);
	else if (note_text(&note, ev))
		warn_line(p, ev, note.buf, note.len);
	out_flush(p->out);
	return 0;
}

static void
output(
    void *self, const struct voice *who, int stream, const char *text, size_t n)
{
	struct plain *p = self;

	(void)who;
	if (p->out->lost)
		return;
	feed_lanes_bytes(&p->feed, who, stream, text, n);
	out_flush(p->out);
}

/* The line of a countdown is written over; where that cannot be, there is
 * none. */
static void
rests(void *self, long long left_ms)
{
	struct plain *p = self;
	char span[SPAN_TEXT];

	if (!p->out->tty || p->open)
		return;
	span_whole(left_ms, span);
	str_addf(&p->out->buf, "\r" PLAIN_PAD "%s left\x1b[K", span);
	p->counts = true;
	out_flush(p->out);
}

struct plain *
plain_new(const struct plain_opts *o)
{
	struct plain *p = mem_new(sizeof(*p));

	*p = (struct plain) {
		.o = *o,
		.out = o->out,
		.feed = { .lanes = VEC_INIT, .line = plain_output, .self = p },
		.fan = { .labels = STR_INIT, .items = VEC_INIT },
		.max = o->max_steps,
	};
	return p;
}

struct sink
plain_sink(struct plain *p)
{
	return (struct sink) {
		.hear = hear,
		.output = output,
		.rests = p->out->tty ? rests : NULL,
		.self = p,
	};
}

void
plain_free(struct plain *p)
{
	if (!p)
		return;
	feed_lanes_release(&p->feed);
	plain_fan_release(&p->fan);
	free(p);
}
