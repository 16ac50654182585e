/*
 * Wall times of whole processes.  Several commands take turns, so that a slow
 * moment of the machine meets them all; each one's median is printed, in
 * milliseconds, one a line.  A command that fails ends everything: the time of
 * a failure means nothing.
 * Usage: times ROUNDS [STATUS:]COMMAND [ARGUMENT...] [:: COMMAND...]...
 * STATUS is the exit status that counts as success, 0 unless given.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define COMMANDS_MAX 16
#define ROUNDS_MAX 1000

extern char **environ;

struct command {
	char **argv;
	int status;
	double ms[ROUNDS_MAX];
};

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Run once, words to /dev/null.  The time, or -1 when it failed. */
static double
run_once(const struct command *c, posix_spawn_file_actions_t *quiet)
{
	double from = now_ms();
	pid_t pid;
	int status;

	if (posix_spawnp(&pid, c->argv[0], quiet, NULL, c->argv, environ))
		return -1;
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != c->status)
		return -1;
	return now_ms() - from;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
command_init(struct command *c, char **argv)
{
	char *end;
	long status = strtol(argv[0], &end, 10);

	c->argv = argv;
	if (end > argv[0] && *end == ':') {
		c->status = (int)status;
		argv[0] = end + 1;
	}
}

static int
commands_read(struct command *at, char **argv)
{
	int n = 0;

	command_init(&at[n++], argv);
	for (char **a = argv; *a; a++) {
		if (strcmp(*a, "::") != 0)
			continue;
		*a = NULL;
		if (n == COMMANDS_MAX || !a[1])
			return -1;
		command_init(&at[n++], ++a);
	}
	return n;
}

int
main(int argc, char **argv)
{
	static struct command at[COMMANDS_MAX];
	posix_spawn_file_actions_t quiet;
	long rounds = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
	int n;

	if (rounds < 1 || rounds > ROUNDS_MAX ||
	    (n = commands_read(at, argv + 2)) < 0)
		return 64;
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
	for (long r = -1; r < rounds; r++) {
		for (int i = 0; i < n; i++) {
			double ms = run_once(&at[i], &quiet);

			if (ms < 0) {
				fprintf(stderr, "times: %s failed\n",
				    at[i].argv[0]);
				return 1;
			}
			if (r >= 0) /* the first round only warms up */
				at[i].ms[r] = ms;
		}
	}
	for (int i = 0; i < n; i++) {
		qsort(at[i].ms, (size_t)rounds, sizeof(double), by_size);
		printf("%.4f\n", at[i].ms[rounds / 2]);
	}
	return 0;
}
