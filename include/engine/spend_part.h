/* What src/engine/spend*.c share; nobody else includes this. */
#ifndef ENGINE_SPEND_PART_H
#define ENGINE_SPEND_PART_H

#include "engine/spend.h"

/* A call that is to be made. */
struct spend_claim {
	const struct state *state;
	const struct spent_state *row; /* NULL: it is the state's first */
	long long cost, tokens;        /* what it may come to */
	/* That is what calls of other states have come to: it is set aside,
	 * and keeps nobody from making this one. */
	bool cost_guessed, tokens_guessed;
	bool alone;             /* nobody knows: no other beside it */
	struct purse_seen seen; /* when somebody bounds a day */
};

/* What a limit says to a call. */
enum spend_answer { SPEND_GO, SPEND_NO, SPEND_WAIT };

/* The loop and state that spend: an item's command is of the state that has
 * the list. */
const struct loop *spend_loop(const struct run *);
const struct state *spend_state(const struct run *);
/* What is known of calls of that state; NULL: it made none. */
const struct spent_state *spend_row(const struct run *);

/* Somebody whose limits hold for what the worker does, and what is spent of
 * them. */
struct spend_owner {
	const char *of; /* "state", "loop", "run" */
	const struct budget *budget;
	const struct spent *sum;
	long long steps, ms, level;
	long long began;   /* seq of the frame's loop_start */
	const char *state; /* of a state; NULL: of a loop */
	const char *loop;
};
/* One after the other, the innermost first: the state in which a frame
 * stands, then its loop; the run is last. */
struct spend_owners {
	const struct run *run;
	const struct worker *w; /* whose frames these are */
	size_t left;            /* of them */
	bool loop;              /* the state had its turn */
};
struct spend_owners spend_owners(const struct run *);
bool spend_owner(struct spend_owners *, struct spend_owner *out);

/* Does anybody whose limits hold here bound a day, money, tokens? */
bool spend_bounds_day(const struct run *);
bool spend_bounds_money(const struct run *);
bool spend_bounds_tokens(const struct run *);
/* Fill in what it may come to, from what calls have come to. */
void spend_guess(
    const struct run *, const struct spend_ask *, struct spend_claim *);
/* What holds for a model now; NULL: nobody knows. */
const struct price *spend_price(const struct run *, const char *model);
/* Three calls in a row did not tell what is limited: 1, as SPEND_NO. */
int spend_check_metered(struct run *, struct err *);
/* A spend_answer.  SPEND_NO: a limit is reached; the worker's `hit` says
 * which, and it is recorded.  SPEND_WAIT: it would not be without what is set
 * aside for calls of this run that are not over. */
int spend_check_call(struct run *, const struct spend_claim *, struct err *);
/* During a call, for limits that end it: 1 and the worker's `hit`. */
int spend_check_told(struct run *, struct err *);

#endif
