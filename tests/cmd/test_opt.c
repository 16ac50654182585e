/* Options: how words become a struct, and what is refused. */
#include "test.h"

#include <string.h>

#include "base/auto.h"
#include "cmd/cmd.h"

struct got {
	bool quiet, verbose;
	const char *name, *when;
	struct opt_list context;
	long long steps, size;
	double delay;
};

/* clang-format off */
static const struct opt rows[] = {
	{ .type = OPT_FLAG, .letter = 'q', .name = "quiet",
	  .at = offsetof(struct got, quiet) },
	{ .type = OPT_FLAG, .letter = 'v', .name = "verbose",
	  .at = offsetof(struct got, verbose) },
	{ .type = OPT_TEXT, .name = "name", .arg = "TEXT",
	  .at = offsetof(struct got, name) },
	{ .type = OPT_CHOICE, .name = "color", .arg = "WHEN",
	  .choices = "auto|never", .at = offsetof(struct got, when) },
	{ .type = OPT_LIST, .name = "context", .arg = "K=V",
	  .at = offsetof(struct got, context) },
	{ .type = OPT_WHOLE, .letter = 'n', .name = "max-steps", .arg = "N",
	  .min = 1, .max = 100, .at = offsetof(struct got, steps) },
	{ .type = OPT_SIZE, .name = "size", .arg = "SIZE",
	  .min = 1, .max = 1048576, .at = offsetof(struct got, size) },
	{ .type = OPT_REAL, .name = "delay", .arg = "SECONDS",
	  .min = 0, .max = 1e15, .at = offsetof(struct got, delay) },
	{ .type = OPT_FLAG, .name = "no-effect", .how = OPT_IDLE,
	  .note = "because" },
	{ .type = OPT_WHOLE, .name = "idle-number", .arg = "N",
	  .how = OPT_IDLE, .note = "because" },
	{ .type = OPT_TEXT, .letter = 'X', .name = "refused", .arg = "Y",
	  .how = OPT_REFUSED, .note = "use --name" },
};
/* clang-format on */

struct tried {
	struct got got;
	struct opt_parse p;
	struct err e;
	int rc;
};

