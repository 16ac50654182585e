/* Command lines: what vanishes, what is put in, what is refused. */
#include "host/line.h"

#include "rig.h"
#include "text/quote.h"

static const char *
shown(struct arena *a, const struct host_line *l)
{
	auto_str out = STR_INIT;

	for (size_t i = 0; i < l->argc; i++) {
		if (i)
			str_addc(&out, ' ');
		quote_shell(&out, sv(l->argv[i]));
	}
	cr_assert_null(l->argv[l->argc]);
	return arena_dup(a, out.buf, out.len);
}

struct row {
	const char *host;
	enum host_call_kind call;
	const char *at[SLOTS];
	const char *want;
	unsigned unused;
};

/* clang-format off */
static const struct row rows[] = {
	{ "claude", CALL_ACTION, { [SLOT_PROMPT] = "fix" },
	  "/p --dangerously-skip-permissions --verbose --output-format "
	  "stream-json -p", 0 },
	{ "claude", CALL_ACTION,
	  { [SLOT_PROMPT] = "fix", [SLOT_MODEL] = "opus",
	    [SLOT_AGENT] = "a b", [SLOT_TOOLS] = "Bash,Edit",
	    [SLOT_SESSION] = "s-1", [SLOT_DIRECTORY] = "/d" },
	  "/p --dangerously-skip-permissions --verbose --output-format "
	  "stream-json --resume s-1 -p --agent 'a b' --tools Bash,Edit "
	  "--model opus", 1u << SLOT_DIRECTORY },
	{ "claude", CALL_JUDGE,
	  { [SLOT_PROMPT] = "ok?", [SLOT_SCHEMA] = "{}" },
	  "/p --dangerously-skip-permissions --output-format json -p "
	  "--json-schema '{}' --no-session-persistence", 0 },
	{ "codex", CALL_ACTION,
	  { [SLOT_PROMPT] = "fix", [SLOT_EFFORT] = "high",
	    [SLOT_AGENT] = "x" },
	  "/p exec --dangerously-bypass-approvals-and-sandbox --json "
	  "--skip-git-repo-check -c 'model_reasoning_effort=\"high\"' -",
	  1u << SLOT_AGENT },
	{ "codex", CALL_ACTION,
	  { [SLOT_PROMPT] = "fix", [SLOT_SESSION] = "t" },
	  "/p exec resume t --dangerously-bypass-approvals-and-sandbox --json "
	  "--skip-git-repo-check -", 0 },
	{ "codex", CALL_JUDGE,
	  { [SLOT_PROMPT] = "fix", [SLOT_SCHEMA_FILE] = "/f" },
	  "/p exec --dangerously-bypass-approvals-and-sandbox --json "
	  "--skip-git-repo-check --ephemeral --output-schema /f -", 0 },
	{ "gemini", CALL_ACTION,
	  { [SLOT_PROMPT] = "fix", [SLOT_TOOLS] = "a" },
	  "/p --approval-mode yolo --output-format stream-json",
	  1u << SLOT_TOOLS },
	{ "opencode", CALL_ACTION,
	  { [SLOT_PROMPT] = "fix", [SLOT_MODEL] = "x/y" },
	  "/p run --format json --print-logs --log-level ERROR -m x/y", 0 },
	{ "kimi", CALL_ACTION, { [SLOT_PROMPT] = "--yes, fix" },
	  "/p --output-format stream-json -p ' --yes, fix'", 0 },
	{ "copilot", CALL_DETACHED, { [SLOT_PROMPT] = "$(go)\n" },
	  "/p --allow-all-tools --no-color -p '$(go)\n'", 0 },
};
/* clang-format on */

static int
line_of(const struct row *r, const struct host *h, struct arena *a,
    struct host_line *out)
{
	struct host_ask ask = { { { NULL, 0 } } };
	struct host_line_in in = { h, r->call, "/p", &ask };
	struct err e = ERR_INIT;

	for (size_t s = 0; s < SLOTS; s++)
		if (r->at[s])
			ask.at[s] = sv(r->at[s]);
	return host_line(&in, a, out, &e);
}

TEST(line, of_each_host)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct host *h = rig_shipped(rows[i].host);
		auto_arena a = ARENA_INIT;
		struct host_line l;

		cr_assert_eq(line_of(&rows[i], h, &a, &l), 0);
		cr_expect_str_eq(shown(&a, &l), rows[i].want);
		cr_expect_eq(l.unused, rows[i].unused, "%s", rows[i].host);
		cr_expect_eq(l.on_stdin, !h->prompt_argument);
		host_free(h);
	}
}

TEST(line, variables_vanish_too)
{
	struct host *h = rig_shipped("command");
	struct row r = { "command", CALL_ACTION,
		{ [SLOT_PROMPT] = "x", [SLOT_MODEL] = "m" }, "", 0 };
	auto_arena a = ARENA_INIT;
	struct host_line l;

	cr_assert_eq(line_of(&r, h, &a, &l), 0);
	cr_assert_eq(l.nenv, 2);
	cr_expect_str_eq(l.env[0], "LL_NON_INTERACTIVE=1");
	cr_expect_str_eq(l.env[1], "LL_HOST_MODEL=m");
	host_free(h);
}

TEST(line, refuses_what_cannot_be_handed_over)
{
	static const struct {
		const char *host;
		struct sv prompt, model;
		const char *says;
	} bad[] = {
		{ "claude", { "", 0 }, { "", 0 }, "empty" },
		{ "kimi", { "a\0b", 3 }, { "", 0 }, "NUL" },
		{ "claude", { "a", 1 }, { "m\0", 2 }, "NUL" },
		{ "kimi", { NULL, 100 * 1024 + 1 }, { "", 0 }, "at most" },
	};
	auto_arena a = ARENA_INIT;
	char *big = arena_new(&a, 100 * 1024 + 2);

	memset(big, 'x', 100 * 1024 + 1);
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct host *h = rig_shipped(bad[i].host);
		struct host_ask ask = { { { NULL, 0 } } };
		struct host_line_in in = { h, CALL_ACTION, "/p", &ask };
		struct host_line l = { .argc = 77 };
		struct err e = ERR_INIT;

		ask.at[SLOT_PROMPT] = bad[i].prompt;
		if (!bad[i].prompt.p)
			ask.at[SLOT_PROMPT].p = big;
		ask.at[SLOT_MODEL] = bad[i].model;
		cr_expect_eq(host_line(&in, &a, &l, &e), -1);
		cr_expect(strstr(e.msg, bad[i].says), "%s", e.msg);
		cr_expect_eq(l.argc, 77, "nothing was written");
		host_free(h);
	}
}

TEST(line, on_stdin_any_bytes_go)
{
	struct host *h = rig_shipped("claude");
	struct host_ask ask = { { [SLOT_PROMPT] = { "-a\0b", 4 } } };
	struct host_line_in in = { h, CALL_ACTION, "/p", &ask };
	auto_arena a = ARENA_INIT;
	struct host_line l;
	struct err e = ERR_INIT;

	cr_expect_eq(host_line(&in, &a, &l, &e), 0);
	host_free(h);
}
