/*
 * A run leaves the terminal: the process that the user started goes on in a
 * child with a session of its own, and waits for word of it.
 */
#ifndef CMD_AWAY_H
#define CMD_AWAY_H

#include "cmd/cmd.h"
#include "loop/seam.h"
#include "store/journal.h"
#include "store/place.h"

enum away_side { AWAY_CHILD, AWAY_BEGAN, AWAY_NOT };

/* What the one who stays hears. */
struct away_word {
	const char *run; /* AWAY_BEGAN */
	int status;      /* AWAY_NOT: the child's exit status */
};

/*
 * Returns twice.  AWAY_CHILD in the child: it has no terminal, nothing that it
 * prints to stdout is seen, and HUP means nothing to it.  What it says on
 * stderr is said by the one who stays, as long as that waits: until the run
 * has begun (AWAY_BEGAN) or the child has left (AWAY_NOT; it has said why).  A
 * stop signal meanwhile goes on to the child, whose status it decides.
 * `patience_ms` later the child is told to end: -1 and ERR_BUSY.
 */
int away(
    struct args *, long long patience_ms, struct away_word *, struct err *);

/* In the child: the one who stays is told that the run has begun, or has a
 * place in the queue; from then on stderr is the run's own file. */
void away_tell(const struct place_run *);
/* The same for a process of the run that has nobody to tell. */
void away_log(const struct place_run *);

/* Hears the run's events after its journal. */
struct away_news {
	struct journal *journal;
	const struct place_run *place;
};

/* In the child: the first record is made durable, and the one who stays is
 * told, as by away_tell(). */
struct sink away_sink(struct away_news *);

#endif
