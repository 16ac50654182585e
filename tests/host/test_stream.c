/*
 * Streams, in pieces of every size: what is heard and what is seen at the
 * end do not depend on where the bytes were cut.
 */
#include "rig.h"

#define NONE -1

struct row {
	const char *host, *file;
	const char *heard, *answer, *session, *model, *error;
	struct host_used used;
	bool failed, ended;
	size_t strays;
};

/* clang-format off */
static const struct row rows[] = {
	{ "claude", "claude-ok.jsonl",
	  "I look at the tests.\nFixed é.\n\nAll pass.",
	  "Fixed é.\n\nAll pass.", "c-1", "claude-sonnet-5", NULL,
	  { 1200, 51, 2000, 300, 21893 }, false, true, 0 },
	{ "claude", "claude-messy.jsonl",
	  "npm warn old lockfile\n42\n[1,2]\n\"text\"\nnull\n{\"hello\":1}\n"
	  "warn: \none\n{\"type\":\"assist\ntwo\nbad \xef\xbf\xbd byte",
	  "two", "c-2", "m", NULL,
	  { 5, 7, NONE, NONE, 1000 }, false, true, 8 },
	{ "claude", "claude-lingering.jsonl",
	  "server still runs on port 8080", "done early", "c-3", "m", NULL,
	  { 1, 1, NONE, NONE, 1 }, false, true, 1 },
	{ "claude", "claude-judge.json",
	  "{\"verdict\":\"yes\",\"confidence\":0.9,\"reason\":\"because\","
	  "\"evidence\":\"2 passed\"}",
	  "{\"verdict\":\"yes\",\"confidence\":0.9,\"reason\":\"because\","
	  "\"evidence\":\"2 passed\"}", "c-4", NULL, NULL,
	  { 700, 40, 0, 0, 4000 }, false, true, 0 },
	{ "claude", "claude-quota.jsonl", "You've hit your limit",
	  NULL, "c-5", "m", "You've hit your limit",
	  { 0, 0, NONE, NONE, 0 }, true, true, 0 },
	{ "claude", "claude-turns.jsonl", "still at it", "still at it", NULL,
	  NULL, "error_max_turns", { 1, 2, NONE, NONE, 10000 }, true, true, 0 },
	{ "codex", "codex-ok.jsonl", "The tests pass.\nNothing more to do.",
	  "Nothing more to do.", "x-1", NULL, NULL,
	  { 904, 120, 4096, NONE, NONE }, false, true, 0 },
	{ "codex", "codex-failed.jsonl", "I begin.", "I begin.", NULL, NULL,
	  "the turn was given up", { NONE, NONE, NONE, NONE, NONE }, true, true,
	  0 },
	{ "gemini", "gemini-ok.jsonl",
	  "Loaded cached credentials.\nI will look.\nTwo files.",
	  "Two files.", "g-1", "gemini-pro", NULL,
	  { 1000, 100, 400, NONE, NONE }, false, true, 1 },
	{ "gemini", "gemini-judge.json", NULL,
	  "```json\n{\"verdict\": \"no\", \"confidence\": 0.8, \"reason\": "
	  "\"r\", \"evidence\": \"1 failed\"}\n```", "g-2", NULL, NULL,
	  { 910, 101, 100, NONE, NONE }, false, true, 0 },
	{ "gemini", "gemini-auth.json", "", "", NULL, NULL,
	  "Please set an Auth method", { NONE, NONE, NONE, NONE, NONE }, true,
	  true, 0 },
	{ "opencode", "opencode-ok.jsonl", "First.\nDone.", "Done.", "ses_1",
	  NULL, NULL, { 110, 27, 33, 44, 101235 }, false, false, 0 },
	{ "opencode", "opencode-failed.jsonl", "First.", "First.", "ses_3",
	  NULL, "it went wrong", { NONE, NONE, NONE, NONE, NONE }, true, false,
	  0 },
	/* Recorded, see streams/README. */
	{ "claude", "claude-real-ok.jsonl",
	  "I look at the tests.\nFixed é.\n\nAll pass.",
	  "Fixed é.\n\nAll pass.", NULL, "claude-opus-4-8", NULL,
	  { 36, 153, 6000, 900, 12630 }, false, true, 0 },
	{ "claude", "claude-real-judge.json", NULL,
	  "{\"verdict\":\"yes\",\"confidence\":0.9,\"reason\":\"the log "
	  "says so\",\"evidence\":\"2 passed\"}",
	  NULL, NULL, NULL, { 24, 102, 4000, 600, 5052 }, false, true, 0 },
	{ "claude", "claude-real-auth.jsonl", NULL, NULL, NULL,
	  "claude-opus-4-8[1m]", "Invalid API key · Fix external API key",
	  { 0, 0, 0, 0, 0 }, true, true, 0 },
	{ "claude", "claude-real-turns.jsonl", NULL, NULL, NULL, NULL,
	  "Reached maximum number of turns (1)",
	  { 24, 102, 4000, 600, 8420 }, true, true, 0 },
	{ "claude", "claude-real-budget.jsonl", NULL, NULL, NULL, NULL,
	  "Reached maximum budget ($0.001)",
	  { 12, 51, 2000, 300, 4210 }, true, true, 0 },
	{ "claude", "claude-real-killed.jsonl", "Fixed é.\n\nAll pass.",
	  NULL, NULL, "claude-opus-4-8", NULL,
	  { NONE, NONE, NONE, NONE, NONE }, false, false, 0 },
	{ "codex", "codex-real-ok.jsonl",
	  "I look at the tests.\nFixed é.\n\nAll pass.",
	  "Fixed é.\n\nAll pass.", "01a200b7-8b41-7a51-95c8-8c054fdeaedb",
	  NULL, NULL, { 1808, 240, 8192, NONE, NONE }, false, true, 0 },
	{ "codex", "codex-real-judge.jsonl", NULL,
	  "{\"verdict\": \"yes\", \"confidence\": 0.9, \"reason\": \"the "
	  "log says so\", \"evidence\": \"2 passed\"}",
	  NULL, NULL, NULL, { 904, 120, 4096, NONE, NONE }, false, true, 0 },
	{ "gemini", "gemini-real-ok.jsonl", "I will look.\nTwo files.",
	  "Two files.", "5d76e9a5-6d3d-4d1c-959a-1ce26aeca646", "auto", NULL,
	  { 1210, 201, 800, NONE, NONE }, false, true, 0 },
	{ "gemini", "gemini-real-judge.json", NULL,
	  "{\"verdict\": \"yes\", \"confidence\": 0.9, \"reason\": \"the "
	  "log says so\", \"evidence\": \"2 passed\"}",
	  NULL, NULL, NULL, { 610, 101, 400, NONE, NONE }, false, true, 0 },
	{ "gemini", "gemini-real-torn.jsonl", NULL, NULL, NULL, NULL,
	  "Model stream ended without a finish reason.",
	  { 2410, 401, 1600, NONE, NONE }, true, true, 0 },
	{ "opencode", "opencode-real-ok.jsonl",
	  "I look at the tests.\nFixed é.\n\nAll pass.",
	  "Fixed é.\n\nAll pass.", "ses_dff486e1dffeIQfFwOufeyvYjZ", NULL,
	  NULL, { 1808, 240, 8192, 0, 5684 }, false, false, 0 },
	{ "opencode", "opencode-real-judge.jsonl", NULL,
	  "{\"verdict\": \"yes\", \"confidence\": 0.9, \"reason\": \"the "
	  "log says so\", \"evidence\": \"2 passed\"}",
	  NULL, NULL, NULL, { 904, 120, 4096, 0, 2842 }, false, false, 0 },
};
/* clang-format on */

