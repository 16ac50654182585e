/*
 * Bytes to lines to objects.  A line that is no object of the host is text
 * for people, verbatim; an object that others have written into is looked for
 * behind their text.  Owns what has come of the last line, and the ends of
 * the messages; refuses to grow beyond that.
 */
#include "host/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "host/stream_part.h"
#include "text/json.h"

/* ---- ends of texts ---- */

static void
drop_front(struct tail *t, size_t keep)
{
	size_t from = t->text.len - keep;

	memmove(t->text.buf, t->text.buf + from, keep);
	str_cut(&t->text, keep);
	t->cut = true;
}

void
tail_add(struct tail *t, const char *p, size_t n)
{
	if (n > HOST_ANSWER_MAX) {
		p += n - HOST_ANSWER_MAX;
		n = HOST_ANSWER_MAX;
		str_reset(&t->text);
		t->cut = true;
	}
	str_add(&t->text, p, n);
	if (t->text.len > 2 * HOST_ANSWER_MAX)
		drop_front(t, HOST_ANSWER_MAX);
}

void
tail_set(struct tail *t, const char *p, size_t n)
{
	str_reset(&t->text);
	t->cut = false;
	tail_add(t, p, n);
}

struct sv
tail_end(struct tail *t)
{
	size_t at = 0;

	if (t->text.len > HOST_ANSWER_MAX)
		drop_front(t, HOST_ANSWER_MAX);
	while (t->cut && at < t->text.len && at < 3 &&
	    ((unsigned char)t->text.buf[at] & 0xc0) == 0x80)
		at++;
	return sv_make(t->text.buf + at, t->text.len - at);
}

/* ---- text for people ---- */

static void
hear(struct host_stream *s, const char *p, size_t n)
{
	if (!n)
		return;
	s->said = true;
	s->last = p[n - 1];
	if (s->hear)
		s->hear(s->self, p, n);
}

static void
new_line(struct host_stream *s)
{
	if (s->said && s->last != '\n')
		hear(s, "\n", 1);
	s->piece_open = false;
}

void
stream_say(struct host_stream *s, struct sv text, bool piece)
{
	if (!piece || !s->piece_open) {
		new_line(s);
		tail_set(&s->message, "", 0);
	}
	hear(s, text.p, text.n);
	tail_add(&s->message, text.p, text.n);
	s->piece_open = piece;
}

void
stream_stray(struct host_stream *s, struct sv line)
{
	s->seen.strays++;
	new_line(s);
	hear(s, line.p, line.n);
	if (s->stray.text.len)
		tail_add(&s->stray, "\n", 1);
	tail_add(&s->stray, line.p, line.n);
}

/* ---- lines ---- */

static const struct val *
parse(struct host_stream *s, struct sv text)
{
	struct err e = ERR_INIT;

	if (!text.n || text.p[0] != '{')
		return NULL;
	return json_read(&s->mem, text.p, text.n, ORIGIN_DATA, &e);
}

/* An object that begins behind what others wrote into the line. */
static bool
salvage(struct host_stream *s, struct sv line)
{
	const char *at =
	    line.n ? memmem(line.p + 1, line.n - 1, "{\"", 2) : NULL;
	struct sv rest;
	const struct val *v;

	if (!at || line.p[line.n - 1] != '}')
		return false;
	rest = sv_make(at, (size_t)(line.p + line.n - at));
	v = parse(s, rest);
	if (!v || !stream_knows(s, v))
		return false;
	stream_stray(s, sv_make(line.p, (size_t)(at - line.p)));
	return stream_event(s, v, rest);
}

static void
take_line(struct host_stream *s, struct sv raw, bool whole)
{
	struct sv line = sv_chomp(raw), text;
	auto_str repaired = STR_INIT;
	const struct val *v;

	if (!utf8_valid(line.p, line.n)) {
		utf8_repair(&repaired, line.p, line.n);
		text = sv_trim(str_sv(&repaired));
	} else {
		text = sv_trim(line);
	}
	v = parse(s, text);
	if (!text.n || (v && stream_event(s, v, text)) || salvage(s, text)) {
		arena_reset(&s->mem);
		return;
	}
	if (!whole && !v && text.p[0] == '{')
		s->seen.torn = true;
	else
		stream_stray(s, line);
	arena_reset(&s->mem);
}

static bool
begins_object(const struct str *line)
{
	return sv_starts(sv_trim(str_sv(line)), "{");
}

/* The line has become too long: leave an object out, pass text on. */
static void
overflow(struct host_stream *s)
{
	if (begins_object(&s->line)) {
		s->dropping = true;
		s->seen.oversized++;
	} else {
		s->passing = true;
		stream_stray(s, str_sv(&s->line));
	}
	str_reset(&s->line);
}

static void
add_to_line(struct host_stream *s, const char *p, size_t n)
{
	while (n && !s->dropping && !s->passing) {
		size_t room = HOST_LINE_MAX - s->line.len;
		size_t part = n < room ? n : room;

		str_add(&s->line, p, part);
		p += part;
		n -= part;
		if (n)
			overflow(s);
	}
	if (s->passing) {
		hear(s, p, n);
		tail_add(&s->stray, p, n);
	}
}

