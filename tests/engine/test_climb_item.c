/*
 * Items that are commands climb the same ladders as steps, each for itself:
 * what is told, how long that takes, and that a run which ends after any of
 * its records and is resumed comes to the same.
 */
#include "engine/climb_bed.h"

#define ITEMS(keys, more)                                                     \
	"name: t\n"                                                           \
	"initial: a\n"                                                        \
	"states:\n"                                                           \
	"  a:\n"                                                              \
	"    parallel: {action: x | y, " keys "}\n"                           \
	"    classify_failures: true\n"                                       \
	"    rate_limit_backoff_base_seconds: 30\n" more "    on_yes: good\n" \
	"    on_no: bad\n"                                                    \
	"    on_error: broken\n"                                              \
	"  good: {terminal: true}\n"                                          \
	"  bad: {terminal: true}\n"                                           \
	"  out: {terminal: true}\n"                                           \
	"  broken: {terminal: true}\n"
#define ONE "items: [x]"
#define TWO "items: [x, y], max_workers: 2"
#define TURNS "items: [x, y], max_workers: 1"
#define SHORTLY "    rate_limit_max_wait_seconds: 100\n"
#define OUT                               \
	SHORTLY                           \
	"    max_rate_limit_retries: 1\n" \
	"    on_rate_limit_exhausted: out\n"

struct row {
	const char *what, *yaml;
	struct play plays[8];
	size_t nplays;
	const char *trace;
	long long least_ms, most_ms;
};

/* clang-format off */
static const struct row rows[] = {
	{ "two limits, then good", ITEMS(ONE, ""),
	  { LIMIT, LIMIT, EXIT(0) }, 3,
	  ">a (parallel_start) (item_start) =1 (rate_limit_waiting) "
	  "=1 (rate_limit_waiting) =0 (item_complete) ?yes ~good terminal/0",
	  90000, 150000 },
	{ "its own failure is none of that", ITEMS(ONE, ""),
	  { EXIT(1) }, 1,
	  ">a (parallel_start) (item_start) =1 (item_complete) ?no ~bad "
	  "terminal/0", 0, 0 },
	{ "each waits for itself", ITEMS(TWO, ""),
	  { LIMIT, EXIT(0), AWAY, EXIT(0) }, 4,
	  ">a (parallel_start) (item_start) (item_start) "
	  "=1 (rate_limit_waiting) =0 (item_complete) =1 (infra_retry) "
	  "=0 (item_complete) ?yes ~good terminal/0", 35000, 66000 },
	{ "and is counted for itself", ITEMS(TURNS, ""),
	  { AWAY, AWAY, EXIT(0), AWAY, AWAY, EXIT(0) }, 6,
	  ">a (parallel_start) (item_start) =1 (infra_retry) =1 (infra_retry) "
	  "=0 (item_complete) (item_start) =1 (infra_retry) =1 (infra_retry) "
	  "=0 (item_complete) ?yes ~good terminal/0", 30000, 34000 },
	{ "often enough is a failure", ITEMS(ONE, ""),
	  { AWAY }, 1,
	  ">a (parallel_start) (item_start) =1 (infra_retry) =1 (infra_retry) "
	  "=1 (infra_retry_exhausted) (item_complete) ?error ~broken "
	  "terminal/0", 15000, 17000 },
	{ "so are waits that are used up", ITEMS(ONE, SHORTLY),
	  { LIMIT }, 1,
	  ">a (parallel_start) (item_start) =1 (rate_limit_waiting) "
	  "=1 (rate_limit_waiting) =1 (rate_limit_waiting) "
	  "=1 (rate_limit_exhausted) (item_complete) ?error ~broken terminal/0",
	  210000, 300000 },
	{ "which may have a way of their own", ITEMS(ONE, OUT),
	  { LIMIT }, 1,
	  ">a (parallel_start) (item_start) =1 (rate_limit_waiting) "
	  "=1 (rate_limit_waiting) =1 (rate_limit_exhausted) (item_complete) "
	  "?error ~out:rate_limit_exhausted terminal/0", 100000, 100000 },
	{ "refused for good", ITEMS(ONE, ""),
	  { SAYS(1, "HTTP 403\n") }, 1,
	  ">a (parallel_start) (item_start) =1 (item_complete) ?error ~broken "
	  "terminal/0", 0, 0 },
	{ "a timeout is no word", ITEMS(ONE, ""),
	  { { { .kind = OUT_TIMEOUT, .code = LIMIT_WALL }, "429", false } }, 1,
	  ">a (parallel_start) (item_start) =124 (item_complete) ?error "
	  "~broken terminal/0", 0, 0 },
};
/* clang-format on */

TEST(climb_item, is_told_in_order)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct climber c = { .cut = 0 };
		struct err e = ERR_INIT;

		init(&c, r->yaml, r->plays, r->nplays);
		cr_assert_eq(bed_drive(&c.bed, &e), 0, "%s", e.msg);
		cr_expect_str_eq(c.bed.trace.buf, r->trace, "%s: %s", r->what,
		    c.bed.trace.buf);
		cr_expect(
		    c.rested_ms >= r->least_ms && c.rested_ms <= r->most_ms,
		    "%s: %lld ms", r->what, c.rested_ms);
		done(&c);
	}
}

/* What is counted lasts as long as an item, and how it ended stays. */
static char *
fan_came_to(const struct climber *c)
{
	struct str out = STR_INIT;
	const struct frame *f = point_bottom(&c->bed.run.point);
	const struct map_entry *m = map_get(&f->captured, "a");

	str_addf(&out, "%s %s %lld ", f->state, f->terminated_by, f->exhausted);
	json_write(&out, ((const struct box *)m->value)->v, JSON_COMPACT);
	return str_detach(&out);
}

/* A command that ran when the run was cut is done again, and no other. */
TEST(climb_item, a_cut_after_any_record_changes_nothing)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct climber whole = { .cut = 0 };
		auto_free char *want = NULL;
		struct err e = ERR_INIT;

		init(&whole, r->yaml, r->plays, r->nplays);
		cr_assert_eq(bed_drive(&whole.bed, &e), 0, "%s", e.msg);
		want = fan_came_to(&whole);
		for (size_t k = 2; k < whole.n - 1; k++) {
			struct climber cut = { .cut = k }, on = { .cut = 0 };
			auto_free char *got = NULL;

			init(&cut, r->yaml, r->plays, r->nplays);
			cr_assert_eq(bed_drive(&cut.bed, &e), -1);
			same_point(&cut, r->what);
			init(&on, r->yaml, r->plays, r->nplays);
			go_on(&on, &cut);
			got = fan_came_to(&on);
			cr_expect_str_eq(got, want,
			    "%s: cut after record %zu: %s not %s", r->what, k,
			    got, want);
			done(&on);
			done(&cut);
		}
		done(&whole);
	}
}
