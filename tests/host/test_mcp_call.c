/* Whole calls of a server that is well, silent, deaf, flooding or dying. */
#include "host/mcp.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "os/proc.h"
#include "test.h"

struct calling {
	struct arena mem;
	struct mcp_server server;
	struct sig sig;
	struct mcp_answer out;
	long long took_ms;
};

static void
call(struct calling *x, const char *mode, const char *tool, long long ms)
{
	const char *const argv[] = { "fakemcp", mode, "-32602", NULL };
	struct mcp_call c = { .server = &x->server,
		.tool = tool,
		.timeout_ms = ms,
		.sig = &x->sig };
	struct err e = ERR_INIT;
	auto_fd int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	*x = (struct calling) { .mem = ARENA_INIT };
	x->server = (struct mcp_server) { .name = "fake",
		.file = "tests/host/fakemcp",
		.argv = (char *const *)argv,
		.env = environ };
	c.arguments = val_map(&x->mem);
	c.err = null;
	cr_assert_eq(proc_become_reaper(&e), 0);
	cr_assert_eq(sig_init(&x->sig, &e), 0);
	x->took_ms = clock_ms();
	mcp_call(&c, &x->mem, &x->out);
	x->took_ms = clock_ms() - x->took_ms;
	sig_release(&x->sig);
}

TEST(mcp_call, what_a_call_comes_to)
{
	static const struct {
		const char *mode, *tool;
		enum mcp_end end;
		const char *why; /* part of it; NULL: none */
		bool result;
	} rows[] = {
		{ "plain", "greet", MCP_DONE, NULL, true },
		{ "old", "greet", MCP_DONE, NULL, true },
		{ "batch", "greet", MCP_DONE, NULL, true },
		{ "asks", "greet", MCP_DONE, NULL, true },
		{ "garbage", "greet", MCP_DONE, NULL, true },
		{ "odd", "greet", MCP_TOOL_ERROR, "version '1999-01-01'",
		    false },
		{ "refuses_first", "greet", MCP_TOOL_ERROR,
		    "refused initialize: error -32602: not you", false },
		{ "dies_first", "greet", MCP_TOOL_ERROR,
		    "did not answer initialize: it ended with status 4",
		    false },
		{ "dies", "greet", MCP_TOOL_ERROR, "it ended with status 3",
		    false },
		{ "killed", "greet", MCP_TOOL_ERROR, "ended by signal 9",
		    false },
		{ "giant", "greet", MCP_TOOL_ERROR, "a line over 16 MiB",
		    false },
		{ "asks_on", "greet", MCP_TOOL_ERROR, "does not read", false },
		{ "null", "greet", MCP_TOOL_ERROR, "error -32700: what?",
		    false },
		{ "twice", "greet", MCP_TOOL_ERROR,
		    "its answer cannot be read: not JSON", false },
		{ "listed", "greet", MCP_TOOL_ERROR, "no object", false },
		{ "failed", "greet", MCP_TOOL_ERROR, "no luck", true },
		{ "failed", "gret", MCP_NOT_FOUND,
		    "has no tool 'gret' (did you mean 'greet'?)", false },
		{ "failed", "wavy", MCP_NOT_FOUND, "did you mean 'wave'",
		    false },
		{ "failed", "nothing-like-it", MCP_NOT_FOUND,
		    "has no tool 'nothing-like-it'", false },
		{ "error", "greet", MCP_TOOL_ERROR, "error -32602", false },
		{ "error", "wave", MCP_TOOL_ERROR, "error -32602", false },
		{ "error", "x", MCP_NOT_FOUND, "has no tool 'x'", false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct calling x;

		call(&x, rows[i].mode, rows[i].tool, 20000);
		cr_expect_eq(x.out.end, rows[i].end, "%s: %d, %s", rows[i].mode,
		    x.out.end, x.out.why ? x.out.why : "");
		cr_expect_eq(
		    x.out.result != NULL, rows[i].result, "%s", rows[i].mode);
		if (rows[i].why)
			cr_expect(x.out.why && strstr(x.out.why, rows[i].why),
			    "%s: %s", rows[i].mode,
			    x.out.why ? x.out.why : "nothing");
		else
			cr_expect_null(x.out.why);
		arena_release(&x.mem);
	}
}

TEST(mcp_call, noise_is_told)
{
	struct calling x;

	call(&x, "garbage", "greet", 20000);
	cr_assert_str_eq(x.out.remark,
	    "server 'fake' printed 4 lines that are no message: debug: "
	    "starting");
	arena_release(&x.mem);
}

TEST(mcp_call, time_is_up)
{
	static const char *const modes[] = { "mute", "mute_first", "flood" };

	for (size_t i = 0; i < COUNT(modes); i++) {
		struct calling x;

		call(&x, modes[i], "greet", 300);
		/* On a slow machine all of a flood may have come. */
		if (i < 2 || x.out.end != MCP_TOOL_ERROR)
			cr_expect_eq(x.out.end, MCP_TIMEOUT, "%s", modes[i]);
		cr_expect_geq(x.took_ms, 300);
		cr_expect_lt(x.took_ms, 10000);
		arena_release(&x.mem);
	}
}

TEST(mcp_call, a_program_that_cannot_start_is_not_found)
{
	struct calling x;
	struct err e = ERR_INIT;
	struct mcp_call c = { .server = &x.server,
		.tool = "t",
		.timeout_ms = 1000,
		.sig = &x.sig };
	auto_fd int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	x = (struct calling) { .mem = ARENA_INIT };
	x.server = (struct mcp_server) { .name = "fake",
		.file = "/etc/passwd",
		.argv = (char *const[]) { (char *)"fake", NULL },
		.env = environ };
	c.arguments = val_map(&x.mem);
	c.err = null;
	cr_assert_eq(sig_init(&x.sig, &e), 0);
	mcp_call(&c, &x.mem, &x.out);
	cr_assert_eq(x.out.end, MCP_NOT_FOUND);
	cr_assert(strstr(x.out.why, "start /etc/passwd"), "%s", x.out.why);
	sig_release(&x.sig);
	arena_release(&x.mem);
}
