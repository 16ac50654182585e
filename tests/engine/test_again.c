/*
 * A run that ends after any of its records, and is resumed, comes to the same
 * end with the same captures and messages as one that nobody disturbs.  The
 * runs are real.
 */
#include "engine/agent.h"

#include "again_bed.h"

static void
cut_everywhere(const char *file)
{
	struct bench b = { .stop_after = 0 };
	struct host *agent = agent_new();
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
	b.hosting = (struct hosting) { .take = agent_take, .self = agent };
	load(&b, file);
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
	host_free(agent);
	str_addf(&rm, "rm -rf %s", dir);
	cr_assert_eq(system(rm.buf), 0);
}

TEST(again, a_cut_after_any_record_changes_nothing)
{
	cut_everywhere("tests/loops/again.yaml");
	cut_everywhere("tests/loops/again-prompts.yaml");
}
