/* What is written reads back the same, whatever it is. */
#include "show/yaml_out.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "test.h"
#include "text/json.h"
#include "text/yml.h"

/* Equal also in the order of keys and in the kinds of numbers. */
static bool
is_same(const struct val *x, const struct val *y)
{
	auto_str a = STR_INIT, b = STR_INIT;

	json_write(&a, x, JSON_COMPACT);
	json_write(&b, y, JSON_COMPACT);
	return val_equal(x, y) && a.len == b.len &&
	    !memcmp(a.buf, b.buf, a.len);
}

static void
round_trip(const struct val *v, yaml_note *note, const char *what)
{
	auto_arena a = ARENA_INIT;
	auto_str text = STR_INIT;
	struct diags d = DIAGS_INIT;
	const struct val *got;

	yaml_write(&text, v, note, NULL);
	got = yml_read(&a, "x.yaml", text.buf, text.len, &d);
	cr_assert(got && !d.len, "%s: %s at %d:%d of\n%s", what,
	    d.len ? d.at[0].msg : "nothing", d.len ? d.at[0].at.line : 0,
	    d.len ? d.at[0].at.col : 0, text.buf);
	cr_assert(is_same(v, got), "%s is not the same:\n%s", what, text.buf);
	diags_release(&d);
}

/* ---- texts ---- */

static void
check_text(const char *p, size_t n)
{
	auto_arena a = ARENA_INIT;
	struct val *map = val_map(&a), *list = val_list(&a), *deep;
	struct val *t = val_bytes(&a, p, n);

	round_trip(t, NULL, "text");
	val_push(&a, list, t);
	val_push(&a, list, val_text(&a, "next"));
	val_push(&a, list, t);
	round_trip(list, NULL, "list");
	val_set(&a, map, "one", t);
	val_set(&a, map, "list", list);
	val_set(&a, map, p, t);
	deep = val_list(&a);
	val_push(&a, deep, map);
	val_push(&a, deep, list);
	val_push(&a, deep, deep->list.at[0]);
	val_set(&a, map, "last", t);
	round_trip(deep, NULL, "map");
}

TEST(yaml_out, every_text_of_a_few_characters_comes_back)
{
	static const char *const bits[] = { "a", " ", "\n", "\t", "#", ":", "-",
		"'", "\"", "\\", "\r", "0", "|", "\xc2\x85", "\xe2\x80\xa8",
		"\xef\xbb\xbf", "\xc3\xa9", "\x7f", "\x1b", "{", "~", ".", "?",
		"\xf0\x9f\x98\x80", "\xef\xbf\xbf", "%", "&", "e", "1", "<" };
	size_t n = COUNT(bits);
	char text[32];

	check_text("", 0);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k <= n; k++)
			for (size_t l = 0; l <= n; l += 1) {
				snprintf(text, sizeof(text), "%s%s%s", bits[i],
				    k < n ? bits[k] : "", l < n ? bits[l] : "");
				check_text(text, strlen(text));
			}
}

TEST(yaml_out, words_that_look_like_something_stay_text)
{
	static const char *const words[] = { "true", "False", "null", "~",
		"yes", "NO", "on", "017", "1_000", "1:30", "2024-01-02", "1e3",
		"0x1F", "-1", "+1", ".5", ".inf", "-.NaN", "<<", "=", "---",
		"...", "--- a", "%YAML 1.1", "a: b", "a #b", "a:", "*a", "&a",
		"!!str", "- a", "? a", "${context.x:default=a: b}", "[a]", "@a",
		"`a`", "12345678901234567890", "a\nb: c\n---\n...\nd", "\n\n",
		"\n a\n", "a\n\n\n", "a\n ", " \n", "\ta\n",
		"if x; then\n\ty\nfi\n", "#\n#\n", "a\r\nb" };

	for (size_t i = 0; i < COUNT(words); i++)
		check_text(words[i], strlen(words[i]));
}

TEST(yaml_out, a_long_key_and_a_long_line_stay_whole)
{
	auto_arena a = ARENA_INIT;
	struct val *map = val_map(&a), *outer = val_map(&a);
	char *word = arena_new(&a, 5001);

	memset(word, 'k', 5000);
	val_set(&a, map, word, val_text(&a, word));
	word[1] = ' ';
	val_set(&a, map, word, val_text(&a, "x\ny\n"));
	word[2] = '\n';
	val_set(&a, map, word, val_map(&a));
	word[3] = '"';
	val_set(&a, map, word, map->map.at[0].v);
	val_set(&a, outer, word, map);
	round_trip(outer, NULL, "long");
}

