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

	if (missing_program(row->action)) {
		printf("SKIP row %lld: no interpreter\n", row->number);
		return 1;
	}
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
	int rows = 0, bad = 0;

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
			bad += !run_row(&room, &row);
		}
	}
	room_close(&room);
	cr_assert_eq(rows, 135);
	cr_assert_eq(bad, 0);
}
