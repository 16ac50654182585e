/*
 * One object of a host: every row whose conditions hold is acted on.  What is
 * remembered is bounded; an error that a good end follows is taken back.
 */
#include <string.h>

#include "base/utf8.h"
#include "host/stream_part.h"
#include "host/usd.h"
#include "text/json.h"

#define PLAIN (1u << VAL_BOOL | 1u << VAL_INT | 1u << VAL_REAL | 1u << VAL_TEXT)
#define SOMETHING (PLAIN | 1u << VAL_LIST | 1u << VAL_MAP)
#define ANSWERS (1u << VAL_TEXT | 1u << VAL_LIST | 1u << VAL_MAP)

struct meeting {
	const struct host_test *test;
	bool met;
};

static bool
meets(void *self, const struct val *v)
{
	struct meeting *m = self;

	for (size_t i = 0; i < m->test->n; i++)
		if (v->kind != VAL_NULL && val_equal(m->test->want[i], v))
			m->met = true;
	return !m->met;
}

bool
stream_test(const struct host_test *t, const struct val *v)
{
	struct meeting m = { t, false };
	bool there = picks_first(&t->ways, v, SOMETHING) != NULL;

	if (t->present)
		return there;
	for (size_t i = 0; i < t->n; i++)
		if (t->want[i]->kind == VAL_NULL && !there)
			return true;
	for (size_t i = 0; i < t->ways.n && !m.met; i++)
		pick_each(&t->ways.at[i], v, meets, &m);
	return m.met;
}

static bool
holds(const struct host_event *row, const struct val *v)
{
	for (size_t i = 0; i < row->ntests; i++)
		if (!stream_test(&row->test[i], v))
			return false;
	return true;
}

bool
stream_knows(const struct host_stream *s, const struct val *v)
{
	const struct host *h = s->host;

	for (size_t i = 0; i < h->nevents; i++) {
		const struct host_event *row = &h->event[i];

		if (!row->ntests)
			return true;
		for (size_t k = 0; k < row->ntests; k++)
			if (picks_first(&row->test[k].ways, v, SOMETHING))
				return true;
	}
	return false;
}

static void
remember(struct str *out, const struct picks *ways, const struct val *v)
{
	const struct val *x = picks_first(ways, v, 1u << VAL_TEXT);

	if (!x || !x->t.n || memchr(x->t.p, '\0', x->t.n))
		return;
	str_reset(out);
	str_add(out, x->t.p, utf8_floor(x->t.p, x->t.n, HOST_WORD_MAX));
}

static void
take_answer(
    struct host_stream *s, const struct picks *ways, const struct val *v)
{
	const struct val *x = picks_first(ways, v, ANSWERS);
	auto_str json = STR_INIT;

	if (!x || (x->kind == VAL_TEXT && !x->t.n))
		return;
	if (x->kind == VAL_TEXT)
		str_addsv(&json, x->t);
	else
		json_write(&json, x, JSON_COMPACT);
	tail_set(&s->answer, json.buf, json.len);
	s->has_answer = true;
}

static void
put_count(long long *at, bool step, long long n)
{
	*at = !step || *at < 0 ? n : usd_add(*at, n);
}

/* Costs are looked up in a text whose decimals have become strings. */
static void
take_cost(struct host_stream *s, const struct host_usage *u, struct sv json)
{
	auto_str exact = STR_INIT;
	struct err e = ERR_INIT;
	const struct val *v;
	long long micro;

	if (!u->cost.n)
		return;
	usd_quote_decimals(&exact, json.p, json.n);
	v = json_read(&s->mem, exact.buf, exact.len, ORIGIN_DATA, &e);
	if (v && picks_usd(&u->cost, v, &micro))
		put_count(&s->seen.used.cost, u->step, micro);
}

/* What came out; `input` has what is in the total beside it. */
static bool
count_output(const struct host_usage *u, const struct val *v, long long input,
    long long *n)
{
	long long told = 0, total;
	bool some = picks_count(&u->output, v, &told);

	if (input > 0 && picks_count(&u->total, v, &total) &&
	    total - input > told) {
		told = total - input;
		some = true;
	}
	*n = told;
	return some;
}

static void
take_usage(
    struct host_stream *s, const struct host_usage *u, const struct val *v)
{
	struct host_used *all = &s->seen.used;
	long long input = 0, in, cached = 0, written = 0, n;

	if (picks_count(&u->cache_read, v, &cached))
		put_count(&all->cache_read, u->step, cached);
	if (picks_count(&u->cache_write, v, &written))
		put_count(&all->cache_write, u->step, written);
	if (picks_count(&u->input, v, &input)) {
		in = input;
		if (u->input_has_cached)
			in = in > cached ? in - cached : 0;
		else
			input += cached + written;
		put_count(&all->input, u->step, in);
	}
	if (count_output(u, v, input, &n))
		put_count(&all->output, u->step, n);
}

static bool
take_error(
    struct host_stream *s, const struct host_event *row, const struct val *v)
{
	auto_str text = STR_INIT;

	if (!picks_text(&row->error, v, &text) && !row->failed)
		return false;
	s->seen.failed = true;
	if (!text.len && s->error.len)
		return true;
	str_reset(&s->error);
	for (size_t i = 0; i < text.len; i++)
		if (!text.buf[i])
			text.buf[i] = ' ';
	str_add(&s->error, text.buf,
	    utf8_floor(text.buf, text.len, HOST_ERROR_MAX));
	return true;
}

struct told {
	bool text, failed, end, keep;
};

static void
act_on(struct host_stream *s, const struct host_event *row, const struct val *v,
    struct told *told)
{
	auto_str text = STR_INIT;

	if (picks_text(&row->text, v, &text)) {
		stream_say(s, str_sv(&text), row->piece);
		told->text = true;
	}
	take_answer(s, &row->answer, v);
	remember(&s->session, &row->session, v);
	remember(&s->model, &row->model, v);
	take_usage(s, &row->usage, v);
	told->failed |= take_error(s, row, v);
	told->end |= row->end;
	told->keep |= row->keep || row->end;
}

bool
stream_event(struct host_stream *s, const struct val *v, struct sv json)
{
	const struct host *h = s->host;
	struct told told = { false, false, false, false };

	if (!stream_knows(s, v))
		return false;
	s->seen.events++;
	stream_goes_on(s);
	for (size_t i = 0; i < h->nevents; i++) {
		if (!holds(&h->event[i], v))
			continue;
		act_on(s, &h->event[i], v, &told);
		take_cost(s, &h->event[i].usage, json);
	}
	if (!told.text)
		s->piece_open = false;
	s->seen.ended |= told.end;
	if (told.end && !told.failed) {
		s->seen.failed = false;
		str_reset(&s->error);
	}
	if (told.keep || told.failed) {
		struct str *kept = &s->kept[s->nkept++ % HOST_KEPT_MAX];

		str_reset(kept);
		str_addsv(kept, json);
	}
	return true;
}
