/* What is known about shell text before it runs: words, warnings. */
#include "script_room.h"

TEST(script_check, words_without_shell)
{
	static const struct {
		const char *action, *second; /* NULL: needs bash */
	} cases[] = {
		{ "pytest  -q x", "-q" },
		{ "pytest\t-q", "-q" },
		{ "pytest ${captured.a.output}", "word" },
		{ "pytest \"${captured.a.output}\"", NULL },
		{ "pytest -q;", NULL },
		{ "pytest a=b", NULL },
		{ "pytest a*", NULL },
		{ "pytest\n", NULL },
		{ "echo a", NULL },
		{ "if a", NULL },
		{ "[ a ]", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		auto_arena a = ARENA_INIT;
		struct room room = { "/tmp", 0 };
		struct command c;
		const char *why;

		cr_assert_eq(
		    room_render(&room, &a, cases[i].action,
			room_value(&a, "word", 4, ORIGIN_FILE), &c, &why),
		    0, "%s", why);
		cr_assert_eq(c.argv == NULL, cases[i].second == NULL, "%s",
		    cases[i].action);
		if (c.argv)
			cr_assert_str_eq(c.argv[1], cases[i].second);
		command_release(&c);
	}
}

/* Ids in the order of finding. */
static void
warnings_of(const char *action, struct str *out)
{
	auto_arena a = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct tmpl *t = tmpl_compile(&a, val_text(&a, action), "x", &diags);

	script_compile(&a, t, "states.a.action", NULL, NULL, &diags);
	for (size_t i = 0; i < diags.len; i++)
		str_addf(out, "%s%s", i ? " " : "", diags.at[i].id);
	diags_release(&diags);
}

TEST(script_check, warnings)
{
	static const struct {
		const char *action, *want;
	} cases[] = {
		{ "${captured.a.output}", "W411" },
		{ "${context.a}", "" },
		{ "x \"${captured.a.output}\" > ${captured.a.output}", "" },
		{ "x ${captured.a.output}", "W414" },
		{ "x ${captured.a.output:shell}", "" },
		{ "for x in ${captured.a.output}; do X=${captured.a.output}; "
		  "done",
		    "" },
		{ "x \\${captured.a.output}", "W413 W414" },
		{ "awk \"{print ${captured.a.output}}\"", "W412" },
		{ "python3 -c \"f('${captured.a.output}')\"", "" },
		{ "python3 -c \"f(${captured.a.output:py})\"", "" },
		{ "x $((${captured.a.output}))", "W416" },
		{ "x ${captured.a.output:code}", "W417" },
		{ "D=\"${captured.a.output}\"; python3 -c \"open('$D/x')\"",
		    "W415" },
		{ "N=\"${captured.a.output}\"; x $((N + 1))", "W415" },
		{ "N=\"${captured.a.output}\"; x \"$N\"", "" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		auto_str got = STR_INIT;

		warnings_of(cases[i].action, &got);
		cr_assert_str_eq(
		    got.buf, cases[i].want, "%s: %s", cases[i].action, got.buf);
	}
}

TEST(script_check, command_position)
{
	auto_arena a = ARENA_INIT;
	struct diags diags = DIAGS_INIT;
	struct tmpl *t = tmpl_compile(&a,
	    val_text(&a, "x ${context.a}; ${context.b} ${captured.c.output}"),
	    "x", &diags);
	struct script *s = script_compile(&a, t, "x", NULL, NULL, &diags);

	cr_assert(script_has_command_ref(s, "b"));
	cr_assert(!script_has_command_ref(s, "a"));
	cr_assert(script_has_command_ref(s, NULL));
	diags_release(&diags);
}
