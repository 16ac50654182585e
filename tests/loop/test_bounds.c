/* Limits in force: their values and who set them. */
#include "loop/bounds.h"

#include "load_rows.h"
#include "text/render.h"

static const char text[] = "name: t\ninitial: a\nmax_iterations: 7\n"
			   "default_timeout: 90\n"
			   "circuit: {repeated_failure: {}}\n"
			   "states:\n"
			   "  a: {action: x, next: b}\n"
			   "  b: {action: x, next: done, timeout: 5, "
			   "throttle: {hard_max: 9}, on_throttle_hard: done}\n"
			   "  done: {terminal: true}\n";

static const struct bound *
named(const struct bound *all, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	return NULL;
}

static void
expect_bound(const struct bound *all, size_t n, const char *name,
    const char *value, int line)
{
	const struct bound *b = named(all, n, name);
	auto_str got = STR_INIT;

	if (!value) {
		cr_expect(!b || !b->value, "%s", name);
		return;
	}
	cr_assert(b && b->value, "%s", name);
	val_render(&got, b->value);
	cr_expect_str_eq(got.buf, value, "%s: %s", name, got.buf);
	cr_expect_eq(b->key ? b->key->at.line : 0, line, "%s", name);
}

TEST(bounds, of_a_loop_are_all_told)
{
	struct diags d = DIAGS_INIT;
	auto_arena a = ARENA_INIT;
	struct loop *l = load(text, false, &d);
	size_t n;
	const struct bound *b;

	cr_assert(l);
	b = bounds_of_loop(&a, l, &n);
	expect_bound(b, n, "max_steps", "7", 3);
	expect_bound(b, n, "max_iterations", NULL, 0);
	expect_bound(b, n, "max_edge_revisits", "100", 0);
	expect_bound(b, n, "timeout", NULL, 0);
	expect_bound(b, n, "default_timeout", "90", 4);
	expect_bound(b, n, "default_idle_timeout", "0", 0);
	expect_bound(b, n, "circuit.repeated_failure.window", "3", 0);
	cr_expect_str_eq(named(b, n, "max_steps")->key->key, "max_iterations");
	loop_free(l);
	diags_release(&d);
}

TEST(bounds, of_a_state_come_from_it_then_from_the_loop)
{
	struct diags d = DIAGS_INIT;
	auto_arena a = ARENA_INIT;
	struct loop *l = load(text, false, &d);
	size_t n;
	const struct bound *b;

	cr_assert(l);
	b = bounds_of_state(&a, l, l->states[0], &n);
	expect_bound(b, n, "timeout", "90", 4);
	cr_expect(named(b, n, "timeout")->outer);
	expect_bound(b, n, "idle_timeout", "0", 0);
	expect_bound(b, n, "throttle.hard_max", NULL, 0);
	b = bounds_of_state(&a, l, l->states[1], &n);
	expect_bound(b, n, "timeout", "5", 8);
	cr_expect_not(named(b, n, "timeout")->outer);
	expect_bound(b, n, "throttle.hard_max", "9", 8);
	expect_bound(b, n, "throttle.warn_max", "8", 0);
	bounds_of_state(&a, l, l->states[2], &n);
	cr_expect_eq(n, 0);
	loop_free(l);
	diags_release(&d);
}
