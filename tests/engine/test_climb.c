/*
 * Steps that are done again, with an actor that plays a script and a clock
 * that jumps to where a rest ends: what is counted, in which order things are
 * told, and that a run which ends after any of its records and is resumed
 * comes to the same.
 */
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

static int
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
static int
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

static int
begin(void *self, size_t slot, const struct child_spec *spec, struct err *e)
{
	struct climber *c = self;

	return bed_begin(&c->bed, slot, spec, e);
}

static void
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

static void
done(struct climber *c)
{
	for (size_t i = 0; i < LINES_MAX; i++)
		str_release(&c->line[i]);
	bed_release(&c->bed);
	clock_fake(-1);
}

/* The run of `from` goes on in another process. */
static void
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
static char *
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

#define STATE                                                       \
	"name: t\n"                                                 \
	"initial: a\n"                                              \
	"states:\n"                                                 \
	"  a:\n"                                                    \
	"    action: x\n"                                           \
	"    classify_failures: true\n"                             \
	"    max_retries: 1\n"                                      \
	"    on_retry_exhausted: lost\n"                            \
	"    max_rate_limit_retries: 2\n"                           \
	"    on_rate_limit_exhausted: out\n"                        \
	"    rate_limit_max_wait_seconds: 700\n"                    \
	"    throttle: {normal_max: 1, warn_max: 2, hard_max: 3}\n" \
	"    on_yes: good\n"                                        \
	"    on_no: bad\n"                                          \
	"    on_error: broken\n"                                    \
	"  good: {terminal: true}\n"                                \
	"  bad: {terminal: true}\n"                                 \
	"  out: {terminal: true}\n"                                 \
	"  broken: {terminal: true}\n"                              \
	"  lost: {terminal: true}\n"

#define LIMIT SAYS(1, "HTTP 429\n")
#define AWAY SAYS(1, "connection refused\n")

struct row {
	const char *what;
	struct play plays[8];
	size_t nplays;
	const char *trace;
	long long steps, least_ms, most_ms;
};

/* clang-format off */
static const struct row rows[] = {
	{ "two limits, then good: one step",
	  { LIMIT, LIMIT, EXIT(0) }, 3,
	  ">a =1 (rate_limit_waiting) ?no ~a "
	  ">a =1 (rate_limit_waiting) ?no ~a "
	  ">a =0 ?yes ~good terminal/0", 1, 90000, 150000 },
	{ "its own failure is judged at once",
	  { EXIT(1) }, 1,
	  ">a =1 ?no ~bad terminal/0", 1, 0, 0 },
	{ "all waits are used up",
	  { LIMIT }, 1,
	  ">a =1 (rate_limit_waiting) ?no ~a "
	  ">a =1 (rate_limit_waiting) ?no ~a "
	  ">a =1 (rate_limit_waiting) ?no ~a "
	  ">a =1 (rate_limit_waiting) ?no ~a "
	  ">a =1 (rate_limit_exhausted) ?no ~out:rate_limit_exhausted "
	  "terminal/0", 1, 700000, 700000 },
	{ "the network went away, twice",
	  { AWAY, AWAY, EXIT(0) }, 3,
	  ">a =1 (infra_retry) ?no ~a >a =1 (infra_retry) ?no ~a "
	  ">a =0 ?yes ~good terminal/0", 1, 15000, 17000 },
	{ "and a third time, which counts",
	  { AWAY }, 1,
	  ">a =1 (infra_retry) ?no ~a >a =1 (infra_retry) ?no ~a "
	  ">a =1 (infra_retry_exhausted) ?no ~bad terminal/0",
	  1, 15000, 17000 },
	{ "refused for good",
	  { SAYS(1, "HTTP 403\n") }, 1,
	  ">a =1 ~broken:infra.auth terminal/0", 1, 0, 0 },
	{ "words of a success",
	  { SAYS(0, "HTTP 429\n") }, 1,
	  ">a =0 ?yes ~good terminal/0", 1, 0, 0 },
	{ "a timeout is no word",
	  { { { .kind = OUT_TIMEOUT, .code = LIMIT_WALL }, "429", false } }, 1,
	  ">a =124 ?error ~broken terminal/0", 1, 0, 0 },
};
/* clang-format on */

