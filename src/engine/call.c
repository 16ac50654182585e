/*
 * A called loop: found, given its context, begun as a frame, and what its
 * end tells the caller.  It runs in the same engine under the same guards;
 * its time is bounded by what the caller has left.  What its caller learns
 * is in its loop_complete, so that a fold needs to know no rule.
 */
#include "engine/call.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/mem.h"
#include "engine/context.h"
#include "engine/house.h"
#include "engine/vars.h"
#include "loop/calling.h"
#include "text/form.h"
#include "text/render.h"

/* A call while it is made. */
struct making {
	struct run *run;
	const struct state *s;
	const char *word;
	const struct loop *loop;
	struct level level;
	const struct val *context; /* as it is recorded */
	const struct val *sealed;
	struct err why;
};

static int
refuse(struct making *m, const char *kind)
{
	struct act *act = &m->run->worker->act;

	act->end = ACT_RAISED;
	act->kind = kind;
	act->error = arena_strdup(run_mem(m->run), m->why.msg);
	return 0;
}

/* The loop that the word names, which is known. */
static int
find_word(struct making *m)
{
	const struct library *lib = &m->run->finder;

	m->loop = m->s->call.loop;
	if (m->loop)
		return 0;
	if (!lib->find)
		return err_set(
		    &m->why, ERR_ABSENT, "loop '%s' is not known", m->word);
	return lib->find(lib->self, m->s->call.word->src->at.file, m->word,
	    run_mem(m->run), &m->loop, &m->sealed, &m->why);
}

static int
find(struct making *m)
{
	struct arena *a = run_mem(m->run);
	struct lookup look = vars_lookup(m->run);
	auto_str word = STR_INIT;

	if (worker_depth(m->run->worker) + 1 > RUN_DEPTH_MAX)
		return err_set(&m->why, ERR_INPUT,
		    "over %d loops stand on each other", RUN_DEPTH_MAX);
	if (tmpl_render(m->s->call.word, &look, a, &word, NULL, &m->why) < 0)
		return -1;
	m->word = arena_strdup(a, word.buf);
	return find_word(m);
}

static int
tell_sealed(struct making *m, struct err *e)
{
	struct arena *a = run_mem(m->run);
	struct val *f = val_map(a);

	val_set(a, f, "word", val_text(a, m->word));
	val_set(a, f, "loop", val_text(a, m->loop->name));
	for (size_t i = 0; i < m->sealed->map.len; i++)
		val_set(a, f, m->sealed->map.at[i].key, m->sealed->map.at[i].v);
	return run_emit(m->run, EV_SEALED, f, e);
}

/* Captures as a called loop gets them: their output as text. */
static const struct val *
outputs(struct making *m)
{
	const struct map *all = &run_frame(m->run)->captured;
	struct arena *a = run_mem(m->run);
	struct val *out = val_map(a);

	for (size_t i = 0; i < all->len; i++) {
		const struct box *b = all->at[i].value;
		const struct val *text;
		int found = vars_output(m->run, b->v, a, &text, &m->why);

		if (found < 0)
			return NULL;
		if (found)
			val_set(a, out, all->at[i].key, text);
	}
	return out;
}

/* Values of the caller's context, secrets and long ones as they are. */
static const struct val *
context_of_caller(struct making *m)
{
	const struct frame *f = run_frame(m->run);
	struct arena *a = run_mem(m->run);
	struct val *out = val_map(a);

	for (size_t i = 0; f->context.v && i < f->context.v->map.len; i++)
		val_set(a, out, f->context.v->map.at[i].key,
		    f->context.v->map.at[i].v);
	for (size_t i = 0; f->files.v && i < f->files.v->map.len; i++) {
		const struct member *at = &f->files.v->map.at[i];
		const struct val *v = vars_kept(m->run, at->v, a, &m->why);

		if (!v)
			return NULL;
		val_set(a, out, at->key, v);
	}
	return out;
}

static const struct val *
unmasked(struct making *m, const struct val *context)
{
	const struct val *real = run_level_of(m->run->worker)->withheld;
	struct arena *a = run_mem(m->run);
	struct val *out;

	if (!real)
		return context;
	out = val_map(a);
	for (size_t i = 0; i < context->map.len; i++) {
		const struct member *at = &context->map.at[i];
		const struct val *v = val_get(real, at->key);

		val_set(a, out, at->key, v ? v : at->v);
	}
	return out;
}

/* What is to be hidden stays in memory that lives as long as the frame. */
static void
withhold(struct making *m, const struct val *context)
{
	struct arena *a = run_mem(m->run);
	struct val *shown = val_map(a), *real;

	m->context = context;
	if (!m->run->mask)
		return;
	m->level.mem = mem_new(sizeof(*m->level.mem));
	real = val_map(m->level.mem);
	for (size_t i = 0; i < context->map.len; i++) {
		const struct member *at = &context->map.at[i];
		const struct val *v = mask_numbers(m->run->mask, a, at->v);

		val_set(a, shown, at->key, v);
		if (v != at->v)
			val_set(m->level.mem, real, at->key,
			    val_copy(m->level.mem, at->v));
	}
	m->context = shown;
	m->level.withheld = real;
}

static bool
is_secret(void *self, struct sv text)
{
	return mask_hits(self, text);
}

