/*
 * Options: rows and argv to a struct.  One pass, left to right; a row knows
 * its type, so a value is checked where it is given and the complaint names
 * the option.  Refuses unknown options, prefixes of names and values that a
 * flag cannot have.
 */
#include "cmd/opt.h"

#include <string.h>

#include "base/auto.h"
#include "base/size.h"
#include "base/sv.h"

struct reader {
	struct opt_parse *p;
	struct arena *mem;
	char *const *argv;
	int argc, at;
	struct err *e;
};

/* A row and the struct it fills. */
struct hit {
	const struct opt *row;
	void *into;
};

static const char *
shown(struct reader *r, const struct opt *o)
{
	return arena_printf(r->mem, "--%s", o->name);
}

static struct hit
by_name(const struct reader *r, struct sv name)
{
	for (size_t s = 0; s < r->p->nsets; s++) {
		const struct opt_set *set = &r->p->sets[s];

		for (size_t i = 0; i < set->n; i++)
			if (sv_eq(name, set->rows[i].name))
				return (
				    struct hit) { &set->rows[i], set->into };
	}
	return (struct hit) { NULL, NULL };
}

static struct hit
by_letter(const struct reader *r, char letter)
{
	for (size_t s = 0; s < r->p->nsets; s++) {
		const struct opt_set *set = &r->p->sets[s];

		for (size_t i = 0; i < set->n; i++)
			if (set->rows[i].letter == letter)
				return (
				    struct hit) { &set->rows[i], set->into };
	}
	return (struct hit) { NULL, NULL };
}

static const char *
nearest(const struct reader *r, const char *name)
{
	const char *best = NULL;
	int least = 3;

	for (size_t s = 0; s < r->p->nsets; s++) {
		const struct opt_set *set = &r->p->sets[s];

		for (size_t i = 0; i < set->n; i++) {
			int d = sv_distance(name, set->rows[i].name, least);

			if (d < least) {
				least = d;
				best = set->rows[i].name;
			}
		}
	}
	return best;
}

static int
unknown_name(struct reader *r, struct sv name)
{
	const char *word = arena_dup(r->mem, name.p, name.n);
	const char *near = nearest(r, word);

	if (near)
		return err_set(r->e, ERR_USAGE,
		    "unknown option '--%s' (did you mean '--%s'?)", word, near);
	return err_set(r->e, ERR_USAGE, "unknown option '--%s'", word);
}

static bool
is_choice(const char *choices, const char *word)
{
	struct sv rest = sv(choices), one;

	while (sv_cut(&rest, '|', &one))
		if (sv_eq(one, word))
			return true;
	return false;
}

static bool
has_range(const struct opt *o)
{
	return o->min != 0 || o->max != 0;
}

static int
bad_number(struct reader *r, const struct opt *o, const char *v)
{
	const char *what = o->type == OPT_WHOLE ? "a whole number" : "a number";

	if (!has_range(o))
		return err_set(r->e, ERR_USAGE, "%s needs %s, not '%s'",
		    shown(r, o), what, v);
	if (o->max >= 1e15)
		return err_set(r->e, ERR_USAGE,
		    "%s needs %s of at least %.15g, not '%s'", shown(r, o),
		    what, o->min, v);
	return err_set(r->e, ERR_USAGE,
	    "%s needs %s from %.15g to %.15g, not '%s'", shown(r, o), what,
	    o->min, o->max, v);
}

static void
add_to_list(struct arena *mem, struct opt_list *l, const char *v)
{
	const char **grown = arena_new(mem, (l->n + 2) * sizeof(*grown));

	if (l->n)
		memcpy(grown, l->at, l->n * sizeof(*grown));
	grown[l->n++] = v;
	l->at = grown;
}

static int
store_number(struct reader *r, const struct opt *o, void *to, const char *v)
{
	long long min = has_range(o) ? (long long)o->min : -(1LL << 53);
	long long max =
	    has_range(o) && o->max < 1e15 ? (long long)o->max : 1LL << 53;
	long long whole;
	double real;

	if (o->type == OPT_WHOLE) {
		if (!sv_to_long(sv(v), min, max, &whole))
			return bad_number(r, o, v);
		if (to)
			*(long long *)to = whole;
		return 0;
	}
	if (!sv_to_real(sv(v), &real) ||
	    (has_range(o) && (real < o->min || real > o->max)))
		return bad_number(r, o, v);
	if (to)
		*(double *)to = real;
	return 0;
}

