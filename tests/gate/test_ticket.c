/* Tickets: numbers, life by lock, and what people put in the way. */
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
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
	const char *root;
	struct err e;
};

static void
setup(struct bed *b)
{
	const char *top = getenv("TMPDIR");
	char *dir;

	*b = (struct bed) { .mem = ARENA_INIT };
	dir = arena_printf(&b->mem, "%s/ticket-XXXXXX", top ? top : "/tmp");
	cr_assert_not_null(mkdtemp(dir));
	b->root = dir;
}

static void
teardown(struct bed *b)
{
	cr_assert_eq(nftw(b->root, drop, 16, FTW_DEPTH | FTW_PHYS), 0);
	arena_release(&b->mem);
}

static const struct val *
content(struct bed *b, const char *run)
{
	struct val *v = val_map(&b->mem);

	val_set(&b->mem, v, "v", val_int(&b->mem, 1));
	val_set(&b->mem, v, "run", val_text(&b->mem, run));
	return v;
}

static struct ticket *
draw(struct bed *b, const char *run)
{
	return ticket_draw(b->root, run, content(b, run), &b->e);
}

static const char *
queue(struct bed *b, const char *name)
{
	return arena_printf(&b->mem, "%s/.loops/.queue/%s", b->root, name);
}

TEST(ticket, numbers_go_up_and_free_goes_away)
{
	struct bed b;
	struct ticket *one, *two;
	struct stat st;
	auto_str text = STR_INIT;

	setup(&b);
	one = draw(&b, "a-1");
	cr_assert_not_null(one, "%s", b.e.msg);
	two = draw(&b, "b-2");
	cr_assert_eq(ticket_number(one), 1);
	cr_assert_eq(ticket_number(two), 2);
	cr_assert_eq(stat(queue(&b, "00000001.a-1"), &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0644);
	cr_assert_eq(file_read(queue(&b, ".gitignore"), 10, &text, &b.e), 0);
	cr_assert_str_eq(text.buf, "*\n");
	cr_assert(ticket_alive(b.root, "a-1"));
	cr_assert_not(ticket_alive(b.root, "a"));
	ticket_free(one);
	cr_assert_not(ticket_alive(b.root, "a-1"));
	cr_assert_not(file_exists(queue(&b, "00000001.a-1")));
	cr_assert(ticket_alive(b.root, "b-2"));
	one = draw(&b, "c-3");
	cr_assert_eq(ticket_number(one), 3);
	ticket_free(one);
	ticket_free(two);
	ticket_free(NULL);
	teardown(&b);
}

TEST(ticket, content_is_rewritten_in_place)
{
	struct bed b;
	struct ticket *t;
	struct ticket_seen *seen;
	size_t n;

	setup(&b);
	t = draw(&b, "a-with-a-rather-long-name");
	cr_assert_eq(ticket_write(t, content(&b, "a"), &b.e), 0);
	cr_assert_eq(ticket_list(&b.mem, b.root, &seen, &n, &b.e), 0);
	cr_assert_eq(n, 1);
	cr_assert_str_eq(val_str(seen[0].content, "run", ""), "a");
	cr_assert_eq(
	    ticket_write(t, content(&b, "longer again than it was"), &b.e), 0);
	cr_assert_eq(ticket_list(&b.mem, b.root, &seen, &n, &b.e), 0);
	cr_assert_str_eq(
	    val_str(seen[0].content, "run", ""), "longer again than it was");
	ticket_free(t);
	teardown(&b);
}

/* A child draws, tells its number, and waits to be killed. */
static pid_t
holder(struct bed *b, const char *run)
{
	int fd[2];
	char ok;
	pid_t pid;

	cr_assert_eq(pipe(fd), 0);
	pid = fork();
	cr_assert_geq(pid, 0);
	if (pid == 0) {
		if (draw(b, run) && write(fd[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	close(fd[1]);
	cr_assert_eq(read(fd[0], &ok, 1), 1);
	close(fd[0]);
	return pid;
}

static void
end(pid_t pid)
{
	kill(pid, SIGKILL);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
}

/* T05, C02: alive while the holder lives, dead at once after kill -9. */
TEST(ticket, lives_as_long_as_its_holder)
{
	struct bed b;
	pid_t pid;
	struct ticket_seen *seen;
	size_t n;

	setup(&b);
	pid = holder(&b, "a-1");
	cr_assert(ticket_alive(b.root, "a-1"));
	kill(pid, SIGSTOP);
	cr_assert(ticket_alive(b.root, "a-1"), "stopped is not dead");
	cr_assert_eq(ticket_list(&b.mem, b.root, &seen, &n, &b.e), 0);
	cr_assert_eq(n, 1);
	cr_assert(seen[0].alive);
	cr_assert_str_eq(seen[0].run, "a-1");
	end(pid);
	cr_assert_not(ticket_alive(b.root, "a-1"));
	cr_assert(file_exists(queue(&b, "00000001.a-1")));
	cr_assert_eq(ticket_list(&b.mem, b.root, &seen, &n, &b.e), 0);
	cr_assert_not(seen[0].alive);
	teardown(&b);
}

TEST(ticket, inherited_by_fork_it_outlives_one_of_two)
{
	struct bed b;
	struct ticket *t;
	pid_t pid;

	setup(&b);
	t = draw(&b, "a-1");
	pid = fork();
	if (pid == 0) {
		pause();
		_exit(0);
	}
	end(pid);
	cr_assert(ticket_alive(b.root, "a-1"));
	ticket_free(t);
	teardown(&b);
}

/* T01, C01: many draws at once, each number once. */
TEST(ticket, many_draws_have_many_numbers)
{
	enum { KIDS = 8, EACH = 12 };
	struct bed b;
	struct ticket_seen *seen;
	size_t n;
	pid_t pids[KIDS];
	int fd[2];
	char ok;

	setup(&b);
	cr_assert_eq(pipe(fd), 0);
	for (int i = 0; i < KIDS; i++) {
		pids[i] = fork();
		if (pids[i] > 0)
			continue;
		for (int k = 0; k < EACH; k++)
			if (!draw(&b, "x"))
				_exit(1);
		if (write(fd[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	for (int i = 0; i < KIDS; i++)
		cr_assert_eq(read(fd[0], &ok, 1), 1);
	cr_assert_eq(ticket_list(&b.mem, b.root, &seen, &n, &b.e), 0);
	cr_assert_eq(n, KIDS * EACH);
	for (size_t i = 0; i < n; i++) {
		cr_assert_eq(seen[i].number, (long long)i + 1);
		cr_assert(seen[i].alive);
	}
	for (int i = 0; i < KIDS; i++)
		end(pids[i]);
	close(fd[0]);
	close(fd[1]);
	teardown(&b);
}

/* A holder that has started a program; its pid comes through the pipe. */
static pid_t
parent_of_sleep(struct bed *b, pid_t *sleeper)
{
	char word[] = "sleep", time[] = "30";
	char *argv[] = { word, time, NULL };
	int fd[2];
	pid_t pid;

	cr_assert_eq(pipe(fd), 0);
	pid = fork();
	if (pid == 0) {
		pid_t child;

		if (draw(b, "a-1") &&
		    posix_spawnp(&child, "sleep", NULL, NULL, argv, environ) ==
			0 &&
		    write(fd[1], &child, sizeof(child)) > 0)
			pause();
		_exit(1);
	}
	close(fd[1]);
	cr_assert_eq(read(fd[0], sleeper, sizeof(*sleeper)), sizeof(*sleeper));
	close(fd[0]);
	return pid;
}

TEST(ticket, is_not_inherited_by_programs)
{
	struct bed b;
	pid_t pid, sleeper;

	setup(&b);
	pid = parent_of_sleep(&b, &sleeper);
	cr_assert(ticket_alive(b.root, "a-1"));
	end(pid);
	cr_assert_eq(kill(sleeper, 0), 0);
	/* posix_spawn returns a moment before the kernel closes what is
	 * close-on-exec. */
	for (int i = 0; i < 1000 && ticket_alive(b.root, "a-1"); i++)
		usleep(1000);
	cr_assert_not(ticket_alive(b.root, "a-1"));
	kill(sleeper, SIGKILL);
	teardown(&b);
}

enum obstacle { EMPTY, GARBAGE, HUGE, DIRECTORY, FIFO, LINK, OBSTACLES };

static void
obstruct(struct bed *b, const char *path, enum obstacle what)
{
	auto_fd int fd = -1;

	if (what == DIRECTORY)
		cr_assert_eq(mkdir(path, 0700), 0);
	else if (what == FIFO)
		cr_assert_eq(mkfifo(path, 0600), 0);
	else if (what == LINK)
		cr_assert_eq(symlink(queue(b, "../victim"), path), 0);
	else {
		fd = open(path, O_WRONLY | O_CREAT, 0600);
		cr_assert_geq(fd, 0);
		if (what == GARBAGE)
			cr_assert_eq(write(fd, "\xff{[", 3), 3);
		if (what == HUGE)
			cr_assert_eq(ftruncate(fd, 1 << 30), 0);
	}
}

/* T08: never a hang, links are not followed, the error names the file. */
TEST(ticket, obstacles_are_told_or_removed)
{
	static const char *const names[] = { ".lock", "00000005.x-1" };

	for (size_t i = 0; i < COUNT(names); i++)
		for (int what = 0; what < OBSTACLES; what++) {
			struct bed b;
			struct ticket *t;
			struct ticket_seen *seen;
			const char *path;
			size_t n;

			setup(&b);
			ticket_free(draw(&b, "first"));
			path = queue(&b, names[i]);
			unlink(path);
			obstruct(&b, queue(&b, "../victim"), GARBAGE);
			obstruct(&b, path, (enum obstacle)what);
			cr_assert_not(ticket_alive(b.root, "x-1"));
			cr_assert_eq(
			    ticket_list(&b.mem, b.root, &seen, &n, &b.e), 0);
			cr_assert_eq(n, i);
			t = draw(&b, "y-2");
			cr_assert_eq(t == NULL, what >= DIRECTORY);
			if (!t) {
				cr_assert(
				    strstr(b.e.msg, names[i]), "%s", b.e.msg);
				cr_assert_eq(b.e.kind, ERR_IO);
			}
			ticket_free(t);
			cr_assert(file_exists(queue(&b, "../victim")));
			teardown(&b);
		}
}

/* T09: a ticket that was replaced while held is not the holder's to unlink,
 * and a replaced directory lock is no lock. */
TEST(ticket, replaced_files_are_noticed)
{
	struct bed b;
	struct ticket *t, *u;
	const char *path;

	setup(&b);
	t = draw(&b, "a-1");
	path = queue(&b, "00000001.a-1");
	unlink(path);
	obstruct(&b, path, EMPTY);
	unlink(queue(&b, ".lock"));
	ticket_free(t);
	cr_assert(file_exists(path));
	u = draw(&b, "b-2");
	cr_assert_not_null(u);
	cr_assert_eq(ticket_number(u), 2);
	ticket_bury(u);
	cr_assert_not(file_exists(path));
	ticket_free(u);
	teardown(&b);
}

TEST(ticket, leftovers_of_a_killed_draw_go_away)
{
	struct bed b;
	struct ticket *t;

	setup(&b);
	ticket_free(draw(&b, "first"));
	obstruct(&b, queue(&b, ".00000009.x-1"), GARBAGE);
	t = draw(&b, "y-2");
	cr_assert_not_null(t);
	cr_assert_not(file_exists(queue(&b, ".00000009.x-1")));
	ticket_free(t);
	teardown(&b);
}

TEST(ticket, no_queue_is_an_empty_list)
{
	struct bed b;
	struct ticket_seen *seen;
	size_t n = 9;

	setup(&b);
	cr_assert_eq(ticket_list(&b.mem, b.root, &seen, &n, &b.e), 0);
	cr_assert_eq(n, 0);
	cr_assert_not(ticket_alive(b.root, "x"));
	cr_assert_not(file_exists(queue(&b, "")));
	teardown(&b);
}
