/* Numbers of children, and of everybody. */
#include "os/pids.h"

#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static bool
holds(const struct pids *p, pid_t pid)
{
	for (size_t i = 0; i < p->len; i++)
		if (p->at[i] == pid)
			return true;
	return false;
}

TEST(pids, the_dead_are_children_too)
{
	struct pids all = PIDS_INIT, kids = PIDS_INIT;
	pid_t pid;
	int rc;

	rc = pids_of_children(&kids, getpid());
	cr_assert_eq(kids.len, 0);
	pid = fork();
	if (pid == 0)
		_exit(0);
	waitid(P_PID, (id_t)pid, NULL, WEXITED | WNOWAIT);
	pids_of_all(&all);
	cr_assert(holds(&all, pid));
	cr_assert(holds(&all, getpid()));
	cr_assert_eq(pids_of_children(&kids, getpid()), rc);
	cr_assert_eq(holds(&kids, pid), rc == 0);
	waitpid(pid, NULL, 0);
	cr_assert_eq(pids_of_children(&kids, pid), -1);
	pids_release(&all);
	pids_release(&kids);
}
