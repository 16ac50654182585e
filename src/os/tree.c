/*
 * The tree of processes below us: who is in it, and whose they are.  Children
 * of ours are told apart by their session and by a mark in their environment,
 * and whoever is below them by that.  A listing is what the kernel said while
 * it was read, process by process; whoever needs more lists again.
 */
#include "os/tree_part.h"

#include <errno.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/str.h"
#include "base/sv.h"
#include "base/vec.h"
#include "os/pids.h"

#define ROUND_MAX 4096 /* processes of one listing; more come next time */

void
tree_release(struct tree *t)
{
	vec_release(t);
}

static void
add(struct tree *t, pid_t pid)
{
	struct proc p;

	if (proc_read(pid, &p) && !p.dead)
		vec_push(t, p);
}

bool
tree_is_kept(const struct tree_kept *kept, pid_t pid)
{
	for (size_t i = 0; kept && i < kept->n; i++)
		if (kept->at[i] == pid)
			return true;
	return false;
}

bool
tree_holds(const struct tree *t, pid_t pid, unsigned long long start)
{
	for (size_t i = 0; i < t->len; i++)
		if (t->at[i].pid == pid && t->at[i].start == start)
			return true;
	return false;
}

/* Processes move while we walk: one that was seen twice stays once. */
static void
drop_doubles(struct tree *t, size_t from)
{
	size_t n = from;

	for (size_t i = from; i < t->len; i++) {
		struct tree seen = { t->at, n, 0 };

		if (!tree_holds(&seen, t->at[i].pid, t->at[i].start))
			t->at[n++] = t->at[i];
	}
	t->len = n;
}

static void
read_all_of_proc(struct tree *all)
{
	struct pids pids = PIDS_INIT;

	pids_of_all(&pids);
	for (size_t i = 0; i < pids.len; i++)
		add(all, pids.at[i]);
	pids_release(&pids);
}

/* A parent is never younger than its child: if it is, its number was used
 * again since the child was read. */
static void
add_those_below(
    struct tree *t, const struct tree *all, pid_t pid, unsigned long long start)
{
	for (size_t i = 0; i < all->len; i++)
		if (all->at[i].parent == pid && all->at[i].start >= start)
			vec_push(t, all->at[i]);
}

/* Which of our own children are followed; what is below them goes with them.
 */
struct pick {
	const struct tree_own *own; /* theirs */
	size_t n;
	const struct tree *seen; /* known already: picked; NULL: nobody */
	bool others;             /* all but theirs */
	bool doubtful;           /* whose nobody can say now is theirs */
};

static bool
has_entry(struct sv environment, const char *entry)
{
	struct sv one;

	while (sv_cut(&environment, '\0', &one))
		if (sv_eq(one, entry))
			return true;
	return false;
}

static bool
has_mark(const struct proc *p, const struct pick *k)
{
	auto_str text = STR_INIT;
	int known = 0;

	for (size_t i = 0; i < k->n; i++) {
		if (!k->own[i].mark)
			continue;
		if (!known)
			known = proc_environ(p->pid, &text);
		if (known <= 0)
			return known < 0 && k->doubtful;
		if (has_entry(str_sv(&text), k->own[i].mark))
			return true;
	}
	return false;
}

static bool
is_picked(const struct proc *p, const struct pick *k)
{
	if (k->seen && tree_holds(k->seen, p->pid, p->start))
		return true;
	for (size_t i = 0; i < k->n; i++)
		if (k->own[i].child && p->session == k->own[i].child)
			return !k->others;
	return has_mark(p, k) != k->others;
}

/* Other children somebody waits for need not even be read. */
static int
add_our_children(struct tree *t, const struct pick *k)
{
	struct pids kids = PIDS_INIT;
	int rc = pids_of_children(&kids, getpid());

	for (size_t i = 0; i < kids.len; i++)
		if (!k || k->others || kids.at[i] == k->own->child ||
		    !tree_is_kept(k->own->kept, kids.at[i]))
			add(t, kids.at[i]);
	pids_release(&kids);
	return rc;
}

