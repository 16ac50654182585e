/*
 * The dead below us are collected, and the living told once.  Refuses to take
 * the status of a child that somebody waits for.
 */
#include "os/tree_part.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/vec.h"
#include "os/pids.h"

/* A zombie that is kept is what the kernel names first, again and again: the
 * dead behind it are asked for by their numbers. */
static void
reap_each(const struct tree_kept *kept)
{
	struct pids kids = PIDS_INIT;
	siginfo_t si;

	if (pids_of_children(&kids, getpid()) < 0)
		pids_of_all(&kids);
	for (size_t i = 0; i < kids.len; i++)
		if (!tree_is_kept(kept, kids.at[i]))
			waitid(P_PID, (id_t)kids.at[i], &si, WEXITED | WNOHANG);
	pids_release(&kids);
}

/* Look first and take then: a status somebody waits for must stay. */
bool
tree_reap(const struct tree_kept *kept)
{
	siginfo_t si;

	for (;;) {
		si.si_pid = 0;
		if (waitid(P_ALL, 0, &si, WEXITED | WNOHANG | WNOWAIT) < 0) {
			if (errno == EINTR)
				continue;
			return false;
		}
		if (!si.si_pid)
			return true;
		if (tree_is_kept(kept, si.si_pid)) {
			reap_each(kept);
			return true;
		}
		waitid(P_PID, (id_t)si.si_pid, &si, WEXITED | WNOHANG);
	}
}

static size_t
forget_gone(struct tree *known, const struct tree *now)
{
	size_t n = 0;

	for (size_t i = 0; i < known->len; i++)
		if (tree_holds(now, known->at[i].pid, known->at[i].start))
			known->at[n++] = known->at[i];
	return known->len = n;
}

static size_t
tell(const struct tree *known, size_t had, struct arena *mem,
    const struct tree_left **out)
{
	struct tree_left *left =
	    arena_new(mem, (known->len - had) * sizeof(*left));
	size_t n = 0;

	for (size_t i = had; i < known->len; i++) {
		const struct proc *p = &known->at[i];
		const char *command = proc_command(mem, p->pid);

		if (command)
			left[n++] =
			    (struct tree_left) { p->pid, p->start, command };
	}
	if (n)
		*out = left;
	return n;
}

size_t
tree_news(struct tree *known, const struct tree_own *running, size_t n,
    struct arena *mem, const struct tree_left **out)
{
	struct tree_kept kept = { .n = 0 };
	struct tree now = TREE_INIT;
	size_t had;

	for (size_t i = 0; i < n && i < TREE_KEPT_MAX; i++)
		if (running[i].child)
			kept.at[kept.n++] = running[i].child;
	if (!tree_reap(&kept)) {
		known->len = 0;
		return 0;
	}
	tree_list_beside(&now, known, running, n);
	had = forget_gone(known, &now);
	for (size_t i = 0; i < now.len; i++)
		if (!tree_holds(known, now.at[i].pid, now.at[i].start))
			vec_push(known, now.at[i]);
	tree_release(&now);
	return known->len > had ? tell(known, had, mem, out) : 0;
}
