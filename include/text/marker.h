/*
 * Words with which an action speaks to the run: at the beginning of a line of
 * what it prints, and the rest of that line is what it says.
 */
#ifndef TEXT_MARKER_H
#define TEXT_MARKER_H

#include "base/str.h"

/* The first of those that came counts, whatever came before it. */
enum marker {
	MARKER_HANDOFF, /* CONTEXT_HANDOFF: what is left to do */
	MARKER_FATAL,   /* FATAL_ERROR: why */
	MARKER_STOP,    /* LOOP_STOP: why, or nothing */
	MARKERS,        /* none */
};

enum { MARKER_TEXT_MAX = 4096 /* bytes; more of a line is not kept */ };

/* A look at text that comes in pieces.  It keeps one line at most. */
struct marker_scan {
	enum marker found;
	struct str text; /* what it says, trimmed */
	struct str line; /* that is being read, while it may be one */
	bool dead;       /* it is none */
};

#define MARKER_SCAN_INIT                       \
	{                                      \
		MARKERS, STR_INIT, STR_INIT, 0 \
	}

/* Forget all and begin anew; the caller releases. */
void marker_start(struct marker_scan *);
void marker_feed(struct marker_scan *, struct sv text);
/* It has ended: its last line may have no newline. */
void marker_end(struct marker_scan *);
void marker_release(struct marker_scan *);

const char *marker_name(enum marker); /* "CONTEXT_HANDOFF" */
/* MARKERS when there is none of that name. */
enum marker marker_of(const char *name);

#endif
