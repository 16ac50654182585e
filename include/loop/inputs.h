/*
 * What a run starts with.  Later ones win: the loop's context, the
 * positional input, program.md, --context; then, only where nobody wrote,
 * defaults of parameters and what the runner adds.  Each value has its
 * origin (decisions.md §3.4).  Nothing is read from a file here.
 */
#ifndef LOOP_INPUTS_H
#define LOOP_INPUTS_H

#include "base/err.h"
#include "loop/loop.h"

/* One --context. */
struct input_pair {
	const char *key;
	struct sv value;
	const char *file; /* the value is the text of this file, or NULL */
};

/*
 * KEY=VALUE, KEY=@FILE or KEY=@@TEXT, whose value is "@TEXT".  Blanks around
 * the key are dropped, the value stays as it is.  -1: ERR_USAGE without "="
 * or without a key.
 */
int inputs_pair(
    struct arena *, const char *text, struct input_pair *, struct err *);

struct inputs {
	struct sv input; /* positional; p NULL: none */
	const struct input_pair *pair;
	size_t npairs;
	const struct val *program; /* of inputs_program(), or NULL */
	/* The context of an earlier run, as it began, without what the runner
	 * sets: then nothing of the above counts.  NULL: this is no such. */
	const struct val *again;
	const char *run_dir;                 /* absolute, ends in "/" */
	long long max_steps, max_iterations; /* effective; -1: none */
};

/* Everything in the arena. */
struct started {
	const struct val *context; /* a map whose nodes carry origins */
	/* Under each key a list of who gave a value, the one that counts
	 * first: "--context", "program.md", "positional input", "loop file",
	 * "parameter default", "runner", "earlier run". */
	const struct val *givers;
	/* The input is a JSON object (or looks like one, then `broken` says
	 * what is wrong), and the loop does not know these keys of it.  When
	 * it knows none, the object is the input's text. */
	const struct val *unknown; /* list of text */
	bool as_text;
	const char *broken; /* NULL: nothing */
};

/*
 * Put it together.  What is given for a parameter must fit its type and is
 * converted; E434 for each that does not, then the value is left out.
 */
void inputs_context(struct arena *, const struct loop *, const struct inputs *,
    struct diags *, struct started *);
/* The origin of each key of a context, as a map of names. */
const struct val *inputs_origins(struct arena *, const struct val *context);

#endif
