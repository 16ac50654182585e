/* Names of states become pointers, or a finding with the nearest name. */
#include "loop/link.h"

#include "test.h"

static struct val *
name_of(struct arena *a, const char *name)
{
	struct val *v = val_text(a, name);

	v->at = (struct place) { "f", 3, 7 };
	return v;
}

struct bench {
	struct arena mem;
	struct diags diags;
	struct linker linker;
	struct state fix, done;
};

static void
bench_init(struct bench *b)
{
	*b = (struct bench) { .diags = DIAGS_INIT };
	b->fix.name = "fix";
	b->done.name = "done";
	b->linker.diags = &b->diags;
	map_put(&b->linker.states, "fix")->value = &b->fix;
	map_put(&b->linker.states, "done")->value = &b->done;
	map_put(&b->linker.states, "broken");
}

static void
bench_release(struct bench *b)
{
	map_release(&b->linker.states);
	diags_release(&b->diags);
	arena_release(&b->mem);
}

TEST(link, resolves)
{
	struct bench b;
	struct target t = { 0 };
	struct link_from from = { &b.fix, "states.fix", false };

	bench_init(&b);
	link_target(&b.linker, &from, name_of(&b.mem, "done"), &t);
	cr_expect_eq(t.to, &b.done);
	cr_expect_eq(t.at.line, 3);
	link_target(&b.linker, &from, name_of(&b.mem, "$current"), &t);
	cr_expect(t.current && !t.to);
	link_target(&b.linker, &from, name_of(&b.mem, "broken"), &t);
	cr_expect(!t.current && !t.to);
	cr_expect_eq(b.diags.len, 0);
	bench_release(&b);
}

TEST(link, unknown_names_the_nearest)
{
	struct bench b;
	struct target t = { 0 };
	struct link_from from = { &b.fix, "states.fix", false };

	bench_init(&b);
	link_target(&b.linker, &from, name_of(&b.mem, "dnoe"), &t);
	cr_assert_eq(b.diags.len, 1);
	cr_expect_str_eq(b.diags.at[0].id, "E201");
	cr_expect_str_eq(b.diags.at[0].path, "states.fix");
	cr_expect_str_eq(b.diags.at[0].msg,
	    "state 'fix' goes to 'dnoe', which does not exist "
	    "(did you mean 'done'?)");
	link_target(&b.linker, &from, name_of(&b.mem, "${x}"), &t);
	cr_expect(strstr(b.diags.at[1].msg, "not a template"));
	cr_expect_null(t.to);
	bench_release(&b);
}

TEST(link, abort_and_partial)
{
	struct bench b;
	struct target t = { 0 };
	struct link_from circuit = { NULL, "circuit", true };
	struct link_from loop = { NULL, "initial", false };

	bench_init(&b);
	link_target(&b.linker, &circuit, name_of(&b.mem, "abort"), &t);
	cr_expect_eq(b.diags.len, 0);
	link_target(&b.linker, &loop, name_of(&b.mem, "$current"), &t);
	cr_expect_eq(b.diags.len, 1, "the loop itself has no current state");
	b.linker.partial = true;
	link_target(&b.linker, &loop, name_of(&b.mem, "elsewhere"), &t);
	cr_expect_eq(b.diags.len, 1);
	bench_release(&b);
}
