/*
 * ll-loop(5), with ll-loop-hosts(5) for the tables from "host" on, and the
 * program say the same: every key of every table has its
 * entry, with its default and whether it is acted on, every id of a finding
 * has its line, and the page has no others.  The page and the sources are
 * read from the working directory, the top of the tree.
 */
#include <ctype.h>
#include <glob.h>
#include <string.h>

#include "base/arena.h"
#include "base/auto.h"
#include "base/file.h"
#include "base/map.h"
#include "loop/keys.h"
#include "test.h"

#define PAGE "man/ll-loop.5"
#define HOSTS "man/ll-loop-hosts.5"

enum { FILE_MAX_BYTES = 1 << 20, ID_LEN = 4 };

static void
read_all(const char *path, struct str *out)
{
	struct err e = ERR_INIT;

	cr_assert(file_read(path, FILE_MAX_BYTES, out, &e) == 0, "%s", e.msg);
}

/* Is it a table of the host files? */
static bool
of_host(const struct key_table *t)
{
	return !strcmp(t->object, "host") || !strncmp(t->object, "host.", 5);
}

static bool
next_line(struct sv *rest, struct sv *line)
{
	return rest->n && sv_cut(rest, '\n', line);
}

static struct sv
last_word(struct sv line)
{
	size_t from = line.n;

	while (from && line.p[from - 1] != ' ')
		from--;
	return sv_make(line.p + from, line.n - from);
}

/* What follows a heading up to the next one. */
static struct sv
until_heading(struct sv rest)
{
	struct sv start = rest, line;

	while (next_line(&rest, &line))
		if (sv_starts(line, ".Ss ") || sv_starts(line, ".Sh "))
			return sv_make(start.p, (size_t)(line.p - start.p));
	return start;
}

/* The keys of an object: below a heading that ends with its name. */
static struct sv
section_of(const struct str *page, const char *object)
{
	struct sv rest = str_sv(page), line;

	while (next_line(&rest, &line))
		if (sv_starts(line, ".Ss Keys of ") &&
		    sv_eq(last_word(line), object))
			return until_heading(rest);
	cr_assert_fail(PAGE " has no heading '.Ss Keys of ... %s'", object);
	return sv("");
}

/* The name on a line such as ".It Ic name"; false when it is another line. */
static bool
entry_name(struct sv line, const char *macro, struct sv *name)
{
	if (!sv_starts(line, macro))
		return false;
	*name =
	    sv_trim(sv_make(line.p + strlen(macro), line.n - strlen(macro)));
	return true;
}

/* The text of an entry; p NULL when there is none. */
static struct sv
entry_of(struct sv section, const char *key)
{
	struct sv rest = section, line, name, found = { NULL, 0 };

	while (next_line(&rest, &line)) {
		if (found.p &&
		    (sv_starts(line, ".It ") || sv_starts(line, ".El")))
			return sv_make(found.p, (size_t)(line.p - found.p));
		if (entry_name(line, ".It Ic ", &name) && sv_eq(name, key))
			found = rest;
	}
	return found;
}

static bool
holds(struct sv text, const char *what)
{
	return memmem(text.p, text.n, what, strlen(what)) != NULL;
}

static void
check_entry(const struct key_table *t, const struct key *k, struct sv entry)
{
	static const char *const marks[] = {
		[KEY_SILENT] = "\nSilences ",
		[KEY_DISPLAY] = "\nTaken and ignored in this version.\n",
		[KEY_LATER] = "\nNot acted on in this version.\n",
	};
	auto_arena a = ARENA_INIT;

	cr_expect(!*k->otherwise ||
		holds(entry, arena_printf(&a, "default %s.", k->otherwise)),
	    PAGE ": '%s' of %s: the default is %s", k->name, t->object,
	    k->otherwise);
	for (size_t i = KEY_SILENT; i < COUNT(marks); i++)
		cr_expect(holds(entry, marks[i]) == (i == k->class),
		    PAGE ": '%s' of %s: is it acted on?", k->name, t->object);
}

