/*
 * Bytes on their way, with every string of a trie replaced.  What comes out
 * does not depend on how the text was cut: each run of bytes that belong to
 * some match becomes one `***`.  Holds back no more than the longest string.
 */
#ifndef TEXT_SIEVE_H
#define TEXT_SIEVE_H

#include "base/str.h"
#include "base/vec.h"
#include "text/trie.h"

/* What stands for a match. */
#define SIEVE_STARS "***"
/* So much of a string's beginning at the end of the text is a match too: it
 * was cut off there. */
enum { SIEVE_CUT_MIN = 8 };

struct sieve_span {
	size_t from, to;
};

struct sieve {
	const struct trie *trie;
	uint32_t at;
	size_t seen;     /* bytes so far */
	struct str held; /* of them, from `off` on, the last ones */
	size_t off;
	VEC(struct sieve_span) hits; /* from `first` on: not given out yet */
	size_t first;
	bool starred; /* the last thing given out was `***` */
};

#define SIEVE_INIT(searched)                         \
	{                                            \
		.trie = (searched), .held = STR_INIT \
	}

/* Append what is decided. */
void sieve_feed(struct sieve *, const char *p, size_t n, struct str *out);
/* The text is over: append the rest; the sieve is as new. */
void sieve_end(struct sieve *, struct str *out);
void sieve_release(struct sieve *);

#endif