static void
expect_text(
    const char *got, const char *want, const char *what, const struct row *r)
{
	if (want)
		cr_expect_str_eq(got ? got : "(none)", want, "%s: %s is '%s'",
		    r->file, what, got ? got : "(none)");
}

static void
expect_seen(const struct row *r, const struct host_seen *seen)
{
	auto_arena a = ARENA_INIT;

	expect_text(arena_dup(&a, seen->answer.p, seen->answer.n), r->answer,
	    "the answer", r);
	expect_text(seen->session, r->session, "the session", r);
	expect_text(seen->model, r->model, "the model", r);
	expect_text(seen->error, r->error, "the error", r);
	cr_expect(r->error || !seen->error, "%s: %s", r->file, seen->error);
	cr_expect_eq(memcmp(&seen->used, &r->used, sizeof(r->used)), 0,
	    "%s: used %lld %lld %lld %lld %lld", r->file, seen->used.input,
	    seen->used.output, seen->used.cache_read, seen->used.cache_write,
	    seen->used.cost);
	cr_expect_eq(seen->failed, r->failed, "%s: failed", r->file);
	cr_expect_eq(seen->ended, r->ended, "%s: ended", r->file);
	cr_expect_eq(
	    seen->strays, r->strays, "%s: %zu strays", r->file, seen->strays);
}

