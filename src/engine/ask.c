/*
 * From a prompt to a host's child and back.  The prompt goes to its stdin
 * from sealed memory, or into an argument where the host wants that; what it
 * prints is decoded at once, and only the text goes on, masked after it was
 * decoded.  Owns the stream and the end of stderr; refuses to know what a
 * failure means for the run.
 */
#include "engine/ask.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/mem.h"
#include "engine/berth.h"
#include "engine/spend.h"
#include "host/line.h"
#include "os/memfile.h"
#include "os/tree.h"

struct ask_child {
	struct worker *worker;
	struct arena mem; /* until the next ask */
	const struct host *host;
	struct host_line line;
	struct host_stream *stream;
	struct str stderr_end;
	bool heard;
	/* What was said to a piece of text, from inside the stream. */
	int said;
	struct err why;
};

static void
child_free(struct ask_child *c)
{
	host_stream_free(c->stream);
	str_release(&c->stderr_end);
	arena_release(&c->mem);
	free(c);
}

/* Empty again. */
static struct ask_child *
child_of(struct worker *w)
{
	struct ask_child *c = w->ask;

	if (!c) {
		c = w->ask = mem_new(sizeof(*c));
		w->ask_free = child_free;
		*c = (struct ask_child) { .stderr_end = STR_INIT };
	}
	host_stream_free(c->stream);
	c->stream = NULL;
	str_reset(&c->stderr_end);
	arena_reset(&c->mem);
	c->worker = w;
	c->said = 0;
	return c;
}

/* ---- what it prints ---- */

static void
keep_end(struct str *end, const char *p, size_t n)
{
	size_t from;

	str_add(end, p, n);
	if (end->len <= 2 * CLASS_STDERR_MAX)
		return;
	from = end->len - CLASS_STDERR_MAX;
	memmove(end->buf, end->buf + from, CLASS_STDERR_MAX);
	str_cut(end, CLASS_STDERR_MAX);
}

static int
deliver(void *self, int stream, const char *p, size_t n, struct err *e)
{
	struct ask_child *c = self;

	if (stream == 2)
		keep_end(&c->stderr_end, p, n);
	return c->heard ? berth_hear(c->worker, stream, p, n, e) : 0;
}

static int
pass(struct ask_child *c, int stream, const char *p, size_t n, struct err *e)
{
	const struct mask *mask = c->worker->run->mask;
	const struct secret_to to = { deliver, c };

	if (!mask)
		return deliver(c, stream, p, n, e);
	return secret_sift(
	    &c->worker->secret, mask, stream, sv_make(p, n), &to, e);
}

static void
hear_text(void *self, const char *p, size_t n)
{
	struct ask_child *c = self;

	if (c->said == 0)
		c->said = pass(c, 1, p, n, &c->why);
}

static int
said_end(struct ask_child *c)
{
	return host_stream_seen(c->stream)->ended ? CHILD_SAID_END : 0;
}

static int
hear_bytes(void *self, int stream, const char *p, size_t n, struct err *e)
{
	struct ask_child *c = self;
	int said;

	if (stream == 2) {
		host_stream_stderr(c->stream, p, n);
		said = pass(c, 2, p, n, e);
		return said ? said : said_end(c);
	}
	host_stream_feed(c->stream, p, n);
	if (c->said < 0)
		*e = c->why;
	if (c->said)
		return c->said;
	said = spend_told(c->worker, host_stream_seen(c->stream), e);
	if (said)
		return said < 0 ? said : CHILD_BOUND;
	return said_end(c);
}

/* ---- its beginning ---- */

static void
raised(struct run *run, const char *kind, const char *error)
{
	struct act *act = &run->worker->act;

	act->end = ACT_RAISED;
	act->kind = kind;
	act->error = arena_strdup(run_mem(run), error);
}

static struct sv
given(const char *s)
{
	return s ? sv(s) : (struct sv) { 0 };
}

static int
fill(
    struct run *run, const struct ask *ask, struct host_ask *out, struct err *e)
{
	struct worker *w = run->worker;
	const struct host_call *call = &w->ask->host->call[ask->call];

	*out = (struct host_ask) { .at = {
				       [SLOT_PROMPT] = ask->prompt,
				       [SLOT_MODEL] = given(ask->model),
				       [SLOT_EFFORT] = given(ask->effort),
				       [SLOT_AGENT] = given(ask->agent),
				       [SLOT_TOOLS] = given(ask->tools),
				       [SLOT_SESSION] = given(ask->session),
				       [SLOT_SCHEMA] = given(ask->schema),
				       [SLOT_DIRECTORY] = sv(run_cwd(run)),
				   } };
	if (ask->schema && call->takes & 1u << SLOT_SCHEMA_FILE) {
		const char *path =
		    secret_lend(&w->secret, run_mem(run), sv(ask->schema), e);

		if (!path)
			return -1;
		out->at[SLOT_SCHEMA_FILE] = sv(path);
	}
	return 0;
}

