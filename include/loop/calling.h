/*
 * What a loop starts with when another one calls it (spec/loopfile.md 8.3).
 * The later wins:
 *
 *	with:        its own context, `with`, defaults of what is not in `with`
 *	passthrough: the caller's context, the caller's captures, its own
 *	             context
 *	neither:     its own context
 *
 * then in all three, only where nobody wrote, defaults of parameters and what
 * the runner adds.  `parameters` hold whoever calls: what is given is
 * converted, and what is required must be there.
 */
#ifndef LOOP_CALLING_H
#define LOOP_CALLING_H

#include "base/err.h"
#include "loop/loop.h"

struct calling {
	const struct val *with; /* filled in; NULL or empty: none */
	/* context_passthrough: the caller's context and its captures, as a
	 * map from names to the text of their output; else NULL. */
	const struct val *context, *captures;
	const struct val *run_dir; /* as the first loop has it */
	/* Names of secrets beside the loop's own, or NULL; and does this
	 * text hold a secret?  NULL: not known.  There is no hash of such. */
	const struct val *secrets;
	bool (*is_secret)(void *self, struct sv text);
	void *self;
};

/*
 * The context as a map in the arena; nodes keep their origins.  -1 with
 * ERR_INPUT naming loop, parameter and what it takes: a value does not fit, a
 * required one is missing, or data is given where shell text is wanted.
 */
int calling_context(struct arena *, const struct loop *child,
    const struct calling *, const struct val **context, struct err *why);
/* Is it a key that the runner adds? */
bool calling_gives(struct sv key);

#endif
