/*
 * The types of parameters, one row each.  What comes from a command line is
 * text, so text converts; nothing else is guessed: a real that is no whole
 * number is no integer, a number is no boolean, a list is no text.
 */
#include "loop/parameters.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "text/render.h"

/* Whole numbers up to here are exact as reals. */
#define WHOLE_MAX 9007199254740992.0

typedef const struct val *fit_fn(
    struct arena *, const struct val *spec, const struct val *);

static const struct val *
as_text(struct arena *a, const struct val *spec, const struct val *v)
{
	auto_str text = STR_INIT;

	(void)spec;
	if (v->kind == VAL_TEXT)
		return v;
	if (v->kind == VAL_NULL || v->kind == VAL_LIST || v->kind == VAL_MAP)
		return NULL;
	val_render(&text, v);
	return val_bytes(a, text.buf, text.len);
}

/* The last line of a file ends, a path does not. */
static const struct val *
as_path(struct arena *a, const struct val *spec, const struct val *v)
{
	struct sv t;

	v = as_text(a, spec, v);
	if (!v)
		return NULL;
	t = sv_chomp(v->t);
	return t.n == v->t.n ? v : val_bytes(a, t.p, t.n);
}

static const struct val *
as_integer(struct arena *a, const struct val *spec, const struct val *v)
{
	long long n;

	(void)spec;
	if (v->kind == VAL_INT)
		return v;
	if (v->kind == VAL_REAL && fabs(v->r) <= WHOLE_MAX &&
	    v->r == (double)(long long)v->r)
		return val_int(a, (long long)v->r);
	if (v->kind == VAL_TEXT &&
	    sv_to_long(sv_trim(v->t), LLONG_MIN, LLONG_MAX, &n))
		return val_int(a, n);
	return NULL;
}

static const struct val *
as_number(struct arena *a, const struct val *spec, const struct val *v)
{
	double x;

	if (v->kind == VAL_REAL)
		return isfinite(v->r) ? v : NULL;
	if (v->kind == VAL_TEXT && sv_to_real(sv_trim(v->t), &x)) {
		const struct val *whole = as_integer(a, spec, v);

		return whole ? whole : val_real(a, x);
	}
	return v->kind == VAL_INT ? v : NULL;
}

static const struct val *
as_boolean(struct arena *a, const struct val *spec, const struct val *v)
{
	static const char *const words[] = { "false", "False", "FALSE", "true",
		"True", "TRUE" };

	(void)spec;
	if (v->kind == VAL_BOOL)
		return v;
	for (size_t i = 0; v->kind == VAL_TEXT && i < COUNT(words); i++)
		if (sv_eq(sv_trim(v->t), words[i]))
			return val_bool(a, i >= COUNT(words) / 2);
	return NULL;
}

/* The listed value; text is compared with how a listed one is written. */
static const struct val *
as_enum(struct arena *a, const struct val *spec, const struct val *v)
{
	const struct val *all = val_get(spec, "values");

	for (size_t i = 0; all && all->kind == VAL_LIST && i < all->list.len;
	     i++) {
		const struct val *one = all->list.at[i];
		auto_str text = STR_INIT;

		val_render(&text, one);
		if (val_equal(one, v) ||
		    (v->kind == VAL_TEXT && sv_eq(sv_trim(v->t), text.buf)))
			return val_copy(a, one);
	}
	return NULL;
}

static const struct type {
	const char *name, *wants;
	fit_fn *fit;
	bool command;
	bool word; /* what fits is one harmless word of shell text */
} types[] = {
	{ "string", "text", as_text, false, false },
	{ "path", "a path", as_path, false, false },
	{ "command", "shell text", as_text, true, false },
	{ "integer", "a whole number", as_integer, false, true },
	{ "number", "a number", as_number, false, true },
	{ "boolean", "true or false", as_boolean, false, true },
	{ "enum", NULL, as_enum, false, false },
};

/* The row of its type, or NULL. */
static const struct type *
type_of(const struct val *spec)
{
	const char *name = val_str(spec, "type", "");

	for (size_t i = 0; i < COUNT(types); i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}

static const struct type *
type_of_key(const struct loop *l, struct sv key)
{
	const struct val *spec =
	    l->parameters ? val_step(l->parameters, key) : NULL;

	return spec ? type_of(spec) : NULL;
}

bool
parameters_take_command(const struct loop *l, struct sv key)
{
	const struct type *type = type_of_key(l, key);

	return type && type->command;
}

enum origin
parameters_origin(const struct loop *l, struct sv key, enum origin otherwise)
{
	const struct type *type = type_of_key(l, key);

	if (type && type->command)
		return ORIGIN_COMMAND;
	return type && type->word ? ORIGIN_FILE : otherwise;
}

const struct val *
parameters_fit(struct arena *a, const struct val *spec, const struct val *v)
{
	const struct type *type = type_of(spec);
	const struct val *got = type ? type->fit(a, spec, v) : v;
	struct val *copy;

	if (!got || got == v)
		return got;
	copy = arena_new(a, sizeof(*copy));
	*copy = *got;
	copy->origin = (unsigned char)val_origin(v);
	copy->at = v->at;
	return copy;
}

const char *
parameters_wants(struct arena *a, const struct val *spec)
{
	const struct val *all = val_get(spec, "values");
	const struct type *type = type_of(spec);
	auto_str text = STR_INIT;

	if (!type || type->wants)
		return type ? type->wants : "any value";
	for (size_t i = 0; all && all->kind == VAL_LIST && i < all->list.len;
	     i++) {
		str_adds(&text, i ? ", " : "one of ");
		val_render(&text, all->list.at[i]);
	}
	return text.len ? arena_dup(a, text.buf, text.len) : "one of no values";
}
