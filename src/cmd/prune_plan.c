/*
 * Which runs go: not the newest N of a loop, not the younger ones, never a
 * live one, and without --force none that could be resumed.  Two records say
 * what a run is; sizes are measured.  Nothing is changed here.
 */
#include "cmd/prune_plan.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "cmd/report.h"
#include "show/bytes.h"
#include "show/table.h"
#include "text/json.h"

/* How long a directory without a journal may be a run that begins. */
#define BIRTH_US (3600LL * 1000000)

static const struct {
	const char *word, *text;
} stays[STAYS] = {
	[GOES] = { "goes", "" },
	[NEW] = { "kept", "" },
	[LIVE] = { "live", "live" },
	[RESUMABLE] = { "resumable", "resumable (--force takes them too)" },
	[DAMAGED] = { "damaged",
	    "with a damaged journal (--force takes them too)" },
};

/* ---- what goes ---- */

static bool
is_live(const struct prune *p, const char *run)
{
	for (size_t i = 0; i < p->ntickets; i++)
		if (p->tickets[i].alive && strcmp(p->tickets[i].run, run) == 0)
			return true;
	return false;
}

/* What its two records say of it; the rest of its journal is not asked. */
static enum prune_stay
condition(struct prune_run *c, const struct run_brief *b)
{
	if (!b->why && val_num(b->start, "v", 1) > 1) {
		c->status = "unknown";
		return DAMAGED;
	}
	if (b->end) {
		const struct val *v = val_get(b->end, "resumable");

		c->status = val_str(b->end, "status", "ended");
		return v && v->kind == VAL_BOOL && v->b ? RESUMABLE : GOES;
	}
	if (!b->why) {
		c->status = "died";
		return RESUMABLE;
	}
	/* Killed before its first record: there is nothing to resume. */
	c->status = "died";
	if (access(c->place.journal, F_OK) < 0 && errno == ENOENT)
		return clock_wall_us() - c->last_us < BIRTH_US ? LIVE : GOES;
	c->status = "unknown";
	return DAMAGED;
}

static void
look(struct prune *p, const char *run, struct prune_run *c)
{
	struct arena *a = p->args->mem;
	struct run_brief b;

	runs_brief(a, p->root, run, &b);
	place_of(a, p->root, run, &c->place);
	c->loop = b.loop;
	c->last_us = b.updated_us ? b.updated_us : place_time_us(run);
	c->stay = condition(c, &b);
	if (is_live(p, run)) {
		c->stay = LIVE;
		c->status = "running";
	}
	prune_measure(&c->place, 0, &c->size);
}

/* Newer runs of the same loop, which come later in the list. */
static long long
newer(const struct prune *p, size_t i)
{
	long long n = 0;

	for (size_t k = i + 1; k < p->n; k++)
		n += strcmp(p->at[k].loop, p->at[i].loop) == 0;
	return n;
}

static void
decide(struct prune *p, size_t i)
{
	struct prune_run *c = &p->at[i];

	if (p->name && strcmp(p->name, c->loop) != 0 &&
	    strcmp(place_name(p->args->mem, p->name),
		place_loop_of(p->args->mem, c->place.run)) != 0)
		c->stay = NEW;
	else if (p->o->keep >= 0 && newer(p, i) < p->o->keep)
		c->stay = NEW;
	else if (p->o->older && c->last_us >= p->before_us)
		c->stay = NEW;
	else if (p->o->force && c->stay != LIVE)
		c->stay = GOES;
	p->counts[c->stay]++;
	if (c->stay == GOES)
		p->going_bytes += c->size.bytes;
	else
		p->staying_bytes += c->size.bytes;
}

int
prune_plan(struct prune *p, struct err *e)
{
	struct run_names all;
	struct arena *a = p->args->mem;

	if (ticket_list(a, p->root, &p->tickets, &p->ntickets, e) < 0 ||
	    runs_claimed(a, p->root, &all, e) < 0)
		return -1;
	report_order(p->args, p->root, &all);
	p->n = all.n;
	p->at = arena_new(a, (all.n + 1) * sizeof(*p->at));
	for (size_t i = 0; i < p->n; i++)
		look(p, all.at[i], &p->at[i]);
	for (size_t i = 0; i < p->n; i++)
		decide(p, i);
	p->going = p->counts[GOES];
	return 0;
}

/* ---- what is said ---- */

static void
say_table(struct prune *p)
{
	static const struct table_col cols[] = {
		{ "RUN", PAINT_NONE, false },
		{ "STATUS", PAINT_NONE, false },
		{ "SIZE", PAINT_NONE, true },
	};
	struct table t = { .cols = cols, .ncols = COUNT(cols) };
	struct arena *a = p->args->mem;
	char text[BYTES_TEXT];

	for (size_t i = 0; i < p->n; i++) {
		const struct prune_run *c = &p->at[i];

		if (c->stay != GOES)
			continue;
		table_add(&t, c->place.run);
		table_add_paint(&t, report_paint(c->status), c->status);
		table_add(&t, arena_strdup(a, bytes_text(c->size.bytes, text)));
	}
	if (p->going)
		table_show(&t, p->args->out);
	table_release(&t);
}

void
prune_say(struct prune *p)
{
	struct out *o = p->args->out;
	char going[BYTES_TEXT], staying[BYTES_TEXT];

	say_table(p);
	bytes_text(p->going_bytes, going);
	bytes_text(p->staying_bytes, staying);
	if (p->going)
		str_addf(&o->buf, "%zu run%s, %s; %zu run%s with %s stay%s\n",
		    p->going, p->going == 1 ? "" : "s", going, p->n - p->going,
		    p->n - p->going == 1 ? "" : "s", staying,
		    p->n - p->going == 1 ? "s" : "");
	else
		str_addf(&o->buf,
		    "Nothing to prune; %zu run%s with %s stay%s\n", p->n,
		    p->n == 1 ? "" : "s", staying, p->n == 1 ? "s" : "");
	for (int i = LIVE; i < STAYS; i++)
		if (p->counts[i])
			out_paintf(o, PAINT_DIM, "  %zu %s\n", p->counts[i],
			    stays[i].text);
}

static const struct val *
candidate_val(struct arena *a, const struct prune_run *c)
{
	struct val *v = val_map(a);
	char iso[CLOCK_TEXT];

	val_set(a, v, "run_id", val_text(a, c->place.run));
	val_set(a, v, "loop", val_text(a, c->loop));
	val_set(a, v, "status", val_text(a, c->status));
	val_set(a, v, "updated_at", val_text(a, clock_iso(c->last_us, iso)));
	val_set(a, v, "bytes", val_int(a, c->size.bytes));
	if (c->stay == GOES)
		val_set(a, v, "removed", val_bool(a, c->gone));
	else
		val_set(a, v, "why", val_text(a, stays[c->stay].word));
	return v;
}

void
prune_say_json(struct prune *p)
{
	struct arena *a = p->args->mem;
	struct val *v = val_map(a), *runs = val_list(a), *kept = val_list(a);

	for (size_t i = 0; i < p->n; i++)
		val_push(a, p->at[i].stay == GOES ? runs : kept,
		    candidate_val(a, &p->at[i]));
	val_set(a, v, "runs", runs);
	val_set(a, v, "bytes", val_int(a, p->going_bytes));
	val_set(a, v, "kept", kept);
	val_set(a, v, "kept_bytes", val_int(a, p->staying_bytes));
	json_write(&p->args->out->buf, v, JSON_PRETTY);
	str_addc(&p->args->out->buf, '\n');
}
