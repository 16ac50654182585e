/*
 * Runs a program that becomes two, a guard and the engine that it forks, and
 * kills one of them or both when one is about to make its Nth system call.
 * What those two start is left alone: it is never traced.
 *
 * Usage: boundary LOG guard|engine N one|both PROGRAM ARGUMENT...
 * LOG gets a line for each call, `ROLE NUMBER`, and `hit NUMBER` for the one
 * that was never made.  With N 0 nobody is killed.  Ends with the status of
 * the program, when both are gone.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ptrace.h>

enum role { GUARD, ENGINE, ROLES };

static const char *const names[ROLES] = { "guard", "engine" };

struct trace {
	FILE *log;
	pid_t pid[ROLES]; /* 0: not yet, or no more */
	long calls[ROLES], at;
	enum role victim;
	bool both, begun, over;
	int status;
};

static pid_t
start(char **argv)
{
	int go[2];
	char c;
	pid_t pid;

	if (pipe(go) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		if (read(go[0], &c, 1) < 0)
			_exit(127);
		close(go[0]);
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid > 0 &&
	    ptrace(PTRACE_SEIZE, pid, NULL,
		PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC |
		    PTRACE_O_TRACEFORK | PTRACE_O_EXITKILL) < 0) {
		kill(pid, SIGKILL);
		pid = -1;
	}
	close(go[0]);
	close(go[1]);
	return pid;
}

static void
put_an_end(struct trace *t)
{
	for (int r = 0; r < ROLES; r++)
		if (t->both && r != (int)t->victim && t->pid[r])
			kill(t->pid[r], SIGKILL);
	kill(t->pid[t->victim], SIGKILL);
	t->over = true;
}

/* True when it was the last one. */
static bool
count(struct trace *t, enum role r)
{
	struct ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->pid[r], sizeof(info), &info) <
		0 ||
	    info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return false;
	t->calls[r]++;
	if (r == t->victim && t->calls[r] == t->at) {
		fprintf(t->log, "hit %lld\n", (long long)info.entry.nr);
		put_an_end(t);
		return true;
	}
	fprintf(t->log, "%s %lld\n", names[r], (long long)info.entry.nr);
	return false;
}

static void
forked(struct trace *t)
{
	unsigned long child = 0;

	ptrace(PTRACE_GETEVENTMSG, t->pid[GUARD], NULL, &child);
	if (!t->pid[ENGINE])
		t->pid[ENGINE] = (pid_t)child;
}

static void
go_on(const struct trace *t, pid_t pid, int number)
{
	ptrace(t->begun && !t->over ? PTRACE_SYSCALL : PTRACE_CONT, pid, NULL,
	    number);
}

static void
stopped(struct trace *t, enum role r, int status)
{
	int number = WSTOPSIG(status), event = status >> 16;

	if (number == (SIGTRAP | 0x80)) {
		if (t->over || !count(t, r))
			go_on(t, t->pid[r], 0);
		return;
	}
	if (event == PTRACE_EVENT_FORK && r == GUARD)
		forked(t);
	if (event == PTRACE_EVENT_EXEC)
		t->begun = true;
	if (event == PTRACE_EVENT_STOP && number != SIGTRAP)
		ptrace(PTRACE_LISTEN, t->pid[r], NULL, 0);
	else
		go_on(t, t->pid[r], event ? 0 : number);
}

static void
ended(struct trace *t, enum role r, int status)
{
	t->pid[r] = 0;
	if (r == GUARD)
		t->status = WIFEXITED(status) ? WEXITSTATUS(status)
					      : 128 + WTERMSIG(status);
}

static void
watch(struct trace *t)
{
	while (t->pid[GUARD] || t->pid[ENGINE]) {
		int status, r = 0;
		pid_t pid = waitpid(-1, &status, __WALL);

		if (pid < 0 && errno != EINTR)
			return;
		while (r < ROLES && t->pid[r] != pid)
			r++;
		if (r < ROLES && WIFSTOPPED(status))
			stopped(t, (enum role)r, status);
		else if (r < ROLES)
			ended(t, (enum role)r, status);
		else if (pid > 0 && WIFSTOPPED(status) && !t->pid[ENGINE])
			t->pid[ENGINE] = pid, go_on(t, pid, 0);
		else if (pid > 0 && WIFSTOPPED(status))
			ptrace(PTRACE_DETACH, pid, NULL, 0);
	}
}

int
main(int argc, char **argv)
{
	struct trace t = { .status = 127 };

	if (argc < 6)
		return 64;
	t.log = fopen(argv[1], "w");
	t.victim = strcmp(argv[2], "engine") == 0 ? ENGINE : GUARD;
	t.at = strtol(argv[3], NULL, 10);
	t.both = strcmp(argv[4], "both") == 0;
	t.pid[GUARD] = start(argv + 5);
	if (!t.log || t.pid[GUARD] < 0)
		return 126;
	watch(&t);
	fclose(t.log);
	return t.status;
}
