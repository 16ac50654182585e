/*
 * A loop in one piece.  The loader has laid its files over each other, but
 * two things are not in that mapping: what a state gives to the parameters of
 * its fragments, and from where the name of another loop is looked up.  The
 * first becomes a fragment of the document's own for each such state, which
 * has nothing but the parameters; the second becomes a path where it must.
 */
#include "show/resolved.h"

#include <string.h>

#include "base/auto.h"
#include "base/path.h"
#include "loop/asks.h"
#include "show/outline_part.h"
#include "show/resolved_part.h"
#include "show/yaml_out.h"
#include "text/render.h"

struct build {
	struct arena *mem;
	const struct resolved *x;
};

static struct val *
map_like(struct build *b, const struct val *v)
{
	struct val *map = val_map(b->mem);

	map->at = v->at;
	return map;
}

static void
add(struct build *b, struct val *map, const char *key, const struct val *v)
{
	val_add(b->mem, map, (struct member) { key, v, v->at });
}

/* ---- secrets ---- */

static const struct val *
stars(struct build *b, const struct val *v)
{
	struct val *out = val_text(b->mem, OUTLINE_HIDDEN);

	out->at = v->at;
	return out;
}

/* Numbers of a secret are hidden too; texts and keys by mask_val(). */
static const struct val *
without_numbers(struct build *b, const struct val *v)
{
	auto_str text = STR_INIT;
	struct val *out;

	switch (v->kind) {
	case VAL_INT:
	case VAL_REAL:
		val_render(&text, v);
		return mask_hits(b->x->mask, str_sv(&text)) ? stars(b, v) : v;
	case VAL_LIST:
		out = val_list(b->mem);
		out->at = v->at;
		for (size_t i = 0; i < v->list.len; i++)
			val_push(
			    b->mem, out, without_numbers(b, v->list.at[i]));
		return out;
	case VAL_MAP:
		out = map_like(b, v);
		for (size_t i = 0; i < v->map.len; i++) {
			struct member m = v->map.at[i];

			m.v = without_numbers(b, m.v);
			val_add(b->mem, out, m);
		}
		return out;
	default:
		return v;
	}
}

/* The value of a variable, or the declaration of one with its default. */
static const struct val *
hidden(struct build *b, const struct val *v, bool declared)
{
	struct val *out;

	if (!declared || v->kind != VAL_MAP)
		return v->kind == VAL_NULL || declared ? v : stars(b, v);
	out = map_like(b, v);
	for (size_t i = 0; i < v->map.len; i++) {
		struct member m = v->map.at[i];

		if (!strcmp(m.key, "default"))
			m.v = stars(b, m.v);
		val_add(b->mem, out, m);
	}
	return out;
}

/* `context` or `parameters` without what `secrets` names. */
static const struct val *
without_secrets(struct build *b, const struct val *map, bool declared)
{
	struct val *out;

	if (map->kind != VAL_MAP)
		return map;
	out = map_like(b, map);
	for (size_t i = 0; i < map->map.len; i++) {
		struct member m = map->map.at[i];

		if (asks_secret(b->x->loop, m.key))
			m.v = hidden(b, m.v, declared);
		val_add(b->mem, out, m);
	}
	return out;
}

/* ---- states ---- */

/* What the parameters of a state are, and what it gives to them. */
static const struct val *
declared_by(struct build *b, const struct state *s, const struct val *with)
{
	struct val *spec = val_map(b->mem), *out = val_map(b->mem);

	for (size_t i = 0; i < s->nparam; i++)
		add(b, spec, s->param[i].name, s->param[i].spec);
	add(b, out, "parameters", spec);
	/* What the state gives to a loop: beside its parameters a name could
	 * mean both. */
	if (with)
		add(b, out, "with", with);
	return out;
}

static const struct val *
given_by(struct build *b, const struct state *s)
{
	struct val *out = val_map(b->mem);

	for (size_t i = 0; i < s->nparam; i++)
		if (s->param[i].value)
			add(b, out, s->param[i].name, s->param[i].value);
	return out;
}

static const struct val *
state_val(struct build *b, const struct state *s, struct val *fragments)
{
	struct val *out = map_like(b, s->src);
	const struct val *with = NULL;

	if (s->nparam)
		add(b, out, "fragment", val_text(b->mem, s->name));
	for (size_t i = 0; i < s->src->map.len; i++) {
		struct member m = s->src->map.at[i];

		if (s->nparam && !strcmp(m.key, "with")) {
			with = m.v;
			continue;
		}
		m.v = resolved_words(b->mem, b->x, &m);
		val_add(b->mem, out, m);
	}
	if (!s->nparam)
		return out;
	add(b, out, "with", given_by(b, s));
	add(b, fragments, s->name, declared_by(b, s, with));
	return out;
}

static const struct val *
states_val(struct build *b, const struct val *src, struct val *fragments)
{
	struct val *out = map_like(b, src);

	for (size_t i = 0; i < src->map.len; i++) {
		struct member m = src->map.at[i];
		const struct state *s = loop_state(b->x->loop, m.key);

		if (s && m.v->kind == VAL_MAP)
			m.v = state_val(b, s, fragments);
		val_add(b->mem, out, m);
	}
	return out;
}

const struct val *
resolved_val(struct arena *a, const struct resolved *x)
{
	struct build b = { a, x };
	const struct val *src = x->loop->src;
	struct val *out = map_like(&b, src), *fragments = val_map(a);
	const struct val *done;

	for (size_t i = 0; i < src->map.len; i++) {
		struct member m = src->map.at[i];

		if (!strcmp(m.key, "states") && m.v->kind == VAL_MAP)
			m.v = states_val(&b, m.v, fragments);
		else if (!strcmp(m.key, "context"))
			m.v = without_secrets(&b, m.v, false);
		else if (!strcmp(m.key, "parameters"))
			m.v = without_secrets(&b, m.v, true);
		val_add(a, out, m);
	}
	if (fragments->map.len)
		add(&b, out, RESOLVED_FRAGMENTS, fragments);
	if (!x->mask)
		return out;
	done = without_numbers(&b, out);
	return mask_val(x->mask, a, done);
}

void
resolved_text(struct str *out, const struct resolved *x)
{
	auto_arena a = ARENA_INIT;
	const struct val *v = resolved_val(&a, x);
	struct sources *from = sources_new(&a, x);

	sources_head(from, out);
	yaml_write(out, v, sources_note, from);
}
