/*
 * Children that are ended: by each limit, by signals to us, by a caller that
 * fails.  Nobody outlives it.
 */
#include "os/child.h"

#include <errno.h>
#include <signal.h>

#include "base/auto.h"
#include "base/clock.h"
#include "os/child_rig.h"

TEST(child, wall_limit_whatever_it_does)
{
	static const struct {
		const char *script, *out;
	} cases[] = {
		{ "printf x; sleep 60", "x" },
		{ "sleep 60", "" },
		{ "kill -STOP $$; sleep 60", "" },
		{ "while :; do printf .; sleep .05; done", NULL },
		{ "exec >&- 2>&-; sleep 60", "" },
		{ "yes", NULL },
		{ "yes >&2 & yes", NULL },
	};
	struct rig r;

	rig_init(&r);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct outcome o = run(&r,
		    (struct child_spec) { .timeout_ms = 300, .idle_ms = 9000 },
		    cases[i].script);

		cr_assert_eq(o.kind, OUT_TIMEOUT, "%s", cases[i].script);
		cr_assert_eq(o.code, LIMIT_WALL);
		cr_assert(!o.stopped);
		cr_assert(o.duration_ms >= 300 && o.duration_ms < 4000);
		if (cases[i].out)
			cr_assert_str_eq(r.text[0].buf, cases[i].out);
		cr_assert_eq(living(), 0, "%s", cases[i].script);
	}
	rig_release(&r);
}

/* Limits are over with what it has said. */
TEST(child, one_that_has_said_its_end_may_linger)
{
	const struct child_spec spec = { .timeout_ms = 200,
		.idle_ms = 200,
		.linger_ms = 600,
		.grace_ms = 200 };
	struct outcome o;
	struct rig r;

	rig_init(&r);
	r.all = 3;
	o = run(&r, spec, "echo end; sleep .4; echo more; exit 3");
	cr_assert_eq(o.kind, OUT_EXITED);
	cr_assert_eq(o.code, 3);
	cr_assert(!o.lingered);
	cr_assert_str_eq(r.text[0].buf, "end\nmore\n");
	o = run(&r, spec, "echo end; sleep 60 & sleep 60");
	cr_assert(o.lingered);
	cr_assert_eq(o.kind, OUT_SIGNALED);
	cr_assert_eq(o.cut, CUT_NONE);
	cr_assert(o.duration_ms >= 600 && o.duration_ms < 4000);
	cr_assert_eq(living(), 0);
	o = run(&r, spec, "echo -n e; sleep 60");
	cr_assert_eq(o.kind, OUT_TIMEOUT);
	rig_release(&r);
}

TEST(child, idle_limit_counts_from_the_last_byte)
{
	struct rig r;
	struct outcome o;

	rig_init(&r);
	o = run(&r, (struct child_spec) { .timeout_ms = 60000, .idle_ms = 700 },
	    "for i in 1 2 3 4; do printf $i >&2; sleep .3; done; sleep 60");
	cr_assert_eq(o.kind, OUT_TIMEOUT);
	cr_assert_eq(o.code, LIMIT_IDLE);
	cr_assert_str_eq(r.text[1].buf, "1234");
	cr_assert(o.duration_ms >= 1600 && o.duration_ms < LONG_MS);
	rig_release(&r);
}

TEST(child, loop_deadline_cuts_it)
{
	struct rig r;
	struct outcome o;

	rig_init(&r);
	o = run(&r,
	    (struct child_spec) {
		.loop_deadline_boot_ms = clock_boot_ms() + 300,
		.timeout_ms = 60000 },
	    "sleep 60");
	cr_assert_eq(o.kind, OUT_TIMEOUT);
	cr_assert_eq(o.code, LIMIT_LOOP);
	cr_assert(o.duration_ms >= 290 && o.duration_ms < LONG_MS);
	o = run(
	    &r, (struct child_spec) { .loop_deadline_boot_ms = 1 }, "sleep 60");
	cr_assert_eq(o.code, LIMIT_LOOP);
	rig_release(&r);
}

