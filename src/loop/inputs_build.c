/*
 * The part of a context that is the same whoever starts a loop: who wrote
 * over whom, what parameters take, and what the runner adds.
 */
#include "loop/inputs_part.h"

#include <string.h>

#include "base/auto.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "loop/parameters.h"
#include "text/render.h"

enum { HASH_BYTES = 6, SHOWN_MAX = 60 };

const char inputs_by_file[] = "loop file";
const char inputs_by_default[] = "parameter default";

static const char by_runner[] = "runner";

const struct val *
inputs_with_origin(struct arena *a, const struct val *v, enum origin o)
{
	struct val *copy = arena_new(a, sizeof(*copy));

	*copy = *v;
	copy->origin = (unsigned char)o;
	return copy;
}

void
inputs_put(
    struct build *b, const char *key, const struct val *v, const char *giver)
{
	const struct val *before = val_get(b->givers, key);
	struct val *list = val_list(b->a);

	val_push(b->a, list, val_text(b->a, giver));
	for (size_t i = 0; before && i < before->list.len; i++)
		val_push(b->a, list, before->list.at[i]);
	val_set(b->a, b->givers, key, list);
	val_set(b->a, b->map, key, v);
}

void
inputs_put_all(struct build *b, const struct val *map, const char *giver)
{
	for (size_t i = 0; map && i < map->map.len; i++)
		inputs_put(b, map->map.at[i].key, map->map.at[i].v, giver);
}

void
inputs_put_new(struct build *b, const char *key, const struct val *v)
{
	if (!val_get(b->map, key))
		inputs_put(b, key, v, by_runner);
}

const char *
inputs_giver(const struct build *b, const char *key)
{
	const struct val *who = val_get(b->givers, key);

	return who ? who->list.at[0]->t.p : NULL;
}

/* The start of a value, for a message. */
static const char *
shown(struct arena *a, const struct val *v)
{
	auto_str text = STR_INIT;
	size_t n;

	val_render(&text, v);
	n = utf8_floor(text.buf, text.len, SHOWN_MAX);
	return arena_printf(
	    a, "'%.*s'%s", (int)n, text.buf, n < text.len ? "..." : "");
}

static void
refuse(
    struct build *b, const struct member *m, const char *giver, const char *why)
{
	diag_add(b->diags, m->at, "E434",
	    arena_printf(b->a, "parameters.%s", m->key),
	    "the parameter '%s' takes %s, but %s %s", m->key,
	    parameters_wants(b->a, m->v), giver, why);
}

static bool
may_be_code(const struct build *b, const struct val *v)
{
	enum origin o = val_origin(v);

	return o == ORIGIN_OPERATOR ||
	    (b->called && (o == ORIGIN_FILE || o == ORIGIN_COMMAND));
}

/* What came from outside the file fits, or is told and taken out. */
static void
hold(struct build *b, const struct member *m)
{
	const struct val *v = val_get(b->map, m->key), *fit;
	const char *giver = inputs_giver(b, m->key);

	if (!v || v->kind == VAL_NULL || strcmp(giver, inputs_by_file) == 0)
		return;
	fit = parameters_fit(b->a, m->v, v);
	if (!fit) {
		refuse(b, m, giver,
		    arena_printf(b->a, "gives %s", shown(b->a, v)));
		return;
	}
	if (parameters_take_command(b->l, sv(m->key))) {
		if (!may_be_code(b, v)) {
			refuse(b, m, giver,
			    b->called
				? "gives data, which never becomes code"
				: arena_printf(b->a,
				      "is data and never becomes code (give it "
				      "with --context %s=TEXT)",
				      m->key));
			return;
		}
		if (val_origin(v) == ORIGIN_OPERATOR)
			fit = inputs_with_origin(b->a, fit, ORIGIN_COMMAND);
	}
	val_set(b->a, b->map, m->key, fit);
}

static void
put_default(struct build *b, const struct member *m)
{
	const struct val *v = val_get(b->map, m->key);
	const struct val *otherwise = val_get(m->v, "default"), *fit;

	if ((v && v->kind != VAL_NULL) || !otherwise ||
	    otherwise->kind == VAL_NULL)
		return;
	fit = parameters_fit(b->a, m->v, otherwise);
	inputs_put(b, m->key, fit ? fit : otherwise, inputs_by_default);
}

void
inputs_put_parameters(struct build *b)
{
	const struct val *all = b->l->parameters;

	for (size_t i = 0; all && i < all->map.len; i++) {
		if (all->map.at[i].v->kind != VAL_MAP)
			continue;
		hold(b, &all->map.at[i]);
		put_default(b, &all->map.at[i]);
	}
}

static bool
is_listed(const struct val *list, const char *key)
{
	for (size_t i = 0; list && i < list->list.len; i++) {
		const struct val *v = list->list.at[i];

		if (v->kind == VAL_TEXT && strcmp(v->t.p, key) == 0)
			return true;
	}
	return false;
}

static bool
hides(const struct build *b, const char *key, struct sv text)
{
	return is_listed(b->l->secrets, key) || is_listed(b->secrets, key) ||
	    (b->is_secret && b->is_secret(b->self, text));
}

/* By the reference: of `input`, whatever `input_key` says.  Not of a secret,
 * which could be guessed by it. */
static void
put_hash(struct build *b)
{
	const struct val *input = val_get(b->map, "input");
	unsigned char sum[SHA256_LEN];
	auto_str hex = STR_INIT;

	if (!input || input->kind != VAL_TEXT || hides(b, "input", input->t))
		return;
	sha256(input->t.p, input->t.n, sum);
	for (int i = 0; i < HASH_BYTES; i++)
		str_addf(&hex, "%02x", sum[i]);
	inputs_put_new(b, "input_hash",
	    inputs_with_origin(
		b->a, val_text(b->a, hex.buf), val_origin(input)));
}

void
inputs_put_runner(struct build *b, const struct val *run_dir)
{
	if (run_dir)
		inputs_put_new(b, "run_dir", run_dir);
	put_hash(b);
	inputs_put_new(b, "readiness_threshold", val_int(b->a, 85));
	inputs_put_new(b, "outcome_threshold", val_int(b->a, 65));
	inputs_put_new(b, "design_tokens_context", val_text(b->a, ""));
}

bool
inputs_runner_key(struct sv key)
{
	static const char *const keys[] = { "run_dir", "input_hash",
		"readiness_threshold", "outcome_threshold",
		"design_tokens_context" };

	for (size_t i = 0; i < COUNT(keys); i++)
		if (sv_eq(key, keys[i]))
			return true;
	return false;
}
