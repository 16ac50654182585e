/*
 * Drawing and deciding.  Whatever is decided is written into the tickets
 * before the locks are let go: a run that may begin says "running" in the
 * moment of the decision, so that nobody decides by what is no longer so.
 */
#include "gate/turn.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "gate/lease.h"
#include "gate/ticket_file.h"
#include "gate/turn_part.h"
#include "os/proc.h"

/* The user's first: two projects may meet there. */
static const enum queue_where order[] = { QUEUE_USER, QUEUE_PROJECT };

void
turn_unlock(struct turn_locks *l)
{
	for (int i = 0; i < QUEUES; i++)
		auto_close_fd(&l->fd[i]);
}

int
turn_lock(const struct turn *t, struct turn_locks *out, struct err *e)
{
	struct turn_locks l = { { -1, -1 } };

	for (size_t i = 0; i < COUNT(order); i++) {
		const char *dir = t->dir[order[i]];

		if (!dir)
			continue;
		l.fd[order[i]] = ticket_lock(dir, e);
		if (l.fd[order[i]] < 0) {
			turn_unlock(&l);
			return -1;
		}
	}
	*out = l;
	return 0;
}

/* ---- looking and deciding ---- */

/* Whoever has no number yet comes after all. */
static struct entry
entry_of(const struct turn *t, enum queue_where where)
{
	long long number = ticket_number(t->ticket[where]);

	return (struct entry) {
		.where = where,
		.run = t->spec.run,
		.loop = t->spec.loop,
		.number = number ? number : LLONG_MAX,
		.single = t->spec.single && !t->spec.open,
		.scope = t->scope[where],
		.ancestor = t->ancestor,
		.nancestors = t->nancestors,
	};
}

static int
read_all(struct turn *t, struct err *e)
{
	arena_reset(&t->look);
	t->queue = (struct queue) { .mem = &t->look };
	for (int i = 0; i < QUEUES; i++)
		if (t->dir[i] &&
		    (ticket_survey(t->ticket[i], e) < 0 ||
			queue_read(
			    &t->queue, t->dir[i], (enum queue_where)i, e) < 0))
			return -1;
	return lease_read(&t->queue, t->spec.root, e);
}

/* The nearest of all that are in the way, over both queues. */
static void
decide(struct turn *t)
{
	struct turn_news n = { .granted = true };

	for (int i = 0; i < QUEUES; i++) {
		struct entry me;
		struct blocked b;

		if (!t->dir[i])
			continue;
		me = entry_of(t, (enum queue_where)i);
		if (!queue_blocked(&t->queue, &me, &b))
			continue;
		n.granted = false;
		n.ahead += b.ahead;
		n.running += b.running;
		n.by = b.by;
		n.claim = b.claim;
		if (b.holder) {
			n.holder = b.holder;
			n.held = b.held;
		}
	}
	t->news = n;
}

static int
begin_lease(struct turn *t, struct err *e)
{
	const struct lease l = {
		.root = t->spec.root,
		.run = t->spec.run,
		.loop = t->spec.loop,
		.scope = &t->scope[QUEUE_PROJECT],
		.single = t->spec.single,
		.facts = t->facts,
	};

	t->lease = true;
	return lease_put(&l, e);
}

static void
note_since(struct turn *t)
{
	char now[CLOCK_TEXT];

	if (t->news.granted)
		t->since =
		    arena_strdup(&t->mem, clock_iso(clock_wall_us(), now));
}

/* With the reference's lock too: between the look and the lease that tells
 * of us it must not begin anything. */
static int
look(struct turn *t, struct err *e)
{
	if (read_all(t, e) < 0)
		return -1;
	decide(t);
	note_since(t);
	if (!t->news.granted || t->spec.open)
		return 0;
	return begin_lease(t, e);
}

static int
look_barred(struct turn *t, struct err *e)
{
	auto_fd int bar = t->spec.open ? -1 : lease_bar(t->spec.root, e);

	return bar < 0 && !t->spec.open ? -1 : look(t, e);
}

int
turn_look(struct turn *t, struct err *e)
{
	for (int i = 0; i < QUEUES; i++)
		if (t->dir[i] && !ticket_is_there(t->ticket[i]))
			return err_set(e, ERR_BUSY,
			    "the ticket of this run was taken out of %s",
			    t->dir[i]);
	return look_barred(t, e) < 0 ? -1 : turn_write(t, e);
}

/* ---- drawing ---- */

/* Those that we were started by, as far as their tickets live. */
static void
find_ancestors(struct turn *t)
{
	struct turn_spec *s = &t->spec;
	const char **up, *path;
	struct ticket_seen seen = { .run = s->parent };
	struct entry of;
	auto_fd int fd = -1;

	path = s->parent
	    ? ticket_path(
		  &t->mem, s->parent_root ? s->parent_root : s->root, s->parent)
	    : NULL;
	if (!path) {
		s->parent = NULL;
		return;
	}
	fd = ticket_open(path, O_RDONLY);
	seen.content = fd < 0 ? NULL : ticket_content(&t->mem, fd);
	if (seen.content && seen.content->kind != VAL_MAP)
		seen.content = NULL;
	turn_note_above(t, seen.content);
	queue_entry(&t->mem, &seen, &of);
	up = arena_new(&t->mem, (of.nancestors + 1) * sizeof(*up));
	up[0] = s->parent;
	for (size_t i = 0; i < of.nancestors; i++)
		up[i + 1] = of.ancestor[i];
	t->ancestor = up;
	t->nancestors = of.nancestors + 1;
}