TEST(climb, is_told_in_order_and_not_counted)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct climber c = { .cut = 0 };
		struct err e = ERR_INIT;

		init(&c, STATE, r->plays, r->nplays);
		cr_assert_eq(bed_drive(&c.bed, &e), 0, "%s", e.msg);
		cr_assert_str_eq(c.bed.trace.buf, r->trace, "%s: %s", r->what,
		    c.bed.trace.buf);
		cr_assert_eq(point_bottom(&c.bed.run.point)->steps, r->steps,
		    "%s", r->what);
		cr_assert(
		    c.rested_ms >= r->least_ms && c.rested_ms <= r->most_ms,
		    "%s: %lld ms", r->what, c.rested_ms);
		done(&c);
	}
}

TEST(climb, a_cut_after_any_record_changes_nothing)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct climber whole = { .cut = 0 };
		auto_free char *want = NULL;
		struct err e = ERR_INIT;

		init(&whole, STATE, r->plays, r->nplays);
		cr_assert_eq(bed_drive(&whole.bed, &e), 0, "%s", e.msg);
		want = came_to(&whole);
		for (size_t k = 2; k < whole.n - 1; k++) {
			struct climber cut = { .cut = k }, on = { .cut = 0 };
			auto_free char *got = NULL;

			init(&cut, STATE, r->plays, r->nplays);
			cr_assert_eq(bed_drive(&cut.bed, &e), -1);
			init(&on, STATE, r->plays, r->nplays);
			go_on(&on, &cut);
			got = came_to(&on);
			cr_assert_str_eq(got, want,
			    "%s: cut after record %zu: %s not %s", r->what, k,
			    got, want);
			done(&on);
			done(&cut);
		}
		done(&whole);
	}
}

/* What was rested before the cut is not rested again. */
TEST(climb, rests_for_what_is_left)
{
	static const struct play plays[] = { LIMIT, EXIT(0) };
	struct climber cut = { .cut = 8 }, on = { .cut = 0 };
	struct err e = ERR_INIT;
	long long until;

	init(&cut, STATE, plays, 2);
	cr_assert_eq(bed_drive(&cut.bed, &e), -1);
	until =
	    val_num(point_bottom(&cut.bed.run.point)->wait.v, "until_us", 0);
	cr_assert_gt(until, 0, "cut at %s", cut.line[7].buf);
	init(&on, STATE, plays, 2);
	clock_fake(until / 1000 - 10000);
	go_on(&on, &cut);
	cr_assert(on.rested_ms >= 9990 && on.rested_ms <= 10010, "%lld",
	    on.rested_ms);
	done(&on);
	done(&cut);
}

TEST(climb, a_deadline_cuts_a_rest)
{
	static const struct play plays[] = { LIMIT };
	struct climber c = { .cut = 0 };
	struct err e = ERR_INIT;

	init(&c, "timeout: 10\n" STATE, plays, 1);
	cr_assert_eq(bed_drive(&c.bed, &e), 0, "%s", e.msg);
	cr_assert_str_eq(
	    c.bed.trace.buf, ">a =1 (rate_limit_waiting) ?no ~a timeout/1");
	cr_assert(
	    c.rested_ms >= 10000 && c.rested_ms <= 10010, "%lld", c.rested_ms);
	done(&c);
}

/* The last step that is allowed is done again all the same. */
TEST(climb, uses_no_steps)
{
	static const struct play plays[] = { LIMIT, AWAY, EXIT(0) };
	struct climber c = { .cut = 0 };
	struct err e = ERR_INIT;

	init(&c,
	    "max_steps: 1\nmax_edge_revisits: 1\nlimits: {steps: 1}\n" STATE,
	    plays, 3);
	cr_assert_eq(bed_drive(&c.bed, &e), 0, "%s", e.msg);
	cr_assert_str_eq(
	    point_bottom(&c.bed.run.point)->terminated_by, "terminal");
	cr_assert_eq(point_bottom(&c.bed.run.point)->all_steps, 1);
	cr_assert_eq(c.bed.run.point.ledger.steps, 1);
	done(&c);
}
