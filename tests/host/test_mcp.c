/* The parts of the MCP client: lines, messages, names, configuration. */
#include "host/mcp_part.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/mem.h"
#include "test.h"
#include "text/json.h"

/* ---- lines ---- */

TEST(mcp, lines_come_in_any_pieces)
{
	static const char text[] = "one\n\ntwo\r\nthree\nrest";
	static const char *const want[] = { "one", "", "two\r", "three" };

	for (size_t piece = 1; piece <= sizeof(text); piece++) {
		struct mcp_lines l = MCP_LINES_INIT;
		struct err e = ERR_INIT;
		struct sv line;
		size_t k = 0;

		for (size_t i = 0; i < strlen(text); i += piece) {
			size_t n = strlen(text) - i;

			cr_assert_eq(mcp_lines_add(&l, text + i,
					 n < piece ? n : piece, &e),
			    0);
			for (; mcp_lines_next(&l, &line); k++)
				cr_assert(
				    k < COUNT(want) && sv_eq(line, want[k]),
				    "piece %zu, line %zu", piece, k);
		}
		cr_assert_eq(k, COUNT(want));
		mcp_lines_release(&l);
	}
}

TEST(mcp, lines_are_bounded)
{
	auto_free char *block = mem_new(1 << 20);
	struct mcp_lines l = MCP_LINES_INIT;
	struct err e = ERR_INIT;
	struct sv line;

	memset(block, 'x', 1 << 20);
	for (int i = 0; i < 16; i++)
		cr_assert_eq(mcp_lines_add(&l, block, 1 << 20, &e), 0);
	cr_assert_eq(mcp_lines_add(&l, "\n", 1, &e), 0);
	cr_assert(mcp_lines_next(&l, &line));
	cr_assert_eq(line.n, MCP_LINE_MAX);
	cr_assert_eq(mcp_lines_add(&l, "y\n", 2, &e), 0);
	cr_assert(mcp_lines_next(&l, &line) && sv_eq(line, "y"));
	for (int i = 0; i < 16; i++)
		cr_assert_eq(mcp_lines_add(&l, block, 1 << 20, &e), 0);
	cr_assert_eq(mcp_lines_add(&l, "xx", 2, &e), -1);
	cr_assert_str_eq(e.msg, "it sent a line over 16 MiB");
	mcp_lines_release(&l);
}

TEST(mcp, all_that_comes_is_bounded)
{
	auto_free char *block = mem_new(1 << 20);
	struct mcp_lines l = MCP_LINES_INIT;
	struct err e = ERR_INIT;
	struct sv line;
	int n = 0;

	memset(block, '\n', 1 << 20);
	while (mcp_lines_add(&l, block, 1 << 20, &e) == 0) {
		n++;
		while (mcp_lines_next(&l, &line))
			;
	}
	cr_assert_eq(n, 256);
	cr_assert_str_eq(e.msg, "it sent more than 256 MiB");
	mcp_lines_release(&l);
}

/* ---- messages ---- */

TEST(mcp, messages_are_one_line)
{
	auto_arena a = ARENA_INIT;
	auto_str out = STR_INIT;
	struct val *params = val_map(&a);

	val_set(&a, params, "x", val_text(&a, "a\nb"));
	mcp_say_request(&out, 7, "tools/call", params, &a);
	mcp_say_notice(&out, "notifications/initialized", NULL, &a);
	mcp_say_reply(&out, "ping", val_text(&a, "p"), &a);
	mcp_say_reply(&out, "roots/list", val_int(&a, 3), &a);
	cr_assert_str_eq(out.buf,
	    "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\","
	    "\"params\":{\"x\":\"a\\nb\"}}\n"
	    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n"
	    "{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"result\":{}}\n"
	    "{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32601,"
	    "\"message\":\"Method not found\"}}\n");
}

