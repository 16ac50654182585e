/* What failures are: recorded streams, exit codes, stderr, our own limits. */
#include "host/class.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "rig.h"

#define NOW 1795000000000000LL
#define SECOND 1000000LL

struct row {
	const char *host, *file; /* file NULL: nothing on stdout */
	int code;
	const char *stderr_end; /* "@FILE": recorded, too */
	enum failure_class class;
	long long until_us;
};

/* clang-format off */
static const struct row rows[] = {
	{ "claude", "claude-ok.jsonl", 0, "", CLASS_NONE, 0 },
	{ "claude", "claude-talks.jsonl", 0, "429 rate limit", CLASS_NONE, 0 },
	{ "claude", "claude-ok.jsonl", 143, "", CLASS_NONE, 0 },
	{ "claude", "claude-ok.jsonl", 7, "", CLASS_AGENT, 0 },
	{ "claude", "claude-quota.jsonl", 1, "", CLASS_QUOTA,
	  1795298400 * SECOND },
	{ "claude", "claude-quota.jsonl", 0, "", CLASS_QUOTA,
	  1795298400 * SECOND },
	{ "claude", "claude-quota-text.jsonl", 1, "", CLASS_QUOTA,
	  1795298400 * SECOND },
	{ "claude", "claude-resets.jsonl", 1, "", CLASS_QUOTA,
	  1795014000 * SECOND },
	{ "claude", "claude-auth.jsonl", 1, "", CLASS_AUTH, 0 },
	{ "claude", "claude-overloaded.jsonl", 1, "", CLASS_TRANSIENT, 0 },
	{ "claude", "claude-turns.jsonl", 0, "", CLASS_TURNS, 0 },
	{ "claude", "claude-context.jsonl", 1, "", CLASS_CONTEXT, 0 },
	{ "claude", "claude-failed.jsonl", 1, "", CLASS_AGENT, 0 },
	{ "claude", NULL, 1, "error: unknown option '--effort'\n",
	  CLASS_CONFIG, 0 },
	{ "claude", NULL, 3, "boom\n", CLASS_AGENT, 0 },
	{ "claude", NULL, 0, "", CLASS_TRANSIENT, 0 },
	{ "codex", "codex-ok.jsonl", 0, "", CLASS_NONE, 0 },
	{ "codex", "codex-quota.jsonl", 1, "", CLASS_QUOTA,
	  NOW + (3 * 86400 + 4 * 3600 + 9 * 60) * SECOND },
	{ "codex", "codex-auth.jsonl", 1, "", CLASS_AUTH, 0 },
	{ "codex", "codex-overloaded.jsonl", 1, "", CLASS_TRANSIENT, 0 },
	{ "codex", "codex-context.jsonl", 1, "", CLASS_CONTEXT, 0 },
	{ "codex", "codex-config.jsonl", 1, "", CLASS_CONFIG, 0 },
	{ "codex", "codex-failed.jsonl", 1, "", CLASS_AGENT, 0 },
	{ "gemini", "gemini-ok.jsonl", 0, "", CLASS_NONE, 0 },
	{ "gemini", "gemini-quota.jsonl", 1, "", CLASS_QUOTA,
	  NOW + 36500000 },
	{ "gemini", "gemini-auth.json", 41, "", CLASS_AUTH, 0 },
	{ "gemini", NULL, 41, "no login", CLASS_AUTH, 0 },
	{ "gemini", "gemini-overloaded.jsonl", 1, "", CLASS_TRANSIENT, 0 },
	{ "gemini", "gemini-failed.jsonl", 1, "", CLASS_AGENT, 0 },
	{ "gemini", NULL, 42, "", CLASS_CONFIG, 0 },
	{ "gemini", NULL, 53, "", CLASS_TURNS, 0 },
	{ "opencode", "opencode-ok.jsonl", 0, "", CLASS_NONE, 0 },
	{ "opencode", "opencode-quota.jsonl", 1, "", CLASS_QUOTA,
	  NOW + 30 * SECOND },
	{ "opencode", "opencode-auth.jsonl", 1, "", CLASS_AUTH, 0 },
	{ "opencode", "opencode-overloaded.jsonl", 1, "", CLASS_TRANSIENT, 0 },
	{ "opencode", "opencode-config.jsonl", 1, "", CLASS_CONFIG, 0 },
	{ "opencode", "opencode-failed.jsonl", 0, "", CLASS_AGENT, 0 },
	/* Recorded, see streams/README. */
	{ "claude", "claude-real-ok.jsonl", 0, "", CLASS_NONE, 0 },
	{ "claude", "claude-real-judge.json", 0, "", CLASS_NONE, 0 },
	{ "claude", "claude-real-auth.jsonl", 1, "", CLASS_AUTH, 0 },
	{ "claude", "claude-real-auth.json", 1, "", CLASS_AUTH, 0 },
	{ "claude", "claude-real-credit.jsonl", 1, "", CLASS_AUTH, 0 },
	{ "claude", "claude-real-quota.jsonl", 1, "", CLASS_QUOTA, 0 },
	{ "claude", "claude-real-500.jsonl", 1, "", CLASS_TRANSIENT, 0 },
	{ "claude", "claude-real-529.jsonl", 1, "", CLASS_TRANSIENT, 0 },
	{ "claude", "claude-real-torn.jsonl", 1, "", CLASS_TRANSIENT, 0 },
	{ "claude", "claude-real-killed.jsonl", 143, "", CLASS_TRANSIENT, 0 },
	{ "claude", "claude-real-turns.jsonl", 1, "", CLASS_TURNS, 0 },
	{ "claude", "claude-real-budget.jsonl", 1, "", CLASS_SPEND, 0 },
	{ "claude", "claude-real-context.jsonl", 1, "", CLASS_CONTEXT, 0 },
	{ "claude", "claude-real-model.jsonl", 1, "", CLASS_CONFIG, 0 },
	{ "claude", "claude-real-refused.jsonl", 1, "", CLASS_AGENT, 0 },
	{ "claude", NULL, 1, "@claude-real-root.err", CLASS_CONFIG, 0 },
	{ "codex", "codex-real-ok.jsonl", 0, "", CLASS_NONE, 0 },
	{ "codex", "codex-real-judge.jsonl", 0, "", CLASS_NONE, 0 },
	{ "codex", "codex-real-auth.jsonl", 1, "", CLASS_AUTH, 0 },
	{ "codex", "codex-real-429.jsonl", 1, "", CLASS_QUOTA, 0 },
	{ "codex", "codex-real-rate.jsonl", 1, "", CLASS_QUOTA,
	  NOW + 2 * SECOND },
	{ "codex", "codex-real-quota.jsonl", 1, "", CLASS_QUOTA, 0 },
	{ "codex", "codex-real-usage.jsonl", 1, "", CLASS_QUOTA,
	  1795298400 * SECOND },
	{ "codex", "codex-real-today.jsonl", 1, "", CLASS_QUOTA,
	  1795053840 * SECOND },
	{ "codex", "codex-real-500.jsonl", 1, "", CLASS_TRANSIENT, 0 },
	{ "codex", "codex-real-503.jsonl", 1, "", CLASS_TRANSIENT, 0 },
	{ "codex", "codex-real-torn.jsonl", 1, "", CLASS_TRANSIENT, 0 },
	{ "codex", "codex-real-context.jsonl", 1, "", CLASS_CONTEXT, 0 },
	{ "codex", "codex-real-model.jsonl", 1, "", CLASS_CONFIG, 0 },
	{ "codex", "codex-real-refused.jsonl", 1, "", CLASS_AGENT, 0 },
	{ "gemini", "gemini-real-ok.jsonl", 0, "", CLASS_NONE, 0 },
	{ "gemini", "gemini-real-judge.json", 0, "", CLASS_NONE, 0 },
	{ "gemini", "gemini-real-auth.jsonl", 145, "", CLASS_AUTH, 0 },
	{ "gemini", "gemini-real-key.jsonl", 144, "", CLASS_AUTH, 0 },
	{ "gemini", "gemini-real-quota.jsonl", 173, "", CLASS_QUOTA, 0 },
	{ "gemini", "gemini-real-torn.jsonl", 0, "", CLASS_TRANSIENT, 0 },
	{ "gemini", "gemini-real-killed.jsonl", 0, "", CLASS_TRANSIENT, 0 },
	{ "gemini", "gemini-real-context.jsonl", 144, "", CLASS_CONTEXT, 0 },
	{ "gemini", "gemini-real-model.jsonl", 1, "", CLASS_CONFIG, 0 },
	{ "gemini", "gemini-real-refused.jsonl", 144, "", CLASS_AGENT, 0 },
	{ "gemini", "gemini-real-503.jsonl", 143, "@gemini-real-503.err",
	  CLASS_TRANSIENT, 0 },
	{ "gemini", NULL, 41, "@gemini-real-noauth.err", CLASS_AUTH, 0 },
	{ "gemini", NULL, 55, "@gemini-real-untrusted.err", CLASS_CONFIG, 0 },
	{ "gemini", NULL, 145, "@gemini-real-judge-auth.err", CLASS_AUTH, 0 },
	{ "gemini", NULL, 55, "", CLASS_CONFIG, 0 },
	{ "gemini", NULL, 145,
	  "{\n  \"error\": {\n    \"type\": \"Error\",\n    \"message\": "
	  "\"{\\\"error\\\":{\\\"code\\\":401}}\"\n  }\n}",
	  CLASS_AUTH, 0 },
	{ "opencode", "opencode-real-ok.jsonl", 0, "", CLASS_NONE, 0 },
	{ "opencode", "opencode-real-judge.jsonl", 0, "", CLASS_NONE, 0 },
	{ "opencode", "opencode-real-auth.jsonl", 1, "", CLASS_AUTH, 0 },
	{ "opencode", NULL, 143, "@opencode-real-500.err", CLASS_TRANSIENT,
	  0 },
	{ "opencode", "opencode-real-refused.jsonl", 1,
	  "@opencode-real-refused.err", CLASS_AGENT, 0 },
	{ "opencode", NULL, 143, "@opencode-real-quota.err", CLASS_QUOTA,
	  NOW + 20 * SECOND },
	{ "opencode", "opencode-real-quota.jsonl", 1, "", CLASS_QUOTA,
	  NOW + SECOND },
	{ "opencode", "opencode-real-context.jsonl", 1, "", CLASS_CONTEXT,
	  0 },
	{ "opencode", "opencode-real-model.jsonl", 1, "", CLASS_CONFIG, 0 },
	{ "command", NULL, 0, "429", CLASS_NONE, 0 },
	{ "command", NULL, 1, "HTTP 429 Too Many Requests, retry after 20s",
	  CLASS_QUOTA, NOW + 20 * SECOND },
	{ "command", NULL, 1, "1403 passed, 429 failed, 500 lines, line 401",
	  CLASS_AGENT, 0 },
	{ "command", NULL, 1, "error: HTTP status 401", CLASS_AUTH, 0 },
	{ "command", NULL, 1, "connect ECONNREFUSED 127.0.0.1:1",
	  CLASS_TRANSIENT, 0 },
	{ "command", NULL, 127, "x: not there", CLASS_CONFIG, 0 },
};
/* clang-format on */

