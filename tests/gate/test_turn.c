/* Drawing, waiting and leaving, with real processes and real locks. */
#include "gate/turn.h"

#include <signal.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/file.h"
#include "turn_bed.h"

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

/* Whoever leaves the terminal is another process by then. */
TEST(turn, a_turn_goes_on_in_a_fork)
{
	struct bed b;
	struct turn *one, *two;
	int end[2], status;
	pid_t child;
	char c;

	setup(&b);
	cr_assert_eq(pipe(end), 0);
	one = take(&b, "one", "src", TURN_GRANTED);
	child = fork();
	if (child == 0) {
		close(end[1]);
		if (turn_moved(one, &b.e) < 0)
			_exit(1);
		(void)!read(end[0], &c, 1);
		turn_free(one);
		_exit(0);
	}
	turn_leave(one);
	while (val_num(ticket_says(&b.mem, b.root, "one"), "guard", 0) != child)
		usleep(1000);
	two = take(&b, "two", "src", TURN_QUEUED);
	close(end[1]);
	close(end[0]);
	cr_expect_eq(await(&b, two, 20000), 0, "%s", b.e.msg);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect_eq(status, 0);
	turn_free(two);
	teardown(&b);
}
