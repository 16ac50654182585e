/* Drawing, waiting and leaving, with real processes and real locks. */
#include "gate/turn.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "gate/lease.h"
#include "test.h"

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
	char *root;
	struct err e;
	struct sig sig;
};

static void
setup(struct bed *b)
{
	const char *top = getenv("TMPDIR");

	*b = (struct bed) { .mem = ARENA_INIT };
	b->root = arena_printf(&b->mem, "%s/turn-XXXXXX", top ? top : "/tmp");
	cr_assert_not_null(mkdtemp(b->root));
	cr_assert_eq(sig_init(&b->sig, &b->e), 0);
}

static void
teardown(struct bed *b)
{
	sig_release(&b->sig);
	cr_assert_eq(nftw(b->root, drop, 16, FTW_DEPTH | FTW_PHYS), 0);
	arena_release(&b->mem);
}

static const char *
below(struct bed *b, const char *name)
{
	return arena_printf(&b->mem, "%s/%s", b->root, name);
}

static struct turn_spec
spec_of(struct bed *b, const char *run, const char *claim)
{
	struct scope *s = arena_new(&b->mem, sizeof(*s));

	if (strncmp(claim, "user:", 5) == 0)
		cr_assert_eq(scope_name(s, &b->mem, claim, &b->e), 0);
	else
		cr_assert_eq(
		    scope_path(s, &b->mem, b->root, claim, false, &b->e), 0,
		    "%s", b->e.msg);
	return (struct turn_spec) { .root = b->root,
		.users = below(b, "state/queue"),
		.run = run,
		.loop = run,
		.scope = s,
		.waits = true };
}

static struct turn *
draw(struct bed *b, const struct turn_spec *spec, int wanted)
{
	struct turn *t = turn_new(spec);
	int got = turn_draw(t, &b->e);

	cr_assert_eq(got, wanted, "%s: %d %s", spec->run, got, b->e.msg);
	return t;
}

static struct turn *
take(struct bed *b, const char *run, const char *claim, int wanted)
{
	struct turn_spec spec = spec_of(b, run, claim);

	return draw(b, &spec, wanted);
}

static int
await(struct bed *b, struct turn *t, long long ms)
{
	struct turn_wait how = { .sig = &b->sig, .limit_ms = ms };

	return turn_wait(t, &how, &b->e);
}

/* A child that has the turn until it is told to end, by a pipe. */
struct holder {
	pid_t pid;
	int end;
};

static struct holder
hold(struct bed *b, const char *run, const char *claim)
{
	int ready[2], end[2];
	struct holder h;
	char c;

	cr_assert_eq(pipe(ready), 0);
	cr_assert_eq(pipe(end), 0);
	h.pid = fork();
	if (h.pid == 0) {
		struct turn *t = take(b, run, claim, TURN_GRANTED);

		close(end[1]);
		(void)!write(ready[1], "", 1);
		(void)!read(end[0], &c, 1);
		turn_free(t);
		_exit(0);
	}
	cr_assert_eq(read(ready[0], &c, 1), 1);
	close(ready[0]);
	close(ready[1]);
	close(end[0]);
	h.end = end[1];
	return h;
}

static void
let_go(struct holder *h)
{
	close(h->end);
	cr_assert_eq(waitpid(h->pid, NULL, 0), h->pid);
}

TEST(turn, one_at_a_time_and_disjoint_ones_together)
{
	struct bed b;
	struct turn *one, *two, *three;
	struct turn_spec spec;

	setup(&b);
	one = take(&b, "one", "src", TURN_GRANTED);
	two = take(&b, "two", "docs", TURN_GRANTED);
	spec = spec_of(&b, "three", "src/x");
	spec.waits = false;
	three = draw(&b, &spec, TURN_BUSY);
	cr_expect_str_eq(turn_news(three)->holder->run, "one");
	cr_expect_not(ticket_alive(b.root, "three"), "it has no place");
	turn_free(three);
	turn_free(one);
	three = draw(&b, &spec, TURN_GRANTED);
	turn_free(two);
	turn_free(three);
	teardown(&b);
}

TEST(turn, whoever_claims_nothing_is_let_through)
{
	struct bed b;
	struct turn *one, *two, *three;
	struct turn_spec spec;

	setup(&b);
	one = take(&b, "one", ".", TURN_GRANTED);
	spec = spec_of(&b, "two", ".");
	spec.open = true;
	two = draw(&b, &spec, TURN_GRANTED);
	turn_free(one);
	three = take(&b, "three", ".", TURN_GRANTED);
	turn_free(two);
	turn_free(three);
	teardown(&b);
}

