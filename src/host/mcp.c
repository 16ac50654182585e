/*
 * One call of one tool, from the server's start to its end: initialize, the
 * call, and, when it failed, a look at the list of tools, since servers tell
 * an unknown tool in many ways.  Only the first failure counts: what goes
 * wrong after it changes nothing.
 */
#include "host/mcp.h"

#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "host/mcp_part.h"

enum {
	PAGES_MAX = 100,
	LIST_MS = 5000, /* for the whole list */
};

struct asking {
	const struct mcp_call *c;
	struct mcp_talk *talk;
	struct arena *mem;
	struct mcp_answer *out;
	long long until; /* clock_ms(); 0: no end */
};

static void
end(struct asking *x, enum mcp_end end, const char *why)
{
	x->out->end = end;
	x->out->why = why;
}

/* What its silence means. */
static void
unanswered(struct asking *x, const char *method, enum mcp_word said,
    const struct err *e)
{
	const char *name = x->c->server->name;
	struct arena *a = x->mem;

	if (said == MCP_LATE)
		end(x, MCP_TIMEOUT,
		    arena_printf(a, "server '%s' did not answer %s within %gs",
			name, method, (double)x->c->timeout_ms / 1000));
	else if (said == MCP_STOP)
		end(x, MCP_STOPPED, "a signal ended the call");
	else
		end(x, MCP_TOOL_ERROR,
		    arena_printf(a, "server '%s' did not answer %s: %s", name,
			method, e->msg));
}

static void
refused(struct asking *x, const char *method, const struct val *error)
{
	x->out->error = error;
	end(x, MCP_TOOL_ERROR,
	    arena_printf(x->mem, "server '%s' refused %s: %s",
		x->c->server->name, method, mcp_error_text(error, x->mem)));
}

static const struct val *
introduction(struct arena *a)
{
	struct val *params = val_map(a), *who = val_map(a);

	val_set(a, who, "name", val_text(a, "ll-loop"));
	val_set(a, who, "version", val_text(a, LL_VERSION));
	val_set(a, params, "protocolVersion", val_text(a, mcp_version()));
	val_set(a, params, "capabilities", val_map(a));
	val_set(a, params, "clientInfo", who);
	return params;
}

static bool
meet(struct asking *x)
{
	struct mcp_message m;
	struct err e = ERR_INIT;
	const char *version;
	enum mcp_word said = mcp_talk_ask(x->talk, "initialize",
	    introduction(x->mem), x->until, x->mem, &m, &e);

	if (said != MCP_GOT) {
		unanswered(x, "initialize", said, &e);
		return false;
	}
	if (m.error) {
		refused(x, "initialize", m.error);
		return false;
	}
	version = val_str(m.result, "protocolVersion", "");
	if (!mcp_version_known(version)) {
		end(x, MCP_TOOL_ERROR,
		    arena_printf(x->mem,
			"server '%s' speaks version '%.40s' of the protocol, "
			"which is not known here",
			x->c->server->name, version));
		return false;
	}
	mcp_talk_tell(x->talk, "notifications/initialized", NULL);
	return true;
}

/* ---- is there such a tool? ---- */

static const struct val *
page_after(struct arena *a, const char *cursor)
{
	struct val *params = val_map(a);

	if (cursor)
		val_set(a, params, "cursor", val_text(a, cursor));
	return params;
}

/* False when the list could not be had to its end. */
static bool
list_tools(struct asking *x, struct mcp_nearest *n)
{
	long long until = clock_ms() + LIST_MS;
	const char *cursor = NULL;

	if (x->until && x->until < until)
		until = x->until;
	for (int i = 0; i < PAGES_MAX; i++) {
		struct err unused = ERR_INIT;
		struct mcp_message m;

		if (mcp_talk_ask(x->talk, "tools/list",
			page_after(x->mem, cursor), until, x->mem, &m,
			&unused) != MCP_GOT ||
		    m.error)
			return false;
		mcp_nearest_look(n, m.result, x->mem);
		cursor = val_str(m.result, "nextCursor", NULL);
		if (n->there || !cursor)
			return true;
	}
	return false;
}

/* The call failed: is it since there is no such tool? */
static void
look_for_tool(struct asking *x)
{
	struct mcp_nearest n = { .tool = x->c->tool };
	bool whole = list_tools(x, &n);
	const char *server = x->c->server->name;

	if (n.there || (!whole && x->out->end != MCP_NOT_FOUND))
		return;
	x->out->result = x->out->error = NULL;
	end(x, MCP_NOT_FOUND,
	    n.near ? arena_printf(x->mem,
			 "server '%s' has no tool '%s' (did you mean '%s'?)",
			 server, x->c->tool, n.near)
		   : arena_printf(x->mem, "server '%s' has no tool '%s'",
			 server, x->c->tool));
}

/* ---- the call ---- */

static void
failed(struct asking *x, const struct mcp_message *m)
{
	const char *text;

	if (m->error) {
		refused(x, "the call", m->error);
		if (val_num(m->error, "code", 0) == MCP_NO_METHOD)
			x->out->end = MCP_NOT_FOUND;
	} else {
		text = mcp_result_text(m->result, x->mem);
		end(x, MCP_TOOL_ERROR,
		    text ? text : "the tool says that it failed");
	}
	look_for_tool(x);
}

static void
use(struct asking *x)
{
	struct val *params = val_map(x->mem);
	struct mcp_message m;
	struct err e = ERR_INIT;
	enum mcp_word said;

	val_set(x->mem, params, "name", val_text(x->mem, x->c->tool));
	val_set(x->mem, params, "arguments", x->c->arguments);
	said = mcp_talk_ask(
	    x->talk, "tools/call", params, x->until, x->mem, &m, &e);
	if (said == MCP_LATE || said == MCP_STOP)
		mcp_talk_cancel(
		    x->talk, said == MCP_LATE ? "timeout" : "stopped");
	if (said != MCP_GOT) {
		unanswered(x, "the call", said, &e);
		return;
	}
	x->out->result = m.result;
	if (m.error || mcp_is_error(m.result))
		failed(x, &m);
}

static void
remark(struct asking *x)
{
	const char *first;
	long long n = mcp_talk_noise(x->talk, x->mem, &first);

	if (n)
		x->out->remark = arena_printf(x->mem,
		    "server '%s' printed %lld line%s that %s no message: %s",
		    x->c->server->name, n, n == 1 ? "" : "s",
		    n == 1 ? "is" : "are", first);
}

void
mcp_call(const struct mcp_call *c, struct arena *a, struct mcp_answer *out)
{
	struct err e = ERR_INIT;
	struct asking x = { .c = c,
		.mem = a,
		.out = out,
		.until = c->timeout_ms ? clock_ms() + c->timeout_ms : 0 };

	*out = (struct mcp_answer) { .end = MCP_DONE };
	x.talk = mcp_talk_new(c, &e);
	if (!x.talk) {
		end(&x, MCP_NOT_FOUND,
		    arena_printf(a, "server '%s': %s", c->server->name, e.msg));
		return;
	}
	if (meet(&x))
		use(&x);
	remark(&x);
	if (mcp_talk_free(x.talk, &e) < 0 && !out->remark)
		out->remark =
		    arena_printf(a, "server '%s': %s", c->server->name, e.msg);
}