static bool
is_recorded(const struct row *r)
{
	return (r->file && strstr(r->file, "-real-")) ||
	    strstr(r->stderr_end, "-real-");
}

/* What the host prints, stderr first where it counts. */
static struct host_stream *
hear(const struct row *r, const struct host *h, struct str *stderr_text)
{
	auto_str text = STR_INIT;
	bool judge = r->file && sv_ends(sv(r->file), ".json");
	struct host_stream *s =
	    host_stream_new(h, judge ? CALL_JUDGE : CALL_ACTION, NULL, NULL);

	if (r->file)
		rig_file(r->file, &text);
	host_stream_feed(s, text.buf, text.len);
	if (r->stderr_end[0] == '@')
		rig_file(r->stderr_end + 1, stderr_text);
	else
		str_adds(stderr_text, r->stderr_end);
	for (size_t i = 0; i < stderr_text->len; i++)
		host_stream_stderr(s, &stderr_text->buf[i], 1);
	host_stream_end(s);
	return s;
}

static struct failure
classify(struct arena *a, const struct row *r, const struct outcome *how)
{
	struct host *h = rig_shipped(r->host);
	auto_str stderr_text = STR_INIT;
	struct host_stream *s = hear(r, h, &stderr_text);
	struct class_in in = { .host = h,
		.how = how,
		.seen = host_stream_seen(s),
		.stderr_end = str_sv(&stderr_text),
		.now_us = NOW };
	struct failure f;

	class_of(&in, a, &f);
	f.by = arena_strdup(a, f.by);
	f.hint = arena_strdup(a, f.hint);
	host_stream_free(s);
	host_free(h);
	return f;
}

