/*
 * What a judge said.  A host with structured output answers with an object of
 * the schema; any other is asked for a last line that nothing but an answer
 * of this run can hold.
 */
#ifndef HOST_ANSWER_H
#define HOST_ANSWER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/sv.h"
#include "text/val.h"

struct answer_rules {
	bool own_schema;       /* not the default one: any word is a verdict */
	double min_confidence; /* usually 0.5 */
	bool uncertain_suffix; /* "yes_uncertain" below that */
};

enum { ANSWER_PREVIEW_MAX = 300, ANSWER_WORD_MAX = 200 };

struct answer {
	const char *verdict; /* "error" when `error` says why */
	const char *error;   /* NULL: the answer could be read */
	const char *preview; /* the start of one that could not; else NULL */
	const char *raw_verdict; /* a word that is no verdict; else NULL */
	double confidence;       /* 1 when it was not told, 0 when it is none */
	bool confident;
	const char *reason, *evidence; /* "" when they were not told */
	bool evidence_coerced;         /* "no", because nothing was quoted */
	const struct val *raw; /* the object; NULL for a last line or tags */
};

/* The default schema as JSON: verdict (yes, no, blocked, partial,
 * cannot_judge), confidence, reason, evidence. */
extern const char answer_schema[];

/*
 * Read an answer in the form of a schema: JSON, in a text, in a fence or with
 * prose around it (the last object that has a verdict, or a verdict_a, counts;
 * only `raw` tells of the latter), else
 * <verdict>WORD</verdict> and the like.  Case and blanks around a word of the
 * default schema do not matter.  Never fails: what cannot be read is the
 * verdict "error".
 */
void answer_read(struct sv text, const struct answer_rules *, struct arena *,
    struct answer *out);

/* Append what the host is told about its last lines; `words` with commas. */
void answer_ask_line(struct str *prompt, const char *nonce, const char *words);
/* Read them: the last line that is not blank must be, to the byte,
 * "LL-VERDICT-NONCE: WORD CONFIDENCE" with or without the number; lines
 * "LL-EVIDENCE-NONCE: ..." and "LL-REASON-NONCE: ..." may stand before it. */
void answer_read_line(struct sv text, const char *nonce,
    const struct answer_rules *, struct arena *, struct answer *out);

#endif
