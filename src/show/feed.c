/* Lines of live output. Keeps at most 8 KiB of each stream. */
#include "show/feed.h"

#include <string.h>

#include "base/utf8.h"

static void
give(struct feed *l, int stream)
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
give_piece(struct feed *l, int stream)
{
	struct str *part = &l->part[stream - 1];
	size_t n = utf8_floor(part->buf, part->len, FEED_LINE_MAX - 4);
	char rest[8];
	size_t left = part->len - n;

	memcpy(rest, part->buf + n, left);
	str_cut(part, n);
	give(l, stream);
	str_add(part, rest, left);
}

void
feed_bytes(struct feed *l, int stream, const char *p, size_t n)
{
	struct str *part = &l->part[stream - 1];

	while (n) {
		const char *nl = memchr(p, '\n', n);
		size_t take = nl ? (size_t)(nl - p) : n;

		if (take > FEED_LINE_MAX - part->len) {
			take = FEED_LINE_MAX - part->len;
			nl = NULL;
		}
		str_add(part, p, take);
		p += take + (nl != NULL);
		n -= take + (nl != NULL);
		if (nl)
			give(l, stream);
		else if (part->len == FEED_LINE_MAX)
			give_piece(l, stream);
	}
}

void
feed_end(struct feed *l)
{
	for (int stream = 1; stream <= 2; stream++)
		if (l->part[stream - 1].len)
			give(l, stream);
}

void
feed_release(struct feed *l)
{
	str_release(&l->part[0]);
	str_release(&l->part[1]);
}
