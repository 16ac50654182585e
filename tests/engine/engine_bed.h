/*
 * A run without processes and files: the actor plays a script, the vault is
 * an array, the first sink writes a trace one can read:
 *   >a  a is entered    =3  its action ended with 3   !k  it raised k
 *   ?v  verdict v       ~b  on to b, ~b:why with a cause
 *   (name) any other event    cause/status the end record
 */
#ifndef TESTS_ENGINE_BED_H
#define TESTS_ENGINE_BED_H

#include <signal.h>
#include <string.h>

#include "base/auto.h"
#include "engine/drive.h"
#include "loop/load.h"
#include "test.h"

/* One performance; the last of a script is played again and again. */
struct play {
	struct outcome outcome;
	const char *prints;
	bool refuse; /* the actor itself fails */
};

/* clang-format off */
#define EXIT(n) { { .kind = OUT_EXITED, .code = (n) }, "", false }
#define SAYS(n, text) { { .kind = OUT_EXITED, .code = (n) }, text, false }
#define TIMES_OUT(l) { { .kind = OUT_TIMEOUT, .code = (l) }, "", false }
#define KILLED { { .kind = OUT_SIGNALED, .code = 9 }, "", false }
#define CUT(c) { { .kind = OUT_EXITED, .cut = (c) }, "", false }
#define STARVED { { .kind = OUT_EXITED, .starved = true }, "", false }
#define UNSTARTED { { .kind = OUT_SPAWN_FAILED, .code = 2 }, "", false }
#define STOPPED { { .kind = OUT_SIGNALED, .code = 15, .stopped = true }, \
	"", false }
#define REFUSED { { .kind = OUT_EXITED }, "", true }
/* clang-format on */

enum { BED_PLAYS = 4, BED_KEPT = 8, BED_OVER = 64 };

struct bed {
	struct run run;
	struct sig sig;
	struct sink sinks[2];
	struct loop *loop;
	const struct play *plays;
	struct play one; /* for `plays`, when a test makes it up */
	size_t nplays, at;
	struct {
		size_t slot;
		struct outcome outcome;
	} over[BED_OVER];
	size_t nover;
	struct str trace;
	struct str stream[2];
	struct str kept[BED_KEPT];
	size_t nkept;
	struct vault_rules rules;
	int refuse;       /* the event that the journal refuses, or -1 */
	bool stays_shut;  /* and everything after it */
	bool shut;        /* it has refused */
	const char *fail; /* "open", "put", "close", "keep" or "settle" */
	size_t swept;
	struct val *start;
	struct arena mem;
};

static inline int
bed_fails(struct bed *b, const char *what, struct err *e)
{
	if (b->fail && strcmp(b->fail, what) == 0)
		return err_set(e, ERR_IO, "no %s", what);
	return 0;
}

static inline void
bed_trace(struct bed *b, const struct event *ev)
{
	const struct val *f = ev->fields;
	const char *cause = val_str(f, "cause", NULL);

	if (ev->kind == EV_RUN_START || ev->kind == EV_LOOP_START ||
	    ev->kind == EV_ACTION_START || ev->kind == EV_LOOP_COMPLETE ||
	    ev->kind == EV_LIMIT_RESERVE || ev->kind == EV_LIMIT_SETTLE)
		return;
	if (b->trace.len)
		str_addc(&b->trace, ' ');
	switch (ev->kind) {
	case EV_STATE_ENTER:
		str_addf(&b->trace, ">%s", val_str(f, "state", "?"));
		return;
	case EV_ACTION_COMPLETE:
		str_addf(&b->trace, "=%lld", val_num(f, "exit_code", -99));
		return;
	case EV_ACTION_ERROR:
		str_addf(&b->trace, "!%s", val_str(f, "kind", "?"));
		return;
	case EV_EVALUATE:
		str_addf(&b->trace, "?%s", val_str(f, "verdict", "-"));
		return;
	case EV_ROUTE:
		str_addf(&b->trace, "~%s", val_str(f, "to", "-"));
		if (cause)
			str_addf(&b->trace, ":%s", cause);
		return;
	case EV_RUN_END:
		str_addf(&b->trace, "%s/%lld", val_str(f, "terminated_by", "-"),
		    val_num(f, "exit", -99));
		return;
	default:
		str_addf(&b->trace, "(%s)", event_name(ev->kind));
	}
}

static inline int
bed_hear(void *self, const struct event *ev, struct err *e)
{
	struct bed *b = self;

	if ((int)ev->kind == b->refuse || (b->shut && b->stays_shut)) {
		b->shut = true;
		return err_set(e, ERR_IO, "the journal is full");
	}
	bed_trace(b, ev);
	return 0;
}

/* It is over at once; wait() tells of those that were started in their
 * order. */
static inline int
bed_begin(void *self, size_t slot, const struct child_spec *spec, struct err *e)
{
	struct bed *b = self;
	const struct play *p = &b->plays[b->at];

	cr_assert_gt(b->nplays, 0, "an action nobody wrote a play for");
	if (b->at + 1 < b->nplays)
		b->at++;
	if (p->refuse)
		return err_set(e, ERR_IO, "poll: no");
	if (p->prints &&
	    spec->bytes(spec->self, 1, p->prints, strlen(p->prints), e) < 0)
		return -1;
	if (p->outcome.stopped)
		b->sig.stop = SIGTERM;
	cr_assert_lt(b->nover, BED_OVER);
	b->over[b->nover].slot = slot;
	b->over[b->nover++].outcome = p->outcome;
	return 0;
}

