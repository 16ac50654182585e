/*
 * Shell text with values in it: the whole table of rules with real bash, and
 * what compile and render say.
 */
#include "script_room.h"

/* `\n`, `\t`, `\\`, `\xNN`; with `ref`, `@` is a reference. */
static void
unescape(struct str *out, struct sv s, bool ref)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i], n = i + 1 < s.n ? s.p[i + 1] : '\0';
		unsigned byte;

		if (c == '@' && ref) {
			struct sv rest = { s.p + i, s.n - i };
			bool shell = sv_starts(rest, "@:shell");

			str_adds(out,
			    shell ? "${captured.v.output:shell}"
				  : "${captured.v.output}");
			i += shell ? 6 : 0;
		} else if (c != '\\') {
			str_addc(out, c);
		} else if (n == 'x' && sscanf(s.p + i + 2, "%2x", &byte) == 1) {
			str_addc(out, (char)byte);
			i += 3;
		} else {
			str_addc(out, n == 'n' ? '\n' : n == 't' ? '\t' : n);
			i++;
		}
	}
}

struct row {
	long long number;
	struct sv action, value, expect;
};

static bool
bars(struct sv line, const char *key, struct sv *out)
{
	const char *from = memchr(line.p, '|', line.n);
	const char *to = memrchr(line.p, '|', line.n);

	if (!sv_starts(line, key))
		return false;
	cr_assert(from && to > from, "%.*s", SV_ARG(line));
	*out = sv_make(from + 1, (size_t)(to - from - 1));
	return true;
}

static bool
missing_program(struct sv action)
{
	static const char *const names[] = { "python3", "node" };

	for (size_t i = 0; i < COUNT(names); i++) {
		char probe[64];

		if (!sv_starts(action, names[i]))
			continue;
		snprintf(
		    probe, sizeof(probe), "command -v %s >/dev/null", names[i]);
		if (system(probe) != 0)
			return true;
	}
	return false;
}

/* 0 when the row does not hold. */
static int
run_row(struct room *room, const struct row *row)
{
	auto_arena a = ARENA_INIT;
	auto_str action = STR_INIT, value = STR_INIT, expect = STR_INIT;
	auto_str got = STR_INIT;
	struct command c;
	const char *why;

	unescape(&action, row->action, true);
	unescape(&value, row->value, false);
	unescape(&expect, row->expect, false);
	room_clean(room);
	room_put(room, "cwd/run", "", 0644);
	if (room_render(room, &a, action.buf,
		room_value(&a, value.buf, value.len, ORIGIN_DATA), &c,
		&why) < 0) {
		str_adds(&got, "not started");
	} else {
		room_run(room, &c);
		room_log(room, &got);
	}
	if (got.len == expect.len &&
	    memcmp(got.buf, expect.buf, got.len) == 0) {
		if (strcmp(got.buf, "not started") != 0)
			command_release(&c);
		return 1;
	}
	fprintf(stderr, "row %lld\n  want %s\n  got  %s\n  text %s %s\n",
	    row->number, expect.buf, got.buf,
	    strcmp(got.buf, "not started") ? c.run : "", why);
	return 0;
}

TEST(script, every_row_of_the_table)
{
	auto_str file = STR_INIT;
	struct err e = ERR_INIT;
	struct row row = { 0 };
	struct room room;
	struct sv rest, line;
	int rows = 0, bad = 0, missing = 0;

	cr_assert(
	    file_read("tests/data/data_refs.case", 1 << 20, &file, &e) == 0,
	    "%s", e.msg);
	room_open(&room);
	rest = str_sv(&file);
	while (sv_cut(&rest, '\n', &line)) {
		if (sv_starts(line, "row "))
			sv_to_long(sv_make(line.p + 4, line.n - 4), 1, 999,
			    &row.number);
		bars(line, "action", &row.action);
		bars(line, "value", &row.value);
		if (bars(line, "expect", &row.expect)) {
			rows++;
			if (missing_program(row.action))
				missing++;
			else
				bad += !run_row(&room, &row);
		}
	}
	room_close(&room);
	cr_assert_eq(rows, 135);
	cr_assert_eq(bad, 0);
	cr_assert_eq(missing, 0,
	    "%d rows want python3 or node (sh tests/setup.sh test)", missing);
}