/* Some hosts tell the time by the clock on the wall. */
static void
utc(void)
{
	setenv("TZ", "UTC0", 1);
	tzset();
}

TEST(class, recorded_failures)
{
	utc();
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		const struct outcome how = { .kind = OUT_EXITED,
			.code = r->code };
		auto_arena a = ARENA_INIT;
		struct failure f = classify(&a, r, &how);

		cr_expect_eq(f.class, r->class, "%s %s %d '%s': %s by %s",
		    r->host, r->file ? r->file : "-", r->code, r->stderr_end,
		    failure_class_name(f.class), f.by);
		cr_expect_eq(f.until_us, r->until_us, "%s %s: until %lld",
		    r->host, r->file ? r->file : "-", f.until_us);
		cr_expect(
		    f.class != CLASS_AUTH || f.hint, "%s: what to do?", f.by);
	}
}

/* Does a recording meet this row, before all others? */
static bool
is_seen(const struct host *h, const struct host_failure *row)
{
	bool seen = false;

	for (size_t i = 0; i < COUNT(rows) && !seen; i++) {
		const struct outcome how = { .kind = OUT_EXITED,
			.code = rows[i].code };
		auto_arena a = ARENA_INIT;

		if (strcmp(rows[i].host, h->name) == 0 && is_recorded(&rows[i]))
			seen = strcmp(classify(&a, &rows[i], &how).by,
				   row->by) == 0;
	}
	return seen;
}

