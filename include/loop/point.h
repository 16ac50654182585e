/*
 * Where a run stands: everything that routing depends on, and nothing else.
 * It changes only in point_apply(); resume, status, explain and the live
 * engine apply the same events and so agree (decisions.md §6).
 */
#ifndef LOOP_POINT_H
#define LOOP_POINT_H

#include <stdbool.h>

#include "base/map.h"
#include "base/vec.h"
#include "loop/event.h"
#include "loop/ledger.h"

/* A value with memory of its own: replaced whole, freed whole. */
struct box {
	struct arena mem;
	const struct val *v; /* NULL: empty */
};

/* The last evaluated result and how often it came in a row. */
struct streak {
	char *key; /* "state|exit|verdict", NULL: none */
	long long count;
};

enum {
	POINT_DEPTH_MAX = 32,    /* the deepest frame */
	POINT_LANES_MAX = 64,    /* of items, at one time */
	POINT_ITEMS_MAX = 10000, /* of one `parallel` */
	/* Longer text of an item is not kept: its record is named instead. */
	POINT_TEXT_MAX = 256,
};

/* How far a frame has come in its state; what is recorded is not done again
 * by a resume. */
enum doing {
	DOING_NOTHING, /* it has not been entered */
	DOING_ENTERED,
	DOING_ACT,     /* action_start is the last of it */
	DOING_ACTED,   /* action_complete */
	DOING_JUDGING, /* judge_start or judge_complete */
	DOING_JUDGED,  /* evaluate */
	DOINGS
};

/* What became of a failure that is not the action's own. */
enum climbing {
	CLIMB_NONE,
	CLIMB_AGAIN, /* the same step is done again, after the wait */
	CLIMB_OUT,   /* there was enough of that: it counts as any other */
	CLIMBINGS
};

/* How often a state was done again for such failures, in a row. */
struct climb {
	long long shorts, longs; /* waits for a rate limit */
	long long errors;        /* retries after others */
	long long tries;         /* in all */
	long long waited_ms;     /* for rate limits */
};

/* An item that is a command, and failed by what is not its own: as the parts
 * of a frame with these names. */
struct ascent {
	struct climb climb;
	struct box wait;
};

/*
 * A `parallel` while its items run: at most one at a time, in a frame of
 * lane -1 that is the innermost one.  An item has been started when it is
 * below `next`; it has a lane while it runs and a result once it is over.
 * What is below `next` and has neither was never there: succeeded + failed +
 * unfinished + the lanes of items = next, always.
 */
struct fan {
	long long count, workers;
	long long next; /* the first item that was not started yet */
	long long succeeded, failed, unfinished;
	struct box items;    /* the list; empty: see items_at */
	struct box items_at; /* items_file, items_bytes, items_sum */
	/* One for each started item, in order of items; a null while the item
	 * runs.  Not to be written to by a reader. */
	VEC(const struct val *) results;
	struct arena mem; /* of the results, append only */
	/* item -> struct ascent; it stays until the item succeeded or
	 * failed, so that one which is begun again goes on with it. */
	struct map ascents;
};

