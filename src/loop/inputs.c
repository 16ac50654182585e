/*
 * The context at start.  The order of writing is the order of precedence;
 * what the runner adds comes last and only where nobody wrote.
 */
#include "loop/inputs.h"

#include <string.h>

#include "base/auto.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "loop/parameters.h"
#include "text/json.h"
#include "text/render.h"

enum { HASH_BYTES = 6, SHOWN_MAX = 60 };

static const char by_file[] = "loop file";
static const char by_input[] = "positional input";
static const char by_program[] = "program.md";
static const char by_option[] = "--context";
static const char by_default[] = "parameter default";
static const char by_runner[] = "runner";
static const char by_run[] = "earlier run";

/* A context while it is put together. */
struct build {
	struct arena *a;
	const struct loop *l;
	struct val *map, *givers;
	struct diags *diags;
};

static const struct val *
with_origin(struct arena *a, const struct val *v, enum origin o)
{
	struct val *copy = arena_new(a, sizeof(*copy));

	*copy = *v;
	copy->origin = (unsigned char)o;
	return copy;
}

static void
put(struct build *b, const char *key, const struct val *v, const char *giver)
{
	const struct val *before = val_get(b->givers, key);
	struct val *list = val_list(b->a);

	val_push(b->a, list, val_text(b->a, giver));
	for (size_t i = 0; before && i < before->list.len; i++)
		val_push(b->a, list, before->list.at[i]);
	val_set(b->a, b->givers, key, list);
	val_set(b->a, b->map, key, v);
}

static void
put_all(struct build *b, const struct val *map, const char *giver)
{
	for (size_t i = 0; map && i < map->map.len; i++)
		put(b, map->map.at[i].key, map->map.at[i].v, giver);
}

static void
put_new(struct build *b, const char *key, const struct val *v)
{
	if (!val_get(b->map, key))
		put(b, key, v, by_runner);
}

/* ---- the positional input ---- */

static bool
is_listed(const struct val *list, const char *key)
{
	for (size_t i = 0; list && i < list->list.len; i++)
		if (list->list.at[i]->kind == VAL_TEXT &&
		    sv_eq(list->list.at[i]->t, key))
			return true;
	return false;
}

/* Does the loop file speak of the key?  Not of "input" by saying nothing:
 * then an object is as good a text as any. */
static bool
is_known(const struct loop *l, const char *key)
{
	return val_get(l->context, key) ||
	    (l->parameters && val_get(l->parameters, key)) ||
	    is_listed(l->required_inputs, key) ||
	    (l->src && val_get(l->src, "input_key") &&
		strcmp(l->input_key, key) == 0);
}

/* Text that is meant as a JSON object: a brace and then a key or nothing. */
static bool
looks_like_object(struct sv text)
{
	text = sv_trim(text);
	if (text.n < 2 || text.p[0] != '{')
		return false;
	text = sv_trim(sv_make(text.p + 1, text.n - 1));
	return text.n && (text.p[0] == '"' || text.p[0] == '}');
}

/* The keys that the loop knows; false when it knows none of them. */
static bool
put_object(struct build *b, const struct val *object, struct val *unknown)
{
	bool any = false;

	for (size_t i = 0; i < object->map.len; i++) {
		const struct member *m = &object->map.at[i];

		if (is_known(b->l, m->key)) {
			put(b, m->key, m->v, by_input);
			any = true;
		} else {
			val_push(b->a, unknown, val_text(b->a, m->key));
		}
	}
	return any;
}

static void
put_input(struct build *b, struct sv input, struct started *out)
{
	struct val *unknown = val_list(b->a);
	const struct val *object = NULL;
	struct err why = ERR_INIT;

	out->unknown = unknown;
	if (!input.p)
		return;
	if (looks_like_object(input)) {
		object = json_read(b->a, input.p, input.n, ORIGIN_DATA, &why);
		if (!object)
			out->broken = arena_strdup(b->a, why.msg);
	}
	if (object && put_object(b, object, unknown))
		return;
	out->as_text = unknown->list.len > 0;
	put(b, b->l->input_key,
	    with_origin(b->a, val_bytes(b->a, input.p, input.n), ORIGIN_DATA),
	    by_input);
}

/* ---- --context ---- */

int
inputs_pair(
    struct arena *a, const char *text, struct input_pair *out, struct err *e)
{
	struct input_pair p = { NULL, { NULL, 0 }, NULL };
	struct sv key;

	if (!strchr(text, '='))
		return err_set(
		    e, ERR_USAGE, "--context '%s' is not KEY=VALUE", text);
	p.value = sv(text);
	sv_cut(&p.value, '=', &key);
	key = sv_trim(key);
	if (!key.n)
		return err_set(e, ERR_USAGE, "--context '%s' has no key", text);
	p.key = arena_dup(a, key.p, key.n);
	if (sv_starts(p.value, "@@"))
		p.value = sv_make(p.value.p + 1, p.value.n - 1);
	else if (sv_starts(p.value, "@"))
		p.file = p.value.p + 1;
	*out = p;
	return 0;
}

