/* A child while it is watched: only src/os/child*.c include this. */
#ifndef OS_CHILD_WATCH_H
#define OS_CHILD_WATCH_H

#include "os/cgroup.h"
#include "os/child.h"
#include "os/spawn.h"
#include "os/tree.h"

struct child {
	struct child_spec spec;
	struct sig *sig;
	struct spawned kid;
	int failed; /* errno of what kept it from starting */
	int timer;  /* CLOCK_BOOTTIME goes on while we are suspended; poll's
	             * own timeout does not */
	int in[2];  /* our ends of stdout and stderr; -1 when closed */
	/* The child's ends, ours too until it has exited: without them its
	 * exit would wake us twice, by its pipes and by its death. */
	int held[2];
	long long started, heard, exited, looked; /* clock_ms() */
	long long look_ms; /* between two looks at its processes */
	bool reaped;       /* it has exited, and how is known */
	bool zombie;       /* but it is kept, so that its group stays ours */
	bool timed_out, stopped, refused, ends;
	bool said_end;          /* at: */
	long long said;         /* clock_ms() */
	bool lingered;          /* and had to be ended */
	bool done;              /* it is over, nothing more is looked at */
	long long done_ms;      /* since when */
	enum outcome_kind kind; /* how it died, when reaped */
	int code;
	enum limit_kind limit;
	enum cut_kind cut;
	size_t left;
	long long peak_kb;
	struct limits limits; /* of the spec, and the group */
	struct cgroup group;
	struct tree older;
	struct tree_ending ending;
	/* All who run beside it, while children_wait() watches them. */
	const struct tree_kept *kept;
};

/* Start it, or note in `failed` why not. */
void kid_start(struct child *, const struct child_spec *, struct sig *);
void kid_release(struct child *);
/* The timer rang: is the loop's time over?  Not yet when we were stopped
 * meanwhile; then it is set again. */
bool kid_loop_over(const struct child *);
/* Note how the child ended, if it has just now: then true. */
bool kid_reap(struct child *);
/* The child as long as its number is ours, else 0. */
pid_t kid_child(const struct child *);
struct tree_own kid_own(const struct child *);

/* clock_ms() of the next thing to do, -1 when there is none. */
long long kid_deadline(const struct child *);
/* Read one piece of its stdout (0) or stderr (1). */
void kid_read(struct child *, int which, struct err *);
/* Begin to end its tree; not twice. */
void kid_end(struct child *, long long grace_ms);
/* What its limits demand now. */
void kid_check(struct child *, bool loop_over, struct err *);
/* Go on with its end, if it is due; `died`: some child of ours has. */
void kid_go_on(struct child *, bool died);
/* Is it over? Then it is `done`. */
void kid_finish(struct child *, struct err *);
struct outcome kid_outcome(const struct child *);

#endif
