/*
 * A run that ends between, or in the middle of, the calls of a judgement and
 * is resumed: what was answered is not asked again, no action is done again
 * for it, and the end is the same.
 */
#include "again_bed.h"
#include "host_bed.h"

static size_t
lines(const struct bench *b, const char *file)
{
	auto_str path = STR_INIT, text = STR_INIT;
	struct err e = ERR_INIT;
	size_t n = 0;

	str_addf(&path, "%s/%s", b->dir, file);
	if (file_read(path.buf, 1 << 20, &text, &e) < 0)
		return 0;
	for (size_t i = 0; i < text.len; i++)
		n += text.buf[i] == '\n';
	return n;
}

static void
forget(const struct bench *b)
{
	auto_str rm = STR_INIT;

	str_addf(&rm, "cd %s && rm -rf acted calls base boot p.h c.c journal",
	    b->dir);
	cr_assert_eq(system(rm.buf), 0);
}

/* The event of the record `n` of what was written; NULL: there is none. */
static char *
event_at(const struct bench *b, long long n)
{
	auto_str text = STR_INIT;
	struct err e = ERR_INIT;
	struct sv rest, line;
	const char *at;

	cr_assert_eq(file_read(b->path, 1 << 22, &text, &e), 0, "%s", e.msg);
	rest = str_sv(&text);
	for (long long i = 1; sv_cut(&rest, '\n', &line) && i < n; i++)
		;
	at = memmem(line.p, line.n, "\"event\":\"", 9);
	return at ? strndup(at + 9, strcspn(at + 9, "\"")) : NULL;
}

/* Was the cut where something had begun that is begun again? */
struct expected {
	size_t acted, calls;
};

static struct expected
twice(const struct bench *b, long long k)
{
	auto_free char *event = event_at(b, k);
	auto_free char *next = event_at(b, k + 1);
	bool settled = strcmp(event, "limit_settle") == 0;
	bool judged = strcmp(next, "judge_complete") == 0;
	/* Between them nothing but what was spent. */
	bool asks = strcmp(event, "judge_start") == 0 &&
	    (judged || strcmp(next, "limit_settle") == 0);

	return (struct expected) { strcmp(event, "action_start") == 0 ||
		    (settled && !judged),
		asks || (settled && judged) };
}

static bool
is_of_interest(const struct bench *b, long long k)
{
	static const char *const events[] = { "action_start", "action_complete",
		"judge_start", "judge_complete", "evaluate" };
	auto_free char *event = event_at(b, k);

	for (size_t i = 0; i < COUNT(events); i++)
		if (strcmp(events[i], event) == 0)
			return true;
	return false;
}

struct cut {
	long long at;
	struct expected more;
};

static void
check_cut(struct bench *b, const struct cut *c, const char *want,
    const struct expected *once)
{
	auto_free char *got = NULL;

	forget(b);
	b->stop_after = c->at;
	start(b);
	go_on(b);
	got = came_to(b);
	cr_assert_str_eq(got, want, "cut after record %lld", c->at);
	cr_assert_eq(lines(b, "calls"), once->calls + c->more.calls,
	    "cut after record %lld: calls", c->at);
	cr_assert_eq(lines(b, "acted"), once->acted + c->more.acted,
	    "cut after record %lld: actions", c->at);
}

TEST(judge_again, what_was_answered_is_not_asked_again)
{
	struct bench b = { .stop_after = 0 };
	struct host_bed hosts;
	char dir[] = "/tmp/ll-judge-XXXXXX";
	auto_free char *want = NULL;
	auto_str rm = STR_INIT, path = STR_INIT;
	VEC(struct cut) cuts = VEC_INIT;
	struct journal_end end;
	struct expected once;
	struct err e = ERR_INIT;

	cr_assert_eq(proc_become_reaper(&e), 0);
	cr_assert_not_null(mkdtemp(dir));
	str_addf(&path, "%s/journal", dir);
	b.dir = dir;
	b.path = path.buf;
	host_bed_init(&hosts);
	b.hosting = host_bed_hosting(&hosts);
	load(&b, "tests/loops/judges.yaml");
	start(&b);
	fold(&b, &end);
	for (long long k = 2; k < b.folded.seq - 1; k++)
		if (is_of_interest(&b, k))
			vec_push(&cuts, ((struct cut) { k, twice(&b, k) }));
	want = came_to(&b);
	cr_assert_not_null(strstr(want, "final_state: \"done\""), "%s", want);
	cr_assert_not_null(strstr(want, "\"output\":\"fresh\""), "%s", want);
	once = (struct expected) { lines(&b, "acted"), lines(&b, "calls") };
	/* ask think abstain*3 passing*2 line pairs*2 blind*2 */
	cr_assert_eq(once.calls, 12);
	for (size_t i = 0; i < cuts.len; i++)
		check_cut(&b, &cuts.at[i], want, &once);
	vec_release(&cuts);
	unload(&b);
	host_bed_release(&hosts);
	str_addf(&rm, "rm -rf %s", dir);
	cr_assert_eq(system(rm.buf), 0);
}
