/*
 * Any bytes as a loop file: the YAML reader, the tables, links and checks,
 * then the findings as text.  What is refused is refused with a finding.
 */
#include "fuzz.h"
#include "loop/check.h"
#include "loop/inputs.h"
#include "loop/load.h"
#include "show/diagnostics.h"

static void
start(const struct loop *l, struct diags *d)
{
	const struct inputs in = { .run_dir = "/nowhere/",
		.max_steps = l->max_steps,
		.max_iterations = l->max_iterations };
	auto_arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	const struct val *context = inputs_context(&a, l, &in, &e);

	must(context != NULL, "a context without operator values can be had");
	check_context(l, context, d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const struct source src = { "fuzz.yaml", sv_make(text, size) };
	struct load_opts how = { .lenient = size % 2 };
	struct out o = { .buf = STR_INIT, .tty = true, .utf8 = true };
	struct diags d = DIAGS_INIT;
	struct loop *l = loop_load("fuzz.yaml", text, size, NULL, &how, &d);

	must(l || d.errors, "a refusal has a finding");
	must(!l || !d.errors, "a loop has no error");
	if (l)
		start(l, &d);
	diags_sort(&d);
	diagnostics_show(&o, &d, &src, 1);
	out_release(&o);
	diags_release(&d);
	loop_free(l);
	return 0;
}
