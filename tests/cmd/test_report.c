/* A run on disk as the views show it. */
#include "test.h"

#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "cmd/report.h"
#include "cmd/report_stack.h"
#include "text/json.h"

#define R(text) "{\"seq\":1,\"ts\":\"2026-11-21T02:37:33.000000+00:00\"," text

/* clang-format off */
static const char *const records[] = {
	R("\"event\":\"run_start\",\"v\":1,\"run\":\"r\",\"loop\":\"a-b\","
	  "\"pid\":7,\"context\":{\"k\":\"v\"},\"origins\":{}}"),
	R("\"event\":\"loop_start\",\"loop\":\"a-b\",\"initial\":\"x\"}"),
	R("\"event\":\"state_enter\",\"state\":\"x\",\"iteration\":1,"
	  "\"iteration_count\":0,\"elapsed_ms\":5}"),
	R("\"event\":\"action_start\",\"action\":\"true\"}"),
	R("\"event\":\"action_complete\",\"exit_code\":0,\"duration_ms\":3,"
	  "\"outcome\":\"exited\",\"output\":\"hi\\n\",\"stderr\":\"\","
	  "\"capture\":\"c\"}"),
	R("\"event\":\"evaluate\",\"type\":\"default\",\"verdict\":\"yes\","
	  "\"exit_code\":0,\"capture\":\"c\"}"),
	R("\"event\":\"route\",\"from\":\"x\",\"to\":\"done\","
	  "\"verdict\":\"yes\"}"),
	R("\"event\":\"state_enter\",\"state\":\"done\",\"iteration\":2,"
	  "\"iteration_count\":0,\"elapsed_ms\":9}"),
	R("\"event\":\"loop_complete\",\"final_state\":\"done\","
	  "\"iterations\":2,\"terminated_by\":\"terminal\","
	  "\"failure_terminal\":true}"),
	R("\"event\":\"run_end\",\"final_state\":\"done\","
	  "\"terminated_by\":\"terminal\",\"status\":\"failed\",\"exit\":2,"
	  "\"resumable\":false,\"active_ms\":12}"),
};
/* clang-format on */

/* clang-format off */
static const char *const nested[] = {
	R("\"event\":\"run_start\",\"v\":1,\"run\":\"r\",\"loop\":\"a-b\"}"),
	R("\"event\":\"loop_start\",\"loop\":\"a-b\",\"initial\":\"x\"}"),
	R("\"event\":\"state_enter\",\"state\":\"x\",\"iteration\":4}"),
	R("\"event\":\"loop_start\",\"loop\":\"kid\",\"initial\":\"k\","
	  "\"depth\":1}"),
	R("\"event\":\"state_enter\",\"state\":\"k\",\"iteration\":3,"
	  "\"depth\":1}"),
	R("\"event\":\"parallel_start\",\"state\":\"k\",\"count\":5,"
	  "\"items\":[1,2,3,4,5],\"workers\":2,\"depth\":1}"),
	R("\"event\":\"item_start\",\"item\":0,\"depth\":1}"),
	R("\"event\":\"item_start\",\"item\":1,\"depth\":1}"),
	R("\"event\":\"item_complete\",\"status\":\"failed\",\"item\":1,"
	  "\"depth\":1}"),
};
/* clang-format on */

/* A project with one run of the first `n` records; the run's name. */
static const char *
make_run_of(struct arena *mem, const char *root, const char *loop,
    const char *const *from, size_t n)
{
	static char *argv[] = { NULL };
	struct run_spec spec = { .loop_name = loop,
		.loop_file = "a.yaml",
		.version = "0",
		.cwd = "/",
		.argv = argv,
		.files = &(struct loop_file) { .path = "a.yaml",
		    .text = sv("x: 1\n") },
		.nfiles = 1 };
	struct err e = ERR_INIT;
	struct place_run place;
	struct journal *j;
	struct unsynced base;
	uint64_t seed;

	spec.inputs = val_map(mem);
	cr_assert_eq(place_create(mem, root, loop, &place, &e), 0, "%s", e.msg);
	cr_assert_eq(place_furnish(&place, &e), 0);
	cr_assert_eq(
	    runs_seal(mem, &place, &spec, &seed, &base, &e), 0, "%s", e.msg);
	cr_assert_eq(base.n, 0, "durability: process");
	j = journal_create(place.journal, seed, false, &e);
	for (size_t i = 0; i < n; i++) {
		const char *r = from[i];
		struct event ev;

		cr_assert(event_read(
		    mem, json_read(mem, r, strlen(r), ORIGIN_DATA, &e), &ev));
		ev.seq = (long long)i + 1;
		cr_assert_eq(journal_append(j, &ev, &e), 0, "%s", e.msg);
	}
	journal_free(j);
	return place.run;
}

static const char *
make_run(struct arena *mem, const char *root, const char *loop, size_t n)
{
	return make_run_of(mem, root, loop, records, n);
}

static char *
temp_root(struct arena *mem)
{
	char *dir = arena_strdup(mem, "/tmp/report-XXXXXX");

	cr_assert_not_null(mkdtemp(dir));
	return dir;
}

static void
drop(struct arena *mem, const char *root)
{
	cr_assert_eq(system(arena_printf(mem, "rm -rf '%s'", root)), 0);
}

