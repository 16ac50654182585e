/*
 * Steps that are done again, with an actor that plays a script and a clock
 * that jumps to where a rest ends: what is counted, in which order things are
 * told, and that a run which ends after any of its records and is resumed
 * comes to the same.
 */
#include <errno.h>

#include "engine/climb_bed.h"

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
			same_point(&cut, r->what);
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

/* What was announced and never began was not interrupted: it may be done. */
TEST(climb, a_signal_before_the_beginning_interrupts_nothing)
{
	static const char *const loops[] = {
		"name: t\ninitial: a\nstates:\n"
		"  a: {action: x | y, once: true, next: good}\n"
		"  good: {terminal: true}\n",
		"name: t\ninitial: a\nstates:\n"
		"  a: {parallel: {action: x | y, items: [1]}, once: true, "
		"next: good}\n  good: {terminal: true}\n",
	};
	static const struct play stopped[] = {
		{ { .kind = OUT_SPAWN_FAILED, .code = EINTR, .stopped = true },
		    NULL, false }
	};
	static const struct play good[] = { EXIT(0) };

	for (size_t i = 0; i < COUNT(loops); i++) {
		struct climber cut = { .cut = 0 }, on = { .cut = 0 };
		struct err e = ERR_INIT;

		init(&cut, loops[i], stopped, 1);
		cr_assert_eq(bed_drive(&cut.bed, &e), 0, "%s", e.msg);
		cr_expect(strstr(cut.bed.trace.buf, "!stopped"), "%s",
		    cut.bed.trace.buf);
		init(&on, loops[i], good, 1);
		go_on(&on, &cut);
		cr_expect(
		    strstr(on.bed.trace.buf, "=0"), "%s", on.bed.trace.buf);
		cr_expect(strstr(on.bed.trace.buf, "terminal/0"), "%s",
		    on.bed.trace.buf);
		done(&on);
		done(&cut);
	}
}
