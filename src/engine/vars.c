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
#include "engine/vars_record.h"
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

const struct val *
vars_kept(
    struct run *run, const struct val *kept, struct arena *a, struct err *why)
{
	const char *file = val_str(kept, "file", "");
	auto_str text = STR_INIT;
	const struct val *v;

	if (run->vault.load(run->vault.self, file, val_num(kept, "bytes", 0),
		val_str(kept, "sum", ""), &text, why) < 0)
		return NULL;
	if (val_get(kept, "json"))
		v = json_read(a, text.buf, text.len, ORIGIN_FILE, why);
	else
		v = val_bytes(a, text.buf, text.len);
	return v ? val_taint(a, v, origin_of(val_str(kept, "origin", "data")))
		 : NULL;
}

const struct val *
vars_items(
    struct run *run, const struct val *at, struct arena *a, struct err *why)
{
	auto_str text = STR_INIT;

	if (run->vault.load(run->vault.self, val_str(at, "items_file", ""),
		val_num(at, "items_bytes", 0), val_str(at, "items_sum", ""),
		&text, why) < 0)
		return NULL;
	return json_read(a, text.buf, text.len, ORIGIN_DATA, why);
}

const struct val *
vars_run_dir(struct run *run)
{
	const struct val *context = run_frame(run)->context.v;

	return context ? val_get(context, "run_dir") : NULL;
}

static int
from_context(struct run *run, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	const struct val *files = run_frame(run)->files.v;
	const struct val *kept = files ? val_step(files, r->seg[0]) : NULL;

	if (kept) {
		const struct val *v = vars_kept(run, kept, a, why);

		return v ? vars_walk(v, r, 1, out, why) : -1;
	}
	return vars_walk(run_frame(run)->context.v, r, 0, out, why);
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
	struct map_entry *m = map_get(&run_frame(run)->captured, name);
	const struct val *record;

	if (!m)
		return absent(why, r, "nothing was captured under this name");
	record = ((struct box *)m->value)->v;
	if (r->nseg == 1) {
		*out = record;
		return tainted(1, a, out);
	}
	return tainted(
	    vars_record(run, record, r, 1, true, a, out, why), a, out);
}

static int
from_prev(struct run *run, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	const struct val *prev = run_frame(run)->prev.v;

	if (!prev)
		return absent(why, r, "no action has run before");
	return tainted(
	    vars_record(run, prev, r, 0, false, a, out, why), a, out);
}

static int
from_result(struct run *run, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	const struct val *last = run_frame(run)->last.v;

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
	const struct frame *f = run_frame(run);

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
	const struct frame *f = run_frame(run);

	if (sv_eq(r->seg[0], "name"))
		*out = val_text(a, f->loop);
	else if (sv_eq(r->seg[0], "started_at"))
		*out = val_text(a, f->started_at);
	else if (sv_eq(r->seg[0], "elapsed_ms"))
		*out = val_int(a, run_frame_ms(run));
	else if (sv_eq(r->seg[0], "elapsed"))
		*out = elapsed_text(a, run_frame_ms(run));
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
	const struct frame *f = run_frame(run);
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

static int
from_item(struct run *run, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	(void)a;
	if (!run->worker->value)
		return absent(why, r, "there are no items here");
	return vars_walk(run->worker->value, r, 0, out, why);
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
	[NS_ITEM] = from_item,
};

/* The value of a context key that only children may see, or NULL. */
static const struct val *
withheld(const struct run *run, struct sv key)
{
	const struct val *real = run_level_of(run->worker)->withheld;

	return real ? val_step(real, key) : NULL;
}

static int
get_secret(void *self, const struct ref *r, struct arena *a,
    const struct val **out, struct err *why)
{
	struct run *run = self;
	const struct val *kept;

	if (!resolvers[r->ns])
		return absent(why, r, "not known here");
	kept = r->ns == NS_CONTEXT ? withheld(run, r->seg[0]) : NULL;
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
	if (found == 1 && run->mask)
		*out = mask_val(run->mask, a, *out);
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
