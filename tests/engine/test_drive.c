/*
 * A record that cannot be written, at each place in turn: the run stops
 * there, ends what it started, and closes its journal if that still can be.
 */
#include <string.h>

#include "base/auto.h"
#include "engine/drive.h"
#include "loop/inputs.h"
#include "loop/load.h"
#include "test.h"

static const char text[] = "name: x\n"
			   "initial: done\n"
			   "states:\n"
			   "  done: {terminal: true}\n";

struct bench {
	int refused; /* this record, and once only */
	int asked;   /* records that came */
	int sweeps;
	long long exit; /* as run_end tells it, else -1 */
	const char *cause;
};

static int
hear(void *self, const struct event *ev, struct err *e)
{
	struct bench *b = self;

	if (++b->asked == b->refused)
		return err_set(e, ERR_IO, "write j: no space");
	if (ev->kind != EV_RUN_END)
		return 0;
	b->exit = val_num(ev->fields, "exit", -1);
	b->cause = strcmp(val_str(ev->fields, "terminated_by", ""), "io_error")
	    ? "another"
	    : "io_error";
	cr_assert_gt(b->sweeps, 0, "the run ends when nothing is left");
	return 0;
}

static int
end_left(void *self, struct err *e)
{
	struct bench *b = self;

	(void)e;
	b->sweeps++;
	return 0;
}

static int
settle(void *self, struct err *e)
{
	(void)self;
	(void)e;
	return 0;
}

static int
play(struct bench *b, struct loop *l)
{
	auto_arena a = ARENA_INIT;
	struct sink sink = { .hear = hear, .self = b };
	struct err e = ERR_INIT;
	struct val *start = val_map(&a);
	struct run run = {
		.loop = l,
		.over = { -1, -1, -1, -1 },
		.sinks = &sink,
		.nsinks = 1,
		.vault = { .settle = settle },
		.sweep = { NULL, end_left, b },
	};
	int rc;

	val_set(&a, start, "v", val_int(&a, 1));
	val_set(&a, start, "context", val_map(&a));
	rc = drive(&run, start, &e);
	if (rc < 0)
		cr_assert_str_eq(e.msg, "write j: no space");
	run_release(&run);
	return rc;
}

TEST(drive, what_cannot_be_recorded_breaks_the_run_off)
{
	/* run_start, loop_start, loop_complete, run_end */
	static const struct {
		int refused, sweeps;
		long long exit;
	} rows[] = { { 1, 0, -1 }, { 2, 1, 74 }, { 3, 1, 74 }, { 4, 1, 74 } };
	struct diags d = DIAGS_INIT;
	struct load_opts how = { 0 };
	struct loop *l =
	    loop_load("x.yaml", text, sizeof(text) - 1, NULL, &how, &d);

	cr_assert_not_null(l);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bench b = { .refused = rows[i].refused, .exit = -1 };

		cr_assert_lt(play(&b, l), 0, "row %zu", i);
		cr_expect_eq(b.sweeps > 0, rows[i].sweeps, "row %zu", i);
		cr_expect_eq(b.exit, rows[i].exit, "row %zu: %lld", i, b.exit);
		if (b.exit >= 0)
			cr_expect_str_eq(b.cause, "io_error");
	}
	loop_free(l);
	diags_release(&d);
}
