/*
 * What is known of the hosts that are called verified, as a table: each of
 * them × text, usage, cost, end and every class of failure that the engine
 * tells apart.  A cell is shown by a recording of the program, or says why
 * there is none; one that is missing fails.
 */
#include "rig.h"

#include "host/class.h"

enum fact {
	FACT_TEXT,
	FACT_USAGE,
	FACT_COST,
	FACT_END,
	FACT_TRANSIENT,
	FACT_QUOTA,
	FACT_AUTH,
	FACT_CONFIG,
	FACT_FAILED,
	FACTS
};

static const char *const hosts[] = { "claude", "codex", "gemini", "opencode" };

struct cell {
	const char *host;
	enum fact fact;
	const char *out, *err; /* recordings; NULL: it is silent there */
	int code;
	const char *none; /* why there is nothing to show */
};

/* clang-format off */
static const struct cell cells[] = {
	{ "claude", FACT_TEXT, "claude-real-ok.jsonl", NULL, 0, NULL },
	{ "claude", FACT_USAGE, "claude-real-ok.jsonl", NULL, 0, NULL },
	{ "claude", FACT_COST, "claude-real-ok.jsonl", NULL, 0, NULL },
	{ "claude", FACT_END, "claude-real-ok.jsonl", NULL, 0, NULL },
	{ "claude", FACT_TRANSIENT, "claude-real-529.jsonl", NULL, 1, NULL },
	{ "claude", FACT_QUOTA, "claude-real-quota.jsonl", NULL, 1, NULL },
	{ "claude", FACT_AUTH, "claude-real-auth.jsonl", NULL, 1, NULL },
	{ "claude", FACT_CONFIG, "claude-real-model.jsonl", NULL, 1, NULL },
	{ "claude", FACT_FAILED, "claude-real-refused.jsonl", NULL, 1, NULL },
	{ "codex", FACT_TEXT, "codex-real-ok.jsonl", NULL, 0, NULL },
	{ "codex", FACT_USAGE, "codex-real-ok.jsonl", NULL, 0, NULL },
	{ "codex", FACT_COST, NULL, NULL, 0, "it tells tokens only" },
	{ "codex", FACT_END, "codex-real-ok.jsonl", NULL, 0, NULL },
	{ "codex", FACT_TRANSIENT, "codex-real-503.jsonl", NULL, 1, NULL },
	{ "codex", FACT_QUOTA, "codex-real-today.jsonl", NULL, 1, NULL },
	{ "codex", FACT_AUTH, "codex-real-auth.jsonl", NULL, 1, NULL },
	{ "codex", FACT_CONFIG, "codex-real-model.jsonl", NULL, 1, NULL },
	{ "codex", FACT_FAILED, "codex-real-refused.jsonl", NULL, 1, NULL },
	{ "gemini", FACT_TEXT, "gemini-real-ok.jsonl", NULL, 0, NULL },
	{ "gemini", FACT_USAGE, "gemini-real-ok.jsonl", NULL, 0, NULL },
	{ "gemini", FACT_COST, NULL, NULL, 0, "it tells tokens only" },
	{ "gemini", FACT_END, "gemini-real-ok.jsonl", NULL, 0, NULL },
	{ "gemini", FACT_TRANSIENT, "gemini-real-503.jsonl",
	  "gemini-real-503.err", 143, NULL },
	{ "gemini", FACT_QUOTA, "gemini-real-quota.jsonl", NULL, 173, NULL },
	{ "gemini", FACT_AUTH, "gemini-real-auth.jsonl", NULL, 145, NULL },
	{ "gemini", FACT_CONFIG, "gemini-real-model.jsonl", NULL, 1, NULL },
	{ "gemini", FACT_FAILED, "gemini-real-refused.jsonl", NULL, 144,
	  NULL },
	{ "opencode", FACT_TEXT, "opencode-real-ok.jsonl", NULL, 0, NULL },
	{ "opencode", FACT_USAGE, "opencode-real-ok.jsonl", NULL, 0, NULL },
	{ "opencode", FACT_COST, "opencode-real-ok.jsonl", NULL, 0, NULL },
	{ "opencode", FACT_END, NULL, NULL, 0,
	  "it says nothing of its end: that it left with 0 is all" },
	{ "opencode", FACT_TRANSIENT, NULL, "opencode-real-500.err", 143,
	  NULL },
	{ "opencode", FACT_QUOTA, "opencode-real-quota.jsonl",
	  "opencode-real-quota.err", 1, NULL },
	{ "opencode", FACT_AUTH, "opencode-real-auth.jsonl", NULL, 1, NULL },
	{ "opencode", FACT_CONFIG, "opencode-real-model.jsonl", NULL, 1,
	  NULL },
	{ "opencode", FACT_FAILED, "opencode-real-refused.jsonl",
	  "opencode-real-refused.err", 1, NULL },
};
/* clang-format on */

