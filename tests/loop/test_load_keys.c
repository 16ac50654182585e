/* What the tables promise, made from the tables (T45). */
#include "loop/load_rows.h"

TEST(load, every_wrong_word_is_told)
{
	for (size_t i = 0; i < key_tables[0]->len; i++) {
		const struct key *k = &key_tables[0]->at[i];
		struct diags d = DIAGS_INIT;
		char text[1000], wants[100];

		if (k->type != KT_ENUM)
			continue;
		snprintf(text, sizeof(text),
		    "%s: fals\nstates:\n  a: {action: x, next: done}\n" REST,
		    k->name);
		snprintf(wants, sizeof(wants), "E104 %s", k->name);
		cr_expect_null(load(text, false, &d));
		cr_expect_not_null(finding(&d, wants), "%s", k->name);
		diags_release(&d);
	}
}

/* T45: each bounded number, just below and just above its range. */
TEST(load, every_range_is_kept)
{
	for (size_t i = 0; i < key_tables[0]->len; i++) {
		const struct key *k = &key_tables[0]->at[i];
		double beyond[2] = { k->min - 1, k->max + 1 };

		for (size_t j = 0; k->min <= k->max && j < 2; j++) {
			struct diags d = DIAGS_INIT;
			char text[1000];

			snprintf(text, sizeof(text),
			    "%s: %.10g\nstates:\n  a: {action: x, next: "
			    "done}\n" REST,
			    k->name, beyond[j]);
			cr_expect_null(load(text, false, &d), "%s", text);
			diags_release(&d);
		}
	}
}

/* T45: each known key with its last letter doubled is unknown, and the
 * answer names the real one. */
TEST(load, every_key_misspelt_is_told)
{
	const struct key_table *t = key_tables[0];

	for (size_t i = 0; i < t->len; i++) {
		const char *name = t->at[i].name;
		char text[1000], wrong[100];
		struct diags d = DIAGS_INIT;
		const struct diag *got;

		snprintf(
		    wrong, sizeof(wrong), "%s%c", name, name[strlen(name) - 1]);
		snprintf(text, sizeof(text),
		    "%s: x\nstates:\n  a: {action: x, next: done}\n" REST,
		    wrong);
		cr_expect_null(load(text, false, &d));
		got = finding(&d, "E101 <root>");
		cr_expect(got && strstr(got->msg, name), "%s", wrong);
		diags_release(&d);
	}
}