/* `text`: what bash gets, or what the refusal says. */
static const struct {
	enum origin origin;
	const char *action, *value, *text;
	bool refused;
} forms[] = {
	/* a value from the file is text where it stands in no quotes */
	{ ORIGIN_FILE, "args @", "a b;c", "args a b;c", false },
	{ ORIGIN_FILE, "@", "a && b", "a && b", false },
	{ ORIGIN_FILE, "@ x", "if", "if x", false },
	{ ORIGIN_FILE, "args \"@\"", "a b", "args \"${LL_V0}\"", false },
	{ ORIGIN_FILE, "args '@'", "a", "args ''\"${LL_V0}\"''", false },
	{ ORIGIN_FILE, "args \\@", "a b", "args a b", false },
	{ ORIGIN_FILE, "args > @", "a b", "args > \"${LL_V0}\"", false },
	{ ORIGIN_FILE, "args @", "a 'b", "cannot be part", true },
	{ ORIGIN_FILE, "args @ \"@\"", "a\"", "cannot be part", true },
	{ ORIGIN_FILE, "args @ @:shell", "a;", "place of another", true },
	{ ORIGIN_FILE, "args @", "$LL_V0", "LL_V", true },
	{ ORIGIN_FILE, "[[ -n @ ]]", "", "[[ -n ${LL_V0} ]]", false },
	{ ORIGIN_FILE, "args $X@", "a", "args $X${LL_V0}", false },
	/* what an interpreter key makes of the text behind it */
	{ ORIGIN_FILE, "@ -c \"print('@')\"", "python3",
	    "python3 -c \"print('${LL_V0}')\"", false },
	{ ORIGIN_FILE, "args @:shell", "a/b", "args a/b", false },
	{ ORIGIN_FILE, "args @:shell", "a b", "args \"${LL_V0}\"", false },
	{ ORIGIN_FILE, "printf @ '@:shell' x", "-v", "not an identifier",
	    true },
	/* so is an operator's for a parameter of type command */
	{ ORIGIN_COMMAND, "args @", "a b;c", "args a b;c", false },
	{ ORIGIN_COMMAND, "x 9 @", "a && b", "x 9 a && b", false },
	{ ORIGIN_COMMAND, "args \"@\"", "a b", "args \"${LL_V0}\"", false },
	{ ORIGIN_COMMAND, "args > @", "a b", "args > \"${LL_V0}\"", false },
	{ ORIGIN_COMMAND, "args @", "a 'b", "cannot be part", true },
	/* an operator's is text where a command stands, only there */
	{ ORIGIN_OPERATOR, "@", "a && b", "a && b", false },
	{ ORIGIN_OPERATOR, "x; @", "a && b", "x; a && b", false },
	{ ORIGIN_OPERATOR, "sudo @", "a && b", "sudo a && b", false },
	{ ORIGIN_OPERATOR, "args @", "a;b", "args ${LL_V0}", false },
	{ ORIGIN_OPERATOR, "@", "a 'b", "cannot be part", true },
	/* data never is, run_dir is one word */
	{ ORIGIN_DATA, "@", "a && b", "${LL_V0}", false },
	{ ORIGIN_DATA, "@ x", "a", "${LL_V0} x", false },
	{ ORIGIN_RUNNER, "ls @x", "a b", "ls \"${LL_V0}\"x", false },
	{ ORIGIN_RUNNER, "X=@", "a b", "X=\"${LL_V0}\"", false },
	/* pasted on purpose */
	{ ORIGIN_DATA, "args '@:code'", "a b", "args 'a b'", false },
	{ ORIGIN_DATA, "args @:code \"@\"", "a;b", "args a;b \"${LL_V0}\"",
	    false },
	{ ORIGIN_DATA, "args '@:code' \"@\"", "'", "cannot be part", true },
	/* encodings */
	{ ORIGIN_DATA, "args @:shell '@:shell'", "a b",
	    "args \"${LL_V0}\" ''\"${LL_V1}\"''", false },
	{ ORIGIN_DATA, "args @:json \"@:json\"", "a",
	    "args \"${LL_V0}\" \"${LL_V0}\"", false },
	{ ORIGIN_DATA, "python3 -c \"print(@:py)\"", "a'b",
	    "python3 -c \"print(${LL_V0})\"", false },
	{ ORIGIN_DATA, "python3 -c \"print(r'@:py')\"", "a'b", "literal",
	    true },
	{ ORIGIN_DATA, "node -e \"f(@:json)\"", "a\"b",
	    "node -e \"f(${LL_V0})\"", false },
	{ ORIGIN_DATA, "bash -c \"x '@:shell'\"", "a b", "program text", true },
	{ ORIGIN_DATA, "bash -c \"x '@'\"", "a'b", "captured.v.output", true },
	/* the text around */
	{ ORIGIN_DATA, "args <<'E F'\n@$`\\\nE F\nx", "v",
	    "args <<LL_END0\n${LL_V0}\\$\\`\\\\\nLL_END0\nx", false },
	{ ORIGIN_DATA, "args \"\\@\" \\@", "v",
	    "args \"\\\\${LL_V0}\" ${LL_V0}", false },
	{ ORIGIN_DATA, "args $'a@b'", "v", "args $'a'\"${LL_V0}\"$'b'", false },
	{ ORIGIN_DATA, "bash -c 'x @'", "v", "bash -c 'x '\"${LL_V0}\"''",
	    false },
	{ ORIGIN_DATA, "args # @", "v", "args # ${LL_V0}", false },
	{ ORIGIN_DATA, "args '@", "v", "E411", true },
	{ ORIGIN_DATA, "args $${@}", "v", "E412", true },
	{ ORIGIN_DATA, "args $LL_V0 @", "v", "E413", true },
	{ ORIGIN_DATA, "args $((x @))", "1", "E414", true },
};

