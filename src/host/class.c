/*
 * From an outcome and what the host said to a class, by the host's table.
 * Rows are tried in tiers: those about members, those about the error's
 * text, about exit codes, about stderr; in each in the order of the file.  A
 * pattern that gives up at its limits matches nothing here, as the row after
 * it, or the plain "it failed", is the safer answer.
 */
#include "host/class.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "host/stream_part.h"
#include "text/json.h"
#include "text/scalar.h"

#define KINDS (1u << VAL_BOOL | 1u << VAL_INT | 1u << VAL_REAL | 1u << VAL_TEXT)

enum tier { TIER_MEMBER, TIER_ERROR, TIER_EXIT, TIER_STDERR, TIERS };

static enum tier
tier_of(const struct host_failure *f)
{
	return f->test.ways.n ? TIER_MEMBER
	    : f->error        ? TIER_ERROR
	    : f->ncodes       ? TIER_EXIT
			      : TIER_STDERR;
}

static struct sv
error_of(const struct class_in *in)
{
	const struct host_seen *s = in->seen;

	return sv(s->error ? s->error : s->retrying ? s->retrying : "");
}

static bool
finds(const struct rx *rx, struct sv text)
{
	struct err e = ERR_INIT;

	return rx_search(rx, text.p, text.n, &e) == 1;
}

struct holding {
	const char *part;
	bool found;
};

static bool
has_part(void *self, const struct val *v)
{
	struct holding *h = self;

	if (v->kind == VAL_TEXT && strcasestr(v->t.p, h->part))
		h->found = true;
	return !h->found;
}

static bool
member_holds(const struct host_failure *f, const struct val *event)
{
	struct holding h = { f->contains, false };

	if (!f->contains)
		return stream_test(&f->test, event);
	for (size_t i = 0; i < f->test.ways.n && !h.found; i++)
		pick_each(&f->test.ways.at[i], event, has_part, &h);
	return h.found;
}

static bool
members_hold(const struct class_in *in, const struct host_failure *f)
{
	for (size_t i = in->seen->nkept; i-- > 0;)
		if (member_holds(f, in->seen->kept[i]))
			return true;
	return false;
}

static bool
code_is(const struct class_in *in, const struct host_failure *f)
{
	for (size_t i = 0; i < f->ncodes; i++)
		if (in->how->kind == OUT_EXITED && in->how->code == f->code[i])
			return true;
	return false;
}

/* All conditions of a row. */
static bool
row_holds(const struct class_in *in, const struct host_failure *f)
{
	return (!f->test.ways.n || members_hold(in, f)) &&
	    (!f->error || finds(f->error, error_of(in))) &&
	    (!f->ncodes || code_is(in, f)) &&
	    (!f->stderr_rx || finds(f->stderr_rx, in->stderr_end));
}

static const struct host_failure *
row_of(const struct class_in *in)
{
	for (int t = 0; t < TIERS; t++)
		for (size_t i = 0; i < in->host->nfailures; i++) {
			const struct host_failure *f = &in->host->failure[i];

			if (tier_of(f) == (enum tier)t && row_holds(in, f))
				return f;
		}
	return NULL;
}

/* ---- until when ---- */

typedef bool reader(struct sv, long long now_us, long long *us);

static bool
read_after(struct sv s, long long now_us, long long *us)
{
	if (!class_after(s, us))
		return false;
	*us += now_us;
	return true;
}

static bool
read_member(const struct class_in *in, const struct picks *ways, reader *read,
    long long *us)
{
	for (size_t i = in->seen->nkept; i-- > 0;) {
		const struct val *v =
		    picks_first(ways, in->seen->kept[i], KINDS);
		auto_str text = STR_INIT;

		if (!v)
			continue;
		scalar_write(&text, v);
		if (sv_ends(str_sv(&text), ".0"))
			str_cut(&text, text.len - 2);
		if (read(str_sv(&text), in->now_us, us))
			return true;
	}
	return false;
}

static bool
read_match(
    const struct class_in *in, const struct rx *rx, reader *read, long long *us)
{
	const struct sv texts[] = { error_of(in), in->stderr_end };

	for (size_t i = 0; rx && i < COUNT(texts); i++) {
		struct err e = ERR_INIT;
		size_t from, to;

		if (rx_search_at(
			rx, texts[i].p, texts[i].n, 0, &from, &to, &e) == 1 &&
		    read(sv_make(texts[i].p + from, to - from), in->now_us, us))
			return true;
	}
	return false;
}

static long long
until_of(const struct class_in *in, const struct host_failure *f)
{
	long long us;

	if (read_member(in, &f->until, class_until, &us) ||
	    read_match(in, f->until_rx, class_until, &us) ||
	    read_member(in, &f->after, read_after, &us) ||
	    read_match(in, f->after_rx, read_after, &us))
		return us;
	return 0;
}

