/*
 * A judgement while it is thought about: only src/engine/referee.c and
 * referee_brief.c include this.
 */
#ifndef ENGINE_REFEREE_BRIEF_H
#define ENGINE_REFEREE_BRIEF_H

#include "base/str.h"
#include "engine/act.h"
#include "engine/judge.h"

struct bar {
	struct run *run;
	const struct state *s;
	const struct act *act;
	enum eval_type type;
	const struct judging *how;
	const struct val *answers, *last; /* in the point; or NULL */
	struct judged *out;
	struct err *e;
};

/* What a call is made of. */
struct brief {
	const struct host *host;
	struct str prompt;
	const char *schema, *words;
	struct val *drawn; /* of judge_start */
};

/* The type as records have it. */
const char *referee_type(const struct state *);
/* It is over like this, or with an error: 0. */
int referee_rule(struct bar *, struct judged);
int referee_fail(struct bar *, const char *kind, const char *why);

/* Find out what to ask: 1 and all but the host; 0: it is over; -1 and *e. */
int referee_brief(struct bar *, struct brief *);
/* The output becomes the baseline, and that is the end; `all` is what the
 * calls came to, NULL: there was nothing to compare with.  What is done is
 * said before: a resume does it again and is not taken in by what it finds. */
int referee_promotes(struct bar *, const struct judged *all);
/* The same, where it has been said. */
int referee_promotes_again(struct bar *, const struct judged *all);

#endif
