/*
 * Outcome to verdict: evaluators by table (spec/execution.md part 3).  An
 * evaluator that cannot decide says `error`; failure is never "no"
 * (decisions.md §3.6).
 */
#ifndef ENGINE_JUDGE_H
#define ENGINE_JUDGE_H

#include "host/class.h"
#include "loop/loop.h"
#include "os/child.h"
#include "os/probe.h"

struct judge_in {
	const struct evaluate *evaluate;
	enum action_type action; /* of the state: who judges by default */
	bool acted;              /* an action ran */
	struct outcome outcome;  /* of it */
	long long exit_code;     /* 124 for a timeout, -N for signal N */
	/* Of a call of a host: a failed one is not judged. NULL: no call. */
	const struct failure *failure;
	/* The text to judge, fetched when an evaluator reads it: the whole
	 * stdout, or `source`.  -1 and *e: it cannot be had. */
	int (*text)(void *self, struct sv *out, struct err *e);
	void *self;
	const struct lookup *lookup; /* for templated fields */
	/* Ask about files and repositories (os/probe); as `text`, with self. */
	void (*ask)(void *self, const char *request, struct val *args,
	    struct helped *out);
	/* What a stall evaluator saw at this state before, NULL: nothing; and
	 * how often in a row since. */
	const char *seen;
	long long repeats;
	const char *acted_print; /* of the last action; NULL: none ran */
	struct arena *mem;       /* of the step */
};

struct judged {
	const char *verdict;
	const char *type;          /* "default" or the evaluator's name */
	const struct val *details; /* a map, may be empty */
	bool stopped;              /* by a signal to us: nothing was judged */
};

struct judged judge(const struct judge_in *);
/* Did the execution break, or fail so that this evaluator is not asked? */
bool judge_is_broken(const struct judge_in *, struct judged *out);

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
struct judged judge_diff_stall(const struct judge_in *, struct sv unused);
struct judged judge_action_stall(const struct judge_in *, struct sv unused);
struct judged judge_score_stall(const struct judge_in *, struct sv unused);
struct judged judge_mcp(const struct judge_in *, struct sv text);
struct judged judge_question_stall(const struct judge_in *, struct sv unused);

#endif