/* ---- parameters ---- */

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

/* What came from outside the file fits, or is told and taken out. */
static void
hold(struct build *b, const struct member *m)
{
	const struct val *v = val_get(b->map, m->key), *fit;
	const struct val *who = val_get(b->givers, m->key);
	const char *giver = who ? who->list.at[0]->t.p : by_file;

	if (!v || v->kind == VAL_NULL || strcmp(giver, by_file) == 0)
		return;
	fit = parameters_fit(b->a, m->v, v);
	if (!fit) {
		refuse(b, m, giver,
		    arena_printf(b->a, "gives %s", shown(b->a, v)));
		return;
	}
	if (parameters_take_command(b->l, sv(m->key))) {
		if (val_origin(v) != ORIGIN_OPERATOR) {
			refuse(b, m, giver,
			    arena_printf(b->a,
				"is data and never becomes code (give it with "
				"--context %s=TEXT)",
				m->key));
			return;
		}
		fit = with_origin(b->a, fit, ORIGIN_COMMAND);
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
	put(b, m->key, fit ? fit : otherwise, by_default);
}

static void
put_parameters(struct build *b)
{
	const struct val *all = b->l->parameters;

	for (size_t i = 0; all && i < all->map.len; i++) {
		if (all->map.at[i].v->kind != VAL_MAP)
			continue;
		hold(b, &all->map.at[i]);
		put_default(b, &all->map.at[i]);
	}
}

/* ---- the whole ---- */

static bool
is_secret(const struct loop *l, const char *key)
{
	for (size_t i = 0; l->secrets && i < l->secrets->list.len; i++) {
		const struct val *v = l->secrets->list.at[i];

		if (v->kind == VAL_TEXT && strcmp(v->t.p, key) == 0)
			return true;
	}
	return false;
}

/* By the reference: of `input`, whatever `input_key` says.  Not of a secret,
 * which could be guessed by it. */
static void
put_hash(struct build *b)
{
	const struct val *input = val_get(b->map, "input");
	unsigned char sum[SHA256_LEN];
	auto_str hex = STR_INIT;

	if (!input || input->kind != VAL_TEXT || is_secret(b->l, "input"))
		return;
	sha256(input->t.p, input->t.n, sum);
	for (int i = 0; i < HASH_BYTES; i++)
		str_addf(&hex, "%02x", sum[i]);
	put_new(b, "input_hash",
	    with_origin(b->a, val_text(b->a, hex.buf), val_origin(input)));
}

static void
put_runner(struct build *b, const struct inputs *in)
{
	put_new(b, "run_dir",
	    with_origin(b->a, val_text(b->a, in->run_dir), ORIGIN_RUNNER));
	put_hash(b);
	put_new(b, "max_steps", val_int(b->a, in->max_steps));
	if (in->max_iterations >= 0)
		put_new(b, "max_iterations", val_int(b->a, in->max_iterations));
	put_new(b, "readiness_threshold", val_int(b->a, 85));
	put_new(b, "outcome_threshold", val_int(b->a, 65));
	put_new(b, "design_tokens_context", val_text(b->a, ""));
}

/* What is given, in the order of precedence. */
static void
put_given(struct build *b, const struct inputs *in, struct started *out)
{
	put_all(b, b->l->context, by_file);
	put_input(b, in->input, out);
	put_all(b, in->program, by_program);
	for (size_t i = 0; i < in->npairs; i++)
		put(b, in->pair[i].key,
		    with_origin(b->a,
			val_bytes(
			    b->a, in->pair[i].value.p, in->pair[i].value.n),
			ORIGIN_OPERATOR),
		    by_option);
	put_parameters(b);
}

void
inputs_context(struct arena *a, const struct loop *l, const struct inputs *in,
    struct diags *diags, struct started *out)
{
	struct build b = { a, l, val_map(a), val_map(a), diags };

	*out = (struct started) {
		.context = b.map, .givers = b.givers, .unknown = val_list(a)
	};
	if (in->again)
		put_all(&b, in->again, by_run);
	else
		put_given(&b, in, out);
	put_runner(&b, in);
}

const struct val *
inputs_origins(struct arena *a, const struct val *context)
{
	struct val *out = val_map(a);

	for (size_t i = 0; i < context->map.len; i++) {
		enum origin o = val_origin(context->map.at[i].v);

		if (o != ORIGIN_FILE)
			val_set(a, out, context->map.at[i].key,
			    val_text(a, origin_name(o)));
	}
	return out;
}
