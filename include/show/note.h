/* Events that are one sentence: caps, retries, stalls, throttles, phases. */
#ifndef SHOW_NOTE_H
#define SHOW_NOTE_H

#include "loop/event.h"

/* Append the sentence, not yet fit for a terminal.  False (and nothing
 * appended) for an event that is no such one. */
bool note_text(struct str *out, const struct event *);

#endif
