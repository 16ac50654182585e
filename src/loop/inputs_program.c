/*
 * program.md: `## Name` opens a section, the next `## ` line closes it, and
 * `###` belongs to the section it stands in.  Everything else in the file is
 * prose for people.  List markers (`-`, `*`, `+`) are no part of a value.
 */
#include "loop/inputs_program.h"

#include <string.h>
#include <strings.h>

#include "base/auto.h"

/* The title of a `## ` line; false for any other line. */
static bool
title_of(struct sv line, struct sv *title)
{
	if (line.n < 3 || !sv_starts(line, "##") ||
	    (line.p[2] != ' ' && line.p[2] != '\t'))
		return false;
	*title = sv_trim(sv_make(line.p + 2, line.n - 2));
	return true;
}

static bool
is_word(struct sv s, const char *word)
{
	return s.n == sv(word).n && strncasecmp(s.p, word, s.n) == 0;
}

/* A line without its list marker; false when it has none. */
static bool
item_of(struct sv line, struct sv *item)
{
	line = sv_trim(line);
	if (line.n < 2 || !memchr("-*+", line.p[0], 3) ||
	    line.p[1] == line.p[0]) /* a flag, or bold */
		return false;
	*item = sv_trim(sv_make(line.p + 1, line.n - 1));
	return true;
}

static void
put(struct arena *a, struct val *map, const char *key, struct sv text)
{
	struct val *v;

	if (!text.n || map->map.len > INPUTS_PROGRAM_KEYS || val_get(map, key))
		return;
	v = val_bytes(a, text.p, text.n);
	v->origin = ORIGIN_DATA;
	val_set(a, map, key, v);
}

static void
take_text(struct arena *a, struct val *map, const char *key, struct sv body)
{
	put(a, map, key, sv_trim(body));
}

/* The items of the list in one line; without a list, the text. */
static void
take_items(struct arena *a, struct val *map, const char *key, struct sv body)
{
	struct sv rest = body, line, item;
	auto_str text = STR_INIT;

	while (sv_cut(&rest, '\n', &line)) {
		if (!item_of(line, &item) || !item.n)
			continue;
		if (text.len)
			str_addc(&text, ' ');
		str_addsv(&text, item);
	}
	put(a, map, key, text.len ? str_sv(&text) : sv_trim(body));
}

static void
take_pairs(struct arena *a, struct val *map, const char *key, struct sv body)
{
	struct sv line, name;

	(void)key;
	while (sv_cut(&body, '\n', &line)) {
		struct sv value;

		item_of(line, &line);
		value = line;
		if (!sv_cut(&value, ':', &name) || name.n == line.n)
			continue;
		name = sv_trim(name);
		if (name.n)
			put(a, map, arena_dup(a, name.p, name.n),
			    sv_trim(value));
	}
}

static const struct {
	const char *title, *key;
	void (*take)(struct arena *, struct val *, const char *, struct sv);
} sections[] = {
	{ "Directive", "directive", take_text },
	{ "Targets", "targets", take_items },
	{ "Benchmark", NULL, take_pairs },
	{ "Budget", "budget", take_text },
	{ "Constraints", "constraints", take_text },
};

/* What stands before the next `## ` line. */
static struct sv
body_of(struct sv rest)
{
	struct sv ahead = rest, line, title;

	while (sv_cut(&ahead, '\n', &line))
		if (title_of(line, &title))
			return sv_make(rest.p, (size_t)(line.p - rest.p));
	return rest;
}

const struct val *
inputs_program(struct arena *a, struct sv text)
{
	struct val *map = val_map(a);
	struct sv rest = text, line, title;
	bool done[COUNT(sections)] = { false };

	while (sv_cut(&rest, '\n', &line)) {
		if (!title_of(line, &title))
			continue;
		for (size_t i = 0; i < COUNT(sections); i++) {
			if (done[i] || !is_word(title, sections[i].title))
				continue;
			done[i] = true;
			sections[i].take(
			    a, map, sections[i].key, body_of(rest));
		}
	}
	return map;
}
