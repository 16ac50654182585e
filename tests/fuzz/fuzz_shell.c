/*
 * Any bytes as an action: scanned, compiled, rendered.  The claim is the
 * promise of text/script: the text that the shell reads does not depend on
 * the values that came from outside.
 */
#include <string.h>

#include "base/auto.h"
#include "fuzz.h"
#include "text/script.h"

static const char *
spill(void *self, int n, struct sv value, struct err *e)
{
	(void)self;
	(void)n;
	(void)value;
	(void)e;
	return "/nowhere/value";
}

/* The argument of bash -c with this value everywhere; NULL: refused. */
static char *
render(const struct script *s, const struct val *v, struct arena *a)
{
	struct lookup look = fuzz_lookup(v);
	struct command c = { 0 };
	struct err e = ERR_INIT;
	char *run = NULL;

	if (script_render(s, &look, spill, NULL, a, &c, &e) == 0)
		run = arena_strdup(a, c.run);
	else
		must(e.kind != ERR_NONE, "a refusal says why");
	command_release(&c);
	return run;
}

static bool
pastes(const struct tmpl *t)
{
	for (size_t i = 0; i < t->nparts; i++)
		if (t->part[i].ref &&
		    (t->part[i].ref->code == CODE_PASTE ||
			t->part[i].ref->otherwise))
			return true;
	return false;
}

static void
values_are_no_code(
    const struct script *s, const struct tmpl *t, struct arena *a)
{
	static const char *const values[] = { "7", "x", "a b", "'\"`$(x)\\\n#",
		"};x", "" };
	char *first = NULL;

	for (size_t i = 0; i < COUNT(values); i++) {
		const struct val *v =
		    val_taint(a, val_text(a, values[i]), ORIGIN_DATA);
		char *run = render(s, v, a);

		if (!run || pastes(t))
			continue;
		must(!first || strcmp(first, run) == 0,
		    "values do not change the text");
		first = run;
	}
	render(s, val_text(a, "a; b 'c"), a);
	render(s, val_taint(a, val_text(a, "$(a"), ORIGIN_OPERATOR), a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	const struct val *text = val_bytes(&a, data, size);
	const struct tmpl *t = tmpl_compile(&a, text, "action", &d);
	const struct script *s =
	    script_compile(&a, t, "action", NULL, NULL, &d);

	must(s || d.errors, "a refusal has a finding");
	if (s)
		values_are_no_code(s, t, &a);
	diags_release(&d);
	return 0;
}
