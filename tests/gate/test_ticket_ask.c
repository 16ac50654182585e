/* Asking for a ticket's file, and keeping tickets from being drawn. */
#include <ftw.h>
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