TEST(stream, recorded_in_pieces_of_every_size)
{
	static const size_t sizes[] = { 1, 2, 3, 7, 64, 1 << 20 };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct host *h = rig_shipped(rows[i].host);
		auto_str text = STR_INIT;
		bool judge = sv_ends(sv(rows[i].file), ".json");

		rig_file(rows[i].file, &text);
		for (size_t k = 0; k < COUNT(sizes); k++) {
			auto_str heard = STR_INIT;
			struct host_stream *s =
			    rig_feed(h, judge ? CALL_JUDGE : CALL_ACTION,
				str_sv(&text), sizes[k], &heard);

			expect_text(
			    heard.buf, rows[i].heard, "heard", &rows[i]);
			expect_seen(&rows[i], host_stream_seen(s));
			host_stream_free(s);
		}
		host_free(h);
	}
}

TEST(stream, a_torn_end_is_told_and_not_heard)
{
	struct host *h = rig_shipped("claude");
	auto_str heard = STR_INIT;
	struct host_stream *s = rig_feed(h, CALL_ACTION,
	    sv("hi\n{\"type\":\"assistant\",\"mess"), 5, &heard);

	cr_expect_str_eq(heard.buf, "hi");
	cr_expect(host_stream_seen(s)->torn);
	cr_expect_not(host_stream_seen(s)->ended);
	host_stream_free(s);
	host_free(h);
}

TEST(stream, text_and_usage_are_there_before_the_end)
{
	struct host *h = rig_shipped("claude");
	auto_str heard = STR_INIT, text = STR_INIT;
	struct host_stream *s =
	    host_stream_new(h, CALL_ACTION, rig_hear, &heard);

	rig_file("claude-ok.jsonl", &text);
	host_stream_feed(s, text.buf, text.len);
	cr_expect(host_stream_seen(s)->ended, "a process may linger");
	cr_expect_eq(host_stream_seen(s)->used.cost, 21893);
	cr_expect(heard.len);
	host_stream_free(s);
	host_free(h);
}

static void
feed_many(struct host_stream *s, const char *piece, size_t times)
{
	for (size_t i = 0; i < times; i++)
		host_stream_feed(s, piece, strlen(piece));
}

TEST(stream, an_oversized_object_is_left_out)
{
	struct host *h = rig_shipped("claude");
	auto_str heard = STR_INIT;
	struct host_stream *s =
	    host_stream_new(h, CALL_ACTION, rig_hear, &heard);

	host_stream_feed(s, "{\"type\":\"user\",\"x\":\"", 20);
	feed_many(s, "aaaaaaaaaaaaaaaa", HOST_LINE_MAX / 8);
	feed_many(s,
	    "\"}\n{\"type\":\"assistant\",\"message\":{\"content\":["
	    "{\"type\":\"text\",\"text\":\"here\"}]}}\n",
	    1);
	host_stream_end(s);
	cr_expect_str_eq(heard.buf, "here");
	cr_expect_eq(host_stream_seen(s)->oversized, 1);
	host_stream_free(s);
	host_free(h);
}

TEST(stream, an_oversized_line_is_passed_on)
{
	struct host *h = rig_shipped("claude");
	auto_str heard = STR_INIT;
	struct host_stream *s =
	    host_stream_new(h, CALL_ACTION, rig_hear, &heard);

	feed_many(s, "text text text! ", HOST_LINE_MAX / 8);
	feed_many(s, "\nnext\n", 1);
	host_stream_end(s);
	cr_expect_eq(heard.len, (size_t)HOST_LINE_MAX * 2 + 5);
	cr_expect(host_stream_seen(s)->answer_cut);
	cr_expect_leq(host_stream_seen(s)->answer.n, HOST_ANSWER_MAX);
	cr_expect(sv_ends(host_stream_seen(s)->answer, "\nnext"));
	host_stream_free(s);
	host_free(h);
}

