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

struct frame {
	char *loop;           /* name */
	char *state;          /* where it stands; "" before the first */
	bool entered;         /* state_enter seen, not left yet */
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
	struct map retries;   /* state -> count */
	struct map throttles; /* state -> count */
	struct map edges;     /* "a->b" -> count */
	struct map recurrent; /* "state|exit|verdict" -> count */
	struct streak streak;
	/* state -> the fingerprint seen there last (its own text): by its
	 * stall evaluator, how often in a row without a change, and below
	 * progress_paths */
	struct map stalls, progress;
	char *acted; /* fingerprint of the last action's text, or NULL */
	bool steps_summary, passes_summary; /* closing state started */
	bool complete;
	char *terminated_by, *final_state, *error; /* once complete */
	bool failure;
	struct box context;
	struct box files; /* long context values: key -> where, origin */
	char *started_at;
};

struct lane {
	long long item; /* -1 for the ordinary single lane */
	VEC(struct frame *) frames;
};

struct point {
	VEC(struct lane) lanes;
	char *run;
	long long seq;    /* of the last event */
	struct box start; /* fields of run_start */
	long long started_us, updated_us;
	long long active_ms; /* summed active time */
	char *phase;         /* running, stopping, ended */
	bool ended;
	struct box end; /* fields of run_end */
};

/* clang-format off */
#define POINT_INIT { 0 }
/* clang-format on */

/* Apply one event. Unknown kinds change nothing but the time. */
void point_apply(struct point *, const struct event *);
void point_release(struct point *);
/* The innermost frame of the first lane; NULL before loop_start. */
struct frame *point_top(const struct point *);
/* The outermost frame of the first lane; NULL before loop_start. */
struct frame *point_bottom(const struct point *);
/* The whole point as a value, members always in the same order: two equal
 * points give the same bytes of JSON. */
const struct val *point_val(const struct point *, struct arena *);

#endif