static void
expand(struct str *out, const char *action)
{
	for (const char *p = action; *p; p++) {
		size_t n = p[1] == ':' ? strspn(p + 2, "shelljonpycd") + 1 : 0;

		if (*p != '@') {
			str_addc(out, *p);
			continue;
		}
		str_addf(out, "${captured.v.output%.*s}", (int)n, p + 1);
		p += n;
	}
}

TEST(script, forms)
{
	struct room room = { "/tmp", 0 };
	size_t bad = 0;

	for (size_t i = 0; i < COUNT(forms); i++) {
		auto_arena a = ARENA_INIT;
		auto_str action = STR_INIT;
		struct command c;
		const char *why, *got;
		const char *value = forms[i].value;
		int rc;

		expand(&action, forms[i].action);
		rc = room_render(&room, &a, action.buf,
		    room_value(&a, value, strlen(value), forms[i].origin), &c,
		    &why);
		got = rc < 0 ? why : c.text;
		if ((rc < 0) != forms[i].refused ||
		    (rc < 0 ? !strstr(got, forms[i].text)
			    : strcmp(got, forms[i].text) != 0)) {
			bad++;
			fprintf(stderr, "%s\n  want %s\n  got  %s\n",
			    forms[i].action, forms[i].text, got);
		}
		if (rc == 0)
			command_release(&c);
	}
	cr_assert_eq(bad, 0);
}

TEST(script, prologue_and_journal)
{
	auto_arena a = ARENA_INIT;
	struct room room;
	struct command c;
	const char *why;
	char *big = arena_new(&a, 200001);
	const struct val *row;

	memset(big, 'x', 200000);
	room_open(&room);
	cr_assert_eq(
	    room_render(&room, &a,
		"x '${captured.a.output}' \"${captured.a.output:shell}\" # "
		"${captured.b.output}",
		room_value(&a, "v w", 3, ORIGIN_DATA), &c, &why),
	    0, "%s", why);
	cr_assert_str_eq(c.run,
	    "export -n LL_V0 LL_V1; x ''\"${LL_V0}\"'' \"${LL_V1}\" # "
	    "${LL_V2}");
	cr_assert_eq(c.env.len, 2);
	cr_assert_str_eq(c.env.at[0], "LL_V0=v w");
	cr_assert_str_eq(c.env.at[1], "LL_V1='v w'");
	cr_assert_eq(c.vars->list.len, 2);
	row = c.vars->list.at[1];
	cr_assert_str_eq(val_str(row, "var", ""), "LL_V1");
	cr_assert_str_eq(val_str(row, "ref", ""), "captured.a.output");
	cr_assert_eq(val_num(row, "bytes", 0), 5);
	cr_assert_null(c.argv);
	command_release(&c);

	cr_assert_eq(room_render(&room, &a, "x \"${captured.a.output}\"",
			 room_value(&a, big, 200000, ORIGIN_DATA), &c, &why),
	    0, "%s", why);
	cr_assert(
	    strncmp(c.run, "IFS= LC_ALL=C read -r -d '' LL_V0 </tmp/", 39) == 0,
	    "%s", c.run);
	cr_assert(strstr(c.run, "/spill0 || :; x \"${LL_V0}\""));
	cr_assert_eq(c.env.len, 0);
	command_release(&c);

	cr_assert_lt(room_render(&room, &a, "x \"${captured.a.output}\"",
			 room_value(&a, "a\0b", 3, ORIGIN_DATA), &c, &why),
	    0);
	cr_assert(strstr(why, "captured.a.output") && strstr(why, "NUL"));
	room_close(&room);
}

TEST(script, text_without_references_is_untouched)
{
	static const char *const texts[] = { "", "a", "it's \"broken $( `",
		"echo $LL_V0", "cat <<'X'\n\\$\nX", "\n\n# x\n",
		"f() { :; }; ;; )" };

	for (size_t i = 0; i < COUNT(texts); i++) {
		auto_arena a = ARENA_INIT;
		struct room room = { "/tmp", 0 };
		struct command c;
		const char *why;

		cr_assert_eq(
		    room_render(&room, &a, texts[i], NULL, &c, &why), 0);
		cr_assert_str_eq(c.run, texts[i]);
		cr_assert_str_eq(c.text, texts[i]);
		command_release(&c);
	}
}
