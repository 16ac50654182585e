/*
 * The verdict protocol: the last line holds a token with a nonce that is made
 * for the run, so that nothing the judge quotes, and nothing that was in the
 * text it judges, can be taken for its verdict.
 */
#include <string.h>

#include "host/answer_part.h"

void
answer_ask_line(struct str *prompt, const char *nonce, const char *words)
{
	str_addf(prompt,
	    "\n\nEnd your answer with these three lines, and write nothing "
	    "after them. They are read by a program: no quotes, no code "
	    "fence, no bold type.\n"
	    "LL-EVIDENCE-%s: a quotation, word for word, that the verdict "
	    "rests on\n"
	    "LL-REASON-%s: one sentence\n"
	    "LL-VERDICT-%s: WORD CONFIDENCE\n"
	    "WORD is one of: %s. CONFIDENCE is a number from 0 to 1.\n",
	    nonce, nonce, nonce, words);
}

/* Cut the last line off that is not blank; false when there is none. */
static bool
cut_last(struct sv *text, struct sv *line)
{
	size_t from;

	*text = sv_trim(*text);
	if (!text->n)
		return false;
	for (from = text->n; from && text->p[from - 1] != '\n';)
		from--;
	*line = sv_trim(sv_make(text->p + from, text->n - from));
	text->n = from;
	return true;
}

/* What stands behind LL-NAME-NONCE: on the line; p NULL when it is none. */
static struct sv
behind(struct sv line, const char *name, const char *nonce)
{
	auto_str token = STR_INIT;

	str_addf(&token, "LL-%s-%s: ", name, nonce);
	if (!sv_starts(line, token.buf))
		return sv_make(NULL, 0);
	return sv_trim(sv_make(line.p + token.len, line.n - token.len));
}

static const struct val *
text_of(struct arena *a, struct sv s)
{
	return s.p ? val_bytes(a, s.p, s.n) : NULL;
}

static void
read_word(struct sv rest, struct arena *a, struct answer_found *f)
{
	struct sv word = rest, number;
	const char *blank = memchr(rest.p, ' ', rest.n);

	if (blank) {
		word.n = (size_t)(blank - rest.p);
		number = sv_trim(sv_make(blank, rest.n - word.n));
		f->confidence = text_of(a, number);
	}
	f->verdict = text_of(a, word);
}

void
answer_read_line(struct sv text, const char *nonce,
    const struct answer_rules *rules, struct arena *a, struct answer *out)
{
	struct answer_found f = { .verdict = NULL };
	struct sv rest = text, line, word;
	double number;

	if (!cut_last(&rest, &line)) {
		answer_refuse(a, text, "the judge said nothing", out);
		return;
	}
	word = behind(line, "VERDICT", nonce);
	if (!word.p) {
		answer_refuse(a, line,
		    "the judge's last line is not the verdict it was asked "
		    "for",
		    out);
		return;
	}
	read_word(word, a, &f);
	if (f.confidence && !sv_to_real(f.confidence->t, &number)) {
		answer_refuse(a, line,
		    "something stands behind the judge's verdict", out);
		return;
	}
	for (int i = 0; i < 2 && cut_last(&rest, &line); i++) {
		struct sv quote = behind(line, "EVIDENCE", nonce);
		struct sv why = behind(line, "REASON", nonce);

		f.evidence = quote.p ? text_of(a, quote) : f.evidence;
		f.reason = why.p ? text_of(a, why) : f.reason;
	}
	answer_settle(&f, rules, a, out);
}
