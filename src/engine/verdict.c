/*
 * From the end of an action to the record of its verdict.  What evaluators
 * ask of the world goes through here, since it may take time: the journal is
 * made durable before, and no answer is waited for beyond the loop's end.
 */
#include "engine/verdict.h"

#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "engine/vars.h"

struct bench {
	struct run *run;
	const struct state *s;
	const struct act *act; /* NULL: none */
	struct lookup look;
	struct err *e;
	bool broken; /* *e says why nothing more can be recorded */
};

static int
input(void *self, struct sv *out, struct err *e)
{
	struct bench *b = self;
	const struct tmpl *source = b->s->evaluate.source;
	struct arena *a = run_mem(b->run);
	auto_str got = STR_INIT;

	if (!source) {
		*out = sv("");
		return b->act ? act_text(b->run, &b->act->out[0], out, e) : 0;
	}
	if (tmpl_render(source, &b->look, a, &got, NULL, e) < 0)
		return err_wrap(e, "source");
	*out = sv_make(arena_dup(a, got.buf, got.len), got.len);
	return 0;
}

/* The usual limit, or what the loop has left when that is less. */
static long long
limit_ms(const struct run *r)
{
	long long left;

	left = run_deadline(r);
	if (left < 0)
		return PROBE_MS;
	left = left - clock_boot_ms() + 1;
	return left < 1 ? 1 : left < PROBE_MS ? left : PROBE_MS;
}

static void
ask(void *self, const char *request, struct val *args, struct helped *out)
{
	struct bench *b = self;
	struct run *r = b->run;
	struct probe q = { request, args, limit_ms(r), r->sig };

	if (r->vault.settle(r->vault.self, b->e) < 0) {
		b->broken = true;
		*out = (struct helped) { NULL, "io", b->e->msg };
		return;
	}
	val_set(run_mem(r), args, "cwd", val_text(run_mem(r), run_cwd(r)));
	if (r->oracle.ask)
		r->oracle.ask(r->oracle.self, &q, run_mem(r), out);
	else
		probe_ask(&q, run_mem(r), out);
}

/* Paths with their values; one whose value is missing is passed over. */
static struct val *
paths(const struct bench *b, const struct tmpl *const *at, size_t n)
{
	struct arena *a = run_mem(b->run);
	struct val *list = val_list(a);

	for (size_t i = 0; i < n; i++) {
		auto_str path = STR_INIT;
		struct err why = ERR_INIT;

		if (tmpl_render(at[i], &b->look, a, &path, NULL, &why) == 0)
			val_push(a, list, val_text(a, path.buf));
	}
	return list;
}

/* What a failure left below progress_paths. Without an answer the failure
 * counts as it would without the key. */
static void
put_progress(struct bench *b, struct val *f, struct judged *judged)
{
	const struct circuit *c = &run_loop(b->run)->circuit;
	struct arena *a = run_mem(b->run);
	struct val *args = val_map(a);
	struct helped h;

	if (!c->nprogress || verdict_is_success(judged->verdict))
		return;
	val_set(a, args, "paths", paths(b, c->progress, c->nprogress));
	val_set(a, args, "skip", paths(b, c->exclude, c->nexclude));
	ask(b, "files", args, &h);
	if (h.v)
		val_set(a, f, "progress_fingerprint", val_get(h.v, "print"));
	else
		val_set(a, f, "progress_error", val_text(a, h.error));
	judged->stopped = !h.v && strcmp(h.kind, HELPER_STOPPED) == 0;
}

static int
record(struct bench *b, struct judged *judged)
{
	struct arena *a = run_mem(b->run);
	struct val *f = val_map(a);

	val_set(a, f, "type", val_text(a, judged->type));
	val_set(a, f, "verdict", val_text(a, judged->verdict));
	for (size_t i = 0; i < judged->details->map.len; i++) {
		const struct member *m = &judged->details->map.at[i];

		if (run_put(b->run, f, m->key, m->v, b->e) < 0)
			return -1;
	}
	put_progress(b, f, judged);
	if (b->broken)
		return -1;
	if (judged->stopped)
		return 0;
	if (b->act && b->s->capture)
		val_set(a, f, "capture", val_text(a, b->s->capture));
	return run_emit(b->run, EV_EVALUATE, f, b->e);
}

static struct bench
bench_of(struct run *run, const struct state *s, const struct act *act,
    struct err *e)
{
	return (struct bench) {
		.run = run, .s = s, .act = act, .look = vars_lookup(run), .e = e
	};
}

static struct judge_in
facts(struct bench *b)
{
	const struct frame *f = run_frame(b->run);
	const struct map_entry *seen = map_get(&f->stalls, b->s->name);
	const struct act *act = b->act;

	return (struct judge_in) {
		.evaluate = &b->s->evaluate,
		.action = b->s->type,
		.acted = act != NULL,
		.outcome = act ? act->outcome : (struct outcome) { 0 },
		.exit_code = act ? act->exit_code : 0,
		.failure = act ? &act->failure : NULL,
		.text = input,
		.self = b,
		.lookup = &b->look,
		.ask = ask,
		.seen = seen ? seen->value : NULL,
		.repeats = seen ? seen->count : 0,
		.acted_print = f->acted,
		.mem = run_mem(b->run),
	};
}

int
verdict_reach(struct run *run, const struct state *s, const struct act *act,
    struct judged *out, struct err *e)
{
	struct bench b = bench_of(run, s, act, e);
	struct judge_in in = facts(&b);

	*out = judge(&in);
	if (b.broken)
		return -1;
	return out->stopped ? 0 : record(&b, out);
}

bool
verdict_is_plain(struct run *run, const struct state *s, const struct act *act,
    struct judged *out)
{
	struct err unused = ERR_INIT;
	struct bench b = bench_of(run, s, act, &unused);
	struct judge_in in = facts(&b);

	return judge_is_broken(&in, out);
}

int
verdict_text(struct run *run, const struct state *s, const struct act *act,
    struct sv *out, struct err *why)
{
	struct bench b = bench_of(run, s, act, why);

	return input(&b, out, why);
}

int
verdict_probe(struct run *run, const char *request, struct val *args,
    struct helped *out, struct err *e)
{
	struct bench b = bench_of(run, NULL, NULL, e);

	ask(&b, request, args, out);
	return b.broken ? -1 : 0;
}

int
verdict_record(struct run *run, const struct state *s, const struct act *act,
    struct judged *judged, struct err *e)
{
	struct bench b = bench_of(run, s, act, e);

	return record(&b, judged);
}
