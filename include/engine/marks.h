/*
 * What an action's output asks of the run (text/marker), acted on where its
 * state is left; and what it used of memory.
 */
#ifndef ENGINE_MARKS_H
#define ENGINE_MARKS_H

#include "engine/step_part.h"

/* For action_complete: `marker` and `marker_text`, if there is one. */
void marks_put(struct run *, struct val *fields);
/* The state is to be left: has its output, or the memory of all, something
 * to say about it?  *done: the frame ends.  Else *to may be another. */
int marks_leave(
    struct step *, const struct target **to, bool *done, struct err *);
/* The same where there is nowhere to go. */
int marks_nowhere(struct step *, bool *done, struct err *);
/* An item that is a command: fills `fin` when it ends the run. */
int marks_item(
    struct run *, const struct state *, struct finish *fin, struct err *);
/* The text of a hand-over from which the run goes on, for the state that is
 * entered again; NULL: there was none. */
const char *marks_continuation(const struct run *);
/* An action of this text is to start: prompt_size_warn when it is long. */
int marks_size(
    struct run *, const struct state *, struct sv text, struct err *);

#endif
