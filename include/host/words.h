/*
 * What a failed command says of its failure, by its words: for commands that
 * are no agents, and only where their state asks for it.
 */
#ifndef HOST_WORDS_H
#define HOST_WORDS_H

#include "base/sv.h"
#include "host/spec.h"

/* CLASS_NONE when the text has none of the words.  Whole words in any case;
 * a pattern that gives up at its limits has not matched. */
enum failure_class words_class(struct sv text);

#endif