static int
open_queues(struct turn *t, struct err *e)
{
	struct turn_spec *s = &t->spec;
	const struct scope none = { 0 };
	const struct scope *all = s->open ? &none : s->scope;
	auto_str dir = STR_INIT;

	ticket_queue_dir(&dir, s->root);
	t->dir[QUEUE_PROJECT] = arena_strdup(&t->mem, dir.buf);
	t->scope[QUEUE_PROJECT] = scope_part(&t->mem, all, false);
	t->scope[QUEUE_USER] = scope_part(&t->mem, all, true);
	if (t->scope[QUEUE_USER].n) {
		if (!s->users)
			return err_set(e, ERR_INPUT,
			    "'%s' needs $XDG_STATE_HOME or $HOME",
			    t->scope[QUEUE_USER].at[0].text);
		t->dir[QUEUE_USER] = arena_strdup(&t->mem, s->users);
	}
	for (int i = 0; i < QUEUES; i++)
		if (t->dir[i] && !(t->ticket[i] = ticket_new(t->dir[i], e)))
			return -1;
	return 0;
}

static int
check_circle(struct turn *t, struct err *e)
{
	for (int i = 0; i < QUEUES; i++) {
		struct entry me;
		const char *said;

		if (!t->dir[i])
			continue;
		me = entry_of(t, (enum queue_where)i);
		said = queue_circle(&t->queue, &me);
		if (said)
			return err_set(
			    e, ERR_BUSY, "waiting would never end: %s", said);
	}
	return 0;
}

/* With the locks. */
static int
decide_first(struct turn *t, struct err *e)
{
	if (look_barred(t, e) < 0)
		return -1;
	if (t->news.granted)
		return TURN_GRANTED;
	if (!t->spec.waits)
		return TURN_BUSY;
	return check_circle(t, e) < 0 ? -1 : TURN_QUEUED;
}

static int
publish(struct turn *t, struct err *e)
{
	auto_arena a = ARENA_INIT;

	for (int i = 0; i < QUEUES; i++)
		if (t->dir[i] &&
		    ticket_publish(t->ticket[i], t->spec.run,
			turn_content(t, &a, (enum queue_where)i), e) < 0)
			return -1;
	return 0;
}

int
turn_draw(struct turn *t, struct err *e)
{
	struct turn_locks locks;
	int rc;

	find_ancestors(t);
	if (open_queues(t, e) < 0 || turn_lock(t, &locks, e) < 0)
		return -1;
	rc = decide_first(t, e);
	if ((rc == TURN_GRANTED || rc == TURN_QUEUED) && publish(t, e) < 0)
		rc = -1;
	turn_unlock(&locks);
	return rc;
}

struct turn *
turn_new(const struct turn_spec *spec)
{
	struct turn *t = mem_new(sizeof(*t));
	char now[CLOCK_TEXT];

	*t = (struct turn) { .spec = *spec, .guard = getpid() };
	t->drawn_at = arena_strdup(&t->mem, clock_iso(clock_wall_us(), now));
	t->facts = turn_facts(&t->mem, t->guard);
	return t;
}

const struct turn_news *
turn_news(const struct turn *t)
{
	return &t->news;
}

/* ---- what is held ---- */

struct ticket *
turn_ticket(struct turn *t, enum queue_where where)
{
	return t->ticket[where];
}

int
turn_moved(struct turn *t, struct err *e)
{
	struct turn_locks locks;
	int rc;

	if (t->guard == getpid())
		return 0;
	if (turn_lock(t, &locks, e) < 0)
		return -1;
	t->guard = getpid();
	t->facts = turn_facts(&t->mem, t->guard);
	rc = turn_write(t, e);
	if (rc == 0 && t->lease)
		rc = begin_lease(t, e);
	turn_unlock(&locks);
	return rc;
}

int
turn_engine(struct turn *t, pid_t engine, struct err *e)
{
	struct turn_locks locks;
	int rc = turn_lock(t, &locks, e);

	if (rc < 0)
		return -1;
	t->engine = engine;
	rc = turn_write(t, e);
	turn_unlock(&locks);
	return rc;
}

static void
drop(struct turn *t, void (*let)(struct ticket *))
{
	if (!t)
		return;
	for (int i = 0; i < QUEUES; i++)
		let(t->ticket[i]);
	arena_release(&t->look);
	arena_release(&t->mem);
	free(t);
}

void
turn_leave(struct turn *t)
{
	drop(t, ticket_leave);
}

void
turn_free(struct turn *t)
{
	/* The reference may begin when this is gone: before the ticket, or
	 * another of ours would already have written its own. */
	if (t && t->lease)
		lease_drop(t->spec.root, t->spec.run);
	drop(t, ticket_free);
}

const char *
turn_users_dir(struct arena *a)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state && *state == '/')
		return arena_printf(a, "%s/ll-loop/queue", state);
	return home && *home == '/'
	    ? arena_printf(a, "%s/.local/state/ll-loop/queue", home)
	    : NULL;
}
