/*
 * Prompts as actions: what a host is given, what of its stream becomes the
 * action's output, and the path a state takes after each way a call can end.
 * The host is the shipped file of claude, what it prints is a script.
 */
#include "engine/ask.h"

#include <errno.h>
#include <unistd.h>

#include "../host/rig.h"
#include "engine_bed.h"

#define ENDS                                       \
	"  bad: {terminal: true, failure: true}\n" \
	"  done: {terminal: true}\n"
#define A(keys)                                                       \
	"name: t\ninitial: a\ncontext: {x: it}\nstates:\n"            \
	"  a: {action_type: prompt, action: 'do ${context.x}', " keys \
	"}\n" ENDS

#define TEXT(t)                                              \
	"{\"type\":\"assistant\",\"message\":{\"content\":[" \
	"{\"type\":\"text\",\"text\":\"" t "\"}]}}\n"
#define END                                                                \
	"{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false," \
	"\"session_id\":\"s-1\",\"total_cost_usd\":0.0125,"                \
	"\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}\n"
#define FAILED                                                         \
	"{\"type\":\"result\",\"subtype\":\"error_during_execution\"," \
	"\"is_error\":true,\"result\":\"no way\"}\n"

struct seat {
	struct bed bed;
	struct host *host;
	struct str argv, env, prompt; /* of the last call */
	struct child_spec spec;
	size_t settled, calls;
	struct val *records; /* by the name of the event, the last */
	bool sealed;
};

static int
take(void *self, const char *name, const struct host **host,
    const char **program, struct err *e)
{
	struct seat *s = self;

	if (name && strcmp(name, "claude") != 0)
		return err_set(e, ERR_NEED, "no '%s' here", name);
	*host = s->host;
	*program = "/opt/claude";
	return 0;
}

static void
read_prompt(struct seat *s, int fd)
{
	char buf[256];
	ssize_t n;

	str_reset(&s->prompt);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		str_add(&s->prompt, buf, (size_t)n);
	s->sealed = pwrite(fd, "x", 1, 0) < 0 && errno == EPERM;
}

static int
begin(void *self, size_t slot, const struct child_spec *spec, struct err *e)
{
	struct seat *s = self;

	s->calls++;
	s->spec = *spec;
	str_reset(&s->argv);
	str_reset(&s->env);
	for (size_t i = 0; spec->argv[i]; i++)
		str_addf(&s->argv, "%s|", spec->argv[i]);
	for (size_t i = 0; spec->env[i]; i++)
		str_addf(&s->env, "%s|", spec->env[i]);
	if (spec->in)
		read_prompt(s, spec->in);
	cr_expect_gt(s->settled, 0, "what is recorded must be on the disk");
	return bed_begin(&s->bed, slot, spec, e);
}

static int
wait(void *self, long long until, size_t *slot, struct outcome *out,
    struct err *e)
{
	return bed_wait(&((struct seat *)self)->bed, until, slot, out, e);
}

static void
cancel(void *self, size_t slot)
{
	bed_cancel(&((struct seat *)self)->bed, slot);
}

static int
settle(void *self, struct err *e)
{
	((struct seat *)self)->settled++;
	return bed_fails(self, "settle", e);
}

static int
remember(void *self, const struct event *ev, struct err *e)
{
	struct seat *s = self;

	(void)e;
	if (ev->kind == EV_ACTION_START || ev->kind == EV_ACTION_COMPLETE ||
	    ev->kind == EV_EVALUATE || ev->kind == EV_ACTION_ERROR)
		val_set(&s->bed.mem, s->records, event_name(ev->kind),
		    val_copy(&s->bed.mem, ev->fields));
	return 0;
}

static void
sit(struct seat *s, const char *yaml, const struct play *plays, size_t n)
{
	*s = (struct seat) {
		.argv = STR_INIT, .env = STR_INIT, .prompt = STR_INIT
	};
	bed_init(&s->bed, yaml, plays, n);
	s->host = rig_shipped("claude");
	s->bed.run.hosting = (struct hosting) { .take = take, .self = s };
	s->bed.run.actor = (struct actor) { begin, wait, cancel, s };
	s->bed.run.vault.settle = settle;
	s->bed.sinks[1] = (struct sink) { .hear = remember, .self = s };
	s->bed.run.nsinks = 2;
	s->records = val_map(&s->bed.mem);
}

