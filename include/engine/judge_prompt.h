/*
 * What a judge is told: the question, what counts as an answer, and the text
 * that is judged, between tags which nothing in that text can close.  Pure.
 */
#ifndef ENGINE_JUDGE_PROMPT_H
#define ENGINE_JUDGE_PROMPT_H

#include "base/str.h"
#include "loop/loop.h"

enum { JUDGE_TAIL = 4000 /* bytes of a text that a judge is shown */ };

/* A text, or the end of one: what is not shown is told. */
struct judge_text {
	struct sv end;
	size_t bytes; /* of all of it; at least those of `end` */
};

/* Forms of answers as JSON Schemas, and their words for a last line. */
extern const char judge_schema_pair[], judge_schema_blind[];
#define JUDGE_WORDS "yes, no, blocked, partial, cannot_judge"
#define JUDGE_WORDS_PAIR "yes, no"
#define JUDGE_WORDS_BLIND "both, a, b, neither"

/* Did it go well?  `question` NULL: the usual one.  With a schema of one's own
 * the words of the usual one are not explained. */
void judge_prompt_outcome(
    struct str *out, const char *question, bool own_schema, struct judge_text);
/* Which of two texts is good?  `question` NULL: the usual one. */
void judge_prompt_blind(struct str *out, const char *question,
    struct judge_text a, struct judge_text b);
/* Do the two sides of a contract agree? */
void judge_prompt_pair(struct str *out, const struct contract_pair *,
    struct judge_text producer, struct judge_text consumer);

#endif