static int
store_size(struct reader *r, const struct opt *o, void *to, const char *v)
{
	long long size;

	if (!size_parse(sv(v), &size) ||
	    (has_range(o) && ((double)size < o->min || (double)size > o->max)))
		return err_set(r->e, ERR_USAGE,
		    "%s needs " SIZE_WORDS ", not '%s'", shown(r, o), v);
	if (to)
		*(long long *)to = size;
	return 0;
}

/* `v` NULL: a flag.  `to` NULL: only check it. */
static int
store(struct reader *r, const struct opt *o, void *to, const char *v)
{
	if (o->type == OPT_CHOICE && !is_choice(o->choices, v))
		return err_set(r->e, ERR_USAGE, "%s is one of %s, not '%s'",
		    shown(r, o), o->choices, v);
	switch (o->type) {
	case OPT_FLAG:
		if (to)
			*(bool *)to = true;
		return 0;
	case OPT_CHOICE:
	case OPT_TEXT:
		if (to)
			*(const char **)to = v;
		return 0;
	case OPT_LIST:
		if (to)
			add_to_list(r->mem, to, v);
		return 0;
	case OPT_WHOLE:
	case OPT_REAL:
		return store_number(r, o, to, v);
	case OPT_SIZE:
		return store_size(r, o, to, v);
	}
	return 0;
}

static void
add_idle(struct reader *r, const struct opt *o)
{
	struct opt_idle **end = &r->p->idle;

	while (*end && (*end)->row != o)
		end = &(*end)->next;
	if (*end)
		return;
	*end = arena_new(r->mem, sizeof(**end));
	(*end)->row = o;
}

/* The option was seen; `v` is its attached value or NULL. */
static int
take(struct reader *r, struct hit h, const char *v)
{
	const struct opt *o = h.row;
	void *to = o->how == OPT_ACTED ? (char *)h.into + o->at : NULL;

	if (o->how == OPT_REFUSED)
		return err_set(r->e, ERR_USAGE, "%s is not supported: %s",
		    shown(r, o), o->note);
	if (o->type == OPT_FLAG && v)
		return err_set(
		    r->e, ERR_USAGE, "%s takes no value", shown(r, o));
	if (o->type != OPT_FLAG && !v) {
		if (r->at == r->argc)
			return err_set(r->e, ERR_USAGE, "%s needs a value: %s",
			    shown(r, o), o->arg);
		v = r->argv[r->at++];
	}
	if (store(r, o, to, v) < 0)
		return -1;
	if (o->how == OPT_IDLE)
		add_idle(r, o);
	return 0;
}

static int
take_long(struct reader *r, const char *word)
{
	const char *eq = strchr(word, '=');
	struct sv name = sv_make(word, eq ? (size_t)(eq - word) : strlen(word));
	struct hit h = by_name(r, name);

	if (!h.row)
		return unknown_name(r, name);
	return take(r, h, eq ? eq + 1 : NULL);
}

static int
take_letters(struct reader *r, const char *p)
{
	while (*p) {
		struct hit h = by_letter(r, *p);

		if (!h.row)
			return err_set(
			    r->e, ERR_USAGE, "unknown option '-%c'", *p);
		p++;
		if (h.row->type != OPT_FLAG && *p)
			return take(r, h, p);
		if (take(r, h, NULL) < 0)
			return -1;
	}
	return 0;
}

static bool
is_option(const char *word)
{
	double number;

	return word[0] == '-' && word[1] && !sv_to_real(sv(word), &number);
}

int
opt_parse(struct opt_parse *p, struct arena *mem, int argc, char *const *argv,
    struct err *e)
{
	struct reader r = { p, mem, argv, argc, 0, e };
	bool ended = false;

	p->words.at = arena_new(mem, ((size_t)argc + 1) * sizeof(char *));
	while (r.at < argc) {
		const char *word = argv[r.at];
		bool option = !ended && is_option(word);

		if (!option && p->until_word)
			break;
		r.at++;
		if (!option)
			p->words.at[p->words.n++] = word;
		else if (strcmp(word, "--") == 0)
			ended = true;
		else if (word[1] == '-' ? take_long(&r, word + 2) < 0
					: take_letters(&r, word + 1) < 0)
			return -1;
	}
	p->used = r.at;
	return 0;
}
