/*
 * One run as the reference's state object, made from the fold of its
 * journal: the members of spec/cli.md 4.2 under their names, then ours.
 * Nothing is written, whatever is found.
 */
#include "cmd/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "cmd/report_cost.h"
#include "cmd/report_captured.h"
#include "cmd/report_stack.h"
#include "gate/ticket.h"

static const struct run_brief *
read_brief(struct args *a, const char *root, const char *run)
{
	struct run_brief *b = arena_new(a->mem, sizeof(*b));

	runs_brief(a->mem, root, run, b);
	return b;
}

const struct run_brief *
report_brief(
    struct args *a, const char *root, const struct run_names *all, size_t i)
{
	return all->brief[i] ? all->brief[i] : read_brief(a, root, all->at[i]);
}

static int
by_start(const void *a, const void *b)
{
	const struct run_brief *x = *(const struct run_brief *const *)a;
	const struct run_brief *y = *(const struct run_brief *const *)b;

	if (x->started_us != y->started_us)
		return x->started_us < y->started_us ? -1 : 1;
	return strcmp(x->run, y->run);
}

/* Runs of one second, [from, end): only their journals know which was first.
 */
static void
sort_second(struct args *a, const char *root, struct run_names *all,
    size_t from, size_t end)
{
	for (size_t i = from; i < end; i++)
		all->brief[i] = read_brief(a, root, all->at[i]);
	qsort(all->brief + from, end - from, sizeof(*all->brief), by_start);
	for (size_t i = from; i < end; i++)
		all->at[i] = all->brief[i]->run;
}

/* Of names that runs_list() gave. */
static bool
same_second(const char *x, const char *y)
{
	return strncmp(place_time_of(x), place_time_of(y), 15) == 0;
}

/* Where the runs begin that share their second with the one before `end`; they
 * are put in order. */
static size_t
order_second(
    struct args *a, const char *root, struct run_names *all, size_t end)
{
	size_t from = end - 1;

	while (from > 0 && same_second(all->at[from - 1], all->at[end - 1]))
		from--;
	if (end > from + 1)
		sort_second(a, root, all, from, end);
	return from;
}

void
report_order(struct args *a, const char *root, struct run_names *all)
{
	for (size_t end = all->n; end > 0;)
		end = order_second(a, root, all, end);
}

int
report_runs(struct args *a, const char *root, const char *loop,
    struct run_names *out, struct err *e)
{
	if (runs_list(a->mem, root, loop, out, e) < 0)
		return -1;
	report_order(a, root, out);
	return 0;
}

int
report_pick(struct args *a, const char *root, const char *word,
    const char **run, struct err *e)
{
	struct run_names all;

	if (runs_list(a->mem, root, NULL, &all, e) < 0)
		return -1;
	for (size_t i = 0; word && i < all.n; i++) {
		if (strcmp(all.at[i], word) == 0) {
			*run = all.at[i];
			return 0;
		}
	}
	if (word && runs_list(a->mem, root, word, &all, e) < 0)
		return -1;
	if (all.n == 0)
		return word
		    ? err_set(e, ERR_ABSENT,
			  "no run and no runs of a loop '%s' in %s", word, root)
		    : err_set(e, ERR_ABSENT, "no runs in %s", root);
	order_second(a, root, &all, all.n);
	*run = all.at[all.n - 1];
	return 0;
}

int
report_busy(struct args *a, const char *root, const char *run, long long below,
    struct err *e)
{
	struct ticket_seen *seen;
	size_t n;

