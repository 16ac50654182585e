/* Trees of real processes: listing them, what is new, and the end of all. */
#include "os/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "os/spawn.h"
#include "test.h"

#define LONG_MS 20000

/* Run a script that says when its tree is up, by a byte on its stdout. */
static pid_t
plant(const char *script)
{
	char *argv[] = { (char *)"bash", (char *)"-c", (char *)script, NULL };
	auto_fd int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct err e = ERR_INIT;
	struct spawned s;
	int fd[2];
	char b;

	cr_assert_eq(proc_become_reaper(&e), 0);
	cr_assert_eq(pipe2(fd, O_CLOEXEC), 0);
	cr_assert_eq(spawn(&(struct spawn_spec) { "/bin/bash", argv, NULL, NULL,
			       fd[1], null, NULL, NULL, 0 },
			 &s),
	    0);
	close(fd[1]);
	cr_assert_eq(read(fd[0], &b, 1), 1);
	close(fd[0]);
	close(s.pidfd);
	return s.pid;
}

static void
end_all(long long grace_ms)
{
	struct err e = ERR_INIT;
	struct tree t = TREE_INIT;
	struct sig s;

	cr_assert_eq(sig_init(&s, &e), 0);
	cr_assert_eq(tree_end(NULL, grace_ms, &s, &e), 0, "%s", e.msg);
	sig_release(&s);
	cr_assert_eq(waitpid(-1, NULL, WNOHANG), -1);
	cr_assert_eq(errno, ECHILD);
	tree_list(&t);
	cr_assert_eq(t.len, 0);
	tree_release(&t);
}

static const struct proc *
find(const struct tree *t, pid_t pid)
{
	for (size_t i = 0; i < t->len; i++)
		if (t->at[i].pid == pid)
			return &t->at[i];
	return NULL;
}

static const char three[] =
    "(sleep 300 & setsid sleep 301 & wait) & (: &); sleep .2; echo; wait";

TEST(tree, list_and_scan_agree)
{
	struct tree a = TREE_INIT, b = TREE_INIT;
	pid_t pid;

	tree_list(&a);
	tree_scan(&b);
	cr_assert_eq(a.len, 0);
	cr_assert_eq(b.len, 0);
	pid = plant(three);
	tree_list(&a);
	tree_scan(&b);
	cr_assert_eq(a.len, 4);
	cr_assert_eq(b.len, 4);
	cr_assert_eq(a.at[0].pid, pid);
	for (size_t i = 0; i < a.len; i++) {
		const struct proc *p = find(&b, a.at[i].pid);

		cr_assert(p);
		cr_assert_eq(p->start, a.at[i].start);
		cr_assert(i == 0 || find(&a, a.at[i].parent) < &a.at[i]);
	}
	end_all(-1);
	tree_release(&a);
	tree_release(&b);
}

TEST(tree, since_spares_the_older_with_all_they_do)
{
	struct tree older = TREE_INIT, t = TREE_INIT;
	struct tree_own own = { .older = &older };
	struct err e = ERR_INIT;
	struct sig s;
	pid_t pid;

	cr_assert_eq(sig_init(&s, &e), 0);
	tree_list_own(&t, &own);
	cr_assert_eq(t.len, 0);
	plant("(while :; do (sleep .1 & ); sleep .05; done) & echo; wait");
	tree_list(&older);
	pid = plant("(setsid sleep 300 & ) ; sleep .2; echo; exec sleep 300");
	tree_list_own(&t, &own);
	cr_assert_eq(t.len, 2);
	cr_assert(find(&t, pid));
	cr_assert_eq(tree_end(&own, 300, &s, &e), 0, "%s", e.msg);
	tree_list_own(&t, &own);
	cr_assert_eq(t.len, 0);
	tree_list(&t);
	cr_assert(find(&t, older.at[0].pid));
	sig_release(&s);
	end_all(-1);
	tree_release(&older);
	tree_release(&t);
}