static void
rise(struct seat *s)
{
	bed_release(&s->bed);
	host_free(s->host);
	str_release(&s->argv);
	str_release(&s->env);
	str_release(&s->prompt);
}

static const struct val *
record(const struct seat *s, const char *event)
{
	const struct val *v = val_get(s->records, event);

	cr_assert_not_null(v, "no %s", event);
	return v;
}

struct row {
	const char *what, *yaml, *want, *class;
	struct play plays[2];
};

/* clang-format off */
static const struct row rows[] = {
	{ "a good call goes on", A("next: done"),
	    ">a =0 ~done terminal/0", NULL, { SAYS(0, TEXT("hi") END) } },
	{ "on_error leaves it alone", A("next: done, on_error: bad"),
	    ">a =0 ~done terminal/0", NULL, { SAYS(0, TEXT("hi") END) } },
	{ "its exit code after its end says nothing when it was ended",
	    A("next: done, on_error: bad"),
	    ">a =0 ~done terminal/0", NULL,
	    { { { .kind = OUT_SIGNALED, .code = 15, .lingered = true },
		TEXT("hi") END, false } } },
	{ "nor that we were stopped meanwhile", A("next: done"),
	    ">a =0 ~done terminal/0", NULL,
	    { { { .kind = OUT_SIGNALED, .code = 15, .stopped = true },
		TEXT("hi") END, false } } },
	{ "one that is stopped is not over", A("next: done"),
	    ">a (phase) interrupted/143", NULL,
	    { { { .kind = OUT_SIGNALED, .code = 15, .stopped = true },
		TEXT("hi"), false } } },
	{ "a failure goes to on_error", A("next: done, on_error: bad"),
	    ">a =7 ~bad:failed terminal/2", "agent.failed",
	    { SAYS(7, TEXT("hi")) } },
	{ "or, as from any action, on to next", A("next: done"),
	    ">a =7 ~done terminal/0", "agent.failed",
	    { SAYS(7, TEXT("hi")) } },
	{ "an error that the host tells is one, with exit 0 too",
	    A("next: done, on_error: bad"),
	    ">a =1 ~bad:failed terminal/2", "agent.failed",
	    { SAYS(0, FAILED) } },
	{ "no end is an error", A("next: done, on_error: bad"),
	    ">a =1 ~bad:failed terminal/2", "agent.failed",
	    { SAYS(0, TEXT("hi")) } },
	{ "a timeout does not go on to next", A("next: done"),
	    ">a =124 error/1", "limit.wall", { TIMES_OUT(LIMIT_WALL) } },
	{ "a failed call is not judged",
	    A("evaluate: {type: output_contains, pattern: hi}, on_yes: done, "
	      "on_no: done, on_error: bad"),
	    ">a =7 ?error ~bad terminal/2", "agent.failed",
	    { SAYS(7, TEXT("hi") FAILED) } },
	{ "not by its exit code either",
	    A("evaluate: {type: exit_code}, on_yes: done, on_no: done, "
	      "on_error: bad"),
	    ">a =1 ?error ~bad terminal/2", "agent.failed",
	    { SAYS(1, FAILED) } },
	{ "a good one is, by its text",
	    A("evaluate: {type: output_contains, pattern: 'a\\nb'}, "
	      "on_yes: done, on_no: bad"),
	    ">a =0 ?yes ~done terminal/0", NULL,
	    { SAYS(0, TEXT("a\\nb") END) } },
	{ "what cannot be started was no call", A("next: done, on_error: bad"),
	    ">a !spawn ~bad:spawn terminal/2", NULL, { UNSTARTED } },
	{ "another host", A("next: done, on_error: bad, host: gpt"),
	    ">a !host ~bad:host terminal/2", NULL, { EXIT(0) } },
	{ "a prompt of nothing",
	    "name: t\ninitial: a\ncontext: {x: ''}\nstates:\n  a: "
	    "{action_type: prompt, action: '${context.x}', next: done, "
	    "on_error: bad}\n" ENDS,
	    ">a !host ~bad:host terminal/2", NULL, { EXIT(0) } },
	{ "a value that is not there",
	    "name: t\ninitial: a\nstates:\n"
	    "  q: {action_type: prompt, action: x, next: a, capture: q}\n"
	    "  a: {action_type: prompt, action: '${captured.q.output}', next: "
	    "q, on_error: bad}\n" ENDS,
	    ">a !interpolation ~bad:interpolation terminal/2", NULL,
	    { EXIT(0) } },
	{ "items", "name: t\ninitial: a\nstates:\n  a: {parallel: {items: "
	    "[1, 2], action: '/say ${item}'}, on_yes: done, on_no: bad}\n" ENDS,
	    ">a (parallel_start) (item_start) (item_start) =0 (item_complete) "
	    "=0 (item_complete) ?yes ~done terminal/0", NULL,
	    { SAYS(0, TEXT("x") END) } },
};
/* clang-format on */

