/*
 * A run that ends after any of its records, and is resumed, comes to the same
 * end with the same captures and messages as one that nobody disturbs.  The
 * runs are real.
 */
#include "again_bed.h"

TEST(again, a_cut_after_any_record_changes_nothing)
{
	struct bench b = { .stop_after = 0 };
	char dir[] = "/tmp/ll-again-XXXXXX";
	auto_free char *want = NULL;
	auto_str rm = STR_INIT, path = STR_INIT;
	struct journal_end end;
	struct err e = ERR_INIT;
	long long n;

	cr_assert_eq(proc_become_reaper(&e), 0);
	cr_assert_not_null(mkdtemp(dir));
	str_addf(&path, "%s/journal", dir);
	b.dir = dir;
	b.path = path.buf;
	load(&b, "tests/loops/again.yaml");
	start(&b);
	fold(&b, &end);
	n = b.folded.seq;
	want = came_to(&b);
	cr_assert_not_null(strstr(want, "final_state: \"done\""), "%s", want);
	cr_assert_leq(n, CUTS_MAX);
	for (long long k = 2; k < n - 1; k++) {
		auto_free char *got = NULL;

		unlink(b.path);
		b.stop_after = k;
		start(&b);
		go_on(&b);
		got = came_to(&b);
		cr_assert_str_eq(got, want, "cut after record %lld", k);
	}
	unload(&b);
	str_addf(&rm, "rm -rf %s", dir);
	cr_assert_eq(system(rm.buf), 0);
}
