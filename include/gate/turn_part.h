/* What the two halves of gate/turn share: only src/gate/turn*.c include it. */
#ifndef GATE_TURN_PART_H
#define GATE_TURN_PART_H

#include "gate/turn.h"

struct turn {
	struct arena mem; /* as long as the turn */
	struct turn_spec spec;
	struct scope scope[QUEUES];
	const char *dir[QUEUES]; /* NULL: not in that queue */
	struct ticket *ticket[QUEUES];
	const char *const *ancestor;
	size_t nancestors;
	const char *drawn_at, *since; /* ISO; since: it runs */
	const struct val *facts;      /* of this process */
	pid_t guard, engine;
	pid_t above[2]; /* those of the run that started us; 0: none */
	bool lease;

	struct arena look; /* until the next look */
	struct queue queue;
	struct turn_news news;
};

/* Both locks, in one order for all. */
struct turn_locks {
	int fd[QUEUES];
};

int turn_lock(const struct turn *, struct turn_locks *, struct err *);
void turn_unlock(struct turn_locks *);
/* What does not change, asked of the kernel once. */
const struct val *turn_facts(struct arena *, pid_t guard);
/* Who is above it, by what the ticket of that run says. */
void turn_note_above(struct turn *, const struct val *content);
/* What its ticket in that queue says now. */
const struct val *turn_content(struct turn *, struct arena *, enum queue_where);
/* With the locks: write it into all of its tickets. */
int turn_write(struct turn *, struct err *);
/* With the locks: look again; `news` says what came out.  When it may run its
 * tickets say so.  -1 and *e. */
int turn_look(struct turn *, struct err *);

#endif