TEST(ask, each_end_of_a_call_has_its_path)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct err e = ERR_INIT;
		struct seat s;

		sit(&s, r->yaml, r->plays, 1);
		cr_expect_eq(
		    bed_drive(&s.bed, &e), 0, "%s: %s", r->what, e.msg);
		cr_expect_str_eq(s.bed.trace.buf, r->want, "%s: %s", r->what,
		    s.bed.trace.buf);
		if (r->class)
			cr_expect_str_eq(val_str(record(&s, "action_complete"),
					     "failure_class", "none"),
			    r->class, "%s", r->what);
		rise(&s);
	}
}

TEST(ask, a_host_is_given_what_the_state_says)
{
	static const struct play good = SAYS(0, TEXT("hi") END);
	struct err e = ERR_INIT;
	struct seat s;

	sit(&s,
	    A("next: done, model: big, agent: scout, tools: [Read, Grep], "
	      "timeout: 7, idle_timeout: 2"),
	    &good, 1);
	s.bed.run.hosting.model = "small";
	s.bed.run.hosting.effort = "high";
	cr_assert_eq(bed_drive(&s.bed, &e), 0, "%s", e.msg);
	cr_expect_str_eq(s.prompt.buf, "do it");
	cr_expect(s.sealed, "the prompt can be changed");
	cr_expect(
	    strstr(s.argv.buf, "/opt/claude|--dangerously-skip-permissions|"));
	cr_expect(strstr(s.argv.buf,
	    "-p|--agent|scout|--tools|Read,Grep|--model|big|--effort|high|"));
	cr_expect(strstr(s.env.buf, "LL_NON_INTERACTIVE=1|"));
	cr_expect(strstr(s.env.buf, "LL_STATE=a|"));
	cr_expect_eq(s.spec.timeout_ms, 7000);
	cr_expect_eq(s.spec.idle_ms, 2000);
	cr_expect_eq(s.spec.linger_ms, 5000);
	cr_expect_str_eq(s.spec.cwd, "/");
	rise(&s);
}

TEST(ask, an_inherited_variable_gives_way_to_that_of_the_host)
{
	static const struct play good = SAYS(0, END);
	static char zero[] = "LL_NON_INTERACTIVE=0", other[] = "A=b";
	static char *const env[] = { zero, other, NULL };
	struct err e = ERR_INIT;
	struct seat s;

	sit(&s, A("next: done"), &good, 1);
	s.bed.run.env = env;
	cr_assert_eq(bed_drive(&s.bed, &e), 0, "%s", e.msg);
	cr_expect_null(strstr(s.env.buf, "LL_NON_INTERACTIVE=0"));
	cr_expect(strstr(s.env.buf, "A=b|"));
	rise(&s);
}

