/*
 * The parts of point_apply(): only src/loop/point*.c include
 * this.
 */
#ifndef LOOP_POINT_FOLD_H
#define LOOP_POINT_FOLD_H

#include "loop/point.h"

/* Replace a malloc'ed text; NULL clears it. */
void fold_text(char **slot, const char *text);
/* Replace a box by a copy of `v`; NULL empties it. */
void box_set(struct box *, const struct val *v);
void box_release(struct box *);
/* Replace a box by a value and the memory it is in, which is empty then. */
void box_take(struct box *, struct arena *mem, const struct val *v);

extern const struct val point_null;
/* A copy without spare room, in which common values are shared; NULL for
 * NULL.  It loses the origin and place of what is shared. */
const struct val *point_pack(struct arena *, const struct val *);
/* The same without texts that are too long for a result and can be found in
 * the journal: members `output` and `stderr` beside an `output_at`, .... */
const struct val *point_light(struct arena *, const struct val *);

struct frame *frame_new(void);
void frame_free(struct frame *);
/* Free a lane and close the gap it leaves. */
void lane_drop(struct point *, struct lane *);
/* Replace a capture by a value and the memory it is in, which is empty
 * then. */
void capture_take(
    struct frame *, const char *name, struct arena *mem, const struct val *);
/* Forget the fan of a frame, if it has one, and all its lanes. */
void fold_fan_drop(struct point *, struct frame *);
/* An evaluation of a `parallel`: its results become captures.  False when it
 * is of something else. */
bool fold_fan_over(struct point *, const struct event *);
/* The frame an event speaks of; NULL when it is not there. */
struct frame *fold_frame(struct point *, const struct event *);
/* Text of a field, "" when it is missing. */
const char *fold_field(const struct event *, const char *key);

/* Forget all fingerprints of a map. */
void marks_release(struct map *);
/* What an evaluation saw: for stall evaluators, and for progress. */
void fold_marks(struct frame *, const struct event *);
/* Leave `from` for `to`: what counts in a row starts again elsewhere. */
void fold_move(
    struct point *, struct frame *, const char *from, const char *to);
/* What an action's output says to the run; `f` NULL: the action is an
 * item. */
void fold_marker(struct point *, struct frame *f, const struct event *);
void fold_handoff(struct point *, const struct event *);
void fold_host_pressure(struct point *, const struct event *);
void fold_host_relieved(struct point *, const struct event *);
void fold_host_abort(struct point *, const struct event *);
void fold_host_rss(struct point *, const struct event *);
void fold_host_budget(struct point *, const struct event *);
void fold_action_start(struct point *, const struct event *);
/* A wait, or a retry, of the same step. */
void fold_climb(struct point *, const struct event *);
/* There was enough of that. */
void fold_climb_out(struct point *, const struct event *);
/* A call of a judge failed for reasons that are not its own: it is made again,
 * or counts as it is. */
void fold_judge_failed(struct frame *, bool again);
/* A limit ended the call that was under way: it is made again. */
void fold_judge_cut(struct frame *);
/* The run goes on where a host was to blame for its end. */
void fold_climb_resumed(struct frame *);
/* An action has ended, perhaps without such a failure. */
void fold_climb_acted(struct frame *, const struct event *);
/* Nothing is left of those of this state. */
void climb_forget(struct frame *, const char *state);
void climbs_release(struct map *);
/* Of a record of an action, or NULL: did it fail by what is not its own? */
bool fold_is_infra(const struct val *act);
/* Somebody looked at what it failed by, or that it did not. */
bool fold_is_classed(const struct event *);

/* The lane of the item that is a command which an event speaks of; NULL: it
 * speaks of something else. */
struct lane *fold_hand(struct point *, const struct event *);
void fold_hand_acts(struct point *, struct lane *);
void fold_hand_acted(struct point *, struct lane *, const struct event *);
/* What is counted for an item, made when it is missing; forgotten. */
struct ascent *fold_ascent(struct fan *, long long item);
void ascent_forget(struct fan *, long long item);
void ascents_release(struct map *);
void fold_action_complete(struct point *, const struct event *);
void fold_loop_start(struct point *, const struct event *);
void fold_loop_complete(struct point *, const struct event *);
void fold_parallel_start(struct point *, const struct event *);
void fold_item_start(struct point *, const struct event *);
void fold_item_complete(struct point *, const struct event *);
void fold_evaluate(struct point *, const struct event *);
void fold_judge_start(struct point *, const struct event *);
void fold_judge_complete(struct point *, const struct event *);
void fold_messages_append(struct point *, const struct event *);
/* A state is entered. */
void fold_step(struct point *, const struct event *);
void fold_limit_reserve(struct point *, const struct event *);
void fold_limit_settle(struct point *, const struct event *);
void fold_limit_warn(struct point *, const struct event *);
void fold_limit_reached(struct point *, const struct event *);
/* Calls that were under way are over, nobody knows how. */
void fold_spend_resume(struct point *);
/* {action: context, context, origins, context_files}: variables of the
 * outermost frame; {action: from | skip, to, level}: the frame of this level
 * (0: the outermost) goes on before the state `to`. */
void fold_operator(struct point *, const struct event *);

#endif
