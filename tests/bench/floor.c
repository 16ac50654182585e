/*
 * The floor for a run of N steps: start the same argv N times and wait, with
 * nothing around it.  Usage: floor N COMMAND [ARGUMENT...]
 */
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

extern char **environ;

int
main(int argc, char **argv)
{
	long n = argc > 2 ? strtol(argv[1], NULL, 10) : 0;

	while (n-- > 0) {
		pid_t pid;
		int status;

		if (posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ))
			return 1;
		if (waitpid(pid, &status, 0) < 0 || status != 0)
			return 1;
	}
	return argc > 2 ? 0 : 64;
}
