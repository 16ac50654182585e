/*
 * Markers in a stream.  A line is kept only as long as it may still be one,
 * and of what it says no more than the record has room for.  Refuses to find
 * a word inside a line: logs and diffs are full of them.
 */
#include "text/marker.h"

#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"

static const struct {
	const char *name;
	const char *word;
	bool bare; /* says something even without a text */
} words[MARKERS] = {
	[MARKER_HANDOFF] = { "CONTEXT_HANDOFF", "CONTEXT_HANDOFF:", false },
	[MARKER_FATAL] = { "FATAL_ERROR", "FATAL_ERROR:", false },
	[MARKER_STOP] = { "LOOP_STOP", "LOOP_STOP:", true },
};

enum { LINE_MAX = MARKER_TEXT_MAX + 32 };

const char *
marker_name(enum marker m)
{
	return words[m].name;
}

enum marker
marker_of(const char *name)
{
	size_t i = 0;

	while (i < MARKERS && strcmp(words[i].name, name) != 0)
		i++;
	return (enum marker)i;
}

void
marker_start(struct marker_scan *s)
{
	if (!s->text.buf)
		*s = (struct marker_scan)MARKER_SCAN_INIT;
	s->found = MARKERS;
	s->dead = false;
	str_reset(&s->text);
	str_reset(&s->line);
}

void
marker_release(struct marker_scan *s)
{
	if (!s->text.buf)
		return;
	str_release(&s->text);
	str_release(&s->line);
}

/* Does the line begin with a word, or with the beginning of one? */
static bool
may_be(const struct str *line)
{
	for (size_t i = 0; i < MARKERS; i++) {
		size_t n = strlen(words[i].word);

		if (memcmp(line->buf, words[i].word,
			line->len < n ? line->len : n) == 0)
			return true;
	}
	return false;
}

static void
take(struct marker_scan *s, enum marker m, struct sv text)
{
	if (m >= s->found || (!text.n && !words[m].bare))
		return;
	s->found = m;
	str_reset(&s->text);
	str_add(&s->text, text.p, utf8_floor(text.p, text.n, MARKER_TEXT_MAX));
}

static void
line_over(struct marker_scan *s)
{
	struct sv line = str_sv(&s->line);

	for (size_t i = 0; i < MARKERS && !s->dead; i++) {
		size_t n = strlen(words[i].word);

		if (sv_starts(line, words[i].word))
			take(s, (enum marker)i,
			    sv_trim(sv_make(line.p + n, line.n - n)));
	}
	str_reset(&s->line);
	s->dead = false;
}

static void
add(struct marker_scan *s, const char *p, size_t n)
{
	size_t room = LINE_MAX - s->line.len;

	if (s->dead)
		return;
	str_add(&s->line, p, n < room ? n : room);
	s->dead = !may_be(&s->line);
}

void
marker_feed(struct marker_scan *s, struct sv text)
{
	while (text.n) {
		const char *end = memchr(text.p, '\n', text.n);
		size_t n = end ? (size_t)(end - text.p) : text.n;

		add(s, text.p, n);
		if (!end)
			return;
		line_over(s);
		text = sv_make(end + 1, text.n - n - 1);
	}
}

void
marker_end(struct marker_scan *s)
{
	if (s->line.len)
		line_over(s);
}
