/* Lines of live output. Keeps at most 8 KiB of each stream. */
#include "show/splitter.h"

#include <string.h>

#include "base/utf8.h"

static void
give(struct splitter *l, int stream)
{
	struct str *part = &l->part[stream - 1];
	size_t n = part->len;
	const char *cr;

	while (n && part->buf[n - 1] == '\r')
		n--;
	cr = n ? memrchr(part->buf, '\r', n) : NULL;
	if (cr)
		l->line(
		    l->self, stream, cr + 1, n - (size_t)(cr + 1 - part->buf));
	else
		l->line(l->self, stream, part->buf, n);
	str_reset(part);
}

/* The part is full: give what does not cut a character in two. */
static void
give_piece(struct splitter *l, int stream)
{
	struct str *part = &l->part[stream - 1];
	size_t n = utf8_floor(part->buf, part->len, LINES_MAX - 4);
	char rest[8];
	size_t left = part->len - n;

	memcpy(rest, part->buf + n, left);
	str_cut(part, n);
	give(l, stream);
	str_add(part, rest, left);
}

void
splitter_feed(struct splitter *l, int stream, const char *p, size_t n)
{
	struct str *part = &l->part[stream - 1];

	while (n) {
		const char *nl = memchr(p, '\n', n);
		size_t take = nl ? (size_t)(nl - p) : n;

		if (take > LINES_MAX - part->len) {
			take = LINES_MAX - part->len;
			nl = NULL;
		}
		str_add(part, p, take);
		p += take + (nl != NULL);
		n -= take + (nl != NULL);
		if (nl)
			give(l, stream);
		else if (part->len == LINES_MAX)
			give_piece(l, stream);
	}
}

void
splitter_end(struct splitter *l)
{
	for (int stream = 1; stream <= 2; stream++)
		if (l->part[stream - 1].len)
			give(l, stream);
}

void
splitter_release(struct splitter *l)
{
	str_release(&l->part[0]);
	str_release(&l->part[1]);
}