	if (ticket_list(a->mem, root, &seen, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct ticket_seen *t = &seen[i];

		if (!t->alive || t->number >= below || strcmp(t->run, run) != 0)
			continue;
		return err_set(e, ERR_BUSY,
		    "'%s' is already running, as process %lld ('ll-loop status "
		    "%s' shows where it stands)",
		    run, t->content ? val_num(t->content, "guard", 0) : 0, run);
	}
	return 0;
}

int
report_open(struct args *a, const char *root, const char *run,
    struct run_info *out, struct err *e)
{
	return runs_open(a->mem, root, run, ticket_alive(root, run), out, e);
}

const char *
report_status(const struct run_info *info)
{
	const char *phase = run_phase(info);

	/* What came after a fault in the journal cannot be known. */
	if ((info->unreadable && !info->blank) ||
	    (info->end.state == JOURNAL_CORRUPT && !info->alive))
		return "unknown";
	if (strcmp(phase, "ended") != 0 && strcmp(phase, "parked") != 0)
		return phase;
	return val_str(info->point.end.v, "status", phase);
}

long long
report_steps(const struct run_info *info)
{
	const struct frame *f = point_bottom(&info->point);

	return f ? f->steps : 0;
}

enum paint
report_paint(const char *status)
{
	static const struct {
		const char *word;
		enum paint paint;
	} rows[] = {
		{ "completed", PAINT_GOOD },
		{ "failed", PAINT_BAD },
		{ "died", PAINT_BAD },
		{ "unknown", PAINT_BAD },
		{ "running", PAINT_NOTE },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].word, status) == 0)
			return rows[i].paint;
	return PAINT_WARN;
}

static const struct val *
or_null(struct arena *a, const struct val *v)
{
	return v ? v : val_null(a);
}

static const struct val *
iso(struct arena *a, long long us)
{
	char text[CLOCK_TEXT];

	return us > 0 ? val_text(a, clock_iso(us, text)) : val_null(a);
}

static void
set_counts(
    struct arena *a, struct val *v, const char *key, const struct map *counts)
{
	struct val *out = val_map(a);

	for (size_t i = 0; i < counts->len; i++)
		val_set(
		    a, out, counts->at[i].key, val_int(a, counts->at[i].count));
	if (counts->len)
		val_set(a, v, key, out);
}

/* The members that are there only when they say something. */
static void
set_some(struct arena *a, struct val *v, const struct frame *f, bool context)
{
	struct val *said = val_list(a);

	for (size_t i = 0; i < f->messages.len; i++)
		val_push(a, said, f->messages.at[i].v);
	set_counts(a, v, "retry_counts", &f->retries);
	set_counts(a, v, "edge_revisit_counts", &f->edges);
	set_counts(a, v, "stall_counts", &f->stalls);
	if (f->passes)
		val_set(a, v, "iteration_count", val_int(a, f->passes));
	if (said->list.len)
		val_set(a, v, "messages", said);
	if (context && f->context.v && f->context.v->kind == VAL_MAP &&
	    f->context.v->map.len)
		val_set(a, v, "context", f->context.v);
}

static const char *const journal_words[] = {
	[JOURNAL_WHOLE] = "whole",
	[JOURNAL_TORN] = "torn",
	[JOURNAL_CORRUPT] = "corrupt",
};

/* Of a living run: until now. */
static long long
elapsed_ms(const struct run_info *info)
{
	const struct point *p = &info->point;

	if (!info->alive || p->ended || !p->started_us)
		return p->active_ms;
	return p->since_ms + (clock_wall_us() - p->since_us) / 1000;
}

/* Of who runs it now; a run that was resumed began as another process. */
static const struct val *
pid_of(struct arena *a, const struct run_info *info)
{
	struct err ignored = ERR_INIT;
	const struct val *pid = NULL;
	struct ticket_seen *seen;
	size_t n = 0;

	if (ticket_list(a, info->place.root, &seen, &n, &ignored) < 0)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (seen[i].alive && strcmp(seen[i].run, info->place.run) == 0)
			pid = val_get(seen[i].content, "guard");
	return pid;
}

/* Until when nothing happens by itself, and why. */
static void
set_wait(struct arena *a, struct val *v, const struct run_info *info)
{
	const struct val *wait = point_wait(&info->point);
	long long until = val_num(wait, "until_us", 0);
	char text[CLOCK_TEXT];

	if (!wait ||
	    (strcmp(run_phase(info), "waiting") != 0 &&
		strcmp(run_phase(info), "parked") != 0))
		return;
	if (until > 0)
		val_set(
		    a, v, "waits_until", val_text(a, clock_iso(until, text)));
	val_set(a, v, "waits_because", val_get(wait, "reason"));
	val_set(a, v, "waits_host", val_get(wait, "host"));
}

