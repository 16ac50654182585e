/* What evaluators ask of the world, and what the run makes of the answers. */
#include "engine/verdict.h"

#include "engine_bed.h"

/* Answers in order; the last is given again and again. "!kind" is a fault,
 * "!stopped" comes with the signal. */
struct oracle_script {
	struct bed *bed;
	const char *const *says;
	size_t n, at;
	struct str asked;
};

static void
tell(void *self, const struct probe *q, struct arena *a, struct helped *out)
{
	struct oracle_script *o = self;
	const char *says = o->says[o->at];
	struct val *v = val_map(a);

	cr_expect_gt(q->limit_ms, 0);
	cr_expect_leq(q->limit_ms, PROBE_MS);
	cr_expect_str_eq(val_str(q->args, "cwd", ""), "/");
	str_addf(&o->asked, "%s%s", o->asked.len ? " " : "", q->request);
	if (o->at + 1 < o->n)
		o->at++;
	*out = (struct helped) { NULL, says + 1, "no answer" };
	if (strcmp(says, "!stopped") == 0)
		o->bed->sig.stop = SIGTERM;
	if (says[0] == '!')
		return;
	val_set(a, v, "print", val_text(a, says));
	*out = (struct helped) { .v = v };
}

struct row {
	const char *yaml, *trace, *says[4], *asked;
};

static void
check(const struct row *r)
{
	static const struct play fails[] = { EXIT(1) };
	struct oracle_script o = { .says = r->says, .asked = STR_INIT };
	struct err e = ERR_INIT;
	struct bed b;

	while (o.n < COUNT(r->says) && r->says[o.n])
		o.n++;
	bed_init(&b, r->yaml, fails, 1);
	o.bed = &b;
	b.run.oracle = (struct oracle) { tell, &o };
	cr_expect_eq(bed_drive(&b, &e), 0, "%s", e.msg);
	cr_expect_str_eq(b.trace.buf, r->trace);
	cr_expect_str_eq(o.asked.buf, r->asked);
	str_release(&o.asked);
	bed_release(&b);
}

#define LOOP(rest) "name: t\ninitial: a\nmax_steps: 5\n" rest
#define DIFF(keys)                                                     \
	LOOP("states:\n"                                               \
	     "  a: {evaluate: {type: diff_stall" keys "}, on_yes: a, " \
	     "on_no: z, on_error: e}\n"                                \
	     "  e: {terminal: true}\n"                                 \
	     "  z: {terminal: true}\n")
#define CIRCUIT(keys)                                             \
	LOOP("circuit: {repeated_failure: {window: 2" keys "}}\n" \
	     "states:\n"                                          \
	     "  a: {action: 'false', on_yes: z, on_no: a}\n"      \
	     "  z: {terminal: true}\n")

TEST(verdict, the_world_is_asked)
{
	static const struct row rows[] = {
		{ DIFF(""), ">a ?yes ~a >a ?no ~z terminal/0", { "1", "1" },
		    "git_changes git_changes" },
		{ DIFF(""), ">a ?yes ~a >a ?yes ~a >a ?no ~z terminal/0",
		    { "1", "2", "2" }, "git_changes git_changes git_changes" },
		{ DIFF(", max_stall: 2"),
		    ">a ?yes ~a >a ?yes ~a >a ?no ~z terminal/0",
		    { "1", "1", "1" }, "git_changes git_changes git_changes" },
		{ DIFF(""), ">a ?error ~e terminal/0", { "!timeout" },
		    "git_changes" },
		{ CIRCUIT(""),
		    ">a =1 ?no ~a >a =1 ?no (stall_detected) stall_detected/1",
		    { "1" }, "" },
		{ CIRCUIT(", exclude_paths: [x]"),
		    ">a =1 ?no ~a >a =1 ?no (stall_detected) stall_detected/1",
		    { "1" }, "" },
		{ CIRCUIT(", progress_paths: [x]"),
		    ">a =1 ?no ~a >a =1 ?no (stall_detected) stall_detected/1",
		    { "1" }, "files files" },
		{ CIRCUIT(", progress_paths: [x]"),
		    ">a =1 ?no ~a >a =1 ?no ~a >a =1 ?no ~a >a =1 ?no "
		    "(stall_detected) stall_detected/1",
		    { "1", "2", "3" }, "files files files files" },
		/* no answer: the failures count as without the key */
		{ CIRCUIT(", progress_paths: [x]"),
		    ">a =1 ?no ~a >a =1 ?no (stall_detected) stall_detected/1",
		    { "!limit" }, "files files" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i]);
}

/* Nothing was judged, so nothing is said: a resume does the state again. */
TEST(verdict, a_signal_leaves_no_verdict)
{
	static const struct row rows[] = {
		{ DIFF(""), ">a (phase) interrupted/143", { "!stopped" },
		    "git_changes" },
		{ CIRCUIT(", progress_paths: [x]"),
		    ">a =1 (phase) interrupted/143", { "!stopped" }, "files" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i]);
}

TEST(verdict, the_journal_is_durable_before_anything_takes_time)
{
	struct err e = ERR_INIT;
	struct bed b;

	bed_init(&b, DIFF(""), NULL, 0);
	b.fail = "settle";
	cr_expect_eq(bed_drive(&b, &e), -1);
	cr_expect_str_eq(e.msg, "no settle");
	cr_expect_str_eq(b.trace.buf, ">a io_error/1");
	bed_release(&b);
}

/* ${...} of an action is part of what action_stall sees. */
TEST(verdict, an_action_is_known_by_its_values)
{
	static const struct play says[] = { SAYS(0, "1"), SAYS(0, "2"),
		SAYS(0, "2"), SAYS(0, "2") };
	struct err e = ERR_INIT;
	struct bed b;

	bed_init(&b,
	    LOOP("states:\n"
		 "  a: {action: 'echo ${captured.o.output:default=0}', "
		 "capture: o, evaluate: {type: action_stall, max_repeat: 1}, "
		 "on_yes: a, on_no: z, on_error: z}\n"
		 "  z: {terminal: true}\n"),
	    says, COUNT(says));
	cr_expect_eq(bed_drive(&b, &e), 0, "%s", e.msg);
	cr_expect_str_eq(b.trace.buf,
	    ">a =0 ?yes ~a >a =0 ?yes ~a >a =0 ?yes ~a >a =0 ?no ~z "
	    "terminal/0");
	bed_release(&b);
}
