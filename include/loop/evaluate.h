/* How a state is judged: `evaluate`, as it was written and checked. */
#ifndef LOOP_EVALUATE_H
#define LOOP_EVALUATE_H

#include <stdbool.h>

#include "text/rx.h"
#include "text/tmpl.h"
#include "text/val.h"

enum eval_type {
	EVAL_DEFAULT, /* no `evaluate:`; by the kind of action */
	EVAL_EXIT_CODE,
	EVAL_OUTPUT_NUMERIC,
	EVAL_OUTPUT_JSON,
	EVAL_OUTPUT_CONTAINS,
	EVAL_CLASSIFY,
	EVAL_CONVERGENCE,
	EVAL_HARBOR_SCORER,
	EVAL_DIFF_STALL,
	EVAL_SCORE_STALL,
	EVAL_OPEN_QUESTION_STALL,
	EVAL_ACTION_STALL,
	EVAL_MCP_RESULT,
	/* A host is asked: */
	EVAL_LLM_STRUCTURED,
	EVAL_COMPARATOR,
	EVAL_CONTRACT,
	EVAL_TYPES
};

enum operator{ OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OPERATORS };

enum line_pick { LINE_LAST, LINE_FIRST, LINE_INDEX };

/* One word of `track`: what it may mean, the first that has a value counts. */
struct tracked {
	const char *name;
	const struct tmpl *from[4];
	size_t n;
	bool action; /* and if none has: the text of the last action */
};

/* Two files, or what patterns find in them, that must agree. */
struct contract_pair {
	const char *producer, *consumer;
	const char *contract; /* what must agree; NULL: not written */
	const struct rx *producer_rx, *consumer_rx; /* NULL: all of it */
};

/* What a judge is asked; filled in whatever the type is. */
struct judging {
	const struct tmpl *prompt; /* NULL: the usual question */
	const char *schema;        /* JSON; NULL: the usual one */
	const char *words; /* of an own schema, with commas; NULL: any */
	double min_confidence;
	bool uncertain_suffix;
	const char *baseline; /* the comparator's directory, or NULL */
	bool promotes;        /* auto_promote */
	long long min_pairs;
	const struct contract_pair *pair;
	size_t npairs;
	bool off; /* as `llm` says */
};

struct evaluate {
	bool set; /* the block was written */
	enum eval_type type;
	const struct tmpl *source; /* NULL: the action's output */
	enum operator op;
	const struct val *target;       /* number or text; NULL: not written */
	const struct tmpl *target_tmpl; /* when target is text */
	const struct tmpl *previous, *tolerance_tmpl;
	double tolerance;
	bool maximize;             /* direction */
	const struct val *pattern; /* text */
	const struct rx *rx;       /* NULL: searched as plain text */
	bool negate;
	const struct val *error_patterns; /* list of text, or NULL */
	const char *path;                 /* output_json */
	const char *key;                  /* output_numeric */
	enum line_pick line;
	long long line_index;
	const struct val *scope;    /* list of text, or NULL */
	const struct tmpl *history; /* score_stall, open_question_stall */
	long long max_stall, max_repeat;
	double epsilon;
	const struct tracked *track;
	size_t ntrack;
	struct judging judging;
};

/* NULL when there is none. */
const char *eval_type_name(enum eval_type);
/* -1 when there is none of that name. */
int eval_type_of(const char *name);
const char *operator_name(enum operator);
int operator_of(const char *name);
/* Is `a OP b` true? */
bool operator_holds(enum operator, double a, double b);

#endif
