/* What a run is given: words of the command line, and files they name. */
#ifndef CMD_OPENED_INPUTS_H
#define CMD_OPENED_INPUTS_H

#include "cmd/opened.h"

enum {
	INPUT_MAX = 4 << 20,   /* bytes of standard input or one @FILE */
	PROGRAM_MAX = 1 << 20, /* bytes of program.md */
};

/*
 * Fill `given` of a loaded loop.  -1: ERR_USAGE for a --context that is no
 * pair; ERR_INPUT for a file that is missing, too long, not regular or holds
 * a NUL byte, naming it and its key; ERR_IO when reading fails.
 */
int opened_inputs(struct opened *, struct err *);
/* Only the pairs of --context, and nothing else; fails as above. */
int opened_inputs_pairs(struct opened *, struct err *);
/* Say on stderr what became of the input and where values came from. */
void opened_inputs_say(struct opened *);

#endif
