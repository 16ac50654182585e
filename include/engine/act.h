/* One action: text with its values, a child, what it printed. */
#ifndef ENGINE_ACT_H
#define ENGINE_ACT_H

#include "engine/run.h"

enum act_end {
	ACT_DONE,    /* it ran and its end is recorded */
	ACT_RAISED,  /* it could not run: `kind` and `error` say why */
	ACT_FULL,    /* as ACT_DONE, but limits.disk leaves no room for more:
	              * `error` says so */
	ACT_STOPPED, /* a signal to us ended it; its end is not recorded, so
	              * that a resume runs it again */
};

struct act {
	enum act_end end;
	struct outcome outcome;
	long long exit_code;  /* 124 for a timeout, -N for signal N */
	struct stream out[2]; /* valid until the next action */
	const char *kind;     /* "interpolation", "spawn", "unsupported" */
	const char *error;
};

/*
 * Do the action of a state: action_start, the child, action_complete, and
 * append_to_messages.  -1 and *e only when something could not be recorded.
 */
int act_go(struct run *, const struct state *, struct act *out, struct err *);
/* All of one stream of an action, from memory or its file. */
int act_text(struct run *, const struct stream *, struct sv *out, struct err *);

#endif
