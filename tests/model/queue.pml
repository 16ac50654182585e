/*
 * The queue, for spin: three runs draw tickets, each claims one or two of two
 * resources, and may be started inside another; any of them may be killed.
 * Those that nobody has started begin again and again.  What is modelled is
 * the rule of src/gate/queue.c: a run may begin when no live ticket that
 * overlaps was drawn before or runs already; what is inside the claims of the
 * run that started it is lent to it; a wait that would close a circle is
 * refused.  The lock of the directory is `atomic`; a wait for a ticket's lock
 * is a guard that comes true when its holder has ended or died.
 *
 * Checked by tests/model.sh: never two inside (assertions), no deadlock
 * (invalid end states), nobody starves (`served`).
 */
#define N 3
#define FREE 0
#define QUEUED 1
#define RUNS 2

/* Being killed must not hide that somebody would wait for ever. */
#ifndef WAITERS_DIE
#define WAITERS_DIE true
#endif
#ifndef HOLDERS_DIE
#define HOLDERS_DIE true
#endif

byte phase[N];  /* the ticket's lock is held while it is QUEUED or RUNS */
byte number[N]; /* of the ticket; 0: none */
byte claim[N];  /* bit 1: the one resource, bit 2: the other */
byte parent[N]; /* who started it; N: nobody */

#define LIVE(i) (phase[i] != FREE)
#define UP(i) parent[i]
#define IS_UP(t, me) (UP(me) < N && (UP(me) == t || UP(UP(me)) == t))
/* What is lent, and what of the claims is not. */
#define LENT(me) (UP(me) < N -> claim[UP(me)] : 0)
#define BARE(me) (claim[me] & ~LENT(me))
#define SIBLING(t, me) (UP(me) < N && UP(t) == UP(me))

/* In the way: what overlaps; where it is lent, only siblings are. */
#define BLOCKS(t, me) (t != me && LIVE(t) && !IS_UP(t, me) && \
	(number[t] < number[me] || phase[t] == RUNS) && \
	((claim[t] & BARE(me)) || (SIBLING(t, me) && (claim[t] & claim[me]))))
#define BLOCKED(me) (BLOCKS(0, me) || BLOCKS(1, me) || BLOCKS(2, me))

/* Each waits for those in the way, a run for those it has started. */
#define EDGE(x, y) (LIVE(x) && LIVE(y) && \
	((phase[x] == QUEUED && BLOCKS(y, x)) || UP(y) == x))
#define WAY(x, y) (EDGE(x, y) || (EDGE(x, 0) && EDGE(0, y)) || \
	(EDGE(x, 1) && EDGE(1, y)) || (EDGE(x, 2) && EDGE(2, y)))
#define CIRCLE(me) ((me != 0 && WAY(me, 0) && WAY(0, me)) || \
	(me != 1 && WAY(me, 1) && WAY(1, me)) || \
	(me != 2 && WAY(me, 2) && WAY(2, me)))

/* Two run with one resource only when the one has lent it to the other. */
#define APART(x, y) !(phase[x] == RUNS && phase[y] == RUNS && \
	(claim[x] & claim[y]) && !IS_UP(x, y) && !IS_UP(y, x))
#define SAFE (APART(0, 1) && APART(0, 2) && APART(1, 2))

#define CHILD(c, me) (LIVE(c) && UP(c) == me)
#define CHILDLESS(me) !(CHILD(0, me) || CHILD(1, me) || CHILD(2, me))

/* Only the order of numbers means anything: the ranks are kept instead. */
inline let_go(i)
{
	r = 0;
	do
	:: r < N ->
		if
		:: number[r] > number[i] -> number[r]--
		:: else
		fi;
		r++
	:: else -> break
	od;
	r = 0;
	phase[i] = FREE;
	number[i] = 0
}

/* The ticket of a killed run is held until what it has started is ended. */
inline die(me)
{
	c = 0;
	do
	:: c < N ->
		if
		:: LIVE(c) && IS_UP(me, c) -> let_go(c)
		:: else
		fi;
		c++
	:: else -> break
	od;
	c = 0;
	let_go(me)
}

inline draw(me)
{
	number[me] = 1 + (number[0] > 0) + (number[1] > 0) + (number[2] > 0);
	phase[me] = QUEUED
}

proctype life(byte me)
{
	byte r = 0, c = 0;

again:
	atomic { /* draw, decide and write, under the lock of the directory */
		UP(me) == N || phase[UP(me)] == RUNS;
		draw(me);
		if
		:: !BLOCKED(me) -> phase[me] = RUNS
		:: BLOCKED(me) && CIRCLE(me) -> let_go(me); goto over
		:: else
		fi;
		assert(SAFE)
	}
	do
	:: phase[me] != QUEUED -> break
	:: atomic { phase[me] == QUEUED && !BLOCKED(me) ->
		phase[me] = RUNS; assert(SAFE) }
	:: atomic { phase[me] == QUEUED && WAITERS_DIE -> let_go(me) }
	od;
	do
	:: phase[me] != RUNS -> break
	:: atomic { phase[me] == RUNS && CHILDLESS(me) -> let_go(me) }
	:: atomic { phase[me] == RUNS && HOLDERS_DIE -> die(me) }
	od;
over:
	if
	:: UP(me) == N -> goto again
	:: else
	fi
}

init {
	atomic {
		byte i = 0;

		do
		:: i < N ->
			if
			:: claim[i] = 1
			:: claim[i] = 2
			:: claim[i] = 3
			fi;
			parent[i] = N;
			if
			:: true
			:: i == 1 -> parent[i] = 0
			:: i == 2 -> parent[i] = 0
			:: i == 2 -> parent[i] = 1
			fi;
			i++
		:: else -> break
		od;
		run life(0);
		run life(1);
		run life(2)
	}
}

/*
 * RUN comes to the end of its wait, whatever happens to those that run, if
 * everybody who can move does (weak fairness).
 */
#ifdef RUN
ltl served { [] (phase[RUN] == QUEUED -> <> (phase[RUN] != QUEUED)) }
#endif