static const enum failure_class classes[FACTS] = {
	[FACT_TRANSIENT] = CLASS_TRANSIENT,
	[FACT_QUOTA] = CLASS_QUOTA,
	[FACT_AUTH] = CLASS_AUTH,
	[FACT_CONFIG] = CLASS_CONFIG,
	[FACT_FAILED] = CLASS_AGENT,
};

static bool
told(enum fact fact, const struct host_seen *seen)
{
	switch (fact) {
	case FACT_TEXT:
		return seen->answer.n > 0;
	case FACT_USAGE:
		return seen->used.input > 0 && seen->used.output > 0;
	case FACT_COST:
		return seen->used.cost > 0;
	case FACT_END:
		return seen->ended;
	default:
		return true;
	}
}

static struct host_stream *
replay(const struct cell *c, const struct host *h, struct str *said)
{
	struct host_stream *s = host_stream_new(h, CALL_ACTION, NULL, NULL);
	auto_str text = STR_INIT;

	if (c->err)
		rig_file(c->err, said);
	if (c->out)
		rig_file(c->out, &text);
	host_stream_stderr(s, said->buf, said->len);
	host_stream_feed(s, text.buf, text.len);
	host_stream_end(s);
	return s;
}

static void
shows(const struct cell *c)
{
	struct host *h = rig_shipped(c->host);
	const struct outcome how = { .kind = OUT_EXITED, .code = c->code };
	auto_arena a = ARENA_INIT;
	auto_str said = STR_INIT;
	struct host_stream *s = replay(c, h, &said);
	struct class_in in = { .host = h,
		.how = &how,
		.seen = host_stream_seen(s),
		.stderr_end = str_sv(&said),
		.now_us = 1795000000000000LL };
	struct failure f;

	class_of(&in, &a, &f);
	cr_expect_eq(f.class, classes[c->fact], "%s %d: %s by %s", c->host,
	    c->fact, failure_class_name(f.class), f.by);
	cr_expect(told(c->fact, in.seen), "%s %d: not told", c->host, c->fact);
	cr_expect(c->fact < FACT_TRANSIENT || *f.text,
	    "%s %d: by %s without "
	    "a word of it",
	    c->host, c->fact, f.by);
	host_stream_free(s);
	host_free(h);
}

/* What is said not to be told must not be, in any recording of a success. */
static void
shows_not(const struct cell *c)
{
	auto_arena a = ARENA_INIT;
	const struct cell ok = { c->host, c->fact,
		arena_printf(&a, "%s-real-ok.jsonl", c->host), NULL, 0, NULL };
	struct host *h = rig_shipped(c->host);
	auto_str said = STR_INIT;
	struct host_stream *s = replay(&ok, h, &said);

	cr_expect_lt(c->fact, FACT_TRANSIENT,
	    "%s %d: a class needs a recording", c->host, c->fact);
	cr_expect_not(told(c->fact, host_stream_seen(s)), "%s %d: but it is",
	    c->host, c->fact);
	host_stream_free(s);
	host_free(h);
}

TEST(cover, every_cell_is_shown_by_a_recording)
{
	for (size_t i = 0; i < COUNT(hosts); i++)
		for (int k = 0; k < FACTS; k++) {
			size_t n = 0;

			for (size_t c = 0; c < COUNT(cells); c++)
				n += cells[c].fact == (enum fact)k &&
				    !strcmp(cells[c].host, hosts[i]);
			cr_expect_eq(n, 1, "%s %d: %zu", hosts[i], k, n);
		}
	for (size_t c = 0; c < COUNT(cells); c++)
		if (cells[c].none)
			shows_not(&cells[c]);
		else
			shows(&cells[c]);
}

TEST(cover, they_are_those_that_are_called_verified)
{
	static const char *const others[] = { "qwen", "kimi", "pi", "omp",
		"copilot" };

	for (size_t i = 0; i < COUNT(hosts); i++) {
		struct host *h = rig_shipped(hosts[i]);

		cr_expect(h->verified, "%s", h->name);
		host_free(h);
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		struct host *h = rig_shipped(others[i]);

		cr_expect_not(h->verified, "%s", h->name);
		host_free(h);
	}
	for (size_t c = 0; c < COUNT(cells); c++) {
		const struct cell *x = &cells[c];

		cr_expect(x->none || (x->out && strstr(x->out, "-real-")) ||
			(x->err && strstr(x->err, "-real-")),
		    "%s", x->host);
	}
}
