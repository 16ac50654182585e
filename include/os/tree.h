/*
 * The tree of processes below this one: who is in it, what is left behind,
 * and how it is ended.  We must be a subreaper (proc_become_reaper).
 */
#ifndef OS_TREE_H
#define OS_TREE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "os/proc.h"
#include "os/sig.h"

/* Zero-initialised is empty and ready; the caller releases. */
struct tree {
	struct proc *at;
	size_t len, room;
};

#define TREE_INIT          \
	{                  \
		NULL, 0, 0 \
	}

/* Every living descendant of ours (zombies are not), parents before their
 * children. What was in the tree is replaced. */
void tree_list(struct tree *);
/* The same by reading all of /proc: for kernels without
 * CONFIG_PROC_CHILDREN, where tree_list() does it by itself. */
void tree_scan(struct tree *);
/* The same without those of `older`: their descendants, and everything in
 * their sessions, belong to them. One system call when nothing lives; of a
 * flood only the first few thousand. */
void tree_list_since(struct tree *, const struct tree *older);
/* Are there more than `most` of those? Stops reading once it knows. */
bool tree_is_over(const struct tree *older, size_t most);
void tree_release(struct tree *);

/* Collect the dead among our children, whoever they are, but never `keep`
 * (0: no exception), whose status somebody waits for. False when no child
 * is left, living or dead. */
bool tree_reap(pid_t keep);

struct tree_left {
	pid_t pid;
	unsigned long long start;
	const char *command;
};

/* What lives now and is not yet in `known`, which then knows it (and forgets
 * who is gone). Reaps the dead first. Returns how many; *out lives in the
 * arena and is written only when there are some. About a microsecond when
 * nothing is left. */
size_t tree_news(
    struct tree *known, struct arena *, const struct tree_left **out);

#define TREE_GRACE_MS 5000
#define TREE_KILL_MS 5000

/* The end of a tree as a clockwork for somebody else's poll: TERM and CONT,
 * a grace, then KILL in rounds. */
struct tree_ending {
	const struct tree *older; /* who stays; NULL: nobody does */
	pid_t child;       /* ours, not yet reaped by us, leader of its own
	                    * session; 0 when there is none */
	long long next_ms; /* clock_ms() when tree_ending_step() is due */
	long long last_ms; /* when to give up; 0 while in the grace */
	bool over;
	size_t left; /* when over: how many could not be ended */
};

/* grace_ms: 0 means TREE_GRACE_MS, negative means none. */
void tree_ending_start(struct tree_ending *, const struct tree *older,
    pid_t child, long long grace_ms);
/* To be called at next_ms and whenever a child of ours has died; `hurry`
 * cuts the grace. Reaps all but `child`. True when over: nothing is left
 * (`child` itself may be an unreaped zombie), or TREE_KILL_MS after the
 * first KILL something still is. */
bool tree_ending_step(struct tree_ending *, bool hurry);

/* Ctrl-Z: everything below us stops, then we do, by SIGSTOP.  When somebody
 * says CONT to us it all goes on, and no clock of ours has counted the time. */
void tree_pause(void);

/* The whole of it, with a poll of its own: 0 when nobody but `older` is left;
 * -1 and *e when some could not be ended. INT or TERM twice cuts the grace.
 * It reaps; wait for children of your own before. */
int tree_end(
    const struct tree *older, long long grace_ms, struct sig *, struct err *);

#endif
