/*
 * A tool call as the worker's child: our own program, which is the client
 * (cmd/mcp_call), with the arguments on its stdin, from memory and never from
 * a disk.  So a tool is bounded, ended, recorded and swept as any action is.
 * The client keeps the time of the call, to be able to cancel it; the worker's
 * own limit is later, for a client that does not.
 */
#include "engine/act_mcp.h"

#include <string.h>

#include "base/auto.h"
#include "engine/vars.h"
#include "host/mcp.h"
#include "os/memfile.h"
#include "text/form.h"
#include "text/json.h"

static long long
timeout_ms(const struct loop *l, const struct state *s)
{
	if (s->timeout_ms >= 0)
		return s->timeout_ms;
	return l->default_timeout_ms >= 0 ? l->default_timeout_ms
					  : MCP_DEFAULT_MS;
}

long long
act_mcp_limit_ms(const struct loop *l, const struct state *s)
{
	long long ms = timeout_ms(l, s);

	return ms > 0 ? ms + MCP_ENDS_MS : 0;
}

/* "SERVER/TOOL" with its values; NULL and *why. */
static const char *
name_of(struct run *run, const struct state *s, const struct lookup *look,
    struct err *why)
{
	auto_str text = STR_INIT;
	struct sv server, tool;

	if (tmpl_render(s->action, look, run_mem(run), &text, NULL, why) < 0)
		return NULL;
	if (mcp_split(sv_trim(str_sv(&text)), &server, &tool, why) < 0)
		return NULL;
	if (memchr(text.buf, '\0', text.len)) {
		err_set(why, ERR_INPUT, "the action holds a NUL byte");
		return NULL;
	}
	return arena_printf(
	    run_mem(run), "%.*s/%.*s", SV_ARG(server), SV_ARG(tool));
}

static const struct val *
params_of(struct run *run, const struct state *s, const struct lookup *look,
    struct err *why)
{
	const struct val *v;

	if (!s->params)
		return val_map(run_mem(run));
	v = form_fill(s->params, look, run_mem(run), why);
	if (!v)
		err_wrap(why, "params");
	return v;
}

/* The client and its words; NULL and *why. */
static char *const *
words(struct run *run, const struct state *s, const struct lookup *look,
    struct err *why)
{
	const char **argv = arena_new(run_mem(run), 7 * sizeof(*argv));
	long long ms = timeout_ms(run_loop(run), s);
	size_t n = 0;

	argv[n++] = "ll-loop";
	argv[n++] = "mcp-call";
	argv[n++] = "--timeout";
	argv[n++] =
	    arena_printf(run_mem(run), "%lld.%03lld", ms / 1000, ms % 1000);
	argv[n++] = "--";
	argv[n] = name_of(run, s, look, why);
	return argv[n] ? (char *const *)argv : NULL;
}

static int
lend_arguments(struct run *run, const struct val *params, struct err *why)
{
	auto_str text = STR_INIT;
	int fd;

	json_write(&text, params, JSON_COMPACT);
	fd = memfile_sealed(str_sv(&text), why);
	if (fd < 0)
		return -1;
	/* Closed with what else is lent for this step. */
	vec_push(&run->worker->secret.lent, fd);
	return fd;
}

int
act_mcp_ready(struct run *run, const struct state *s, struct err *why)
{
	struct lookup real = vars_of_child(run), shown = vars_lookup(run);
	struct worker *l = run->worker;
	const struct val *params;
	struct tool t = { .argv = words(run, s, &real, why) };

	params = t.argv ? params_of(run, s, &real, why) : NULL;
	if (!params)
		return -1;
	l->command.text = name_of(run, s, &shown, why);
	t.params = l->command.text ? params_of(run, s, &shown, why) : NULL;
	if (!t.params)
		return -1;
	t.in = lend_arguments(run, params, why);
	if (t.in < 0)
		return -1;
	l->tool = t;
	return 0;
}

void
act_mcp_outcome(struct outcome *o)
{
	if (o->kind != OUT_EXITED || o->code != MCP_TIMEOUT || o->cut)
		return;
	o->kind = OUT_TIMEOUT;
	o->code = LIMIT_WALL;
}
