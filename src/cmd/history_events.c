/*
 * history RUN: one run event by event.  The journal is read once for what is
 * shown, and once before that when only its end is asked for; nothing of it
 * is kept in memory.
 */
#include <string.h>

#include "base/auto.h"
#include "cmd/history.h"
#include "cmd/report.h"
#include "show/plain.h"

/* Events on their way out: of those asked for, the first `skip` are not
 * shown. */
struct reader {
	const struct history_opts *o;
	struct out *out;
	struct sink sink;
	long long skip, seen;
};

static bool
is_one_of(const struct opt_list *words, const char *word)
{
	for (size_t i = 0; word && i < words->n; i++)
		if (strcmp(words->at[i], word) == 0)
			return true;
	return false;
}

static bool
is_asked(const struct history_opts *o, const struct event *ev)
{
	static const char *const places[] = { "state", "from", "to" };
	const char *name =
	    ev->kind < EV_KINDS ? event_name(ev->kind) : ev->name;
	bool there = o->states.n == 0;

	if (o->events.n && !is_one_of(&o->events, name))
		return false;
	if (o->since && ev->wall_us < o->since_us)
		return false;
	for (size_t i = 0; i < COUNT(places); i++)
		there |=
		    is_one_of(&o->states, val_str(ev->fields, places[i], NULL));
	return there;
}

static int
count_event(void *self, const struct event *ev, struct err *e)
{
	struct reader *r = self;

	(void)e;
	r->seen += is_asked(r->o, ev);
	return 0;
}

static int
show_event(void *self, const struct event *ev, struct err *e)
{
	struct reader *r = self;

	if (!is_asked(r->o, ev))
		return 0;
	return r->seen++ < r->skip ? 0 : r->sink.hear(r->sink.self, ev, e);
}

static int
print_raw(void *self, const struct event *ev, struct err *e)
{
	struct reader *r = self;

	(void)e;
	str_adds(&r->out->buf, r->seen - 1 == r->skip ? "\n  " : ",\n  ");
	event_write(&r->out->buf, ev);
	str_addc(&r->out->buf, '}');
	if (r->out->buf.len > 1 << 16)
		out_flush(r->out);
	return 0;
}

static int
say_damage(struct args *a, const char *run, const struct journal_end *end)
{
	if (end->state == JOURNAL_WHOLE)
		return 0;
	cmd_complain(a, "the journal of '%s' is %s: %s", run,
	    end->state == JOURNAL_TORN ? "torn" : "corrupt", end->why);
	return end->state == JOURNAL_TORN ? 0 : 74;
}

int
history_events(const struct history_opts *o, struct args *a, const char *root,
    const char *run, struct err *e)
{
	struct plain_opts how = {
		.out = a->out, .verbose = o->verbose, .replay = true
	};
	struct reader r = { .o = o, .out = a->out };
	struct run_brief brief;
	struct plain *plain;
	struct journal_end end;
	int rc = 0;

	runs_brief(a->mem, root, run, &brief);
	how.max_steps = val_num(brief.start, "max_steps", 0);
	plain = plain_new(&how);
	r.sink = plain_sink(plain);
	if (o->json)
		r.sink = (struct sink) { .hear = print_raw, .self = &r };
	if (o->tail)
		rc = runs_events(a->mem, root, run, count_event, &r, &end, e);
	r.skip = o->tail && r.seen > o->tail ? r.seen - o->tail : 0;
	r.seen = 0;
	if (rc == 0 && o->json)
		str_addc(&a->out->buf, '[');
	if (rc == 0)
		rc = runs_events(a->mem, root, run, show_event, &r, &end, e);
	if (rc == 0 && o->json)
		str_adds(&a->out->buf, r.seen ? "\n]\n" : "]\n");
	else if (rc == 0 && r.seen == 0)
		str_adds(&a->out->buf, "No events match\n");
	plain_free(plain);
	return rc < 0 ? -1 : say_damage(a, run, &end);
}
