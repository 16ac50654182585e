/*
 * The namespaces: a table of small resolvers.  What stands in a frame has
 * the origin it came with; all that an action or the environment made is
 * data.  A long output is read back from its file when it is asked for.
 */
#include "engine/vars.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "engine/vars_param.h"
#include "text/json.h"
#include "text/render.h"

static int get_secret(void *, const struct ref *, struct arena *,
    const struct val **, struct err *);

static int
absent(struct err *why, const struct ref *r, const char *what)
{
	err_set(why, ERR_INPUT, "%s: %s", r->text, what);
	return 0;
}

/* The text of a stream, read back from its file when it is a long one. */
static int
stream_text(struct run *run, const struct val *record, const char *name,
    struct arena *a, const struct val **out, struct err *e)
{
	const char *file, *sum;
	auto_str text = STR_INIT;
	struct sv bytes;
	char key[32];

	*out = val_get(record, name);
	if (*out)
		return 1;
	snprintf(key, sizeof(key), "%s_file", name);
	file = val_str(record, key, NULL);
	if (!file)
		return 0;
	snprintf(key, sizeof(key), "%s_sum", name);
	sum = val_str(record, key, "");
	snprintf(key, sizeof(key), "%s_bytes", name);
	if (run->vault.load(run->vault.self, file, val_num(record, key, 0), sum,
		&text, e) < 0)
		return -1;
	bytes = str_sv(&text);
	*out = val_bytes(a, bytes.p, bytes.n);
	return 1;
}

/* A record with streams in it: `captured.NAME` or `prev`. */
static int
from_record(struct run *run, const struct val *record, const struct ref *r,
    size_t at, bool chomp, struct arena *a, const struct val **out,
    struct err *why)
{
	struct sv field = r->seg[at];
	const struct val *got = NULL;
	int found;

	if (!sv_eq(field, "output") && !sv_eq(field, "stderr"))
		return vars_walk(record, r, at, out, why);
	found = stream_text(run, record,
	    sv_eq(field, "output") ? "output" : "stderr", a, &got, why);
	if (found <= 0)
		return found < 0 ? -1 : vars_walk(record, r, at, out, why);
	if (chomp && got->kind == VAL_TEXT && sv_eq(field, "output")) {
		struct sv t = sv_chomp(got->t);

		if (t.n != got->t.n)
			got = val_bytes(a, t.p, t.n);
	}
	*out = got;
	return r->nseg > at + 1 ? vars_walk(got, r, at + 1, out, why) : 1;
}

/* A long value of the context, read back from its file. */
static int
from_file(struct run *run, const struct val *kept, const struct ref *r,
    struct arena *a, const struct val **out, struct err *why)
{
	const char *file = val_str(kept, "file", "");
	auto_str text = STR_INIT;
	const struct val *v;

	if (run->vault.load(run->vault.self, file, val_num(kept, "bytes", 0),
		val_str(kept, "sum", ""), &text, why) < 0)
		return -1;
	if (val_get(kept, "json"))
		v = json_read(a, text.buf, text.len, ORIGIN_FILE, why);
	else
		v = val_bytes(a, text.buf, text.len);
	if (!v)
		return -1;
	v = val_taint(a, v, origin_of(val_str(kept, "origin", "data")));
	return vars_walk(v, r, 1, out, why);
}

static int
from_context(struct run *run, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	const struct val *files = point_top(&run->point)->files.v;
	const struct val *kept = files ? val_step(files, r->seg[0]) : NULL;

	if (kept)
		return from_file(run, kept, r, a, out, why);
	return vars_walk(point_top(&run->point)->context.v, r, 0, out, why);
}

static int
tainted(int found, struct arena *a, const struct val **out)
{
	if (found == 1)
		*out = val_taint(a, *out, ORIGIN_DATA);
	return found;
}

static int
from_captured(struct run *run, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	char *name = arena_dup(a, r->seg[0].p, r->seg[0].n);
	struct map_entry *m = map_get(&point_top(&run->point)->captured, name);
	const struct val *record;

	if (!m)
		return absent(why, r, "nothing was captured under this name");
	record = ((struct box *)m->value)->v;
	if (r->nseg == 1) {
		*out = record;
		return tainted(1, a, out);
	}
	return tainted(
	    from_record(run, record, r, 1, true, a, out, why), a, out);
}

static int
from_prev(struct run *run, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	const struct val *prev = point_top(&run->point)->prev.v;

	if (!prev)
		return absent(why, r, "no action has run before");
	return tainted(
	    from_record(run, prev, r, 0, false, a, out, why), a, out);
}

static int
from_result(struct run *run, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	const struct val *last = point_top(&run->point)->last.v;

	if (!last)
		return absent(why, r, "nothing was evaluated before");
	return tainted(vars_walk(last, r, 0, out, why), a, out);
}

