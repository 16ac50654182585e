/*
 * Questions to a server and its answers, over the pipes of mcp_pipe.c.  What
 * it asks itself is answered on the way; lines that are no messages are
 * counted and passed over.
 */
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "host/mcp_part.h"
#include "text/json.h"

enum {
	UNREAD_MAX = 1 << 20, /* answers that it asked for and does not read */
	NOISE_MAX = 200,
};

struct mcp_talk {
	struct mcp_pipe pipe;
	struct arena mem; /* of the line that is looked at */
	long long id;     /* of the last request */
	size_t replies;   /* bytes of what is unsent that it asked for */
	long long noise;
	struct str first; /* of it */
};

struct mcp_talk *
mcp_talk_new(const struct mcp_call *c, struct err *e)
{
	struct mcp_talk *t = mem_new(sizeof(*t));
	struct err unused = ERR_INIT;

	*t = (struct mcp_talk) { .first = STR_INIT };
	if (mcp_pipe_open(&t->pipe, c, e) == 0)
		return t;
	mcp_talk_free(t, &unused);
	return NULL;
}

/* ---- messages ---- */

static void
note_noise(struct mcp_talk *t, struct sv line)
{
	if (t->noise++)
		return;
	utf8_show_line(
	    &t->first, line.p, utf8_floor(line.p, line.n, NOISE_MAX));
}

/* Text that can only be an answer: to pass it over would mean to wait for what
 * has come.  Within a string these quotes have a backslash. */
static bool
is_answer(struct sv line)
{
	static const char version[] = "\"jsonrpc\"", method[] = "\"method\"";

	return memmem(line.p, line.n, version, strlen(version)) &&
	    !memmem(line.p, line.n, method, strlen(method));
}

static void
unreadable(struct mcp_talk *t, struct sv line, const struct err *why)
{
	if (is_answer(line))
		err_set(&t->pipe.broken, ERR_INPUT,
		    "its answer cannot be read: %s", why->msg);
	else
		note_noise(t, line);
}

static void
reply(struct mcp_talk *t, const struct mcp_message *m)
{
	size_t before = t->pipe.unsent.len;

	if (t->pipe.in < 0)
		return;
	if (!before)
		t->replies = 0;
	mcp_say_reply(&t->pipe.unsent, m->method, m->id, &t->mem);
	t->replies += t->pipe.unsent.len - before;
	if (t->replies > UNREAD_MAX)
		err_set(&t->pipe.broken, ERR_IO,
		    "it asks and does not read what it is told");
}

/* Is this the answer?  It is copied, as the line is not kept. */
static bool
take(struct mcp_talk *t, const struct val *v, struct arena *a,
    struct mcp_message *out)
{
	struct mcp_message m;

	mcp_hear(v, t->id, &t->mem, &m);
	if (m.kind == MCP_REQUEST)
		reply(t, &m);
	if (m.kind != MCP_RESPONSE)
		return false;
	*out = (struct mcp_message) { .kind = MCP_RESPONSE,
		.result = m.result ? val_copy(a, m.result) : NULL,
		.error = m.error ? val_copy(a, m.error) : NULL };
	return true;
}

static bool
take_line(struct mcp_talk *t, struct sv line, struct arena *a,
    struct mcp_message *out)
{
	struct err why = ERR_INIT;
	const struct val *v;
	bool got = false;

	if (!sv_trim(line).n)
		return false;
	arena_reset(&t->mem);
	v = json_read(&t->mem, line.p, line.n, ORIGIN_DATA, &why);
	if (!v || (v->kind != VAL_MAP && v->kind != VAL_LIST)) {
		unreadable(t, line, &why);
		return false;
	}
	if (v->kind == VAL_MAP)
		return take(t, v, a, out);
	/* Several in one line, as an older version had it. */
	for (size_t i = 0; i < v->list.len; i++)
		got = take(t, v->list.at[i], a, out) || got;
	return got;
}

static bool
take_lines(struct mcp_talk *t, struct arena *a, struct mcp_message *out)
{
	struct sv line;

	while (mcp_lines_next(&t->pipe.lines, &line))
		if (take_line(t, line, a, out))
			return true;
	return false;
}

/* ---- questions ---- */

/* It has closed its ears before it was asked. */
static bool
is_deaf(struct mcp_talk *t)
{
	if (t->pipe.in >= 0 || !t->pipe.unsent.len)
		return false;
	if (t->pipe.broken.kind == ERR_NONE && t->pipe.out < 0)
		mcp_pipe_lost(&t->pipe);
	if (t->pipe.broken.kind == ERR_NONE)
		err_set(&t->pipe.broken, ERR_IO, "it closed its input");
	return true;
}

enum mcp_word
mcp_talk_ask(struct mcp_talk *t, const char *method, const struct val *params,
    long long until, struct arena *a, struct mcp_message *out, struct err *e)
{
	mcp_say_request(&t->pipe.unsent, ++t->id, method, params, a);
	for (;;) {
		if (take_lines(t, a, out))
			return MCP_GOT;
		if (t->pipe.sig->stop)
			return MCP_STOP;
		if (t->pipe.broken.kind != ERR_NONE || is_deaf(t)) {
			*e = t->pipe.broken;
			return MCP_LOST;
		}
		if (until && clock_ms() >= until)
			return MCP_LATE;
		mcp_pipe_step(&t->pipe, until);
	}
}

void
mcp_talk_tell(struct mcp_talk *t, const char *method, const struct val *params)
{
	arena_reset(&t->mem);
	mcp_say_notice(&t->pipe.unsent, method, params, &t->mem);
}

void
mcp_talk_cancel(struct mcp_talk *t, const char *reason)
{
	auto_arena a = ARENA_INIT;
	struct val *params = val_map(&a);

	val_set(&a, params, "requestId", val_int(&a, t->id));
	val_set(&a, params, "reason", val_text(&a, reason));
	mcp_talk_tell(t, "notifications/cancelled", params);
}

long long
mcp_talk_noise(const struct mcp_talk *t, struct arena *a, const char **first)
{
	*first = arena_strdup(a, t->first.buf);
	return t->noise;
}

int
mcp_talk_free(struct mcp_talk *t, struct err *e)
{
	int rc = mcp_pipe_close(&t->pipe, e);

	str_release(&t->first);
	arena_release(&t->mem);
	free(t);
	return rc;
}
