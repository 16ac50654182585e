/*
 * The tree of processes below this one: who is in it, whose they are, what is
 * left behind, and how it is ended.  We must be a subreaper
 * (proc_become_reaper).
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

/* Children of ours that somebody waits for: nobody else takes their status. */
enum { TREE_KEPT_MAX = 64 };
struct tree_kept {
	pid_t at[TREE_KEPT_MAX];
	size_t n;
};

/*
 * Whose processes, of all that live below us.  Zero-initialised: everybody's.
 *
 * Without a mark: all but those of `older`, their descendants, and everything
 * in their sessions.
 *
 * With a mark, of one child among others: the child, everything in its
 * session, orphans (children of ours) with the mark in their environment, and
 * everything below those.  Who has left both the session and the environment,
 * and is an orphan, is nobody's.
 */
struct tree_own {
	const struct tree *older;
	const char *mark; /* "NAME=value", which nobody else's has */
	pid_t child;      /* ours, leader of its own session, not yet reaped by
	                   * us; 0 when there is none */
	const struct tree_kept *kept; /* all who are waited for, `child` too;
	                               * NULL: nobody */
};

/* Every living descendant of ours (zombies are not), parents before their
 * children. What was in the tree is replaced. */
void tree_list(struct tree *);
/* The same by reading all of /proc: for kernels without
 * CONFIG_PROC_CHILDREN, where tree_list() does it by itself. */
void tree_scan(struct tree *);
/* The same, but only those. Without a mark one system call when nothing
 * lives; of a flood only the first few thousand. */
void tree_list_own(struct tree *, const struct tree_own *);
/* Are there more than `most` of those? Stops reading once it knows. */
bool tree_is_over(const struct tree_own *, size_t most);
void tree_release(struct tree *);

/* Collect the dead among our children, whoever they are, but never those of
 * `kept` (NULL: no exception). False when no child is left, living or dead. */
bool tree_reap(const struct tree_kept *kept);

struct tree_left {
	pid_t pid;
	unsigned long long start;
	const char *command;
};

/* What lives now and is not yet in `known`, which then knows it (and forgets
 * who is gone); what belongs to the `n` children of `running` is spared, each
 * with its mark. Reaps the dead first, but none of those children. Returns
 * how many; *out lives in the arena and is written only when there are some.
 * About a microsecond when nothing is left. */
size_t tree_news(struct tree *known, const struct tree_own *running, size_t n,
    struct arena *, const struct tree_left **out);

#define TREE_GRACE_MS 5000
#define TREE_KILL_MS 5000

/* The end of a tree as a clockwork for somebody else's poll: TERM and CONT,
 * a grace, then KILL in rounds. The caller releases. */
struct tree_ending {
	long long next_ms; /* clock_ms() when tree_ending_step() is due */
	long long last_ms; /* when to give up; 0 while in the grace */
	bool over;
	size_t left;      /* when over: how many could not be ended */
	struct tree seen; /* with a mark: who is known to be its */
};

/* grace_ms: 0 means TREE_GRACE_MS, negative means none. */
void tree_ending_start(
    struct tree_ending *, const struct tree_own *, long long grace_ms);
/* To be called at next_ms and, once the child is dead, whenever a child of
 * ours has died; `hurry` cuts the grace. Without a mark it reaps all but those
 * of `kept`. True when over: nothing is left (the child itself may be an
 * unreaped zombie), or TREE_KILL_MS after the first KILL something still is.
 */
bool tree_ending_step(
    struct tree_ending *, const struct tree_own *, bool hurry);
void tree_ending_release(struct tree_ending *);

/* Ctrl-Z: everything below us stops, then we do, by SIGSTOP.  When somebody
 * says CONT to us it all goes on, and no clock of ours has counted the time. */
void tree_pause(void);

/* The whole of it, with a poll of its own: 0 when nobody of those (NULL:
 * nobody at all) is left; -1 and *e when some could not be ended. INT or TERM
 * twice cuts the grace. Without a mark it reaps; wait for children of your
 * own before. */
int tree_end(
    const struct tree_own *, long long grace_ms, struct sig *, struct err *);

#endif
