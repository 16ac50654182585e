/*
 * What cannot be recorded is not done: whoever refuses, the run stops there,
 * tells why, ends what it left behind and tries to write its end.
 */
#include "engine/drive.h"

#include "engine_bed.h"

#define TWO                                          \
	"name: t\ninitial: a\nstates:\n"             \
	"  a: {action: x | y, on_yes: b, on_no: b, " \
	"on_error: b}\n"                             \
	"  b: {action: x | y, next: done}\n"         \
	"  done: {terminal: true}\n"
#define RESTS                                            \
	"name: t\ninitial: a\nbackoff: 0.001\nstates:\n" \
	"  a: {action: x | y, next: done}\n"             \
	"  done: {terminal: true}\n"
#define SHUT true

static const struct play talks[] = { SAYS(0, "hello") };
static const struct play stops[] = { STOPPED };
static const struct play breaks[] = { REFUSED };

/* clang-format off */
static const struct {
	const char *what, *yaml;
	const struct play *play;
	int refuse;
	bool stays_shut;
	const char *fail, *want, *why;
} rows[] = {
	{ "run_start", TWO, talks, EV_RUN_START, SHUT, NULL, "", "full" },
	{ "state_enter", TWO, talks, EV_STATE_ENTER, false, NULL,
	    "io_error/74", "full" },
	{ "action_start", TWO, talks, EV_ACTION_START, false, NULL,
	    ">a io_error/1", "full" },
	{ "action_complete", TWO, talks, EV_ACTION_COMPLETE, false, NULL,
	    ">a io_error/1", "full" },
	{ "evaluate", TWO, talks, EV_EVALUATE, false, NULL,
	    ">a =0 io_error/1", "full" },
	{ "route", TWO, talks, EV_ROUTE, false, NULL,
	    ">a =0 ?yes io_error/1", "full" },
	{ "phase", TWO, stops, EV_PHASE, false, NULL, ">a io_error/1", "full" },
	{ "loop_complete", TWO, talks, EV_LOOP_COMPLETE, SHUT, NULL,
	    ">a =0 ?yes ~b >b =0 ~done", "full" },
	{ "run_end", TWO, talks, EV_RUN_END, SHUT, NULL,
	    ">a =0 ?yes ~b >b =0 ~done", "full" },
	{ "everything after", TWO, talks, EV_EVALUATE, SHUT, NULL,
	    ">a =0", "full" },
	{ "the vault opens", TWO, talks, -1, false, "open",
	    ">a io_error/1", "no open" },
	{ "the vault takes", TWO, talks, -1, false, "put",
	    ">a io_error/1", "no put" },
	{ "the vault closes", TWO, talks, -1, false, "close",
	    ">a io_error/1", "no close" },
	{ "the journal syncs", RESTS, talks, -1, false, "settle",
	    ">a =0 ~done io_error/1", "no settle" },
	{ "the actor acts", TWO, breaks, -1, false, NULL,
	    ">a io_error/1", "poll: no" },
};
/* clang-format on */

TEST(refusal, stops_where_it_cannot_record)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = ERR_INIT;
		struct bed b;

		bed_init(&b, rows[i].yaml, rows[i].play, 1);
		b.refuse = rows[i].refuse;
		b.stays_shut = rows[i].stays_shut;
		b.fail = rows[i].fail;
		cr_assert_eq(bed_drive(&b, &e), -1, "%s", rows[i].what);
		cr_assert_str_eq(b.trace.buf, rows[i].want, "%s: %s",
		    rows[i].what, b.trace.buf);
		cr_assert(
		    strstr(e.msg, rows[i].why), "%s: %s", rows[i].what, e.msg);
		if (rows[i].refuse != EV_RUN_START)
			cr_assert_geq(b.swept, 1, "%s", rows[i].what);
		bed_release(&b);
	}
}

/* The end record carries the reason, and says that nothing was reached. */
TEST(refusal, the_end_record_says_why)
{
	struct err e = ERR_INIT;
	const struct val *end;
	struct bed b;

	bed_init(&b, TWO, breaks, 1);
	cr_assert_eq(bed_drive(&b, &e), -1);
	end = b.run.point.end.v;
	cr_assert_str_eq(val_str(end, "error", ""), "poll: no");
	cr_assert_str_eq(val_str(end, "status", ""), "failed");
	cr_assert(b.run.point.ended);
	bed_release(&b);
}

TEST(refusal, a_stop_between_states_is_interrupted)
{
	struct err e = ERR_INIT;
	struct bed b;

	bed_init(&b, TWO, talks, 1);
	b.sig.stop = SIGHUP;
	cr_assert_eq(bed_drive(&b, &e), 0);
	cr_assert_str_eq(b.trace.buf, "(phase) interrupted/129");
	bed_release(&b);
}
