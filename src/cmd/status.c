/* status: where one run stands, or how it ended and why. */
#include <string.h>

#include "base/auto.h"
#include "cmd/report.h"
#include "cmd/report_stack.h"
#include "show/span.h"
#include "text/json.h"
#include "text/render.h"

struct status_opts {
	bool json;
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print the run as a JSON object",
	  .at = offsetof(struct status_opts, json) },
};

/* The lines, in order; a member that is null or absent has none. */
static const struct {
	const char *label, *key;
} lines[] = {
	{ "Run", "run" },
	{ "Loop", "loop_name" },
	{ "Status", "status" },
	{ "Waits for", "waits_for" },
	{ "Waits until", "waits_until" },
	{ "Because", "waits_because" },
	{ "Ended by", "terminated_by" },
	{ "Exit", "exit" },
	{ "Error", "error" },
	{ "Current state", "current_state" },
	{ "Iteration", "iteration" },
	{ "Passes", "iteration_count" },
	{ "Started", "started_at" },
	{ "Updated", "updated_at" },
	{ "Duration", "elapsed_ms" },
	{ "PID", "pid" },
	{ "Directory", "run_dir" },
	{ "Journal", "journal" },
};
/* clang-format on */

/* Where it works, or what is left of that and how it comes back. */
static void
say_worktree(struct out *o, const struct val *w)
{
	static const struct {
		const char *label, *key;
	} rows[] = {
		{ "Worktree", "path" },
		{ "Branch", "branch" },
		{ "Kept", "ref" },
		{ "Restore", "restore" },
	};
	const char *action = val_str(w, "action", "");
	const struct val *gone = val_get(w, "branch_deleted");

	for (size_t i = 0; w && i < COUNT(rows); i++) {
		const char *text = val_str(w, rows[i].key, NULL);

		if (!text || (i == 1 && gone && gone->b))
			continue;
		out_paintf(o, PAINT_DIM, "%s:", rows[i].label);
		str_addc(&o->buf, ' ');
		out_text(o, text, strlen(text), 0);
		if (i == 0)
			str_addf(&o->buf, " (%s)", action);
		str_addc(&o->buf, '\n');
	}
}

static void
add_value(struct out *o, const char *key, const struct val *v)
{
	auto_str text = STR_INIT;
	char span[SPAN_TEXT];

	val_render(&text, v);
	if (strcmp(key, "elapsed_ms") == 0)
		str_adds(&o->buf, span_text(v->i, span));
	else if (strcmp(key, "status") == 0)
		out_paint(o, report_paint(text.buf), text.buf);
	else
		out_text(o, text.buf, text.len, 0);
}

static void
say_complaints(struct out *o, const struct val *list)
{
	for (size_t i = 0; list && i < list->list.len; i++) {
		const struct val *v = list->list.at[i];

		out_paint(o, PAINT_DIM, "Said:");
		str_addc(&o->buf, ' ');
		out_text(o, v->t.p, v->t.n, 0);
		str_addc(&o->buf, '\n');
	}
}

static void
say(struct out *o, const struct val *doc)
{
	const char *state = val_str(doc, "journal_state", "");

	for (size_t i = 0; i < COUNT(lines); i++) {
		const struct val *v = val_get(doc, lines[i].key);

		if (!v || v->kind == VAL_NULL)
			continue;
		out_paintf(o, PAINT_DIM, "%s:", lines[i].label);
		str_addc(&o->buf, ' ');
		add_value(o, lines[i].key, v);
		str_addc(&o->buf, '\n');
		if (strcmp(lines[i].key, "current_state") == 0)
			report_stack_say(
			    o, val_get(doc, "stack"), val_get(doc, "parallel"));
	}
	say_worktree(o, val_get(doc, "worktree"));
	say_complaints(o, val_get(doc, "complaints"));
	if (strcmp(state, "whole") == 0 || strcmp(state, "none yet") == 0)
		return;
	out_paint(o, PAINT_BAD, "The journal is ");
	out_paint(o, PAINT_BAD, state);
	str_adds(&o->buf, ": ");
	out_text(o, val_str(doc, "journal_why", ""),
	    strlen(val_str(doc, "journal_why", "")), 0);
	str_addc(&o->buf, '\n');
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct status_opts *o = given;
	const char *root = cmd_root(a), *run_id;
	const struct val *doc;
	struct run_info info;

	if (report_pick(a, root, a->at[0], &run_id, e) < 0 ||
	    report_open(a, root, run_id, &info, e) < 0)
		return -1;
	doc = report_val(a->mem, &info, true);
	if (o->json) {
		json_write(&a->out->buf, doc, JSON_PRETTY);
		str_addc(&a->out->buf, '\n');
	} else {
		say(a->out, doc);
	}
	run_info_release(&info);
	return 0;
}

const struct cmd cmd_status = {
	.name = "status",
	.alias = "st",
	.usage = "[--json] [RUN | LOOP]",
	.summary = "show where a run stands, or how it ended",
	.more = "LOOP means its newest run, nothing the newest of the project.",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct status_opts),
	.max = 1,
	.run = run,
};
