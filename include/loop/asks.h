/* What a loop takes from who starts it: its variables, and which it needs. */
#ifndef LOOP_ASKS_H
#define LOOP_ASKS_H

#include "loop/loop.h"

struct ask {
	const char *name;
	const char *type;        /* of a parameter; NULL: any text */
	const char *about;       /* its description, or NULL */
	const struct val *value; /* without being given; NULL: none */
	const struct val *words; /* what an enum takes, or NULL */
	const char *from;        /* "parameters", "required_inputs", "context";
	                            "references": nobody declares it */
	bool required;           /* must be given, or a run is refused */
	bool input;              /* the positional input goes here */
	bool secret; /* named in `secrets`: its value is never shown */
	struct place at;
};

/* Is it named in the loop's `secrets`? */
bool asks_secret(const struct loop *, const char *name);

/* All of them: parameters, required inputs, context, then what is only
 * referred to.  What the runner itself sets is left out. */
const struct ask *asks_of(struct arena *, const struct loop *, size_t *n);

#endif