/* ---- trees ---- */

struct dice {
	struct arena mem;
	unsigned long long state;
};

static unsigned
roll(struct dice *d, unsigned n)
{
	d->state = d->state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(d->state >> 33) % n;
}

static const char *
random_text(struct dice *d)
{
	static const char *const bits[] = { "a", "word", " ", "\n", "\n", "\t",
		": ", " #", "-", "- ", "'", "\"", "\\", "\r", "${x}", "|",
		"\xc2\x85", "\xc3\xa9", "\x01", "{", "  ", "0", "1.5" };
	auto_str text = STR_INIT;

	for (unsigned n = roll(d, 9); n > 0; n--)
		str_adds(&text, bits[roll(d, COUNT(bits))]);
	return arena_strdup(&d->mem, text.buf);
}

static const struct val *
random_scalar(struct dice *d)
{
	static const double reals[] = { 0.0, 1.0, -1.5, 1e300, 5e-324, 0.1,
		1e16, 123456789.125, INFINITY, -INFINITY };
	static const long long ints[] = { 0, -1, 42, 9223372036854775807LL,
		-9223372036854775807LL - 1 };

	switch (roll(d, 8)) {
	case 0:
		return val_null(&d->mem);
	case 1:
		return val_bool(&d->mem, roll(d, 2));
	case 2:
		return val_int(&d->mem, ints[roll(d, COUNT(ints))]);
	case 3:
		return val_real(&d->mem, reals[roll(d, COUNT(reals))]);
	default:
		return val_text(&d->mem, random_text(d));
	}
}

static const struct val *
random_tree(struct dice *d, int depth)
{
	unsigned kind = roll(d, depth ? 4 : 2);
	struct val *v;

	if (kind < 2)
		return random_scalar(d);
	v = kind == 2 ? val_list(&d->mem) : val_map(&d->mem);
	for (unsigned n = roll(d, 6); n > 0; n--)
		if (kind == 2)
			val_push(&d->mem, v, random_tree(d, depth - 1));
		else
			val_set(&d->mem, v, random_text(d),
			    random_tree(d, depth - 1));
	return v;
}

/* A comment on two values of three, with everything that would end it. */
static void
note_some(void *self, const struct yaml_spot *spot, struct str *out)
{
	(void)self;
	if ((spot->v->kind + (spot->member ? strlen(spot->member->key) : 1)) %
	    3)
		str_adds(out, "from a\nb: \r\xc2\x85\xe2\x80\xa9\x01 \"c");
}

TEST(yaml_out, random_trees_come_back)
{
	for (unsigned i = 0; i < 4000; i++) {
		struct dice d = { .state = i * 2654435761ULL + 1 };
		const struct val *v = random_tree(&d, 1 + (int)(i % 6));

		round_trip(v, NULL, "tree");
		round_trip(v, note_some, "tree with comments");
		arena_release(&d.mem);
	}
}

TEST(yaml_out, the_form_is_what_people_write)
{
	static const char doc[] = "name: a b\n"
				  "quoted: \"yes\"\n"
				  "real: 1.0\n"
				  "list:\n"
				  "  - one\n"
				  "  - a: 1\n"
				  "    b: '\"'\n"
				  "  -\n"
				  "    - 2\n"
				  "none: []\n"
				  "action: |\n"
				  "  first\n"
				  "\n"
				  "    second\n"
				  "odd: \"\\x1b[2J\\x85\"\n"
				  "indented: |2-\n"
				  "   x\n"
				  "  y\n";
	auto_arena a = ARENA_INIT;
	auto_str text = STR_INIT;
	struct diags d = DIAGS_INIT;
	const struct val *v = yml_read(&a, "x.yaml", doc, strlen(doc), &d);

	cr_assert(v && !d.len);
	yaml_write(&text, v, NULL, NULL);
	cr_expect_str_eq(text.buf, doc);
	diags_release(&d);
}

TEST(yaml_out, what_is_not_utf8_is_repaired)
{
	auto_arena a = ARENA_INIT;
	auto_str text = STR_INIT;

	yaml_write(&text, val_bytes(&a, "a\xff", 2), NULL, NULL);
	cr_expect_str_eq(text.buf, "\"a\xef\xbf\xbd\"\n");
}
