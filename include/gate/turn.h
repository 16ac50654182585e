/*
 * A run's turn: its ticket in the queue of the project and, when it claims
 * something of the user's, in the user's queue too.  Both are drawn in one
 * moment, so that no two runs can each be before the other.
 */
#ifndef GATE_TURN_H
#define GATE_TURN_H

#include "gate/queue.h"
#include "os/sig.h"

struct turn_spec {
	const char *root;
	const char *users; /* the directory of the user's queue, or NULL */
	const char *run, *loop;
	const struct scope *scope;
	bool single;
	/* The run whose action started us, and its root; NULL: none did. */
	const char *parent, *parent_root;
	bool waits; /* when it cannot run at once it gets a place */
	bool open;  /* it claims nothing, whatever its scope */
};

/* How things stand. */
struct turn_news {
	bool granted;
	size_t ahead;              /* runs in the way */
	size_t running;            /* of those, that run */
	const struct entry *by;    /* who is waited for: the last of them */
	const struct claim *claim; /* what of it */
	const struct entry *holder;
	const struct claim *held;
};

struct turn;

enum turn_word { TURN_GRANTED, TURN_QUEUED, TURN_BUSY };

/* Nothing is drawn yet.  What the spec points to lives as long. */
struct turn *turn_new(const struct turn_spec *);
/*
 * Draw, and decide: TURN_GRANTED, or TURN_QUEUED when it has a place and must
 * wait; TURN_BUSY when it cannot run at once and does not wait: then it has
 * none.  -1 and *e: ERR_BUSY when waiting would never end, ERR_INPUT, ERR_IO.
 */
int turn_draw(struct turn *, struct err *);
/* The two processes of the run that started us, 0 for none; once drawn. */
void turn_above(const struct turn *, pid_t out[2]);
/* How it stood at the last look; until the next one. */
const struct turn_news *turn_news(const struct turn *);
/* Its ticket, for ticket_dead(): runs that were killed; or NULL. */
struct ticket *turn_ticket(struct turn *, enum queue_where);

struct turn_wait {
	struct sig *sig;
	long long limit_ms; /* of CLOCK_BOOTTIME, from now on; -1: none */
	/* How it stands has changed; called once before the first sleep. */
	void (*changed)(void *self, const struct turn_news *);
	void *self;
};

/* Wait until it may run: 0.  128 + n when a stop signal came; -1 and *e:
 * ERR_BUSY when the time is over or its ticket was taken away, ERR_IO. */
int turn_wait(struct turn *, const struct turn_wait *, struct err *);
/* We may be a fork of the process that drew: from now on it is ours.  The
 * other one lets go of it (turn_leave). */
int turn_moved(struct turn *, struct err *);
/* The process that does the run is there. */
int turn_engine(struct turn *, pid_t engine, struct err *);
/* Give it back, and only let go of it: ticket_free(), ticket_leave(). */
void turn_free(struct turn *);
void turn_leave(struct turn *);

/* $XDG_STATE_HOME/ll-loop/queue, or NULL when there is no home. */
const char *turn_users_dir(struct arena *);

#endif
