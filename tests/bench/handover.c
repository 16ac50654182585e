/*
 * How long a scope takes to go from one run to the next: from the end record
 * of the one that had it, or from the moment in which both its processes were
 * killed, to the turn of the one that waited.  Beside it the same with a bare
 * lock of the kernel.  Prints p50 and p99 in milliseconds.
 * Usage: handover ROUNDS ended|killed LL_LOOP, in a project with the loops
 * `hold` (says "on" into the pipe `on`, then reads from `go`) and `next`
 * (copies its ticket to the file `ticket`); or: handover ROUNDS bare
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS_MAX 1000

extern char **environ;

static double
wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
nap(long us)
{
	struct timespec t = { 0, us * 1000 };

	nanosleep(&t, NULL);
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The last `"KEY":"2026-11-21T02:37:33.421523..."` of a file, in ms; -1. */
static double
stamp(const char *path, const char *key)
{
	static char text[1 << 20];
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	struct tm tm = { 0 };
	char *at = NULL, *next, *rest;
	long us = 0;

	if (f)
		fclose(f);
	text[n] = 0;
	for (next = text; (next = strstr(next, key)); next++)
		at = next;
	rest = at ? strptime(at + strlen(key), "%Y-%m-%dT%H:%M:%S", &tm) : NULL;
	if (!rest || sscanf(rest, ".%6ld", &us) != 1)
		return -1;
	return (double)timegm(&tm) * 1e3 + (double)us / 1e3;
}

static pid_t
start(char *ll, char *loop, char *how)
{
	char run[] = "run", quiet[] = "--quiet";
	char *argv[] = { ll, run, loop, quiet, how, NULL };
	pid_t pid = -1;

	return posix_spawn(&pid, ll, NULL, NULL, argv, environ) ? -1 : pid;
}

static int
tickets(void)
{
	DIR *d = opendir(".loops/.queue");
	struct dirent *e;
	int n = 0;

	while (d && (e = readdir(d)))
		n += e->d_name[0] == '0';
	if (d)
		closedir(d);
	return n;
}

/* Both processes of a run in one moment. */
static void
kill_both(pid_t guard)
{
	char path[64];
	int engine = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", guard, guard);
	f = fopen(path, "r");
	if (f && fscanf(f, "%d", &engine) == 1 && engine > 1)
		kill(engine, SIGKILL);
	kill(guard, SIGKILL);
	if (f)
		fclose(f);
}

/* The journal of the only run of `hold`, which goes away with its run. */
static double
end_record(void)
{
	double ms = -1;
	FILE *p = popen("ls -d .loops/runs/hold-*/.ll/journal.jsonl", "r");
	char path[512] = "";

	if (p && fgets(path, sizeof(path), p)) {
		path[strcspn(path, "\n")] = 0;
		ms = stamp(path, "\"ts\":\"");
	}
	if (p)
		pclose(p);
	return ms;
}

static double
round_of(char *ll, int killed)
{
	char hold[] = "hold", next[] = "next", queue[] = "--queue";
	int on = open("on", O_RDWR), go = open("go", O_RDWR), status;
	double from = 0, to;
	char c;
	pid_t a, b;

	unlink("ticket");
	a = start(ll, hold, NULL);
	if (a < 0 || read(on, &c, 1) != 1)
		return -1;
	b = start(ll, next, queue);
	while (tickets() < 2)
		nap(500);
	nap(10000); /* asleep by now */
	from = wall_ms();
	if (killed)
		kill_both(a);
	else if (write(go, "\n", 1) != 1)
		return -1;
	waitpid(a, NULL, 0);
	if (waitpid(b, &status, 0) != b || status != 0)
		return -1;
	if (!killed)
		from = end_record();
	to = stamp("ticket", "\"since\":\"");
	close(on);
	close(go);
	if (system("rm -rf .loops/runs") != 0 || from < 0 || to < 0)
		return -1;
	return to - from;
}

/* One process holds a lock and dies, another gets it. */
static double
bare_round(void)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int held = open("bare", O_RDWR | O_CREAT, 0600), ready[2], got[2];
	double at, from;
	pid_t a, b;
	char c;

	if (pipe(ready) < 0 || pipe(got) < 0)
		return -1;
	fcntl(held, F_OFD_SETLK, &l);
	a = fork();
	if (a == 0)
		for (;;)
			pause();
	close(held);
	b = fork();
	if (b == 0) {
		int mine = open("bare", O_RDWR);

		(void)!write(ready[1], "", 1);
		fcntl(mine, F_OFD_SETLKW, &l);
		at = wall_ms();
		(void)!write(got[1], &at, sizeof(at));
		_exit(0);
	}
	(void)!read(ready[0], &c, 1);
	nap(10000);
	from = wall_ms();
	kill(a, SIGKILL);
	if (read(got[0], &at, sizeof(at)) != sizeof(at))
		return -1;
	waitpid(a, NULL, 0);
	waitpid(b, NULL, 0);
	close(ready[0]);
	close(ready[1]);
	close(got[0]);
	close(got[1]);
	return at - from;
}

int
main(int argc, char **argv)
{
	static double ms[ROUNDS_MAX];
	long rounds = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
	int bare = argc == 3 && strcmp(argv[2], "bare") == 0;

	if (rounds < 1 || rounds > ROUNDS_MAX || (!bare && argc != 4))
		return 64;
	for (long i = 0; i < rounds; i++) {
		ms[i] = bare ? bare_round()
			     : round_of(argv[3], !strcmp(argv[2], "killed"));
		if (ms[i] < 0) {
			fprintf(stderr, "handover: round %ld failed\n", i);
			return 1;
		}
	}
	qsort(ms, (size_t)rounds, sizeof(double), by_size);
	printf("%.4f\n%.4f\n", ms[rounds / 2], ms[rounds * 99 / 100]);
	return 0;
}
