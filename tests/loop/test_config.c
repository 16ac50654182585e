/* Configuration files against their tables, and paths into them. */
#include <string.h>

#include "base/auto.h"
#include "loop/config.h"
#include "test.h"

static const struct row {
	const char *text, *want; /* the first error, else the first warning */
} rows[] = {
	{ "", NULL },
	{ "# nothing\n", NULL },
	{ "{}", NULL },
	{ "grace: null", NULL },
	{ "grace: 2.5", NULL },
	{ "grace: -1", "E103 grace" },
	{ "grace: 86401", "E103 grace" },
	{ "grace: fast", "E102 grace" },
	{ "grace: .inf", "E103 grace" },
	{ "output_limit: 64M", NULL },
	{ "output_limit: 1048576", NULL },
	{ "output_limit: 1.5GiB", NULL },
	{ "output_limit: 0", "E103 output_limit" },
	{ "output_limit: 2T", "E103 output_limit" },
	{ "output_limit: lots", "E102 output_limit" },
	{ "output_limit: [1]", "E102 output_limit" },
	{ "limits: {disk: 2G}", NULL },
	{ "limits: {disk: 0}", "E103 limits.disk" },
	{ "limits: {usd: 5}", NULL },
	{ "limits: 5", "E102 limits" },
	{ "durability: process", NULL },
	{ "durability: never", "E104 durability" },
	{ "color: blue", "E104 color" },
	{ "host: claude", NULL },
	{ "queue_timeout: 60", NULL },
	{ "queue_timeout: soon", "E102 queue_timeout" },
	{ "worktree: {base: w, copy_files: [.env]}", NULL },
	{ "worktree: {copy_files: [1]}", "E102 worktree.copy_files[0]" },
	{ "worktree: {copies: []}", "E101 worktree" },
	{ "run_defaults: {delay: 1, quiet: true, verbose: false}", NULL },
	{ "run_defaults: {delay: -1}", "E103 run_defaults.delay" },
	{ "run_defaults: {quiet: yes}", "E102 run_defaults.quiet" },
	{ "run_defaults: {max_steps: 3}", "E101 run_defaults" },
	{ "secrets: [a, B]", NULL },
	{ "secrets: a", "E102 secrets" },
	{ "grce: 1", "E101 <root>" },
	{ "on_grace: x", "E101 <root>" },
	{ "grace: 1\ngrace: 2", "E003 grace" },
	{ "- grace", "E102 <root>" },
	{ "grace", "E102 <root>" },
	{ "grace: [", "E001 grace" },
	{ "grace: 1\n---\ngrace: 2", "E007 <root>" },
	{ "name: x\ninitial: a\nstates: {a: {terminal: true}}", "E120 <root>" },
};

static void
add_first(struct str *out, const struct diags *d)
{
	for (size_t i = 0; i < d->len; i++) {
		if (d->errors && d->at[i].sev != SEV_ERROR)
			continue;
		str_addf(out, "%s %s", d->at[i].id, d->at[i].path);
		return;
	}
}

TEST(config, files_are_held_against_the_tables)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena a = ARENA_INIT;
		struct diags d = DIAGS_INIT;
		const struct val *v =
		    config_read(&a, "config.yaml", sv(rows[i].text), &d);
		auto_str got = STR_INIT;

		diags_sort(&d);
		add_first(&got, &d);
		cr_expect_str_eq(got.buf, rows[i].want ? rows[i].want : "",
		    "%s", rows[i].text);
		cr_expect_eq(v != NULL, d.errors == 0, "%s", rows[i].text);
		diags_release(&d);
	}
}

TEST(config, an_unknown_key_has_a_place_and_a_neighbour)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;

	cr_assert_null(config_read(
	    &a, "config.yaml", sv("grace: 1\nrun_defaults:\n  dely: 1\n"), &d));
	cr_assert_eq(d.len, 1);
	cr_expect_eq(d.at[0].at.line, 3);
	cr_expect_eq(d.at[0].at.col, 3);
	cr_expect(strstr(d.at[0].msg, "did you mean 'delay'"));
	diags_release(&d);
}

TEST(config, an_error_of_another_file_is_not_this_ones)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;

	cr_assert_null(config_read(&a, "one", sv("x: 1"), &d));
	cr_assert(config_read(&a, "two", sv("grace: 1"), &d));
	diags_release(&d);
}

TEST(config, paths)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	struct place at = { NULL, 0, 0 };
	const struct val *v = config_read(
	    &a, "f", sv("limits: {disk: 5}\ncolor: ~\ngrace: 3"), &d);
	bool acted;

	cr_assert(v);
	cr_expect_eq(config_get(v, "limits.disk", &at)->i, 5);
	cr_expect_eq(at.line, 1);
	cr_expect_eq(at.col, 10);
	cr_expect_null(config_get(v, "color", &at));
	cr_expect_null(config_get(v, "limits.usd", &at));
	cr_expect_null(config_get(v, "grace.x", &at));
	cr_expect_str_eq(config_key("limits.disk", &acted)->name, "disk");
	cr_expect(acted);
	cr_expect_str_eq(config_key("worktree.base", &acted)->name, "base");
	cr_expect(acted);
	cr_expect_str_eq(config_key("limits.usd", &acted)->name, "usd");
	cr_expect(acted);
	cr_expect_null(config_key("limits.dsk", &acted));
	cr_expect_null(config_key("grace.x", &acted));
	diags_release(&d);
}
