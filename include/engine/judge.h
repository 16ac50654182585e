/*
 * Outcome to verdict: evaluators by table (spec/execution.md part 3).  An
 * evaluator that cannot decide says `error`; failure is never "no"
 * (decisions.md §3.6).
 */
#ifndef ENGINE_JUDGE_H
#define ENGINE_JUDGE_H

#include "loop/loop.h"
#include "os/child.h"

struct judge_in {
	const struct evaluate *evaluate;
	bool acted;             /* an action ran */
	struct outcome outcome; /* of it */
	long long exit_code;    /* 124 for a timeout, -N for signal N */
	/* The text to judge, fetched when an evaluator reads it: the whole
	 * stdout, or `source`.  -1 and *e: it cannot be had. */
	int (*text)(void *self, struct sv *out, struct err *e);
	void *self;
	const struct lookup *lookup; /* for templated fields */
	struct arena *mem;           /* of the step */
};

struct judged {
	const char *verdict;
	const char *type;          /* "default" or the evaluator's name */
	const struct val *details; /* a map, may be empty */
};

struct judged judge(const struct judge_in *);

/* For the evaluators themselves: */
struct judged judged_error(const struct judge_in *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct judged judged_word(const char *verdict, const struct val *details);
/* A number from a field that may be a number or a template. False: *why. */
bool judge_number(const struct judge_in *, const struct val *plain,
    const struct tmpl *, double *out, const char **why);

struct judged judge_numeric(const struct judge_in *, struct sv text);
struct judged judge_convergence(const struct judge_in *, struct sv text);
struct judged judge_json(const struct judge_in *, struct sv text);
struct judged judge_contains(const struct judge_in *, struct sv text);
struct judged judge_classify(const struct judge_in *, struct sv text);

#endif