TEST(class, rows_that_nobody_has_seen_say_so)
{
	static const char *const hosts[] = { "claude", "codex", "gemini",
		"opencode" };

	utc();
	for (size_t i = 0; i < COUNT(hosts); i++) {
		struct host *h = rig_shipped(hosts[i]);

		for (size_t k = 0; k < h->nown_failures; k++)
			cr_expect_neq(is_seen(h, &h->failure[k]),
			    h->failure[k].unverified, "%s, unverified: %s",
			    h->failure[k].by,
			    h->failure[k].unverified ? "true" : "false");
		host_free(h);
	}
}

static struct failure
late(struct arena *a, enum limit_kind kind, const char *said)
{
	const struct outcome how = { .kind = OUT_TIMEOUT, .code = (int)kind };
	const struct row r = { "opencode", NULL, 0, said, 0, 0 };

	return classify(a, &r, &how);
}

TEST(class, who_only_tries_again_when_its_time_is_over)
{
	static const char again[] =
	    "level=ERROR message=\"stream error\" small=false x "
	    "error.error=\"AI_APICallError: away\"\n";
	auto_arena a = ARENA_INIT;

	cr_expect_eq(late(&a, LIMIT_WALL, "").class, CLASS_WALL);
	cr_expect_eq(
	    late(&a, LIMIT_IDLE, "level=ERROR other\n").class, CLASS_IDLE);
	cr_expect_eq(late(&a, LIMIT_WALL, again).class, CLASS_TRANSIENT);
	cr_expect_eq(late(&a, LIMIT_IDLE, again).class, CLASS_TRANSIENT);
	cr_expect_eq(late(&a, LIMIT_LOOP, again).class, CLASS_LOOP);
	cr_expect_str_eq(
	    late(&a, LIMIT_WALL, again).text, "AI_APICallError: away");
}

