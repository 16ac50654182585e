/* What the tables promise, made from the tables (T45). */
#include "loop/load_rows.h"

/* Where a key of a table stands in a file. */
static const struct form {
	const char *object, *text, *path, *above;
} forms[] = {
	{ "loop", "@\nstates:\n  a: {action: x, next: done}\n" REST, "",
	    "<root>" },
	{ "state", "states:\n  a: {@}\n" REST, "states.a.", "states.a" },
	{ "evaluate", "states:\n  a: {action: x, evaluate: {@}}\n" REST,
	    "states.a.evaluate.", "states.a.evaluate" },
};

/* The file with `key: value` in it draws this finding of the key. */
static void
check_key(const struct form *f, const char *key, const char *value,
    const char *id, const char *phrase)
{
	struct diags d = DIAGS_INIT;
	char line[200], text[1000], wants[200];
	const struct diag *got;

	snprintf(line, sizeof(line), "%s: %s", key, value);
	fill(text, sizeof(text), f->text, line);
	if (strcmp(id, "E101") == 0)
		snprintf(wants, sizeof(wants), "E101 %s", f->above);
	else
		snprintf(wants, sizeof(wants), "%s %s%s", id, f->path, key);
	cr_expect_null(load(text, false, &d), "%s", line);
	got = finding(&d, wants);
	cr_expect(got, "%s: no %s", line, wants);
	if (got) {
		cr_expect(strstr(got->msg, phrase), "%s: %s", line, got->msg);
		cr_expect(got->at.line > 0 && got->at.col > 0, "%s", line);
	}
	diags_release(&d);
}

static void
each_key(void (*check)(const struct form *, const struct key *))
{
	for (size_t f = 0; f < COUNT(forms); f++) {
		const struct key_table *t = key_table_of(forms[f].object);

		cr_assert_not_null(t);
		for (size_t i = 0; i < t->len; i++)
			check(&forms[f], &t->at[i]);
	}
}

static bool
is_number(const struct key *k)
{
	return k->type == KT_INT || k->type == KT_NUMBER ||
	    k->type == KT_SECONDS;
}

static void
wrong_word(const struct form *f, const struct key *k)
{
	if (k->type == KT_ENUM)
		check_key(f, k->name, "fals", "E104", "'fals'");
}

TEST(load, every_wrong_word_is_told)
{
	each_key(wrong_word);
}

/* Just below and just above, and far away. */
static void
out_of_range(const struct form *f, const struct key *k)
{
	double beyond[3] = { k->min - 1, k->max + 1, k->max * 2 };
	char value[40];

	if (k->min > k->max)
		return;
	for (size_t i = 0; i < COUNT(beyond); i++) {
		if (beyond[i] >= k->min && beyond[i] <= k->max)
			continue;
		snprintf(value, sizeof(value),
		    k->type == KT_SIZE ? "%.0f" : "%.10g", beyond[i]);
		/* A whole number that is written as a real is no such. */
		if (k->type == KT_INT && strpbrk(value, ".e"))
			continue;
		if (k->type == KT_INTS)
			snprintf(value, sizeof(value), "[%.10g]", beyond[i]);
		if (k->type != KT_INTS)
			check_key(f, k->name, value, "E103", "must be between");
	}
}

TEST(load, every_range_is_kept)
{
	each_key(out_of_range);
}

/* What looks like a number to some and is none. */
static void
no_number(const struct form *f, const struct key *k)
{
	static const char *const values[] = { "\" 5\"", "'5'", "5m", "010",
		"1_000", "1:30", "9223372036854775808", "'${context.n}'", "yes",
		"[5]", "{a: 5}" };

	for (size_t i = 0; is_number(k) && i < COUNT(values); i++)
		check_key(f, k->name, values[i], "E102", "must be");
	if (k->type == KT_INT) {
		check_key(f, k->name, "1e3", "E102", "a whole number");
		check_key(f, k->name, "2.5", "E102", "a whole number");
	}
}

TEST(load, text_is_no_number)
{
	each_key(no_number);
}

static void
no_boolean(const struct form *f, const struct key *k)
{
	static const char *const values[] = { "yes", "off", "1", "'true'",
		"[true]" };

	for (size_t i = 0; k->type == KT_BOOL && i < COUNT(values); i++)
		check_key(f, k->name, values[i], "E102", "true or false");
}

TEST(load, only_true_and_false_are_booleans)
{
	each_key(no_boolean);
}

/* The last letter doubled is unknown, and the answer names the real key. */
static void
misspelt(const struct form *f, const struct key *k)
{
	char wrong[100];

	snprintf(wrong, sizeof(wrong), "%s%c", k->name,
	    k->name[strlen(k->name) - 1]);
	check_key(f, wrong, "x", "E101", k->name);
}

TEST(load, every_key_misspelt_is_told)
{
	each_key(misspelt);
}

TEST(load, a_key_in_the_wrong_place_is_told_where_it_stands)
{
	static const struct row rows[] = {
		{ "action: x, on_end: b", "E101 states.a", "of 'loop'" },
		{ "action: x, pattern: x", "E101 states.a", "of 'evaluate'" },
		{ "parallel: {items: [1], action: x, timeout: 1}",
		    "E101 states.a.parallel", "of 'state'" },
	};

	CHECK_ROWS("name: x\ninitial: a\nstates:\n  a: {@, next: b, on_error: "
		   "b}\n  b: {terminal: true}\n",
	    rows);
}

TEST(load, names_have_no_control_characters)
{
	static const struct row rows[] = {
		{ "name: \"x\\e[31m\"\nstates: {a: {terminal: true}}",
		    "E105 name", "control" },
		{ "name: x\nstates: {a: {terminal: true}, \"b\\nc\": "
		  "{next: a}}",
		    "E219 states.b\nc", "control" },
	};

	CHECK_ROWS("initial: a\n@\n", rows);
}
