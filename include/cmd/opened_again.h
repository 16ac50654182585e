/* The context of a run that runs again, with what was withheld then. */
#ifndef CMD_OPENED_AGAIN_H
#define CMD_OPENED_AGAIN_H

#include "cmd/opened.h"

/*
 * Fill `given` of a loaded loop from o->again and from --context.  -1:
 * ERR_USAGE for a --context that is no pair or gives what was not withheld;
 * ERR_INPUT when a withheld value is not given, all named, or does not fit
 * its parameter.
 */
int opened_again(struct opened *, struct err *);

#endif
