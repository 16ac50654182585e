/* Runs: sealed, found, folded, listed. */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "store/runs.h"
#include "test.h"
#include "text/json.h"

static int
drop(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

struct bed {
	struct arena mem;
	const char *root;
	struct place_run place;
	struct journal *j;
	long long seq;
	struct err e;
};

static const struct val *
inputs_of(struct arena *a)
{
	struct val *inputs = val_map(a), *argument = val_text(a, "x y");

	argument->origin = ORIGIN_DATA;
	val_set(a, inputs, "input", argument);
	val_set(a, inputs, "limit", val_int(a, 3));
	return inputs;
}

/* A project with one sealed run that has an empty journal. */
static void
setup(struct bed *b)
{
	const char *top = getenv("TMPDIR");
	char self[] = "ll-loop", verb[] = "run", odd[] = "\xff";
	char *argv[] = { self, verb, odd, NULL };
	static const struct loop_file files[] = {
		{ .path = "/p/.loops/fix.yaml", .text = { "name: fix\n", 10 } },
		{ .path = "/p/.loops/base.yaml",
		    .text = { "x: 1\n", 5 },
		    .how = "from" },
	};
	struct unsynced base;
	uint64_t seed;
	char *dir;

	*b = (struct bed) { .mem = ARENA_INIT };
	dir = arena_printf(&b->mem, "%s/runs-XXXXXX", top ? top : "/tmp");
	cr_assert_not_null(mkdtemp(dir));
	b->root = dir;
	cr_assert_eq(place_create(&b->mem, dir, "fix", &b->place, &b->e), 0);
	cr_assert_eq(place_furnish(&b->place, &b->e), 0);
	cr_assert_eq(runs_seal(&b->mem, &b->place,
			 &(struct run_spec) { .loop_name = "fix",
			     .loop_file = "/p/.loops/fix.yaml",
			     .version = "0.1.0",
			     .cwd = "/p",
			     .argv = argv,
			     .inputs = inputs_of(&b->mem),
			     .files = files,
			     .nfiles = 2,
			     .durable = true },
			 &seed, &base, &b->e),
	    0, "%s", b->e.msg);
	b->j = journal_create(b->place.journal, seed, true, &b->e);
	cr_assert_not_null(b->j);
	cr_assert_eq(base.n, 7, "three files, four directories");
	journal_stand_on(b->j, &base);
}

static void
teardown(struct bed *b)
{
	journal_free(b->j);
	cr_assert_eq(nftw(b->root, drop, 16, FTW_DEPTH | FTW_PHYS), 0);
	arena_release(&b->mem);
}

static void
add(struct bed *b, enum event_kind kind, const char *json)
{
	struct event ev = { .kind = kind,
		.seq = ++b->seq,
		.wall_us = 1795228653000000LL + b->seq,
		.item = -1 };

	ev.fields = json_read(&b->mem, json, strlen(json), ORIGIN_DATA, &b->e);
	cr_assert_not_null(ev.fields);
	cr_assert_eq(journal_append(b->j, &ev, &b->e), 0, "%s", b->e.msg);
}

static void
start(struct bed *b)
{
	add(b, EV_RUN_START,
	    arena_printf(&b->mem, "{\"v\":1,\"run\":\"%s\",\"loop\":\"fix\"}",
		b->place.run));
	add(b, EV_LOOP_START, "{\"loop\":\"fix\"}");
	add(b, EV_STATE_ENTER, "{\"state\":\"a\",\"iteration\":1}");
}

TEST(runs, seal_keeps_bytes_and_origins)
{
	struct bed b;
	auto_str text = STR_INIT, sealed = STR_INIT;
	const struct val *v, *files;
	struct stat st;
	const char *path;

	setup(&b);
	cr_assert_eq(file_read(b.place.run_json, 10000, &text, &b.e), 0);
	v = event_val_read(
	    &b.mem, json_read(&b.mem, text.buf, text.len, ORIGIN_DATA, &b.e));
	cr_assert_str_eq(val_str(v, "loop", ""), "fix");
	cr_assert_str_eq(val_str(v, "run", ""), b.place.run);
	cr_assert_str_eq(val_str(val_get(v, "inputs"), "input", ""), "x y");
	cr_assert_str_eq(val_str(val_get(v, "origins"), "input", ""), "data");
	cr_assert_null(val_get(val_get(v, "origins"), "limit"));
	cr_assert_str_eq(val_step(val_get(v, "argv"), sv("2"))->t.p, "\xff");
	files = val_step(val_get(v, "files"), sv("0"));
	cr_assert_str_eq(val_str(files, "sealed", ""), "sealed/0-fix.yaml");
	cr_assert_eq(val_num(files, "bytes", 0), 10);
	path = arena_printf(
	    &b.mem, "%s/%s", b.place.ll, val_str(files, "sealed", ""));
	cr_assert_eq(file_read(path, 100, &sealed, &b.e), 0);
	cr_assert_str_eq(sealed.buf, "name: fix\n");
	cr_assert_eq(stat(path, &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0600);
	teardown(&b);
}

TEST(runs, open_folds_the_journal)
{
	struct bed b;
	struct run_info info;

	setup(&b);
	start(&b);
	cr_assert_eq(runs_open(&b.mem, b.root, b.place.run, true, &info, &b.e),
	    0, "%s", b.e.msg);
	cr_assert_not(info.unreadable);
	cr_assert_eq(info.end.state, JOURNAL_WHOLE);
	cr_assert_eq(info.end.records, 3);
	cr_assert_str_eq(point_top(&info.point)->state, "a");
	cr_assert_str_eq(run_phase(&info), "running");
	info.alive = false;
	cr_assert_str_eq(run_phase(&info), "died");
	run_info_release(&info);
	add(&b, EV_RUN_END, "{\"terminated_by\":\"terminal\"}");
	cr_assert_eq(
	    runs_open(&b.mem, b.root, b.place.run, false, &info, &b.e), 0);
	cr_assert_str_eq(run_phase(&info), "ended");
	run_info_release(&info);
	teardown(&b);
}

TEST(runs, unknown_names_are_absent)
{
	static const char *const rows[] = { "", ".", "..", "../x", "nope",
		"fix-20261121T023733-aaaa" };
	struct bed b;
	struct run_info info;
	struct journal_end end;

	setup(&b);
	for (size_t i = 0; i < COUNT(rows); i++) {
		cr_assert_lt(
		    runs_open(&b.mem, b.root, rows[i], false, &info, &b.e), 0);
		cr_assert_eq(b.e.kind, ERR_ABSENT);
		cr_assert_lt(runs_events(&b.mem, b.root, rows[i], NULL, NULL,
				 &end, &b.e),
		    0);
		cr_assert_eq(b.e.kind, ERR_ABSENT);
	}
	teardown(&b);
}

/* C16, C17: damage is told, never a crash and never "running". */
TEST(runs, damage_is_told)
{
	struct bed b;
	struct run_info info;
	struct run_brief brief;

	setup(&b);
	start(&b);
	cr_assert_eq(truncate(b.place.journal, 300), 0);
	cr_assert_eq(
	    runs_open(&b.mem, b.root, b.place.run, false, &info, &b.e), 0);
	cr_assert_eq(info.end.state, JOURNAL_TORN);
	cr_assert_str_eq(run_phase(&info), "died");
	run_info_release(&info);

	/* run.json is where the chain of sums starts. */
	cr_assert_eq(truncate(b.place.run_json, 10), 0);
	cr_assert_eq(
	    runs_open(&b.mem, b.root, b.place.run, false, &info, &b.e), 0);
	cr_assert_eq(info.end.state, JOURNAL_CORRUPT);
	run_info_release(&info);

	unlink(b.place.journal);
	cr_assert_eq(
	    runs_open(&b.mem, b.root, b.place.run, false, &info, &b.e), 0);
	cr_assert(info.unreadable);
	cr_assert(info.blank);
	cr_assert(info.why[0]);
	cr_assert_str_eq(run_phase(&info), "died");
	run_info_release(&info);
	runs_brief(&b.mem, b.root, b.place.run, &brief);
	cr_assert_not_null(brief.why);
	cr_assert_str_eq(brief.loop, "fix");
	teardown(&b);
}

TEST(runs, brief_tells_start_and_end)
{
	struct bed b;
	struct run_brief brief;

	setup(&b);
	start(&b);
	runs_brief(&b.mem, b.root, b.place.run, &brief);
	cr_assert_null(brief.why, "%s", brief.why);
	cr_assert_str_eq(brief.loop, "fix");
	cr_assert_eq(brief.started_us, 1795228653000001LL);
	cr_assert_eq(brief.updated_us, 1795228653000003LL);
	cr_assert_null(brief.end);
	add(&b, EV_RUN_END, "{\"terminated_by\":\"max_steps\"}");
	runs_brief(&b.mem, b.root, b.place.run, &brief);
	cr_assert_str_eq(val_str(brief.end, "terminated_by", ""), "max_steps");
	teardown(&b);
}

static int
count(void *self, const struct event *ev, struct err *e)
{
	(void)ev;
	(void)e;
	++*(int *)self;
	return 0;
}

TEST(runs, events_are_heard_in_order)
{
	struct bed b;
	struct journal_end end;
	int n = 0;

	setup(&b);
	start(&b);
	cr_assert_eq(
	    runs_events(&b.mem, b.root, b.place.run, count, &n, &end, &b.e), 0);
	cr_assert_eq(n, 3);
	teardown(&b);
}

TEST(runs, list_sorts_by_time_and_knows_whole_names)
{
	static const char *const dirs[] = { "b-20260101T000000-0000",
		"a-20260102T000000-0000", "my-a-20250102T000000-0000",
		"a-20250101T000000-zzzz", "a-20250101T000000-0000", "rubbish" };
	auto_arena a = ARENA_INIT;
	struct bed b;
	struct run_names runs;

	setup(&b);
	for (size_t i = 0; i < COUNT(dirs); i++) {
		const char *dir =
		    arena_printf(&b.mem, "%s/.loops/runs/%s", b.root, dirs[i]);

		mkdir(dir, 0700);
		mkdir(arena_printf(&b.mem, "%s/.ll", dir), 0700);
	}
	/* One that is only claimed, and has no ticket yet, is no run. */
	mkdir(arena_printf(
		  &b.mem, "%s/.loops/runs/a-20260103T000000-0000", b.root),
	    0700);
	cr_assert_eq(runs_list(&a, b.root, "a", &runs, &b.e), 0);
	cr_assert_eq(runs.n, 3);
	cr_assert_str_eq(runs.at[0], "a-20250101T000000-0000");
	cr_assert_str_eq(runs.at[1], "a-20250101T000000-zzzz");
	cr_assert_str_eq(runs.at[2], "a-20260102T000000-0000");
	cr_assert_eq(runs_list(&a, b.root, NULL, &runs, &b.e), 0);
	cr_assert_eq(runs.n, 6);
	cr_assert_str_eq(runs.at[5], b.place.run);
	cr_assert_eq(runs_claimed(&a, b.root, &runs, &b.e), 0);
	cr_assert_eq(runs.n, 7);
	cr_assert_eq(runs_list(&a, "/nowhere", NULL, &runs, &b.e), 0);
	cr_assert_eq(runs.n, 0);
	teardown(&b);
}