TEST(child, a_tree_that_ignores_term_is_killed)
{
	static const char script[] =
	    "trap '' TERM; (trap '' TERM; setsid bash -c 'trap \"\" TERM; "
	    "(sleep 300 & ); echo up; while :; do sleep 300; done' & "
	    "while :; do sleep 300; done) & while :; do sleep 300; done";
	struct rig r;
	struct outcome o;

	rig_init(&r);
	o = run(&r, (struct child_spec) { .timeout_ms = 700, .grace_ms = 300 },
	    script);
	cr_assert_eq(o.kind, OUT_TIMEOUT);
	cr_assert_str_eq(r.text[0].buf, "up\n");
	cr_assert(o.duration_ms >= 1000 && o.duration_ms < LONG_MS);
	cr_assert_eq(living(), 0);
	o = run(&r, (struct child_spec) { 0 }, "exit 7");
	cr_assert_eq(o.code, 7);
	rig_release(&r);
}

TEST(child, term_gives_time_to_clean_up)
{
	struct rig r;
	struct outcome o;

	rig_init(&r);
	o = run(&r, (struct child_spec) { .timeout_ms = 400 },
	    "trap 'sleep .3; echo clean; exit 0' TERM; echo up;"
	    "while :; do sleep .05; done");
	cr_assert_eq(o.kind, OUT_TIMEOUT);
	cr_assert_str_eq(r.text[0].buf, "up\nclean\n");
	rig_release(&r);
}

/* The daemon of an earlier step, its restarted workers too, is spared. */
TEST(child, a_limit_spares_what_earlier_children_left)
{
	struct rig r;
	size_t before;

	rig_init(&r);
	run(&r, (struct child_spec) { 0 },
	    "(while :; do (sleep .2 &) ; sleep .1; done) >&- 2>&- &");
	run(&r, (struct child_spec) { 0 }, "setsid sleep 300 >&- 2>&- &");
	before = living();
	cr_assert(before >= 2);
	run(&r, (struct child_spec) { .timeout_ms = 400 },
	    "setsid sleep 301.$PPID & sleep 302.$PPID");
	cr_assert(living() >= 2);
	run(&r, (struct child_spec) { 0 }, "pgrep -fx \"sleep 30[12].$PPID\"");
	cr_assert_str_eq(r.text[0].buf, "");
	end_all(&r);
	rig_release(&r);
}

TEST(child, a_stop_signal_ends_the_tree)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT };

	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct rig r;
		struct outcome o;

		rig_init(&r);
		r.raise = numbers[i];
		r.raises = 1;
		o = run(&r, (struct child_spec) { 0 },
		    "echo up; setsid sleep 300 & sleep 300");
		cr_assert(o.stopped);
		cr_assert_eq(o.kind, OUT_SIGNALED);
		cr_assert_eq(o.code, SIGTERM);
		cr_assert_eq(r.sig.stop, numbers[i]);
		cr_assert_eq(living(), 0);
		o = run(&r, (struct child_spec) { 0 }, "echo never");
		cr_assert(o.stopped);
		cr_assert_eq(o.kind, OUT_SPAWN_FAILED);
		cr_assert_eq(o.code, EINTR);
		rig_release(&r);
	}
}

TEST(child, a_second_signal_kills_at_once)
{
	struct rig r;
	struct outcome o;

	rig_init(&r);
	r.raise = SIGINT;
	r.raises = 2;
	o = run(&r, (struct child_spec) { .grace_ms = 60000 },
	    "trap '' TERM; echo up; while :; do sleep 300; done");
	cr_assert(o.stopped);
	cr_assert_eq(o.kind, OUT_SIGNALED);
	cr_assert_eq(o.code, SIGKILL);
	cr_assert(o.duration_ms < LONG_MS);
	rig_release(&r);
}

TEST(child, refused_bytes_end_the_tree)
{
	static const char *const scripts[] = { "yes & yes", "echo hi",
		"(sleep .1; echo hi; sleep 300) &" };
	struct child_spec s = { .file = "/bin/bash", .bytes = hear };

	for (size_t i = 0; i < COUNT(scripts); i++) {
		char *argv[] = { (char *)"bash", (char *)"-c",
			(char *)scripts[i], NULL };
		struct outcome o = { .code = 77 };
		struct err e = ERR_INIT;
		struct rig r;

		rig_init(&r);
		r.refuse = 1;
		s.argv = argv;
		s.self = &r;
		cr_assert_eq(child_run(&s, &r.sig, &o, &e), -1);
		cr_assert_str_eq(e.msg, "full");
		cr_assert_eq(o.code, 77);
		cr_assert_eq(living(), 0);
		rig_release(&r);
	}
}

