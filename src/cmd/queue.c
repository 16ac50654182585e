/*
 * queue: who waits, for whom and for what; and asking one to leave.  Nothing
 * of others is written: a waiter that is asked gives its ticket back itself.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/path.h"
#include "base/when.h"
#include "cmd/cmd.h"
#include "gate/queue.h"
#include "show/span.h"
#include "show/table.h"
#include "text/json.h"

enum { LEAVE_MS = 5000, PREFIX_MIN = 4 };

struct queue_opts {
	bool json, force;
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print JSON",
	  .at = offsetof(struct queue_opts, json) },
	{ .type = OPT_FLAG, .name = "force",
	  .help = "remove: kill it when it does not leave",
	  .at = offsetof(struct queue_opts, force) },
};
/* clang-format on */

/* One that waits, and why. */
struct waiter {
	const struct entry *at;
	const char *run, *loop, *claim; /* of the one it waits for */
	size_t place;
	bool stopped;
	long long ms; /* how long it has waited */
};

/* A lease of the reference or a ticket of the user's queue is not among these
 * tickets: then it is told as the waiter last saw it. */
static void
find_reason(const struct queue *q, struct waiter *w)
{
	const struct val *said = val_get(w->at->content, "waits_for");
	struct blocked b;

	w->place = 1;
	w->run = val_str(said, "run", "");
	w->loop = val_str(said, "loop", "");
	w->claim = val_str(said, "claim", "");
	if (!queue_blocked(q, w->at, &b))
		return;
	w->run = b.by->run;
	w->loop = b.by->loop;
	w->claim = b.claim->text;
	w->place += b.ahead - b.running;
}

static struct waiter
waiter_of(const struct queue *q, const struct entry *t)
{
	struct waiter w = { .at = t };
	struct proc p;
	long long us;

	find_reason(q, &w);
	w.stopped = ticket_process(t->content, "guard", &p) && p.stopped;
	if (when_time(sv(val_str(t->content, "drawn_at", "")), &us))
		w.ms = (clock_wall_us() - us) / 1000;
	return w;
}

/* ---- list ---- */

static const struct val *
waiter_val(struct arena *a, const struct waiter *w)
{
	struct val *v = val_map(a), *context = val_map(a);
	struct val *scope = val_list(a);
	const struct entry *t = w->at;

	for (size_t i = 0; i < t->scope.n; i++)
		val_push(a, scope, val_text(a, t->scope.at[i].text));
	val_set(a, v, "id", val_text(a, t->run));
	val_set(a, v, "loopName", val_text(a, t->loop));
	val_set(a, v, "enqueuedAt",
	    val_text(a, val_str(t->content, "drawn_at", "")));
	val_set(a, context, "waitingFor", val_text(a, w->loop));
	val_set(a, context, "scope", scope);
	val_set(a, context, "pid", val_get(t->content, "guard"));
	val_set(a, v, "context", context);
	val_set(a, v, "number", val_int(a, t->number));
	val_set(a, v, "place", val_int(a, (long long)w->place));
	val_set(a, v, "waits_for", val_text(a, w->run));
	val_set(a, v, "claim", val_text(a, w->claim));
	val_set(a, v, "waited_ms", val_int(a, w->ms));
	val_set(a, v, "stopped", val_bool(a, w->stopped));
	return v;
}

static void
add_row(struct args *a, struct table *t, const struct waiter *w)
{
	const char *path = path_inside(w->claim, cmd_root(a));
	char span[SPAN_TEXT];

	table_add(t, arena_printf(a->mem, "%zu", w->place));
	table_add(t, w->at->run);
	table_add_paint(t, w->stopped ? PAINT_WARN : PAINT_NONE,
	    w->stopped ? "stopped" : "waiting");
	table_add(t, arena_strdup(a->mem, span_whole(w->ms, span)));
	table_add(t, *w->run ? w->run : "?");
	table_add(t, *path ? path : ".");
}

static int
list(const struct queue_opts *o, struct args *a, struct err *e)
{
	static const struct table_col cols[] = {
		{ "PLACE", PAINT_NONE, true },
		{ "RUN", PAINT_BOLD, false },
		{ "PHASE", PAINT_NONE, false },
		{ "FOR", PAINT_NONE, false },
		{ "BEHIND", PAINT_NONE, false },
		{ "CLAIM", PAINT_NONE, false },
	};
	struct table t = { .cols = cols, .ncols = COUNT(cols) };
	struct val *doc = val_list(a->mem);
	struct queue q = { .mem = a->mem };

	if (queue_of_project(&q, cmd_root(a), e) < 0)
		return -1;
	for (size_t i = 0; i < q.n; i++) {
		struct waiter w;

		if (q.at[i].granted || !q.at[i].content)
			continue;
		w = waiter_of(&q, &q.at[i]);
		val_push(a->mem, doc, waiter_val(a->mem, &w));
		add_row(a, &t, &w);
	}
	if (o->json) {
		json_write(&a->out->buf, doc, JSON_PRETTY);
		str_addc(&a->out->buf, '\n');
	} else if (doc->list.len) {
		table_show(&t, a->out);
	} else {
		str_adds(&a->out->buf, "Queue is empty\n");
	}
	table_release(&t);
	return 0;
}

