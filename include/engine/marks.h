/*
 * What an action's output asks of the run (text/marker), and what is said
 * about its prompt.
 */
#ifndef ENGINE_MARKS_H
#define ENGINE_MARKS_H

#include "engine/run.h"

/* For action_complete: `marker` and `marker_text`, if there is one. */
void marks_put(struct run *, struct val *fields);
/* A hand-over or a fatal error as the point has it ({marker, text}): fills
 * `fin`.  -1 and *e: it cannot be recorded. */
int marks_obey(struct run *, const char *state, const struct val *mark,
    struct finish *fin, struct err *);
/* An item that is a command, which ended as this record says (`marker`,
 * `marker_text`): fills `fin` when it ends the run. */
int marks_item(struct run *, const struct state *, const struct val *act,
    struct finish *fin, struct err *);
/* The text of a hand-over from which the run goes on, for the state that is
 * entered again; NULL: there was none. */
const char *marks_continuation(const struct run *);
/* An action of this text is to start: prompt_size_warn when it is long. */
int marks_size(
    struct run *, const struct state *, struct sv text, struct err *);

#endif
