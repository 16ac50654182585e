/* Whose output it is: where a run stands, as far as `logs` must know. */
#ifndef CMD_LOGS_LANE_H
#define CMD_LOGS_LANE_H

#include "base/vec.h"
#include "cmd/logs_say.h"
#include "loop/event.h"

/* One line of execution: the run itself, or an item of its `parallel`. */
struct logs_lane {
	struct voice who;
	struct str path;             /* its states, "call > build" */
	VEC(size_t) ends;            /* of each state in it */
	long long flight;            /* seq of its action that runs; 0: none */
	struct output_read *live[2]; /* the files of that */
};

struct logs_lanes {
	VEC(struct logs_lane *) at; /* the run itself first */
};

/* The lane of the event, which moves with it. */
struct logs_lane *logs_lanes_hear(struct logs_lanes *, const struct event *);
/* What comes next is of this lane. */
void logs_lane_speak(const struct logs_lane *, struct logs_say *);
/* Its action is over. */
void logs_lane_land(struct logs_lane *);
/* The states that the run itself is in, for a message. */
const char *logs_lanes_where(const struct logs_lanes *);
/* Forget an item that is over. */
void logs_lanes_drop(struct logs_lanes *, long long item);
void logs_lanes_release(struct logs_lanes *);

#endif