struct frame {
	char *loop;           /* name */
	char *file;           /* as places name it, or NULL */
	char *word;           /* as it was called; NULL at depth 0 */
	char *state;          /* where it stands; "" before the first */
	long long began_seq;  /* of its loop_start */
	long long began_ms;   /* active time of the run when it began */
	long long timeout_ms; /* of active time, -1: none */
	bool share;           /* the caller gets its captures */
	bool entered;         /* state_enter seen, not left yet */
	enum doing doing;     /* in the state */
	struct box marker;    /* its output says that the run must not go on:
	                       * marker, text; or empty */
	bool messaged;        /* append_to_messages is done */
	bool stalled;         /* stall_detected was recorded */
	struct box act;       /* of its action: outcome kind error exit_code
	                       * timeout_kind failure_class failure_by
	                       * failure_text failure_hint until_us is_prompt
	                       * host; its output is in `prev` */
	/* Of a judgement by a host that is not over: `start`, what was drawn
	 * for the call that runs; `answers`, a list of {verdict, again} of
	 * those that are over, with `details` where each of them counts;
	 * `last`, the details of the last one; and `failed`, what that failed
	 * by when it is not the judge's own.  Empty: none. */
	struct box judging;
	bool closing;         /* the state of a cap was entered */
	bool track_recurrent; /* the loop counts results over the whole run */
	long long exit;       /* exit code of this action, else 0 */
	long long steps;      /* `iteration` */
	long long passes;     /* `iteration_count` */
	struct map captured;  /* name -> struct box * (a map value) */
	struct box prev;      /* output exit_code state timeout_kind */
	struct box last;      /* verdict details: the last evaluation */
	VEC(struct box) messages;
	size_t message_bytes;
	enum climbing climbing;
	struct map climbs;    /* state -> struct climb */
	struct box wait;      /* before the state is entered: tier, until_us,
	                       * wait_ms, reason */
	long long exhausted;  /* states whose waits were used up, in a row */
	struct map retries;   /* state -> count */
	struct map throttles; /* state -> count */
	struct map edges;     /* "a->b" -> count */
	struct map recurrent; /* "state|exit|verdict" -> count */
	struct streak streak;
	/* state -> the fingerprint seen there last (its own text): by its
	 * stall evaluator, how often in a row without a change, and below
	 * progress_paths */
	struct map stalls, progress;
	char *acted;       /* fingerprint of the last action's text, or NULL */
	bool pressed;      /* memory was short at the last look (host_guard) */
	long long rss_kb;  /* of its actions, summed, for the guard's budget */
	bool rss_exceeded; /* that was told */
	bool steps_summary, passes_summary; /* closing state started */
	bool complete;
	char *terminated_by, *final_state, *error; /* once complete */
	bool failure;
	struct box context;
	struct box files; /* long context values: key -> where, origin */
	char *started_at;
	/* What the loop that this state called came to: terminated_by and
	 * verdict.  Empty again once the state is left. */
	struct box called;
	struct fan *fan;     /* the `parallel` of this state, or NULL */
	struct box worktree; /* name, path, branch: where it works, and action
	                      * when something became of that; or empty */
	struct spent spent;  /* by it and what it calls */
	long long all_steps; /* likewise */
};

/*
 * Frames that call each other.  An item whose action is a command has a lane
 * without frames; its records have the depth base - 1.
 */
struct lane {
	long long item; /* -1 for the first lane, which is always there */
	long long base; /* depth of its first frame */
	VEC(struct frame *) frames;
	/* The rest is of an item that is a command.  How far it is:
	 * DOING_ENTERED before its action, and again while that is to be done
	 * once more; DOING_ACT; DOING_ACTED. */
	enum doing doing;
	enum climbing climbing; /* CLIMB_NONE or CLIMB_OUT */
	/* How it ended: as a capture has it, what the `act` of a frame has,
	 * and `output_at`, `output_bytes` (`stderr_at`, ...) for a text over
	 * POINT_TEXT_MAX bytes: the seq of the record that has it, and its
	 * length there. */
	struct box result;
};

struct point {
	VEC(struct lane) lanes;
	char *run;
	long long seq;    /* of the last event */
	struct box start; /* fields of run_start */
	long long started_us, updated_us;
	long long active_ms; /* summed active time */
	/* It began, or went on, at this wall time with this active time: for
	 * who shows how long a living run takes. */
	long long since_us, since_ms;
	char *phase;         /* running, stopping, ended */
	bool parked;         /* an action asked to stop behind its state */
	struct box handoff;  /* the last hand-over: state, continuation; empty
	                      * again with the next transition */
	struct box worktree; /* of the run: the last of its records */
	/* Trees of called loops, made or tried: no two have one name, since
	 * what was kept of one is found by it. */
	long long inner_trees;
	struct ledger ledger;
	bool ended;
	struct box end; /* fields of run_end */
};

/* clang-format off */
#define POINT_INIT { 0 }
/* clang-format on */

/* Apply one event. Unknown kinds change nothing but the time. */
void point_apply(struct point *, const struct event *);
void point_release(struct point *);
/* The lane of an item, -1: the first; NULL when it is not there.  The pointer
 * lasts until the next point_apply(). */
struct lane *point_lane(const struct point *, long long item);
/* The innermost frame; NULL when the lane has none. */
struct frame *lane_top(const struct lane *);
/* The frame with the `parallel` whose items run; NULL: there is none. */
struct frame *point_fan(const struct point *);
/* What was counted for an item that is a command; NULL: nothing. */
const struct ascent *point_ascent(const struct point *, long long item);
/* What is waited for first, by the innermost frame or by items of it; NULL:
 * nothing. */
const struct val *point_wait(const struct point *);
/* Does the tree that such a record tells of stand, as far as is recorded?  Not
 * when it was only begun, could not be made, or was given back. */
bool point_tree_stands(const struct val *worktree);
/* The innermost frame of the first lane; NULL before loop_start. */
struct frame *point_top(const struct point *);
/* The outermost frame of the first lane; NULL before loop_start. */
struct frame *point_bottom(const struct point *);
/* The whole point as a value, members always in the same order: two equal
 * points give the same bytes of JSON.  It borrows from the point. */
const struct val *point_val(const struct point *, struct arena *);

#endif