TEST(manual_loop, every_key_has_its_entry)
{
	auto_str page = STR_INIT, hosts = STR_INIT;

	read_all(PAGE, &page);
	read_all(HOSTS, &hosts);
	for (size_t i = 0; key_tables[i]; i++) {
		const struct key_table *t = key_tables[i];
		struct sv section =
		    section_of(of_host(t) ? &hosts : &page, t->object);

		for (size_t k = 0; k < t->len; k++) {
			struct sv entry = entry_of(section, t->at[k].name);

			cr_expect(entry.p, PAGE ": '%s' of %s has no entry",
			    t->at[k].name, t->object);
			if (entry.p)
				check_entry(t, &t->at[k], entry);
		}
	}
}

TEST(manual_loop, every_entry_is_a_key)
{
	auto_str page = STR_INIT, hosts = STR_INIT;
	auto_arena a = ARENA_INIT;

	read_all(PAGE, &page);
	read_all(HOSTS, &hosts);
	for (size_t i = 0; key_tables[i]; i++) {
		const struct key_table *t = key_tables[i];
		struct sv rest = section_of(
			      of_host(t) ? &hosts : &page, t->object),
			  line, name;

		while (next_line(&rest, &line))
			if (entry_name(line, ".It Ic ", &name))
				cr_expect(
				    key_of(t, arena_dup(&a, name.p, name.n)),
				    PAGE ": %s has no key '%.*s'", t->object,
				    SV_ARG(name));
	}
}

/* An id in quotes, as the sources write it: `"E101"`. */
static bool
is_id(const char *p)
{
	return p[0] == '"' && (p[1] == 'E' || p[1] == 'W') &&
	    isdigit((unsigned char)p[2]) && isdigit((unsigned char)p[3]) &&
	    isdigit((unsigned char)p[4]) && p[5] == '"';
}

/* id -> the file that gives it (in the arena). */
static void
find_ids(struct arena *a, struct map *ids)
{
	glob_t files;

	cr_assert_eq(glob("src/*/*.c", 0, NULL, &files), 0, "no src/*/*.c");
	for (size_t i = 0; i < files.gl_pathc; i++) {
		auto_str text = STR_INIT;

		read_all(files.gl_pathv[i], &text);
		for (size_t k = 0; k + ID_LEN + 1 < text.len; k++)
			if (is_id(text.buf + k))
				map_put(
				    ids, arena_dup(a, text.buf + k + 1, ID_LEN))
				    ->value =
				    arena_strdup(a, files.gl_pathv[i]);
	}
	globfree(&files);
}

/* The ids that the page has a line for. */
static void
find_lines(struct arena *a, struct map *lines)
{
	auto_str page = STR_INIT;
	struct sv rest, line, name;

	read_all(PAGE, &page);
	rest = str_sv(&page);
	while (next_line(&rest, &line) && !sv_eq(line, ".Sh DIAGNOSTICS"))
		continue;
	rest = until_heading(rest);
	while (next_line(&rest, &line))
		if (entry_name(line, ".It Sy ", &name))
			map_put(lines, arena_dup(a, name.p, name.n))->count++;
}

TEST(manual_loop, the_ids_are_those_of_the_sources)
{
	struct map ids = MAP_INIT, lines = MAP_INIT;
	auto_arena a = ARENA_INIT;

	find_ids(&a, &ids);
	find_lines(&a, &lines);
	cr_assert(ids.len && lines.len);
	for (size_t i = 0; i < ids.len; i++)
		cr_expect(map_get(&lines, ids.at[i].key),
		    PAGE ": no line for %s of %s", ids.at[i].key,
		    (const char *)ids.at[i].value);
	for (size_t i = 0; i < lines.len; i++) {
		cr_expect(map_get(&ids, lines.at[i].key),
		    PAGE ": nothing gives %s", lines.at[i].key);
		cr_expect_eq(lines.at[i].count, 1, PAGE ": %s has two lines",
		    lines.at[i].key);
	}
	map_release(&ids);
	map_release(&lines);
}
