/* A child while it is watched: only src/os/child*.c include this. */
#ifndef OS_CHILD_WATCH_H
#define OS_CHILD_WATCH_H

#include "os/cgroup.h"
#include "os/child.h"
#include "os/spawn.h"
#include "os/tree.h"

struct child_watch {
	const struct child_spec *spec;
	struct sig *sig;
	struct spawned kid;
	int timer; /* CLOCK_BOOTTIME goes on while we are suspended; poll's
	            * own timeout does not */
	int in[2]; /* our ends of stdout and stderr; -1 when closed */
	/* The child's ends, ours too until it has exited: without them its
	 * exit would wake us twice, by its pipes and by its death. */
	int held[2];
	long long started, heard, exited, looked; /* clock_ms() */
	bool reaped; /* it has exited, and how is known */
	bool zombie; /* but it is kept, so that its group stays ours */
	bool timed_out, stopped, refused, ends;
	enum outcome_kind kind; /* how it died, when reaped */
	int code;
	enum limit_kind limit;
	enum cut_kind cut;
	size_t left;
	struct limits limits; /* of the spec, and the group */
	struct cgroup group;
	struct tree older;
	struct tree_ending ending;
};

/* Start it: 0, or the errno of what failed. Released either way. */
int watch_start(struct child_watch *);
void child_watch_release(struct child_watch *);
/* The timer rang: is the loop's time over?  Not yet when we were stopped
 * meanwhile; then it is set again. */
bool watch_loop_over(struct child_watch *);
/* Note how the child ended, if it has. */
void watch_reap(struct child_watch *);
/* The child as long as its number is ours, else 0. */
pid_t watch_child(const struct child_watch *);

#endif
