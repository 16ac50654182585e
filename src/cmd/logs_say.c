/*
 * The forms of `logs`.  A pipe or file gets the bytes as they are; a terminal
 * gets lines in which control characters are visible, since what an action
 * prints must not be able to steer it.
 */
#include "cmd/logs_say.h"

#include <string.h>

#include "base/arena.h"
#include "base/auto.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "loop/event.h"

enum { FLUSH_AT = 64 * 1024 };

void
logs_say_whose(const struct logs_say *s, struct str *out)
{
	str_addsv(out, s->path);
	if (s->who.item >= 0)
		str_addf(out, ", item %lld", s->who.item);
}

/* `==> [3] build, stderr <==`, once until the source changes. */
static void
heading(struct logs_say *s)
{
	struct out *o = s->out;
	auto_str whose = STR_INIT, head = STR_INIT;

	logs_say_whose(s, &whose);
	str_addf(&head, "==> [%lld] ", s->step);
	if (o->colour)
		str_adds(&head, "\x1b[1m");
	utf8_show(&head, whose.buf, whose.len);
	if (o->colour)
		str_adds(&head, "\x1b[0m");
	str_adds(&head, s->stream == 2 ? ", stderr <==\n" : " <==\n");
	if (strcmp(head.buf, s->headed.buf) == 0)
		return;
	if (s->open)
		str_addc(&o->buf, '\n');
	if (s->headed.len)
		str_addc(&o->buf, '\n');
	s->open = false;
	str_addsv(&o->buf, str_sv(&head));
	str_reset(&s->headed);
	str_addsv(&s->headed, str_sv(&head));
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
	val_set(&mem, v, "state", val_bytes(&mem, s->state.p, s->state.n));
	val_set(&mem, v, "stream",
	    val_text(&mem, stream == 1 ? "stdout" : "stderr"));
	val_set(&mem, v, "line", val_bytes(&mem, p, n));
	if (s->who.item >= 0)
		val_set(&mem, v, "item", val_int(&mem, s->who.item));
	if (s->who.depth > 0)
		val_set(&mem, v, "depth", val_int(&mem, s->who.depth));
	event_val_write(&s->out->buf, v);
	str_addc(&s->out->buf, '\n');
}

static void
add_line(
    void *self, const struct voice *who, int stream, const char *p, size_t n)
{
	struct logs_say *s = self;

	(void)who;
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
		.who = { .item = -1 },
		.path = sv(""),
		.state = sv(""),
		.stream = 1,
		.feed = { .lanes = VEC_INIT, .line = add_line, .self = s },
		.headed = STR_INIT,
	};
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
		feed_lanes_bytes(&s->feed, &s->who, s->stream, p, n);
	}
	if (s->out->buf.len > FLUSH_AT)
		out_flush(s->out);
}

int
logs_say_file(struct logs_say *s, const struct place_run *place,
    struct output_read *live, const struct kept *file, struct err *e)
{
	struct output_read *r =
	    live ? live : output_read_new(place, file->file, e);
	int rc;

	if (!r)
		return -1;
	rc = output_read_more(
	    r, file->bytes, live ? logs_say_bytes : NULL, s, e);
	if (rc == 0)
		rc = output_read_check(r, file->bytes, file->sum, e);
	if (rc == 0 && !live) {
		output_read_rewind(r);
		rc = output_read_more(r, file->bytes, logs_say_bytes, s, e);
	}
	if (!live)
		output_read_free(r);
	return rc;
}

void
logs_say_end(struct logs_say *s)
{
	feed_lanes_end(&s->feed, s->who.item);
}

void
logs_say_release(struct logs_say *s)
{
	feed_lanes_release(&s->feed);
	str_release(&s->headed);
}
