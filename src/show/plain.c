/*
 * A run as lines.  One function per kind of event, in a table; what has no
 * row is a note or prints nothing.  The line of a state stays open until its
 * action or its end is known, so that a person sees where a run waits.  How a
 * run ended is always told.
 */
#include "show/plain.h"
#include "text/render.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/auto.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "show/action.h"
#include "show/feed.h"
#include "show/note.h"
#include "show/span.h"

#define PAD "       "

struct plain {
	struct plain_opts o;
	struct out *out;
	struct feed feed;
	bool open;       /* the last line has no end yet */
	int used;        /* columns of it */
	long long steps; /* of the outermost loop */
	long long max;
};

static void
close_line(struct plain *p)
{
	if (p->open)
		str_addc(&p->out->buf, '\n');
	p->open = false;
}

/* Start a line of a state's block: two more blanks a level deeper. */
static void
begin_line(struct plain *p, const struct event *ev)
{
	close_line(p);
	str_addf(&p->out->buf, PAD "%*s", (int)(2 * ev->depth), "");
}

static const struct val *
field(const struct event *ev, const char *key)
{
	return val_get(ev->fields, key);
}

static const char *
word(const struct event *ev, const char *key)
{
	return val_str(ev->fields, key, "");
}

/* A member as shown text; the caller releases. */
static void
add_field(struct plain *p, const struct event *ev, const char *key)
{
	const struct val *v = field(ev, key);

	if (v && v->kind == VAL_TEXT)
		out_text(p->out, v->t.p, v->t.n, 0);
	else if (v)
		val_render(&p->out->buf, v);
}

static void
add_line(void *self, int stream, const char *text, size_t n)
{
	struct plain *p = self;
	struct out *o = p->out;

	close_line(p);
	str_adds(&o->buf, PAD);
	if (stream == 2 && o->colour)
		str_adds(&o->buf, "\x1b[2m");
	out_text(o, text, n, 0);
	if (stream == 2 && o->colour)
		str_adds(&o->buf, "\x1b[0m");
	while (o->buf.len && o->buf.buf[o->buf.len - 1] == ' ')
		str_cut(&o->buf, o->buf.len - 1);
	str_addc(&o->buf, '\n');
}

/* ---- one function per kind of event ---- */

static void
head_line(struct plain *p, const char *label, const char *text)
{
	if (!text)
		return;
	out_paintf(p->out, PAINT_DIM, "  %s:", label);
	str_addc(&p->out->buf, ' ');
	out_text(p->out, text, strlen(text), 0);
	str_addc(&p->out->buf, '\n');
}

static void
on_run_start(struct plain *p, const struct event *ev)
{
	if (!p->max)
		p->max = val_num(ev->fields, "max_steps", 0);
	str_adds(&p->out->buf, "Running loop: ");
	out_paint(p->out, PAINT_BOLD, p->o.loop ? p->o.loop : word(ev, "loop"));
	str_addc(&p->out->buf, '\n');
	head_line(p, "loop", p->o.file);
	head_line(p, "run", p->o.run ? p->o.run : word(ev, "run"));
	str_addc(&p->out->buf, '\n');
}

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

static void
on_state_enter(struct plain *p, const struct event *ev)
{
	long long step = val_num(ev->fields, "iteration", 0);

	close_line(p);
	if (ev->depth == 0)
		p->steps = step;
	str_addf(&p->out->buf, "%*s[%lld", (int)(2 * ev->depth), "", step);
	if (p->max > 0 && ev->depth == 0)
		str_addf(&p->out->buf, "/%lld", p->max);
	str_adds(&p->out->buf, "] ");
	out_paint(p->out, PAINT_BOLD, word(ev, "state"));
	str_addc(&p->out->buf, ' ');
	add_when(p, ev);
	p->used = out_column(p->out) + 4;
	p->open = true;
}

/* What is left of the line that out_text() may fill. */
static int
room(const struct plain *p)
{
	int width = p->out->width ? p->out->width : 100;

	return width - p->used < 20 ? 20 : width - p->used;
}

static void
show_action(struct plain *p, const struct event *ev, struct sv text)
{
	if (p->o.verbose)
		action_full(
		    p->out, text, (int)strlen(PAD) + 2 * (int)ev->depth + 3);
	else
		action_line(p->out, text, room(p));
	str_addc(&p->out->buf, '\n');
}

static void
on_action_start(struct plain *p, const struct event *ev)
{
	auto_str action = STR_INIT;

	action_source(&action, ev);
	if (!p->open)
		p->used = (int)strlen(PAD "-> ");
	str_adds(&p->out->buf, p->open ? " -> " : PAD "-> ");
	if (action.len)
		show_action(p, ev, str_sv(&action));
	else
		str_addf(&p->out->buf, "(%lld bytes, in %s)\n",
		    val_num(ev->fields, "action_bytes", 0),
		    word(ev, "action_file"));
	p->open = false;
}

static void
show_stored(struct plain *p, const struct event *ev, int stream)
{
	const char *name = stream == 1 ? "output" : "stderr";
	auto_str file = STR_INIT;
	const struct val *v;

	str_addf(&file, "%s_file", name);
	if (*word(ev, file.buf))
		str_addf(&p->out->buf, PAD "(%s is in %s)\n", name,
		    word(ev, file.buf));
	v = field(ev, name);
	if (v && v->kind == VAL_TEXT)
		feed_bytes(&p->feed, stream, v->t.p, v->t.n);
	feed_end(&p->feed);
}

