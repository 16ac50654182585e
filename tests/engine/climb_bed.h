/*
 * A run whose actor plays a script and whose clock jumps to where a rest ends;
 * it can be cut after any of its records and go on.
 */
#ifndef TESTS_ENGINE_CLIMB_BED_H
#define TESTS_ENGINE_CLIMB_BED_H

#include "base/clock.h"
#include "engine/engine_bed.h"
#include "loop/event.h"
#include "text/json.h"

enum { LINES_MAX = 100, DAY_MS = 24 * 3600 * 1000 };

struct climber {
	struct bed bed;
	struct str line[LINES_MAX];
	size_t n;
	size_t cut; /* after so many records nothing is taken; 0: never */
	long long rested_ms;
};

static inline int
keep(void *self, const struct event *ev, struct err *e)
{
	struct climber *c = self;

	if (c->cut && c->n >= c->cut)
		return err_set(e, ERR_IO, "cut here");
	cr_assert_lt(c->n, LINES_MAX);
	event_write(&c->line[c->n], ev);
	str_addc(&c->line[c->n++], '}');
	bed_trace(&c->bed, ev);
	return 0;
}

/* Nobody acts: the clock jumps. */
static inline int
pass_time(void *self, long long until, size_t *slot, struct outcome *out,
    struct err *e)
{
	struct climber *c = self;

	if (c->bed.nover)
		return bed_wait(&c->bed, until, slot, out, e);
	cr_assert_geq(until, 0, "nobody would ever wake");
	c->rested_ms += until - clock_boot_ms();
	clock_fake(until);
	return 0;
}

static inline int
begin(void *self, size_t slot, const struct child_spec *spec, struct err *e)
{
	struct climber *c = self;

	return bed_begin(&c->bed, slot, spec, e);
}

static inline void
init(struct climber *c, const char *yaml, const struct play *plays, size_t n)
{
	bed_init(&c->bed, yaml, plays, n);
	for (size_t i = 0; i < LINES_MAX; i++)
		c->line[i] = (struct str)STR_INIT;
	c->n = 0;
	c->rested_ms = 0;
	c->bed.sinks[0] = (struct sink) { .hear = keep, .self = c };
	c->bed.run.actor = (struct actor) { begin, pass_time, NULL, c };
	clock_fake(DAY_MS);
}

static inline void
done(struct climber *c)
{
	for (size_t i = 0; i < LINES_MAX; i++)
		str_release(&c->line[i]);
	bed_release(&c->bed);
	clock_fake(-1);
}

static inline void
fold_lines(struct point *p, const struct climber *from)
{
	for (size_t i = 0; i < from->n; i++) {
		auto_arena a = ARENA_INIT;
		struct err e = ERR_INIT;
		struct event ev;
		const struct val *v = json_read(
		    &a, from->line[i].buf, from->line[i].len, ORIGIN_DATA, &e);

		cr_assert(v && event_read(&a, v, &ev), "%s", e.msg);
		point_apply(p, &ev);
	}
}

/* The fold over what is on record is the live point, byte for byte. */
static inline void
same_point(const struct climber *c, const char *what)
{
	struct point folded = POINT_INIT;
	auto_str live = STR_INIT, again = STR_INIT;
	auto_arena a = ARENA_INIT;

	fold_lines(&folded, c);
	json_write(&live, point_val(&c->bed.run.point, &a), JSON_COMPACT);
	json_write(&again, point_val(&folded, &a), JSON_COMPACT);
	cr_expect_str_eq(again.buf, live.buf, "%s: record %zu", what, c->n);
	point_release(&folded);
}

/* The run of `from` goes on in another process. */
static inline void
go_on(struct climber *c, const struct climber *from)
{
	const struct onward how = { 0 };
	struct err e = ERR_INIT;

	for (size_t i = 0; i < from->n; i++) {
		auto_arena a = ARENA_INIT;
		struct event ev;
		const struct val *v = json_read(
		    &a, from->line[i].buf, from->line[i].len, ORIGIN_DATA, &e);

		cr_assert(v && event_read(&a, v, &ev), "%s", e.msg);
		point_apply(&c->bed.run.point, &ev);
		c->bed.at += ev.kind == EV_ACTION_COMPLETE;
	}
	if (c->bed.at >= c->bed.nplays)
		c->bed.at = c->bed.nplays - 1;
	cr_assert_eq(drive_on(&c->bed.run, &how, &e), 0, "%s", e.msg);
}

/* What must not depend on where a run was cut. */
static inline char *
came_to(const struct climber *c)
{
	static const char *const keys[] = { "state", "terminated_by", "edges",
		"retries", "throttles", "climbs", "exhausted", "wait" };
	auto_arena a = ARENA_INIT;
	struct str out = STR_INIT;
	const struct val *p = point_val(&c->bed.run.point, &a);
	const struct val *f =
	    val_get(val_get(p, "lanes")->list.at[0], "frames")->list.at[0];

	for (size_t i = 0; i < COUNT(keys); i++) {
		str_addf(&out, "%s: ", keys[i]);
		json_write(&out, val_get(f, keys[i]), JSON_COMPACT);
		str_addc(&out, ' ');
	}
	return str_detach(&out);
}

#define LIMIT SAYS(1, "HTTP 429\n")
#define AWAY SAYS(1, "connection refused\n")

#endif
