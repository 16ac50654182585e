/*
 * The rules of the queue, over tickets that were read.  No clocks, no pids:
 * numbers, claims and who started whom.  What cannot be read counts as a
 * claim on everything, since it may be one.
 */
#include "gate/queue.h"

#include <string.h>

#include "base/auto.h"
#include "base/map.h"
#include "base/str.h"
#include "gate/ticket_file.h"

static const struct claim everything = { .text = "everything", .name = true };
static const struct claim the_loop = { .text = "the loop, of which only one "
					       "run may exist at a time",
	.name = true };

static void
read_ancestors(struct arena *a, struct entry *out)
{
	const struct val *list = val_get(out->content, "ancestors");
	size_t n = list && list->kind == VAL_LIST ? list->list.len : 0;
	const char **at = arena_new(a, (n + 1) * sizeof(*at));

	for (size_t i = 0; i < n; i++)
		if (list->list.at[i]->kind == VAL_TEXT)
			at[out->nancestors++] = list->list.at[i]->t.p;
	out->ancestor = at;
}

void
queue_entry(struct arena *a, const struct ticket_seen *seen, struct entry *out)
{
	const struct val *v = seen->content, *single;

	*out = (struct entry) { .run = seen->run,
		.path = seen->path,
		.loop = "?",
		.number = seen->number,
		.content = v,
		.scope = { .all = true } };
	if (!v)
		return;
	single = val_get(v, "singleton");
	out->version = val_num(v, "v", 0);
	out->loop = val_str(v, "loop", "?");
	out->granted = strcmp(val_str(v, "phase", "queued"), "queued") != 0;
	out->single = single && single->kind == VAL_BOOL && single->b;
	if (out->version <= QUEUE_VERSION)
		out->scope = scope_read(a, val_get(v, "scope"));
	read_ancestors(a, out);
}

void
queue_add(struct queue *q, const struct entry *one)
{
	struct entry *at = arena_new(q->mem, (q->n + 1) * sizeof(*at));

	if (q->n)
		memcpy(at, q->at, q->n * sizeof(*at));
	at[q->n++] = *one;
	q->at = at;
}

int
queue_read(
    struct queue *q, const char *dir, enum queue_where where, struct err *e)
{
	struct ticket_seen *seen;
	struct entry *at;
	size_t n;

	if (ticket_look(q->mem, dir, &seen, &n, e) < 0)
		return -1;
	at = arena_new(q->mem, (q->n + n + 1) * sizeof(*at));
	if (q->n)
		memcpy(at, q->at, q->n * sizeof(*at));
	for (size_t i = 0; i < n; i++) {
		if (!seen[i].alive)
			continue;
		queue_entry(q->mem, &seen[i], &at[q->n]);
		at[q->n++].where = where;
	}
	q->at = at;
	return 0;
}

int
queue_of_project(struct queue *q, const char *root, struct err *e)
{
	auto_str dir = STR_INIT;

	ticket_queue_dir(&dir, root);
	return queue_read(q, dir.buf, QUEUE_PROJECT, e);
}

const struct entry *
queue_of(const struct queue *q, const char *run, enum queue_where where)
{
	for (size_t i = 0; i < q->n; i++)
		if (q->at[i].where == where && !q->at[i].foreign &&
		    strcmp(q->at[i].run, run) == 0)
			return &q->at[i];
	return NULL;
}

static bool
is_from(const struct entry *t, const char *run)
{
	for (size_t i = 0; i < t->nancestors; i++)
		if (strcmp(t->ancestor[i], run) == 0)
			return true;
	return false;
}

/* Who of those that started `me` lends it this claim: the nearest. */
static const struct entry *
lender(const struct queue *q, const struct entry *me, const struct claim *c)
{
	for (size_t i = 0; i < me->nancestors; i++) {
		const struct entry *t = queue_of(q, me->ancestor[i], me->where);

		for (size_t k = 0; t && k < t->scope.n; k++)
			if (claim_covers(&t->scope.at[k], c))
				return t;
	}
	return NULL;
}

static const struct claim *
first_overlap(
    const struct queue *q, const struct entry *t, const struct entry *me)
{
	for (size_t i = 0; i < me->scope.n; i++) {
		const struct entry *from = lender(q, me, &me->scope.at[i]);

		if (from && !is_from(t, from->run))
			continue;
		for (size_t k = 0; k < t->scope.n; k++)
			if (claim_overlaps(&t->scope.at[k], &me->scope.at[i]))
				return &t->scope.at[k];
	}
	return NULL;
}

const struct claim *
queue_blocks(
    const struct queue *q, const struct entry *t, const struct entry *me)
{
	if (t->where != me->where || strcmp(t->run, me->run) == 0 ||
	    is_from(me, t->run) || (t->number > me->number && !t->granted))
		return NULL;
	if (t->single && me->single && strcmp(t->loop, me->loop) == 0)
		return &the_loop;
	if (!me->scope.n)
		return NULL;
	return t->scope.all ? &everything : first_overlap(q, t, me);
}

bool
queue_blocked(
    const struct queue *q, const struct entry *me, struct blocked *out)
{
	struct blocked b = { 0 };

	for (size_t i = 0; i < q->n; i++) {
		const struct entry *t = &q->at[i];
		const struct claim *c = queue_blocks(q, t, me);

		if (!c)
			continue;
		b.ahead++;
		b.running += t->granted;
		if (t->granted && !b.holder) {
			b.holder = t;
			b.held = c;
		}
		if (!b.by || t->number >= b.by->number) {
			b.by = t;
			b.claim = c;
		}
	}
	*out = b;
	return b.by != NULL;
}

/* ---- circles ---- */

struct search {
	const struct queue *q;
	const struct entry *me;
	struct map seen; /* runs */
	struct str said; /* the way back, built from its end */
};

static bool
is_end(const struct search *s, const char *run)
{
	return strcmp(run, s->me->run) == 0 || is_from(s->me, run);
}

static bool visit(struct search *, const char *run, const char *how);

static bool
visit_blockers(struct search *s, const struct entry *t)
{
	for (size_t i = 0; !t->granted && i < s->q->n; i++)
		if (queue_blocks(s->q, &s->q->at[i], t) &&
		    visit(s, s->q->at[i].run, "waits for"))
			return true;
	return false;
}

/* From this run on: is there a way back to us? */
static bool
visit(struct search *s, const char *run, const char *how)
{
	auto_str rest = STR_INIT;
	bool found = is_end(s, run);

	if (!found && map_get(&s->seen, run))
		return false;
	map_put(&s->seen, run);
	for (size_t i = 0; !found && i < s->q->n; i++) {
		const struct entry *t = &s->q->at[i];

		if (strcmp(t->run, run) == 0)
			found = visit_blockers(s, t);
		else if (t->nancestors && strcmp(t->ancestor[0], run) == 0)
			found = visit(s, t->run, "has started");
	}
	if (!found)
		return false;
	str_addf(&rest, " %s '%s'", how, run);
	if (s->said.len)
		str_addf(&rest, ", which%s", s->said.buf);
	str_reset(&s->said);
	str_adds(&s->said, rest.buf);
	return true;
}

const char *
queue_circle(const struct queue *q, const struct entry *me)
{
	struct search s = {
		.q = q, .me = me, .seen = MAP_INIT, .said = STR_INIT
	};
	const char *said = NULL;

	if (visit_blockers(&s, me))
		said = arena_printf(q->mem, "this run%s%s", s.said.buf,
		    me->nancestors ? ", which has started this one" : "");
	map_release(&s.seen);
	str_release(&s.said);
	return said;
}