TEST(ask, records_tell_of_the_call)
{
	static const struct play good = SAYS(0, TEXT("one") TEXT("two") END);
	const struct val *first, *last;
	struct err e = ERR_INIT;
	struct seat s;

	sit(&s, A("next: done, model: big, capture: c"), &good, 1);
	cr_assert_eq(bed_drive(&s.bed, &e), 0, "%s", e.msg);
	first = record(&s, "action_start");
	cr_expect_str_eq(val_str(first, "action", ""), "do it");
	cr_expect(val_get(first, "is_prompt")->b);
	cr_expect_str_eq(val_str(first, "host", ""), "claude");
	cr_expect_str_eq(val_str(first, "model", ""), "big");
	last = record(&s, "action_complete");
	cr_expect(val_get(last, "is_prompt")->b);
	cr_expect_str_eq(val_str(last, "output", ""), "one\ntwo");
	cr_expect_str_eq(val_str(last, "session", ""), "s-1");
	cr_expect_eq(val_num(last, "input_tokens", -1), 3);
	cr_expect_eq(val_num(last, "output_tokens", -1), 4);
	cr_expect_eq(val_num(last, "cost_micro_usd", -1), 12500);
	cr_expect_null(val_get(last, "cache_read_tokens"));
	cr_expect_null(val_get(last, "failure_class"));
	cr_expect_null(val_get(last, "failure_type"));
	rise(&s);
}

/* What was heard before a limit stays. */
TEST(ask, a_timeout_keeps_text_and_usage)
{
	static const struct play late = { { .kind = OUT_TIMEOUT,
					      .code = LIMIT_IDLE },
		TEXT("half of") "{\"type\":\"assi", false };
	const struct val *last;
	struct err e = ERR_INIT;
	struct seat s;

	sit(&s, A("next: done, on_error: bad, capture: c"), &late, 1);
	cr_assert_eq(bed_drive(&s.bed, &e), 0, "%s", e.msg);
	last = record(&s, "action_complete");
	cr_expect_str_eq(val_str(last, "output", ""), "half of");
	cr_expect_str_eq(val_str(last, "failure_class", ""), "limit.idle");
	cr_expect_str_eq(val_str(last, "timeout_kind", ""), "idle");
	rise(&s);
}

TEST(ask, no_llm_asks_nobody)
{
	static const struct play good = SAYS(0, END);
	struct err e = ERR_INIT;
	struct seat s;

	sit(&s, A("next: done, on_error: bad"), &good, 1);
	s.bed.run.hosting.none = true;
	cr_assert_eq(bed_drive(&s.bed, &e), 0, "%s", e.msg);
	cr_expect_str_eq(s.bed.trace.buf, ">a !no_llm ~bad:no_llm terminal/2");
	cr_expect_eq(s.calls, 0);
	rise(&s);
	sit(&s, A("next: done"), &good, 1);
	s.bed.run.hosting.none = true;
	bed_drive(&s.bed, &e);
	cr_expect_str_eq(s.bed.trace.buf, ">a !no_llm error/1");
	rise(&s);
}

/* A secret in JSON is another text than the secret. */
TEST(ask, secrets_are_masked_in_the_text)
{
	static const struct play good =
	    SAYS(0, TEXT("key \\u0073e\\u0063ret!") END);
	struct mask *mask = mask_new();
	struct err e = ERR_INIT;
	struct seat s;

	mask_add(mask, sv("secret"));
	mask_seal(mask);
	sit(&s, A("next: done"), &good, 1);
	s.bed.run.mask = mask;
	cr_assert_eq(bed_drive(&s.bed, &e), 0, "%s", e.msg);
	cr_expect_str_eq(
	    val_str(record(&s, "action_complete"), "output", ""), "key ***!");
	rise(&s);
	mask_free(mask);
}

TEST(ask, what_cannot_be_recorded_is_not_asked)
{
	static const struct play good = SAYS(0, TEXT("hi") END);
	struct err e = ERR_INIT;
	struct seat s;

	sit(&s, A("next: done"), &good, 1);
	s.bed.fail = "settle";
	bed_drive(&s.bed, &e);
	cr_expect_eq(s.calls, 0);
	rise(&s);
	sit(&s, A("next: done"), &good, 1);
	s.bed.fail = "put";
	bed_drive(&s.bed, &e);
	cr_expect_eq(s.calls, 1);
	cr_expect_null(strstr(s.bed.trace.buf, "~done"));
	rise(&s);
}
