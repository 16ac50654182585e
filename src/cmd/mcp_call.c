/*
 * mcp-call: one call of a tool, its answer as JSON.  A state of the type
 * mcp_tool runs as this command, so that it is bounded, stopped, recorded and
 * swept like any action; people can type it too.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/round.h"
#include "cmd/cmd.h"
#include "host/mcp.h"
#include "os/proc.h"
#include "os/spawn.h"
#include "text/json.h"

enum { ARGUMENTS_MAX = 64 << 20, PIECE = 65536 };

struct mcp_opts {
	double timeout; /* seconds */
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_REAL, .name = "timeout", .arg = "SECONDS",
	  .help = "how long server and tool may take; 0: for ever (default: 30)",
	  .min = 0, .max = 1e9, .at = offsetof(struct mcp_opts, timeout) },
};
/* clang-format on */

static const struct mcp_opts initial = { .timeout = MCP_DEFAULT_MS / 1000.0 };

static int
read_stdin(struct str *out, struct err *e)
{
	ssize_t n;

	do {
		str_reserve(out, PIECE);
		n = read(0, out->buf + out->len, PIECE);
		if (n > 0)
			str_cut(out, out->len + (size_t)n);
		if (out->len > ARGUMENTS_MAX)
			return err_set(e, ERR_INPUT,
			    "the arguments are over %d MiB",
			    ARGUMENTS_MAX >> 20);
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? err_sys(e, "standard input") : 0;
}

static const struct val *
read_arguments(struct arena *a, struct err *e)
{
	auto_str text = STR_INIT;
	const struct val *v;

	if (read_stdin(&text, e) < 0)
		return NULL;
	if (!sv_trim(str_sv(&text)).n)
		return val_map(a);
	v = json_read(a, text.buf, text.len, ORIGIN_DATA, e);
	if (!v)
		err_wrap(e, "the arguments on standard input");
	else if (v->kind != VAL_MAP)
		err_set(e, ERR_INPUT,
		    "the arguments on standard input must be a JSON object, "
		    "not %s",
		    val_kind_name(v->kind));
	return v && v->kind == VAL_MAP ? v : NULL;
}

/* What is to be called, and with what. */
static enum mcp_end
prepare(struct args *a, struct mcp_call *c, struct mcp_server *server,
    struct err *e)
{
	auto_free char *cwd = getcwd(NULL, 0);
	const char *root = a->global.root ? NULL : getenv("LL_ROOT");
	const char *const dirs[] = { cwd ? arena_strdup(a->mem, cwd) : ".",
		root && *root ? root : cmd_root(a) };
	const struct mcp_where where = { dirs, COUNT(dirs), environ };
	struct sv name, tool;

	if (mcp_split(sv(a->at[0]), &name, &tool, e) < 0)
		return MCP_CONFIG;
	c->arguments = read_arguments(a->mem, e);
	if (!c->arguments)
		return MCP_CONFIG;
	c->server = server;
	c->tool = arena_dup(a->mem, tool.p, tool.n);
	return mcp_find(
	    &where, arena_dup(a->mem, name.p, name.n), a->mem, server, e);
}

/* A failure has the form of a tool's result, for whoever reads only that. */
static const struct val *
failure(struct arena *a, const struct mcp_answer *x)
{
	struct val *v = val_map(a), *error = val_map(a);

	val_set(a, error, "message", val_text(a, x->why));
	val_set(a, v, "content", val_list(a));
	val_set(a, v, "isError", val_bool(a, true));
	val_set(a, v, "error", x->error ? x->error : error);
	return v;
}

static int
say(struct args *a, const struct mcp_answer *x, const struct sig *sig)
{
	json_write(&a->out->buf, x->result ? x->result : failure(a->mem, x),
	    JSON_COMPACT);
	str_addc(&a->out->buf, '\n');
	if (x->remark)
		cmd_complain(a, "%s", x->remark);
	if (x->why)
		cmd_complain(a, "%s", x->why);
	return x->end == MCP_STOPPED ? 128 + sig->stop : (int)x->end;
}

static int
call(struct args *a, struct mcp_call *c, struct err *e)
{
	struct mcp_answer answer;
	auto_fd int said = fcntl(2, F_DUPFD_CLOEXEC, 3);
	struct sig sig;
	int status;

	if (said < 0)
		return err_sys(e, "standard error");
	if (proc_become_reaper(e) < 0 || sig_init(&sig, e) < 0)
		return -1;
	c->err = said;
	c->sig = &sig;
	mcp_call(c, a->mem, &answer);
	status = say(a, &answer, &sig);
	sig_release(&sig);
	return status;
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct mcp_opts *o = given;
	struct mcp_server server;
	struct mcp_call c = { .timeout_ms = round_up(o->timeout * 1000) };
	struct mcp_answer none = { 0 };

	spawn_close_inherited();
	none.end = prepare(a, &c, &server, e);
	if (none.end == MCP_DONE)
		return call(a, &c, e);
	none.why = e->msg;
	return say(a, &none, NULL);
}

const struct cmd cmd_mcp_call = {
	.name = "mcp-call",
	.usage = "[--timeout SECONDS] SERVER/TOOL",
	.summary = "call a tool of an MCP server",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct mcp_opts),
	.init = &initial,
	.min = 1,
	.max = 1,
	.needs = NEEDS_NOTHING,
	.run = run,
};