static int
make_line(struct run *run, const struct ask *ask, struct err *e)
{
	const struct hosting *h = &run->hosting;
	struct ask_child *c = run->worker->ask;
	struct host_ask slots;
	const char *program;

	if (!h->take)
		return err_set(e, ERR_NEED, "there is nobody to run prompts");
	if (h->take(h->self, ask->host, &c->host, &program, e) < 0 ||
	    fill(run, ask, &slots, e) < 0)
		return -1;
	return host_line(
	    &(struct host_line_in) { c->host, ask->call, program, &slots },
	    &c->mem, &c->line, e);
}

void
ask_ready(struct run *run, const struct ask *ask)
{
	struct err why = ERR_INIT;

	child_of(run->worker)->heard = ask->heard;
	run->worker->act.end = ACT_RUNS;
	if (run->hosting.none)
		raised(run, "no_llm",
		    "it needs an agent, and '--no-llm' was said");
	else if (make_line(run, ask, &why) < 0)
		raised(run, "host", why.msg);
}

static long long
linger_ms(const struct run *run)
{
	if (run->grace_ms < 0)
		return 0;
	return run->grace_ms ? run->grace_ms : TREE_GRACE_MS;
}

static void
make_spec(struct run *run, const struct state *s, const struct ask *ask)
{
	struct worker *w = run->worker;
	struct ask_child *c = w->ask;
	const struct berth_env more = { c->line.env, c->line.nenv, true };

	berth_fill(run, s, &more);
	w->spec.file = c->line.argv[0];
	w->spec.argv = c->line.argv;
	w->spec.timeout_ms = ask->timeout_ms;
	w->spec.idle_ms = ask->idle_ms;
	w->spec.linger_ms = linger_ms(run);
	w->spec.bytes = hear_bytes;
	w->spec.self = c;
}

int
ask_reserve(struct run *run, const struct ask *ask, struct err *e)
{
	const struct spend_ask want = { ask->call == CALL_JUDGE, ask->prompt.n,
		ask->model };

	int rc = spend_reserve(run, &want, e);

	/* A call that is not made now needs nothing of what is ready. */
	if (run->worker->act.end != ACT_RUNS)
		secret_take_back(&run->worker->secret);
	return rc;
}

int
ask_go(struct run *run, const struct ask *ask, struct err *e)
{
	struct worker *w = run->worker;
	struct ask_child *c = w->ask;
	const struct state *s =
	    loop_state(run_loop(run), run_frame(run)->state);
	auto_fd int in = -1;

	if (!spend_is_reserved(w) && ask_reserve(run, ask, e) < 0)
		return -1;
	if (w->act.end != ACT_RUNS)
		return 0;
	c->stream = host_stream_new(c->host, ask->call, hear_text, c);
	make_spec(run, s, ask);
	if (c->line.on_stdin) {
		in = memfile_sealed(ask->prompt, e);
		if (in < 0)
			return -1;
		w->spec.in = in;
	}
	if ((ask->heard && berth_open(run, s, e) < 0) ||
	    run->vault.settle(run->vault.self, e) < 0)
		return -1;
	return run->actor.start(run->actor.self, w->slot, &w->spec, e);
}

int
ask_start(struct run *run, const struct ask *ask, struct err *e)
{
	ask_ready(run, ask);
	return run->worker->act.end == ACT_RUNS ? ask_go(run, ask, e) : 0;
}

void
ask_put_start(struct run *run, const struct ask *ask, struct val *f)
{
	const struct ask_child *c = run->worker->ask;
	struct arena *a = run_mem(run);
	struct val *unused = val_list(a);

	val_set(a, f, "host", val_text(a, c->host->name));
	if (ask->model)
		val_set(a, f, "model", val_text(a, ask->model));
	for (int s = 0; s < SLOTS; s++)
		if (s != SLOT_DIRECTORY && c->line.unused & 1u << s)
			val_push(a, unused,
			    val_text(a, host_slot_name((enum host_slot)s)));
	if (unused->list.len)
		val_set(a, f, "unused", unused);
}

/* ---- its end ---- */

static int
end_streams(struct run *run, struct ask_child *c, struct err *e)
{
	const struct secret_to to = { deliver, c };

	host_stream_end(c->stream);
	if (c->said < 0) {
		*e = c->why;
		return -1;
	}
	if (secret_sift_end(&run->worker->secret, &to, e) < 0)
		return -1;
	secret_take_back(&run->worker->secret);
	return c->heard ? berth_close(run, e) : 0;
}

int
ask_end(struct run *run, const struct outcome *how, struct asked *out,
    struct err *e)
{
	struct ask_child *c = run->worker->ask;
	struct class_in in = {
		.host = c->host, .how = how, .now_us = clock_wall_us()
	};

	if (end_streams(run, c, e) < 0)
		return -1;
	in.seen = host_stream_seen(c->stream);
	in.stderr_end = str_sv(&c->stderr_end);
	*out = (struct asked) { .host = c->host,
		.seen = in.seen,
		.outcome = *how,
		.stderr_end = in.stderr_end };
	class_of(&in, &c->mem, &out->failure);
	/* What left in peace and only did not say that it was done has done
	 * its work, as far as anybody knows: to do that again is no help. */
	if (out->failure.class != CLASS_NONE &&
	    strcmp(out->failure.by, "end") == 0)
		out->failure.class = CLASS_AGENT;
	return spend_settle(
	    run, &(struct spend_end) { out->seen, out->failure.class, how }, e);
}