/* ---- without the table ---- */

static enum failure_class
class_of_spawn(int code)
{
	static const struct {
		int code;
		enum failure_class class;
	} rows[] = {
		{ EAGAIN, CLASS_TRANSIENT },
		{ ENOMEM, CLASS_TRANSIENT },
		{ EMFILE, CLASS_TRANSIENT },
		{ ENFILE, CLASS_TRANSIENT },
		{ ETXTBSY, CLASS_TRANSIENT },
		{ E2BIG, CLASS_PROMPT },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].code == code)
			return rows[i].class;
	return CLASS_CONFIG;
}

/* We ended it, or never started it: what the host said does not matter. */
static enum failure_class
class_of_ours(const struct outcome *how, const char **by)
{
	static const enum failure_class limits[] = {
		[LIMIT_WALL] = CLASS_WALL,
		[LIMIT_IDLE] = CLASS_IDLE,
		[LIMIT_LOOP] = CLASS_LOOP,
	};

	*by = "limit";
	if (how->starved)
		return CLASS_MEMORY;
	if (how->cut == CUT_BYTES)
		return CLASS_OUTPUT;
	if (how->cut == CUT_BOUND)
		return CLASS_SPEND;
	if (how->cut == CUT_PROCS)
		return CLASS_PROCS;
	if (how->kind == OUT_TIMEOUT)
		return limits[how->code];
	*by = "start";
	return how->kind == OUT_SPAWN_FAILED ? class_of_spawn(how->code)
					     : CLASS_NONE;
}

/* What remains when no row holds. */
static enum failure_class
class_of_rest(const struct class_in *in, const char **by)
{
	bool gone = in->how->kind == OUT_SIGNALED || in->how->kind == OUT_LOST;

	*by = "retries";
	if (in->seen->retrying)
		return CLASS_TRANSIENT;
	*by = gone ? "signal" : in->seen->failed ? "error" : "exit";
	if (gone)
		return CLASS_TRANSIENT;
	if (in->seen->failed || in->how->code != 0)
		return CLASS_AGENT;
	*by = "end";
	return CLASS_TRANSIENT;
}

/* Its end came without an error: how the process went then says nothing,
 * unless it says no by itself. */
static bool
is_good(const struct class_in *in)
{
	const struct host_seen *s = in->seen;
	const struct outcome *how = in->how;
	bool exited = how->kind == OUT_EXITED;

	if (s->failed || how->kind == OUT_SPAWN_FAILED)
		return false;
	if (exited && how->code == 0)
		return s->ended || !s->can_end;
	return s->ended &&
	    (!exited || how->code == 128 + SIGTERM ||
		how->code == 128 + SIGKILL);
}

/* A limit of time ended it while all that it did was to try again: what it
 * was refused for is what failed. */
static bool
is_stuck(const struct class_in *in)
{
	return in->how->kind == OUT_TIMEOUT && in->how->code != LIMIT_LOOP &&
	    in->seen->retrying;
}

static const char *
own_words(const struct class_in *in, struct arena *a)
{
	struct sv text = sv_trim(error_of(in)), line, rest;
	auto_str out = STR_INIT;

	if (!text.n)
		for (rest = sv_trim(in->stderr_end);
		     rest.n && sv_cut(&rest, '\n', &line);)
			text = sv_trim(line).n ? sv_trim(line) : text;
	text.n = utf8_floor(text.p, text.n, CLASS_TEXT_MAX);
	utf8_show_line(&out, text.p, text.n);
	return arena_dup(a, out.buf, out.len);
}

void
class_of(const struct class_in *given, struct arena *a, struct failure *out)
{
	struct class_in in = *given;
	const struct host_failure *row;
	struct failure f = { .class = CLASS_NONE, .by = "end", .text = "" };

	if (in.stderr_end.n > CLASS_STDERR_MAX) {
		in.stderr_end.p += in.stderr_end.n - CLASS_STDERR_MAX;
		in.stderr_end.n = CLASS_STDERR_MAX;
	}
	if (is_good(&in)) {
		*out = f;
		return;
	}
	f.text = own_words(&in, a);
	if (!is_stuck(&in))
		f.class = class_of_ours(in.how, &f.by);
	row = f.class == CLASS_NONE ? row_of(&in) : NULL;
	if (row) {
		f.class = row->class;
		f.by = row->by;
		f.hint = row->hint;
		f.until_us = until_of(&in, row);
	} else if (f.class == CLASS_NONE) {
		f.class = class_of_rest(&in, &f.by);
	}
	*out = f;
}