/* ---- remove ---- */

static bool
is_meant(const struct entry *t, const char *id, bool whole)
{
	long long number;

	if (strcmp(t->run, id) == 0 ||
	    (sv_to_long(sv(id), 1, 99999999, &number) && number == t->number))
		return true;
	return !whole && strlen(id) >= PREFIX_MIN &&
	    strncmp(t->run, id, strlen(id)) == 0;
}

static int
pick(const struct queue *q, const char *id, const struct entry **out,
    struct err *e)
{
	const struct entry *found = NULL;
	size_t n = 0;

	for (int whole = 1; !n && whole >= 0; whole--)
		for (size_t i = 0; i < q->n; i++)
			if (is_meant(&q->at[i], id, whole)) {
				found = &q->at[i];
				n++;
			}
	if (n > 1)
		return err_set(e, ERR_USAGE,
		    "'%s' could be %zu of the runs in the queue", id, n);
	if (!n)
		return err_set(e, ERR_ABSENT, "no queued run '%s'", id);
	if (found->granted)
		return err_set(e, ERR_USAGE,
		    "run '%s' does not wait any more, it runs", found->run);
	*out = found;
	return 0;
}

/* Until the process is gone. */
static bool
is_gone(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };

	return poll(&p, 1, LEAVE_MS) > 0;
}

static int
end(const struct entry *t, bool force, struct err *e)
{
	auto_fd int fd = -1;
	struct proc p;

	if (!ticket_process(t->content, "guard", &p) ||
	    (fd = pidfd_open(p.pid, 0)) < 0)
		return err_set(e, ERR_BUSY,
		    "run '%s' cannot be reached from here (another container "
		    "or machine?)",
		    t->run);
	if (pidfd_send_signal(fd, SIGTERM, NULL, 0) < 0)
		return errno == ESRCH
		    ? 0
		    : err_sys(e, "ask process %d", (int)p.pid);
	(void)!pidfd_send_signal(fd, SIGCONT, NULL, 0);
	if (is_gone(fd))
		return 0;
	if (!force)
		return err_set(e, ERR_BUSY,
		    "run '%s' has not left within %d s; --force kills it",
		    t->run, LEAVE_MS / 1000);
	(void)!pidfd_send_signal(fd, SIGKILL, NULL, 0);
	return is_gone(fd)
	    ? 0
	    : err_set(e, ERR_BUSY, "process %d does not die", (int)p.pid);
}

static int
leave(const struct queue_opts *o, struct args *a, const char *id, struct err *e)
{
	const struct entry *t = NULL;
	struct val *v = val_map(a->mem);
	struct queue q = { .mem = a->mem };

	if (queue_of_project(&q, cmd_root(a), e) < 0 ||
	    pick(&q, id, &t, e) < 0 || end(t, o->force, e) < 0)
		return -1;
	if (!o->json) {
		str_addf(&a->out->buf, "Removed '%s' from the queue\n", t->run);
		return 0;
	}
	val_set(a->mem, v, "id", val_text(a->mem, t->run));
	val_set(a->mem, v, "removed", val_bool(a->mem, true));
	val_set(a->mem, v, "signaled", val_bool(a->mem, true));
	val_set(a->mem, v, "identityVerified", val_bool(a->mem, true));
	val_set(a->mem, v, "pid", val_get(t->content, "guard"));
	json_write(&a->out->buf, v, JSON_PRETTY);
	str_addc(&a->out->buf, '\n');
	return 0;
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct queue_opts *o = given;

	if (strcmp(a->at[0], "list") == 0 && a->n == 1)
		return list(o, a, e);
	if (strcmp(a->at[0], "remove") == 0 && a->n == 2)
		return leave(o, a, a->at[1], e);
	return err_set(e, ERR_USAGE, "'queue' takes 'list' or 'remove RUN'");
}

const struct cmd cmd_queue = {
	.name = "queue",
	.usage = "[options] list | remove RUN",
	.summary = "show who waits for its turn, or ask one to leave",
	.more = "RUN is the name of a queued run, the beginning of one, or its "
		"number.",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct queue_opts),
	.min = 1,
	.max = 2,
	.run = run,
};
