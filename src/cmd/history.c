/*
 * history: the runs of the project, or one run event by event.  The list
 * checks the sums of a run that has ended and reads two of its records; it
 * folds only the others.
 */
#include <string.h>
#include <time.h>

#include "base/auto.h"
#include "base/clock.h"
#include "cmd/report.h"
#include "show/plain.h"
#include "show/span.h"
#include "show/table.h"
#include "text/json.h"

struct history_opts {
	bool json, verbose;
	long long tail; /* 0: all */
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print JSON: runs, or the raw events of one",
	  .at = offsetof(struct history_opts, json) },
	{ .type = OPT_WHOLE, .letter = 'n', .name = "tail", .arg = "N",
	  .help = "only the newest N runs, or the last N events",
	  .min = 1, .max = 1e9, .at = offsetof(struct history_opts, tail) },
	{ .type = OPT_FLAG, .letter = 'v', .name = "verbose",
	  .help = "actions in full and what they printed",
	  .at = offsetof(struct history_opts, verbose) },
	{ .type = OPT_FLAG, .name = "full", .help = "the same as --verbose",
	  .at = offsetof(struct history_opts, verbose) },
};
/* clang-format on */

/* One row of the list. */
struct row {
	const char *run, *loop, *status, *cause;
	long long started_us, steps, ms;
};

static void
read_row(struct args *a, const char *root, const char *run, struct row *r)
{
	struct run_brief b;
	struct run_info info;
	struct err e = ERR_INIT;
	struct journal_end whole;

	runs_brief(a->mem, root, run, &b);
	*r = (struct row) {
		.run = run,
		.loop = b.loop ? b.loop : "?",
		.started_us = b.started_us,
		.status = val_str(b.end, "status", NULL),
		.cause = val_str(b.end, "terminated_by", NULL),
		.steps = val_num(b.end, "iterations", -1),
		.ms = val_num(b.end, "active_ms", 0),
	};
	/* Its end record is believed when all before it is sound: checking
	 * the sums costs a millisecond a megabyte. */
	if (r->status && r->steps >= 0 &&
	    runs_events(a->mem, root, run, NULL, NULL, &whole, &e) == 0 &&
	    whole.state == JOURNAL_WHOLE)
		return;
	if (report_open(a, root, run, &info, &e) < 0) {
		r->status = "unknown";
		return;
	}
	r->status = arena_strdup(a->mem, report_status(&info));
	r->steps = report_steps(&info);
	r->ms = info.point.active_ms;
	if (info.end.state == JOURNAL_CORRUPT)
		r->cause = NULL;
	if (!r->started_us)
		r->started_us = info.point.started_us;
	run_info_release(&info);
}

static const struct val *
row_val(struct arena *a, const struct row *r)
{
	struct val *v = val_map(a);
	char iso[CLOCK_TEXT];

	val_set(a, v, "run_id", val_text(a, r->run));
	val_set(a, v, "status", val_text(a, r->status));
	val_set(a, v, "started_at",
	    r->started_us ? val_text(a, clock_iso(r->started_us, iso))
			  : val_null(a));
	val_set(a, v, "iterations", val_int(a, r->steps));
	val_set(a, v, "duration_ms", val_int(a, r->ms));
	val_set(a, v, "loop", val_text(a, r->loop));
	val_set(a, v, "terminated_by",
	    r->cause ? val_text(a, r->cause) : val_null(a));
	return v;
}

static void
add_row(struct arena *a, struct table *t, const struct row *r)
{
	time_t s = (time_t)(r->started_us / 1000000);
	char when[32] = "?", span[SPAN_TEXT];
	struct tm tm;

	if (r->started_us && localtime_r(&s, &tm))
		strftime(when, sizeof(when), "%m-%d %H:%M", &tm);
	table_add(t, r->run);
	table_add_paint(t, report_paint(r->status), r->status);
	table_add(t, arena_strdup(a, when));
	table_add(t, arena_printf(a, "%lld", r->steps));
	table_add(t, arena_strdup(a, span_text(r->ms, span)));
	table_add(t, r->cause ? r->cause : "");
}

static void
say_rows(struct args *a, const struct row *rows, size_t n)
{
	static const struct table_col cols[] = {
		{ "RUN", PAINT_NONE, false },
		{ "STATUS", PAINT_NONE, false },
		{ "STARTED", PAINT_NONE, false },
		{ "STEPS", PAINT_NONE, true },
		{ "TIME", PAINT_NONE, true },
		{ "ENDED BY", PAINT_DIM, false },
	};
	struct table t = { .cols = cols, .ncols = COUNT(cols) };

	for (size_t i = 0; i < n; i++)
		add_row(a->mem, &t, &rows[i]);
	if (n)
		table_show(&t, a->out);
	else
		str_adds(&a->out->buf, "No runs\n");
	table_release(&t);
}

/* Newest first. */
static int
list(const struct history_opts *o, struct args *a, const char *root,
    const char *loop, struct err *e)
{
	struct val *doc = val_list(a->mem);
	struct run_names all;
	struct row *rows;
	size_t want;

	if (report_runs(a, root, loop, &all, e) < 0)
		return -1;
	want = o->tail && (size_t)o->tail < all.n ? (size_t)o->tail : all.n;
	rows = arena_new(a->mem, (want + 1) * sizeof(*rows));
	for (size_t i = 0; i < want; i++) {
		read_row(a, root, all.at[all.n - 1 - i], &rows[i]);
		val_push(a->mem, doc, row_val(a->mem, &rows[i]));
	}
	if (o->json) {
		json_write(&a->out->buf, doc, JSON_PRETTY);
		str_addc(&a->out->buf, '\n');
	} else {
		say_rows(a, rows, want);
	}
	return 0;
}

/* Events on their way out: the first `skip` are not shown. */
struct reader {
	struct out *out;
	struct sink sink;
	long long skip, seen;
};

static int
count_event(void *self, const struct event *ev, struct err *e)
{
	(void)ev;
	(void)e;
	((struct reader *)self)->seen++;
	return 0;
}

static int
show_event(void *self, const struct event *ev, struct err *e)
{
	struct reader *r = self;

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

static int
events(const struct history_opts *o, struct args *a, const char *root,
    const char *run, struct err *e)
{
	struct plain_opts how = {
		.out = a->out, .verbose = o->verbose, .replay = true
	};
	struct reader r = { .out = a->out };
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
	plain_free(plain);
	return rc < 0 ? -1 : say_damage(a, run, &end);
}

static bool
is_run(struct args *a, const char *root, const char *word, struct err *e)
{
	const char *const *all;
	size_t n;

	if (runs_list(a->mem, root, NULL, &all, &n, e) < 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i], word) == 0)
			return true;
	return false;
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct history_opts *o = given;
	const char *root = cmd_root(a);
	const char *last = a->n ? a->at[a->n - 1] : NULL;

	if (last && is_run(a, root, last, e))
		return events(o, a, root, last, e);
	if (e->kind != ERR_NONE)
		return -1;
	if (last && (a->n == 2 || place_loop_of(a->mem, last)))
		return err_set(e, ERR_ABSENT, "no run '%s'", last);
	return list(o, a, root, last, e);
}

const struct cmd cmd_history = {
	.name = "history",
	.alias = "h",
	.usage = "[options] [LOOP] [RUN]",
	.summary = "list past runs, or the events of one",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct history_opts),
	.max = 2,
	.run = run,
};
