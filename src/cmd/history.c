/*
 * history: the runs of the project, the newest first.  It checks the sums of
 * a run that has ended and reads two of its records; it folds only the others.
 * Refuses a filter that cannot mean anything for what was asked.
 */
#include <string.h>
#include <time.h>

#include "base/auto.h"
#include "base/clock.h"
#include "cmd/report_cost.h"
#include "cmd/history.h"
#include "cmd/piled.h"
#include "cmd/report.h"
#include "cmd/since.h"
#include "show/span.h"
#include "show/table.h"
#include "text/json.h"

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print JSON: runs, or the raw events of one",
	  .at = offsetof(struct history_opts, json) },
	{ .type = OPT_WHOLE, .letter = 'n', .name = "tail", .arg = "N",
	  .help = "only the newest N runs, or the last N events",
	  .min = 1, .max = 1e9, .at = offsetof(struct history_opts, tail) },
	{ .type = OPT_TEXT, .letter = 'S', .name = "since", .arg = "WHEN",
	  .help = "only what began in the last 45s, 30m, 1h, 2d, or since an ISO time",
	  .at = offsetof(struct history_opts, since) },
	{ .type = OPT_TEXT, .name = "loop", .arg = "NAME",
	  .help = "only runs of this loop",
	  .at = offsetof(struct history_opts, loop) },
	{ .type = OPT_LIST, .name = "status", .arg = "WORD",
	  .help = "only runs of this status; may be given again (any of them)",
	  .at = offsetof(struct history_opts, status) },
	{ .type = OPT_LIST, .letter = 'e', .name = "event", .arg = "TYPE",
	  .help = "only events of this type; may be given again (any of them)",
	  .at = offsetof(struct history_opts, events) },
	{ .type = OPT_LIST, .letter = 's', .name = "state", .arg = "STATE",
	  .help = "only events of this state; may be given again (any of them)",
	  .at = offsetof(struct history_opts, states) },
	{ .type = OPT_FLAG, .letter = 'v', .name = "verbose",
	  .help = "actions in full and what they printed",
	  .at = offsetof(struct history_opts, verbose) },
	{ .type = OPT_FLAG, .name = "full", .help = "the same as --verbose",
	  .at = offsetof(struct history_opts, full) },
};
/* clang-format on */

/* One row of the list. */
struct row {
	const char *run, *loop, *status, *cause;
	long long started_us, steps, ms;
	const struct val *cost; /* totals, or NULL */
};

static const struct val *
totals_of(struct arena *a, const struct val *end)
{
	const struct val *spent = end ? val_get(end, "spent") : NULL;

	return spent ? cost_val(a, val_get(spent, "totals")) : NULL;
}

static void
read_row(
    struct args *a, const char *root, const struct run_brief *b, struct row *r)
{
	const char *run = b->run;
	struct run_info info;
	struct err e = ERR_INIT;
	struct journal_end whole;

