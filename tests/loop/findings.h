/*
 * For the tests of the rules: load a loop from YAML text and write what the
 * rules found.  The loader's own findings are left out.
 */
#ifndef TESTS_LOOP_FINDINGS_H
#define TESTS_LOOP_FINDINGS_H

#include <string.h>

#include "base/auto.h"
#include "loop/check.h"
#include "loop/load.h"
#include "test.h"

struct finding_row {
	const char *name;
	const char *states; /* lines below `states:` */
	const char *expect; /* "ID path\n" for each finding, by place */
};

static inline bool
is_rule(const char *id)
{
	for (size_t i = 0; i < check_ids_len; i++)
		if (strcmp(check_ids[i].id, id) == 0)
			return true;
	return false;
}

/* Append "ID path\n" for each, by place; with the message if `words`. */
static inline void
write_findings(struct diags *d, struct str *out, bool words)
{
	diags_sort(d);
	for (size_t i = 0; i < d->len; i++)
		if (is_rule(d->at[i].id))
			str_addf(out, "%s %s%s%s\n", d->at[i].id, d->at[i].path,
			    words ? ": " : "", words ? d->at[i].msg : "");
}

static inline void
findings_of(const char *text, struct str *out)
{
	struct load_opts opts = { .lenient = false };
	struct diags d = DIAGS_INIT;
	struct loop *l =
	    loop_load("t.yaml", text, strlen(text), NULL, &opts, &d);

	write_findings(&d, out, false);
	loop_free(l);
	diags_release(&d);
}

/* Under a head that nothing is wrong with, and the lines of `more`. */
static inline void
expect_findings(const struct finding_row *row, const char *more)
{
	auto_str text = STR_INIT, got = STR_INIT;

	str_addf(&text,
	    "name: t\ndescription: d\nscope: [\".\"]\ninitial: a\n%s"
	    "states:\n%s",
	    more, row->states);
	findings_of(text.buf, &got);
	cr_expect_str_eq(
	    got.buf, row->expect, "%s: got\n%s", row->name, got.buf);
}

#endif