static void
add_children(struct tree *t, pid_t pid)
{
	struct pids kids = PIDS_INIT;
	size_t before = t->len;

	pids_of_children(&kids, pid);
	for (size_t i = 0; i < kids.len; i++)
		add(t, kids.at[i]);
	pids_release(&kids);
	drop_doubles(t, before);
}

/* About `most`: what forks faster than we read has no end. False when nothing
 * can be read: then not even we are there. */
static bool
walk(struct tree *t, const struct pick *k, size_t most, bool scan)
{
	struct tree all = TREE_INIT;
	size_t n = 0;
	bool read = true;

	t->len = 0;
	if (scan || add_our_children(t, k) < 0) {
		scan = true;
		read_all_of_proc(&all);
		read = all.len > 0;
		add_those_below(t, &all, getpid(), 0);
	}
	for (size_t i = 0; k && i < t->len; i++)
		if (is_picked(&t->at[i], k))
			t->at[n++] = t->at[i];
	t->len = k ? n : t->len;
	for (size_t i = 0; i < t->len && t->len <= most; i++) {
		struct proc p = t->at[i];

		if (scan)
			add_those_below(t, &all, p.pid, p.start);
		else
			add_children(t, p.pid);
	}
	tree_release(&all);
	return read;
}

void
tree_list(struct tree *t)
{
	walk(t, NULL, SIZE_MAX, false);
}

void
tree_scan(struct tree *t)
{
	walk(t, NULL, SIZE_MAX, true);
}

static bool
has_children(void)
{
	siginfo_t si;

	return waitid(P_ALL, 0, &si, WEXITED | WNOHANG | WNOWAIT) == 0 ||
	    errno != ECHILD;
}

/* A session's number is not given out again while anyone is in it. */
static bool
belongs(const struct proc *p, const struct tree *older, const struct tree *kept)
{
	for (size_t i = 0; i < older->len; i++)
		if (p->session == older->at[i].session ||
		    (p->pid == older->at[i].pid &&
			p->start == older->at[i].start))
			return true;
	for (size_t i = 0; i < kept->len; i++)
		if (p->parent == kept->at[i].pid)
			return true;
	return false;
}

static bool
list_since(struct tree *t, const struct tree *older, size_t most)
{
	struct tree kept = TREE_INIT;
	size_t n = 0;

	t->len = 0;
	if (!has_children())
		return true;
	if (!walk(t, NULL, most, false))
		return false;
	if (!older || !older->len)
		return true;
	for (size_t i = 0; i < t->len; i++) {
		struct proc p = t->at[i];

		if (belongs(&p, older, &kept))
			vec_push(&kept, p);
		else
			t->at[n++] = p;
	}
	t->len = n;
	tree_release(&kept);
	return true;
}

static bool
list_own(struct tree *t, const struct pick *k, size_t most)
{
	if (k->own->mark)
		return walk(t, k, most, false);
	return list_since(t, k->own->older, most);
}

bool
tree_list_seen(struct tree *t, const struct tree_own *o,
    const struct tree *seen, bool doubtful)
{
	struct pick k = {
		.own = o, .n = 1, .seen = seen, .doubtful = doubtful
	};

	return list_own(t, &k, ROUND_MAX);
}

void
tree_list_own(struct tree *t, const struct tree_own *o)
{
	tree_list_seen(t, o, NULL, false);
}

void
tree_list_beside(struct tree *t, const struct tree *known,
    const struct tree_own *running, size_t n)
{
	struct pick k = { .own = running,
		.n = n,
		.seen = known,
		.others = true,
		.doubtful = true };

	walk(t, n ? &k : NULL, SIZE_MAX, false);
}

bool
tree_is_over(const struct tree_own *o, size_t most)
{
	size_t older = o->older ? o->older->len : 0;
	struct tree t = TREE_INIT;
	size_t n;

	list_own(&t, &(struct pick) { .own = o, .n = 1 }, most + 2 * older);
	n = t.len;
	tree_release(&t);
	return n > most;
}