TEST(turn, a_wait_ends_when_the_holder_ends_or_dies)
{
	for (int killed = 0; killed < 2; killed++) {
		struct bed b;
		struct holder h;
		struct turn *t;
		pid_t helper;

		setup(&b);
		h = hold(&b, "one", "src");
		t = take(&b, "two", "src", TURN_QUEUED);
		helper = fork();
		if (helper == 0) {
			usleep(100000);
			if (killed)
				kill(h.pid, SIGKILL);
			close(h.end);
			_exit(0);
		}
		close(h.end);
		cr_expect_eq(await(&b, t, 20000), 0, "%s", b.e.msg);
		cr_expect(turn_news(t)->granted);
		cr_assert_eq(waitpid(h.pid, NULL, 0), h.pid);
		cr_assert_eq(waitpid(helper, NULL, 0), helper);
		turn_free(t);
		teardown(&b);
	}
}

/* T16: the time is that of the machine, not of the calendar. */
TEST(turn, a_wait_can_be_over_before)
{
	struct bed b;
	struct holder h;
	struct turn *t;
	long long before;

	setup(&b);
	h = hold(&b, "one", "src");
	t = take(&b, "two", "src", TURN_QUEUED);
	before = clock_boot_ms();
	cr_expect_eq(await(&b, t, 200), -1);
	cr_expect_eq(b.e.kind, ERR_BUSY);
	cr_expect_geq(clock_boot_ms() - before, 199);
	kill(getpid(), SIGTERM);
	cr_expect_eq(await(&b, t, 20000), 128 + SIGTERM);
	turn_free(t);
	cr_expect_not(ticket_alive(b.root, "two"));
	let_go(&h);
	teardown(&b);
}

/* Where processes cannot be seen a helper blocks on the lock. */
TEST(turn, a_holder_in_another_container_is_waited_for)
{
	struct bed b;
	struct holder h;
	struct turn *t;
	struct ticket_seen *seen;
	auto_str text = STR_INIT;
	pid_t helper;
	char *space;
	size_t n;

	setup(&b);
	h = hold(&b, "one", "src");
	cr_assert_eq(ticket_list(&b.mem, b.root, &seen, &n, &b.e), 0);
	cr_assert_eq(n, 1);
	cr_assert_eq(file_read(seen[0].path, 65536, &text, &b.e), 0);
	space = strstr(text.buf, "pid_space\":\"");
	cr_assert_not_null(space);
	space[12] = 'f';
	{
		FILE *f = fopen(seen[0].path, "r+");

		cr_assert_not_null(f);
		fwrite(text.buf, 1, text.len, f);
		fclose(f);
	}
	t = take(&b, "two", "src", TURN_QUEUED);
	helper = fork();
	if (helper == 0) {
		usleep(200000);
		kill(h.pid, SIGKILL);
		_exit(0);
	}
	cr_expect_eq(await(&b, t, 20000), 0, "%s", b.e.msg);
	let_go(&h);
	cr_assert_eq(waitpid(helper, NULL, 0), helper);
	turn_free(t);
	teardown(&b);
}

/* Two projects, one thing of the user's. */
TEST(turn, the_users_queue_is_one_for_all_projects)
{
	struct bed b, c;
	struct turn *one, *two;
	struct turn_spec spec;

	setup(&b);
	sig_release(&b.sig);
	setup(&c);
	one = take(&b, "one", "user:gpu", TURN_GRANTED);
	spec = spec_of(&c, "two", "user:gpu");
	spec.users = below(&b, "state/queue");
	two = draw(&c, &spec, TURN_QUEUED);
	cr_expect_str_eq(turn_news(two)->by->run, "one");
	turn_free(one);
	cr_expect_eq(await(&c, two, 20000), 0, "%s", c.e.msg);
	turn_free(two);
	teardown(&c);
	cr_assert_eq(sig_init(&b.sig, &b.e), 0);
	teardown(&b);
}

TEST(turn, a_ticket_that_is_taken_away_gives_no_turn)
{
	struct bed b;
	struct turn *one, *two, *three;
	struct ticket_seen *seen;
	size_t n;

	setup(&b);
	one = take(&b, "one", "src", TURN_GRANTED);
	cr_assert_eq(ticket_list(&b.mem, b.root, &seen, &n, &b.e), 0);
	cr_assert_eq(unlink(seen[0].path), 0);
	/* T09: its lease file still says what it has. */
	two = take(&b, "two", "src", TURN_QUEUED);
	cr_expect(turn_news(two)->by->foreign);
	cr_assert_eq(ticket_list(&b.mem, b.root, &seen, &n, &b.e), 0);
	cr_assert_eq(n, 1);
	cr_assert_eq(unlink(seen[0].path), 0);
	turn_free(one);
	cr_expect_eq(await(&b, two, 20000), -1, "not by barging");
	cr_expect_eq(b.e.kind, ERR_BUSY);
	turn_free(two);
	three = take(&b, "three", "src", TURN_GRANTED);
	turn_free(three);
	teardown(&b);
}