TEST(mcp, messages_are_told_apart)
{
	static const struct {
		const char *text;
		enum mcp_kind kind;
		const char *error; /* of a response; NULL: it has a result */
	} rows[] = {
		{ "{\"id\":2,\"result\":{}}", MCP_RESPONSE, NULL },
		{ "{\"id\":2,\"result\":{},\"error\":null}", MCP_RESPONSE,
		    NULL },
		{ "{\"id\":3,\"result\":{}}", MCP_NOISE, NULL },
		{ "{\"id\":\"2\",\"result\":{}}", MCP_NOISE, NULL },
		{ "{\"id\":null,\"result\":{}}", MCP_NOISE, NULL },
		{ "{\"result\":{}}", MCP_NOISE, NULL },
		{ "{\"id\":9,\"method\":\"ping\"}", MCP_REQUEST, NULL },
		{ "{\"id\":2,\"method\":\"ping\"}", MCP_REQUEST, NULL },
		{ "{\"method\":\"x\"}", MCP_NOISE, NULL },
		{ "{\"id\":null,\"method\":\"x\"}", MCP_NOISE, NULL },
		{ "{\"id\":2,\"error\":{\"code\":-3,\"message\":\"m\"}}",
		    MCP_RESPONSE, "error -3: m" },
		{ "{\"id\":null,\"error\":{\"message\":\"m\"}}", MCP_RESPONSE,
		    "error: m" },
		{ "{\"id\":2,\"error\":\"m\"}", MCP_RESPONSE, "error: m" },
		{ "{\"id\":2,\"error\":{}}", MCP_RESPONSE,
		    "error: without a message" },
		{ "{\"id\":2,\"result\":[]}", MCP_RESPONSE,
		    "error: the answer has no object as its result" },
		{ "{\"id\":2}", MCP_RESPONSE,
		    "error: the answer has no object as its result" },
	};
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = ERR_INIT;
		struct mcp_message m;
		const struct val *v = json_read(
		    &a, rows[i].text, strlen(rows[i].text), ORIGIN_DATA, &e);

		cr_assert(v, "%s", e.msg);
		mcp_hear(v, 2, &a, &m);
		cr_expect_eq(m.kind, rows[i].kind, "%s", rows[i].text);
		if (m.kind != MCP_RESPONSE)
			continue;
		cr_expect_eq(
		    !m.result, rows[i].error != NULL, "%s", rows[i].text);
		if (rows[i].error && m.error)
			cr_expect_str_eq(
			    mcp_error_text(m.error, &a), rows[i].error);
	}
}

TEST(mcp, the_newest_version_is_known)
{
	cr_assert(mcp_version_known(mcp_version()));
	cr_assert(mcp_version_known("2024-11-05"));
	cr_assert_not(mcp_version_known("1999-01-01"));
	cr_assert_not(mcp_version_known(""));
}

/* ---- names ---- */

TEST(mcp, names_have_two_parts)
{
	static const struct {
		const char *word, *server, *tool;
	} rows[] = {
		{ "a/b", "a", "b" },
		{ "a/b/c", "a", "b/c" },
		{ "a", NULL, NULL },
		{ "", NULL, NULL },
		{ "/b", NULL, NULL },
		{ "a/", NULL, NULL },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = ERR_INIT;
		struct sv server = { 0 }, tool = { 0 };
		int rc = mcp_split(sv(rows[i].word), &server, &tool, &e);

		cr_expect_eq(rc, rows[i].server ? 0 : -1, "%s", rows[i].word);
		if (rc == 0)
			cr_expect(sv_eq(server, rows[i].server) &&
			    sv_eq(tool, rows[i].tool));
	}
}

TEST(mcp, the_nearest_name_is_found)
{
	auto_arena a = ARENA_INIT;
	struct mcp_nearest n = { .tool = "greet" };

	mcp_nearest_try(&n, "something-else", &a);
	cr_assert_null(n.near);
	mcp_nearest_try(&n, "grxxt", &a);
	mcp_nearest_try(&n, "gret", &a);
	mcp_nearest_try(&n, "groat", &a);
	cr_assert_str_eq(n.near, "gret");
	cr_assert_not(n.there);
	mcp_nearest_try(&n, "greet", &a);
	cr_assert(n.there);
}

/* ---- configuration ---- */

struct room {
	char dir[32];
	char file[64];
};

static void
room_open(struct room *r)
{
	strcpy(r->dir, "/tmp/mcp.XXXXXX");
	cr_assert(mkdtemp(r->dir));
	snprintf(r->file, sizeof(r->file), "%s/.mcp.json", r->dir);
}

static void
room_write(const struct room *r, const char *text)
{
	struct err e = ERR_INIT;

	cr_assert_eq(file_put(r->file, text, strlen(text), 0600, &e), 0);
}

static void
room_close(const struct room *r)
{
	unlink(r->file);
	rmdir(r->dir);
}

static const char *const env_rows[] = { "PATH=/usr/bin:/bin", "WHO=me",
	"EMPTY=", "SECRET=old", NULL };

static enum mcp_end
look(const struct room *r, struct arena *a, struct mcp_server *out,
    struct err *e)
{
	const char *const dirs[] = { "/nonexistent", r->dir, r->dir };
	const struct mcp_where where = { dirs, COUNT(dirs),
		(char *const *)env_rows };

	return mcp_find(&where, "s", a, out, e);
}

