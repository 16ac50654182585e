/*
 * Loop files with one thing wrong, made from the tables of keys: each letter
 * of each key changed, a wrong word for each key that takes words, and for
 * each number the numbers that people and programs get wrong.
 *
 * Usage: typos DIR.  Writes DIR/N.yaml and prints a line for each: file,
 * what must be found (an id, or `fine`), and a part of its message.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/auto.h"
#include "loop/keys.h"

struct maker {
	const char *dir;
	int count;
	struct arena mem;
};

/* A number as it is written, and as it must be read. */
struct number {
	const char *text;
	enum { WHOLE, REAL, TEXT } kind;
	double is;
};

static const struct number numbers[] = { { "0", WHOLE, 0 }, { "-1", WHOLE, -1 },
	{ "0x10", WHOLE, 16 }, { "1e3", REAL, 1000 }, { "1.0", REAL, 1 },
	{ ".inf", REAL, HUGE_VAL }, { "9223372036854775808", TEXT, 0 },
	{ "' 5'", TEXT, 0 }, { "5m", TEXT, 0 }, { "1_000", TEXT, 0 },
	{ "010", TEXT, 0 } };

/* The key that holds an object of this kind; NULL for the loop itself. */
static const struct key *
holder(const char *object, const struct key_table **table)
{
	for (size_t i = 0; key_tables[i]; i++)
		for (size_t k = 0; k < key_tables[i]->len; k++) {
			const struct key *key = &key_tables[i]->at[k];

			if ((key->type == KT_OBJECT ||
				key->type == KT_OBJECTS ||
				key->type == KT_NAMED) &&
			    strcmp(key->words, object) == 0) {
				*table = key_tables[i];
				return key;
			}
		}
	return NULL;
}

/* Is it somewhere in a loop?  Configuration files have tables too. */
static bool
is_of_loop(const char *object)
{
	const struct key_table *above;

	while (strcmp(object, "loop") != 0) {
		if (!holder(object, &above))
			return false;
		object = above->object;
	}
	return true;
}

/* A loop in which an object of this kind is `inner`, a flow mapping without
 * its braces. */
static const char *
wrap(struct arena *a, const char *object, const char *inner)
{
	static const char states[] = "states: {s: {action: 'true', next: end}, "
				     "end: {terminal: true}}";
	const struct key_table *above;
	const struct key *key = holder(object, &above);

	if (!key && strcmp(object, "loop") == 0)
		return arena_printf(
		    a, "name: x\ninitial: s\n%s\n%s\n", inner, states);
	if (!key)
		return NULL;
	if (strcmp(object, "state") == 0)
		return arena_printf(a,
		    "name: x\ninitial: s\nstates: {s: {%s}, "
		    "end: {terminal: true}}\n",
		    inner);
	inner = arena_printf(a,
	    key->type == KT_OBJECT      ? "%s: {%s}"
		: key->type == KT_NAMED ? "%s: {n: {%s}}"
					: "%s: [{%s}]",
	    key->name, inner);
	return wrap(a, above->object, inner);
}

static void
make(struct maker *m, const char *object, const char *inner, const char *want,
    const char *message)
{
	const char *text = wrap(&m->mem, object, inner);
	char *path = arena_printf(&m->mem, "%s/%d.yaml", m->dir, m->count);
	FILE *f = text ? fopen(path, "we") : NULL;

	if (!f) {
		fprintf(stderr, "%s: %s\n", object, text ? path : "no place");
		exit(1);
	}
	m->count++;
	fputs(text, f);
	fclose(f);
	printf("%s\t%s\t%s\n", path, want, message);
}

static void
change_letters(
    struct maker *m, const struct key_table *t, const struct key *key)
{
	for (size_t i = 0; key->name[i]; i++) {
		char *name = arena_strdup(&m->mem, key->name);

		if (!islower((unsigned char)name[i]))
			continue;
		name[i] = name[i] == 'z' ? 'a' : (char)(name[i] + 1);
		if (!key_of(t, name))
			make(m, t->object, arena_printf(&m->mem, "%s: 1", name),
			    "E101",
			    arena_printf(&m->mem,
				"unknown key '%s' (did you mean '", name));
	}
}

static void
try_number(struct maker *m, const struct key_table *t, const struct key *key,
    const struct number *n)
{
	bool typed =
	    n->kind == WHOLE || (n->kind == REAL && key->type != KT_INT);
	bool inside =
	    key->min > key->max || (n->is >= key->min && n->is <= key->max);
	const char *want = !typed ? "E102" : inside ? "fine" : "E103";

	make(m, t->object, arena_printf(&m->mem, "%s: %s", key->name, n->text),
	    want, arena_printf(&m->mem, "'%s' must be ", key->name));
}

int
main(int argc, char **argv)
{
	struct maker m = { .mem = ARENA_INIT };

	if (argc != 2)
		return 64;
	m.dir = argv[1];
	for (size_t i = 0; key_tables[i]; i++)
		for (size_t k = 0; is_of_loop(key_tables[i]->object) &&
		     k < key_tables[i]->len;
		     k++) {
			const struct key_table *t = key_tables[i];
			const struct key *key = &t->at[k];

			change_letters(&m, t, key);
			if (key->type == KT_ENUM)
				make(&m, t->object,
				    arena_printf(
					&m.mem, "%s: wrongword", key->name),
				    "E104", "cannot be 'wrongword', only ");
			for (size_t n = 0; n < COUNT(numbers); n++)
				if (key->type == KT_INT ||
				    key->type == KT_NUMBER ||
				    key->type == KT_SECONDS)
					try_number(&m, t, key, &numbers[n]);
		}
	arena_release(&m.mem);
	return 0;
}
