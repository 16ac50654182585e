/*
 * Looking back into a journal.  Owns a descriptor of its own and a few marks:
 * where every 256th record or so begins.  When there are too many of them
 * every second one is forgotten, so that they never need more than 64 KiB.
 * Lines before those that are asked for are counted, not read.
 */
#include "store/journal_at.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/mem.h"
#include "base/vec.h"
#include "loop/event.h"
#include "store/journal_line.h"
#include "text/json.h"

enum {
	MARKS_MAX = 4096,
	EVERY = 256,
	EVERY_BYTES = 1 << 20,
	PIECE = 64 * 1024,
	SUM_LINE = JOURNAL_SUM_TAIL + 1, /* with its newline */
};

struct mark {
	long long seq, offset;
};

struct journal_at {
	char *path;
	uint64_t seed;
	int fd;
	VEC(struct mark) marks; /* in order */
	long long every, bytes; /* how far apart they are */
};

struct journal_at *
journal_at_new(const char *path, uint64_t seed)
{
	struct journal_at *j = mem_new(sizeof(*j));

	*j = (struct journal_at) { .path = mem_strdup(path),
		.seed = seed,
		.fd = -1,
		.marks = VEC_INIT,
		.every = EVERY,
		.bytes = EVERY_BYTES };
	return j;
}

void
journal_at_free(struct journal_at *j)
{
	if (!j)
		return;
	if (j->fd >= 0)
		close(j->fd);
	vec_release(&j->marks);
	free(j->path);
	free(j);
}

