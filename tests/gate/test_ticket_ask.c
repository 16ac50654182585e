/* Asking for a ticket's file, keeping tickets from being drawn, and tickets
 * whose holders died. */
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "gate/ticket.h"
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
};

static void
setup(struct bed *b)
{
	const char *top = getenv("TMPDIR");

	*b = (struct bed) { .mem = ARENA_INIT };
	b->root = arena_printf(&b->mem, "%s/ticket-XXXXXX", top ? top : "/tmp");
	cr_assert_not_null(mkdtemp(b->root));
}

static void
teardown(struct bed *b)
{
	cr_assert_eq(nftw(b->root, drop, 16, FTW_DEPTH | FTW_PHYS), 0);
	arena_release(&b->mem);
}

TEST(ticket_ask, a_live_ticket_has_a_path)
{
	struct bed b;
	struct ticket *t;
	const char *path;

	setup(&b);
	cr_expect_null(ticket_path(&b.mem, b.root, "a-1"));
	t = ticket_draw(b.root, "a-1", val_map(&b.mem), &b.e);
	cr_assert_not_null(t, "%s", b.e.msg);
	path = ticket_path(&b.mem, b.root, "a-1");
	cr_assert_not_null(path);
	cr_expect(file_exists(path));
	cr_expect_null(ticket_path(&b.mem, b.root, "a"));
	ticket_free(t);
	cr_expect_null(ticket_path(&b.mem, b.root, "a-1"));
	teardown(&b);
}

TEST(ticket_ask, behind_the_bar_no_ticket_is_drawn)
{
	struct bed b;
	int bar, status;
	pid_t child;

	setup(&b);
	bar = ticket_bar(b.root, &b.e);
	cr_assert_geq(bar, 0, "%s", b.e.msg);
	child = fork();
	if (child == 0) {
		close(bar);
		_exit(
		    ticket_draw(b.root, "a-1", val_map(&b.mem), &b.e) ? 0 : 1);
	}
	usleep(100000);
	cr_expect_eq(waitpid(child, &status, WNOHANG), 0, "it waits");
	close(bar);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect_eq(status, 0);
	teardown(&b);
}

static void
die_with_ticket(struct bed *b, const char *run)
{
	pid_t child = fork();

	if (child == 0) {
		if (!ticket_draw(b->root, run, val_map(&b->mem), &b->e))
			_exit(1);
		raise(SIGKILL);
	}
	cr_assert_eq(waitpid(child, NULL, 0), child);
}

/* Every draw tells of the dead and uses none of their numbers, until somebody
 * has buried them. */
TEST(ticket_ask, the_dead_are_told_until_they_are_buried)
{
	struct bed b;
	struct ticket *t;
	const char *const *dead;

	setup(&b);
	die_with_ticket(&b, "a-1");
	for (int round = 0; round < 2; round++) {
		t = ticket_draw(b.root, "b-2", val_map(&b.mem), &b.e);
		cr_assert_not_null(t, "%s", b.e.msg);
		cr_assert_eq(ticket_number(t), 2);
		cr_assert_eq(ticket_dead(t, &dead), 1);
		cr_assert_str_eq(dead[0], "a-1");
		if (round == 1)
			ticket_bury(t);
		ticket_free(t);
	}
	t = ticket_draw(b.root, "c-3", val_map(&b.mem), &b.e);
	cr_assert_eq(ticket_dead(t, &dead), 0);
	cr_assert_eq(ticket_number(t), 1);
	ticket_free(t);
	teardown(&b);
}

TEST(ticket_ask, who_leaves_it_does_not_give_it_back)
{
	struct bed b;
	struct ticket *t;
	pid_t child;

	setup(&b);
	t = ticket_draw(b.root, "a-1", val_map(&b.mem), &b.e);
	child = fork();
	if (child == 0) {
		ticket_leave(t);
		ticket_leave(NULL);
		_exit(0);
	}
	cr_assert_eq(waitpid(child, NULL, 0), child);
	cr_expect(ticket_alive(b.root, "a-1"));
	ticket_free(t);
	cr_expect_null(ticket_path(&b.mem, b.root, "a-1"));
	teardown(&b);
}
