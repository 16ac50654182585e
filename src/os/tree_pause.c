/*
 * Stopping with everything below us, and going on.  STOP and not TSTP: each
 * action is a session without a terminal, where the kernel drops TSTP.  Twice,
 * since what was just being forked may have missed the first.
 */
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "os/tree.h"

enum { ROUNDS = 2 };

static void
signal_all(int number)
{
	struct tree t = TREE_INIT;

	tree_list(&t);
	for (size_t i = 0; i < t.len; i++)
		proc_signal(t.at[i].pid, t.at[i].start, number);
	tree_release(&t);
}

void
tree_pause(void)
{
	clock_hold();
	for (int i = 0; i < ROUNDS; i++)
		signal_all(SIGSTOP);
	raise(SIGSTOP);
	signal_all(SIGCONT);
	clock_go_on();
}