struct work {
	int times, fail_at;
};

static long long
work_due(void *self)
{
	struct work *w = self;

	return w->times < 2 ? 0 : -1;
}

static int
work_done(void *self, struct err *e)
{
	struct work *w = self;

	if (++w->times == w->fail_at)
		return err_set(e, ERR_IO, "disk");
	return 0;
}

TEST(child, work_of_the_caller_is_done_when_due)
{
	char *argv[] = { (char *)"sleep", (char *)".4", NULL };
	struct work work = { 0 };
	struct child_spec s = { .file = "/bin/sleep",
		.argv = argv,
		.due_ms = work_due,
		.tick = work_done,
		.tick_self = &work };
	struct outcome o;
	struct err e = ERR_INIT;
	struct rig r;

	rig_init(&r);
	work.times = 1;
	cr_assert_eq(child_run(&s, &r.sig, &o, &e), 0, "%s", e.msg);
	cr_assert_eq(work.times, 2);
	cr_assert_eq(o.kind, OUT_EXITED);
	work = (struct work) { 1, 2 };
	argv[1] = (char *)"300";
	cr_assert_eq(child_run(&s, &r.sig, &o, &e), -1);
	cr_assert_str_eq(e.msg, "disk");
	cr_assert_eq(living(), 0);
	rig_release(&r);
}

TEST(child, a_caller_that_has_enough_ends_the_tree)
{
	struct rig r;
	struct outcome o;

	rig_init(&r);
	r.enough = 100000;
	o = run(&r, (struct child_spec) { .grace_ms = 200 },
	    "yes >&2 & trap '' TERM; yes");
	cr_assert_eq(o.cut, CUT_BYTES);
	cr_assert(!o.stopped && o.duration_ms < LONG_MS);
	cr_assert_eq(living(), 0);
	r.enough = 0;
	o = run(&r, (struct child_spec) { 0 }, "exit 3");
	cr_assert(o.cut == CUT_NONE && o.kind == OUT_EXITED && o.code == 3);
	rig_release(&r);
}

/* T30, with an end: a flood that gets away would take the machine along. */
TEST(child, too_many_processes_end_the_tree)
{
	static const char *const scripts[] = {
		("f() { [ $1 = 0 ] || { f $(($1 - 1)) & f $(($1 - 1)) & }; "
		 "sleep 20; }; f 6"),
		"for i in {1..60}; do sleep 20 & done & exit 0",
		"for i in {1..20}; do setsid sleep 60 & done; sleep 60",
	};
	struct rig r;

	rig_init(&r);
	for (size_t i = 0; i < COUNT(scripts); i++) {
		struct outcome o =
		    run(&r, (struct child_spec) { .procs = 15 }, scripts[i]);

		cr_assert_eq(o.cut, CUT_PROCS, "%s", scripts[i]);
		cr_assert_lt(o.duration_ms, LONG_MS);
		cr_assert_eq(living(), 0, "%s", scripts[i]);
	}
	cr_assert_eq(run(&r, (struct child_spec) { .procs = 15 },
			 "for i in {1..9}; do sleep .2 & done; wait; exit 4")
			 .code,
	    4);
	rig_release(&r);
}

/* What outlives the child ends with it, and what was there before stays. */
TEST(child, what_is_left_behind_can_end_at_once)
{
	static const char *const scripts[] = {
		"sleep 60 & echo x",
		"setsid sleep 60 >/dev/null 2>&1 & sleep .1; echo x",
		"(trap '' TERM; sleep 60; sleep 60) >/dev/null 2>&1 & echo x",
	};
	struct child_spec s = { .ends_left = true, .grace_ms = 200 };
	struct rig r;

	rig_init(&r);
	run(&r, (struct child_spec) { 0 }, "sleep 60 >/dev/null 2>&1 &");
	for (size_t i = 0; i < COUNT(scripts); i++) {
		struct outcome o = run(&r, s, scripts[i]);

		cr_assert(o.kind == OUT_EXITED && o.code == 0);
		cr_assert_geq(o.left_ended, 1, "%s", scripts[i]);
		cr_assert_str_eq(r.text[0].buf, "x\n");
		cr_assert_eq(living(), 1, "%s", scripts[i]);
	}
	cr_assert_eq(run(&r, s, "exit 3").left_ended, 0);
	end_all(&r);
	rig_release(&r);
}