static void
lease(struct bed *b, const char *name, const char *text)
{
	auto_free char *path = NULL;
	FILE *f;

	cr_assert_eq(file_mkdirs(below(b, ".loops/.running"), 0777, &b->e), 0);
	cr_assert_geq(
	    asprintf(&path, "%s/.loops/.running/%s.lock", b->root, name), 0);
	f = fopen(path, "w");
	cr_assert_not_null(f);
	fputs(text, f);
	fclose(f);
}

/* T06: a lease of the reference counts while its process lives, and not when
 * another has got the number. */
TEST(turn, leases_of_the_reference)
{
	static const struct {
		const char *scope; /* below the root; NULL: an empty list */
		const char *since;
		bool gone;
		int wanted;
	} rows[] = {
		{ "src", "2999", false, TURN_QUEUED },
		{ "src/x", "2999", false, TURN_QUEUED },
		{ NULL, "2999", false, TURN_QUEUED },
		{ "docs", "2999", false, TURN_GRANTED },
		{ "src", "2001", false, TURN_GRANTED },
		{ "src", "2999", true, TURN_GRANTED },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bed b;
		const char *scope = "";

		setup(&b);
		if (rows[i].scope)
			scope = arena_printf(
			    &b.mem, "\"%s\"", below(&b, rows[i].scope));
		lease(&b, "x",
		    arena_printf(&b.mem,
			"{\"loop_name\":\"x\",\"scope\":[%s],\"pid\":%d,"
			"\"started_at\":\"%s-01-01T00:00:00+00:00\"}",
			scope, rows[i].gone ? 1 << 29 : (int)getpid(),
			rows[i].since));
		turn_free(take(&b, "me", "src", rows[i].wanted));
		teardown(&b);
	}
}

TEST(turn, what_is_no_lease_is_passed_over)
{
	struct bed b;

	setup(&b);
	lease(&b, "x", "{\"loop_na");
	lease(&b, "y", "[]");
	cr_assert_eq(mkdir(below(&b, ".loops/.running/d.lock"), 0777), 0);
	cr_assert_eq(mkfifo(below(&b, ".loops/.running/f.lock"), 0666), 0);
	cr_assert_eq(symlink("x.lock", below(&b, ".loops/.running/l.lock")), 0);
	turn_free(take(&b, "me", "src", TURN_GRANTED));
	teardown(&b);
}

TEST(turn, our_runs_have_leases_while_they_run)
{
	struct bed b;
	struct turn *one, *two;
	const char *path;

	setup(&b);
	path = below(&b, ".loops/.running/one.lock");
	one = take(&b, "one", "src", TURN_GRANTED);
	two = take(&b, "two", "src", TURN_QUEUED);
	cr_expect(file_exists(path));
	cr_expect_not(file_exists(below(&b, ".loops/.running/two.lock")));
	turn_free(one);
	cr_expect_not(file_exists(path));
	turn_free(two);
	teardown(&b);
}

/* C07, T14. */
TEST(turn, a_nested_run_has_what_its_ancestor_has)
{
	struct bed b;
	struct turn *one, *two, *three;
	struct turn_spec spec;

	setup(&b);
	one = take(&b, "one", "src", TURN_GRANTED);
	two = take(&b, "two", ".", TURN_QUEUED);
	spec = spec_of(&b, "three", "src/deep");
	spec.parent = "one";
	spec.parent_root = b.root;
	three = draw(&b, &spec, TURN_GRANTED);
	turn_free(three);
	spec = spec_of(&b, "three", "docs");
	spec.parent = "one";
	three = turn_new(&spec);
	cr_expect_eq(turn_draw(three, &b.e), -1);
	cr_expect_eq(b.e.kind, ERR_BUSY);
	cr_expect(
	    strstr(b.e.msg, "'two', which waits for 'one'"), "%s", b.e.msg);
	turn_free(three);
	/* Whoever was started by a run that is gone is like any other. */
	spec.parent = "gone";
	three = draw(&b, &spec, TURN_QUEUED);
	turn_free(three);
	turn_free(two);
	turn_free(one);
	teardown(&b);
}

TEST(turn, a_ticket_of_a_newer_version_is_respected)
{
	struct bed b;
	struct ticket *t;
	struct turn *me;
	struct val *v;

	setup(&b);
	v = val_map(&b.mem);
	val_set(&b.mem, v, "v", val_int(&b.mem, 2));
	val_set(&b.mem, v, "phase", val_text(&b.mem, "running"));
	t = ticket_draw(b.root, "newer", v, &b.e);
	me = take(&b, "me", "src", TURN_QUEUED);
	cr_expect_str_eq(turn_news(me)->by->run, "newer");
	cr_expect_eq(turn_news(me)->by->version, 2);
	turn_free(me);
	ticket_free(t);
	teardown(&b);
}