TEST(report, picks_runs_by_exact_names)
{
	auto_arena mem = ARENA_INIT;
	struct args a = { .mem = &mem };
	const char *root = temp_root(&mem), *run = NULL;
	struct err e = ERR_INIT;
	const char *first, *other, *last;

	cr_assert_eq(report_pick(&a, root, NULL, &run, &e), -1);
	cr_assert_eq(e.kind, ERR_ABSENT);
	first = make_run(&mem, root, "a-b", 1);
	other = make_run(&mem, root, "a", 1);
	cr_assert_eq(report_pick(&a, root, "a-b", &run, &e), 0);
	cr_assert_str_eq(run, first);
	cr_assert_eq(report_pick(&a, root, "a", &run, &e), 0);
	cr_assert_str_eq(run, other);
	cr_assert_eq(report_pick(&a, root, first, &run, &e), 0);
	cr_assert_str_eq(run, first);
	cr_assert_eq(report_pick(&a, root, "b", &run, &e), -1);
	cr_assert_eq(e.kind, ERR_ABSENT);
	last = place_new_id(&mem, "a");
	cr_assert_eq(report_pick(&a, root, last, &run, &e), -1);
	drop(&mem, root);
}

static const struct val *
shown_of(struct arena *mem, const char *const *from, size_t n)
{
	struct args a = { .mem = mem };
	const char *root = temp_root(mem);
	struct err e = ERR_INIT;
	struct run_info info;
	const struct val *v;
	auto_str json = STR_INIT;

	cr_assert_eq(report_open(&a, root,
			 make_run_of(mem, root, "a-b", from, n), &info, &e),
	    0);
	v = report_val(mem, &info, true);
	run_info_release(&info);
	json_write(&json, v, JSON_PRETTY);
	cr_assert_not_null(json_read(mem, json.buf, json.len, ORIGIN_DATA, &e));
	drop(mem, root);
	return v;
}

static const struct val *
shown(struct arena *mem, size_t n)
{
	return shown_of(mem, records, n);
}

static void
is(const struct val *v, const char *key, const char *want)
{
	auto_str json = STR_INIT;

	cr_assert_not_null(val_get(v, key), "no %s", key);
	json_write(&json, val_get(v, key), JSON_COMPACT);
	cr_assert_str_eq(json.buf, want, "%s is %s", key, json.buf);
}

TEST(report, shows_an_ended_run_in_the_references_words)
{
	auto_arena mem = ARENA_INIT;
	const struct val *v = shown(&mem, COUNT(records));

	is(v, "loop_name", "\"a-b\"");
	is(v, "current_state", "\"done\"");
	is(v, "iteration", "2");
	is(v, "captured",
	    "{\"c\":{\"output\":\"hi\",\"stderr\":\"\",\"exit_code\":0,"
	    "\"duration_ms\":3,\"failure_type\":\"\",\"timeout_kind\":null,"
	    "\"verdict\":\"yes\"}}");
	is(v, "prev_result",
	    "{\"output\":\"hi\\n\",\"exit_code\":0,\"state\":\"x\","
	    "\"timeout_kind\":null}");
	is(v, "last_result",
	    "{\"verdict\":\"yes\",\"details\":{\"exit_code\":0}}");
	is(v, "status", "\"failed\"");
	is(v, "accumulated_ms", "12");
	is(v, "edge_revisit_counts", "{\"x->done\":1}");
	is(v, "context", "{\"k\":\"v\"}");
	is(v, "phase", "\"ended\"");
	is(v, "terminated_by", "\"terminal\"");
	is(v, "exit", "2");
	is(v, "pid", "null");
	is(v, "journal_state", "\"whole\"");
}

TEST(report, shows_the_stack_and_the_items)
{
	auto_arena mem = ARENA_INIT;
	const struct val *v = shown_of(&mem, nested, COUNT(nested));
	struct point p = POINT_INIT;
	struct out o = { .buf = STR_INIT };
	const struct val *alive;

	for (size_t i = 0; i < COUNT(nested); i++) {
		struct err e = ERR_INIT;
		struct event ev;

		cr_assert(event_read(&mem,
		    json_read(
			&mem, nested[i], strlen(nested[i]), ORIGIN_DATA, &e),
		    &ev));
		point_apply(&p, &ev);
	}
	alive = report_parallel(&mem, &p, true);
	point_release(&p);
	is(v, "current_state", "\"x\"");
	is(v, "iteration", "4");
	is(v, "stack",
	    "[{\"loop\":\"a-b\",\"state\":\"x\",\"depth\":0,"
	    "\"iteration\":4},{\"loop\":\"kid\",\"state\":\"k\","
	    "\"depth\":1,\"iteration\":3}]");
	is(v, "parallel",
	    "{\"state\":\"k\",\"total\":5,\"succeeded\":0,\"failed\":1,"
	    "\"running\":0,\"unfinished\":1,\"skipped\":3}");
	report_stack_say(&o, val_get(v, "stack"), alive);
	cr_assert_str_eq(o.buf.buf,
	    "  kid at state 'k', step 3\n"
	    "  2 of 5 items: 1 failed, 1 running\n");
	out_release(&o);
	v = shown(&mem, 0);
	is(v, "stack", "[]");
	is(v, "parallel", "null");
}

TEST(report, calls_a_run_without_an_end_and_owner_died)
{
	auto_arena mem = ARENA_INIT;
	const struct val *v = shown(&mem, 4);

	is(v, "status", "\"died\"");
	is(v, "phase", "\"died\"");
	is(v, "terminated_by", "null");
	is(v, "current_state", "\"x\"");
	is(v, "prev_result", "null");
	is(v, "captured", "{}");
}

TEST(report, survives_an_empty_journal)
{
	auto_arena mem = ARENA_INIT;
	const struct val *v = shown(&mem, 0);

	is(v, "loop_name", "\"a-b\"");
	is(v, "current_state", "null");
	is(v, "iteration", "0");
}
