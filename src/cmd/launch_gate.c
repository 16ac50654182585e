/*
 * At the gate.  Whoever has to wait is told for whom and why in a line, and
 * again only when that has changed.
 */
#include "cmd/launch_gate.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/path.h"
#include "base/str.h"
#include "base/when.h"
#include "guard/sweep.h"
#include "os/tree.h"
#include "show/span.h"

/* ---- what is said ---- */

static void
add_claim(struct str *out, const struct launch_gate *g, const struct claim *c)
{
	const char *root = g->claims.root;
	const char *path = path_inside(c->text, root);

	if (c->name)
		str_adds(out, c->text);
	else if (strcmp(c->text, root) == 0 || !*path)
		str_adds(out, "the whole project");
	else
		str_addf(out, "'%s'", path);
}

static void
add_who(struct str *out, const struct entry *t)
{
	if (t->foreign)
		str_addf(out, "loop '%s' (process %lld, %s)", t->loop, t->pid,
		    "by its lease file");
	else if (t->version > QUEUE_VERSION)
		str_addf(out,
		    "run '%s' of a newer ll-loop (its ticket is of version "
		    "%lld)",
		    t->run, t->version);
	else
		str_addf(out, "run '%s'", t->run);
}

/* "has 'src' for 2m 5s", "waits for 'src' too, and was there before" */
static void
add_how(struct str *out, const struct launch_gate *g, const struct entry *t,
    const struct claim *c)
{
	const char *since =
	    val_str(t->content, t->foreign ? "started_at" : "since", "");
	char span[SPAN_TEXT];
	long long us;

	str_adds(out, t->granted ? " has " : " waits for ");
	add_claim(out, g, c);
	if (t->granted && when_time(sv(since), &us))
		str_addf(out, " for %s",
		    span_text((clock_wall_us() - us) / 1000, span));
	if (!t->granted)
		str_adds(out, " too, and was there before");
}

static int
refuse(const struct launch_gate *g, struct err *e)
{
	const struct turn_news *n = turn_news(g->turn);
	const struct entry *t = n->holder ? n->holder : n->by;
	size_t waiting = n->ahead - n->running;
	auto_str text = STR_INIT;

	add_who(&text, t);
	add_how(&text, g, t, n->holder ? n->held : n->claim);
	if (n->holder && waiting)
		str_addf(&text, ", and %zu more wait%s for it", waiting,
		    waiting == 1 ? "s" : "");
	return err_set(e, ERR_BUSY, "busy: %s (--queue waits)", text.buf);
}

static void
say_wait(void *self, const struct turn_news *n)
{
	const struct launch_gate *g = self;
	auto_str text = STR_INIT;

	if (g->silent)
		return;
	str_addf(&text,
	    "queued, number %zu in the queue: ", n->ahead - n->running + 1);
	add_who(&text, n->by);
	add_how(&text, g, n->by, n->claim);
	out_text(g->args->said, text.buf, text.len, 0);
	str_addc(&g->args->said->buf, '\n');
	out_flush(g->args->said);
}

static void
say_swept(const struct launch_gate *g, const struct sweep_told *told)
{
	if (told->ended)
		cmd_complain(g->args,
		    "ended %zu process%s that run '%s', which was killed, had "
		    "left",
		    told->ended, told->ended == 1 ? "" : "es", told->run);
}

/* ---- the gate ---- */

/* Ctrl-Z while there is nothing of the run but its ticket. */
static void
halt(void *self)
{
	(void)self;
	tree_pause();
}

static void
set_aside(struct launch_gate *g)
{
	struct claim *rest =
	    arena_new(g->args->mem, (g->scope.n + 1) * sizeof(*rest));
	size_t n = 0;

	for (size_t i = 0; i < g->scope.n; i++) {
		const struct claim *c = &g->scope.at[i];

		if (c->name ||
		    (strcmp(c->text, g->aside) != 0 &&
			path_inside(c->text, g->aside) == c->text))
			rest[n++] = *c;
	}
	g->scope.at = rest;
	g->scope.n = n;
}

static int
draw(struct launch_gate *g, struct err *e)
{
	const char *parent = getenv("LL_RUN_ID");
	const struct turn_spec spec = {
		.root = g->claims.root,
		.users = turn_users_dir(g->args->mem),
		.run = g->run,
		.loop = g->claims.loop->name,
		.scope = &g->scope,
		.single = g->claims.loop->singleton,
		.parent = parent && *parent ? parent : NULL,
		.parent_root = getenv("LL_ROOT"),
		.waits = g->waits,
		.open = g->open,
	};

	if (claims_make(&g->claims, g->args->mem, &g->scope, e) < 0)
		return -1;
	if (g->aside)
		set_aside(g);
	g->turn = turn_new(&spec);
	return turn_draw(g->turn, e);
}

static int
await(struct launch_gate *g, struct err *e)
{
	const struct turn_wait how = { .sig = g->sig,
		.limit_ms = g->limit_ms,
		.changed = say_wait,
		.self = g };

	int rc;

	if (g->queued &&
	    (g->queued(g->self, e) < 0 || turn_moved(g->turn, e) < 0))
		return -1;
	g->sig->pause = halt;
	rc = turn_wait(g->turn, &how, e);
	g->sig->pause = NULL;
	return rc;
}

/* Those in a queue whose runs were killed: what they left may be at work. */
static int
sweep(struct launch_gate *g, enum queue_where where, struct err *e)
{
	struct sweep_told told = { 0 };
	struct sweep_spec spec = {
		.root = g->claims.root,
		.ticket = turn_ticket(g->turn, where),
		.grace_ms = g->grace_ms,
		.sig = g->sig,
	};
	int rc = spec.ticket ? sweep_dead(&spec, &told, e) : 0;

	if (g->sig->stop)
		return 128 + g->sig->stop;
	say_swept(g, &told);
	return rc;
}

int
launch_gate(struct launch_gate *g, struct err *e)
{
	int rc = draw(g, e);
	pid_t above[2];

	if (g->turn) {
		turn_above(g->turn, above);
		sig_above(above);
	}
	if (rc == TURN_BUSY)
		return refuse(g, e);
	if (rc >= 0 && g->drawn && g->drawn(g->self, e) < 0)
		return -1;
	if (rc == TURN_QUEUED)
		rc = await(g, e);
	if (rc == 0)
		rc = sweep(g, QUEUE_PROJECT, e);
	if (rc == 0)
		rc = sweep(g, QUEUE_USER, e);
	/* What came in the last moment: before anything has run. */
	while (sig_next(g->sig))
		;
	return rc == 0 && g->sig->stop ? 128 + g->sig->stop : rc;
}
