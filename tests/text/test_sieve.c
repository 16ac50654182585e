/* What comes out must not depend on how the text was cut, and must be what a
 * slow and simple search gives. */
#include "text/sieve.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "test.h"

enum { WORDS_MAX = 8 };

struct words {
	const char *at[WORDS_MAX];
};

static struct trie *
trie_of(const struct words *w)
{
	struct trie *t = trie_new();

	for (size_t i = 0; i < WORDS_MAX && w->at[i]; i++)
		trie_add(t, sv(w->at[i]));
	trie_seal(t);
	return t;
}

/* The bytes of every word, wherever it stands; and what a cut leaves. */
static void
expect(const struct words *w, struct sv text, struct str *out)
{
	auto_free char *hit = calloc(text.n + 1, 1);

	for (size_t i = 0; i < text.n; i++) {
		for (size_t k = 0; k < WORDS_MAX && w->at[k]; k++) {
			size_t n = strlen(w->at[k]), left = text.n - i;

			if (left >= n && !memcmp(text.p + i, w->at[k], n))
				memset(hit + i, 1, n);
			if (left < n && left >= SIEVE_CUT_MIN &&
			    !memcmp(text.p + i, w->at[k], left))
				memset(hit + i, 1, left);
		}
	}
	for (size_t i = 0; i < text.n; i++) {
		if (!hit[i])
			str_addc(out, text.p[i]);
		else if (i == 0 || !hit[i - 1])
			str_adds(out, SIEVE_STARS);
	}
}

static void
pass(const struct trie *t, struct sv text, size_t a, size_t b, struct str *out)
{
	struct sieve s = SIEVE_INIT(t);

	sieve_feed(&s, text.p, a, out);
	sieve_feed(&s, text.p + a, b - a, out);
	sieve_feed(&s, text.p + b, text.n - b, out);
	sieve_end(&s, out);
	sieve_release(&s);
}

static void
every_split(const struct words *w, struct sv text)
{
	struct trie *t = trie_of(w);
	auto_str want = STR_INIT;

	expect(w, text, &want);
	for (size_t a = 0; a <= text.n; a++) {
		for (size_t b = a; b <= text.n; b++) {
			auto_str got = STR_INIT;

			pass(t, text, a, b, &got);
			cr_assert_str_eq(got.buf, want.buf,
			    "'%.*s' at %zu, %zu", SV_ARG(text), a, b);
		}
	}
	trie_free(t);
}

TEST(sieve, gives_the_same_for_every_split)
{
	static const struct {
		struct words words;
		const char *text, *want;
	} rows[] = {
		{ { { "abcd" } }, "xabcdy", "x***y" },
		{ { { "abcd" } }, "abcdabcd", "***" },
		{ { { "abcd" } }, "abcd", "***" },
		{ { { "abcd" } }, "abc", "abc" },
		{ { { "abcd" } }, "", "" },
		{ { { "abcd" } }, "ababcdcd", "ab***cd" },
		{ { { "abcd", "cdef" } }, "xabcdefy", "x***y" },
		{ { { "abcd", "abcdefgh" } }, "abcdefgx", "***efgx" },
		{ { { "abcd", "abcdefgh" } }, "abcdefgh", "***" },
		{ { { "abcdefgh", "bcde" } }, "xabcdefy", "xa***fy" },
		{ { { "aaaa" } }, "baaab aaaaaab", "baaab ***b" },
		{ { { "secret-of-mine" } }, "my secret-o", "my ***" },
		{ { { "secret-of-mine" } }, "my secret", "my secret" },
		{ { { "secret-of-mine" } }, "secret-of-mane",
		    "secret-of-mane" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct trie *t = trie_of(&rows[i].words);
		struct sv text = sv(rows[i].text);
		auto_str got = STR_INIT;

		pass(t, text, text.n, text.n, &got);
		cr_assert_str_eq(got.buf, rows[i].want, "%s", rows[i].text);
		every_split(&rows[i].words, text);
		trie_free(t);
	}
}

/* A small alphabet, so that words overlap and contain each other. */
static void
random_text(char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = "ab"[rand() & 1];
	p[n] = '\0';
}

TEST(sieve, agrees_with_a_simple_search)
{
	srand(7);
	for (int round = 0; round < 400; round++) {
		char word[3][16], text[41];
		struct words w = { { word[0], word[1], word[2] } };

		for (int i = 0; i < 3; i++)
			random_text(word[i], 2 + (size_t)(rand() % 12));
		random_text(text, (size_t)(rand() % 41));
		if (round % 20 == 0)
			every_split(&w, sv(text));
		else {
			struct trie *t = trie_of(&w);
			auto_str want = STR_INIT, got = STR_INIT;
			size_t n = strlen(text), a = n ? (size_t)rand() % n : 0;

			expect(&w, sv(text), &want);
			pass(t, sv(text), a, a, &got);
			cr_assert_str_eq(got.buf, want.buf, "%s", text);
			trie_free(t);
		}
	}
}

TEST(sieve, holds_no_more_than_the_longest)
{
	enum { LONG = 200 * 1024 };
	auto_free char *word = malloc(LONG + 1);
	struct trie *t = trie_new();
	struct sieve s = SIEVE_INIT(t);
	auto_str out = STR_INIT;

	memset(word, 'a', LONG);
	word[LONG - 1] = 'b';
	word[LONG] = '\0';
	trie_add(t, sv(word));
	trie_add(t, sv("xaax"));
	trie_seal(t);
	/* Every byte of it may be the beginning of the word. */
	for (int i = 0; i < 20; i++)
		sieve_feed(&s, word, LONG - 1, &out);
	cr_assert_leq(s.held.len, 4 * LONG);
	cr_assert_eq(out.len, (size_t)19 * (LONG - 1));
	for (int i = 0; i < 100000; i++) {
		str_reset(&out);
		sieve_feed(&s, "xaaxx", 5, &out);
	}
	cr_assert_leq(s.hits.len, 8);
	cr_assert_leq(s.held.len - s.off, LONG);
	sieve_release(&s);
	trie_free(t);
}
