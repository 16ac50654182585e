/* The files that comparators and contracts are about. */
#ifndef ENGINE_REFEREE_FILES_H
#define ENGINE_REFEREE_FILES_H

#include "engine/judge_prompt.h"
#include "engine/run.h"

/* Of these, -1 and *e: something could not be recorded.  All memory is the
 * step's. */

/* The output that is the baseline: 1 and *out; 0 with *why NULL: there is none
 * yet, else it cannot be had. */
int referee_baseline(struct run *, const struct judging *,
    struct judge_text *out, const char **why, struct err *e);
/* Make a text the baseline: 1, or 0 and *why. */
int referee_promote(struct run *, const struct judging *, struct sv text,
    const char **why, struct err *e);

struct referee_sides {
	struct judge_text producer, consumer;
};
/* What is compared in a pair: 1 and *out, or 0 and *why. */
int referee_pair(struct run *, const struct contract_pair *,
    struct referee_sides *out, const char **why, struct err *e);

#endif
