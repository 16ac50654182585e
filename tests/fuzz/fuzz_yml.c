/*
 * Any bytes as a loop file: the YAML reader, the tables, links and checks,
 * then the findings as text.  What is refused is refused with a finding.
 */
#include "fuzz.h"
#include "loop/check.h"
#include "loop/config.h"
#include "loop/inputs.h"
#include "loop/family.h"
#include "loop/load.h"
#include "show/diagnostics.h"

/* As a run would begin: with the text of the file as its input too, which may
 * be JSON. */
static void
start(const struct loop *l, struct sv text, struct diags *d)
{
	const struct inputs in = { .input = text,
		.run_dir = "/nowhere/",
		.max_steps = l->max_steps,
		.max_iterations = l->max_iterations };
	auto_arena a = ARENA_INIT;
	struct started at;

	inputs_context(&a, l, &in, d, &at);
	must(at.context != NULL, "there is always a context");
	check_context(l, at.context, d);
}

/* The same bytes as a configuration. */
static void
configure(struct sv text)
{
	struct diags d = DIAGS_INIT;
	auto_arena a = ARENA_INIT;
	const struct val *v = config_read(&a, "fuzz.yaml", text, &d);

	must(v || d.errors, "a refusal has a finding");
	diags_release(&d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const struct source src = { "fuzz.yaml", sv_make(text, size) };
	const struct find only_builtin = { .builtin_only = true };
	struct load_opts how = { .lenient = size % 2,
		.find = &only_builtin,
		.family = family_new() };
	struct out o = { .buf = STR_INIT, .tty = true, .utf8 = true };
	struct diags d = DIAGS_INIT;
	struct loop *l = loop_load("fuzz.yaml", text, size, NULL, &how, &d);

	must(l || d.errors, "a refusal has a finding");
	must(!l || !d.errors, "a loop has no error");
	if (l && !l->library)
		start(l, sv_make(text, size), &d);
	configure(sv_make(text, size));
	diags_sort(&d);
	diagnostics_show(&o, &d, &src, 1);
	out_release(&o);
	diags_release(&d);
	loop_free(l);
	family_free(how.family);
	return 0;
}