/* So many times, with another word in between or not. */
static bool
tried(size_t times, const char *between)
{
	static const char again[] = "Attempt 1 failed with status 503. "
				    "Retrying with backoff\n    at x\n";
	struct host *h = rig_shipped("gemini");
	struct host_stream *s = host_stream_new(h, CALL_ACTION, NULL, NULL);
	bool ended;

	for (size_t i = 0; i < times; i++) {
		if (i == 4)
			feed_many(s, between, 1);
		host_stream_stderr(s, again, strlen(again));
	}
	ended = host_stream_seen(s)->ended;
	cr_expect_eq(host_stream_seen(s)->failed, ended);
	cr_expect_str_eq(
	    host_stream_seen(s)->retrying, "503. Retrying with backoff");
	host_stream_free(s);
	host_free(h);
	return ended;
}

TEST(stream, who_only_tries_again_is_ended)
{
	cr_expect_not(tried(7, ""));
	cr_expect(tried(8, ""));
	cr_expect(tried(20, ""));
	cr_expect_not(tried(10, "{\"type\":\"tool_use\"}\n"));
	cr_expect(tried(12, "{\"type\":\"tool_use\"}\n"));
	cr_expect(tried(8, "no object\n"));
}

TEST(stream, a_line_of_stderr_of_any_length)
{
	struct host *h = rig_shipped("gemini");
	struct host_stream *s = host_stream_new(h, CALL_ACTION, NULL, NULL);

	for (size_t i = 0; i < 100000; i++)
		host_stream_stderr(s, "Attempt 1 failed: x", 19);
	host_stream_stderr(s, "\nAttempt 2 failed: z\0y\n", 24);
	cr_expect_str_eq(host_stream_seen(s)->retrying, "z y");
	host_stream_free(s);
	host_free(h);
}

TEST(stream, plain_text_is_its_own_answer)
{
	struct host *h = rig_shipped("command");
	auto_str heard = STR_INIT;
	struct host_stream *s = rig_feed(
	    h, CALL_ACTION, sv("{\"type\":\"result\"}\na\n"), 3, &heard);

	cr_expect_str_eq(heard.buf, "{\"type\":\"result\"}\na\n");
	cr_expect(
	    sv_eq(host_stream_seen(s)->answer, "{\"type\":\"result\"}\na\n"));
	host_stream_free(s);
	host_free(h);
}

TEST(stream, the_last_line_of_a_document_will_do)
{
	struct host *h = rig_shipped("claude");
	auto_str heard = STR_INIT;
	struct host_stream *s = rig_feed(h, CALL_JUDGE,
	    sv("a warning\n\n{\"type\":\"result\",\"result\":\"fine\"}\n\n"), 4,
	    &heard);

	cr_expect(sv_eq(host_stream_seen(s)->answer, "fine"));
	cr_expect_str_eq(heard.buf, "a warning");
	host_stream_free(s);
	s = rig_feed(h, CALL_JUDGE, sv("sorry, I cannot\n"), 4, &heard);
	cr_expect(sv_eq(host_stream_seen(s)->answer, "sorry, I cannot"));
	host_stream_free(s);
	host_free(h);
}

TEST(stream, unverified_hosts_read_the_shapes_of_their_manuals)
{
	static const struct {
		const char *host, *text, *heard;
		long long cost;
	} shapes[] = {
		{ "kimi",
		    "{\"role\":\"assistant\",\"content\":\"a\"}\n"
		    "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\","
		    "\"text\":\"b\"}]}\n",
		    "a\nb", -1 },
		{ "pi",
		    "{\"type\":\"session\",\"id\":\"s\"}\n"
		    "{\"type\":\"message_end\",\"message\":{\"role\":"
		    "\"assistant\",\"content\":[{\"type\":\"text\",\"text\":"
		    "\"p\"}],\"usage\":{\"input\":1,\"output\":2,\"cost\":"
		    "{\"total\":0.25}}}}\n",
		    "p", 250000 },
		{ "qwen",
		    "{\"type\":\"result\",\"result\":\"q\","
		    "\"is_error\":false}\n",
		    "q", -1 },
		{ "copilot", "plain\n", "plain\n", -1 },
	};

	for (size_t i = 0; i < COUNT(shapes); i++) {
		struct host *h = rig_shipped(shapes[i].host);
		auto_str heard = STR_INIT;
		struct host_stream *s =
		    rig_feed(h, CALL_ACTION, sv(shapes[i].text), 9, &heard);

		cr_expect_str_eq(heard.buf, shapes[i].heard);
		cr_expect_eq(host_stream_seen(s)->used.cost, shapes[i].cost);
		host_stream_free(s);
		host_free(h);
	}
}