TEST(tree, news_are_told_once)
{
	struct tree known = TREE_INIT;
	auto_arena mem = ARENA_INIT;
	const struct tree_left *left = NULL;
	pid_t pid;

	cr_assert_eq(tree_news(&known, NULL, 0, &mem, &left), 0);
	cr_assert_null(left);
	pid = plant("echo; exec sleep 300");
	while (!proc_command(&mem, pid) ||
	    strcmp(proc_command(&mem, pid), "sleep 300") != 0)
		;
	cr_assert_eq(tree_news(&known, NULL, 0, &mem, &left), 1);
	cr_assert_eq(left[0].pid, pid);
	cr_assert_eq(left[0].start, proc_start_time(pid));
	cr_assert_str_eq(left[0].command, "sleep 300");
	cr_assert_eq(tree_news(&known, NULL, 0, &mem, &left), 0);
	plant("echo; sleep 301; :");
	cr_assert_geq(tree_news(&known, NULL, 0, &mem, &left), 1);
	end_all(-1);
	cr_assert_eq(tree_news(&known, NULL, 0, &mem, &left), 0);
	cr_assert_eq(known.len, 0);
	tree_release(&known);
}

TEST(tree, reap_leaves_what_is_waited_for)
{
	struct tree_kept kept = { .n = 1 };
	pid_t mine, other;

	cr_assert_not(tree_reap(NULL));
	mine = fork();
	if (mine == 0)
		_exit(3);
	kept.at[0] = mine;
	waitid(P_PID, (id_t)mine, NULL, WEXITED | WNOWAIT);
	cr_assert(tree_reap(&kept));
	cr_assert_eq(waitpid(mine, NULL, 0), mine);
	other = fork();
	if (other == 0)
		_exit(0);
	waitid(P_PID, (id_t)other, NULL, WEXITED | WNOWAIT);
	cr_assert_not(tree_reap(NULL));
}

/* The kernel names the same zombie again and again. */
TEST(tree, reap_sees_the_dead_behind_one_that_is_kept)
{
	struct tree_kept kept = { .n = 2 };
	pid_t kid[4];

	for (size_t i = 0; i < COUNT(kid); i++) {
		kid[i] = fork();
		if (kid[i] == 0)
			_exit(3);
		waitid(P_PID, (id_t)kid[i], NULL, WEXITED | WNOWAIT);
	}
	kept.at[0] = kid[0];
	kept.at[1] = kid[2];
	cr_assert(tree_reap(&kept));
	cr_assert_eq(waitpid(kid[1], NULL, WNOHANG), -1);
	cr_assert_eq(waitpid(kid[3], NULL, WNOHANG), -1);
	cr_assert_eq(waitpid(kid[0], NULL, WNOHANG), kid[0]);
	cr_assert_eq(waitpid(kid[2], NULL, WNOHANG), kid[2]);
}

TEST(tree, end_is_gentle_first)
{
	long long start = clock_ms();

	plant(three);
	end_all(60000);
	cr_assert(clock_ms() - start < LONG_MS);
}

TEST(tree, end_wakes_the_stopped)
{
	pid_t pid =
	    plant("trap 'exit 3' TERM; echo; while :; do sleep .1; done");
	long long start = clock_ms();

	kill(pid, SIGSTOP);
	end_all(60000);
	cr_assert(clock_ms() - start < LONG_MS);
}

TEST(tree, end_kills_what_ignores_term)
{
	static const char *const scripts[] = {
		"trap '' TERM; (setsid sleep 300 &); echo; while :; do sleep "
		"300; "
		"done",
		"trap '' TERM; f() { sleep .01; f & }; f & f & sleep .2; echo; "
		"wait",
	};

	for (size_t i = 0; i < COUNT(scripts); i++) {
		plant(scripts[i]);
		end_all(200);
	}
}

TEST(tree, end_without_grace_and_without_children)
{
	end_all(0);
	plant("trap '' TERM; echo; while :; do sleep 300; done");
	end_all(-1);
}

TEST(tree, a_signal_twice_cuts_the_grace)
{
	long long start = clock_ms();
	struct err e = ERR_INIT;
	struct sig s;

	plant("trap '' TERM; echo; while :; do sleep 300; done");
	cr_assert_eq(sig_init(&s, &e), 0);
	raise(SIGTERM);
	raise(SIGINT);
	cr_assert_eq(tree_end(NULL, 60000, &s, &e), 0);
	cr_assert(clock_ms() - start < LONG_MS);
	sig_release(&s);
}