static void
try(struct tried *t, struct arena *mem, const char *line)
{
	struct opt_set set = { rows, COUNT(rows), &t->got };
	char *word = arena_strdup(mem, line), *argv[32];
	int argc = 0;

	memset(t, 0, sizeof(*t));
	for (word = strtok(word, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	t->p.sets = &set;
	t->p.nsets = 1;
	t->rc = opt_parse(&t->p, mem, argc, argv, &t->e);
	t->p.sets = NULL;
}

static const char *
words(const struct tried *t, struct arena *mem)
{
	const char *all = "";

	for (size_t i = 0; i < t->p.words.n; i++)
		all = arena_printf(mem, "%s[%s]", all, t->p.words.at[i]);
	return all;
}

TEST(opt, takes_every_way_to_write_an_option)
{
	static const struct {
		const char *line;
		struct got want;
		const char *words;
	} cases[] = {
		{ "", { 0 }, "" },
		{ "a b", { 0 }, "[a][b]" },
		{ "-q", { .quiet = true }, "" },
		{ "a -q b --verbose", { .quiet = true, .verbose = true },
		    "[a][b]" },
		{ "-qv", { .quiet = true, .verbose = true }, "" },
		{ "-n 5", { .steps = 5 }, "" },
		{ "-n5", { .steps = 5 }, "" },
		{ "-qn5", { .quiet = true, .steps = 5 }, "" },
		{ "-qn 5 x", { .quiet = true, .steps = 5 }, "[x]" },
		{ "--max-steps=100", { .steps = 100 }, "" },
		{ "--max-steps 1", { .steps = 1 }, "" },
		{ "--delay 0.5", { .delay = 0.5 }, "" },
		{ "--delay=2", { .delay = 2 }, "" },
		{ "--size 64K", { .size = 65536 }, "" },
		{ "--size=1MiB", { .size = 1048576 }, "" },
		{ "-5 a -0.5 -", { 0 }, "[-5][a][-0.5][-]" },
		{ "-- -q --name", { 0 }, "[-q][--name]" },
		{ "-q -- -- a", { .quiet = true }, "[--][a]" },
		{ "--no-effect --idle-number 3", { 0 }, "" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		auto_arena mem = ARENA_INIT;
		struct tried t;

		try(&t, &mem, cases[i].line);
		cr_assert_eq(t.rc, 0, "%s: %s", cases[i].line, t.e.msg);
		cr_assert_str_eq(words(&t, &mem), cases[i].words);
		cr_assert_eq(t.got.quiet, cases[i].want.quiet);
		cr_assert_eq(t.got.verbose, cases[i].want.verbose);
		cr_assert_eq(t.got.steps, cases[i].want.steps);
		cr_assert_eq(t.got.size, cases[i].want.size);
		cr_assert_eq(t.got.delay, cases[i].want.delay);
	}
}

TEST(opt, refuses_and_names_the_word)
{
	static const struct {
		const char *line, *msg;
	} cases[] = {
		{ "--bogus", "unknown option '--bogus'" },
		{ "--quite",
		    "unknown option '--quite' (did you mean "
		    "'--quiet'?)" },
		{ "--verb", "unknown option '--verb'" },
		{ "-z", "unknown option '-z'" },
		{ "-qz", "unknown option '-z'" },
		{ "--quiet=1", "--quiet takes no value" },
		{ "--name", "--name needs a value: TEXT" },
		{ "-n", "--max-steps needs a value: N" },
		{ "-n x",
		    "--max-steps needs a whole number from 1 to 100, "
		    "not 'x'" },
		{ "-n 0",
		    "--max-steps needs a whole number from 1 to 100, "
		    "not '0'" },
		{ "-n=5",
		    "--max-steps needs a whole number from 1 to 100, "
		    "not '=5'" },
		{ "--delay -1",
		    "--delay needs a number of at least 0, not "
		    "'-1'" },
		{ "--delay 1s",
		    "--delay needs a number of at least 0, not "
		    "'1s'" },
		{ "--size 0",
		    "--size needs a size like 65536, 64K, 64M or 1GiB, "
		    "not '0'" },
		{ "--size 2M",
		    "--size needs a size like 65536, 64K, 64M or 1GiB, "
		    "not '2M'" },
		{ "--size much",
		    "--size needs a size like 65536, 64K, 64M or 1GiB, "
		    "not 'much'" },
		{ "--color red", "--color is one of auto|never, not 'red'" },
		{ "--refused x", "--refused is not supported: use --name" },
		{ "-X", "--refused is not supported: use --name" },
		{ "--idle-number x",
		    "--idle-number needs a whole number, "
		    "not 'x'" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		auto_arena mem = ARENA_INIT;
		struct tried t;

		try(&t, &mem, cases[i].line);
		cr_assert_eq(t.rc, -1, "%s", cases[i].line);
		cr_assert_eq(t.e.kind, ERR_USAGE);
		cr_assert_str_eq(t.e.msg, cases[i].msg);
	}
}

TEST(opt, collects_lists_in_order)
{
	auto_arena mem = ARENA_INIT;
	struct tried t;

	try(&t, &mem, "--context a=1 x --context=b=2 --context c=");
	cr_assert_eq(t.rc, 0);
	cr_assert_eq(t.got.context.n, 3);
	cr_assert_str_eq(t.got.context.at[0], "a=1");
	cr_assert_str_eq(t.got.context.at[1], "b=2");
	cr_assert_str_eq(t.got.context.at[2], "c=");
}

TEST(opt, tells_once_what_has_no_effect)
{
	auto_arena mem = ARENA_INIT;
	struct tried t;

	try(&t, &mem, "--no-effect --no-effect --idle-number=7");
	cr_assert_eq(t.rc, 0);
	cr_assert_str_eq(t.p.idle->row->name, "no-effect");
	cr_assert_str_eq(t.p.idle->next->row->name, "idle-number");
	cr_assert_null(t.p.idle->next->next);
}

TEST(opt, stops_before_the_first_word)
{
	auto_arena mem = ARENA_INIT;
	char q[] = "-q", word[] = "run", v[] = "-v";
	char *argv[] = { q, word, v };
	struct got got = { 0 };
	struct opt_set set = { rows, COUNT(rows), &got };
	struct opt_parse p = { .sets = &set, .nsets = 1, .until_word = true };
	struct err e = ERR_INIT;

	cr_assert_eq(opt_parse(&p, &mem, 3, argv, &e), 0);
	cr_assert_eq(p.used, 1);
	cr_assert(got.quiet);
	cr_assert_not(got.verbose);
}

static void
check_room(const char *of, const struct opt *o, size_t n)
{
	for (; n--; o++)
		cr_expect(!o->name[sizeof(o->name) - 1] &&
			!o->arg[sizeof(o->arg) - 1] &&
			!o->help[sizeof(o->help) - 1] &&
			!o->note[sizeof(o->note) - 1] &&
			!o->choices[sizeof(o->choices) - 1],
		    "%s --%s is too long", of, o->name);
}

/* A text that fills its place to the last byte has no end. */
TEST(opt, texts_have_an_end)
{
	check_room("every command", cmd_global_opts, cmd_global_count);
	for (size_t i = 0; cmd_table[i]; i++) {
		const struct cmd *c = cmd_table[i];

		check_room(c->name, c->opts, c->nopts);
		for (size_t k = 0; k < CMD_ALSO && c->also[k]; k++)
			check_room(c->name, c->also[k]->rows, c->also[k]->n);
	}
}