static inline int
bed_wait(void *self, long long until, size_t *slot, struct outcome *out,
    struct err *e)
{
	struct bed *b = self;

	(void)e;
	if (!b->nover) {
		cr_assert_geq(until, 0, "nobody would ever wake");
		return 0;
	}
	*slot = b->over[0].slot;
	*out = b->over[0].outcome;
	memmove(b->over, b->over + 1, --b->nover * sizeof(b->over[0]));
	return 1;
}

static inline void
bed_cancel(void *self, size_t slot)
{
	struct bed *b = self;

	for (size_t i = 0; i < b->nover; i++)
		if (b->over[i].slot == slot)
			b->over[i].outcome.cut = CUT_ASKED;
}

static inline int
bed_open(void *self, size_t slot, long long seq,
    const struct vault_rules *rules, struct err *e)
{
	struct bed *b = self;

	(void)slot;
	(void)seq;
	b->rules = *rules;
	str_reset(&b->stream[0]);
	str_reset(&b->stream[1]);
	return bed_fails(b, "open", e);
}

static inline int
bed_put(
    void *self, size_t slot, int stream, const char *p, size_t n, struct err *e)
{
	struct bed *b = self;

	(void)slot;
	str_add(&b->stream[stream - 1], p, n);
	return bed_fails(b, "put", e);
}

static inline int
bed_close(void *self, size_t slot, struct stream out[2], struct err *e)
{
	struct bed *b = self;

	(void)slot;
	for (int i = 0; i < 2; i++)
		out[i] = (struct stream) { .text = b->stream[i].buf,
			.len = b->stream[i].len };
	return bed_fails(b, "close", e);
}

static inline int
bed_keep(void *self, const char *what, struct sv text, struct arena *a,
    struct kept *out, struct err *e)
{
	struct bed *b = self;

	(void)what;
	if (bed_fails(b, "keep", e) < 0)
		return -1;
	cr_assert_lt(b->nkept, BED_KEPT);
	str_addsv(&b->kept[b->nkept], text);
	*out = (struct kept) { .bytes = (long long)text.n,
		.sum = "0123456789abcdef" };
	out->file = arena_printf(a, "/kept/%zu", b->nkept++);
	return 0;
}

static inline int
bed_load(void *self, const char *file, long long bytes, const char *sum,
    struct str *out, struct err *e)
{
	(void)self;
	(void)bytes;
	(void)sum;
	(void)out;
	return err_set(e, ERR_IO, "%s: gone", file);
}

static inline int
bed_recall(void *self, long long seq, const char *member, struct str *out,
    struct err *e)
{
	(void)self;
	(void)out;
	return err_set(e, ERR_IO, "record %lld: no %s", seq, member);
}

static inline int
bed_events(void *self, long long from, long long to, long long depth,
    long long item, struct str *out, struct err *e)
{
	(void)self;
	(void)depth;
	(void)item;
	(void)out;
	return err_set(e, ERR_IO, "records %lld to %lld: gone", from, to);
}

static inline int
bed_settle(void *self, struct err *e)
{
	return bed_fails(self, "settle", e);
}

static inline long long
bed_due(void *self)
{
	(void)self;
	return -1;
}

static inline int
bed_sweep(void *self, struct err *e)
{
	(void)e;
	((struct bed *)self)->swept++;
	return 0;
}

/* A bed for the loop of that text; `plays` must outlive it. */
static inline void
bed_init(
    struct bed *b, const char *yaml, const struct play *plays, size_t nplays)
{
	static char *const env[] = { NULL };
	const struct load_opts how = { 0 };
	struct diags d = DIAGS_INIT;

	*b = (struct bed) { .plays = plays,
		.nplays = nplays,
		.refuse = -1,
		.sig = { .fd = { -1, -1 }, .life = -1, .both = -1 },
		.trace = STR_INIT,
		.stream = { STR_INIT, STR_INIT } };
	for (size_t i = 0; i < BED_KEPT; i++)
		b->kept[i] = (struct str)STR_INIT;
	b->loop = loop_load("t.yaml", yaml, strlen(yaml), NULL, &how, &d);
	cr_assert_not_null(
	    b->loop, "%s: %s", yaml, d.len ? d.at[0].msg : "no loop");
	diags_release(&d);
	b->sinks[0] = (struct sink) { .hear = bed_hear, .self = b };
	b->run = (struct run) { .loop = b->loop,
		.over = { -1, -1, -1, -1 },
		.sinks = b->sinks,
		.nsinks = 1,
		.vault = { bed_open, bed_put, bed_close, bed_keep, bed_load,
		    bed_recall, bed_events, bed_settle, bed_due, b },
		.actor = { bed_begin, bed_wait, bed_cancel, b },
		.sweep = { NULL, bed_sweep, b },
		.sig = &b->sig,
		.env = env,
		.cwd = "/",
		.bash = "/bin/bash",
		.path = "/bin:/usr/bin",
		.direct = true };
	b->start = val_map(&b->mem);
	val_set(&b->mem, b->start, "run", val_text(&b->mem, "r"));
	val_set(&b->mem, b->start, "context", b->loop->context);
}

static inline int
bed_drive(struct bed *b, struct err *e)
{
	return drive(&b->run, b->start, e);
}

static inline void
bed_release(struct bed *b)
{
	run_release(&b->run);
	loop_free(b->loop);
	str_release(&b->trace);
	for (size_t i = 0; i < 2; i++)
		str_release(&b->stream[i]);
	for (size_t i = 0; i < BED_KEPT; i++)
		str_release(&b->kept[i]);
	arena_release(&b->mem);
}

#endif