/* How many marks are at `seq` or before. */
static size_t
marks_to(const struct journal_at *j, long long seq)
{
	size_t low = 0, high = j->marks.len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (j->marks.at[mid].seq <= seq)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct mark
mark_before(const struct journal_at *j, size_t n)
{
	return n ? j->marks.at[n - 1] : (struct mark) { 1, 0 };
}

/* Forget every second one. */
static void
thin_out(struct journal_at *j)
{
	size_t n = 0;

	for (size_t i = 1; i < j->marks.len; i += 2)
		j->marks.at[n++] = j->marks.at[i];
	j->marks.len = n;
	j->every *= 2;
	j->bytes *= 2;
}

void
journal_at_note(struct journal_at *j, long long seq, long long offset)
{
	const struct mark new = { seq, offset };
	size_t i = marks_to(j, seq);
	struct mark before = mark_before(j, i);

	if (seq == before.seq ||
	    (seq - before.seq < j->every && offset - before.offset < j->bytes))
		return;
	vec_push(&j->marks, new);
	memmove(j->marks.at + i + 1, j->marks.at + i,
	    (j->marks.len - 1 - i) * sizeof(new));
	j->marks.at[i] = new;
	if (j->marks.len == MARKS_MAX)
		thin_out(j);
}

/* ---- from a mark on, line by line ---- */

struct look {
	struct journal_at *j;
	long long from, to;
	int (*give)(void *self, struct sv line, struct err *);
	void *self;
	long long seq, offset; /* of the next line */
	uint64_t sum;          /* of the one before, once that is asked for */
};

static int
broken(const struct look *l, struct err *e)
{
	return err_set(e, ERR_IO,
	    "%s: record %lld is not there as it was written", l->j->path,
	    l->seq);
}

/* `{"seq":12,` */
static bool
has_seq(struct sv line, long long seq)
{
	char want[40];

	snprintf(want, sizeof(want), "{\"seq\":%lld,", seq);
	return sv_starts(line, want);
}

static int
take_line(struct look *l, struct sv line, struct err *e)
{
	if (l->seq == l->from - 1 &&
	    !journal_line_states(line.p, line.n, &l->sum))
		return broken(l, e);
	if (l->seq >= l->from) {
		if (!has_seq(line, l->seq) ||
		    !journal_line_holds(line.p, line.n, l->sum, &l->sum))
			return broken(l, e);
		if (l->give(l->self, line, e) < 0)
			return -1;
	}
	l->seq++;
	l->offset += (long long)line.n + 1;
	journal_at_note(l->j, l->seq, l->offset);
	return 0;
}

/* The whole lines in `text`, which are cut off its front. */
static int
take_lines(struct look *l, struct sv *text, struct err *e)
{
	const char *nl;

	while (l->seq <= l->to && (nl = memchr(text->p, '\n', text->n))) {
		struct sv line = sv_make(text->p, (size_t)(nl - text->p));

		if (take_line(l, line, e) < 0)
			return -1;
		text->p += line.n + 1;
		text->n -= line.n + 1;
	}
	if (l->seq <= l->to && text->n > JOURNAL_LINE_MAX)
		return broken(l, e);
	return 0;
}

/* Where to begin: at a mark, whose sum ends the line before it. */
static int
begin(struct look *l, struct err *e)
{
	struct mark mark = mark_before(l->j, marks_to(l->j, l->from));
	auto_str tail = STR_INIT;

	l->seq = mark.seq;
	l->offset = mark.offset;
	l->sum = l->j->seed;
	if (mark.seq == 1)
		return 0;
	if (journal_line_piece(l->j->fd, l->j->path, mark.offset - SUM_LINE,
		SUM_LINE, &tail, e) < 0)
		return -1;
	if (tail.len < SUM_LINE || tail.buf[JOURNAL_SUM_TAIL] != '\n' ||
	    !journal_line_states(tail.buf, JOURNAL_SUM_TAIL, &l->sum))
		return broken(l, e);
	return 0;
}

static int
look_back(struct look *l, struct err *e)
{
	struct journal_at *j = l->j;
	auto_str buf = STR_INIT;
	size_t want = PIECE;

	if (j->fd < 0)
		j->fd = journal_line_open(j->path, e);
	if (j->fd < 0 || begin(l, e) < 0)
		return -1;
	while (l->seq <= l->to) {
		long long was = l->seq;
		struct sv text;

		if (journal_line_piece(
			j->fd, j->path, l->offset, want, &buf, e) < 0)
			return -1;
		text = str_sv(&buf);
		if (take_lines(l, &text, e) < 0)
			return -1;
		if (l->seq == was && buf.len < want)
			return broken(l, e);
		if (l->seq == was)
			want *= 2;
	}
	return 0;
}

/* ---- one text ---- */

struct wanted {
	const struct look *look;
	const char *member;
	struct str *out;
};

static int
take_text(void *self, struct sv line, struct err *e)
{
	const struct wanted *w = self;
	auto_arena mem = ARENA_INIT;
	struct err bad = ERR_INIT;
	const struct val *v;
	struct event ev;

	v = json_read(&mem, line.p, line.n, ORIGIN_DATA, &bad);
	if (!v || !event_read(&mem, v, &ev))
		return broken(w->look, e);
	v = val_get(ev.fields, w->member);
	if (!v || v->kind != VAL_TEXT)
		return err_set(e, ERR_IO, "%s: record %lld has no text '%s'",
		    w->look->j->path, w->look->seq, w->member);
	str_add(w->out, v->t.p, v->t.n);
	return 0;
}

int
journal_at_text(struct journal_at *j, long long seq, const char *member,
    struct str *out, struct err *e)
{
	struct look look = { .j = j, .from = seq, .to = seq };
	struct wanted w = { &look, member, out };

	look.give = take_text;
	look.self = &w;
	if (seq < 1)
		return err_set(
		    e, ERR_IO, "%s: there is no record %lld", j->path, seq);
	return look_back(&look, e);
}

/* ---- many records ---- */

struct gathered {
	const struct journal_span *span;
	struct str *out;
	size_t was;
};

/* Cut `,"KEY":123` off the end and give that number, or `otherwise`.  It can
 * be nothing but a member of the record itself: inside a text or a map it
 * would be followed by a quote or a brace. */
static long long
cut_number(struct sv *body, const char *key, long long otherwise)
{
	size_t n = body->n, k = strlen(key);
	long long num;

	while (n && body->p[n - 1] >= '0' && body->p[n - 1] <= '9')
		n--;
	if (n == body->n || n < k || memcmp(body->p + n - k, key, k) != 0 ||
	    !sv_to_long(sv_make(body->p + n, body->n - n), 0, 1000000000, &num))
		return otherwise;
	body->n = n - k;
	return num;
}

static int
take_event(void *self, struct sv line, struct err *e)
{
	const struct gathered *g = self;
	const struct journal_span *s = g->span;
	struct sv body = sv_make(line.p, line.n - JOURNAL_SUM_TAIL);
	long long depth = cut_number(&body, ",\"depth\":", 0);
	long long item = cut_number(&body, ",\"item\":", -1);

	if (depth < s->depth || item != s->item)
		return 0;
	str_addsv(g->out, body);
	if (item >= 0)
		str_addf(g->out, ",\"item\":%lld", item);
	if (depth > s->depth)
		str_addf(g->out, ",\"depth\":%lld", depth - s->depth);
	str_adds(g->out, "}\n");
	if ((long long)(g->out->len - g->was) > s->max)
		return err_set(e, ERR_INPUT,
		    "the events of records %lld to %lld have more than %lld "
		    "bytes",
		    s->from, s->to, s->max);
	return 0;
}

int
journal_at_events(struct journal_at *j, const struct journal_span *span,
    struct str *out, struct err *e)
{
	struct gathered g = { span, out, out->len };
	struct look look = { .j = j,
		.from = span->from > 1 ? span->from : 1,
		.to = span->to,
		.give = take_event,
		.self = &g };

	if (look_back(&look, e) == 0)
		return 0;
	str_cut(out, g.was);
	return -1;
}