TEST(class, what_we_ended_ourselves)
{
	static const struct {
		struct outcome how;
		const char *file;
		enum failure_class class;
	} ends[] = {
		{ { .kind = OUT_TIMEOUT, .code = LIMIT_WALL }, NULL,
		    CLASS_WALL },
		{ { .kind = OUT_TIMEOUT, .code = LIMIT_IDLE }, NULL,
		    CLASS_IDLE },
		{ { .kind = OUT_TIMEOUT, .code = LIMIT_LOOP },
		    "claude-quota.jsonl", CLASS_LOOP },
		{ { .kind = OUT_TIMEOUT, .code = LIMIT_WALL },
		    "claude-lingering.jsonl", CLASS_NONE },
		{ { .kind = OUT_SIGNALED, .code = SIGKILL },
		    "claude-lingering.jsonl", CLASS_NONE },
		{ { .kind = OUT_SIGNALED, .code = SIGKILL }, NULL,
		    CLASS_TRANSIENT },
		{ { .kind = OUT_SIGNALED, .code = SIGKILL, .starved = true },
		    NULL, CLASS_MEMORY },
		{ { .kind = OUT_EXITED, .code = 1, .cut = CUT_BYTES }, NULL,
		    CLASS_OUTPUT },
		{ { .kind = OUT_EXITED, .code = 1, .cut = CUT_PROCS }, NULL,
		    CLASS_PROCS },
		{ { .kind = OUT_SPAWN_FAILED, .code = ENOENT }, NULL,
		    CLASS_CONFIG },
		{ { .kind = OUT_SPAWN_FAILED, .code = EAGAIN }, NULL,
		    CLASS_TRANSIENT },
		{ { .kind = OUT_SPAWN_FAILED, .code = E2BIG }, NULL,
		    CLASS_PROMPT },
		{ { .kind = OUT_LOST }, NULL, CLASS_TRANSIENT },
	};

	for (size_t i = 0; i < COUNT(ends); i++) {
		const struct row r = { "claude", ends[i].file, 0, "", 0, 0 };
		auto_arena a = ARENA_INIT;
		struct failure f = classify(&a, &r, &ends[i].how);

		cr_expect_eq(f.class, ends[i].class, "%zu: %s by %s", i,
		    failure_class_name(f.class), f.by);
	}
}

TEST(class, the_words_are_the_hosts)
{
	const struct outcome how = { .kind = OUT_EXITED, .code = 1 };
	const struct row r = { "command", NULL, 1, "a\n\nlast \x1b[1m word\n",
		0, 0 };
	auto_arena a = ARENA_INIT;
	struct failure f = classify(&a, &r, &how);

	cr_expect_str_eq(f.text, "last \\x1b[1m word");
}

TEST(class, names_go_there_and_back)
{
	for (int i = 0; i < CLASSES; i++) {
		enum failure_class c = (enum failure_class)i;

		cr_expect_eq(failure_class_of(failure_class_name(c)), c);
	}
	cr_expect_eq(failure_class_of("nonsense"), CLASSES);
}