static void
end_line(struct host_stream *s, bool whole)
{
	if (!s->dropping && !s->passing)
		take_line(s, str_sv(&s->line), whole);
	s->dropping = s->passing = false;
	str_reset(&s->line);
}

static void
feed_lines(struct host_stream *s, const char *p, size_t n)
{
	const char *end = p + n;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		add_to_line(s, p, (size_t)((nl ? nl : end) - p));
		if (!nl)
			return;
		end_line(s, true);
		p = nl + 1;
	}
}

/* ---- one document ---- */

/* All of it, or its last line that is not blank. */
static void
take_document(struct host_stream *s)
{
	struct sv all = sv_trim(str_sv(&s->line)), last = all, line;
	const struct val *v = parse(s, all);

	if (!all.n)
		return;
	if (v && stream_event(s, v, all))
		return;
	for (struct sv rest = all; rest.n && sv_cut(&rest, '\n', &line);)
		last = sv_trim(line).n ? line : last;
	if (last.p == all.p) {
		take_line(s, all, false);
		return;
	}
	stream_stray(s, sv_trim(sv_make(all.p, (size_t)(last.p - all.p))));
	take_line(s, last, false);
}

/* ---- the verbs ---- */

struct host_stream *
host_stream_new(
    const struct host *h, enum host_call_kind kind, host_hear *fn, void *self)
{
	struct host_stream *s = mem_new(sizeof(*s));
	struct str *texts[] = { &s->line, &s->message.text, &s->stray.text,
		&s->answer.text, &s->session, &s->model, &s->error,
		&s->said_line, &s->retrying };

	*s = (struct host_stream) { .host = h,
		.call = &h->call[kind],
		.hear = fn,
		.self = self,
		.seen.used = { -1, -1, -1, -1, -1 } };
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = (struct str)STR_INIT;
	for (size_t i = 0; i < HOST_KEPT_MAX; i++)
		s->kept[i] = (struct str)STR_INIT;
	for (size_t i = 0; i < h->nevents; i++)
		s->seen.can_end |= h->event[i].end;
	if (s->call->format == FORMAT_TEXT)
		s->seen.can_end = false;
	return s;
}

void
host_stream_feed(struct host_stream *s, const char *p, size_t n)
{
	switch (s->call->format) {
	case FORMAT_TEXT:
		hear(s, p, n);
		tail_add(&s->message, p, n);
		break;
	case FORMAT_LINES:
		feed_lines(s, p, n);
		break;
	case FORMAT_JSON:
		add_to_line(s, p, n);
		break;
	}
}

static void
read_kept(struct host_stream *s)
{
	size_t n = s->nkept < HOST_KEPT_MAX ? s->nkept : HOST_KEPT_MAX;
	size_t from = s->nkept - n;

	s->seen.nkept = 0;
	for (size_t i = from; i < s->nkept; i++) {
		const struct str *text = &s->kept[i % HOST_KEPT_MAX];
		struct err e = ERR_INIT;
		const struct val *v = json_read(
		    &s->kept_mem, text->buf, text->len, ORIGIN_DATA, &e);

		if (v)
			s->kept_val[s->seen.nkept++] = v;
	}
	s->seen.kept = s->kept_val;
}

void
host_stream_end(struct host_stream *s)
{
	if (s->call->format == FORMAT_LINES)
		end_line(s, false);
	else if (s->call->format == FORMAT_JSON && !s->dropping && !s->passing)
		take_document(s);
	arena_reset(&s->mem);
	str_reset(&s->line);
	if (s->has_answer && !s->said && !s->seen.failed) {
		struct sv answer = tail_end(&s->answer);

		hear(s, answer.p, answer.n);
	}
	arena_reset(&s->kept_mem);
	read_kept(s);
}

static const char *
text_or_null(const struct str *s)
{
	return s->len ? s->buf : NULL;
}

const struct host_seen *
host_stream_seen(struct host_stream *s)
{
	struct tail *t = s->has_answer ? &s->answer
	    : s->message.text.len      ? &s->message
				       : &s->stray;

	s->seen.answer = tail_end(t);
	s->seen.answer_cut = t->cut;
	s->seen.session = text_or_null(&s->session);
	s->seen.model = text_or_null(&s->model);
	s->seen.error = text_or_null(&s->error);
	s->seen.retrying = text_or_null(&s->retrying);
	return &s->seen;
}

void
host_stream_free(struct host_stream *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < HOST_KEPT_MAX; i++)
		str_release(&s->kept[i]);
	str_release(&s->line);
	str_release(&s->message.text);
	str_release(&s->stray.text);
	str_release(&s->answer.text);
	str_release(&s->session);
	str_release(&s->model);
	str_release(&s->error);
	str_release(&s->said_line);
	str_release(&s->retrying);
	arena_release(&s->mem);
	arena_release(&s->kept_mem);
	free(s);
}
