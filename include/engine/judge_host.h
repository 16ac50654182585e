/*
 * Judges that are hosts: what an answer amounts to, and which call comes
 * next.  Both are functions of what is recorded, so that a resume asks only
 * what has not been answered.  Pure.
 */
#ifndef ENGINE_JUDGE_HOST_H
#define ENGINE_JUDGE_HOST_H

#include "engine/ask.h"
#include "engine/judge.h"

/* An abstention is held: the judge is asked again, this often in all. */
enum { JUDGE_ABSTAINS_MAX = 3 };

/* What came of one call. */
struct judge_heard {
	enum eval_type type; /* llm_structured, comparator or contract */
	const struct judging *how;
	const struct asked *asked;
	const char *nonce; /* of the last line; NULL: an answer in a schema */
	struct sv prompt;
	bool ours_is_b; /* comparator: the lot that was drawn */
	size_t pair;    /* contract: which one */
};

struct judge_answer {
	const char *verdict; /* of this call; "error" with details */
	const struct val *details;
	bool again; /* it may be better if it is asked again */
};

void judge_host_read(
    const struct judge_heard *, struct arena *, struct judge_answer *out);

/* Where a judgement stands: `answers` is a list of {verdict, again} of the
 * calls so far, or NULL. */
struct judge_next {
	bool over;
	size_t pair; /* contract, comparator: what is asked about */
};
struct judge_next judge_host_next(
    const struct state *, const struct val *answers);

/* What all of them come to; `last` are the details of the last one.  For a
 * contract and a comparator each entry has its `details` too. */
struct judged judge_host_verdict(const struct state *,
    const struct val *answers, const struct val *last, struct arena *);

/* Does this verdict of a judge say that it cannot tell, and nobody has said
 * where that leads? */
bool judge_host_abstains(const struct state *, const char *verdict);

#endif
