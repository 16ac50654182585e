/* What is found by its environment, and what is left alone. */
#include "guard/sweep.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "guard_bed.h"
#include "os/proc.h"
#include "store/place.h"

/* A run that was killed: its ticket is there, its holder is not. */
static void
kill_run(struct bed *b, const char *run)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (!ticket_draw(b->root, run, val_map(&b->mem), &b->e))
			_exit(1);
		raise(SIGKILL);
	}
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
}

static pid_t
survivor(struct bed *b, const char *run, const char *script)
{
	char sh[] = "bash", c[] = "-c";
	char *argv[] = { sh, c, (char *)script, NULL };
	char *env[] = { (char *)"A=1",
		arena_printf(&b->mem, "LL_RUN_ID=%s", run),
		(char *)"PATH=/usr/bin:/bin", NULL };
	posix_spawn_file_actions_t to;
	int fd[2];
	char byte;
	pid_t pid;

	cr_assert_eq(pipe2(fd, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&to);
	posix_spawn_file_actions_adddup2(&to, fd[1], 3);
	cr_assert_eq(posix_spawn(&pid, "/bin/bash", &to, NULL, argv, env), 0);
	posix_spawn_file_actions_destroy(&to);
	close(fd[1]);
	if (strstr(script, ">&3"))
		cr_assert_eq(read(fd[0], &byte, 1), 1);
	close(fd[0]);
	return pid;
}

static bool
is_dead(pid_t pid)
{
	struct proc p;

	return !proc_read(pid, &p) || p.dead;
}

static int
start(
    struct bed *b, struct sig *sig, struct sweep_told *told, struct ticket **t)
{
	struct sweep_spec spec = {
		.root = b->root, .grace_ms = 200, .sig = sig
	};

	*told = (struct sweep_told) { 0 };
	*t = ticket_draw(b->root, "new-1", val_map(&b->mem), &b->e);
	cr_assert_not_null(*t, "%s", b->e.msg);
	spec.ticket = *t;
	return sweep_dead(&spec, told, &b->e);
}

static size_t
dead_tickets(struct ticket *t)
{
	const char *const *runs;

	return ticket_dead(t, &runs);
}

/* T11: also who ignores TERM, and what forks meanwhile. */
TEST(sweep, ends_what_a_killed_run_left)
{
	struct bed b;
	struct sig sig;
	struct sweep_told told;
	struct ticket *t;
	pid_t of_it[3], other;

	setup(&b);
	begin(&b);
	cr_assert_eq(sig_init(&sig, &b.e), 0);
	kill_run(&b, b.place.run);
	of_it[0] = survivor(&b, b.place.run, "exec sleep 300");
	of_it[1] =
	    survivor(&b, b.place.run, "trap '' TERM; echo >&3; sleep 300; :");
	of_it[2] = survivor(&b, b.place.run,
	    "trap 'setsid sleep 300 & setsid sleep 300 &' TERM; echo >&3; "
	    "while :; do sleep 0.05; done");
	other = survivor(
	    &b, arena_printf(&b.mem, "%sx", b.place.run), "exec sleep 300");
	cr_assert_eq(start(&b, &sig, &told, &t), 0, "%s", b.e.msg);
	cr_assert_geq(told.ended, 3);
	cr_assert_str_eq(told.run, b.place.run);
	for (int i = 0; i < 3; i++) {
		cr_assert(is_dead(of_it[i]), "%d", i);
		cr_assert_eq(waitpid(of_it[i], NULL, 0), of_it[i]);
	}
	cr_assert_not(is_dead(other));
	kill(other, SIGKILL);
	cr_assert_eq(waitpid(other, NULL, 0), other);
	ticket_free(t);
	cr_assert_eq(start(&b, &sig, &told, &t), 0);
	cr_assert_eq(dead_tickets(t), 0);
	ticket_free(t);
	sig_release(&sig);
	teardown(&b);
}

/* Who has an end record had ended its tree; such a process is somebody's who
 * kept the name. */
TEST(sweep, a_run_with_an_end_is_not_looked_for)
{
	static const char *const end[][2] = { { "terminated_by", "terminal" } };
	struct bed b;
	struct sig sig;
	struct sweep_told told;
	struct ticket *t;
	pid_t other;

	setup(&b);
	begin(&b);
	say(&b, EV_RUN_END, end, 1);
	cr_assert_eq(sig_init(&sig, &b.e), 0);
	kill_run(&b, b.place.run);
	other = survivor(&b, b.place.run, "exec sleep 300");
	cr_assert_eq(start(&b, &sig, &told, &t), 0, "%s", b.e.msg);
	cr_assert_eq(told.ended, 0);
	cr_assert_not(is_dead(other));
	kill(other, SIGKILL);
	cr_assert_eq(waitpid(other, NULL, 0), other);
	ticket_free(t);
	sig_release(&sig);
	teardown(&b);
}

/* Killed while it waited for its turn: it has done nothing. */
TEST(sweep, what_never_began_leaves_no_directory)
{
	struct bed b;
	struct sig sig;
	struct sweep_told told;
	struct ticket *t;
	struct place_run waiter;

	setup(&b);
	begin(&b);
	cr_assert_eq(place_create(&b.mem, b.root, "waiter", &waiter, &b.e), 0);
	cr_assert_eq(place_furnish(&waiter, &b.e), 0);
	cr_assert_eq(sig_init(&sig, &b.e), 0);
	kill_run(&b, waiter.run);
	kill_run(&b, b.place.run);
	cr_assert_eq(start(&b, &sig, &told, &t), 0, "%s", b.e.msg);
	cr_assert_neq(access(waiter.dir, F_OK), 0);
	cr_assert_eq(access(b.place.journal, F_OK), 0);
	ticket_free(t);
	sig_release(&sig);
	teardown(&b);
}

/* A signal to us ends the wait, and the ticket stays for the next. */
TEST(sweep, a_stop_signal_ends_the_wait)
{
	struct bed b;
	struct sig sig;
	struct sweep_told told;
	struct ticket *t;
	pid_t pid;

	setup(&b);
	begin(&b);
	cr_assert_eq(sig_init(&sig, &b.e), 0);
	kill_run(&b, b.place.run);
	pid = survivor(&b, b.place.run,
	    "trap 'kill -INT $PPID' TERM; echo >&3; "
	    "while :; do sleep 0.05; done");
	cr_assert_lt(start(&b, &sig, &told, &t), 0);
	cr_assert_eq(b.e.kind, ERR_BUSY);
	cr_assert_eq(sig.stop, SIGINT);
	cr_assert_eq(dead_tickets(t), 1);
	kill(pid, SIGKILL);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	ticket_free(t);
	sig_release(&sig);
	teardown(&b);
}
