/*
 * Runs as a listing.  Whether one runs is its lease's word; what it is at is
 * its journal's.  One that cannot be read is passed over.
 */
#include "cmd/list_runs.h"

#include <string.h>

#include "base/auto.h"
#include "cmd/report.h"
#include "gate/ticket.h"
#include "show/span.h"
#include "show/table.h"
#include "text/json.h"

static void
add_run(struct args *a, struct table *t, const struct val *v)
{
	char span[SPAN_TEXT];
	const char *status = val_str(v, "status", "");

	table_add(t, val_str(v, "run", ""));
	table_add(t, val_str(v, "current_state", "(starting)"));
	table_add(t, arena_printf(a->mem, "%lld", val_num(v, "iteration", 0)));
	table_add_paint(t, report_paint(status), status);
	table_add(t,
	    arena_strdup(
		a->mem, span_whole(val_num(v, "elapsed_ms", 0), span)));
}

static void
say_runs(struct args *a, const struct val *doc, const char *status)
{
	static const struct table_col cols[] = {
		{ "RUN", PAINT_BOLD, false },
		{ "STATE", PAINT_NONE, false },
		{ "STEP", PAINT_NONE, true },
		{ "STATUS", PAINT_NONE, false },
		{ "TIME", PAINT_NONE, false },
	};
	struct table t = { .cols = cols, .ncols = COUNT(cols) };

	for (size_t i = 0; i < doc->list.len; i++)
		add_run(a, &t, doc->list.at[i]);
	if (doc->list.len)
		table_show(&t, a->out);
	else if (status)
		str_addf(&a->out->buf, "No loops with status: %s\n", status);
	else
		str_adds(&a->out->buf, "No running loops\n");
	table_release(&t);
}

/* The runs to look at. */
static int
candidates(struct args *a, const char *root, bool alive, struct run_names *out,
    struct err *e)
{
	struct ticket_seen *seen;
	size_t n;

	if (!alive)
		return report_runs(a, root, NULL, out, e);
	if (ticket_list(a->mem, root, &seen, &n, e) < 0)
		return -1;
	out->at = arena_new(a->mem, (n + 1) * sizeof(*out->at));
	out->n = 0;
	for (size_t i = 0; i < n; i++)
		if (seen[i].alive)
			out->at[out->n++] = seen[i].run;
	return 0;
}

static bool
is_wanted(const struct val *v, const char *status)
{
	return !status || strcmp(val_str(v, "status", ""), status) == 0 ||
	    strcmp(val_str(v, "phase", ""), status) == 0;
}

int
list_runs(
    struct args *a, const char *status, bool alive, bool json, struct err *e)
{
	struct val *doc = val_list(a->mem);
	const char *root = cmd_root(a);
	struct run_names all;

	if (candidates(a, root, alive, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++) {
		struct run_info info;
		struct err gone = ERR_INIT;
		const struct val *v;

		if (report_open(a, root, all.at[i], &info, &gone) < 0)
			continue;
		v = report_val(a->mem, &info, false);
		/* It may have ended since the leases were asked. */
		if (is_wanted(v, status) && (info.alive || !alive))
			val_push(a->mem, doc, v);
		run_info_release(&info);
	}
	if (json) {
		json_write(&a->out->buf, doc, JSON_PRETTY);
		str_addc(&a->out->buf, '\n');
	} else {
		say_runs(a, doc, status);
	}
	return status && !doc->list.len ? 1 : 0;
}
