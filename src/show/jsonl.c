/*
 * A run as JSON lines.  Owns nothing but the cutting of live output; the
 * records are the journal's own.
 */
#include "show/jsonl.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "show/feed_lanes.h"

struct jsonl {
	struct out *out;
	struct feed_lanes feed;
};

static void
add_line(
    void *self, const struct voice *who, int stream, const char *p, size_t n)
{
	struct jsonl *j = self;
	struct arena mem = ARENA_INIT;
	struct val *v = val_map(&mem);
	char iso[CLOCK_TEXT];

	val_set(&mem, v, "ts", val_text(&mem, clock_iso(clock_wall_us(), iso)));
	val_set(&mem, v, "event", val_text(&mem, "action_output"));
	val_set(&mem, v, "stream",
	    val_text(&mem, stream == 1 ? "stdout" : "stderr"));
	val_set(&mem, v, "line", val_bytes(&mem, p, n));
	if (who->item >= 0)
		val_set(&mem, v, "item", val_int(&mem, who->item));
	if (who->depth > 0)
		val_set(&mem, v, "depth", val_int(&mem, who->depth));
	event_val_write(&j->out->buf, v);
	str_addc(&j->out->buf, '\n');
	arena_release(&mem);
}

static int
hear(void *self, const struct event *ev, struct err *e)
{
	struct jsonl *j = self;

	(void)e;
	if (ev->kind == EV_RUN_END)
		feed_lanes_end_all(&j->feed);
	feed_lanes_end(&j->feed, ev->item);
	event_write(&j->out->buf, ev);
	str_adds(&j->out->buf, "}\n");
	out_flush(j->out);
	return 0;
}

static void
output(void *self, const struct voice *who, int stream, const char *p, size_t n)
{
	struct jsonl *j = self;

	(void)who;
	if (j->out->lost)
		return;
	feed_lanes_bytes(&j->feed, who, stream, p, n);
	out_flush(j->out);
}

struct jsonl *
jsonl_new(struct out *out)
{
	struct jsonl *j = mem_new(sizeof(*j));

	*j = (struct jsonl) {
		.out = out,
		.feed = { .lanes = VEC_INIT, .line = add_line, .self = j },
	};
	return j;
}

struct sink
jsonl_sink(struct jsonl *j)
{
	return (struct sink) { .hear = hear, .output = output, .self = j };
}

void
jsonl_free(struct jsonl *j)
{
	if (!j)
		return;
	feed_lanes_release(&j->feed);
	free(j);
}