/* What a run in the background had to say, line by line; NULL: nothing. */
static const struct val *
complaints(struct arena *a, const struct place_run *p)
{
	auto_str text = STR_INIT;
	struct val *list = val_list(a);
	struct sv rest, line;

	place_read_said(p, &text);
	for (rest = str_sv(&text); sv_cut(&rest, '\n', &line);)
		if (line.n)
			val_push(a, list, val_bytes(a, line.p, line.n));
	return list->list.len ? list : NULL;
}

static void
set_ours(struct arena *a, struct val *v, const struct run_info *info)
{
	const struct val *end = info->point.end.v;
	const struct val *queued = info->alive && info->blank
	    ? ticket_says(a, info->place.root, info->place.run)
	    : NULL;

	val_set(a, v, "run", val_text(a, info->place.run));
	val_set(a, v, "elapsed_ms", val_int(a, elapsed_ms(info)));
	val_set(a, v, "phase", val_text(a, run_phase(info)));
	val_set(
	    a, v, "terminated_by", or_null(a, val_get(end, "terminated_by")));
	val_set(a, v, "exit", or_null(a, val_get(end, "exit")));
	val_set(a, v, "resumable", or_null(a, val_get(end, "resumable")));
	if (val_get(end, "error"))
		val_set(a, v, "error", val_get(end, "error"));
	val_set(a, v, "cost", cost_totals(a, &info->point.ledger));
	val_set(a, v, "pid", or_null(a, info->alive ? pid_of(a, info) : NULL));
	set_wait(a, v, info);
	val_set(a, v, "worktree", info->point.worktree.v);
	val_set(a, v, "complaints", complaints(a, &info->place));
	if (val_get(end, "main_tree_changed"))
		val_set(a, v, "main_tree_changed",
		    val_get(end, "main_tree_changed"));
	if (queued)
		val_set(a, v, "waits_for",
		    val_get(val_get(queued, "waits_for"), "run"));
	val_set(a, v, "run_dir", val_text(a, info->place.dir));
	val_set(a, v, "journal", val_text(a, info->place.journal));
	val_set(a, v, "journal_state",
	    val_text(a,
		queued                 ? "none yet"
		    : info->unreadable ? "unreadable"
				       : journal_words[info->end.state]));
	if (queued)
		return;
	if (info->unreadable)
		val_set(a, v, "journal_why", val_text(a, info->why));
	else if (info->end.state != JOURNAL_WHOLE)
		val_set(a, v, "journal_why", val_text(a, info->end.why));
}

const struct val *
report_val(struct arena *a, const struct run_info *info, bool with_context)
{
	const struct point *p = &info->point;
	const struct frame *f = point_bottom(p);
	const char *name = f ? f->loop : place_loop_of(a, info->place.run);
	struct val *v = val_map(a);

	val_set(a, v, "loop_name", name ? val_text(a, name) : val_null(a));
	val_set(a, v, "current_state",
	    f && *f->state ? val_text(a, f->state) : val_null(a));
	val_set(a, v, "iteration", val_int(a, report_steps(info)));
	val_set(a, v, "captured", report_captured(a, &info->place, f));
	val_set(a, v, "prev_result",
	    or_null(a, f ? report_record(a, &info->place, f->prev.v) : NULL));
	val_set(a, v, "last_result", or_null(a, f ? f->last.v : NULL));
	val_set(a, v, "started_at", iso(a, p->started_us));
	val_set(a, v, "updated_at", iso(a, p->updated_us));
	val_set(a, v, "status", val_text(a, report_status(info)));
	val_set(a, v, "accumulated_ms", val_int(a, p->active_ms));
	if (f)
		set_some(a, v, f, with_context);
	set_ours(a, v, info);
	val_set(a, v, "stack", report_stack(a, p));
	val_set(
	    a, v, "parallel", report_parallel(a, p, info->alive && !p->ended));
	return val_copy(a, v);
}
