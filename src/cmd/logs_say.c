/*
 * The forms of `logs`.  A pipe or file gets the bytes as they are; a terminal
 * gets lines in which control characters are visible, since what an action
 * prints must not be able to steer it.
 */
#include "cmd/logs_say.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/clock.h"
#include "loop/event.h"

enum { FLUSH_AT = 64 * 1024 };

/* `==> [3] build <==`, once until the source changes. */
static void
heading(struct logs_say *s)
{
	struct out *o = s->out;

	if (s->headed_step == s->step && s->headed_stream == s->stream)
		return;
	if (s->open)
		str_addc(&o->buf, '\n');
	if (s->headed_step)
		str_addc(&o->buf, '\n');
	s->open = false;
	s->headed_step = s->step;
	s->headed_stream = s->stream;
	str_addf(&o->buf, "==> [%lld] ", s->step);
	if (o->colour)
		str_adds(&o->buf, "\x1b[1m");
	out_text(o, s->state.buf, s->state.len, 0);
	if (o->colour)
		str_adds(&o->buf, "\x1b[0m");
	str_adds(&o->buf, s->stream == 2 ? ", stderr <==\n" : " <==\n");
}

static void
json_line(struct logs_say *s, int stream, const char *p, size_t n)
{
	auto_arena mem = ARENA_INIT;
	struct val *v = val_map(&mem);
	long long us = s->wall_us ? s->wall_us : clock_wall_us();
	char iso[CLOCK_TEXT];

	val_set(&mem, v, "ts", val_text(&mem, clock_iso(us, iso)));
	val_set(&mem, v, "event", val_text(&mem, "action_output"));
	val_set(&mem, v, "iteration", val_int(&mem, s->step));
	val_set(&mem, v, "state", val_bytes(&mem, s->state.buf, s->state.len));
	val_set(&mem, v, "stream",
	    val_text(&mem, stream == 1 ? "stdout" : "stderr"));
	val_set(&mem, v, "line", val_bytes(&mem, p, n));
	event_val_write(&s->out->buf, v);
	str_addc(&s->out->buf, '\n');
}

static void
add_line(void *self, int stream, const char *p, size_t n)
{
	struct logs_say *s = self;

	if (s->form == LOGS_JSON) {
		json_line(s, stream, p, n);
		return;
	}
	heading(s);
	out_text(s->out, p, n, 0);
	str_addc(&s->out->buf, '\n');
}

void
logs_say_init(struct logs_say *s, struct out *out, enum logs_form form)
{
	*s = (struct logs_say) {
		.out = out,
		.form = form,
		.state = STR_INIT,
		.stream = 1,
		.feed = { .part = { STR_INIT, STR_INIT }, .line = add_line },
	};
	s->feed.self = s;
}

void
logs_say_bytes(void *self, const char *p, size_t n)
{
	struct logs_say *s = self;

	if (n == 0 || s->out->lost)
		return;
	if (s->form == LOGS_RAW || s->form == LOGS_HEADED) {
		if (s->form == LOGS_HEADED)
			heading(s);
		str_add(&s->out->buf, p, n);
		s->open = p[n - 1] != '\n';
	} else {
		feed_bytes(&s->feed, s->stream, p, n);
	}
	if (s->out->buf.len > FLUSH_AT)
		out_flush(s->out);
}

void
logs_say_end(struct logs_say *s)
{
	feed_end(&s->feed);
}

void
logs_say_release(struct logs_say *s)
{
	feed_release(&s->feed);
	str_release(&s->state);
}
