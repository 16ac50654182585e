/*
 * A stream into lines.  A line is looked through once, however small the
 * pieces are in which it comes; what has been handed out is dropped before
 * more is added.  Refuses a line, and a stream, that does not end.
 */
#include "host/mcp_part.h"

#include <string.h>

void
mcp_lines_release(struct mcp_lines *l)
{
	str_release(&l->buf);
}

static void
drop_read(struct mcp_lines *l)
{
	size_t left = l->buf.len - l->from;

	if (!l->from)
		return;
	memmove(l->buf.buf, l->buf.buf + l->from, left);
	str_cut(&l->buf, left);
	l->seen -= l->from;
	l->from = 0;
}

int
mcp_lines_add(struct mcp_lines *l, const char *p, size_t n, struct err *e)
{
	drop_read(l);
	l->total += (long long)n;
	if (l->total > MCP_TOTAL_MAX)
		return err_set(e, ERR_INPUT, "it sent more than %d MiB",
		    MCP_TOTAL_MAX >> 20);
	str_add(&l->buf, p, n);
	if (l->buf.len <= MCP_LINE_MAX)
		return 0;
	p = memchr(l->buf.buf + l->seen, '\n', l->buf.len - l->seen);
	if (p && p - l->buf.buf <= MCP_LINE_MAX)
		return 0;
	return err_set(
	    e, ERR_INPUT, "it sent a line over %d MiB", MCP_LINE_MAX >> 20);
}

bool
mcp_lines_next(struct mcp_lines *l, struct sv *line)
{
	const char *end =
	    memchr(l->buf.buf + l->seen, '\n', l->buf.len - l->seen);

	if (!end) {
		l->seen = l->buf.len;
		return false;
	}
	*line =
	    sv_make(l->buf.buf + l->from, (size_t)(end - l->buf.buf) - l->from);
	l->from = l->seen = (size_t)(end - l->buf.buf) + 1;
	return true;
}