TEST(mcp, configuration_is_read)
{
	auto_arena a = ARENA_INIT;
	struct mcp_server s;
	struct err e = ERR_INIT;
	struct room r;

	room_open(&r);
	room_write(&r,
	    "{\"other\":1,\"mcpServers\":{\"x\":3,\"s\":{\"type\":\"stdio\","
	    "\"command\":\"sh\",\"args\":[\"-c\",\"${WHO}-${NO:-a b}-$HOME-"
	    "${}-${WHO\",\"${EMPTY:-no}\"],\"env\":{\"SECRET\":\"${WHO}!\","
	    "\"NEW\":\"1\"},\"disabled\":false}}}");
	cr_assert_eq(look(&r, &a, &s, &e), MCP_DONE, "%s", e.msg);
	cr_assert_str_eq(s.name, "s");
	cr_assert_str_eq(s.file, "/usr/bin/sh");
	cr_assert_str_eq(s.argv[0], "sh");
	cr_assert_str_eq(s.argv[2], "me-a b-$HOME-${}-${WHO");
	cr_assert_str_eq(s.argv[3], "");
	cr_assert_null(s.argv[4]);
	cr_assert_str_eq(s.env[0], "PATH=/usr/bin:/bin");
	cr_assert_str_eq(s.env[1], "WHO=me");
	cr_assert_str_eq(s.env[2], "EMPTY=");
	cr_assert_str_eq(s.env[3], "SECRET=me!");
	cr_assert_str_eq(s.env[4], "NEW=1");
	cr_assert_null(s.env[5]);
	room_close(&r);
}

#define SERVER(body) "{\"mcpServers\":{\"s\":{" body "}}}"

/* clang-format off */
static const struct {
	const char *text; /* NULL: no file */
	enum mcp_end end;
	const char *say;
} bad_rows[] = {
	{ NULL, MCP_NOT_FOUND, "there is no .mcp.json in /nonexistent" },
	{ "{", MCP_CONFIG, ".mcp.json: not JSON: line 1" },
	{ "[]", MCP_CONFIG, "has no object 'mcpServers'" },
	{ "{\"mcpServers\":[]}", MCP_CONFIG, "has no object 'mcpServers'" },
	{ "{\"mcpServers\":{}}", MCP_NOT_FOUND, "there is no server 's' in" },
	{ "{\"mcpServers\":{\"s1\":{}}}", MCP_NOT_FOUND, "did you mean 's1'" },
	{ SERVER(""), MCP_CONFIG, "'command' must be text" },
	{ SERVER("\"command\":3"), MCP_CONFIG, "'command' must be text" },
	{ SERVER("\"command\":\"a\\u0000b\""), MCP_CONFIG, "must be text" },
	{ SERVER("\"command\":\"sh\",\"args\":\"x\""), MCP_CONFIG,
	  "'args' must be a list" },
	{ SERVER("\"command\":\"sh\",\"args\":[\"x\",1]"), MCP_CONFIG,
	  "'args[1]' must be text" },
	{ SERVER("\"command\":\"sh\",\"env\":[]"), MCP_CONFIG,
	  "'env' must be an object" },
	{ SERVER("\"command\":\"sh\",\"env\":{\"A\":1}"), MCP_CONFIG,
	  "'env.A' must be text" },
	{ SERVER("\"command\":\"${NO}\""), MCP_CONFIG,
	  "needs the environment variable NO, which is not set" },
	{ SERVER("\"url\":\"http://x\""), MCP_CONFIG,
	  "server 's' is reached by url" },
	{ SERVER("\"type\":\"sse\",\"command\":\"sh\""), MCP_CONFIG,
	  "is reached by sse" },
	{ SERVER("\"command\":\"no-such-program\""), MCP_NOT_FOUND,
	  "there is no program 'no-such-program'" },
	{ SERVER("\"command\":\"/\""), MCP_NOT_FOUND,
	  "there is no program '/'" },
};
/* clang-format on */

TEST(mcp, configuration_is_refused_by_name)
{
	for (size_t i = 0; i < COUNT(bad_rows); i++) {
		auto_arena a = ARENA_INIT;
		struct mcp_server s;
		struct err e = ERR_INIT;
		struct room r;

		room_open(&r);
		if (bad_rows[i].text)
			room_write(&r, bad_rows[i].text);
		cr_expect_eq(
		    look(&r, &a, &s, &e), bad_rows[i].end, "row %zu", i);
		cr_expect(
		    strstr(e.msg, bad_rows[i].say), "row %zu: %s", i, e.msg);
		room_close(&r);
	}
}