static void
on_action_complete(struct plain *p, const struct event *ev)
{
	char span[SPAN_TEXT];

	if (p->o.replay && p->o.verbose) {
		show_stored(p, ev, 1);
		show_stored(p, ev, 2);
	}
	begin_line(p, ev);
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
	begin_line(p, ev);
	out_paint(p->out, PAINT_WARN, shown.buf);
	str_addc(&p->out->buf, '\n');
}

static void
on_action_error(struct plain *p, const struct event *ev)
{
	begin_line(p, ev);
	out_paint(p->out, PAINT_BAD, out_glyph(p->out, GLYPH_NO));
	str_adds(&p->out->buf, " error: ");
	add_field(p, ev, "error");
	str_addc(&p->out->buf, '\n');
}

static void
on_evaluate(struct plain *p, const struct event *ev)
{
	begin_line(p, ev);
	action_verdict(p->out, ev);
	str_addc(&p->out->buf, '\n');
}

static void
on_route(struct plain *p, const struct event *ev)
{
	const char *why = word(ev, "cause");

	if (!*why)
		why = word(ev, "reason");
	begin_line(p, ev);
	str_adds(&p->out->buf, "-> ");
	out_paint(p->out, PAINT_BOLD, word(ev, "to"));
	if (*why)
		out_paintf(p->out, PAINT_DIM, "  (%s)", why);
	str_addc(&p->out->buf, '\n');
}

static void
on_left_behind(struct plain *p, const struct event *ev)
{
	const struct val *list = field(ev, "processes");

	for (size_t i = 0; list && i < list->list.len; i++) {
		auto_str s = STR_INIT;
		const char *command = val_str(list->list.at[i], "command", "");

		str_addf(&s, "left behind: %lld %s",
		    val_num(list->list.at[i], "pid", 0), command);
		warn_line(p, ev, s.buf, s.len);
	}
}

/* Says nothing, but a replay may begin after the last state. */
static void
on_loop_complete(struct plain *p, const struct event *ev)
{
	if (ev->depth == 0)
		p->steps = val_num(ev->fields, "iterations", p->steps);
}

/* How it ended: a terminal by its name, anything else by its cause. */
static void
add_ending(struct plain *p, const struct event *ev)
{
	const char *cause = word(ev, "terminated_by");
	const char *final = word(ev, "final_state");
	bool failed = strcmp(word(ev, "status"), "failed") == 0;

	if (strcmp(cause, "terminal") == 0) {
		str_addf(
		    &p->out->buf, "Loop %s: ", failed ? "failed" : "completed");
		out_paint(p->out, failed ? PAINT_BAD : PAINT_GOOD, final);
		return;
	}
	str_adds(&p->out->buf, "Loop ended: ");
	out_paint(p->out, PAINT_WARN, cause);
	if (*final)
		str_addf(&p->out->buf, " at '%s'", final);
}

static void
on_run_end(struct plain *p, const struct event *ev)
{
	char span[SPAN_TEXT];

	close_line(p);
	str_addc(&p->out->buf, '\n');
	add_ending(p, ev);
	span_text(val_num(ev->fields, "active_ms", 0), span);
	str_addf(&p->out->buf, " (%lld iteration%s, %s)\n", p->steps,
	    p->steps == 1 ? "" : "s", span);
	if (*word(ev, "error")) {
		str_adds(&p->out->buf, "  ");
		add_field(p, ev, "error");
		str_addc(&p->out->buf, '\n');
	}
}

/* clang-format off */
static void (*const rows[EV_KINDS])(struct plain *, const struct event *) = {
	[EV_RUN_START]              = on_run_start,
	[EV_LEFT_BEHIND]            = on_left_behind,
	[EV_RUN_END]                = on_run_end,
	[EV_LOOP_COMPLETE]          = on_loop_complete,
	[EV_STATE_ENTER]            = on_state_enter,
	[EV_ROUTE]                  = on_route,
	[EV_ACTION_START]           = on_action_start,
	[EV_ACTION_COMPLETE]        = on_action_complete,
	[EV_ACTION_ERROR]           = on_action_error,
	[EV_EVALUATE]               = on_evaluate,
};
/* clang-format on */

static int
hear(void *self, const struct event *ev, struct err *e)
{
	struct plain *p = self;
	auto_str note = STR_INIT;

	(void)e;
	feed_end(&p->feed);
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
	feed_bytes(&p->feed, stream, text, n);
	out_flush(p->out);
}

struct plain *
plain_new(const struct plain_opts *o)
{
	struct plain *p = mem_new(sizeof(*p));

	*p = (struct plain) {
		.o = *o,
		.out = o->out,
		.feed = { .part = { STR_INIT, STR_INIT }, .line = add_line },
		.max = o->max_steps,
	};
	p->feed.self = p;
	return p;
}

struct sink
plain_sink(struct plain *p)
{
	return (struct sink) { .hear = hear, .output = output, .self = p };
}

void
plain_free(struct plain *p)
{
	if (!p)
		return;
	feed_release(&p->feed);
	free(p);
}
