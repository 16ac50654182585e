/* What an action is and how it ended, as parts of a line. */
#ifndef SHOW_ACTION_H
#define SHOW_ACTION_H

#include "loop/event.h"
#include "show/out.h"

/* The action of an action_start as its loop file has it: where a value is
 * handed over in a variable of ours, the reference that it came from. */
void action_source(struct str *out, const struct event *);
/* Its first line that says something, at most `room` characters, with a sign
 * when there is more. */
void action_line(struct out *, struct sv text, int room);
/* All of it; the lines after the first begin with `pad` blanks. No newline
 * at the end. */
void action_full(struct out *, struct sv text, int pad);
/* From action_complete: "  exit: 2", "  timed out (wall)", "  signal: 9", or
 * nothing for exit 0. */
void action_outcome(struct out *, const struct event *);
/* From evaluate: a sign (of words that are neither good nor bad a third), the
 * verdict and, if there is one, the error. */
void action_verdict(struct out *, const struct event *);

#endif