static int
from_param(struct run *run, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	/* As it is: what is recorded of it is masked with the rest. */
	const struct lookup all = { get_secret, run };

	return vars_param(run, &all, r, a, out, why);
}

static int
from_state(struct run *run, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	const struct frame *f = point_top(&run->point);

	if (sv_eq(r->seg[0], "name"))
		*out = val_text(a, f->state);
	else if (sv_eq(r->seg[0], "iteration"))
		*out = val_int(a, f->steps);
	else
		return absent(why, r, "state has name and iteration");
	return 1;
}

/* As the reference writes it: "850ms", "12s", "3m", "61m 1s". */
static const struct val *
elapsed_text(struct arena *a, long long ms)
{
	long long s = ms / 1000;

	if (ms < 1000)
		return val_text(a, arena_printf(a, "%lldms", ms));
	if (s < 60)
		return val_text(a, arena_printf(a, "%llds", s));
	if (s % 60 == 0)
		return val_text(a, arena_printf(a, "%lldm", s / 60));
	return val_text(a, arena_printf(a, "%lldm %llds", s / 60, s % 60));
}

static int
from_loop(struct run *run, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	const struct frame *f = point_top(&run->point);

	if (sv_eq(r->seg[0], "name"))
		*out = val_text(a, f->loop);
	else if (sv_eq(r->seg[0], "started_at"))
		*out = val_text(a, f->started_at);
	else if (sv_eq(r->seg[0], "elapsed_ms"))
		*out = val_int(a, run_elapsed_ms(run));
	else if (sv_eq(r->seg[0], "elapsed"))
		*out = elapsed_text(a, run_elapsed_ms(run));
	else
		return absent(why, r,
		    "loop has name, started_at, elapsed_ms and elapsed");
	return 1;
}

static int
from_env(struct run *run, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	const char *value = getenv(r->path);

	(void)run;
	if (!value)
		return absent(why, r, "not set in the environment");
	*out = val_text(a, value);
	return tainted(1, a, out);
}

/* "last(3)": how many, or -1. */
static long long
last_count(struct sv s)
{
	long long n;

	if (!sv_starts(s, "last(") || !sv_ends(s, ")"))
		return -1;
	s = sv_make(s.p + 5, s.n - 6);
	return sv_to_long(s, 0, 1000000, &n) ? n : -1;
}

static int
from_messages(struct run *run, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	const struct frame *f = point_top(&run->point);
	auto_str text = STR_INIT;
	size_t from = 0;

	if (r->nseg && sv_starts(r->seg[0], "last(")) {
		long long n = last_count(r->seg[0]);

		if (n < 0)
			return absent(why, r, "last(N) takes a count");
		if ((size_t)n < f->messages.len)
			from = f->messages.len - (size_t)n;
	} else if (r->nseg && sv_eq(r->seg[0], "summary")) {
		from = f->messages.len;
	} else if (r->nseg && !sv_eq(r->seg[0], "output")) {
		return absent(
		    why, r, "messages has output, last(N) and summary");
	}
	for (size_t i = from; i < f->messages.len; i++) {
		if (i > from)
			str_addc(&text, '\n');
		val_render(&text, f->messages.at[i].v);
	}
	*out = val_bytes(a, text.buf, text.len);
	return tainted(1, a, out);
}

typedef int resolver(struct run *, const struct ref *, struct arena *,
    const struct val **, struct err *);

static resolver *const resolvers[NS_COUNT] = {
	[NS_CONTEXT] = from_context,
	[NS_CAPTURED] = from_captured,
	[NS_PREV] = from_prev,
	[NS_RESULT] = from_result,
	[NS_STATE] = from_state,
	[NS_LOOP] = from_loop,
	[NS_ENV] = from_env,
	[NS_MESSAGES] = from_messages,
	[NS_PARAM] = from_param,
};

static int
get_secret(void *self, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	struct run *run = self;
	const struct val *kept;

	if (!resolvers[r->ns])
		return absent(why, r, "not known here");
	kept = r->ns == NS_CONTEXT ? secret_withheld(&run->secret, r->seg[0])
				   : NULL;
	if (kept)
		return vars_walk(kept, r, 1, out, why);
	return resolvers[r->ns](run, r, a, out, why);
}

/* What the point holds is masked; the environment is not. */
static int
get(void *self, const struct ref *r, struct arena *a, const struct val **out,
    struct err *why)
{
	struct run *run = self;
	int found;

	if (!resolvers[r->ns])
		return absent(why, r, "not known here");
	found = resolvers[r->ns](run, r, a, out, why);
	if (found == 1 && run->secret.mask)
		*out = mask_val(run->secret.mask, a, *out);
	return found;
}

struct lookup
vars_lookup(struct run *run)
{
	return (struct lookup) { get, run };
}

struct lookup
vars_of_child(struct run *run)
{
	return (struct lookup) { get_secret, run };
}
