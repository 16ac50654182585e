/*
 * What the parts of a step share: only src/engine/step*.c include this.
 */
#ifndef ENGINE_STEP_PART_H
#define ENGINE_STEP_PART_H

#include "engine/judge.h"
#include "engine/step.h"

/* A state while it is executed. */
struct step {
	struct run *run;
	const struct state *s;
	struct frame *frame;
	/* An item that is a command: `frame` is the one that has the items,
	 * and how far it is stands in its lane. */
	bool hand;
	struct act *act; /* the worker's */
	bool acted;
	bool looked; /* a judge is to be asked, and memory was looked at */
	struct judged judged; /* verdict NULL: not evaluated */
	struct finish *finish;
};

/* The frame ends here: 0. */
int step_finish(struct step *, const char *cause, const char *error);
int step_emit(
    struct step *, enum event_kind, const struct val *fields, struct err *);
/* Set KEY to a text, or to nothing when it is NULL; to a number. */
void step_text(
    struct step *, struct val *fields, const char *key, const char *);
void step_number(struct step *, struct val *fields, const char *key, long long);

/* The state where the worker's frame stands; NULL: as the point says. */
struct step step_here(struct run *, const struct state *, struct finish *out);
/* Of its action, or item, in the point: what is on record of its end, what
 * was counted of failures that are not its own, and what it waits for.  NULL:
 * nothing. */
const struct val *step_record(const struct step *);
bool step_is_agent(const struct val *record); /* NULL is fine */
struct climb step_climb(const struct step *);
const struct val *step_wait(const struct step *);
/* Rest before the action, as step_rest(). */
int step_rest_in(struct step *, struct err *);
/* Begin the action of a state that was entered; as step_go(). */
int step_act(struct step *, struct err *);
/* On from an action whose end is recorded. */
int step_judge(struct step *, struct err *);
/* What its action did, from the point: x->act and x->acted. */
void step_take_act(struct step *);
/* A host judges: on with that from where the point stands. */
int step_ask_judge(struct step *, struct err *);
/* On from a judge's child that has ended like this (PHASE_JUDGE). */
int step_judged_by_host(struct step *, const struct outcome *, struct err *);
/* On from a verdict that is recorded. */
int step_go_by(struct step *, struct err *);

/* Go to a target, unless what the action said forbids it; the edge may have
 * been taken too often. */
int step_leave(struct step *, const struct target *, const char *verdict,
    const char *cause, struct err *);
/* What the state should have done could not be: on_error, or the end. */
int step_raise(struct step *, struct err *);
/* What the limit that was reached does to the frame in which the worker
 * stands: another state follows, or it ends. */
int step_limit(struct step *, struct err *);
/* The call of a host that the step is about has to wait; on with `then`. */
int step_hold(struct step *, worker_then *then);
/* It has waited: does the frame end by what came meanwhile? */
bool step_held_over(struct step *);
/* A verdict without a route. */
int step_nowhere(struct step *, const char *verdict, struct err *);

/* Declared throttles only (decisions.md §3.7). *done: it took over. */
int step_throttle(struct step *, bool *done, struct err *);
/* The same failure too often (circuit.repeated_failure); *done as above. */
int step_stall(struct step *, bool *done, struct err *);

/*
 * Before the action of a state that was just entered, or before a judge is
 * asked: is there memory for it?
 * *done: it took over; the frame goes on elsewhere or ends, or, when the
 * worker rests, goes on with what is set in its `then`.
 */
int step_pressure(struct step *, bool judge, bool *done, struct err *);
/* On with an item that has rested for that. */
int step_item_rested(struct run *, struct finish *, struct err *);
/* All items are over, and the last look said that the state is to be left, or
 * the run to end. */
bool step_is_pressed(const char *cause);
int step_pressed(struct step *, struct err *);
/* The state is to be left, and all have used too much: once in a run.  *to is
 * then where to go instead, or *done: the run ends. */
int step_over_budget(
    struct step *, const struct target **to, bool *done, struct err *);
/* The state is to be left: has its output, or the memory of all, something
 * to say about it?  *done: the frame ends.  Else *to may be another. */
int step_marked(
    struct step *, const struct target **to, bool *done, struct err *);
/* The same where there is nowhere to go. */
int step_marked_nowhere(struct step *, bool *done, struct err *);

#endif