/* What this run cannot hide is not handed on as a secret. */
static int
check_secrets(struct making *m, const struct val *context)
{
	const struct val *names = m->loop->secrets;

	for (size_t i = 0; names && i < names->list.len; i++) {
		const char *name = names->list.at[i]->t.p;
		const struct val *v = val_get(context, name);
		auto_str text = STR_INIT;

		if (v)
			val_render(&text, v);
		if (text.len &&
		    !(m->run->mask && mask_hits(m->run->mask, str_sv(&text))))
			return err_set(&m->why, ERR_INPUT,
			    "loop '%s' has a secret '%s', and this run does "
			    "not hide what it is given; name where that comes "
			    "from in `secrets`",
			    m->loop->name, name);
	}
	return 0;
}

static int
give(struct making *m)
{
	struct lookup look = vars_of_child(m->run);
	struct arena *a = run_mem(m->run);
	const struct call *c = &m->s->call;
	struct calling in = {
		.run_dir = vars_run_dir(m->run),
		.is_secret = m->run->mask ? is_secret : NULL,
		.self = (void *)m->run->mask,
	};
	const struct val *context = NULL;

	if (c->with) {
		in.with = form_fill(c->with, &look, a, &m->why);
		if (!in.with)
			return -1;
	}
	if (c->passthrough) {
		in.context = context_of_caller(m);
		in.captures = in.context ? outputs(m) : NULL;
		if (!in.captures)
			return -1;
		in.context = unmasked(m, in.context);
	}
	if (calling_context(a, m->loop, &in, &context, &m->why) < 0 ||
	    check_secrets(m, context) < 0)
		return -1;
	withhold(m, context);
	return 0;
}

/* The least of its own, the state's, and what the caller has left. */
static long long
timeout_of(const struct making *m)
{
	long long ms = m->loop->timeout_ms, left;

	if (m->s->timeout_ms >= 0 && (ms < 0 || m->s->timeout_ms < ms))
		ms = m->s->timeout_ms;
	if (run_timeout_ms(m->run) < 0)
		return ms;
	left = run_timeout_ms(m->run) - run_frame_ms(m->run);
	if (left < 1)
		left = 1;
	return ms < 0 || left < ms ? left : ms;
}

static int
record(struct making *m, struct err *e)
{
	struct run *r = m->run;
	struct arena *a = run_mem(r);
	struct val *f = val_map(a);
	long long ms = timeout_of(m);

	val_set(a, f, "loop", val_text(a, m->loop->name));
	val_set(a, f, "initial", val_text(a, m->loop->initial.name));
	val_set(a, f, "file", val_text(a, m->loop->file));
	val_set(a, f, "word", val_text(a, m->word));
	val_set(a, f, "state", val_text(a, m->s->name));
	val_set(a, f, "elapsed_ms", val_int(a, run_elapsed_ms(r)));
	if (ms >= 0)
		val_set(a, f, "timeout_ms", val_int(a, ms));
	if (m->loop->circuit.set && m->loop->circuit.recurrent > 0)
		val_set(a, f, "recurrent", val_int(a, 1));
	if (m->s->call.with || m->s->call.passthrough)
		val_set(a, f, "share", val_bool(a, true));
	if (m->level.at.own)
		val_set(a, f, "worktree",
		    r->yard.told(r->yard.self, &m->level.at, a));
	if (context_put(a, &r->vault, m->context, f, e) < 0)
		return -1;
	return run_emit_at(r, worker_depth(r->worker) + 1, EV_LOOP_START, f, e);
}

static void
drop(struct level *level)
{
	if (level->mem)
		arena_release(level->mem);
	free(level->mem);
}

int
call_begin(struct run *r, const struct state *s, struct err *e)
{
	struct making m = { .run = r, .s = s };
	int rc = find(&m);

	if (rc == 0 && m.sealed && tell_sealed(&m, e) < 0)
		return -1;
	if (rc == 0)
		rc = give(&m);
	if (rc < 0 && m.why.kind == ERR_IO) {
		*e = m.why;
		return -1;
	}
	if (rc < 0)
		return refuse(&m, "not_started");
	m.level.loop = m.loop;
	rc = house_in(r, s, &m.level, &m.why, e);
	if (rc > 0) {
		drop(&m.level);
		return refuse(&m, "worktree");
	}
	if (rc == 0)
		rc = record(&m, e);
	if (rc < 0)
		drop(&m.level);
	if (rc < 0 && e->kind == ERR_INPUT &&
	    house_out(r, &m.level, &m.why) < 0)
		*e = m.why;
	if (rc < 0 && e->kind == ERR_INPUT) {
		m.why = *e;
		return refuse(&m, "not_started");
	}
	if (rc < 0)
		return -1;
	m.level.began = r->seq;
	worker_push(r->worker, &m.level);
	return 0;
}

int
call_again(struct run *r, const struct frame *f, struct err *e)
{
	struct making m = { .run = r, .word = f->word ? f->word : "" };

	m.s = loop_state(run_loop(r), run_frame(r)->state);
	if (!m.s || !m.s->call.word)
		return err_set(e, ERR_INPUT,
		    "state '%s' of '%s' does not call a loop any more",
		    run_frame(r)->state, run_loop(r)->name);
	if (find_word(&m) < 0 || (r->mask && give(&m) < 0)) {
		*e = m.why;
		return err_wrap(e, "loop '%s'", f->loop);
	}
	if (m.sealed && tell_sealed(&m, e) < 0)
		return -1;
	m.level.loop = m.loop;
	m.level.began = f->began_seq;
	if (house_again(r, f->worktree.v, &m.level, e) < 0)
		return -1;
	worker_push(r->worker, &m.level);
	return 0;
}
