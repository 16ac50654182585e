/*
 * cost: what a run has cost, state by state, or what all runs of the project
 * have cost today.
 */
#include <string.h>

#include "base/auto.h"
#include "cmd/report_cost.h"
#include "cmd/report.h"
#include "show/cost.h"
#include "show/table.h"
#include "store/day.h"
#include "text/json.h"

struct cost_opts {
	bool today, json;
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .name = "today",
	  .help = "all runs of the project since midnight, one line each",
	  .at = offsetof(struct cost_opts, today) },
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print a JSON object",
	  .at = offsetof(struct cost_opts, json) },
};
/* clang-format on */

static void
say_json(struct args *a, const struct val *doc)
{
	json_write(&a->out->buf, doc, JSON_PRETTY);
	str_addc(&a->out->buf, '\n');
}

/* ---- one run ---- */

static int
one_run(
    const struct cost_opts *o, struct args *a, const char *root, struct err *e)
{
	const struct val *spent;
	struct run_info info;
	struct val *doc = val_map(a->mem);
	const char *run;

	if (report_pick(a, root, a->at[0], &run, e) < 0 ||
	    report_open(a, root, run, &info, e) < 0)
		return -1;
	if (info.unreadable && !info.blank) {
		run_info_release(&info);
		return err_set(
		    e, ERR_IO, "run '%s' cannot be read: %s", run, info.why);
	}
	if (info.end.state == JOURNAL_CORRUPT)
		cmd_complain(a,
		    "the journal of '%s' is corrupt at byte %lld; what was "
		    "spent behind that is not known",
		    run, info.end.bytes);
	spent = ledger_val(a->mem, &info.point.ledger, SIZE_MAX);
	val_set(a->mem, doc, "run", val_text(a->mem, run));
	val_set(a->mem, doc, "status", val_text(a->mem, report_status(&info)));
	run_info_release(&info);
	if (o->json) {
		spent = cost_val(a->mem, spent);
		val_set(a->mem, doc, "states",
		    spent ? val_get(spent, "states") : val_list(a->mem));
		val_set(a->mem, doc, "totals",
		    spent ? val_get(spent, "totals") : val_null(a->mem));
		say_json(a, doc);
	} else if (spent) {
		cost_table(a->out, spent);
	} else {
		str_addf(&a->out->buf, "%s has called no agent\n", run);
	}
	return 0;
}

/* ---- today ---- */

static bool
is_wanted(const struct args *a, const struct day_run *r)
{
	const char *word = a->at[0], *name;

	if (!r->calls && !r->cost && !r->tokens)
		return false;
	if (!word || strcmp(word, r->run) == 0)
		return true;
	name = place_loop_of(a->mem, r->run);
	return name && strcmp(name, place_name(a->mem, word)) == 0;
}

static const struct val *
row_val(struct arena *a, const struct day_run *r)
{
	struct val *v = val_map(a);

	if (r->run)
		val_set(a, v, "run", val_text(a, r->run));
	val_set(a, v, "calls", val_int(a, r->calls));
	val_set(a, v, "tokens", val_int(a, r->tokens));
	val_set(a, v, "cost_micro_usd",
	    r->unpriced ? val_null(a) : val_int(a, r->cost));
	val_set(a, v, "known_micro_usd", val_int(a, r->cost));
	val_set(a, v, "unpriced_calls", val_int(a, r->unpriced));
	return v;
}

static void
add(struct day_run *all, const struct day_run *r)
{
	all->calls += r->calls;
	all->tokens += r->tokens;
	all->cost += r->cost;
	all->unpriced += r->unpriced;
}

static const char *
cost_text(struct arena *a, const struct day_run *r)
{
	auto_str usd = STR_INIT;

	cost_usd(&usd, r->cost);
	if (r->unpriced)
		str_addf(&usd, " and %lld call%s nobody knows the cost of",
		    r->unpriced, r->unpriced == 1 ? "" : "s");
	return arena_strdup(a, usd.buf);
}

static void
add_row(struct arena *a, struct table *t, const struct day_run *r)
{
	table_add(t, r->run ? r->run : "total");
	table_add(t, arena_printf(a, "%lld", r->calls));
	table_add(t, arena_printf(a, "%lld", r->tokens));
	table_add(t, cost_text(a, r));
}

static void
say_today(const struct cost_opts *o, struct args *a, const struct day *d)
{
	static const struct table_col cols[] = {
		{ "RUN", PAINT_NONE, false },
		{ "CALLS", PAINT_NONE, true },
		{ "TOKENS", PAINT_NONE, true },
		{ "COST", PAINT_NONE, false },
	};
	struct table t = { .cols = cols, .ncols = COUNT(cols) };
	struct val *doc = val_map(a->mem), *runs = val_list(a->mem);
	struct day_run all = { 0 };

	for (size_t i = 0; i < d->runs.len; i++) {
		const struct day_run *r = d->runs.at[i];

		if (!is_wanted(a, r))
			continue;
		val_push(a->mem, runs, cost_val(a->mem, row_val(a->mem, r)));
		add_row(a->mem, &t, r);
		add(&all, r);
	}
	val_set(a->mem, doc, "runs", runs);
	val_set(a->mem, doc, "totals", cost_val(a->mem, row_val(a->mem, &all)));
	add_row(a->mem, &t, &all);
	if (o->json)
		say_json(a, doc);
	else
		table_show(&t, a->out);
	table_release(&t);
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct cost_opts *o = given;
	const char *root = cmd_root(a);
	struct day d = DAY_INIT;
	int rc;

	if (!o->today)
		return one_run(o, a, root, e);
	rc = day_read(&d, root, e);
	if (rc == 0)
		say_today(o, a, &d);
	day_release(&d);
	return rc;
}

const struct cmd cmd_cost = {
	.name = "cost",
	.usage = "[--json] [--today] [RUN | LOOP]",
	.summary = "show what a run has cost, or all runs of today",
	.more = "LOOP means its newest run, with --today all of them; nothing "
		"the newest run of the\nproject, with --today all runs.",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct cost_opts),
	.max = 1,
	.run = run,
};
