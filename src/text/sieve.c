/*
 * A byte is decided once no string that is still possible begins before it.
 * Until then it is held; hits are kept as spans that neither overlap nor
 * touch, so that nothing is lost where two strings overlap.
 */
#include "text/sieve.h"

#include <string.h>

/* A hit ends at `seen`: earlier ones that it reaches become part of it. */
static void
add_hit(struct sieve *s, size_t len)
{
	struct sieve_span hit = { s->seen - len, s->seen };

	while (s->hits.len > s->first) {
		const struct sieve_span *last = &s->hits.at[s->hits.len - 1];

		if (last->to < hit.from)
			break;
		if (last->from < hit.from)
			hit.from = last->from;
		s->hits.len--;
	}
	vec_push(&s->hits, hit);
}

/* Where the bytes that are still held begin in the text. */
static size_t
held_from(const struct sieve *s)
{
	return s->seen - (s->held.len - s->off);
}

static void
plain(struct sieve *s, size_t n, struct str *out)
{
	if (!n)
		return;
	str_add(out, s->held.buf + s->off, n);
	s->off += n;
	s->starred = false;
}

static void
stars(struct sieve *s, size_t n, struct str *out)
{
	if (!s->starred)
		str_adds(out, SIEVE_STARS);
	s->off += n;
	s->starred = true;
}

/* Move what is left to the front, once that is the smaller part. */
static void
pack(struct sieve *s)
{
	if (s->off && s->off * 2 >= s->held.len) {
		memmove(
		    s->held.buf, s->held.buf + s->off, s->held.len - s->off);
		str_cut(&s->held, s->held.len - s->off);
		s->off = 0;
	}
	if (s->first && s->first * 2 >= s->hits.len) {
		s->hits.len -= s->first;
		memmove(s->hits.at, s->hits.at + s->first,
		    s->hits.len * sizeof(*s->hits.at));
		s->first = 0;
	}
}

/* Give out what stands before `to`. */
static void
give(struct sieve *s, size_t to, struct str *out)
{
	size_t at = held_from(s);

	while (s->first < s->hits.len && s->hits.at[s->first].from < to) {
		struct sieve_span *hit = &s->hits.at[s->first];
		size_t end = hit->to < to ? hit->to : to;

		plain(s, hit->from - at, out);
		stars(s, end - hit->from, out);
		hit->from = at = end;
		if (end == hit->to)
			s->first++;
	}
	plain(s, to - at, out);
	pack(s);
}

void
sieve_feed(struct sieve *s, const char *p, size_t n, struct str *out)
{
	if (!n)
		return;
	str_add(&s->held, p, n);
	for (size_t i = 0; i < n; i++) {
		size_t len;

		s->at = trie_step(s->trie, s->at, (unsigned char)p[i]);
		s->seen++;
		len = trie_match(s->trie, s->at);
		if (len)
			add_hit(s, len);
	}
	give(s, s->seen - trie_depth(s->trie, s->at), out);
}

void
sieve_end(struct sieve *s, struct str *out)
{
	size_t depth = trie_depth(s->trie, s->at);

	if (depth >= SIEVE_CUT_MIN)
		add_hit(s, depth);
	give(s, s->seen, out);
	s->at = 0;
	s->seen = 0;
	s->starred = false;
}

void
sieve_release(struct sieve *s)
{
	str_release(&s->held);
	vec_release(&s->hits);
	s->first = s->off = s->seen = 0;
	s->at = 0;
	s->starred = false;
}
