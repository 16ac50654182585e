/*
 * A record has an end: whatever an action or an evaluator brings, what is
 * long or deep goes to a file of the run, or is refused by name.
 */
#include "engine_bed.h"

#define JSON                                                  \
	"name: t\ninitial: a\nstates:\n"                      \
	"  a: {action: x | y, evaluate: {type: output_json, " \
	"path: ., operator: ne, target: 1}, on_yes: done, "   \
	"on_no: bad, on_error: bad}\n"                        \
	"  bad: {terminal: true, failure: true}\n"            \
	"  done: {terminal: true}\n"
#define SAYS_IT                                                    \
	"name: t\ninitial: a\nstates:\n"                           \
	"  a: {action: x | y, capture: c, "                        \
	"append_to_messages: '${captured.c.output}', next: done, " \
	"on_error: bad}\n"                                         \
	"  bad: {terminal: true, failure: true}\n"                 \
	"  done: {terminal: true}\n"

static char *
repeat(const char *before, const char *piece, size_t n, const char *after)
{
	struct str s = STR_INIT;

	str_adds(&s, before);
	for (size_t i = 0; i < n; i++)
		str_adds(&s, piece);
	str_adds(&s, after);
	return str_detach(&s);
}

/* Drive one action that prints `text`; the details of its verdict. */
static const struct val *
judge_text(struct bed *b, const char *yaml, const char *text)
{
	struct err e = ERR_INIT;

	bed_init(b, yaml, NULL, 1);
	b->one = (struct play)SAYS(0, text);
	b->plays = &b->one;
	cr_assert_eq(bed_drive(b, &e), 0, "%s", e.msg);
	return val_get(point_top(&b->run.point)->last.v, "details");
}

TEST(record, a_long_value_of_a_verdict_goes_to_a_file)
{
	auto_free char *text = repeat("[", "\"0123456789\",", 3000, "1]");
	struct bed b;
	const struct val *d = judge_text(&b, JSON, text);

	cr_assert_null(val_get(d, "value"));
	cr_assert_str_eq(val_str(d, "value_file", ""), "/kept/0");
	cr_assert_eq(val_num(d, "value_bytes", 0), (long long)strlen(text));
	cr_assert_str_eq(val_str(d, "value_sum", ""), "0123456789abcdef");
	cr_assert_str_eq(b.kept[0].buf, text);
	cr_assert_str_eq(b.trace.buf, ">a =0 ?yes ~done terminal/0");
	bed_release(&b);
}

/* As deep as a document may be, it would be too deep inside a record. */
TEST(record, a_deep_value_goes_to_a_file)
{
	auto_free char *open = repeat("", "[", 64, "");
	auto_free char *text = repeat(open, "]", 64, "");
	struct bed b;
	const struct val *d = judge_text(&b, JSON, text);

	cr_assert_str_eq(val_str(d, "value_file", ""), "/kept/0");
	cr_assert_str_eq(b.kept[0].buf, text);
	bed_release(&b);
}

TEST(record, a_short_value_stays)
{
	struct bed b;
	const struct val *d = judge_text(&b, JSON, "{\"a\": [1, 2]}");

	cr_assert_eq(val_get(d, "value")->kind, VAL_MAP);
	cr_assert_eq(b.nkept, 0);
	bed_release(&b);
}

TEST(record, a_long_pattern_goes_to_a_file)
{
	auto_free char *word = repeat("", "0123456789", 4000, "");
	auto_free char *front = repeat("name: t\ninitial: a\nstates:\n"
				       "  a: {action: x | y, evaluate: "
				       "{type: output_contains, pattern: '",
	    word, 1,
	    "'}, on_yes: done, on_no: done, on_error: done}\n"
	    "  done: {terminal: true}\n");
	struct bed b;
	const struct val *d = judge_text(&b, front, "nothing");

	cr_assert_str_eq(val_str(d, "pattern_file", ""), "/kept/0");
	cr_assert_str_eq(b.kept[0].buf, word);
	bed_release(&b);
}

/* Its JSON form is what must fit: six bytes for each control character. */
TEST(record, a_message_counts_as_it_is_written)
{
	static const struct {
		const char *piece;
		size_t n;
		const char *want;
	} rows[] = {
		{ "x", 32 * 1024 - 2,
		    ">a =0 (messages_append) ~done terminal/0" },
		{ "x", 32 * 1024 - 1, ">a =0 !limit ~bad:limit terminal/2" },
		{ "\001", 10000, ">a =0 !limit ~bad:limit terminal/2" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_free char *text = repeat("", rows[i].piece, rows[i].n, "");
		struct bed b;

		judge_text(&b, SAYS_IT, text);
		cr_assert_str_eq(
		    b.trace.buf, rows[i].want, "%zu: %s", i, b.trace.buf);
		bed_release(&b);
	}
}

TEST(record, messages_end_at_their_sum)
{
	auto_free char *text = repeat("", "0123456789", 3000, "");
	struct bed b;
	struct play play = SAYS(0, text);
	struct err e = ERR_INIT;
	const struct frame *f;

	bed_init(&b,
	    "name: t\ninitial: a\nmax_steps: 1000\nmax_edge_revisits: 1000\n"
	    "states:\n"
	    "  a: {action: x | y, capture: c, next: a, on_error: done, "
	    "append_to_messages: '${captured.c.output}'}\n"
	    "  done: {terminal: true}\n",
	    &play, 1);
	cr_assert_eq(bed_drive(&b, &e), 0, "%s", e.msg);
	f = point_top(&b.run.point);
	cr_assert_str_eq(f->terminated_by, "terminal");
	cr_assert_leq(f->message_bytes, 16 << 20);
	cr_assert_eq(f->messages.len, (16 << 20) / 30000);
	bed_release(&b);
}

TEST(record, a_long_action_is_kept_before_it_is_announced)
{
	auto_free char *text = repeat("name: t\ninitial: a\nstates:\n"
				      "  a: {next: done, action: \": | :;",
	    "0123456789", 4000, "\"}\n  done: {terminal: true}\n");
	static const struct play play = EXIT(0);
	struct err e = ERR_INIT;
	struct bed b;

	bed_init(&b, text, &play, 1);
	cr_assert_eq(bed_drive(&b, &e), 0, "%s", e.msg);
	cr_assert_eq(b.kept[0].len, 40006);
	bed_release(&b);

	bed_init(&b, text, &play, 1);
	b.fail = "keep";
	cr_assert_eq(bed_drive(&b, &e), -1);
	cr_assert_str_eq(b.trace.buf, ">a io_error/1");
	cr_assert_str_eq(e.msg, "no keep");
	bed_release(&b);
}

static const struct val *
seventy(void *self, struct arena *a)
{
	struct val *list = val_list(a);

	if (*(size_t *)self == 70)
		return NULL;
	for (; *(size_t *)self < 70; ++*(size_t *)self)
		val_push(a, list, val_map(a));
	return list;
}

TEST(record, many_left_behind_take_many_records)
{
	static const struct play play = EXIT(0);
	struct err e = ERR_INIT;
	size_t given = 0;
	struct bed b;

	bed_init(&b, JSON, &play, 1);
	b.run.sweep = (struct sweep) { .news = seventy, .self = &given };
	cr_assert_eq(bed_drive(&b, &e), 0, "%s", e.msg);
	cr_assert_str_eq(b.trace.buf,
	    ">a =0 ?error ~bad (left_behind) (left_behind) (left_behind) "
	    "terminal/2");
	bed_release(&b);
}