	*r = (struct row) {
		.run = run,
		.loop = b->loop ? b->loop : "?",
		.started_us = b->started_us,
		.status = val_str(b->end, "status", NULL),
		.cause = val_str(b->end, "terminated_by", NULL),
		.steps = val_num(b->end, "iterations", -1),
		.ms = val_num(b->end, "active_ms", 0),
		.cost = totals_of(a->mem, b->end),
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
	r->cost = cost_totals(a->mem, &info.point.ledger);
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
	val_set(a, v, "cost", r->cost);
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

/* ---- which runs ---- */

static bool
is_one_of(const struct opt_list *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (strcmp(words->at[i], word) == 0)
			return true;
	return words->n == 0;
}

/* Fill the row of this run; false when it is not asked for.  What is known
 * from two records is asked first. */
static bool
take_row(const struct history_opts *o, struct args *a, const char *root,
    const struct run_names *all, size_t i, struct row *r)
{
	const struct run_brief *b = report_brief(a, root, all, i);
	long long began =
	    b->started_us ? b->started_us : place_time_us(all->at[i]);

	if (o->since && began < o->since_us)
		return false;
	read_row(a, root, b, r);
	return is_one_of(&o->status, r->status);
}

/* Newest first. */
static int
list(const struct history_opts *o, struct args *a, const char *root,
    const char *loop, struct err *e)
{
	struct val *doc = val_list(a->mem);
	struct run_names all;
	struct row *rows;
	size_t most, n = 0;

	if (report_runs(a, root, loop, &all, e) < 0)
		return -1;
	most = o->tail && (size_t)o->tail < all.n ? (size_t)o->tail : all.n;
	rows = arena_new(a->mem, (most + 1) * sizeof(*rows));
	for (size_t i = all.n; i-- > 0 && n < most;)
		if (take_row(o, a, root, &all, i, &rows[n]))
			val_push(a->mem, doc, row_val(a->mem, &rows[n++]));
	if (o->json) {
		json_write(&a->out->buf, doc, JSON_PRETTY);
		str_addc(&a->out->buf, '\n');
	} else {
		say_rows(a, rows, n);
	}
	piled_say(a, root);
	return 0;
}

/* ---- what was asked ---- */

/* The words of `status`; what is none of them matches nothing, ever. */
static int
check_status(const struct history_opts *o, struct err *e)
{
	static const char *const words[] = { "completed", "failed",
		"interrupted", "timed_out", "awaiting_continuation",
		"user_stopped", "stopped_by_marker", "queued", "running",
		"waiting", "parked", "stopping", "died", "unknown" };
	auto_str all = STR_INIT;

	for (size_t i = 0; i < o->status.n; i++) {
		bool known = false;

		for (size_t k = 0; k < COUNT(words); k++)
			known |= strcmp(words[k], o->status.at[i]) == 0;
		if (known)
			continue;
		for (size_t k = 0; k < COUNT(words); k++)
			str_addf(&all, "%s%s", k ? ", " : "", words[k]);
		return err_set(e, ERR_USAGE, "--status is one of %s, not '%s'",
		    all.buf, o->status.at[i]);
	}
	return 0;
}

/* The run that the last word names: RUN, or with the loop before it what
 * follows the name in RUN.  *run is NULL when it is no run. */
static int
find_run(struct args *a, const char *root, const char *loop, const char **run,
    struct err *e)
{
	const char *word = a->n ? a->at[a->n - 1] : "";
	const char *longer = word;
	struct run_names all;

	*run = NULL;
	if (runs_list(a->mem, root, NULL, &all, e) < 0)
		return -1;
	if (loop)
		longer = arena_printf(
		    a->mem, "%s-%s", place_name(a->mem, loop), word);
	for (size_t i = 0; i < all.n; i++)
		if (strcmp(all.at[i], word) == 0 ||
		    strcmp(all.at[i], longer) == 0)
			*run = all.at[i];
	return 0;
}

/* A loop that is named beside the run must be the run's. */
static int
check_loop(struct args *a, const char *root, const char *loop, const char *run,
    struct err *e)
{
	struct run_brief b;

	if (!loop || strchr(loop, '/'))
		return 0;
	runs_brief(a->mem, root, run, &b);
	if (strcmp(loop, b.loop) == 0 ||
	    strcmp(place_name(a->mem, loop), place_loop_of(a->mem, run)) == 0)
		return 0;
	return err_set(e, ERR_ABSENT, "run '%s' is of the loop '%s', not '%s'",
	    run, b.loop, loop);
}

static int
one_run(const struct history_opts *o, struct args *a, const char *root,
    const char *loop, const char *run, struct err *e)
{
	if (o->status.n)
		return err_set(e, ERR_USAGE,
		    "--status chooses runs, and '%s' is one", run);
	if (check_loop(a, root, loop, run, e) < 0)
		return -1;
	return history_events(o, a, root, run, e);
}

static int
run(const void *given, struct args *a, struct err *e)
{
	struct history_opts o = *(const struct history_opts *)given;
	const char *root = cmd_root(a), *run_id;
	const char *last = a->n ? a->at[a->n - 1] : NULL;
	const char *loop = a->n == 2 ? a->at[0] : o.loop;

	o.verbose |= o.full;
	if (check_status(&o, e) < 0 ||
	    (o.since && since_of("--since", o.since, &o.since_us, e) < 0) ||
	    find_run(a, root, loop, &run_id, e) < 0)
		return -1;
	if (run_id)
		return one_run(&o, a, root, loop, run_id, e);
	if (last && (a->n == 2 || place_loop_of(a->mem, last)))
		return err_set(e, ERR_ABSENT, "no run '%s'", last);
	if (o.events.n || o.states.n)
		return err_set(e, ERR_USAGE, "--%s chooses events: name a RUN",
		    o.events.n ? "event" : "state");
	if (last && o.loop && strcmp(last, o.loop) != 0)
		return err_set(e, ERR_USAGE, "--loop %s and '%s' are two loops",
		    o.loop, last);
	return list(&o, a, root, last ? last : o.loop, e);
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
