/*
 * Limits on what is spent.  Before a host is called something is set aside in
 * the journal; when the call is over, what it came to is.  A limit that is
 * reached says so in a record before it acts.
 */
#ifndef ENGINE_SPEND_H
#define ENGINE_SPEND_H

#include "engine/run.h"

/* A call that is to be made. */
struct spend_ask {
	bool judge;
	size_t bytes;      /* of its prompt */
	const char *model; /* as it is asked for; NULL: not given */
};

/* One that is over. */
struct spend_end {
	const struct host_seen *seen;
	enum failure_class class;
	const struct outcome *how;
};

/*
 * Set aside what the call may cost: limit_reserve, which whoever starts the
 * call makes durable before.  When a limit stands against it nothing is set
 * aside, and the worker's act is ACT_RAISED with the kind "limit"; or ACT_HELD
 * when it has to be asked again later: spend_rest().  -1 and *e: it cannot be
 * recorded, or somebody keeps the project's accounts open for good.
 */
int spend_reserve(struct run *, const struct spend_ask *, struct err *);
/* The worker rests before it asks again, and then goes on with this. */
void spend_rest(struct run *, worker_then *);
/* Has that been done for the worker's call? */
static inline bool
spend_is_reserved(const struct worker *w)
{
	return w->spend.number != 0;
}

/* The worker's call is over: limit_settle, and limit_warn when the state has
 * cost what its cost_warn_at says. */
int spend_settle(struct run *, const struct spend_end *, struct err *);
/* A host tells while it works; recorded once a second at most.  1: a limit
 * says that the call must end.  Of any worker. */
int spend_told(struct worker *, const struct host_seen *, struct err *);
/*
 * May the state be entered?  0: yes; 1: no, and *fin says that the frame ends,
 * or it stands before another state.
 */
int spend_turn(
    struct run *, const struct state *, struct finish *fin, struct err *);

/* Has a limit been reached that this worker must act on? */
static inline bool
spend_is_hit(const struct run *r)
{
	return r->worker->hit.cause != NULL;
}

/* The tokens that were told, under the names that records have for them. */
void spend_put_tokens(struct arena *, struct val *, const struct host_used *);

/* An item has ended by a limit that is not its own: its list ends by it. */
void spend_inherit(struct run *, const struct worker *item);

#endif
