/*
 * stderr of a host that repeats a failed request by itself.  Some do so for
 * ever, without a word on stdout: who has said it so many times, and nothing
 * else meanwhile, is taken to have failed.  What it has failed by in its own
 * words is another matter.  Owns the line that is read; what
 * stands behind RETRY_LINE_MAX of one is not looked at.
 */
#include "base/auto.h"
#include "base/utf8.h"
#include "host/stream_part.h"

static void
give_up(struct host_stream *s)
{
	str_reset(&s->error);
	str_addsv(&s->error, str_sv(&s->retrying));
	s->seen.failed = s->seen.ended = true;
}

static void
take_line(struct host_stream *s)
{
	const struct host_retries *r = &s->host->retries;
	struct err e = ERR_INIT;
	struct sv text;
	size_t from, to;

	if (s->seen.failed ||
	    rx_search_at(r->stderr_rx, s->said_line.buf, s->said_line.len, 0,
		&from, &to, &e) != 1)
		return;
	text = sv_trim(sv_make(s->said_line.buf + from, to - from));
	str_reset(&s->retrying);
	for (size_t i = 0; i < text.n; i++)
		str_addc(&s->retrying, text.p[i] ? text.p[i] : ' ');
	str_cut(&s->retrying,
	    utf8_floor(s->retrying.buf, s->retrying.len, HOST_ERROR_MAX));
	if (++s->retries >= r->max && !s->seen.ended)
		give_up(s);
}

void
host_stream_stderr(struct host_stream *s, const char *p, size_t n)
{
	if (!s->host->retries.stderr_rx)
		return;
	for (size_t i = 0; i < n; i++) {
		if (p[i] != '\n') {
			if (s->said_line.len < RETRY_LINE_MAX)
				str_addc(&s->said_line, p[i]);
			continue;
		}
		take_line(s);
		str_reset(&s->said_line);
	}
}

void
stream_goes_on(struct host_stream *s)
{
	s->retries = 0;
	str_reset(&s->retrying);
}
